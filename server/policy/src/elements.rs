//! The elements of policies and statements, by the kind of the policy.

use crate::suggest::{nearest, nearest_in_sense};

/// What a policy is for, which decides what may stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PolicyKind {
    /// Attached to a user, group or role, inline or managed.
    Identity,
    /// Says who may assume a role.
    Trust,
    /// Attached to a resource of some service.
    Resource,
    /// Limits what a user or role can be granted.
    Boundary,
    /// Service control policy: limits the accounts of an organization.
    ServiceControl,
    /// Resource control policy: limits access to the resources of an organization's accounts.
    ResourceControl,
    /// Limits what can be reached through a VPC endpoint.
    VpcEndpoint,
    /// Limits one session of a role.
    Session,
}

/// What a value of an element looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ElementValue {
    /// One text.
    Text,
    /// One text or a list of texts.
    Texts,
    /// A mapping.
    Mapping,
    /// `*`, or a mapping.
    StarOrMapping,
    /// One statement or a list of statements.
    Statements,
}

/// An element of a policy or of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    /// The name as AWS spells it; case counts.
    pub name: &'static str,
    /// What its value looks like.
    pub value: ElementValue,
    /// What it is, in one sentence.
    pub meaning: &'static str,
    /// The element that can't stand beside it.
    pub instead_of: Option<&'static str>,
}

/// Elements at the top of a policy.
pub const POLICY_ELEMENTS: &[Element] = &[
    element(
        "Version",
        ElementValue::Text,
        "The version of the policy language, not of this policy: `2012-10-17` supports policy variables, the older `2008-10-17` takes them literally.",
    ),
    element(
        "Id",
        ElementValue::Text,
        "A name for the policy that some services require; it has no effect on access.",
    ),
    element(
        "Statement",
        ElementValue::Statements,
        "The statements; a request is allowed if a statement allows it and none denies it.",
    ),
];

/// Elements of a statement.
pub const STATEMENT_ELEMENTS: &[Element] = &[
    element(
        "Sid",
        ElementValue::Text,
        "A name for the statement, unique within the policy; it has no effect on access.",
    ),
    element(
        "Effect",
        ElementValue::Text,
        "`Allow` or `Deny`; a `Deny` overrides every `Allow`.",
    ),
    either(
        "Principal",
        "NotPrincipal",
        ElementValue::StarOrMapping,
        "Who the statement applies to: accounts, roles, users, services or federated identities.",
    ),
    either(
        "NotPrincipal",
        "Principal",
        ElementValue::StarOrMapping,
        "Who the statement doesn't apply to: it applies to everyone else.",
    ),
    either(
        "Action",
        "NotAction",
        ElementValue::Texts,
        "The actions the statement applies to, as `service:Name`, with `*` and `?` as wildcards.",
    ),
    either(
        "NotAction",
        "Action",
        ElementValue::Texts,
        "The actions the statement doesn't apply to: it applies to all others, of every service.",
    ),
    either(
        "Resource",
        "NotResource",
        ElementValue::Texts,
        "The ARNs of the resources the statement applies to, with `*` and `?` as wildcards; `*` is every resource.",
    ),
    either(
        "NotResource",
        "Resource",
        ElementValue::Texts,
        "The ARNs of the resources the statement doesn't apply to: it applies to all others.",
    ),
    element(
        "Condition",
        ElementValue::Mapping,
        "When the statement applies: operators, each with the keys and values to compare; all of them must match.",
    ),
];

const fn element(name: &'static str, value: ElementValue, meaning: &'static str) -> Element {
    Element {
        name,
        value,
        meaning,
        instead_of: None,
    }
}

const fn either(
    name: &'static str,
    other: &'static str,
    value: ElementValue,
    meaning: &'static str,
) -> Element {
    Element {
        name,
        value,
        meaning,
        instead_of: Some(other),
    }
}

/// Whether a policy of this kind has the element, and must have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// It must be there; where there is a counterpart (`NotAction`), one of the two.
    Required,
    /// It may be there.
    Optional,
    /// It can't be there.
    Forbidden,
}

