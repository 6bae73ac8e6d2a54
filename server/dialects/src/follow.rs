//! What a path of keys leads to.

use leastwise_model::Branch;
use leastwise_syntax::{NodeId, Tree};

use crate::limits::{DEPTH_OF_A_WAY, VALUES_ON_A_WAY};

/// The nodes that a path of keys leads to from `node`: `*` goes into every item of a list; both branches of an
/// `Fn::If` on the way are followed.
pub fn follow(tree: &Tree, node: NodeId, path: &[&str], branch: &Branch) -> Vec<(NodeId, Branch)> {
    let mut found = Vec::new();
    walk(tree, node, path, branch, &mut found, 0);
    found
}

fn walk(
    tree: &Tree,
    node: NodeId,
    path: &[&str],
    branch: &Branch,
    found: &mut Vec<(NodeId, Branch)>,
    depth: usize,
) {
    if depth > DEPTH_OF_A_WAY || found.len() >= VALUES_ON_A_WAY {
        return;
    }
    let node = tree.resolved(node);
    if let Some((tag, argument)) = tree.tagged(node)
        && tag.name == "Fn::If"
        && let Some(&[name, yes, no]) = tree.items(tree.resolved(argument))
    {
        let name = tree.text(name).unwrap_or_default();
        for (value, holds) in [(yes, true), (no, false)] {
            if branch
                .iter()
                .any(|(other, held)| other == name && *held != holds)
            {
                continue;
            }
            let mut branch = branch.clone();
            branch.push((name.to_owned(), holds));
            walk(tree, value, path, &branch, found, depth + 1);
        }
        return;
    }
    if let Some((tag, argument)) = tree.tagged(node)
        && tag.name == "Fn::ToJsonString"
    {
        // The text of what stands there.
        walk(tree, argument, path, branch, found, depth + 1);
        return;
    }
    match path {
        [] => found.push((node, branch.clone())),
        ["*", rest @ ..] => {
            for item in tree.items(node).unwrap_or_default() {
                walk(tree, *item, rest, branch, found, depth + 1);
            }
        }
        [key, rest @ ..] => {
            if let Some(value) = tree.get(node, key) {
                walk(tree, value, rest, branch, found, depth + 1);
            }
        }
    }
}
