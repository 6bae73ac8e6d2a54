//! Which ARNs take the place of `*`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use leastwise_catalog::{Action, MainType, ResourceType};
use leastwise_model::Item;
use leastwise_policy::resource::{compose, more_types, narrowest_types};
use leastwise_policy::{ActionPattern, Tri, Widest, widest};

use super::pairs::{self, Held};
use super::{extra_resources, needed, short_wildcards, star_only};
use crate::support::naming;
use crate::work;

/// How much of a service an entry with a wildcard is narrowed to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Breadth {
    /// What a policy for it is mostly about, and of what takes no resource what is of use to an app.
    Main,
    /// All types that the app's prefix can stand for, and all that takes no resource.
    All,
}

/// The most types of one service that are named for an entry.
const NAMED_TYPES: usize = 6;

/// The most types that are named for the entries with wildcards where all of them are wanted.
const ALL_TYPES: usize = 24;

/// The most kinds of resources of one service that are all named, since AWS makes up their ids.
const FEW_MADE_UP: usize = 2;

/// Services whose calls name resources of many kinds, most with ids that AWS makes up, beside what they are about: a web ACL goes
/// with what it guards.
const NAME_MORE: [&str; 2] = ["ec2", "wafv2"];

/// An entry of `Action` that works on resources.
pub(super) struct Entry<'s> {
    pub item: &'s Item,
    /// Whether it is a wildcard, which stands for more than its author may have thought of.
    pub open: bool,
    /// What it stands for that works on resources, all of one service.
    pub limited: Arc<[Action]>,
    /// What it stands for that takes none.
    pub none: Arc<[Action]>,
    /// What it stands for that works on others' resources.
    pub others: Arc<[Action]>,
}

impl Entry<'_> {
    /// Whether something that it stands for is allowed on `*` only.
    pub(crate) fn splits(&self) -> bool {
        !self.none.is_empty() || !self.others.is_empty()
    }

    /// What it stands for that is allowed on `*` only.
    pub fn wide(&self) -> impl Iterator<Item = Action> {
        self.none.iter().chain(&*self.others).copied()
    }

    /// The lines that keep on `*` what is allowed there only.
    pub fn lines(&self, breadth: Breadth) -> Vec<String> {
        let Some(own) = &self.item.action else {
            return Vec::new();
        };
        let wide: Vec<Action> = self.wide().collect();
        let known = match breadth == Breadth::Main && wide.len() > short_wildcards::FEW_NAMES {
            true => star_only::app_actions(own, &wide),
            false => None,
        };
        known.unwrap_or_else(|| {
            let others = self.others.iter().map(|action| action.full_name());
            short_wildcards::lines(own, &self.none)
                .into_iter()
                .chain(others)
                .collect()
        })
    }

    /// Whether it is a wildcard that only lists, and would be written again for what takes no resource.
    fn lists(&self) -> bool {
        let Some(own) = self.item.action.as_ref().filter(|_| self.open) else {
            return false;
        };
        let again = |line: &String| ActionPattern::parse(line).covers(own);
        self.splits()
            && self.limited.iter().all(|action| star_only::lists(*action))
            && self.lines(Breadth::All).iter().any(again)
    }
}

/// What a statement's entries are narrowed to.
pub(super) struct Chosen {
    /// Formats of ARNs, each once.
    pub formats: Vec<&'static str>,
    /// For each entry, why it stays on `*`, if it does.
    pub stays: Vec<Option<Reason>>,
    /// How much of a service a wildcard is narrowed to.
    pub breadth: Breadth,
}

/// Why an entry stays on `*` as a whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reason {
    /// AWS makes up the ids of very much that it works on.
    MadeUp,
    /// It only lists what there is.
    Lists,
}

