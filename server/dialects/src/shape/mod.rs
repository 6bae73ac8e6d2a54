//! What looks like a policy or a statement, wherever it stands.

pub(crate) mod foreign;
pub(crate) mod key_paths;
pub(crate) mod kind_by_name;

use key_paths::{KeyPath, KeyPaths, KeyStep};
use leastwise_model::{Policy, SiteKind};
use leastwise_policy::elements::{EFFECTS, suggest_policy_element};
use leastwise_syntax::{Format, NodeId, Tree, View};

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

/// Walks the whole tree, without recursion: it may be deep.
pub(crate) fn search(tree: &Tree, root: NodeId, documents: &mut Vec<(NodeId, Vec<String>)>) {
    let mut paths = KeyPaths::default();
    let mut stack: Vec<(NodeId, KeyPath)> = vec![(root, KeyPath::default())];
    while let Some((node, path)) = stack.pop() {
        if let Some(root) = tree.embedded(node) {
            stack.push((root, path));
            continue;
        }
        // A list of actions has none in it, however many there are.
        if tree.is_flat(node) {
            continue;
        }
        match tree.view(node) {
            View::Mapping(pairs) => {
                if is_policy(tree, node) {
                    if !foreign::is_document(tree, node) {
                        documents.push((node, paths.keys(path)));
                    }
                    continue;
                }
                // What somebody asked for, in a record of AWS CloudTrail, is a log and no policy of this workspace.
                let is_event = tree.get(node, "eventName").is_some();
                let is_log = |key: NodeId| {
                    let told = ["requestParameters", "responseElements"];
                    is_event && tree.text(key).is_some_and(|key| told.contains(&key))
                };
                for pair in pairs.iter().rev() {
                    if is_container(tree, pair.value) && !is_log(pair.key) {
                        let key = KeyStep::Key(tree.text(pair.key).unwrap_or("?"));
                        stack.push((pair.value, paths.on(path, key)));
                    }
                }
            }
            View::Sequence(items) => {
                for (index, item) in items.iter().enumerate().rev() {
                    if is_container(tree, *item) {
                        stack.push((*item, paths.on(path, KeyStep::Item(index))));
                    }
                }
            }
            View::Tagged(_, value) => stack.push((value, path)),
            View::Scalar(_) | View::Alias(_) | View::Invalid => {}
        }
    }
}

fn is_container(tree: &Tree, node: NodeId) -> bool {
    // The text of a string that holds a document doesn't matter.
    tree.embedded(node).is_some() || tree.is_container(node)
}

/// Whether a mapping has the shape of a policy: statements that look like statements.
fn is_policy(tree: &Tree, node: NodeId) -> bool {
    let versioned = is_versioned(tree, node);
    let Some(statement) = tree.get(node, "Statement") else {
        return versioned && has_misspelt_statements(tree, node);
    };
    let statement = tree.resolved(statement);
    match tree.view(statement) {
        View::Mapping(_) => is_statement(tree, statement, versioned),
        View::Sequence([]) => versioned,
        View::Sequence(items) => items.iter().any(|item| {
            let is_other = || {
                let item = tree.resolved(*item);
                matches!(tree.view(item), View::Scalar(_) | View::Sequence(_))
            };
            is_statement(tree, *item, versioned) || versioned && is_other()
        }),
        View::Tagged(..) | View::Scalar(_) => versioned,
        _ => false,
    }
}

/// Whether a mapping names a version of the policy language. What is written in small letters in a module of Terraform is an
/// argument of the module's own.
fn is_versioned(tree: &Tree, node: NodeId) -> bool {
    tree.pairs(node).iter().any(|pair| {
        let is_key = match tree.text(pair.key) {
            Some("Version") => true,
            Some(key) => tree.format() != Format::Hcl && key.eq_ignore_ascii_case("Version"),
            None => false,
        };
        is_key && matches!(tree.text(pair.value), Some("2012-10-17" | "2008-10-17"))
    })
}

