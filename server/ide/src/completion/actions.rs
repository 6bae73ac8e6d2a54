//! Services, actions and wildcards.

use std::collections::{BTreeMap, HashSet};

use leastwise_catalog::{Action, ResourceType, Service, catalog};
use leastwise_model::{OwnerKind, Site};
use leastwise_policy::{PolicyKind, resource};

use super::order::{self, LikelyServices};
use super::{CompletionList, Offer, write};
use crate::limits::{FIRST_PAGE, OFFERED_ACTIONS, RESOURCES_OF_A_STATEMENT};
use crate::position::{Manner, Quote};
use crate::{Completion, CompletionKind};

/// The service that roles are assumed by.
const ASSUMING: &str = "sts";

/// Actions that a trust policy can be about.
const ASSUME: [&str; 5] = [
    "AssumeRole",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "SetSourceIdentity",
    "TagSession",
];
/// A name without its service is looked for in all of them from this length on.
const SHORTEST_BARE: usize = 3;

pub(super) fn actions(list: &mut CompletionList<'_>, not: bool) {
    let asked = list.asked;
    let words = asked.words();
    let present: HashSet<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let trust = asked.kind() == PolicyKind::Trust;
    if trust || is_about_somebody(list) {
        assume(list, &present);
    }
    match asked.typed.split_once(':') {
        Some((prefix, _)) => {
            if let Some(service) = catalog().service(prefix) {
                of_service(list, service, prefix, &present, trust);
            }
        }
        None => {
            let likely = LikelyServices::of(asked);
            services(list, &likely);
            if asked.typed.len() >= SHORTEST_BARE {
                bare(list, &likely, &present);
            }
            if !trust && !not {
                list.offer(Offer {
                    label: "*",
                    detail: "every action of every service".to_owned(),
                    kind: CompletionKind::Wildcard,
                    insert: "*",
                    rank: order::everything(),
                });
            }
        }
    }
}

/// Whether the statement of a document by itself may be one of a trust policy: it says who, and not on what, and no other one is about
/// anything else.
fn is_about_somebody(list: &CompletionList<'_>) -> bool {
    let is_alone = |site: &Site| {
        let mut owners = list.asked.context.analysis.owners_of(site);
        owners.all(|owner| owner.kind == OwnerKind::File)
    };
    let services = list.asked.services_of_policy();
    let is_other = |service: &Service| !service.prefix().eq_ignore_ascii_case(ASSUMING);
    list.asked.site.is_some_and(is_alone)
        && !services.iter().any(is_other)
        && list.asked.statement.is_some_and(|statement| {
            !statement.principal.is_missing()
                && statement.resource.is_missing()
                && statement.not_resource.is_missing()
        })
}

fn assume(list: &mut CompletionList<'_>, present: &HashSet<String>) {
    for action in ASSUME
        .iter()
        .filter_map(|name| catalog().action(ASSUMING, name))
    {
        let name = action.full_name();
        if !present.contains(&name.to_ascii_lowercase()) {
            let detail = action.access_level().name().to_owned();
            list.offer(Offer {
                label: &name,
                detail,
                kind: CompletionKind::Action,
                insert: &name,
                rank: order::assuming(),
            });
        }
    }
}

fn services(list: &mut CompletionList<'_>, likely: &LikelyServices<'_>) {
    let place = &list.asked.place;
    let quotes = place.quote == Quote::None && place.manner != Manner::Yaml;
    for service in catalog().services() {
        let label = format!("{}:", service.prefix());
        let offer = Offer {
            label: &label,
            detail: service.name().to_owned(),
            kind: CompletionKind::Service,
            insert: &label,
            rank: likely.rank(service),
        };
        match quotes {
            true => list.begin(offer, format!("\"{label}"), "\""),
            false => list.begin(offer, label.clone(), ""),
        }
    }
}

/// The types of the statement's resources; `None` where they say nothing (`*`, nothing there, not known).
fn resource_types(list: &CompletionList<'_>) -> Option<HashSet<ResourceType>> {
    let asked = list.asked;
    let statement = asked.statement?;
    let mut types = HashSet::new();
    for item in statement.resources().iter().take(RESOURCES_OF_A_STATEMENT) {
        for (_, resolved) in asked
            .context
            .analysis
            .shown(asked.context.tree, item)
            .take(1)
        {
            if resolved.pattern.is_star() {
                return None;
            }
            types.extend(resource::resource_types_fitting(&resolved.pattern));
        }
    }
    (!types.is_empty()).then_some(types)
}

