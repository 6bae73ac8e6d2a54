//! Reading a text in spite of something that saphyr-parser stops at.
//!
//! A part of the text is replaced by other characters, as many of them, so that every offset stays right. The
//! reader takes each scalar's text from the source, not from what was put in its place.

use super::scalar::{line_end, quoted};
use super::{FailureKind, YamlFailure, message};
use crate::limits::MASKS;
use crate::{Problem, ProblemKind};

/// What was done to a text so far.
#[derive(Default)]
pub(super) struct Masks {
    stars: bool,
    tabs: bool,
    attempts: u32,
    /// The comments that were taken out, by their places in the text.
    pub(super) comments: Vec<(usize, usize)>,
}

impl Masks {
    /// Whether nothing else than unquoted stars was in the way.
    pub(super) fn are_stars(&self) -> bool {
        self.stars && self.attempts == 1
    }
}

/// What to read instead of `text` after `failure`, and the problem that this hides, if it is one.
pub(super) fn masked(
    source: &str,
    text: &str,
    base: usize,
    failure: &YamlFailure,
    masks: &mut Masks,
) -> Option<(String, Option<Problem>)> {
    masks.attempts += 1;
    if masks.attempts > MASKS || failure.kind != FailureKind::Syntax {
        return None;
    }
    let at = (failure.at as usize).checked_sub(base)?;
    let info = failure.message.as_str();
    if !masks.stars && text.as_bytes().get(at) == Some(&b'*') {
        masks.stars = true;
        return Some((stars(text), None));
    }
    if info == "invalid indentation in quoted scalar" {
        // saphyr-parser demands of the lines of a quoted text that they are indented; libyaml, PyYAML and
        // SnakeYAML (which CloudFormation uses) don't.
        let (end, _) = quoted(text, at)?;
        return Some((inside(text, at + 1, end - 1, |_| 'x'), None));
    }
    if info.starts_with("invalid indentation") {
        // The same for what is in brackets.
        let start = flow_start(text, failure.next)?;
        let end = flow_end(text, start)?;
        return Some((flattened(text, start, end, &mut masks.comments), None));
    }
    if !masks.tabs && info.contains("tab") {
        masks.tabs = true;
        let problem = message::problem(source, failure);
        if problem.kind == ProblemKind::Tab {
            return Some((tabs(text), Some(problem)));
        }
    }
    None
}

/// Replaces the characters of a range, keeping its length in bytes.
fn inside(text: &str, start: usize, end: usize, with: impl Fn(u8) -> char) -> String {
    let mut out = String::with_capacity(text.len());
    out.push_str(text.get(..start).unwrap_or_default());
    out.extend(text.bytes().take(end).skip(start).map(with));
    out.push_str(text.get(end..).unwrap_or_default());
    out
}

/// Replaces one byte, an ASCII character, by another.
pub(super) fn replace(text: &mut String, at: usize, with: char) {
    if text.as_bytes().get(at).is_some_and(u8::is_ascii) && with.is_ascii() {
        text.replace_range(at..at + 1, with.encode_utf8(&mut [0; 4]));
    }
}

