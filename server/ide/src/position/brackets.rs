//! What is open at a place of a text in HCL, told from the characters before it: the reader gives up the order of a text that ends
//! in the middle.

/// What is open at an offset, from the outermost inwards: brackets by themselves, `"` for a text, `$` for what is interpolated in
/// one, `<` for a heredoc, `#` for a comment.
pub(super) fn open(text: &str, upto: usize) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut open: Vec<u8> = Vec::new();
    // There may be nothing but blanks for most of a file.
    let mut at = bytes.iter().take_while(|byte| **byte == b' ').count();
    at = at.min(upto);
    while at < upto {
        let Some(&byte) = bytes.get(at) else { break };
        let next = bytes.get(at + 1).copied();
        if open.last() == Some(&b'"') {
            match byte {
                b'\\' => at += 1,
                b'"' | b'\n' => drop(open.pop()),
                // With its sign twice, the brace is a part of the text.
                b'$' | b'%' if next == Some(byte) && bytes.get(at + 2) == Some(&b'{') => at += 2,
                b'$' | b'%' if next == Some(b'{') => {
                    open.push(b'$');
                    at += 1;
                }
                _ => {}
            }
            at += 1;
            continue;
        }
        match byte {
            b'"' => open.push(b'"'),
            b'{' | b'[' | b'(' => open.push(byte),
            b'}' if open.last() == Some(&b'$') => drop(open.pop()),
            b'}' | b']' | b')' => close(&mut open, byte),
            b'#' => at = line_end(bytes, at),
            b'/' if next == Some(b'/') => at = line_end(bytes, at),
            b'/' if next == Some(b'*') => {
                let rest = text.get(at + 2..).unwrap_or_default();
                at = rest
                    .find("*/")
                    .map_or(bytes.len(), |length| at + length + 3);
            }
            b'<' if next == Some(b'<') => match heredoc(text, at) {
                Some((_, end)) if end <= upto => at = end,
                Some((begin, _)) if begin <= upto => {
                    open.push(b'<');
                    return open;
                }
                _ => {}
            },
            _ => {}
        }
        at += 1;
    }
    // A comment that reaches beyond the place is open there.
    if at > upto {
        open.push(b'#');
    }
    open
}

/// Whether all that is opened in a text is closed.
pub(super) fn are_closed(text: &str) -> bool {
    open(text, text.len()).iter().all(|byte| *byte == b'#')
}

/// A text that ends where these are open, with their ends.
pub(super) fn closed(text: &str, open: &[u8]) -> String {
    let mut text = text.to_owned();
    for byte in open.iter().rev() {
        match byte {
            b'{' => text.push_str("\n}"),
            b'[' => text.push(']'),
            b'(' => text.push(')'),
            b'$' => text.push('}'),
            b'"' => text.push('"'),
            _ => {}
        }
    }
    text
}

/// Closes what a bracket closes: what is open in it as well. One that closes nothing is taken for a slip.
fn close(open: &mut Vec<u8>, byte: u8) {
    let begin = match byte {
        b'}' => b'{',
        b']' => b'[',
        _ => b'(',
    };
    if let Some(at) = open.iter().rposition(|own| *own == begin) {
        open.truncate(at);
    }
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let length = rest.iter().position(|byte| *byte == b'\n');
    length.map_or(bytes.len(), |length| from + length)
}

/// Where the lines of a heredoc begin whose `<<` stands at an offset, and where its last word ends.
fn heredoc(text: &str, at: usize) -> Option<(usize, usize)> {
    let rest = text.get(at + 2..)?;
    let head = rest.split('\n').next()?;
    let name = head.trim_start_matches('-').trim();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let begin = at + 2 + head.len() + 1;
    let mut start = begin;
    for line in text.get(begin..)?.split('\n') {
        if line.trim() == name {
            return Some((begin, start + line.trim_end().len()));
        }
        start += line.len() + 1;
    }
    Some((begin, usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::{are_closed, closed, open};

    #[test]
    fn what_is_open() {
        for (text, wanted) in [
            ("a = [", "["),
            ("a = [1]", ""),
            ("a { b = \"x", "{\""),
            ("a { b = \"x\\\"", "{\""),
            ("a { b = \"x\n", "{"),
            ("a = \"${f(\"b", "\"$(\""),
            ("a = \"${f(1)}", "\""),
            ("a # {", "#"),
            ("a # {\n", ""),
            ("a /* { */ [", "["),
            ("a /* {", "#"),
            ("a = <<EOT\n{", "<"),
            ("a = <<-EOT\n  {\n  EOT\n", ""),
            ("a = f({ b = [", "({["),
            ("a = (]", "("),
            ("a = ([}", "(["),
        ] {
            let found = open(text, text.len());
            assert_eq!(String::from_utf8(found).unwrap(), wanted, "{text}");
        }
    }

    #[test]
    fn what_closes_it() {
        let text = "a = f({ b = [\"x";
        let whole = closed(text, &open(text, text.len()));
        assert_eq!(whole, "a = f({ b = [\"x\"]\n})");
        assert!(are_closed(&whole));
    }
}
