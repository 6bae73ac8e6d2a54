//! A condition key in words.

use super::Detail;
use super::wording::{count, enumerate, source};
use crate::{ConditionKey, ValueType, catalog};
use std::fmt::Write;

/// A condition key: where it holds, what its values are, and which operators fit them.
pub fn describe_condition_key(key: ConditionKey, detail: Detail) -> String {
    let place = if key.global() {
        "a global condition key, which any service can use"
    } else {
        "a condition key"
    };
    let many = if key.value_type().many() {
        "several values"
    } else {
        "one value"
    };
    let mut out = format!(
        "`{}` is {place}. If a request has it, it has {many} of the type **{}**.\n\n- Operators that fit: {}.\n",
        key.name(),
        key.value_type().element().name(),
        enumerate(operators(key.value_type()), Detail::Full),
    );
    if key.value_type().many() {
        out.push_str("- With `ForAnyValue:` one of the values must match, with `ForAllValues:` all of them, or there must be none.\n");
    }
    let actions: Vec<String> = catalog()
        .actions()
        .filter(|action| {
            action.condition_keys().any(|known| known == key)
                || action
                    .resources()
                    .any(|resource| resource.condition_keys().any(|known| known == key))
        })
        .map(|action| action.full_name())
        .collect();
    if !actions.is_empty() {
        let _ = writeln!(
            out,
            "- {} list it: {}.",
            count(actions.len(), "action"),
            enumerate(&actions, Detail::Brief)
        );
    }
    if detail == Detail::Full {
        out.push_str(&source());
    }
    out
}

/// The operators for values of a type, the most usual first.
fn operators(value_type: ValueType) -> &'static [&'static str] {
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
