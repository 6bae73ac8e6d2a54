//! YAML to the tree.

mod message;
mod scalar;
mod strict;

use std::collections::HashMap;

use crate::document::Reading;
use crate::{Limits, NodeId, ProblemKind, Span};

/// Anchored nodes by name.
pub(crate) type Names = HashMap<String, NodeId>;

/// Why a text is not valid, at the first place that shows it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub kind: ProblemKind,
    /// An offset into the whole source.
    pub at: u32,
    pub message: String,
}

/// Reads a YAML text.
pub(crate) fn read(source: &str, limits: &Limits) -> Reading {
    let mut read = Reading::default();
    if let Err(failure) = strict::read(source, source, 0, limits, &Names::new(), &mut read) {
        read = Reading::default();
        let id = read.arena.leaf(
            crate::arena::Kind::Invalid,
            Span::new(0, source.len() as u32),
            crate::arena::NONE,
        );
        read.documents.push(id);
        read.problem(failure.kind, Span::empty(failure.at), failure.message);
    }
    read
}
