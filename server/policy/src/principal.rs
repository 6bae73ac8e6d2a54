//! Principals: whom a statement of a resource or trust policy is about.

use crate::arn::{Arn, ArnShape};
use crate::service_principal::ServiceName;
use crate::{Pattern, Tri, pattern};
use leastwise_catalog::catalog;

/// The keys that a `Principal` mapping has. Case counts.
pub const PRINCIPAL_TYPES: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

/// What one value of a `Principal` stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Principal {
    /// `*`: everybody, also without signing in.
    Everybody,
    /// A whole account, by its number or by `arn:aws:iam::…:root`.
    Account(String),
    /// A role, user, or session by its ARN.
    Identity,
    /// AWS's own id of an identity (`AIDA…`, `AROA…`): what a deleted one leaves behind in a policy.
    UniqueId(IdentityKind),
    /// A service principal; `Yes` if AWS has it, `Maybe` if it has at least the shape.
    Service(Tri),
    /// A web identity provider by its domain name, or an OIDC or SAML provider by its ARN.
    Provider,
    /// A canonical user id: 64 hexadecimal digits.
    CanonicalUser,
    /// It depends on an unknown part.
    Unknown,
    /// AWS wouldn't take it.
    Malformed(BadPrincipal),
}

/// What a unique id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdentityKind {
    /// `AIDA…`
    User,
    /// `AROA…`
    Role,
}

/// Why AWS wouldn't take a principal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BadPrincipal {
    /// An account number that hasn't 12 digits; how many it has.
    AccountDigits(usize),
    /// A wildcard within a text; only `*` alone stands for everybody.
    Wildcard,
    /// It has none of the forms this key takes.
    Shape,
    /// The ARN isn't one of IAM or STS that can be a principal.
    OtherArn,
    /// The key isn't one of [`PRINCIPAL_TYPES`].
    UnknownType,
}

impl Principal {
    /// Reads one value under a key of [`PRINCIPAL_TYPES`].
    pub fn parse(key: &str, value: &Pattern) -> Principal {
        if !PRINCIPAL_TYPES.contains(&key) {
            return Principal::Malformed(BadPrincipal::UnknownType);
        }
        if value.is_star() && key == "AWS" {
            return Principal::Everybody;
        }
        if value.has_holes() {
            return Principal::Unknown;
        }
        if value.has_wildcards() {
            return Principal::Malformed(BadPrincipal::Wildcard);
        }
        let text = value.as_literal().unwrap_or_default();
        match key {
            "AWS" => aws(value, &text),
            "Service" => service(&text),
            "Federated" => federated(value, &text),
            _ if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) => {
                Principal::CanonicalUser
            }
            _ => Principal::Malformed(BadPrincipal::Shape),
        }
    }
}

fn aws(value: &Pattern, text: &str) -> Principal {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.len() {
            12 => Principal::Account(text.to_owned()),
            digits => Principal::Malformed(BadPrincipal::AccountDigits(digits)),
        };
    }
    if let Some(kind) = unique_id(text) {
        return Principal::UniqueId(kind);
    }
    let ArnShape::Arn(arn) = Arn::parse(value) else {
        return Principal::Malformed(BadPrincipal::Shape);
    };
    let service = arn.service.as_literal().unwrap_or_default();
    let account = arn.account.as_literal().unwrap_or_default();
    let resource = arn.resource.as_literal().unwrap_or_default();
    let starts = |starts: &[&str]| starts.iter().any(|start| resource.starts_with(start));
    let known = match service.as_str() {
        "iam" => resource == "root" || starts(&["role/", "user/"]),
        "sts" => resource == "root" || starts(&["assumed-role/", "federated-user/", "self"]),
        _ => false,
    };
    let digits = account.bytes().filter(u8::is_ascii_digit).count();
    match known {
        // `arn:aws:iam::cloudfront:user/…` names an origin access identity.
        true if account == "cloudfront" => Principal::Identity,
        true if digits != 12 || account.len() != 12 => {
            Principal::Malformed(BadPrincipal::AccountDigits(digits))
        }
        true if resource == "root" => Principal::Account(account),
        true => Principal::Identity,
        false => Principal::Malformed(BadPrincipal::OtherArn),
    }
}

