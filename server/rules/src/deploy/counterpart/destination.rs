//! Where an action goes that is added to a statement.

use leastwise_catalog::{Action, catalog};
use leastwise_model::{Known, Statement};
use leastwise_policy::Pattern;

use super::paths;
use crate::Context;

/// Where an action goes that is added.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Destination {
    /// Into the statement.
    Here,
    /// Into another one on the same resources: it never comes with the keys that the conditions test.
    Apart,
    /// Into one on `*`: it takes no resource.
    Anywhere,
    /// Into one on other resources.
    Elsewhere,
}

/// Where an action goes, as far as the statement and its resources tell.
pub(super) fn place(
    context: &Context<'_>,
    statement: &Statement,
    action: Action,
    resources: &[Pattern],
) -> Destination {
    let in_vain = |pattern: &Pattern| paths::is_in_vain(action, pattern);
    if !resources.is_empty() && resources.iter().all(in_vain) {
        return Destination::Elsewhere;
    }
    let mut patterns = resources.iter();
    let may_fit = patterns.any(|pattern| context.study(pattern).fits(action).possible());
    match may_fit || resources.is_empty() {
        true if conditions_fit(statement, action) => Destination::Here,
        true => Destination::Apart,
        false if action.resources().len() == 0 => Destination::Anywhere,
        false => Destination::Elsewhere,
    }
}

/// Whether every condition key of the statement is there when the action is called; else the condition would never
/// hold for it.
pub(super) fn conditions_fit(statement: &Statement, action: Action) -> bool {
    let tests = match &statement.condition {
        Known::Missing => return true,
        Known::Dynamic(_) => return false,
        Known::Is(tests) => tests,
    };
    tests.iter().all(|test| {
        let Some(key) = &test.key else { return false };
        let lower = key.to_ascii_lowercase();
        if lower.starts_with("aws:")
            && !lower.starts_with("aws:requesttag")
            && !lower.starts_with("aws:tagkeys")
        {
            return true;
        }
        comes_with(action, key)
    })
}

/// Whether a condition key may be there when an action is called.
pub(super) fn comes_with(action: Action, key: &str) -> bool {
    let wanted = catalog().condition_key(key);
    let of_resources = action
        .resources()
        .flat_map(|resource| resource.condition_keys());
    let mut keys = action.condition_keys().chain(of_resources);
    wanted.is_some() && keys.any(|known| Some(known) == wanted)
}
