//! Facts that must be in the catalog, whatever the packages change.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_catalog::{AccessLevel, SamConnectorKind, ValueType, catalog};

#[test]
fn counts_are_those_of_the_sources() {
    let catalog = catalog();
    assert_eq!(catalog.date(), "2026-10-27");
    assert!(catalog.actions().len() > 22_000);
    assert!(catalog.services().len() > 450);
    assert!(catalog.resource_types().len() > 2_300);
    assert!(catalog.condition_keys().len() > 1_600);
    let dependent = catalog
        .actions()
        .filter(|action| action.dependent_actions().len() > 0)
        .count();
    assert!(dependent > 1_500, "{dependent}");
    let permission_only = catalog
        .actions()
        .filter(|action| action.permission_only())
        .count();
    assert!(permission_only > 1_400, "{permission_only}");
}

#[test]
fn an_action_knows_its_level_resources_keys_and_dependents() {
    let action = catalog().action("lambda", "CreateFunction").unwrap();
    assert_eq!(action.full_name(), "lambda:CreateFunction");
    assert_eq!(action.access_level(), AccessLevel::Write);
    let resource = action.resources().next().unwrap();
    assert!(resource.required());
    assert_eq!(resource.resource_type().name(), "function");
    let arns: Vec<_> = resource.resource_type().arns().collect();
    assert_eq!(
        arns,
        ["arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}"]
    );
    let keys: Vec<_> = action.condition_keys().map(|key| key.name()).collect();
    assert!(keys.contains(&"lambda:Layer"), "{keys:?}");
    let dependents: Vec<_> = action
        .dependent_actions()
        .map(|action| action.full_name())
        .collect();
    assert!(
        dependents.contains(&"iam:PassRole".to_owned()),
        "{dependents:?}"
    );
    let validate = catalog()
        .action("cloudformation", "ValidateTemplate")
        .unwrap();
    assert_eq!(validate.resources().len(), 0);
    // "Permissions management, Write": the first counts.
    let add = catalog().action("sqs", "AddPermission").unwrap();
    assert_eq!(add.access_level(), AccessLevel::PermissionsManagement);
    assert_eq!(
        catalog()
            .action("s3", "TagResource")
            .unwrap()
            .access_level(),
        AccessLevel::Tagging
    );
}

#[test]
fn names_are_compared_without_regard_to_case() {
    let catalog = catalog();
    assert_eq!(
        catalog.action("S3", "getobject"),
        catalog.action("s3", "GetObject")
    );
    assert_eq!(
        catalog.action("s3", "GETOBJECT").unwrap().name(),
        "GetObject"
    );
    assert_eq!(catalog.service("LAMBDA").unwrap().prefix(), "lambda");
    assert!(catalog.action("s3", "GetObjec").is_none());
    assert!(catalog.action("s3", "").is_none());
    assert!(catalog.service("").is_none());
    assert!(catalog.action("zzz", "zzz").is_none());
}

#[test]
fn condition_keys_fill_their_placeholders() {
    let key = |name| catalog().condition_key(name).map(|key| key.name());
    assert_eq!(key("s3:prefix"), Some("s3:prefix"));
    assert_eq!(key("AWS:sourcearn"), Some("aws:SourceArn"));
    assert_eq!(key("aws:RequestTag/team"), Some("aws:RequestTag/${TagKey}"));
    assert_eq!(
        key("aws:PrincipalTag/a/b"),
        Some("aws:PrincipalTag/${TagKey}")
    );
    assert_eq!(key("aws:RequestTag/"), None);
    assert_eq!(
        key("s3:ExistingObjectTag/class"),
        Some("s3:ExistingObjectTag/${key}")
    );
    assert_eq!(
        key("kms:EncryptionContext:AppName"),
        Some("kms:EncryptionContext:${EncryptionContextKey}")
    );
    assert_eq!(
        key("codebuild:environment.environmentVariables/X.value"),
        Some("codebuild:environment.environmentVariables/${name}.value")
    );
    assert_eq!(
        key("token.actions.githubusercontent.com:sub"),
        Some("token.actions.githubusercontent.com:sub")
    );
    assert_eq!(key("aws:NoSuchKey"), None);
    assert_eq!(key(""), None);
    let arn = catalog().condition_key("aws:SourceArn").unwrap();
    assert_eq!(arn.value_type(), ValueType::Arn);
    assert!(arn.global());
    let keys = catalog().condition_key("aws:TagKeys").unwrap();
    assert!(keys.value_type().many() && keys.global());
    assert!(!catalog().condition_key("s3:prefix").unwrap().global());
    assert!(catalog().global_condition_keys().count() > 45);
}

