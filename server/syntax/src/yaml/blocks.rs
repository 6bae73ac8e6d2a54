//! Recovery by indentation: what of a broken YAML text stands on its own.
//!
//! A mapping or sequence in block style is cut into its pairs or items by the lines at its indentation. Each of
//! them is a text that the strict reader can read; the one that it can't is cut again. So only the smallest piece
//! that is broken is lost or guessed at, and it gets one problem; all the others are read as in a valid text.
//!
//! This works on a copy of the text in which single characters may be replaced (a dash by a space), so that every
//! offset stays right.

mod pairs;

use std::ops::Range;

use super::documents::{Line, documents};
use super::lenient::lenient;
use super::scalar::{is_document_marker, line_break, line_end};
use super::{FailureKind, Names, YamlFailure, mask, message, tolerant};
use crate::arena::{Anchor, Kind, NONE};
use crate::limits::{BYTES_BESIDE, PASSES, PROBLEMS, READINGS, TRIED_AGAIN};
use crate::reading::Reading;
use crate::{Comment, Limits, NodeId, ScalarType, Span, Style, Tag, intrinsics};

struct Recovery<'a> {
    source: &'a str,
    /// The source, with characters replaced.
    text: String,
    limits: &'a Limits,
    read: Reading,
    known: Names,
    /// How many bytes may still be given to the strict reader.
    budget: usize,
    /// How many bytes may still be cut into lines.
    passes: usize,
}

/// Reads a text that fails as a whole: `text` in place of the source.
pub(super) fn recover(source: &str, text: &str, failure: YamlFailure, limits: &Limits) -> Reading {
    let mut recovery = Recovery {
        source,
        text: text.to_owned(),
        limits,
        read: Reading::default(),
        known: Names::new(),
        budget: source.len() * READINGS + BYTES_BESIDE,
        passes: source.len() * PASSES + BYTES_BESIDE,
    };
    let parts = documents(text);
    for part in &parts {
        recovery.known.clear();
        let failed = if parts.len() == 1 {
            Some(failure.clone())
        } else {
            recovery.piece(part.clone()).err()
        };
        if let Some(failure) = failed {
            recovery.document(part.clone(), &failure);
        }
    }
    let mut read = recovery.read;
    if read.problems.is_empty() {
        // Each document is valid, but not what is between them.
        read.problems.push(message::problem(source, &failure));
    }
    read.problems
        .sort_by_key(|problem| (problem.span.start, problem.span.end));
    read.problems.dedup_by_key(|problem| problem.span);
    read.comments.sort_by_key(|comment| comment.span.start);
    read.comments.dedup();
    read
}

