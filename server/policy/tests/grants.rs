//! Sets of what somebody may do, against the plainest way to look into them: every request of a small world.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_catalog::{Action, catalog};
use leastwise_policy::grants::{
    Clause, ClauseId, Conditions, Entries, GrantGuard, Grants, KeyTest, ListedValue, Question,
    Request, Selection, Sent, Witness,
};
use leastwise_policy::{ActionPattern, Pattern, Tri};
use proptest::prelude::*;

const KEY: &str = "aws:PrincipalTag/team";

/// A statement in its simplest form.
#[derive(Clone, Debug)]
struct Plain {
    not_action: bool,
    actions: Vec<&'static str>,
    not_resource: bool,
    resources: Vec<&'static str>,
    tests: Vec<(&'static str, Vec<&'static str>)>,
    certain: bool,
}

/// How a set is made of statements.
#[derive(Clone, Debug)]
enum Set {
    Of(Vec<Plain>),
    Unknown,
    Join(Box<Set>, Box<Set>),
    Meet(Box<Set>, Box<Set>),
    Without(Box<Set>, Box<Set>),
}

/// A request: action, resource, and what it sends under the one key.
#[derive(Clone, Copy, Debug)]
struct Asked<'a>(Action, &'a str, Option<&'a str>);

fn selection<T>(not: bool, values: impl Iterator<Item = T>) -> Selection<T> {
    let entries = Entries::of(values);
    match not {
        true => Selection::AllBut(entries),
        false => Selection::Only(entries),
    }
}

fn clause(plain: &Plain, id: usize) -> Clause {
    let texts =
        |texts: &[&'static str]| Entries::of(texts.iter().map(|text| Pattern::literal(text)));
    Clause {
        id: ClauseId(id),
        actions: selection(
            plain.not_action,
            plain.actions.iter().map(|text| ActionPattern::parse(text)),
        ),
        resources: selection(
            plain.not_resource,
            plain.resources.iter().map(|text| Pattern::literal(text)),
        ),
        conditions: Conditions {
            tests: plain
                .tests
                .iter()
                .map(|(operator, values)| KeyTest::new(Some(operator), Some(KEY), texts(values)))
                .collect(),
            open: false,
        },
        certain: plain.certain,
        guards: Vec::new(),
    }
}

fn grants(set: &Set) -> Grants {
    match set {
        Set::Of(all) => Grants::of(all.iter().map(|plain| clause(plain, 0))),
        Set::Unknown => Grants::unknown(),
        Set::Join(one, other) => grants(one).join(grants(other)),
        Set::Meet(one, other) => grants(one).meet(grants(other)),
        Set::Without(one, other) => grants(one).without(grants(other)),
    }
}

/// Wildcards, the plain way.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_at_checked(1) {
        None => text.is_empty(),
        Some(("*", rest)) => (0..=text.len()).any(|at| matches(rest, &text[at..])),
        Some((first, rest)) => text
            .strip_prefix(first)
            .is_some_and(|text| matches(rest, text)),
    }
}

fn meets(operator: &str, values: &[&str], sent: Option<&str>) -> bool {
    let Some(sent) = sent else {
        return match operator {
            "Null" => values.contains(&"true"),
            "ForAllValues:StringEquals" | "StringLikeIfExists" => true,
            operator => operator.contains("Not"),
        };
    };
    match operator {
        "Null" => values.contains(&"false"),
        "StringNotEquals" => !values.contains(&sent),
        "StringLike" | "StringLikeIfExists" => values.iter().any(|value| matches(value, sent)),
        "StringNotLike" => !values.iter().any(|value| matches(value, sent)),
        _ => values.contains(&sent),
    }
}

fn is_about(plain: &Plain, Asked(action, resource, sent): Asked<'_>) -> Tri {
    let name = action.full_name();
    let takes = plain.actions.iter().any(|text| matches(text, &name)) != plain.not_action;
    let reaches = plain.resources.iter().any(|text| matches(text, resource)) != plain.not_resource;
    let met = plain
        .tests
        .iter()
        .all(|(operator, values)| meets(operator, values, sent));
    match (takes && reaches && met, plain.certain) {
        (false, _) => Tri::No,
        (true, true) => Tri::Yes,
        (true, false) => Tri::Maybe,
    }
}

