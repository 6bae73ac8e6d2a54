//! The tokens of JSON that take more than one byte.

use super::JsonFailure;
use crate::decoded::{Decoded, Decoder};
use crate::limits::QUOTED_CHARACTERS;
use crate::{ProblemKind, Span};

/// The offset of the first byte at or after `at` that is no white space.
pub(super) fn space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

/// A finding about `start..end`.
pub(super) fn failure(start: usize, end: usize, message: impl Into<String>) -> JsonFailure {
    JsonFailure {
        kind: ProblemKind::Syntax,
        span: Span::new(start as u32, end as u32),
        message: message.into(),
    }
}

/// The end of the string that begins with the quote at `start`, its closing quote included, and whether it
/// holds an escape.
#[inline]
pub(super) fn string(source: &str, start: usize) -> Result<(usize, bool), JsonFailure> {
    let bytes = source.as_bytes();
    let mut at = start + 1;
    let mut escaped = false;
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok((at + 1, escaped)),
            Some(b'\\') => {
                escaped = true;
                at = escape_end(source, at)?;
            }
            Some(b'\n' | b'\r') | None => {
                let end = source
                    .get(start..at)
                    .map_or(at, |text| start + text.trim_end().len());
                return Err(failure(
                    start,
                    end,
                    "This string has no closing `\"` on its line.",
                ));
            }
            Some(byte) if *byte < 0x20 => {
                let message = format!(
                    "A string can't contain the control character U+{byte:04X}; write it as `\\u{byte:04x}`."
                );
                return Err(failure(at, at + 1, message));
            }
            Some(_) => at += 1,
        }
    }
}

/// The end of the escape at the backslash `at`.
fn escape_end(source: &str, at: usize) -> Result<usize, JsonFailure> {
    let bytes = source.as_bytes();
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => {
            let digits = bytes
                .get(at + 2..at + 6)
                .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
            match digits {
                Some(_) => Ok(at + 6),
                None => Err(failure(
                    at,
                    at + 2,
                    "`\\u` needs four hexadecimal digits after it.",
                )),
            }
        }
        Some(_) => {
            let end = source.ceil_char_boundary(at + 2);
            let written = source.get(at..end).unwrap_or("\\");
            Err(failure(
                at,
                end,
                format!("`{written}` isn't a JSON escape; a backslash itself is written `\\\\`."),
            ))
        }
        None => Err(failure(at, at + 1, "The file ends within a string.")),
    }
}

/// Decodes the content of a string, `content` being its range without quotes. Broken escapes, and halves of
/// surrogate pairs, become U+FFFD.
pub(super) fn decode(source: &str, node_start: usize, content: std::ops::Range<usize>) -> Decoded {
    let mut out = Decoder::default();
    let text = source.get(content.clone()).unwrap_or_default();
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', text.as_bytes().get(at..).unwrap_or_default()) {
        let escape = at + found;
        let place = |at: usize| content.start - node_start + at;
        out.verbatim(text.get(at..escape).unwrap_or_default(), place(at));
        let mut end = escape + 2;
        let character = match text.as_bytes().get(escape + 1) {
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let unit = |at: usize| {
                    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
                    u16::from_str_radix(digits, 16).ok()
                };
                let first = unit(escape);
                if first.is_some() {
                    end = escape + 6;
                }
                let second = first
                    .filter(|unit| (0xD800..0xDC00).contains(unit))
                    .and_then(|_| unit(escape + 6));
                let units = first.into_iter().chain(second);
                match char::decode_utf16(units).next() {
                    Some(Ok(character)) => {
                        if character.len_utf16() == 2 {
                            end = escape + 12;
                        }
                        character
                    }
                    _ => char::REPLACEMENT_CHARACTER,
                }
            }
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
            _ => {
                end = text.ceil_char_boundary(escape + 2);
                char::REPLACEMENT_CHARACTER
            }
        };
        out.unit(character.encode_utf8(&mut [0; 4]), place(escape));
        at = end.min(text.len());
    }
    out.verbatim(
        text.get(at..).unwrap_or_default(),
        content.start - node_start + at,
    );
    out.finish(content.end - node_start)
}

/// The end of the number at `start`.
pub(super) fn number(bytes: &[u8], start: usize) -> Result<usize, JsonFailure> {
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
    let whole = at;
    at = digits(at);
    if at == whole {
        return Err(failure(
            start,
            at,
            "A number needs a digit after its minus sign.",
        ));
    }
    if bytes.get(whole) == Some(&b'0') && at > whole + 1 {
        return Err(failure(
            start,
            at,
            "A number can't begin with a zero; an account ID must be a string, in quotes.",
        ));
    }
    if bytes.get(at) == Some(&b'.') {
        let fraction = at + 1;
        at = digits(fraction);
        if at == fraction {
            return Err(failure(
                start,
                at,
                "A number needs a digit after its decimal point.",
            ));
        }
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let exponent = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        at = digits(exponent);
        if at == exponent {
            return Err(failure(
                start,
                at,
                "A number needs a digit in its exponent.",
            ));
        }
    }
    Ok(at)
}

/// The end of the bare word at `at`: letters, digits and what may stand in an action or a name.
pub(super) fn word(source: &str, at: usize) -> usize {
    let rest = source.get(at..).unwrap_or_default();
    let length = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | '"'))
        .unwrap_or(rest.len());
    at + length
}

/// What stands at `at`, for a message, and its end.
pub(super) fn found(source: &str, at: usize) -> (String, usize) {
    let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) else {
        return ("the end of the file".to_owned(), at);
    };
    if rest.starts_with("//") || rest.starts_with("/*") {
        return ("a comment, which JSON doesn't have".to_owned(), at + 2);
    }
    let end = match rest.as_bytes().first() {
        Some(b'"') => {
            string(source, at).map_or_else(|failure| failure.span.end as usize, |(end, _)| end)
        }
        _ => word(source, at).max(source.ceil_char_boundary(at + 1)),
    };
    let written = source.get(at..end).unwrap_or_default();
    let short: String = written.chars().take(QUOTED_CHARACTERS).collect();
    let dots = if short.len() < written.len() {
        "…"
    } else {
        ""
    };
    (format!("`{short}{dots}`"), end)
}
