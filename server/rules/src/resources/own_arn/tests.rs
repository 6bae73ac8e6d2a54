use leastwise_syntax::write;

use crate::Safety;
use crate::resources::invalid_arn::RULE;
use crate::tests::bulk::of_safety;
use crate::tests::fixture::{Fixture, check, mend};

/// A template with a resource `Own`, and a statement that takes it for a resource.
fn template(declared: &str, action: &str, resource: &str) -> String {
    format!(
        "Resources:
  Own: {{{declared}}}
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: {action}
            Resource: {resource}
"
    )
}

#[test]
fn by_the_attribute_that_the_type_has_else_spelled_out() {
    for (declared, action, after) in [
        (
            "Type: AWS::DynamoDB::Table, Properties: {TableName: orders}",
            "dynamodb:GetItem",
            "!GetAtt Own.Arn",
        ),
        (
            "Type: AWS::RDS::DBInstance, Properties: {DBInstanceIdentifier: shop}",
            "rds:StartDBInstance",
            "!GetAtt Own.DBInstanceArn",
        ),
        (
            "Type: AWS::RDS::DBInstance",
            "rds:StartDBInstance",
            "!GetAtt Own.DBInstanceArn",
        ),
        (
            "Type: AWS::CodePipeline::Pipeline, Properties: {Name: shop}",
            "codepipeline:StartPipelineExecution",
            "!GetAtt Own.Arn",
        ),
        (
            "Type: AWS::Glue::Job, Properties: {Name: shop}",
            "glue:StartJobRun",
            "!Sub arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:job/${Own}",
        ),
        (
            "Type: AWS::SSM::Document, Properties: {Name: shop}",
            "ssm:SendCommand",
            "!Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:document/${Own}",
        ),
        (
            "Type: AWS::SSM::Parameter, Properties: {Name: /shop/level}",
            "ssm:GetParameter",
            "!Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${Own}",
        ),
        (
            "Type: AWS::SSM::Parameter, Properties: {Name: level}",
            "ssm:GetParameter",
            "!Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${Own}",
        ),
        (
            "Type: AWS::SSM::Parameter",
            "ssm:GetParameter",
            "!Sub arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${Own}",
        ),
        (
            "Type: AWS::EC2::Instance",
            "ec2:StartInstances",
            "!Sub arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:instance/${Own}",
        ),
        ("Type: AWS::IAM::Role", "iam:PassRole", "!GetAtt Own.Arn"),
        // With a second name, as the resource has it.
        (
            "Type: AWS::Glue::Table, Properties: {DatabaseName: sales}",
            "glue:GetTable",
            "!Sub arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:table/sales/${Own}",
        ),
        (
            "Type: AWS::Glue::Table, Properties: {DatabaseName: !Ref Db}",
            "glue:GetTable",
            "!Sub arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:table/${Db}/${Own}",
        ),
        (
            "Type: AWS::Glue::Table, Properties: {DatabaseName: !Sub '${AppId}-sales'}",
            "glue:GetTable",
            "!Sub arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:table/${AppId}-sales/${Own}",
        ),
        (
            "Type: AWS::Glue::Connection",
            "glue:GetConnection",
            "!Sub arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:connection/${Own}",
        ),
        (
            "Type: AWS::Cassandra::Table, Properties: {KeyspaceName: !GetAtt Ks.Name, TableName: orders}",
            "cassandra:Select",
            "!Sub arn:${AWS::Partition}:cassandra:${AWS::Region}:${AWS::AccountId}:/keyspace/${Ks.Name}/table/orders",
        ),
        (
            "Type: AWS::AppConfig::Environment, Properties: {ApplicationId: !Ref App}",
            "appconfig:GetEnvironment",
            "!Sub arn:${AWS::Partition}:appconfig:${AWS::Region}:${AWS::AccountId}:application/${App}/environment/${Own.EnvironmentId}",
        ),
        (
            "Type: AWS::AppConfig::ConfigurationProfile, Properties: {ApplicationId: !Ref App}",
            "appconfig:GetConfigurationProfile",
            "!Sub arn:${AWS::Partition}:appconfig:${AWS::Region}:${AWS::AccountId}:application/${App}/configurationprofile/${Own.ConfigurationProfileId}",
        ),
        (
            "Type: AWS::EC2::EIP",
            "ec2:AssociateAddress",
            "!Sub arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:elastic-ip/${Own.AllocationId}",
        ),
        (
            "Type: AWS::ECR::Repository",
            "ecr:BatchGetImage",
            "!GetAtt Own.Arn",
        ),
        ("Type: AWS::KMS::Key", "kms:Decrypt", "!GetAtt Own.Arn"),
        (
            "Type: AWS::SQS::Queue",
            "sqs:SendMessage",
            "!GetAtt Own.Arn",
        ),
        (
            "Type: AWS::Serverless::Function, Properties: {FunctionName: shop}",
            "lambda:InvokeFunction",
            "!GetAtt Own.Arn",
        ),
    ] {
        let before = template(declared, action, "!Ref Own");
        let after = template(declared, action, after);
        let mended = mend(&RULE, &before, "");
        assert_eq!(mended.replace(['\'', '"'], ""), after.replace('\'', ""));
    }
}

