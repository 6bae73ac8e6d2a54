//! Condition operators: `ForAnyValue:StringLikeIfExists` and its kin.

use crate::suggest::{all_nearest, nearest, nearest_in_sense};
use leastwise_catalog::ValueType;

/// What kind of values an operator compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// Text.
    String,
    /// Whole and decimal numbers.
    Numeric,
    /// Dates in ISO 8601, or seconds since 1970.
    Date,
    /// `true` and `false`.
    Bool,
    /// Base64.
    Binary,
    /// Addresses and ranges in CIDR notation.
    Ip,
    /// ARNs, segment by segment.
    Arn,
    /// Whether the key is there at all.
    Null,
}

/// A base operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Base {
    /// The name as AWS spells it.
    pub name: &'static str,
    /// What it compares.
    pub family: Family,
    /// True if it holds where the plain operator doesn't.
    pub negated: bool,
    /// True if `*` and `?` in the policy's value are wildcards.
    pub wildcards: bool,
    /// What it does, in half a sentence that follows "holds when the key's value …".
    pub meaning: &'static str,
}

/// How an operator treats keys with several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// `ForAllValues:`: each value of the request must match; holds also when the request has none.
    ForAllValues,
    /// `ForAnyValue:`: one value of the request must match.
    ForAnyValue,
}

impl Quantifier {
    /// The name as AWS spells it, without the colon.
    pub fn name(self) -> &'static str {
        match self {
            Quantifier::ForAllValues => "ForAllValues",
            Quantifier::ForAnyValue => "ForAnyValue",
        }
    }
}

/// An operator as written in a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Its prefix, if any.
    pub quantifier: Option<Quantifier>,
    /// The base.
    pub base: &'static Base,
    /// True with `IfExists`: holds also when the request doesn't have the key.
    pub if_exists: bool,
}

/// Why a text is no operator.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BadOperator {
    /// The prefix is neither `ForAllValues` nor `ForAnyValue`; the nearest whole operator, if any.
    Quantifier(Option<String>),
    /// No base operator has this name; the nearest whole operator, if any.
    Unknown(Option<String>),
    /// `Null` can't have `IfExists`.
    NullIfExists,
}

const fn base(name: &'static str, family: Family, meaning: &'static str) -> Base {
    Base {
        name,
        family,
        negated: false,
        wildcards: false,
        meaning,
    }
}

const fn not(base: Base) -> Base {
    Base {
        negated: true,
        ..base
    }
}

const fn wild(base: Base) -> Base {
    Base {
        wildcards: true,
        ..base
    }
}

/// Every base operator.
pub const OPERATORS: &[Base] = &[
    base("StringEquals", Family::String, "is one of these strings"),
    not(base(
        "StringNotEquals",
        Family::String,
        "is none of these strings",
    )),
    base(
        "StringEqualsIgnoreCase",
        Family::String,
        "is one of these strings, ignoring case",
    ),
    not(base(
        "StringNotEqualsIgnoreCase",
        Family::String,
        "is none of these strings, ignoring case",
    )),
    wild(base(
        "StringLike",
        Family::String,
        "matches one of these strings, in which `*` and `?` are wildcards",
    )),
    wild(not(base(
        "StringNotLike",
        Family::String,
        "matches none of these strings, in which `*` and `?` are wildcards",
    ))),
    base("NumericEquals", Family::Numeric, "is one of these numbers"),
    not(base(
        "NumericNotEquals",
        Family::Numeric,
        "is none of these numbers",
    )),
    base("NumericLessThan", Family::Numeric, "is below the number"),
    base(
        "NumericLessThanEquals",
        Family::Numeric,
        "is at most the number",
    ),
    base("NumericGreaterThan", Family::Numeric, "is above the number"),
    base(
        "NumericGreaterThanEquals",
        Family::Numeric,
        "is at least the number",
    ),
    base("DateEquals", Family::Date, "is one of these dates"),
    not(base(
        "DateNotEquals",
        Family::Date,
        "is none of these dates",
    )),
    base("DateLessThan", Family::Date, "is before the date"),
    base(
        "DateLessThanEquals",
        Family::Date,
        "is at or before the date",
    ),
    base("DateGreaterThan", Family::Date, "is after the date"),
    base(
        "DateGreaterThanEquals",
        Family::Date,
        "is at or after the date",
    ),
    base("Bool", Family::Bool, "is this Boolean value"),
    base(
        "BinaryEquals",
        Family::Binary,
        "is one of these byte strings",
    ),
    base("IpAddress", Family::Ip, "is in one of these address ranges"),
    not(base(
        "NotIpAddress",
        Family::Ip,
        "is in none of these address ranges",
    )),
    wild(base(
        "ArnEquals",
        Family::Arn,
        "matches one of these ARNs, segment by segment, with wildcards",
    )),
    wild(base(
        "ArnLike",
        Family::Arn,
        "matches one of these ARNs, segment by segment, with wildcards",
    )),
    wild(not(base(
        "ArnNotEquals",
        Family::Arn,
        "matches none of these ARNs, segment by segment, with wildcards",
    ))),
    wild(not(base(
        "ArnNotLike",
        Family::Arn,
        "matches none of these ARNs, segment by segment, with wildcards",
    ))),
    base(
        "Null",
        Family::Null,
        "is absent (`true`) or present (`false`)",
    ),
];

