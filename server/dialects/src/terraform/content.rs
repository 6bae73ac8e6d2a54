//! What a `dynamic "statement"` gives to those that it makes, whatever stands in the list that it goes over:
//! `resources = try(statement.value.resources, ["*"])`.

use leastwise_syntax::{NodeId, Tree};

use super::blocks;
use super::body::{argument, dynamic, expression, nested, reference};
use super::text::is_null;

/// The elements of statements by the arguments that make them.
const ELEMENTS: [(&str, &str); 4] = [
    ("effect", "Effect"),
    ("actions", "Action"),
    ("resources", "Resource"),
    ("condition", "Condition"),
];

/// The lists that the dynamic statements of an `aws_iam_policy_document` go over, each with the elements that its items needn't
/// have.
pub(super) fn given(tree: &Tree, body: NodeId) -> Vec<(NodeId, Vec<&'static str>)> {
    let mut found = Vec::new();
    for block in dynamic(tree, body, "statement") {
        let Some(list) = argument(tree, block, "for_each") else {
            continue;
        };
        let iterator = argument(tree, block, "iterator");
        let iterator = iterator.map_or(Some("statement"), |node| {
            reference(tree, node).or_else(|| tree.text(node))
        });
        let is_given = |content: NodeId, name: &str| match name {
            // Others than those that the items bring.
            "condition" => !nested(tree, content, name).is_empty(),
            _ => argument(tree, content, name).is_some_and(|value| {
                iterator.is_none_or(|of| !is_own(tree, value, &format!("{of}.value"), name))
            }),
        };
        let merges = tree.part(tree.span(list)).contains("merge(");
        let contents = nested(tree, block, "content");
        let elements = ELEMENTS
            .iter()
            .filter(|(name, _)| merges || contents.iter().any(|content| is_given(*content, name)));
        let elements: Vec<&str> = elements.map(|(_, element)| *element).collect();
        if !elements.is_empty() {
            found.push((list, elements));
        }
    }
    found
}

/// Whether a value is that of the item itself, or nothing where the item has none.
fn is_own(tree: &Tree, value: NodeId, item: &str, name: &str) -> bool {
    let of_item = |node: NodeId| {
        let own = reference(tree, node).and_then(|text| text.strip_prefix(item));
        own.is_some_and(|own| own.strip_prefix('.') == Some(name) || own == format!("[\"{name}\"]"))
    };
    // What a statement without the argument has in any case.
    let is_default = |node: NodeId| {
        is_null(tree, node)
            || blocks::is_nothing(tree, node)
            || name == "effect" && tree.text(node) == Some("Allow")
    };
    if of_item(value) {
        return true;
    }
    let arguments = |of: NodeId| tree.items(of).unwrap_or_default();
    match expression(tree, value) {
        Some(("try" | "coalesce" | "coalescelist", of)) => match arguments(of) {
            [own, rest @ ..] => of_item(*own) && rest.iter().all(|node| is_default(*node)),
            [] => false,
        },
        Some(("lookup", of)) => match arguments(of) {
            [map, key, rest @ ..] => {
                reference(tree, *map) == Some(item)
                    && tree.text(*key) == Some(name)
                    && rest.iter().all(|node| is_default(*node))
            }
            _ => false,
        },
        _ => false,
    }
}