impl PolicyKind {
    /// Every kind.
    pub const ALL: [PolicyKind; 8] = [
        PolicyKind::Identity,
        PolicyKind::Trust,
        PolicyKind::Resource,
        PolicyKind::Boundary,
        PolicyKind::ServiceControl,
        PolicyKind::ResourceControl,
        PolicyKind::VpcEndpoint,
        PolicyKind::Session,
    ];

    /// The word for it in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            PolicyKind::Identity => "identity policy",
            PolicyKind::Trust => "trust policy",
            PolicyKind::Resource => "resource policy",
            PolicyKind::Boundary => "permissions boundary",
            PolicyKind::ServiceControl => "service control policy",
            PolicyKind::ResourceControl => "resource control policy",
            PolicyKind::VpcEndpoint => "VPC endpoint policy",
            PolicyKind::Session => "session policy",
        }
    }

    /// Whether a statement of this kind has an element; `None` if statements have none of that name.
    ///
    /// Some services leave `Resource` out of their resource policies; [`PolicyKind::Resource`] is lenient there.
    pub fn statement_element(self, name: &str) -> Option<Presence> {
        let presence = match (name, self) {
            ("Sid" | "Condition", _) => Presence::Optional,
            ("Effect" | "Action", _) => Presence::Required,
            ("NotAction", PolicyKind::ResourceControl) => Presence::Forbidden,
            ("NotAction", _) => Presence::Required,
            ("Principal", PolicyKind::Trust | PolicyKind::Resource | PolicyKind::VpcEndpoint) => {
                Presence::Required
            }
            ("Principal", PolicyKind::ResourceControl) => Presence::Required,
            ("NotPrincipal", PolicyKind::Trust | PolicyKind::Resource) => Presence::Required,
            ("Principal" | "NotPrincipal", _) => Presence::Forbidden,
            ("Resource" | "NotResource", PolicyKind::Trust) => Presence::Forbidden,
            ("Resource" | "NotResource", PolicyKind::Resource | PolicyKind::VpcEndpoint) => {
                Presence::Optional
            }
            ("Resource" | "NotResource", _) => Presence::Required,
            _ => return None,
        };
        Some(presence)
    }
}

/// The element of that name at the top of a policy. Case counts.
pub fn policy_element(name: &str) -> Option<&'static Element> {
    POLICY_ELEMENTS.iter().find(|element| element.name == name)
}

/// The element of that name in a statement. Case counts.
pub fn statement_element(name: &str) -> Option<&'static Element> {
    STATEMENT_ELEMENTS
        .iter()
        .find(|element| element.name == name)
}

/// The element of a policy that a misspelled name was probably meant to be.
pub fn suggest_policy_element(name: &str) -> Option<&'static str> {
    suggest(name, POLICY_ELEMENTS).into_iter().next()
}

/// The element of a statement that a misspelled name was probably meant to be.
pub fn suggest_statement_element(name: &str) -> Option<&'static str> {
    suggest_statement_elements(name).into_iter().next()
}

/// The elements of a statement that a misspelled name was probably meant to be, all of them equally near.
pub fn suggest_statement_elements(name: &str) -> Vec<&'static str> {
    suggest(name, STATEMENT_ELEMENTS)
}

/// The name that a misspelt one was probably meant to be.
pub fn suggest_among<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    nearest(name, names)
}

fn suggest(name: &str, elements: &'static [Element]) -> Vec<&'static str> {
    let names = || elements.iter().map(|element| element.name);
    match names().find(|element| element.eq_ignore_ascii_case(name)) {
        Some(same) => vec![same],
        None => nearest_in_sense(name, names()),
    }
}

/// An element and the value that was meant for it, of a name that holds both since nothing stands behind its colon, where YAML
/// wants a space: `Resource:*`.
pub fn unspaced(name: &str) -> Option<(&'static str, &str)> {
    let (element, value) = name.split_once(':')?;
    let all = STATEMENT_ELEMENTS.iter().chain(POLICY_ELEMENTS);
    let mut names = all.map(|of| of.name);
    let element = names.find(|of| *of == element)?;
    let quoted = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    let value = quoted('"').or_else(|| quoted('\'')).unwrap_or(value);
    // Names of macros have two colons.
    (!value.is_empty() && !value.starts_with(':')).then_some((element, value))
}

/// The values `Effect` has. Case counts.
pub const EFFECTS: [&str; 2] = ["Allow", "Deny"];

/// The value of `Effect` that a misspelt one was probably meant to be.
pub fn suggest_effect(text: &str) -> Option<&'static str> {
    match text.to_ascii_lowercase().as_str() {
        "allowed" | "permit" | "grant" => Some("Allow"),
        "denied" | "forbid" => Some("Deny"),
        _ => nearest(text, EFFECTS),
    }
}