/// Replaces every `*` that may begin a node. Within a scalar or a comment that changes nothing for the reader.
fn stars(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for at in memchr::memchr_iter(b'*', text.as_bytes()) {
        let before = at
            .checked_sub(1)
            .and_then(|before| text.as_bytes().get(before));
        if matches!(
            before,
            None | Some(b' ' | b'\t' | b'\n' | b'\r' | b'[' | b'{' | b',' | b':')
        ) && let Some(byte) = bytes.get_mut(at)
        {
            *byte = b'x';
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// Replaces the tabs in indentations.
fn tabs(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut line = 0;
    while line < bytes.len() {
        let mut at = line;
        while let Some(byte @ (b' ' | b'\t')) = bytes.get_mut(at) {
            *byte = b' ';
            at += 1;
        }
        line = line_end(&bytes, at) + 1;
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// The bracket that opens the value at `at`, behind its properties.
fn flow_start(text: &str, mut at: usize) -> Option<usize> {
    loop {
        match text.as_bytes().get(at)? {
            b'[' | b'{' => return Some(at),
            b'!' | b'&' => {
                let rest = text.get(at..)?;
                at += rest.find([' ', '\t', '\n', '\r']).unwrap_or(rest.len());
                let rest = text.get(at..)?;
                at += rest.len() - rest.trim_start().len();
            }
            _ => return None,
        }
    }
}

/// What is still open at the end of a text in flow style.
#[derive(Default, Debug, PartialEq, Eq)]
pub(super) struct Open {
    /// Closing brackets that are due, the innermost last.
    pub brackets: Vec<char>,
    /// The quote of a string that is open.
    pub quote: Option<char>,
}

/// Follows the brackets that open at `start`. Gives the offset behind the one that closes the first, or what is
/// open at the end of the text; neither if brackets don't match.
pub(super) fn flow(text: &str, start: usize) -> Option<Result<usize, Open>> {
    let bytes = text.as_bytes();
    let mut open = Open::default();
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        // A quote or `#` within a word is part of it.
        let begins = at == start
            || matches!(
                bytes.get(at - 1),
                Some(b' ' | b'\t' | b'\n' | b'\r' | b'[' | b'{' | b',' | b':' | b'"' | b'\'')
            );
        match byte {
            b'[' => open.brackets.push(']'),
            b'{' => open.brackets.push('}'),
            b']' | b'}' => {
                if open.brackets.pop() != Some(char::from(*byte)) {
                    return None;
                }
                if open.brackets.is_empty() {
                    return Some(Ok(at + 1));
                }
            }
            b'"' | b'\'' if begins => match quoted(text, at) {
                Some((end, _)) => {
                    at = end;
                    continue;
                }
                None => {
                    open.quote = Some(char::from(*byte));
                    return Some(Err(open));
                }
            },
            b'#' if begins && !matches!(bytes.get(at.wrapping_sub(1)), Some(b'"' | b'\'')) => {
                at = line_end(bytes, at);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    Some(Err(open))
}

fn flow_end(text: &str, start: usize) -> Option<usize> {
    flow(text, start)?.ok()
}

/// Puts what is in brackets onto one line, without its comments, which it notes.
fn flattened(text: &str, start: usize, end: usize, comments: &mut Vec<(usize, usize)>) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = start;
    while at < end {
        let begins = matches!(
            bytes.get(at.wrapping_sub(1)),
            Some(b' ' | b'\t' | b'\n' | b'\r')
        );
        match bytes.get(at) {
            Some(b'#') if begins => {
                let stop = line_end(bytes, at).min(end);
                if let Some(part) = out.get_mut(at..stop) {
                    part.fill(b' ');
                }
                comments.push((at, stop));
                at = stop;
                continue;
            }
            Some(b'"' | b'\'') => {
                if let Some((stop, _)) = quoted(text, at).filter(|(stop, _)| *stop <= end) {
                    for byte in out.get_mut(at..stop).unwrap_or_default() {
                        if matches!(byte, b'\n' | b'\r') {
                            *byte = b' ';
                        }
                    }
                    at = stop;
                    continue;
                }
            }
            Some(b'\n' | b'\r') => {
                if let Some(byte) = out.get_mut(at) {
                    *byte = b' ';
                }
            }
            _ => {}
        }
        at += 1;
    }
    String::from_utf8(out).unwrap_or_default()
}

/// What to read in place of a value that can't be read: with what it lacks at its end, or with the characters
/// replaced that must not stand in a value without quotes. `value` is where it begins in `text`.
pub(super) fn repaired(text: &str, value: usize) -> Option<String> {
    let text = text.trim_end();
    match text.as_bytes().get(value)? {
        quote @ (b'"' | b'\'') => match quoted(text, value) {
            Some(_) => None,
            None => {
                // A backslash at the very end would escape the quote.
                let odd = text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
                let cut = if odd && *quote == b'"' {
                    format!("{}x", &text[..text.len() - 1])
                } else {
                    text.to_owned()
                };
                Some(format!("{cut}{}", char::from(*quote)))
            }
        },
        b'[' | b'{' => match flow(text, value)? {
            Ok(_) => None,
            Err(open) => {
                let mut out = text.to_owned();
                out.extend(open.quote);
                out.extend(open.brackets.iter().rev());
                Some(out)
            }
        },
        _ => {
            let mut bytes = text.as_bytes().to_vec();
            for (at, byte) in bytes.iter_mut().enumerate().skip(value) {
                let behind = text.as_bytes().get(at + 1);
                let is_indicator = match byte {
                    b':' => matches!(behind, None | Some(b' ' | b'\t')),
                    b'%' | b'@' | b'`' | b'*' | b'&' | b'|' | b'>' | b'!' | b',' | b']' | b'}'
                    | b'?' | b'-' => at == value,
                    _ => false,
                };
                if is_indicator {
                    *byte = b'x';
                }
            }
            String::from_utf8(bytes).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flow_is_followed() {
        assert_eq!(flow("[a, {b: \"]\"}] x", 0), Some(Ok(13)));
        assert_eq!(flow("[it's, a]", 0), Some(Ok(9)));
        assert_eq!(flow("[a # ]\n]", 0), Some(Ok(8)));
        assert_eq!(flow("[a}", 0), None);
        assert_eq!(
            flow("[a, {b", 0),
            Some(Err(Open {
                brackets: vec![']', '}'],
                quote: None
            }))
        );
        assert_eq!(
            flow("[a, \"b", 0),
            Some(Err(Open {
                brackets: vec![']'],
                quote: Some('"')
            }))
        );
    }

    #[test]
    fn lengths_stay() {
        let text = "a: [b, # é\n 'c\nd' ]\nx: *\n\ty: *z";
        let mut comments = Vec::new();
        assert_eq!(flattened(text, 3, 20, &mut comments).len(), text.len());
        assert_eq!(comments, [(7, 11)]);
        assert_eq!(stars(text).len(), text.len());
        assert!(stars(text).ends_with("x: x\n\ty: xz"));
        assert!(tabs(text).ends_with("\n y: *z"));
        assert_eq!(inside("a: 'é'", 4, 6, |_| 'x'), "a: 'xx'");
    }
}
