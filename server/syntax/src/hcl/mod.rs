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

use crate::arena::Kind;
use crate::reading::Reading;
use crate::{Limits, NodeId, ProblemKind, Style, marks};

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

/// Reads the list, object or body that begins at `start` and ends with the text, `like` the one that stood there before. `depth` is how
/// much is open there at most. Nothing where it isn't valid or ends elsewhere; then `read` holds what was made of it all the same.
pub(crate) fn collection(
    source: &str,
    (start, depth): (usize, u32),
    like: (Kind, Style),
    limits: &Limits,
    read: &mut Reading,
) -> Option<NodeId> {
    let before = std::mem::take(read);
    let mut reader = reader::HclReader::within(source, start, limits, depth, before);
    let marks_value = matches!(reader.second(), Some(b'{' | b'%'));
    let node = match like {
        (Kind::Sequence, Style::Flow) => Some(reader.tuple()),
        (Kind::Mapping, Style::Flow) if !marks_value => Some(reader.object()),
        (Kind::Mapping, Style::Block) => Some(reader.body(reader.indent)),
        _ => None,
    };
    let end = reader.end;
    *read = reader.read;
    node.filter(|_| read.problems.is_empty() && end == source.len())
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
