//! CI pipelines: GitHub Actions workflows and composite actions, and GitLab CI files.

mod action;
mod github;
mod gitlab;
mod limits;
mod local;
mod repository;
mod script;
mod variables;

use leastwise_model::pipeline::Pipeline;
use leastwise_syntax::{NodeId, Tree, View};

use crate::dialect::{Dialect, Found, Words};
use crate::source_file::SourceFile;

/// CI pipelines.
#[derive(Debug)]
pub(super) struct Pipelines;

impl Dialect for Pipelines {
    fn find(&self, asked: &SourceFile<'_>) -> Option<Found> {
        find(asked)
    }

    fn words(&self) -> Words {
        Words {
            telling: &["role-to-assume", "AWS_SECRET_ACCESS_KEY"],
            possible: &[
                "--role-arn",
                // Actions of the repository, which may assume the roles that they are given.
                "uses: ./",
            ],
            // The roles that its scripts have stacks deployed with.
            declaring: &["--role-arn"],
            ..Words::default()
        }
    }
}

/// Reads a file as a pipeline; `None` for one that is none.
fn find(asked: &SourceFile<'_>) -> Option<Found> {
    let (tree, path, files) = (asked.tree, asked.path, &**asked.files);
    let root = *tree.documents().first()?;
    let mut pipeline = if github::is_workflow(tree, root) {
        let (pipeline, unread) = github::read(tree, root, path, files);
        asked.limits.unread.borrow_mut().extend(unread);
        pipeline
    } else if action::is_action(tree, root) {
        github::read_action(tree, root)
    } else if gitlab::is_pipeline(tree, root, path) {
        gitlab::read(tree, root, path, files)
    } else {
        return None;
    };
    Some(Found {
        deployers: std::mem::take(&mut pipeline.deployers),
        pipeline: Some(pipeline),
        ..Found::of(&Pipelines)
    })
}

/// Where settings of a job are looked for: the mappings of variables around a step, the innermost first.
type Scopes = Vec<NodeId>;

/// The value of a variable, in the innermost scope that has it.
fn lookup(tree: &Tree, scopes: &Scopes, name: &str) -> Option<NodeId> {
    scopes.iter().find_map(|scope| tree.get(*scope, name))
}

/// The texts of a node that is one text or a list of them.
fn texts(tree: &Tree, node: NodeId) -> Vec<&str> {
    let node = tree.resolved(node);
    match tree.view(node) {
        View::Scalar(text) => vec![text],
        View::Sequence(items) => items.iter().filter_map(|item| tree.text(*item)).collect(),
        _ => Vec::new(),
    }
}

/// The pipeline of a host, empty.
fn pipeline(host: leastwise_model::pipeline::Host) -> Pipeline {
    Pipeline {
        host,
        roles: Vec::new(),
        deployers: Vec::new(),
        keys: Vec::new(),
    }
}
