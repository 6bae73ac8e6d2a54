//! What hangs on the texts of a part of the tree only so far as these answer a few questions.

use std::collections::BTreeSet;
use std::hash::Hash;

use super::bits::{add, has};
use crate::retyped::Gone;
use crate::{Fingerprint, NodeId, Retyped, Tree, View};

/// A question about the text of a scalar.
pub type Says = fn(&str) -> bool;

/// Scalars of which only what their texts say was asked.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    says: &'static [Says],
    nodes: Vec<u64>,
    /// Sequences of such scalars, of which it counts what any of them says, not how many say it.
    lists: Vec<u64>,
}

impl Judged {
    /// For these questions, of no scalar yet.
    pub fn by(says: &'static [Says]) -> Judged {
        Judged {
            says,
            nodes: Vec::new(),
            lists: Vec::new(),
        }
    }

    /// Whether it is for these questions.
    pub fn is_by(&self, says: &'static [Says]) -> bool {
        std::ptr::eq(self.says, says)
    }

    /// They are asked of this scalar.
    pub fn add(&mut self, scalar: NodeId) {
        add(&mut self.nodes, scalar);
    }

    /// They are asked of the items of this sequence.
    pub fn add_list(&mut self, list: NodeId, items: &[NodeId]) {
        add(&mut self.lists, list);
        items.iter().for_each(|item| self.add(*item));
    }

    /// Whether a scalar says the same after an edit, as far as anybody has asked.
    pub fn outlasts(&self, tree: &Tree, retyped: &Retyped) -> bool {
        if let Some(gone) = &retyped.gone {
            return self.list_outlasts(tree, retyped.scalar, gone);
        }
        if !has(&self.nodes, retyped.scalar) {
            return true;
        }
        let now = tree.read.arena.text(&tree.source, retyped.scalar);
        let now = now.filter(|_| !retyped.turns);
        let is_alike = |says: &Says| now.map(says) == Some(says(&retyped.before));
        self.says.iter().all(is_alike)
    }

    /// Whether the texts of a list that has others now say the same.
    fn list_outlasts(&self, tree: &Tree, list: NodeId, gone: &[Gone]) -> bool {
        if !has(&self.lists, list) {
            return !gone.iter().any(|gone| has(&self.nodes, gone.item));
        }
        let before = gone.iter().map(|gone| self.said(&gone.text));
        self.said_in(tree, list) == Some(before.collect())
    }

    /// The items of a list are others.
    pub fn take_over(&mut self, list: NodeId, items: &[NodeId]) {
        if has(&self.lists, list) {
            items.iter().for_each(|item| self.add(*item));
        }
    }

    /// What a text says.
    fn said(&self, text: &str) -> Vec<bool> {
        self.says.iter().map(|says| says(text)).collect()
    }

    /// What the texts of a list say.
    fn said_in(&self, tree: &Tree, list: NodeId) -> Option<BTreeSet<Vec<bool>>> {
        let text = |item: &NodeId| {
            tree.read
                .arena
                .text(&tree.source, *item)
                .unwrap_or_default()
        };
        match tree.seen(list) {
            View::Sequence(items) => Some(items.iter().map(|item| self.said(text(item))).collect()),
            _ => None,
        }
    }

    /// Adds up what a scalar says, or what those of a list do.
    pub fn sum(&self, tree: &Tree, node: NodeId, hasher: &mut Fingerprint) {
        if has(&self.nodes, node) {
            let text = tree.read.arena.text(&tree.source, node);
            let said = self.said(text.unwrap_or_default());
            said.iter().for_each(|answer| answer.hash(hasher));
        }
        if has(&self.lists, node)
            && let Some(said) = self.said_in(tree, node)
        {
            said.hash(hasher);
        }
    }
}
