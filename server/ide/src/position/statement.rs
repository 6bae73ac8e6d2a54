//! The words of the statement around a cursor, for texts that don't parse.

use leastwise_syntax::{Format, Span};

use crate::limits::STATEMENT_REACH;

/// The bytes of the statement that begins at `start`, as far as they can be told; `cursor` lies in it.
fn bounds(text: &str, format: Format, start: u32, cursor: u32) -> (usize, usize) {
    let cursor = cursor as usize;
    let begin = (start as usize).max(cursor.saturating_sub(STATEMENT_REACH));
    let limit = text.floor_char_boundary((cursor + STATEMENT_REACH).min(text.len()));
    let begin = text.floor_char_boundary(begin.min(limit));
    let block =
        format == Format::Yaml && !matches!(text.as_bytes().get(start as usize), Some(b'[' | b'{'));
    let end = if block {
        block_end(text, start as usize, limit)
    } else {
        flow_end(text, begin, limit)
    };
    (begin, end.max(begin))
}

/// The text of the statement that begins at `start`, as far as it can be told.
pub(crate) fn region(text: &str, format: Format, start: u32, cursor: u32) -> &str {
    let (begin, end) = bounds(text, format, start, cursor);
    text.get(begin..end).unwrap_or_default()
}

/// Whether the part of a policy that begins at `start` has a key of this name, told from its characters. The word at the cursor
/// counts for nothing. `None` for the document itself.
pub(crate) fn has_key(
    text: &str,
    format: Format,
    start: Option<u32>,
    cursor: u32,
    name: &str,
) -> bool {
    let (begin, end) = match start {
        Some(start) => bounds(text, format, start, cursor),
        None => {
            let limit =
                text.floor_char_boundary((cursor as usize + STATEMENT_REACH).min(text.len()));
            let begin = (cursor as usize).saturating_sub(STATEMENT_REACH);
            (text.floor_char_boundary(begin), limit)
        }
    };
    let region = text.get(begin..end).unwrap_or_default();
    region.match_indices(name).any(|(at, _)| {
        let before = region.get(..at).unwrap_or_default().chars().next_back();
        let behind = region.get(at + name.len()..).unwrap_or_default();
        let own = begin + at..=begin + at + name.len();
        let (is_quoted, behind) = match before {
            Some(quote @ ('"' | '\'')) => match behind.strip_prefix(quote) {
                Some(behind) => (true, behind),
                None => return false,
            },
            Some(c) if is_of_word(c) => return false,
            _ => (false, behind),
        };
        let behind = behind.trim_start_matches([' ', '\t']);
        let is_key = match (format, behind.strip_prefix(':')) {
            (Format::Hcl, _) => behind.starts_with(['=', ':', '{']),
            // `AWS::Region` is no key.
            (_, value) => value.is_some_and(|value| is_quoted || !value.starts_with(is_of_word)),
        };
        is_key && !own.contains(&(cursor as usize))
    })
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '.' | '/' | '*')
}

/// The words of the statement that begins at `start` that have the shape of an action, each with its bytes, in order.
pub(crate) fn words(text: &str, format: Format, start: u32, cursor: u32) -> Vec<(Span, &str)> {
    let (begin, end) = bounds(text, format, start, cursor);
    let is_word = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_' | b'.' | b'*' | b'?')
    };
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut at = begin;
    while at < end {
        let Some(&byte) = bytes.get(at) else { break };
        if byte == b'#'
            && format == Format::Yaml
            && at > 0
            && matches!(bytes.get(at - 1), Some(b' ' | b'\n' | b'\t'))
        {
            at += bytes
                .get(at..end)
                .unwrap_or_default()
                .iter()
                .take_while(|byte| **byte != b'\n')
                .count();
            continue;
        }
        if !is_word(byte) {
            at += 1;
            continue;
        }
        let length = bytes
            .get(at..end)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| is_word(**byte))
            .count();
        let word = text.get(at..at + length).unwrap_or_default();
        if word == "*"
            || word.bytes().filter(|byte| *byte == b':').count() == 1 && !word.ends_with(':')
        {
            let small = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
            words.push((Span::new(small(at), small(at + length)), word));
        }
        at += length.max(1);
    }
    words
}

/// The end of the block whose dash or key is at `start`: before the next line that is not deeper.
fn block_end(text: &str, start: usize, limit: usize) -> usize {
    let line = text
        .get(..start)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let column = start - line;
    let mut at = start;
    while let Some(length) = text.get(at..limit).and_then(|rest| rest.find('\n')) {
        at += length + 1;
        let rest = text.get(at..limit).unwrap_or_default();
        let trimmed = rest.trim_start_matches(' ');
        if rest.len() - trimmed.len() <= column
            && !trimmed.starts_with(['\n', '\r', '#'])
            && !trimmed.is_empty()
        {
            return at;
        }
    }
    limit
}

/// The end of the brackets at `start`.
fn flow_end(text: &str, start: usize, limit: usize) -> usize {
    let mut depth = 0usize;
    let mut quoted = None;
    let mut skip = false;
    for (at, byte) in text.bytes().enumerate().take(limit).skip(start) {
        match (quoted, byte) {
            _ if skip => skip = false,
            (Some(b'"'), b'\\') => skip = true,
            // An open string ends with its line, as far as can be told.
            (Some(_), b'\n') => quoted = None,
            (Some(quote), _) if byte == quote => quoted = None,
            (None, b'"') => quoted = Some(byte),
            (None, b'[' | b'{') => depth += 1,
            (None, b']' | b'}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    limit
}
