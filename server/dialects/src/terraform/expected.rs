//! The arguments of resources that have to do with policies.

use std::borrow::Cow;

use leastwise_model::SiteKind;

use super::table::{policies, resource};
use crate::dialect::{Expected, ExpectedKey, Surrounding};
use crate::grants::{Grant, grant};

const NAME: (&str, &str) = ("name", "");
const POLICY: (&str, &str) = ("policy", "the policy");
const POLICY_ARN: (&str, &str) = ("policy_arn", "the policy that it gets");

/// The arguments of resources of IAM's and of others whose policy is theirs.
const KNOWN: [(&str, &[(&str, &str)]); 14] = [
    (
        "aws_iam_role",
        &[
            NAME,
            ("assume_role_policy", "who may assume it"),
            ("permissions_boundary", "the most that it may do"),
            ("managed_policy_arns", "managed policies"),
            ("description", ""),
            ("path", ""),
            ("max_session_duration", "seconds"),
            ("tags", ""),
        ],
    ),
    (
        "aws_iam_policy",
        &[
            NAME,
            POLICY,
            ("description", ""),
            ("path", ""),
            ("tags", ""),
        ],
    ),
    (
        "aws_iam_role_policy",
        &[NAME, ("role", "which has it"), POLICY],
    ),
    (
        "aws_iam_user_policy",
        &[NAME, ("user", "who has it"), POLICY],
    ),
    (
        "aws_iam_group_policy",
        &[NAME, ("group", "which has it"), POLICY],
    ),
    (
        "aws_iam_role_policy_attachment",
        &[("role", "that gets it"), POLICY_ARN],
    ),
    (
        "aws_iam_user_policy_attachment",
        &[("user", "who gets it"), POLICY_ARN],
    ),
    (
        "aws_iam_group_policy_attachment",
        &[("group", "which gets it"), POLICY_ARN],
    ),
    (
        "aws_iam_instance_profile",
        &[NAME, ("role", "that instances have")],
    ),
    (
        "aws_iam_user",
        &[
            NAME,
            ("permissions_boundary", "the most that it may do"),
            ("path", ""),
            ("tags", ""),
        ],
    ),
    ("aws_s3_bucket_policy", &[("bucket", "whose it is"), POLICY]),
    (
        "aws_sqs_queue_policy",
        &[("queue_url", "whose it is"), POLICY],
    ),
    ("aws_sns_topic_policy", &[("arn", "whose it is"), POLICY]),
    ("aws_kms_key_policy", &[("key_id", "whose it is"), POLICY]),
];

/// A policy in its place, as it is in a module.
const ENCODED: &str = "jsonencode({\n  Version = \"2012-10-17\"\n  Statement = [{\n    Effect   = \"«Allow»\"\n    Action   = [\"«s3:GetObject»\"]\n    Resource = [\"«arn:aws:s3:::BUCKET/*»\"]\n  }]\n})";
const ENCODED_TRUST: &str = "jsonencode({\n  Version = \"2012-10-17\"\n  Statement = [{\n    Effect    = \"Allow\"\n    Principal = { Service = \"«lambda.amazonaws.com»\" }\n    Action    = \"sts:AssumeRole\"\n  }]\n})";

/// The policy of a resource in its place.
fn encoded(granted: &Grant) -> String {
    let Grant { action, resource } = granted;
    let resource = resource.map(|resource| format!("    Resource  = [\"«{resource}»\"]\n"));
    let resource = resource.unwrap_or_default();
    format!(
        "jsonencode({{\n  Version = \"2012-10-17\"\n  Statement = [{{\n    Effect    = \"«Allow»\"\n    Principal = {{ AWS = \"arn:aws:iam::«111122223333»:root\" }}\n    Action    = [\"«{action}»\"]\n{resource}  }}]\n}})"
    )
}

pub(super) fn expected(at: &Surrounding<'_>) -> Expected {
    let ["resource", type_name, _, path @ ..] = at.keys else {
        return Expected::default();
    };
    if path.is_empty() {
        return arguments(type_name);
    }
    let Some(own) = policies(type_name).iter().find(|of| of.path == path) else {
        return Expected::default();
    };
    let granted = own.service.and_then(grant);
    let whole = match (own.kind, granted) {
        (SiteKind::Trust, _) => Cow::Borrowed(ENCODED_TRUST),
        (SiteKind::Resource, Some(granted)) => Cow::Owned(encoded(&granted)),
        _ => Cow::Borrowed(ENCODED),
    };
    Expected {
        wholes: vec![("jsonencode", whole)],
        policy: Some((own.kind, own.service)),
        ..Expected::default()
    }
}

fn arguments(type_name: &str) -> Expected {
    let mut known = KNOWN.iter();
    if let Some((_, own)) = known.find(|(name, _)| *name == type_name) {
        return Expected::keys(own);
    }
    let own = policies(type_name).iter().filter(|of| of.path.len() == 1);
    let own = own.filter_map(|of| Some((*of.path.first()?, "its policy")));
    let name = resource(type_name).and_then(|of| Some((of.name?, "")));
    let keys = name.into_iter().chain(own);
    Expected {
        keys: keys
            .map(|(name, about)| ExpectedKey {
                name,
                about,
                holds: false,
            })
            .collect(),
        ..Expected::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_arguments_is_known() {
        let has_policy = |(name, arguments): &(&str, &[(&str, &str)])| {
            let own = policies(name).iter().filter(|of| of.path.len() == 1);
            own.into_iter()
                .all(|of| arguments.iter().any(|(argument, _)| of.path == [*argument]))
        };
        for known in &KNOWN {
            assert!(has_policy(known), "{}", known.0);
        }
    }
}
