//! Sets of nodes, a bit for each.

use crate::NodeId;

/// Adds a node. Whether it wasn't in there.
pub(super) fn add(bits: &mut Vec<u64>, node: NodeId) -> bool {
    let (word, bit) = (node.0 as usize / 64, 1 << (node.0 % 64));
    if word >= bits.len() {
        bits.resize(word + 1, 0);
    }
    let Some(word) = bits.get_mut(word) else {
        return false;
    };
    let is_new = *word & bit == 0;
    *word |= bit;
    is_new
}

pub(super) fn has(bits: &[u64], node: NodeId) -> bool {
    let word = bits.get(node.0 as usize / 64);
    word.is_some_and(|word| word & (1 << (node.0 % 64)) != 0)
}
