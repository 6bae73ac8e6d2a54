//! What hangs on the texts of a part of the tree only so far as these answer a few questions.

use std::hash::Hash;

use super::bits::{add, has};
use crate::{Fingerprint, NodeId, Retyped, Tree};

/// A question about the text of a scalar.
pub type Says = fn(&str) -> bool;

/// Scalars of which only what their texts say was asked.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    says: &'static [Says],
    nodes: Vec<u64>,
}

impl Judged {
    /// For these questions, of no scalar yet.
    pub fn by(says: &'static [Says]) -> Judged {
        Judged {
            says,
            nodes: Vec::new(),
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

    /// Whether a scalar says the same after an edit, as far as anybody has asked.
    pub fn outlasts(&self, tree: &Tree, retyped: &Retyped) -> bool {
        if !has(&self.nodes, retyped.scalar) {
            return true;
        }
        let now = tree.read.arena.text(&tree.source, retyped.scalar);
        let now = now.filter(|_| !retyped.turns);
        let is_alike = |says: &Says| now.map(says) == Some(says(&retyped.before));
        self.says.iter().all(is_alike)
    }

    /// Adds up what a scalar says.
    pub fn sum(&self, tree: &Tree, node: NodeId, hasher: &mut Fingerprint) {
        if has(&self.nodes, node) {
            let text = tree.read.arena.text(&tree.source, node).unwrap_or_default();
            self.says.iter().for_each(|says| says(text).hash(hasher));
        }
    }
}