fn holds(set: &Set, asked: Asked<'_>) -> Tri {
    match set {
        Set::Of(all) => all
            .iter()
            .fold(Tri::No, |found, plain| found.or(is_about(plain, asked))),
        Set::Unknown => Tri::Maybe,
        Set::Join(one, other) => holds(one, asked).or(holds(other, asked)),
        Set::Meet(one, other) => holds(one, asked).and(holds(other, asked)),
        Set::Without(one, other) => holds(one, asked).and(holds(other, asked).opposite()),
    }
}

fn actions() -> Vec<Action> {
    [
        ("sqs", "SendMessage"),
        ("sqs", "DeleteQueue"),
        ("s3", "GetObject"),
    ]
    .map(|(service, name)| catalog().action(service, name).expect("an action"))
    .to_vec()
}

/// Every text of up to four letters; no pattern has a `c`.
fn resources() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..4 {
        last = last
            .iter()
            .flat_map(|text| ["a", "b", "c"].map(|letter| format!("{text}{letter}")))
            .collect();
        all.extend(last.iter().cloned());
    }
    all
}

const SENT: [Option<&str>; 5] = [None, Some("a"), Some("b"), Some("c"), Some("ab")];

fn question(sent: Option<&str>) -> Question {
    let sent = match sent {
        None => Sent::Absent,
        Some(text) => Sent::Text(Pattern::literal(text)),
    };
    Question {
        request: Request::default().sending(KEY, sent),
        given: Vec::new(),
    }
}

fn plain() -> impl Strategy<Value = Plain> {
    let some = |of: &'static [&'static str]| proptest::sample::subsequence(of, 1..=2);
    let test = (
        proptest::sample::select(&[
            "StringEquals",
            "StringNotEquals",
            "StringLike",
            "StringNotLike",
            "StringLikeIfExists",
            "ForAllValues:StringEquals",
            "ForAnyValue:StringEquals",
        ]),
        some(&["a", "b", "ab"]),
    );
    let null = proptest::sample::select(&["true", "false"]).prop_map(|it| ("Null", vec![it]));
    let test = prop_oneof![4 => test, 1 => null];
    (
        proptest::bool::weighted(0.2),
        some(&[
            "sqs:*",
            "sqs:SendMessage",
            "s3:Get*",
            "*",
            "sqs:DeleteQueue",
        ]),
        proptest::bool::weighted(0.3),
        some(&["*", "a*", "*b", "a", "ab", "a*b", "b*", "*a*", ""]),
        proptest::collection::vec(test, 0..=2),
        proptest::bool::weighted(0.85),
    )
        .prop_map(
            |(not_action, actions, not_resource, resources, tests, certain)| Plain {
                not_action,
                actions,
                not_resource,
                resources,
                tests,
                certain,
            },
        )
}

