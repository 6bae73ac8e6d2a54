//! Where the rules on conditions are silent, and where they offer no fix: each row is there for a guard of theirs.

use crate::Rule;
use crate::conditions::{
    condition_key_not_sent, for_all_values, invalid_condition, literal_wildcard,
    unknown_condition_key,
};
use crate::tests::fixture::{Fixture, Found};
use leastwise_catalog::catalog;
use leastwise_model::Level;

fn policy(actions: &str, condition: &str) -> String {
    format!(
        "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: [{actions}], Resource: '*', Condition: {{{condition}}}}}\n"
    )
}

fn template(of: &str, condition: &str) -> String {
    format!(
        "Resources:
  Shop:
    Type: {of}
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: {{Effect: Allow, Action: ['iot:Connect'], Resource: '*', Condition: {{{condition}}}}}
"
    )
}

fn found(rule: &Rule, text: &str) -> Vec<Found> {
    Fixture::new(text, "").findings(rule)
}

#[test]
fn keys_that_devices_bring() {
    for (key, value) in [
        ("iot:ClientId", "x"),
        ("iot:ConnectAttributes", "LastWill"),
        ("iot:Connection.Thing.ThingTypeName", "x"),
        ("iot:Connection.Thing.Attributes[color]", "x"),
        ("iot:Certificate.Subject.CommonName", "x"),
        ("iot:Certificate.Subject.Organization.1", "x"),
        ("iot:DomainName", "x"),
        ("iot:Connection.Thing.IsAttached", "true"),
        ("credentials-iot:ThingName", "x"),
    ] {
        let operator = match value {
            "true" => "Bool",
            "LastWill" => "ForAnyValue:StringEquals",
            _ => "StringEquals",
        };
        let condition = format!("{operator}: {{'{key}': '{value}'}}");
        let asks = |action: &str| {
            let text = policy(action, &condition);
            let rules = [
                &unknown_condition_key::RULE,
                &condition_key_not_sent::RULE,
                &invalid_condition::RULE,
            ];
            rules.map(|rule| found(rule, &text).len())
        };
        assert_eq!(asks("'iot:Publish'"), [0, 0, 0], "{key}");
        // Another service never hears of the device, but through the sessions that AWS IoT opens for it.
        let elsewhere = usize::from(key.starts_with("iot:"));
        assert_eq!(asks("'s3:PutObject'"), [0, elsewhere, 0], "{key}");
    }
    let condition = "StringEquals: {'iot:Connection.Thing.Colour': x}";
    let text = policy("'iot:Publish'", condition);
    assert_eq!(found(&unknown_condition_key::RULE, &text).len(), 1);
}

#[test]
fn keys_of_devices_are_not_judged() {
    for (rule, condition) in [
        (
            &condition_key_not_sent::RULE,
            "StringEquals: {s3:prefix: x}",
        ),
        (
            &for_all_values::RULE,
            "'ForAllValues:StringEquals': {aws:SourceVpce: vpce-1}",
        ),
        (&invalid_condition::RULE, "StringEqual: {s3:prefix: x}"),
        (
            &literal_wildcard::RULE,
            "StringEquals: {aws:SourceArn: 'arn:aws:s3:::*'}",
        ),
        (
            &unknown_condition_key::RULE,
            "StringEquals: {aws:SourceVcpe: x}",
        ),
    ] {
        let managed = found(rule, &template("AWS::IAM::ManagedPolicy", condition));
        assert_eq!(managed.len(), 1, "{condition}");
        let device = found(rule, &template("AWS::IoT::Policy", condition));
        assert_eq!(device.len(), 0, "{condition}");
    }
}

