//! What the Serverless Framework makes of a service: `serverless/recorded/` holds what `serverless package` made of
//! `serverless/inputs/`, with the plugin `serverless-iam-roles-per-function`, by `serverless/record.py`.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use leastwise_model::text::Text;
use leastwise_model::{
    Branch, Config, Effect, Environment, Known, List, Policy, Principals, SiteKind, Statement,
};
use leastwise_syntax::{Format, Tree};
use leastwise_workspace::Analysis;
use leastwise_workspace::disk::Disk;

struct Printer<'a> {
    tree: &'a Tree,
    analysis: &'a Analysis,
    environment: &'a Environment,
}

impl Printer<'_> {
    fn texts(&self, text: &Text) -> Vec<String> {
        let values = self
            .analysis
            .resolve(self.tree, text, self.environment, true);
        values.iter().map(|value| value.pattern.display()).collect()
    }

    fn list(&self, list: &Known<List>) -> Option<String> {
        let list = list.known()?;
        assert!(!list.dynamic);
        let mut texts: Vec<String> = list
            .items
            .iter()
            .flat_map(|item| self.texts(&item.text))
            .collect();
        texts.sort();
        Some(texts.join(","))
    }

    fn principals(&self, principals: &Known<Principals>) -> Option<String> {
        let principals = principals.known()?;
        if principals.star {
            return Some("*".to_owned());
        }
        let kinds = principals.kinds.iter();
        let mut kinds: Vec<String> = kinds
            .map(|kind| format!("{}:{}", kind.name, self.list(&kind.values).unwrap()))
            .collect();
        kinds.sort();
        Some(kinds.join(";"))
    }

    fn statement(&self, statement: &Statement) -> String {
        let mut parts = vec![match statement.effect {
            Known::Is(Effect::Allow) => "Allow".to_owned(),
            Known::Is(Effect::Deny) => "Deny".to_owned(),
            _ => panic!("the inputs have effects"),
        }];
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                parts.push(format!("{name}={value}"));
            }
        };
        put("Action", self.list(&statement.action));
        put("NotAction", self.list(&statement.not_action));
        put("Resource", self.list(&statement.resource));
        put("NotResource", self.list(&statement.not_resource));
        put("Principal", self.principals(&statement.principal));
        put("NotPrincipal", self.principals(&statement.not_principal));
        let mut tests: Vec<String> = statement
            .condition
            .known()
            .into_iter()
            .flatten()
            .map(|test| {
                let values = self.list(&test.values).unwrap();
                format!("{}:{}={values}", test.operator, test.key.as_ref().unwrap())
            })
            .collect();
        tests.sort();
        parts.extend(tests);
        parts.join(" ")
    }

    fn possible(&self, branch: &Branch) -> bool {
        let resolver = self.analysis.resolver(self.tree, self.environment, false);
        branch.iter().all(|(name, holds)| {
            resolver
                .condition(name, 0)
                .is_none_or(|decided| decided == *holds)
        })
    }

    fn policy(&self, label: &str, kind: SiteKind, policy: &Policy, into: &mut BTreeSet<String>) {
        let kind = match kind {
            // In a template a boundary is a managed policy as any other.
            SiteKind::Identity | SiteKind::Boundary => "identity",
            SiteKind::Trust => "trust",
            SiteKind::Resource => "resource",
            other => panic!("the inputs have no {}", other.name()),
        };
        for statement in &policy.statements {
            if self.possible(&statement.branch) {
                let statement = self.statement(statement);
                into.insert(format!("{label} {kind} {statement}"));
            }
        }
    }

    fn lines(&self) -> BTreeSet<String> {
        let mut lines = BTreeSet::new();
        for site in &self.analysis.sites {
            for owner in self.analysis.owners_of(site) {
                let policy = site.policy(self.tree);
                assert!(!site.is_open(self.tree), "{:?}", site.path);
                self.policy(&owner.label, site.kind, policy, &mut lines);
            }
        }
        for owner in &self.analysis.owners {
            for generated in &owner.generated {
                self.policy(&owner.label, generated.kind, &generated.policy, &mut lines);
            }
            for attached in &owner.attached {
                for arn in self.texts(&attached.arn) {
                    lines.insert(format!("{} attached {arn}", owner.label));
                }
            }
        }
        lines
    }
}

#[test]
fn roles_are_those_of_the_framework() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/serverless");
    let mut compared = 0;
    let mut differences = String::new();
    for input in fs::read_dir(folder.join("inputs")).unwrap() {
        let input = input.unwrap().path();
        let name = input.file_name().unwrap().to_str().unwrap().to_owned();
        let json = input.join("serverless.json");
        let (path, format) = match json.exists() {
            true => (json, Format::Json),
            false => (input.join("serverless.yml"), Format::Yaml),
        };
        let text = fs::read_to_string(path).unwrap();
        let tree = Tree::parse(text, format);
        assert_eq!(tree.problems(), [], "{name}");
        let files = Arc::new(Disk::new(&input));
        let config = Arc::new(Config::default());
        let analysis = Analysis::with_memo(&tree, "serverless.yml", config, files, Arc::default());
        assert_eq!(format!("{:?}", analysis.dialect), "Serverless", "{name}");
        for environment in &analysis.environments {
            let recorded = folder
                .join("recorded")
                .join(format!("{name}.{}.txt", environment.name));
            let recorded = fs::read_to_string(&recorded)
                .unwrap_or_else(|error| panic!("{}: {error}", recorded.display()));
            let theirs: BTreeSet<String> = recorded.lines().map(str::to_owned).collect();
            let ours = Printer {
                tree: &tree,
                analysis: &analysis,
                environment,
            }
            .lines();
            for line in theirs.difference(&ours) {
                differences += &format!("{name}: missing {line}\n");
            }
            for line in ours.difference(&theirs) {
                differences += &format!("{name}: too much {line}\n");
            }
            compared += 1;
        }
    }
    assert!(differences.is_empty(), "{differences}");
    assert!(compared >= 10, "{compared} environments");
}
