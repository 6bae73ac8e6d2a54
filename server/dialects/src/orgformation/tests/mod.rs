mod accounts;
mod bindings;
mod policies;
mod tasks;

use std::collections::BTreeMap;
use std::sync::Arc;

use leastwise_model::environment::environments;
use leastwise_model::files::Files;
use leastwise_model::{Config, Environment, Site, lower};
use leastwise_syntax::{Format, Tree};

use crate::dialect::RecognisedFile;
use crate::resolve::Resolver;
use crate::source_file::{Omissions, SourceFile};

#[derive(Debug)]
struct Folder(BTreeMap<String, Arc<Tree>>);

impl Files for Folder {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        self.0.get(path).cloned()
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        Some(Arc::from(self.0.get(path)?.source()))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let names = self.0.keys().filter_map(|path| {
            let name = match folder {
                "" => path,
                folder => path.strip_prefix(folder)?.strip_prefix('/')?,
            };
            (!name.contains('/')).then(|| name.to_owned())
        });
        names.collect()
    }

    fn stamp(&self) -> u64 {
        0
    }
}

/// What is found in the first of some files.
fn found(files: &[(&str, &str)]) -> (Arc<Tree>, RecognisedFile) {
    found_for(files, &environments(&Config::default(), ""))
}

/// The same where the config has these targets.
fn found_for(files: &[(&str, &str)], environments: &[Environment]) -> (Arc<Tree>, RecognisedFile) {
    found_with(files, environments, &Arc::default())
}

/// The same under a config.
fn found_with(
    files: &[(&str, &str)],
    environments: &[Environment],
    config: &Arc<Config>,
) -> (Arc<Tree>, RecognisedFile) {
    let trees = files.iter().map(|(path, text)| {
        let format = match path.ends_with(".json") {
            true => Format::Json,
            false => Format::Yaml,
        };
        let tree = Tree::parse((*text).to_owned(), format);
        ((*path).to_owned(), Arc::new(tree))
    });
    let folder = Folder(trees.collect());
    let path = files[0].0;
    let tree = Arc::clone(&folder.0[path]);
    let files: Arc<dyn Files> = Arc::new(folder);
    let found = crate::find(&SourceFile {
        tree: &tree,
        path,
        config,
        environments,
        files: &files,
        limits: &Omissions::default(),
    });
    (tree, found)
}

fn dialect(path: &str, text: &str) -> String {
    format!("{:?}", found(&[(path, text)]).1.dialect)
}

/// The environments of the first of some files: name, account, region.
fn targets(files: &[(&str, &str)]) -> Vec<String> {
    targets_for(files, "")
}

/// The same under a config.
fn targets_for(files: &[(&str, &str)], config: &str) -> Vec<String> {
    let config = Arc::new(Config::parse(config));
    let (_, found) = found_with(files, &environments(&config, files[0].0), &config);
    let environments = found.environments.unwrap_or_default().into_iter();
    let said = environments.map(|of| {
        let (account, region) = (
            of.account.unwrap_or_default(),
            of.region.unwrap_or_default(),
        );
        format!("{} {account} {region}", of.name)
    });
    said.collect()
}

/// What the resources of the statements of a file resolve to, each once.
fn resources(files: &[(&str, &str)]) -> Vec<String> {
    resources_for(files, "")
}

/// The same under a config.
fn resources_for(files: &[(&str, &str)], config: &str) -> Vec<String> {
    let config = Arc::new(Config::parse(config));
    let (tree, found) = found_with(files, &environments(&config, files[0].0), &config);
    let mut values = Vec::new();
    for environment in found.environments.as_deref().unwrap_or_default() {
        let names = found.state.names();
        let resolver = Resolver::new(&tree, &config, names, environment, true);
        let lower =
            |site: &Site| lower::policy(&tree, site.document.node, site.document.notation());
        let policies: Vec<_> = found.sites.iter().map(lower).collect();
        for item in policies
            .iter()
            .flat_map(|policy| &policy.statements)
            .flat_map(|of| of.resources())
        {
            for value in resolver.resolve(&item.text) {
                let value = value.pattern.display();
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
    }
    values
}

const HEAD: &str = "AWSTemplateFormatVersion: '2010-09-09-OC'\n";

const ORGANIZATION: &str = "Organization:
  Main:
    Type: OC::ORG::MasterAccount
    Properties: {AccountName: main, AccountId: '111111111111', Tags: {cost: high}}
  Dev:
    Type: OC::ORG::Account
    Properties: {AccountName: dev, Alias: shop-dev, AccountId: '222222222222', Tags: {cost: low, team: a}}
  Prod:
    Type: OC::ORG::Account
    Properties: {AccountName: prod, AccountId: '333333333333'}
  New:
    Type: OC::ORG::Account
    Properties: {AccountName: new}
  Apps:
    Type: OC::ORG::OrganizationalUnit
    Properties: {OrganizationalUnitName: apps, Accounts: !Ref Dev, OrganizationalUnits: [!Ref Live]}
  Live:
    Type: OC::ORG::OrganizationalUnit
    Properties: {OrganizationalUnitName: live, Accounts: [!Ref Prod], OrganizationalUnits: !Ref Apps}
";

/// A role's policy on a resource, with what else the role says.
fn role(own: &str, resource: &str) -> String {
    format!(
        "  R:
    Type: AWS::IAM::Role
{own}    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: [{{Effect: Allow, Action: 's3:GetObject', Resource: {resource}}}]
"
    )
}

fn template(organization: &str, root: &str, own: &str, resource: &str) -> String {
    format!(
        "{HEAD}{organization}{root}Resources:\n{}",
        role(own, resource)
    )
}
