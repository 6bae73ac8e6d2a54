//! JSON to the tree.

mod lexer;
mod strict;
mod tolerant;
mod unclosed;

use crate::arena::{Kind, NONE};
use crate::marks::{self, Masked};
use crate::reading::Reading;
use crate::{Limits, NodeId, ProblemKind, ScalarType, Span, Style};

/// Why a text is not valid, at the first place that shows it.
pub(crate) struct JsonFailure {
    pub kind: ProblemKind,
    pub span: Span,
    pub message: String,
}

impl JsonFailure {
    /// Notes it of what was read of `source`, or of the `masked` text in its place: at the bracket that was left open where that is
    /// the cause.
    fn note(self, read: &mut Reading, [source, masked]: [&str; 2], limits: &Limits, lenient: bool) {
        let ran_out = ran_out(source, self.span);
        read.stop = Some(self.span);
        let told = unclosed::blamed(self, masked, limits, lenient);
        read.problem(told.kind, told.span, told.message);
        if ran_out {
            read.ran_out();
        }
    }
}

/// Whether the first place that shows what is wrong with a text of JSON is its end, or a string that is open there.
pub(crate) fn ran_out(source: &str, place: Span) -> bool {
    let rest = source.get(place.start as usize..).unwrap_or_default();
    let rest = rest.trim();
    let open = rest.strip_prefix('"');
    rest.is_empty() || open.is_some_and(|open| !open.contains(['"', '\n']))
}

/// Reads a JSON text. A valid one takes one pass of the strict reader. Any other is read without the marks of other tools
/// in it, if there are any; if it isn't valid then, by the tolerant one, and the strict reader's finding is its problem.
/// `lenient`: comments and trailing commas are fine.
pub(crate) fn read(source: &str, limits: &Limits, lenient: bool) -> Reading {
    let failure = match strict::read(source, source, limits, lenient) {
        Ok(read) => {
            return Reading {
                is_strict: true,
                ..read
            };
        }
        Err(failure) => failure,
    };
    let Some(masked) = marks::json::mask(source) else {
        let mut read = tolerant::read(source, source, limits);
        failure.note(&mut read, [source, source], limits, lenient);
        return read;
    };
    let mut read = match strict::read(source, &masked.text, limits, lenient) {
        Ok(mut read) => {
            read.problem(ProblemKind::Templated, masked.first, marks::MESSAGE);
            read
        }
        Err(failure) => {
            let mut read = tolerant::read(source, &masked.text, limits);
            match masked.is_loose && failure.kind == ProblemKind::Syntax {
                true => read.problem(ProblemKind::Templated, masked.first, marks::MESSAGE),
                false => failure.note(&mut read, [source, &masked.text], limits, lenient),
            }
            read
        }
    };
    read.is_strict = false;
    put_back(&mut read, masked);
    read
}

/// Reads the list or object that begins at `start` and ends with the text, by the strict reader alone.
pub(crate) fn collection(
    source: &str,
    start: usize,
    limits: &Limits,
    lenient: bool,
    read: &mut Reading,
) -> Option<NodeId> {
    let (root, end) = strict::value([source, source], start, limits, lenient, read).ok()?;
    root.filter(|_| end == source.len())
}

/// Makes of the strings that stand for values in a masked text what is written there.
fn put_back(read: &mut Reading, masked: Masked) {
    if !masked.holes.is_empty() {
        for node in &mut read.arena.nodes {
            let start = node.span.start as usize;
            let hole = masked.holes.binary_search_by_key(&start, |hole| hole.start);
            if node.kind == Kind::Scalar && hole.is_ok() {
                (node.style, node.ty) = (Style::Plain, ScalarType::String);
                (node.a, node.mapped, node.unclosed) = (NONE, false, false);
            }
        }
    }
    read.marked = masked.marked;
}
