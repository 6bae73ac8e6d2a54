//! Which values an operator can compare a key with.

use std::net::IpAddr;

use leastwise_catalog::{ValueType, catalog};
use leastwise_policy::condition::Family;
use leastwise_policy::regions::{self, RegionKnown};
use leastwise_policy::service_principal::meant_by;

/// What is wrong with a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Misfit {
    /// Neither `true` nor `false`.
    Bool,
    /// No number.
    Number,
    /// No date and no seconds since 1970.
    Date,
    /// No address and no range of addresses.
    Address,
    /// No ARN.
    Arn,
    /// A range of addresses, compared as a text.
    Range,
    /// No service principal; the one that was meant.
    Service(Vec<String>),
    /// No account, with the number of its digits where it has nothing else.
    Account(Option<usize>),
    /// Neither `true` nor `false`, compared as a text with a key that is one of both.
    Truth,
    /// An id of something else; what the key holds, and the key that holds such ids.
    Id(&'static str, Option<&'static str>),
    /// No region; the one that was meant.
    Region(String),
    /// A session of a role, where the key has the role's own ARN.
    Session,
}

/// Keys whose values are ids of accounts.
const ACCOUNTS: [&str; 6] = [
    "aws:principalaccount",
    "aws:resourceaccount",
    "aws:sourceaccount",
    "aws:vpceaccount",
    "kms:calleraccount",
    "s3:resourceaccount",
];

/// Keys whose values are ARNs, whatever operator compares them.
const ARNS: [&str; 2] = ["aws:principalarn", "aws:sourcearn"];

/// Keys whose values are service principals.
const SERVICES: [&str; 6] = [
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "iam:passedtoservice",
];

/// Keys whose values are names of regions.
const REGIONS: [&str; 2] = ["aws:requestedregion", "ec2:region"];

/// Keys whose values are ids, with how these begin and what they name.
const IDS: [(&str, &str, &str); 11] = [
    ("aws:ec2instancesourcevpc", "vpc-", "a VPC ID"),
    ("aws:principalorgid", "o-", "an organization ID"),
    ("aws:principalorgpaths", "o-", "an organization path"),
    ("aws:resourceorgid", "o-", "an organization ID"),
    ("aws:resourceorgpaths", "o-", "an organization path"),
    ("aws:sourceorgid", "o-", "an organization ID"),
    ("aws:sourceorgpaths", "o-", "an organization path"),
    ("aws:sourcevpc", "vpc-", "a VPC ID"),
    ("aws:sourcevpce", "vpce-", "a VPC endpoint ID"),
    ("aws:vpceorgid", "o-", "an organization ID"),
    ("aws:vpceorgpaths", "o-", "an organization path"),
];

/// How ids begin that are taken for one another, with the key for them.
const BEGINNINGS: [(&str, Option<&str>); 6] = [
    ("vpc-", Some("aws:SourceVpc")),
    ("vpce-", Some("aws:SourceVpce")),
    ("o-", None),
    ("ou-", None),
    ("r-", None),
    ("arn:", None),
];

/// What is wrong with a value, where it can surely match nothing.
pub(super) fn misfit(family: Family, key: &str, value: &str) -> Option<Misfit> {
    let key = key.to_ascii_lowercase();
    let wild = value.contains(['*', '?']);
    match family {
        Family::Bool | Family::Null if !is_bool(value) => Some(Misfit::Bool),
        Family::Numeric if value.trim().parse::<f64>().is_err() => Some(Misfit::Number),
        Family::Date if !is_date(value) => Some(Misfit::Date),
        Family::Ip if !is_range(value) => Some(Misfit::Address),
        Family::Arn | Family::String if key == "aws:principalarn" && is_session(value) => {
            Some(Misfit::Session)
        }
        Family::Arn if !wild && !is_arn(value) => Some(Misfit::Arn),
        // No address has a slash.
        Family::String if value.contains('/') && holds(&key, ValueType::IpAddress) => {
            Some(Misfit::Range)
        }
        Family::String if !wild && !is_bool(value) && holds(&key, ValueType::Bool) => {
            Some(Misfit::Truth)
        }
        Family::String if !wild && REGIONS.contains(&key.as_str()) => region(value),
        Family::String if IDS.iter().any(|(of, ..)| *of == key) => id(&key, value),
        Family::String if !wild && SERVICES.contains(&key.as_str()) => service(value),
        Family::String if !wild && ARNS.contains(&key.as_str()) && !is_arn(value) => {
            Some(Misfit::Arn)
        }
        Family::String if !wild && ACCOUNTS.contains(&key.as_str()) => account(value),
        _ => None,
    }
}

