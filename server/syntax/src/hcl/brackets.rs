//! Tuples, objects, the arguments of calls, and the comprehensions in brackets.

use super::lexer::{begins_name, line_end, name, operator};
use super::reader::HclReader;
use crate::arena::Kind;
use crate::{NodeId, ScalarType, Span, Style};

impl HclReader<'_> {
    /// `[…]`
    pub fn tuple(&mut self) -> NodeId {
        if self.is_comprehension() {
            return self.comprehension(b']');
        }
        let node = self
            .read
            .arena
            .open(Kind::Sequence, self.at as u32, Style::Flow);
        self.list(node, b']', "This list");
        node
    }

    /// The items of a sequence with the brackets around them.
    pub fn list(&mut self, node: NodeId, close: u8, what: &str) {
        let open = self.at;
        let indent = self.indent;
        let base = self.children.len();
        self.brackets += 1;
        self.take(1);
        loop {
            self.space(true);
            match self.peek() {
                Some(byte) if byte == close => {
                    self.take(1);
                    break;
                }
                None | Some(b']' | b')' | b'}') => {
                    self.unclosed(open, what, char::from(close));
                    break;
                }
                Some(b',') => {
                    let span = Span::new(self.at as u32, self.at as u32 + 1);
                    self.slip(span, "There is nothing before this comma.");
                    self.take(1);
                }
                _ if self.is_item_ahead() || self.is_outdented(indent) => {
                    self.unclosed(open, what, char::from(close));
                    break;
                }
                _ => {
                    self.list_item(close);
                }
            }
        }
        self.brackets -= 1;
        let end = self.end as u32;
        let items = self.children.get(base..).unwrap_or_default();
        self.read.arena.close_sequence(node, items, end);
        self.children.truncate(base);
    }

    /// An item and the comma behind it.
    fn list_item(&mut self, close: u8) {
        let before = self.read.problems.len();
        let start = self.at;
        let mark = self.read.arena.mark();
        let mut item = self.expression(true);
        self.space(true);
        let is_expansion = self
            .bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(b"..."));
        if close == b')' && is_expansion {
            self.take(3);
            item = self.raw(mark, start, "hcl:expr");
            self.space(true);
        }
        self.children.push(item);
        match self.peek() {
            Some(b',') => self.take(1),
            None | Some(b']' | b')' | b'}') => {}
            _ if self.is_item_ahead() => {}
            Some(byte) => {
                let is_value = begins_name(byte)
                    || byte.is_ascii_digit()
                    || matches!(byte, b'"' | b'[' | b'{');
                if self.read.problems.len() == before {
                    let expected = match byte {
                        b':' => "a comma or the end of the list (a string stands in double quotes)",
                        _ if close == b')' => "`,` or `)` after the value",
                        _ => "`,` or `]` after the value",
                    };
                    self.expected(expected);
                }
                if !is_value {
                    self.skip_in_brackets();
                }
            }
        }
    }

    /// Passes over what is not understood between brackets: at least a character, at most the line.
    fn skip_in_brackets(&mut self) {
        let end = line_end(self.bytes, self.at);
        let rest = self.bytes.get(self.at..end).unwrap_or_default();
        let stop = |byte: &u8| matches!(byte, b',' | b')' | b']' | b'}' | b'"' | b'#');
        let length = rest.iter().skip(1).position(stop);
        let end = length.map_or(end.max(self.at + 1), |length| self.at + 1 + length);
        self.at = self.source.ceil_char_boundary(end);
        self.end = super::lexer::trimmed_end(self.bytes, self.end, self.at);
        if self.peek() == Some(b',') {
            self.take(1);
        }
    }

    /// Whether what comes next stands left of what a bracket on a line indented by `indent` holds.
    fn is_outdented(&self, indent: usize) -> bool {
        self.by_indent && self.is_first() && self.indent < indent
    }

    /// `{…}`
    pub fn object(&mut self) -> NodeId {
        if self.is_comprehension() {
            return self.comprehension(b'}');
        }
        let open = self.at;
        let indent = self.indent;
        let node = self
            .read
            .arena
            .open(Kind::Mapping, open as u32, Style::Flow);
        let base = self.children.len();
        self.brackets += 1;
        self.take(1);
        loop {
            self.space(true);
            match self.peek() {
                Some(b'}') if !self.is_outdented(indent) => {
                    self.take(1);
                    break;
                }
                None | Some(b']' | b')' | b'}') => {
                    self.unclosed(open, "This object", '}');
                    break;
                }
                Some(b',') => {
                    let span = Span::new(self.at as u32, self.at as u32 + 1);
                    self.slip(span, "There is nothing before this comma.");
                    self.take(1);
                }
                _ if self.is_outdented(indent + 1) && self.is_item_ahead() => {
                    self.unclosed(open, "This object", '}');
                    break;
                }
                _ => self.pair(),
            }
        }
        self.brackets -= 1;
        let end = self.end as u32;
        let children = self.children.get(base..).unwrap_or_default();
        self.read.arena.close_pairs(node, children, end);
        self.children.truncate(base);
        node
    }

    /// `key = value` of an object, and what separates it from the next.
    fn pair(&mut self) {
        let before = self.read.problems.len();
        let start = self.at;
        let key = self.key();
        let about = self.since(start);
        self.space(false);
        let is_equals = self.peek() == Some(b'=') && !matches!(self.second(), Some(b'=' | b'>'));
        let value = if is_equals || self.peek() == Some(b':') {
            self.take(1);
            let about = self.since(start);
            self.value(false, about)
        } else {
            if self.read.problems.len() == before {
                let message = format!("Expected `=` after the key `{}`.", self.text(about));
                self.slip(about, message);
            }
            match self.peek() {
                Some(b'"' | b'[' | b'{' | b'0'..=b'9') => self.expression(false),
                _ => self.nothing(),
            }
        };
        self.children.extend([key, value]);
        self.space(false);
        match self.peek() {
            _ if self.at_line_end() => {}
            Some(b',') => self.take(1),
            None | Some(b'}' | b']' | b')') => {}
            Some(byte) => {
                if self.read.problems.len() == before {
                    self.expected("a comma or a line break after the value");
                }
                if !(begins_name(byte) || matches!(byte, b'"' | b'(')) {
                    self.skip_in_brackets();
                }
            }
        }
    }

    /// The key of an object's pair: a name stands for itself, anything else is an expression.
    fn key(&mut self) -> NodeId {
        let start = self.at;
        let end = name(self.bytes, start);
        let rest = self.bytes.get(end..).unwrap_or_default();
        let blanks = rest
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        let behind = rest.get(blanks..).unwrap_or_default();
        let goes_on = matches!(behind.first(), Some(b'.' | b'[' | b'(' | b'?'))
            || behind.starts_with(b"::")
            || (operator(behind).is_some()
                && !behind.starts_with(b"//")
                && !behind.starts_with(b"/*"));
        if end == start || goes_on {
            return self.expression(false);
        }
        self.take(end - start);
        let span = self.since(start);
        self.read
            .arena
            .scalar(span, Style::Plain, ScalarType::String)
    }

    /// Whether the bracket here holds a `for`.
    fn is_comprehension(&self) -> bool {
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
        // White space, the line breaks included; not comments, which nobody puts there.
        let Some(rest) = rest.trim_ascii_start().strip_prefix(b"for") else {
            return false;
        };
        let is_apart = rest.first().is_some_and(u8::is_ascii_whitespace);
        is_apart
            && rest
                .trim_ascii_start()
                .first()
                .copied()
                .is_some_and(begins_name)
    }

    /// `[for …]` or `{for …}`
    fn comprehension(&mut self, close: u8) -> NodeId {
        let mark = self.read.arena.mark();
        let open = self.at;
        let before = self.read.problems.len();
        let whole = self.open_tagged("hcl:for", Span::empty(open as u32));
        let parts = self
            .read
            .arena
            .open(Kind::Sequence, open as u32, Style::Flow);
        let base = self.children.len();
        self.brackets += 1;
        self.take(1);
        self.space(true);
        let makes = self.for_body(open, close, before);
        if !self.accept(close) {
            let is_open = matches!(self.peek(), None | Some(b']' | b')' | b'}'));
            if self.read.problems.len() == before || is_open {
                if is_open || self.is_item_ahead() {
                    self.unclosed(open, "This `for`", char::from(close));
                } else {
                    self.expected(&format!("`{}`", char::from(close)));
                }
            }
            let end = line_end(self.bytes, self.at);
            let rest = self.bytes.get(self.at..end).unwrap_or_default();
            if !is_open && let Some(length) = memchr::memchr(close, rest) {
                self.take(length + 1);
            }
        }
        self.brackets -= 1;
        let is_whole = makes && self.read.problems.len() == before;
        let end = self.end as u32;
        if is_whole {
            let items = self.children.get(base..).unwrap_or_default();
            self.read.arena.close_sequence(parts, items, end);
        }
        self.children.truncate(base);
        if !is_whole {
            return self.raw(mark, open, "hcl:expr");
        }
        self.read.arena.close_tagged(whole, parts, end);
        whole
    }

    /// What stands in the brackets of a `for`. True where it makes objects: then its head, what it makes, and what may
    /// follow are children.
    fn for_body(&mut self, open: usize, close: u8, before: usize) -> bool {
        let head = self.at;
        let mark = self.read.arena.mark();
        self.take(3);
        self.loop_header();
        let about = self.since(open);
        let about = Span::new(about.end.saturating_sub(1).max(about.start), about.end);
        let has_key = close == b'}';
        if !has_key {
            let head = self.raw(mark, head, "hcl:expr");
            self.children.push(head);
        }
        self.space(true);
        let colon = self.at;
        if !self.accept(b':') {
            if self.read.problems.len() == before {
                self.slip(about, "Expected `:` after what this `for` goes over.");
            }
            return false;
        }
        let about = self.since(colon);
        self.space(true);
        let mut makes = !has_key && self.is_object_ahead();
        let value = self.value(true, about);
        self.space(true);
        let arrow = self.at;
        let has_arrow = self.peek() == Some(b'=') && self.second() == Some(b'>');
        if has_arrow {
            self.take(2);
            let about = self.since(arrow);
            if has_key {
                let head = self.raw(mark, head, "hcl:expr");
                self.children.push(head);
            }
            self.space(true);
            makes = has_key && self.is_object_ahead();
            let value = self.value(true, about);
            self.children.push(value);
            self.space(true);
        } else {
            self.children.push(value);
        }
        let mark = self.read.arena.mark();
        let tail = self.at;
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.starts_with(b"...") {
            self.take(3);
            self.space(true);
        }
        let end = name(self.bytes, self.at);
        if self.bytes.get(self.at..end) == Some(b"if") {
            let condition = self.at;
            self.take(2);
            let about = self.since(condition);
            self.value(true, about);
            self.space(true);
        }
        if self.at > tail {
            let tail = self.raw(mark, tail, "hcl:expr");
            self.children.push(tail);
        }
        makes
    }

    /// Whether an object comes next, a list that begins with one, or the JSON of one.
    fn is_object_ahead(&self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let rest = rest.strip_prefix(b"jsonencode(").unwrap_or(rest);
        let rest = rest.trim_ascii_start();
        let rest = rest.strip_prefix(b"[").unwrap_or(rest);
        rest.trim_ascii_start().starts_with(b"{")
    }

    /// `key, value in collection`
    pub(crate) fn loop_header(&mut self) {
        for _ in 0..2 {
            self.space(true);
            self.take(name(self.bytes, self.at) - self.at);
            self.space(true);
            if !self.accept(b',') {
                break;
            }
        }
        let end = name(self.bytes, self.at);
        let word = self.at;
        if self.bytes.get(word..end) == Some(b"in") {
            self.take(2);
            let about = self.since(word);
            self.value(true, about);
        } else {
            self.expected("`in` after the names of this `for`");
        }
    }
}