#[test]
fn what_is_being_typed_or_filled_in_is_no_fault() {
    for (rule, condition, findings) in [
        (&unknown_condition_key::RULE, "StringEquals: {'': x}", 0),
        (&unknown_condition_key::RULE, "StringEquals: {'x': x}", 1),
        (
            &unknown_condition_key::RULE,
            "StringEquals: {'@@KEY@@': x}",
            0,
        ),
        (
            &unknown_condition_key::RULE,
            "StringEquals: {'__KEY__': x}",
            0,
        ),
        (&invalid_condition::RULE, "'': {s3:prefix: x}", 0),
        (
            &invalid_condition::RULE,
            "'__OPERATOR__': {s3:prefix: x}",
            0,
        ),
        (&invalid_condition::RULE, "StringIs: {s3:prefix: x}", 1),
        (
            &invalid_condition::RULE,
            "StringEquals: {s3:prefix: x}, 'Fn::Transform': {Name: x}",
            0,
        ),
        (&invalid_condition::RULE, "'Fn::ImportValue': condition", 0),
        (&invalid_condition::RULE, "'aws:SourceIp': 10.0.0.0/8", 1),
        (
            &invalid_condition::RULE,
            "Bool: {aws:SecureTransport: '{{ secure }}'}",
            0,
        ),
        (
            &invalid_condition::RULE,
            "Bool: {aws:SecureTransport: '<secure>'}",
            0,
        ),
        (
            &invalid_condition::RULE,
            "NumericEquals: {s3:max-keys: '%d'}",
            0,
        ),
        (
            &invalid_condition::RULE,
            "NumericEquals: {s3:max-keys: '$keys'}",
            0,
        ),
        (
            &invalid_condition::RULE,
            "Bool: {aws:SecureTransport: 'secure'}",
            1,
        ),
    ] {
        let text = policy("'s3:ListBucket'", condition);
        let findings_of = found(rule, &text);
        assert_eq!(findings_of.len(), findings, "{condition}: {findings_of:?}");
    }
    let stack = template("AWS::IAM::ManagedPolicy", "'Fn::ImportValue': condition");
    assert!(found(&invalid_condition::RULE, &stack).is_empty());
}

#[test]
fn a_test_that_the_key_is_missing_is_meant_for_those_that_never_send_it() {
    for (condition, findings) in [
        ("'Null': {s3:prefix: 'true'}", 0),
        ("'Null': {s3:prefix: 'false'}", 1),
        ("StringNotEquals: {s3:prefix: x}", 0),
        ("StringEqualsIfExists: {s3:prefix: x}", 0),
        ("'ForAllValues:StringEquals': {s3:prefix: x}", 1),
        ("StringEquals: {s3:prefix: x}", 1),
    ] {
        let text = policy("'s3:ListBucket', 's3:GetObject'", condition);
        let found = found(&condition_key_not_sent::RULE, &text);
        assert_eq!(found.len(), findings, "{condition}");
    }
}

#[test]
fn what_comes_of_several_answers() {
    for (values, part) in [
        ("['true', 'false']", "the condition has no effect"),
        ("['true', 'true']", "limits nothing"),
        ("['false', 'false']", "the statement has no effect"),
    ] {
        let text = policy("'s3:*'", &format!("'Null': {{aws:SourceVcpe: {values}}}"));
        let found = found(&unknown_condition_key::RULE, &text);
        assert!(found[0].message.contains(part), "{}", found[0].message);
    }
}

#[test]
fn a_key_is_renamed_where_the_block_has_no_such_key() {
    for (condition, fixes) in [
        (
            "StringEquals: {aws:SourceVcpe: x}, StringLike: {aws:SourceVpce: x}",
            true,
        ),
        ("StringEquals: {aws:SourceVcpe: x, aws:SourceVpc: x}", true),
        (
            "StringEquals: {aws:SourceVcpe: x, aws:SourceVpce: x, aws:SourceVpc: x}",
            false,
        ),
    ] {
        let found = found(&unknown_condition_key::RULE, &policy("'s3:*'", condition));
        assert_eq!(found.len(), 1, "{condition}");
        assert_eq!(!found[0].fixes.is_empty(), fixes, "{condition}");
    }
}

