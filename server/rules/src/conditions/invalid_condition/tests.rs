use super::RULE;
use crate::Safety;
use crate::tests::fixture::{Fixture, check, fixed_text};
use leastwise_model::Level;

#[test]
fn operators() {
    let messages = check(
        &RULE,
        r#"
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: s3:GetObject
    Resource: arn:aws:s3:::shop-data/*
    Condition:
      StringEqual: {aws:SourceVpce: vpce-1, aws:SourceVpc: vpc-1}
      ^^^^^^^^^^^
      ForAnyValue:StringLikes: {aws:TagKeys: a}
      ^^^^^^^^^^^^^^^^^^^^^^^
      NullIfExists: {aws:SourceAccount: 'true'}
      ^^^^^^^^^^^^
      aws:PrincipalOrgID: {StringEquals: o-1}
      ^^^^^^^^^^^^^^^^^^
      Equals: {aws:SourceAccount: '111111111111'}
      ^^^^^^
      stringequalsifexists: {aws:SourceAccount: '111111111111'}
      ForAllValues:StringLike: {aws:TagKeys: a}
      "${Operator}": {aws:SourceAccount: '111111111111'}
      "{{ operator }}": {aws:SourceAccount: '111111111111'}
"#,
        "",
    );
    assert!(messages[0].contains("condition operator `StringEqual` doesn't exist"));
    assert!(messages[3].contains("is a condition key where an operator is expected"));
}

#[test]
fn keys_without_an_operator() {
    let messages = check(
        &RULE,
        r#"
{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"aws:RequestedRegion": ["eu-west-1"]}},
                                                                                  ^^^^^^^^^^^^^^^^^^^
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"Bool": "true"}},
                                                                                  ^^^^
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"Bool": null, "aws:SourceIp": ""}},
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"${Op}": "x", "word": "x"}},
    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}
  ]
}
"#,
        "",
    );
    assert!(messages[0].contains("has no operator around it"));
    assert!(messages[1].contains("has no condition key to compare"));
}

#[test]
fn functions_are_no_keys() {
    check(
        &RULE,
        r#"
Conditions: {Prod: !Equals [!Ref AWS::Region, eu-west-1]}
Resources:
  Shop:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: s3:GetObject
            Resource: '*'
            Condition: !If [Prod, {Bool: {aws:SecureTransport: true}}, !Ref AWS::NoValue]
          - Effect: Allow
            Action: s3:GetObject
            Resource: '*'
            Condition: {Fn::If: [Prod, {Bool: {aws:SecureTransport: true}}, !Ref AWS::NoValue]}
          - Effect: Allow
            Action: s3:GetObject
            Resource: '*'
            Condition: {Fn::Transform: {Name: Shop}}
"#,
        "",
    );
}

#[test]
fn values() {
    check(
        &RULE,
        r#"
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action: s3:GetObject
    Resource: arn:aws:s3:::shop-data/*
    Condition:
      Bool: {aws:SecureTransport: 'yes', aws:ViaAWSService: yes}
                                   ^^^
      BoolIfExists: {aws:MultiFactorAuthPresent: [true, 'False']}
      DateLessThan: {aws:CurrentTime: [2026-01-01, 31.12.2026]}
                                                   ^^^^^^^^^^
      NotIpAddress: {aws:SourceIp: [203.0.113.0/24, 203.0.113.*, '${Range}']}
                                                    ^^^^^^^^^^^
      StringEquals: {aws:SourceAccount: ['11111111111', '111111111111', '${Account}'], aws:SourceVpc: yes}
                                          ^^^^^^^^^^^
      ArnLike: {aws:SourceArn: [shop-data, '*', arn:aws:s3:::shop-data]}
                                ^^^^^^^^^
"#,
        "",
    );
}

#[test]
fn keys_of_another_type() {
    let policy = |condition: &str| {
        format!(
            "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: s3:GetObject, Resource: '*', Condition: {{{condition}}}}}\n"
        )
    };
    let found = |condition: &str| {
        let fixture = Fixture::new(&policy(condition), "");
        let findings = fixture.findings(&RULE).into_iter();
        findings
            .map(|of| (of.level, of.message, of.help))
            .collect::<Vec<_>>()
    };
    // One finding for a test, and an error where its value is none, either.
    for (condition, level, message, help) in [
        (
            "Bool: {aws:SourceVpc: true}",
            Level::Warning,
            "`Bool` compares `true` and `false`, but `aws:SourceVpc` is a string: the condition can't work as intended.",
            "Compare `aws:SourceVpc` with `StringEquals` or a similar operator.",
        ),
        (
            "Bool: {aws:SourceVpc: [vpc-1, vpc-2]}",
            Level::Error,
            "`Bool` compares",
            "Compare",
        ),
        (
            "DateGreaterThan: {aws:PrincipalArn: 2026-01-01}",
            Level::Warning,
            "`DateGreaterThan` compares dates, but `aws:PrincipalArn` is an ARN",
            "Compare `aws:PrincipalArn` with `ArnLike`",
        ),
        (
            "StringEquals: {aws:SecureTransport: 'yes'}",
            Level::Warning,
            "`yes` matches nothing: `aws:SecureTransport` is `true` or `false`",
            "Write `true` or `false`.",
        ),
        (
            "StringEquals: {aws:SourceVpc: vpce-1}",
            Level::Error,
            "`vpce-1` matches nothing: `aws:SourceVpc` is a VPC ID",
            "Did you mean the key `aws:SourceVpce`?",
        ),
        (
            "StringEquals: {aws:PrincipalOrgID: ou-ab12-1}",
            Level::Error,
            "`ou-ab12-1` matches nothing: `aws:PrincipalOrgID` is an organization ID",
            "Write an organization ID.",
        ),
        (
            "ArnLike: {aws:PrincipalArn: 'arn:aws:sts::*:assumed-role/shop/*'}",
            Level::Error,
            "This value matches nothing: `aws:PrincipalArn` is the ARN of a role, not of its sessions",
            "Write the role's ARN",
        ),
        (
            "ArnLike: {aws:PrincipalArn: ['arn:aws:iam::*:role/shop', 'arn:aws:sts::*:assumed-role/shop/*']}",
            Level::Suggestion,
            "This value matches nothing: `aws:PrincipalArn` is the ARN of a role, not of its sessions",
            "Write the role's ARN",
        ),
        (
            "StringEquals: {aws:RequestedRegion: eu-wset-1}",
            Level::Warning,
            "`eu-wset-1` matches nothing: AWS has no such region",
            "Did you mean `eu-west-1`?",
        ),
    ] {
        let said = found(condition);
        let [(of, text, cure)] = said.as_slice() else {
            panic!("{condition}: {said:?}");
        };
        assert_eq!(*of, level, "{condition}");
        assert!(text.starts_with(message), "{text}");
        assert!(cure.starts_with(help), "{cure}");
    }
    for condition in [
        "Bool: {aws:ResourceTag/open: true}",
        "Bool: {'${Key}': true}",
        "Bool: {aws:SourceVcp: true}",
        "StringEqualsIgnoreCase: {aws:RequestedRegion: EU-WEST-1}",
        "StringEquals: {aws:SourceVpc: '${Vpc}'}",
    ] {
        assert!(found(condition).is_empty(), "{condition}");
    }
    assert_eq!(
        fixed_text(
            &RULE,
            &policy("StringEquals: {aws:RequestedRegion: [eu-wset-1]}"),
            ""
        ),
        policy("StringEquals: {aws:RequestedRegion: [eu-west-1]}")
    );
}

#[test]
fn what_is_empty() {
    let found = |condition: &str| {
        let text = format!(
            "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: s3:GetObject, Resource: '*', Condition: {condition}}}\n"
        );
        let fixture = Fixture::new(&text, "");
        let findings = fixture.findings(&RULE).into_iter();
        assert!(
            fixture
                .findings(&RULE)
                .iter()
                .all(|of| of.level == Level::Suggestion)
        );
        findings.map(|of| of.message).collect::<Vec<_>>()
    };
    for (condition, part) in [
        ("{}", "is empty and has no effect"),
        ("{StringEquals: {aws:SourceVpc: []}}", "has no value for"),
        (
            "{ForAllValues:StringEquals: {aws:TagKeys: []}}",
            "is only met by requests",
        ),
        (
            "{StringLikeIfExists: {aws:SourceVpc: []}}",
            "is only met by requests",
        ),
        (
            "{ForAnyValue:StringEquals: {aws:TagKeys: []}}",
            "is never met",
        ),
    ] {
        let said = found(condition);
        assert!(
            said.len() == 1 && said[0].contains(part),
            "{condition}: {said:?}"
        );
    }
    for condition in [
        "",
        "{StringEquals: {}}",
        "{StringEquals: {aws:SourceVpc: ''}}",
        "{'Null': {aws:SourceVpc: []}}",
        "{StringEquals: {'${Key}': []}}",
    ] {
        assert!(found(condition).is_empty(), "{condition}");
    }
    // Something is put in there.
    let templated = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:GetObject\n    Resource: '*'\n    Condition:\n      StringEquals:\n        aws:SourceVpc: [{% for vpc in vpcs %}{{ vpc }},{% endfor %}]\n";
    assert!(Fixture::new(templated, "").findings(&RULE).is_empty());
}

#[test]
fn services_by_their_names() {
    let policy = |operator: &str, value: &str| {
        format!(
            "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: iam:PassRole, Resource: '*', Condition: {{{operator}: {{iam:PassedToService: {value}}}}}}}\n"
        )
    };
    let count = |operator: &str, value: &str| {
        Fixture::new(&policy(operator, value), "")
            .findings(&RULE)
            .len()
    };
    assert_eq!(
        fixed_text(&RULE, &policy("StringEquals", "[lamda.amazonaws.com]"), ""),
        policy("StringEquals", "[lambda.amazonaws.com]")
    );
    assert_eq!(count("StringEquals", "Lambda.amazonaws.com"), 1);
    assert_eq!(count("StringEqualsIgnoreCase", "Lambda.amazonaws.com"), 0);
    assert_eq!(count("StringEqualsIgnoreCase", "lamda.amazonaws.com"), 1);
    assert_eq!(count("StringLike", "lamda.amazonaws.*"), 0);
    assert_eq!(count("StringEquals", "'${Service}'"), 0);
    // What is put together stays.
    let put = policy("StringEquals", "!Sub 'lamda.amazonaws.com'");
    let fixture = Fixture::new(&put, "");
    assert!(
        fixture.findings(&RULE)[0].fixes[0]
            .resolve(&fixture.context())
            .is_none()
    );
}

#[test]
fn a_providers_keys_are_left_to_others() {
    check(
        &RULE,
        "Version: '2012-10-17'\nStatement: {Effect: Allow, Action: s3:GetObject, Resource: '*', Condition: {Bool: {saml:edupersonassurance: maybe}}}\n",
        "",
    );
}

#[test]
fn a_key_that_stands_beside_it_is_not_written_twice() {
    let policy = "Version: '2012-10-17'\nStatement: {Effect: Allow, Action: s3:GetObject, Resource: '*', Condition: {Bool: {aws:SecureTransport: true}, Boool: {aws:ViaAWSService: true}}}\n";
    assert_eq!(fixed_text(&RULE, policy, ""), policy);
}

#[test]
fn blocks_of_terraform() {
    let module = "data \"aws_iam_policy_document\" \"shop\" {\n  statement {\n    actions   = [\"s3:GetObject\"]\n    resources = [\"*\"]\n    condition {\n      test     = \"StringsEquals\"\n      variable = \"aws:SourceVpc\"\n      values   = [\"vpc-1\"]\n    }\n  }\n}\n";
    assert_eq!(
        fixed_text(&RULE, module, ""),
        module.replace("StringsEquals", "StringEquals")
    );
}

#[test]
fn of_two_operators_that_are_equally_near_none_is_written_in_bulk() {
    let policy = |operator: &str| {
        format!(
            "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: s3:GetObject, Resource: '*', Condition: {{{operator}: {{aws:PrincipalArn: a}}}}}}\n"
        )
    };
    let offers = |operator: &str| {
        let fixes = Fixture::new(&policy(operator), "")
            .findings(&RULE)
            .remove(0)
            .fixes;
        let fixes = fixes.into_iter().map(|fix| (fix.title, fix.safety));
        fixes.collect::<Vec<_>>()
    };
    let offer = |name: &str, safety| (format!("Replace with {name}"), safety);
    assert_eq!(
        offers("TrinEquals"),
        [
            offer("ArnEquals", Safety::Manual),
            offer("StringEquals", Safety::Manual)
        ]
    );
    assert_eq!(
        offers("StrinEquals"),
        [offer("StringEquals", Safety::Unsafe)]
    );
    // One of the two stands beside it: the other isn't plainly meant for that.
    let beside = policy("ArnEquals: {aws:SourceArn: 'arn:aws:s3:::b'}, TrinEquals");
    let fixes = Fixture::new(&beside, "").findings(&RULE).remove(0).fixes;
    let fixes: Vec<_> = fixes
        .into_iter()
        .map(|fix| (fix.title, fix.safety))
        .collect();
    assert_eq!(fixes, [offer("StringEquals", Safety::Manual)]);
}

#[test]
fn a_misspelt_quantifier_on_a_key_of_one_value_is_left_out_at_once() {
    let policy = |effect: &str, condition: &str| {
        format!(
            "Version: '2012-10-17'\nStatement: {{Effect: {effect}, Action: s3:GetObject, Resource: '*', Condition: {{{condition}}}}}\n"
        )
    };
    for (effect, operator, rest, meant) in [
        (
            "Allow",
            "ForAllValue:StringEquals",
            "aws:SourceVpc: a",
            "StringEquals",
        ),
        (
            "Allow",
            "ForAnyValues:StringEquals",
            "aws:SourceVpc: a",
            "ForAnyValue:StringEquals",
        ),
        (
            "Allow",
            "ForAllValue:StringEquals",
            "aws:TagKeys: a",
            "ForAllValues:StringEquals",
        ),
        (
            "Allow",
            "ForAllValue:StringEquals",
            "aws:SourceVpc: a, aws:TagKeys: a",
            "ForAllValues:StringEquals",
        ),
        (
            "Deny",
            "ForAllValue:StringEquals",
            "aws:SourceVpc: a",
            "ForAllValues:StringEquals",
        ),
        (
            "Allow",
            "ForAllValue:StringEquals",
            "aws:Shoe: a",
            "ForAllValues:StringEquals",
        ),
    ] {
        let text = |operator: &str| policy(effect, &format!("{operator}: {{{rest}}}"));
        let before = text(operator);
        assert_eq!(fixed_text(&RULE, &before, ""), text(meant), "{before}");
        let help = Fixture::new(&before, "").findings(&RULE).remove(0).help;
        assert!(help.contains(&format!("`{meant}`")), "{help}");
    }
}

#[test]
fn of_two_services_that_are_equally_near_none_is_written_in_bulk() {
    let policy = |service: &str| {
        format!(
            "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: 'iam:PassRole', Resource: '*', Condition: {{StringEquals: {{iam:PassedToService: {service}.amazonaws.com}}}}}}\n"
        )
    };
    let finding = Fixture::new(&policy("aprflow"), "")
        .findings(&RULE)
        .remove(0);
    assert_eq!(
        finding.help,
        "Did you mean `airflow.amazonaws.com` or `appflow.amazonaws.com`?"
    );
    let safeties: Vec<Safety> = finding.fixes.iter().map(|fix| fix.safety).collect();
    assert_eq!(safeties, [Safety::Manual, Safety::Manual]);
}
