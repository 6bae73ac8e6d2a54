//! What the loops of a template mean for its parts.

use leastwise_model::iteration::LoopBindings;
use leastwise_syntax::{NodeId, Tree, View};

use crate::intrinsic::for_each::{Open, PREFIX, add, is_loop, pairs};
use crate::limits::DEPTH_OF_LOOPS;

/// Whether a mapping's loops make more pairs than are followed.
pub(super) fn is_too_much(tree: &Tree, node: NodeId) -> bool {
    let made = add(tree, node, &LoopBindings::new(), &mut Vec::new(), 0);
    made == Err(Open::TooMuch)
}

/// The value of a key, written or made by a loop, with what the loops' variables are there.
pub(super) fn find(tree: &Tree, node: NodeId, name: &str) -> Option<(NodeId, LoopBindings)> {
    if let Some(value) = tree.get(node, name) {
        return Some((value, LoopBindings::new()));
    }
    let mut loops = tree.pairs(node).into_iter();
    loops.find(|pair| tree.text(pair.key).is_some_and(is_loop))?;
    let mut turns = pairs(tree, node)?.into_iter();
    let turn = turns.find(|turn| turn.name.as_deref() == Some(name))?;
    Some((turn.value, turn.bindings))
}

/// The key of the first loop that stands in more others than are followed.
pub(super) fn too_deep(tree: &Tree) -> Option<NodeId> {
    if !tree.mentions(PREFIX) {
        return None;
    }
    let mut open: Vec<(NodeId, usize)> = tree.documents().iter().rev().map(|at| (*at, 0)).collect();
    while let Some((node, depth)) = open.pop() {
        match tree.view(node) {
            View::Mapping(pairs) => {
                let mut inner = Vec::new();
                for pair in pairs {
                    let is_loop = tree.text(pair.key).is_some_and(is_loop);
                    if is_loop && depth >= DEPTH_OF_LOOPS {
                        return Some(pair.key);
                    }
                    inner.push((pair.value, depth + usize::from(is_loop)));
                }
                open.extend(inner.into_iter().rev());
            }
            View::Sequence(items) => open.extend(items.iter().rev().map(|item| (*item, depth))),
            _ => {}
        }
    }
    None
}

/// Whether a mapping has a loop, so that it may have keys that it doesn't show.
pub(super) fn has_loop(tree: &Tree, node: NodeId) -> bool {
    let mut pairs = tree.pairs(node).into_iter();
    pairs.any(|pair| tree.text(pair.key).is_some_and(is_loop))
}
