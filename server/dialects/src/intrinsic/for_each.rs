//! `Fn::ForEach` of `AWS::LanguageExtensions` among the pairs of a mapping: the pairs that it makes.

use leastwise_model::iteration::{LoopBindings, Turn, bound};
use leastwise_syntax::{NodeId, Tree, View};

use crate::limits::{DEPTH_OF_LOOPS, MADE_BY_LOOPS};

/// What the key of a loop begins with.
const PREFIX: &str = "Fn::ForEach::";

/// Whether a key is that of a loop.
pub fn is_loop(key: &str) -> bool {
    key.starts_with(PREFIX)
}

/// The variable, collection and body of a loop whose value is `node`.
pub fn parts(tree: &Tree, node: NodeId) -> Option<(&str, NodeId, NodeId)> {
    let &[variable, collection, body] = tree.items(tree.resolved(node))? else {
        return None;
    };
    Some((tree.text(variable)?, collection, body))
}

/// The pairs of a mapping with what its loops make. `None` where that isn't written out: a collection that a deployer
/// gives.
pub fn pairs(tree: &Tree, node: NodeId) -> Option<Vec<Turn>> {
    let mut found = Vec::new();
    add(tree, node, &LoopBindings::new(), &mut found, 0).ok()?;
    Some(found)
}

/// Whether a mapping's loops make more pairs than are followed.
pub fn is_too_much(tree: &Tree, node: NodeId) -> bool {
    let made = add(tree, node, &LoopBindings::new(), &mut Vec::new(), 0);
    made == Err(Open::TooMuch)
}

/// Why what loops make can't be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Open {
    /// A part of it isn't written out.
    Unknown,
    /// There is so much of it.
    TooMuch,
}

/// The value of a key, written or made by a loop, with what the loops' variables are there.
pub fn find(tree: &Tree, node: NodeId, name: &str) -> Option<(NodeId, LoopBindings)> {
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
pub fn too_deep(tree: &Tree) -> Option<NodeId> {
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
pub fn has_loop(tree: &Tree, node: NodeId) -> bool {
    let mut pairs = tree.pairs(node).into_iter();
    pairs.any(|pair| tree.text(pair.key).is_some_and(is_loop))
}

/// Adds the pairs of a mapping in one turn of the loops around it.
fn add(
    tree: &Tree,
    node: NodeId,
    bindings: &LoopBindings,
    found: &mut Vec<Turn>,
    depth: usize,
) -> Result<(), Open> {
    for pair in tree.pairs(node) {
        let name = tree.text(pair.key);
        if !name.is_some_and(is_loop) {
            if found.len() >= MADE_BY_LOOPS && depth > 0 {
                return Err(Open::TooMuch);
            }
            found.push(Turn {
                key: pair.key,
                name: name.map(|name| bound(name, bindings)),
                value: pair.value,
                bindings: bindings.clone(),
            });
            continue;
        }
        let Some((variable, collection, body)) = parts(tree, pair.value) else {
            return Err(Open::Unknown);
        };
        let items = tree.items(tree.resolved(collection)).unwrap_or_default();
        // That loops stand in so many others is a problem of its own.
        if items.is_empty() || depth >= DEPTH_OF_LOOPS {
            return Err(Open::Unknown);
        }
        if items.len() > MADE_BY_LOOPS {
            return Err(Open::TooMuch);
        }
        for item in items {
            let View::Scalar(text) = tree.view(tree.resolved(*item)) else {
                return Err(Open::Unknown);
            };
            let mut turn = bindings.clone();
            turn.push((variable.to_owned(), bound(text, bindings)));
            add(tree, body, &turn, found, depth + 1)?;
        }
    }
    Ok(())
}
