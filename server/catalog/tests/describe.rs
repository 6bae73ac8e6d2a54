//! The sentences that hover and `leastwise explain` show.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_catalog::catalog;
use leastwise_catalog::describe::*;

fn action(name: &str, detail: Detail) -> String {
    let (service, name) = name.split_once(':').unwrap();
    describe_action(catalog().action(service, name).unwrap(), detail)
}

#[test]
fn an_action() {
    let brief = action("lambda:CreateFunction", Detail::Brief);
    assert_eq!(
        brief,
        "Creates a function. `lambda:CreateFunction` is a **Write** action of AWS Lambda.

It applies to:

- function: `arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}`

Condition keys: `aws:RequestTag/${TagKey}`, `aws:TagKeys`, `lambda:CodeSigningConfigArn`, `lambda:Layer`, `lambda:SecurityGroupIds`, `lambda:SubnetIds` and `lambda:VpcIds`.

The caller may also need `iam:PassRole` and `lambda:PassCapacityProvider`.

Undone by `lambda:DeleteFunction`.

Changed by `lambda:UpdateFunctionCode` and `lambda:UpdateFunctionConfiguration`.

[AWS's page](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html#awslambda-CreateFunction)
"
    );
    let full = action("lambda:CreateFunction", Detail::Full);
    assert!(
        full.ends_with("From the catalog of 2026-10-27.\n"),
        "{full}"
    );
    let star = action("cloudformation:ValidateTemplate", Detail::Brief);
    assert!(
        star.contains("only supports `\"Resource\": \"*\"`"),
        "{star}"
    );
    assert!(action("iam:CreatePolicy", Detail::Brief).contains("**Permissions management**"));
}

#[test]
fn a_wildcard() {
    let text = describe_wildcard("s3:Get*", Detail::Brief).unwrap();
    let actions = catalog().actions_matching("s3", "Get*").count();
    assert!(
        text.starts_with(&format!(
            "`s3:Get*` stands for {actions} actions of Amazon S3.\n"
        )),
        "{text}"
    );
    assert!(
        text.contains("- Read (") && text.contains(" more](https://"),
        "{text}"
    );
    assert!(
        describe_wildcard("*", Detail::Full)
            .unwrap()
            .contains(" services")
    );
    assert_eq!(describe_wildcard("s3:Nothing*", Detail::Full), None);
    assert_eq!(describe_wildcard("s3", Detail::Full), None);
}

#[test]
fn an_arn() {
    let text = describe_arn(
        "arn:aws:lambda:eu-west-1:111111111111:function:shop-*",
        Detail::Brief,
    )
    .unwrap();
    assert!(text.contains("`function` of AWS Lambda"), "{text}");
    let text = describe_arn(
        "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${AppId}-*",
        Detail::Brief,
    )
    .unwrap();
    assert!(text.contains("`table` of Amazon DynamoDB"), "{text}");
    let nearest = |arn| {
        catalog()
            .resource_types_of(arn)
            .first()
            .map(|kind| kind.name())
    };
    assert_eq!(nearest("arn:aws:s3:::shop-data/*"), Some("object"));
    assert_eq!(nearest("arn:aws:s3:::shop-data"), Some("bucket"));
    assert_eq!(
        nearest("arn:aws:iam::111111111111:role/shop-app"),
        Some("role")
    );
    // S3 has no region in its ARNs; a role needs an account.
    assert_eq!(nearest("arn:aws:iam:::role/shop-app"), None);
    assert_eq!(describe_arn("arn:aws:nosuch:::x", Detail::Full), None);
    assert_eq!(describe_arn("*", Detail::Full), None);
    assert_eq!(describe_arn("", Detail::Full), None);
    assert_eq!(
        describe_arn(
            &format!("arn:aws:s3:::{}", "*a".repeat(100_000)),
            Detail::Full
        ),
        None
    );
}

#[test]
fn a_service_a_key_a_type_and_a_policy() {
    let service = describe_service(catalog().service("sqs").unwrap(), Detail::Brief);
    assert!(
        service.starts_with("`sqs` is ") && service.contains("- Resource types: `queue`."),
        "{service}"
    );
    let key = describe_condition_key(
        catalog().condition_key("aws:SourceArn").unwrap(),
        Detail::Full,
    );
    assert!(
        key.contains("global") && key.contains("**ARN**") && key.contains("`ArnLike`"),
        "{key}"
    );
    let kind = describe_cfn_type(
        catalog().cfn_type("AWS::SQS::Queue").unwrap(),
        Detail::Brief,
    );
    assert!(
        kind.contains("`Ref` gives its URL.") && kind.contains("`sqs:CreateQueue`"),
        "{kind}"
    );
    let policy = catalog()
        .managed_policy("AWSLambdaBasicExecutionRole")
        .unwrap();
    let text = describe_managed_policy(policy, Detail::Full);
    assert!(
        text.contains("1 service: `logs`") && text.contains("```json"),
        "{text}"
    );
    let admin = describe_managed_policy(
        catalog().managed_policy("AdministratorAccess").unwrap(),
        Detail::Brief,
    );
    assert!(admin.contains("every action"), "{admin}");
}

#[test]
fn brief_texts_fit_a_hover() {
    for action in catalog().actions() {
        let text = describe_action(action, Detail::Brief);
        let lines = text.lines().filter(|line| !line.is_empty()).count();
        assert!(lines <= 14, "{}: {lines} lines", action.full_name());
    }
    for kind in catalog().cfn_types() {
        assert!(
            describe_cfn_type(kind, Detail::Brief).lines().count() <= 11,
            "{}",
            kind.name()
        );
    }
}

#[test]
fn names_that_are_no_actions() {
    let retired = catalog().retired_service("evidently").unwrap();
    assert_eq!(
        describe_retired(retired, Detail::Brief),
        "`evidently` (Amazon CloudWatch Evidently) is a service that AWS has retired. It was replaced by `appconfig`.\n"
    );
}

#[test]
fn what_every_call_touches_comes_first() {
    let text = action("ec2:RunInstances", Detail::Brief);
    let list = text.split("\n\n").nth(2).unwrap();
    assert!(list.starts_with("- **image**"), "{text}");
    assert!(
        text.contains("- and ") && text.contains(" resource types more"),
        "{text}"
    );
}

#[test]
fn policy_templates_of_sam() {
    let template = catalog()
        .policy_template("EFSWriteAccessPolicy")
        .expect("SAM has it");
    let text = describe_policy_template(template, Detail::Brief);
    assert!(text.contains("`AccessPoint` and `FileSystem`"), "{text}");
    assert!(
        text.contains("where `elasticfilesystem:AccessPointArn` is"),
        "{text}"
    );
    let parameter = describe_template_parameter(template, "FileSystem").expect("it has it");
    assert!(
        parameter.contains("file-system/${FileSystem}"),
        "{parameter}"
    );
    assert_eq!(describe_template_parameter(template, "Bucket"), None);
    let none = catalog()
        .policy_template("AMIDescribePolicy")
        .expect("SAM has it");
    assert!(describe_policy_template(none, Detail::Full).contains("no parameters"));
}

#[test]
fn types_of_arns_are_named_as_aws_names_them() {
    let nearest = |arn: &str| {
        let kinds = catalog().resource_types_of(arn);
        kinds.first().map(|kind| kind.name())
    };
    let function = "arn:aws:lambda:eu-west-1:111122223333:function:shop";
    for (last, name) in [
        ("1", "function version"),
        ("$LATEST", "function version"),
        ("live", "function alias"),
        ("v1", "function alias"),
    ] {
        assert_eq!(nearest(&format!("{function}:{last}")), Some(name), "{last}");
    }
    let of = |arn| describe_arn(arn, Detail::Brief).unwrap();
    let execution = of("arn:aws:states:eu-west-1:111122223333:execution:a:b");
    assert!(
        execution.contains("is of the type `execution` of AWS Step Functions"),
        "{execution}"
    );
    // Route 53 lists VPCs, and has no action on them.
    let vpc = of("arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1");
    assert!(
        vpc.contains("Amazon EC2") && !vpc.contains("Route 53"),
        "{vpc}"
    );
}

#[test]
fn keys_say_how_many_values_they_have_and_what_those_are() {
    let of = |name: &str| {
        let key = catalog().condition_key(name).expect(name);
        describe_condition_key(key, Detail::Brief)
    };
    for (name, told) in [
        (
            "cognito-identity.amazonaws.com:amr",
            "may have several values",
        ),
        ("cognito-identity.amazonaws.com:aud", "one value at most"),
        ("lambda:FunctionArn", "and URLs of functions"),
        (
            "saml:aud",
            "holds the address that the assertion was sent to",
        ),
        (
            "saml:cn",
            "holds the attribute of that name in the assertion",
        ),
        ("gitlab.com:user_email", "holds the claim of that name"),
        ("accounts.google.com:oaud", "holds the client ID"),
        (
            "oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF0123456789ABCDEF0123456789:sub",
            "holds the service account of the pod",
        ),
        ("token.actions.githubusercontent.com:sub", "the repository"),
        ("secretsmanager:SecretId", "only operators of strings match"),
        (
            "secretsmanager:SecretId",
            "Operators that fit: `StringLike`",
        ),
        ("aws:SourceArn", "Operators that fit: `ArnLike`"),
        (
            "ec2:SubnetID",
            "By its name, it holds the ID of the subnet.",
        ),
        ("s3-outposts:prefix", "`s3-outposts:prefix` holds"),
    ] {
        let text = of(name);
        assert!(text.contains(told), "{text}");
    }
}
