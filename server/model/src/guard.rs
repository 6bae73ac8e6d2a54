//! What must be so for a part of a file to be there.

use crate::limits::NODES_AROUND;
use leastwise_syntax::{NodeId, Tree};

/// A node of one of the files that are read as one: those of a module.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ModuleNode {
    /// Index of the file; 0 is the file that is looked at.
    pub file: u32,
    /// The node in that file's tree.
    pub node: NodeId,
}

/// What must be so for a part of a file to be there.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Guard {
    /// A condition by its name, with whether it holds.
    Named(String, bool),
    /// A condition by its place, with whether it holds.
    Holds(ModuleNode, bool),
    /// A number: it isn't 0.
    Count(ModuleNode),
    /// A collection: it has an item.
    Each(ModuleNode),
    /// The text itself isn't empty.
    Filled,
}

/// The nodes around a node from the innermost on, each with the one below that leads to the node.
pub fn steps(tree: &Tree, node: NodeId) -> impl Iterator<Item = (NodeId, NodeId)> {
    let mut child = node;
    std::iter::from_fn(move || {
        let parent = tree.parent(child)?;
        Some((parent, std::mem::replace(&mut child, parent)))
    })
    .take(NODES_AROUND)
}
