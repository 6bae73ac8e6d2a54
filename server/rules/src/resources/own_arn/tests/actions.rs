//! The ARN that a statement's actions work on.

use leastwise_syntax::write;

use super::template;
use crate::Safety;
use crate::resources::invalid_arn::RULE;
use crate::tests::bulk::of_safety;
use crate::tests::fixture::{Fixture, check, fixed_text};

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
        let mended = fixed_text(&RULE, &before, "");
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
        let help = "Use the ARN of a resource that the actions apply to.";
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
        assert_eq!(fix.title, "Use the ARN of all its users");
        assert!(
            found[0]
                .help
                .starts_with("Use the ARN of one of its users: ")
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
                format!("`{kind}` has no attribute `Arn`: CloudFormation rejects the template.");
            let found = Fixture::new(&text, "").findings(&RULE);
            assert_eq!(found[0].message, said);
            let mended = fixed_text(&RULE, &text, "").replace("'Ref'", "Ref");
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
        assert_eq!(fixed_text(&RULE, &before, ""), after, "{resource}");
    }
    // Others, and what isn't always there, say nothing of it.
    for resource in [
        "[!Ref Own, !Sub '${Own.Arn}/index/*']",
        "[!Ref Own, !If [C, !GetAtt Own.Arn, !Ref AWS::NoValue]]",
    ] {
        let text = template("Type: AWS::DynamoDB::Table", "dynamodb:GetItem", resource);
        let fixes = Fixture::new(&text, "").fixes(&RULE);
        assert_eq!(fixes[0].title, "Use its ARN", "{resource}");
    }
    let module = |resources: &str| {
        format!(
            "resource \"aws_dynamodb_table\" \"t\" {{}}\ndata \"aws_iam_policy_document\" \"p\" {{\n  statement {{\n    actions   = [\"dynamodb:GetItem\"]\n    resources = [{resources}]\n  }}\n}}\n"
        )
    };
    let before = module("aws_dynamodb_table.t.name, aws_dynamodb_table.t.arn");
    assert_eq!(
        fixed_text(&RULE, &before, ""),
        module("aws_dynamodb_table.t.arn")
    );
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
                "`{kind}` has no attribute `{wrong}`: CloudFormation rejects the template."
            );
            assert_eq!(found[0].message, said);
            assert_eq!(fixed_text(&RULE, &of(&before), ""), of(&after), "{before}");
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
                "[es:Describe*, es:ESHttp*]",
                "!Ref Own",
                "[!GetAtt Own.Arn, !Sub '${Own.Arn}/*']",
            ),
            (
                "[es:DescribeDomain, es:ESHttpGet]",
                "[!Ref Own, 'arn:aws:sqs:eu-west-1:111111111111:q']",
                "[!GetAtt Own.Arn, !Sub '${Own.Arn}/*', 'arn:aws:sqs:eu-west-1:111111111111:q']",
            ),
            // An entry that is for both says nothing of what is meant.
            ("es:*", "!Ref Own", "!GetAtt Own.Arn"),
            ("[es:*, es:ESHttpGet]", "!Ref Own", "!GetAtt Own.Arn"),
            // What isn't the ARN itself takes nothing beside it.
            (
                "[es:DescribeDomain, es:ESHttpGet]",
                "!If [Big, !Ref Own, 'arn:aws:sqs:eu-west-1:111111111111:q']",
                "!If [Big, !GetAtt Own.Arn, 'arn:aws:sqs:eu-west-1:111111111111:q']",
            ),
        ] {
            let of = |resource: &str| template(&format!("Type: {kind}"), action, resource);
            let mended = fixed_text(&RULE, &of(resource), "").replace('"', "'");
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
    assert_eq!(fixed_text(&RULE, &before, ""), after);
}

#[test]
fn what_is_in_an_access_point() {
    let of =
        |action: &str, resource: &str| template("Type: AWS::S3::AccessPoint", action, resource);
    for (action, after) in [
        ("s3:GetObject", "!Sub '${Own.Arn}/object/*'"),
        ("s3:ListBucket", "!GetAtt Own.Arn"),
        (
            "[s3:ListBucket, s3:GetObject]",
            "[!GetAtt Own.Arn, !Sub '${Own.Arn}/object/*']",
        ),
    ] {
        for config in ["", "[deploy]\nregions = ['eu-west-1']\n"] {
            let mended = fixed_text(&RULE, &of(action, "!Ref Own"), config);
            assert_eq!(mended.replace('"', "'"), of(action, after), "{action}");
        }
    }
    let text = of("[s3:ListBucket, s3:GetObject]", "!Ref Own");
    let fixes = Fixture::new(&text, "").fixes(&RULE);
    assert_eq!(
        fixes[0].adds,
        [
            "s3:ListBucket on arn:${AWS::Partition}:s3:${AWS::Region}:${AWS::AccountId}:accesspoint/${Own}",
            "s3:GetObject on arn:${AWS::Partition}:s3:${AWS::Region}:${AWS::AccountId}:accesspoint/${Own}/object/*",
        ]
    );
}
