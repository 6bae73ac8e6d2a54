//! `aws_iam_policy_document`: who gets what a document says, and what becomes of documents that are merged.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use leastwise_syntax::{NodeId, Tree, View};

use super::blocks::{Merged, notation};
use super::body::{argument, expression, nested};
use super::finder::Finder;
use super::guards::around;
use super::links::DOCUMENT;
use super::merging::Merging;
use super::references::references;
use super::{At, Block, Reference};
use crate::guard::Guard;
use crate::model::Branch;
use crate::site::{Document, Shape, SiteKind};

/// What a policy is used for.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub kind: SiteKind,
    pub service: Option<&'static str>,
    pub owners: Vec<usize>,
    /// When owners have it, beside when it is there: see [`crate::Site::held_by`].
    pub held: Vec<(usize, Branch)>,
    /// The managed policies that it is the document of.
    pub managed: Vec<usize>,
    pub name: Option<String>,
    pub path: Vec<String>,
    pub branch: Branch,
    /// The node that a policy of another file is noted at, where the use stands in this file.
    pub anchor: Option<NodeId>,
    /// What guards each of the policies that it is in.
    pub guards: Vec<Vec<Guard>>,
    /// What is searched for in it to put something else there.
    pub replaced: Vec<At>,
}

impl Use {
    /// Gives it to more owners.
    fn join(&mut self, owners: Vec<usize>, held: &[(usize, Branch)]) {
        for owner in owners {
            let when = held.iter().find(|(other, _)| *other == owner);
            let has = self.owners.contains(&owner);
            match when {
                None => self.held.retain(|(other, _)| *other != owner),
                Some(when) if !has => self.held.push(when.clone()),
                Some(_) => {}
            }
            if !has {
                self.owners.push(owner);
            }
        }
    }

    /// Puts it behind one more guard.
    pub fn guard(&mut self, guard: &Guard) {
        for of in &mut self.guards {
            of.push(guard.clone());
        }
    }
}

/// The documents of the module that something uses, by address.
#[derive(Debug, Default)]
pub(super) struct Documents {
    uses: HashMap<String, Vec<Use>>,
}

impl Documents {
    /// Takes down a use of a document.
    pub fn used(&mut self, address: &str, of: Use) {
        self.uses.entry(address.to_owned()).or_default().push(of);
    }
}

/// The documents that another takes statements from.
#[derive(Default)]
pub(super) struct Taken {
    pub sources: Vec<String>,
    /// Of the sources, those of the older argument: the others' statements take the place of theirs.
    pub older: Vec<String>,
    pub overrides: Vec<String>,
    /// The `sid`s of statements that are written where it overrides.
    pub written: Vec<String>,
    /// Whether there are others that aren't known.
    pub unknown: bool,
}

const SOURCES: [&str; 2] = ["source_policy_documents", "source_json"];
const OVERRIDES: [&str; 2] = ["override_policy_documents", "override_json"];
/// Whether a document takes no statements from others.
pub(super) fn is_alone(tree: &Tree, body: NodeId) -> bool {
    let names = SOURCES.iter().chain(&OVERRIDES);
    names
        .into_iter()
        .all(|name| argument(tree, body, name).is_none())
}

/// How many local values deep documents are looked for.
const MAX_LOCALS: u32 = 32;

