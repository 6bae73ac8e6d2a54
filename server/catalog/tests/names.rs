//! Names that don't exist, or no longer: suggestions, API operations, retired names.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_catalog::{Corrected, NamedElsewhere, catalog};

fn suggested(name: &str) -> Vec<String> {
    let (service, name) = name.split_once(':').unwrap();
    catalog()
        .suggest_actions(service, name, 3)
        .iter()
        .map(|action| action.full_name())
        .collect()
}

#[test]
fn a_word_is_left_out() {
    assert_eq!(
        suggested("iam:AttachPolicy"),
        [
            "iam:AttachGroupPolicy",
            "iam:AttachRolePolicy",
            "iam:AttachUserPolicy"
        ]
    );
    let metrics = suggested("cloudwatch:PutMetrics");
    assert!(
        metrics.contains(&"cloudwatch:PutMetricData".to_owned()),
        "{metrics:?}"
    );
}

#[test]
fn the_opposite_was_not_meant() {
    for (written, opposite) in [
        ("kms:UnableKey", "kms:EnableKey"),
        ("cognito-idp:AdminUnableUser", "cognito-idp:AdminEnableUser"),
        ("ecr:PullImage", "ecr:PutImage"),
        ("sns:OptOutPhoneNumber", "sns:OptInPhoneNumber"),
        ("glue:BatchStartJobRun", "glue:BatchStopJobRun"),
        ("dynamodb:Delete", "apigateway:DELETE"),
    ] {
        let near = suggested(written);
        assert!(!near.contains(&opposite.to_owned()), "{written}: {near:?}");
    }
    assert_eq!(suggested("kms:UnableKey")[0], "kms:DisableKey");
    assert_eq!(suggested("events:UnableRule")[0], "events:DisableRule");
    assert_eq!(suggested("ec2:EtachVolume")[0], "ec2:DetachVolume");
    assert_eq!(suggested("kms:EnabelKey")[0], "kms:EnableKey");
    assert_eq!(suggested("dynamodb:DELETE"), ["apigateway:DELETE"]);
}

#[test]
fn a_slip_is_mended() {
    assert_eq!(suggested("s3:GetObejct")[0], "s3:GetObject");
    assert_eq!(
        suggested("lambda:CreateFuncton")[0],
        "lambda:CreateFunction"
    );
    assert_eq!(suggested("s3:Getobjects")[0], "s3:GetObject");
    assert_eq!(suggested("dynamodb:GetItems")[0], "dynamodb:GetItem");
    assert_eq!(suggested("iam:PasRole")[0], "iam:PassRole");
    // A mistyped service.
    assert_eq!(
        suggested("lamda:CreateFunction")[0],
        "lambda:CreateFunction"
    );
    assert_eq!(
        suggested("stepfunctions:StartExecution")[0],
        "states:StartExecution"
    );
    // The action of another service, unless this one has actions on the same thing.
    assert!(suggested("ds:DisconnectDirectory").is_empty());
    assert!(suggested("logs:PutMetricData").contains(&"cloudwatch:PutMetricData".to_owned()));
}

#[test]
fn a_word_that_was_left_out_is_found() {
    assert_eq!(
        suggested("bedrock:CreateActionGroup"),
        ["bedrock:CreateAgentActionGroup"]
    );
    assert_eq!(
        suggested("bedrock:listactionGroups"),
        [] as [&str; 0],
        "words are told by their capitals"
    );
    // Another verb is another action, and so is another object.
    assert!(suggested("bedrock:RemoveActionGroup").is_empty());
    assert!(suggested("bedrock:CreateActionSomething").is_empty());
    // Several that have a word more: nobody knows which.
    assert!(suggested("rds:DescribeDBGroups").is_empty());
    // A verb alone.
    assert!(suggested("lambda:Describe").is_empty());
}

#[test]
fn tags_of_a_resource_are_those_of_any() {
    assert_eq!(
        suggested("scheduler:UntagSchedule"),
        ["scheduler:UntagResource"]
    );
    // Where the service has an action of its own for it, that one is near.
    assert_eq!(suggested("iam:UntagRoles")[0], "iam:UntagRole");
    // No verb of tags, and a service without such an action.
    assert!(suggested("scheduler:TaggingOfSchedules").is_empty());
    assert!(suggested("ec2:UntagTheWholeMachine").is_empty());
}

