//! The ARNs that are named in the place of `*`.

use super::*;

#[test]
fn literal_accounts_and_regions_in_a_plain_policy() {
    let text = "\
Version: '2012-10-17'
Statement:
  - Sid: Queues
    Effect: Allow
    Action:
      - sqs:CreateQueue
      # for the console
      - sqs:ListQueues
      - s3:PutObject
      - cloudwatch:PutMetricData
    Resource: '*' # all of them
";
    let mended = "\
Version: '2012-10-17'
Statement:
  - Sid: Queues
    Effect: Allow
    Action:
      - sqs:CreateQueue
      - s3:PutObject
    Resource: # all of them
      - arn:aws:sqs:eu-west-1:*:shop-*
      - arn:aws:s3:::shop-*/*
  - Sid: QueuesUnscoped
    Effect: Allow
    Action:
      # for the console
      - sqs:ListQueues
      - cloudwatch:PutMetricData
    Resource: '*'
";
    assert_eq!(fixed_text(&RULE, text, CONFIG), mended);
}

#[test]
fn no_fix_without_a_prefix_or_a_name() {
    for (statement, config) in [
        (
            "{Effect: Allow, Action: 'sqs:DeleteQueue', Resource: '*'}",
            "",
        ),
        (
            "{Effect: Allow, Action: 'kms:Decrypt', Resource: '*'}",
            "[app]\nprefix = 'shop'",
        ),
        (
            "{Effect: Allow, Action: 'ec2:*', Resource: '*'}",
            "[app]\nprefix = 'shop'",
        ),
    ] {
        let fixture = Fixture::new(&format!("Statement: [{statement}]\n"), config);
        let findings = fixture.findings(&RULE);
        assert_eq!(findings.len(), 1, "{statement}");
        assert!(findings[0].fixes.is_empty(), "{statement}");
    }
}

#[test]
fn no_choice_brings_a_new_finding() {
    let count = |findings: &[crate::Finding], rule: &str| {
        findings.iter().filter(|of| of.rule.id == rule).count()
    };
    for actions in WIDE {
        for text in [template(actions), module(actions), plain(actions)] {
            let before = Fixture::new(&text, DEPLOYS);
            let context = before.context();
            let found = crate::check(&context);
            let wide = found.iter().find(|of| of.rule.id == RULE.id);
            let wide = wide.unwrap_or_else(|| panic!("no finding: {text}"));
            let fixes = wide.fixes(&context);
            assert!(!fixes.is_empty(), "{text}");
            for fix in fixes {
                let fix = fix.resolve(&context).expect("a fix that can be written");
                let mended = leastwise_syntax::write::apply(&text, &fix.edits);
                let after = Fixture::new(&mended, DEPLOYS);
                let again = after.context();
                let left = crate::check(&again);
                for of in &left {
                    let was = count(&found, of.rule.id);
                    assert!(count(&left, of.rule.id) <= was, "{of:?}\n{mended}");
                    // What stays on `*` is told of still, but no fix would come of it.
                    assert!(
                        of.rule.id != RULE.id || of.fixes(&again).is_empty(),
                        "{mended}"
                    );
                }
                if let Err(fault) = announces(&before, &after, &fix) {
                    panic!("{} {fault}\n{mended}", fix.title);
                }
            }
        }
    }
}

#[test]
fn a_handful_of_lines_in_the_files_own_words() {
    let own = "${AWS::Region}:${AWS::AccountId}";
    let arn = |rest: &str| format!("arn:aws:{}", rest.replace('@', own));
    for (actions, choice, wanted) in [
        ("'s3:*'", 0, &["s3:::${AppId}-*"][..]),
        ("'s3:GetObject'", 0, &["s3:::${AppId}-*/*"]),
        (
            "'lambda:Get*'",
            0,
            &[
                "lambda:@:function:${AppId}-*",
                "lambda:@:event-source-mapping:*",
            ],
        ),
        (
            "'iam:*'",
            0,
            &[
                "iam::${AWS::AccountId}:role/${AppId}-*",
                "iam::${AWS::AccountId}:policy/${AppId}-*",
            ],
        ),
        (
            "'logs:*'",
            0,
            &[
                "logs:@:log-group:${AppId}-*",
                "logs:@:log-group:/*/${AppId}-*",
                "logs:@:anomaly-detector:*",
            ],
        ),
        ("'ecr:*'", 0, &["ecr:@:repository/${AppId}*"]),
        (
            "'cloudformation:*'",
            0,
            &[
                "cloudformation:@:stack/${AppId}-*/*",
                "cloudformation:${AWS::Region}:aws:transform/*",
            ],
        ),
        (
            "'cloudformation:*'",
            1,
            &[
                "cloudformation:@:stack/${AppId}-*/*",
                "cloudformation:@:stackset/${AppId}-*:*",
                "cloudformation:@:changeSet/${AppId}-*/*",
                "cloudformation:${AWS::Region}:aws:transform/*",
            ],
        ),
        // AWS's macros, as that of SAM.
        (
            "'cloudformation:CreateChangeSet'",
            0,
            &[
                "cloudformation:@:stack/${AppId}-*/*",
                "cloudformation:${AWS::Region}:aws:transform/*",
            ],
        ),
        (
            "'cloudformation:DeleteStack'",
            0,
            &["cloudformation:@:stack/${AppId}-*/*"],
        ),
        (
            "'apigateway:POST'",
            0,
            &[
                "apigateway:${AWS::Region}::/restapis",
                "apigateway:${AWS::Region}::/restapis/*",
                "apigateway:${AWS::Region}::/apis",
                "apigateway:${AWS::Region}::/apis/*",
            ],
        ),
        ("'dynamodb:*'", 0, &["dynamodb:@:table/${AppId}-*"]),
        (
            "'sqs:SendMessage', 'kms:Decrypt'",
            0,
            &["sqs:@:${AppId}-*", "kms:@:key/*"],
        ),
        (
            "'sqs:SendMessage', 'ec2:RunInstances'",
            0,
            &["sqs:@:${AppId}-*"],
        ),
    ] {
        let wanted: Vec<String> = wanted.iter().map(|rest| arn(rest)).collect();
        let (found, _) = resources(&template(actions), choice);
        assert_eq!(found, wanted, "{actions} {choice}");
    }
}