fn set() -> impl Strategy<Value = Set> {
    let leaf = prop_oneof![
        12 => proptest::collection::vec(plain(), 0..=3).prop_map(Set::Of),
        1 => Just(Set::Unknown),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        let two = (inner.clone(), inner);
        (0..3, two).prop_map(|(how, (one, other))| {
            let (one, other) = (Box::new(one), Box::new(other));
            match how {
                0 => Set::Join(one, other),
                1 => Set::Meet(one, other),
                _ => Set::Without(one, other),
            }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_request_is_in_a_set_where_it_is_in_its_statements(set in set()) {
        let grants = grants(&set);
        for action in actions() {
            let at = grants.at(action);
            for resource in resources().iter().step_by(3) {
                for sent in SENT {
                    let place = Witness::of(Pattern::literal(resource));
                    let asked = Asked(action, resource, sent);
                    prop_assert_eq!(at.holds(&place, &question(sent)), holds(&set, asked), "{:?}", asked);
                }
            }
        }
    }

    #[test]
    fn what_is_possible_is_so_for_some_request(
        set in set(),
        over in proptest::sample::select(&["*", "a*", "*b", "ab", "c*", "b*a"]),
    ) {
        let grants = grants(&set);
        let within = Pattern::literal(over);
        for action in actions() {
            let mut best = Tri::No;
            for resource in resources().iter().filter(|text| matches(over, text)) {
                for sent in SENT {
                    best = best.or(holds(&set, Asked(action, resource, sent)));
                }
            }
            let found = grants.at(action).reaches(&[&within], &Question::default());
            prop_assert!(found == Tri::Maybe || found == best, "{:?} is {:?}", found, best);
            for sent in SENT {
                let all = resources();
                let mut points = all.iter().filter(|text| matches(over, text));
                // Whoever names nothing is in wherever almost all are.
                let place = Witness::of(within.clone());
                let found = grants.at(action).possible(&place, &question(sent));
                let same = |text: &String| holds(&set, Asked(action, text, sent)) == found;
                prop_assert!(found == Tri::Maybe || points.any(same), "{:?} {:?}", found, sent);
            }
        }
    }

    #[test]
    fn joins_and_cuts_keep_their_laws(a in set(), b in set(), c in set()) {
        let [a, b, c] = [&a, &b, &c].map(grants);
        let laws: [(Grants, Grants); 10] = [
            (a.clone().join(b.clone()), b.clone().join(a.clone())),
            (a.clone().meet(b.clone()), b.clone().meet(a.clone())),
            (a.clone().join(b.clone()).join(c.clone()), a.clone().join(b.clone().join(c.clone()))),
            (a.clone().meet(b.clone()).meet(c.clone()), a.clone().meet(b.clone().meet(c.clone()))),
            (
                a.clone().meet(b.clone().join(c.clone())),
                a.clone().meet(b.clone()).join(a.clone().meet(c.clone())),
            ),
            // It is all the same whether a Deny stands in the same policy or in another.
            (a.clone().without(b.clone().join(c.clone())), a.clone().without(b.clone()).without(c.clone())),
            (
                a.clone().join(b.clone()).without(c.clone()),
                a.clone().without(c.clone()).join(b.clone().without(c.clone())),
            ),
            (
                a.clone().without(b.clone().meet(c.clone())),
                a.clone().without(b.clone()).join(a.clone().without(c.clone())),
            ),
            (a.clone().meet(b.clone()).without(c.clone()), a.clone().without(c.clone()).meet(b.clone())),
            (a.clone().join(Grants::default()), a.clone().without(Grants::default())),
        ];
        for action in actions() {
            for resource in ["", "a", "ab", "cab", "c"] {
                for sent in SENT {
                    let place = Witness::of(Pattern::literal(resource));
                    let ask = |of: &Grants| of.at(action).holds(&place, &question(sent));
                    for (number, (one, other)) in laws.iter().enumerate() {
                        prop_assert_eq!(ask(one), ask(other), "law {}", number);
                    }
                    // What is taken off isn't there, and nothing comes in.
                    let cut = a.clone().without(b.clone());
                    prop_assert!(ask(&b) != Tri::Yes || ask(&cut) == Tri::No);
                    prop_assert!(ask(&a) != Tri::No || ask(&cut) == Tri::No);
                }
            }
        }
    }
}

fn simple(action: &'static str, resource: &'static str) -> Plain {
    Plain {
        not_action: false,
        actions: vec![action],
        not_resource: false,
        resources: vec![resource],
        tests: Vec::new(),
        certain: true,
    }
}

/// What is left at a resource that nobody has named.
fn left(allow: &Plain, denies: &[Plain]) -> Tri {
    let denied = Grants::of(denies.iter().enumerate().map(|(id, of)| clause(of, id)));
    let grants = Grants::of([clause(allow, 9)]).without(denied);
    let action = catalog().action("sqs", "SendMessage").expect("an action");
    let place = Witness::of(Pattern::literal(allow.resources[0]));
    grants.at(action).possible(&place, &Question::default())
}

#[test]
fn what_a_deny_leaves_is_decided() {
    let allow = simple("sqs:*", "a*");
    let deny = || simple("sqs:Send*", "a*");
    let tested = |tests: &[(&'static str, &[&'static str])]| Plain {
        tests: tests
            .iter()
            .map(|(of, values)| (*of, values.to_vec()))
            .collect(),
        ..deny()
    };
    let not = |resources: &[&'static str]| Plain {
        not_resource: true,
        resources: resources.to_vec(),
        ..deny()
    };
    for (denies, answer) in [
        (vec![], Tri::Yes),
        (vec![deny()], Tri::No),
        (vec![simple("sqs:DeleteQueue", "*")], Tri::Yes),
        (vec![simple("*", "b*")], Tri::Yes),
        (vec![simple("*", "ab*")], Tri::Yes),
        (
            vec![Plain {
                not_action: true,
                ..simple("sqs:DeleteQueue", "*")
            }],
            Tri::No,
        ),
        (
            vec![Plain {
                not_action: true,
                ..deny()
            }],
            Tri::Yes,
        ),
        (vec![not(&["b*"])], Tri::No),
        (vec![not(&["ab*"])], Tri::No),
        (vec![not(&["a*"])], Tri::Yes),
        (
            vec![Plain {
                certain: false,
                ..deny()
            }],
            Tri::Maybe,
        ),
        (vec![tested(&[("StringEquals", &["a"])])], Tri::Yes),
        (vec![tested(&[("StringNotEquals", &["a"])])], Tri::Yes),
        // Two that leave nothing together.
        (
            vec![
                tested(&[("StringEquals", &["a"])]),
                tested(&[("StringNotEquals", &["a"])]),
            ],
            Tri::No,
        ),
        (
            vec![
                tested(&[("Null", &["true"])]),
                tested(&[("StringLike", &["*"])]),
            ],
            Tri::No,
        ),
        (
            vec![
                tested(&[("StringNotEquals", &["a"])]),
                tested(&[("StringNotEquals", &["b"])]),
            ],
            Tri::No,
        ),
        (
            vec![
                tested(&[("StringNotLike", &["a*"])]),
                tested(&[("StringEquals", &["a"])]),
            ],
            Tri::Yes,
        ),
    ] {
        assert_eq!(left(&allow, &denies), answer, "{denies:?}");
    }
}

#[test]
fn an_action_that_nobody_has_named() {
    let not = |action| Plain {
        not_action: true,
        ..simple(action, "*")
    };
    for (plain, answer) in [
        (simple("*", "*"), Tri::Yes),
        (simple("sqs:*", "*"), Tri::No),
        (not("sqs:*"), Tri::Yes),
        (not("*"), Tri::No),
    ] {
        let grants = Grants::of([clause(&plain, 0)]);
        let at = grants.at_unnamed();
        let question = Question::default();
        assert_eq!(
            at.possible(&Witness::anywhere(), &question),
            answer,
            "{plain:?}"
        );
    }
    let mut unknown = clause(&simple("*", "*"), 0);
    unknown.actions = Selection::Only(Entries::of([ActionPattern::Unknown]));
    let grants = Grants::of([unknown]);
    let anywhere = Witness::anywhere();
    for at in [grants.at_unnamed(), grants.at(actions()[0])] {
        assert_eq!(at.possible(&anywhere, &Question::default()), Tri::Maybe);
    }
}

#[test]
fn a_clause_is_there_where_its_guards_are_met() {
    let guard = |condition: &str, holds| GrantGuard {
        condition: condition.to_owned(),
        holds,
    };
    let deny = Clause {
        guards: vec![guard("IsProd", true)],
        ..clause(&simple("*", "*"), 1)
    };
    let allow = clause(&simple("*", "*"), 2);
    let grants = Grants::of([allow]).without(Grants::of([deny]));
    let action = actions()[0];
    for (given, answer) in [
        (vec![], Tri::Maybe),
        (vec![guard("IsProd", true)], Tri::No),
        (vec![guard("IsProd", false)], Tri::Yes),
        (vec![guard("Other", true)], Tri::Maybe),
    ] {
        let question = Question {
            given,
            ..Question::default()
        };
        assert_eq!(
            grants.at(action).possible(&Witness::anywhere(), &question),
            answer
        );
    }
    let question = Question::default();
    let statements = grants
        .at(action)
        .statements(&Witness::anywhere(), &question);
    assert_eq!(statements, (vec![ClauseId(2)], vec![ClauseId(1)]));
    let other = Question {
        given: vec![guard("IsProd", false)],
        ..Question::default()
    };
    let statements = grants.at(action).statements(&Witness::anywhere(), &other);
    assert_eq!(statements, (vec![ClauseId(2)], vec![]));
}

#[test]
fn a_question_looks_at_the_statements_of_its_action_only() {
    let all: Vec<Action> = catalog().actions().collect();
    let clauses = (0..5000).map(|id| {
        let name = all[id % 1000 * 7].full_name();
        let actions = Selection::Only(Entries::of([ActionPattern::parse(&name)]));
        Clause {
            actions,
            ..clause(&simple("*", "a*"), id)
        }
    });
    let denies = (0..20).map(|id| clause(&simple("s3:*", "b*"), id));
    let grants = Grants::of(clauses).without(Grants::of(denies));
    assert_eq!(
        grants.at(all[0]).clauses().len(),
        5 + usize::from(all[0].service().prefix() == "s3") * 20
    );
    assert!(grants.at(all[1]).clauses().len() <= 20);
    // Each once, by whatever it is found.
    let mut twice = clause(&simple("*", "*"), 0);
    twice.actions = Selection::Only(Entries::of(
        ["SQS:SendMessage", "sqs:sendmessage", "sqs:Send*", "sqs:*"].map(ActionPattern::parse),
    ));
    assert_eq!(Grants::of([twice]).at(actions()[0]).clauses().len(), 1);
    assert!(Grants::default().at(all[0]).clauses().is_empty());
    // An entry that isn't known may be any.
    let mut unknown = clause(&simple("*", "*"), 0);
    let entry = ListedValue {
        forms: Vec::new(),
        certain: true,
    };
    unknown.actions = Selection::Only(Entries {
        items: vec![entry],
        open: false,
    });
    let grants = Grants::of([unknown]);
    assert_eq!(grants.at(actions()[0]).clauses().len(), 1);
}

#[test]
fn a_question_looks_at_the_statements_of_its_resources_only() {
    let mut clauses: Vec<Clause> = (0..1000)
        .map(|id| {
            let mut own = clause(&simple("s3:*", "*"), id);
            let names = [format!("shop-{id}-data"), format!("shop-{id}-data/*")];
            let names = names.map(|name| Pattern::literal(&name));
            own.resources = Selection::Only(Entries::of(names));
            own
        })
        .collect();
    let ids = |clauses: &[Clause], text: &str| -> Vec<usize> {
        let grants = Grants::of(clauses.iter().cloned());
        let at = grants.at(catalog().action("s3", "DeleteBucket").unwrap());
        let near = at.clauses_near(&Pattern::literal(text)).into_iter();
        near.map(|clause| clause.id.0).collect()
    };
    assert_eq!(ids(&clauses, "shop-7-data"), [7]);
    // Whatever begins like it may be one of those that it matches.
    assert_eq!(
        ids(&clauses, "shop-77*"),
        [77, 770, 771, 772, 773, 774, 775, 776, 777, 778, 779]
    );
    assert_eq!(ids(&clauses, "shop-77-data/a/b"), [77]);
    assert!(ids(&clauses, "jobs").is_empty());
    assert_eq!(ids(&clauses, "*").len(), 1000);
    assert_eq!(ids(&clauses, "${Name}").len(), 1000);
    // What may be about any resource is looked at each time.
    clauses[3].resources = Selection::Only(Entries::of([Pattern::literal("*")]));
    clauses[4].resources = Selection::AllBut(Entries::of([Pattern::literal("jobs")]));
    clauses[5].resources = Selection::Only(Entries::unknown());
    clauses[6].resources = Selection::Only(Entries::of([Pattern::literal("${Name}")]));
    assert_eq!(ids(&clauses, "jobs"), [3, 4, 5, 6]);
    assert_eq!(ids(&clauses, "shop-2-data"), [2, 3, 4, 5, 6]);
    // Fewer, as a cut leaves them.
    let grants = Grants::of(clauses.iter().cloned());
    let at = grants.at(catalog().action("s3", "DeleteBucket").unwrap());
    let at = at.only(|clause| clause.id.0 > 4);
    assert_eq!(at.clauses_near(&Pattern::literal("shop-100-data")).len(), 3);
}

#[test]
fn what_an_answer_costs_is_told() {
    let grants = Grants::of((0..10).map(|id| clause(&simple("s3:*", "a*"), id)));
    assert_eq!(grants.work(), 0);
    let at = grants.at(catalog().action("s3", "DeleteBucket").unwrap());
    // The first one holds all that is asked about.
    at.reaches(&[&Pattern::literal("a")], &Question::default());
    assert_eq!(grants.work(), 1);
    at.reaches(&[&Pattern::literal("*b")], &Question::default());
    let once = grants.work();
    assert!(once > 10, "{once}");
    at.reaches(&[&Pattern::literal("*c")], &Question::default());
    assert!(grants.work() > once);
}

#[test]
fn alternatives_are_looked_at_one_by_one() {
    // Each Allow wants a key of its own to be two things at once.
    let test = |key: usize, value| {
        let key = format!("aws:PrincipalTag/{key}");
        let values = Entries::of([Pattern::literal(value)]);
        KeyTest::new(Some("StringEquals"), Some(&key), values)
    };
    let of = |tests| Clause {
        conditions: Conditions { tests, open: false },
        ..clause(&simple("*", "*"), 0)
    };
    let allows = (0..60).map(|key| of(vec![test(key, "a"), test(key, "b")]));
    let denies = [of(vec![test(60, "a")])];
    let grants = Grants::of(allows).without(Grants::of(denies));
    let at = grants.at(actions()[0]);
    assert_eq!(
        at.possible(&Witness::anywhere(), &Question::default()),
        Tri::No
    );
}

#[test]
fn what_is_denied_as_a_whole_needs_no_look_at_its_parts() {
    let allows = (0..3000).map(|id| {
        let mut own = clause(&simple("*", "*"), id);
        let name = Pattern::literal(&format!("a*{id}"));
        own.resources = Selection::Only(Entries::of([name]));
        own
    });
    let allows = Grants::of(allows);
    let left = |deny: &Plain| {
        let grants = allows.clone().without(Grants::of([clause(deny, 0)]));
        let at = grants.at(actions()[0]);
        at.reaches(&[&Pattern::literal("a*")], &Question::default())
    };
    assert_eq!(left(&simple("*", "a*")), Tri::No);
    let mut all_but = simple("*", "b*");
    all_but.not_resource = true;
    assert_eq!(left(&all_but), Tri::No);
}

#[test]
fn what_would_cost_too_much_depends() {
    // Each Deny wants another key to be one of two, and the last wants them all to be neither.
    let test = |operator, key: usize, value| {
        let key = format!("aws:PrincipalTag/{key}");
        let values = Entries::of([Pattern::literal(value)]);
        KeyTest::new(Some(operator), Some(&key), values)
    };
    let deny = |tests| Clause {
        conditions: Conditions { tests, open: false },
        ..clause(&simple("*", "*"), 0)
    };
    let mut denies = Vec::new();
    for one in 0..40 {
        for other in 0..one {
            denies.push(deny(vec![
                test("StringEquals", one, "a"),
                test("StringEquals", other, "a"),
            ]));
            denies.push(deny(vec![
                test("StringNotEquals", one, "a"),
                test("StringNotEquals", other, "a"),
            ]));
        }
    }
    let grants = Grants::of([clause(&simple("*", "*"), 1)]).without(Grants::of(denies));
    let at = grants.at(actions()[0]);
    assert_ne!(
        at.possible(&Witness::anywhere(), &Question::default()),
        Tri::Yes
    );
    // Resources, too, are looked at up to a number.
    let many: Vec<Plain> = (0..3000).map(|_| simple("*", "a*b")).collect();
    let grants = Grants::of(many.iter().map(|of| clause(of, 0)));
    let over = Pattern::literal("*");
    assert_eq!(
        grants
            .at(actions()[0])
            .reaches(&[&over], &Question::default()),
        Tri::Yes
    );
}