#[test]
fn nothing_near_suggests_nothing() {
    assert!(suggested("s3:XyzzyPlughFrobnicate").is_empty());
    assert!(suggested("s3:").is_empty());
    assert!(suggested(":").is_empty());
    assert!(catalog().suggest_services("", 3).is_empty());
    assert!(catalog().suggest_services("qqqqqqqqqq", 3).is_empty());
    assert!(
        catalog()
            .suggest_actions("s3", &"x".repeat(100_000), 3)
            .is_empty()
    );
    assert!(catalog().suggest_actions("s3", "GetObejct", 0).is_empty());
}

#[test]
fn a_service_goes_by_other_names() {
    let suggested = |name| {
        catalog()
            .suggest_services(name, 3)
            .first()
            .map(|service| service.prefix())
    };
    assert_eq!(suggested("stepfunctions"), Some("states"));
    assert_eq!(suggested("efs"), Some("elasticfilesystem"));
    assert_eq!(suggested("EventBridge"), Some("events"));
    for (name, prefix) in [
        ("sfn", "states"),
        ("ddb", "dynamodb"),
        ("apigw", "apigateway"),
        ("cfn", "cloudformation"),
        ("elb", "elasticloadbalancing"),
        ("alb", "elasticloadbalancing"),
        ("cloudwatchlogs", "logs"),
        ("cloudwatchevents", "events"),
        ("cwl", "logs"),
        ("cognito", "cognito-idp"),
        ("r53", "route53"),
    ] {
        assert_eq!(suggested(name), Some(prefix), "{name}");
        assert!(catalog().service(name).is_none(), "{name}");
    }
    assert_eq!(suggested("lamda"), Some("lambda"));
    assert_eq!(suggested("dynamdb"), Some("dynamodb"));
}

#[test]
fn api_operations_name_the_actions_they_need() {
    let needs = |service, name| -> Option<Vec<String>> {
        let operation = catalog().api_operation(service, name)?;
        operation.known().then(|| {
            operation
                .actions()
                .map(|action| action.full_name())
                .collect()
        })
    };
    assert_eq!(needs("s3", "ListObjectsV2").unwrap(), ["s3:ListBucket"]);
    assert_eq!(needs("S3", "headobject").unwrap(), ["s3:GetObject"]);
    assert_eq!(
        needs("lambda", "Invoke").unwrap(),
        ["lambda:InvokeFunction"]
    );
    assert_eq!(
        needs("apigateway", "GetRestApis").unwrap(),
        ["apigateway:GET"]
    );
    assert_eq!(
        needs("apigateway", "CreateRestApi").unwrap(),
        ["apigateway:POST"]
    );
    assert_eq!(
        needs("sqs", "SendMessageBatch").unwrap(),
        ["sqs:SendMessage"]
    );
    assert_eq!(
        needs("s3", "GetObject"),
        None,
        "an action is no mistaken operation"
    );
    assert_eq!(needs("s3", "NoSuchOperation"), None);
    let needs_some = |service, name| {
        let operation = catalog().api_operation(service, name).unwrap();
        assert!(operation.actions().len() > 1);
        operation.needs_some()
    };
    for name in [
        "ExecuteStatement",
        "BatchExecuteStatement",
        "ExecuteTransaction",
        "TransactWriteItems",
    ] {
        assert!(needs_some("dynamodb", name), "{name}");
    }
    assert!(!needs_some("s3", "CopyObject"));
    assert!(!needs_some("kms", "ReEncrypt"));
    for operation in catalog().api_operations() {
        let (service, name) = operation.full_name().split_once(':').unwrap();
        assert!(
            catalog().action(service, name).is_none(),
            "{}",
            operation.full_name()
        );
        assert_eq!(catalog().api_operation(service, name), Some(operation));
    }
}

