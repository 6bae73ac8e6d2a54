//! ARNs, and policies that AWS manages.

use super::{check, hover, yaml};
use crate::testing::template;

#[test]
fn arns() {
    let marked = template(
        "- Effect: Allow\n  Action: [sqs:SendMessage, s3:GetObject]\n  Resource: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:$0${AppId}-*'",
    );
    // Inside the braces it is the variable.
    check(&marked, "${AppId}", &["the app's prefix", "`shop`"]);
    check(
        &marked.replace(":$0${AppId}-*", ":${AppId}$0-*"),
        "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${AppId}-*",
        &[
            "Can be: queue of sqs.",
            "| dev | `arn:aws:sqs:eu-west-1:111111111111:shop-*` |",
            "| prod | `arn:aws:sqs:eu-west-1:222222222222:shop-*` |",
            "these apply to it: `sqs:SendMessage`.",
        ],
    );
    check(
        &yaml("Action: s3:GetObject\n    Resource: arn:aws:s3:::sh$0op"),
        "arn:aws:s3:::shop",
        &[
            "bucket of s3",
            "None of the statement's actions applies to it.",
        ],
    );
    check(&yaml("Resource: '$0*'"), "*", &["Every resource."]);
    check(
        &template("- Effect: Allow\n  Action: dynamodb:GetItem\n  Resource: !GetAtt Table$0.Arn"),
        "Table.Arn",
        &[
            "an `AWS::DynamoDB::Table`",
            "arn:aws:dynamodb:eu-west-1:111111111111:table/shop-orders",
        ],
    );
}

#[test]
fn policy_templates_of_sam() {
    let marked = |policies: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31
Resources:
  Import:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
{policies}"
        )
    };
    check(
        &marked("        - S3Read$0Policy:\n            BucketName: data\n"),
        "S3ReadPolicy",
        &[
            "SAM policy template",
            "`BucketName`",
            "`s3:GetObject`",
            "arn:${AWS::Partition}:s3:::${BucketName}/*",
        ],
    );
    check(
        &marked("        - S3ReadPolicy:\n            Bucket$0Name: data\n"),
        "BucketName",
        &[
            "parameter of `S3ReadPolicy`",
            "`arn:${AWS::Partition}:s3:::${BucketName}`",
        ],
    );
    check(
        &marked("        - AmazonS3ReadOnly$0Access\n"),
        "AmazonS3ReadOnlyAccess",
        &["an AWS managed policy"],
    );
}

#[test]
fn managed_policies_in_every_dialect() {
    let arn = "arn:aws:iam::aws:policy/Read$0OnlyAccess";
    for marked in [
        format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns: [{arn}]\n"
        ),
        format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      PermissionsBoundary: {arn}\n"
        ),
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies: [{arn}]\n"
        ),
        format!(
            "service: shop\nprovider:\n  name: aws\n  iam:\n    role:\n      managedPolicies:\n        - {arn}\n"
        ),
        format!(
            "resource \"aws_iam_role_policy_attachment\" \"a\" {{\n  role       = \"r\"\n  policy_arn = \"{arn}\"\n}}\n"
        ),
        format!(
            "{{\"resource\": {{\"aws_iam_role_policy_attachment\": {{\"a\": {{\"role\": \"r\", \"policy_arn\": \"{arn}\"}}}}}}}}"
        ),
        yaml(&format!(
            "Condition: {{ArnEquals: {{iam:PolicyARN: {arn}}}}}"
        )),
    ] {
        check(
            &marked,
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            &["an AWS managed policy"],
        );
    }
    check(
        "data \"aws_iam_policy\" \"p\" {\n  name = \"Read$0OnlyAccess\"\n}\n",
        "ReadOnlyAccess",
        &["an AWS managed policy"],
    );
}

#[test]
fn the_likeliest_type_of_an_arn_comes_first() {
    for (action, arn, told) in [
        (
            "rds:*",
            "arn:aws:rds:eu-west-1:111111111111:*",
            "Can be: db of rds, cluster of rds, subgrp of rds",
        ),
        (
            "dynamodb:*",
            "arn:aws:dynamodb:*:*:*",
            "Can be: table of dynamodb",
        ),
        (
            "apigateway:*",
            "arn:aws:apigateway:*::/restapis/*",
            "Can be: RestApi of apigateway",
        ),
    ] {
        let marked = arn.replacen(":aws:", ":a$0ws:", 1);
        let text = yaml(&format!("Action: '{action}'\n    Resource: '{marked}'\n"));
        check(&text, arn, &[told]);
    }
}

#[test]
fn services_of_a_region_and_roots_of_no_account() {
    let trust = |who: &str| {
        yaml(&format!(
            "Principal: {{{who}}}\n    Action: sts:AssumeRole\n"
        ))
    };
    for (who, told) in [
        (
            "Service: logs.eu-west$0-1.amazonaws.com",
            "Amazon CloudWatch Logs in the Region `eu-west-1`, acting",
        ),
        (
            "Service: ec2.amazon$0aws.com.cn",
            "in the Regions of China, acting",
        ),
        (
            "Service: logs.af-sou$0th-1.amazonaws.com",
            "in the Region `af-south-1`, acting",
        ),
        (
            "AWS: 'arn:aws:iam::*$0:root'",
            "`*` is no wildcard within a principal's ARN",
        ),
        (
            "AWS: 'arn:aws:iam::111111111111:role/$0*'",
            "no wildcards within a principal's ARN",
        ),
        (
            "AWS: 'arn:aws:iam::111111111111:role/dep$0loy'",
            "The role `deploy` of account",
        ),
        (
            "Service: no$0pe.amazonaws.com",
            "No service is known to act under the name `nope.amazonaws.com`.",
        ),
    ] {
        let (_, said) = hover(&trust(who)).unwrap_or_else(|| panic!("none at {who}"));
        assert!(said.contains(told), "{said}");
    }
}
