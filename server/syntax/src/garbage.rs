//! How much an edit leaves behind in a tree.

use crate::arena::Kind;
use crate::{NodeId, Tree};

impl Tree {
    /// How many nodes hang below some that it has no use for any more.
    pub(crate) fn count_below(&self, mut open: Vec<NodeId>) -> usize {
        let arena = &self.read.arena;
        let mut count = 0;
        while let Some(id) = open.pop() {
            count += 1;
            let node = arena.node(id);
            match node.kind {
                Kind::Mapping => {
                    let pairs = arena.pairs_of(&node).iter();
                    open.extend(pairs.flat_map(|pair| [pair.key, pair.value]));
                }
                Kind::Sequence => open.extend(arena.items_of(&node)),
                Kind::Tagged => open.push(NodeId(node.b)),
                Kind::Scalar => count += self.embedding(id).map_or(0, |entry| entry.ids.len()),
                Kind::Alias | Kind::Invalid => {}
            }
        }
        count
    }
}
