//! `aws_iam_policy_document`: who gets what a document says, and what becomes of documents that are merged.

use std::collections::VecDeque;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use leastwise_model::guard::Guard;
use leastwise_model::{Branch, Document, Shape, SiteKind};
use leastwise_syntax::{NodeId, Tree};

use super::blocks::{Merged, notation};
use super::body::{argument, nested};
use super::finder::Finder;
use super::limits::{TAKERS, USERS};
use super::merging::Merging;
use super::module::links::DOCUMENT;
use super::module::sources::{self, Sources};
use super::uses::{Documents, Use};
use crate::work;

/// Makes sites of the documents of the file.
pub(super) fn place(finder: &mut Finder<'_>) {
    let module = finder.module;
    let sources = module.sources(finder.tree);
    let documents = std::mem::take(&mut finder.documents);
    let is_direct = |address: &str| documents.uses.contains_key(address);
    let merging = Merging::new(sources, &is_direct);
    for (address, block) in module.own_blocks() {
        if !address.starts_with(DOCUMENT) {
            continue;
        }
        let here = |other: &String| {
            let block = module.block(other);
            block.is_some_and(|block| module.is_own(block.body.file))
        };
        let body = block.body.node;
        // Another file declares one of the same address.
        let is_first = module.is_first(address, block);
        let again = (!is_first).then(|| sources::taken(module, finder.tree, block.body));
        let own = again.as_ref().or_else(|| sources.document(address));
        let complete = own.is_none_or(|own| !own.unknown && own.all().all(here));
        let sids = sources::all_sids(finder.tree, body);
        let merged = Merged {
            dynamic: !complete,
            overridden: merging.overridden(address, &sids),
        };
        let path = vec![
            "data".to_owned(),
            block.type_name.clone(),
            block.name.clone(),
        ];
        let document = Document::shaped(body, Shape::Own(Arc::new(merged)), notation(finder.tree));
        let of = match joined(&documents, sources, address) {
            Some(of) => Use { path, ..of },
            None => {
                let known = kind_of(finder.tree, body).map(|kind| (kind, None));
                let known = known.or_else(|| finder.reached(address));
                let (kind, service) = known.unwrap_or((SiteKind::Unknown, None));
                Use {
                    kind,
                    service,
                    owners: vec![finder.loose_owner(address.to_owned())],
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
            finder.mark_unknown_policies(&of);
        }
        finder.push(of, document);
    }
}

/// All uses of a document as one. What takes statements from it is a use of it, too, and so is what uses that.
fn joined(documents: &Documents, sources: &Sources, address: &str) -> Option<Use> {
    let mut all: Option<Joined> = None;
    let mut seen: HashSet<&str> = HashSet::new();
    let mut work: VecDeque<(&str, Vec<Guard>, usize)> = VecDeque::from([(address, Vec::new(), 0)]);
    while let Some((at, guards, taken)) = work.pop_front() {
        work::did(1);
        // The others are left out where the files around are looked for, which says so.
        let is_enough = all.as_ref().is_some_and(|all| all.when.len() > USERS);
        if taken > TAKERS && is_enough {
            continue;
        }
        if !seen.insert(at) {
            continue;
        }
        for of in documents.uses.get(at).into_iter().flatten() {
            all.get_or_insert_with(|| Joined::by(of)).add(of, &guards);
        }
        for taker in sources.takers(at) {
            if seen.contains(taker.as_str()) {
                continue;
            }
            let own = sources.document(taker).map_or(&[][..], |it| it.guarded(at));
            let more: Vec<Guard> = guards.iter().chain(own).cloned().collect();
            // The ways without a condition first: a document may be taken on several.
            match own.is_empty() {
                true => work.push_front((taker, more, taken + 1)),
                false => work.push_back((taker, more, taken + 1)),
            }
        }
    }
    all.map(Joined::done)
}

/// Uses that are made one.
struct Joined {
    of: Use,
    /// The owners, each with when it has it.
    when: HashMap<usize, Branch>,
    /// Whether it is in a policy that nothing guards.
    always: bool,
    guards: HashSet<Vec<Guard>>,
}

impl Joined {
    fn by(first: &Use) -> Joined {
        let of = Use {
            owners: Vec::new(),
            held: Vec::new(),
            managed: Vec::new(),
            guards: Vec::new(),
            replaced: Vec::new(),
            ..first.clone()
        };
        Joined {
            of,
            when: HashMap::new(),
            always: false,
            guards: HashSet::new(),
        }
    }

    fn add(&mut self, other: &Use, guards: &[Guard]) {
        let of = &mut self.of;
        if other.branch != of.branch {
            of.branch.clear();
        }
        for owner in &other.owners {
            let mut held = other.held.iter();
            let held = held.find(|(other, _)| other == owner);
            match (self.when.get_mut(owner), held) {
                // Always, if one of them is.
                (Some(when), None) => when.clear(),
                (Some(_), Some(_)) => {}
                (None, held) => {
                    of.owners.push(*owner);
                    let when = held.map_or(Branch::new(), |(_, when)| when.clone());
                    self.when.insert(*owner, when);
                }
            }
        }
        of.managed.extend(&other.managed);
        of.replaced.extend(&other.replaced);
        for own in &other.guards {
            let own: Vec<Guard> = own.iter().chain(guards).cloned().collect();
            self.always |= own.is_empty();
            if !self.always && !self.guards.contains(&own) {
                self.guards.insert(own.clone());
                of.guards.push(own);
            }
        }
        if self.always {
            of.guards = vec![Vec::new()];
        }
    }

    fn done(self) -> Use {
        let Joined {
            mut of, mut when, ..
        } = self;
        for owner in &of.owners {
            let when = when.remove(owner).filter(|when| !when.is_empty());
            of.held.extend(when.map(|when| (*owner, when)));
        }
        of
    }
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
            !items.is_empty()
                && items.iter().all(|item| {
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
