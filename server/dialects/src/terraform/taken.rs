//! What arguments of resources take.

use super::module::attachments::ATTACH;
use super::table::policies;
use crate::state::facts::ArgumentKind;

/// Resources that are managed policies.
const MANAGED: [&str; 1] = ["aws_iam_policy"];

/// Arguments that name what a policy is of: of which types, the argument, what it names, and by which attribute that is usual.
const NAMED: [(&[&str], &str, &str, &str); 15] = [
    (&["aws_iam_role_policy"], "role", "aws_iam_role", "id"),
    (
        &["aws_iam_role_policy_attachment", "aws_iam_instance_profile"],
        "role",
        "aws_iam_role",
        "name",
    ),
    (
        &["aws_iam_user_policy", "aws_iam_user_policy_attachment"],
        "user",
        "aws_iam_user",
        "name",
    ),
    (
        &["aws_iam_group_policy", "aws_iam_group_policy_attachment"],
        "group",
        "aws_iam_group",
        "name",
    ),
    (&["aws_s3_bucket_policy"], "bucket", "aws_s3_bucket", "id"),
    (&["aws_sns_topic_policy"], "arn", "aws_sns_topic", "arn"),
    (&["aws_kms_key_policy"], "key_id", "aws_kms_key", "id"),
    (
        &["aws_sqs_queue_policy"],
        "queue_url",
        "aws_sqs_queue",
        "id",
    ),
    (
        &["aws_secretsmanager_secret_policy"],
        "secret_arn",
        "aws_secretsmanager_secret",
        "arn",
    ),
    (
        &["aws_ecr_repository_policy", "aws_ecr_lifecycle_policy"],
        "repository",
        "aws_ecr_repository",
        "name",
    ),
    (
        &["aws_lambda_permission", "aws_lambda_function_url"],
        "function_name",
        "aws_lambda_function",
        "function_name",
    ),
    (
        &["aws_cloudwatch_event_bus_policy"],
        "event_bus_name",
        "aws_cloudwatch_event_bus",
        "name",
    ),
    (
        &["aws_efs_file_system_policy"],
        "file_system_id",
        "aws_efs_file_system",
        "id",
    ),
    (
        &["aws_api_gateway_rest_api_policy"],
        "rest_api_id",
        "aws_api_gateway_rest_api",
        "id",
    ),
    (
        &["aws_backup_vault_policy"],
        "backup_vault_name",
        "aws_backup_vault",
        "name",
    ),
];

/// What the argument takes to which these keys lead from the root: a block's type, its labels, and the names from there.
pub(super) fn takes(keys: &[&str]) -> Option<ArgumentKind> {
    if let ["data", "aws_iam_policy", _, argument] = keys {
        return match *argument {
            "arn" => Some(ArgumentKind::ManagedPolicy(&MANAGED)),
            "name" => Some(ArgumentKind::ManagedPolicyName),
            _ => None,
        };
    }
    let ["resource", type_name, _, path @ ..] = keys else {
        return None;
    };
    if policies(type_name).iter().any(|of| of.path == path) {
        return Some(ArgumentKind::Document);
    }
    if let [argument] = path {
        let mut named = NAMED.iter();
        let named = named.find(|(of, own, ..)| of.contains(type_name) && own == argument);
        if let Some((_, _, type_name, attribute)) = named {
            return Some(ArgumentKind::NameOf(type_name, attribute));
        }
    }
    let attaches = |argument: &str| {
        let mut known = ATTACH.iter();
        known.any(|of| of.type_name == *type_name && of.policy == argument)
    };
    let is_managed = match path {
        ["permissions_boundary"] => matches!(*type_name, "aws_iam_role" | "aws_iam_user"),
        ["managed_policy_arns"] => *type_name == "aws_iam_role",
        [argument] => attaches(argument),
        _ => false,
    };
    is_managed.then_some(ArgumentKind::ManagedPolicy(&MANAGED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_take_what_they_are_for() {
        let managed = Some(ArgumentKind::ManagedPolicy(&MANAGED));
        for (keys, taken) in [
            (
                ["resource", "aws_iam_role_policy", "a", "policy"],
                Some(ArgumentKind::Document),
            ),
            (
                ["resource", "aws_iam_role_policy", "a", "role"],
                Some(ArgumentKind::NameOf("aws_iam_role", "id")),
            ),
            (["resource", "aws_iam_role_policy", "a", "name"], None),
            (
                ["resource", "aws_sqs_queue_policy", "a", "queue_url"],
                Some(ArgumentKind::NameOf("aws_sqs_queue", "id")),
            ),
            (["resource", "aws_sqs_queue", "a", "queue_url"], None),
            (["data", "aws_iam_policy", "a", "arn"], managed),
            (
                ["data", "aws_iam_policy", "a", "name"],
                Some(ArgumentKind::ManagedPolicyName),
            ),
            (["data", "aws_iam_role_policy", "a", "policy"], None),
            (
                [
                    "resource",
                    "aws_iam_role_policy_attachment",
                    "a",
                    "policy_arn",
                ],
                managed,
            ),
            (
                [
                    "resource",
                    "aws_eks_access_policy_association",
                    "a",
                    "policy_arn",
                ],
                None,
            ),
            (
                ["resource", "aws_iam_role", "a", "permissions_boundary"],
                managed,
            ),
        ] {
            assert_eq!(takes(&keys), taken, "{keys:?}");
        }
    }
}
