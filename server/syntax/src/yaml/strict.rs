//! Valid YAML to the tree, by the events of saphyr-parser.
//!
//! saphyr-parser decides what is valid and how it nests. Its positions are not used for the tree: they count
//! characters, a quoted scalar's reaches over the blanks behind it, a block scalar's begins below its header, a
//! dash's lies behind the dash, and comments are dropped. Given the nesting, every position follows from the
//! source: between two nodes there is only white space, comments and the indicators that the nesting demands. So
//! the reader walks through the source beside the events.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use super::scalar::{block, coarse, folded, is_document_marker, line_end, plain, quoted};
use super::{FailureKind, Names, YamlFailure};
use crate::arena::{Anchor, Kind, NONE};
use crate::reading::Reading;
use crate::scalar::plain_type;
use crate::{Comment, Limits, NodeId, ProblemKind, ScalarType, Span, Style, Tag, intrinsics};

/// The kinds of collections by how they are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shape {
    BlockMapping,
    BlockSequence,
    FlowMapping,
    FlowSequence,
    /// `[key: value]`: a mapping of one pair without braces.
    FlowPair,
}

impl Shape {
    fn is_mapping(self) -> bool {
        matches!(
            self,
            Shape::BlockMapping | Shape::FlowMapping | Shape::FlowPair
        )
    }
}

/// A collection that is still open.
struct Frame {
    node: NodeId,
    /// The tagged node around it.
    tagged: Option<NodeId>,
    shape: Shape,
    /// Where its children begin in the stack of children.
    base: usize,
    /// The end of its last child.
    end: usize,
    /// The column of its first child, for collections in block style.
    column: isize,
}

/// `&anchor` and `!tag` before a node.
struct Properties {
    anchor: Option<Span>,
    tag: Option<Tag>,
    core: Option<ScalarType>,
    /// Where they begin and end.
    start: usize,
    end: usize,
}

struct StrictReader<'a> {
    /// The whole source, which spans refer to.
    source: &'a str,
    /// The part that is read, as long as its original, perhaps with other characters in place of some `*`.
    text: &'a str,
    /// Where the part begins in the source.
    base: usize,
    limits: &'a Limits,
    read: &'a mut Reading,
    /// Everything before it in `text` has been accounted for.
    at: usize,
    /// Comments before it are noted.
    commented: usize,
    frames: Vec<Frame>,
    children: Vec<NodeId>,
    /// Nodes with an anchor, by saphyr's number for it.
    numbered: Vec<NodeId>,
    names: HashMap<&'a str, NodeId>,
    known: &'a Names,
    /// Whether `text` may differ from its source.
    masked: bool,
}

/// Reads `text`, which lies at `base` in `source`, into `read`. If it fails, what it added to `read` must be
/// taken back.
pub(super) fn read<'a>(
    source: &'a str,
    text: &'a str,
    base: usize,
    limits: &'a Limits,
    known: &'a Names,
    read: &'a mut Reading,
) -> Result<HashMap<&'a str, NodeId>, YamlFailure> {
    let mut reader = StrictReader {
        source,
        text,
        base,
        limits,
        read,
        at: 0,
        commented: 0,
        frames: Vec::new(),
        children: Vec::new(),
        numbered: Vec::new(),
        names: HashMap::new(),
        known,
        masked: source
            .get(base..)
            .is_none_or(|part| part.as_ptr() != text.as_ptr()),
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| reader.failure(&error))?;
        reader.event(event, span.len())?;
    }
    reader.trivia(reader.at);
    Ok(reader.names)
}