#[test]
fn names_that_stand_elsewhere_have_no_fix() {
    let document = |operator: &str, key: &str, value: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"shop\" {{
  statement {{
    actions   = [\"s3:ListBucket\"]
    resources = [\"*\"]
    condition {{
      test     = {operator}
      variable = {key}
      values   = [\"{value}\"]
    }}
  }}
}}
locals {{
  equals   = \"StringEquals\"
  equal    = \"StringEqual\"
  for_all  = \"ForAllValues:StringEquals\"
  endpoint = \"aws:SourceVcpe\"
}}
resource \"aws_iam_policy\" \"shop\" {{
  policy = data.aws_iam_policy_document.shop.json
}}
"
        )
    };
    for (rule, operator, key, value, fixes) in [
        (
            &invalid_condition::RULE,
            "\"StringEqual\"",
            "\"s3:prefix\"",
            "x",
            1,
        ),
        (
            &invalid_condition::RULE,
            "local.equal",
            "\"s3:prefix\"",
            "x",
            0,
        ),
        (
            &literal_wildcard::RULE,
            "\"StringEquals\"",
            "\"aws:SourceArn\"",
            "arn:aws:s3:::shop-*",
            1,
        ),
        (
            &literal_wildcard::RULE,
            "local.equals",
            "\"aws:SourceArn\"",
            "arn:aws:s3:::shop-*",
            0,
        ),
        (
            &for_all_values::RULE,
            "\"ForAllValues:StringEquals\"",
            "\"aws:SourceVpce\"",
            "vpce-1",
            1,
        ),
        (
            &for_all_values::RULE,
            "local.for_all",
            "\"aws:SourceVpce\"",
            "vpce-1",
            0,
        ),
        (
            &unknown_condition_key::RULE,
            "\"StringEquals\"",
            "\"aws:SourceVcpe\"",
            "vpce-1",
            1,
        ),
        (
            &unknown_condition_key::RULE,
            "\"StringEquals\"",
            "local.endpoint",
            "vpce-1",
            0,
        ),
    ] {
        let found = found(rule, &document(operator, key, value));
        let offered = found.iter().filter(|of| !of.fixes.is_empty()).count();
        assert_eq!(offered, fixes, "{operator} {key}: {found:?}");
    }
}

#[test]
fn actions_that_may_send_a_key() {
    let of = |actions: &str, condition: &str| {
        let text = policy(actions, condition);
        found(&condition_key_not_sent::RULE, &text).len()
    };
    let prefix = "StringEquals: {s3:prefix: x}";
    for (actions, condition, findings) in [
        ("'s3:GetObject'", prefix, 1),
        ("'s3:ListBucket'", prefix, 0),
        ("'s3:*', 's3:GetObject'", prefix, 1),
        // All of the actions aren't known, or are too many to say so.
        ("'*', 's3:GetObject'", prefix, 0),
        ("{a: b}, 's3:GetObject'", prefix, 0),
        ("'s3:GetObejct', 's3:GetObject'", prefix, 0),
        ("!Ref Action, 's3:GetObject'", prefix, 0),
        // The key is that of a resource, or of an action on it.
        (
            "'amplifyuibuilder:DeleteForm'",
            "StringEquals: {amplifyuibuilder:FormResourceId: x}",
            0,
        ),
        (
            "'amplifyuibuilder:DeleteForm'",
            "StringEquals: {amplifyuibuilder:ThemeResourceId: x}",
            1,
        ),
        ("'batch:SubmitJob'", "StringEquals: {batch:EKSImage: x}", 0),
        (
            "'iam:PassRole'",
            "StringEquals: {iam:PermissionsBoundary: 'arn:aws:iam::111111111111:policy/x'}",
            1,
        ),
        // What holds without the key, and says so.
        ("'s3:GetObject'", "StringEqualsIfExists: {s3:prefix: x}", 0),
        ("'s3:GetObject'", "StringNotEquals: {s3:prefix: x}", 0),
        (
            "'s3:GetObject'",
            "'ForAllValues:StringEqualsIfExists': {s3:prefix: x}",
            0,
        ),
        (
            "'s3:GetObject'",
            "'ForAllValues:StringNotEquals': {s3:prefix: x}",
            0,
        ),
        ("'s3:GetObject'", "'Null': {s3:prefix: 'true'}", 1),
        ("'s3:GetObject'", "'Null': {s3:prefix: '${X}'}", 0),
        // Keys that any request may have.
        ("'s3:GetObject'", "StringEquals: {aws:TagKeys: x}", 0),
        ("'s3:GetObject'", "StringEquals: {aws:SourceVpc: x}", 0),
        ("'s3:GetObject'", "StringEquals: {glue:RoleAssumedBy: x}", 0),
        (
            "'kms:DescribeKey'",
            "StringEquals: {'kms:EncryptionContext:team': x}",
            0,
        ),
    ] {
        assert_eq!(of(actions, condition), findings, "{actions} {condition}");
    }
}