fn service(text: &str) -> Principal {
    if catalog().is_service_principal(text) {
        return Principal::Service(Tri::Yes);
    }
    let labels: Vec<&str> = text.split('.').collect();
    let label = |label: &&str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
    };
    let ends = [
        ".amazonaws.com",
        ".amazonaws.com.cn",
        ".amazon.com",
        ".aws.internal",
    ];
    let end = ends.iter().any(|end| text.ends_with(end));
    match end && labels.len() >= 3 && labels.iter().all(label) {
        true => Principal::Service(Tri::Maybe),
        false => Principal::Malformed(BadPrincipal::Shape),
    }
}

fn federated(value: &Pattern, text: &str) -> Principal {
    if let ArnShape::Arn(arn) = Arn::parse(value) {
        let of_iam = arn.service.raw() == "iam";
        let resource = arn.resource.as_literal().unwrap_or_default();
        let account = arn.account.as_literal().unwrap_or_default();
        let digits = account.bytes().filter(u8::is_ascii_digit).count();
        let provider =
            resource.starts_with("oidc-provider/") || resource.starts_with("saml-provider/");
        return match of_iam && provider {
            true if digits == 12 && account.len() == 12 => Principal::Provider,
            true => Principal::Malformed(BadPrincipal::AccountDigits(digits)),
            false => Principal::Malformed(BadPrincipal::OtherArn),
        };
    }
    let domain = text.contains('.')
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'/' | b'_'));
    match domain {
        true => Principal::Provider,
        false => Principal::Malformed(BadPrincipal::Shape),
    }
}

/// The providers of web identities that AWS knows by their names.
const WEB_PROVIDERS: [&str; 4] = [
    "accounts.google.com",
    "cognito-identity.amazonaws.com",
    "graph.facebook.com",
    "www.amazon.com",
];

/// The key of [`PRINCIPAL_TYPES`] that a known text surely belongs under; `None` where it could be under several, or
/// under none.
pub fn kind_of(value: &Pattern) -> Option<&'static str> {
    let text = value.as_literal()?;
    if let ArnShape::Arn(arn) = Arn::parse(value) {
        let resource = arn.resource.raw();
        let starts = |starts: &[&str]| starts.iter().any(|start| resource.starts_with(start));
        return match arn.service.raw() {
            "iam" if starts(&["oidc-provider/", "saml-provider/"]) => Some("Federated"),
            "iam" if resource == "root" || starts(&["role/", "user/"]) => Some("AWS"),
            "sts" if starts(&["assumed-role/", "federated-user/"]) => Some("AWS"),
            _ => None,
        };
    }
    if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some("AWS");
    }
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Some("CanonicalUser");
    }
    if WEB_PROVIDERS.contains(&text.as_str()) {
        return Some("Federated");
    }
    let known = text.contains('.') && ServiceName::of(&text) == ServiceName::Known;
    known.then_some("Service")
}

/// What a unique id such as `AROAEXAMPLEEXAMPLE123` names; `None` if the text isn't one.
pub fn unique_id(text: &str) -> Option<IdentityKind> {
    let kind = match text.get(..4)? {
        "AIDA" => IdentityKind::User,
        "AROA" => IdentityKind::Role,
        _ => return None,
    };
    let id = (16..=128).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    id.then_some(kind)
}

