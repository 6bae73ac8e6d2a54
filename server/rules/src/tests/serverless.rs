//! Each fix in a Serverless service: what it makes of a statement, in the file's own style.

use super::fixture::{Fixture, mend};
use crate::{check, rule};

const CONFIG: &str = r#"
[app]
prefix = "shop"

[accounts]
acme = "111111111111"

[deploy]
regions = ["eu-west-1"]
"#;

fn service(statement: &str) -> String {
    // A second statement begins with a dash of its own.
    let (first, second) = statement.split_once("\n- ").unwrap_or((statement, ""));
    let mut statement = first.replace('\n', "\n          ");
    if !second.is_empty() {
        statement += &format!("\n- {second}").replace('\n', "\n        ");
    }
    format!(
        "service: shop
provider:
  name: aws
  runtime: nodejs18.x
  iam:
    role:
      statements:
        - {statement}
functions:
  order:
    handler: order.handler
custom:
  statements: []
"
    )
}

/// Rule, statement, and the statement after its fix.
const FIXES: &[(&str, &str, &str)] = &[
    (
        "unknown-action",
        "Effect: Allow
Action: dynamodb:PutItm
Resource: arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/shop-${sls:stage}",
        "Effect: Allow
Action: dynamodb:PutItem
Resource: arn:aws:dynamodb:${aws:region}:${aws:accountId}:table/shop-${sls:stage}",
    ),
    (
        "redundant-action",
        "Effect: Allow
Action:
  - s3:Get*
  - s3:GetObject
Resource: arn:aws:s3:::${self:service}-*",
        "Effect: Allow
Action:
  - s3:Get*
Resource: arn:aws:s3:::${self:service}-*",
    ),
    (
        "invalid-effect",
        "Effect: allow
Action: s3:GetObject
Resource: arn:aws:s3:::${self:service}-*",
        "Effect: Allow
Action: s3:GetObject
Resource: arn:aws:s3:::${self:service}-*",
    ),
    (
        "unknown-element",
        "Effect: Allow
Actions: s3:GetObject
Resource: arn:aws:s3:::${self:service}-*",
        "Effect: Allow
Action: s3:GetObject
Resource: arn:aws:s3:::${self:service}-*",
    ),
    (
        "invalid-sid",
        "Sid: read-files
Effect: Allow
Action: s3:GetObject
Resource: arn:aws:s3:::${self:service}-*",
        "Sid: readFiles
Effect: Allow
Action: s3:GetObject
Resource: arn:aws:s3:::${self:service}-*",
    ),
    (
        "duplicate-sid",
        "Sid: Files
Effect: Allow
Action: s3:GetObject
Resource: arn:aws:s3:::${self:service}-a/*
- Sid: Files
  Effect: Allow
  Action: s3:PutObject
  Resource: arn:aws:s3:::${self:service}-b/*",
        "Sid: Files
Effect: Allow
Action: s3:GetObject
Resource: arn:aws:s3:::${self:service}-a/*
- Sid: Files2
  Effect: Allow
  Action: s3:PutObject
  Resource: arn:aws:s3:::${self:service}-b/*",
    ),
    (
        "unknown-service",
        "Effect: Allow
Action: dynamo:GetItem
Resource: arn:aws:dynamodb:*:*:table/${self:service}-*",
        "Effect: Allow
Action: dynamodb:GetItem
Resource: arn:aws:dynamodb:*:*:table/${self:service}-*",
    ),
    (
        "action-matches-nothing",
        "Effect: Allow
Action: dynamodb:GetIten*
Resource: arn:aws:dynamodb:*:*:table/${self:service}-*",
        "Effect: Allow
Action: dynamodb:GetIte*
Resource: arn:aws:dynamodb:*:*:table/${self:service}-*",
    ),
    (
        "invalid-arn",
        "Effect: Allow
Action: s3:GetObject
Resource: arn:aws:s3:eu-west-1:111111111111:${self:service}-files/*",
        "Effect: Allow
Action: s3:GetObject
Resource: arn:aws:s3:::${self:service}-files/*",
    ),
    (
        "unquoted-star",
        "Effect: Allow
Action: s3:ListAllMyBuckets
Resource: *",
        "Effect: Allow
Action: s3:ListAllMyBuckets
Resource: '*'",
    ),
    (
        "action-resource-mismatch",
        "Effect: Allow
Action: s3:ListBucket
Resource: arn:aws:s3:::${self:service}-files/*",
        "Effect: Allow
Action: s3:ListBucket
Resource: arn:aws:s3:::${self:service}-files",
    ),
    (
        "pass-role-unscoped",
        "Effect: Allow
Action: iam:PassRole
Resource: '*'",
        "Effect: Allow
Action: iam:PassRole
Resource: !Sub 'arn:aws:iam::${AWS::AccountId}:role/${self:service}-*'",
    ),
    // By `Fn::Sub`, with the service's variable for its name.
    (
        "wildcard-resource",
        "Effect: Allow
Action: sqs:SendMessage
Resource: '*'",
        "Effect: Allow
Action: sqs:SendMessage
Resource: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${self:service}-*'",
    ),
    // By the framework's own variables, where the file uses them.
    (
        "wildcard-resource",
        "Effect: Allow # ${aws:accountId}
Action: sqs:SendMessage
Resource: '*'",
        "Effect: Allow # ${aws:accountId}
Action: sqs:SendMessage
Resource: arn:aws:sqs:${aws:region}:${aws:accountId}:${self:service}-*",
    ),
];

#[test]
fn fixes_in_the_style_of_a_service() {
    for (id, before, after) in FIXES {
        let rule = rule(id).unwrap_or_else(|| panic!("{id}"));
        let mended = mend(rule, &service(before), CONFIG);
        assert_eq!(mended, service(after), "{id}");
    }
}

#[test]
fn deploy_rules_are_silent_on_what_functions_run_as() {
    let text = service(
        "Effect: Allow
Action: [lambda:CreateFunction, 'iam:CreateRole', iam:PutRolePolicy]
Resource: '*'",
    );
    // The role is called like one that deploys, which makes no difference.
    let text = text.replace("service: shop", "service: shop-deployer");
    for config in ["", "[deploy]\nroles = ['*']\n"] {
        let fixture = Fixture::new(&text, config);
        let found: Vec<_> = check(&fixture.context())
            .iter()
            .map(|finding| finding.rule.id)
            .filter(|id| id.contains("counterpart") || id.contains("boundary"))
            .collect();
        assert!(found.is_empty(), "{found:?}");
    }
}

#[test]
fn findings_in_the_value_of_a_variable_are_at_the_variable() {
    let text = service(
        "Effect: Allow
Action: lambda:InvokeFunction
Resource: arn:aws:lambda:${aws:region}:${self:custom.other}:function:shop-mail",
    )
    .replace("  statements: []", "  other: '121212121212'");
    let fixture = Fixture::new(&text, CONFIG);
    let findings = fixture.findings(rule("unknown-account").unwrap());
    let marked: Vec<&str> = findings
        .iter()
        .map(|finding| &text[finding.span.range()])
        .collect();
    assert_eq!(marked, ["${self:custom.other}"]);
}

#[test]
fn statements_behind_a_variable_are_checked_where_they_stand() {
    let text = "service: shop
provider:
  name: aws
  iamRoleStatements: ${self:custom.statements}
custom:
  statements:
    - Effect: Allow
      Action: ${self:custom.actions}
      Resource: '*'
  actions: [s3:GetObjct]
functions:
  order: {handler: order.handler}
";
    let fixture = Fixture::new(text, CONFIG);
    let findings = fixture.findings(rule("unknown-action").unwrap());
    let marked: Vec<&str> = findings
        .iter()
        .map(|finding| &text[finding.span.range()])
        .collect();
    assert_eq!(marked, ["GetObjct"]);
}

#[test]
fn variables_of_the_framework_are_none_of_the_policy() {
    let service = |resource: &str| {
        format!(
            "service: shop
provider: {{name: aws}}
resources:
  Resources:
    Files:
      Type: AWS::S3::BucketPolicy
      Properties:
        Bucket: shop
        PolicyDocument:
          Statement:
            - Effect: Allow
              Principal: '*'
              Action: s3:GetObject
              Resource: {resource}
"
        )
    };
    for (resource, safe) in [
        ("arn:aws:s3:::${self:service}/*", true),
        ("!Sub 'arn:aws:s3:::${self:service}/${AWS::Region}/*'", true),
        ("arn:aws:s3:::${self:service}/${aws:username}/*", false),
    ] {
        let fixture = Fixture::new(&service(resource), CONFIG);
        let fixes = fixture.fixes(rule("missing-version").unwrap());
        let kinds: Vec<bool> = fixes
            .iter()
            .map(|fix| fix.safety == crate::Safety::Safe)
            .collect();
        assert_eq!(kinds, [safe], "{resource}");
    }
}

#[test]
fn resources_of_a_service_are_mended_as_in_templates() {
    let role = |statement: &str, version: &str| {
        format!(
            "service: shop
provider: {{name: aws}}
resources:
  Resources:
    ShopDeployer:
      Type: AWS::IAM::Role
      Properties:
        Policies:
          - PolicyName: deploy
            PolicyDocument:{version}
              Statement:
                - Effect: Allow
                  Action:
{statement}                  Resource: !Sub 'arn:aws:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:${{self:service}}-*'
"
        )
    };
    let version = "\n              Version: '2012-10-17'";
    let before = "                    - lambda:CreateFunction\n";
    let after = "                    - lambda:CreateFunction\n                    - lambda:DeleteFunction\n";
    let rule_of = |id: &str| rule(id).unwrap_or_else(|| panic!("{id}"));
    assert_eq!(
        mend(
            rule_of("missing-delete-counterpart"),
            &role(before, version),
            CONFIG
        ),
        role(after, version)
    );
    assert_eq!(
        mend(rule_of("missing-version"), &role(before, ""), CONFIG),
        role(before, version)
    );
}
