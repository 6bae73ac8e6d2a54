//! Finds conditions that can't work: an unknown operator, none at all, or a value that the operator can't compare.
//!
//! AWS rejects a policy with an operator that doesn't exist, and one whose condition keys are directly under
//! `Condition`, without an operator around them. A value of the wrong type (an account of eleven digits, `yes` for
//! `true`, a name for an ARN, an endpoint ID for a VPC ID) equals nothing that a request can contain: what should be
//! allowed isn't, or what should be denied isn't. An address range is only supported by `IpAddress` and `NotIpAddress`.
//!
//! An operator compares keys of one type: `Bool` doesn't work with a VPC ID, nor `DateGreaterThan` with an ARN. String
//! operators accept keys of every type, and tags may contain anything.
//!
//! `aws:SourceArn` is the ARN of the resource a service calls on behalf of: topics for Amazon SNS, buckets for Amazon
//! S3, rules for Amazon EventBridge. An ARN of another service next to one of these principals is a warning, also in
//! resources that are a permission by themselves.
//!
//! An empty `Condition` limits nothing, and a key without values isn't compared with anything: AWS accepts both, so
//! they are only suggestions.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//!     Condition:
//!       StringEqual:
//!         aws:SourceVpce: vpce-1a2b3c4d
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//!     Condition:
//!       StringEquals:
//!         aws:SourceVpce: vpce-1a2b3c4d
//! ```

use leastwise_catalog::{ValueType, catalog};
use leastwise_model::{Item, Known, Level, Site, SiteKind, Statement};
use leastwise_policy::check::odd_digits;
use leastwise_policy::condition::{BadOperator, Family, Operator, Quantifier, suggest_all};
use leastwise_syntax::write::Edit;
use leastwise_syntax::{NodeId, Span, Style, View};

use super::effect::{Asked, Comes};
use super::kinds::{compared, fitting, held, mismatch};
use super::reading::{Reading, is_of_iam, is_of_provider, is_open, readings};
use super::values::{Misfit, misfit};
use crate::actions::choice;
use crate::support::impact::Weight;
use crate::{
    Context, Fact, Facts, Finding, Fix, FixKind, Group, Judges, LazyFix, Rule, Safety, Scope,
};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "invalid-condition",
    group: Group::Conditions,
    level: Level::Error,
    since: "0.1.0",
    summary: "A condition with an unknown operator, or with a value that matches nothing",
    fix: FixKind::Unsafe,
    judges: Judges::Statement,
    equivalents: &[
        ("access-analyzer", "INVALID_CONDITION_OPERATOR"),
        ("access-analyzer", "NULL_WITH_IF_EXISTS"),
        ("access-analyzer", "EMPTY_OBJECT_CONDITION"),
        ("access-analyzer", "EMPTY_ARRAY_CONDITION"),
        ("access-analyzer", "EMPTY_ARRAY_CONDITION_FORALLVALUES"),
        ("access-analyzer", "EMPTY_ARRAY_CONDITION_FORANYVALUE"),
        ("access-analyzer", "EMPTY_ARRAY_CONDITION_IFEXISTS"),
        ("access-analyzer", "INVALID_REGION"),
        ("access-analyzer", "TYPE_MISMATCH"),
        ("access-analyzer", "TYPE_MISMATCH_BOOLEAN"),
        ("access-analyzer", "TYPE_MISMATCH_DATE"),
        ("access-analyzer", "TYPE_MISMATCH_NUMBER"),
        ("access-analyzer", "TYPE_MISMATCH_IP_RANGE"),
        ("parliament", "MISMATCHED_TYPE"),
        ("parliament", "UNKNOWN_OPERATOR"),
    ],
    scope: &[Scope::Statement(find), Scope::Grant(source::find)],
};

/// A condition that can't be.
struct Invalid {
    at: Span,
    what: What,
    statement: NodeId,
    kind: SiteKind,
    /// What the statement comes to do once it is mended.
    comes: Comes,
    owner: Option<String>,
}