#[test]
fn main_types_come_first_and_all_types_are_those_that_are_deployed() {
    let names = |actions: &str, choice| {
        let (found, _) = resources(&template(actions), choice);
        let names = found.iter().map(|arn| arn.split_once("AccountId}:"));
        names
            .map(|of| of.unwrap().1)
            .map(|name| name.split(['/', ':']).next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("'lambda:*'", 0)[..2], ["function", "layer"]);
    assert_eq!(names("'lambda:Get*'", 0)[0], "function");
    let models = names("'sagemaker:*'", 0);
    assert_eq!(models[..3], ["model", "endpoint", "endpoint-config"]);
    let all = names("'sagemaker:*'", 1);
    assert!(all.len() > models.len() && all.starts_with(&models[..6]));
    for kind in ["notebook-instance", "feature-group", "model-card"] {
        assert!(all.contains(&kind.to_owned()), "{kind}");
    }
    // Nobody wants more lines than can be read.
    assert!(all.len() <= 26, "{all:?}");
    for kind in ["workflow", "trigger", "registry"] {
        assert!(!names("'glue:*'", 0).contains(&kind.to_owned()), "{kind}");
        assert!(names("'glue:*'", 1).contains(&kind.to_owned()), "{kind}");
    }
}

#[test]
fn one_arn_for_all_accounts_or_one_for_each() {
    let (found, notes) = resources(&plain("'sqs:SendMessage'"), 0);
    assert_eq!(found, ["arn:aws:sqs:eu-west-1:*:shop-*"]);
    assert_eq!(
        notes,
        ["the account is `*`, for which this file has no variable"]
    );
    let (found, notes) = resources(&plain("'sqs:SendMessage'"), 1);
    assert_eq!(
        found,
        [
            "arn:aws:sqs:eu-west-1:111111111111:shop-*",
            "arn:aws:sqs:eu-west-1:222222222222:shop-*"
        ]
    );
    assert!(notes.is_empty());
    // A module has references for both, and a choice less.
    let text = module("'sqs:SendMessage'");
    let (found, notes) = resources(&text, 0);
    let own = "arn:aws:sqs:eu-west-1:${data.aws_caller_identity.now.account_id}:${var.AppId}-*";
    assert_eq!(found, [own]);
    assert!(notes.is_empty());
    let findings = Fixture::new(&text, DEPLOYS).findings(&RULE);
    assert_eq!(findings[0].fixes.len(), 1);
    // Of an account that has a reference, the regions are what is left to tell apart.
    let regions = DEPLOYS.replace("[\"eu-west-1\"]", "[\"eu-west-1\", \"us-east-1\"]");
    let regions = regions.replace("['eu-west-1']", "['eu-west-1', 'us-east-1']");
    assert_ne!(regions, DEPLOYS);
    let findings = Fixture::new(&text, &regions).findings(&RULE);
    let titles = findings[0].fixes.iter().map(|fix| fix.title.as_ref());
    let titles: Vec<&str> = titles.collect();
    assert_eq!(
        titles,
        [
            "Limit it to the app's resources",
            "Limit it to the app's resources, separately in each region"
        ]
    );
}

#[test]
fn ids_that_aws_makes_up_are_said() {
    let notes = |actions: &str| resources(&template(actions), 0).1;
    assert_eq!(
        notes("'sqs:SendMessage', 'kms:Decrypt'"),
        ["any `key`, since AWS generates its ID"]
    );
    assert_eq!(
        notes("'apigateway:POST'"),
        ["any `restapis` and `apis`, since AWS generates their IDs"]
    );
    assert_eq!(
        notes("'sqs:SendMessage', 'ec2:RunInstances'"),
        ["`ec2:RunInstances` stays on `*`, since AWS generates the IDs of what it applies to"]
    );
    assert!(notes("'sqs:SendMessage'").is_empty());
    // A call may name security groups as well.
    assert_eq!(
        notes(
            "'sqs:SendMessage', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:Describe*'"
        ),
        [
            "`ec2:CreateNetworkInterface` and `ec2:DeleteNetworkInterface` stay on `*`, since AWS generates the IDs of what they apply to"
        ]
    );
}

#[test]
fn what_no_policy_holds_is_not_offered() {
    let policy = |actions: &str| {
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: [{actions}]\n    Resource: '*'\n"
        )
    };
    let offered = |actions: &str| {
        let text = policy(actions);
        let fixture = Fixture::new(&text, CONFIG);
        fixture.fixes(&RULE).len()
    };
    assert_ne!(offered("'sqs:*', 'sns:*'"), 0);
    // Over 6,144 characters without blanks.
    let all = "'cloudformation:*', 's3:*', 'logs:*', 'iam:*', 'ecr:*', 'ssm:*', 'rds:*', 'lambda:*', 'sns:*', 'ec2:*', \
               'dynamodb:*', 'ecs:*', 'glue:*', 'kinesis:*', 'states:*', 'cloudwatch:*', 'cognito-idp:*', 'route53:*', 'cloudfront:*'";
    assert_eq!(offered(all), 0);
}