impl Recovery<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn span(start: usize, end: usize) -> Span {
        Span::new(start as u32, end.max(start) as u32)
    }

    /// Reads lines as a text of their own.
    fn piece(&mut self, range: Range<usize>) -> Result<(), YamlFailure> {
        let start = range.start;
        let text = self.text.get(range).unwrap_or_default().to_owned();
        self.strictly(self.source.len(), &text, start)
    }

    /// Reads `text` in place of what is at `start`; the source ends at `limit` for it.
    fn strictly(&mut self, limit: usize, text: &str, start: usize) -> Result<(), YamlFailure> {
        if text.len() > self.budget || self.read.problems.len() >= PROBLEMS {
            let message = String::new();
            let (kind, at) = (FailureKind::Exhausted, start as u32);
            return Err(YamlFailure {
                kind,
                at,
                message,
                next: 0,
            });
        }
        self.budget -= text.len();
        let source = self.source.get(..limit).unwrap_or_default();
        lenient(
            source,
            text,
            start,
            self.limits,
            &mut self.known,
            &mut self.read,
        )
    }

    /// Takes the documents back that were read since there were `count` of them.
    fn taken(&mut self, count: usize) -> Vec<NodeId> {
        self.read
            .documents
            .split_off(count.min(self.read.documents.len()))
    }

    fn problem(&mut self, failure: &YamlFailure) {
        if self.read.problems.len() < PROBLEMS {
            self.read
                .problems
                .push(message::problem(self.source, failure));
        }
    }

    fn invalid(&mut self, range: Range<usize>) -> NodeId {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let start = range.start + (text.len() - text.trim_start().len());
        let end = range.start + text.trim_end().len();
        self.read
            .arena
            .leaf(Kind::Invalid, Self::span(start, end), NONE)
    }

    fn empty(&mut self, at: usize) -> NodeId {
        self.read
            .arena
            .scalar(Self::span(at, at), Style::Plain, ScalarType::Null)
    }

    /// The next line with content from `at` (the beginning of a line) on. Notes the comments before it if asked.
    fn line(&mut self, mut at: usize, stop: usize, note: bool) -> Option<Line> {
        let bytes = self.text.as_bytes();
        while at < stop {
            let end = line_end(bytes, at).min(stop);
            let line = bytes.get(at..end).unwrap_or_default();
            let spaces = line.iter().take_while(|byte| **byte == b' ').count();
            let blanks = line
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t'))
                .count();
            match line.get(blanks) {
                None => {}
                Some(b'#') if note => {
                    let span = Self::span(at + blanks, end);
                    self.read.comments.push(Comment { span });
                }
                Some(b'#') => {}
                Some(_) => {
                    let bom = usize::from(at == 0 && self.text.starts_with('\u{FEFF}')) * 3;
                    return Some(Line {
                        start: at + bom,
                        content: at + spaces + bom,
                        end,
                    });
                }
            }
            at = end + line_break(bytes, end).max(1);
        }
        None
    }

    /// Reads one document.
    fn document(&mut self, part: Range<usize>, failure: &YamlFailure) {
        let mut at = part.start;
        // Directives and document marks become blank.
        while at < part.end {
            let end = line_end(self.text.as_bytes(), at).min(part.end);
            if is_document_marker(self.text.as_bytes(), at) {
                for at in at..at + 3 {
                    mask::replace(&mut self.text, at, ' ');
                }
            } else if self.byte(at) == Some(b'%') && self.blank_before(part.start, at) {
                let blank = " ".repeat(end - at);
                self.text.replace_range(at..end, &blank);
            }
            at = end + line_break(self.text.as_bytes(), end).max(1);
        }
        let before = self.read.problems.len();
        if self.line(part.start, part.end, false).is_some() {
            let root = self.node(part, failure, 0);
            self.read.documents.push(root);
        }
        if self.read.problems.len() == before {
            self.problem(failure);
        }
    }

    /// Whether only directives, comments and blank lines stand between two offsets.
    fn blank_before(&self, start: usize, at: usize) -> bool {
        let lines = self.text.get(start..at).unwrap_or_default().lines();
        lines
            .map(str::trim_start)
            .all(|line| line.is_empty() || line.starts_with(['#', '\u{FEFF}']))
    }

    /// Reads lines that hold one node.
    fn node(&mut self, range: Range<usize>, failure: &YamlFailure, depth: u32) -> NodeId {
        let Some(line) = self.line(range.start, range.end, true) else {
            return self.empty(range.start);
        };
        let is_exhausted = range.len() > self.passes || self.read.problems.len() >= PROBLEMS;
        self.passes = self.passes.saturating_sub(range.len());
        if is_exhausted {
            self.problem(failure);
            return self.invalid(range);
        }
        if depth >= self.limits.depth {
            let at = line.content as u32;
            let message = crate::limits::too_deep(self.limits.depth);
            self.problem(&YamlFailure {
                kind: FailureKind::TooDeep,
                at,
                message,
                next: 0,
            });
            return self.invalid(range);
        }
        let range = line.start..range.end;
        if self.is_dash(line.content) {
            self.sequence(range, line, failure, depth)
        } else if self.key(line).is_some() {
            self.mapping(range, line, failure, depth)
        } else {
            self.inline(range, line, failure)
        }
    }

    fn is_dash(&self, at: usize) -> bool {
        self.byte(at) == Some(b'-')
            && matches!(self.byte(at + 1), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
    }

    /// The offset of the colon behind the key that a line begins with.
    fn key(&self, line: Line) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let is_colon = |at: usize| {
            bytes.get(at) == Some(&b':')
                && matches!(bytes.get(at + 1), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
        };
        let first = self.byte(line.content)?;
        match first {
            b'"' | b'\'' => {
                let (mut at, _) = super::scalar::quoted(self.text.get(..line.end)?, line.content)?;
                while let Some(b' ' | b'\t') = bytes.get(at) {
                    at += 1;
                }
                is_colon(at).then_some(at)
            }
            b'[' | b'{' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' | b'\t' => None,
            b'?' if self.byte(line.content + 1) == Some(b' ') => None,
            _ => {
                let mut at = line.content;
                while at < line.end {
                    if is_colon(at) {
                        return Some(at);
                    }
                    if bytes.get(at) == Some(&b'#')
                        && matches!(bytes.get(at.wrapping_sub(1)), Some(b' ' | b'\t'))
                    {
                        return None;
                    }
                    at += 1;
                }
                None
            }
        }
    }

    /// Cuts lines into pieces that begin at `column` or left of it.
    fn cut(&mut self, range: Range<usize>, column: usize, of_items: bool) -> Vec<Range<usize>> {
        let mut pieces: Vec<Range<usize>> = Vec::new();
        let mut at = range.start;
        while let Some(line) = self.line(at, range.end, false) {
            let begins = match self.byte(line.content) {
                // What closes brackets belongs to what opened them; a tab is indentation.
                Some(b']' | b'}' | b'\t') => false,
                // In a mapping, dashes at the indentation of a key belong to it.
                Some(b'-')
                    if !of_items && line.column() == column && self.is_dash(line.content) =>
                {
                    false
                }
                _ => line.column() <= column,
            };
            if begins || pieces.is_empty() {
                if let Some(last) = pieces.last_mut() {
                    last.end = line.start;
                }
                pieces.push(line.start..range.end);
            }
            at = line.end + line_break(self.text.as_bytes(), line.end).max(1);
        }
        pieces
    }

    /// Reads a piece by itself, unless it is large and known to hold the failure.
    fn attempt(
        &mut self,
        piece: &Range<usize>,
        failure: &YamlFailure,
    ) -> Result<Vec<NodeId>, YamlFailure> {
        let at = failure.at as usize;
        let first_line = line_end(self.text.as_bytes(), piece.start);
        if failure.kind == FailureKind::Syntax
            && piece.len() > TRIED_AGAIN
            && (first_line..piece.end).contains(&at)
        {
            return Err(failure.clone());
        }
        let count = self.read.documents.len();
        match self.piece(piece.clone()) {
            Ok(()) => Ok(self.taken(count)),
            Err(found) if found.kind == FailureKind::Exhausted => Err(failure.clone()),
            Err(found) => Err(found),
        }
    }

    fn mapping(
        &mut self,
        range: Range<usize>,
        line: Line,
        failure: &YamlFailure,
        depth: u32,
    ) -> NodeId {
        let node = self
            .read
            .arena
            .open(Kind::Mapping, line.content as u32, Style::Block);
        let mut children = Vec::new();
        let before = self.read.problems.len();
        for piece in self.cut(range, line.column(), false) {
            self.pair(piece, failure, &mut children, depth);
        }
        if self.read.problems.len() == before {
            self.problem(failure);
        }
        let end = children
            .last()
            .map_or(line.end as u32, |last| self.read.arena.node(*last).span.end);
        self.read
            .arena
            .close_mapping(self.source, node, &children, end);
        node
    }

    /// Takes the pairs of what was read as a text of its own.
    fn adopt(&mut self, roots: &[NodeId], children: &mut Vec<NodeId>) {
        for root in roots {
            let node = self.read.arena.node(*root);
            match node.kind {
                Kind::Mapping if node.style == Style::Block => {
                    children.extend(
                        self.read
                            .arena
                            .pairs_of(&node)
                            .iter()
                            .flat_map(|pair| [pair.key, pair.value]),
                    );
                }
                // A single pair with a function's name: its key comes right behind it.
                Kind::Tagged
                    if self
                        .read
                        .arena
                        .tags
                        .get(node.a as usize)
                        .is_some_and(|tag| !tag.short)
                        && self.byte(node.span.start as usize) != Some(b'{') =>
                {
                    children.extend([NodeId(root.0 + 1), NodeId(node.b)]);
                }
                Kind::Scalar if node.style == Style::Plain => {
                    let Span { start, end } = node.span;
                    let message = "simple key expected".to_owned();
                    if self
                        .read
                        .problems
                        .last()
                        .is_none_or(|problem| problem.span.start != start)
                    {
                        self.problem(&YamlFailure {
                            kind: FailureKind::Syntax,
                            at: start,
                            message,
                            next: 0,
                        });
                    }
                    let value = self.empty(end as usize);
                    children.extend([*root, value]);
                }
                _ => {
                    let message = "did not find expected key".to_owned();
                    let at = node.span.start;
                    self.problem(&YamlFailure {
                        kind: FailureKind::Syntax,
                        at,
                        message,
                        next: 0,
                    });
                    let key = self.invalid(node.span.range());
                    let value = self.empty(node.span.end as usize);
                    children.extend([key, value]);
                }
            }
        }
    }

    fn sequence(
        &mut self,
        range: Range<usize>,
        line: Line,
        failure: &YamlFailure,
        depth: u32,
    ) -> NodeId {
        let node = self
            .read
            .arena
            .open(Kind::Sequence, line.content as u32, Style::Block);
        let mut items = Vec::new();
        let before = self.read.problems.len();
        for piece in self.cut(range, line.column(), true) {
            match self.attempt(&piece, failure) {
                Ok(roots) => {
                    for root in roots {
                        let found = self.read.arena.node(root);
                        if found.kind == Kind::Sequence && found.style == Style::Block {
                            items.extend_from_slice(self.read.arena.items_of(&found));
                        } else {
                            let message = "did not find expected '-' indicator".to_owned();
                            let at = found.span.start;
                            self.problem(&YamlFailure {
                                kind: FailureKind::Syntax,
                                at,
                                message,
                                next: 0,
                            });
                            let stray = self.invalid(piece.clone());
                            items.push(stray);
                        }
                    }
                }
                Err(failure) => {
                    let Some(line) = self.line(piece.start, piece.end, true) else {
                        continue;
                    };
                    let item = if self.is_dash(line.content) {
                        mask::replace(&mut self.text, line.content, ' ');
                        if self.line(line.start, piece.end, false).is_some() {
                            self.node(line.start..piece.end, &failure, depth + 1)
                        } else {
                            // Directly behind its dash; comments may follow.
                            self.line(line.start, piece.end, true);
                            self.empty(line.content + 1)
                        }
                    } else {
                        self.problem(&failure);
                        self.invalid(piece)
                    };
                    items.push(item);
                }
            }
        }
        if self.read.problems.len() == before {
            self.problem(failure);
        }
        let end = items
            .last()
            .map_or(line.end as u32, |last| self.read.arena.node(*last).span.end);
        self.read.arena.close_sequence(node, &items, end);
        node
    }

    /// Reads a value that is no block collection.
    fn inline(&mut self, range: Range<usize>, line: Line, failure: &YamlFailure) -> NodeId {
        let count = self.read.documents.len();
        let value = self.past_properties(line.content, line.end);
        if value == line.end && value > line.content {
            // A tag, and its value on the lines below.
            let tagged = self.opened_properties(line.content, value);
            let behind = line.end + line_break(self.text.as_bytes(), line.end);
            let depth = self.limits.depth.saturating_sub(1);
            let inner = self.node(behind..range.end, failure, depth);
            return self.closed_properties(tagged, inner);
        }
        if self.piece(range.clone()).is_err() {
            let whole = self.text.get(range.clone()).unwrap_or_default().to_owned();
            let limit = range.start + whole.trim_end().len();
            let unclosed = self.unclosed(&whole, range.start, value - range.start);
            self.problem(unclosed.as_ref().unwrap_or(failure));
            if let Some(repaired) = mask::repaired(&whole, value - range.start) {
                let _ = self.strictly(limit, &repaired, range.start);
            }
        }
        if self.read.documents.len() == count {
            let mark = self.read.mark();
            let text = self
                .text
                .get(range.clone())
                .unwrap_or_default()
                .trim_end()
                .to_owned();
            let read = tolerant::read(self.source, &text, range.start, self.limits, &mut self.read);
            let whole = Self::span(line.content, range.start + text.len());
            let is_whole = |root: &NodeId| self.read.arena.node(*root).span == whole;
            let found = self.read.documents.get(count..).unwrap_or_default();
            if read.is_none() || found.len() != 1 || !found.iter().all(is_whole) {
                self.read.rollback(mark);
            }
        }
        match self.taken(count).as_slice() {
            [root] => *root,
            _ => self.invalid(range),
        }
    }

    /// Passes over blanks and properties (`&a`, `!Sub`) from `at` on.
    fn past_properties(&self, mut at: usize, end: usize) -> usize {
        loop {
            while at < end && matches!(self.byte(at), Some(b' ' | b'\t')) {
                at += 1;
            }
            let behind = self.word_end(at, end);
            match self.byte(at) {
                Some(b'!' | b'&') if at < end && behind > at + 1 => at = behind,
                _ => return at.min(end),
            }
        }
    }

    fn word_end(&self, at: usize, end: usize) -> usize {
        let rest = self.text.get(at..end).unwrap_or_default();
        at + rest.find([' ', '\t']).unwrap_or(rest.len())
    }

    /// Opens the tagged node for a tag among the properties, and gives an anchor among them.
    fn opened_properties(&mut self, mut at: usize, end: usize) -> (Option<NodeId>, Option<Span>) {
        let (mut tagged, mut anchor) = (None, None);
        while at < end {
            let behind = self.word_end(at, end);
            let span = Self::span(at, behind);
            match self.byte(at) {
                Some(b'!') if tagged.is_none() && self.byte(at + 1) != Some(b'!') => {
                    let name = intrinsics::of_tag(self.text.get(at..behind).unwrap_or_default())
                        .to_owned();
                    tagged = Some(self.read.arena.open_tagged(Tag {
                        name,
                        span,
                        short: true,
                    }));
                }
                Some(b'&') => anchor = Some(span),
                _ => {}
            }
            at = behind.max(at + 1);
        }
        (tagged, anchor)
    }

    fn closed_properties(
        &mut self,
        (tagged, anchor): (Option<NodeId>, Option<Span>),
        inner: NodeId,
    ) -> NodeId {
        if let Some(tagged) = tagged {
            let end = self.read.arena.node(inner).span.end;
            let end = end.max(self.read.arena.node(tagged).span.end);
            self.read.arena.close_tagged(tagged, inner, end);
        }
        let outer = tagged.unwrap_or(inner);
        if let Some(span) = anchor {
            let name = self
                .source
                .get(span.start as usize + 1..span.end as usize)
                .unwrap_or_default();
            self.known.insert(name.to_owned(), outer);
            // In order of their nodes, though those inside came first.
            let anchors = &mut self.read.arena.anchors;
            let at = anchors.partition_point(|anchor| anchor.node < outer.0);
            anchors.insert(
                at,
                Anchor {
                    node: outer.0,
                    span,
                },
            );
        }
        outer
    }
}
