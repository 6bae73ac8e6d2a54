//! Statements over requests whose values are all known, against their definition written down as plainly as can be.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_catalog::catalog;
use leastwise_policy::evaluate::{
    ApiRequest, AppliedPolicies, Attachment, HomeAccount, Provision, Requester,
};
use leastwise_policy::grants::{
    Clause, ClauseId, Conditions, Entries, KeyTest, Language, Request, Selection, Sent,
};
use leastwise_policy::{ActionPattern, Pattern, Tri};
use proptest::prelude::*;

const KEYS: [&str; 2] = ["aws:PrincipalTag/a", "aws:RequestTag/b"];
const ACTIONS: [&str; 3] = ["SendMessage", "SetQueueAttributes", "DeleteMessage"];
const ACTION_PATTERNS: [&str; 5] = ["sqs:SendMessage", "SQS:se*", "sqs:*", "*", "s3:*"];
const QUEUES: &str = "arn:aws:sqs:eu-west-1:111111111111:";
const NAMES: [&str; 4] = ["x", "xy", "yx", "?"];
const NAME_PATTERNS: [&str; 7] = [
    "${aws:PrincipalTag/a}x",
    "x",
    "x*",
    "?y",
    "${*}",
    "${aws:PrincipalTag/a}",
    "${aws:PrincipalTag/a, 'y'}x",
];
const OPERATORS: [&str; 6] = [
    "StringEquals",
    "StringNotEquals",
    "StringLikeIfExists",
    "ForAllValues:StringLike",
    "ForAnyValue:StringNotLike",
    "Null",
];
const VALUES: [&str; 5] = ["x", "*y", "${aws:PrincipalTag/a}", "true", "false"];

/// A statement by places in the lists.
#[derive(Clone, Debug)]
struct Plain {
    allows: bool,
    all_but: (bool, bool),
    actions: Vec<usize>,
    names: Vec<usize>,
    tests: Vec<(usize, usize, Vec<usize>)>,
    is_older: bool,
}

fn plain() -> impl Strategy<Value = Plain> {
    let test = (
        0..OPERATORS.len(),
        0..KEYS.len(),
        prop::collection::vec(0..VALUES.len(), 1..3),
    );
    (
        any::<bool>(),
        any::<(bool, bool)>(),
        prop::collection::vec(0..ACTION_PATTERNS.len(), 1..3),
        prop::collection::vec(0..NAME_PATTERNS.len(), 1..3),
        prop::collection::vec(test, 0..3),
        any::<bool>(),
    )
        .prop_map(|(allows, all_but, actions, names, tests, is_older)| {
            // `${*}` is of the current language.
            let is_older = is_older && names.iter().all(|&at| NAME_PATTERNS[at] != "${*}");
            // `Null` with both of its values means nothing.
            let tests = tests.into_iter().map(|(operator, key, mut values)| {
                if OPERATORS[operator] == "Null" {
                    values = vec![3 + values[0] % 2];
                }
                (operator, key, values)
            });
            let tests = tests.collect();
            Plain {
                allows,
                all_but,
                actions,
                names,
                tests,
                is_older,
            }
        })
}

fn selection<T>(all_but: bool, values: impl Iterator<Item = T>) -> Selection<T> {
    match all_but {
        true => Selection::AllBut(Entries::of(values)),
        false => Selection::Only(Entries::of(values)),
    }
}

impl Plain {
    fn provision(&self, id: usize) -> Provision {
        let actions = self
            .actions
            .iter()
            .map(|&at| ActionPattern::parse(ACTION_PATTERNS[at]));
        let name = |&at: &usize| Pattern::literal(&format!("{QUEUES}{}", NAME_PATTERNS[at]));
        let tests = self.tests.iter().map(|(operator, key, values)| {
            let values = values.iter().map(|&at| Pattern::literal(VALUES[at]));
            KeyTest::new(
                Some(OPERATORS[*operator]),
                Some(KEYS[*key]),
                Entries::of(values),
            )
        });
        Provision {
            allows: if self.allows { Tri::Yes } else { Tri::No },
            principals: None,
            clause: Clause {
                id: ClauseId(id),
                actions: selection(self.all_but.0, actions),
                resources: selection(self.all_but.1, self.names.iter().map(name)),
                conditions: Conditions {
                    tests: tests.collect(),
                    open: false,
                },
                certain: true,
                guards: Vec::new(),
            },
            language: if self.is_older {
                Language::Older
            } else {
                Language::Current
            },
        }
    }

    fn holds(&self, action: &str, name: &str, sent: &[Vec<&str>; 2]) -> bool {
        let action = format!("sqs:{action}").to_lowercase();
        let like = |pattern: &str, text: &str| is_like(&symbols(pattern), text);
        let is_action = self
            .actions
            .iter()
            .any(|&at| like(&ACTION_PATTERNS[at].to_lowercase(), &action));
        let is_name = self.names.iter().any(|&at| {
            self.filled(NAME_PATTERNS[at], sent)
                .is_some_and(|pattern| is_like(&pattern, name))
        });
        is_action != self.all_but.0
            && is_name != self.all_but.1
            && self.tests.iter().all(|test| self.meets(test, sent))
    }

