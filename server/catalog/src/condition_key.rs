//! Condition keys and the types of their values.

use std::sync::OnceLock;

use crate::blob::{self, tables};
use crate::limits::KEY_LENGTH;

/// A condition key. A name may end in a placeholder: `aws:RequestTag/${TagKey}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConditionKey(pub(crate) u32);

/// What the values of a condition key are. Decides which operators fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum ValueType {
    String,
    Arn,
    Bool,
    Date,
    Numeric,
    IpAddress,
    Binary,
    ArrayOfString,
    ArrayOfArn,
    ArrayOfBool,
    ArrayOfNumeric,
    ArrayOfIpAddress,
}

impl ValueType {
    pub(crate) const ALL: [Self; 12] = [
        Self::String,
        Self::Arn,
        Self::Bool,
        Self::Date,
        Self::Numeric,
        Self::IpAddress,
        Self::Binary,
        Self::ArrayOfString,
        Self::ArrayOfArn,
        Self::ArrayOfBool,
        Self::ArrayOfNumeric,
        Self::ArrayOfIpAddress,
    ];

    /// AWS's word for the type, as `ArrayOfString`.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Arn => "ARN",
            Self::Bool => "Bool",
            Self::Date => "Date",
            Self::Numeric => "Numeric",
            Self::IpAddress => "IPAddress",
            Self::Binary => "Binary",
            Self::ArrayOfString => "ArrayOfString",
            Self::ArrayOfArn => "ArrayOfARN",
            Self::ArrayOfBool => "ArrayOfBool",
            Self::ArrayOfNumeric => "ArrayOfNumeric",
            Self::ArrayOfIpAddress => "ArrayOfIPAddress",
        }
    }

    /// Whether a request can carry several values, so that `ForAllValues` and `ForAnyValue` make sense.
    pub fn many(self) -> bool {
        self >= Self::ArrayOfString
    }

    /// The type of one value.
    pub fn element(self) -> Self {
        match self {
            Self::ArrayOfString => Self::String,
            Self::ArrayOfArn => Self::Arn,
            Self::ArrayOfBool => Self::Bool,
            Self::ArrayOfNumeric => Self::Numeric,
            Self::ArrayOfIpAddress => Self::IpAddress,
            other => other,
        }
    }
}

impl ConditionKey {
    /// Its name as AWS spells it: `s3:prefix`, `aws:RequestTag/${TagKey}`.
    pub fn name(self) -> &'static str {
        blob::text(tables::CONDITION_KEYS.get(self.0, 0))
    }

    /// The type of its values.
    pub fn value_type(self) -> ValueType {
        ValueType::ALL
            .get(tables::CONDITION_KEYS.get(self.0, 1) as usize)
            .copied()
            .unwrap_or(ValueType::String)
    }

    /// Whether every service knows it.
    pub fn global(self) -> bool {
        tables::CONDITION_KEYS.get(self.0, 2) != 0
    }
}

/// The key that `name` is, placeholders of keys filled in by anything.
pub(crate) fn find(name: &str) -> Option<ConditionKey> {
    if let Some(row) = blob::find(tables::CONDITION_KEYS, 0, name) {
        return Some(ConditionKey(row));
    }
    if name.len() > KEY_LENGTH {
        return None;
    }
    let begins = |lead: &str| {
        let start = name.as_bytes().get(..lead.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(lead.as_bytes()))
    };
    let mut likely = templates().iter().filter(|(lead, _)| begins(lead));
    likely
        .find(|(_, key)| matches_template(key.name(), name))
        .map(|(_, key)| *key)
}

/// The keys with placeholders, each with what stands before its first one: most names begin like none of them.
fn templates() -> &'static [(&'static str, ConditionKey)] {
    static TEMPLATES: OnceLock<Vec<(&'static str, ConditionKey)>> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        let rows = 0..tables::KEY_TEMPLATES.rows();
        let keys = rows.map(|row| ConditionKey(tables::KEY_TEMPLATES.get(row, 0)));
        keys.map(|key| {
            let lead = key.name().split("${").next().unwrap_or_default();
            (lead, key)
        })
        .collect()
    })
}

/// Whether `name` is `template` with something in place of each `${…}`.
fn matches_template(template: &str, name: &str) -> bool {
    let Some((literal, rest)) = template.split_once("${") else {
        return template.eq_ignore_ascii_case(name);
    };
    let after = rest.split_once('}').map_or("", |(_, after)| after);
    let Some((start, value)) = name.split_at_checked(literal.len()) else {
        return false;
    };
    if !start.eq_ignore_ascii_case(literal) {
        return false;
    }
    if after.is_empty() {
        return !value.is_empty();
    }
    (1..=value.len()).any(|end| {
        value
            .get(end..)
            .is_some_and(|tail| matches_template(after, tail))
    })
}