impl Operator {
    /// Reads an operator. Case doesn't count, as in IAM.
    pub fn parse(text: &str) -> Result<Operator, BadOperator> {
        let (quantifier, rest) = match text.split_once(':') {
            None => (None, text),
            Some((prefix, rest)) => {
                let quantifier = [Quantifier::ForAllValues, Quantifier::ForAnyValue]
                    .into_iter()
                    .find(|quantifier| quantifier.name().eq_ignore_ascii_case(prefix));
                match quantifier {
                    Some(_) => (quantifier, rest),
                    None => return Err(BadOperator::Quantifier(suggest(text))),
                }
            }
        };
        if let Some(base) = find(rest) {
            return Ok(Operator {
                quantifier,
                base,
                if_exists: false,
            });
        }
        let Some(base) = strip_if_exists(rest).and_then(find) else {
            return Err(BadOperator::Unknown(suggest(text)));
        };
        match base.family {
            Family::Null => Err(BadOperator::NullIfExists),
            _ => Ok(Operator {
                quantifier,
                base,
                if_exists: true,
            }),
        }
    }

    /// The operator as AWS spells it.
    pub fn name(&self) -> String {
        let prefix = self
            .quantifier
            .map(|quantifier| format!("{}:", quantifier.name()))
            .unwrap_or_default();
        let suffix = if self.if_exists { "IfExists" } else { "" };
        format!("{prefix}{}{suffix}", self.base.name)
    }

    /// Whether the operator can be meant for a key with values of this type.
    ///
    /// Lenient where IAM compares all the same: string operators take any type but dates and numbers compared by
    /// order, and `Null` takes every key.
    pub fn takes(&self, value: ValueType) -> bool {
        match (self.base.family, value.element()) {
            (Family::Null | Family::String, _) => true,
            (Family::Numeric, ValueType::Numeric) => true,
            // Dates may be written as seconds since 1970.
            (Family::Date | Family::Numeric, ValueType::Date) => true,
            (Family::Bool, ValueType::Bool) => true,
            (Family::Binary, ValueType::Binary) => true,
            (Family::Ip, ValueType::IpAddress) => true,
            (Family::Arn, ValueType::Arn | ValueType::String) => true,
            _ => false,
        }
    }
}

fn find(name: &str) -> Option<&'static Base> {
    OPERATORS
        .iter()
        .find(|base| base.name.eq_ignore_ascii_case(name))
}

fn strip_if_exists(text: &str) -> Option<&str> {
    let (start, end) = text.split_at_checked(text.len().checked_sub("IfExists".len())?)?;
    end.eq_ignore_ascii_case("IfExists").then_some(start)
}

/// A base operator before a misspelt `IfExists`.
fn strip_near_if_exists(text: &str) -> Option<&str> {
    let bases = OPERATORS.iter().filter_map(|base| {
        let (start, end) = text.split_at_checked(base.name.len())?;
        start
            .eq_ignore_ascii_case(base.name)
            .then_some((start, end))
    });
    let (start, end) = bases.max_by_key(|(start, _)| start.len())?;
    nearest(end, ["IfExists"]).map(|_| start)
}

/// The whole operator that a misspelt one was probably meant to be.
fn suggest(text: &str) -> Option<String> {
    suggest_all(text).into_iter().next()
}

/// The whole operators that a misspelt one was probably meant to be, all of them equally near.
pub fn suggest_all(text: &str) -> Vec<String> {
    let (prefix, rest) = match text.split_once(':') {
        Some((prefix, rest)) => (Some(prefix), rest),
        None => (None, text),
    };
    let (rest, suffix) = match strip_if_exists(rest).or_else(|| strip_near_if_exists(rest)) {
        Some(start) => (start, "IfExists"),
        None => (rest, ""),
    };
    let bases = match find(rest) {
        Some(base) => vec![base.name],
        None => nearest_in_sense(rest, OPERATORS.iter().map(|base| base.name)),
    };
    let prefixes = prefix.map(|prefix| all_nearest(prefix, ["ForAllValues", "ForAnyValue"]));
    let whole = |base: &str| -> Vec<String> {
        let suffix = if base == "Null" { "" } else { suffix };
        match &prefixes {
            None => vec![format!("{base}{suffix}")],
            Some(prefixes) => {
                let prefixes = prefixes.iter();
                prefixes
                    .map(|prefix| format!("{prefix}:{base}{suffix}"))
                    .collect()
            }
        }
    };
    bases.into_iter().flat_map(whole).collect()
}

