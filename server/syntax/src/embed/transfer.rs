//! The nodes of an embedded document, moved into the arena of the outer one.

use std::collections::HashSet;
use std::ops::Range;

use super::map::HostMap;
use super::substituted::Substitution;
use crate::arena::{Embedded, Kind, NONE, Node};
use crate::document::Reading;
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
    // A text that goes through `Fn::Sub` gets a tagged node around it (and a list of itself and the variables),
    // whose numbers come before its own.
    let extra = match &work.substitution {
        Some(Substitution {
            variables: Some(_), ..
        }) => 2,
        _ => 1,
    };
    let mut ids = Vec::with_capacity(work.inner.arena.nodes.len());
    let mut next = work.into.arena.nodes.len() as u32;
    for is_lifted in &lifted {
        ids.push(next);
        next += if *is_lifted { 1 + extra } else { 1 };
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

    for (index, is_lifted) in lifted.iter().enumerate() {
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
                work.scalar(node, *is_lifted);
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
        substituted: work.substitution.is_some(),
        ids,
    };
    work.into.arena.embedded.push(entry);
}

impl Transfer<'_> {
    /// Which scalars go through `Fn::Sub`: values with a `${` in them.
    fn lifted(&self) -> Vec<bool> {
        let arena = &self.inner.arena;
        let mut lifted = vec![false; arena.nodes.len()];
        if self.substitution.is_none() {
            return lifted;
        }
        let mut apart: HashSet<u32> = arena.pairs.iter().map(|pair| pair.key.0).collect();
        // The text of a string that holds a document is substituted in its own nodes.
        apart.extend(arena.embedded.iter().map(|entry| entry.host));
        for (index, is_lifted) in lifted.iter_mut().enumerate() {
            let id = NodeId(index as u32);
            let node = arena.node(id);
            *is_lifted = node.kind == Kind::Scalar
                && !apart.contains(&id.0)
                && (self.mask(&node).is_some()
                    || (node.ty == ScalarType::String
                        && arena
                            .text(self.readable, id)
                            .is_some_and(|text| text.contains("${"))));
        }
        lifted
    }

    /// The mask that a node was read from.
    fn mask(&self, node: &Node) -> Option<&Range<u32>> {
        let at = self
            .masks
            .binary_search_by_key(&node.span.start, |mask| mask.start)
            .ok()?;
        self.masks.get(at)
    }

    /// Adds a scalar, with the tagged node around it if it is `lifted`.
    fn scalar(&mut self, mut node: Node, lifted: bool) {
        let arena = &mut self.inner.arena;
        let mask = self
            .masks
            .binary_search_by_key(&node.span.start, |mask| mask.start)
            .is_ok();
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
        let (span, own, is_mapped) = self.map.scalar(&node, content, &text, own);
        node.span = span;
        node.mapped = node.mapped
            || (is_mapped && matches!(node.style, Style::SingleQuoted | Style::DoubleQuoted));
        let out = &mut self.into.arena;
        node.a = match own {
            Some(own) => {
                out.decoded.push(own);
                out.decoded.len() as u32 - 1
            }
            None => NONE,
        };
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
        let variables = self
            .substitution
            .as_ref()
            .and_then(|substitution| substitution.variables);
        if let Some(variables) = variables {
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
