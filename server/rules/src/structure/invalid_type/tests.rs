use super::RULE;
use crate::tests::fixture::{Fixture, check};

#[test]
fn in_each_element() {
    let messages = check(
        &RULE,
        r#"
{
  "Version": ["2012-10-17"],
             ^^^^^^^^^^^^^^
  "Statement": [
    [],
    ^^
    {"Sid": {}, "Effect": ["Allow"], "Action": {"s3": "GetObject"}, "Resource": [{"a": "b"}, "*"]},
            ^^            ^^^^^^^^^            ^^^^^^^^^^^^^^^^^^^               ^^^^^^^^^^
    {"Effect": "Allow", "Principal": ["*"], "Action": [["s3:GetObject"]], "Resource": "*", "Condition": []},
                                     ^^^^^               ^^^^^^^^^^^^                                   ^^
    {"Effect": "Allow", "Principal": {"AWS": {"a": "b"}}, "NotAction": "s3:GetObject", "NotResource": [[]],
                                             ^^^^^^^^^^                                                ^^
     "Condition": {"StringEquals": ["a"], "Bool": {"aws:SecureTransport": {"a": true}, "s3:prefix": [["a"]]}}}
                                                                          ^^^^^^^^^^^                  ^
  ]
}
"#,
        "",
    );
    assert_eq!(
        messages[0],
        "`Version` has a list where a single string is expected: AWS rejects the policy."
    );
    assert!(messages.iter().any(|message| message
            == "`Action` has a nested list where a string or a list of strings is expected: AWS rejects the policy."));
}

#[test]
fn texts_where_conditions_are_due() {
    let text = |condition: &str| {
        format!(
            "Version: '2012-10-17'\nStatement:\n  - {{Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {condition}}}\n"
        )
    };
    let found = |condition: &str| Fixture::new(&text(condition), "").findings(&RULE).len();
    assert_eq!(found("none"), 1);
    for other in [
        "null",
        "''",
        "'${Condition}'",
        "'{{ condition }}'",
        "{}",
        "{Bool: '<%= b %>'}",
        "{'aws:RequestedRegion': eu-west-1}",
    ] {
        assert_eq!(found(other), 0, "{other}");
    }
}

#[test]
fn a_document_in_a_list() {
    let messages = check(
            &RULE,
            "Resources:
  U:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument: [{Version: '2012-10-17', Statement: {Effect: Allow, Action: 's3:GetObject', Resource: '*'}}]
#                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        - PolicyName: q
          PolicyDocument: [{Something: else}]
",
            "",
        );
    assert!(messages[0].starts_with("A policy must be a single document"));
    check(
        &RULE,
        "resource \"aws_iam_policy\" \"q\" {\n  policy = jsonencode([{ Statement = [] }])\n                      ^^^^^^^^^^^^^^^^^^^^\n}\n",
        "",
    );
}

#[test]
fn statements_without_a_document() {
    let template = "Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]
#                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      Policies:
        - PolicyName: p
          PolicyDocument: [{Effect: Allow, Name: other}]
";
    let messages = check(&RULE, template, "");
    assert_eq!(
        messages,
        ["These statements have no policy document around them: AWS rejects the policy."]
    );
    for (value, found) in [
        (
            "jsonencode([{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \"*\" }])",
            1,
        ),
        (
            "<<EOT\n[{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}]\nEOT\n",
            1,
        ),
        (
            "<<EOT\n[{\"Effect\": \"Allow\", \"Reaction\": \"s3:GetObject\"}]\nEOT\n",
            0,
        ),
        ("jsonencode(var.statements)", 0),
    ] {
        let text = format!("resource \"aws_iam_policy\" \"q\" {{\n  policy = {value}\n}}\n");
        assert_eq!(
            Fixture::new(&text, "").findings(&RULE).len(),
            found,
            "{value}"
        );
    }
}

