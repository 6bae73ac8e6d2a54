//! Policies in places that the table doesn't know: local values, arguments of modules, outputs.

use std::sync::Arc;

use foldhash::HashSet;
use leastwise_model::{Branch, Document, Shape, SiteKind, lower};
use leastwise_syntax::{NodeId, Pair, Style, Tree, View};

use super::blocks::StatementObjects;
use super::body::{is_never_there, labelled};
use super::comprehension::made;
use super::finder::Finder;
use super::module::reach;
use super::notation::BLOCKS;
use super::other_providers::Lead;
use super::uses::Use;
use super::{blocks, denied, documents, other_providers};
use crate::shape::key_paths::{KeyPath, KeyPaths, KeyStep};
use crate::shape::{self, foreign};

/// Finds what looks like a policy and isn't found yet.
pub(super) fn find(finder: &mut Finder<'_>, path: &str) {
    let tree = finder.tree;
    let absent = absent(tree);
    let mut documents = Vec::new();
    for root in tree.documents() {
        shape::search(tree, *root, &mut documents);
    }
    documents.retain(|(node, keys)| {
        if other_providers::leads_to_other_provider(keys) {
            return false;
        }
        let span = tree.span(*node);
        let mut absent = absent.iter().map(|body| tree.span(*body));
        !absent.any(|body| body.start <= span.start && span.end <= body.end)
    });
    let known: HashSet<NodeId> = finder.sites.iter().map(|site| site.document.node).collect();
    for (node, keys) in documents {
        if known.contains(&node) {
            continue;
        }
        let notation = finder.notation();
        let policy = lower::policy(tree, node, notation);
        let told = shape::kind_told(&policy, &keys, path).map(|kind| (kind, None));
        let of = used(finder, told, keys);
        finder.push(of, Document::read(policy, notation));
    }
    let sites = finder.sites.iter().map(|site| site.document.node);
    let known: HashSet<NodeId> = sites.chain(absent).collect();
    let mut lists = Vec::new();
    for root in tree.documents() {
        search(tree, *root, &known, &mut lists);
    }
    for (node, keys, names) in lists {
        let (told, document) = match names {
            Names::Blocks => {
                let trust = documents::is_trust(tree, &children(tree, node));
                let told = match trust {
                    true => Some((SiteKind::Trust, None)),
                    false => of_argument(tree, node, &keys),
                };
                let given = finder.reach().given(&names_of(&keys).1).to_vec();
                let shape = Shape::Own(Arc::new(StatementObjects { given }));
                (told, Document::shaped(node, shape, BLOCKS))
            }
            Names::Iam => {
                let notation = finder.notation();
                let policy = lower::statements(tree, node, notation);
                let told = shape::kind_told(&policy, &keys, path).map(|kind| (kind, None));
                let shape = match tree.view(node) {
                    View::Mapping(_) => Shape::Statement,
                    _ => Shape::Statements,
                };
                (told, Document::shaped(node, shape, notation))
            }
        };
        let of = used(finder, told, keys);
        finder.push(of, document);
    }
}

/// The bodies of resources and calls that there are no instances of.
fn absent(tree: &Tree) -> Vec<NodeId> {
    let mut found = Vec::new();
    for root in tree.documents() {
        for (key, labels) in [("resource", 2), ("data", 2), ("module", 1)] {
            let blocks = labelled(tree, *root, key, labels).into_iter();
            let bodies = blocks.map(|block| block.body);
            found.extend(bodies.filter(|body| is_never_there(tree, *body)));
        }
    }
    found
}

/// What a policy is used for that stands under these keys: what is told of it, or what the name leads to.
fn used(finder: &mut Finder<'_>, told: Option<reach::ReachedKind>, keys: Vec<String>) -> Use {
    let (label, name) = names_of(&keys);
    let known = told.or_else(|| finder.reached(&name));
    let (kind, service) = known.unwrap_or((SiteKind::Unknown, None));
    let fresh = finder.owners.len();
    let owner = finder.loose_owner(label);
    if let [block, name, ..] = keys.as_slice()
        && block == "module"
        && owner == fresh
    {
        let call = finder.module.call(name);
        let denied = call.is_some_and(|call| denied::by_module(finder, call));
        if let Some(owner) = finder.owners.get_mut(owner) {
            owner.denied_elsewhere = denied;
        }
    }
    Use {
        managed: Vec::new(),
        kind,
        service,
        owners: vec![owner],
        held: Vec::new(),
        name: keys.last().cloned(),
        path: keys,
        branch: Branch::new(),
        anchor: None,
        guards: Vec::new(),
        replaced: Vec::new(),
    }
}

/// What to call what stands under these keys, and the name that leads to it.
fn names_of(keys: &[String]) -> (String, String) {
    let label = match keys {
        [block, kind, name, ..] if block == "resource" => format!("{kind}.{name}"),
        [block, kind, name, ..] if block == "data" => format!("data.{kind}.{name}"),
        [block, name, ..] if block == "locals" => format!("local.{name}"),
        [block, name, ..] if block == "variable" => format!("var.{name}"),
        [block, name, ..] => format!("{block}.{name}"),
        _ => keys.join("."),
    };
    let name = match keys {
        [block, name, argument, ..] if block == "module" => format!("module.{name}.{argument}"),
        _ => label.clone(),
    };
    (label, name)
}