/// Chooses for all entries of a statement. `None` where nothing can be named.
pub(super) fn choose(entries: &[Entry<'_>], breadth: Breadth) -> Option<Chosen> {
    work::did(entries.iter().map(|entry| entry.limited.len()).sum());
    let own: Vec<Vec<&'static str>> = entries
        .iter()
        .map(|entry| without_part(formats(entry, entries, breadth)))
        .collect();
    let reason = |(entry, formats): (&Entry<'_>, &Vec<&'static str>)| {
        if entry.lists() {
            return Some(Reason::Lists);
        }
        let is_made_up = !is_nameable(entry, formats) && made_up(entry, entries, &own);
        is_made_up.then_some(Reason::MadeUp)
    };
    let mut stays: Vec<Option<Reason>> = entries.iter().zip(&own).map(reason).collect();
    narrow_pairs(entries, &mut stays);
    let mut chosen: Vec<&'static str> = Vec::new();
    for (formats, _) in own.iter().zip(&stays).filter(|(_, stays)| stays.is_none()) {
        for format in formats {
            if !chosen.contains(format) {
                chosen.push(format);
            }
        }
    }
    let worth = entries
        .iter()
        .zip(&own)
        .zip(&stays)
        .any(|((entry, formats), stays)| stays.is_none() && is_nameable(entry, formats));
    if worth {
        let narrowed = entries.iter().zip(&stays);
        let narrowed = narrowed.filter(|(_, stays)| stays.is_none());
        let held = held(narrowed.map(|(entry, _)| entry), breadth);
        chosen.extend(pairs::formats(&held, &chosen));
        chosen = extra_resources::owned(chosen, &held.limited);
    }
    worth.then_some(Chosen {
        formats: chosen,
        stays,
        breadth,
    })
}

/// What undoes or changes what is narrowed is narrowed with it, though AWS makes up the ids of what it works on: else whoever may
/// make only the app's own may delete everybody's.
fn narrow_pairs(entries: &[Entry<'_>], stays: &mut [Option<Reason>]) {
    let narrowed = entries.iter().zip(&*stays);
    let narrowed = narrowed.filter(|(_, stays)| stays.is_none());
    let makers = narrowed.flat_map(|(entry, _)| entry.limited.iter().chain(&*entry.none));
    let pairs: BTreeSet<Action> = makers.copied().flat_map(pairs::counterparts).collect();
    for (entry, stays) in entries.iter().zip(stays) {
        let is_made_up = *stays == Some(Reason::MadeUp) && !entry.open;
        if is_made_up && entry.limited.iter().any(|action| pairs.contains(action)) {
            *stays = None;
        }
    }
}

/// What entries that are narrowed stand for.
pub(super) fn held<'e, 's: 'e>(
    entries: impl Iterator<Item = &'e Entry<'s>>,
    breadth: Breadth,
) -> Held {
    let mut held = Held::default();
    for entry in entries {
        held.limited.extend(&*entry.limited);
        if entry.open {
            held.open.extend(&*entry.limited);
        }
        let lines = entry.lines(breadth);
        let lines = lines.iter().map(|line| ActionPattern::parse(line));
        let lines: Vec<ActionPattern> = lines.collect();
        let stays = |action: &Action| lines.iter().any(|line| line.matches(*action));
        held.on_star.extend(entry.wide().filter(stays));
    }
    held
}

/// Formats without those that say nothing beside one of nothing but ids that AWS makes up: the domain names of APIs beside the
/// calls of all APIs.
fn without_part(mut formats: Vec<&'static str>) -> Vec<&'static str> {
    let whole = |format: &&&str| {
        let composed = compose(format, |_| None);
        let resource = composed.splitn(6, ':').nth(5).unwrap_or_default();
        !resource.is_empty() && resource.bytes().all(|byte| matches!(byte, b'*' | b'/'))
    };
    let service = |format: &str| format.split(':').nth(2).map(str::to_owned);
    let all: Vec<(Option<String>, &str)> = formats
        .iter()
        .filter(whole)
        .map(|format| (service(format), *format))
        .collect();
    formats.retain(|format| {
        let mut others = all.iter().filter(|(of, _)| *of == service(format));
        others.all(|(_, other)| whole(&format) || other == format)
    });
    formats
}

/// Whether naming these ARNs limits an entry to less than everything of its kind.
fn is_nameable(entry: &Entry<'_>, formats: &[&'static str]) -> bool {
    let mains = mains(entry).filter(|main| matches!(main, MainType::Arns(_)));
    let wide: Vec<&str> = mains.flat_map(MainType::arns).collect();
    let is_limit = |format: &&&str| naming::is_named_format(format) || wide.contains(format);
    let limits = formats.iter().filter(is_limit).count();
    let others = formats.iter().filter(|format| !is_limit(format));
    // What AWS has set up is named beside the app's own.
    let others = others
        .filter(|format| !extra_resources::is_set_up(format))
        .count();
    limits > 0 && (!entry.open || limits >= others)
}

/// Whether an entry's service has too many kinds of resources whose ids AWS makes up for naming them all, or calls name more than
/// what they need, as the security groups of `ec2:CreateNetworkInterface`: one that is missed would be denied, and none is limited.
fn made_up(entry: &Entry<'_>, entries: &[Entry<'_>], own: &[Vec<&'static str>]) -> bool {
    let alike = |other: &Entry<'_>| service(other) == service(entry);
    let mut kinds: Vec<&str> = Vec::new();
    for (_, formats) in entries.iter().zip(own).filter(|(other, _)| alike(other)) {
        for format in formats.iter().filter(|format| naming::is_made_up(format)) {
            if !kinds.contains(format) {
                kinds.push(format);
            }
        }
    }
    let takes_more = |action: &Action| {
        let required = action.resources().any(|of| of.required());
        required && action.resources().any(|of| !of.required())
    };
    let mut beside = entries.iter().filter(|other| alike(other));
    kinds.len() > FEW_MADE_UP
        || service(entry).is_some_and(|of| NAME_MORE.contains(&of.prefix()))
            && beside.any(|other| other.limited.iter().any(takes_more))
}

fn service(entry: &Entry<'_>) -> Option<leastwise_catalog::Service> {
    entry.limited.first().map(|action| action.service())
}

fn mains(entry: &Entry<'_>) -> impl Iterator<Item = MainType> + use<> {
    service(entry)
        .into_iter()
        .flat_map(|service| service.main_types())
}

/// The formats for one entry of several.
fn formats(entry: &Entry<'_>, entries: &[Entry<'_>], breadth: Breadth) -> Vec<&'static str> {
    let taken = |main: &MainType| entry.limited.iter().any(|action| takes(*action, *main));
    // Where no type is as wide, and the app names none, the catalog's word on the formats isn't the last, either: all or none.
    let is_wide = |main: &MainType| match main {
        MainType::Type(_) => false,
        MainType::Arns(format) => !naming::is_named_format(format),
    };
    let wide = mains(entry).filter(is_wide).any(|main| taken(&main));
    let main: Vec<&'static str> = mains(entry)
        .filter(|main| if is_wide(main) { wide } else { taken(main) })
        .flat_map(MainType::arns)
        .collect();
    if !entry.open {
        let required = entry.limited.iter().any(|action| requires(*action));
        let formats = match required || main.is_empty() {
            true => {
                let formats = extra_resources::formats(&entry.limited, &fewest(entry, entries));
                within(formats, mains(entry))
            }
            false => main,
        };
        return [formats, extra_resources::used(&entry.limited)].concat();
    }
    let set_up = extra_resources::set_up(&entry.limited, &main);
    let most = NAMED_TYPES.saturating_sub(main.len());
    let needed = service(entry).map(|of| needed::formats(of, &entry.limited, &main, most));
    let main = [main, needed.unwrap_or_default()].concat();
    if breadth == Breadth::Main && !main.is_empty() {
        return [main, set_up].concat();
    }
    let types = fewest_of(&entry.limited);
    let named = named(&types);
    // A few named types of a service say nothing of what is meant of the others.
    let served = |action: &&Action| {
        let mut own = action.resources().map(|of| of.resource_type());
        own.any(|of| named.contains(&of))
    };
    let served = entry.limited.iter().filter(served).count();
    let mut all = main;
    if all.is_empty() && 2 * served < entry.limited.len() {
        return of_types(&types);
    }
    let (most, named) = match breadth {
        Breadth::Main => (NAMED_TYPES, named),
        Breadth::All => {
            let wide = entries.iter().filter(|other| other.open).count();
            let most = ALL_TYPES / wide.max(1);
            (most.max(NAMED_TYPES), by_weight(&entry.limited))
        }
    };
    for format in of_types(&named) {
        let is_there = |other: &&'static str| widest(other).covers(&widest(format));
        if all.len() < most && !all.iter().any(is_there) {
            all.push(format);
        }
    }
    all.extend(set_up);
    all
}

