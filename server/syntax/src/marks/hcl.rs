//! What to read in place of HCL with marks of another tool: `main.tf.j2`.
//!
//! HCL's own `${…}` and `%{…}` are no such marks. A mark that puts in a value becomes a name, unless it has lines of its own:
//! then it puts in arguments and blocks, and becomes blank, as marks of control do. In a string it stays what it is, but for
//! the quotes in it.

use super::mask::Canvas;
use super::{Mark, MarkKind, Marked, Masked, find, regions};
use crate::Span;

/// The text to read instead. Nothing where there is no mark.
pub(crate) fn mask(text: &str) -> Option<Masked> {
    const LEADS: [&str; 4] = ["{{", "{%", "{#", "<%"];
    let is_other = |mark: &Mark| {
        let written = text.get(mark.start..).unwrap_or_default();
        LEADS.iter().any(|lead| written.starts_with(lead))
    };
    let marks: Vec<Mark> = find(text).into_iter().filter(is_other).collect();
    let first = marks.first()?;
    let mut canvas = Canvas::new(text);
    let (mut line, mut is_quoted) = (0, false);
    let mut inserted = Vec::new();
    let mut is_loose = false;
    for (at, mark) in marks.iter().enumerate() {
        // What stands between the mark before and this one, on the same line.
        let between = text.get(line..mark.start).unwrap_or_default();
        let (from, own) = match between.rfind('\n') {
            Some(end) => (line + end + 1, between.get(end + 1..).unwrap_or_default()),
            None => (line, between),
        };
        is_quoted = (is_quoted && from == line) != has_odd_quotes(own);
        line = mark.end;
        if is_quoted {
            let written = text.get(mark.range()).unwrap_or_default();
            for (offset, _) in written.match_indices('"') {
                canvas.put(mark.start + offset, b'\'');
            }
            continue;
        }
        match mark.kind {
            MarkKind::Value if !is_alone(text, marks.get(at..).unwrap_or_default()) => {
                canvas.word(mark.range());
            }
            kind => {
                if kind == MarkKind::Value {
                    inserted.push(mark.start as u32);
                }
                canvas.blank(mark.range());
                is_loose |= kind != MarkKind::Note;
            }
        }
    }
    Some(Masked {
        text: canvas.finish()?,
        holes: Vec::new(),
        marked: Marked {
            regions: regions(text, &marks),
            inserted,
        },
        is_loose,
        first: Span::new(first.start as u32, first.end as u32),
    })
}

/// Whether a text ends within a string that begins in it.
fn has_odd_quotes(text: &str) -> bool {
    let mut is_odd = false;
    let mut is_escaped = false;
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => is_odd = !is_odd,
            _ => {}
        }
    }
    is_odd
}

/// Whether the first of these marks has its lines for itself.
fn is_alone(text: &str, marks: &[Mark]) -> bool {
    let Some(mark) = marks.first() else {
        return false;
    };
    let before = text.get(..mark.start).unwrap_or_default();
    let behind = text.get(mark.end..).unwrap_or_default();
    let blank = |c: char| matches!(c, ' ' | '\t' | '\r');
    let begins = before.trim_end_matches(blank);
    let ends = behind.trim_start_matches(blank);
    (begins.is_empty() || begins.ends_with('\n')) && (ends.is_empty() || ends.starts_with('\n'))
}