#[test]
fn ids_that_are_in_no_arn() {
    let id =
        |of: &str| format!("This is the {of} of `Own`, which is no ARN: AWS refuses this policy.");
    for (kind, action, gives, after) in [
        (
            "AWS::CodeCommit::Repository",
            "codecommit:GitPull",
            "id",
            "!GetAtt Own.Arn",
        ),
        (
            "AWS::Route53::HostedZone",
            "route53:ChangeResourceRecordSets",
            "id",
            "!Sub arn:${AWS::Partition}:route53:::hostedzone/${Own}",
        ),
        (
            "AWS::DocDB::DBCluster",
            "rds:StartDBCluster",
            "name",
            "!Sub arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster:${Own}",
        ),
        (
            "AWS::WAFv2::WebACL",
            "wafv2:GetWebACL",
            "id",
            "!GetAtt Own.Arn",
        ),
        (
            "AWS::Serverless::Api",
            "apigateway:GET",
            "id",
            "!Sub arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Own}",
        ),
        // What calls an API names it by another ARN.
        (
            "AWS::Serverless::Api",
            "execute-api:Invoke",
            "id",
            "!Sub arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Own}/*",
        ),
        (
            "AWS::ApiGatewayV2::Api",
            "execute-api:Invoke",
            "id",
            "!Sub arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Own}/*",
        ),
        (
            "AWS::KMS::ReplicaKey",
            "kms:Decrypt",
            "id",
            "!GetAtt Own.Arn",
        ),
        (
            "AWS::S3::Bucket",
            "s3:GetObject",
            "name",
            "!Sub ${Own.Arn}/*",
        ),
    ] {
        let declared = format!("Type: {kind}");
        let text = template(&declared, action, "!Ref Own");
        let found = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(found.len(), 1, "{kind}: {found:?}");
        let said = match kind {
            "AWS::S3::Bucket" => {
                "This stands for `${Own}`, which is no ARN: AWS refuses this policy.".to_owned()
            }
            _ => id(gives),
        };
        assert_eq!(found[0].message, said, "{kind}");
        let mended = mend(&RULE, &text, "");
        let after = template(&declared, action, after);
        assert_eq!(mended.replace(['\'', '"'], ""), after.replace('\'', ""));
    }
    for (kind, action) in [
        ("AWS::DMS::ReplicationInstance", "dms:StartReplicationTask"),
        (
            "AWS::Config::AggregationAuthorization",
            "config:DeleteAggregationAuthorization",
        ),
        ("AWS::Lambda::Alias", "lambda:InvokeFunction"),
    ] {
        let text = template(&format!("Type: {kind}"), action, "!Ref Own");
        check(&RULE, &text, "");
    }
}

#[test]
fn of_an_alias_the_key_where_the_actions_work_on_keys() {
    for (action, key, after) in [
        ("kms:Decrypt", "!Ref Key", "!GetAtt Key.Arn"),
        ("kms:Decrypt", "!GetAtt Key.Arn", "!GetAtt Key.Arn"),
        (
            "kms:Decrypt",
            "{'Fn::GetAtt': [Key, Arn]}",
            "!GetAtt Key.Arn",
        ),
        // Of a key that is elsewhere the ARN isn't known.
        ("kms:Decrypt", "!ImportValue Key", "!Ref Own"),
        ("kms:Decrypt", "!Ref Other", "!Ref Own"),
        (
            "kms:UpdateAlias",
            "!Ref Key",
            "!Sub 'arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:${Own}'",
        ),
    ] {
        let declared = format!(
            "Type: AWS::KMS::Alias, Properties: {{AliasName: alias/shop, TargetKeyId: {key}}}}}\n  Key: {{Type: AWS::KMS::Key"
        );
        let mended = mend(&RULE, &template(&declared, action, "!Ref Own"), "");
        let after = template(&declared, action, after);
        assert_eq!(mended.replace('"', "'"), after, "{action} {key}");
    }
}

