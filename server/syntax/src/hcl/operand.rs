//! Operands: literals, names, calls, and what may follow them.

use super::lexer::{begins_name, line_end, name, number};
use super::reader::HclReader;
use crate::arena::{ArenaMark, Kind};
use crate::decoded::Decoder;
use crate::{NodeId, ScalarType, Span, Style};

/// A traversal while it is read: the pieces of its text between white space.
struct Path {
    pieces: Vec<(usize, usize)>,
    /// Where the present piece began.
    from: usize,
}

impl Path {
    /// A token begins at `at`, the last one ended at `end`.
    fn joint(&mut self, end: usize, at: usize) {
        if end != at {
            self.pieces.push((self.from, end));
            self.from = at;
        }
    }
}

impl HclReader<'_> {
    /// Reads an operand with its prefixes.
    pub fn operand(&mut self, breaks: bool) -> NodeId {
        let mark = self.read.arena.mark();
        let start = self.at;
        let mut is_prefixed = false;
        while let Some(sign @ (b'!' | b'-')) = self.peek() {
            if sign == b'-' && !is_prefixed && self.second().is_some_and(|b| b.is_ascii_digit()) {
                return self.number();
            }
            is_prefixed = true;
            self.take(1);
            self.space(breaks);
        }
        let node = if is_prefixed
            && (self.at_line_end() || matches!(self.peek(), Some(b',' | b')' | b']' | b'}')))
        {
            let span = self.since(start);
            let message = format!("Expected a value after `{}`.", self.text(span));
            self.slip(span, message);
            self.nothing()
        } else {
            self.primary(mark, breaks)
        };
        if is_prefixed {
            self.raw(mark, start, "hcl:expr")
        } else {
            node
        }
    }

    fn primary(&mut self, mark: ArenaMark, breaks: bool) -> NodeId {
        let start = self.at;
        let node = match self.peek() {
            Some(b'"') => self.string(),
            Some(b'0'..=b'9') => self.number(),
            Some(b'<') if self.second() == Some(b'<') => return self.heredoc(),
            Some(b'[') => self.tuple(),
            Some(b'{') if !matches!(self.second(), Some(b'{' | b'%')) => self.object(),
            Some(b'(') => self.parenthesized(),
            Some(byte) if begins_name(byte) => return self.word(mark, breaks),
            _ => return self.no_value(),
        };
        let mut path = Path {
            pieces: Vec::new(),
            from: start,
        };
        let is_plain = self.path(&mut path, breaks).is_none();
        if is_plain {
            node
        } else {
            self.raw(mark, start, "hcl:expr")
        }
    }

    fn number(&mut self) -> NodeId {
        let start = self.at;
        let digits = start + usize::from(self.peek() == Some(b'-'));
        self.take(number(self.bytes, digits) - start);
        let span = self.since(start);
        self.read
            .arena
            .scalar(span, Style::Plain, ScalarType::Number)
    }

    /// A name: a literal, a call or a traversal.
    fn word(&mut self, mark: ArenaMark, breaks: bool) -> NodeId {
        let start = self.at;
        self.take(name(self.bytes, start) - start);
        while self
            .bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(b"::"))
        {
            let end = name(self.bytes, self.at + 2);
            if end == self.at + 2 {
                break;
            }
            self.take(end - self.at);
        }
        let span = self.since(start);
        self.space(false);
        let literal = match self.text(span) {
            _ if self.peek() == Some(b'(') => Some(self.call(span)),
            "true" | "false" => Some(self.read.arena.scalar(span, Style::Plain, ScalarType::Bool)),
            "null" => Some(self.read.arena.scalar(span, Style::Plain, ScalarType::Null)),
            _ => None,
        };
        let mut path = Path {
            pieces: Vec::new(),
            from: start,
        };
        let followed = self.path(&mut path, breaks);
        match (literal, followed) {
            (Some(literal), None) => literal,
            (None, None | Some(true)) => self.reference(start, path),
            _ => self.raw(mark, start, "hcl:expr"),
        }
    }

    /// A call, from its `(`.
    fn call(&mut self, function: Span) -> NodeId {
        let written = self.text(function);
        let node = self.open_tagged(format!("hcl:{written}"), function);
        let list = self
            .read
            .arena
            .open(Kind::Sequence, self.at as u32, Style::Flow);
        self.list(list, b')', "This call");
        let end = self.end as u32;
        self.read.arena.close_tagged(node, list, end);
        node
    }

    fn parenthesized(&mut self) -> NodeId {
        let open = self.at;
        self.take(1);
        let about = self.since(open);
        self.brackets += 1;
        let node = self.value(true, about);
        self.space(true);
        if !self.accept(b')') {
            self.unclosed(open, "This parenthesis", ')');
        }
        self.brackets -= 1;
        node
    }

    /// `.name`, `.0`, `[index]` and splats behind an operand. Nothing if there are none; whether all of them
    /// belong to a traversal.
    fn path(&mut self, path: &mut Path, breaks: bool) -> Option<bool> {
        let mut followed = None;
        loop {
            let before = self.end;
            self.space(breaks);
            match self.peek() {
                Some(b'.') if self.second() != Some(b'.') => {
                    path.joint(before, self.at);
                    let dot = self.at;
                    self.take(1);
                    self.space(breaks);
                    path.joint(dot + 1, self.at);
                    let is_plain = self.attribute(dot);
                    followed = Some(is_plain && followed != Some(false));
                }
                Some(b'[') => {
                    path.joint(before, self.at);
                    let is_plain = self.index(path);
                    followed = Some(is_plain && followed != Some(false));
                }
                _ => return followed,
            }
        }
    }

    /// What follows a dot.
    fn attribute(&mut self, dot: usize) -> bool {
        match self.peek() {
            Some(b'*') => {
                self.take(1);
                return false;
            }
            Some(byte) if begins_name(byte) && !self.is_item_ahead() => {
                self.take(name(self.bytes, self.at) - self.at);
            }
            Some(b'0'..=b'9') => {
                let digits = self.bytes.get(self.at..).unwrap_or_default();
                let count = digits.iter().take_while(|b| b.is_ascii_digit()).count();
                self.take(count);
            }
            _ => {
                let span = Span::new(dot as u32, dot as u32 + 1);
                self.slip(span, "Expected a name after this `.`.");
            }
        }
        true
    }

    /// `[…]` behind an operand.
    fn index(&mut self, path: &mut Path) -> bool {
        let open = self.at;
        self.take(1);
        self.space(true);
        path.joint(open + 1, self.at);
        let is_plain = if self.peek() == Some(b'*') {
            self.take(1);
            false
        } else {
            let mark = self.read.arena.mark();
            let about = Span::new(open as u32, open as u32 + 1);
            self.brackets += 1;
            let node = self.value(true, about);
            self.brackets -= 1;
            let arena = &self.read.arena;
            let found = arena.node(node);
            let is_plain = match found.kind {
                Kind::Scalar => true,
                Kind::Tagged => arena
                    .tags
                    .get(found.a as usize)
                    .is_some_and(|tag| matches!(tag.name.as_str(), "hcl:ref" | "hcl:template")),
                _ => false,
            };
            self.read.arena.rollback(mark);
            is_plain
        };
        let before = self.end;
        self.space(true);
        if self.peek() == Some(b']') {
            path.joint(before, self.at);
            self.take(1);
        } else {
            self.unclosed(open, "This index", ']');
        }
        is_plain
    }

    /// A traversal from `start` to the end of the last token.
    fn reference(&mut self, start: usize, path: Path) -> NodeId {
        let node = self.open_tagged("hcl:ref", Span::empty(start as u32));
        let span = self.since(start);
        let (style, ty) = (Style::Plain, ScalarType::String);
        let inner = if path.pieces.is_empty() {
            self.read.arena.scalar(span, style, ty)
        } else {
            let mut decoder = Decoder::default();
            // Where something is missing, a piece may begin behind its end.
            let pieces = path.pieces.into_iter().chain([(path.from, self.end)]);
            for (from, to) in pieces.filter(|(from, to)| from < to) {
                let text = self.source.get(from..to).unwrap_or_default();
                decoder.verbatim(text, from - start);
                decoder.skip(to - start);
            }
            let decoded = decoder.finish(self.end - start);
            self.read.arena.decoded_scalar(span, style, ty, decoded)
        };
        self.read.arena.close_tagged(node, inner, span.end);
        node
    }

    /// Something that begins no value.
    fn no_value(&mut self) -> NodeId {
        let start = self.at;
        if self.peek() == Some(b'\'') {
            let line = self
                .bytes
                .get(start + 1..line_end(self.bytes, start))
                .unwrap_or_default();
            if let Some(length) = memchr::memchr(b'\'', line) {
                self.take(length + 2);
                let span = self.since(start);
                self.slip(span, "A string needs double quotes.");
                let (style, ty) = (Style::SingleQuoted, ScalarType::String);
                return self.read.arena.scalar(span, style, ty);
            }
        }
        if !self.is_templated() {
            let hint = if self.peek() == Some(b'*') {
                "a value (a string needs double quotes)"
            } else {
                "a value"
            };
            self.expected(hint);
        }
        let is_templated = matches!(self.peek(), Some(b'{' | b'<'));
        let end = line_end(self.bytes, start);
        let rest = self.bytes.get(start..end).unwrap_or_default();
        let stop = |byte: &u8| matches!(byte, b',' | b')' | b']' | b'}' | b'"' | b'#');
        let length = match rest.iter().skip(1).position(stop) {
            Some(length) if !is_templated => length + 1,
            _ => rest.len(),
        };
        self.at = self.source.ceil_char_boundary(start + length);
        self.end = super::lexer::trimmed_end(self.bytes, start, self.at);
        self.invalid(start)
    }
}