/// The account that a principal's or a resource's ARN names, where it is known and has 12 digits.
pub fn account_of(value: &Pattern) -> Option<String> {
    let raw = value.raw();
    let account = match Arn::parse(value) {
        ArnShape::Arn(arn) => arn.account.as_literal()?,
        ArnShape::NotArn(_) => pattern::as_literal(raw)?,
        ArnShape::Star | ArnShape::Unknown => return None,
    };
    (account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit())).then_some(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_principals() {
        use BadPrincipal::*;
        for (key, value, expected) in [
            ("AWS", "*", Principal::Everybody),
            (
                "AWS",
                "111111111111",
                Principal::Account("111111111111".into()),
            ),
            (
                "AWS",
                "arn:aws:iam::111111111111:root",
                Principal::Account("111111111111".into()),
            ),
            (
                "AWS",
                "arn:aws:iam::111111111111:role/a/b",
                Principal::Identity,
            ),
            (
                "AWS",
                "arn:aws:sts::111111111111:assumed-role/r/s",
                Principal::Identity,
            ),
            (
                "AWS",
                "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1",
                Principal::Identity,
            ),
            (
                "AWS",
                "AROAAAAABBBBCCCCDDDDE",
                Principal::UniqueId(IdentityKind::Role),
            ),
            (
                "AWS",
                "AIDAAAAABBBBCCCCDDDDE",
                Principal::UniqueId(IdentityKind::User),
            ),
            (
                "AWS",
                "arn:aws:sts::111111111111:root",
                Principal::Account("111111111111".into()),
            ),
            (
                "AWS",
                "arn:aws:iam::11111111111a:root",
                Principal::Malformed(AccountDigits(11)),
            ),
            (
                "Federated",
                "arn:aws:iam::11111111111a:saml-provider/x",
                Principal::Malformed(AccountDigits(11)),
            ),
            (
                "Federated",
                "arn:aws:iam::1111111111110a:saml-provider/x",
                Principal::Malformed(AccountDigits(13)),
            ),
            ("AWS", "${DeployRoleArn}", Principal::Unknown),
            (
                "AWS",
                "11111111111",
                Principal::Malformed(AccountDigits(11)),
            ),
            (
                "AWS",
                "arn:aws:iam::1111:root",
                Principal::Malformed(AccountDigits(4)),
            ),
            (
                "AWS",
                "arn:aws:iam::111111111111:role/*",
                Principal::Malformed(Wildcard),
            ),
            ("AWS", "arn:aws:s3:::bucket", Principal::Malformed(OtherArn)),
            ("AWS", "someone", Principal::Malformed(Shape)),
            ("AWS", "", Principal::Malformed(Shape)),
            (
                "Federated",
                "cognito-identity.amazonaws.com",
                Principal::Provider,
            ),
            (
                "Federated",
                "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com",
                Principal::Provider,
            ),
            (
                "Federated",
                "arn:aws:iam::111111111111:role/x",
                Principal::Malformed(OtherArn),
            ),
            ("Service", "lambda", Principal::Malformed(Shape)),
            (
                "Service",
                "no-such-thing.amazonaws.com",
                Principal::Service(Tri::Maybe),
            ),
            (
                "Service",
                "jobs.queue.example.com",
                Principal::Malformed(Shape),
            ),
            ("Service", "*", Principal::Malformed(Wildcard)),
            ("CanonicalUser", "abc", Principal::Malformed(Shape)),
            ("Aws", "*", Principal::Malformed(UnknownType)),
        ] {
            assert_eq!(
                Principal::parse(key, &Pattern::literal(value)),
                expected,
                "{key}: {value}"
            );
        }
        let id = "0123456789abcdef".repeat(4);
        assert_eq!(
            Principal::parse("CanonicalUser", &Pattern::literal(&id)),
            Principal::CanonicalUser
        );
        assert_eq!(
            Principal::parse("CanonicalUser", &Pattern::literal(&id.replace('f', "g"))),
            Principal::Malformed(Shape)
        );
    }

    #[test]
    fn knows_unique_ids() {
        for (text, kind) in [
            ("AROA1234567890EXAMPLE", Some(IdentityKind::Role)),
            ("AIDA1234567890EXAMPLE", Some(IdentityKind::User)),
            ("AROA123456789012", Some(IdentityKind::Role)),
            ("AROA12345678901", None),
            ("AROA1234567890example", None),
            ("AKIA1234567890EXAMPLE", None),
        ] {
            assert_eq!(unique_id(text), kind, "{text}");
        }
    }

    #[test]
    fn tells_the_key_that_a_principal_belongs_under() {
        let id = "0123456789abcdef".repeat(4);
        for (text, kind) in [
            (id.as_str(), Some("CanonicalUser")),
            ("0123456789abcdef", None),
            ("111111111111", Some("AWS")),
            ("1111111111111", None),
            ("accounts.google.com", Some("Federated")),
            ("lambda.amazonaws.com", Some("Service")),
        ] {
            assert_eq!(kind_of(&Pattern::literal(text)), kind, "{text}");
        }
    }

    #[test]
    fn finds_the_account() {
        let account = |text| account_of(&Pattern::literal(text));
        assert_eq!(
            account("arn:aws:sns:eu-west-1:999999999999:x").as_deref(),
            Some("999999999999")
        );
        assert_eq!(account("111111111111").as_deref(), Some("111111111111"));
        assert_eq!(account("arn:aws:sns:eu-west-1:*:x"), None);
        assert_eq!(account("arn:aws:sns:eu-west-1:${A}:x"), None);
        assert_eq!(account("*"), None);
    }
}
