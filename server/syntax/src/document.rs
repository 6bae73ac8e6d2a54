//! The tree of one text, and what can be asked of it.

use std::ops::Range;
use std::sync::Arc;

use crate::arena::{Kind, NONE, Node};
use crate::embed::{self, read};
use crate::facts::Facts;
use crate::marks::{self, Region};
use crate::reading::Reading;
use crate::{
    Comment, Format, Limits, NodeId, Pair, Problem, ScalarType, Span, Style, Tag, View, yaml,
};

/// A text and the tree that was read from it. It reads whatever it is given; what it could not understand is
/// [`View::Invalid`], with a [`Problem`].
#[derive(Clone, Debug)]
pub struct Tree {
    pub(crate) source: String,
    pub(crate) format: Format,
    pub(crate) limits: Limits,
    pub(crate) read: Reading,
    /// Nodes of the arena that no document holds any more.
    pub(crate) garbage: usize,
    /// How many strings the text itself stands in.
    pub(crate) level: u32,
    /// What is known of the text as it is.
    pub(crate) facts: Arc<Facts>,
}

impl Tree {
    /// Reads a text with the default [`Limits`].
    pub fn parse(source: String, format: Format) -> Tree {
        Tree::parse_with(source, format, &Limits::default())
    }

    /// Reads a text.
    pub(crate) fn parse_with(source: String, format: Format, limits: &Limits) -> Tree {
        let read = read(&source, format, limits, 0);
        Tree {
            source,
            format,
            limits: *limits,
            read,
            garbage: 0,
            level: 0,
            facts: Arc::default(),
        }
    }

    /// Reads a text that is this one, or a part of it, with edits.
    pub(crate) fn reread(&self, source: String, limits: &Limits) -> Tree {
        self.facts.did_read(source.len());
        let read = read(&source, self.format, limits, self.level);
        Tree {
            source,
            format: self.format,
            limits: *limits,
            read,
            garbage: 0,
            level: self.level,
            facts: Arc::default(),
        }
    }

    /// How many bytes were read to prove edits of the text, and how often something was read for it.
    pub fn read_for_proofs(&self) -> (usize, usize) {
        self.facts.has_read()
    }

    /// Reads a YAML text by the second reader (tree-sitter) alone, to hold it against the first. Nothing if that
    /// reader finds an error or can't be asked (a text that is long or deeply nested).
    pub fn second_reading(source: String) -> Option<Tree> {
        let limits = Limits::default();
        let mut read = yaml::second_reading(&source, &limits)?;
        embed::read_strings(&source, &mut read, 0, &limits, 0);
        Some(Tree {
            source,
            format: Format::Yaml,
            limits,
            read,
            garbage: 0,
            level: 0,
            facts: Arc::default(),
        })
    }

    /// The text. Whoever keeps what he makes of it over an edit keeps it only as long as all of the text stays as it is:
    /// one who looks at a part asks [`Tree::part`], [`Tree::source_near`] or [`Tree::ask`].
    pub fn source(&self) -> &str {
        self.note_all();
        &self.source
    }

    /// A part of the text; nothing beyond its end.
    pub fn part(&self, span: Span) -> &str {
        self.note_span(span);
        self.source.get(span.range()).unwrap_or_default()
    }

    /// The text, for one who looks at this part of it only.
    pub fn source_near(&self, span: Span) -> &str {
        self.note_span(span);
        &self.source
    }

    /// The text, for one who looks for a word in it and for what stands behind that as long as it is part of a name.
    pub fn source_with(&self, lead: &'static str) -> &str {
        self.note_lead(lead);
        &self.source
    }

    /// The decoded text of a scalar that has variables in it: `${`.
    pub fn with_variables(&self, id: NodeId) -> Option<&str> {
        self.note_sign(id);
        let text = self.read.arena.text(&self.source, id)?;
        text.contains("${").then(|| {
            self.note_node(id);
            text
        })
    }

    /// The decoded texts of a list that have variables in them, where all in it are scalars; `None` of any other node. Who asks has not
    /// read how many there are.
    pub fn listed_with_variables(&self, list: NodeId) -> Option<Vec<&str>> {
        let View::Sequence(items) = self.seen(list) else {
            return None;
        };
        let is_scalar = |item: &NodeId| self.read.arena.node(*item).kind == Kind::Scalar;
        if !items.iter().all(is_scalar) {
            return None;
        }
        self.note_sign(list);
        let texts = items.iter().filter_map(|item| self.with_variables(*item));
        Some(texts.collect())
    }