#[test]
fn an_object_for_a_text_of_json() {
    let document = "{ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \"*\" }] }";
    for (resource, found) in [
        (
            format!("\"aws_iam_policy\" \"p\" {{\n  policy = {document}"),
            1,
        ),
        (
            format!("\"aws_iam_role\" \"p\" {{\n  inline_policy {{\n    policy = {document}\n  }}"),
            1,
        ),
        (
            format!("\"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({document})"),
            0,
        ),
        (
            format!(
                "\"awscc_iam_role\" \"p\" {{\n  policies = [{{ policy_document = {document} }}]"
            ),
            0,
        ),
        (
            format!("\"other_policy\" \"p\" {{\n  policy = {document}"),
            0,
        ),
    ] {
        let text = format!("resource {resource}\n}}\n");
        let findings = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(findings.len(), found, "{resource}");
        for finding in findings {
            assert!(finding.message.contains("where a JSON string is expected"));
        }
    }
}

#[test]
fn local_values_that_are_encoded_where_they_are_used() {
    for policy in [
        "jsonencode(local.shop)",
        "coalesce(var.policy, jsonencode(local.shop))",
    ] {
        let text = format!(
            r#"resource "aws_iam_policy" "shop" {{
  policy = {policy}
}}
locals {{
  shop = {{
    Version   = "2012-10-17"
    Statement = [[{{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::shop-data/*" }}]]
                    ^^^^^^
  }}
}}
"#
        );
        check(&RULE, &text, "");
    }
}

#[test]
fn terraform() {
    let messages = check(
        &RULE,
        r#"
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Statement = [[{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]]
                    ^^^^^^
  })
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = "s3:GetObject"
                 ^^^^^^^^^^^^
    resources = [["*"]]
                   ^
  }
}
locals {
  buckets = ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]
  bucket  = "arn:aws:s3:::c/*"
}
resource "aws_iam_policy" "q" {
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = "s3:GetObject", Resource = [local.buckets, local.bucket] },
                                                               ^^^^^^^^^^^^^
      { Effect = "Allow", Action = "s3:GetObject", Resource = local.buckets },
      { Effect = "Allow", Action = "s3:GetObject", Resource = [var.buckets] },
    ]
  })
}
variable "buckets" {
  default = []
}
"#
        .trim_start(),
        "",
    );
    assert!(messages[1].contains("Terraform rejects"), "{messages:?}");
}

#[test]
fn what_is_no_statement() {
    let messages = check(
        &RULE,
        r#"
{
  "Version": "2012-10-17",
  "Statement": [
    null,
    ^^^^
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
    "x"
     ^
  ]
}
"#,
        "",
    );
    assert_eq!(
        messages,
        [
            "`Statement` has an empty item where a statement is expected: AWS rejects the policy.",
            "`Statement` has a string where a statement is expected: AWS rejects the policy.",
        ]
    );
    let text = "`Statement` has a string where a statement or a list of statements is expected: AWS rejects the policy.";
    for (policy, message) in [
        ("Version: '2012-10-17'\nStatement: x\n           ^\n", text),
        (
            "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement: x\n                   ^\n",
            text,
        ),
        (
            "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Statement = \"x\" })\n                                     ^\n}\n",
            text,
        ),
        (
            "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Statement = [null] })\n                                     ^^^^\n}\n",
            "`Statement` has an empty item where a statement is expected: AWS rejects the policy.",
        ),
    ] {
        assert_eq!(check(&RULE, policy, ""), [message], "{policy}");
    }
    for filled in [
        "Version: '2012-10-17'\nStatement: __STATEMENTS__\n",
        "Version: '2012-10-17'\nStatement: ['{{ one }}', '<statement>']\n",
        "Version: '2012-10-17'\nStatement: {{ statements }}\n",
        "Version: '2012-10-17'\nStatement: ['{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}']\n",
        "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement: [!Ref AWS::NoValue, !Ref More]\n",
    ] {
        check(&RULE, filled, "");
    }
}

#[test]
fn values_without_a_key_are_told_once() {
    for condition in [
        "{StringEquals: x}",
        "{StringEquals: [x, y]}",
        "{StringEquals: x, StringLike: {'aws:PrincipalOrgID': o-1}}",
    ] {
        let text = format!(
            "Statement: {{Effect: Allow, Action: 's3:GetObject', Resource: '*', Condition: {condition}}}\n"
        );
        let fixture = Fixture::new(&text, "");
        assert!(fixture.findings(&RULE).is_empty(), "{condition}");
        let other = &crate::conditions::invalid_condition::RULE;
        assert_eq!(fixture.findings(other).len(), 1, "{condition}");
    }
    // The conditions of a device's policy nobody else looks at.
    let text = "Resources:\n  P:\n    Type: AWS::IoT::Policy\n    Properties:\n      PolicyDocument: {Statement: {Effect: Allow, Action: 'iot:Connect', Resource: '*', Condition: {StringEquals: x}}}\n";
    assert_eq!(Fixture::new(text, "").findings(&RULE).len(), 1);
}

#[test]
fn silent_on_functions_and_other_tools() {
    for resource in [
        "!If [A, [a, b], c]",
        "[!If [A, [a, b], c]]",
        "[!Split [',', 'a,b']]",
        "[!Ref List]",
        "{Fn::Own: [a]}",
        "{'Fn::Own': [a], 'Fn::Other': b}",
        "{'Fn::ForEach::A': [X, [a], {X: b}]}",
        "{{ resources }}",
        "{'${a}': b}",
        "1",
    ] {
        let text = format!(
            "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: 2012-10-17\n        \
                 Statement:\n          - Effect: Allow\n            Action: s3:GetObject\n            Resource: {resource}\n"
        );
        assert_eq!(check(&RULE, &text, ""), Vec::<String>::new(), "{resource}");
    }
    check(
            &RULE,
            r#"
resource "aws_iam_policy" "p" {
  policy = jsonencode({
    Statement = flatten([[{ Effect = "Allow", Action = concat(["s3:GetObject"], ["s3:PutObject"]), Resource = "*" }], var.more])
  })
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = var.actions
    resources = "${var.resources}"
  }
  statement {
    sid       = "A"
    actions   = null
    resources = ["*"]
  }
}
module "m" {
  statements = [{ effect = "Allow", actions = "s3:GetObject", resources = "*" }]
}
"#
            .trim_start(),
            "",
        );
}

#[test]
fn nothing_behind_a_name() {
    let found = |text: &str| {
        let findings = Fixture::new(text, "").findings(&RULE);
        let told = findings.into_iter().map(|it| it.message);
        told.collect::<Vec<_>>()
    };
    let plain =
        |lines: &str| format!("Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n{lines}");
    for name in ["Action", "Resource"] {
        let other = match name {
            "Action" => "    Resource: '*'\n",
            _ => "    Action: s3:GetObject\n",
        };
        for empty in ["", " # what it reads", "\n      # - s3:GetObject"] {
            let text = plain(&format!("    {name}:{empty}\n{other}"));
            let told = found(&text);
            assert_eq!(told.len(), 1, "{text}");
            assert!(
                told[0].starts_with(&format!("`{name}` has nothing")),
                "{told:?}"
            );
        }
        assert!(found(&plain(&format!("    {name}: {{{{ x }}}}\n{other}"))).is_empty());
    }
    // What a template engine puts there stands below.
    let made = plain(
        "    Action:\n{{- range .actions }}\n      - {{ . }}\n{{- end }}\n    Resource: '*'\n",
    );
    assert!(found(&made).is_empty());
    let nested = "{\"Version\": \"2012-10-17\", \"Statement\": [[{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"*\"}]]}";
    let told = found(nested);
    assert!(
        told.len() == 1 && told[0].contains("a nested list"),
        "{told:?}"
    );
}
