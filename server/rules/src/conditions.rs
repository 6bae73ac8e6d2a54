//! What the conditions of a statement limit, and the rules on them.

pub mod condition_key_not_sent;
pub(crate) mod effect;
pub mod for_all_values;
pub mod invalid_condition;
mod kinds;
pub mod literal_wildcard;
mod reading;
pub mod unknown_condition_key;
mod values;

pub(crate) use reading::is_of_iam;

use leastwise_model::{Known, List, Statement, Test};
use leastwise_policy::Tri;
use leastwise_policy::grants::{Conditions, KeyTest, Leaves, Request};

use crate::Context;
use crate::support::clauses;

/// How the names of condition keys begin that are about who calls, from where and how: they don't limit what is
/// touched.
const ABOUT_THE_CALL: [&str; 16] = [
    "aws:calledvia",
    "aws:currenttime",
    "aws:epochtime",
    "aws:federatedprovider",
    "aws:multifactorauth",
    "aws:principal",
    "aws:referer",
    "aws:requestedregion",
    "aws:securetransport",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:tokenissuetime",
    "aws:useragent",
    "aws:userid",
    "aws:viaawsservice",
    "aws:vpcsourceip",
];

/// Whether some test is about a key that `wanted` picks (its name comes in lower case). `Maybe` where the conditions
/// can't be told.
pub(crate) fn tests_key(statement: &Statement, wanted: impl Fn(&str) -> bool) -> Tri {
    match &statement.condition {
        Known::Missing => Tri::No,
        Known::Dynamic(_) => Tri::Maybe,
        Known::Is(tests) => tests.iter().fold(Tri::No, |found, test| {
            found.or(match &test.key {
                Some(key) if wanted(&key.to_ascii_lowercase()) => Tri::Yes,
                Some(key) if key.contains("${") => Tri::Maybe,
                Some(_) => Tri::No,
                None => Tri::Maybe,
            })
        }),
    }
}

/// Whether the conditions limit the resources: some test that isn't only about the call leaves a part of them, or none
/// of the requests that there are meets them all. A test that every request meets, as one does on a key that nobody
/// knows, limits nothing.
pub(crate) fn limits_resources(context: &Context<'_>, statement: &Statement) -> Tri {
    if is_dead(context, statement) {
        return Tri::Yes;
    }
    let all = clauses::conditions(context, statement);
    let request = Request::default();
    let about_the_call = |test: &KeyTest| {
        let starts = |key: &str| ABOUT_THE_CALL.iter().any(|start| key.starts_with(start));
        test.key().is_some_and(starts)
    };
    let mut limits = if all.open { Tri::Maybe } else { Tri::No };
    for test in all.tests.into_iter().filter(|test| !about_the_call(test)) {
        let one = Conditions {
            tests: vec![test],
            open: false,
        };
        limits = limits.or(match one.leave(&request) {
            Leaves::Everything => Tri::No,
            Leaves::Part | Leaves::Nothing => Tri::Yes,
            Leaves::Depends => Tri::Maybe,
        });
    }
    limits
}

/// Whether no request meets the conditions of a statement, so that it does nothing.
pub(crate) fn is_dead(context: &Context<'_>, statement: &Statement) -> bool {
    let all = clauses::conditions(context, statement);
    all.leave(&Request::default()) == Leaves::Nothing
}

/// What a statement comes to do, or to leave, where a key is like a value, in the words of a fix.
pub(crate) fn where_it_is(statement: &Statement, key: &str, value: &str) -> Vec<String> {
    where_so(statement, &format!("{key} is {value}"))
}

/// What a statement comes to do, or to leave, where something is so, in the words of a fix.
pub(crate) fn where_so(statement: &Statement, so: &str) -> Vec<String> {
    let texts = |list: &Known<List>| -> Vec<String> {
        let items = list.known().map_or(&[][..], |list| &list.items);
        let actions = items.iter().filter_map(|item| item.action.as_ref());
        actions.map(|action| action.text().to_owned()).collect()
    };
    let mut actions = texts(&statement.action);
    let left_out = texts(&statement.not_action);
    if !left_out.is_empty() {
        actions.push(format!("everything but {}", left_out.join(", ")));
    }
    let told = actions.iter();
    told.map(|action| format!("{action} where {so}")).collect()
}

/// The tests of a statement, as far as they are known.
pub(crate) fn tests(statement: &Statement) -> &[Test] {
    statement.condition.known().map_or(&[], Vec::as_slice)
}
