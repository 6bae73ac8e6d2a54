//! What a variable of a service can be.

use leastwise_model::files::{self, Files};
use leastwise_syntax::{NodeId, Tree, View};

use super::limits::{DEPTH_OF_OFFERED, OFFERED_ADDRESSES};
use crate::resolve::framework::{FrameworkVariable, Offered, VariableOrigin};

/// What is there in any service.
const KNOWN: [&str; 6] = [
    "sls:stage",
    "aws:accountId",
    "aws:region",
    "opt:stage",
    "opt:region",
    "sls:instanceId",
];

/// Sources and addresses.
pub(super) fn variables(tree: &Tree, path: &str, files: &dyn Files) -> Vec<FrameworkVariable> {
    let variable = |name: String, offered| FrameworkVariable { name, offered };
    let known = KNOWN.iter().map(|name| (*name).to_owned());
    let mut found: Vec<FrameworkVariable> =
        known.map(|name| variable(name, Offered::Known)).collect();
    let Some(root) = tree.documents().first().copied() else {
        return found;
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
    let stages = tree.get(root, "params").map(|params| tree.pairs(params));
    for stage in stages.unwrap_or_default() {
        let names = tree.pairs(stage.value).into_iter();
        let names = names.filter_map(|pair| tree.text(pair.key));
        addresses.extend(names.map(|name| format!("param:{name}")));
    }
    let addresses = addresses.into_iter();
    found.extend(addresses.map(|name| variable(name, Offered::Address)));
    for file in files.list(files::folder(path)) {
        let mut endings = [".yml", ".yaml", ".json"].iter();
        if endings.any(|ending| file.ends_with(ending)) && !path.ends_with(&file) {
            found.push(variable(format!("file(./{file})"), Offered::File));
        }
    }
    found.push(variable("env:".to_owned(), Offered::Environment));
    found
}

fn walk(tree: &Tree, node: NodeId, address: String, depth: usize, into: &mut Vec<String>) {
    if depth > DEPTH_OF_OFFERED || into.len() >= OFFERED_ADDRESSES {
        return;
    }
    match tree.view(tree.resolved(node)) {
        View::Mapping(pairs) => {
            for pair in pairs {
                if let Some(key) = tree.text(pair.key) {
                    let address = format!("{address}.{key}");
                    walk(tree, pair.value, address, depth + 1, into);
                }
            }
        }
        View::Scalar(_) | View::Tagged(..) => into.push(address),
        _ => {}
    }
}

/// Where the first source of a variable takes its value from.
pub(super) fn source(inner: &str) -> VariableOrigin {
    let kind = inner.split([':', '(']).next().unwrap_or_default();
    match kind {
        "self" => VariableOrigin::File,
        "opt" => VariableOrigin::CommandLine,
        "sls" => VariableOrigin::Framework,
        "param" => VariableOrigin::Stage,
        "env" => VariableOrigin::Environment,
        "file" => VariableOrigin::OtherFile,
        "aws" => VariableOrigin::Target,
        "cf" => VariableOrigin::Stack,
        "ssm" => VariableOrigin::Store,
        "s3" => VariableOrigin::Object,
        "strToBool" => VariableOrigin::Boolean,
        _ => VariableOrigin::Plugin,
    }
}
