//! The nodes of a policy as it is written.

use std::collections::HashSet;

use leastwise_syntax::{Format, NodeId, Tree, View};

/// The nodes that a walk has been at. Where nothing leads to a node twice, nobody needs to know them.
pub(super) struct SeenNodes(Option<HashSet<NodeId>>);

impl SeenNodes {
    /// None of a file.
    pub(super) fn none(tree: &Tree) -> SeenNodes {
        // What an interpolation encodes stands where it is written, and in the string.
        let leads_back = tree.has_anchors() || tree.format() == Format::Hcl;
        SeenNodes(leads_back.then(HashSet::new))
    }

    /// Whether a node is met for the first time.
    pub(super) fn is_new(&mut self, node: NodeId) -> bool {
        self.0.as_mut().is_none_or(|seen| seen.insert(node))
    }
}

/// The node and all below it but keys, each once, in the file's order, through aliases and into strings that hold
/// documents.
pub(super) fn nodes(tree: &Tree, root: NodeId) -> Vec<NodeId> {
    nodes_but(tree, root, |_| false)
}

/// [`nodes`] without some, and without what is below these.
pub(super) fn nodes_but(
    tree: &Tree,
    root: NodeId,
    leaves_out: impl Fn(NodeId) -> bool,
) -> Vec<NodeId> {
    let mut seen = SeenNodes::none(tree);
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        let node = tree.resolved(node);
        if leaves_out(node) || !seen.is_new(node) {
            continue;
        }
        found.push(node);
        match tree.view(node) {
            View::Mapping(pairs) => open.extend(pairs.iter().rev().map(|pair| pair.value)),
            View::Sequence(items) => open.extend(items.iter().rev()),
            View::Tagged(_, value) => open.push(value),
            View::Scalar(_) | View::Alias(_) | View::Invalid => {}
        }
    }
    found
}

/// Whether a document stands in a string, so that AWS gets it as it is written there.
pub(super) fn is_in_string(tree: &Tree, document: NodeId) -> bool {
    let mut ancestors = std::iter::successors(tree.parent(document), |node| tree.parent(*node));
    ancestors.any(|node| tree.embedded(node).is_some())
}
