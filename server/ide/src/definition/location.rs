//! Places in this file or another.

use std::path::PathBuf;
use std::sync::Arc;

use leastwise_rules::Context;
use leastwise_syntax::{Span, Tree};
use leastwise_workspace::analysis::index::Indexed;

/// A place in this file or another.
#[derive(Clone, Debug)]
pub struct Location {
    /// The other file: where it lies, and as it was read there. `None` for the file that was asked about.
    pub file: Option<(PathBuf, Arc<Tree>)>,
    /// The bytes of the name there.
    pub span: Span,
}

/// A place in another file.
pub(super) fn location_in(file: &Indexed, span: Span) -> Location {
    Location {
        file: Some((file.place.clone(), Arc::clone(&file.tree))),
        span,
    }
}

/// The same, for a file that may be the one that was asked about.
pub(super) fn within(context: Context<'_>, file: &Indexed, span: Span) -> Location {
    match file.is(context.analysis) {
        true => Location { file: None, span },
        false => location_in(file, span),
    }
}

/// A file that the one that was asked about is read with.
pub(super) fn beside(context: Context<'_>, path: &str, tree: &Arc<Tree>) -> (PathBuf, Arc<Tree>) {
    (context.analysis.files.place(path), Arc::clone(tree))
}