impl<'a> StrictReader<'a> {
    fn failure(&mut self, error: &ScanError) -> YamlFailure {
        let characters = error.marker().index();
        let at = self
            .text
            .char_indices()
            .nth(characters)
            .map_or(self.text.len(), |(at, _)| at);
        let at = (self.base + at) as u32;
        let flow = self
            .frames
            .iter()
            .find(|frame| matches!(frame.shape, Shape::FlowMapping | Shape::FlowSequence));
        let next = match flow {
            Some(frame) => {
                (self.read.arena.node(frame.node).span.start as usize).saturating_sub(self.base)
            }
            None => self.place(false),
        };
        YamlFailure {
            kind: FailureKind::Syntax,
            at,
            message: error.info().to_owned(),
            next,
        }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        // A repaired text may be longer than its source.
        let limit = self.source.len();
        let start = (self.base + start).min(limit);
        Span::new(start as u32, (self.base + end).clamp(start, limit) as u32)
    }

    /// Passes over white space, line breaks and comments, which it notes.
    fn trivia(&mut self, mut at: usize) -> usize {
        loop {
            match self.byte(at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => at += 1,
                Some(b'#') => {
                    let end = line_end(self.bytes(), at);
                    self.comment(at, end);
                    at = end;
                }
                Some(0xEF)
                    if self
                        .text
                        .get(at..)
                        .is_some_and(|rest| rest.starts_with('\u{FEFF}')) =>
                {
                    at += 3
                }
                _ => return at,
            }
        }
    }

    fn comment(&mut self, start: usize, end: usize) {
        if start >= self.commented {
            self.commented = end;
            let span = self.span(start, end);
            self.read.comments.push(Comment { span });
        }
    }

    fn is_blank(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
    }

    fn event(&mut self, event: Event<'_>, length: usize) -> Result<(), YamlFailure> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd => {}
            Event::DocumentStart(explicit) => self.document(explicit),
            Event::DocumentEnd => self.read.documents.extend(self.children.pop()),
            Event::Alias(number) => {
                let start = self.place(false);
                self.alias(start, number)?;
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_empty = style == ScalarStyle::Plain && text.is_empty();
                let has_properties = anchor > 0 || tag.is_some();
                let start = self.place(is_empty && !has_properties);
                let properties = self.properties(start, anchor > 0, tag)?;
                self.scalar(&text, style, is_empty, properties);
            }
            Event::SequenceStart(anchor, tag) => {
                let start = self.place(false);
                let properties = self.properties(start, anchor > 0, tag)?;
                let is_flow = self.byte(properties.end) == Some(b'[');
                self.open(
                    if is_flow {
                        Shape::FlowSequence
                    } else {
                        Shape::BlockSequence
                    },
                    properties,
                )?;
            }
            Event::MappingStart(anchor, tag) => {
                let start = self.place(false);
                let properties = self.properties(start, anchor > 0, tag)?;
                // Before a brace there is a mapping in flow style, or one whose first key is such a mapping: then
                // the event takes no room beyond its properties.
                let before = self
                    .text
                    .get(start..properties.end)
                    .map_or(0, |text| text.chars().count());
                let within_flow = self
                    .frames
                    .last()
                    .is_some_and(|frame| frame.shape == Shape::FlowSequence);
                let shape = if self.byte(properties.end) == Some(b'{') && length > before {
                    Shape::FlowMapping
                } else if within_flow {
                    Shape::FlowPair
                } else {
                    Shape::BlockMapping
                };
                self.open(shape, properties)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
        }
        Ok(())
    }

    /// Passes over what comes before a document: directives and the marks between documents.
    fn document(&mut self, explicit: bool) {
        self.numbered.clear();
        self.names.clear();
        loop {
            self.at = self.trivia(self.at);
            let rest = self.text.get(self.at..).unwrap_or_default();
            let is_line = matches!(
                self.byte(self.at.wrapping_sub(1)),
                None | Some(b'\n' | b'\r')
            );
            if is_line && rest.starts_with("...") && is_document_marker(self.bytes(), self.at) {
                self.at += 3;
            } else if explicit && rest.starts_with('%') {
                self.at = line_end(self.bytes(), self.at);
            } else {
                break;
            }
        }
        if explicit
            && self
                .text
                .get(self.at..)
                .is_some_and(|rest| rest.starts_with("---"))
        {
            self.at += 3;
        }
    }

