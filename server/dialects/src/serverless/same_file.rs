//! Variables that lead to another place of the same file.

use foldhash::{HashSet, HashSetExt};
use leastwise_syntax::{NodeId, Tree, View};

use super::variable;

/// What a node stands for that is as a whole a variable that leads to a mapping or list of the same file, without
/// looking at any environment.
pub fn same_file(tree: &Tree, node: NodeId) -> Option<NodeId> {
    let root = tree.documents().first().copied()?;
    let mut node = tree.resolved(node);
    // What leads to itself is nothing.
    let mut seen: HashSet<NodeId> = HashSet::new();
    while seen.insert(node) {
        match tree.view(node) {
            View::Mapping(_) | View::Sequence(_) => return Some(node),
            View::Scalar(text) => {
                let inner = variable::whole(text)?;
                let Some(variable::VariableSource::Of {
                    kind: "self",
                    address,
                    ..
                }) = variable::sources(inner).first().cloned()
                else {
                    return None;
                };
                node = address_in(tree, root, address)?;
            }
            _ => return None,
        }
    }
    None
}

fn address_in(tree: &Tree, root: NodeId, address: &str) -> Option<NodeId> {
    let mut node = root;
    for key in address.split('.') {
        node = match tree.view(tree.resolved(node)) {
            View::Mapping(_) => tree.get(node, key.trim())?,
            View::Sequence(items) => *items.get(key.trim().parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(tree.resolved(node))
}
