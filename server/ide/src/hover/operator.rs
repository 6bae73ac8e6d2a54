//! Condition operators: what they compare, how, and what becomes of a request without the key.

use leastwise_policy::condition::{Family, Operator, Quantifier};

/// A condition operator.
pub(crate) fn operator(operator: &Operator) -> String {
    let base = operator.base;
    let mut text = format!("**{}**: the key's value {}.", operator.name(), base.meaning);
    match operator.quantifier {
        Some(Quantifier::ForAllValues) => {
            text.push_str(" For a multivalued key, all values must do so; also true when the request has none.");
        }
        Some(Quantifier::ForAnyValue) => {
            text.push_str(" For a multivalued key, one value must do so.")
        }
        None => {}
    }
    if operator.if_exists {
        text.push_str(" Also matches when the request doesn't have the key.");
    }
    text.push_str("\n\n");
    for line in [case(operator), wildcards(operator), Some(absent(operator))]
        .into_iter()
        .flatten()
    {
        text.push_str("- ");
        text.push_str(line);
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

/// Whether capitals count.
fn case(operator: &Operator) -> Option<&'static str> {
    match operator.base.family {
        Family::String if operator.base.name.ends_with("IgnoreCase") => {
            Some("Capitals and small letters are the same.")
        }
        Family::String | Family::Arn => Some("Capitals and small letters differ."),
        _ => None,
    }
}

/// Which wildcards there are.
fn wildcards(operator: &Operator) -> Option<&'static str> {
    match (operator.base.family, operator.base.wildcards) {
        (Family::String, true) => Some(
            "`*` stands for any characters, or none; `?` for one. Without them it compares as `StringEquals` does.",
        ),
        (Family::String, false) => Some(
            "`*` and `?` stand for themselves: `StringLike` and `StringNotLike` take wildcards.",
        ),
        (Family::Arn, _) => Some(
            "`*` stands for any characters, `?` for one, within a segment: not across the first five colons. `ArnEquals` and `ArnLike` are the same.",
        ),
        (Family::Ip, _) => Some(
            "An address without a prefix length is one address; IPv4 and IPv6 can stand side by side.",
        ),
        (Family::Date, _) => {
            Some("Dates are written as ISO 8601, `2026-01-31T12:00:00Z`, or as seconds since 1970.")
        }
        _ => None,
    }
}

/// What becomes of a request without the key.
fn absent(operator: &Operator) -> &'static str {
    match operator.quantifier {
        _ if operator.base.family == Family::Null => {
            "With `true` the key must be absent from the request, with `false` it must be there."
        }
        _ if operator.if_exists => "A request without the key meets the condition.",
        Some(Quantifier::ForAllValues) => {
            "A request without the key meets the condition: beside an `Allow` it takes a `Null` condition to rule that out."
        }
        Some(Quantifier::ForAnyValue) => "A request without the key doesn't meet the condition.",
        None if operator.base.negated => "A request without the key meets the condition, too.",
        None => {
            "A request without the key doesn't meet the condition; with `IfExists` behind the name it does."
        }
    }
}