/// What statements are for that are given to a module and all say whom they are about, where the argument's name says of
/// which resource: `key_statements`, `queue_policy_statements`.
fn of_argument(tree: &Tree, node: NodeId, keys: &[String]) -> Option<reach::ReachedKind> {
    const SERVICES: [(&str, &str); 5] = [
        ("bucket", "s3"),
        ("key", "kms"),
        ("queue", "sqs"),
        ("secret", "secretsmanager"),
        ("topic", "sns"),
    ];
    let [block, _, argument, ..] = keys else {
        return None;
    };
    let words: Vec<&str> = argument.split('_').collect();
    let has = |word: &str| words.contains(&word);
    if block != "module" || !has("statements") && !has("statement") || has("endpoint") {
        return None;
    }
    let mut services = SERVICES.iter().filter(|(word, _)| has(word));
    let (Some((_, service)), None) = (services.next(), services.next()) else {
        return None;
    };
    let statements = match blocks::is_statement(tree, node) {
        true => vec![node],
        false => children(tree, node),
    };
    let names_somebody = |statement: &NodeId| {
        let has = |name| super::body::argument(tree, *statement, name).is_some();
        has("principals") || has("not_principals")
    };
    statements
        .iter()
        .all(names_somebody)
        .then_some((SiteKind::Resource, Some(*service)))
}

fn children(tree: &Tree, node: NodeId) -> Vec<NodeId> {
    if !tree.is_container(node) {
        return Vec::new();
    }
    match tree.view(node) {
        View::Sequence(items) => items.to_vec(),
        View::Mapping(pairs) => pairs.iter().map(|pair| pair.value).collect(),
        _ => Vec::new(),
    }
}

/// How statements call their elements.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// As `aws_iam_policy_document` does.
    Blocks,
    /// As IAM does.
    Iam,
}

/// How an object calls the elements of the statement that it is.
fn names(tree: &Tree, node: NodeId) -> Option<Names> {
    if tree.style(node) != Style::Flow {
        None
    } else if blocks::is_iam_statement(tree, node) {
        other_providers::is_statement_of_iam(tree, node).then_some(Names::Iam)
    } else {
        let is_one =
            blocks::is_statement(tree, node) && other_providers::is_statement_of_iam(tree, node);
        is_one.then_some(Names::Blocks)
    }
}

/// Lists, maps and objects of statements: modules take them as arguments.
fn search(
    tree: &Tree,
    root: NodeId,
    known: &HashSet<NodeId>,
    found: &mut Vec<(NodeId, Vec<String>, Names)>,
) {
    let mut paths = KeyPaths::default();
    let mut stack: Vec<(NodeId, KeyPath, Lead)> = vec![(root, KeyPath::default(), Lead::default())];
    while let Some((node, path, lead)) = stack.pop() {
        let is_of_other =
            || tree.get(node, "Statement").is_some() && foreign::is_document(tree, node);
        if lead == Lead::OtherProvider || known.contains(&node) || is_of_other() {
            continue;
        }
        let mut inner: Vec<(KeyStep<'_>, NodeId)> = match tree.view(node) {
            View::Mapping(pairs) => {
                let named = |pair: &Pair| {
                    let key = KeyStep::Key(tree.text(pair.key).unwrap_or("?"));
                    (key, pair.value)
                };
                pairs.iter().map(named).collect()
            }
            View::Sequence(items) => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| (KeyStep::Item(at), *item)).collect()
            }
            View::Tagged(_, value) => {
                // What a comprehension makes is one of many, and no list with what it goes over.
                let made = made(tree, node).filter(|made| !known.contains(&made.value));
                match made.and_then(|made| Some((made.value, names(tree, made.value)?))) {
                    Some((value, names)) => found.push((value, paths.keys(path), names)),
                    None => stack.push((value, path, lead)),
                }
                continue;
            }
            View::Scalar(_) | View::Alias(_) | View::Invalid => continue,
        };
        inner.retain(|(_, value)| !known.contains(value));
        let list = list_of(tree, node, &inner);
        if let Some(names) = list {
            found.push((node, paths.keys(path), names));
        }
        for (step, value) in inner.into_iter().rev() {
            let names = names(tree, value);
            let is_in_list = match list {
                Some(Names::Iam) => true,
                Some(Names::Blocks) => names != Some(Names::Iam),
                None => !matches!(
                    tree.view(value),
                    View::Mapping(_) | View::Sequence(_) | View::Tagged(..)
                ),
            };
            if is_in_list {
                continue;
            }
            let below = paths.on(path, step);
            match names {
                Some(names) => found.push((value, paths.keys(below), names)),
                None => {
                    let lead = match step {
                        KeyStep::Key(key) => lead.on(key),
                        KeyStep::Item(_) => lead,
                    };
                    stack.push((value, below, lead));
                }
            }
        }
    }
}

/// Whether a collection is one of statements, and how these call their elements. Of a list with both, those that IAM's names
/// are in stand for themselves.
fn list_of(tree: &Tree, node: NodeId, inner: &[(KeyStep<'_>, NodeId)]) -> Option<Names> {
    let of = |wanted: Names| {
        let mut inner = inner.iter();
        inner.any(|(_, value)| names(tree, *value) == Some(wanted))
    };
    let is_list = matches!(tree.view(node), View::Sequence(_));
    let in_blocks = |(_, value): &(KeyStep<'_>, NodeId)| blocks::is_like_statement(tree, *value);
    if is_list && of(Names::Iam) && !inner.iter().any(in_blocks) {
        return Some(Names::Iam);
    }
    // A map of anything may have a statement in it, too.
    let others = |inner: &(KeyStep<'_>, NodeId)| {
        !in_blocks(inner) && names(tree, inner.1) != Some(Names::Iam)
    };
    (of(Names::Blocks) && (is_list || !inner.iter().any(others))).then_some(Names::Blocks)
}
