//! What a path of keys leads to.

use leastwise_model::Branch;
use leastwise_syntax::{NodeId, Tree};

use crate::limits::{DEPTH_OF_A_WAY, VALUES_ON_A_WAY};

/// The nodes that a path of keys leads to from `node`: `*` goes into every item of a list; both branches of an
/// `Fn::If` on the way are followed.
pub fn follow(tree: &Tree, node: NodeId, path: &[&str], branch: &Branch) -> Vec<(NodeId, Branch)> {
    follow_through(&[], tree, node, path, branch)
}

/// The same, also through functions of a dialect's own that make a text of what stands in them.
pub fn follow_through(
    texts: &[&str],
    tree: &Tree,
    node: NodeId,
    path: &[&str],
    branch: &Branch,
) -> Vec<(NodeId, Branch)> {
    let mut walk = Walk {
        tree,
        texts,
        found: Vec::new(),
    };
    walk.walk(node, path, branch, 0);
    walk.found
}

struct Walk<'a> {
    tree: &'a Tree,
    /// Functions that make a text of what stands in them, beside CloudFormation's.
    texts: &'a [&'a str],
    found: Vec<(NodeId, Branch)>,
}

impl Walk<'_> {
    fn walk(&mut self, node: NodeId, path: &[&str], branch: &Branch, depth: usize) {
        let tree = self.tree;
        if depth > DEPTH_OF_A_WAY || self.found.len() >= VALUES_ON_A_WAY {
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
                self.walk(value, path, &branch, depth + 1);
            }
            return;
        }
        if let Some((tag, argument)) = tree.tagged(node)
            && (tag.name == "Fn::ToJsonString" || self.texts.contains(&&*tag.name))
        {
            // The text of what stands there; how that is laid out may stand behind it.
            let argument = tree.resolved(argument);
            let first = match tree.items(argument) {
                Some(&[first, how]) if tree.text(how) == Some("pretty-print") => first,
                _ => argument,
            };
            self.walk(first, path, branch, depth + 1);
            return;
        }
        match path {
            [] => self.found.push((node, branch.clone())),
            ["*", rest @ ..] => {
                for item in tree.items(node).unwrap_or_default() {
                    self.walk(*item, rest, branch, depth + 1);
                }
            }
            [key, rest @ ..] => {
                if let Some(value) = tree.get(node, key) {
                    self.walk(value, rest, branch, depth + 1);
                }
            }
        }
    }
}
