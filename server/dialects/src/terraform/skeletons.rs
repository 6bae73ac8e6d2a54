//! What files of a module declare that has to do with policies: how each is written, with places to fill in between `«` and `»`.

use std::borrow::Cow;

use super::table::{policy_types, resource};
use crate::dialect::Declaration;

const fn declaration(
    keyword: &'static str,
    type_name: &'static str,
    about: &'static str,
    body: &'static str,
) -> Declaration {
    Declaration {
        keyword,
        type_name,
        about,
        body: Cow::Borrowed(body),
    }
}

const STATEMENT: &str = "  statement {\n    actions   = [\"«s3:GetObject»\"]\n    resources = [\"«arn:aws:s3:::BUCKET/*»\"]\n  }\n";
const TRUSTING: &str = "  name               = \"«shop»\"\n  assume_role_policy = data.aws_iam_policy_document.«trust».json\n";
const MANAGED: &str =
    "  name   = \"«shop»\"\n  policy = data.aws_iam_policy_document.«main».json\n";
const OF_ROLE: &str =
    "  role   = aws_iam_role.«main».id\n  policy = data.aws_iam_policy_document.«main».json\n";
const ATTACHED: &str =
    "  role       = aws_iam_role.«main».name\n  policy_arn = «aws_iam_policy.main.arn»\n";
const OF_BUCKET: &str =
    "  bucket = aws_s3_bucket.«main».id\n  policy = data.aws_iam_policy_document.«main».json\n";

const COMMON: [Declaration; 9] = [
    declaration("data", "aws_iam_policy_document", "a policy", STATEMENT),
    declaration("resource", "aws_iam_role", "a role", TRUSTING),
    declaration("resource", "aws_iam_policy", "a managed policy", MANAGED),
    declaration(
        "resource",
        "aws_iam_role_policy",
        "a policy of a role",
        OF_ROLE,
    ),
    declaration(
        "resource",
        "aws_iam_role_policy_attachment",
        "a managed policy of a role",
        ATTACHED,
    ),
    declaration(
        "resource",
        "aws_s3_bucket_policy",
        "a bucket's policy",
        OF_BUCKET,
    ),
    declaration("data", "aws_caller_identity", "the account", ""),
    declaration("data", "aws_region", "the region", ""),
    declaration("data", "aws_partition", "the partition", ""),
];

/// The resources that apps have most often beside IAM's, in their order: policies are about them.
const OF_APPS: [&str; 23] = [
    "aws_s3_bucket",
    "aws_sqs_queue",
    "aws_sns_topic",
    "aws_dynamodb_table",
    "aws_lambda_function",
    "aws_kms_key",
    "aws_secretsmanager_secret",
    "aws_ssm_parameter",
    "aws_cloudwatch_log_group",
    "aws_sfn_state_machine",
    "aws_cloudwatch_event_rule",
    "aws_sqs_queue_policy",
    "aws_sns_topic_policy",
    "aws_iam_user",
    "aws_iam_instance_profile",
    "aws_iam_openid_connect_provider",
    "aws_ecr_repository",
    "aws_ecs_task_definition",
    "aws_ecs_service",
    "aws_ecs_cluster",
    "aws_kinesis_stream",
    "aws_lambda_permission",
    "aws_cloudfront_distribution",
];

/// All of them, common ones first.
pub(super) fn declarations() -> Vec<Declaration> {
    let known = |name: &str| COMMON.iter().any(|own| own.type_name == name);
    let of_apps = OF_APPS.iter().map(|name| {
        let holds = policy_types().contains(name);
        (
            *name,
            if holds {
                "holds a policy"
            } else {
                "a resource"
            },
        )
    });
    let others = policy_types().into_iter();
    let others = others.filter(|name| !known(name) && !OF_APPS.contains(name));
    let others = of_apps.chain(others.map(|name| (name, "holds a policy")));
    let others = others.map(|(name, about)| {
        let argument = resource(name).and_then(|of| of.name);
        let body = argument.map(|argument| format!("  {argument} = \"«shop»\"\n"));
        Declaration {
            body: Cow::Owned(body.unwrap_or_default()),
            ..declaration("resource", name, about, "")
        }
    });
    COMMON.into_iter().chain(others).collect()
}