/// Makes sites of the documents of the file.
pub(super) fn place(finder: &mut Finder<'_>) {
    let module = finder.module;
    let near = Rc::clone(&finder.near);
    let order: Vec<&String> = near.documents.iter().collect();
    let taken: HashMap<&str, Taken> = order
        .iter()
        .filter_map(|address| {
            let block = module.block(address)?;
            Some((address.as_str(), taken(finder, block)))
        })
        .collect();
    let direct: HashSet<String> = finder.documents.uses.keys().cloned().collect();
    let merging = Merging::new(finder, &taken, direct);
    let mut replaced: HashMap<&str, Vec<String>> = HashMap::new();
    for address in &order {
        replaced.insert(address, merging.overridden(address));
    }
    spread(finder, &taken);
    for address in order {
        let Some(block) = module.block(address) else {
            continue;
        };
        let here = |other: &String| {
            let block = module.block(other);
            block.is_some_and(|block| module.is_own(block.body.file))
        };
        let own = taken.get(address.as_str());
        let complete = own
            .is_none_or(|own| !own.unknown && own.sources.iter().chain(&own.overrides).all(here));
        if !module.is_own(block.body.file) {
            continue;
        }
        let merged = Merged {
            dynamic: !complete,
            overridden: replaced.remove(address.as_str()).unwrap_or_default(),
        };
        let uses = finder.documents.uses.remove(address).unwrap_or_default();
        let path = vec![
            "data".to_owned(),
            block.type_name.clone(),
            block.name.clone(),
        ];
        let body = block.body.node;
        let document = Document::shaped(body, Shape::Own(Arc::new(merged)), notation(finder.tree));
        let mut uses = uses.into_iter();
        let of = match uses.next() {
            Some(first) => {
                let mut of = first;
                for other in uses {
                    if other.branch != of.branch {
                        of.branch.clear();
                    }
                    of.join(other.owners, &other.held);
                    of.managed.extend(other.managed);
                    of.guards.extend(other.guards);
                    of.replaced.extend(other.replaced);
                }
                Use { path, ..of }
            }
            None => {
                let known = kind_of(finder.tree, body).map(|kind| (kind, None));
                let known = known.or_else(|| finder.reached(address));
                let (kind, service) = known.unwrap_or((SiteKind::Unknown, None));
                Use {
                    kind,
                    service,
                    owners: vec![finder.loose_owner(address.clone())],
                    held: Vec::new(),
                    managed: Vec::new(),
                    name: None,
                    path,
                    branch: Branch::new(),
                    anchor: None,
                    guards: Vec::new(),
                    replaced: Vec::new(),
                }
            }
        };
        if !complete {
            finder.elsewhere(&of);
        }
        finder.push(of, document);
    }
}

/// What takes statements from a document is a use of that too.
fn spread(finder: &mut Finder<'_>, taken: &HashMap<&str, Taken>) {
    let mut work: Vec<(String, Use)> = Vec::new();
    for (address, uses) in &finder.documents.uses {
        work.extend(uses.iter().map(|of| (address.clone(), of.clone())));
    }
    // In a fixed order, whatever the map's.
    work.sort_by(|a, b| (&a.0, &a.1.path).cmp(&(&b.0, &b.1.path)));
    let mut seen: HashSet<(String, Vec<String>)> = HashSet::new();
    while let Some((address, of)) = work.pop() {
        let Some(own) = taken.get(address.as_str()) else {
            continue;
        };
        for other in own.sources.iter().chain(&own.overrides) {
            let key = (other.clone(), of.path.clone());
            if seen.contains(&key) || seen.len() > 10_000 {
                continue;
            }
            seen.insert(key);
            let mut of = of.clone();
            for guard in taking(finder, &address, other) {
                of.guard(&guard);
            }
            finder.documents.used(other, of.clone());
            work.push((other.clone(), of));
        }
    }
}

