//! `Policies` of a function or state machine: a list whose entries can be five things.

use leastwise_catalog::catalog;
use leastwise_model::Branch;
use leastwise_policy::elements::suggest_policy_element;
use leastwise_syntax::{NodeId, Pair, Tree, View};

use crate::follow::follow;
use crate::state::entries::{PolicyEntry, TemplateUse, TransformLists, What};

/// Where SAM takes such a list.
pub(super) static POLICIES: TransformLists = TransformLists {
    tool: "SAM",
    types: &["AWS::Serverless::Function", "AWS::Serverless::StateMachine"],
    property: "Policies",
    read: entries,
};

/// Reads the value of `Policies`.
pub fn entries(tree: &Tree, policies: NodeId) -> Vec<PolicyEntry> {
    let mut entries = Vec::new();
    for (node, branch) in follow(tree, policies, &[], &Branch::new()) {
        let View::Sequence(items) = tree.view(node) else {
            push(tree, node, 0, branch, &mut entries);
            continue;
        };
        for (index, item) in items.iter().enumerate() {
            for (item, branch) in follow(tree, *item, &[], &branch) {
                push(tree, item, index, branch, &mut entries);
            }
        }
    }
    entries
}

fn push(tree: &Tree, node: NodeId, index: usize, branch: Branch, entries: &mut Vec<PolicyEntry>) {
    let what = match tree.view(node) {
        View::Tagged(tag, value)
            if tag.name == "Ref" && tree.text(value) == Some("AWS::NoValue") =>
        {
            return;
        }
        View::Scalar("") => return,
        View::Scalar(_) => What::Name,
        View::Mapping(_) => mapping(tree, node),
        View::Sequence(items) if items.iter().any(|item| is_statement(tree, *item)) => {
            What::Statements
        }
        _ => What::Other,
    };
    entries.push(PolicyEntry {
        node,
        index,
        branch,
        what,
    });
}

/// Whether a mapping is a document whose `Statement` is misspelt.
fn is_misspelt(tree: &Tree, node: NodeId) -> bool {
    tree.get(node, "Version").is_some()
        && tree.pairs(node).iter().any(|pair| {
            let name = tree.text(pair.key).unwrap_or_default();
            suggest_policy_element(name) == Some("Statement")
        })
}

fn mapping(tree: &Tree, node: NodeId) -> What {
    if tree.get(node, "Statement").is_some() || is_misspelt(tree, node) {
        return What::Document;
    }
    if is_statement(tree, node) {
        return What::Statements;
    }
    let pairs = tree.pairs(node);
    let named = |pair: &&Pair| {
        tree.text(pair.key)
            .and_then(|name| catalog().policy_template(name))
    };
    let first = pairs
        .iter()
        .find(|pair| named(pair).is_some())
        .or(pairs.first());
    match first {
        // Half of a document: it has no statements yet.
        Some(pair) if matches!(tree.text(pair.key), Some("Version" | "Id") | None) => What::Other,
        Some(pair) => What::Template(TemplateUse {
            name: pair.key,
            template: named(&pair),
            values: tree.resolved(pair.value),
            beside: pairs
                .iter()
                .filter(|other| other.key != pair.key)
                .copied()
                .collect(),
        }),
        None => What::Other,
    }
}

fn is_statement(tree: &Tree, node: NodeId) -> bool {
    ["Effect", "Action", "NotAction"]
        .iter()
        .any(|element| tree.get(node, element).is_some())
}