/// The base operators that fit a key with values of this type, the usual ones first.
pub fn operators_for(value: ValueType) -> impl Iterator<Item = &'static Base> {
    let own = move |base: &&Base| match value.element() {
        ValueType::String => base.family == Family::String,
        ValueType::Arn => base.family == Family::Arn,
        ValueType::Bool => base.family == Family::Bool,
        ValueType::Date => base.family == Family::Date,
        ValueType::Numeric => base.family == Family::Numeric,
        ValueType::IpAddress => base.family == Family::Ip,
        ValueType::Binary => base.family == Family::Binary,
        _ => base.family == Family::String,
    };
    OPERATORS
        .iter()
        .filter(own)
        .chain(OPERATORS.iter().filter(|base| base.family == Family::Null))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_operator_in_every_form() {
        for base in OPERATORS {
            for quantifier in [
                None,
                Some(Quantifier::ForAllValues),
                Some(Quantifier::ForAnyValue),
            ] {
                for if_exists in [false, true] {
                    let operator = Operator {
                        quantifier,
                        base,
                        if_exists,
                    };
                    let read = Operator::parse(&operator.name().to_ascii_lowercase());
                    match base.family == Family::Null && if_exists {
                        true => assert_eq!(read, Err(BadOperator::NullIfExists)),
                        false => assert_eq!(read, Ok(operator)),
                    }
                }
            }
        }
    }

    #[test]
    fn marks_exactly_the_negated_ones() {
        for base in OPERATORS {
            assert_eq!(base.negated, base.name.contains("Not"), "{}", base.name);
        }
    }

    #[test]
    fn takes_keys_of_its_own_type() {
        for (name, value, takes) in [
            ("BinaryEquals", ValueType::Binary, true),
            ("BinaryEquals", ValueType::Bool, false),
            ("IpAddress", ValueType::IpAddress, true),
            ("NotIpAddress", ValueType::IpAddress, true),
            ("IpAddress", ValueType::String, false),
            ("StringEquals", ValueType::IpAddress, true),
            ("Null", ValueType::Binary, true),
            ("NumericEquals", ValueType::Date, true),
            ("DateEquals", ValueType::Numeric, false),
        ] {
            let operator = Operator::parse(name).unwrap();
            assert_eq!(operator.takes(value), takes, "{name} {value:?}");
        }
    }

    #[test]
    fn suggests_what_was_meant() {
        for (text, meant) in [
            ("StringEqual", "StringEquals"),
            ("StringLikes", "StringLike"),
            ("stringequlsifexists", "StringEqualsIfExists"),
            ("ForAnyValues:StringLike", "ForAnyValue:StringLike"),
            ("ForAllValue:StringEqual", "ForAllValues:StringEquals"),
            ("IPAdress", "IpAddress"),
            ("StringNotLikeIfExist", "StringNotLikeIfExists"),
            (
                "ForAnyValue:stringequalsIfExits",
                "ForAnyValue:StringEqualsIfExists",
            ),
            (
                "StringEqualsIgnoreCaseIfExist",
                "StringEqualsIgnoreCaseIfExists",
            ),
            ("StringEqualsX", "StringEquals"),
            ("NullIfExistss", "Null"),
            ("NotStringEquals", "StringNotEquals"),
            ("NotStringLikeIfExists", "StringNotLikeIfExists"),
            ("StringUnlike", "StringNotLike"),
            ("ArnUnlike", "ArnNotLike"),
            ("NotArnLike", "ArnNotLike"),
            ("NotNumericEquals", "NumericNotEquals"),
            ("IpAddressNot", "NotIpAddress"),
            ("IpNotAddress", "NotIpAddress"),
            ("ForAnyValue:NotStringEquals", "ForAnyValue:StringNotEquals"),
            ("StringNotEqual", "StringNotEquals"),
        ] {
            let suggestion = suggest(text);
            assert_eq!(suggestion.as_deref(), Some(meant), "{text}");
        }
        assert_eq!(suggest_all("ForAaaValues:Bool"), ["ForAllValues:Bool"]);
        assert_eq!(suggest_all("DateGreatThan"), ["DateGreaterThan"]);
        // There is none that turns these round.
        for text in ["DateNotLessThan", "NotBool", "NotNull"] {
            assert_eq!(suggest(text), None, "{text}");
        }
        assert_eq!(
            Operator::parse("For:StringEquals"),
            Err(BadOperator::Quantifier(None))
        );
        assert_eq!(Operator::parse(""), Err(BadOperator::Unknown(None)));
        assert_eq!(Operator::parse("é"), Err(BadOperator::Unknown(None)));
    }

    #[test]
    fn knows_which_values_an_operator_takes() {
        let takes = |name: &str, value| Operator::parse(name).map(|operator| operator.takes(value));
        assert_eq!(takes("ArnLike", ValueType::ArrayOfArn), Ok(true));
        assert_eq!(takes("IpAddress", ValueType::String), Ok(false));
        assert_eq!(takes("Bool", ValueType::Numeric), Ok(false));
        assert_eq!(takes("Null", ValueType::Bool), Ok(true));
        assert_eq!(takes("NumericLessThan", ValueType::Date), Ok(true));
    }
}
