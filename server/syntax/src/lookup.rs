//! Questions that walk: through aliases and merge keys, and from an offset to its node.

use std::collections::HashSet;

use crate::arena::Kind;
use crate::{NodeId, Pair, Style, Tree, View};

impl Tree {
    /// What a node stands for to one who looks for mappings and lists: of an alias the anchored node, of a string
    /// that holds a document (also one that `Fn::Sub` goes through) the document's root. Any other node is itself,
    /// and so is an alias without its anchor. One who wants a text asks [`Tree::aliased`] or [`Tree::text`].
    pub fn resolved(&self, id: NodeId) -> NodeId {
        let node = self.aliased(id);
        if self.read.arena.embedded.is_empty() {
            return node;
        }
        self.document_in(node).unwrap_or(node)
    }

    /// The node that an alias stands for; any other node is itself. An alias without its anchor stays as it is.
    pub fn aliased(&self, id: NodeId) -> NodeId {
        let mut node = id;
        // An alias stands for a node before it, and that is an alias only in a broken text.
        for _ in 0..8 {
            // Whoever does something with another node reads it.
            if self.read.arena.node(node).kind != Kind::Alias {
                break;
            }
            match self.seen(node) {
                View::Alias(Some(target)) => {
                    self.note_node(node);
                    node = target;
                }
                _ => break,
            }
        }
        node
    }

    /// Whether a pair is a merge key: `<<`, written without quotes.
    pub(crate) fn is_merge(&self, pair: &Pair) -> bool {
        if self.format != crate::Format::Yaml {
            return false;
        }
        self.note_node(pair.key);
        let key = self.read.arena.node(pair.key);
        key.style == Style::Plain && self.read.arena.text_of(&self.source, &key) == Some("<<")
    }

    /// The pairs of a mapping, through an alias and with those that merge keys bring in (behind its own, unless
    /// it has the key itself). Empty for anything that is no mapping.
    pub fn pairs(&self, id: NodeId) -> Vec<Pair> {
        let node = self.resolved(id);
        let View::Mapping(own) = self.seen(node) else {
            self.note_kind(node);
            return Vec::new();
        };
        self.note_node(node);
        if !own.iter().any(|pair| self.is_merge(pair)) {
            return own.to_vec();
        }
        let mut all: Vec<Pair> = own
            .iter()
            .filter(|pair| !self.is_merge(pair))
            .copied()
            .collect();
        let mut seen: HashSet<&str> = all.iter().filter_map(|pair| self.text(pair.key)).collect();
        let mut visited = HashSet::from([self.resolved(id)]);
        // Sources still to be merged, the nearest on top: own merge keys in order, each before what it merges.
        let mut sources: Vec<NodeId> = own
            .iter()
            .filter(|pair| self.is_merge(pair))
            .map(|pair| pair.value)
            .rev()
            .collect();
        let mut steps = 0;
        while let Some(source) = sources.pop() {
            let source = self.resolved(source);
            steps += 1;
            if steps > self.limits.expansion {
                break;
            }
            match self.view(source) {
                View::Sequence(items) if visited.insert(source) => {
                    sources.extend(items.iter().rev())
                }
                View::Mapping(pairs) if visited.insert(source) => {
                    for pair in pairs.iter().filter(|pair| !self.is_merge(pair)) {
                        steps += 1;
                        if self.text(pair.key).is_none_or(|key| seen.insert(key))
                            && steps <= self.limits.expansion
                        {
                            all.push(*pair);
                        }
                    }
                    sources.extend(
                        pairs
                            .iter()
                            .filter(|pair| self.is_merge(pair))
                            .map(|pair| pair.value)
                            .rev(),
                    );
                }
                _ => {}
            }
        }
        all
    }

    /// The deepest node whose span touches a byte offset, also within the document that a string holds. On the blank
    /// space behind `Key:` or `- ` in YAML or `key =` in HCL, the empty value there.
    pub fn node_at(&self, offset: u32) -> Option<NodeId> {
        let found = self.deepest(offset);
        let is_leaf = found.is_some_and(|id| {
            matches!(self.read.arena.node(id).kind, Kind::Scalar | Kind::Alias)
                && self.span(id).touches(offset)
        });
        if is_leaf || self.format == crate::Format::Json {
            return found;
        }
        let before = self.source.as_bytes().get(..offset as usize)?;
        let blanks = before
            .iter()
            .rev()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count() as u32;
        let behind = self.deepest(offset - blanks).filter(|id| {
            let node = self.read.arena.node(*id);
            node.kind == Kind::Scalar && node.span.is_empty() && node.span.start == offset - blanks
        });
        behind.or(found)
    }

    /// The deepest node whose span touches a byte offset.
    fn deepest(&self, offset: u32) -> Option<NodeId> {
        let touches = |id: &NodeId| self.span(*id).touches(offset);
        let mut node = pick(self.documents(), offset, |id| self.span(*id).start)
            .find(|id| touches(id))
            .copied()?;
        loop {
            let next = match self.view(node) {
                View::Mapping(pairs) => pick(pairs, offset, |pair| self.span(pair.key).start)
                    .flat_map(|pair| [pair.value, pair.key])
                    .find(touches),
                View::Sequence(items) => pick(items, offset, |id| self.span(*id).start)
                    .find(|id| touches(id))
                    .copied(),
                View::Tagged(_, inner) => self
                    .embedded(node)
                    .filter(touches)
                    .or(Some(inner).filter(touches)),
                View::Scalar(_) => self.embedded(node).filter(touches),
                _ => None,
            };
            match next {
                // What a template in a string interpolates stands in the outer document.
                Some(child) if child > node || self.parent(child) != Some(node) => node = child,
                _ => return Some(node),
            }
        }
    }
}

/// The last two children that begin at or before `offset`, the last one first: the children of a node lie in
/// order, so no other can touch it.
fn pick<T>(children: &[T], offset: u32, start: impl Fn(&T) -> u32) -> impl Iterator<Item = &T> {
    let behind = children.partition_point(|child| start(child) <= offset);
    children
        .get(behind.saturating_sub(2)..behind)
        .unwrap_or_default()
        .iter()
        .rev()
}