#[test]
fn roles_of_services_never_have_the_apps_prefix() {
    assert_eq!(narrowed("'iam:CreateServiceLinkedRole'", DEPLOYS), None);
    let mended = narrowed(
        "'iam:CreateRole', 'iam:CreateServiceLinkedRole', 'iam:DeleteRole'",
        DEPLOYS,
    );
    let found = statements(&mended.expect("a fix"));
    let of = |actions: &[&str], resource: &str| {
        let actions = actions.iter().map(|action| (*action).to_owned());
        (actions.collect::<Vec<_>>(), vec![resource.to_owned()])
    };
    assert_eq!(
        found,
        [
            of(
                &["iam:CreateRole", "iam:DeleteRole"],
                "arn:aws:iam::*:role/shop-*"
            ),
            of(&["iam:CreateServiceLinkedRole"], "*"),
        ]
    );
    // A wildcard that stands for it keeps it.
    let found = statements(&narrowed("'iam:Create*Role'", DEPLOYS).expect("a fix"));
    assert_eq!(found[0].1, ["arn:aws:iam::*:role/shop-*"]);
    assert_eq!(found[1], of(&["iam:CreateServiceLinkedRole"], "*"));
}

#[test]
fn of_several_accounts_a_role_may_be_in_another() {
    for action in ["'sts:AssumeRole'", "'sts:TagSession'"] {
        assert_eq!(narrowed(action, DEPLOYS), None);
    }
    let one = DEPLOYS.replace("prod = '222222222222'\n", "");
    let mended = narrowed("'sts:AssumeRole'", &one).expect("a fix");
    let found = statements(&mended);
    assert_eq!(found[0].1, ["arn:aws:iam::111111111111:role/shop-*"]);
}

