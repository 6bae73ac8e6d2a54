//! Wildcards: the fast way gives what the plain way gives.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_catalog::{catalog, wildcard_matches};
use proptest::prelude::*;

/// The plain way: `*` is any run, `?` any character.
fn naive(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['*', rest @ ..] => (0..=text.len()).any(|skip| naive(rest, &text[skip..])),
        ['?', rest @ ..] => !text.is_empty() && naive(rest, &text[1..]),
        [letter, rest @ ..] => {
            text.first()
                .is_some_and(|other| other.eq_ignore_ascii_case(letter))
                && naive(rest, &text[1..])
        }
    }
}

fn chars(text: &str) -> Vec<char> {
    text.chars().collect()
}

proptest! {
    #[test]
    fn a_pattern_matches_what_the_definition_says(pattern in "[ab*?Aé]{0,8}", text in "[abAé]{0,10}") {
        prop_assert_eq!(wildcard_matches(&pattern, &text), naive(&chars(&pattern), &chars(&text)));
    }

}

proptest! {
    // Each case goes over all actions twice.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn matching_actions_are_those_that_match(
        service in "(s3|S3|lambda|l*|\\*|s?s|nosuch)",
        name in "(Get|Put|De|[a-zA-Z]){0,2}[*?]{0,2}(Object|Tag|[a-z]){0,1}[*?]{0,1}",
    ) {
        let fast: Vec<_> = catalog().actions_matching(&service, &name).collect();
        let plain: Vec<_> = catalog()
            .actions()
            .filter(|action| {
                naive(&chars(&service), &chars(action.service().prefix())) && naive(&chars(&name), &chars(action.name()))
            })
            .collect();
        prop_assert_eq!(fast, plain);
    }
}

#[test]
fn some_patterns() {
    let count = |service, name| catalog().actions_matching(service, name).count();
    assert_eq!(count("s3", "GetObject"), 1);
    assert_eq!(count("S3", "getobject"), 1);
    assert!(count("s3", "Get*") > 50);
    assert_eq!(count("*", "*"), catalog().actions().len());
    assert_eq!(count("s3", ""), 0);
    assert_eq!(count("s3", "GetObejct*"), 0);
    assert_eq!(count("nosuch", "*"), 0);
}

#[test]
fn a_hostile_pattern_ends() {
    let pattern = "*a".repeat(2_000) + "b";
    assert!(!wildcard_matches(&pattern, &"a".repeat(4_000)));
}

#[test]
fn hostile_names_cost_nothing() {
    let stars = "*".repeat(1_000_000);
    assert_eq!(
        catalog().actions_matching(&stars, &stars).count(),
        catalog().actions().len()
    );
    let long = "*a".repeat(500_000);
    assert_eq!(catalog().actions_matching("*", &long).count(), 0);
    let key = format!("oidc.eks.{}:sub", ".amazonaws.com/id/x".repeat(50_000));
    assert!(catalog().condition_key(&key).is_none());
}
