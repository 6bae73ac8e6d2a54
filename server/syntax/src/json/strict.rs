//! RFC 8259, in one pass into the arena.
//!
//! Written by hand, not taken from tree-sitter: a valid file is what a checker reads nearly always, this is more
//! than ten times as quick, and it says exactly what is wrong at the first place that is.

use super::JsonFailure;
use super::lexer::{decode, failure, found, number, space, string};
use crate::arena::{Arena, Kind};
use crate::reading::Reading;
use crate::{Comment, Limits, NodeId, ProblemKind, ScalarType, Span, Style};

/// A collection that is still open.
struct Frame {
    node: NodeId,
    is_mapping: bool,
    /// Where its children begin in the stack of children.
    base: usize,
}

/// Reads a valid text, or says where it stops being one. `source` is the `original`, perhaps with other characters in the
/// place of some; scalars have what the original has. `lenient`: comments and trailing commas are valid.
pub(super) fn read(
    original: &str,
    source: &str,
    limits: &Limits,
    lenient: bool,
) -> Result<Reading, JsonFailure> {
    let bytes = source.as_bytes();
    let mut read = Reading::default();
    // A node takes seven bytes and more of text; a text full of empty brackets only has to grow the vector.
    read.arena.nodes.reserve(source.len() / 14);
    let start = if source.starts_with('\u{FEFF}') { 3 } else { 0 };
    let at = gap(source, start, lenient, &mut read)?;
    if at == bytes.len() {
        return Err(failure(at, at, "The file contains no JSON value."));
    }
    let (root, at) = value([original, source], at, limits, lenient, &mut read)?;
    let end = gap(source, at, lenient, &mut read)?;
    read.documents.extend(root);
    if end < bytes.len() {
        let (found, stop) = found(source, end);
        return Err(failure(
            end,
            stop,
            format!("Expected the end of the file after the value, found {found}."),
        ));
    }
    Ok(read)
}

/// Reads the value that begins at `at`, and tells where it ends.
pub(super) fn value(
    [original, source]: [&str; 2],
    at: usize,
    limits: &Limits,
    lenient: bool,
    read: &mut Reading,
) -> Result<(Option<NodeId>, usize), JsonFailure> {
    let bytes = source.as_bytes();
    let mut frames: Vec<Frame> = Vec::new();
    let mut children: Vec<NodeId> = Vec::new();
    let mut at = at;
    loop {
        // A value is due at `at`.
        let value = match bytes.get(at) {
            Some(bracket @ (b'{' | b'[')) => {
                if frames.len() as u32 >= limits.depth {
                    let message = crate::limits::too_deep(limits.depth);
                    let span = Span::new(at as u32, at as u32 + 1);
                    return Err(JsonFailure {
                        kind: ProblemKind::TooDeep,
                        span,
                        message,
                    });
                }
                let is_mapping = *bracket == b'{';
                let kind = if is_mapping {
                    Kind::Mapping
                } else {
                    Kind::Sequence
                };
                let node = read.arena.open(kind, at as u32, Style::Flow);
                frames.push(Frame {
                    node,
                    is_mapping,
                    base: children.len(),
                });
                at = gap(source, at + 1, lenient, read)?;
                match bytes.get(at) {
                    Some(b'}') if is_mapping => None,
                    Some(b']') if !is_mapping => None,
                    Some(_) if is_mapping => {
                        at = key([original, source], read, &mut children, at, true, lenient)?;
                        continue;
                    }
                    _ => continue,
                }
            }
            _ => {
                let (value, end) = scalar([original, source], &mut read.arena, at, frames.last())?;
                at = end;
                Some(value)
            }
        };
        children.extend(value);
        // A value ended at `at`, or a collection is about to: close what closes here.
        let mut is_empty = value.is_none();
        loop {
            let Some(frame) = frames.last() else {
                return Ok((children.pop(), at));
            };
            at = gap(source, at, lenient, read)?;
            match bytes.get(at) {
                Some(b',') if !is_empty => {
                    let comma = at;
                    at = gap(source, at + 1, lenient, read)?;
                    let close = if frame.is_mapping { b'}' } else { b']' };
                    if bytes.get(at) == Some(&close) {
                        if lenient {
                            // Another comma would be one too many.
                            is_empty = true;
                            continue;
                        }
                        let message = format!(
                            "There is a comma before `{}`, but nothing between them.",
                            char::from(close)
                        );
                        return Err(failure(comma, comma + 1, message));
                    }
                    if frame.is_mapping {
                        at = key([original, source], read, &mut children, at, false, lenient)?;
                    }
                    break;
                }
                Some(b'}') if frame.is_mapping => {
                    read.arena.close_mapping(
                        original,
                        frame.node,
                        children.get(frame.base..).unwrap_or_default(),
                        at as u32 + 1,
                    );
                }
                Some(b']') if !frame.is_mapping => {
                    read.arena.close_sequence(
                        frame.node,
                        children.get(frame.base..).unwrap_or_default(),
                        at as u32 + 1,
                    );
                }
                _ => {
                    let expected = if frame.is_mapping {
                        "`,` or `}`"
                    } else {
                        "`,` or `]`"
                    };
                    let (found, end) = found(source, at);
                    return Err(failure(
                        at,
                        end,
                        format!("Expected {expected} after the value, found {found}."),
                    ));
                }
            }
            children.truncate(frame.base);
            children.push(frame.node);
            frames.pop();
            at += 1;
            is_empty = false;
        }
    }
}

