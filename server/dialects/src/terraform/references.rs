//! What an expression refers to, by names alone.

use leastwise_syntax::{NodeId, Tree, View};

use super::body::expression;

/// The references in an expression, those in parts that aren't understood with them.
pub(crate) fn references(tree: &Tree, node: NodeId) -> Vec<String> {
    tree.summed_up(|| read(tree, node))
}

fn read(tree: &Tree, node: NodeId) -> Vec<String> {
    let mut found = Vec::new();
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if !tree.is_container(node) {
            let text = tree.with_variables(node);
            let text = text.filter(|_| !tree.is_of_hcl(node));
            found.extend(text.into_iter().flat_map(references_in));
            continue;
        }
        if let Some(texts) = tree.listed_with_variables(node) {
            if !tree.is_of_hcl(node) {
                found.extend(texts.into_iter().flat_map(references_in));
            }
            continue;
        }
        match tree.view(node) {
            View::Tagged(..) => match expression(tree, node) {
                Some(("ref", text)) => found.extend(tree.text(text).map(str::to_owned)),
                Some(("expr", text)) => {
                    found.extend(references_in(tree.text(text).unwrap_or_default()))
                }
                Some((_, argument)) => stack.push(argument),
                None => {}
            },
            View::Sequence(items) => stack.extend(items.iter().rev()),
            View::Mapping(pairs) => stack.extend(pairs.iter().rev().map(|pair| pair.value)),
            _ => {}
        }
    }
    found
}

/// The references in a text that isn't read as an expression.
pub(super) fn references_in(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut found = Vec::new();
    for run in text.split(|c: char| !is_part(c)) {
        let wanted = ["data.", "local.", "aws_"]
            .iter()
            .any(|lead| run.starts_with(lead));
        if wanted && run.contains('.') {
            found.push(run.trim_end_matches('.').to_owned());
        }
    }
    found
}
