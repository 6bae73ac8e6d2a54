//! The documents of a text that can't be read as a whole, and their lines.

use std::ops::Range;

use super::scalar::{is_document_marker, line_break, line_end};

/// A line with something on it besides white space and a comment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Its first byte.
    pub start: usize,
    /// The first byte that is no space: its content, or a tab.
    pub content: usize,
    /// Behind its last byte, the line break not included.
    pub end: usize,
}

impl Line {
    /// Its indentation.
    pub fn column(self) -> usize {
        self.content - self.start
    }
}

/// Cuts a text into its documents, each with the `---` before it and the `...` behind it.
pub(super) fn documents(source: &str) -> Vec<Range<usize>> {
    let bytes = source.as_bytes();
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut has_content = false;
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let next = end + line_break(bytes, end);
        if is_document_marker(bytes, at) {
            if bytes.get(at) == Some(&b'-') {
                if has_content {
                    parts.push(start..at);
                    start = at;
                }
                has_content = true;
            } else {
                parts.push(start..next);
                start = next;
                has_content = false;
            }
        } else if !matches!(bytes.get(at), None | Some(b'#' | b'%' | b'\n' | b'\r')) {
            has_content = true;
        }
        at = next;
    }
    if has_content || parts.is_empty() {
        parts.push(start..source.len());
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts() {
        let cut = |text: &'static str| -> Vec<&'static str> {
            documents(text)
                .into_iter()
                .map(|part| &text[part])
                .collect()
        };
        assert_eq!(cut("a\n---\nb\n"), ["a\n", "---\nb\n"]);
        assert_eq!(
            cut("# c\n---\na\n...\n---\nb"),
            ["# c\n---\na\n...\n", "---\nb"]
        );
        assert_eq!(cut("%YAML 1.2\n---\na\n"), ["%YAML 1.2\n---\na\n"]);
        assert_eq!(cut("a\n----\n"), ["a\n----\n"]);
        assert_eq!(cut(""), [""]);
    }
}