#[test]
fn with_a_path_behind_it() {
    let message = "This begins with the name of `Own`, which is no ARN: AWS refuses this policy.";
    for (resource, after) in [
        ("!Sub '${Own}/index/*'", "!Sub '${Own.Arn}/index/*'"),
        ("!Sub '${Own}/${Kind}/*'", "!Sub '${Own.Arn}/${Kind}/*'"),
        (
            "!Join ['', [!Ref Own, '/index/*']]",
            "!Join ['', [!GetAtt Own.Arn, '/index/*']]",
        ),
        (
            "!Join ['/', [!Ref Own, index, '*']]",
            "!Join ['/', [!GetAtt Own.Arn, index, '*']]",
        ),
        (
            "!Sub ['${Name}/index/*', {Name: !Ref Own}]",
            "!Sub ['${Name}/index/*', {Name: !GetAtt Own.Arn}]",
        ),
        (
            "{'Fn::Sub': '${Own}/index/*'}",
            "{'Fn::Sub': '${Own.Arn}/index/*'}",
        ),
        (
            "{'Fn::Join': ['', [{Ref: Own}, '/index/*']]}",
            "{'Fn::Join': ['', [{'Fn::GetAtt': [Own, Arn]}, '/index/*']]}",
        ),
    ] {
        let declared = "Type: AWS::DynamoDB::Table";
        let text = template(declared, "dynamodb:Query", resource);
        let found = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(found.len(), 1, "{resource}: {found:?}");
        assert_eq!(found[0].message, message, "{resource}");
        let mended = mend(&RULE, &text, "").replace("Fn::GetAtt:", "'Fn::GetAtt':");
        assert_eq!(mended, template(declared, "dynamodb:Query", after));
        // By a name that is known it is the same.
        let declared = "Type: AWS::DynamoDB::Table, Properties: {TableName: orders}";
        let text = template(declared, "dynamodb:Query", resource);
        let mended = mend(&RULE, &text, "").replace("Fn::GetAtt:", "'Fn::GetAtt':");
        assert_eq!(mended, template(declared, "dynamodb:Query", after));
    }
    // The ARN of a log group has an end of its own.
    let declared = "Type: AWS::Logs::LogGroup";
    let text = template(declared, "logs:PutLogEvents", "!Sub '${Own}:*'");
    let after =
        "!Sub 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Own}:*'";
    assert_eq!(
        mend(&RULE, &text, ""),
        template(declared, "logs:PutLogEvents", after)
    );
    for (declared, resource) in [
        ("Type: AWS::SNS::Topic", "!Sub '${Own}/x'"),
        ("Type: AWS::DynamoDB::Table", "!Sub '${Own.Arn}/index/*'"),
        (
            "Type: AWS::DynamoDB::Table",
            "!Sub 'arn:aws:dynamodb:*:111111111111:table/${Own}/index/*'",
        ),
        ("Type: AWS::DynamoDB::Table", "!Sub '${Other}/index/*'"),
    ] {
        check(&RULE, &template(declared, "dynamodb:Query", resource), "");
    }
}

#[test]
fn what_two_texts_share_is_left() {
    let text = template(
        "Type: AWS::DynamoDB::Table",
        "dynamodb:Query",
        "!Sub ['${Name}/index/${Name}', {Name: !Ref Own}]",
    );
    let found = Fixture::new(&text, "").findings(&RULE);
    assert!(found.iter().all(|of| of.fixes.is_empty()), "{found:?}");
}

#[test]
fn a_type_without_any_attribute_for_its_arn() {
    let spelled = "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:job/${Own}";
    for (resource, after) in [
        ("!GetAtt Own.Arn", format!("!Sub '{spelled}'")),
        ("!Sub '${Own.Arn}'", format!("!Sub '{spelled}'")),
        (
            "!Join ['', [!GetAtt Own.Arn, '*']]",
            format!("!Join ['', [!Sub '{spelled}', '*']]"),
        ),
        ("!Sub '${Own.Arn}*'", format!("!Sub '{spelled}*'")),
    ] {
        let text = template("Type: AWS::Glue::Job", "glue:StartJobRun", resource);
        let found = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(
            found[0].message,
            "`AWS::Glue::Job` has no attribute `Arn`: CloudFormation refuses the template."
        );
        let mended = mend(&RULE, &text, "").replace('"', "'");
        let after = template("Type: AWS::Glue::Job", "glue:StartJobRun", &after);
        assert_eq!(mended, after);
    }
    // What has outputs of its own, or isn't known.
    for kind in [
        "AWS::CloudFormation::CustomResource",
        "Custom::Thing",
        "AWS::KMS::Key",
    ] {
        let text = template(&format!("Type: {kind}"), "kms:Decrypt", "!GetAtt Own.Arn");
        check(&RULE, &text, "");
    }
}

