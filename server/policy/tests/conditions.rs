//! Conditions on requests whose values are known: each operator against none, one and several.
//!
//! Where nothing else is said, the source is
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>, for several
//! values <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_policy::grants::{Bindings, Conditions, Entries, KeyTest, Language, Request, Sent};
use leastwise_policy::{Pattern, Tri};
use proptest::prelude::*;

const KEY: &str = "aws:PrincipalTag/team";

fn test(operator: &str, values: &[&str]) -> KeyTest {
    let values = values.iter().map(|value| Pattern::literal(value));
    KeyTest::new(Some(operator), Some(KEY), Entries::of(values))
}

fn sent(values: &[&str]) -> Sent {
    Sent::Values(values.iter().map(|&value| value.to_owned()).collect())
}

/// The answers are for requests without the key, with a value that matches, with one that doesn't, and with both.
#[test]
fn operators_and_how_many_values_there_are() {
    use Tri::{Maybe, No, Yes};
    const DATES: [&str; 3] = ["2026-01-01", "2025-01-01", "2027-01-01"];
    const ARNS: [&str; 3] = [
        "arn:aws:sns:*:1:t",
        "arn:aws:sns:x:1:t",
        "arn:aws:sns:x:2:t",
    ];
    for (base, negated, [value, matches, other]) in [
        ("StringEquals", Some("StringNotEquals"), ["a", "a", "A"]),
        (
            "StringEqualsIgnoreCase",
            Some("StringNotEqualsIgnoreCase"),
            ["a", "A", "b"],
        ),
        ("StringLike", Some("StringNotLike"), ["a?*", "abc", "a"]),
        (
            "NumericEquals",
            Some("NumericNotEquals"),
            ["10", "10.0", "11"],
        ),
        ("NumericLessThan", None, ["10", "9", "10"]),
        ("NumericLessThanEquals", None, ["10", "10", "11"]),
        ("NumericGreaterThan", None, ["10", "11", "10"]),
        ("NumericGreaterThanEquals", None, ["10", "10", "9"]),
        (
            "DateEquals",
            Some("DateNotEquals"),
            ["2026-01-01", "1767225600", "2026-01-02"],
        ),
        ("DateLessThan", None, DATES),
        ("DateLessThanEquals", None, DATES),
        ("DateGreaterThan", None, [DATES[0], DATES[2], DATES[1]]),
        (
            "DateGreaterThanEquals",
            None,
            [DATES[0], DATES[0], DATES[1]],
        ),
        ("Bool", None, ["true", "TRUE", "false"]),
        ("BinaryEquals", None, ["QUI=", "QUI=", "QUJD"]),
        (
            "IpAddress",
            Some("NotIpAddress"),
            ["10.0.0.0/8", "10.1.2.3", "11.0.0.1"],
        ),
        ("ArnEquals", Some("ArnNotEquals"), ARNS),
        ("ArnLike", Some("ArnNotLike"), ARNS),
    ] {
        let one = [&[matches][..], &[other], &[matches, other]].map(sent);
        let check = |operator: &str, expected: [Tri; 4]| {
            let test = test(operator, &[value]);
            let [first, second, both] = &one;
            let found = [&Sent::Absent, first, second, both].map(|sent| test.holds(sent));
            assert_eq!(found, expected, "{operator}");
            assert_eq!(test.holds(&sent(&[])), expected[0], "{operator}");
        };
        check(base, [No, Yes, No, Maybe]);
        check(&format!("{base}IfExists"), [Yes, Yes, No, Maybe]);
        check(&format!("ForAllValues:{base}"), [Yes, Yes, No, No]);
        check(&format!("ForAnyValue:{base}"), [No, Yes, No, Yes]);
        if let Some(negated) = negated {
            check(negated, [Yes, No, Yes, Maybe]);
            check(&format!("{negated}IfExists"), [Yes, No, Yes, Maybe]);
            check(&format!("ForAllValues:{negated}"), [Yes, No, Yes, No]);
            check(&format!("ForAnyValue:{negated}"), [No, No, Yes, Yes]);
        }
    }
}

#[test]
fn null_asks_whether_there_is_a_value() {
    for (wanted, without, with) in [("true", Tri::Yes, Tri::No), ("FALSE", Tri::No, Tri::Yes)] {
        let test = test("Null", &[wanted]);
        assert_eq!(test.holds(&Sent::Absent), without);
        assert_eq!(test.holds(&sent(&[])), without);
        assert_eq!(test.holds(&sent(&["a"])), with);
        assert_eq!(test.holds(&sent(&["a", "b"])), with);
        assert_eq!(test.holds(&sent(&[""])), Tri::Maybe);
    }
    // An empty text is no value for `ForAllValues`.
    assert_eq!(
        test("ForAllValues:StringEquals", &["a"]).holds(&sent(&[""])),
        Tri::Yes
    );
    assert_eq!(
        test("ForAllValues:StringEquals", &["a"]).holds(&sent(&["", "b"])),
        Tri::No
    );
}

/// Several values of the policy: one is enough, and none may match where the operator is negated.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html>
#[test]
fn several_values_of_the_policy() {
    for (operator, value, answer) in [
        ("StringEquals", "b", Tri::Yes),
        ("StringEquals", "c", Tri::No),
        ("StringNotEquals", "b", Tri::No),
        ("StringNotEquals", "c", Tri::Yes),
    ] {
        let found = test(operator, &["a", "b"]).holds(&sent(&[value]));
        assert_eq!(found, answer, "{operator} {value}");
    }
    let all = test("ForAllValues:StringEquals", &["a", "b"]);
    assert_eq!(all.holds(&sent(&["a", "b"])), Tri::Yes);
    assert_eq!(all.holds(&sent(&["a", "b", "c"])), Tri::No);
}