    /// How many bytes the text has.
    pub fn size(&self) -> usize {
        self.source.len()
    }

    /// The syntax that the text was read as.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The root value of each document: one in JSON and HCL (the file's body), any number in YAML, none in an
    /// empty text of these two.
    pub fn documents(&self) -> &[NodeId] {
        &self.read.documents
    }

    /// What is wrong with the text, in source order.
    pub fn problems(&self) -> &[Problem] {
        self.note_all();
        &self.read.problems
    }

    /// The comments, in source order.
    pub fn comments(&self) -> &[Comment] {
        self.note_all();
        &self.read.comments
    }

    /// The parts of the text that are there under a condition of another tool, in the order in which they end; those of
    /// documents in strings behind the file's own.
    pub fn regions(&self) -> &[Region] {
        &self.read.marked.regions
    }

    /// The conditions of other tools that a node is there under, the innermost first, each with whether it holds.
    pub fn conditions(&self, id: NodeId) -> impl Iterator<Item = (&str, bool)> {
        let start = match self.read.marked.regions.is_empty() {
            true => 0,
            false => self.span(id).start,
        };
        let regions = self.read.marked.regions.iter();
        regions
            .filter(move |region| region.span.start <= start && start < region.span.end)
            .map(|region| (region.condition.as_str(), region.holds))
    }

    /// Whether a node is a mark of another tool that stands for a whole value without quotes: of whatever type.
    pub fn is_hole(&self, id: NodeId) -> bool {
        self.note_node(id);
        let node = self.read.arena.node(id);
        let is_plain = node.kind == Kind::Scalar
            && node.style == Style::Plain
            && node.ty == ScalarType::String;
        if !is_plain {
            return false;
        }
        let host = self.host(id).and_then(|host| self.embedded_format(host));
        let text = self.read.arena.text(&self.source, id).unwrap_or_default();
        match host.unwrap_or(self.format) {
            Format::Json | Format::Jsonc => marks::json::is_value(text),
            Format::Yaml => marks::yaml::is_value(text),
            Format::Hcl => false,
        }
    }

    /// Whether a mark of another tool puts any number of items or pairs into a node.
    pub fn is_open(&self, id: NodeId) -> bool {
        self.note_node(id);
        let inserted = &self.read.marked.inserted;
        let span = self.span(id);
        let within = |at: &u32| span.start <= *at && *at < span.end;
        !inserted.is_empty() && inserted.iter().any(within)
    }