/// The most characters of a managed policy, without white space:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>.
pub const MANAGED_POLICY_SIZE: usize = 6144;

/// The current version of the policy language.
pub const CURRENT_VERSION: &str = "2012-10-17";

/// Every version of the policy language, the current one first.
pub const VERSIONS: [&str; 2] = [CURRENT_VERSION, "2008-10-17"];

/// The first character of a `Sid` that a policy of this kind can't have, with its byte offset.
///
/// Identity policies, boundaries, trust policies and session policies take letters and digits of ASCII only. Resource
/// policies of most services (S3, SNS, SQS, KMS …) take more, also spaces, so nothing is wrong there; nor in the other
/// kinds, for which no rule is known.
pub fn bad_sid_character(kind: PolicyKind, sid: &str) -> Option<(usize, char)> {
    match kind {
        PolicyKind::Identity | PolicyKind::Boundary | PolicyKind::Trust | PolicyKind::Session => {
            sid.char_indices().find(|(_, c)| !c.is_ascii_alphanumeric())
        }
        PolicyKind::Resource
        | PolicyKind::ServiceControl
        | PolicyKind::ResourceControl
        | PolicyKind::VpcEndpoint => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_element_has_a_presence_in_every_kind() {
        for kind in PolicyKind::ALL {
            for element in STATEMENT_ELEMENTS {
                assert!(
                    kind.statement_element(element.name).is_some(),
                    "{}",
                    element.name
                );
            }
            assert_eq!(kind.statement_element("Actions"), None);
        }
    }

    #[test]
    fn suggests_elements_and_effects() {
        for (written, meant) in [
            ("Actions", Some("Action")),
            ("resource", Some("Resource")),
            ("Resources", Some("Resource")),
            ("Conditions", Some("Condition")),
            ("SID", Some("Sid")),
            ("NotActions", Some("NotAction")),
            ("Principals", Some("Principal")),
            ("Comment", None),
        ] {
            assert_eq!(suggest_statement_element(written), meant, "{written}");
        }
        assert_eq!(suggest_policy_element("Statements"), Some("Statement"));
        assert_eq!(suggest_effect("allow"), Some("Allow"));
        assert_eq!(suggest_effect("Dney"), Some("Deny"));
        assert_eq!(suggest_effect("Maybe"), None);
    }

    #[test]
    fn cuts_what_lacks_a_space() {
        for (name, wanted) in [
            ("Resource:*", Some(("Resource", "*"))),
            (
                "Resource:arn:aws:s3:::b/*",
                Some(("Resource", "arn:aws:s3:::b/*")),
            ),
            ("Resource:\"SM\"", Some(("Resource", "SM"))),
            ("Version:2012-10-17", Some(("Version", "2012-10-17"))),
            ("Action:", None),
            ("Action::x", None),
            ("Fn::Transform", None),
            ("Actio:ns", None),
            ("Resource", None),
        ] {
            assert_eq!(unspaced(name), wanted, "{name}");
        }
    }

    #[test]
    fn finds_characters_a_sid_cannot_have() {
        assert_eq!(
            bad_sid_character(PolicyKind::Identity, "Read2Buckets"),
            None
        );
        assert_eq!(
            bad_sid_character(PolicyKind::Identity, "Read buckets"),
            Some((4, ' '))
        );
        assert_eq!(bad_sid_character(PolicyKind::Trust, "é-x"), Some((0, 'é')));
        assert_eq!(
            bad_sid_character(PolicyKind::Resource, "Read buckets"),
            None
        );
    }
}
