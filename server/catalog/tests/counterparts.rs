//! The counterpart relation: what must hold, and a listing of all of it for review.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_catalog::{AccessLevel, Action, CounterpartSource, Relation, catalog};
use std::fmt::Write;

fn action(name: &str) -> Action {
    let (service, name) = name.split_once(':').unwrap();
    catalog()
        .action(service, name)
        .unwrap_or_else(|| panic!("{name} is an action"))
}

/// The counterparts of one relation, `?` behind those that aren't required.
fn counterparts(name: &str, relation: Relation) -> Vec<String> {
    let found = action(name)
        .counterparts()
        .filter(|counterpart| counterpart.relation() == relation);
    let text = |name: String, required: bool| if required { name } else { name + "?" };
    found
        .map(|counterpart| text(counterpart.action().full_name(), counterpart.required()))
        .collect()
}

#[test]
fn listing_for_review() {
    let mut out = String::new();
    for action in catalog().actions() {
        for relation in [Relation::Delete, Relation::Update] {
            for counterpart in action
                .counterparts()
                .filter(|counterpart| counterpart.relation() == relation)
            {
                let required = if counterpart.required() {
                    "required"
                } else {
                    "optional"
                };
                let (source, other) = (counterpart.source(), counterpart.action().full_name());
                writeln!(
                    out,
                    "{}\t{relation:?}\t{other}\t{source:?}\t{required}",
                    action.full_name()
                )
                .unwrap();
            }
        }
    }
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("counterparts.tsv");
    std::fs::write(&path, &out).unwrap();
    println!("{} counterparts in {}", out.lines().count(), path.display());
    assert!(out.lines().count() > 3_000);
}

#[test]
fn the_curated_pairs() {
    let delete = |name| counterparts(name, Relation::Delete);
    let update = |name| counterparts(name, Relation::Update);
    assert_eq!(delete("dynamodb:CreateTable"), ["dynamodb:DeleteTable"]);
    assert_eq!(update("dynamodb:CreateTable"), ["dynamodb:UpdateTable"]);
    assert_eq!(delete("lambda:CreateFunction"), ["lambda:DeleteFunction"]);
    assert_eq!(
        update("lambda:CreateFunction"),
        [
            "lambda:UpdateFunctionCode",
            "lambda:UpdateFunctionConfiguration"
        ]
    );
    assert_eq!(delete("lambda:CreateAlias"), ["lambda:DeleteAlias"]);
    assert_eq!(update("lambda:CreateAlias"), ["lambda:UpdateAlias"]);
    assert_eq!(delete("lambda:AddPermission"), ["lambda:RemovePermission"]);
    assert_eq!(delete("sqs:CreateQueue"), ["sqs:DeleteQueue"]);
    assert_eq!(update("sqs:CreateQueue"), ["sqs:SetQueueAttributes"]);
    assert_eq!(delete("iam:AttachRolePolicy"), ["iam:DetachRolePolicy"]);
    assert_eq!(delete("iam:PutRolePolicy"), ["iam:DeleteRolePolicy"]);
    assert_eq!(delete("iam:CreateRole"), ["iam:DeleteRole"]);
    assert_eq!(
        update("iam:CreateRole"),
        ["iam:UpdateAssumeRolePolicy?", "iam:UpdateRole?"]
    );
    assert_eq!(
        delete("cloudformation:CreateStack"),
        ["cloudformation:DeleteStack"]
    );
    assert_eq!(
        update("cloudformation:CreateStack"),
        ["cloudformation:UpdateStack"]
    );
    assert_eq!(
        delete("cloudformation:CreateChangeSet"),
        ["cloudformation:DeleteChangeSet?"]
    );
    assert!(update("cloudformation:CreateChangeSet").is_empty());
    assert_eq!(delete("s3:CreateBucket"), ["s3:DeleteBucket"]);
    assert!(update("s3:CreateBucket").is_empty());
    assert_eq!(delete("s3:PutObject"), ["s3:DeleteObject?"]);
    assert_eq!(delete("s3:PutBucketPolicy"), ["s3:DeleteBucketPolicy"]);
    assert_eq!(delete("logs:CreateLogGroup"), ["logs:DeleteLogGroup"]);
    assert_eq!(
        delete("logs:PutRetentionPolicy"),
        ["logs:DeleteRetentionPolicy"]
    );
    assert_eq!(delete("events:PutRule"), ["events:DeleteRule"]);
    assert_eq!(delete("events:PutTargets"), ["events:RemoveTargets"]);
    assert_eq!(delete("kms:CreateKey"), ["kms:ScheduleKeyDeletion"]);
    assert_eq!(delete("sns:Subscribe"), ["sns:Unsubscribe"]);
    assert_eq!(delete("ec2:RunInstances"), ["ec2:TerminateInstances"]);
    assert_eq!(delete("apigateway:POST"), ["apigateway:DELETE"]);
}

