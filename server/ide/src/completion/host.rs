//! A string that holds a document, as the text that a cursor stands in.

use leastwise_syntax::{NodeId, Span, Tree};

/// Begins a string that is written line by line as it is.
const OPENS: &str = "<<";

/// The string whose document a cursor is in.
#[derive(Clone, Copy)]
pub(super) struct Host {
    /// The string.
    pub node: NodeId,
    /// Of one with interpolations: where its lines stand in the file. They are read as they are written, since what is interpolated
    /// has no text of its own.
    written: Option<Span>,
}

impl Host {
    /// `None` for one whose text isn't known.
    pub fn of(tree: &Tree, node: NodeId) -> Option<Host> {
        let written = match tree.text(node) {
            Some(_) => None,
            None => Some(lines(tree, node)?),
        };
        Some(Host { node, written })
    }

    /// The text of its document.
    pub fn text(self, tree: &Tree) -> Option<&str> {
        match self.written {
            Some(written) => tree.source().get(written.range()),
            None => tree.text(self.node),
        }
    }

    /// Where a place in the file is in the text.
    pub fn decoded(self, tree: &Tree, offset: u32) -> Option<usize> {
        match self.written {
            Some(written) => written
                .touches(offset)
                .then(|| (offset - written.start) as usize),
            None => tree.decoded_offset(self.node, offset),
        }
    }

    /// Where a part of the text is in the file.
    pub fn outer(self, tree: &Tree, part: Span) -> Span {
        match self.written {
            Some(written) => Span::new(written.start + part.start, written.start + part.end),
            None => tree.source_span(self.node, part.range()),
        }
    }
}

/// The lines of a string with interpolations, where nothing in them is escaped and no interpolation has quotes: these would seem
/// to be the document's.
fn lines(tree: &Tree, node: NodeId) -> Option<Span> {
    let span = tree.span(node);
    let source = tree.source().get(span.range())?;
    let first = source.find('\n')? + 1;
    let body = source.get(first..).filter(|_| source.starts_with(OPENS))?;
    let is_plain = |behind: &str| {
        let inside = behind.split_once('}').map_or(behind, |(inside, _)| inside);
        !inside.contains(['"', '\n'])
    };
    let begins = u32::try_from(first).ok()?;
    body.split("${")
        .skip(1)
        .all(is_plain)
        .then(|| Span::new(span.start + begins, span.end))
}

#[cfg(test)]
mod tests {
    use crate::testing::fixture;

    #[test]
    fn a_string_with_interpolations_is_completed() {
        let module = |statement: &str| {
            format!(
                "resource \"aws_iam_policy\" \"p\" {{\n  policy = <<EOT\n{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{{\n    \"Resource\": \"${{aws_sqs_queue.jobs.arn}}\",\n    {statement}\n  }}]\n}}\nEOT\n}}\n"
            )
        };
        for (statement, label, after) in [
            (
                "\"Action\": [\"sqs:SendM$0\"]",
                "sqs:SendMessage",
                "\"Action\": [\"sqs:SendMessage\"]",
            ),
            ("\"Effect\": \"Al$0\"", "Allow", "\"Effect\": \"Allow\""),
        ] {
            let (mut file, at) = fixture(&module(statement));
            let items = file.completions(at);
            let item = items.iter().find(|item| item.label == label);
            let item = item.unwrap_or_else(|| panic!("{label} is missing"));
            let mut text = file.text().to_owned();
            text.replace_range(item.replace.range(), &item.insert);
            assert!(text.contains(after), "{text}");
        }
    }
}
