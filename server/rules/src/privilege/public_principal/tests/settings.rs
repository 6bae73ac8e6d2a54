//! What the other policies and the settings of a bucket leave of an open policy.

use super::*;

#[test]
fn what_the_policy_of_the_resource_never_allows_lets_nobody_in() {
    let of = |action: &str| {
        let text = resource(
            "AWS::SQS::QueuePolicy",
            &format!("{{Effect: Allow, Principal: '*', Action: {action}, Resource: '*'}}"),
        );
        levels(&text)
    };
    // That it is another service's is the fault, and another rule's to tell.
    assert_eq!(of("sns:Subscribe"), []);
    for action in [
        "[sns:Subscribe, sqs:SendMessage]",
        "sqs:SendMessage",
        "'*'",
        "[sns:Subscribe, !Ref More]",
    ] {
        assert_eq!(of(action), [Level::Error], "{action}");
    }
}

#[test]
fn what_the_settings_of_the_bucket_make_of_it() {
    let template = |settings: &str, action: &str, bucket: &str| {
        format!(
            "Resources:
  Shop:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {{{settings}}}
  Open:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: {bucket}
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {{Effect: Allow, Principal: '*', Action: {action}, Resource: 'arn:aws:s3:::shop/*'}}
"
        )
    };
    let module = |setting: &str, bucket: &str| {
        format!(
            "resource \"aws_s3_bucket\" \"shop\" {{
}}
resource \"aws_s3_bucket_public_access_block\" \"shop\" {{
  bucket = {bucket}
  {setting}
}}
resource \"aws_s3_bucket_policy\" \"shop\" {{
  bucket = aws_s3_bucket.shop.bucket
  policy = data.aws_iam_policy_document.open.json
}}
data \"aws_iam_policy_document\" \"open\" {{
  statement {{
    actions   = [\"s3:PutObject\"]
    resources = [\"${{aws_s3_bucket.shop.arn}}/*\"]
    principals {{
      type        = \"*\"
      identifiers = [\"*\"]
    }}
  }}
}}
"
        )
    };
    let (refused, shut, open) = (
        "S3 rejects",
        "blocks access from outside",
        "Anyone on the internet",
    );
    let (put, get, own) = ("s3:PutObject", "s3:GetObject", "!Ref Shop");
    for (text, level, said) in [
        (
            template("BlockPublicPolicy: true", put, own),
            Level::Error,
            refused,
        ),
        (
            template("BlockPublicPolicy: 'true'", get, own),
            Level::Error,
            refused,
        ),
        (
            template("RestrictPublicBuckets: true", put, own),
            Level::Warning,
            shut,
        ),
        (
            template(
                "RestrictPublicBuckets: true, BlockPublicPolicy: true",
                put,
                own,
            ),
            Level::Error,
            refused,
        ),
        (
            template("BlockPublicPolicy: false", put, own),
            Level::Error,
            open,
        ),
        (
            template("BlockPublicAcls: true", put, own),
            Level::Error,
            open,
        ),
        (
            template("BlockPublicPolicy: !Ref Block", put, own),
            Level::Error,
            open,
        ),
        (
            template("BlockPublicPolicy: true", put, "shop"),
            Level::Error,
            open,
        ),
        (
            template("BlockPublicPolicy: true", put, "!Ref Other"),
            Level::Error,
            open,
        ),
        (
            template("BlockPublicPolicy: false", get, own),
            Level::Suggestion,
            open,
        ),
        (
            module("block_public_policy = true", "aws_s3_bucket.shop.id"),
            Level::Error,
            refused,
        ),
        (
            module("restrict_public_buckets = true", "aws_s3_bucket.shop.id"),
            Level::Warning,
            shut,
        ),
        (
            module("block_public_policy = var.block", "aws_s3_bucket.shop.id"),
            Level::Error,
            open,
        ),
        (
            module("block_public_policy = true", "aws_s3_bucket.other.id"),
            Level::Error,
            open,
        ),
        (
            module(
                "block_public_policy = true\n  count = var.n",
                "aws_s3_bucket.shop.id",
            ),
            Level::Error,
            open,
        ),
    ] {
        let found = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(found.len(), 1, "{text}");
        assert!(
            found[0].message.contains(said),
            "{text}{}",
            found[0].message
        );
        assert_eq!(found[0].level, level, "{text}");
    }
}
