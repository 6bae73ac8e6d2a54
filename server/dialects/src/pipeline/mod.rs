//! CI pipelines: GitHub Actions workflows and composite actions, and GitLab CI files.

mod action;
mod github;
mod gitlab;
mod limits;
mod local;
mod repository;
mod script;
mod settings;
mod variables;

use crate::dialect::{Dialect, RecognisedFile, Rooms, Words};
use crate::source_file::SourceFile;

/// CI pipelines.
#[derive(Debug)]
pub(super) struct Pipelines;

impl Dialect for Pipelines {
    fn find(&self, asked: &SourceFile<'_>, _: Rooms) -> Option<RecognisedFile> {
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
fn find(asked: &SourceFile<'_>) -> Option<RecognisedFile> {
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
    Some(RecognisedFile {
        deployers: std::mem::take(&mut pipeline.deployers),
        pipeline: Some(pipeline),
        ..RecognisedFile::of(&Pipelines)
    })
}
