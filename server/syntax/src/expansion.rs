//! How large a text is once its aliases are replaced by what they stand for.
//!
//! In the tree an alias is a link, so nothing here explodes. But whoever walks through the links does expand, and a text
//! of some hundred bytes can stand for billions of nodes. So each text has a budget: an alias that goes beyond it is cut,
//! which makes it one that leads nowhere, to all who ask ([`Tree::view`](crate::Tree::view)). A walk through what is left
//! is never longer than the text and the budget together, and needs no count of its own.

use crate::arena::{Arena, Kind, NONE};
use crate::limits::ALIASED_BY_NODE;
use crate::reading::Reading;
use crate::{Limits, NodeId, ProblemKind};

/// Cuts the aliases that go beyond the limit, and notes a problem at the first.
pub(crate) fn cut(read: &mut Reading, limits: &Limits) {
    if read.arena.anchors.is_empty() {
        return;
    }
    let written = read.arena.nodes.len() as u64;
    let limit = (limits.expansion as u64).max(ALIASED_BY_NODE * written);
    let mut budget = Budget {
        sizes: vec![0u64; read.arena.nodes.len()],
        left: limit,
        cut: Vec::new(),
    };
    for document in &read.documents {
        budget.walk(&read.arena, *document);
    }
    let first = budget.cut.iter().map(|id| read.arena.node(*id).span);
    let first = first.min_by_key(|span| span.start);
    for alias in budget.cut {
        if let Some(node) = read.arena.node_mut(alias) {
            node.b = 1;
        }
    }
    if let Some(span) = first {
        let message = format!(
            "The aliases of this file expand to more than {limit} values. This one and later ones beyond that aren't followed."
        );
        read.problem(ProblemKind::Expansion, span, message);
        read.problems.sort_by_key(|problem| problem.span.start);
    }
}

struct Budget {
    /// The number of nodes that each node stands for; 0 as long as it is not finished.
    sizes: Vec<u64>,
    /// For how many more nodes aliases may stand.
    left: u64,
    cut: Vec<NodeId>,
}

impl Budget {
    fn walk(&mut self, arena: &Arena, document: NodeId) {
        // Each node twice: on the way down, and when its children are done.
        let mut open = vec![(document, false)];
        while let Some((id, is_done)) = open.pop() {
            let node = arena.node(id);
            let size = if node.kind == Kind::Alias && node.a != NONE {
                self.alias(id, node.a)
            } else {
                let children = children(arena, id);
                if !is_done && !children.is_empty() {
                    open.push((id, true));
                    open.extend(children.into_iter().rev().map(|child| (child, false)));
                    continue;
                }
                let sizes = children.iter().map(|child| self.size(child.0));
                sizes.fold(1u64, u64::saturating_add)
            };
            if let Some(entry) = self.sizes.get_mut(id.0 as usize) {
                *entry = size;
            }
        }
    }

    fn size(&self, id: u32) -> u64 {
        self.sizes.get(id as usize).copied().unwrap_or(1)
    }

    /// The size of what an alias stands for, if it may stand for it.
    fn alias(&mut self, id: NodeId, target: u32) -> u64 {
        match self.size(target) {
            // Within what it stands for, which has no end then, or behind a part that can't be read.
            0 => self.cut.push(id),
            size if size > self.left => self.cut.push(id),
            size => {
                self.left -= size;
                return size;
            }
        }
        1
    }
}

fn children(arena: &Arena, id: NodeId) -> Vec<NodeId> {
    let node = arena.node(id);
    let mut children: Vec<NodeId> = match node.kind {
        Kind::Mapping => arena
            .pairs_of(&node)
            .iter()
            .flat_map(|pair| [pair.key, pair.value])
            .collect(),
        Kind::Sequence => arena.items_of(&node).to_vec(),
        Kind::Tagged => vec![NodeId(node.b)],
        _ => Vec::new(),
    };
    if let Ok(at) = arena
        .embedded
        .binary_search_by_key(&id.0, |entry| entry.host)
    {
        children.extend(arena.embedded.get(at).map(|entry| NodeId(entry.root)));
    }
    children
}
