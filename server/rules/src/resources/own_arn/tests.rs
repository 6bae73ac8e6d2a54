mod actions;
mod forms;

use crate::resources::invalid_arn::RULE;
use crate::tests::fixture::{Fixture, check, fixed_text};

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
        let mended = fixed_text(&RULE, &before, "");
        assert_eq!(mended.replace(['\'', '"'], ""), after.replace('\'', ""));
    }
}

#[test]
fn ids_that_are_in_no_arn() {
    let id = |of: &str| format!("This is the {of} of `Own`, not its ARN: AWS rejects the policy.");
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
                "This resolves to `${Own}`, which isn't an ARN: AWS rejects the policy.".to_owned()
            }
            _ => id(gives),
        };
        assert_eq!(found[0].message, said, "{kind}");
        let mended = fixed_text(&RULE, &text, "");
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
        let mended = fixed_text(&RULE, &template(&declared, action, "!Ref Own"), "");
        let after = template(&declared, action, after);
        assert_eq!(mended.replace('"', "'"), after, "{action} {key}");
    }
}

#[test]
fn with_a_path_behind_it() {
    let message = "This begins with the name of `Own`, not its ARN: AWS rejects the policy.";
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
        let mended = fixed_text(&RULE, &text, "").replace("Fn::GetAtt:", "'Fn::GetAtt':");
        assert_eq!(mended, template(declared, "dynamodb:Query", after));
        // By a name that is known it is the same.
        let declared = "Type: AWS::DynamoDB::Table, Properties: {TableName: orders}";
        let text = template(declared, "dynamodb:Query", resource);
        let mended = fixed_text(&RULE, &text, "").replace("Fn::GetAtt:", "'Fn::GetAtt':");
        assert_eq!(mended, template(declared, "dynamodb:Query", after));
    }
    // The ARN of a log group has an end of its own.
    let declared = "Type: AWS::Logs::LogGroup";
    let text = template(declared, "logs:PutLogEvents", "!Sub '${Own}:*'");
    let after =
        "!Sub 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Own}:*'";
    assert_eq!(
        fixed_text(&RULE, &text, ""),
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
            "`AWS::Glue::Job` has no attribute `Arn`: CloudFormation rejects the template."
        );
        let mended = fixed_text(&RULE, &text, "").replace('"', "'");
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
fn an_attribute_that_a_type_lacks_where_its_arn_cannot_be_written() {
    for (kind, action, help) in [
        (
            "AWS::CodeDeploy::DeploymentGroup",
            "codedeploy:CreateDeployment",
            "Use its ARN: `arn:aws:codedeploy:Region:Account:deploymentgroup:ApplicationName/DeploymentGrou…`.",
        ),
        (
            "AWS::ElasticBeanstalk::Environment",
            "elasticbeanstalk:UpdateEnvironment",
            "Use its ARN: `arn:aws:elasticbeanstalk:Region:Account:environment/ApplicationName/EnvironmentN…`.",
        ),
        (
            "AWS::ApiGateway::Stage",
            "apigateway:GET",
            "Use its ARN: `arn:aws:apigateway:Region::/restapis/RestApiId/stages/StageName`.",
        ),
        ("AWS::IAM::Policy", "iam:GetPolicy", "Use its ARN."),
    ] {
        for resource in ["!GetAtt Own.Arn", "!Sub '${Own.Arn}'", "!GetAtt [Own, ARN]"] {
            let text = template(&format!("Type: {kind}"), action, resource);
            let found = Fixture::new(&text, "").findings(&RULE);
            assert!(
                found[0]
                    .message
                    .starts_with(&format!("`{kind}` has no attribute `")),
                "{found:?}"
            );
            assert_eq!(found[0].help, help, "{kind} {resource}");
            assert!(found[0].fixes.is_empty(), "{kind} {resource}");
        }
    }
    // With what its ARN is made of.
    let declared =
        "Type: AWS::CodeDeploy::DeploymentGroup, Properties: {ApplicationName: !Ref App}";
    let text = template(declared, "codedeploy:CreateDeployment", "!GetAtt Own.Arn");
    let mended = fixed_text(&RULE, &text, "").replace('"', "'");
    let after = "!Sub 'arn:${AWS::Partition}:codedeploy:${AWS::Region}:${AWS::AccountId}:deploymentgroup:${App}/${Own}'";
    assert_eq!(
        mended,
        template(declared, "codedeploy:CreateDeployment", after)
    );
}

