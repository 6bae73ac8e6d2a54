//! Blocks and arguments, as the native syntax and the JSON syntax of Terraform write them.
//!
//! In both a block is a pair with the block's type as its key, its labels the keys of mappings inside one another and
//! its body the innermost. The native syntax repeats the pair for each block, JSON has lists of objects.

use leastwise_syntax::{NodeId, Tree, View};

use super::limits::DEPTH_OF_BLOCKS;

/// A block with its labels.
#[derive(Clone, Debug)]
pub(crate) struct Labelled {
    /// The nodes of the labels.
    pub labels: Vec<NodeId>,
    /// The body.
    pub body: NodeId,
}

/// The blocks of a type in a body, with as many labels as blocks of the type have.
pub fn labelled(tree: &Tree, body: NodeId, key: &str, labels: usize) -> Vec<Labelled> {
    let mut found = Vec::new();
    let View::Mapping(pairs) = tree.view(body) else {
        return found;
    };
    for pair in pairs.iter().filter(|pair| tree.text(pair.key) == Some(key)) {
        walk(tree, pair.value, labels, &mut Vec::new(), &mut found, 0);
    }
    found
}

fn walk(
    tree: &Tree,
    node: NodeId,
    labels: usize,
    above: &mut Vec<NodeId>,
    found: &mut Vec<Labelled>,
    depth: usize,
) {
    if depth > DEPTH_OF_BLOCKS {
        return;
    }
    match tree.view(node) {
        View::Sequence(items) => {
            for item in items {
                walk(tree, *item, labels, above, found, depth + 1);
            }
        }
        View::Mapping(_) if labels == 0 => found.push(Labelled {
            labels: above.clone(),
            body: node,
        }),
        View::Mapping(pairs) => {
            for pair in pairs {
                above.push(pair.key);
                walk(tree, pair.value, labels - 1, above, found, depth + 1);
                above.pop();
            }
        }
        _ => {}
    }
}

/// The bodies of the nested blocks of a type.
pub fn nested(tree: &Tree, body: NodeId, key: &str) -> Vec<NodeId> {
    labelled(tree, body, key, 0)
        .into_iter()
        .map(|block| block.body)
        .collect()
}

/// The bodies of `dynamic` blocks that make blocks of a type.
pub fn dynamic(tree: &Tree, body: NodeId, key: &str) -> Vec<NodeId> {
    labelled(tree, body, "dynamic", 1)
        .into_iter()
        .filter(|block| {
            block
                .labels
                .first()
                .is_some_and(|label| tree.text(*label) == Some(key))
        })
        .map(|block| block.body)
        .collect()
}

/// The value of an argument.
pub fn argument(tree: &Tree, body: NodeId, name: &str) -> Option<NodeId> {
    match tree.view(body) {
        View::Mapping(pairs) => pairs
            .iter()
            .rev()
            .find(|pair| tree.text(pair.key) == Some(name))
            .map(|pair| pair.value),
        _ => None,
    }
}

/// The function, operator or kind of an expression that is neither literal nor collection, and what it is applied to:
/// `jsonencode`, `ref`, `template`, `?`.
pub fn expression(tree: &Tree, node: NodeId) -> Option<(&str, NodeId)> {
    let (tag, argument) = tree.tagged(node)?;
    Some((tag.name.strip_prefix("hcl:")?, argument))
}

/// The text of a reference.
pub fn reference(tree: &Tree, node: NodeId) -> Option<&str> {
    match expression(tree, node)? {
        ("ref", text) => tree.text(text),
        ("template", parts) => match tree.items(parts)? {
            [only] => reference(tree, *only),
            _ => None,
        },
        _ => None,
    }
}

/// What an expression is called where its value isn't known. IAM's own variables have a colon in their names, so
/// there must be none in it.
pub fn label(text: &str) -> String {
    const WIDTH: usize = 60;
    let mut label = String::new();
    for word in text.split_whitespace() {
        if !label.is_empty() {
            label.push(' ');
        }
        label.push_str(word);
        if label.len() > WIDTH {
            let cut = (0..=WIDTH).rev().find(|at| label.is_char_boundary(*at));
            label.truncate(cut.unwrap_or_default());
            label.push('…');
            break;
        }
    }
    label.replace(':', "∶").replace(['\u{0}', '\u{1}'], "")
}

/// How an expression is written, as a label.
pub fn source(tree: &Tree, node: NodeId) -> String {
    label(tree.part(tree.span(node)))
}

/// Whether a block has no instance: a `count` of 0, a `for_each` over nothing.
pub(super) fn is_never_there(tree: &Tree, body: NodeId) -> bool {
    let is_nothing = |node: NodeId| {
        let node = match expression(tree, node) {
            Some(("toset" | "tomap", arguments)) => match tree.items(arguments) {
                Some(&[only]) => only,
                _ => node,
            },
            _ => node,
        };
        matches!(tree.view(node), View::Sequence([]) | View::Mapping([]))
    };
    let count = argument(tree, body, "count").and_then(|count| tree.text(count));
    count == Some("0") || argument(tree, body, "for_each").is_some_and(is_nothing)
}

/// The folder that a call's `source` names, where it is one of the workspace.
pub(super) fn local_source(tree: &Tree, body: NodeId) -> Option<&str> {
    let source = tree.text(argument(tree, body, "source")?)?;
    (source.starts_with("./") || source.starts_with("../")).then_some(source)
}
