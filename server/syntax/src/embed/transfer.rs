//! The nodes of an embedded document, moved into the arena of the outer one.

use std::collections::HashSet;
use std::ops::Range;

use super::map::HostMap;
use super::substituted::Substitution;
use super::template::{self, Piece};
use crate::arena::{Embedded, Kind, NONE, Node};
use crate::decoded::Decoded;
use crate::reading::Reading;
use crate::{Format, NodeId, Pair, ScalarType, Span, Style, Tag};

/// What is moved where.
pub(super) struct Transfer<'a> {
    pub into: &'a mut Reading,
    pub host: NodeId,
    /// The host's text.
    pub text: &'a str,
    /// The text that was read: the host's, with masks.
    pub readable: &'a str,
    pub map: &'a HostMap<'a>,
    pub inner: Reading,
    pub format: Format,
    pub substitution: Option<Substitution>,
    /// What was masked: `${Name}` in the place of a value.
    pub masks: &'a [Range<u32>],
}

/// Moves the nodes and notes where the document is.
pub(super) fn transfer(mut work: Transfer<'_>) {
    let Some(root) = work.inner.documents.first().copied() else {
        return;
    };
    let lifted = work.lifted();
    let mut ids = Vec::with_capacity(work.inner.arena.nodes.len());
    let mut next = work.into.arena.nodes.len() as u32;
    for nodes in &lifted {
        ids.push(next);
        next += nodes;
    }
    let id_of = |id: u32| ids.get(id as usize).copied().unwrap_or(NONE);

    let pairs = work.into.arena.pairs.len() as u32;
    let items = work.into.arena.items.len() as u32;
    let tags = work.into.arena.tags.len() as u32;
    let moved = |pair: &Pair| Pair {
        key: NodeId(id_of(pair.key.0)),
        value: NodeId(id_of(pair.value.0)),
    };
    let inner_pairs: Vec<Pair> = work.inner.arena.pairs.iter().map(moved).collect();
    work.into.arena.pairs.extend(inner_pairs);
    let inner_items: Vec<NodeId> = work
        .inner
        .arena
        .items
        .iter()
        .map(|id| NodeId(id_of(id.0)))
        .collect();
    work.into.arena.items.extend(inner_items);
    for tag in std::mem::take(&mut work.inner.arena.tags) {
        let span = work.map.span(tag.span.start..tag.span.end);
        work.into.arena.tags.push(Tag { span, ..tag });
    }

    for (index, nodes) in lifted.iter().enumerate() {
        let Some(mut node) = work.inner.arena.nodes.get(index).copied() else {
            break;
        };
        let parent = match node.parent {
            NONE if index as u32 == root.0 => work.host.0,
            NONE => NONE,
            parent => id_of(parent),
        };
        node.parent = parent;
        match node.kind {
            Kind::Mapping => node.a += pairs,
            Kind::Sequence => node.a += items,
            Kind::Tagged => {
                node.a += tags;
                node.b = id_of(node.b);
            }
            Kind::Alias => {
                if node.a != NONE {
                    node.a = id_of(node.a);
                }
            }
            Kind::Scalar => {
                work.scalar(node, *nodes > 1);
                continue;
            }
            Kind::Invalid => {}
        }
        node.span = work.map.span(node.span.start..node.span.end);
        work.into.arena.nodes.push(node);
    }
    for entry in std::mem::take(&mut work.inner.arena.embedded) {
        work.into.arena.embedded.push(Embedded {
            host: id_of(entry.host),
            root: id_of(entry.root),
            ids: entry.ids.iter().map(|id| id_of(*id)).collect(),
            ..entry
        });
    }
    let entry = Embedded {
        host: work.host.0,
        root: id_of(root.0),
        format: work.format,
        substituted: matches!(work.substitution, Some(Substitution::Sub(_))),
        comments: work.inner.comments.iter().map(|at| at.span).collect(),
        ids,
    };
    work.into.arena.embedded.push(entry);
}

