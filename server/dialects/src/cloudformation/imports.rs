//! What a template takes in of what other stacks export.

use leastwise_syntax::{NodeId, Tree, View};

/// The function that does so, without what all functions begin with.
const IMPORT: &str = "ImportValue";

/// The nodes of the names that it is taken in by, in their order.
pub(super) fn names(tree: &Tree) -> Vec<NodeId> {
    let mut found = Vec::new();
    if !tree.mentions(IMPORT) {
        return found;
    }
    // Without recursion: trees may be deep.
    let mut stack: Vec<NodeId> = tree.documents().iter().rev().copied().collect();
    while let Some(node) = stack.pop() {
        match tree.view(node) {
            View::Mapping(pairs) => stack.extend(pairs.iter().rev().map(|pair| pair.value)),
            View::Sequence(items) => stack.extend(items.iter().rev()),
            View::Tagged(tag, name) => {
                if tag.name.strip_prefix("Fn::") == Some(IMPORT) {
                    found.push(name);
                }
                stack.push(name);
            }
            View::Scalar(_) | View::Alias(_) | View::Invalid => {}
        }
    }
    found
}
