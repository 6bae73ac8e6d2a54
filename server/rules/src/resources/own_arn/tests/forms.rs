//! ARNs in each form in which they are written.

use super::template;
use crate::Safety;
use crate::resources::invalid_arn::RULE;
use crate::tests::bulk::of_safety;
use crate::tests::fixture::{Fixture, check, fixed_text};

#[test]
fn in_the_long_form_and_in_json() {
    let text = template("Type: AWS::IAM::Role", "iam:PassRole", "{Ref: Own}");
    let mended = text.replace("{Ref: Own}", "{Fn::GetAtt: [Own, Arn]}");
    assert_eq!(fixed_text(&RULE, &text, ""), mended);
    let json = |resource: &str| {
        format!(
            r#"{{
  "Resources": {{
    "Own": {{"Type": "AWS::SQS::Queue"}},
    "P": {{
      "Type": "AWS::IAM::ManagedPolicy",
      "Properties": {{
        "PolicyDocument": {{
          "Version": "2012-10-17",
          "Statement": [{{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": {resource}}}]
        }}
      }}
    }}
  }}
}}
"#
        )
    };
    assert_eq!(
        fixed_text(&RULE, &json(r#"{"Ref": "Own"}"#), ""),
        json(r#"{"Fn::GetAtt": ["Own", "Arn"]}"#)
    );
}

#[test]
fn in_terraform() {
    let module = |resource: &str| {
        format!(
            "resource \"aws_iam_role\" \"own\" {{}}
resource \"aws_sns_topic\" \"news\" {{}}
data \"aws_iam_policy_document\" \"p\" {{
  statement {{
    actions   = [\"iam:PassRole\"]
    resources = [{resource}]
  }}
}}
"
        )
    };
    for resource in ["aws_iam_role.own.name", "aws_iam_role.own.id"] {
        let text = module(resource);
        let found = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(
            found[0].message,
            "This is the name of `aws_iam_role.own`, not its ARN: AWS rejects the policy."
        );
        assert_eq!(fixed_text(&RULE, &text, ""), module("aws_iam_role.own.arn"));
    }
    let table = |resource: &str| {
        let text = module(resource).replace("iam:PassRole", "dynamodb:Query");
        format!("resource \"aws_dynamodb_table\" \"t\" {{}}\n{text}")
    };
    let after = table("\"${aws_dynamodb_table.t.arn}/index/*\"");
    for resource in [
        "\"${aws_dynamodb_table.t.name}/index/*\"",
        "\"${aws_dynamodb_table.t.id}/index/*\"",
        "format(\"%s/index/*\", aws_dynamodb_table.t.name)",
        "join(\"/\", [aws_dynamodb_table.t.name, \"index\", \"*\"])",
    ] {
        let text = table(resource);
        let found = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(found.len(), 1, "{resource}: {found:?}");
        assert_eq!(fixed_text(&RULE, &text, ""), after, "{resource}");
    }
    check(&RULE, &after, "");
    let objects = module("aws_s3_bucket.own.id").replace("iam:PassRole", "s3:GetObject");
    let objects = format!("resource \"aws_s3_bucket\" \"own\" {{}}\n{objects}");
    let whole = objects.replace("aws_s3_bucket.own.id", "\"${aws_s3_bucket.own.arn}/*\"");
    assert_eq!(fixed_text(&RULE, &objects, ""), whole);
    for (kind, attribute, action, gives) in [
        ("aws_sqs_queue", "url", "sqs:SendMessage", "URL"),
        ("aws_route53_zone", "zone_id", "route53:GetHostedZone", "id"),
        ("aws_kms_key", "key_id", "kms:Decrypt", "id"),
    ] {
        let text = module(&format!("{kind}.own.{attribute}")).replace("iam:PassRole", action);
        let found = Fixture::new(&text, "").findings(&RULE);
        let said =
            format!("This is the {gives} of `{kind}.own`, not its ARN: AWS rejects the policy.");
        assert_eq!(found[0].message, said);
        let after = text.replace(attribute, "arn");
        assert_eq!(fixed_text(&RULE, &text, ""), after);
    }
    for resource in [
        "aws_iam_role.own.arn",
        "aws_sns_topic.news.id",
        "aws_iam_role.own.unique_id",
    ] {
        check(&RULE, &module(resource), "");
    }
}

#[test]
fn the_form_of_an_arn_whose_names_are_not_known() {
    for (declared, action, form) in [
        (
            "Type: AWS::Glue::Table, Properties: {DatabaseName: !ImportValue Db}",
            "glue:GetTable",
            "arn:aws:glue:Region:Account:table/DatabaseName/Name",
        ),
        (
            "Type: AWS::Cassandra::Table, Properties: {KeyspaceName: shop}",
            "cassandra:Select",
            "arn:aws:cassandra:Region:Account:/keyspace/KeyspaceName/table/TableName",
        ),
        (
            "Type: AWS::Glue::Table, Properties: {DatabaseName: !Ref AWS::NoValue}",
            "glue:GetTable",
            "arn:aws:glue:Region:Account:table/DatabaseName/Name",
        ),
        (
            "Type: AWS::Glue::Table, Properties: {DatabaseName: 'a$b'}",
            "glue:GetTable",
            "arn:aws:glue:Region:Account:table/DatabaseName/Name",
        ),
    ] {
        let found = Fixture::new(&template(declared, action, "!Ref Own"), "").findings(&RULE);
        assert_eq!(found.len(), 1, "{declared}");
        assert!(found[0].fixes.is_empty(), "{declared}");
        assert_eq!(found[0].help, format!("Use its ARN: `{form}`."));
    }
}

#[test]
fn an_attribute_that_is_an_id() {
    for (kind, attribute, action, after) in [
        (
            "AWS::EC2::EIP",
            "AllocationId",
            "ec2:AssociateAddress",
            "!Sub 'arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:elastic-ip/${Own.AllocationId}'",
        ),
        (
            "AWS::WAFv2::WebACL",
            "Id",
            "wafv2:GetWebACL",
            "!GetAtt Own.Arn",
        ),
        (
            "AWS::WAFv2::IPSet",
            "Id",
            "wafv2:GetIPSet",
            "!GetAtt Own.Arn",
        ),
    ] {
        let declared = format!("Type: {kind}");
        for resource in [
            format!("!GetAtt Own.{attribute}"),
            format!("!Sub '${{Own.{attribute}}}'"),
        ] {
            let text = template(&declared, action, &resource);
            let found = Fixture::new(&text, "").findings(&RULE);
            let said = "This is the id of `Own`, not its ARN: AWS rejects the policy.";
            assert_eq!(found[0].message, said, "{resource}");
            let mended = fixed_text(&RULE, &text, "").replace('"', "'");
            assert_eq!(mended, template(&declared, action, after), "{resource}");
        }
    }
    // The id of a secret is its ARN, and what else an attribute gives isn't known.
    for (kind, attribute, action) in [
        (
            "AWS::SecretsManager::Secret",
            "Id",
            "secretsmanager:GetSecretValue",
        ),
        ("AWS::WAFv2::WebACL", "LabelNamespace", "wafv2:GetWebACL"),
        ("AWS::WAFv2::WebACL", "Arn", "wafv2:GetWebACL"),
    ] {
        let text = template(
            &format!("Type: {kind}"),
            action,
            &format!("!GetAtt Own.{attribute}"),
        );
        check(&RULE, &text, "");
    }
}

#[test]
fn ids_of_terraform_that_are_taken_for_arns() {
    for (kind, attribute, action, gives) in [
        ("aws_wafv2_web_acl", "id", "wafv2:GetWebACL", "id"),
        ("aws_wafv2_ip_set", "id", "wafv2:GetIPSet", "id"),
        ("aws_wafv2_rule_group", "id", "wafv2:GetRuleGroup", "id"),
        (
            "aws_wafv2_regex_pattern_set",
            "id",
            "wafv2:GetRegexPatternSet",
            "id",
        ),
        ("aws_eip", "id", "ec2:AssociateAddress", "id"),
        ("aws_eip", "allocation_id", "ec2:AssociateAddress", "id"),
        ("aws_keyspaces_table", "id", "cassandra:Select", "id"),
        ("aws_glue_connection", "name", "glue:GetConnection", "name"),
        (
            "aws_appconfig_environment",
            "id",
            "appconfig:GetEnvironment",
            "id",
        ),
        (
            "aws_appconfig_configuration_profile",
            "id",
            "appconfig:GetConfigurationProfile",
            "id",
        ),
    ] {
        let module = |resource: &str| {
            format!(
                "resource \"{kind}\" \"own\" {{}}\ndata \"aws_iam_policy_document\" \"p\" {{\n  statement {{\n    actions   = [\"{action}\"]\n    resources = [{resource}]\n  }}\n}}\n"
            )
        };
        let text = module(&format!("{kind}.own.{attribute}"));
        let found = Fixture::new(&text, "").findings(&RULE);
        let said =
            format!("This is the {gives} of `{kind}.own`, not its ARN: AWS rejects the policy.");
        assert_eq!(found[0].message, said);
        assert_eq!(
            fixed_text(&RULE, &text, ""),
            module(&format!("{kind}.own.arn"))
        );
        check(&RULE, &module(&format!("{kind}.own.arn")), "");
    }
}

#[test]
fn with_a_path_behind_it_in_services_and_in_json() {
    let service = |resource: &str| {
        format!(
            "service: shop
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          Action: dynamodb:Query
          Resource: {resource}
functions:
  f:
    handler: f.f
resources:
  Resources:
    Own:
      Type: AWS::DynamoDB::Table
"
        )
    };
    for (resource, after) in [
        ("!Sub '${Own}/index/*'", "!Sub '${Own.Arn}/index/*'"),
        (
            "{'Fn::Sub': '${Own}/index/*'}",
            "{'Fn::Sub': '${Own.Arn}/index/*'}",
        ),
        (
            "!Join ['/', [!Ref Own, index, '*']]",
            "!Join ['/', [!GetAtt Own.Arn, index, '*']]",
        ),
        (
            "!Sub '${Own}/${self:custom.kind}/*'",
            "!Sub '${Own.Arn}/${self:custom.kind}/*'",
        ),
        (
            "!Sub ['${Name}/index/*', {Name: !Ref Own}]",
            "!Sub ['${Name}/index/*', {Name: !GetAtt Own.Arn}]",
        ),
    ] {
        let mended = of_safety(&service(resource), "serverless.yml", Safety::Unsafe);
        assert_eq!(mended.text, service(after), "{resource}");
    }
    let json = |resource: &str| {
        format!(
            r#"{{"Resources": {{"Own": {{"Type": "AWS::DynamoDB::Table"}}, "P": {{"Type": "AWS::IAM::ManagedPolicy", "Properties": {{"PolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "dynamodb:Query", "Resource": {resource}}}]}}}}}}}}}}
"#
        )
    };
    for (resource, after) in [
        (
            r#"{"Fn::Sub": "${Own}/index/*"}"#,
            r#"{"Fn::Sub": "${Own.Arn}/index/*"}"#,
        ),
        (
            r#"{"Fn::Join": ["", [{"Ref": "Own"}, "/index/*"]]}"#,
            r#"{"Fn::Join": ["", [{"Fn::GetAtt": ["Own", "Arn"]}, "/index/*"]]}"#,
        ),
        (
            r#"{"Fn::Sub": ["${Name}/index/*", {"Name": {"Ref": "Own"}}]}"#,
            r#"{"Fn::Sub": ["${Name}/index/*", {"Name": {"Fn::GetAtt": ["Own", "Arn"]}}]}"#,
        ),
    ] {
        let mended = of_safety(&json(resource), "t.json", Safety::Unsafe);
        assert_eq!(mended.text, json(after), "{resource}");
        let mended = of_safety(&json(after), "t.json", Safety::Unsafe);
        assert_eq!(mended.text, json(after), "{resource}");
    }
}
