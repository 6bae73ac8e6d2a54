//! Where the marks of a text are.

use super::{Mark, MarkKind, control};
use crate::limits::{MARK_LENGTH, MARK_ON_A_LINE};
use crate::work::did;

/// The marks of a text, in order and apart from each other.
pub fn find(text: &str) -> Vec<Mark> {
    let bytes = text.as_bytes();
    let mut ends = Ends::of(text);
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
            (Some(b'<'), _, Some(b'%')) => ends.erb.closed(at, "<%", control::erb),
            (Some(b'{'), Some(b'$'), Some(b'{')) => ends
                .mustache
                .closed(at, "{{", |_| MarkKind::Value)
                .map(|mark| Mark {
                    start: at - 1,
                    ..mark
                }),
            (Some(b'{'), _, Some(b'{')) => ends.mustache.closed(at, "{{", control::mustache),
            (Some(b'{'), _, Some(b'%')) => ends.jinja.closed(at, "{%", control::jinja),
            (Some(b'{'), _, Some(b'#')) => ends.note.closed(at, "{#", |_| MarkKind::Note),
            (Some(b'{'), Some(lead @ (b'$' | b'%' | b'#')), _) if before(2) != Some(lead) => {
                braces(text, at, &mut ends.brace).map(|end| Mark {
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

/// Where the next mark may end.
struct Ends<'t> {
    erb: End<'t>,
    mustache: End<'t>,
    jinja: End<'t>,
    note: End<'t>,
    brace: End<'t>,
}

impl<'t> Ends<'t> {
    fn of(text: &'t str) -> Ends<'t> {
        let of = |close| End {
            text,
            close,
            known: None,
        };
        Ends {
            erb: of("%>"),
            mustache: of("}}"),
            jinja: of("%}"),
            note: of("#}"),
            brace: of("}"),
        }
    }
}

/// The next place of what closes a mark. Asked in the order of the text it reads each byte once, however many marks
/// wait for the same end.
struct End<'t> {
    text: &'t str,
    close: &'static str,
    /// Where it was looked for last, and the first place from there on.
    known: Option<(usize, Option<usize>)>,
}

impl End<'_> {
    /// The first place at or behind `at`.
    fn behind(&mut self, at: usize) -> Option<usize> {
        match self.known {
            Some((from, next)) if from <= at && next.is_none_or(|next| at <= next) => next,
            _ => {
                let rest = self.text.get(at..).unwrap_or_default();
                let length = rest.find(self.close);
                did(length.unwrap_or(rest.len()));
                let next = length.map(|length| at + length);
                self.known = Some((at, next));
                next
            }
        }
    }

    /// The mark between `open` at `at` and the next end, with another `open` before which it isn't one.
    fn closed(&mut self, at: usize, open: &str, kind: impl Fn(&str) -> MarkKind) -> Option<Mark> {
        let inside = at + open.len();
        let next = self.behind(inside)?;
        let mut end = next + self.close.len();
        if end > inside + MARK_LENGTH {
            return None;
        }
        let inner = self.text.get(inside..next)?;
        // `{{{ raw }}}` of Mustache and Handlebars.
        let bare = inner.strip_prefix('{').unwrap_or(inner);
        let another = bare.find(open);
        did(another.unwrap_or(bare.len()));
        if another.is_some() {
            return None;
        }
        let is_raw = bare.len() < inner.len() && open == "{{";
        if is_raw && self.text.as_bytes().get(end) == Some(&b'}') {
            end += 1;
        }
        Some(Mark {
            start: at,
            end,
            kind: kind(bare),
        })
    }
}

/// The end of the braces that open at `at`, on the same line and with those in them.
fn braces(text: &str, at: usize, next: &mut End) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut quoted) = (0usize, false);
    let end = (at + MARK_ON_A_LINE).min(bytes.len());
    if next.behind(at)? >= end {
        return None;
    }
    for (offset, byte) in bytes.get(at..end)?.iter().enumerate() {
        did(1);
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