#[test]
fn a_test_that_sees_to_it_that_the_key_is_there() {
    let vpc = "'ForAllValues:StringEquals': {aws:SourceVpce: vpce-1}";
    let tags = "'ForAllValues:StringEquals': {aws:TagKeys: team}";
    for (condition, findings, fixes) in [
        (vpc.to_owned(), 1, 1),
        (format!("{vpc}, 'Null': {{aws:SourceVpce: 'false'}}"), 0, 0),
        (format!("{vpc}, 'Null': {{aws:SourceVpce: 'true'}}"), 1, 1),
        (
            format!("{vpc}, StringLike: {{aws:sourcevpce: 'vpce-*'}}"),
            0,
            0,
        ),
        (format!("{vpc}, StringLike: {{s3:prefix: x}}"), 1, 1),
        // A tag that is asked for makes tag keys, and nothing else.
        (
            format!("{tags}, StringEquals: {{'aws:RequestTag/team': x}}"),
            0,
            0,
        ),
        (
            format!("{tags}, StringEquals: {{'aws:ResourceTag/team': x}}"),
            1,
            0,
        ),
        (
            format!("{vpc}, StringEquals: {{'aws:RequestTag/team': x}}"),
            1,
            0,
        ),
        // A second block of that name can't be, and another key of the block is to mean what it meant.
        (format!("{vpc}, StringEquals: {{s3:prefix: x}}"), 1, 0),
        (
            "'ForAllValues:StringEquals': {aws:SourceVpce: vpce-1, aws:TagKeys: x}".to_owned(),
            1,
            0,
        ),
        (
            "'ForAllValues:StringNotEquals': {aws:SourceVpce: x}".to_owned(),
            0,
            0,
        ),
        (
            "'ForAnyValue:StringEquals': {aws:SourceVpce: x}".to_owned(),
            0,
            0,
        ),
        (
            "'ForAllValues:StringEquals': {'gitlab.com:sub': x}".to_owned(),
            0,
            0,
        ),
    ] {
        let found = found(&for_all_values::RULE, &policy("'s3:*'", &condition));
        assert_eq!(found.len(), findings, "{condition}");
        let offered = found.iter().filter(|of| !of.fixes.is_empty()).count();
        assert_eq!(offered, fixes, "{condition}");
    }
}

#[test]
fn values_that_may_be_meant() {
    for (rule, condition, findings) in [
        // Once for an operator, however many keys it compares.
        (
            &invalid_condition::RULE,
            "StringIs: {s3:prefix: x, s3:delimiter: y}",
            1,
        ),
        // Readers of YAML take these for truth values, in places where there are some.
        (
            &invalid_condition::RULE,
            "Bool: {aws:SecureTransport: yes}",
            0,
        ),
        (
            &invalid_condition::RULE,
            "Bool: {aws:SecureTransport: 'yes'}",
            1,
        ),
        (
            &invalid_condition::RULE,
            "Bool: {aws:SecureTransport: maybe}",
            1,
        ),
        (
            &invalid_condition::RULE,
            "NumericEquals: {s3:max-keys: yes}",
            1,
        ),
        (&invalid_condition::RULE, "'aws:{{ key }}': x", 0),
        (
            &literal_wildcard::RULE,
            "IpAddress: {aws:SourceIp: '10.*'}",
            0,
        ),
        (
            &literal_wildcard::RULE,
            "DateEquals: {aws:CurrentTime: '2026-*'}",
            0,
        ),
        (
            &literal_wildcard::RULE,
            "StringEquals: {s3:prefix: 'home/*'}",
            1,
        ),
        (
            &literal_wildcard::RULE,
            "StringLike: {s3:prefix: 'home/*'}",
            0,
        ),
        (
            &literal_wildcard::RULE,
            "StringEquals: {s3:prefix: '${X}*'}",
            0,
        ),
        (
            &literal_wildcard::RULE,
            "StringEquals: {'gitlab.com:sub': 'project_path:acme/*'}",
            0,
        ),
    ] {
        let found = found(rule, &policy("'s3:*'", condition));
        assert_eq!(found.len(), findings, "{condition}: {found:?}");
    }
    let json = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*",
"Condition": {"Bool": {"aws:SecureTransport": "yes"}}}}"#;
    assert_eq!(found(&invalid_condition::RULE, json).len(), 1);
}

