//! `Fn::ForEach` of `AWS::LanguageExtensions` among the pairs of a mapping: the pairs that it makes.

use leastwise_model::iteration::{LoopBindings, Turn, bound};
use leastwise_syntax::{NodeId, Tree, View};

use crate::limits::{DEPTH_OF_LOOPS, MADE_BY_LOOPS};

/// What the key of a loop begins with.
pub(crate) const PREFIX: &str = "Fn::ForEach::";

/// Whether a key is that of a loop.
pub(crate) fn is_loop(key: &str) -> bool {
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

/// Why what loops make can't be told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Open {
    /// A part of it isn't written out.
    Unknown,
    /// There is so much of it.
    TooMuch,
}

/// Adds the pairs of a mapping in one turn of the loops around it.
pub(crate) fn add(
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