enum What {
    /// No operator of AWS; the nearest, several where they are equally near, with the node that names it where that can be
    /// changed; the key of one value for which it needs no `ForAllValues`.
    Unknown {
        written: String,
        meant: Vec<(String, Option<NodeId>)>,
        single: Option<String>,
    },
    /// A condition key where an operator belongs.
    KeyForOperator(String),
    /// A condition key with its values, and no operator around it.
    NoOperator(String),
    /// An operator with values, and no key.
    NoKey(String),
    /// A value that can match nothing.
    Value {
        operator: &'static str,
        key: String,
        value: String,
        misfit: Misfit,
        node: NodeId,
        by: Operator,
        /// Whether another value beside it is none of this kind.
        beside: bool,
    },
    /// A key of another type than the operator compares.
    Key {
        operator: Operator,
        key: String,
        holds: ValueType,
        /// Whether some value is none that the operator compares, either.
        hopeless: bool,
    },
    /// No condition at all.
    Empty,
    /// A key with an empty list of values.
    NoValues {
        operator: String,
        key: String,
        holds: Holds,
    },
}

/// When a test without any value holds, as far as AWS says.
#[derive(Clone, Copy)]
enum Holds {
    /// Never.
    Never,
    /// Where the request doesn't have the key.
    WithoutKey,
    /// What it says contradicts itself.
    Unclear,
}

fn find(context: &Context<'_>, site: &Site, statement: &Statement, facts: &mut Facts<'_>) {
    if !is_of_iam(site) {
        return;
    }
    let owner = || context.owner(site).map(str::to_owned);
    let fact = |at, what: What| {
        let comes = what.comes(statement);
        Invalid {
            at,
            what,
            kind: site.kind,
            comes,
            statement: statement.node,
            owner: owner(),
        }
    };
    if let Known::Dynamic(_) = statement.condition {
        let bare = bare_keys(context, statement);
        facts.extend(bare.into_iter().map(|(at, what)| fact(at, what)));
        return;
    }
    if let Some(at) = empty(context, statement) {
        facts.push(fact(at, What::Empty));
    }
    // An operator of several keys has a test for each: what is found twice is told once.
    for test in super::tests(statement) {
        if is_open(&test.operator) || test.operator.starts_with("Fn::") {
            continue;
        }
        let Err(bad) = Operator::parse(&test.operator) else {
            continue;
        };
        let what = unknown(context, statement, &test.operator, test.operator_node, bad);
        facts.push(fact(context.content(test.operator_node), what));
    }
    for reading in readings(statement) {
        let family = reading.operator.base.family;
        // What a provider's tokens bring, a rule of its own looks at.
        if is_of_provider(reading.key) {
            continue;
        }
        if let Some((at, what)) = no_values(context, &reading) {
            facts.push(fact(at, what));
        }
        if let Some(holds) = mismatch(&reading.operator, reading.key) {
            let mut values = reading.known_values(context);
            let what = What::Key {
                operator: reading.operator,
                key: reading.key.to_owned(),
                holds,
                hopeless: values.any(|(_, value)| misfit(family, reading.key, &value).is_some()),
            };
            facts.push(fact(context.content(reading.test.key_node), what));
            continue;
        }
        let is_session =
            |value: &String| misfit(family, reading.key, value) == Some(Misfit::Session);
        let others = reading
            .known_values(context)
            .any(|(_, value)| !is_session(&value));
        for (item, value) in reading.known_values(context) {
            if family == Family::Bool && is_truth_of_yaml(context, item) {
                continue;
            }
            let Some(misfit) = misfit(family, reading.key, &value) else {
                continue;
            };
            // `Lambda.amazonaws.com` is as good there.
            let any_case = reading.operator.base.name.ends_with("IgnoreCase");
            if any_case
                && misfit
                    .meant()
                    .is_some_and(|meant| meant.eq_ignore_ascii_case(&value))
            {
                continue;
            }
            let what = What::Value {
                operator: reading.operator.base.name,
                key: reading.key.to_owned(),
                value,
                misfit,
                node: item.node,
                by: reading.operator,
                beside: others,
            };
            facts.push(fact(context.item_span(item), what));
        }
    }
}

fn unknown(
    context: &Context<'_>,
    statement: &Statement,
    written: &str,
    node: NodeId,
    bad: BadOperator,
) -> What {
    if catalog().condition_key(written).is_some() {
        return What::KeyForOperator(written.to_owned());
    }
    let mut meant = match bad {
        BadOperator::Quantifier(_) | BadOperator::Unknown(_) => suggest_all(written),
        BadOperator::NullIfExists => vec!["Null".to_owned()],
    };
    // With it, requests without the key would be let through, which another rule advises against.
    let mut single = None;
    if let [only] = meant.as_mut_slice()
        && let Some(plain) = only.strip_prefix("ForAllValues:").map(str::to_owned)
        && statement.allows()
    {
        single = single_valued(statement, node);
        if single.is_some() {
            *only = plain;
        }
    }
    // Beside a block of the right operator it can't be called so, too.
    let free = |meant: &str| {
        let mut tests = super::tests(statement).iter();
        context.tree.text(node) == Some(written)
            && tests.all(|test| !test.operator.eq_ignore_ascii_case(meant))
    };
    let meant = meant.into_iter().map(|meant| {
        let node = free(&meant).then_some(node);
        (meant, node)
    });
    What::Unknown {
        written: written.to_owned(),
        meant: meant.collect(),
        single,
    }
}