#[test]
fn an_arn_value_with_two_formats_is_split() {
    let stage = catalog().resource_type("apigateway", "Stage").unwrap();
    assert_eq!(stage.arns().len(), 2);
    assert!(
        catalog()
            .resource_types()
            .flat_map(|kind| kind.arns())
            .all(|arn| arn.starts_with("arn:"))
    );
}

#[test]
fn policy_templates_of_sam() {
    let catalog = catalog();
    assert_eq!(catalog.policy_templates().len(), 81);
    for template in catalog.policy_templates() {
        assert_eq!(catalog.policy_template(template.name()), Some(template));
        for statement in template.statements() {
            let texts = statement
                .resources()
                .chain(statement.tests().map(|[_, _, value]| value));
            for text in texts {
                let mut names = text.split("${").skip(1);
                let known = |name: &str| {
                    let name = name.split('}').next().unwrap_or_default();
                    name.starts_with("AWS::") || template.parameters().any(|known| known == name)
                };
                assert!(names.all(known), "{}: {text}", template.name());
            }
        }
    }
    assert_eq!(catalog.policy_template("s3readpolicy"), None);
    let near = |name| {
        let near = catalog.suggest_policy_templates(name, 1).into_iter().next();
        near.map(leastwise_catalog::PolicyTemplate::name)
    };
    assert_eq!(near("S3ReadsPolicy"), Some("S3ReadPolicy"));
    assert_eq!(near("S3Read"), Some("S3ReadPolicy"));
    assert_eq!(near("dynamoDBCrudPolicy"), Some("DynamoDBCrudPolicy"));
    assert_eq!(near("Whatever"), None);
}

#[test]
fn connectors_of_sam() {
    let to = |from: &str, to: &str| catalog().sam_connector(from, to);
    let (function, table) = ("AWS::Lambda::Function", "AWS::DynamoDB::Table");
    let connector = to(function, table).expect("functions read tables");
    assert_eq!(connector.kind(), SamConnectorKind::Role);
    assert!(connector.is_of_source());
    let names: Vec<_> = connector.permissions().map(|(name, _)| name).collect();
    assert_eq!(names, ["Read", "Write"]);
    let stream = to(table, function).expect("tables start functions");
    assert!(!stream.is_of_source());
    assert!(to(table, table).is_none());
    let known = catalog()
        .sam_connected(function)
        .expect("functions connect");
    assert_eq!(known.role_property(), Some("Role"));
    assert_eq!(known.output("Arn"), Some("Arn"));
    assert_eq!(known.output("Name"), None);
}

#[test]
fn deprecated_actions_are_those_that_no_other_operation_needs() {
    let of = |service, name| {
        catalog()
            .action(service, name)
            .expect("an action")
            .deprecated()
    };
    assert!(of("lambda", "InvokeAsync") && of("logs", "TagLogGroup"));
    // The operation of that name is gone, but PutBucketNotificationConfiguration needs the action.
    assert!(!of("s3", "PutBucketNotification") && !of("lambda", "InvokeFunction"));
    assert!(
        catalog()
            .actions()
            .filter(|action| action.deprecated())
            .count()
            > 100
    );
}

#[test]
fn what_comes_first_of_a_service() {
    let of = |prefix| {
        let service = catalog().service(prefix).expect("a service");
        let types = service
            .main_types()
            .flat_map(leastwise_catalog::MainType::arns);
        types.collect::<Vec<_>>()
    };
    assert_eq!(
        of("s3"),
        [
            "arn:${Partition}:s3:::${BucketName}",
            "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
        ]
    );
    assert_eq!(of("apigateway").len(), 4);
    assert!(of("sqs").is_empty());
}
