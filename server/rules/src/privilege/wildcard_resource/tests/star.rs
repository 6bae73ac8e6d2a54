//! What stays on `*`, and what is said of it.

use super::*;

#[test]
fn wildcards_keep_what_takes_no_resource() {
    let text = "\
Statement:
  - {Effect: Allow, Action: 'dynamodb:*Table*', Resource: '*'}
";
    let mended = fixed_text(&RULE, text, CONFIG);
    assert!(mended.contains("dynamodb:ListTables"), "{mended}");
    assert!(
        mended.contains("arn:aws:dynamodb:eu-west-1:*:table/shop-*"),
        "{mended}"
    );
}

/// What is on `*` after the first choice.
fn on_star(actions: &str) -> Vec<String> {
    let mended = narrowed(actions, DEPLOYS).unwrap_or_else(|| panic!("no fix: {actions}"));
    let found = statements(&mended).into_iter();
    let mut wide = found.filter(|(_, resources)| resources == &["*"]);
    wide.next().map(|(actions, _)| actions).unwrap_or_default()
}

#[test]
fn a_handful_of_lines_on_a_star() {
    for (actions, wanted) in [
        (
            "'iam:*'",
            &[
                "iam:*ServiceLinkedRole*",
                "iam:GetAccountSummary",
                "iam:List*",
            ][..],
        ),
        (
            "'logs:*'",
            &[
                "logs:*LogDelivery*",
                "logs:*ResourcePolicy*",
                "logs:Describe*",
                "logs:List*",
                "logs:StopQuery",
            ],
        ),
        (
            "'s3:*'",
            &[
                "s3:GetAccountPublicAccessBlock",
                "s3:ListAccessPoints",
                "s3:ListAllMyBuckets",
            ],
        ),
        (
            "'ecr:*'",
            &["ecr:DescribeRegistry", "ecr:GetAuthorizationToken"],
        ),
        // What is listed is of the author's own words, and isn't written twice.
        (
            "'lambda:Get*', 'lambda:List*'",
            &[
                "lambda:List*",
                "lambda:GetAccountSettings",
                "lambda:GetWebAccountSettings",
            ],
        ),
        ("'sqs:*'", &["sqs:ListQueues"]),
        // Named ones stay where they are called without a name, and go with the stack where they aren't.
        (
            "'rds:CreateDBInstance', 'rds:DescribeDBInstances'",
            &["rds:DescribeDBInstances"],
        ),
        (
            "'cloudformation:CreateStack', 'cloudformation:DescribeStacks', 'cloudformation:ListStacks'",
            &["cloudformation:ListStacks"],
        ),
        ("'apigateway:*'", &[]),
        ("'es:ESHttp*', 'sqs:SendMessage'", &[]),
    ] {
        assert_eq!(on_star(actions), wanted, "{actions}");
    }
    for service in [
        "cloudformation",
        "cloudwatch",
        "dynamodb",
        "ecs",
        "elasticache",
        "events",
        "lambda",
        "rds",
        "sns",
        "ssm",
        "states",
    ] {
        let lines = on_star(&format!("'{service}:*'"));
        assert!(lines.len() <= 6, "{lines:?}");
    }
}

#[test]
fn what_only_lists_is_left_beside_what_is_of_others() {
    for actions in [
        "'sts:AssumeRole', 'lambda:List*'",
        "'sts:AssumeRole', 's3:List*'",
        "'sts:AssumeRole', 'iam:List*', 'logs:Describe*'",
    ] {
        assert_eq!(narrowed(actions, DEPLOYS), None, "{actions}");
    }
    // A second run changes nothing.
    let all = "'sts:AssumeRole', 's3:GetObject', 's3:List*'";
    let mended = narrowed(all, DEPLOYS).expect("a fix");
    let found = statements(&mended);
    assert_eq!(found[0].0, ["s3:GetObject"]);
    assert_eq!(found[0].1, ["arn:aws:s3:::shop-*/*"]);
    assert_eq!(found[1].0, ["sts:AssumeRole", "s3:List*"]);
    let again = Fixture::new(&mended, DEPLOYS);
    let fixes = again
        .findings(&RULE)
        .iter()
        .map(|of| of.fixes.len())
        .sum::<usize>();
    assert_eq!(fixes, 0, "{mended}");
}

#[test]
fn what_stays_and_what_goes_is_said_as_it_is() {
    let notes = |actions: &str, choice: usize| resources(&template(actions), choice).1;
    assert_eq!(
        notes("'iam:*'", 0)[..1],
        ["`iam:List*` lists resources of the whole account, including other apps"]
    );
    let said = notes("'iam:*'", 0).concat();
    assert!(
        said.contains("are removed: they support no resource, and an app rarely needs them"),
        "{said}"
    );
    assert!(said.contains("`iam:CreateAccountAlias` and "), "{said}");
    // The second choice keeps it all.
    let said = notes("'iam:*'", 1).concat();
    assert!(
        !said.contains("are removed: they support no resource"),
        "{said}"
    );
    assert_eq!(
        notes("'rds:CreateDBInstance', 'rds:DescribeDBInstances'", 0),
        [
            "any `og`, `pg` and `subgrp`, since those that AWS sets up or apps share may be used",
            "`rds:DescribeDBInstances` lists resources of the whole account, including other apps",
        ]
    );
    assert!(notes("'sqs:*'", 0).is_empty());
}

#[test]
fn a_policy_that_is_nearly_full_takes_no_more() {
    let policy = |count: usize| {
        let names: String = (0..count)
            .map(|at| format!(", 'arn:aws:sqs:eu-west-1:111111111111:shop-{at:04}'"))
            .collect();
        format!(
            "Version: '2012-10-17'\nStatement:\n  - {{Effect: Allow, Action: 'sqs:SendMessage', Resource: ['arn:aws:sqs:eu-west-1:111111111111:shop'{names}]}}\n  - {{Effect: Allow, Action: ['s3:*', 'iam:*', 'logs:*', 'lambda:*'], Resource: '*'}}\n"
        )
    };
    let offered = |count: usize| Fixture::new(&policy(count), CONFIG).fixes(&RULE).len();
    assert_ne!(offered(10), 0);
    assert_eq!(offered(120), 0);
    // What nobody can deploy as it is isn't made worse.
    assert_ne!(offered(200), 0);
}

#[test]
fn a_part_is_narrowed_in_bulk_though_the_rest_stays() {
    for actions in [
        "'iam:Create*'",
        "'sqs:SendMessage', 'cloudfront:*'",
        "'sqs:SendMessage'",
    ] {
        for (path, text) in [
            ("policy.json", plain(actions)),
            ("main.tf", module(actions)),
            ("template.yaml", template(actions)),
        ] {
            let (after, applied) = crate::tests::bulk::mended(&text, path);
            let narrowed = applied.iter().filter(|of| of.rule == RULE.id);
            assert_eq!(narrowed.count(), 1, "{after}");
            let (again, applied) = crate::tests::bulk::mended(&after, path);
            assert_eq!((&again, applied.len()), (&after, 0));
            let kept = actions.contains("cloudfront");
            assert_eq!(after.contains("cloudfront:*"), kept, "{after}");
        }
    }
}
