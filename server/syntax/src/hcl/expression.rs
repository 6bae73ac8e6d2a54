//! Expressions: operators and conditionals.

use super::lexer::operator;
use super::reader::HclReader;
use crate::arena::Kind;
use crate::limits::QUOTED_CHARACTERS;
use crate::{NodeId, Span, Style, Tag};

impl HclReader<'_> {
    /// Reads the value that is due behind `about`. `breaks`: whether it may go on over line breaks, as between
    /// brackets.
    pub fn value(&mut self, breaks: bool, about: Span) -> NodeId {
        self.space(breaks);
        if !self.is_value_missing(breaks) {
            return self.expression(breaks);
        }
        let written = self.text(about);
        let last = written.split_whitespace().next_back().unwrap_or_default();
        let short: String = last.chars().take(QUOTED_CHARACTERS).collect();
        if self.at_line_end() && !breaks {
            self.space(true);
            if matches!(self.peek(), Some(b'[' | b'{')) {
                let message = format!("The value must begin on the line of its `{short}`.");
                self.slip(about, message);
                return self.expression(breaks);
            }
        }
        self.slip(about, format!("Expected a value after `{short}`."));
        self.nothing()
    }

    /// Whether what comes next ends something where a value is due.
    fn is_value_missing(&self, breaks: bool) -> bool {
        match self.peek() {
            None | Some(b',' | b')' | b']' | b'}') => true,
            _ if breaks => self.is_item_ahead(),
            _ => self.at_line_end(),
        }
    }

    /// Reads an expression.
    pub fn expression(&mut self, breaks: bool) -> NodeId {
        if !self.descend() {
            return self.too_deep();
        }
        let mark = self.read.arena.mark();
        let start = self.at;
        let mut node = self.operand(breaks);
        let mut is_plain = true;
        loop {
            self.space(breaks);
            let Some(length) = operator(self.bytes.get(self.at..).unwrap_or_default()) else {
                break;
            };
            is_plain = false;
            let sign = self.at;
            self.take(length);
            let about = self.since(sign);
            self.space(breaks);
            if self.is_value_missing(breaks) {
                let message = format!("Expected a value after `{}`.", self.text(about));
                self.slip(about, message);
                break;
            }
            self.operand(breaks);
        }
        if !is_plain {
            node = self.raw(mark, start, "hcl:expr");
        }
        self.space(breaks);
        if self.peek() == Some(b'?') {
            node = self.conditional(node, mark, start, breaks);
        }
        self.depth -= 1;
        node
    }

    /// `… ? … : …`, behind its condition, which is what was read since `mark`.
    fn conditional(
        &mut self,
        condition: NodeId,
        mark: crate::arena::ArenaMark,
        start: usize,
        breaks: bool,
    ) -> NodeId {
        let arena = &mut self.read.arena;
        arena.insert_before(mark, 2);
        let condition = NodeId(condition.0 + 2);
        let node = NodeId(mark.nodes() as u32);
        let list = NodeId(node.0 + 1);
        let tag = arena.tags.len() as u32;
        arena.tags.push(Tag {
            name: "hcl:?".to_owned(),
            span: Span::empty(start as u32),
            short: true,
        });
        for (id, kind) in [(node, Kind::Tagged), (list, Kind::Sequence)] {
            if let Some(node) = arena.node_mut(id) {
                node.kind = kind;
                node.a = tag;
                node.style = Style::Flow;
                node.ty = crate::ScalarType::String;
                node.span = Span::empty(start as u32);
            }
        }
        let question = self.at;
        self.take(1);
        let about = self.since(question);
        let first = self.value(breaks, about);
        self.space(breaks);
        let colon = self.at;
        let second = if self.accept(b':') {
            let about = self.since(colon);
            self.value(breaks, about)
        } else {
            self.slip(about, "This `?` has no `:` after its first value.");
            self.nothing()
        };
        let end = self.end as u32;
        let arena = &mut self.read.arena;
        arena.close_sequence(list, &[condition, first, second], end);
        arena.close_tagged(node, list, end);
        node
    }
}
