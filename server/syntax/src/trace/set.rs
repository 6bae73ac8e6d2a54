//! What is read for something that is worked out anew after each edit.

use std::hash::{Hash, Hasher};

use super::Trace;
use super::bits::{add, has};
use super::hidden::Hidden;
use super::judged::{Judged, Says};
use crate::arena::Kind;
use crate::{Fingerprint, NodeId, Retyped, Tree, View};

/// What was read of a tree.
#[derive(Clone, Debug, Default)]
pub struct Live {
    pub(super) set: Set,
    pub(super) trace: Trace,
}

/// Nodes.
#[derive(Clone, Debug, Default)]
pub(super) struct Set {
    pub read: Vec<u64>,
    /// Those of which it was asked what sort of node they are, and the nodes that lead to the ones that were read.
    above: Vec<u64>,
    /// The items of sequences of which only whether any of them holds others was asked.
    items: Vec<u64>,
    /// What [`Tree::summed_up`] has given.
    sums: Fingerprint,
    /// What was read for that.
    pub hidden: Hidden,
    /// What [`Tree::judged`] was asked.
    pub judged: Vec<Judged>,
}

impl Set {
    pub fn of(tree: &Tree) -> Set {
        let words = tree.read.arena.nodes.len() / 64 + 1;
        Set {
            read: vec![0; words],
            above: vec![0; words],
            items: Vec::new(),
            sums: Fingerprint::default(),
            hidden: Hidden::default(),
            judged: Vec::new(),
        }
    }

    pub fn sum(&mut self, value: &impl Hash) {
        value.hash(&mut self.sums);
    }

    /// Whether anybody has asked what sort of node it is, or read what stands in it.
    pub fn is_entered(&self, node: NodeId) -> bool {
        has(&self.above, node) || has(&self.items, node)
    }

    /// Whether what sort of node it is was asked of it by itself, or more.
    pub fn is_told(&self, node: NodeId) -> bool {
        has(&self.read, node) || has(&self.above, node)
    }

    /// The items of a list of texts are other nodes, of which is known what was of those before.
    pub fn take_over(&mut self, tree: &Tree, retyped: &Retyped) {
        let View::Sequence(items) = tree.seen(retyped.scalar) else {
            return;
        };
        // Whoever has entered it has asked of its items at least whether any of them holds others.
        if has(&self.above, retyped.scalar) {
            for item in items {
                add(&mut self.items, *item);
            }
        }
        for judged in &mut self.judged {
            judged.take_over(retyped.scalar, items);
        }
        self.hidden.take_over(retyped, items);
    }

    /// Takes down whether any item of a sequence holds others: how many there are of the rest doesn't count.
    pub fn add_flat(&mut self, items: &[NodeId], is_flat: bool) {
        self.sum(&is_flat);
        for item in items {
            add(&mut self.items, *item);
        }
    }

    pub fn add(&mut self, tree: &Tree, node: NodeId) {
        if tree.read.arena.nodes.len() <= node.0 as usize || !add(&mut self.read, node) {
            return;
        }
        self.add_kind(tree, node);
    }

    /// Adds a node of which only what sort of node it is was asked.
    pub(crate) fn add_kind(&mut self, tree: &Tree, node: NodeId) {
        let mut at = Some(node);
        while let Some(node) = at.filter(|node| add(&mut self.above, *node)) {
            at = tree.parent(node);
        }
    }

    /// Takes down how a node is built, the keys in it, and which questions are asked of its other scalars.
    pub fn judge(&mut self, tree: &Tree, node: NodeId, says: &'static [Says]) {
        // Those of all documents of a file that are asked the same.
        let known = self.judged.iter().position(|one| one.is_by(says));
        let mut judged = match known {
            Some(at) => self.judged.swap_remove(at),
            None => Judged::by(says),
        };
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if let Some(root) = tree.embedded(node) {
                self.add(tree, node);
                open.push(root);
                continue;
            }
            match tree.seen(node) {
                View::Scalar(_) => {
                    self.add_kind(tree, node);
                    judged.add(node);
                    continue;
                }
                View::Mapping(pairs) => {
                    for pair in pairs {
                        self.add(tree, pair.key);
                        open.push(pair.value);
                    }
                }
                View::Sequence(items) if are_texts(tree, items) => {
                    self.add_kind(tree, node);
                    judged.add_list(node, items);
                    for item in items {
                        add(&mut self.items, *item);
                    }
                    continue;
                }
                View::Sequence(items) => open.extend(items),
                View::Tagged(_, value) => open.push(value),
                View::Alias(_) | View::Invalid => {}
            }
            self.add(tree, node);
        }
        self.judged.push(judged);
    }
}

impl Live {
    /// What was read of what these nodes hold, and what [`Tree::summed_up`] has given: it is the same after an edit if
    /// all of it is, wherever it stands.
    pub fn fingerprint(&self, tree: &Tree, roots: &[NodeId]) -> u64 {
        let mut hasher = self.set.sums.clone();
        let above = &self.set.above;
        for (number, root) in roots.iter().enumerate() {
            number.hash(&mut hasher);
            let mut open = vec![(*root, 0usize, 0usize)];
            while let Some((node, depth, at)) = open.pop() {
                if !has(above, node) {
                    continue;
                }
                (depth, at).hash(&mut hasher);
                let is_read = has(&self.set.read, node);
                is_read.hash(&mut hasher);
                for judged in &self.set.judged {
                    judged.sum(tree, node, &mut hasher);
                }
                children(tree, node, is_read, &mut hasher, |at, child| {
                    open.push((child, depth + 1, at));
                });
            }
        }
        for span in &self.trace.spans {
            tree.source.get(span.range()).hash(&mut hasher);
        }
        self.trace.questions.hash(&mut hasher);
        if self.trace.is_whole {
            tree.source.hash(&mut hasher);
        }
        hasher.finish()
    }
}

/// Whether all of these are scalars without documents in them.
fn are_texts(tree: &Tree, items: &[NodeId]) -> bool {
    let is_text = |item: &NodeId| {
        tree.read.arena.node(*item).kind == Kind::Scalar && tree.embedding(*item).is_none()
    };
    items.iter().all(is_text)
}

/// Goes over what stands in a node, and adds up what the node itself says if it was read.
fn children(
    tree: &Tree,
    node: NodeId,
    is_read: bool,
    hasher: &mut Fingerprint,
    mut enter: impl FnMut(usize, NodeId),
) {
    let say = |said: &[u8], number: usize, hasher: &mut Fingerprint| {
        let held = tree.read.arena.node(node);
        (held.kind as u8, tree.embedded(node).is_some()).hash(hasher);
        if is_read {
            (held.style as u8, held.ty as u8, number, said).hash(hasher);
        }
    };
    match tree.seen(node) {
        View::Mapping(pairs) => {
            say(b"{", pairs.len(), hasher);
            for (at, pair) in pairs.iter().enumerate() {
                enter(at * 2, pair.key);
                enter(at * 2 + 1, pair.value);
            }
        }
        View::Sequence(items) => {
            say(b"[", items.len(), hasher);
            items
                .iter()
                .enumerate()
                .for_each(|(at, item)| enter(at, *item));
        }
        View::Tagged(tag, inner) => {
            say(tag.name.as_bytes(), usize::from(tag.short), hasher);
            enter(0, inner);
        }
        View::Scalar(text) => say(text.as_bytes(), 0, hasher),
        View::Alias(_) => say(b"*", 0, hasher),
        View::Invalid => say(b"?", 0, hasher),
    }
    if let Some(root) = tree.embedded(node) {
        enter(usize::MAX, root);
    }
}