    /// What a node is.
    #[inline]
    pub fn view(&self, id: NodeId) -> View<'_> {
        self.note_node(id);
        self.seen(id)
    }

    /// Whether a node holds others: a mapping, a sequence or a tagged value.
    pub fn is_container(&self, id: NodeId) -> bool {
        self.note_kind(id);
        let kind = self.read.arena.node(id).kind;
        matches!(kind, Kind::Mapping | Kind::Sequence | Kind::Tagged)
    }

    /// Whether a node is a sequence of nothing that holds others: neither a container nor a string with a document in it. Who asks
    /// has not read how many items there are.
    pub fn is_flat(&self, id: NodeId) -> bool {
        let View::Sequence(items) = self.seen(id) else {
            self.note_kind(id);
            return false;
        };
        let holds = |item: &NodeId| {
            let kind = self.read.arena.node(*item).kind;
            matches!(kind, Kind::Mapping | Kind::Sequence | Kind::Tagged)
                || self.embedding(*item).is_some()
        };
        let is_flat = !items.iter().any(holds);
        self.note_flat(id, is_flat);
        is_flat
    }

    /// The tag of a tagged value, and what it is on.
    pub fn tagged(&self, id: NodeId) -> Option<(&Tag, NodeId)> {
        self.note_kind(id);
        if self.read.arena.node(id).kind != Kind::Tagged {
            return None;
        }
        match self.view(id) {
            View::Tagged(tag, value) => Some((tag, value)),
            _ => None,
        }
    }

    /// What a node is, for one who has noted that he reads it.
    pub(crate) fn seen(&self, id: NodeId) -> View<'_> {
        let node = self.read.arena.node(id);
        match node.kind {
            Kind::Mapping => View::Mapping(self.read.arena.pairs_of(&node)),
            Kind::Sequence => View::Sequence(self.read.arena.items_of(&node)),
            Kind::Scalar => {
                let text = self.read.arena.text_of(&self.source, &node);
                View::Scalar(text.unwrap_or_default())
            }
            Kind::Tagged => match self.read.arena.tags.get(node.a as usize) {
                Some(tag) => View::Tagged(tag, NodeId(node.b)),
                None => View::Invalid,
            },
            Kind::Alias => {
                let is_followed = node.a != NONE && node.b == 0;
                View::Alias(is_followed.then_some(NodeId(node.a)))
            }
            Kind::Invalid => View::Invalid,
        }
    }

    /// Where a node is written: a scalar with its quotes; a block scalar from its header to the end of its last
    /// line; a tagged value with its tag; a collection without blank lines and comments behind it. In HCL, the body
    /// of a block with its braces, that of the file from the first byte to the last; a heredoc with its marker; a
    /// value without the parentheses around it.
    pub fn span(&self, id: NodeId) -> Span {
        self.read.arena.node(id).span
    }

    /// How a node is written; of a tagged one, how the value behind the tag is.
    pub fn style(&self, id: NodeId) -> Style {
        self.note_node(id);
        self.read.arena.node(id).style
    }

    /// What a scalar is to a reader of the format; `String` for anything that is no scalar.
    pub fn scalar_type(&self, id: NodeId) -> ScalarType {
        self.note_node(id);
        self.read.arena.node(id).ty
    }

    /// The decoded text of a scalar, through aliases; nothing for a collection or a tagged value. Of a string that
    /// holds a document, the string's text all the same.
    pub fn text(&self, id: NodeId) -> Option<&str> {
        let node = self.aliased(id);
        self.note_node(node);
        self.read.arena.text(&self.source, node)
    }

    /// Where the content of a scalar is written: without its quotes, or below its header. Of any other node, its
    /// span.
    pub fn content_span(&self, id: NodeId) -> Span {
        let node = self.read.arena.node(id);
        if node.kind == Kind::Scalar {
            self.read.arena.content_span(&node)
        } else {
            node.span
        }
    }

    /// Where a range of bytes of a scalar's decoded text is written. An escape or a folded line break that the
    /// range cuts is taken in whole; what lies outside the text is cut off.
    pub fn source_span(&self, id: NodeId, decoded: Range<usize>) -> Span {
        let node = self.read.arena.node(id);
        let content = self.content_span(id);
        let small = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let range = small(decoded.start)..small(decoded.end);
        let span = match (node.kind, self.read.arena.decoded.get(node.a as usize)) {
            (Kind::Scalar, Some(map)) => {
                let range = map.source_range(range);
                Span::new(node.span.start + range.start, node.span.start + range.end)
            }
            _ => Span::new(
                content.start.saturating_add(range.start),
                content.start.saturating_add(range.end),
            ),
        };
        let start = span.start.clamp(content.start, content.end);
        Span::new(start, span.end.clamp(start, content.end))
    }

    /// Where the comments of documents in strings stand, in no order. [`Tree::comments`] has those of the file itself.
    pub fn inner_comments(&self) -> impl Iterator<Item = Span> {
        self.note_all();
        let embedded = self.read.arena.embedded.iter();
        embedded.flat_map(|entry| {
            let place = |at: &Span| {
                self.source_span(NodeId(entry.host), at.start as usize..at.end as usize)
            };
            entry.comments.iter().map(place)
        })
    }

    /// Where the strings of the file stand that hold documents, in order.
    pub fn hosts(&self) -> Vec<Span> {
        self.note_all();
        let embedded = self.read.arena.embedded.iter();
        let hosts = embedded.map(|entry| NodeId(entry.host));
        let own = hosts.filter(|host| self.host(*host).is_none());
        let mut spans: Vec<Span> = own.map(|host| self.span(host)).collect();
        spans.sort_unstable();
        spans
    }

    /// Where the comments in a part of the source stand, those of documents in strings included.
    pub fn comments_in(&self, span: Span) -> Vec<Span> {
        self.note_span(span);
        let own = &self.read.comments;
        let from = own.partition_point(|comment| comment.span.start < span.start);
        let own = own.get(from..).unwrap_or_default().iter();
        let own = own.map(|comment| comment.span);
        let mut found: Vec<Span> = own.take_while(|own| own.start < span.end).collect();
        let embedded = self.read.arena.embedded.iter();
        for entry in embedded.filter(|entry| !entry.comments.is_empty()) {
            let host = self.span(NodeId(entry.host));
            if host.start < span.end && span.start < host.end {
                let place = |at: &Span| {
                    self.source_span(NodeId(entry.host), at.start as usize..at.end as usize)
                };
                found.extend(entry.comments.iter().map(place));
            }
        }
        found.retain(|comment| span.contains(*comment));
        found
    }

    /// The offset in a scalar's decoded text that belongs to an offset in the source (a cursor); nothing outside
    /// the scalar's content. Within an escape: where its character begins.
    pub fn decoded_offset(&self, id: NodeId, source_offset: u32) -> Option<usize> {
        let node = self.read.arena.node(id);
        let content = self.content_span(id);
        if node.kind != Kind::Scalar || !content.touches(source_offset) {
            return None;
        }
        Some(match self.read.arena.decoded.get(node.a as usize) {
            Some(map) => map.decoded_at(source_offset - node.span.start) as usize,
            None => (source_offset - content.start) as usize,
        })
    }

    /// The collection or tagged value that a node is in; of the root of a document inside a string, the string.
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.read.arena.node(id).parent;
        (parent != NONE).then_some(NodeId(parent))
    }

    /// The items of a sequence, as [`Tree::resolved`] finds it.
    pub fn items(&self, id: NodeId) -> Option<&[NodeId]> {
        let node = self.resolved(id);
        match self.seen(node) {
            View::Sequence(items) => {
                self.note_node(node);
                Some(items)
            }
            _ => {
                self.note_kind(node);
                None
            }
        }
    }

    /// The anchors with their nodes, in the order of the text.
    pub fn anchors(&self) -> impl Iterator<Item = (NodeId, &str)> {
        let mut anchors: Vec<_> = self.read.arena.anchors.iter().collect();
        anchors.sort_unstable_by_key(|anchor| anchor.span.start);
        anchors.into_iter().map(|anchor| {
            let name = self.source.get(anchor.span.range()).unwrap_or_default();
            (NodeId(anchor.node), name)
        })
    }

    /// Where the anchor `&name` of a node is written. That of a tagged value belongs to the tagged node.
    pub fn anchor(&self, id: NodeId) -> Option<Span> {
        let anchors = &self.read.arena.anchors;
        let at = anchors
            .binary_search_by_key(&id.0, |anchor| anchor.node)
            .ok()?;
        anchors.get(at).map(|anchor| anchor.span)
    }

    /// The value of a key of a mapping, through aliases, merge keys and strings that hold documents. Of keys written twice, the last counts.
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.pair(id, key).map(|pair| pair.value)
    }

    /// The pair of a key of a mapping, as [`Tree::get`].
    pub fn pair(&self, id: NodeId, key: &str) -> Option<Pair> {
        let node = self.resolved(id);
        let View::Mapping(own) = self.seen(node) else {
            self.note_kind(node);
            return None;
        };
        let (behind, has_merge) = self.search(own, key);
        self.note_keys(
            node,
            own.get(behind.saturating_sub(1)..).unwrap_or_default(),
        );
        if let Some(found) = behind.checked_sub(1) {
            return own.get(found).copied();
        }
        if has_merge {
            let pairs = self.pairs(id);
            let named = |pair: &&Pair| self.text(pair.key) == Some(key);
            return pairs.iter().rev().find(named).copied();
        }
        None
    }

    /// How many pairs there are up to the last one with a key, none without one; and whether a merge key stands behind that.
    fn search(&self, pairs: &[Pair], key: &str) -> (usize, bool) {
        let arena = &self.read.arena;
        let merges = |node: &Node| {
            let is_plain = self.format == Format::Yaml && node.style == Style::Plain;
            is_plain && arena.is_text(&self.source, node, "<<")
        };
        let mut has_merge = false;
        for (at, pair) in pairs.iter().enumerate().rev() {
            let own = arena.node(pair.key);
            has_merge |= merges(&own);
            let is_named = match own.kind {
                Kind::Alias => self.text(pair.key) == Some(key),
                _ => arena.is_text(&self.source, &own, key),
            };
            if is_named {
                return (at + 1, has_merge);
            }
        }
        (0, has_merge)
    }
}