/// Whether a mapping has statements under a name that was meant to be `Statement`. `statements` is a word that others use as
/// well: it needs a whole one in it.
fn has_misspelt_statements(tree: &Tree, node: NodeId) -> bool {
    let mut pairs = tree.pairs(node).into_iter();
    pairs.any(|pair| {
        let name = tree.text(pair.key).unwrap_or_default();
        if suggest_policy_element(name) != Some("Statement") {
            return false;
        }
        let is_word = ["Statement", "Statements"]
            .iter()
            .any(|word| word.eq_ignore_ascii_case(name));
        let is_one = |item: NodeId| match is_word {
            true => is_whole_statement(tree, item),
            false => is_statement(tree, item, true),
        };
        let value = tree.resolved(pair.value);
        match tree.view(value) {
            View::Sequence(items) => items.iter().any(|item| is_one(*item)),
            _ => is_one(value),
        }
    })
}

fn is_statement(tree: &Tree, node: NodeId, versioned: bool) -> bool {
    let known = STATEMENT
        .iter()
        .filter(|name| tree.get(node, name).is_some())
        .count();
    known >= 2 || (versioned && known >= 1)
}

/// Whether a list stands where a document is due: of documents, or of statements.
pub fn is_list(tree: &Tree, node: NodeId) -> bool {
    let is_part =
        |item: &NodeId| tree.get(*item, "Statement").is_some() || is_whole_statement(tree, *item);
    let items = tree.items(node).unwrap_or_default();
    items.iter().any(is_part)
}

/// Whether a mapping has an effect and actions, however the names are written.
pub fn is_whole_statement(tree: &Tree, node: NodeId) -> bool {
    let get = |names: &[&str]| {
        let pairs = tree.pairs(node).into_iter();
        let mut pairs = pairs.filter(|pair| {
            let key = tree.text(pair.key).unwrap_or_default();
            names.iter().any(|name| name.eq_ignore_ascii_case(key))
        });
        pairs.next().map(|pair| pair.value)
    };
    // What isn't written out may be either.
    let is_effect = |value| {
        let is = |text: &str| {
            EFFECTS
                .iter()
                .any(|effect| effect.eq_ignore_ascii_case(text))
        };
        tree.text(value).is_none_or(is)
    };
    get(&["Effect"]).is_some_and(is_effect) && get(&["Action", "NotAction"]).is_some()
}

pub(crate) fn is_of_sts(action: &str) -> bool {
    action.to_ascii_lowercase().starts_with("sts:")
}

pub(crate) fn has_principals(policy: &Policy) -> bool {
    let mut statements = policy.statements.iter();
    statements
        .any(|statement| !statement.principal.is_missing() || !statement.not_principal.is_missing())
}

/// What a policy is for, where its elements, the key that leads to it or its path tell.
pub(crate) fn kind_told(policy: &Policy, keys: &[String], path: &str) -> Option<SiteKind> {
    let last = keys.last().map_or("", String::as_str);
    if last == "AssumeRolePolicyDocument" {
        return Some(SiteKind::Trust);
    }
    let principals = has_principals(policy);
    if principals && is_trust(policy) {
        return Some(SiteKind::Trust);
    }
    let named = |name: &str| kind_by_name::kind_of(name, principals);
    named(last).or_else(|| named(path))
}

/// Whether a policy with principals can only be a trust policy: it is about roles being assumed, and about no resource. One that
/// names no action yet may be of any kind.
pub(crate) fn is_trust(policy: &Policy) -> bool {
    let statements = &policy.statements;
    let actions = || statements.iter().flat_map(|statement| statement.actions());
    let assumes = actions().next().is_some()
        && actions().all(|item| {
            let action = item.action.as_ref();
            action.is_some_and(|action| is_of_sts(action.text()))
        });
    let mut statements = statements.iter();
    assumes && statements.all(|statement| statement.resource.is_missing())
}
