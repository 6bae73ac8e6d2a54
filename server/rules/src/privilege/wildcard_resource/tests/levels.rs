//! What is told, and how severely.

use leastwise_syntax::Format;

use super::*;

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
            .contains("`, `sqs:DeleteQueue` and 2 more are")
    );
    let json = r#"{"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}
                                                                  ^
"#;
    check(&RULE, json, CONFIG);
}

#[test]
fn roles_of_functions_are_judged_alike() {
    let statement =
        "[{Effect: Allow, Action: ['lambda:CreateFunction', 'dynamodb:PutItem'], Resource: '*'}]";
    let sam = format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Own:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies:\n        - {{Version: '2012-10-17', Statement: {statement}}}\n"
    );
    let shared = format!(
        "service: shop\nprovider:\n  name: aws\n  iam:\n    role:\n      statements: {statement}\nfunctions:\n  own:\n    handler: f.f\n"
    );
    let older = format!(
        "service: shop\nprovider:\n  name: aws\n  iamRoleStatements: {statement}\nfunctions:\n  own:\n    handler: f.f\n"
    );
    let single = format!(
        "service: shop\nprovider:\n  name: aws\nplugins: [serverless-iam-roles-per-function]\nfunctions:\n  own:\n    handler: f.f\n    iamRoleStatements: {statement}\n"
    );
    for (config, level) in [
        ("[deploy]\nroles = ['*']", Level::Warning),
        ("[deploy]\nroles = ['Other']", Level::Suggestion),
        ("", Level::Suggestion),
    ] {
        let config = format!("[app]\nprefix = 'shop'\n{config}");
        for (path, text) in [
            ("template.yaml", &sam),
            ("serverless.yml", &shared),
            ("serverless.yml", &older),
            ("serverless.yml", &single),
        ] {
            let fixture = Fixture::at(path, text, Format::Yaml, &config, None);
            let levels = fixture.levels(&RULE);
            assert_eq!(levels, [level], "{path} {config}");
        }
    }
}
