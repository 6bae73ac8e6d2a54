//! Where the nodes of a tree lie.
//!
//! One vector of small nodes, indexed by `u32`; the children of a collection are a slice of a second vector. A
//! node holds no text: a scalar whose decoded text equals its source is only a span, any other has an entry among
//! `decoded`. Nothing owns anything, so dropping a tree does not recurse.

use crate::decoded::Decoded;
use crate::{Format, NodeId, Pair, ScalarType, Span, Style, Tag, intrinsics};

/// No node, no entry.
pub(crate) const NONE: u32 = u32::MAX;

/// What a node is; the meaning of its fields `a` and `b`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// `a..a + b` of `pairs`.
    Mapping,
    /// `a..a + b` of `items`.
    Sequence,
    /// `a` of `decoded`, or [`NONE`]; `b` is the length of what ends it, if that is more than a quote.
    Scalar,
    /// `a` of `tags`; `b` is the node inside.
    Tagged,
    /// `a` is the node that it stands for, or [`NONE`]; `b` is 0 where it is followed, else it goes beyond what aliases
    /// may stand for.
    Alias,
    /// Not understood.
    Invalid,
}

/// One node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub span: Span,
    pub parent: u32,
    pub a: u32,
    pub b: u32,
    pub kind: Kind,
    pub style: Style,
    pub ty: ScalarType,
    /// A quoted scalar whose closing quote is missing.
    pub unclosed: bool,
    /// A scalar of an embedded document whose quotes are written as escapes: only its entry among `decoded` knows
    /// where its content is.
    pub mapped: bool,
}

/// `&name` on a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anchor {
    pub node: u32,
    pub span: Span,
}

/// The storage of a tree.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arena {
    pub nodes: Vec<Node>,
    pub pairs: Vec<Pair>,
    pub items: Vec<NodeId>,
    pub tags: Vec<Tag>,
    pub decoded: Vec<Decoded>,
    /// In order of their nodes.
    pub anchors: Vec<Anchor>,
    /// In order of their hosts.
    pub embedded: Vec<Embedded>,
}

/// A document that was read from a string of the text.
#[derive(Clone, Debug)]
pub(crate) struct Embedded {
    /// The node whose text it is.
    pub host: u32,
    /// Its root value.
    pub root: u32,
    /// The syntax that the string's text was read as.
    pub format: Format,
    /// Whether the string's text goes through `Fn::Sub`.
    pub substituted: bool,
    /// Its comments, by their places in the string's text.
    pub comments: Vec<Span>,
    /// The node for each node that a reader of the string's text alone makes, by its number there; ascending.
    pub ids: Vec<u32>,
}

/// How much an [`Arena`] held at some moment.
#[derive(Clone, Copy)]
pub(crate) struct ArenaMark([usize; 6]);

impl ArenaMark {
    /// How many nodes there were.
    pub fn nodes(self) -> usize {
        self.0[0]
    }

    /// How many tags there were.
    pub fn tags(self) -> usize {
        self.0[3]
    }
}

impl Arena {
    /// The present state, to return to with [`Arena::rollback`].
    pub fn mark(&self) -> ArenaMark {
        ArenaMark([
            self.nodes.len(),
            self.pairs.len(),
            self.items.len(),
            self.tags.len(),
            self.decoded.len(),
            self.anchors.len(),
        ])
    }

    /// Gives back the room that nothing stands in.
    pub fn shrink_to_fit(&mut self) {
        self.nodes.shrink_to_fit();
        self.pairs.shrink_to_fit();
        self.items.shrink_to_fit();
    }

    /// Forgets whatever was added since `mark`.
    pub fn rollback(&mut self, mark: ArenaMark) {
        let ArenaMark([nodes, pairs, items, tags, decoded, anchors]) = mark;
        self.nodes.truncate(nodes);
        self.pairs.truncate(pairs);
        self.items.truncate(items);
        self.tags.truncate(tags);
        self.decoded.truncate(decoded);
        self.anchors.truncate(anchors);
    }

    /// The node behind an id. An id of another tree gives an `Invalid` node.
    #[inline]
    pub fn node(&self, id: NodeId) -> Node {
        static NO_NODE: Node = Node {
            span: Span { start: 0, end: 0 },
            parent: NONE,
            a: NONE,
            b: NONE,
            kind: Kind::Invalid,
            style: Style::Plain,
            ty: ScalarType::Null,
            unclosed: false,
            mapped: false,
        };
        *self.nodes.get(id.0 as usize).unwrap_or(&NO_NODE)
    }