#[test]
fn helps_say_what_to_write() {
    for (rule, condition, level, help) in [
        (
            &invalid_condition::RULE,
            "StringNotEquals: {aws:SourceIp: 10.0.0.0/8}",
            Level::Error,
            "Use `NotIpAddress`, which supports ranges.",
        ),
        (
            &invalid_condition::RULE,
            "StringEquals: {aws:SourceIp: 10.0.0.0/8}",
            Level::Error,
            "Use `IpAddress`, which supports ranges.",
        ),
        (
            &literal_wildcard::RULE,
            "StringNotEquals: {s3:prefix: 'home/*'}",
            Level::Warning,
            "Use `StringNotLike`.",
        ),
        (
            &unknown_condition_key::RULE,
            "StringEquals: {aws:ResourceTag: x}",
            Level::Error,
            "Write `aws:ResourceTag/` and the key of the tag.",
        ),
        (
            &unknown_condition_key::RULE,
            "StringEquals: {qqqqqqqq: x}",
            Level::Error,
            "Write it as `service:key` or `aws:key`.",
        ),
        (
            &unknown_condition_key::RULE,
            "StringEquals: {s3:ShoeSize: x}",
            Level::Warning,
            &format!(
                "Use a key of the service, or a global one (`aws:`), unless this is newer than {}.",
                catalog().date()
            ),
        ),
        (
            &unknown_condition_key::RULE,
            "StringEquals: {s3:prefixs: x}",
            Level::Error,
            "Did you mean `s3:prefix`?",
        ),
    ] {
        let found = found(rule, &policy("'s3:*'", condition));
        assert_eq!(found[0].help, help);
        assert_eq!(found[0].level, level, "{condition}");
    }
}

#[test]
fn names_that_a_loop_makes_have_no_fix() {
    let operators = |name: &str, test: &str| {
        format!("'Fn::ForEach::Names': [Name, ['{name}'], {{'${{Name}}': {{{test}}}}}]")
    };
    for (rule, condition) in [
        (
            &invalid_condition::RULE,
            operators("StringEqual", "s3:prefix: x"),
        ),
        (
            &literal_wildcard::RULE,
            operators("StringEquals", "aws:SourceArn: 'arn:aws:s3:::*'"),
        ),
        (
            &for_all_values::RULE,
            operators("ForAllValues:StringEquals", "aws:SourceVpce: vpce-1"),
        ),
        (
            &unknown_condition_key::RULE,
            "StringEquals: {'Fn::ForEach::Names': [Name, ['aws:SourceVcpe'], {'${Name}': x}]}"
                .to_owned(),
        ),
    ] {
        let text = template("AWS::IAM::ManagedPolicy", &condition);
        let text = format!("Transform: AWS::LanguageExtensions\n{text}");
        let found = found(rule, &text);
        assert_eq!(found.len(), 1, "{condition}");
        assert!(found[0].fixes.is_empty(), "{condition}");
    }
}

#[test]
fn functions_that_stand_among_operators_are_none() {
    for (condition, marked) in [
        (
            "'Fn::Foo': x, 'aws:SourceIp': 10.0.0.0/8",
            &["aws:SourceIp"][..],
        ),
        ("'Fn::Foo': [x], StringEquals: x", &["StringEquals"]),
        ("'Fn::Foo': x, 'Fn::Bar': y", &[]),
    ] {
        let text = policy("'s3:*'", condition);
        let found = found(&invalid_condition::RULE, &text);
        let spans: Vec<&str> = found.iter().map(|of| &text[of.span.range()]).collect();
        assert_eq!(spans, marked, "{condition}");
    }
}

#[test]
fn keys_that_an_action_sends_for_some_resource() {
    for (action, key, findings) in [
        // Of the keys that come with a resource, this is none.
        ("'a4b:CreateRoom'", "s3:prefix", 1),
        ("'iam:PassRole'", "iam:PassedToService", 0),
        ("'iam:PassRole'", "s3:prefix", 1),
    ] {
        let text = policy(action, &format!("StringEquals: {{{key}: x}}"));
        let found = found(&condition_key_not_sent::RULE, &text);
        assert_eq!(found.len(), findings, "{action} {key}: {found:?}");
    }
}

/// Where that lets roles be passed to other services, it is told there: only of the key that limits these.
#[test]
fn keys_that_are_open_where_roles_are_passed() {
    for (key, findings) in [("iam:PassedToService", 0), ("aws:TagKeys", 1)] {
        let condition = format!("'ForAllValues:StringEquals': {{'{key}': lambda.amazonaws.com}}");
        let found = found(
            &for_all_values::RULE,
            &policy("'iam:PassRole', 'iam:TagRole'", &condition),
        );
        assert_eq!(found.len(), findings, "{key}: {found:?}");
    }
}