    fn meets(
        &self,
        (operator, key, values): &(usize, usize, Vec<usize>),
        sent: &[Vec<&str>; 2],
    ) -> bool {
        let texts = &sent[*key];
        let some = |text: &&str, wild: bool| {
            values.iter().any(|&at| {
                let filled = self.filled(VALUES[at], sent);
                filled.is_some_and(|mut pattern| {
                    if !wild {
                        pattern.iter_mut().for_each(|(_, is_wild)| *is_wild = false);
                    }
                    is_like(&pattern, text)
                })
            })
        };
        match OPERATORS[*operator] {
            "StringEquals" => texts.first().is_some_and(|text| some(text, false)),
            "StringNotEquals" => !texts.first().is_some_and(|text| some(text, false)),
            "StringLikeIfExists" => texts.first().is_none_or(|text| some(text, true)),
            "ForAllValues:StringLike" => texts.iter().all(|text| some(text, true)),
            "ForAnyValue:StringNotLike" => texts.iter().any(|text| !some(text, true)),
            _ => texts.is_empty() == (VALUES[values[0]] == "true"),
        }
    }

    /// The signs of a pattern, each with whether it is a wildcard; nothing where a variable has no value.
    fn filled(&self, text: &str, sent: &[Vec<&str>; 2]) -> Option<Vec<(char, bool)>> {
        let plain =
            |text: &str| -> Vec<(char, bool)> { text.chars().map(|c| (c, false)).collect() };
        let own = sent[0].first().copied();
        match text {
            "${*}" => Some(plain("*")),
            _ if self.is_older && text.contains("${") => Some(plain(text)),
            "${aws:PrincipalTag/a}" => own.map(plain),
            "${aws:PrincipalTag/a}x" => own.map(|own| plain(&format!("{own}x"))),
            "${aws:PrincipalTag/a, 'y'}x" => Some(plain(&format!("{}x", own.unwrap_or("y")))),
            _ => Some(symbols(text)),
        }
    }
}

fn symbols(text: &str) -> Vec<(char, bool)> {
    text.chars().map(|c| (c, c == '*' || c == '?')).collect()
}

fn is_like(pattern: &[(char, bool)], text: &str) -> bool {
    let mut rest = text.chars();
    match pattern {
        [] => text.is_empty(),
        [('*', true), after @ ..] => {
            is_like(after, text) || rest.next().is_some() && is_like(pattern, rest.as_str())
        }
        [(c, is_wild), after @ ..] => {
            rest.next().is_some_and(|found| *is_wild || found == *c)
                && is_like(after, rest.as_str())
        }
    }
}

/// No value or one; a key with several is another matter where there is no quantifier.
fn texts() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::select(vec![vec![], vec!["x"], vec!["xy"], vec!["*"]])
}

proptest! {
    // What single words of a statement do shows in few of them.
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn statements_against_their_definition(
        statements in prop::collection::vec(plain(), 1..4),
        action in 0..ACTIONS.len(),
        name in 0..NAMES.len(),
        sent in [texts(), texts()],
    ) {
        let values = |texts: &[&str]| Sent::Values(texts.iter().map(|&text| text.to_owned()).collect());
        let mut request = Request::default().and_nothing_else();
        for (key, texts) in KEYS.iter().zip(&sent) {
            request = request.sending(key, values(texts));
        }
        let asked = ApiRequest {
            requester: Requester::of_arn("arn:aws:iam::111111111111:user/ann").unwrap(),
            action: catalog().action("sqs", ACTIONS[action]).unwrap(),
            resource: {
                let mut resource = Pattern::builder();
                resource.push_escaped(QUEUES).push_escaped(NAMES[name]).build()
            },
            owner: HomeAccount { number: None, is_management: Tri::No },
            request,
            given: Vec::new(),
        };
        let provisions = statements.iter().enumerate().map(|(id, it)| it.provision(id));
        let policies = AppliedPolicies {
            identity: Attachment::Statements(provisions.collect()),
            ..AppliedPolicies::default()
        };
        let ruling = policies.rule(&asked);
        let holding = |allows: bool| -> Vec<usize> {
            let all = statements.iter().enumerate().filter(|(_, it)| it.allows == allows);
            let held = all.filter(|(_, it)| it.holds(ACTIONS[action], NAMES[name], &sent));
            held.map(|(id, _)| id).collect()
        };
        let (allowing, denying) = (holding(true), holding(false));
        let is_allowed = denying.is_empty() && !allowing.is_empty();
        prop_assert_eq!(ruling.whether, if is_allowed { Tri::Yes } else { Tri::No });
        let decided: Vec<usize> = ruling.decided_by.iter().map(|it| it.clause.0).collect();
        prop_assert_eq!(decided, if denying.is_empty() { allowing } else { denying });
    }
}
