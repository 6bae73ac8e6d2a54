//! What a variable of the Serverless Framework can be.

use leastwise_model::files;
use leastwise_syntax::{NodeId, Tree, View};

use super::Asked;
use crate::values;

/// The most addresses that are offered.
const MOST: usize = 400;
/// How deeply addresses are looked for.
const MAX_DEPTH: usize = 5;

/// Sources and addresses, each with its value or what it is, and its class.
pub(super) fn names(asked: &Asked<'_>) -> Vec<(String, String, u8)> {
    let context = asked.context;
    let tree = context.tree;
    let mut names: Vec<(String, String, u8)> = Vec::new();
    for name in [
        "sls:stage",
        "aws:accountId",
        "aws:region",
        "opt:stage",
        "opt:region",
        "sls:instanceId",
    ] {
        names.push((name.to_owned(), short(asked, name), 1));
    }
    let Some(root) = tree.documents().first().copied() else {
        return names;
    };
    let mut addresses = Vec::new();
    for pair in tree.pairs(root) {
        // What nobody takes values from.
        let Some(key) = tree.text(pair.key) else {
            continue;
        };
        if !matches!(key, "functions" | "resources" | "plugins" | "params") {
            walk(tree, pair.value, format!("self:{key}"), 0, &mut addresses);
        }
    }
    for address in addresses {
        let value = short(asked, &address);
        names.push((address, value, 2));
    }
    let stages = tree
        .get(root, "params")
        .map(|params| tree.pairs(params))
        .unwrap_or_default();
    for stage in stages {
        for pair in tree.pairs(stage.value) {
            if let Some(name) = tree.text(pair.key) {
                let name = format!("param:{name}");
                let value = short(asked, &name);
                names.push((name, value, 2));
            }
        }
    }
    let folder = files::folder(&context.analysis.path);
    for file in context.analysis.files.list(folder) {
        let own = context.analysis.path.ends_with(&file);
        let readable = [".yml", ".yaml", ".json"]
            .iter()
            .any(|ending| file.ends_with(ending));
        if readable && !own {
            names.push((format!("file(./{file})"), "file".to_owned(), 3));
        }
    }
    names.push(("env:".to_owned(), "environment variable".to_owned(), 4));
    names
}

fn short(asked: &Asked<'_>, inner: &str) -> String {
    match values::of_expression(asked.context, inner).as_slice() {
        [] => String::new(),
        [value] if value.text.starts_with("${") => String::new(),
        [value] => value.text.clone(),
        [value, rest @ ..] => format!("{} +{}", value.text, rest.len()),
    }
}

fn walk(tree: &Tree, node: NodeId, address: String, depth: usize, into: &mut Vec<String>) {
    if depth > MAX_DEPTH || into.len() >= MOST {
        return;
    }
    match tree.view(tree.resolved(node)) {
        View::Mapping(pairs) => {
            for pair in pairs {
                if let Some(key) = tree.text(pair.key) {
                    walk(
                        tree,
                        pair.value,
                        format!("{address}.{key}"),
                        depth + 1,
                        into,
                    );
                }
            }
        }
        View::Scalar(_) | View::Tagged(..) => into.push(address),
        _ => {}
    }
}