/// AWS's checks of policies report them as mismatches, and no page says what a request gets: none is matched by them, and
/// what their opposites do stays open.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html>
#[test]
fn values_that_are_no_numbers_dates_or_addresses() {
    for (operator, value) in [
        ("NumericEquals", "ten"),
        ("NumericLessThan", "ten"),
        ("DateGreaterThan", "soon"),
        ("IpAddress", "10.0.0.*"),
        ("Bool", "yes"),
        ("BinaryEquals", "?"),
    ] {
        for other in ["10", "2026-01-01", "10.0.0.1", "true"] {
            assert_eq!(
                test(operator, &[value]).holds(&sent(&[other])),
                Tri::No,
                "{operator}"
            );
        }
    }
    for (operator, value) in [("NumericNotEquals", "ten"), ("NotIpAddress", "office")] {
        assert_eq!(
            test(operator, &[value]).holds(&sent(&["10"])),
            Tri::Maybe,
            "{operator}"
        );
    }
    // One that is well-formed beside it decides where it matches.
    let both = test("NumericNotEquals", &["ten", "10"]);
    assert_eq!(both.holds(&sent(&["10"])), Tri::No);
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
#[test]
fn variables_in_values() {
    let request = Request::default()
        .sending("aws:username", Sent::value("Ann"))
        .sending("aws:PrincipalTag/several", sent(&["Ann", "Bob"]))
        .sending("aws:PrincipalTag/none", Sent::Absent)
        .sending(KEY, Sent::value("Ann"));
    for (operator, value, answer) in [
        ("StringEquals", "${aws:username}", Tri::Yes),
        ("StringNotEquals", "${aws:username}", Tri::No),
        ("StringEqualsIgnoreCase", "${AWS:UserName}", Tri::Yes),
        ("StringLike", "${aws:username}*", Tri::Yes),
        ("StringLike", "${*}", Tri::No),
        ("StringEquals", "${aws:PrincipalTag/none, 'Ann'}", Tri::Yes),
        ("StringEquals", "${aws:PrincipalTag/none}", Tri::No),
        // A variable without a value is like nothing, so its opposite holds.
        ("StringNotEquals", "${aws:PrincipalTag/none}", Tri::Yes),
        ("StringNotLike", "${aws:PrincipalTag/none}", Tri::Yes),
        ("StringEquals", "${aws:PrincipalTag/several}", Tri::No),
        ("StringEquals", "${aws:userid}", Tri::Maybe),
        ("StringEquals", "${Template}", Tri::Maybe),
    ] {
        let conditions = Conditions {
            tests: vec![test(operator, &[value])],
            open: false,
        };
        let language = Language::Current;
        let request = &request;
        let found = conditions.hold_for(Bindings { request, language });
        assert_eq!(found, answer, "{operator} {value}");
    }
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    let older = Bindings {
        request: &request,
        language: Language::Older,
    };
    let literally = test("StringEquals", &["${aws:username}"]);
    assert_eq!(literally.holds_for(&sent(&["Ann"]), older), Tri::No);
    assert_eq!(
        literally.holds_for(&sent(&["${aws:username}"]), older),
        Tri::Yes
    );
}

#[test]
fn a_whole_request_has_no_other_keys() {
    let conditions = Conditions {
        tests: vec![test("StringNotEquals", &["a"])],
        open: false,
    };
    let request = Request::default();
    assert_eq!(conditions.hold(&request), Tri::Maybe);
    assert_eq!(conditions.hold(&request.and_nothing_else()), Tri::Yes);
}

/// The plainest way to match a wildcard.
fn is_like(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=text.len()).any(|skipped| is_like(rest, &text[skipped..])),
        ([b'?', rest @ ..], [_, text @ ..]) => is_like(rest, text),
        ([a, rest @ ..], [b, text @ ..]) => a == b && is_like(rest, text),
        _ => false,
    }
}

proptest! {
    /// What each operator does with texts, against its definition over all of the values.
    #[test]
    fn texts_against_their_definition(
        values in prop::collection::vec("[ab*?]{1,3}", 1..3),
        texts in prop::collection::vec("[ab]{1,3}", 0..3),
        is_like_operator in any::<bool>(),
        negated in any::<bool>(),
        quantifier in prop::sample::select(vec!["ForAllValues:", "ForAnyValue:", ""]),
        if_exists in any::<bool>(),
    ) {
        let base = match (is_like_operator, negated) {
            (true, false) => "StringLike",
            (true, true) => "StringNotLike",
            (false, false) => "StringEquals",
            (false, true) => "StringNotEquals",
        };
        let operator = format!("{quantifier}{base}{}", if if_exists { "IfExists" } else { "" });
        let matches = |text: &String| {
            let one = |value: &String| match is_like_operator {
                true => is_like(value.as_bytes(), text.as_bytes()),
                false => value == text,
            };
            values.iter().any(one) != negated
        };
        let expected = match (quantifier, texts.as_slice()) {
            ("ForAllValues:", texts) => Some(texts.iter().all(matches)),
            ("ForAnyValue:", []) if if_exists => None,
            ("ForAnyValue:", texts) => Some(texts.iter().any(matches)),
            (_, []) => Some(negated || if_exists),
            (_, [first, rest @ ..]) => {
                let first = matches(first);
                rest.iter().all(|text| matches(text) == first).then_some(first)
            }
        };
        let expected = expected.map_or(Tri::Maybe, |holds| if holds { Tri::Yes } else { Tri::No });
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        prop_assert_eq!(test(&operator, &values).holds(&Sent::Values(texts)), expected);
    }
}
