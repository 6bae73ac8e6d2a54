//! A condition key in words.

use super::Detail;
use super::wording::{count, enumerate, linked, source};
use crate::{Action, ConditionKey, ValueType, catalog};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::LazyLock;

/// A condition key: what it holds, which requests have it, how many values there are, and which operators fit them.
pub fn describe_condition_key(key: ConditionKey, detail: Detail) -> String {
    let name = key.name();
    let listing = Listing::of(key);
    let mut out = match key.fact() {
        Some(fact) => format!(
            "`{name}` holds {}. It is in {}.\n\n",
            fact.holds, fact.is_in
        ),
        None if key.global() => format!("`{name}` is a condition key.\n\n"),
        None => {
            let holds = key.sentence();
            let holds = holds.map_or(String::new(), |holds| {
                format!(" By its name, it holds {holds}.")
            });
            format!(
                "`{name}` is a condition key, which requests of the actions that list it may have.{holds}\n\n"
            )
        }
    };
    if key.global() {
        out.push_str("- It is a global key: any service can have it.\n");
    }
    let value = key.value_type().element().name();
    let _ = match key.value_type().many() {
        true => writeln!(
            out,
            "- A request may have several values, of the type **{value}**: with `ForAnyValue:` one of them must match, with `ForAllValues:` all of them, or there must be none."
        ),
        false => writeln!(
            out,
            "- A request has one value at most, of the type **{value}**."
        ),
    };
    let fitting = enumerate(operators(key), Detail::Full);
    let _ = writeln!(
        out,
        "- Operators that fit: {fitting}; `Null` asks whether it is there."
    );
    if listing.count > 0 {
        let rest = listing.count - listing.first.len();
        let mut names: Vec<String> = listing.first.iter().map(|of| of.full_name()).collect();
        // To leave out a single one saves nothing.
        let names = match (rest, names.pop()) {
            (0, last) => {
                names.extend(last);
                enumerate(&names, Detail::Full)
            }
            (rest, _) => {
                let named: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                let more = format!("{} and {} more", named.join(", "), rest + 1);
                linked(more, &page(key))
            }
        };
        let verb = if listing.count == 1 { "lists" } else { "list" };
        let actions = count(listing.count, "action");
        let _ = writeln!(out, "- {actions} {verb} it: {names}.");
    }
    if detail == Detail::Full {
        out.push_str(&source());
    }
    out
}

/// Where AWS lists the key: on the page of its service, or among the global ones.
fn page(key: ConditionKey) -> String {
    let prefix = key.name().split(':').next().unwrap_or_default();
    match catalog().service(prefix) {
        Some(service) if !key.global() => service.page(),
        _ => GLOBAL_KEYS.to_owned(),
    }
}

/// AWS's page of global condition keys.
const GLOBAL_KEYS: &str =
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html";

/// The actions that list a key.
#[derive(Clone, Default)]
struct Listing {
    count: usize,
    /// The first ones, by their names.
    first: Vec<Action>,
}

/// Those of all keys, which are found out once: a key that all services have is listed by most actions.
static LISTINGS: LazyLock<HashMap<ConditionKey, Listing>> = LazyLock::new(|| {
    let mut all: HashMap<ConditionKey, Listing> = HashMap::new();
    let mut keys = Vec::new();
    for action in catalog().actions() {
        keys.clear();
        keys.extend(action.condition_keys());
        keys.extend(action.resources().flat_map(|of| of.condition_keys()));
        keys.sort_unstable();
        keys.dedup();
        for key in &keys {
            let listing = all.entry(*key).or_default();
            listing.count += 1;
            if listing.first.len() < SHOWN {
                listing.first.push(action);
            }
        }
    }
    all
});

/// How many actions that list a key are shown, and one more, where that is the last.
const SHOWN: usize = 7;

impl Listing {
    fn of(key: ConditionKey) -> &'static Listing {
        static NONE: Listing = Listing {
            count: 0,
            first: Vec::new(),
        };
        LISTINGS.get(&key).unwrap_or(&NONE)
    }
}

/// Keys of ARNs that hold a name where the request has one, so that operators of ARNs miss some requests: the request parameters
/// that they hold take either, as <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html> says.
const ALSO_NAMES: [&str; 1] = ["secretsmanager:SecretId"];

/// Keys of dates that are numbers, too: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>.
const ALSO_NUMBERS: [&str; 1] = ["aws:EpochTime"];

/// The operators for a key, the most usual first.
fn operators(key: ConditionKey) -> Vec<&'static str> {
    let of_type = of_type(key.value_type());
    match ALSO_NAMES.contains(&key.name()) {
        false if ALSO_NUMBERS.contains(&key.name()) => {
            let of_numbers = self::of_type(ValueType::Numeric).iter();
            of_type.iter().chain(of_numbers).copied().collect()
        }
        true => {
            let is_of_strings = |name: &&&str| name.starts_with("String");
            let of_strings = of_type.iter().filter(is_of_strings);
            let others = of_type.iter().filter(|name| !is_of_strings(name));
            of_strings.chain(others).copied().collect()
        }
        false => of_type.to_vec(),
    }
}

/// The operators for values of a type, the most usual first.
fn of_type(value_type: ValueType) -> &'static [&'static str] {
    match value_type.element() {
        ValueType::Arn => &[
            "ArnLike",
            "ArnEquals",
            "ArnNotLike",
            "ArnNotEquals",
            "StringLike",
            "StringEquals",
        ],
        ValueType::Bool => &["Bool"],
        ValueType::Date => &[
            "DateLessThan",
            "DateGreaterThan",
            "DateEquals",
            "DateLessThanEquals",
            "DateGreaterThanEquals",
        ],
        ValueType::Numeric => &[
            "NumericEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
            "NumericNotEquals",
        ],
        ValueType::IpAddress => &["IpAddress", "NotIpAddress"],
        ValueType::Binary => &["BinaryEquals"],
        _ => &[
            "StringEquals",
            "StringLike",
            "StringNotEquals",
            "StringNotLike",
            "StringEqualsIgnoreCase",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::operators;
    use crate::catalog;

    #[test]
    fn what_is_two_things_takes_the_operators_of_both() {
        let of = |key: &str| operators(catalog().condition_key(key).expect(key));
        let epoch = of("aws:EpochTime");
        assert_eq!(epoch.first(), Some(&"DateLessThan"));
        assert!(epoch.contains(&"NumericLessThan"), "{epoch:?}");
        assert!(!of("aws:CurrentTime").contains(&"NumericLessThan"));
        let secret = of("secretsmanager:SecretId");
        assert_eq!(secret.first(), Some(&"StringLike"));
        assert!(secret.contains(&"ArnLike"), "{secret:?}");
    }
}
