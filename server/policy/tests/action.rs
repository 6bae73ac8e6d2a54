//! Action patterns, over the real catalog.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_catalog::{Action, catalog};
use leastwise_policy::action::{Redundant, granted, grants, redundant};
use leastwise_policy::{ActionPattern, MalformedAction, Pattern};

fn action(name: &str) -> Action {
    let (service, name) = name.split_once(':').expect("service:name");
    catalog()
        .action(service, name)
        .expect("an action of the catalog")
}

fn parse(texts: &[&str]) -> Vec<ActionPattern> {
    texts
        .iter()
        .map(|text| ActionPattern::parse(text))
        .collect()
}

#[test]
fn reads_actions() {
    use MalformedAction::*;
    for (text, reason) in [
        ("", Empty),
        ("GetObject", NoColon),
        ("s3*", NoColon),
        (":GetObject", NoService),
        ("s3:", NoName),
        ("s3:Get:Object", SecondColon(6)),
        ("s3: GetObject", Character(' ', 3)),
        ("s3:Get/Object", Character('/', 6)),
        ("s3:Gét", Character('é', 4)),
    ] {
        assert_eq!(
            ActionPattern::parse(text),
            ActionPattern::Malformed(reason),
            "{text}"
        );
        assert!(!reason.to_string().is_empty());
    }
    for text in ["*", "**", "*:*"] {
        assert_eq!(ActionPattern::parse(text), ActionPattern::Star, "{text}");
    }
    let pattern = ActionPattern::parse("S3:Get*");
    let named = pattern.named().expect("a service and a name");
    assert_eq!(
        (named.service(), named.name(), named.colon()),
        ("S3", "Get*", 2)
    );
    assert!(named.has_wildcards() && !named.has_service_wildcards());
    assert_eq!(
        ActionPattern::from_pattern(&Pattern::literal("s3:${Verb}Object")),
        ActionPattern::Unknown
    );
}

#[test]
fn expands_as_it_matches() {
    for text in [
        "s3:Get*",
        "s3:getobject",
        "dynamodb:*Item",
        "ec2:Describe?*s",
        "lambda:*",
        "*:Tag*",
        "s?:*",
        "no:Such",
    ] {
        let pattern = ActionPattern::parse(text);
        let expected: Vec<Action> = catalog()
            .actions()
            .filter(|action| pattern.matches(*action))
            .collect();
        assert_eq!(pattern.expand(), expected, "{text}");
        assert_eq!(expected.is_empty(), text == "no:Such", "{text}");
    }
    assert!(ActionPattern::parse("s3:GETOBJECT").matches(action("s3:GetObject")));
    assert!(!ActionPattern::parse("s3:Get").matches(action("s3:GetObject")));
}

#[test]
fn covers_what_is_surely_inside() {
    for (outer, inner, expected) in [
        ("*", "s3:GetObject", true),
        ("s3:*", "s3:Get*", true),
        ("S3:get*", "s3:GetObject*", true),
        ("s3:Get*", "s3:*", false),
        ("s3:Get*Acl", "s3:GetObjectAcl", true),
        ("s3:Get?bject", "s3:GetObject", true),
        ("s3:Get?", "s3:Get*", false),
        ("s3:*", "*", false),
        ("s*:*", "sqs:SendMessage", true),
        ("s3:GetObject", "s3:getobject", true),
        ("s3:Get**", "s3:Get*", true),
        ("s3:Get*", "Get*", false),
    ] {
        assert_eq!(
            ActionPattern::parse(outer).covers(&ActionPattern::parse(inner)),
            expected,
            "{outer} over {inner}"
        );
    }
}

#[test]
fn finds_redundant_entries() {
    let found = |texts: &[&str]| -> Vec<(usize, usize)> {
        redundant(&parse(texts))
            .into_iter()
            .map(|Redundant { entry, covered_by }| (entry, covered_by))
            .collect()
    };
    assert_eq!(
        found(&[
            "lambda:CreateFunction",
            "s3:GetObject",
            "lambda:createfunction"
        ]),
        [(2, 0)]
    );
    assert_eq!(
        found(&["s3:GetObject", "s3:Get*", "s3:PutObject"]),
        [(0, 1)]
    );
    assert_eq!(found(&["s3:Get*", "s3:Get**"]), [(1, 0)]);
    assert_eq!(found(&["s3:Get*", "*"]), [(0, 1)]);
    assert_eq!(found(&["s*:Get*", "s3:GetObject"]), [(1, 0)]);
    assert_eq!(found(&["*", "*:*"]), [(1, 0)]);
    assert_eq!(found(&["nonsense", "nonsense", "s3:GetObject"]), []);
    // A longer list, with equal entries only.
    let named: Vec<String> = (0..20).map(|n| format!("s3:Get{}", n % 19)).collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    assert_eq!(found(&named), [(19, 0)]);
    let many: Vec<String> = (0..20_000).map(|n| format!("s3:*{n}*")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(!found(&many).is_empty());
}

#[test]
fn grants_with_actions_and_not_actions() {
    let get = action("s3:GetObject");
    assert!(grants(&parse(&["s3:Get*"]), &[], get));
    assert!(!grants(&parse(&["s3:Put*"]), &[], get));
    assert!(!grants(&[], &[], get));
    assert!(grants(&[], &parse(&["iam:*"]), get));
    assert!(!grants(&[], &parse(&["s3:*"]), get));
    let all = catalog().actions().len();
    let iam = granted(&parse(&["iam:*", "iam:Get*"]), &[]).len();
    assert!(iam > 100);
    assert_eq!(granted(&[], &parse(&["iam:*"])).len(), all - iam);
    assert_eq!(granted(&parse(&["iam:*", "*"]), &[]).len(), all);
}
