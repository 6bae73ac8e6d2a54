//! Policy documents as such: a file that is one, a list of them, or data that holds some.

use leastwise_syntax::{NodeId, Tree, View};

use super::{Dialect, Found};
use crate::lower;
use crate::model::{Branch, Policy};
use crate::site::{Document, Owner, OwnerKind, Site, SiteKind};

/// The elements that make a mapping a statement.
const STATEMENT: [&str; 10] = [
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Condition",
    "Sid",
    "Version",
];

pub(super) fn find(tree: &Tree, path: &str) -> Found {
    let mut documents = Vec::new();
    for root in tree.documents() {
        search(tree, *root, &mut documents);
    }
    let stem = stem(path);
    let mut found = Found {
        dialect: Dialect::None,
        template: None,
        environments: None,
        module: None,
        sites: Vec::new(),
        owners: Vec::new(),
        pipeline: None,
        deployers: Vec::new(),
    };
    if documents.is_empty() {
        return found;
    }
    found.dialect = Dialect::Plain;
    let several = documents.len() > 1;
    for (node, keys) in documents {
        let policy = lower::policy(tree, node, Dialect::Plain.dollar());
        let kind = match is_of_aws(tree, node) {
            true => SiteKind::OfAws,
            false => kind_of(&policy, &keys, path),
        };
        let label = if several {
            label(tree, node, &keys).unwrap_or_else(|| stem.to_owned())
        } else {
            stem.to_owned()
        };
        let owner = found
            .owners
            .iter()
            .position(|owner| owner.label == label)
            .unwrap_or_else(|| {
                // What else is attached to the identity stands elsewhere.
                found.owners.push(Owner {
                    names: vec![label.clone()],
                    ..Owner::new(OwnerKind::File, label)
                });
                found.owners.len() - 1
            });
        let name = keys.last().cloned();
        found.sites.push(Site {
            kind,
            service: None,
            document: Document::read(policy, Dialect::Plain.dollar()),
            name,
            path: keys,
            branch: Branch::new(),
            owners: vec![owner],
        });
    }
    found
}

fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.split('.')
        .find(|part| !part.is_empty())
        .unwrap_or(name)
}

/// A name for a document among several: what stands beside it (`PolicyName`, `RoleName`), or the key that leads to it.
fn label(tree: &Tree, node: NodeId, keys: &[String]) -> Option<String> {
    let mut at = tree.parent(node);
    for _ in 0..4 {
        let parent = at?;
        for key in ["RoleName", "PolicyName", "UserName", "GroupName", "Name"] {
            if let Some(name) = tree.get(parent, key).and_then(|node| tree.text(node)) {
                return Some(name.to_owned());
            }
        }
        at = tree.parent(parent);
    }
    keys.iter()
        .rev()
        .find(|key| key.parse::<usize>().is_err())
        .cloned()
}

/// Whether the document is that of a managed policy of AWS: an `Arn` of one stands beside it, or beside the list of its
/// versions.
fn is_of_aws(tree: &Tree, node: NodeId) -> bool {
    let arn = |node| {
        let arn = tree.get(node, "Arn").and_then(|arn| tree.text(arn))?;
        Some(arn.starts_with("arn:") && arn.contains(":iam::aws:policy/"))
    };
    let around = std::iter::successors(tree.parent(node), |node| tree.parent(*node));
    around.take(4).find_map(arn).unwrap_or_default()
}

/// Walks the whole tree, without recursion: it may be deep.
pub(super) fn search(tree: &Tree, root: NodeId, documents: &mut Vec<(NodeId, Vec<String>)>) {
    let mut stack: Vec<(NodeId, Vec<String>)> = vec![(root, Vec::new())];
    while let Some((node, keys)) = stack.pop() {
        match tree.view(node) {
            View::Mapping(pairs) => {
                if is_policy(tree, node) {
                    documents.push((node, keys));
                    continue;
                }
                for pair in pairs.iter().rev() {
                    if is_container(tree, pair.value) {
                        let mut keys = keys.clone();
                        keys.push(tree.text(pair.key).unwrap_or("?").to_owned());
                        stack.push((pair.value, keys));
                    }
                }
            }
            View::Sequence(items) => {
                for (index, item) in items.iter().enumerate().rev() {
                    if is_container(tree, *item) {
                        let mut keys = keys.clone();
                        keys.push(index.to_string());
                        stack.push((*item, keys));
                    }
                }
            }
            View::Tagged(_, value) => stack.push((tree.embedded(node).unwrap_or(value), keys)),
            View::Scalar(_) => {
                if let Some(root) = tree.embedded(node) {
                    stack.push((root, keys));
                }
            }
            View::Alias(_) | View::Invalid => {}
        }
    }
}

fn is_container(tree: &Tree, node: NodeId) -> bool {
    match tree.view(node) {
        View::Mapping(_) | View::Sequence(_) | View::Tagged(..) => true,
        View::Scalar(_) => tree.embedded(node).is_some(),
        View::Alias(_) | View::Invalid => false,
    }
}

/// Whether a mapping has the shape of a policy: statements that look like statements.
fn is_policy(tree: &Tree, node: NodeId) -> bool {
    let Some(statement) = tree.get(node, "Statement") else {
        return false;
    };
    let version = tree.get(node, "Version").and_then(|node| tree.text(node));
    let versioned = matches!(version, Some("2012-10-17" | "2008-10-17"));
    let statement = tree.resolved(statement);
    match tree.view(statement) {
        View::Mapping(_) => is_statement(tree, statement, versioned),
        View::Sequence([]) => versioned,
        View::Sequence(items) => items
            .iter()
            .any(|item| is_statement(tree, *item, versioned)),
        View::Tagged(..) => versioned,
        _ => false,
    }
}

fn is_statement(tree: &Tree, node: NodeId, versioned: bool) -> bool {
    let known = STATEMENT
        .iter()
        .filter(|name| tree.get(node, name).is_some())
        .count();
    known >= 2 || (versioned && known >= 1)
}

pub(super) fn kind_of(policy: &Policy, keys: &[String], path: &str) -> SiteKind {
    let named = |words: &[&str]| {
        let lower = path.to_ascii_lowercase();
        let last = keys
            .last()
            .map(|key| key.to_ascii_lowercase())
            .unwrap_or_default();
        words.iter().any(|word| {
            lower
                .split(['/', '\\', '-', '_', '.'])
                .any(|part| part == *word)
                || last.contains(word)
        })
    };
    let statements = &policy.statements;
    let principal = |statement: &crate::model::Statement| {
        !statement.principal.is_missing() || !statement.not_principal.is_missing()
    };
    if keys
        .last()
        .is_some_and(|key| key == "AssumeRolePolicyDocument")
    {
        return SiteKind::Trust;
    }
    if statements.iter().any(principal) {
        let assume = statements.iter().flat_map(|statement| statement.actions()).all(|item| {
            matches!(&item.action, Some(action) if action.text().to_ascii_lowercase().starts_with("sts:"))
        });
        let trust = assume
            && statements
                .iter()
                .all(|statement| statement.resource.is_missing());
        return match trust {
            true => SiteKind::Trust,
            false if named(&["rcp", "rcps"]) => SiteKind::Rcp,
            false => SiteKind::Resource,
        };
    }
    if named(&["scp", "scps"]) {
        return SiteKind::Scp;
    }
    if named(&["boundary", "boundaries"]) {
        return SiteKind::Boundary;
    }
    SiteKind::Identity
}