#[test]
fn pairs_from_the_other_sources() {
    let delete = |name| counterparts(name, Relation::Delete);
    let source = |name| {
        action(name)
            .counterparts()
            .map(|counterpart| counterpart.source())
            .min()
            .unwrap()
    };
    assert_eq!(
        delete("cloudfront:CreateDistribution"),
        ["cloudfront:DeleteDistribution"]
    );
    assert_eq!(
        counterparts("cloudfront:CreateDistribution", Relation::Update),
        ["cloudfront:UpdateDistribution"]
    );
    assert_eq!(
        source("cloudfront:CreateDistribution"),
        CounterpartSource::CloudFormation
    );
    assert_eq!(
        delete("ec2:AuthorizeSecurityGroupIngress"),
        ["ec2:RevokeSecurityGroupIngress"]
    );
    // The plural and the direction differ.
    assert_eq!(delete("ec2:CreateVpcEndpoint"), ["ec2:DeleteVpcEndpoints"]);
    assert_eq!(
        delete("rds:AddTagsToResource"),
        ["rds:RemoveTagsFromResource"]
    );
    assert_eq!(delete("lambda:TagResource"), ["lambda:UntagResource"]);
    assert_eq!(source("lambda:TagResource"), CounterpartSource::Verb);
    assert_eq!(delete("iam:TagRole"), ["iam:UntagRole"]);
    assert_eq!(delete("ec2:CreateTags"), ["ec2:DeleteTags"]);
}

#[test]
fn what_has_no_counterpart() {
    for name in [
        "s3:PutBucketAcl",
        "s3:PutEncryptionConfiguration",
        "lambda:PublishVersion",
        "lambda:InvokeFunction",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "events:PutEvents",
        "kinesis:PutRecord",
        "logs:PutLogEvents",
        "sns:Publish",
        "sqs:SendMessage",
        "ecs:RunTask",
        "ecs:StartTask",
        "ec2:StartInstances",
        "states:StartExecution",
        "iam:PassRole",
        // To take a boundary away is an escalation.
        "iam:PutRolePermissionsBoundary",
        "cloudformation:ValidateTemplate",
        "cloudformation:SetStackPolicy",
        "cloudformation:UpdateTerminationProtection",
        "sts:TagSession",
    ] {
        let found: Vec<_> = action(name)
            .counterparts()
            .filter(|found| found.relation() != Relation::Create)
            .collect();
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

#[test]
fn only_writing_actions_have_counterparts_and_only_such_are_counterparts() {
    for action in catalog().actions() {
        for counterpart in action.counterparts() {
            assert!(
                action.access_level() >= AccessLevel::Write,
                "{}",
                action.full_name()
            );
            assert!(
                counterpart.action().access_level() >= AccessLevel::Write,
                "{}",
                action.full_name()
            );
            assert_ne!(counterpart.action(), action);
            if counterpart.relation() == Relation::Create {
                assert!(!counterpart.required(), "{}", action.full_name());
            }
        }
    }
}

#[test]
fn the_inverse_leads_back() {
    let table = action("dynamodb:DeleteTable");
    let makers: Vec<String> = table
        .counterparts()
        .filter(|counterpart| counterpart.relation() == Relation::Create)
        .map(|counterpart| counterpart.action().full_name())
        .collect();
    assert!(
        makers.contains(&"dynamodb:CreateTable".to_owned()),
        "{makers:?}"
    );
}
