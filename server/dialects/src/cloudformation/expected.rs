//! What can stand in a template around policies: its sections, what a resource has, the properties that have to do with policies.

use super::table;
use crate::dialect::{Expected, ExpectedKey, Surrounding};

const SECTIONS: [(&str, &str); 8] = [
    ("AWSTemplateFormatVersion", "2010-09-09"),
    ("Description", ""),
    ("Parameters:", "given at deployment"),
    ("Mappings:", "tables of values"),
    ("Conditions:", "what is deployed when"),
    ("Transform", "macros"),
    ("Resources:", "what is deployed"),
    ("Outputs:", "what others can refer to"),
];

const OF_A_RESOURCE: [(&str, &str); 6] = [
    ("Type", "what it is"),
    ("Properties:", ""),
    ("DependsOn", "what is deployed before it"),
    ("Condition", "when it is deployed"),
    ("DeletionPolicy", "what becomes of it"),
    ("Metadata:", ""),
];

const TRUST: (&str, &str) = ("AssumeRolePolicyDocument:", "who may assume it");
const INLINE: (&str, &str) = ("Policies:", "policies of its own");
const MANAGED: (&str, &str) = ("ManagedPolicyArns:", "managed policies");
const BOUNDARY: (&str, &str) = ("PermissionsBoundary", "the most that it may do");
const DOCUMENT: (&str, &str) = ("PolicyDocument:", "the policy");
const NAME: (&str, &str) = ("PolicyName", "");

/// A policy with its name.
const OF_A_POLICY: [(&str, &str); 2] = [NAME, DOCUMENT];

/// The properties of IAM's types and of others that hold nothing but a policy:
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html>.
const KNOWN: [(&str, &[(&str, &str)]); 11] = [
    (
        "AWS::IAM::Role",
        &[
            ("RoleName", ""),
            TRUST,
            MANAGED,
            INLINE,
            BOUNDARY,
            ("Description", ""),
            ("Path", ""),
            ("MaxSessionDuration", "seconds"),
            ("Tags:", ""),
        ],
    ),
    (
        "AWS::IAM::ManagedPolicy",
        &[
            ("ManagedPolicyName", ""),
            DOCUMENT,
            ("Roles:", "which have it"),
            ("Users:", "who have it"),
            ("Groups:", "which have it"),
            ("Description", ""),
            ("Path", ""),
        ],
    ),
    (
        "AWS::IAM::Policy",
        &[
            NAME,
            DOCUMENT,
            ("Roles:", "which have it"),
            ("Users:", "who have it"),
            ("Groups:", "which have it"),
        ],
    ),
    (
        "AWS::IAM::User",
        &[
            ("UserName", ""),
            MANAGED,
            INLINE,
            BOUNDARY,
            ("Groups:", "that it is in"),
            ("Path", ""),
            ("Tags:", ""),
        ],
    ),
    (
        "AWS::IAM::Group",
        &[("GroupName", ""), MANAGED, INLINE, ("Path", "")],
    ),
    (
        "AWS::IAM::RolePolicy",
        &[NAME, DOCUMENT, ("RoleName", "which has it")],
    ),
    (
        "AWS::IAM::UserPolicy",
        &[NAME, DOCUMENT, ("UserName", "who has it")],
    ),
    (
        "AWS::IAM::GroupPolicy",
        &[NAME, DOCUMENT, ("GroupName", "which has it")],
    ),
    (
        "AWS::S3::BucketPolicy",
        &[("Bucket", "whose it is"), DOCUMENT],
    ),
    (
        "AWS::SQS::QueuePolicy",
        &[("Queues:", "whose it is"), DOCUMENT],
    ),
    (
        "AWS::SNS::TopicPolicy",
        &[("Topics:", "whose it is"), DOCUMENT],
    ),
];

/// What can stand somewhere in a template.
pub(crate) fn expected(at: &Surrounding<'_>) -> Expected {
    let type_name = || (at.value)(2, "Type").unwrap_or_default();
    match at.keys {
        [] => Expected::keys(&SECTIONS),
        ["Resources", _] => Expected::keys(&OF_A_RESOURCE),
        ["Resources", _, "Type"] => Expected {
            values: types(),
            ..Expected::default()
        },
        ["Resources", _, "Properties"] => properties(&type_name()),
        ["Resources", _, "Properties", "Policies"]
            if known(&type_name()).is_some_and(|of| of.contains(&INLINE)) =>
        {
            Expected::keys(&OF_A_POLICY)
        }
        _ => Expected::default(),
    }
}

/// The types that hold policies, IAM's first.
pub(crate) fn types() -> Vec<&'static str> {
    let mut types: Vec<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
    let others = table::types().into_iter();
    let others: Vec<&str> = others.filter(|name| !types.contains(name)).collect();
    types.extend(others);
    types
}

fn known(type_name: &str) -> Option<&'static [(&'static str, &'static str)]> {
    let mut known = KNOWN.iter();
    known.find_map(|(name, own)| (*name == type_name).then_some(*own))
}

fn properties(type_name: &str) -> Expected {
    if let Some(own) = known(type_name) {
        return Expected::keys(own);
    }
    let mut keys: Vec<ExpectedKey> = Vec::new();
    for entry in table::entries(type_name) {
        let Some(name) = entry.path.first().copied() else {
            continue;
        };
        if keys.iter().all(|own| own.name != name) {
            let about = match entry.path.len() {
                1 => "its policy",
                _ => "has a policy",
            };
            keys.push(ExpectedKey {
                name,
                about,
                holds: true,
            });
        }
    }
    Expected {
        keys,
        ..Expected::default()
    }
}
