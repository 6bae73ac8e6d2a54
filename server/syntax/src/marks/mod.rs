//! Marks of other tools: what a template engine puts values into, or leaves out, before anybody reads the text as JSON
//! or YAML.
//!
//! A text with marks is read in spite of them: a mark that stands for a value becomes a scalar, whose text is the mark as
//! it is written; a mark of control (`{% if … %}`) becomes white space, and what it encloses is there under a
//! condition. Every byte keeps its offset, and texts are taken from the source.

mod control;
mod find;
pub(crate) mod hcl;
pub(crate) mod json;
mod mask;
pub(crate) mod yaml;

use std::collections::HashSet;
use std::ops::Range;

use crate::Span;
use crate::limits::MARKED_PARTS;
pub use find::find;

/// What a mark does to the text around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MarkKind {
    /// Puts a text there: `{{ name }}`, `${name}`, `<%= name %>`.
    Value,
    /// Begins a part that may be left out or repeated: `{% if x %}`.
    Open,
    /// Begins what is there instead: `{% else %}`.
    Else,
    /// Ends that part: `{% endif %}`.
    Close,
    /// Puts nothing there: a comment, an assignment.
    Note,
}

/// A mark, by its bytes in the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// Its first byte.
    pub start: usize,
    /// Behind its last byte.
    pub end: usize,
    /// What it does.
    pub kind: MarkKind,
}

impl Mark {
    /// Its bytes.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A part of a text that is there under a condition of another tool.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Region {
    /// What is between the marks.
    pub span: Span,
    /// The condition or loop, as it is written.
    pub condition: String,
    /// Whether the part is there where it holds, or where it doesn't.
    pub holds: bool,
}

/// What the marks of a text mean for its tree.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Marked {
    /// The parts that are there under a condition, in the order in which they end.
    pub regions: Vec<Region>,
    /// Where marks put in any number of items or pairs.
    pub inserted: Vec<u32>,
}

/// A text that can be read in place of one with marks, as long as that.
pub(crate) struct Masked {
    /// The text.
    pub text: String,
    /// The scalars that stand for values.
    pub holes: Vec<Range<usize>>,
    /// What the marks mean.
    pub marked: Marked,
    /// Whether parts come and go, so that what stops the reader needn't be wrong once the text is rendered.
    pub is_loose: bool,
    /// The first mark that was masked.
    pub first: Span,
}

/// What is said of a text with marks that can only be read in spite of them.
pub(crate) const MESSAGE: &str =
    "This belongs to a template language: the file is valid only once it is rendered.";

/// Whether edits keep the marks of a text: those of control in their order, and of those that put values there none that
/// wasn't there. `${…}` is as often a variable that a fix writes.
pub(crate) fn are_kept(before: &str, after: &str) -> bool {
    let old = find(before);
    if old.is_empty() {
        return true;
    }
    let new = find(after);
    let known: HashSet<&str> = texts(before, &old, false).collect();
    texts(before, &old, true).eq(texts(after, &new, true))
        && texts(after, &new, false).all(|mark| mark.starts_with("${") || known.contains(mark))
}

/// The marks of control, or the others, as they are written.
fn texts<'t>(text: &'t str, marks: &[Mark], control: bool) -> impl Iterator<Item = &'t str> {
    let wanted = move |mark: &&Mark| (mark.kind != MarkKind::Value) == control;
    let marks = marks.iter().filter(wanted);
    marks.filter_map(|mark| text.get(mark.range()))
}

/// For each mark that opens a part, or begins what is there instead, the mark that closes the part: by their numbers.
fn closings(marks: &[Mark]) -> Vec<Option<usize>> {
    let mut closed = vec![None; marks.len()];
    // Of each part that is open, the marks that wait for its end; the first are those that nothing opens.
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new()];
    crate::work::did(marks.len());
    for (index, mark) in marks.iter().enumerate() {
        match mark.kind {
            MarkKind::Open => waiting.push(vec![index]),
            MarkKind::Else => waiting.last_mut().into_iter().for_each(|of| of.push(index)),
            MarkKind::Close => {
                for waits in waiting.pop().unwrap_or_default() {
                    if let Some(closed) = closed.get_mut(waits) {
                        *closed = Some(index);
                    }
                }
                if waiting.is_empty() {
                    waiting.push(Vec::new());
                }
            }
            MarkKind::Value | MarkKind::Note => {}
        }
    }
    closed
}

/// The parts between marks of control.
fn regions(text: &str, marks: &[Mark]) -> Vec<Region> {
    let mut open: Vec<(usize, String, bool)> = Vec::new();
    let mut regions = Vec::new();
    for mark in marks {
        if regions.len() >= MARKED_PARTS {
            break;
        }
        let mut end = |at: usize, condition: &str, holds: bool| {
            regions.push(Region {
                span: Span::new(at as u32, mark.start as u32),
                condition: condition.to_owned(),
                holds,
            });
        };
        match mark.kind {
            MarkKind::Open => {
                let written = text.get(mark.range()).unwrap_or_default();
                open.push((mark.end, control::condition(written), true));
            }
            MarkKind::Else => {
                if let Some((at, condition, holds)) = open.last_mut() {
                    end(*at, condition, *holds);
                    (*at, *holds) = (mark.end, false);
                }
            }
            MarkKind::Close => {
                if let Some((at, condition, holds)) = open.pop() {
                    end(at, &condition, holds);
                }
            }
            MarkKind::Value | MarkKind::Note => {}
        }
    }
    regions
}
