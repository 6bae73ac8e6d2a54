//! JSON to the tree.

mod lexer;
mod strict;
mod tolerant;

use crate::document::Reading;
use crate::{Limits, ProblemKind, Span};

/// Why a text is not valid, at the first place that shows it.
pub(crate) struct Failure {
    pub kind: ProblemKind,
    pub span: Span,
    pub message: String,
}

/// Reads a JSON text. A valid one takes one pass of the strict reader; any other is read again by the tolerant
/// one, and the strict reader's finding is its problem. `lenient`: comments and trailing commas are fine.
pub(crate) fn read(source: &str, limits: &Limits, lenient: bool) -> Reading {
    match strict::read(source, limits, lenient) {
        Ok(read) => read,
        Err(failure) => {
            let mut read = tolerant::read(source, limits);
            read.problem(failure.kind, failure.span, failure.message);
            read
        }
    }
}
