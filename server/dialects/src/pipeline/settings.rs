//! How settings of jobs are read.

use leastwise_syntax::{NodeId, Tree, View};

/// Where settings of a job are looked for: the mappings of variables around a step, the innermost first.
pub(super) type Scopes = Vec<NodeId>;

/// The value of a variable, in the innermost scope that has it.
pub(super) fn lookup(tree: &Tree, scopes: &Scopes, name: &str) -> Option<NodeId> {
    scopes.iter().find_map(|scope| tree.get(*scope, name))
}

/// The texts of a node that is one text or a list of them.
pub(super) fn texts(tree: &Tree, node: NodeId) -> Vec<&str> {
    let node = tree.resolved(node);
    match tree.view(node) {
        View::Scalar(text) => vec![text],
        View::Sequence(items) => items.iter().filter_map(|item| tree.text(*item)).collect(),
        _ => Vec::new(),
    }
}
