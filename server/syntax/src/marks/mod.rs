//! Marks of other tools: what a template engine puts values into, or leaves out, before anybody reads the text as JSON
//! or YAML.
//!
//! A text with marks is read in spite of them: a mark that stands for a value becomes a scalar, whose text is the mark as
//! it is written; a mark of control (`{% if … %}`) becomes white space, and what it encloses is there under a
//! condition. Every byte keeps its offset, and texts are taken from the source.

mod control;
pub(crate) mod json;
mod mask;
pub(crate) mod yaml;

use std::collections::HashSet;
use std::ops::Range;

use crate::Span;

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

/// The most regions of a file.
const MAX_REGIONS: usize = 512;

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

/// The longest mark that is looked for, so that a pair of braces that nothing closes costs no time and takes nothing with
/// it.
const LONGEST: usize = 2048;
/// The same for `${…}`, `%{…}` and `#{…}`, which end on their line.
const LONGEST_SHORT: usize = 512;

/// The marks of a text, in order and apart from each other.
pub fn find(text: &str) -> Vec<Mark> {
    let bytes = text.as_bytes();
    let mut marks: Vec<Mark> = Vec::new();
    let mut from = 0;
    while let Some(found) = memchr::memchr2(b'{', b'<', bytes.get(from..).unwrap_or_default()) {
        let at = from + found;
        let before = |back: usize| {
            at.checked_sub(back)
                .filter(|at| *at >= from)
                .and_then(|at| bytes.get(at))
        };
        let next = bytes.get(at + 1);
        let mark = match (bytes.get(at), before(1), next) {
            (Some(b'<'), _, Some(b'%')) => closed(text, at, "<%", "%>", control::erb),
            (Some(b'{'), Some(b'$'), Some(b'{')) => {
                closed(text, at, "{{", "}}", |_| MarkKind::Value).map(|mark| Mark {
                    start: at - 1,
                    ..mark
                })
            }
            (Some(b'{'), _, Some(b'{')) => closed(text, at, "{{", "}}", control::mustache),
            (Some(b'{'), _, Some(b'%')) => closed(text, at, "{%", "%}", control::jinja),
            (Some(b'{'), _, Some(b'#')) => closed(text, at, "{#", "#}", |_| MarkKind::Note),
            (Some(b'{'), Some(lead @ (b'$' | b'%' | b'#')), _) if before(2) != Some(lead) => {
                braces(text, at).map(|end| Mark {
                    start: at - 1,
                    end,
                    kind: match lead {
                        b'%' => control::directive(text.get(at + 1..end - 1).unwrap_or_default()),
                        _ => MarkKind::Value,
                    },
                })
            }
            _ => None,
        };
        from = mark.map_or(at + 1, |mark| mark.end);
        marks.extend(mark);
    }
    marks
}

/// The mark between `open` at `at` and the next `close`, with another one before which it isn't one.
fn closed(
    text: &str,
    at: usize,
    open: &str,
    close: &str,
    kind: impl Fn(&str) -> MarkKind,
) -> Option<Mark> {
    let inside = at + open.len();
    let limit = text.floor_char_boundary((inside + LONGEST).min(text.len()));
    let rest = text.get(inside..limit)?;
    let length = rest.find(close)?;
    let inner = rest.get(..length)?;
    // `{{{ raw }}}` of Mustache and Handlebars.
    let inner = inner.strip_prefix('{').unwrap_or(inner);
    if inner.contains(open) {
        return None;
    }
    let mut end = inside + length + close.len();
    if rest.starts_with('{') && open == "{{" && text.as_bytes().get(end) == Some(&b'}') {
        end += 1;
    }
    Some(Mark {
        start: at,
        end,
        kind: kind(inner),
    })
}

/// The end of the braces that open at `at`, on the same line and with those in them.
fn braces(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut quoted) = (0usize, false);
    let end = (at + LONGEST_SHORT).min(bytes.len());
    for (offset, byte) in bytes.get(at..end)?.iter().enumerate() {
        match byte {
            b'\n' | b'\r' => return None,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + offset + 1);
                }
            }
            _ => {}
        }
    }
    None
}

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

/// The parts between marks of control.
fn regions(text: &str, marks: &[Mark]) -> Vec<Region> {
    let mut open: Vec<(usize, String, bool)> = Vec::new();
    let mut regions = Vec::new();
    for mark in marks {
        if regions.len() >= MAX_REGIONS {
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
