//! CloudFormation types.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_catalog::{CfnType, Handler, RefReturns, catalog};

fn cfn_type(name: &str) -> CfnType {
    catalog()
        .cfn_type(name)
        .unwrap_or_else(|| panic!("{name} is a type"))
}

#[test]
fn counts() {
    assert!(catalog().cfn_types().len() > 1_850);
    let with_handlers = catalog()
        .cfn_types()
        .filter(|kind| kind.handler(Handler::Create).is_some())
        .count();
    assert!(with_handlers > 1_700, "{with_handlers}");
    let with_resource = catalog()
        .cfn_types()
        .filter(|kind| kind.resource_type().is_some())
        .count();
    assert!(with_resource > 900, "{with_resource}");
}

#[test]
fn handlers_tell_missing_from_empty() {
    let needs = |kind: CfnType, handler| -> Option<Vec<String>> {
        Some(
            kind.handler(handler)?
                .map(|action| action.full_name())
                .collect(),
        )
    };
    let function = cfn_type("aws::lambda::function");
    assert_eq!(function.name(), "AWS::Lambda::Function");
    let create = needs(function, Handler::Create).unwrap();
    assert!(
        create.contains(&"lambda:CreateFunction".to_owned())
            && create.contains(&"iam:PassRole".to_owned())
    );
    assert!(
        needs(function, Handler::Delete)
            .unwrap()
            .contains(&"lambda:DeleteFunction".to_owned())
    );
    // A layer version can't be updated.
    assert_eq!(
        needs(cfn_type("AWS::Lambda::LayerVersion"), Handler::Update),
        None
    );
    assert_eq!(
        needs(
            cfn_type("AWS::CloudFormation::WaitConditionHandle"),
            Handler::Create
        ),
        Some(Vec::new())
    );
    // By hand: its schema has none.
    let project = needs(cfn_type("AWS::CodeBuild::Project"), Handler::Create).unwrap();
    assert!(project.contains(&"codebuild:CreateProject".to_owned()));
    // Repaired: the schema names API operations.
    let bucket = needs(cfn_type("AWS::S3::Bucket"), Handler::Create).unwrap();
    assert!(bucket.contains(&"s3:CreateBucket".to_owned()));
}

#[test]
fn names_references_and_arns_of_common_types() {
    let cases = [
        (
            "AWS::Lambda::Function",
            "FunctionName",
            RefReturns::Name,
            "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}",
            "lambda:function",
        ),
        (
            "AWS::S3::Bucket",
            "BucketName",
            RefReturns::Name,
            "arn:${Partition}:s3:::${BucketName}",
            "s3:bucket",
        ),
        (
            "AWS::SQS::Queue",
            "QueueName",
            RefReturns::Url,
            "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}",
            "sqs:queue",
        ),
        (
            "AWS::SNS::Topic",
            "TopicName",
            RefReturns::Arn,
            "arn:${Partition}:sns:${Region}:${Account}:${TopicName}",
            "sns:topic",
        ),
        (
            "AWS::DynamoDB::Table",
            "TableName",
            RefReturns::Name,
            "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}",
            "dynamodb:table",
        ),
        (
            "AWS::IAM::Role",
            "RoleName",
            RefReturns::Name,
            "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}",
            "iam:role",
        ),
        (
            "AWS::IAM::ManagedPolicy",
            "ManagedPolicyName",
            RefReturns::Arn,
            "arn:${Partition}:iam::${Account}:policy/${ManagedPolicyNameWithPath}",
            "iam:policy",
        ),
        (
            "AWS::Logs::LogGroup",
            "LogGroupName",
            RefReturns::Name,
            "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}",
            "logs:log-group",
        ),
        (
            "AWS::StepFunctions::StateMachine",
            "StateMachineName",
            RefReturns::Arn,
            "arn:${Partition}:states:${Region}:${Account}:stateMachine:${StateMachineName}",
            "states:statemachine",
        ),
        (
            "AWS::ECR::Repository",
            "RepositoryName",
            RefReturns::Name,
            "arn:${Partition}:ecr:${Region}:${Account}:repository/${RepositoryName}",
            "ecr:repository",
        ),
        (
            "AWS::Kinesis::Stream",
            "Name",
            RefReturns::Name,
            "arn:${Partition}:kinesis:${Region}:${Account}:stream/${Name}",
            "kinesis:stream",
        ),
        (
            "AWS::SecretsManager::Secret",
            "Name",
            RefReturns::Arn,
            "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${Name}-??????",
            "",
        ),
        (
            "AWS::Events::EventBus",
            "Name",
            RefReturns::Name,
            "arn:${Partition}:events:${Region}:${Account}:event-bus/${Name}",
            "events:event-bus",
        ),
        (
            "AWS::KMS::Key",
            "",
            RefReturns::Id,
            "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}",
            "kms:key",
        ),
    ];
    for (name, property, returns, arn, resource) in cases {
        let kind = cfn_type(name);
        assert_eq!(kind.name_property().unwrap_or(""), property, "{name}");
        assert_eq!(kind.ref_returns(), Some(returns), "{name}");
        assert_eq!(kind.arn_template(), Some(arn), "{name}");
        let found = kind
            .resource_type()
            .map(|found| format!("{}:{}", found.service().prefix(), found.name()));
        if !resource.is_empty() {
            assert_eq!(found.unwrap_or_default().to_lowercase(), resource, "{name}");
        }
    }
    assert_eq!(
        cfn_type("AWS::ApiGateway::Stage")
            .primary_identifier()
            .collect::<Vec<_>>(),
        ["RestApiId", "StageName"]
    );
    assert!(catalog().cfn_type("AWS::No::Such").is_none());
}