#[test]
fn what_may_be_an_arn_is_left() {
    for (declared, action, resource) in [
        // By `Ref`.
        ("Type: AWS::SNS::Topic", "sns:Publish", "!Ref Own"),
        (
            "Type: AWS::SecretsManager::Secret",
            "secretsmanager:GetSecretValue",
            "!Ref Own",
        ),
        (
            "Type: AWS::SNS::Topic",
            "sns:Publish",
            "!GetAtt Own.TopicArn",
        ),
        // What such an id is isn't known.
        (
            "Type: AWS::AppMesh::Mesh",
            "appmesh:DescribeMesh",
            "!Ref Own",
        ),
        // A name that is known may be one with a slash, or none.
        (
            "Type: AWS::SSM::Parameter, Properties: {Name: !Ref Level}",
            "ssm:GetParameter",
            "!Sub 'arn:aws:ssm:eu-west-1:111111111111:parameter${Own}'",
        ),
        // No resource of the template.
        ("Type: AWS::IAM::Role", "iam:PassRole", "!Ref Other"),
    ] {
        check(&RULE, &template(declared, action, resource), "");
    }
    let declared = "Type: AWS::SSM::Parameter, Properties: {Name: !ImportValue Level}";
    let text = template(declared, "ssm:GetParameter", "!Ref Own");
    let found = Fixture::new(&text, "").findings(&RULE);
    assert!(found[0].fixes.is_empty(), "{found:?}");
}

#[test]
fn an_attribute_that_a_type_lacks() {
    let declared = "Type: AWS::SNS::Topic";
    let text = template(declared, "sns:Publish", "!GetAtt Own.Arn");
    let found = Fixture::new(&text, "").findings(&RULE);
    assert_eq!(
        found[0].message,
        "`AWS::SNS::Topic` has no attribute `Arn`: CloudFormation refuses the template."
    );
    assert_eq!(
        mend(&RULE, &text, ""),
        text.replace("!GetAtt Own.Arn", "!Ref Own")
    );
}

