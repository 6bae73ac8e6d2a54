//! The pairs of a broken mapping: what of each can be read, and what is guessed of it.

use std::ops::Range;

use super::Recovery;
use crate::arena::Kind;
use crate::limits::PROBLEMS;
use crate::yaml::documents::Line;
use crate::yaml::scalar::line_break;
use crate::yaml::{FailureKind, YamlFailure, mask, tolerant};
use crate::{Comment, NodeId, Style};

impl Recovery<'_> {
    /// Adds what has no key that can be read, as a key.
    fn keyless(&mut self, piece: Range<usize>, children: &mut Vec<NodeId>) {
        let key = self.invalid(piece);
        let value = self.empty(self.read.arena.node(key).span.end as usize);
        children.extend([key, value]);
    }

    /// Reads a pair whose key stands alone on a line, with its colon, and whose value is on those below.
    fn pair_below(
        &mut self,
        piece: Range<usize>,
        (line, colon): (Line, usize),
        failure: &YamlFailure,
        children: &mut Vec<NodeId>,
        depth: u32,
    ) {
        let head = children.len();
        let known = self.head(line, colon + 1);
        self.adopt(&known, children);
        if children.len() != head + 2 {
            self.problem(failure);
            children.truncate(head);
            self.keyless(line.start..piece.end, children);
            return;
        }
        let value = self.past_properties(colon + 1, line.end);
        if value < line.end {
            self.read.comments.push(Comment {
                span: Self::span(value, line.end),
            });
        }
        children.pop();
        let tagged = self.opened_properties(colon + 1, value);
        let behind = line.end + line_break(self.text.as_bytes(), line.end);
        let inner = self.node(behind..piece.end, failure, depth + 1);
        children.push(self.closed_properties(tagged, inner));
    }

    /// Reads a pair of a mapping and adds its key and value to `children`.
    pub(super) fn pair(
        &mut self,
        piece: Range<usize>,
        failure: &YamlFailure,
        children: &mut Vec<NodeId>,
        depth: u32,
    ) {
        let failure = match self.attempt(&piece, failure) {
            Ok(roots) => {
                self.adopt(&roots, children);
                return;
            }
            Err(failure) => failure,
        };
        let Some(line) = self.line(piece.start, piece.end, true) else {
            return;
        };
        let Some(colon) = self.key(line) else {
            self.problem(&failure);
            self.keyless(line.start..piece.end, children);
            return;
        };
        if self.read.problems.len() >= PROBLEMS {
            self.keyless(line.start..piece.end, children);
            return;
        }
        let value = self.past_properties(colon + 1, line.end);
        let behind = line.end + line_break(self.text.as_bytes(), line.end);
        let nested = self.line(behind, piece.end, false);
        if nested.is_some()
            && matches!(
                self.byte(value).filter(|_| value < line.end),
                None | Some(b'#')
            )
        {
            self.pair_below(piece, (line, colon), &failure, children, depth);
            return;
        }
        // The whole piece with what it lacks, then its first line alone, then that with what it lacks.
        let whole = self.text.get(piece.clone()).unwrap_or_default().to_owned();
        let first = self
            .text
            .get(piece.start..line.end)
            .unwrap_or_default()
            .to_owned();
        let offset = value - piece.start;
        let is_flow = matches!(self.byte(value), Some(b'[' | b'{'));
        let failure = self
            .unclosed(&whole, piece.start, offset)
            .unwrap_or(failure);
        self.problem(&failure);
        if is_flow && nested.is_some() && self.repaired(&whole, piece.start, offset, children) {
            return;
        }
        let count = self.read.documents.len();
        let read = if nested.is_some() && self.piece(piece.start..line.end).is_ok() {
            let roots = self.taken(count);
            self.adopt(&roots, children);
            true
        } else {
            self.repaired(&first, piece.start, offset, children)
        };
        if !read && self.guessed(piece.clone(), line, children) {
            return;
        }
        if !read {
            let known = self.head(line, colon + 1);
            self.adopt(&known, children);
            children.pop();
            let value = self.invalid(value..piece.end);
            children.push(value);
            return;
        }
        // Notes the comments below.
        self.line(behind, nested.map_or(piece.end, |line| line.start), true);
        if let Some(next) = nested {
            self.stray(behind..piece.end, next, &failure, children, depth);
        }
    }

    /// Reads a piece by the error-tolerant reader, if that finds the key which the piece begins with.
    fn guessed(&mut self, piece: Range<usize>, line: Line, children: &mut Vec<NodeId>) -> bool {
        let (mark, count) = (self.read.mark(), self.read.documents.len());
        let text = self
            .text
            .get(piece.clone())
            .unwrap_or_default()
            .trim_end()
            .to_owned();
        let read = tolerant::read(self.source, &text, piece.start, self.limits, &mut self.read);
        let roots = self.taken(count);
        if let ([root], Some(_)) = (roots.as_slice(), read) {
            let node = self.read.arena.node(*root);
            let begins = node.span.start as usize == line.content;
            let is_whole = self.line(node.span.end as usize, line.end, false).is_none();
            if begins && is_whole && node.kind == Kind::Mapping && node.style == Style::Block {
                self.adopt(&roots, children);
                return true;
            }
        }
        self.read.rollback(mark);
        false
    }

    /// Lines below a pair that is complete without them: pairs that are indented too far, as a rule.
    fn stray(
        &mut self,
        range: Range<usize>,
        line: Line,
        failure: &YamlFailure,
        children: &mut Vec<NodeId>,
        depth: u32,
    ) {
        if self.key(line).is_some() && !self.is_dash(line.content) && depth < self.limits.depth {
            for piece in self.cut(range, line.column(), false) {
                self.pair(piece, failure, children, depth + 1);
            }
        } else {
            let key = self.invalid(range);
            let value = self.empty(self.read.arena.node(key).span.end as usize);
            children.extend([key, value]);
        }
    }

    /// Reads `key:` of a line alone.
    fn head(&mut self, line: Line, end: usize) -> Vec<NodeId> {
        let count = self.read.documents.len();
        match self.piece(line.start..end) {
            Ok(()) => self.taken(count),
            Err(_) => Vec::new(),
        }
    }

    /// The failure of a value in brackets that are never closed: at the bracket, wherever the reader noticed.
    pub(super) fn unclosed(&self, text: &str, start: usize, value: usize) -> Option<YamlFailure> {
        if !matches!(text.as_bytes().get(value), Some(b'[' | b'{')) {
            return None;
        }
        let open = mask::flow(text, value)?.err()?;
        let at = (start + value) as u32;
        let message = match open.brackets.first() {
            Some(bracket) if open.quote.is_none() => {
                format!("This bracket is never closed; `{bracket}` is missing.")
            }
            _ => "There is a quote after this bracket that is never closed.".to_owned(),
        };
        Some(YamlFailure {
            kind: FailureKind::Unclosed,
            at,
            message,
            next: 0,
        })
    }

    /// Reads a piece with what it lacks.
    fn repaired(
        &mut self,
        text: &str,
        start: usize,
        value: usize,
        children: &mut Vec<NodeId>,
    ) -> bool {
        let Some(repaired) = mask::repaired(text, value) else {
            return false;
        };
        let limit = start + text.trim_end().len();
        let count = self.read.documents.len();
        if self.strictly(limit, &repaired, start).is_err() {
            return false;
        }
        let roots = self.taken(count);
        self.adopt(&roots, children);
        true
    }
}
