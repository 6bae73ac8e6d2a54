use leastwise_model::Level;

use super::RULE;
use crate::tests::fixture::{Fixture, announces, check, mend};

const CONFIG: &str = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\nprod = '222222222222'\n\
    [deploy]\nregions = ['eu-west-1']\nroles = ['shop', 'Deploy*']";

fn levels(statement: &str, config: &str) -> Vec<Level> {
    Fixture::new(&format!("Statement: [{statement}]\n"), config).levels(&RULE)
}

#[test]
fn levels_by_what_is_done_and_by_whom() {
    use Level::{Suggestion, Warning};
    for (statement, deploying, running) in [
        (
            "{Effect: Allow, Action: 'lambda:CreateFunction', Resource: '*'}",
            Some(Warning),
            Some(Suggestion),
        ),
        (
            "{Effect: Allow, Action: 'lambda:TagResource', Resource: ['*']}",
            Some(Warning),
            Some(Suggestion),
        ),
        (
            "{Effect: Allow, Action: 's3:Put*', Resource: 'arn:aws:s3:::*'}",
            Some(Warning),
            Some(Suggestion),
        ),
        (
            "{Effect: Allow, Action: ['lambda:Get*', 'lambda:List*'], Resource: '*'}",
            Some(Suggestion),
            Some(Suggestion),
        ),
        (
            "{Effect: Allow, Action: ['*', 'sqs:SendMessage'], Resource: '*'}",
            None,
            None,
        ),
        (
            "{Effect: Allow, Action: 'cloudfront:UpdateDistribution', Resource: '*'}",
            // Never milder than for others.
            Some(Suggestion),
            Some(Suggestion),
        ),
        (
            "{Effect: Allow, Action: 's3:ListBucket', Resource: '*'}",
            None,
            None,
        ),
        // Its one type of resource is optional: most metrics are of no data set.
        (
            "{Effect: Allow, Action: ['cloudwatch:PutMetricData', 'polly:SynthesizeSpeech'], Resource: '*'}",
            None,
            None,
        ),
        (
            "{Effect: Allow, Action: 'cloudformation:ValidateTemplate', Resource: '*'}",
            None,
            None,
        ),
        (
            "{Effect: Allow, Action: 'iam:PassRole', Resource: '*'}",
            None,
            None,
        ),
        (
            "{Effect: Deny, Action: 'lambda:CreateFunction', Resource: '*'}",
            None,
            None,
        ),
        (
            "{Effect: Allow, Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:*:111111111111:*'}",
            None,
            None,
        ),
        (
            "{Effect: Allow, Action: 'ec2:StartInstances', Resource: '*', Condition: {StringEquals: {'aws:ResourceTag/App': shop}}}",
            None,
            None,
        ),
        (
            "{Effect: Allow, Action: 'sqs:DeleteQueue', Resource: '*', Condition: {Bool: {'aws:SecureTransport': true}}}",
            Some(Warning),
            Some(Suggestion),
        ),
    ] {
        assert_eq!(
            levels(statement, CONFIG),
            deploying.into_iter().collect::<Vec<_>>(),
            "{statement}"
        );
        let running: Vec<_> = running.into_iter().collect();
        assert_eq!(
            levels(statement, "[deploy]\nroles = ['other']"),
            running,
            "{statement}"
        );
    }
}

#[test]
fn a_warning_only_for_who_is_said_to_deploy() {
    let level = |name: &str, trust: &str, config: &str| {
        let text = format!(
            "Resources:
  {name}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: {{Effect: Allow, Action: 'sts:AssumeRole', Principal: {trust}}}}}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: {{Effect: Allow, Action: ['cloudformation:CreateStack', 'cloudformation:DeleteStack'], Resource: '*'}}
"
        );
        let findings = Fixture::new(&text, config).findings(&RULE);
        assert_eq!(findings.len(), 1, "{name} {trust}");
        findings[0].level
    };
    let people = "{AWS: '111111111111'}";
    let github = "{Federated: !Sub 'arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com'}";
    let stacks = "{Service: cloudformation.amazonaws.com}";
    for (name, trust, config, expected) in [
        ("Thing", people, "", Level::Suggestion),
        ("DeployActionRole", people, "", Level::Suggestion),
        ("Thing", github, "", Level::Suggestion),
        ("GithubCi", github, "", Level::Suggestion),
        ("DeployRole", people, "", Level::Warning),
        ("ShopDeployer", github, "", Level::Warning),
        ("Thing", stacks, "", Level::Warning),
        (
            "Thing",
            github,
            "[deploy]\nroles = ['Thing']",
            Level::Warning,
        ),
        (
            "ShopDeployer",
            github,
            "[deploy]\nroles = ['Thing']",
            Level::Suggestion,
        ),
    ] {
        assert_eq!(
            level(name, trust, config),
            expected,
            "{name} {trust} {config}"
        );
    }
}