    /// Where the next node begins, or where it would, if it `is_empty`: directly behind its `:` or `-`.
    fn place(&mut self, is_empty: bool) -> usize {
        let Some(frame) = self.frames.last() else {
            return if is_empty {
                self.at
            } else {
                self.trivia(self.at)
            };
        };
        let (shape, first, before) = (frame.shape, self.children.len() == frame.base, self.at);
        let column = frame.column;
        let is_key = shape.is_mapping() && (self.children.len() - frame.base).is_multiple_of(2);
        let mut at = self.trivia(self.at);
        if matches!(shape, Shape::FlowMapping | Shape::FlowSequence)
            && (is_key || shape == Shape::FlowSequence)
            && !first
            && self.byte(at) == Some(b',')
        {
            at = self.trivia(at + 1);
        }
        let indicator = match shape {
            Shape::BlockSequence => self.byte(at) == Some(b'-'),
            Shape::FlowSequence => false,
            _ if is_key => self.byte(at) == Some(b'?') && (self.is_blank(at + 1) || is_empty),
            // One in another column is that of a mapping around this one.
            Shape::BlockMapping if is_empty && self.is_on_later_line(before, at) => {
                self.byte(at) == Some(b':') && self.column(at) == column
            }
            _ => self.byte(at) == Some(b':'),
        };
        if indicator {
            at += 1;
        } else if is_empty && !is_key {
            // `? key` without a value: it ends where its key does.
            return before;
        }
        if is_empty { at } else { self.trivia(at) }
    }