/// The key that an operator compares, where that is only one, and has one value.
fn single_valued(statement: &Statement, node: NodeId) -> Option<String> {
    let tests = super::tests(statement).iter();
    let mut own = tests.filter(|test| test.operator_node == node);
    let only = own.next().filter(|_| own.next().is_none())?;
    let name = only.key.as_deref()?;
    let key = catalog().condition_key(name)?;
    (!key.value_type().many()).then(|| name.to_owned())
}

/// Where a `Condition` without anything in it stands.
fn empty(context: &Context<'_>, statement: &Statement) -> Option<Span> {
    let mut elements = statement.elements.iter();
    let element = elements.find(|element| element.name.eq_ignore_ascii_case("Condition"))?;
    let block = context.tree.resolved(element.value);
    let nothing = matches!(context.tree.view(block), View::Mapping([]));
    (nothing && !context.tree.is_open(block)).then(|| context.content(element.key))
}

/// A test whose list of values is empty.
fn no_values(context: &Context<'_>, reading: &Reading<'_>) -> Option<(Span, What)> {
    let list = reading.test.values.known()?;
    let nothing = list.items.is_empty() && !list.dynamic && !context.tree.is_open(list.node);
    if !nothing || reading.operator.base.family == Family::Null {
        return None;
    }
    let holds = match (reading.operator.quantifier, reading.operator.if_exists) {
        (Some(Quantifier::ForAllValues), _) | (None, true) => Holds::WithoutKey,
        (Some(Quantifier::ForAnyValue), false) => Holds::Never,
        _ => Holds::Unclear,
    };
    let what = What::NoValues {
        operator: reading.test.operator.clone(),
        key: reading.key.to_owned(),
        holds,
    };
    Some((context.content(reading.test.key_node), what))
}

