//! How large a document is once its aliases are replaced by what they stand for.
//!
//! In the tree an alias is a link, so nothing here explodes. But other programs that read the file do expand, and
//! a text of some hundred bytes can stand for billions of nodes.

use crate::arena::{Kind, NONE};
use crate::document::Reading;
use crate::{Limits, NodeId, ProblemKind};

/// Notes a problem at the first alias of each document that takes it beyond the limit.
pub(super) fn check(read: &mut Reading, limits: &Limits) {
    if read.arena.anchors.is_empty() {
        return;
    }
    let limit = limits.expansion as u64;
    // The number of nodes that each node stands for; 0 as long as it is not finished.
    let mut sizes = vec![0u64; read.arena.nodes.len()];
    let mut found = Vec::new();
    for document in &read.documents {
        let mut told = false;
        // Each node twice: on the way down, and when its children are done.
        let mut open = vec![(*document, false)];
        while let Some((id, is_done)) = open.pop() {
            let node = read.arena.node(id);
            let children: Vec<NodeId> = match node.kind {
                Kind::Mapping => read
                    .arena
                    .pairs_of(&node)
                    .iter()
                    .flat_map(|pair| [pair.key, pair.value])
                    .collect(),
                Kind::Sequence => read.arena.items_of(&node).to_vec(),
                Kind::Tagged => vec![NodeId(node.b)],
                _ => Vec::new(),
            };
            let size_of = |id: u32| sizes.get(id as usize).copied().unwrap_or(1);
            let size = if node.kind == Kind::Alias && node.a != NONE {
                match size_of(node.a) {
                    // Within what it stands for: without end.
                    0 => limit + 1,
                    size => size,
                }
            } else if !is_done && !children.is_empty() {
                open.push((id, true));
                open.extend(children.into_iter().rev().map(|child| (child, false)));
                continue;
            } else {
                children
                    .iter()
                    .fold(1u64, |sum, child| sum.saturating_add(size_of(child.0)))
            };
            if let Some(entry) = sizes.get_mut(id.0 as usize) {
                *entry = size;
            }
            if size > limit && node.kind == Kind::Alias && !told {
                told = true;
                found.push(node.span);
            }
        }
        let total = sizes.get(document.0 as usize).copied().unwrap_or(0);
        if total > limit && !told {
            let alias = read
                .arena
                .nodes
                .iter()
                .find(|node| node.kind == Kind::Alias);
            found.extend(alias.map(|node| node.span));
        }
    }
    for span in found {
        let message = format!(
            "The aliases of this document stand for more than {} values.",
            limits.expansion
        );
        read.problem(ProblemKind::Expansion, span, message);
    }
    read.problems.sort_by_key(|problem| problem.span.start);
}
