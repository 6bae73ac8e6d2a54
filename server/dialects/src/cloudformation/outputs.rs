//! Outputs of a template.

use leastwise_syntax::{NodeId, Tree};

/// The outputs of a template.
pub(super) fn all(tree: &Tree) -> impl Iterator<Item = NodeId> + '_ {
    let outputs = tree.documents().iter().flat_map(|root| {
        // Those of a Serverless service stand among its resources.
        let resources = tree.get(*root, "resources");
        let holders = [Some(*root), resources];
        holders.map(|node| tree.get(node?, "Outputs"))
    });
    let pairs = outputs.flatten().flat_map(|node| tree.pairs(node));
    pairs.map(|output| output.value)
}