#[test]
fn retired_is_not_unknown() {
    for prefix in ["iotevents", "evidently", "codestar", "IotEvents"] {
        assert!(catalog().retired_service(prefix).is_some(), "{prefix}");
        assert!(catalog().service(prefix).is_none(), "{prefix}");
    }
    let retired = catalog()
        .retired_action("evidently", "CreateProject")
        .unwrap();
    assert_eq!(retired.name(), "evidently");
    assert_eq!(retired.replaced_by().collect::<Vec<_>>(), ["appconfig"]);
    assert!(retired.note().unwrap().contains("Evidently"));
    assert!(catalog().retired_service("s3").is_none());
    assert!(catalog().retired_service("nosuchservice").is_none());
    assert!(catalog().retired_action("s3", "GetObject").is_none());
    assert_eq!(
        catalog()
            .retired_action("quicksight", "listautomationgroups")
            .unwrap()
            .name(),
        "quicksight:ListAutomationGroups"
    );
}

#[test]
fn managed_policies_by_name_and_arn() {
    let policy = catalog()
        .managed_policy("AWSLambdaBasicExecutionRole")
        .unwrap();
    assert_eq!(
        policy.arn(),
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    );
    assert!(policy.document().starts_with('{') && policy.document().contains("logs:PutLogEvents"));
    assert_eq!(catalog().managed_policy(policy.arn()), Some(policy));
    let china = policy.arn().replace("arn:aws:", "arn:aws-cn:");
    assert_eq!(catalog().managed_policy(&china), Some(policy));
    // The path belongs to the ARN.
    assert_eq!(
        catalog().managed_policy("arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole"),
        None
    );
    assert_eq!(
        catalog().managed_policy("arn:aws:iam::111111111111:policy/ReadOnlyAccess"),
        None
    );
    assert_eq!(catalog().managed_policy("NoSuchPolicy"), None);
    assert!(catalog().managed_policies().len() > 1_500);
    for policy in catalog().managed_policies() {
        assert_eq!(
            catalog().managed_policy(policy.name()),
            Some(policy),
            "{}",
            policy.name()
        );
        assert_eq!(
            catalog().managed_policy(policy.arn()),
            Some(policy),
            "{}",
            policy.arn()
        );
    }
}

#[test]
fn service_principals() {
    assert!(catalog().service_principals().len() > 400);
    assert!(catalog().is_service_principal("lambda.amazonaws.com"));
    assert!(!catalog().is_service_principal("lamda.amazonaws.com"));
    assert!(!catalog().is_service_principal(""));
}

#[test]
fn what_the_table_lacks_is_named_elsewhere() {
    let named = |service, name| catalog().action_named_elsewhere(service, name);
    assert!(matches!(
        named("transform", "GetWorkspace"),
        Some(NamedElsewhere::Page(page)) if page.starts_with("https://docs.aws.amazon.com/transform/")
    ));
    assert_eq!(
        named("payments", "createpaymentprofile"),
        Some(NamedElsewhere::ManagedPolicy)
    );
    assert_eq!(named("s3", "GetObejct"), None);
    assert_eq!(
        catalog().service_named_elsewhere("BuilderId"),
        Some(NamedElsewhere::ManagedPolicy)
    );
    assert_eq!(catalog().service_named_elsewhere("bulderid"), None);
    assert_eq!(catalog().service_named_elsewhere(""), None);
}

#[test]
fn corrections_have_their_sources() {
    let all: Vec<_> = catalog().corrections().collect();
    assert!(all.len() > 50);
    assert!(
        all.iter()
            .all(|one| one.source().starts_with("https://docs.aws.amazon.com/"))
    );
    let publish = catalog().action("sns", "Publish").unwrap();
    let arns: Vec<_> = all
        .iter()
        .filter(|one| one.corrected() == Corrected::Action(publish))
        .map(|one| (one.arn().split(':').next_back(), one.sure()))
        .collect();
    assert_eq!(
        arns,
        [
            (
                Some("endpoint/${Platform}/${ApplicationName}/${EndpointId}"),
                true
            ),
            (Some("app/${Platform}/${ApplicationName}"), false)
        ]
    );
    let service = catalog().resource_type("ecs", "service").unwrap();
    assert!(
        all.iter()
            .any(|one| one.corrected() == Corrected::Type(service))
    );
    assert!(all.iter().any(|one| !one.sure()));
}
