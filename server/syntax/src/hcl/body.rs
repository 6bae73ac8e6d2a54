//! The bodies of files and blocks: arguments and blocks.

use super::lexer::{begins_name, line_end, name, trimmed_end};
use super::reader::HclReader;
use crate::arena::Kind;
use crate::{NodeId, ProblemKind, ScalarType, Span, Style};

/// What a line begins with that is HCL only once another tool has rendered it.
const TEMPLATE_MARKS: [&str; 3] = ["{{", "{%", "<%"];

impl HclReader<'_> {
    /// Reads the whole text.
    pub fn file(mut self) -> Self {
        let root = self.read.arena.open(Kind::Mapping, 0, Style::Block);
        self.items(None);
        let end = self.source.len() as u32;
        self.read.arena.close_pairs(root, &self.children, end);
        self.children.clear();
        self.read.documents.push(root);
        self
    }

    /// Reads the items of a body, `indent` being how far the header of its block is indented. Says whether the
    /// body ended where it should.
    fn items(&mut self, indent: Option<usize>) -> bool {
        loop {
            self.space(true);
            let outdent = |reader: &Self| {
                indent
                    .filter(|_| reader.by_indent && reader.is_first())
                    .map(|indent| reader.indent.cmp(&indent))
            };
            match self.peek() {
                None => return indent.is_none(),
                Some(b'}') if indent.is_some() => {
                    if outdent(self).is_some_and(|order| order.is_lt()) {
                        return false;
                    }
                    self.take(1);
                    return true;
                }
                Some(b'}') => {
                    let span = Span::new(self.at as u32, self.at as u32 + 1);
                    self.slip(span, "This `}` closes nothing.");
                    self.take(1);
                }
                _ if outdent(self).is_some_and(|order| order.is_le()) && self.is_item_ahead() => {
                    return false;
                }
                Some(byte) if begins_name(byte) => self.item(),
                Some(b'"') => self.quoted_item(),
                Some(_) => self.garbage(),
            }
        }
    }

    /// An argument or a block, from its name.
    fn item(&mut self) {
        let start = self.at;
        self.take(name(self.bytes, start) - start);
        let span = self.since(start);
        let key = self
            .read
            .arena
            .scalar(span, Style::Plain, ScalarType::String);
        self.space(false);
        match self.peek() {
            Some(b'=') if self.second() != Some(b'=') => {
                self.take(1);
                self.argument(key, start);
            }
            Some(b':') => {
                self.slip(
                    Span::new(self.at as u32, self.at as u32 + 1),
                    "The value of an argument comes after `=`, not `:`.",
                );
                self.take(1);
                self.argument(key, start);
            }
            Some(b'[' | b'(' | b'0'..=b'9') => {
                let message = format!("Expected `=` or `{{` after `{}`.", self.text(span));
                self.slip(span, message);
                self.argument(key, start);
            }
            Some(b'{' | b'"') => self.block(key),
            Some(byte) if begins_name(byte) => self.block(key),
            _ => {
                let message = format!("Expected `=` or `{{` after `{}`.", self.text(span));
                self.slip(span, message);
                let value = self.rest_of_line();
                self.children.extend([key, value]);
            }
        }
    }

    /// `"name" = …`, which is a key of an object, not an argument.
    fn quoted_item(&mut self) {
        let start = self.at;
        let before = self.read.problems.len();
        let key = self.string();
        let span = self.since(start);
        self.space(false);
        if let Some(b'=' | b':') = self.peek() {
            if self.read.problems.len() == before {
                self.slip(
                    span,
                    "The name of an argument stands without quotes, followed by `=`.",
                );
            }
            self.take(1);
            self.argument(key, start);
            return;
        }
        if self.read.problems.len() == before {
            self.slip(
                span,
                "Expected the name of an argument or block, found a string.",
            );
        }
        let value = self.rest_of_line();
        self.children.extend([key, value]);
    }

    /// The value of an argument, and the end of its line.
    fn argument(&mut self, key: NodeId, start: usize) {
        let before = self.read.problems.len();
        let about = self.since(start);
        let value = self.value(false, about);
        self.children.extend([key, value]);
        self.space(false);
        match self.peek() {
            _ if self.at_line_end() => self.end_one_line(start),
            Some(b'}') if self.is_one_line || self.depth == 0 => {}
            Some(b'}') => {
                if self.read.problems.len() == before {
                    self.expected("a line break after the value");
                }
            }
            Some(b',' | b';') => {
                let span = Span::new(self.at as u32, self.at as u32 + 1);
                self.slip(
                    span,
                    "Arguments stand on lines of their own, with nothing between them.",
                );
                self.take(1);
            }
            next => {
                if self.read.problems.len() == before {
                    self.expected("a line break after the value");
                }
                if !next.is_some_and(begins_name) {
                    self.garbage_silently();
                }
            }
        }
    }

    /// Says that a body should have ended on the line of its `{`, where its item that begins at `start` is. Once.
    fn end_one_line(&mut self, start: usize) {
        if std::mem::take(&mut self.is_one_line) {
            let end = name(self.bytes, start).max(start + 1);
            let span = Span::new(start as u32, end as u32);
            let message = "A block with an argument on the line of its `{` must end on that line, with nothing else in it.";
            self.slip(span, message);
        }
    }

    /// A block behind its type.
    fn block(&mut self, key: NodeId) {
        let indent = self.indent;
        let depth = self.depth;
        let header = self.read.arena.node(key).span.start as usize;
        let before = self.read.problems.len();
        let mut labels: Vec<(NodeId, NodeId)> = Vec::new();
        let value = loop {
            let start = self.at;
            match self.peek() {
                Some(b'{') => break self.body(indent),
                Some(byte) if byte == b'"' || begins_name(byte) => {
                    if !self.descend() {
                        break self.too_deep();
                    }
                    let map = self
                        .read
                        .arena
                        .open(Kind::Mapping, start as u32, Style::Block);
                    let label = if byte == b'"' {
                        self.string()
                    } else {
                        self.take(name(self.bytes, start) - start);
                        let span = self.since(start);
                        self.read
                            .arena
                            .scalar(span, Style::Plain, ScalarType::String)
                    };
                    labels.push((map, label));
                    self.space(false);
                }
                _ => break self.headless(header, indent),
            }
        };
        let end = self.end as u32;
        let mut inner = value;
        for (map, label) in labels.into_iter().rev() {
            self.read.arena.close_pairs(map, &[label, inner], end);
            inner = map;
        }
        self.depth = depth;
        self.children.extend([key, inner]);
        if self.is_one_line {
            self.end_one_line(header);
        } else if self.read.problems.len() == before {
            self.space(false);
            if !self.at_line_end() && (self.depth > 0 || self.peek() != Some(b'}')) {
                self.expected("a line break after the block");
            }
        }
    }

    /// What stands in the place of the body where no `{` follows the header of a block.
    fn headless(&mut self, header: usize, indent: usize) -> NodeId {
        let about = self.since(header);
        let written = self.text(about).to_owned();
        let is_argument = self.peek() == Some(b'=');
        if self.at_line_end() {
            self.space(true);
            if self.peek() == Some(b'{') {
                let message = format!("The `{{` of a block stands on the line of `{written}`.");
                self.slip(about, message);
                return self.body(indent);
            }
        }
        let message = if is_argument {
            format!("`{written}` is no name of an argument.")
        } else {
            format!("Expected `{{` after `{written}`, which begins a block.")
        };
        self.slip(about, message);
        if self.is_first() {
            self.nothing()
        } else {
            self.rest_of_line()
        }
    }

    /// The body of a block, from its `{`.
    pub fn body(&mut self, indent: usize) -> NodeId {
        if !self.descend() {
            return self.too_deep();
        }
        let open = self.at;
        let node = self
            .read
            .arena
            .open(Kind::Mapping, open as u32, Style::Block);
        let base = self.children.len();
        let brackets = std::mem::take(&mut self.brackets);
        self.take(1);
        self.space(false);
        let begins_here = !self.at_line_end() && self.peek() != Some(b'}');
        let is_one_line = std::mem::replace(&mut self.is_one_line, begins_here);
        if !self.items(Some(indent)) {
            self.unclosed(open, "This block", '}');
        }
        let end = self.end as u32;
        let children = self.children.get(base..).unwrap_or_default();
        self.read.arena.close_pairs(node, children, end);
        self.children.truncate(base);
        self.brackets = brackets;
        self.is_one_line = is_one_line;
        self.depth -= 1;
        node
    }

    /// Nothing, or the rest of the line as an invalid value.
    fn rest_of_line(&mut self) -> NodeId {
        if self.at_line_end() || self.peek() == Some(b'}') {
            return self.nothing();
        }
        let start = self.at;
        self.at = line_end(self.bytes, start);
        self.end = trimmed_end(self.bytes, start, self.at);
        self.invalid(start)
    }

    /// A line that is neither argument nor block.
    fn garbage(&mut self) {
        if !self.is_templated() {
            self.expected("an argument or a block");
        }
        self.garbage_silently();
    }

    /// The rest of a line that no message is due for: an invalid key without a value.
    fn garbage_silently(&mut self) {
        let key = self.rest_of_line();
        let value = self.nothing();
        self.children.extend([key, value]);
    }

    /// Whether a mark of another tool's template language comes next, which gets its own message.
    pub(crate) fn is_templated(&mut self) -> bool {
        let rest = self.source.get(self.at..).unwrap_or_default();
        if !TEMPLATE_MARKS.iter().any(|mark| rest.starts_with(mark)) {
            return false;
        }
        let end = trimmed_end(self.bytes, self.at, line_end(self.bytes, self.at));
        let span = Span::new(self.at as u32, end as u32);
        let message = "This is template syntax of another tool: the file is HCL only once that has rendered it.";
        self.read.problem(ProblemKind::Templated, span, message);
        true
    }
}
