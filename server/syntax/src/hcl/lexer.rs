//! The smallest pieces of HCL.

use crate::limits::QUOTED_CHARACTERS;

/// Whether a byte may begin a name. All of a character that is not ASCII count; which of them Unicode has for names
/// makes no difference here.
pub(super) fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

/// The end of the name that begins at `at`; `at` itself if none does.
pub(super) fn name(bytes: &[u8], at: usize) -> usize {
    if !bytes.get(at).copied().is_some_and(begins_name) {
        return at;
    }
    let continues =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || *byte >= 0x80;
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .position(|byte| !continues(byte))
        .unwrap_or(rest.len())
}

/// The end of the number that begins with the digit at `at`.
pub(super) fn number(bytes: &[u8], at: usize) -> usize {
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let mut end = digits(at);
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = digits(end + 1);
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let exponent = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if bytes.get(exponent).is_some_and(u8::is_ascii_digit) {
            end = digits(exponent);
        }
    }
    end
}

/// The length of the operator of two operands that `rest` begins with.
pub(super) fn operator(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'=' | b'!' | b'<' | b'>', b'=', ..] | [b'&', b'&', ..] | [b'|', b'|', ..] => Some(2),
        [b'+' | b'-' | b'*' | b'/' | b'%' | b'<' | b'>', ..] => Some(1),
        _ => None,
    }
}

/// The end of the line that `at` is on, its break not included.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    match memchr::memchr(b'\n', rest) {
        Some(length) if length > 0 && rest.get(length - 1) == Some(&b'\r') => at + length - 1,
        Some(length) => at + length,
        None => at + rest.len(),
    }
}

/// The offset behind the last byte before `at` (and behind `start`) that is no blank.
pub(super) fn trimmed_end(bytes: &[u8], start: usize, at: usize) -> usize {
    let text = bytes.get(start..at).unwrap_or_default();
    start + text.trim_ascii_end().len()
}

/// What stands at `at`, for a message, and its end.
pub(super) fn found(source: &str, at: usize) -> (String, usize) {
    let bytes = source.as_bytes();
    let end = match bytes.get(at) {
        None => return ("the end of the file".to_owned(), at),
        Some(b'\n' | b'\r') => return ("the end of the line".to_owned(), at),
        Some(b'"') => {
            let line = bytes.get(at + 1..line_end(bytes, at)).unwrap_or_default();
            at + 1 + memchr::memchr(b'"', line).map_or(line.len(), |length| length + 1)
        }
        Some(byte) if byte.is_ascii_digit() => number(bytes, at),
        Some(_) => name(bytes, at).max(source.ceil_char_boundary(at + 1)),
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

/// The end of what the bracket at `at` holds, or of the text: the way over what is nested too deeply to be read.
pub(super) fn bracketed(bytes: &[u8], at: usize) -> usize {
    // Open brackets and strings, the innermost last; `$` is an interpolation.
    let mut open: Vec<u8> = Vec::new();
    let mut at = at;
    while let Some(&byte) = bytes.get(at) {
        let in_string = open.last() == Some(&b'"');
        at += 1;
        match byte {
            b'\\' if in_string => at += 1,
            b'"' if in_string => {
                open.pop();
            }
            b'$' | b'%' if in_string && bytes.get(at) == Some(&b'{') => {
                open.push(b'{');
                at += 1;
            }
            _ if in_string => {}
            b'"' | b'{' | b'[' | b'(' => open.push(byte),
            b'}' | b']' | b')' => {
                open.pop();
            }
            b'#' => at = line_end(bytes, at),
            b'/' if bytes.get(at) == Some(&b'/') => at = line_end(bytes, at),
            _ => {}
        }
        if open.is_empty() {
            return at.min(bytes.len());
        }
    }
    bytes.len()
}
