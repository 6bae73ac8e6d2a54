//! What the calls that a policy is mostly about need beside what comes first of their service.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use leastwise_catalog::{Action, ResourceType, Service};
use leastwise_policy::resource::placeholders;
use leastwise_policy::{Widest, widest};

use crate::support::naming;

/// Of so many calls on what comes first of a service, at least one needs a type: then all such policies name it.
const ONE_OF: usize = 4;

/// So many calls work on parts of what comes first: then these are no rarity.
const FEWEST_CALLS: usize = 5;

/// The formats that the actions of a wildcard need beside those that come first, at most so many: types that many calls on
/// these need too, as the catalog of `glue:GetTable`, and parts of theirs, as the executions of a state machine.
pub(super) fn formats(
    service: Service,
    actions: &[Action],
    main: &[&'static str],
    most: usize,
) -> Vec<&'static str> {
    if main.is_empty() {
        return Vec::new();
    }
    // A format of several types has a star of its own: `loadbalancer/*/NAME/ID`.
    let wide = main.iter().filter(|format| format.contains('*'));
    let wide: Vec<Arc<Widest>> = wide.map(|format| widest(format)).collect();
    let is_main = |of: &ResourceType| {
        of.arns().any(|format| {
            main.contains(&format) || {
                let own = widest(format);
                wide.iter().any(|all| all.covers(&own))
            }
        })
    };
    let required = |action: Action| -> Vec<ResourceType> {
        let own = action.resources().filter(|own| own.required());
        own.map(|own| own.resource_type()).collect()
    };
    let mut of_main = 0;
    // In how many calls a type is beside what comes first, and in how many at all.
    let mut counts: BTreeMap<ResourceType, (usize, usize)> = BTreeMap::new();
    for types in service.actions().map(required) {
        let beside = usize::from(types.iter().any(is_main));
        of_main += beside;
        for of in types.into_iter().filter(|of| !is_main(of)) {
            let count = counts.entry(of).or_default();
            *count = (count.0 + beside, count.1 + 1);
        }
    }
    let used: BTreeSet<ResourceType> = actions.iter().copied().flat_map(required).collect();
    let mut needed: Vec<(usize, ResourceType)> = Vec::new();
    for (of, (beside, count)) in counts {
        let is_needed = beside > 0 && ONE_OF * beside >= of_main;
        let is_part = || of.arns().all(|format| is_part(format, main));
        let is_frequent_part = || count >= FEWEST_CALLS && is_part();
        let is_nameable = || !of.arns().any(naming::is_made_up);
        if used.contains(&of) && (is_needed || is_frequent_part()) && is_nameable() {
            needed.push((count, of));
        }
    }
    needed.sort_by_key(|(count, of)| (std::cmp::Reverse(*count), *of));
    let formats = needed.into_iter().flat_map(|(_, of)| of.arns());
    formats.take(most).collect()
}

/// Whether a format is of parts of one that comes first: it has the name of that one, and more behind it.
fn is_part(format: &str, main: &[&str]) -> bool {
    let own: Vec<&str> = placeholders(format).collect();
    let names = main.iter().filter(|main| naming::is_named_format(main));
    let mut names = names.filter_map(|main| placeholders(main).last());
    names.any(|name| own.contains(&name) && own.last() != Some(&name))
}