fn is_bool(value: &str) -> bool {
    ["true", "false"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word))
}

fn is_arn(value: &str) -> bool {
    value.is_empty() || value.starts_with("arn:") && value.split(':').count() >= 6
}

/// Whether an ARN is that of a role's session.
fn is_session(value: &str) -> bool {
    let mut segments = value.splitn(6, ':').skip(2);
    segments.next() == Some("sts")
        && segments
            .nth(2)
            .is_some_and(|resource| resource.starts_with("assumed-role/"))
}

fn holds(key: &str, value_type: ValueType) -> bool {
    let key = catalog().condition_key(key);
    key.is_some_and(|key| key.value_type().element() == value_type)
}

fn region(value: &str) -> Option<Misfit> {
    match regions::region(value) {
        RegionKnown::Odd | RegionKnown::Malformed => {
            let meant = regions::suggest_region(value)?;
            Some(Misfit::Region(meant.to_owned()))
        }
        RegionKnown::In(_) | RegionKnown::Unfamiliar => None,
    }
}

/// An id of something else than the key holds, as far as it is written without wildcards.
fn id(key: &str, value: &str) -> Option<Misfit> {
    let (_, begins, what) = IDS.iter().find(|(of, ..)| *of == key)?;
    let plain = value.split(['*', '?']).next().unwrap_or_default();
    let account = value.len() == 12 && value.bytes().all(|byte| byte.is_ascii_digit());
    if account {
        return Some(Misfit::Id(what, None));
    }
    let other = BEGINNINGS
        .iter()
        .find(|(other, _)| plain.starts_with(other))?;
    (other.0 != *begins).then_some(Misfit::Id(what, other.1))
}

fn service(value: &str) -> Option<Misfit> {
    let meant = meant_by(value);
    (!meant.is_empty()).then_some(Misfit::Service(meant))
}

fn account(value: &str) -> Option<Misfit> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    match digits {
        true if value.len() == 12 => None,
        true => Some(Misfit::Account(Some(value.len()))),
        // Any other text may be filled in by somebody; digits that blanks or hyphens set apart are as people write accounts.
        false => {
            let apart = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b' ');
            let set_apart =
                value.contains(|c: char| c.is_ascii_digit()) && value.bytes().all(apart);
            (value.starts_with("arn:") || set_apart).then_some(Misfit::Account(None))
        }
    }
}

/// A moment as W3C's profile of ISO 8601 has it, from the year alone to fractions of a second, or seconds since 1970.
fn is_date(value: &str) -> bool {
    let value = value.trim();
    if value.parse::<f64>().is_ok() {
        return true;
    }
    let (date, time) = match value.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (value, None),
    };
    let number = |text: &str, digits: usize, most: u32| {
        text.len() == digits
            && text
                .parse::<u32>()
                .is_ok_and(|number| number >= 1 && number <= most)
    };
    let parts: Vec<&str> = date.split('-').collect();
    let good = match parts.as_slice() {
        [year] => number(year, 4, 9999),
        [year, month] => number(year, 4, 9999) && number(month, 2, 12),
        [year, month, day] => number(year, 4, 9999) && number(month, 2, 12) && number(day, 2, 31),
        _ => false,
    };
    good && time.is_none_or(|time| {
        let mut bytes = time.bytes();
        time.len() >= 2 && bytes.all(|byte| byte.is_ascii_digit() || b":.,+-Zz".contains(&byte))
    })
}

