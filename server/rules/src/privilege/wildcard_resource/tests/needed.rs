//! What a call needs beside its own resource.

use super::*;

#[test]
fn what_a_call_needs_beside_its_own() {
    for (actions, wanted) in [
        (
            "'batch:SubmitJob'",
            &[
                "batch:@:job/*",
                "batch:@:job-queue/shop-*",
                "batch:@:job-definition/shop-*",
            ][..],
        ),
        (
            "'rds:CreateDBInstance'",
            &[
                "rds:@:db:shop-*",
                "rds:@:cluster:shop-*",
                "rds:@:og:*",
                "rds:@:pg:*",
                "rds:@:subgrp:*",
            ],
        ),
        // What is about groups is about the app's own.
        ("'rds:CreateOptionGroup'", &["rds:@:og:shop-*"]),
        ("'rds:DeleteDBInstance'", &["rds:@:db:shop-*"]),
        (
            "'elasticache:CreateCacheCluster'",
            &[
                "elasticache:@:cluster:shop-*",
                "elasticache:@:parametergroup:*",
                "elasticache:@:subnetgroup:*",
            ],
        ),
        (
            "'scheduler:CreateSchedule'",
            &["scheduler:@:schedule/*/shop-*"],
        ),
        ("'ecs:UpdateService'", &["ecs:@:service/*/shop-*"]),
        (
            "'ssm:SendCommand'",
            &[
                "ssm:@:document/shop-*",
                "ec2:@:instance/*",
                "ssm:eu-west-1::document/AWS*",
            ],
        ),
    ] {
        let mended = narrowed(actions, DEPLOYS).expect("a fix");
        let mut found = statements(&mended)[0].1.clone();
        let arn = |rest: &&str| format!("arn:aws:{}", rest.replace('@', "eu-west-1:*"));
        let mut wanted: Vec<String> = wanted.iter().map(arn).collect();
        found.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{actions}");
    }
}

#[test]
fn wildcards_name_what_the_main_calls_need() {
    for (actions, choice, wanted) in [
        (
            "'glue:*'",
            0,
            &[
                "job/${AppId}-*",
                "database/${AppId}*",
                "table/${AppId}*/*",
                "crawler/${AppId}-*",
                "catalog",
                "userDefinedFunction/${AppId}*/*",
                "connection/${AppId}-*",
            ][..],
        ),
        (
            "'glue:GetTable*'",
            0,
            &["database/${AppId}*", "table/${AppId}*/*", "catalog"],
        ),
        // No job is in a catalog.
        ("'glue:*Job'", 0, &["job/${AppId}-*"]),
        (
            "'batch:*'",
            0,
            &[
                "job/*",
                "job-definition/${AppId}-*",
                "job-queue/${AppId}-*",
                "compute-environment/${AppId}-*",
                "scheduling-policy/${AppId}-*",
            ],
        ),
        (
            "'states:*'",
            0,
            &["stateMachine:${AppId}-*", "execution:${AppId}-*:*"],
        ),
        ("'states:Create*'", 0, &["stateMachine:${AppId}-*"]),
        ("'dynamodb:*'", 0, &["table/${AppId}-*"]),
        ("'sqs:*'", 0, &["${AppId}-*"]),
    ] {
        let service = actions.split(':').next().unwrap_or_default();
        let service = service.trim_matches('\'');
        for (text, account, prefix) in [
            (template(actions), "${AWS::AccountId}:", "${AppId}"),
            (plain(actions), ":*:", "shop"),
        ] {
            let (found, _) = resources(&text, choice);
            let found: Vec<&str> = found
                .iter()
                .filter_map(|arn| arn.split_once(account).map(|(_, rest)| rest))
                .collect();
            let wanted: Vec<String> = wanted
                .iter()
                .map(|of| of.replace("${AppId}", prefix))
                .collect();
            assert_eq!(found, wanted, "{service}");
        }
    }
}
