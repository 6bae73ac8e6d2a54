//! Policies in places that the table doesn't know: local values, arguments of modules, outputs.

use std::collections::HashSet;

use leastwise_syntax::{NodeId, Tree, View};

use super::blocks::is_statement;
use super::documents::{self, Use};
use super::finder::Finder;
use super::reach;
use crate::dialect::plain;
use crate::lower;
use crate::model::Branch;
use crate::site::{Document, Shape, SiteKind};
use crate::text::Dollar;

/// Finds what looks like a policy and isn't found yet.
pub(super) fn find(finder: &mut Finder<'_>, path: &str) {
    let tree = finder.tree;
    let mut documents = Vec::new();
    for root in tree.documents() {
        plain::search(tree, *root, &mut documents);
    }
    let known: HashSet<NodeId> = finder.sites.iter().map(|site| site.document.node).collect();
    for (node, keys) in documents {
        if known.contains(&node) {
            continue;
        }
        let dollar = finder.dollar();
        let policy = lower::policy(tree, node, dollar);
        let told = plain::kind_told(&policy, &keys, path).map(|kind| (kind, None));
        let of = used(finder, told, keys);
        finder.push(of, Document::read(policy, dollar));
    }
    let mut lists = Vec::new();
    for root in tree.documents() {
        search(tree, *root, &known, &mut lists);
    }
    for (node, keys) in lists {
        let trust = documents::is_trust(tree, &children(tree, node));
        let of = used(finder, trust.then_some((SiteKind::Trust, None)), keys);
        let document = Document::shaped(node, Shape::Objects, Dollar::Terraform);
        finder.push(of, document);
    }
}

/// What a policy is used for that stands under these keys: what is told of it, or what the name leads to.
fn used(finder: &mut Finder<'_>, told: Option<reach::Kind>, keys: Vec<String>) -> Use {
    let label = match keys.as_slice() {
        [block, kind, name, ..] if block == "resource" => format!("{kind}.{name}"),
        [block, kind, name, ..] if block == "data" => format!("data.{kind}.{name}"),
        [block, name, ..] if block == "locals" => format!("local.{name}"),
        [block, name, ..] if block == "variable" => format!("var.{name}"),
        [block, name, ..] => format!("{block}.{name}"),
        _ => keys.join("."),
    };
    let name = match keys.as_slice() {
        [block, name, argument, ..] if block == "module" => format!("module.{name}.{argument}"),
        _ => label.clone(),
    };
    let known = told.or_else(|| finder.reached(&name));
    let (kind, service) = known.unwrap_or((SiteKind::Unknown, None));
    Use {
        managed: Vec::new(),
        kind,
        service,
        owners: vec![finder.loose_owner(label)],
        name: keys.last().cloned(),
        path: keys,
        branch: Branch::new(),
        anchor: None,
        guards: Vec::new(),
    }
}

fn children(tree: &Tree, node: NodeId) -> Vec<NodeId> {
    match tree.view(node) {
        View::Sequence(items) => items.to_vec(),
        View::Mapping(pairs) => pairs.iter().map(|pair| pair.value).collect(),
        _ => Vec::new(),
    }
}

/// Lists and maps of statements in the names of `aws_iam_policy_document`: modules take them as arguments.
fn search(
    tree: &Tree,
    root: NodeId,
    known: &HashSet<NodeId>,
    found: &mut Vec<(NodeId, Vec<String>)>,
) {
    let mut stack: Vec<(NodeId, Vec<String>)> = vec![(root, Vec::new())];
    while let Some((node, keys)) = stack.pop() {
        if known.contains(&node) {
            continue;
        }
        match tree.view(node) {
            View::Mapping(pairs) => {
                let blocks = pairs
                    .iter()
                    .any(|pair| tree.text(pair.key) == Some("statement"));
                if !blocks && pairs.iter().any(|pair| is_object(tree, pair.value)) {
                    found.push((node, keys));
                    continue;
                }
                for pair in pairs.iter().rev() {
                    if matches!(
                        tree.view(pair.value),
                        View::Mapping(_) | View::Sequence(_) | View::Tagged(..)
                    ) {
                        let mut keys = keys.clone();
                        keys.push(tree.text(pair.key).unwrap_or("?").to_owned());
                        stack.push((pair.value, keys));
                    }
                }
            }
            View::Sequence(items) => {
                if items.iter().any(|item| is_object(tree, *item)) {
                    found.push((node, keys));
                    continue;
                }
                for (index, item) in items.iter().enumerate().rev() {
                    if matches!(
                        tree.view(*item),
                        View::Mapping(_) | View::Sequence(_) | View::Tagged(..)
                    ) {
                        let mut keys = keys.clone();
                        keys.push(index.to_string());
                        stack.push((*item, keys));
                    }
                }
            }
            View::Tagged(_, value) => stack.push((value, keys)),
            View::Scalar(_) | View::Alias(_) | View::Invalid => {}
        }
    }
}

fn is_object(tree: &Tree, node: NodeId) -> bool {
    tree.style(node) == leastwise_syntax::Style::Flow
        && matches!(tree.view(node), View::Mapping(_))
        && is_statement(tree, node)
}
