//! Decoding YAML scalars, with the way back to their source.
//!
//! saphyr-parser gives a decoded text but not where its parts came from, so the scalars whose text differs from
//! their source are decoded here, too. Its text is the one that counts: where the two differ, the map is coarse.

use crate::decoded::{Decoded, Decoder, Run};

/// The length of the line break at `at`, nothing if there is none.
pub(super) fn line_break(bytes: &[u8], at: usize) -> usize {
    match (bytes.get(at), bytes.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => 2,
        (Some(b'\r' | b'\n'), _) => 1,
        _ => 0,
    }
}

/// Passes over white space from `at` on; gives its end and the number of line breaks in it.
fn folding(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let mut breaks = 0;
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t') => at += 1,
            Some(b'\r' | b'\n') => {
                at += line_break(bytes, at);
                breaks += 1;
            }
            _ => return (at, breaks),
        }
    }
}

/// Decodes the quoted scalar whose opening quote is at `start`. Gives the offset behind its closing quote, or
/// nothing if there is none.
pub(super) fn quoted(text: &str, start: usize) -> Option<(usize, Decoded)> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(start)?;
    let mut out = Decoder::default();
    let mut at = start + 1;
    let mut from = at;
    loop {
        match *bytes.get(at)? {
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => {
                out.verbatim(text.get(from..at)?, from - start);
                out.unit("'", at - start);
                at += 2;
                from = at;
            }
            byte if byte == quote => {
                out.verbatim(text.get(from..at)?, from - start);
                return Some((at + 1, out.finish(at - start)));
            }
            b'\\' if quote == b'"' => {
                out.verbatim(text.get(from..at)?, from - start);
                let newline = line_break(bytes, at + 1);
                if newline > 0 {
                    // A continued line: only further, empty lines count.
                    let (end, breaks) = folding(bytes, at + 1 + newline);
                    out.unit(&"\n".repeat(breaks), at - start);
                    at = end;
                } else {
                    let (character, end) = escape(text, at)?;
                    out.unit(character.encode_utf8(&mut [0; 4]), at - start);
                    at = end;
                }
                from = at;
            }
            b' ' | b'\t' | b'\n' | b'\r' => {
                let (end, breaks) = folding(bytes, at);
                if breaks > 0 {
                    out.verbatim(text.get(from..at)?, from - start);
                    let folded = if breaks == 1 {
                        " ".to_owned()
                    } else {
                        "\n".repeat(breaks - 1)
                    };
                    out.unit(&folded, at - start);
                    from = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
}

/// Decodes the escape at the backslash `at`; gives the offset behind it.
fn escape(text: &str, at: usize) -> Option<(char, usize)> {
    let simple = |character| Some((character, at + 2));
    let hexadecimal = |digits: usize| {
        let code = u32::from_str_radix(text.get(at + 2..at + 2 + digits)?, 16).ok()?;
        Some((char::from_u32(code)?, at + 2 + digits))
    };
    match text.as_bytes().get(at + 1)? {
        b'0' => simple('\0'),
        b'a' => simple('\u{7}'),
        b'b' => simple('\u{8}'),
        b't' | b'\t' => simple('\t'),
        b'n' => simple('\n'),
        b'v' => simple('\u{B}'),
        b'f' => simple('\u{C}'),
        b'r' => simple('\r'),
        b'e' => simple('\u{1B}'),
        byte @ (b' ' | b'"' | b'/' | b'\\') => simple(char::from(*byte)),
        b'N' => simple('\u{85}'),
        b'_' => simple('\u{A0}'),
        b'L' => simple('\u{2028}'),
        b'P' => simple('\u{2029}'),
        b'x' => hexadecimal(2),
        b'u' => hexadecimal(4),
        b'U' => hexadecimal(8),
        _ => None,
    }
}

/// The map of a plain scalar over several lines, whose decoded text is known. Gives the offset behind it.
pub(super) fn plain(text: &str, start: usize, decoded: &str) -> Option<(usize, Decoded)> {
    let bytes = text.as_bytes();
    let mut out = Decoder::default();
    let mut at = start;
    let mut rest = decoded;
    while !rest.is_empty() {
        let length = rest.find([' ', '\t', '\n']).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(length);
        if !text.get(at..)?.starts_with(word) {
            return None;
        }
        out.verbatim(word, at - start);
        at += length;
        if behind.is_empty() {
            break;
        }
        let (end, breaks) = folding(bytes, at);
        if end == at {
            // The text has white space where its source has none: no way back.
            return None;
        }
        let space = match breaks {
            0 => text.get(at..end)?.to_owned(),
            1 => " ".to_owned(),
            _ => "\n".repeat(breaks - 1),
        };
        rest = behind.strip_prefix(space.as_str())?;
        if breaks == 0 {
            out.verbatim(&space, at - start);
        } else {
            out.unit(&space, at - start);
        }
        at = end;
    }
    Some((at, out.finish(at - start)))
}

/// Decodes a plain scalar over several lines, `text` being all of it.
pub(super) fn folded(text: &str) -> Decoded {
    let bytes = text.as_bytes();
    let mut out = Decoder::default();
    let (mut at, mut from) = (0, 0);
    while at < bytes.len() {
        let (end, breaks) = folding(bytes, at);
        if breaks > 0 {
            out.verbatim(text.get(from..at).unwrap_or_default(), from);
            let space = if breaks == 1 {
                " ".to_owned()
            } else {
                "\n".repeat(breaks - 1)
            };
            out.unit(&space, at);
            from = end;
        }
        at = end.max(at + 1);
    }
    out.verbatim(text.get(from..).unwrap_or_default(), from);
    out.finish(text.len())
}

/// A block scalar as read from its header on.
pub(super) struct Block {
    /// Behind its last line, without the line break; behind the header if it is empty.
    pub end: usize,
    /// The offset of the comment in its header.
    pub comment: Option<usize>,
    pub decoded: Decoded,
}

/// Decodes the block scalar whose header is at `start`. `parent` is the indentation of the collection that it is
/// in (-1 at the top), which an indentation indicator counts from; without one, `indent` or else the first line
/// decides.
///
/// `source` is as long as `text` and has the characters that count where others were put in their place; `text` says
/// which lines belong to it.
pub(super) fn block(text: &str, source: &str, start: usize, parent: isize) -> Option<Block> {
    let bytes = text.as_bytes();
    let folded = *bytes.get(start)? == b'>';
    let mut at = start + 1;
    let (mut chomp, mut indent) = (b' ', None);
    loop {
        match bytes.get(at) {
            Some(sign @ (b'+' | b'-')) => chomp = *sign,
            Some(digit @ b'1'..=b'9') => {
                indent = Some(parent.max(0) as usize + usize::from(digit - b'0'))
            }
            _ => break,
        }
        at += 1;
    }
    let header = at;
    while let Some(b' ' | b'\t') = bytes.get(at) {
        at += 1;
    }
    let comment = (bytes.get(at) == Some(&b'#')).then_some(at);
    at = line_end(bytes, at);
    at += line_break(bytes, at);
    let indent =
        indent.unwrap_or_else(|| first_indent(bytes, at).max((parent + 1).max(0) as usize));

    let mut out = Decoder::default();
    let mut end = header;
    // Line breaks passed since the last line with content: that line's own, then those of empty lines.
    let mut own_break: Option<usize> = None;
    let mut empty_breaks: Vec<usize> = Vec::new();
    let mut last_began_blank = false;
    while at < bytes.len() {
        let spaces = bytes
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take(indent)
            .take_while(|byte| **byte == b' ')
            .count();
        let content = at + spaces;
        let newline = line_break(bytes, content);
        if newline > 0 {
            empty_breaks.push(content);
            at = content + newline;
            continue;
        }
        if spaces < indent
            || content >= bytes.len()
            || (indent == 0 && is_document_marker(bytes, content))
        {
            break;
        }
        let begins_blank = matches!(bytes.get(content), Some(b' ' | b'\t'));
        match own_break {
            Some(position) if folded && !last_began_blank && !begins_blank => {
                out.unit(
                    if empty_breaks.is_empty() { " " } else { "" },
                    position - start,
                );
            }
            Some(position) => out.unit("\n", position - start),
            None => {}
        }
        for position in empty_breaks.drain(..) {
            out.unit("\n", position - start);
        }
        last_began_blank = begins_blank;
        end = line_end(bytes, content);
        // A mark may begin before the column of the block's other lines.
        let lead = source.get(at..content)?;
        let from = content - lead.trim_start_matches([' ', '\t']).len();
        out.verbatim(source.get(from..end)?, from - start);
        let newline = line_break(bytes, end);
        own_break = (newline > 0).then_some(end);
        at = end + newline;
    }
    if chomp != b'-' && (own_break.is_some() || (end > header && end == bytes.len())) {
        out.unit("\n", end - start);
    }
    if chomp == b'+' {
        for position in empty_breaks {
            out.unit("\n", position - start);
        }
    }
    let stop = if chomp == b'+' { at.max(end) } else { end };
    Some(Block {
        end,
        comment,
        decoded: out.finish(stop - start),
    })
}

/// The indentation of the first line with content from `at` on, or that of the longest line before it.
fn first_indent(bytes: &[u8], mut at: usize) -> usize {
    let mut longest = 0;
    loop {
        let spaces = bytes
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| **byte == b' ')
            .count();
        longest = longest.max(spaces);
        let newline = line_break(bytes, at + spaces);
        if newline == 0 {
            return longest;
        }
        at += spaces + newline;
    }
}

/// The end of the line that `at` is on, its line break not included.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())
}

/// Whether `---` or `...` stands at `at`, the beginning of a line.
pub(super) fn is_document_marker(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at..).unwrap_or_default();
    (rest.starts_with(b"---") || rest.starts_with(b"..."))
        && matches!(rest.get(3), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}

/// A map for a text that could not be followed through its source.
pub(super) fn coarse(text: &str, from: usize, to: usize) -> Decoded {
    let run = |decoded: usize, source: usize| Run {
        decoded: decoded as u32,
        source: source as u32,
        verbatim: false,
    };
    Decoded {
        text: text.to_owned(),
        runs: vec![run(0, from), run(text.len(), to.max(from))],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(found: Option<(usize, Decoded)>) -> (usize, String) {
        found
            .map(|(end, decoded)| (end, decoded.text))
            .unwrap_or_default()
    }

    #[test]
    fn quoted_scalars() {
        for (source, expected) in [
            ("'it''s'", "it's"),
            ("'a\n  b'", "a b"),
            ("'a \n\n\n  b'", "a\n\nb"),
            (r#""a\tb\x41\u00e9\U0001F600\"""#, "a\tbA\u{e9}\u{1F600}\""),
            ("\"a\\\n   b\"", "ab"),
            ("\"a \\\n\n   b\"", "a \nb"),
            ("\"a\r\n  b\"", "a b"),
            ("\"  a  b  \"", "  a  b  "),
        ] {
            assert_eq!(
                decoded(quoted(source, 0)),
                (source.len(), expected.to_owned()),
                "{source:?}"
            );
        }
        assert!(quoted("\"abc", 0).is_none());
        assert!(quoted(r#""\q""#, 0).is_none());
    }

    #[test]
    fn plain_scalars() {
        let source = "a  b\n   c\r\n\r\n d, e";
        let (end, map) = plain(source, 0, "a  b c\nd").unwrap();
        assert_eq!(end, source.find(',').unwrap());
        assert_eq!(map.source_range(5..6), 8..9);
        assert!(plain(source, 0, "a b").is_none());
    }

    #[test]
    fn block_scalars() {
        for (source, parent, expected, end) in [
            ("|\n  a\n   b\n", -1, "a\n b\n", "|\n  a\n   b".len()),
            ("|-\n  a\n\n\n", -1, "a", 6),
            ("|+\n  a\n\n", -1, "a\n\n", 6),
            (">\n  a\n  b\n\n  c\n", -1, "a b\nc\n", 14),
            (">-\n a\n  b\n c\n", -1, "a\n b\nc", 12),
            ("|2-\n   a\n", 0, " a", 8),
            ("| # why\n a\n", -1, "a\n", 10),
            ("|\n\n  a\n", -1, "\na\n", 6),
            ("|\nx: 1\n", 0, "", 1),
            (">\r\n  a\r\n  b\r\n", -1, "a b\n", 11),
        ] {
            let found = block(source, source, 0, parent).unwrap();
            assert_eq!(
                (found.decoded.text.as_str(), found.end),
                (expected, end),
                "{source:?}"
            );
        }
        let text = "| # why\n a\n";
        assert_eq!(block(text, text, 0, -1).unwrap().comment, Some(2));
        let found = block(
            "|\n  a\n      \n  b\n",
            "|\n  a\n{% x %}\n  b\n"
                .replace("{% x %}", "{%x%} ")
                .as_str(),
            0,
            -1,
        );
        assert_eq!(found.unwrap().decoded.text, "a\n{%x%} \nb\n");
    }
}
