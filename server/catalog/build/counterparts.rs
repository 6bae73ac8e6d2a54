//! The counterpart relation, from its three sources: the hand-written table, CloudFormation handlers, pairs of verbs.
//!
//! A row of the hand-written table is all that is known of its action: the other sources don't add to it. What
//! CloudFormation needs to take back what it made is required; a pair of verbs alone is a remark, but for tags.

use crate::cloudformation::Types;
use crate::services::{ActionRow, NameRows};
use crate::{lines, read};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Verbs that make something, with those that take it back and those that change it.
const VERBS: &[(&str, &[&str], &[&str])] = &[
    ("Create", &["Delete", "Terminate"], &["Update", "Modify"]),
    ("Put", &["Delete", "Remove"], &[]),
    ("Attach", &["Detach"], &[]),
    ("Add", &["Remove", "Delete"], &[]),
    ("Associate", &["Disassociate"], &[]),
    ("Register", &["Deregister"], &["Update"]),
    ("Enable", &["Disable"], &[]),
    ("Allocate", &["Release"], &[]),
    ("Assign", &["Unassign"], &[]),
    ("Authorize", &["Revoke"], &[]),
    ("Grant", &["Revoke"], &[]),
    ("Import", &["Delete"], &["Update"]),
    ("Upload", &["Delete"], &["Update"]),
    ("Publish", &["Delete"], &[]),
    ("Request", &["Delete"], &["Update"]),
    ("Run", &["Terminate"], &["Modify"]),
    ("Subscribe", &["Unsubscribe"], &[]),
    ("Provision", &["Deprovision"], &["Update"]),
    ("Tag", &["Untag"], &[]),
];

const DELETE: u32 = 0;
const UPDATE: u32 = 1;
const CREATE: u32 = 2;

const CURATED: u32 = 0;
const CLOUDFORMATION: u32 = 1;
const VERB: u32 = 2;

const WRITE: u32 = 2;
const TAGGING: u32 = 3;

/// Counterparts of one action: (relation, action row) → (source, required).
type CounterpartRows = BTreeMap<(u32, u32), (u32, bool)>;

/// The cells of each action's list, as `src/counterpart.rs` reads them.
pub fn build(names: &NameRows, types: &Types) -> HashMap<u32, Vec<u32>> {
    let mut all: BTreeMap<u32, CounterpartRows> = BTreeMap::new();
    let settled = curated(names, &mut all);
    from_types(names, types, &settled, &mut all);
    from_verbs(names, &settled, &mut all);

    let inverse: Vec<(u32, u32, u32)> = all
        .iter()
        .flat_map(|(row, found)| {
            found
                .iter()
                .map(|((_, other), (source, _))| (*other, *row, *source))
        })
        .collect();
    for (row, maker, source) in inverse {
        all.entry(row)
            .or_default()
            .entry((CREATE, maker))
            .or_insert((source, false));
    }
    all.into_iter()
        .map(|(row, found)| (row, cells(found)))
        .collect()
}

fn cells(found: CounterpartRows) -> Vec<u32> {
    let cell = |((relation, action), (source, required)): ((u32, u32), (u32, bool))| {
        action | relation << 20 | source << 22 | u32::from(required) << 24
    };
    found.into_iter().map(cell).collect()
}

/// The hand-written table; gives the actions that it settles.
fn curated(names: &NameRows, all: &mut BTreeMap<u32, CounterpartRows>) -> BTreeSet<u32> {
    let path = "curated/counterparts.tsv";
    let mut settled = BTreeSet::new();
    for (place, cells) in lines(path, &read(path)) {
        let [maker, counterparts @ ..] = cells.as_slice() else {
            continue;
        };
        let service = maker.split(':').next().unwrap_or("");
        let row = names.action(maker, &place).row;
        assert!(settled.insert(row), "{place}: {maker} stands twice");
        assert!(
            counterparts.len() <= 2,
            "{place}: at most three cells are expected"
        );
        for (relation, cell) in [DELETE, UPDATE].into_iter().zip(counterparts) {
            for name in cell.split_whitespace().filter(|name| *name != "-") {
                let (name, required) = name
                    .strip_suffix('?')
                    .map_or((name, true), |name| (name, false));
                let full = if name.contains(':') {
                    name.to_owned()
                } else {
                    format!("{service}:{name}")
                };
                let other = names.action(&full, &place).row;
                assert!(
                    other != row,
                    "{place}: {maker} can't be its own counterpart"
                );
                all.entry(row)
                    .or_default()
                    .insert((relation, other), (CURATED, required));
            }
        }
    }
    settled
}

