//! HCL 2 to the tree.
//!
//! One reader, for valid texts and broken ones: it takes one pass, and where something is missing it says so and goes
//! on. Only where a bracket stays open, to the end of the file or to where one around it closes, is it asked again, to tell
//! from the indentation which one it was.

mod body;
mod brackets;
mod expression;
mod lexer;
mod operand;
mod reader;
mod template;

use crate::reading::Reading;
use crate::{Limits, ProblemKind, marks};

/// Reads an HCL text. One that isn't valid is read without the marks of other tools in it, if there are any.
pub(crate) fn read(source: &str, limits: &Limits) -> Reading {
    let read = plain(source, limits);
    if read.is_strict {
        return read;
    }
    let Some(masked) = marks::hcl::mask(source) else {
        return read;
    };
    let mut read = plain(&masked.text, limits);
    let is_said =
        |kind| kind == ProblemKind::Templated || masked.is_loose && kind == ProblemKind::Syntax;
    read.problems.retain(|problem| !is_said(problem.kind));
    read.problem(ProblemKind::Templated, masked.first, marks::MESSAGE);
    read.problems.sort_by_key(|problem| problem.span.start);
    read.is_strict = false;
    read.marked = masked.marked;
    read
}

fn plain(source: &str, limits: &Limits) -> Reading {
    let first = reader::HclReader::new(source, limits, false).file();
    let by_indent = || reader::HclReader::new(source, limits, true).file().read;
    let mut read = match first.ran_out {
        true => by_indent(),
        false if first.left_open => {
            // What was taken for the end of one bracket may be that of the one around it: then less is wrong with the rest.
            let other = by_indent();
            match other.problems.len() < first.read.problems.len() {
                true => other,
                false => first.read,
            }
        }
        false => first.read,
    };
    read.problems.sort_by_key(|problem| problem.span.start);
    read.is_strict = read.problems.is_empty();
    read
}