#[test]
fn a_principal_by_its_name() {
    let template = |principal: &str| {
        format!(
                "Resources:
  Own: {{Type: AWS::IAM::Role, Properties: {{RoleName: shop}}}}
  Free: {{Type: AWS::IAM::User}}
  Files: {{Type: AWS::S3::Bucket}}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: files
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {{Effect: Allow, Principal: {{AWS: {principal}}}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*'}}
"
            )
    };
    for (principal, mended, message) in [
        (
            "!Ref Own",
            "!GetAtt Own.Arn",
            "This is the name of `Own`, which is no ARN: AWS refuses this policy.",
        ),
        (
            "[!Ref Free]",
            "[!GetAtt Free.Arn]",
            "This is the name of `Free`, which is no ARN: AWS refuses this policy.",
        ),
    ] {
        let text = template(principal);
        let found = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(found[0].message, message);
        assert_eq!(mend(&RULE, &text, ""), template(mended));
    }
    check(&RULE, &template("!GetAtt Own.Arn"), "");
    check(&RULE, &template("!Ref Account"), "");
}

#[test]
fn in_the_long_form_and_in_json() {
    let text = template("Type: AWS::IAM::Role", "iam:PassRole", "{Ref: Own}");
    let mended = text.replace("{Ref: Own}", "{Fn::GetAtt: [Own, Arn]}");
    assert_eq!(mend(&RULE, &text, ""), mended);
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
        mend(&RULE, &json(r#"{"Ref": "Own"}"#), ""),
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
            "This is the name of `aws_iam_role.own`, which is no ARN: AWS refuses this policy."
        );
        assert_eq!(mend(&RULE, &text, ""), module("aws_iam_role.own.arn"));
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
        assert_eq!(mend(&RULE, &text, ""), after, "{resource}");
    }
    check(&RULE, &after, "");
    let objects = module("aws_s3_bucket.own.id").replace("iam:PassRole", "s3:GetObject");
    let objects = format!("resource \"aws_s3_bucket\" \"own\" {{}}\n{objects}");
    let whole = objects.replace("aws_s3_bucket.own.id", "\"${aws_s3_bucket.own.arn}/*\"");
    assert_eq!(mend(&RULE, &objects, ""), whole);
    for (kind, attribute, action, gives) in [
        ("aws_sqs_queue", "url", "sqs:SendMessage", "URL"),
        ("aws_route53_zone", "zone_id", "route53:GetHostedZone", "id"),
        ("aws_kms_key", "key_id", "kms:Decrypt", "id"),
    ] {
        let text = module(&format!("{kind}.own.{attribute}")).replace("iam:PassRole", action);
        let found = Fixture::new(&text, "").findings(&RULE);
        let said = format!(
            "This is the {gives} of `{kind}.own`, which is no ARN: AWS refuses this policy."
        );
        assert_eq!(found[0].message, said);
        let after = text.replace(attribute, "arn");
        assert_eq!(mend(&RULE, &text, ""), after);
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
        assert_eq!(found[0].help, format!("Name its ARN: `{form}`."));
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
            let said = "This is the id of `Own`, which is no ARN: AWS refuses this policy.";
            assert_eq!(found[0].message, said, "{resource}");
            let mended = mend(&RULE, &text, "").replace('"', "'");
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
        let said = format!(
            "This is the {gives} of `{kind}.own`, which is no ARN: AWS refuses this policy."
        );
        assert_eq!(found[0].message, said);
        assert_eq!(mend(&RULE, &text, ""), module(&format!("{kind}.own.arn")));
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

#[test]
fn what_the_actions_work_on() {
    let calls = "!Sub arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Own}/*";
    for (declared, action, resource, after) in [
        (
            "Type: AWS::ApiGateway::RestApi",
            "execute-api:Invoke",
            "!GetAtt Own.Arn",
            calls,
        ),
        (
            "Type: AWS::ApiGateway::RestApi",
            "execute-api:Invoke",
            "!GetAtt Own.RestApiId",
            calls,
        ),
        (
            "Type: AWS::ApiGatewayV2::Api",
            "execute-api:ManageConnections",
            "!GetAtt Own.Arn",
            calls,
        ),
        (
            "Type: AWS::ApiGatewayV2::Api",
            "execute-api:Invoke",
            "!GetAtt Own.ApiId",
            calls,
        ),
        (
            "Type: AWS::Serverless::HttpApi",
            "execute-api:Invoke",
            "!GetAtt Own.Arn",
            calls,
        ),
        // What manages an API names it by its own ARN.
        (
            "Type: AWS::ApiGatewayV2::Api",
            "apigateway:GET",
            "!GetAtt Own.ApiId",
            "!Sub arn:${AWS::Partition}:apigateway:${AWS::Region}::/apis/${Own}",
        ),
        (
            "Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {StreamViewType: KEYS_ONLY}}",
            "dynamodb:GetRecords",
            "!Ref Own",
            "!GetAtt Own.StreamArn",
        ),
        (
            "Type: AWS::DynamoDB::Table",
            "dynamodb:GetRecords",
            "!Ref Own",
            "!Sub ${Own.Arn}/stream/*",
        ),
        (
            "Type: AWS::DynamoDB::Table",
            "dynamodb:DeleteBackup",
            "!Ref Own",
            "!Sub ${Own.Arn}/backup/*",
        ),
        (
            "Type: AWS::Kinesis::Stream",
            "kinesis:SubscribeToShard",
            "!Ref Own",
            "!Sub ${Own.Arn}/consumer/*",
        ),
        (
            "Type: AWS::ECS::Cluster",
            "ecs:StopTask",
            "!Ref Own",
            "!Sub arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:task/${Own}/*",
        ),
        (
            "Type: AWS::EKS::Cluster",
            "eks:DescribeNodegroup",
            "!Ref Own",
            "!Sub arn:${AWS::Partition}:eks:${AWS::Region}:${AWS::AccountId}:nodegroup/${Own}/*",
        ),
        (
            "Type: AWS::CodeDeploy::Application",
            "codedeploy:CreateDeployment",
            "!GetAtt Own.Arn",
            "!Sub arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:deploymentgroup:${Own}/*",
        ),
        (
            "Type: AWS::Neptune::DBCluster",
            "neptune-db:ReadDataViaQuery",
            "!Ref Own",
            "!Sub arn:${AWS::Partition}:neptune-db:${AWS::Region}:${AWS::AccountId}:${Own.ClusterResourceId}/*",
        ),
        (
            "Type: AWS::Neptune::DBCluster",
            "rds:DescribeDBClusters",
            "!Ref Own",
            "!Sub arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster:${Own}",
        ),
        (
            "Type: AWS::S3::Bucket",
            "s3:GetObject",
            "!GetAtt Own.Arn",
            "!GetAtt Own.Arn",
        ),
    ] {
        let before = template(declared, action, resource);
        let after = template(declared, action, after);
        let mended = mend(&RULE, &before, "");
        assert_eq!(mended.replace(['\'', '"'], ""), after.replace('\'', ""));
    }
}

#[test]
fn what_nothing_of_the_resource_is_good_for() {
    for (declared, action, resource) in [
        ("Type: AWS::IoT::Thing", "iot:Connect", "!Ref Own"),
        ("Type: AWS::ECS::Cluster", "ecs:RunTask", "!Ref Own"),
        (
            "Type: AWS::ApiGateway::RestApi",
            "s3:GetObject",
            "!GetAtt Own.Arn",
        ),
        // Two things.
        (
            "Type: AWS::DynamoDB::Table",
            "[dynamodb:GetRecords, dynamodb:DeleteBackup]",
            "!Ref Own",
        ),
        (
            "Type: AWS::Redshift::Cluster",
            "redshift:GetClusterCredentials",
            "!Ref Own",
        ),
    ] {
        let text = template(declared, action, resource);
        let found = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(found.len(), 1, "{declared}");
        assert!(found[0].fixes.is_empty(), "{declared}: {found:?}");
        let help = "Name the ARN of what the actions work on.";
        assert_eq!(found[0].help, help, "{declared}");
    }
}

#[test]
fn all_users_of_a_database_are_nobody_s_intent() {
    let users = |id: &str| {
        format!(
            "arn:${{AWS::Partition}}:rds-db:${{AWS::Region}}:${{AWS::AccountId}}:dbuser:${{Own.{id}}}/*"
        )
    };
    for (kind, resource, id) in [
        ("AWS::RDS::DBInstance", "!GetAtt Own.Arn", "DbiResourceId"),
        ("AWS::RDS::DBInstance", "!Ref Own", "DbiResourceId"),
        ("AWS::RDS::DBCluster", "!Ref Own", "DBClusterResourceId"),
    ] {
        let text = template(&format!("Type: {kind}"), "rds-db:connect", resource);
        let fixture = Fixture::new(&text, "");
        let found = fixture.findings(&RULE);
        let [fix] = found[0].fixes.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(fix.safety, Safety::Manual);
        assert_eq!(fix.title, "Name the ARN of all its users");
        assert!(
            found[0]
                .help
                .starts_with("Name the ARN of one of its users: ")
        );
        let [edits] = &fixture.fixes(&RULE)[..] else {
            panic!("{found:?}");
        };
        let after = write::apply(&text, &edits.edits);
        let written = template(
            &format!("Type: {kind}"),
            "rds-db:connect",
            &format!("!Sub '{}'", users(id)),
        );
        assert_eq!(after.replace('"', "'"), written);
        assert_eq!(of_safety(&text, "template.yaml", Safety::Unsafe).text, text);
    }
}

#[test]
fn ref_where_that_gives_the_arn() {
    for (kind, action) in [
        (
            "AWS::SecretsManager::Secret",
            "secretsmanager:GetSecretValue",
        ),
        ("AWS::SNS::Topic", "sns:Publish"),
        (
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "elasticloadbalancing:AddTags",
        ),
        (
            "AWS::CertificateManager::Certificate",
            "acm:DescribeCertificate",
        ),
        ("AWS::IAM::ManagedPolicy", "iam:GetPolicy"),
        ("AWS::ECS::TaskDefinition", "ecs:RunTask"),
        (
            "AWS::CloudFormation::Stack",
            "cloudformation:DescribeStacks",
        ),
    ] {
        let declared = format!("Type: {kind}");
        for (resource, after) in [
            ("!GetAtt Own.Arn", "!Ref Own"),
            ("!GetAtt [Own, Arn]", "!Ref Own"),
            ("{'Fn::GetAtt': [Own, Arn]}", "{Ref: Own}"),
            ("{'Fn::GetAtt': Own.Arn}", "{Ref: Own}"),
            ("[!GetAtt Own.Arn]", "[!Ref Own]"),
            ("!Sub '${Own.Arn}*'", "!Sub '${Own}*'"),
            (
                "\n              - Fn::GetAtt: [Own, Arn] # all",
                "\n              - Ref: Own # all",
            ),
        ] {
            let text = template(&declared, action, resource);
            let said =
                format!("`{kind}` has no attribute `Arn`: CloudFormation refuses the template.");
            let found = Fixture::new(&text, "").findings(&RULE);
            assert_eq!(found[0].message, said);
            let mended = mend(&RULE, &text, "").replace("'Ref'", "Ref");
            assert_eq!(mended, template(&declared, action, after), "{kind}");
        }
    }
    // What has an attribute `Arn` keeps it.
    check(
        &RULE,
        &template(
            "Type: AWS::StepFunctions::StateMachine",
            "states:StartExecution",
            "!GetAtt Own.Arn",
        ),
        "",
    );
    let json = |resource: &str| {
        format!(
            r#"{{"Resources": {{"Own": {{"Type": "AWS::SecretsManager::Secret"}}, "P": {{"Type": "AWS::IAM::ManagedPolicy", "Properties": {{"PolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": {resource}}}]}}}}}}}}}}
"#
        )
    };
    let before = json(r#"{"Fn::GetAtt": ["Own", "Arn"]}"#);
    let mended = of_safety(&before, "t.json", Safety::Unsafe);
    assert_eq!(mended.text, json(r#"{"Ref": "Own"}"#));
}

#[test]
fn what_is_named_beside_it_is_not_named_twice() {
    for (declared, action, resource, after) in [
        (
            "Type: AWS::DynamoDB::Table",
            "dynamodb:GetItem",
            "[!Ref Own, !GetAtt Own.Arn]",
            "[!GetAtt Own.Arn]",
        ),
        (
            "Type: AWS::DynamoDB::Table",
            "dynamodb:GetItem",
            "[!Sub '${Own.Arn}', !Ref Own]",
            "[!Sub '${Own.Arn}']",
        ),
        (
            "Type: AWS::DynamoDB::Table, Properties: {TableName: orders}",
            "dynamodb:GetItem",
            "[!Ref Own, !GetAtt Own.Arn]",
            "[!GetAtt Own.Arn]",
        ),
        (
            "Type: AWS::DynamoDB::Table",
            "dynamodb:GetItem",
            "[!Ref Own, !Ref Own]",
            "[!GetAtt Own.Arn]",
        ),
        (
            "Type: AWS::DynamoDB::Table",
            "dynamodb:Query",
            "[!Sub '${Own}/index/*', !Sub '${Own.Arn}/index/*']",
            "[!Sub '${Own.Arn}/index/*']",
        ),
        (
            "Type: AWS::DynamoDB::Table",
            "dynamodb:Query",
            "\n              - !Ref Own # all\n              - !GetAtt Own.Arn # of it",
            "\n              - !GetAtt Own.Arn # of it",
        ),
        (
            "Type: AWS::SecretsManager::Secret",
            "secretsmanager:GetSecretValue",
            "[!GetAtt Own.Arn, !Ref Own]",
            "[!Ref Own]",
        ),
        (
            "Type: AWS::SecretsManager::Secret",
            "secretsmanager:GetSecretValue",
            "[!GetAtt Own.Arn, !GetAtt Own.Arn]",
            "[!Ref Own]",
        ),
    ] {
        let before = template(declared, action, resource);
        let after = template(declared, action, after);
        assert_eq!(mend(&RULE, &before, ""), after, "{resource}");
    }
    // Others, and what isn't always there, say nothing of it.
    for resource in [
        "[!Ref Own, !Sub '${Own.Arn}/index/*']",
        "[!Ref Own, !If [C, !GetAtt Own.Arn, !Ref AWS::NoValue]]",
    ] {
        let text = template("Type: AWS::DynamoDB::Table", "dynamodb:GetItem", resource);
        let fixes = Fixture::new(&text, "").fixes(&RULE);
        assert_eq!(fixes[0].title, "Name its ARN", "{resource}");
    }
    let module = |resources: &str| {
        format!(
            "resource \"aws_dynamodb_table\" \"t\" {{}}\ndata \"aws_iam_policy_document\" \"p\" {{\n  statement {{\n    actions   = [\"dynamodb:GetItem\"]\n    resources = [{resources}]\n  }}\n}}\n"
        )
    };
    let before = module("aws_dynamodb_table.t.name, aws_dynamodb_table.t.arn");
    assert_eq!(mend(&RULE, &before, ""), module("aws_dynamodb_table.t.arn"));
}

#[test]
fn an_attribute_in_other_capitals() {
    for (kind, action, wrong, right) in [
        (
            "AWS::SQS::Queue",
            "sqs:SendMessage",
            "ARN",
            "!GetAtt Own.Arn",
        ),
        (
            "AWS::SQS::Queue",
            "sqs:SendMessage",
            "arn",
            "!GetAtt Own.Arn",
        ),
        (
            "AWS::RDS::DBInstance",
            "rds:StartDBInstance",
            "DBInstanceARN",
            "!GetAtt Own.DBInstanceArn",
        ),
        (
            "AWS::AutoScaling::AutoScalingGroup",
            "autoscaling:SetDesiredCapacity",
            "AutoScalingGroupArn",
            "!GetAtt Own.AutoScalingGroupARN",
        ),
        (
            "AWS::SecretsManager::Secret",
            "secretsmanager:GetSecretValue",
            "ARN",
            "!Ref Own",
        ),
    ] {
        let declared = format!("Type: {kind}");
        let of = |resource: &str| template(&declared, action, resource);
        let inline = format!("${{{}}}", right.rsplit(' ').next().unwrap());
        for (before, after) in [
            (format!("!GetAtt Own.{wrong}"), right.to_owned()),
            (format!("!GetAtt [Own, {wrong}]"), right.to_owned()),
            (
                format!("!Sub '${{Own.{wrong}}}*'"),
                format!("!Sub '{inline}*'"),
            ),
        ] {
            let found = Fixture::new(&of(&before), "").findings(&RULE);
            let said = format!(
                "`{kind}` has no attribute `{wrong}`: CloudFormation refuses the template."
            );
            assert_eq!(found[0].message, said);
            assert_eq!(mend(&RULE, &of(&before), ""), of(&after), "{before}");
        }
    }
    // Its own, and what isn't known to be its ARN.
    for (kind, action, resource) in [
        ("AWS::SQS::Queue", "sqs:SendMessage", "!GetAtt Own.Arn"),
        (
            "AWS::AutoScaling::AutoScalingGroup",
            "autoscaling:SetDesiredCapacity",
            "!GetAtt Own.AutoScalingGroupARN",
        ),
        // Its schema has one, its page has none.
        ("AWS::SSM::Parameter", "ssm:GetParameter", "!GetAtt Own.Arn"),
        ("Custom::Thing", "sqs:SendMessage", "!GetAtt Own.ARN"),
        (
            "AWS::CloudFormation::Stack",
            "sqs:SendMessage",
            "!GetAtt Own.Outputs.ARN",
        ),
    ] {
        check(
            &RULE,
            &template(&format!("Type: {kind}"), action, resource),
            "",
        );
    }
    let json = |resource: &str| {
        format!(
            r#"{{"Resources": {{"Own": {{"Type": "AWS::SQS::Queue"}}, "P": {{"Type": "AWS::IAM::ManagedPolicy", "Properties": {{"PolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": {resource}}}]}}}}}}}}}}
"#
        )
    };
    let before = json(r#"{"Fn::GetAtt": ["Own", "ARN"]}"#);
    let mended = of_safety(&before, "t.json", Safety::Unsafe);
    assert_eq!(mended.text, json(r#"{"Fn::GetAtt": ["Own", "Arn"]}"#));
}

#[test]
fn what_is_called_below_a_domain() {
    for kind in [
        "AWS::OpenSearchService::Domain",
        "AWS::Elasticsearch::Domain",
    ] {
        for (action, resource, after) in [
            ("es:ESHttpGet", "!Ref Own", "!Sub '${Own.Arn}/*'"),
            ("es:ESHttp*", "[!Ref Own]", "[!Sub '${Own.Arn}/*']"),
            (
                "[es:ESHttpGet, es:ESHttpPost]",
                "!Ref Own",
                "!Sub '${Own.Arn}/*'",
            ),
            (
                "es:ESHttpGet",
                "!Sub '${Own}/orders/*'",
                "!Sub '${Own.Arn}/orders/*'",
            ),
            ("es:DescribeDomain", "!Ref Own", "!GetAtt Own.Arn"),
            (
                "[es:DescribeDomain, es:ESHttpGet]",
                "!Ref Own",
                "!GetAtt Own.Arn",
            ),
            ("es:*", "!Ref Own", "!GetAtt Own.Arn"),
        ] {
            let of = |resource: &str| template(&format!("Type: {kind}"), action, resource);
            let mended = mend(&RULE, &of(resource), "").replace('"', "'");
            assert_eq!(mended, of(after), "{action} {resource}");
        }
    }
    let module = |resource: &str| {
        format!(
            "resource \"aws_opensearch_domain\" \"d\" {{}}\ndata \"aws_iam_policy_document\" \"p\" {{\n  statement {{\n    actions   = [\"es:ESHttpGet\"]\n    resources = [{resource}]\n  }}\n}}\n"
        )
    };
    let before = module("aws_opensearch_domain.d.domain_name");
    let after = module("\"${aws_opensearch_domain.d.arn}/*\"");
    assert_eq!(mend(&RULE, &before, ""), after);
}
