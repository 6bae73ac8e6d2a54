//! Which bracket of a text of JSON was left open, as far as its lines tell.
//!
//! The strict reader sees that a bracket isn't closed where something comes that can't stand in it, which may be a whole statement
//! further down. Whoever left it open has indented the lines below by what they are meant to be in: one that isn't further in than
//! the line of the bracket begins something outside of it. That is believed only where the text with the bracket closed in front of
//! this line can be read further than without.

use super::lexer::{space, string};
use super::{JsonFailure, strict};
use crate::limits::{BRACKETS_TRIED, Limits};
use crate::{ProblemKind, Span};

/// A bracket that is open.
#[derive(Clone, Copy)]
struct Opening {
    at: usize,
    is_mapping: bool,
    /// Where its line begins.
    line: usize,
    /// How far that is indented.
    indent: usize,
}

impl Opening {
    fn closing(&self) -> char {
        match self.is_mapping {
            true => '}',
            false => ']',
        }
    }
}

/// The failure, at the bracket that was left open where that is what is wrong.
pub(super) fn blamed(
    failure: JsonFailure,
    source: &str,
    limits: &Limits,
    lenient: bool,
) -> JsonFailure {
    if failure.kind != ProblemKind::Syntax {
        return failure;
    }
    match left_open(source, failure.span.start as usize, limits, lenient) {
        Some(open) => JsonFailure {
            span: Span::new(open.at as u32, open.at as u32 + 1),
            message: format!(
                "This `{}` isn't closed by `{}`.",
                if open.is_mapping { '{' } else { '[' },
                open.closing()
            ),
            ..failure
        },
        None => failure,
    }
}

/// The innermost bracket that was left open in front of a line no further behind than `until`, where the strict reader stops.
fn left_open(source: &str, until: usize, limits: &Limits, lenient: bool) -> Option<Opening> {
    let bytes = source.as_bytes();
    let mut open: Vec<Opening> = Vec::new();
    let (mut line, mut indent) = (0, 0);
    // The last token, and whether a line has begun since.
    let mut last = 0;
    let mut is_first = false;
    let mut tried = 0;
    let mut at = if source.starts_with('\u{FEFF}') { 3 } else { 0 };
    while at <= until && tried < BRACKETS_TRIED {
        match *bytes.get(at)? {
            b'\n' | b'\r' => {
                (line, is_first) = (at + 1, true);
                at += 1;
                continue;
            }
            b' ' | b'\t' => {
                at += 1;
                continue;
            }
            b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => {
                at = comment_end(source, at);
                continue;
            }
            _ => {}
        }
        if is_first {
            indent = at - line;
            is_first = false;
            let left = left_by(source, &open, at, (line, indent));
            if let Some(inner) = open.last().filter(|_| left > 0) {
                tried += 1;
                let closed = closed(source, &open, left, (last, at));
                if reads_on(&closed, source.len() - until, limits, lenient) {
                    return Some(*inner);
                }
            }
        }
        last = at;
        match *bytes.get(at)? {
            bracket @ (b'{' | b'[') => open.push(Opening {
                at,
                is_mapping: bracket == b'{',
                line,
                indent,
            }),
            b'}' | b']' => drop(open.pop()),
            b'"' => {
                at = string_end(source, at);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// How many of the open brackets the first token of a line shows to have been left open.
fn left_by(source: &str, open: &[Opening], at: usize, (line, indent): (usize, usize)) -> usize {
    let token = source.as_bytes().get(at).copied().unwrap_or_default();
    let is_closing = matches!(token, b'}' | b']');
    // A bracket is closed on a line that is indented as its own is, and what it holds is further in.
    let least = indent + usize::from(is_closing);
    let left = open.iter().rev();
    let left = left
        .take_while(|of| of.line < line && of.indent >= least)
        .count();
    let Some(outer) = open.get(..open.len() - left).and_then(<[_]>::last) else {
        return 0;
    };
    let fits = match is_closing {
        true => outer.is_mapping == (token == b'}') && outer.indent == indent,
        false => outer.indent < indent && outer.is_mapping == is_key(source, at),
    };
    if fits { left } else { 0 }
}

/// Whether a key begins at `at`.
fn is_key(source: &str, at: usize) -> bool {
    let bytes = source.as_bytes();
    bytes.get(at) == Some(&b'"')
        && string(source, at).is_ok_and(|(end, _)| bytes.get(space(bytes, end)) == Some(&b':'))
}

/// The text with the innermost `left` brackets closed behind the last token, before the line that begins at `at`.
fn closed(source: &str, open: &[Opening], left: usize, (last, at): (usize, usize)) -> String {
    let bytes = source.as_bytes();
    let is_closing = matches!(bytes.get(at), Some(b'}' | b']'));
    let is_comma = bytes.get(last) == Some(&b',');
    let before = if is_comma { last } else { at };
    let mut text = String::with_capacity(source.len() + left + 1);
    text.push_str(source.get(..before).unwrap_or_default());
    text.extend(open.iter().rev().take(left).map(Opening::closing));
    if !is_closing {
        text.push(',');
    }
    text.push_str(source.get(at..).unwrap_or_default());
    text
}

/// Whether a text can be read, or at least to where less than `rest` bytes are left.
fn reads_on(text: &str, rest: usize, limits: &Limits, lenient: bool) -> bool {
    match strict::read(text, text, limits, lenient) {
        Ok(_) => true,
        Err(failure) => text.len() - (failure.span.start as usize).min(text.len()) < rest,
    }
}

/// The end of the string at `at`, be it broken.
fn string_end(source: &str, at: usize) -> usize {
    match string(source, at) {
        Ok((end, _)) => end,
        Err(failure) => (failure.span.end as usize).max(at + 1),
    }
}

/// The end of the comment at `at`.
fn comment_end(source: &str, at: usize) -> usize {
    let rest = source.get(at..).unwrap_or_default();
    let end = match rest.starts_with("//") {
        true => rest.find(['\n', '\r']),
        false => rest
            .get(2..)
            .and_then(|body| body.find("*/"))
            .map(|end| end + 4),
    };
    end.map_or(source.len(), |end| at + end)
}