/// An address, or a range of them in CIDR notation.
fn is_range(value: &str) -> bool {
    let (address, length) = match value.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (value, None),
    };
    let Ok(address) = address.parse::<IpAddr>() else {
        return false;
    };
    let most = if address.is_ipv4() { 32 } else { 128 };
    length.is_none_or(|length| length.parse::<u32>().is_ok_and(|length| length <= most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_match_nothing() {
        for (family, key, value, misfit_of) in [
            (
                Family::Bool,
                "aws:SecureTransport",
                "yes",
                Some(Misfit::Bool),
            ),
            (Family::Bool, "aws:SecureTransport", "True", None),
            (Family::Null, "aws:TagKeys", "0", Some(Misfit::Bool)),
            (Family::Numeric, "s3:max-keys", "ten", Some(Misfit::Number)),
            (Family::Numeric, "s3:max-keys", "10.5", None),
            (
                Family::Date,
                "aws:CurrentTime",
                "tomorrow",
                Some(Misfit::Date),
            ),
            (
                Family::Date,
                "aws:CurrentTime",
                "01-02-2026",
                Some(Misfit::Date),
            ),
            (
                Family::Date,
                "aws:CurrentTime",
                "2026-13-01",
                Some(Misfit::Date),
            ),
            (
                Family::Date,
                "aws:CurrentTime",
                "2026-12-01Tnoon",
                Some(Misfit::Date),
            ),
            (
                Family::Date,
                "aws:CurrentTime",
                "2026-12-01T",
                Some(Misfit::Date),
            ),
            (
                Family::Date,
                "aws:CurrentTime",
                "2026-12-01T00:00:00Z",
                None,
            ),
            (Family::Date, "aws:CurrentTime", "2026-12-01T10", None),
            (
                Family::Date,
                "aws:CurrentTime",
                "2026-12-01T1",
                Some(Misfit::Date),
            ),
            (Family::Date, "aws:CurrentTime", "2026-12", None),
            (Family::Date, "aws:CurrentTime", "2026", None),
            (Family::Date, "aws:EpochTime", "1767225600", None),
            (
                Family::String,
                "aws:SourceAccount",
                "1111-1111-1111",
                Some(Misfit::Account(None)),
            ),
            (
                Family::String,
                "aws:SourceAccount",
                "111111111111 ",
                Some(Misfit::Account(None)),
            ),
            (Family::String, "aws:SourceAccount", "account-1", None),
            (Family::String, "aws:SourceAccount", "-", None),
            (Family::Ip, "aws:SourceIp", "203.0.113.0/24", None),
            (Family::Ip, "aws:SourceIp", "203.0.113.7", None),
            (Family::Ip, "aws:SourceIp", "203.0.113.7/32", None),
            (Family::Ip, "aws:SourceIp", "2001:db8::1/128", None),
            (Family::Ip, "aws:SourceIp", "2001:db8::/32", None),
            (
                Family::Ip,
                "aws:SourceIp",
                "203.0.113.0/33",
                Some(Misfit::Address),
            ),
            (
                Family::Ip,
                "aws:SourceIp",
                "203.0.113.*",
                Some(Misfit::Address),
            ),
            (
                Family::Ip,
                "aws:SourceIp",
                "203.0.113",
                Some(Misfit::Address),
            ),
            (
                Family::Arn,
                "aws:SourceArn",
                "shop-files",
                Some(Misfit::Arn),
            ),
            (Family::Arn, "aws:SourceArn", "*", None),
            (
                Family::Arn,
                "aws:SourceArn",
                "arn:aws:s3:::shop-files",
                None,
            ),
            (
                Family::String,
                "aws:PrincipalArn",
                "111111111111",
                Some(Misfit::Arn),
            ),
            (
                Family::String,
                "aws:SourceAccount",
                "11111111111",
                Some(Misfit::Account(Some(11))),
            ),
            (Family::String, "aws:SourceAccount", "111111111111", None),
            (Family::String, "aws:SourceAccount", "1111*", None),
            (Family::String, "aws:SourceAccount", "ours", None),
            (
                Family::String,
                "aws:SourceAccount",
                "arn:aws:iam::111111111111:root",
                Some(Misfit::Account(None)),
            ),
            (
                Family::Arn,
                "aws:PrincipalArn",
                "arn:aws:sts::*:assumed-role/shop/*",
                Some(Misfit::Session),
            ),
            (
                Family::String,
                "aws:PrincipalArn",
                "arn:aws:sts::111111111111:assumed-role/shop/me",
                Some(Misfit::Session),
            ),
            (
                Family::Arn,
                "aws:PrincipalArn",
                "arn:aws:sts::111111111111:federated-user/me",
                None,
            ),
            (
                Family::Arn,
                "aws:PrincipalArn",
                "arn:aws:iam::111111111111:role/assumed-role/me",
                None,
            ),
            (
                Family::Arn,
                "aws:SourceArn",
                "arn:aws:sts::111111111111:assumed-role/shop/me",
                None,
            ),
            (Family::Arn, "aws:SourceArn", "", None),
            (
                Family::Arn,
                "aws:SourceArn",
                "arn:aws:s3",
                Some(Misfit::Arn),
            ),
            (
                Family::String,
                "aws:SourceArn",
                "arn:aws:s3:::shop-files",
                None,
            ),
            (Family::String, "aws:SourceArn", "shop-*", None),
            (Family::String, "aws:SourceAccount", "", None),
            (
                Family::Date,
                "aws:CurrentTime",
                "2026-00",
                Some(Misfit::Date),
            ),
            (Family::Date, "aws:CurrentTime", "26-12", Some(Misfit::Date)),
            (
                Family::Date,
                "aws:CurrentTime",
                "2026-13",
                Some(Misfit::Date),
            ),
            (
                Family::Date,
                "aws:CurrentTime",
                "26-12-01",
                Some(Misfit::Date),
            ),
            (
                Family::Date,
                "aws:CurrentTime",
                "2026-12-32",
                Some(Misfit::Date),
            ),
            (Family::Date, "aws:CurrentTime", "2026-12-31", None),
            (Family::Date, "aws:CurrentTime", "2026T00:00Z", None),
            (
                Family::Date,
                "aws:CurrentTime",
                "2026-012",
                Some(Misfit::Date),
            ),
            (
                Family::Arn,
                "aws:SourceArn",
                "a:b:c:d:e:f",
                Some(Misfit::Arn),
            ),
            (Family::String, "aws:SourceAccount", "arn:*", None),
            (Family::String, "aws:SourceVpc", "11111111111", None),
            (
                Family::String,
                "aws:SourceIp",
                "203.0.113.0/24",
                Some(Misfit::Range),
            ),
            (
                Family::String,
                "aws:VpcSourceIp",
                "10.0.*/16",
                Some(Misfit::Range),
            ),
            (Family::String, "aws:SourceIp", "203.0.113.7", None),
            (Family::String, "aws:SourceIp", "203.0.113.*", None),
            (Family::String, "aws:RequestTag/net", "203.0.113.0/24", None),
            (
                Family::String,
                "iam:PassedToService",
                "lamda.amazonaws.com",
                Some(Misfit::Service(vec!["lambda.amazonaws.com".to_owned()])),
            ),
            (
                Family::String,
                "aws:CalledVia",
                "athena",
                Some(Misfit::Service(vec!["athena.amazonaws.com".to_owned()])),
            ),
            (
                Family::String,
                "iam:PassedToService",
                "lamda.amazonaws.*",
                None,
            ),
            (
                Family::String,
                "iam:PassedToService",
                "lambda.amazonaws.com",
                None,
            ),
            (
                Family::String,
                "iam:PassedToService",
                "medialive.amazonaws.com",
                None,
            ),
            (
                Family::String,
                "iam:PassedToService",
                "no-such-thing.amazonaws.com",
                None,
            ),
            (
                Family::String,
                "iam:AWSServiceName",
                "lamda.amazonaws.com",
                None,
            ),
            (Family::Null, "iam:PassedToService", "true", None),
            (
                Family::String,
                "aws:SecureTransport",
                "yes",
                Some(Misfit::Truth),
            ),
            (Family::String, "aws:SecureTransport", "true", None),
            (Family::String, "aws:SecureTransport", "tr*", None),
            (Family::String, "aws:RequestTag/on", "yes", None),
            (
                Family::String,
                "aws:RequestedRegion",
                "eu-west-1a",
                Some(Misfit::Region("eu-west-1".to_owned())),
            ),
            (
                Family::String,
                "ec2:Region",
                "eu-wset-1",
                Some(Misfit::Region("eu-west-1".to_owned())),
            ),
            (Family::String, "aws:RequestedRegion", "eu-west-1", None),
            (Family::String, "aws:RequestedRegion", "eu-west-9", None),
            (Family::String, "aws:RequestedRegion", "eu-wset-*", None),
            (Family::String, "aws:RequestedRegion", "everywhere", None),
            (Family::String, "aws:RequestTag/region", "eu-wset-1", None),
            (
                Family::String,
                "aws:SourceVpc",
                "vpce-1a2b",
                Some(Misfit::Id("a VPC ID", Some("aws:SourceVpce"))),
            ),
            (
                Family::String,
                "aws:SourceVpce",
                "vpc-*",
                Some(Misfit::Id("a VPC endpoint ID", Some("aws:SourceVpc"))),
            ),
            (Family::String, "aws:SourceVpce", "vpc*", None),
            (Family::String, "aws:SourceVpce", "vpce-1a2b", None),
            (Family::String, "aws:SourceVpce", "shop", None),
            (
                Family::String,
                "aws:PrincipalOrgID",
                "ou-ab12-11111111",
                Some(Misfit::Id("an organization ID", None)),
            ),
            (
                Family::String,
                "aws:PrincipalOrgID",
                "111111111111",
                Some(Misfit::Id("an organization ID", None)),
            ),
            (
                Family::String,
                "aws:ResourceOrgPaths",
                "r-ab12/*",
                Some(Misfit::Id("an organization path", None)),
            ),
            (
                Family::String,
                "aws:PrincipalOrgPaths",
                "o-a1b2/r-ab12/*",
                None,
            ),
            (Family::String, "aws:PrincipalTag/vpc", "vpce-1", None),
        ] {
            assert_eq!(misfit(family, key, value), misfit_of, "{key} {value}");
        }
    }
}
