//! Which operators fit the type that the catalog has for a key.

use leastwise_catalog::{ValueType, catalog};
use leastwise_policy::condition::{Base, Family, Operator};

/// Words in names of keys that the lists have as texts, and that people compare as what these words say: AWS's own pages
/// compare `glacier:ArchiveAgeInDays` as a number.
const DOUBTFUL: [&str; 32] = [
    "access",
    "address",
    "age",
    "allow",
    "allowed",
    "cidr",
    "count",
    "date",
    "days",
    "disable",
    "disabled",
    "duration",
    "enable",
    "enabled",
    "encrypted",
    "encryption",
    "export",
    "ip",
    "is",
    "level",
    "limit",
    "max",
    "min",
    "number",
    "port",
    "public",
    "published",
    "range",
    "seconds",
    "size",
    "time",
    "version",
];

/// What a key holds, where the operator compares something else.
///
/// Texts fit every operator of strings, and ARNs that the lists have as texts those of ARNs. What stands behind the name
/// of a tag may be anything.
pub(super) fn mismatch(operator: &Operator, name: &str) -> Option<ValueType> {
    let key = catalog().condition_key(name)?;
    let holds = key.value_type().element();
    if operator.takes(holds) {
        return None;
    }
    let loose = || {
        let all_services = key.global() || name.to_ascii_lowercase().starts_with("aws:");
        key.name().contains("${")
            || operator.base.family == Family::Binary
            || !all_services && words(key.name()).any(|word| DOUBTFUL.contains(&word.as_str()))
    };
    (holds != ValueType::String || !loose()).then_some(holds)
}

/// The words of a name as `ecs:enable-execute-command` or `glacier:ArchiveAgeInDays`, in lower case.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in name.chars() {
        let begins =
            !letter.is_ascii_alphabetic() || letter.is_uppercase() && before.is_lowercase();
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    let letters = |word: String| {
        word.trim_matches(|c: char| !c.is_ascii_alphabetic())
            .to_owned()
    };
    words.into_iter().map(letters)
}

/// What operators of a family compare.
pub(super) fn compared(family: Family) -> &'static str {
    match family {
        Family::String => "texts",
        Family::Numeric => "numbers",
        Family::Date => "dates",
        Family::Bool | Family::Null => "`true` and `false`",
        Family::Binary => "byte strings",
        Family::Ip => "IP addresses",
        Family::Arn => "ARNs",
    }
}

/// What the value of a key is.
pub(super) fn held(value_type: ValueType) -> &'static str {
    match value_type.element() {
        ValueType::Arn => "an ARN",
        ValueType::Bool => "`true` or `false`",
        ValueType::Date => "a date",
        ValueType::Numeric => "a number",
        ValueType::IpAddress => "an IP address",
        ValueType::Binary => "a byte string",
        _ => "a string",
    }
}

/// The operator that one would write for such a key in the place of another.
pub(super) fn fitting(base: &Base, value_type: ValueType) -> &'static str {
    match (value_type.element(), base.negated) {
        (ValueType::Arn, false) => "ArnLike",
        (ValueType::Arn, true) => "ArnNotLike",
        (ValueType::Bool, _) => "Bool",
        (ValueType::Date, _) => "DateLessThan",
        (ValueType::Numeric, false) => "NumericEquals",
        (ValueType::Numeric, true) => "NumericNotEquals",
        (ValueType::IpAddress, false) => "IpAddress",
        (ValueType::IpAddress, true) => "NotIpAddress",
        (ValueType::Binary, _) => "BinaryEquals",
        (_, false) => "StringEquals",
        (_, true) => "StringNotEquals",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_by_the_type_of_the_key() {
        let text = Some(ValueType::String);
        for (operator, key, holds) in [
            ("Bool", "aws:SourceVpc", text),
            ("NumericEquals", "aws:PrincipalAccount", text),
            ("IpAddress", "aws:SourceVpce", text),
            ("DateGreaterThan", "aws:PrincipalArn", Some(ValueType::Arn)),
            ("ArnLike", "aws:SecureTransport", Some(ValueType::Bool)),
            ("ArnLike", "aws:SourceIp", Some(ValueType::IpAddress)),
            ("Bool", "aws:MultiFactorAuthAge", Some(ValueType::Numeric)),
            ("Bool", "aws:CurrentTime", Some(ValueType::Date)),
            (
                "DateLessThan",
                "aws:MultiFactorAuthAge",
                Some(ValueType::Numeric),
            ),
            ("ForAnyValue:Bool", "aws:TagKeys", text),
            ("NumericEquals", "s3:prefix", text),
            ("IpAddress", "s3:prefix", text),
            ("Bool", "s3:TlsVersion", Some(ValueType::Numeric)),
            // What AWS compares so.
            ("StringEquals", "aws:PrincipalArn", None),
            ("StringLike", "aws:SecureTransport", None),
            ("StringEquals", "aws:CurrentTime", None),
            ("StringEquals", "aws:SourceIp", None),
            ("ArnLike", "aws:SourceVpc", None),
            ("NumericGreaterThan", "aws:EpochTime", None),
            ("NumericLessThan", "aws:CurrentTime", None),
            ("Null", "aws:SecureTransport", None),
            ("Null", "aws:SourceVpc", None),
            ("BinaryEquals", "s3:prefix", None),
            ("BinaryEquals", "aws:SecureTransport", Some(ValueType::Bool)),
            // Anything may stand in a tag.
            ("NumericLessThan", "aws:ResourceTag/level", None),
            ("Bool", "aws:PrincipalTag/admin", None),
            ("DateGreaterThan", "s3:ExistingObjectTag/until", None),
            // Lists have these as texts.
            ("NumericLessThan", "glacier:ArchiveAgeInDays", None),
            ("Bool", "ecs:enable-execute-command", None),
            ("IpAddress", "ec2:PublicIpAddress", None),
            ("Bool", "aws:NoSuchKey", None),
        ] {
            let parsed = Operator::parse(operator).unwrap();
            assert_eq!(mismatch(&parsed, key), holds, "{operator} {key}");
        }
    }

    #[test]
    fn what_one_would_write() {
        for (operator, value_type, meant) in [
            ("Bool", ValueType::String, "StringEquals"),
            ("NotIpAddress", ValueType::ArrayOfString, "StringNotEquals"),
            ("Bool", ValueType::Arn, "ArnLike"),
            ("NumericNotEquals", ValueType::Arn, "ArnNotLike"),
            ("ArnNotLike", ValueType::Bool, "Bool"),
            ("Bool", ValueType::Date, "DateLessThan"),
            ("Bool", ValueType::Numeric, "NumericEquals"),
            ("NotIpAddress", ValueType::Numeric, "NumericNotEquals"),
            ("Bool", ValueType::IpAddress, "IpAddress"),
            ("ArnNotEquals", ValueType::IpAddress, "NotIpAddress"),
            ("Bool", ValueType::Binary, "BinaryEquals"),
        ] {
            let base = Operator::parse(operator).unwrap().base;
            assert_eq!(fitting(base, value_type), meant, "{operator}");
        }
    }
}
