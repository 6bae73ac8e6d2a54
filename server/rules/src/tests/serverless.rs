//! Rules and fixes in a Serverless service, beyond what the table of all dialects has.

use super::fixture::{Fixture, fixed_text};
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

/// Rule, statement, and the statement after its fix, where the style is the point; the others stand in the table.
const FIXES: &[(&str, &str, &str)] = &[
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
        let mended = fixed_text(rule, &service(before), CONFIG);
        assert_eq!(mended, service(after), "{id}");
    }
}

#[test]
fn the_variable_that_the_service_is_named_by_is_written() {
    let rule = rule("wildcard-resource").unwrap();
    let statement = |resource: &str| {
        let text = service(&format!(
            "Effect: Allow\nAction: sqs:SendMessage\nResource: {resource}"
        ));
        let text = text.replace("service: shop", "service: ${self:custom.app}-api");
        text.replace("custom:\n", "custom:\n  app: shop\n")
    };
    let own = "!Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${self:custom.app}-*'";
    let mended = fixed_text(rule, &statement("'*'"), CONFIG);
    assert_eq!(mended, statement(own));
    // One that is something else is no prefix.
    let other = statement("'*'").replace("app: shop", "app: store");
    let mended = fixed_text(rule, &other, CONFIG);
    assert!(mended.contains("${AWS::AccountId}:shop-*"), "{mended}");
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
        fixed_text(
            rule_of("missing-delete-counterpart"),
            &role(before, version),
            CONFIG
        ),
        role(after, version)
    );
    assert_eq!(
        fixed_text(rule_of("missing-version"), &role(before, ""), CONFIG),
        role(before, version)
    );
}