impl Transfer<'_> {
    /// How many nodes stand for each node. A text that goes through `Fn::Sub` (a value with a `${` in it) gets a
    /// tagged node around it, and one with variables a list of itself and these; a text with placeholders becomes
    /// a tagged list of its literal parts and the expressions. The number of the outermost comes first.
    fn lifted(&self) -> Vec<u32> {
        let arena = &self.inner.arena;
        let mut lifted = vec![1; arena.nodes.len()];
        let Some(substitution) = &self.substitution else {
            return lifted;
        };
        // The text of a string that holds a document is substituted in its own nodes.
        let mut apart: HashSet<u32> = arena.embedded.iter().map(|entry| entry.host).collect();
        // A key that goes through `Fn::Sub` says by its text what it is; one of a template is none that anybody could read.
        if let Substitution::Sub(_) = substitution {
            apart.extend(arena.pairs.iter().map(|pair| pair.key.0));
        }
        for (index, nodes) in lifted.iter_mut().enumerate() {
            let id = NodeId(index as u32);
            let node = arena.node(id);
            if node.kind != Kind::Scalar || apart.contains(&id.0) {
                continue;
            }
            let is_masked = self.is_mask(&node);
            let text = arena
                .text(self.readable, id)
                .filter(|_| node.ty == ScalarType::String)
                .unwrap_or_default();
            *nodes = match substitution {
                Substitution::Sub(None) if is_masked || text.contains("${") => 2,
                Substitution::Sub(Some(_)) if is_masked || text.contains("${") => 3,
                Substitution::Template(_) if !is_masked => {
                    let pieces = template::pieces(text);
                    let literals = pieces
                        .iter()
                        .filter(|piece| matches!(piece, Piece::Literal(_)));
                    match pieces
                        .iter()
                        .any(|piece| matches!(piece, Piece::Expression(_)))
                    {
                        true => 2 + literals.count() as u32,
                        false => 1,
                    }
                }
                _ => 1,
            };
        }
        lifted
    }

    /// Whether a node was read from a mask.
    fn is_mask(&self, node: &Node) -> bool {
        self.masks
            .binary_search_by_key(&node.span.start, |mask| mask.start)
            .is_ok()
    }

    /// What stands in the place of a value of JSON where the value of an expression is put: that is a text of JSON, of
    /// which is known what it stands for where the expression encodes something, or is no text.
    fn value(&self, expression: NodeId) -> Option<NodeId> {
        let arena = &self.into.arena;
        let node = arena.node(expression);
        match node.kind {
            Kind::Scalar if node.ty != ScalarType::String => Some(expression),
            Kind::Tagged if arena.tags.get(node.a as usize)?.name == "hcl:jsonencode" => {
                match arena.items_of(arena.nodes.get(node.b as usize)?) {
                    &[argument] => Some(argument),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Adds what stands for a value that is interpolated: an alias of it, or of nothing where it isn't known.
    fn alias(&mut self, node: &Node, target: Option<NodeId>) {
        self.into.arena.nodes.push(Node {
            span: self.map.span(node.span.start..node.span.end),
            kind: Kind::Alias,
            a: target.map_or(NONE, |target| target.0),
            b: 0,
            style: Style::Plain,
            ..*node
        });
    }

    /// Adds a text with placeholders: a template.
    fn template(
        &mut self,
        mut node: Node,
        content: Span,
        text: &str,
        own: Option<Decoded>,
        expressions: &[NodeId],
    ) {
        let whole = self.map.span(node.span.start..node.span.end);
        let tag = self.into.arena.tags.len() as u32;
        self.into.arena.tags.push(Tag {
            name: "hcl:template".to_owned(),
            span: Span::empty(whole.start),
            short: true,
        });
        let id = self.into.arena.nodes.len() as u32;
        node.mapped = false;
        node.unclosed = false;
        self.into.arena.nodes.push(Node {
            span: whole,
            kind: Kind::Tagged,
            a: tag,
            b: id + 1,
            ..node
        });
        self.into.arena.nodes.push(Node {
            span: whole,
            parent: id,
            kind: Kind::Sequence,
            ..node
        });
        let mut items = Vec::new();
        for piece in template::pieces(text) {
            let range = match piece {
                Piece::Literal(range) => range,
                Piece::Expression(number) => {
                    items.extend(expressions.get(number));
                    continue;
                }
            };
            // As it was read from the host's text.
            let small = range.start as u32..range.end as u32;
            let place = match &own {
                Some(own) => {
                    let place = own.source_range(small.clone());
                    Span::new(node.span.start + place.start, node.span.start + place.end)
                }
                None => Span::new(content.start + small.start, content.start + small.end),
            };
            let part = Node {
                span: place,
                parent: id + 1,
                style: Style::Fragment,
                ..node
            };
            let cut = own.as_ref().map(|own| own.cut(small));
            let text = text.get(range).unwrap_or_default();
            let (span, own, _) = self.map.scalar(&part, place, text, cut);
            let a = self.decoded(own);
            items.push(NodeId(self.into.arena.nodes.len() as u32));
            self.into.arena.nodes.push(Node { span, a, ..part });
        }
        let out = &mut self.into.arena;
        let first = out.items.len() as u32;
        if let Some(list) = out.node_mut(NodeId(id + 1)) {
            list.a = first;
            list.b = items.len() as u32;
        }
        out.items.extend(items);
    }

    fn decoded(&mut self, own: Option<Decoded>) -> u32 {
        let decoded = &mut self.into.arena.decoded;
        match own {
            Some(own) => {
                decoded.push(own);
                decoded.len() as u32 - 1
            }
            None => NONE,
        }
    }

    /// Adds a scalar, with the tagged node around it if it is `lifted`.
    fn scalar(&mut self, mut node: Node, lifted: bool) {
        let mask = self.is_mask(&node);
        let expressions = match &mut self.substitution {
            Some(Substitution::Template(expressions)) if mask || lifted => {
                Some(std::mem::take(expressions))
            }
            _ => None,
        };
        let arena = &mut self.inner.arena;
        let own = match mask {
            true => None,
            false => arena.decoded.get_mut(node.a as usize).map(std::mem::take),
        };
        if mask {
            node.style = Style::Plain;
        }
        let content = match &own {
            // The map that was taken out knows where the content of a block begins and ends.
            Some(own) => Span::new(
                node.span.start + own.content_start(),
                node.span.start + own.content_end().max(own.content_start()),
            ),
            None => arena.content_span(&node),
        };
        let text = match &own {
            Some(own) => own.text.as_str(),
            None => self.text.get(content.range()).unwrap_or_default(),
        }
        .to_owned();
        if let Some(expressions) = expressions {
            match mask {
                true => {
                    let piece = self.text.get(node.span.range()).map(template::pieces);
                    let expression = match piece.as_deref() {
                        Some([Piece::Expression(number)]) => expressions.get(*number),
                        _ => None,
                    };
                    let target = expression.and_then(|expression| self.value(*expression));
                    self.alias(&node, target);
                }
                false => self.template(node, content, &text, own, &expressions),
            }
            self.substitution = Some(Substitution::Template(expressions));
            return;
        }
        let (span, own, is_mapped) = self.map.scalar(&node, content, &text, own);
        node.span = span;
        node.mapped = node.mapped
            || (is_mapped && matches!(node.style, Style::SingleQuoted | Style::DoubleQuoted));
        node.a = self.decoded(own);
        if lifted {
            self.lift(&mut node);
        }
        self.into.arena.nodes.push(node);
    }

    /// Adds what makes a text one that goes through `Fn::Sub`.
    fn lift(&mut self, node: &mut Node) {
        let out = &mut self.into.arena;
        let tag = out.tags.len() as u32;
        out.tags.push(Tag {
            name: "Fn::Sub".to_owned(),
            span: Span::empty(node.span.start),
            short: true,
        });
        let id = out.nodes.len() as u32;
        let tagged = Node {
            kind: Kind::Tagged,
            a: tag,
            b: id + 1,
            mapped: false,
            unclosed: false,
            ..*node
        };
        out.nodes.push(tagged);
        node.parent = id;
        if let Some(Substitution::Sub(Some(variables))) = self.substitution {
            let list = Node {
                kind: Kind::Sequence,
                a: out.items.len() as u32,
                b: 2,
                parent: id,
                style: Style::Flow,
                ..tagged
            };
            out.items.extend([NodeId(id + 2), variables]);
            out.nodes.push(list);
            node.parent = id + 1;
        }
    }
}
