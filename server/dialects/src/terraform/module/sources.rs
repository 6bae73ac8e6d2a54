//! Which `aws_iam_policy_document`s of a module take statements from which others: read once for all of its files.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::{HashMap, HashSet, HashSetExt};
use leastwise_model::guard::{Guard, ModuleNode};
use leastwise_syntax::{NodeId, Tree, View};

use super::Module;
use super::links::DOCUMENT;
use crate::terraform::Reference;
use crate::terraform::body::{argument, dynamic, expression, nested, reference};
use crate::terraform::guards::guards_of;
use crate::terraform::references::references;
use crate::work;

const SOURCES: [&str; 2] = ["source_policy_documents", "source_json"];
const OVERRIDES: [&str; 2] = ["override_policy_documents", "override_json"];

/// A document, and the others that it takes statements from.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub sources: Vec<String>,
    /// Of the sources, those of the older argument: the others' statements take the place of theirs.
    pub older: Vec<String>,
    pub overrides: Vec<String>,
    /// The `sid`s of statements that are written where it overrides.
    pub written: HashSet<String>,
    /// The `sid`s of its own statements.
    pub own: HashSet<String>,
    /// Whether there are others that aren't known.
    pub unknown: bool,
    /// What guards those that it takes under a condition.
    pub guards: HashMap<String, Vec<Guard>>,
}

impl Taken {
    /// All that it takes statements from.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.sources.iter().chain(&self.overrides)
    }

    /// What guards the statements that it takes from another.
    pub fn guarded(&self, from: &str) -> &[Guard] {
        self.guards.get(from).map_or(&[], Vec::as_slice)
    }
}

/// The documents of a module by address, and what takes statements from each.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    documents: HashMap<String, Taken>,
    takers: HashMap<String, Vec<String>>,
    /// The documents that a `sid` stands in, in their own statements or in what they override with.
    by_sid: HashMap<String, Vec<String>>,
    /// By `sid` the documents that have a statement of it in the end, as far as somebody has asked.
    having: Mutex<HashMap<String, Arc<HashSet<String>>>>,
}

impl Sources {
    /// Reads a module.
    pub fn of(module: &Module, own: &Tree) -> Sources {
        let mut documents: Vec<(String, Taken)> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        for (address, block) in module.all_blocks() {
            if address.starts_with(DOCUMENT) && known.insert(address) {
                work::did(1);
                let taken = taken(module, own, block.body);
                documents.push((address.to_owned(), taken));
            }
        }
        Sources::among(documents)
    }

    /// The documents in their order.
    pub fn among(documents: Vec<(String, Taken)>) -> Sources {
        let mut all = Sources::default();
        for (address, taken) in &documents {
            let mut seen: HashSet<&str> = HashSet::new();
            for source in taken.all().filter(|source| seen.insert(source)) {
                let takers = all.takers.entry(source.clone()).or_default();
                takers.push(address.clone());
            }
            for sid in taken.own.union(&taken.written) {
                let places = all.by_sid.entry(sid.clone()).or_default();
                places.push(address.clone());
            }
        }
        all.documents = documents.into_iter().collect();
        all
    }

    /// A document by its address.
    pub fn document(&self, address: &str) -> Option<&Taken> {
        self.documents.get(address)
    }

    /// What takes statements from a document.
    pub(crate) fn takers(&self, address: &str) -> &[String] {
        self.takers.get(address).map_or(&[], Vec::as_slice)
    }

    /// The documents that have a statement of a `sid` in the end.
    pub(crate) fn having(&self, sid: &str) -> Arc<HashSet<String>> {
        let mut having = self.having.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = having.get(sid) {
            return Arc::clone(known);
        }
        let mut work: Vec<&String> = self.with_sid(sid).iter().collect();
        let mut found: HashSet<String> = HashSet::new();
        while let Some(at) = work.pop() {
            if found.insert(at.clone()) {
                work::did(1);
                work.extend(self.takers(at));
            }
        }
        let found = Arc::new(found);
        having.insert(sid.to_owned(), Arc::clone(&found));
        found
    }

    /// The documents that a `sid` stands in.
    pub(crate) fn with_sid(&self, sid: &str) -> &[String] {
        self.by_sid.get(sid).map_or(&[], Vec::as_slice)
    }
}

