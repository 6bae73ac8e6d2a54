//! Policy documents as such: a file that is one, a list of them, or data that holds some.

pub(crate) mod notation;

use leastwise_policy::elements::{EFFECTS, suggest_policy_element};
use leastwise_syntax::{Format, NodeId, Tree, View};

use self::notation::PLAIN;
use super::{Dialect, Found, called, foreign, terraform};
use crate::files::Files;
use crate::load;
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

pub(super) fn find(tree: &Tree, path: &str, files: &dyn Files) -> Found {
    let mut documents = Vec::new();
    for root in tree.documents() {
        search(tree, *root, &mut documents);
    }
    let stem = stem(path);
    let mut found = Found::of(Dialect::None);
    if documents.is_empty() {
        return found;
    }
    found.dialect = Dialect::Plain;
    let several = documents.len() > 1;
    // A module that reads the file knows what its policy is for.
    let read = match documents.as_slice() {
        [(_, keys)] if keys.is_empty() => {
            let read = terraform::readers::read(tree, path, files);
            found.given = read.given;
            read.kind
        }
        _ => None,
    };
    for (node, keys) in documents {
        let policy = lower::policy(tree, node, PLAIN);
        let told = kind_told(&policy, &keys, path);
        let (kind, service) = match read {
            // Which managed policies bound somebody, their names tell at best.
            Some((SiteKind::Identity, _)) if told == Some(SiteKind::Boundary) => {
                (SiteKind::Boundary, None)
            }
            Some((SiteKind::Unknown, _)) => (told.unwrap_or(SiteKind::Unknown), None),
            Some(read) => read,
            None => (kind_of(tree, node, &policy, told), None),
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
            uses: Vec::new(),
            held: Vec::new(),
            kind,
            service,
            document: Document::read(policy, PLAIN),
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
    let around = || std::iter::successors(tree.parent(node), |node| tree.parent(*node));
    let told = around().take(4).find_map(arn).unwrap_or_default();
    told || around().take(5).any(|node| is_list_of_aws(tree, node))
}

/// Whether a mapping is a list of AWS's policies by their names, as tools keep it.
fn is_list_of_aws(tree: &Tree, node: NodeId) -> bool {
    // A look at the first ones is enough, and bounded where it is done for each of many.
    const LOOKED_AT: usize = 16;
    let View::Mapping(pairs) = tree.view(node) else {
        return false;
    };
    let looked_at = pairs.iter().take(LOOKED_AT);
    let names: Vec<bool> = looked_at
        .map(|pair| {
            let name = tree.text(pair.key);
            name.is_some_and(load::is_name_of_aws)
        })
        .collect();
    let known = names.iter().filter(|known| **known).count();
    load::are_of_aws(known, names.len())
}

/// Walks the whole tree, without recursion: it may be deep.
pub(super) fn search(tree: &Tree, root: NodeId, documents: &mut Vec<(NodeId, Vec<String>)>) {
    let mut stack: Vec<(NodeId, Vec<String>)> = vec![(root, Vec::new())];
    while let Some((node, keys)) = stack.pop() {
        match tree.view(node) {
            View::Mapping(pairs) => {
                if is_policy(tree, node) {
                    if !foreign::is_document(tree, node) {
                        documents.push((node, keys));
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
pub(crate) fn is_list(tree: &Tree, node: NodeId) -> bool {
    let is_part =
        |item: &NodeId| tree.get(*item, "Statement").is_some() || is_whole_statement(tree, *item);
    let items = tree.items(node).unwrap_or_default();
    items.iter().any(is_part)
}

/// Whether a mapping has an effect and actions, however the names are written.
pub(crate) fn is_whole_statement(tree: &Tree, node: NodeId) -> bool {
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

/// What a policy is for that stands as such: what its elements and its name tell, else the most usual.
fn kind_of(tree: &Tree, node: NodeId, policy: &Policy, told: Option<SiteKind>) -> SiteKind {
    if is_of_aws(tree, node) {
        return SiteKind::OfAws;
    }
    let told = of_organization(tree, node).or(told);
    told.unwrap_or(match has_principals(policy) {
        true => SiteKind::Resource,
        false => SiteKind::Identity,
    })
}

fn has_principals(policy: &Policy) -> bool {
    let mut statements = policy.statements.iter();
    statements
        .any(|statement| !statement.principal.is_missing() || !statement.not_principal.is_missing())
}

/// What a policy is for, where its elements, the key that leads to it or its path tell.
pub(super) fn kind_told(policy: &Policy, keys: &[String], path: &str) -> Option<SiteKind> {
    let last = keys.last().map_or("", String::as_str);
    if last == "AssumeRolePolicyDocument" {
        return Some(SiteKind::Trust);
    }
    let principals = has_principals(policy);
    if principals && is_trust(policy) {
        return Some(SiteKind::Trust);
    }
    let named = |name: &str| called::kind_of(name, principals);
    named(last).or_else(|| named(path))
}

/// Whether a policy with principals can only be a trust policy: it is about roles being assumed, and about no resource.
pub(super) fn is_trust(policy: &Policy) -> bool {
    let statements = &policy.statements;
    let mut actions = statements.iter().flat_map(|statement| statement.actions());
    let assumes = actions.all(|item| {
        let action = item.action.as_ref();
        action.is_some_and(|action| action.text().to_ascii_lowercase().starts_with("sts:"))
    });
    let mut statements = statements.iter();
    assumes && statements.all(|statement| statement.resource.is_missing())
}

/// The kind of a policy of an organization, as the answers of AWS Organizations tell it beside the document.
fn of_organization(tree: &Tree, node: NodeId) -> Option<SiteKind> {
    let told = |around: NodeId| {
        let summary = tree.get(around, "PolicySummary").unwrap_or(around);
        match tree.text(tree.get(summary, "Type")?)? {
            "SERVICE_CONTROL_POLICY" => Some(SiteKind::Scp),
            "RESOURCE_CONTROL_POLICY" => Some(SiteKind::Rcp),
            _ => None,
        }
    };
    let around = std::iter::successors(tree.parent(node), |node| tree.parent(*node));
    around.take(3).find_map(told)
}
