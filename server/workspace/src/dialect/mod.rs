//! Ways of writing policies in files: where the policy sites are and how texts are built.

mod bounds;
mod called;
pub(crate) mod cloudformation;
mod foreign;
pub(crate) mod permission;
mod pipeline;
pub(crate) mod plain;
pub mod sam;
pub(crate) mod serverless;
mod table;
mod template;
pub mod terraform;

pub use template::{Loop, Nested, Parameter, Resource, Template};

use std::sync::Arc;

use leastwise_syntax::{NodeId, Tree, View};

use crate::files::Files;
use crate::model::{Branch, Item};
use crate::notation::Notation;
use crate::pipeline::Pipeline;
use crate::site::{Owner, Site};
use crate::{Config, Environment};

/// How a file holds its policies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dialect {
    /// A CloudFormation template.
    CloudFormation,
    /// A template of the Serverless Application Model.
    Sam,
    /// A service of the Serverless Framework.
    Serverless,
    /// A file of a module of Terraform or OpenTofu, or a plan in its JSON form.
    Terraform,
    /// A policy document as such, several of them, or documents somewhere in other data.
    Plain,
    /// A CI pipeline, which assumes roles.
    Pipeline,
    /// No policy in it.
    None,
}

impl Dialect {
    /// Whether it is written as CloudFormation templates are.
    pub fn is_template(self) -> bool {
        matches!(
            self,
            Dialect::CloudFormation | Dialect::Sam | Dialect::Serverless
        )
    }

    /// How it is written, as far as nothing is known of the file.
    pub fn notation(self) -> &'static dyn Notation {
        match self {
            Dialect::CloudFormation | Dialect::Sam => cloudformation::notation::TEMPLATE,
            Dialect::Terraform => terraform::notation::NATIVE,
            Dialect::Serverless => serverless::notation::SERVICE,
            Dialect::Plain | Dialect::Pipeline | Dialect::None => plain::notation::PLAIN,
        }
    }
}

/// What was found in one file.
#[derive(Debug)]
pub(crate) struct Found {
    pub dialect: Dialect,
    pub template: Option<Template>,
    pub module: Option<terraform::Module>,
    /// What the only module that fills the file in gives to its variables.
    pub given: Option<terraform::Given>,
    pub sites: Vec<Site>,
    pub owners: Vec<Owner>,
    pub pipeline: Option<Pipeline>,
    /// ARNs of roles that the dialect's tool deploys the file with.
    pub deployers: Vec<Item>,
    /// The targets, where the file itself tells of more than the config.
    pub environments: Option<Vec<Environment>>,
}

impl Found {
    /// Nothing yet.
    pub fn of(dialect: Dialect) -> Found {
        Found {
            dialect,
            template: None,
            module: None,
            given: None,
            sites: Vec::new(),
            owners: Vec::new(),
            pipeline: None,
            deployers: Vec::new(),
            environments: None,
        }
    }
}

/// Looks for policies in a file. `files` are those around it.
pub(crate) fn find(
    tree: &Tree,
    path: &str,
    config: &Arc<Config>,
    environments: &[Environment],
    files: &Arc<dyn Files>,
) -> Found {
    if let Some(found) = terraform::find(tree, path, config, environments, &**files) {
        return found;
    }
    if let Some(root) = serverless::root(tree, path) {
        return serverless::find(tree, root, path, config, environments, files);
    }
    let template = tree
        .documents()
        .iter()
        .find(|root| Template::is_template(tree, **root));
    match template {
        Some(root) => cloudformation::find(tree, *root, path, config, environments, &**files),
        None => pipeline::find(tree, path, &**files)
            .unwrap_or_else(|| plain::find(tree, path, &**files)),
    }
}

/// The nodes that a path of keys leads to from `node`: `*` goes into every item of a list; both branches of an
/// `Fn::If` on the way are followed.
pub(crate) fn follow(
    tree: &Tree,
    node: NodeId,
    path: &[&str],
    branch: &Branch,
) -> Vec<(NodeId, Branch)> {
    let mut found = Vec::new();
    walk(tree, node, path, branch, &mut found, 0);
    found
}

fn walk(
    tree: &Tree,
    node: NodeId,
    path: &[&str],
    branch: &Branch,
    found: &mut Vec<(NodeId, Branch)>,
    depth: usize,
) {
    const MAX_DEPTH: usize = 32;
    const MAX_FOUND: usize = 4096;
    if depth > MAX_DEPTH || found.len() >= MAX_FOUND {
        return;
    }
    let node = tree.resolved(node);
    if let View::Tagged(tag, argument) = tree.view(node)
        && tag.name == "Fn::If"
        && let Some(&[name, yes, no]) = tree.items(tree.resolved(argument))
    {
        let name = tree.text(name).unwrap_or_default();
        for (value, holds) in [(yes, true), (no, false)] {
            if branch
                .iter()
                .any(|(other, held)| other == name && *held != holds)
            {
                continue;
            }
            let mut branch = branch.clone();
            branch.push((name.to_owned(), holds));
            walk(tree, value, path, &branch, found, depth + 1);
        }
        return;
    }
    if let View::Tagged(tag, argument) = tree.view(node)
        && tag.name == "Fn::ToJsonString"
    {
        // The text of what stands there.
        walk(tree, argument, path, branch, found, depth + 1);
        return;
    }
    match path {
        [] => found.push((node, branch.clone())),
        ["*", rest @ ..] => {
            for item in tree.items(node).unwrap_or_default() {
                walk(tree, *item, rest, branch, found, depth + 1);
            }
        }
        [key, rest @ ..] => {
            if let Some(value) = tree.get(node, key) {
                walk(tree, value, rest, branch, found, depth + 1);
            }
        }
    }
}