/// Whether a reference is one to the resource of that address.
fn is_of(reference: &str, address: &str) -> bool {
    let rest = reference.strip_prefix(address);
    rest.is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// What guards the statements that a document takes from another.
fn taking(finder: &Finder<'_>, taker: &str, taken: &str) -> Vec<Guard> {
    let Some(block) = finder.module.block(taker) else {
        return Vec::new();
    };
    let file = block.body.file;
    let tree = finder.tree(file);
    for name in SOURCES.iter().chain(&OVERRIDES) {
        let mut stack: Vec<NodeId> = argument(tree, block.body.node, name).into_iter().collect();
        while let Some(node) = stack.pop() {
            match (tree.view(node), expression(tree, node)) {
                (_, Some(("ref", text)))
                    if tree.text(text).is_some_and(|text| is_of(text, taken)) =>
                {
                    return around(tree, node, file);
                }
                (View::Tagged(_, argument), _) => stack.push(argument),
                (View::Sequence(items), _) => stack.extend(items),
                _ => {}
            }
        }
    }
    Vec::new()
}

fn taken(finder: &Finder<'_>, block: &Block) -> Taken {
    let tree = finder.tree(block.body.file);
    let mut taken = Taken::default();
    for (names, overrides) in [(SOURCES, false), (OVERRIDES, true)] {
        for name in names {
            let Some(node) = argument(tree, block.body.node, name) else {
                continue;
            };
            let found = documents_in(
                finder,
                At {
                    file: block.body.file,
                    node,
                },
                &mut taken.unknown,
                &mut HashSet::new(),
                0,
            );
            if overrides {
                written(tree, node, &mut taken.written);
            }
            if name == "source_json" {
                taken.older.extend(found.iter().cloned());
            }
            let into = match overrides {
                true => &mut taken.overrides,
                false => &mut taken.sources,
            };
            into.extend(found);
        }
    }
    taken
}

/// The `sid`s of policies that are written out in a list of documents.
fn written(tree: &Tree, list: NodeId, sids: &mut Vec<String>) {
    for item in tree.items(list).unwrap_or(&[list]) {
        let Some(("jsonencode", arguments)) = expression(tree, *item) else {
            continue;
        };
        let documents = tree.items(arguments).unwrap_or_default().iter();
        for statements in documents.filter_map(|document| tree.get(*document, "Statement")) {
            let statements = tree
                .items(statements)
                .unwrap_or(std::slice::from_ref(&statements));
            let own = statements
                .iter()
                .filter_map(|statement| tree.get(*statement, "Sid"));
            let own = own
                .filter_map(|sid| tree.text(sid))
                .filter(|sid| !sid.is_empty());
            sids.extend(own.map(str::to_owned));
        }
    }
}

/// The addresses of the documents that an expression names; `seen` are the local values that have been followed.
fn documents_in(
    finder: &Finder<'_>,
    at: At,
    unknown: &mut bool,
    seen: &mut HashSet<String>,
    depth: u32,
) -> Vec<String> {
    let tree = finder.tree(at.file);
    let mut found = Vec::new();
    let names = references(tree, at.node);
    let exact = match tree.items(at.node) {
        Some(items) => items.len() == names.len(),
        None => super::body::reference(tree, at.node).is_some(),
    };
    *unknown |= !exact;
    for name in names {
        let Some(reference) = Reference::parse(&name) else {
            continue;
        };
        if let Some(local) = name.strip_prefix("local.")
            && let Some(at) = finder.module.locals.get(local)
            && depth < MAX_LOCALS
        {
            if seen.insert(local.to_owned()) {
                found.extend(documents_in(finder, *at, unknown, seen, depth + 1));
            }
            continue;
        }
        match reference.resource() {
            Some(resource) if resource.address.starts_with(DOCUMENT) => {
                found.push(resource.address)
            }
            _ => *unknown = true,
        }
    }
    found
}

/// What a document is for that nothing in reach uses, where what it says tells: one that is about roles being assumed, and
/// about no resource, can only be a trust policy.
fn kind_of(tree: &Tree, body: NodeId) -> Option<SiteKind> {
    let statements = nested(tree, body, "statement");
    is_trust(tree, &statements).then_some(SiteKind::Trust)
}

/// Whether statements with principals, in the names of blocks, can only be those of a trust policy.
pub(super) fn is_trust(tree: &Tree, statements: &[NodeId]) -> bool {
    let has = |name: &str| {
        let own = |statement: &NodeId| argument(tree, *statement, name).is_some();
        statements.iter().any(own)
    };
    let assumes = |statement: &NodeId| {
        let actions = argument(tree, *statement, "actions");
        let items = actions.and_then(|actions| tree.items(actions));
        items.is_some_and(|items| {
            items.iter().all(|item| {
                tree.text(*item)
                    .is_some_and(|text| text.starts_with("sts:"))
            })
        })
    };
    let of_blocks = |statement: &NodeId| !nested(tree, *statement, "principals").is_empty();
    (has("principals") || statements.iter().any(of_blocks))
        && !has("resources")
        && statements.iter().all(assumes)
}