/// The types that actions work on and the app names: those that they make and delete first, of these those of most actions.
fn by_weight(actions: &[Action]) -> Vec<ResourceType> {
    let mut weights: BTreeMap<ResourceType, (bool, usize)> = BTreeMap::new();
    for action in actions {
        let undone: Vec<Action> = pairs::counterparts(*action).collect();
        for own in action.resources() {
            let of = own.resource_type();
            let is_undone = |other: &Action| {
                let mut own = other.resources();
                own.any(|own| own.required() && own.resource_type() == of)
            };
            let weight = weights.entry(of).or_default();
            weight.0 |= own.required() && undone.iter().any(is_undone);
            weight.1 += 1;
        }
    }
    let weights = weights.into_iter().filter(|(of, _)| naming::is_named(*of));
    let weighed = weights.map(|(of, (is_deployed, count))| (!is_deployed, Reverse(count), of));
    let mut weighed: Vec<_> = weighed.collect();
    weighed.sort_unstable();
    weighed.into_iter().map(|(_, _, of)| of).collect()
}

/// Whether there is a type that an action can't do without. Of one that works on more than AWS's table says, nobody can tell.
fn requires(action: Action) -> bool {
    action.resources().any(|of| of.required()) && more_types(action).is_empty()
}

/// The formats, with what comes first of the service in place of those that it is as wide as: `loadbalancer/*/NAME/*` for each
/// kind of load balancers.
fn within(formats: Vec<&'static str>, mains: impl Iterator<Item = MainType>) -> Vec<&'static str> {
    let named = mains.filter_map(|main| match main {
        MainType::Arns(format) if naming::is_named_format(format) => Some(format),
        _ => None,
    });
    let named: Vec<(&'static str, Arc<Widest>)> =
        named.map(|format| (format, widest(format))).collect();
    let mut all: Vec<&'static str> = Vec::new();
    for format in formats {
        let own = widest(format);
        let mut wider = named.iter();
        let format = wider
            .find(|(_, main)| main.covers(&own))
            .map_or(format, |(main, _)| main);
        if !all.contains(&format) {
            all.push(format);
        }
    }
    all
}

/// Whether an action works on what comes first of its service.
fn takes(action: Action, main: MainType) -> bool {
    match main {
        MainType::Type(of) => {
            let known = action.resources().any(|own| own.resource_type() == of);
            known || more_types(action).contains(&of)
        }
        MainType::Arns(format) => widest(format).fits(action) == Tri::Yes,
    }
}

/// The types for an entry without wildcards: the fewest that serve it and those of its service beside it.
fn fewest(entry: &Entry<'_>, entries: &[Entry<'_>]) -> Vec<ResourceType> {
    let beside = entries
        .iter()
        .filter(|other| !other.open && service(other) == service(entry))
        .flat_map(|other| other.limited.iter().copied());
    let beside: Vec<Action> = beside.collect();
    let needs = narrowest_types(&beside).types.into_iter();
    needs
        .filter(|need| need.actions.iter().any(|of| entry.limited.contains(of)))
        .map(|need| need.resource_type)
        .collect()
}

fn fewest_of(actions: &[Action]) -> Vec<ResourceType> {
    let needs = narrowest_types(actions).types.into_iter();
    needs.map(|need| need.resource_type).collect()
}

fn named(types: &[ResourceType]) -> Vec<ResourceType> {
    let named = types.iter().copied();
    named.filter(|of| naming::is_named(*of)).collect()
}

fn of_types(types: &[ResourceType]) -> Vec<&'static str> {
    types.iter().flat_map(|of| of.arns()).collect()
}