/// Texts and lists that stand directly under `Condition`.
fn bare_keys(context: &Context<'_>, statement: &Statement) -> Vec<(Span, What)> {
    let tree = context.tree;
    let mut elements = statement.elements.iter();
    let element = elements.find(|element| element.name.eq_ignore_ascii_case("Condition"));
    let Some(block) = element.map(|element| tree.resolved(element.value)) else {
        return Vec::new();
    };
    if !matches!(tree.view(block), View::Mapping(_)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for pair in tree.pairs(block) {
        let value = tree.resolved(pair.value);
        let written = match tree.view(value) {
            // Nothing yet: being typed.
            View::Scalar(text) => !text.is_empty() && text != "null",
            View::Sequence(items) => items
                .iter()
                .all(|item| matches!(tree.view(tree.resolved(*item)), View::Scalar(_))),
            _ => false,
        };
        let Some(name) = tree.text(pair.key).filter(|name| written && !is_open(name)) else {
            continue;
        };
        let what = match Operator::parse(name) {
            Ok(_) => What::NoKey(name.to_owned()),
            Err(_) if name.contains(':') && !name.starts_with("Fn::") => {
                What::NoOperator(name.to_owned())
            }
            Err(_) => continue,
        };
        found.push((context.content(pair.key), what));
    }
    found
}

/// Whether YAML's older readers take a word without quotes for a truth value: `yes`, `off`.
fn is_truth_of_yaml(context: &Context<'_>, item: &Item) -> bool {
    const WORDS: [&str; 6] = ["yes", "no", "on", "off", "y", "n"];
    let tree = context.tree;
    let text = tree.text(item.node).unwrap_or_default();
    tree.style(item.node) == Style::Plain
        && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

impl Misfit {
    /// The value that was meant.
    fn meant(&self) -> Option<&str> {
        match self {
            Misfit::Service(meant) => meant.first().map(String::as_str),
            Misfit::Region(meant) => Some(meant),
            _ => None,
        }
    }

    /// The values that may be meant: several where they are equally near.
    fn all_meant(&self) -> Vec<String> {
        match self {
            Misfit::Service(meant) => meant.clone(),
            Misfit::Region(meant) => vec![meant.clone()],
            _ => Vec::new(),
        }
    }

    /// What is wrong with a value of a key.
    fn message(&self, operator: &str, key: &str, value: &str) -> String {
        match self {
            Misfit::Bool => {
                format!("`{value}` matches nothing: `{operator}` compares `true` and `false`.")
            }
            Misfit::Number => {
                format!("`{value}` matches nothing: `{operator}` compares numbers.")
            }
            Misfit::Date => {
                format!("`{value}` matches nothing: it isn't a date that `{operator}` can read.")
            }
            Misfit::Address => {
                format!("`{value}` matches nothing: `{operator}` compares IP addresses and ranges.")
            }
            Misfit::Range => format!(
                "`{value}` matches nothing: `{operator}` compares strings, not address ranges."
            ),
            Misfit::Service(_) => {
                format!("`{value}` matches nothing: AWS has no such service principal.")
            }
            Misfit::Arn => {
                format!("`{value}` matches nothing: `{key}` is compared with ARNs.")
            }
            Misfit::Account(Some(digits)) => {
                format!("`{value}` matches nothing: {}.", odd_digits(*digits))
            }
            Misfit::Account(None) => {
                format!("`{value}` matches nothing: `{key}` is an account ID.")
            }
            Misfit::Truth => {
                format!("`{value}` matches nothing: `{key}` is `true` or `false`.")
            }
            Misfit::Id(what, _) => {
                format!("`{value}` matches nothing: `{key}` is {what}.")
            }
            Misfit::Session => format!(
                "This value matches nothing: `{key}` is the ARN of a role, not of its sessions."
            ),
            Misfit::Region(_) => {
                format!("`{value}` matches nothing: AWS has no such region.")
            }
        }
    }

    fn help(&self, operator: &str) -> String {
        let said = match self {
            Misfit::Service(_) | Misfit::Region(_) => {
                return format!("Did you mean {}?", choice(&self.all_meant()));
            }
            Misfit::Id(_, Some(key)) => return format!("Did you mean the key `{key}`?"),
            Misfit::Id(what, None) => return format!("Write {what}."),
            Misfit::Session => "Write the role's ARN, `arn:aws:iam::<account>:role/<name>`.",
            Misfit::Truth => "Write `true` or `false`.",
            Misfit::Range if operator.contains("Not") => {
                "Use `NotIpAddress`, which supports ranges."
            }
            Misfit::Range => "Use `IpAddress`, which supports ranges.",
            Misfit::Bool => "Write `true` or `false`.",
            Misfit::Number => "Write a number.",
            Misfit::Date => "Write a date as `2026-12-31T23:59:59Z`, or seconds since 1970.",
            Misfit::Address => "Write an address or a range as `203.0.113.0/24`.",
            Misfit::Arn => "Write the ARN, or a pattern of one for `ArnLike`.",
            Misfit::Account(_) => "Write the account's 12 digits.",
        };
        said.to_owned()
    }
}

impl Fact for Invalid {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let (message, help) = match &self.what {
            What::Unknown {
                written,
                meant,
                single,
            } => (
                format!(
                    "The condition operator `{written}` doesn't exist: AWS rejects the policy."
                ),
                match (names(meant).as_slice(), single) {
                    ([], _) => "Use an operator such as `StringEquals` or `ArnLike`.".to_owned(),
                    (names, None) => format!("Did you mean {}?", choice(names)),
                    (names, Some(key)) => format!(
                        "Write {}: `ForAllValues` is for multivalued keys, and `{key}` isn't one.",
                        choice(names)
                    ),
                },
            ),
            What::KeyForOperator(key) => (
                format!(
                    "`{key}` is a condition key where an operator is expected: AWS rejects the policy."
                ),
                format!("Put the key inside an operator: `StringEquals: {{{key}: …}}`."),
            ),
            What::NoOperator(key) => (
                format!(
                    "The condition key `{key}` has no operator around it: AWS rejects the policy."
                ),
                format!("Put it inside an operator: `StringEquals: {{{key}: …}}`."),
            ),
            What::NoKey(operator) => (
                format!("`{operator}` has no condition key to compare: AWS rejects the policy."),
                "Put the key with its values inside the operator.".to_owned(),
            ),
            What::Value {
                operator,
                key,
                value,
                misfit,
                ..
            } => (misfit.message(operator, key, value), misfit.help(operator)),
            What::Key {
                operator,
                key,
                holds,
                ..
            } => (
                format!(
                    "`{}` compares {}, but `{key}` is {}: the condition can't work as intended.",
                    operator.base.name,
                    compared(operator.base.family),
                    held(*holds)
                ),
                format!(
                    "Compare `{key}` with `{}` or a similar operator.",
                    fitting(operator.base, *holds)
                ),
            ),
            What::Empty => (
                "`Condition` is empty and has no effect.".to_owned(),
                "Add a condition, or remove `Condition`.".to_owned(),
            ),
            What::NoValues {
                operator,
                key,
                holds,
            } => match holds {
                Holds::Never => (
                    format!(
                        "`{operator}` has no value for `{key}` and is never met: the statement has no effect."
                    ),
                    "Add the intended values.".to_owned(),
                ),
                Holds::WithoutKey => (
                    format!(
                        "`{operator}` has no value for `{key}` and is only met by requests without the key."
                    ),
                    format!("If that is intended, write `Null: {{{key}: true}}`."),
                ),
                Holds::Unclear => (
                    format!(
                        "`{operator}` has no value for `{key}`: AWS accepts that, but it can't work as intended."
                    ),
                    "Add the intended values.".to_owned(),
                ),
            },
        };
        Finding::new(&RULE, self.at, message)
            .level(self.what.level())
            .help(help)
            .owner(self.owner.as_deref())
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let offers: Vec<(String, NodeId)> = match &self.what {
            What::Unknown { meant, .. } => {
                let free = meant.iter();
                free.filter_map(|(meant, node)| Some((meant.clone(), (*node)?)))
                    .collect()
            }
            What::Value { misfit, node, .. } => {
                let all = misfit.all_meant();
                all.into_iter().map(|meant| (meant, *node)).collect()
            }
            _ => return Vec::new(),
        };
        let plain = offers.len() == 1 && self.what.candidates() == 1;
        let (statement, comes) = (self.statement, self.comes);
        let weight = || Weight::within(context, statement, self.kind);
        let safety = || Safety::changes(plain && !comes.is_grave(weight));
        let compared = self.what.compared();
        let fix = |(text, node): (String, NodeId)| {
            let compared = compared.clone();
            let title = format!("Replace with {text}");
            LazyFix::new(title, safety(), move |context| {
                // Where the text is put together, its parts stay what they are.
                if !matches!(context.tree.view(node), View::Scalar(_)) {
                    return None;
                }
                let asked = |own: &Statement| match &compared {
                    Some((key, operator)) => Asked::value(key, operator, &text),
                    None => asked_by(context, own, node, &text),
                };
                let text = text.clone();
                let fix = Fix::new(vec![Edit::SetScalar { node, text }]);
                Some(comes.announced(context, fix, statement, asked))
            })
        };
        offers.into_iter().map(fix).collect()
    }
}

/// What the tests of a block ask for by the right operator.
fn asked_by(context: &Context<'_>, statement: &Statement, node: NodeId, operator: &str) -> Asked {
    let Ok(operator) = Operator::parse(operator) else {
        return Asked::default();
    };
    let tests = super::tests(statement).iter();
    let own = tests.filter(|test| test.operator_node == node);
    own.fold(Asked::default(), |asked, test| match &test.key {
        Some(key) => asked.and(context, key, &operator, &test.values),
        None => asked,
    })
}

impl What {
    /// How much it matters.
    fn level(&self) -> Level {
        match self {
            What::Empty | What::NoValues { .. } => Level::Suggestion,
            // The role itself stands there, too.
            What::Value {
                misfit: Misfit::Session,
                beside: true,
                ..
            } => Level::Suggestion,
            What::Key {
                hopeless: false, ..
            }
            | What::Value {
                misfit: Misfit::Truth | Misfit::Region(_),
                ..
            } => Level::Warning,
            _ => RULE.level,
        }
    }

    /// What the statement comes to do once it is mended: by an operator that isn't one, AWS refuses the policy.
    fn comes(&self, statement: &Statement) -> Comes {
        let held = match self {
            What::Value { by, .. } => by.base.negated,
            _ => false,
        };
        Comes::of(statement, Some(held))
    }

    /// The key and the operator that a value is compared by.
    fn compared(&self) -> Option<(String, Operator)> {
        match self {
            What::Value { key, by, .. } => Some((key.clone(), *by)),
            _ => None,
        }
    }

    /// How many things may be meant.
    fn candidates(&self) -> usize {
        match self {
            What::Unknown { meant, .. } => meant.len(),
            _ => 1,
        }
    }
}

/// What is meant, as it is written.
fn names(meant: &[(String, Option<NodeId>)]) -> Vec<String> {
    meant.iter().map(|(name, _)| name.clone()).collect()
}

mod source;

#[cfg(test)]
mod tests;
