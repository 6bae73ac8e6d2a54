//! What the conditions of a statement limit.

use leastwise_policy::Tri;
use leastwise_workspace::model::{Known, Statement, Test};

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

/// Whether the conditions could limit the resources: any test that isn't only about the call.
pub(crate) fn limits_resources(statement: &Statement) -> Tri {
    tests_key(statement, |key| {
        !ABOUT_THE_CALL.iter().any(|start| key.starts_with(start))
    })
}

/// The tests of a statement, as far as they are known.
pub(crate) fn tests(statement: &Statement) -> &[Test] {
    statement.condition.known().map_or(&[], Vec::as_slice)
}
