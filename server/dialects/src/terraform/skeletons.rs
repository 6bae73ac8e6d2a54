//! What files of a module declare that has to do with policies: how each is written, with places to fill in between `«` and `»`.

use super::table::policy_types;
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
        body,
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

/// All of them, common ones first.
pub(super) fn declarations() -> Vec<Declaration> {
    let known = |name: &str| COMMON.iter().any(|own| own.type_name == name);
    let others = policy_types().into_iter().filter(|name| !known(name));
    let others = others.map(|name| declaration("resource", name, "holds a policy", ""));
    COMMON.into_iter().chain(others).collect()
}
