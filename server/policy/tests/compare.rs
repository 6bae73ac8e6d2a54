//! Sets of what somebody may do, one against another.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_policy::grants::{
    Clause, ClauseId, Conditions, Entries, GrantGuard, Grants, KeyTest, Question, Selection,
};
use leastwise_policy::{ActionPattern, Pattern, Tri};
use proptest::prelude::*;

/// `(operator, key, values)`
type Test<'t> = (&'t str, &'t str, &'t [&'t str]);

fn clause(id: usize, actions: &[&str], resources: &[&str], tests: &[Test<'_>]) -> Clause {
    let texts = |texts: &[&str]| Entries::of(texts.iter().map(|text| Pattern::literal(text)));
    let tests = tests
        .iter()
        .map(|(operator, key, values)| KeyTest::new(Some(operator), Some(key), texts(values)));
    Clause {
        id: ClauseId(id),
        actions: Selection::Only(Entries::of(
            actions.iter().map(|text| ActionPattern::parse(text)),
        )),
        resources: Selection::Only(texts(resources)),
        conditions: Conditions {
            tests: tests.collect(),
            open: false,
        },
        certain: true,
        guards: Vec::new(),
    }
}

fn all_but(mut clause: Clause) -> Clause {
    let Selection::Only(resources) = clause.resources else {
        panic!("turned already");
    };
    clause.resources = Selection::AllBut(resources);
    clause
}

fn within(own: &Grants, other: &Grants) -> Tri {
    own.is_within(other, &Question::default())
}

/// What is in one and not in the other, in words.
fn beyond(own: &Grants, other: &Grants) -> Vec<String> {
    let found = own.beyond(other, &Question::default());
    let told = found.iter().map(|one| {
        let names: Vec<String> = one
            .actions
            .iter()
            .map(|action| action.full_name())
            .collect();
        let example = one.example.clone().unwrap_or_default();
        let sure = if one.whether == Tri::Yes {
            ""
        } else {
            " maybe"
        };
        format!(
            "{}{sure} on {} as {example}",
            names.join(" "),
            one.resources
        )
    });
    told.collect()
}

fn of(clauses: &[Clause]) -> Grants {
    Grants::of(clauses.iter().cloned())
}

const BUCKET: &str = "arn:aws:s3:::shop";
const OBJECTS: &str = "arn:aws:s3:::shop/*";

#[test]
fn a_rewrite_that_changes_nothing_shows_nothing() {
    let read = clause(
        0,
        &["s3:GetObject", "s3:ListBucket"],
        &[BUCKET, OBJECTS],
        &[],
    );
    let split = [
        clause(1, &["s3:ListBucket"], &[BUCKET], &[]),
        clause(2, &["s3:GetObject"], &[OBJECTS], &[]),
    ];
    let in_parts = [
        clause(1, &["s3:listbucket", "s3:GetObjec?"], &[BUCKET], &[]),
        clause(2, &["s3:ListBucke?"], &[OBJECTS], &[]),
        clause(
            3,
            &["s3:GetObject"],
            &["arn:aws:s3:::shop/?*", "arn:aws:s3:::shop/"],
            &[],
        ),
    ];
    for other in [
        of(&split),
        of(&in_parts),
        of(&[split[1].clone(), split[0].clone()]),
    ] {
        assert_eq!(beyond(&of(std::slice::from_ref(&read)), &other), [""; 0]);
        assert_eq!(beyond(&other, &of(std::slice::from_ref(&read))), [""; 0]);
    }
    let wildcard = of(&[clause(0, &["sqs:*Queue"], &["*"], &[])]);
    let names: Vec<String> = ActionPattern::parse("sqs:*Queue")
        .expand()
        .iter()
        .map(|action| action.full_name())
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let listed = of(&[clause(0, &names, &["*"], &[])]);
    assert_eq!(
        (within(&wildcard, &listed), within(&listed, &wildcard)),
        (Tri::Yes, Tri::Yes)
    );
    // Whatever is taken off in the same way.
    let denied = of(&[clause(
        0,
        &["s3:Get*"],
        &["arn:aws:s3:::shop/secret/*"],
        &[],
    )]);
    let one = of(std::slice::from_ref(&read)).without(denied.clone());
    let other = of(&split).without(denied);
    assert_eq!(
        (within(&one, &other), within(&other, &one)),
        (Tri::Yes, Tri::Yes)
    );
    // One and the same condition of a template.
    let mut guarded = read;
    guarded.guards.push(GrantGuard {
        condition: "IsProd".to_owned(),
        holds: true,
    });
    let guarded = of(&[guarded]);
    assert_eq!(within(&guarded, &guarded), Tri::Yes);
    assert_eq!(within(&guarded, &of(&split)), Tri::Yes);
    assert_eq!(within(&of(&split), &guarded), Tri::Maybe);
}

#[test]
fn what_is_gone_is_just_that() {
    let own = of(&[clause(
        0,
        &["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
        &[BUCKET, OBJECTS],
        &[],
    )]);
    for (actions, resources, told) in [
        (
            &["s3:GetObject", "s3:ListBucket"][..],
            &[BUCKET, OBJECTS][..],
            "s3:PutObject on arn:aws:s3:::shop/* as arn:aws:s3:::shop/",
        ),
        (
            &["s3:*Object", "s3:ListBucket"],
            &[OBJECTS],
            "s3:ListBucket on arn:aws:s3:::shop as arn:aws:s3:::shop",
        ),
        (
            &["s3:*"],
            &[BUCKET, "arn:aws:s3:::shop/a*"],
            "s3:GetObject s3:PutObject on arn:aws:s3:::shop/* as arn:aws:s3:::shop/",
        ),
        (
            &["s3:*"],
            &[BUCKET, "arn:aws:s3:::shop/?*"],
            "s3:GetObject s3:PutObject on arn:aws:s3:::shop/* as arn:aws:s3:::shop/",
        ),
    ] {
        let other = of(&[clause(0, actions, resources, &[])]);
        let mut found = beyond(&own, &other);
        // Two kinds of actions make two findings.
        found.sort();
        let merged: Vec<&str> = found
            .iter()
            .map(|it| it.split(" on ").next().unwrap())
            .collect();
        let (names, rest) = told.split_once(" on ").unwrap();
        assert_eq!(merged.join(" "), names);
        assert!(
            found.iter().all(|it| it.ends_with(rest)),
            "{found:?} {rest}"
        );
        let is_more = actions.iter().any(|it| it.contains('*'));
        assert_eq!(within(&other, &own) == Tri::No, is_more);
    }
}

#[test]
fn what_a_deny_takes_off() {
    let own = of(&[clause(0, &["s3:GetObject"], &[OBJECTS], &[])]);
    let secret = "arn:aws:s3:::shop/secret/*";
    let less = own
        .clone()
        .without(of(&[clause(0, &["*"], &[secret], &[])]));
    assert_eq!(within(&less, &own), Tri::Yes);
    assert_eq!(
        beyond(&own, &less),
        [format!(
            "s3:GetObject on {OBJECTS} as arn:aws:s3:::shop/secret/"
        )]
    );
    // All but what is denied.
    let rest = of(&[all_but(clause(0, &["s3:GetObject"], &[secret], &[]))]);
    assert_eq!(within(&less, &rest), Tri::Yes);
    assert_eq!(within(&own, &rest), Tri::No);
    let limited = own.clone().meet(rest);
    assert_eq!(
        (within(&limited, &less), within(&less, &limited)),
        (Tri::Yes, Tri::Yes)
    );
    // Where only three patterns together are apart.
    let three = own
        .clone()
        .meet(of(&[clause(0, &["*"], &["arn:aws:s3:::shop/*a*"], &[])]))
        .meet(of(&[clause(0, &["*"], &["arn:aws:s3:::shop/*b*"], &[])]));
    let both = own.clone().without(of(&[clause(
        0,
        &["*"],
        &[
            "arn:aws:s3:::shop/*ab*",
            "arn:aws:s3:::shop/*b*a*",
            "arn:aws:s3:::shop/*a*b*",
        ],
        &[],
    )]));
    assert_eq!(within(&three, &both), Tri::No);
    let none = of(&[clause(
        0,
        &["*"],
        &["arn:aws:s3:::shop/*b*a*", "arn:aws:s3:::shop/*a*b*"],
        &[],
    )]);
    assert_eq!(within(&three, &none), Tri::Yes);
    assert_eq!(within(&Grants::unknown(), &own), Tri::Maybe);
    assert_eq!(within(&own, &Grants::unknown()), Tri::Maybe);
    assert_eq!(
        within(&Grants::unknown(), &of(&[clause(0, &["*"], &["*"], &[])])),
        Tri::Yes
    );
}

#[test]
fn actions_without_resources() {
    let listing = |resource: &str| of(&[clause(0, &["sqs:ListQueues"], &[resource], &[])]);
    assert_eq!(
        within(&listing("arn:aws:sqs:*:*:q"), &Grants::default()),
        Tri::Yes
    );
    assert_eq!(
        within(&listing("*"), &listing("arn:aws:sqs:*:*:*")),
        Tri::No
    );
    assert_eq!(within(&listing("*"), &listing("**")), Tri::Yes);
    let sending = |resource: &str| of(&[clause(0, &["sqs:SendMessage"], &[resource], &[])]);
    // All ARNs are all resources.
    assert_eq!(within(&sending("*"), &sending("arn:*")), Tri::Yes);
    assert_eq!(
        within(&sending("arn:aws:sqs:*:q"), &sending("arn:aws:sqs:*:1:q")),
        Tri::No
    );
    assert_eq!(
        within(&sending("arn:aws:sqs:*:*:q"), &sending("arn:aws:sqs:*:q")),
        Tri::Yes
    );
    // None of these is a queue.
    assert_eq!(
        within(&sending("arn:aws:s3:::shop"), &Grants::default()),
        Tri::Yes
    );
}

#[test]
fn conditions_of_which_one_implies_the_other() {
    const TAG: &str = "aws:PrincipalTag/team";
    const TAGS: &str = "aws:TagKeys";
    const IP: &str = "aws:SourceIp";
    const TIME: &str = "aws:CurrentTime";
    const SIZE: &str = "s3:max-keys";
    const ARN: &str = "aws:SourceArn";
    let tls: Test<'_> = ("Bool", "aws:SecureTransport", &["true"]);
    let a: Test<'_> = ("StringEquals", TAG, &["a"]);
    for (own, other, answer) in [
        (&[a][..], &[][..], Tri::Yes),
        (&[], &[a], Tri::No),
        (&[a, tls], &[a], Tri::Yes),
        (&[a], &[tls, a], Tri::No),
        (&[a], &[("StringLike", TAG, &["a*"][..])], Tri::Yes),
        (&[("StringLike", TAG, &["a*"])], &[a], Tri::No),
        (
            &[("StringLike", TAG, &["a?"])],
            &[("StringLike", TAG, &["a*"])],
            Tri::Yes,
        ),
        (
            &[("StringLike", TAG, &["a*"])],
            &[("StringLike", TAG, &["a", "a?*"])],
            Tri::Yes,
        ),
        (
            &[("StringLike", TAG, &["a*"])],
            &[("StringLike", TAG, &["aa", "a?*"])],
            Tri::No,
        ),
        (&[a], &[("StringEquals", TAG, &["b", "a"])], Tri::Yes),
        (&[("StringEquals", TAG, &["a", "b"])], &[a], Tri::No),
        (
            &[("StringEquals", TAG, &["b", "a"])],
            &[("StringEquals", TAG, &["a", "b"])],
            Tri::Yes,
        ),
        (&[a], &[("StringEqualsIfExists", TAG, &["a"])], Tri::Yes),
        (&[("StringEqualsIfExists", TAG, &["a"])], &[a], Tri::No),
        (&[a], &[("StringEqualsIgnoreCase", TAG, &["A"])], Tri::Yes),
        (&[("StringEqualsIgnoreCase", TAG, &["A"])], &[a], Tri::No),
        (&[a], &[("Null", TAG, &["false"])], Tri::Yes),
        (&[("Null", TAG, &["false"])], &[a], Tri::No),
        (&[a], &[("StringNotEquals", TAG, &["b"])], Tri::Yes),
        (
            &[("StringNotEquals", TAG, &["b"])],
            &[("StringNotEquals", TAG, &["a"])],
            Tri::No,
        ),
        (
            &[("StringNotLike", TAG, &["a*"])],
            &[("StringNotEquals", TAG, &["a"])],
            Tri::Yes,
        ),
        // What only two patterns together say.
        (
            &[
                ("StringLike", TAG, &["a*"]),
                ("StringLikeIfExists", TAG, &["*b"]),
            ],
            &[("StringLike", TAG, &["a*b"])],
            Tri::Yes,
        ),
        (
            &[
                ("StringLike", TAG, &["a*"]),
                ("StringLikeIfExists", TAG, &["*b"]),
            ],
            &[("StringLike", TAG, &["a?*b"])],
            Tri::No,
        ),
        (
            &[
                ("StringLike", TAG, &["ab*"]),
                ("StringLikeIfExists", TAG, &["*bc"]),
            ],
            &[("StringLike", TAG, &["*"])],
            Tri::Yes,
        ),
        // Several values of one key.
        (
            &[("ForAnyValue:StringEquals", TAGS, &["a"])],
            &[("ForAllValues:StringEquals", TAGS, &["a"])],
            Tri::No,
        ),
        (
            &[("ForAllValues:StringEquals", TAGS, &["a"])],
            &[("ForAllValues:StringEquals", TAGS, &["a", "b"])],
            Tri::Yes,
        ),
        (
            &[("ForAllValues:StringEquals", TAGS, &["a", "b"])],
            &[("ForAnyValue:StringEquals", TAGS, &["a", "b"])],
            Tri::No,
        ),
        (
            &[
                ("ForAllValues:StringEquals", TAGS, &["a"]),
                ("Null", TAGS, &["false"]),
            ],
            &[("ForAnyValue:StringEquals", TAGS, &["a", "b"])],
            Tri::Yes,
        ),
        (
            &[
                ("ForAnyValue:StringEquals", TAGS, &["a"]),
                ("ForAnyValue:StringLike", TAGS, &["b"]),
            ],
            &[("ForAllValues:StringEquals", TAGS, &["a"])],
            Tri::No,
        ),
        (
            &[("ForAnyValue:StringEquals", TAGS, &["a"])],
            &[("StringEquals", TAGS, &["a"])],
            Tri::Maybe,
        ),
        // What is measured.
        (
            &[("NumericLessThan", SIZE, &["5"])],
            &[("NumericLessThanEquals", SIZE, &["10"])],
            Tri::Yes,
        ),
        (
            &[("NumericLessThanEquals", SIZE, &["10"])],
            &[("NumericLessThan", SIZE, &["10"])],
            Tri::No,
        ),
        (
            &[("NumericLessThan", SIZE, &["10"])],
            &[("NumericLessThan", SIZE, &["5"])],
            Tri::No,
        ),
        (
            &[("NumericEquals", SIZE, &["-7.50"])],
            &[
                ("NumericLessThan", SIZE, &["0"]),
                ("NumericGreaterThan", SIZE, &["-8"]),
            ],
            Tri::Yes,
        ),
        (
            &[("NumericLessThan", SIZE, &["0"])],
            &[("NumericLessThan", SIZE, &["-1"])],
            Tri::No,
        ),
        (
            &[("DateLessThan", TIME, &["2026-01-01T00:00:00Z"])],
            &[("DateLessThan", TIME, &["2026-07-01T00:00:00+02:00"])],
            Tri::Yes,
        ),
        (
            &[("DateLessThan", TIME, &["2026-07-01T00:00:00Z"])],
            &[("DateLessThan", TIME, &["2026-01-01T00:00:00Z"])],
            Tri::No,
        ),
        (
            &[("IpAddress", IP, &["10.1.0.0/16"])],
            &[("IpAddress", IP, &["10.0.0.0/8"])],
            Tri::Yes,
        ),
        (
            &[("IpAddress", IP, &["10.0.0.0/8"])],
            &[("IpAddress", IP, &["10.0.0.0/9", "10.128.0.0/9"])],
            Tri::Yes,
        ),
        (
            &[("IpAddress", IP, &["10.0.0.0/8"])],
            &[("IpAddress", IP, &["10.0.0.0/9", "10.128.0.0/10"])],
            Tri::No,
        ),
        (
            &[("IpAddress", IP, &["10.0.0.0/8"])],
            &[("NotIpAddress", IP, &["11.0.0.0/8", "2001:db8::/32"])],
            Tri::Yes,
        ),
        (
            &[("IpAddress", IP, &["2001:db8::/32"])],
            &[("IpAddress", IP, &["0.0.0.0/0"])],
            Tri::No,
        ),
        (
            &[("IpAddress", IP, &["0.0.0.0/0"])],
            &[("IpAddress", IP, &["0.0.0.0/1", "128.0.0.0/1"])],
            Tri::Yes,
        ),
        // ARNs, each segment by itself.
        (
            &[("ArnLike", ARN, &["arn:aws:sns:eu:1:2:x"])],
            &[("ArnLike", ARN, &["arn:aws:sns:*:2:*"])],
            Tri::No,
        ),
        (
            &[("ArnLike", ARN, &["arn:aws:sns:eu:1:x"])],
            &[("ArnEquals", ARN, &["arn:aws:sns:*:1:*"])],
            Tri::Yes,
        ),
        // What isn't known before deployment.
        (
            &[("StringEquals", TAG, &["${Team}"])],
            &[("StringEquals", TAG, &["${Team}"])],
            Tri::Yes,
        ),
        (&[("StringEquals", TAG, &["${Team}"])], &[a], Tri::Maybe),
        (&[("StringLikes", TAG, &["a"])], &[a], Tri::Maybe),
        // Nobody ever sends that.
        (&[("StringEquals", "aws:Nobody", &["a"])], &[tls], Tri::Yes),
    ] {
        let with = |tests: &[Test<'_>]| of(&[clause(0, &["s3:ListBucket"], &[BUCKET], tests)]);
        let found = within(&with(own), &with(other));
        assert_eq!(found, answer, "{own:?} within {other:?}");
    }
}

/// A clause of a small world.
#[derive(Clone, Debug)]
struct Plain {
    actions: Vec<usize>,
    resources: Vec<usize>,
    test: Option<(usize, usize)>,
}

const NAMES: [&str; 6] = [
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:*Message",
    "SQS:s?ndMessage",
    "sqs:Receive*",
];
const QUEUES: [&str; 7] = ["a", "b", "a*", "*b", "?", "ab", "*"];
const OPERATORS: [&str; 5] = [
    "StringEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIfExists",
    "StringLikeIfExists",
];
const TEXTS: [&str; 4] = ["a", "a*", "*b", "b"];

impl Plain {
    fn clause(&self, id: usize) -> Clause {
        let actions: Vec<&str> = self.actions.iter().map(|at| NAMES[*at]).collect();
        let resources: Vec<String> = self
            .resources
            .iter()
            .map(|at| format!("arn:aws:sqs:eu:1:{}", QUEUES[*at]))
            .collect();
        let resources: Vec<&str> = resources.iter().map(String::as_str).collect();
        let values = self.test.map(|(_, value)| [TEXTS[value]]);
        let test = self.test.zip(values.as_ref());
        let tests: Vec<Test<'_>> = test
            .iter()
            .map(|((operator, _), values)| {
                (OPERATORS[*operator], "aws:PrincipalTag/team", &values[..])
            })
            .collect();
        clause(id, &actions, &resources, &tests)
    }

    fn takes(&self, action: &str, queue: &str, tag: Option<&str>) -> bool {
        let action = action.to_lowercase();
        let named = self
            .actions
            .iter()
            .any(|at| is_like(&NAMES[*at].to_lowercase(), &action));
        let reached = self.resources.iter().any(|at| is_like(QUEUES[*at], queue));
        named
            && reached
            && self.test.is_none_or(|(operator, value)| {
                let value = TEXTS[value];
                match (OPERATORS[operator], tag) {
                    ("StringEquals" | "StringEqualsIfExists", Some(tag)) => tag == value,
                    ("StringNotLike", Some(tag)) => !is_like(value, tag),
                    (_, Some(tag)) => is_like(value, tag),
                    (operator, None) => operator.contains("Not") || operator.ends_with("IfExists"),
                }
            })
    }
}

fn is_like(pattern: &str, text: &str) -> bool {
    match pattern.split_at_checked(1) {
        None => text.is_empty(),
        Some(("*", rest)) => (0..=text.len()).any(|at| is_like(rest, &text[at..])),
        Some((first, rest)) => text
            .split_at_checked(1)
            .is_some_and(|(own, text)| (first == "?" || first == own) && is_like(rest, text)),
    }
}

fn plain() -> impl Strategy<Value = Plain> {
    let some = |count: usize| prop::collection::vec(0..count, 1..3);
    let test = prop::option::of((0..OPERATORS.len(), 0..TEXTS.len()));
    (some(NAMES.len()), some(QUEUES.len()), test).prop_map(|(actions, resources, test)| Plain {
        actions,
        resources,
        test,
    })
}

/// Two sets, each of what is allowed and what is denied.
fn sets() -> impl Strategy<Value = [Vec<Plain>; 4]> {
    let some = |range: std::ops::Range<usize>| prop::collection::vec(plain(), range);
    (some(1..4), some(0..3), some(1..4), some(0..3)).prop_map(|(a, b, c, d)| [a, b, c, d])
}

fn grants(plain: &[Plain]) -> Grants {
    Grants::of(plain.iter().enumerate().map(|(id, one)| one.clause(id)))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn against_every_request([allowed, denied, others, taken] in sets()) {
        let own = grants(&allowed).without(grants(&denied));
        let other = grants(&others).without(grants(&taken));
        let found = own.is_within(&other, &Question::default());
        let is_in = |gives: &[Plain], takes: &[Plain], action: &str, queue: &str, tag: Option<&str>| {
            let is_about = |plain: &Plain| plain.takes(action, queue, tag);
            gives.iter().any(is_about) && !takes.iter().any(is_about)
        };
        let mut outside = None;
        for action in &NAMES[..3] {
            for queue in ["a", "b", "c", "ab", "aa", "bb", "abb", "cc", "acb", "ca", "aab"] {
                for tag in [None, Some("a"), Some("b"), Some("ab"), Some("ax"), Some("xb"), Some("x"), Some("axb"), Some("a*"), Some("*b")] {
                    if is_in(&allowed, &denied, action, queue, tag) && !is_in(&others, &taken, action, queue, tag) {
                        outside = Some((*action, queue, tag));
                    }
                }
            }
        }
        prop_assert_eq!(found, if outside.is_some() { Tri::No } else { Tri::Yes }, "{:?}", outside);
    }

    #[test]
    fn a_set_is_itself(plain in prop::collection::vec(plain(), 1..6), denied in prop::collection::vec(plain(), 0..3), turn in 0usize..6) {
        let whole = grants(&plain).without(grants(&denied));
        let mut split = Vec::new();
        for one in &plain {
            for action in &one.actions {
                for resource in &one.resources {
                    split.push(Plain { actions: vec![*action], resources: vec![*resource], test: one.test });
                }
            }
        }
        let by = turn % split.len();
        split.rotate_left(by);
        let split = grants(&split).without(grants(&denied));
        prop_assert_eq!(whole.is_within(&split, &Question::default()), Tri::Yes);
        prop_assert_eq!(split.is_within(&whole, &Question::default()), Tri::Yes);
    }
}

/// 50 policies of 100 statements, each about its own tables.
fn large(shift: usize) -> Grants {
    let actions = [
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:*Item",
        "s3:Get*",
        "sqs:*",
    ];
    let policies = (0..50).map(|policy| {
        Grants::of((0..100).map(|at| {
            let at = (at + shift) % 100;
            let name =
                format!("arn:aws:dynamodb:eu-west-1:111111111111:table/shop-{policy}-{at}-*");
            let tag = format!("team-{}", at % 7);
            let tests: [Test<'_>; 1] = [("StringEquals", "aws:PrincipalTag/team", &[&tag])];
            let tests = if at.is_multiple_of(3) {
                &tests[..]
            } else {
                &[]
            };
            let first = at % actions.len();
            clause(
                policy * 100 + at,
                &actions[first..(first + 2).min(actions.len())],
                &[&name],
                tests,
            )
        }))
    });
    policies.fold(Grants::default(), Grants::join)
}

#[test]
fn a_large_owner_costs_what_its_statements_do() {
    let (own, other) = (large(0), large(37));
    assert_eq!(within(&own, &other), Tri::Yes);
    // Each statement is looked at a few times, and not once for each other one.
    let looked = own.work() + other.work();
    assert!(looked < 5000 * 40, "{looked}");
    let less = other.without(of(&[clause(
        0,
        &["dynamodb:Query"],
        &["arn:aws:dynamodb:eu-west-1:111111111111:table/shop-7-1-*"],
        &[],
    )]));
    let found = own.beyond(&less, &Question::default());
    let names: Vec<String> = found.iter().map(|one| one.resources.display()).collect();
    assert_eq!(
        names,
        ["arn:aws:dynamodb:eu-west-1:111111111111:table/shop-7-1-*"]
    );
}