    /// How many characters stand before `at` on its line.
    fn column(&self, at: usize) -> isize {
        let before = self.bytes().get(..at).unwrap_or_default();
        let line = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |at| at + 1);
        self.text
            .get(line..at)
            .map_or(0, |text| text.chars().count()) as isize
    }

    fn is_on_later_line(&self, before: usize, at: usize) -> bool {
        let between = self.bytes().get(before..at).unwrap_or_default();
        memchr::memchr2(b'\n', b'\r', between).is_some()
    }

    /// Reads the properties that the node at `start` is known to have.
    fn properties(
        &mut self,
        start: usize,
        has_anchor: bool,
        tag: Option<Cow<'_, saphyr_parser::Tag>>,
    ) -> Result<Properties, YamlFailure> {
        let mut found = Properties {
            anchor: None,
            tag: None,
            core: None,
            start,
            end: start,
        };
        let count = usize::from(has_anchor) + usize::from(tag.is_some());
        let mut end = start;
        for _ in 0..count {
            let at = self.trivia(end);
            end = self.word_end(at);
            let span = self.span(at, end);
            match self.byte(at) {
                Some(b'&') => found.anchor = Some(span),
                Some(b'!') => {
                    let written = self.source.get(span.range()).unwrap_or_default();
                    let core = tag.as_ref().and_then(|tag| core_type(tag, written));
                    if core.is_some() {
                        found.core = core;
                    } else {
                        found.tag = Some(Tag {
                            name: intrinsics::of_tag(written).to_owned(),
                            span,
                            short: true,
                        });
                    }
                }
                _ => {
                    let at = span.start;
                    let message =
                        "while parsing a node, did not find expected node content".to_owned();
                    return Err(YamlFailure {
                        kind: FailureKind::Syntax,
                        at,
                        message,
                        next: start,
                    });
                }
            }
            self.at = end;
        }
        found.end = if count > 0 { self.trivia(end) } else { start };
        if count == 0 {
            self.at = start;
        }
        Ok(found)
    }

    /// The end of an anchor, alias or tag.
    fn word_end(&self, at: usize) -> usize {
        let rest = self.bytes().get(at..).unwrap_or_default();
        if rest.starts_with(b"!<") {
            return at + memchr::memchr(b'>', rest).map_or(rest.len(), |end| end + 1);
        }
        let stops = |byte: &u8| {
            matches!(
                byte,
                b' ' | b'\t' | b'\n' | b'\r' | b',' | b'[' | b']' | b'{' | b'}'
            )
        };
        at + rest.iter().position(stops).unwrap_or(rest.len())
    }

    /// Notes a node's anchor.
    fn anchored(&mut self, node: NodeId, anchor: Option<Span>) {
        if let Some(span) = anchor {
            self.read.arena.anchors.push(Anchor { node: node.0, span });
            self.numbered.push(node);
            let name = self
                .source
                .get(span.start as usize + 1..span.end as usize)
                .unwrap_or_default();
            self.names.insert(name, node);
        }
    }

    /// Makes a finished node the child of the innermost collection.
    fn finish(&mut self, node: NodeId, end: usize) {
        self.children.push(node);
        self.at = self.at.max(end);
        if let Some(frame) = self.frames.last_mut() {
            frame.end = end;
        }
    }

    fn alias(&mut self, start: usize, _number: usize) -> Result<(), YamlFailure> {
        let end = self.word_end(start);
        let name = self.text.get(start + 1..end).unwrap_or_default();
        let target = self
            .names
            .get(name)
            .or_else(|| self.known.get(name))
            .copied();
        let span = self.span(start, end);
        let Some(target) = target else {
            // An anchor of another document: saphyr keeps them.
            let message = "while parsing node, found unknown anchor".to_owned();
            return Err(YamlFailure {
                kind: FailureKind::Syntax,
                at: span.start,
                message,
                next: start,
            });
        };
        let node = self.read.arena.leaf(Kind::Alias, span, target.0);
        self.finish(node, end);
        Ok(())
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, is_empty: bool, properties: Properties) {
        let tagged = properties.tag.map(|tag| self.read.arena.open_tagged(tag));
        let (node, end) = if is_empty {
            // Behind its properties, before the blanks that `properties.end` has passed over.
            let at = self.at.max(properties.start);
            let span = self.span(at, at);
            (
                self.read.arena.scalar(span, Style::Plain, ScalarType::Null),
                at,
            )
        } else {
            let (node, end) = self.written(text, style, properties.end);
            if self.base + end > self.source.len()
                && let Some(node) = self.read.arena.node_mut(node)
            {
                node.unclosed = true;
            }
            (node, end)
        };
        if let (Some(ty), Some(node)) = (properties.core, self.read.arena.node_mut(node)) {
            node.ty = ty;
        }
        let outer = match tagged {
            Some(outer) => {
                let end = self.span(end, end).end;
                self.read.arena.close_tagged(outer, node, end);
                outer
            }
            None => node,
        };
        self.anchored(outer, properties.anchor);
        self.finish(outer, end);
    }

    /// Reads a scalar that begins at `start`; gives its end.
    fn written(&mut self, text: &str, style: ScalarStyle, start: usize) -> (NodeId, usize) {
        let rest = self.text.get(start..).unwrap_or_default();
        match style {
            ScalarStyle::Plain => {
                if rest.starts_with(text) {
                    let end = start + text.len();
                    let span = self.span(start, end);
                    return (self.plain(span, text), end);
                }
                let (end, mut decoded) = plain(self.text, start, text).unwrap_or_else(|| {
                    let end = line_end(self.bytes(), start);
                    (end, coarse(text, 0, end - start))
                });
                let span = self.span(start, end);
                if self.is_masked(start, end) {
                    decoded = folded(self.source.get(span.range()).unwrap_or_default());
                }
                (
                    self.read
                        .arena
                        .decoded_scalar(span, Style::Plain, plain_type(text), decoded),
                    end,
                )
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let style = if style == ScalarStyle::SingleQuoted {
                    Style::SingleQuoted
                } else {
                    Style::DoubleQuoted
                };
                let inside = rest.get(1..).unwrap_or_default();
                let is_simple = inside.starts_with(text)
                    && inside.as_bytes().get(text.len()) == rest.as_bytes().first()
                    && (style == Style::SingleQuoted
                        || memchr::memchr(b'\\', text.as_bytes()).is_none())
                    && inside.as_bytes().get(text.len() + 1) != Some(&b'\'');
                if is_simple && !self.is_masked(start, start + text.len() + 2) {
                    let end = start + text.len() + 2;
                    return (
                        self.read
                            .arena
                            .scalar(self.span(start, end), style, ScalarType::String),
                        end,
                    );
                }
                let found = quoted(self.text, start);
                let end = found.as_ref().map_or(start, |found| found.0);
                let original = if self.is_masked(start, end) {
                    quoted(self.source, self.base + start)
                } else {
                    None
                };
                let (end, decoded) = self.checked(found, original, start, text);
                (
                    self.read.arena.decoded_scalar(
                        self.span(start, end),
                        style,
                        ScalarType::String,
                        decoded,
                    ),
                    end,
                )
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let style = if style == ScalarStyle::Literal {
                    Style::Literal
                } else {
                    Style::Folded
                };
                let parent = self
                    .frames
                    .iter()
                    .rev()
                    .find_map(|frame| (frame.column >= 0).then_some(frame.column));
                let parent = parent.unwrap_or(-1);
                let found = block(self.text, self.text, start, parent);
                let comment = found.as_ref().and_then(|found| found.comment);
                if let Some(comment) = comment {
                    self.comment(comment, line_end(self.bytes(), comment));
                }
                let found = found.map(|found| (found.end, found.decoded));
                let original =
                    if self.is_masked(start, found.as_ref().map_or(start, |found| found.0)) {
                        let end = (self.base + self.text.len()).min(self.source.len());
                        let source = self.source.get(self.base..end).unwrap_or_default();
                        // A repaired text may be longer than its source.
                        let text = self.text.get(..source.len()).unwrap_or_default();
                        block(text, source, start, parent)
                            .map(|found| (self.base + found.end, found.decoded))
                    } else {
                        None
                    };
                let (end, decoded) = self.checked(found, original, start, text);
                (
                    self.read.arena.decoded_scalar(
                        self.span(start, end),
                        style,
                        ScalarType::String,
                        decoded,
                    ),
                    end,
                )
            }
        }
    }

    /// Whether the part of the text that is read differs from the source there.
    fn is_masked(&self, start: usize, end: usize) -> bool {
        self.masked
            && self.text.get(start..end) != self.source.get(self.base + start..self.base + end)
    }

    /// Takes what was decoded from the source, if what was decoded from the text is what saphyr decoded.
    fn checked(
        &self,
        found: Option<(usize, crate::decoded::Decoded)>,
        original: Option<(usize, crate::decoded::Decoded)>,
        start: usize,
        text: &str,
    ) -> (usize, crate::decoded::Decoded) {
        match (found, original) {
            (Some((end, decoded)), original) if decoded.text == text => match original {
                Some((stop, original)) if stop == self.base + end && self.is_masked(start, end) => {
                    (end, original)
                }
                // What was put in its place must not pass for what is written.
                _ if self.is_masked(start, end) => (end, self.undecoded(start, end)),
                _ => (end, decoded),
            },
            (Some((end, _)), _) if self.is_masked(start, end) => (end, self.undecoded(start, end)),
            (Some((end, _)), _) => (end, coarse(text, 0, end - start)),
            (None, _) => {
                let end = line_end(self.bytes(), start);
                (end, coarse(text, 0, end - start))
            }
        }
    }

    /// A scalar whose source can't be decoded, as it is written between its quotes.
    fn undecoded(&self, start: usize, end: usize) -> crate::decoded::Decoded {
        let quotes = usize::from(matches!(self.bytes().get(start), Some(b'"' | b'\'')));
        let (from, to) = (start + quotes, end.saturating_sub(quotes));
        let written = self
            .source
            .get(self.base + from..self.base + to)
            .unwrap_or_default();
        coarse(written, quotes, to.saturating_sub(start))
    }

    /// A plain scalar on one line; or what stands behind a masked `*`.
    fn plain(&mut self, span: Span, text: &str) -> NodeId {
        let written = self.source.get(span.range()).unwrap_or_default();
        if written.contains(['\n', '\r']) {
            // Only where what is in brackets was put onto one line.
            let decoded = folded(written);
            let ty = plain_type(&decoded.text);
            return self
                .read
                .arena
                .decoded_scalar(span, Style::Plain, ty, decoded);
        }
        let Some(name) = written.strip_prefix('*') else {
            return self.read.arena.scalar(span, Style::Plain, plain_type(text));
        };
        if name.is_empty() {
            self.read
                .problem(ProblemKind::UnquotedStar, span, super::message::STAR);
            return self
                .read
                .arena
                .scalar(span, Style::Plain, ScalarType::String);
        }
        if let Some(target) = self.names.get(name).or_else(|| self.known.get(name)) {
            return self.read.arena.leaf(Kind::Alias, span, target.0);
        }
        self.read.problem(
            ProblemKind::UnknownAlias,
            span,
            super::message::unknown_alias(name),
        );
        self.read.arena.leaf(Kind::Alias, span, NONE)
    }

    fn open(&mut self, shape: Shape, properties: Properties) -> Result<(), YamlFailure> {
        let start = properties.end;
        if self.frames.len() as u32 >= self.limits.depth {
            let at = (self.base + start) as u32;
            let message = crate::limits::too_deep(self.limits.depth);
            return Err(YamlFailure {
                kind: FailureKind::TooDeep,
                at,
                message,
                next: start,
            });
        }
        let tagged = properties.tag.map(|tag| self.read.arena.open_tagged(tag));
        let kind = if shape.is_mapping() {
            Kind::Mapping
        } else {
            Kind::Sequence
        };
        let style = match shape {
            Shape::BlockMapping | Shape::BlockSequence => Style::Block,
            _ => Style::Flow,
        };
        let from = (self.base + start) as u32;
        let node = self.read.arena.open(kind, from, style);
        self.anchored(tagged.unwrap_or(node), properties.anchor);
        let column = match style {
            Style::Block => self.column(start),
            _ => -1,
        };
        self.at = match shape {
            Shape::FlowMapping | Shape::FlowSequence => start + 1,
            _ => start,
        };
        self.frames.push(Frame {
            node,
            tagged,
            shape,
            base: self.children.len(),
            end: start,
            column,
        });
        Ok(())
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let end = match frame.shape {
            Shape::FlowMapping | Shape::FlowSequence => {
                let mut at = self.trivia(self.at);
                if self.byte(at) == Some(b',') {
                    at = self.trivia(at + 1);
                }
                at + 1
            }
            _ => frame.end,
        };
        let to = self.span(end, end).end;
        let children = self.children.get(frame.base..).unwrap_or_default();
        if frame.shape.is_mapping() {
            self.read
                .arena
                .close_mapping(self.source, frame.node, children, to);
        } else {
            self.read.arena.close_sequence(frame.node, children, to);
        }
        self.children.truncate(frame.base);
        if let Some(tagged) = frame.tagged {
            self.read.arena.close_tagged(tagged, frame.node, to);
        }
        self.finish(frame.tagged.unwrap_or(frame.node), end);
    }
}

/// The type that a core tag (`!!str`) gives to a scalar; nothing for any other tag.
fn core_type(tag: &saphyr_parser::Tag, written: &str) -> Option<ScalarType> {
    let suffix = if tag.is_yaml_core_schema() {
        tag.suffix.as_str()
    } else if written == "!" {
        "str"
    } else {
        written
            .strip_prefix("!<tag:yaml.org,2002:")?
            .strip_suffix('>')?
    };
    Some(match suffix {
        "int" | "float" => ScalarType::Number,
        "bool" => ScalarType::Bool,
        "null" => ScalarType::Null,
        _ => ScalarType::String,
    })
}