#[test]
fn attributes_that_are_no_arns() {
    for (kind, action, attribute, gives) in [
        ("AWS::IAM::Role", "iam:PassRole", "RoleId", "id"),
        ("AWS::SQS::Queue", "sqs:SendMessage", "QueueName", "name"),
        ("AWS::SQS::Queue", "sqs:SendMessage", "QueueUrl", "URL"),
        ("AWS::SNS::Topic", "sns:Publish", "TopicName", "name"),
        ("AWS::S3::Bucket", "s3:ListBucket", "DomainName", "name"),
        (
            "AWS::Cognito::UserPool",
            "cognito-idp:ListUsers",
            "ProviderName",
            "name",
        ),
        (
            "AWS::Cognito::UserPool",
            "cognito-idp:ListUsers",
            "ProviderURL",
            "URL",
        ),
    ] {
        let declared = format!("Type: {kind}");
        for resource in [
            format!("!GetAtt Own.{attribute}"),
            format!("!Sub '${{Own.{attribute}}}'"),
        ] {
            let text = template(&declared, action, &resource);
            let found = Fixture::new(&text, "").findings(&RULE);
            assert_eq!(found.len(), 1, "{resource}: {found:?}");
            let said = format!("This is the {gives} of `Own`, not its ARN");
            let is_said = found[0].message.starts_with(&said);
            assert!(is_said || attribute.ends_with("Name"), "{found:?}");
            let after = match kind {
                "AWS::SNS::Topic" => "!Ref Own",
                _ => "!GetAtt Own.Arn",
            };
            assert_eq!(
                fixed_text(&RULE, &text, ""),
                template(&declared, action, after),
                "{resource}"
            );
        }
    }
    let declared = "Type: AWS::ApiGateway::RestApi";
    let text = template(declared, "execute-api:Invoke", "!GetAtt Own.RootResourceId");
    let after =
        "!Sub 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Own}/*'";
    assert_eq!(
        fixed_text(&RULE, &text, "").replace('"', "'"),
        template(declared, "execute-api:Invoke", after)
    );
    // As a part of an ARN they are what is due.
    for (kind, action, resource) in [
        (
            "AWS::SQS::Queue",
            "sqs:SendMessage",
            "!Sub 'arn:aws:sqs:eu-west-1:111111111111:${Own.QueueName}'",
        ),
        ("Custom::Thing", "sqs:SendMessage", "!GetAtt Own.QueueName"),
    ] {
        check(
            &RULE,
            &template(&format!("Type: {kind}"), action, resource),
            "",
        );
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
        "`AWS::SNS::Topic` has no attribute `Arn`: CloudFormation rejects the template."
    );
    assert_eq!(
        fixed_text(&RULE, &text, ""),
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
            "This is the name of `Own`, not its ARN: AWS rejects the policy.",
        ),
        (
            "[!Ref Free]",
            "[!GetAtt Free.Arn]",
            "This is the name of `Free`, not its ARN: AWS rejects the policy.",
        ),
    ] {
        let text = template(principal);
        let found = Fixture::new(&text, "").findings(&RULE);
        assert_eq!(found[0].message, message);
        assert_eq!(fixed_text(&RULE, &text, ""), template(mended));
    }
    check(&RULE, &template("!GetAtt Own.Arn"), "");
    check(&RULE, &template("!Ref Account"), "");
}