/// Whether a document takes no statements from others.
pub(crate) fn is_alone(tree: &Tree, body: NodeId) -> bool {
    let names = SOURCES.iter().chain(&OVERRIDES);
    names
        .into_iter()
        .all(|name| argument(tree, body, name).is_none())
}

/// The `sid`s of the statements of a document, those of dynamic blocks as well.
pub(crate) fn all_sids(tree: &Tree, body: NodeId) -> HashSet<String> {
    let dynamic = dynamic(tree, body, "statement").into_iter();
    let contents = dynamic.flat_map(|block| nested(tree, block, "content"));
    let mut sids = sids(tree, contents);
    sids.extend(own_sids(tree, body));
    sids
}

fn own_sids(tree: &Tree, body: NodeId) -> HashSet<String> {
    sids(tree, nested(tree, body, "statement").into_iter())
}

fn sids(tree: &Tree, statements: impl Iterator<Item = NodeId>) -> HashSet<String> {
    let sids = statements.filter_map(|statement| tree.text(argument(tree, statement, "sid")?));
    let sids = sids.filter(|sid| !sid.is_empty());
    let told = |sids: BTreeSet<&str>| -> BTreeSet<String> {
        sids.into_iter().map(str::to_owned).collect()
    };
    let sids = tree.summed_up(|| told(sids.collect()));
    sids.into_iter().collect()
}

/// Reads the body of a document. `own` is the tree of the file that is looked at.
pub(crate) fn taken(module: &Module, own: &Tree, body: ModuleNode) -> Taken {
    let tree = module.tree(body.file, own);
    let mut taken = Taken {
        own: own_sids(tree, body.node),
        ..Taken::default()
    };
    for (names, overrides) in [(SOURCES, false), (OVERRIDES, true)] {
        for name in names {
            let Some(node) = argument(tree, body.node, name) else {
                continue;
            };
            let at = ModuleNode { node, ..body };
            let found = documents_in(module, own, at, &mut taken.unknown);
            guarded(tree, at, &mut taken.guards);
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

/// Takes down what guards the documents that an argument names.
fn guarded(tree: &Tree, at: ModuleNode, guards: &mut HashMap<String, Vec<Guard>>) {
    let mut stack = vec![at.node];
    while let Some(node) = stack.pop() {
        match (tree.view(node), expression(tree, node)) {
            (_, Some(("ref", text))) => {
                let named = tree.text(text).and_then(Reference::parse);
                if let Some(resource) = named.and_then(|reference| reference.resource()) {
                    let of = || guards_of(tree, node, at.file);
                    guards.entry(resource.address).or_insert_with(of);
                }
            }
            (View::Tagged(_, argument), _) => stack.push(argument),
            (View::Sequence(items), _) => stack.extend(items),
            _ => {}
        }
    }
}

/// The `sid`s of policies that are written out in a list of documents.
fn written(tree: &Tree, list: NodeId, sids: &mut HashSet<String>) {
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

/// The addresses of the documents that an expression names, by itself or through local values.
fn documents_in(module: &Module, own: &Tree, at: ModuleNode, unknown: &mut bool) -> Vec<String> {
    enum Next {
        Expression(ModuleNode),
        Name(String),
    }
    let mut found = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    let mut work = vec![Next::Expression(at)];
    while let Some(next) = work.pop() {
        work::did(1);
        let name = match next {
            Next::Name(name) => name,
            Next::Expression(at) => {
                let tree = module.tree(at.file, own);
                let names = references(tree, at.node);
                let exact = match tree.items(at.node) {
                    Some(items) => items.len() == names.len(),
                    None => reference(tree, at.node).is_some(),
                };
                *unknown |= !exact;
                work.extend(names.into_iter().rev().map(Next::Name));
                continue;
            }
        };
        let Some(parsed) = Reference::parse(&name) else {
            continue;
        };
        let local = name.strip_prefix("local.");
        if let Some((local, at)) = local.and_then(|name| Some((name, module.local(name).copied()?)))
        {
            if seen.insert(local.to_owned()) {
                work.push(Next::Expression(at));
            }
            continue;
        }
        match parsed.resource() {
            Some(resource) if resource.address.starts_with(DOCUMENT) => {
                found.push(resource.address)
            }
            _ => *unknown = true,
        }
    }
    found
}
