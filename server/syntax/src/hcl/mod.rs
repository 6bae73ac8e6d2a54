//! HCL 2 to the tree.
//!
//! One reader, for valid texts and broken ones: it takes one pass, and where something is missing it says so and goes
//! on. Only where a bracket stays open to the end of the file is it asked again, to tell from the indentation which
//! one it was.

mod body;
mod brackets;
mod expression;
mod lexer;
mod operand;
mod reader;
mod template;

use crate::Limits;
use crate::document::Reading;

/// Reads an HCL text.
pub(crate) fn read(source: &str, limits: &Limits) -> Reading {
    let first = reader::Reader::new(source, limits, false).file();
    let mut read = if first.ran_out {
        reader::Reader::new(source, limits, true).file().read
    } else {
        first.read
    };
    read.problems.sort_by_key(|problem| problem.span.start);
    read.is_strict = read.problems.is_empty();
    read
}