#[test]
fn marks_the_star_and_counts() {
    let text = "\
Statement:
  - Effect: Allow
    Action: ['sqs:CreateQueue', 'sqs:DeleteQueue', 'sqs:SetQueueAttributes', 'sqs:TagQueue', 'sqs:ListQueues']
    Resource: ['*']
                ^
";
    assert!(
        check(&RULE, text, CONFIG)
            .concat()
            .contains("`sqs:SetQueueAttributes` and 1 more are")
    );
    let json = r#"{"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}
                                                                  ^
"#;
    check(&RULE, json, CONFIG);
}

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
    assert_eq!(mend(&RULE, text, CONFIG), mended);
}

#[test]
fn wildcards_keep_what_takes_no_resource() {
    let text = "\
Statement:
  - {Effect: Allow, Action: 'dynamodb:*Table*', Resource: '*'}
";
    let mended = mend(&RULE, text, CONFIG);
    assert!(mended.contains("dynamodb:ListTables"), "{mended}");
    assert!(
        mended.contains("arn:aws:dynamodb:eu-west-1:*:table/shop-*"),
        "{mended}"
    );
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

/// A role of a template that deploys, with a statement on `*`.
fn template(actions: &str) -> String {
    format!(
        "Parameters:
  AppId: {{Type: String}}
Resources:
  DeployRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: [{actions}]
                Resource: '*'
"
    )
}

fn module(actions: &str) -> String {
    let actions = actions.replace('\'', "\"");
    format!(
        "variable \"AppId\" {{}}

data \"aws_caller_identity\" \"now\" {{}}

resource \"aws_iam_role_policy\" \"p\" {{
  role   = \"shop-deployer\"
  policy = data.aws_iam_policy_document.p.json
}}

data \"aws_iam_policy_document\" \"p\" {{
  statement {{
    actions   = [{actions}]
    resources = [\"*\"]
  }}
}}
"
    )
}

fn plain(actions: &str) -> String {
    let actions = actions.replace('\'', "\"");
    format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": [{actions}], \"Resource\": \"*\"}}]}}\n"
    )
}

const DEPLOYS: &str = "[app]\nprefix = 'shop'\nvariables = ['AppId']\n[accounts]\ndev = '111111111111'\nprod = '222222222222'\n\
    [deploy]\nregions = ['eu-west-1']\nroles = ['shop', 'Deploy*']";

const WIDE: [&str; 16] = [
    "'rds:*', 'elasticache:*', 'memorydb:*'",
    "'es:*', 'cloudwatch:*', 'glue:*'",
    "'sts:AssumeRole', 's3:List*', 'lambda:Get*', 'lambda:List*'",
    "'ssm:SendCommand', 'events:PutRule', 'cloudformation:DescribeStacks', 'rds:DescribeDBInstances'",
    "'s3:*'",
    "'lambda:Get*', 'lambda:List*'",
    "'iam:*'",
    "'logs:*'",
    "'ecr:*'",
    "'cloudformation:*'",
    "'apigateway:POST'",
    "'events:*', 'dynamodb:*', 'sns:*', 'ssm:*'",
    "'lambda:CreateFunction', 'lambda:ListFunctions', 'ec2:RunInstances'",
    "'sqs:SendMessage', 'kms:Decrypt'",
    "'sqs:SendMessage', 'cloudfront:*'",
    "'cloudformation:*', 's3:*', 'logs:*', 'iam:*', 'apigateway:*', 'lambda:*', 'ec2:DescribeVpcs'",
];

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
            let fixes = &wide.unwrap_or_else(|| panic!("no finding: {text}")).fixes;
            assert!(!fixes.is_empty(), "{text}");
            for fix in fixes {
                let fix = fix.resolve(&context).expect("a fix that can be written");
                let mended = leastwise_syntax::write::apply(&text, &fix.edits);
                let after = Fixture::new(&mended, DEPLOYS);
                let left = crate::check(&after.context());
                for of in &left {
                    let was = count(&found, of.rule.id);
                    assert!(count(&left, of.rule.id) <= was, "{of:?}\n{mended}");
                    // What stays on `*` is told of still, but no fix would come of it.
                    assert!(of.rule.id != RULE.id || of.fixes.is_empty(), "{mended}");
                }
                if let Err(fault) = announces(&before, &after, &fix) {
                    panic!("{} {fault}\n{mended}", fix.title);
                }
            }
        }
    }
}