/// Pairs within what CloudFormation types need to create a resource and to take it back.
fn from_types(
    names: &NameRows,
    types: &Types,
    settled: &BTreeSet<u32>,
    all: &mut BTreeMap<u32, CounterpartRows>,
) {
    for facts in types.values() {
        let actions = |handlers: &[&str]| -> Vec<&ActionRow> {
            let handlers = handlers
                .iter()
                .filter_map(|handler| facts.handlers.get(*handler))
                .flatten();
            let found = handlers.filter_map(|name| names.actions.get(&name.to_lowercase()));
            found.filter(|action| makes(action)).collect()
        };
        let (made, undone, changed) = (
            actions(&["create"]),
            actions(&["delete", "update"]),
            actions(&["update"]),
        );
        for maker in &made {
            if settled.contains(&maker.row) {
                continue;
            }
            let Some((verb, noun)) = split(maker) else {
                continue;
            };
            for other in undone
                .iter()
                .filter(|other| service(other) == service(maker))
            {
                if undoes(verb, noun, other) {
                    all.entry(maker.row)
                        .or_default()
                        .insert((DELETE, other.row), (CLOUDFORMATION, true));
                }
            }
            for other in changed
                .iter()
                .filter(|other| service(other) == service(maker))
            {
                if changes(verb, noun, other) {
                    all.entry(maker.row)
                        .or_default()
                        .insert((UPDATE, other.row), (CLOUDFORMATION, true));
                }
            }
        }
    }
}

/// Pairs of verbs on the same noun and resource type.
fn from_verbs(names: &NameRows, settled: &BTreeSet<u32>, all: &mut BTreeMap<u32, CounterpartRows>) {
    let mut by_service: BTreeMap<&str, Vec<&ActionRow>> = BTreeMap::new();
    for action in names.actions.values() {
        by_service.entry(service(action)).or_default().push(action);
    }
    for actions in by_service.values() {
        for maker in actions
            .iter()
            .filter(|maker| writes(maker) && !settled.contains(&maker.row))
        {
            let Some((verb, noun)) = split(maker) else {
                continue;
            };
            let tags = level(maker) == TAGGING;
            for other in actions
                .iter()
                .filter(|other| writes(other) && other.row != maker.row)
            {
                let same_level = tags == (level(other) == TAGGING);
                if !same_level || !share_resource(maker, other) {
                    continue;
                }
                if undoes(verb, noun, other) {
                    all.entry(maker.row)
                        .or_default()
                        .entry((DELETE, other.row))
                        .or_insert((VERB, tags));
                }
                if changes(verb, noun, other) {
                    all.entry(maker.row)
                        .or_default()
                        .entry((UPDATE, other.row))
                        .or_insert((VERB, false));
                }
            }
        }
    }
}

fn service(action: &ActionRow) -> &str {
    action.name.split(':').next().unwrap_or("")
}

fn level(action: &ActionRow) -> u32 {
    action.level & 7
}

/// Whether an action writes at all.
fn writes(action: &ActionRow) -> bool {
    level(action) >= WRITE
}

/// Whether an action writes something other than tags.
fn makes(action: &ActionRow) -> bool {
    writes(action) && level(action) != TAGGING
}

fn share_resource(one: &ActionRow, other: &ActionRow) -> bool {
    one.resources.is_empty()
        || other.resources.is_empty()
        || one
            .resources
            .iter()
            .any(|resource| other.resources.contains(resource))
}

/// The verb that an action's name starts with, if it makes something, and the rest of the name.
fn split(action: &ActionRow) -> Option<(&'static str, &str)> {
    let name = action.name.split_once(':')?.1;
    VERBS
        .iter()
        .find_map(|(verb, ..)| Some((*verb, name.strip_prefix(verb)?)))
        .filter(|(_, noun)| !noun.is_empty())
}

fn undoes(verb: &str, noun: &str, other: &ActionRow) -> bool {
    pairs(verb, noun, other, |(_, undo, _)| undo)
}

fn changes(verb: &str, noun: &str, other: &ActionRow) -> bool {
    pairs(verb, noun, other, |(_, _, change)| change)
}

type Verb = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

fn pairs(
    verb: &str,
    noun: &str,
    other: &ActionRow,
    verbs: fn(&'static Verb) -> &'static &'static [&'static str],
) -> bool {
    let Some((_, name)) = other.name.split_once(':') else {
        return false;
    };
    let Some(entry) = VERBS.iter().find(|(known, ..)| *known == verb) else {
        return false;
    };
    verbs(entry)
        .iter()
        .filter_map(|verb| name.strip_prefix(verb))
        .any(|rest| same_noun(noun, rest))
}

/// Equal but for the plural (`VpcEndpoint` and `VpcEndpoints`) and for the direction (`TagsToResource` and
/// `TagsFromResource`, `TargetWithMaintenanceWindow` and `TargetFromMaintenanceWindow`).
fn same_noun(one: &str, other: &str) -> bool {
    let strip = |noun: &'_ str| noun.strip_suffix('s').unwrap_or(noun).to_owned();
    let from = |direction: &str| {
        let (what, of) = one.split_once(direction)?;
        of.starts_with(|letter: char| letter.is_ascii_uppercase())
            .then(|| format!("{what}From{of}"))
    };
    strip(one) == strip(other)
        || ["To", "With"]
            .into_iter()
            .filter_map(from)
            .any(|noun| noun == other)
}