/// Passes over white space and, if the reader is lenient, comments.
fn gap(source: &str, at: usize, lenient: bool, read: &mut Reading) -> Result<usize, JsonFailure> {
    let bytes = source.as_bytes();
    let mut at = space(bytes, at);
    while lenient && bytes.get(at) == Some(&b'/') {
        let rest = bytes.get(at..).unwrap_or_default();
        let end = match rest.get(1) {
            Some(b'/') => at + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len()),
            Some(b'*') => {
                let body = rest.get(2..).unwrap_or_default();
                match memchr::memmem::find(body, b"*/") {
                    Some(length) => at + 2 + length + 2,
                    None => {
                        return Err(failure(at, at + 2, "This comment has no closing `*/`."));
                    }
                }
            }
            _ => break,
        };
        read.comments.push(Comment {
            span: Span::new(at as u32, end as u32),
        });
        at = space(bytes, end);
    }
    Ok(at)
}

/// Reads `"key" :` and the space behind it.
fn key(
    [original, source]: [&str; 2],
    read: &mut Reading,
    children: &mut Vec<NodeId>,
    at: usize,
    first: bool,
    lenient: bool,
) -> Result<usize, JsonFailure> {
    let bytes = source.as_bytes();
    if bytes.get(at) != Some(&b'"') {
        let (found, end) = found(source, at);
        let expected = if first {
            "a key in double quotes or `}`"
        } else {
            "a key in double quotes"
        };
        return Err(failure(
            at,
            end,
            format!("Expected {expected}, found {found}."),
        ));
    }
    let (id, end) = text([original, source], &mut read.arena, at)?;
    children.push(id);
    let colon = gap(source, end, lenient, read)?;
    if bytes.get(colon) != Some(&b':') {
        let (found, stop) = found(source, colon);
        let name = source.get(at..end).unwrap_or_default();
        return Err(failure(
            colon,
            stop,
            format!("Expected `:` after the key {name}, found {found}."),
        ));
    }
    gap(source, colon + 1, lenient, read)
}

/// Reads a string.
fn text(
    [original, source]: [&str; 2],
    arena: &mut Arena,
    at: usize,
) -> Result<(NodeId, usize), JsonFailure> {
    let (end, escaped) = string(source, at)?;
    let span = Span::new(at as u32, end as u32);
    let (style, ty) = (Style::DoubleQuoted, ScalarType::String);
    let id = if escaped {
        arena.decoded_scalar(span, style, ty, decode(original, at, at + 1..end - 1))
    } else {
        arena.scalar(span, style, ty)
    };
    Ok((id, end))
}

/// Reads a string, a number or a literal.
fn scalar(
    [original, source]: [&str; 2],
    arena: &mut Arena,
    at: usize,
    within: Option<&Frame>,
) -> Result<(NodeId, usize), JsonFailure> {
    let bytes = source.as_bytes();
    let rest = bytes.get(at..).unwrap_or_default();
    let (end, ty) = match rest.first() {
        Some(b'"') => return text([original, source], arena, at),
        Some(b'-' | b'0'..=b'9') => (number(bytes, at)?, ScalarType::Number),
        Some(b't') if rest.starts_with(b"true") => (at + 4, ScalarType::Bool),
        Some(b'f') if rest.starts_with(b"false") => (at + 5, ScalarType::Bool),
        Some(b'n') if rest.starts_with(b"null") => (at + 4, ScalarType::Null),
        _ => {
            let (found, end) = found(source, at);
            let expected = if within.is_some_and(|frame| !frame.is_mapping) {
                "a value or `]`"
            } else {
                "a value"
            };
            let hint = match rest.first() {
                Some(b'\'') => "; JSON writes strings in double quotes",
                Some(byte) if byte.is_ascii_alphabetic() || *byte == b'*' => {
                    "; a string needs double quotes"
                }
                _ => "",
            };
            return Err(failure(
                at,
                end,
                format!("Expected {expected}, found {found}{hint}."),
            ));
        }
    };
    // `trueish` and `12a` are no literal with something behind it, but a word.
    if bytes
        .get(end)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    {
        let (found, stop) = found(source, at);
        return Err(failure(
            at,
            stop,
            format!("Expected a value, found {found}; a string needs double quotes."),
        ));
    }
    Ok((
        arena.scalar(Span::new(at as u32, end as u32), Style::Plain, ty),
        end,
    ))
}