/// The resources that the first statement has after a choice.
fn resources(text: &str, choice: usize) -> (Vec<String>, Vec<String>) {
    let before = Fixture::new(text, DEPLOYS);
    let findings = before.findings(&RULE);
    let fix = findings[0].fixes.get(choice).expect("a choice");
    let fix = fix.resolve(&before.context()).expect("a fix");
    let mended = leastwise_syntax::write::apply(text, &fix.edits);
    let after = Fixture::new(&mended, DEPLOYS);
    let context = after.context();
    let (_, statement) = context.statements().next().expect("a statement");
    let items = statement.resources().iter();
    let shown = items.map(|item| {
        let span = context.item_span(item);
        mended[span.range()].trim_matches('"').to_owned()
    });
    (shown.collect(), fix.notes.clone())
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
        ("'logs:*'", 0, &["logs:@:log-group:/aws/*/${AppId}-*"]),
        ("'ecr:*'", 0, &["ecr:@:repository/${AppId}*"]),
        (
            "'cloudformation:*'",
            0,
            &["cloudformation:@:stack/${AppId}-*/*"],
        ),
        (
            "'cloudformation:*'",
            1,
            &[
                "cloudformation:@:stack/${AppId}-*/*",
                "cloudformation:@:stackset/${AppId}-*:*",
            ],
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
}

#[test]
fn ids_that_aws_makes_up_are_said() {
    let notes = |actions: &str| resources(&template(actions), 0).1;
    assert_eq!(
        notes("'sqs:SendMessage', 'kms:Decrypt'"),
        ["any `key`, since AWS makes up its id"]
    );
    assert_eq!(
        notes("'apigateway:POST'"),
        ["any `restapis` and `apis`, since AWS makes up their ids"]
    );
    assert_eq!(
        notes("'sqs:SendMessage', 'ec2:RunInstances'"),
        ["`ec2:RunInstances` stays on `*`, since AWS makes up the ids of what it works on"]
    );
    assert!(notes("'sqs:SendMessage'").is_empty());
    // A call may name security groups as well.
    assert_eq!(
        notes(
            "'sqs:SendMessage', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:Describe*'"
        ),
        [
            "`ec2:CreateNetworkInterface` and `ec2:DeleteNetworkInterface` stay on `*`, since AWS makes up the ids of what they work on"
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

/// The whole file after the first choice, where there is one.
fn narrowed(actions: &str, config: &str) -> Option<String> {
    let text = plain(actions);
    let before = Fixture::new(&text, config);
    let findings = before.findings(&RULE);
    let fix = findings.first()?.fixes.first()?;
    let fix = fix.resolve(&before.context())?;
    Some(leastwise_syntax::write::apply(&text, &fix.edits))
}

/// The resources of each statement, with its actions.
fn statements(text: &str) -> Vec<(Vec<String>, Vec<String>)> {
    let fixture = Fixture::new(text, DEPLOYS);
    let context = fixture.context();
    let texts = |items: &[leastwise_model::Item]| {
        let texts = items.iter().map(|item| context.tree.text(item.node));
        texts.flatten().map(str::to_owned).collect()
    };
    let all = context.statements();
    all.map(|(_, of)| (texts(of.actions()), texts(of.resources())))
        .collect()
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
        ["`iam:List*` lists what is in the account, of other apps too"]
    );
    let said = notes("'iam:*'", 0).concat();
    assert!(
        said.contains("take no resource and go, since an app rarely needs them"),
        "{said}"
    );
    assert!(said.contains("`iam:CreateAccountAlias` and "), "{said}");
    // The second choice keeps it all.
    let said = notes("'iam:*'", 1).concat();
    assert!(!said.contains("take no resource and go"), "{said}");
    assert_eq!(
        notes("'rds:CreateDBInstance', 'rds:DescribeDBInstances'", 0),
        [
            "any `og`, `pg` and `subgrp`, since what AWS has set up or several apps share may be used",
            "`rds:DescribeDBInstances` lists what is in the account, of other apps too",
        ]
    );
    assert!(notes("'sqs:*'", 0).is_empty());
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
                "og:${AppId}-*",
                "og:default*",
                "pg:${AppId}-*",
                "pg:default*",
                "cluster-pg:${AppId}-*",
                "cluster-pg:default*",
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
            ],
        ),
        // What is deleted is the app's own.
        (
            "'rds:Delete*'",
            &["db:${AppId}-*", "cluster:${AppId}-*", "subgrp:${AppId}-*"],
        ),
    ] {
        let (found, notes) = resources(&template(actions), 0);
        let found: Vec<&str> = found
            .iter()
            .filter_map(|arn| arn.split_once("AccountId}:").map(|(_, rest)| rest))
            .collect();
        assert_eq!(found, wanted, "{actions}");
        let said = notes
            .iter()
            .any(|note| note.contains("add by name what else is used"));
        assert_eq!(said, !actions.contains("Delete"), "{notes:?}");
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
                "database/${AppId}-*",
                "table/${AppId}-*/*",
                "crawler/${AppId}-*",
                "catalog",
                "userDefinedFunction/${AppId}-*/*",
            ][..],
        ),
        (
            "'glue:GetTable*'",
            0,
            &["database/${AppId}-*", "table/${AppId}-*/*", "catalog"],
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
    };
    let of_bus = leastwise_catalog::catalog()
        .resource_type("events", "rule-on-custom-event-bus")
        .expect("a type");
    let arns: Vec<String> = of_bus
        .arns()
        .map(|format| crate::support::naming::compose(format, &target))
        .collect();
    assert_eq!(
        arns,
        ["arn:aws:events:eu-west-1:111111111111:rule/*/shop-*"]
    );
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