fn of_service(
    list: &mut CompletionList<'_>,
    service: Service,
    prefix: &str,
    present: &HashSet<String>,
    trust: bool,
) {
    let types = resource_types(list);
    let fits = |action: Action| match &types {
        Some(types) => action
            .resources()
            .any(|of| types.contains(&of.resource_type())),
        None => true,
    };
    let is_denied = list.asked.denies();
    let mut verbs: BTreeMap<&str, usize> = BTreeMap::new();
    for action in service.actions() {
        *verbs.entry(verb(action.name())).or_default() += 1;
        let name = action.full_name();
        if present.contains(&name.to_ascii_lowercase()) || trust && ASSUME.contains(&action.name())
        {
            continue;
        }
        let offer = Offer {
            label: &name,
            detail: detail(action),
            kind: CompletionKind::Action,
            insert: &name,
            rank: order::action(action, fits(action), is_denied),
        };
        let insert = write::value(list.asked, &name);
        list.add(
            offer,
            insert,
            Some(format!("{prefix}:{}", action.name())),
            false,
        );
    }
    let all = ("", service.actions().len());
    let several = verbs
        .into_iter()
        .filter(|(verb, count)| *count > 1 && !verb.is_empty());
    for (verb, count) in several.chain([all]) {
        let name = format!("{}:{verb}*", service.prefix());
        if present.contains(&name.to_ascii_lowercase()) {
            continue;
        }
        let offer = Offer {
            label: &name,
            detail: format!("{count} action{}", if count == 1 { "" } else { "s" }),
            kind: CompletionKind::Wildcard,
            insert: &name,
            rank: order::wildcard(verb),
        };
        let insert = write::value(list.asked, &name);
        list.add(offer, insert, Some(format!("{prefix}:{verb}*")), false);
        let typed = list.asked.typed.trim_end_matches('*');
        if typed.eq_ignore_ascii_case(&format!("{prefix}:{verb}")) {
            to_first_page(list, typed.len());
        }
    }
}

/// Puts the wildcard that was offered last behind the actions of the first page: one that goes on what is typed is within reach, and
/// is never the first that is offered.
fn to_first_page(list: &mut CompletionList<'_>, typed: usize) {
    let begins = |item: &&Completion| {
        let own = item.filter.get(..typed).zip(list.asked.typed.get(..typed));
        let is_action = item.kind == CompletionKind::Action;
        is_action && own.is_some_and(|(own, typed)| own.eq_ignore_ascii_case(typed))
    };
    let mut sorts: Vec<String> = list
        .items
        .iter()
        .filter(begins)
        .map(|item| item.sort.clone())
        .collect();
    sorts.sort_unstable();
    let before = sorts.into_iter().nth(FIRST_PAGE.saturating_sub(2));
    if let (Some(before), Some(item)) = (before, list.items.last_mut()) {
        item.sort = format!("{before} ");
    }
}

/// What stands beside an action.
fn detail(action: Action) -> String {
    let level = action.access_level().name();
    match action.deprecated() {
        true => format!("{level}, deprecated"),
        false => level.to_owned(),
    }
}

/// The first word of a name in CamelCase: `Get` of `GetObject`; of `BatchGetItem` it is `Batch`.
pub(crate) fn verb(name: &str) -> &str {
    let end = name
        .char_indices()
        .skip(1)
        .find(|(_, c)| c.is_ascii_uppercase())
        .map_or(name.len(), |(at, _)| at);
    name.get(..end).unwrap_or(name)
}

/// Actions of any service, by what their name begins with.
fn bare(list: &mut CompletionList<'_>, likely: &LikelyServices<'_>, present: &HashSet<String>) {
    let typed = list.asked.typed;
    let begins = |name: &str| {
        name.get(..typed.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(typed))
    };
    let services = likely.sorted().into_iter().enumerate();
    let actions = services.flat_map(|(place, service)| {
        let actions = service.actions();
        actions.map(move |action| (action, order::bare(action, place)))
    });
    for (action, rank) in actions
        .filter(|(action, _)| begins(action.name()))
        .take(OFFERED_ACTIONS)
    {
        let name = action.full_name();
        if present.contains(&name.to_ascii_lowercase()) {
            continue;
        }
        let offer = Offer {
            label: &name,
            detail: detail(action),
            kind: CompletionKind::Action,
            insert: &name,
            rank,
        };
        let insert = write::value(list.asked, &name);
        list.add(offer, insert, Some(action.name().to_owned()), false);
    }
}