#[test]
fn wildcards_name_the_groups_that_aws_has_set_up() {
    for (actions, wanted) in [
        (
            "'rds:*'",
            &[
                "db:${AppId}-*",
                "cluster:${AppId}-*",
                "subgrp:${AppId}-*",
                "snapshot:${AppId}-*",
                "cluster-snapshot:${AppId}-*",
                "og:${AppId}-*",
                "og:default*",
                "pg:${AppId}-*",
                "pg:default*",
                "cluster-pg:${AppId}-*",
                "cluster-pg:default*",
                "db-proxy:*",
            ][..],
        ),
        (
            "'elasticache:*'",
            &[
                "cluster:${AppId}-*",
                "replicationgroup:${AppId}-*",
                "serverlesscache:${AppId}-*",
                "subnetgroup:${AppId}-*",
                "parametergroup:${AppId}-*",
                "parametergroup:default*",
            ],
        ),
        (
            "'memorydb:*'",
            &[
                "cluster/${AppId}-*",
                "subnetgroup/${AppId}-*",
                "parametergroup/${AppId}-*",
                "parametergroup/default*",
                "acl/${AppId}-*",
                "acl/open-access",
                "snapshot/${AppId}-*",
                "user/${AppId}-*",
            ],
        ),
        // What is deleted is the app's own.
        (
            "'rds:Delete*'",
            &[
                "db:${AppId}-*",
                "cluster:${AppId}-*",
                "subgrp:${AppId}-*",
                "snapshot:${AppId}-*",
                "cluster-snapshot:${AppId}-*",
            ],
        ),
    ] {
        let (found, notes) = resources(&template(actions), 0);
        let found: Vec<&str> = found
            .iter()
            .filter_map(|arn| arn.split_once("AccountId}:").map(|(_, rest)| rest))
            .collect();
        assert_eq!(found, wanted, "{actions}");
        let said = notes.iter().any(|note| note.contains("add others by name"));
        assert_eq!(said, !actions.contains("Delete"), "{notes:?}");
    }
}

#[test]
fn a_rule_is_named_whatever_its_bus() {
    let first = |actions: &str| resources(&template(actions), 0).0;
    let own = "arn:aws:events:${AWS::Region}:${AWS::AccountId}:";
    assert_eq!(
        first("'events:PutRule', 'events:PutTargets'"),
        [format!("{own}rule/${{AppId}}-*")]
    );
    let target = crate::support::naming::Target {
        partition: "aws",
        region: "eu-west-1",
        account: "111111111111",
        prefix: "shop",
        has_paths: false,
    };
    let of_bus = leastwise_catalog::catalog()
        .resource_type("events", "rule-on-custom-event-bus")
        .expect("a type");
    let arns: Vec<String> = of_bus
        .arns()
        .flat_map(|format| crate::support::naming::compose(format, &target))
        .collect();
    assert_eq!(
        arns,
        ["arn:aws:events:eu-west-1:111111111111:rule/*/shop-*"]
    );
}

#[test]
fn what_another_line_nearly_takes_in_is_no_line() {
    // The domain names of APIs say nothing beside the calls of all of them.
    let (resources, _) = resources(&template("'execute-api:Invoke', 'sqs:SendMessage'"), 0);
    let of = |service: &str| {
        let lines = resources.iter();
        lines.filter(|line| line.contains(service)).count()
    };
    assert_eq!(
        (of("domainnames"), of(":execute-api:"), of(":sqs:")),
        (0, 1, 1)
    );
}