    /// For changing a node.
    pub(crate) fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id.0 as usize)
    }

    /// The pairs of a mapping.
    pub(crate) fn pairs_of(&self, node: &Node) -> &[Pair] {
        if node.kind != Kind::Mapping {
            return &[];
        }
        self.pairs
            .get(node.a as usize..(node.a + node.b) as usize)
            .unwrap_or_default()
    }

    /// The items of a sequence.
    pub(crate) fn items_of(&self, node: &Node) -> &[NodeId] {
        if node.kind != Kind::Sequence {
            return &[];
        }
        self.items
            .get(node.a as usize..(node.a + node.b) as usize)
            .unwrap_or_default()
    }

    fn push(&mut self, mut node: Node) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        // What is recovered from broken text may have no end behind its start.
        node.span.end = node.span.end.max(node.span.start);
        self.nodes.push(node);
        id
    }

    /// Adds a scalar that is decoded by slicing its source.
    pub fn scalar(&mut self, span: Span, style: Style, ty: ScalarType) -> NodeId {
        self.push(Node {
            span,
            parent: NONE,
            a: NONE,
            b: 0,
            kind: Kind::Scalar,
            style,
            ty,
            unclosed: false,
            mapped: false,
        })
    }

    /// Adds a scalar with a decoded text of its own.
    pub(crate) fn decoded_scalar(
        &mut self,
        span: Span,
        style: Style,
        ty: ScalarType,
        decoded: Decoded,
    ) -> NodeId {
        let id = self.scalar(span, style, ty);
        let index = self.decoded.len() as u32;
        self.decoded.push(decoded);
        if let Some(node) = self.node_mut(id) {
            node.a = index;
        }
        id
    }

    /// Adds a node without children: an alias of the node `target`, or an invalid part.
    pub fn leaf(&mut self, kind: Kind, span: Span, target: u32) -> NodeId {
        let (style, ty) = (Style::Plain, ScalarType::String);
        self.push(Node {
            span,
            parent: NONE,
            a: target,
            b: 0,
            kind,
            style,
            ty,
            unclosed: false,
            mapped: false,
        })
    }

    /// Begins a collection, so that its id is lower than those of its children. One of the `close` functions
    /// must follow.
    pub fn open(&mut self, kind: Kind, start: u32, style: Style) -> NodeId {
        let (span, ty) = (Span::empty(start), ScalarType::String);
        self.push(Node {
            span,
            parent: NONE,
            a: 0,
            b: 0,
            kind,
            style,
            ty,
            unclosed: false,
            mapped: false,
        })
    }

    /// Begins a tagged node. [`Arena::close_tagged`] must follow.
    pub(crate) fn open_tagged(&mut self, tag: Tag) -> NodeId {
        let start = tag.span.start;
        let index = self.tags.len() as u32;
        self.tags.push(tag);
        let id = self.open(Kind::Tagged, start, Style::Plain);
        if let Some(node) = self.node_mut(id) {
            node.a = index;
        }
        id
    }

    /// Puts the value into a tagged node.
    pub(crate) fn close_tagged(&mut self, id: NodeId, inner: NodeId, end: u32) {
        let (style, ty) = (self.node(inner).style, self.node(inner).ty);
        self.set_parent(inner, id);
        if let Some(node) = self.node_mut(id) {
            node.b = inner.0;
            node.style = style;
            node.ty = ty;
            node.span.end = end.max(node.span.start);
        }
    }

    /// Gives a sequence its items and its end.
    pub(crate) fn close_sequence(&mut self, id: NodeId, items: &[NodeId], end: u32) {
        let a = self.items.len() as u32;
        self.items.extend_from_slice(items);
        for item in items {
            self.set_parent(*item, id);
        }
        if let Some(node) = self.node_mut(id) {
            node.a = a;
            node.b = items.len() as u32;
            node.span.end = end.max(node.span.start);
        }
    }

    /// Gives a mapping its children, keys and values by turns, and its end. A function call in long form becomes
    /// a tagged node here.
    pub(crate) fn close_mapping(
        &mut self,
        source: &str,
        id: NodeId,
        children: &[NodeId],
        end: u32,
    ) {
        if let [key, value] = children {
            let name = self
                .text(source, *key)
                .filter(|name| intrinsics::is_long_form(name))
                .map(str::to_owned);
            if let Some(name) = name {
                let span = self.node(*key).span;
                let a = self.tags.len() as u32;
                self.tags.push(Tag {
                    name,
                    span,
                    short: false,
                });
                for child in children {
                    self.set_parent(*child, id);
                }
                if let Some(node) = self.node_mut(id) {
                    node.kind = Kind::Tagged;
                    node.a = a;
                    node.b = value.0;
                    node.span.end = end.max(node.span.start);
                }
                return;
            }
        }
        self.close_pairs(id, children, end);
    }

    /// [`Arena::close_mapping`] for a format without function calls of that form.
    pub(crate) fn close_pairs(&mut self, id: NodeId, children: &[NodeId], end: u32) {
        for child in children {
            self.set_parent(*child, id);
        }
        let a = self.pairs.len() as u32;
        self.pairs
            .extend(children.chunks_exact(2).filter_map(|pair| match pair {
                [key, value] => Some(Pair {
                    key: *key,
                    value: *value,
                }),
                _ => None,
            }));
        if let Some(node) = self.node_mut(id) {
            node.a = a;
            node.b = (children.len() / 2) as u32;
            node.span.end = end.max(node.span.start);
        }
    }

    /// Puts `count` new nodes before those that were added since `mark`, whose ids grow. For a value that turns
    /// out to be the first part of another: parents have lower ids than their children.
    pub(crate) fn insert_before(&mut self, mark: ArenaMark, count: u32) {
        let ArenaMark([nodes, pairs, items, ..]) = mark;
        let first = nodes as u32;
        let moved = |id: &mut NodeId| id.0 += if id.0 >= first { count } else { 0 };
        for node in self.nodes.iter_mut().skip(nodes) {
            if node.parent != NONE && node.parent >= first {
                node.parent += count;
            }
            if node.kind == Kind::Tagged && node.b >= first {
                node.b += count;
            }
        }
        for pair in self.pairs.iter_mut().skip(pairs) {
            moved(&mut pair.key);
            moved(&mut pair.value);
        }
        self.items.iter_mut().skip(items).for_each(moved);
        let blank = self.node(NodeId(NONE));
        let count = count as usize;
        self.nodes
            .splice(nodes..nodes, std::iter::repeat_n(blank, count));
    }

    /// Links a child to its parent.
    pub(crate) fn set_parent(&mut self, child: NodeId, parent: NodeId) {
        if let Some(node) = self.node_mut(child) {
            node.parent = parent.0;
        }
    }

    /// The range of a scalar's content: what is between its quotes, or below its header.
    pub fn content_span(&self, node: &Node) -> Span {
        let Span { start, end } = node.span;
        if node.mapped
            && let Some(decoded) = self.decoded.get(node.a as usize)
        {
            let begin = start + decoded.content_start();
            return Span::new(begin, (start + decoded.content_end()).max(begin));
        }
        match node.style {
            Style::SingleQuoted | Style::DoubleQuoted => {
                let inner = (start + 1).min(end);
                Span::new(
                    inner,
                    if node.unclosed {
                        end
                    } else {
                        end.saturating_sub(1).max(inner)
                    },
                )
            }
            Style::Literal | Style::Folded => {
                let content = self
                    .decoded
                    .get(node.a as usize)
                    .map_or(0, Decoded::content_start);
                // The line that ends a heredoc.
                let end = end.saturating_sub(node.b).max(start);
                Span::new((start + content).min(end), end)
            }
            _ => node.span,
        }
    }

    /// The decoded text of a scalar.
    #[inline]
    pub fn text<'t>(&'t self, source: &'t str, id: NodeId) -> Option<&'t str> {
        self.text_of(source, self.nodes.get(id.0 as usize)?)
    }

    /// The decoded text of a scalar.
    #[inline]
    pub fn text_of<'t>(&'t self, source: &'t str, node: &Node) -> Option<&'t str> {
        if node.kind != Kind::Scalar {
            return None;
        }
        match self.decoded.get(node.a as usize) {
            Some(decoded) => Some(&decoded.text),
            None => source.get(self.content_span(node).range()),
        }
    }

    /// Whether a node is a scalar with this text.
    #[inline]
    pub fn is_text(&self, source: &str, node: &Node, text: &str) -> bool {
        if node.kind != Kind::Scalar {
            return false;
        }
        match self.decoded.get(node.a as usize) {
            Some(decoded) => decoded.text == text,
            None => {
                let content = self.content_span(node).range();
                content.len() == text.len()
                    && source.as_bytes().get(content) == Some(text.as_bytes())
            }
        }
    }
}
