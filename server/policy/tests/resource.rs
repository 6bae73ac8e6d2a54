//! Which resources fit which actions, over the real catalog.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use leastwise_catalog::{Action, catalog};
use leastwise_policy::resource::{
    action_fits_pattern, compose, fits, narrowest_types, placeholders, resource_types_fitting,
};
use leastwise_policy::{ActionFit, Pattern, Tri, resource};

fn action(name: &str) -> Action {
    let (service, name) = name.split_once(':').expect("service:name");
    catalog()
        .action(service, name)
        .expect("an action of the catalog")
}

#[test]
fn actions_fit_resources() {
    use Tri::{Maybe, No, Yes};
    let table = [
        ("s3:ListBucket", "arn:aws:s3:::x-data", Yes),
        ("s3:ListBucket", "arn:aws:s3:::x-data*", Yes),
        ("s3:ListBucket", "arn:aws:s3:::x-data/*", No),
        ("s3:ListBucket", "arn:aws:s3:::${Bucket}/*", No),
        ("s3:ListBucket", "arn:aws:s3:::${Bucket}", Maybe),
        ("s3:ListBucket", "arn:aws:s3:::*", Yes),
        ("s3:ListBucket", "arn:aws:s3:::*/*", No),
        (
            "s3:ListBucket",
            "arn:aws:s3:eu-west-1:111111111111:accesspoint/x",
            Yes,
        ),
        ("s3:GetObject", "arn:aws:s3:::x-data", No),
        ("s3:GetObject", "arn:aws:s3:::x-data/*", Yes),
        ("s3:GetObject", "arn:aws:s3:::x-data*", Yes),
        ("s3:GetObject", "arn:aws:s3:::*", Yes),
        ("s3:GetObject", "arn:aws:s3:::x-data/a/b/c.json", Yes),
        (
            "s3:GetObject",
            "arn:${AWS::Partition}:s3:::${Bucket}/*",
            Maybe,
        ),
        (
            "s3:GetObject",
            "arn:aws:s3:eu-west-1:111111111111:accesspoint/x/object/*",
            Yes,
        ),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::*", Maybe),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::x-data", No),
        ("s3:GetObject", "*", Yes),
        ("s3:ListAllMyBuckets", "*", Yes),
        ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/x", Yes),
        (
            "dynamodb:GetItem",
            "arn:aws:dynamodb:*:*:table/x/index/*",
            No,
        ),
        (
            "dynamodb:Query",
            "arn:aws:dynamodb:eu-west-1:111111111111:table/x/index/*",
            Yes,
        ),
        (
            "dynamodb:Query",
            "arn:aws:dynamodb:eu-west-1:111111111111:table/x/*",
            Yes,
        ),
        (
            "dynamodb:CreateTable",
            "arn:aws:dynamodb:eu-west-1:111111111111:table/x-*",
            Yes,
        ),
        (
            "dynamodb:GetRecords",
            "arn:aws:dynamodb:eu-west-1:111111111111:table/x/stream/*",
            Yes,
        ),
        (
            "dynamodb:GetItem",
            "arn:aws:sqs:eu-west-1:111111111111:x",
            No,
        ),
        (
            "logs:CreateLogStream",
            "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/lambda/x:*",
            Yes,
        ),
        (
            "logs:CreateLogGroup",
            "arn:aws:logs:eu-west-1:111111111111:log-group:/aws/lambda/x:*",
            Yes,
        ),
        (
            "logs:CreateLogGroup",
            "arn:aws:logs:eu-west-1:111111111111:*",
            Yes,
        ),
        ("logs:PutLogEvents", "arn:aws:logs:*:*:*", Yes),
        (
            "logs:PutLogEvents",
            "arn:aws:logs:*:*:log-group:/x:log-stream:*",
            Yes,
        ),
        (
            "logs:DescribeLogGroups",
            "arn:aws:logs:*:*:log-group:*",
            Yes,
        ),
        (
            "execute-api:Invoke",
            "arn:aws:execute-api:eu-west-1:111111111111:abc/prod/GET/pets",
            Yes,
        ),
        (
            "execute-api:Invoke",
            "arn:aws:execute-api:eu-west-1:111111111111:abc/prod/GET/",
            Yes,
        ),
        (
            "execute-api:Invoke",
            "arn:aws:execute-api:eu-west-1:111111111111:abc/*",
            Yes,
        ),
        (
            "execute-api:Invoke",
            "arn:aws:execute-api:eu-west-1:111111111111:abc/prod/$connect",
            Yes,
        ),
        (
            "execute-api:ManageConnections",
            "arn:aws:execute-api:eu-west-1:111111111111:abc/prod/POST/@connections/*",
            Yes,
        ),
        (
            "lambda:InvokeFunction",
            "arn:aws:lambda:eu-west-1:111111111111:function:x",
            Yes,
        ),
        (
            "lambda:InvokeFunction",
            "arn:aws:lambda:eu-west-1:111111111111:function:x:*",
            Yes,
        ),
        (
            "lambda:InvokeFunction",
            "arn:aws:lambda:eu-west-1:111111111111:function:x:live",
            Yes,
        ),
        (
            "lambda:InvokeFunction",
            "arn:aws:lambda:eu-west-1:111111111111:layer:x",
            No,
        ),
        (
            "lambda:PublishLayerVersion",
            "arn:aws:lambda:eu-west-1:111111111111:layer:x",
            Yes,
        ),
        (
            "logs:CreateLogStream",
            "arn:aws:logs:*:*:/aws-glue/*",
            Maybe,
        ),
        (
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:*:*:x!*",
            Maybe,
        ),
        (
            "elasticloadbalancing:CreateLoadBalancer",
            "arn:aws:elasticloadbalancing:*:*:loadbalancer/app/x/*",
            Yes,
        ),
        (
            "elasticloadbalancing:CreateTargetGroup",
            "arn:aws:elasticloadbalancing:*:*:loadbalancer/app/x/*",
            No,
        ),
        (
            "cloudformation:CreateChangeSet",
            "arn:aws:cloudformation:eu-west-1:aws:transform/Serverless-2016-10-31",
            Yes,
        ),
        ("ec2:StartInstances", "arn:aws:ec2:*:*:i*", Yes),
        ("execute-api:Invoke", "execute-api:/*/GET/*", Yes),
        ("s3:GetObject", "execute-api:/*/GET/*", No),
        ("iam:PassRole", "arn:aws:iam::*:user/x", No),
        (
            "iam:PassRole",
            "arn:aws:iam::111111111111:role/service-role/x",
            Yes,
        ),
        ("iam:PassRole", "arn:aws:iam::*:role/*", Yes),
        ("iam:PassRole", "arn:aws:iam::111111111111:user/x", No),
        (
            "iam:GetPolicy",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            Yes,
        ),
        ("sts:AssumeRole", "arn:aws:iam::111111111111:role/x", Yes),
        ("sns:Publish", "arn:aws:sns:eu-west-1:111111111111:x", Yes),
        ("sns:Publish", "arn:aws:sns:*:*:x.fifo", Yes),
        (
            "sqs:SendMessage",
            "arn:aws:sqs:eu-west-1:111111111111:x-*",
            Yes,
        ),
        (
            "events:PutRule",
            "arn:aws:events:eu-west-1:111111111111:rule/x",
            Yes,
        ),
        (
            "events:PutRule",
            "arn:aws:events:eu-west-1:111111111111:rule/bus/x",
            Yes,
        ),
        (
            "events:PutEvents",
            "arn:aws:events:eu-west-1:111111111111:event-bus/default",
            Yes,
        ),
        (
            "events:PutEvents",
            "arn:aws:events:eu-west-1:111111111111:rule/x",
            No,
        ),
        (
            "cloudformation:CreateStack",
            "arn:aws:cloudformation:eu-west-1:111111111111:stack/x-*/*",
            Yes,
        ),
        (
            "cloudformation:CreateStack",
            "arn:aws:cloudformation:eu-west-1:111111111111:stack/x-*",
            Yes,
        ),
        (
            "cloudformation:CreateStack",
            "arn:aws:cloudformation:eu-west-1:111111111111:stack/x",
            No,
        ),
        ("cloudformation:ValidateTemplate", "*", Yes),
        (
            "apigateway:GET",
            "arn:aws:apigateway:eu-west-1::/apis/*",
            Yes,
        ),
        (
            "apigateway:POST",
            "arn:aws:apigateway:eu-west-1::/restapis",
            Yes,
        ),
        ("apigateway:GET", "arn:aws:apigateway:eu-west-1::/*", Yes),
        (
            "states:StartExecution",
            "arn:aws:states:eu-west-1:111111111111:stateMachine:x",
            Yes,
        ),
        (
            "states:StartExecution",
            "arn:aws:states:eu-west-1:111111111111:stateMachine:x:live",
            Yes,
        ),
        (
            "states:StartExecution",
            "arn:aws:states:eu-west-1:111111111111:execution:x:*",
            No,
        ),
        (
            "states:DescribeExecution",
            "arn:aws:states:eu-west-1:111111111111:execution:x:*",
            Yes,
        ),
        (
            "states:StopExecution",
            "arn:aws:states:eu-west-1:111111111111:execution:x:y",
            Yes,
        ),
        (
            "ssm:GetParameter",
            "arn:aws:ssm:eu-west-1:111111111111:parameter/x/y",
            Yes,
        ),
        (
            "ssm:GetParameter",
            "arn:aws:ssm:eu-west-1:111111111111:document/x",
            No,
        ),
        (
            "ssm:SendCommand",
            "arn:aws:ssm:eu-west-1::document/AWS-RunShellScript",
            Yes,
        ),
        (
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:eu-west-1:111111111111:secret:x-??????",
            Yes,
        ),
        (
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:eu-west-1:111111111111:secret:a/b/*",
            Yes,
        ),
        (
            "kms:Decrypt",
            "arn:aws:kms:eu-west-1:111111111111:key/12345678-1234",
            Yes,
        ),
        (
            "kms:CreateAlias",
            "arn:aws:kms:eu-west-1:111111111111:alias/a/b",
            Yes,
        ),
        (
            "ecr:PutImage",
            "arn:aws:ecr:eu-west-1:111111111111:repository/a/b",
            Yes,
        ),
        (
            "ecs:UpdateService",
            "arn:aws:ecs:eu-west-1:111111111111:service/c/s",
            Yes,
        ),
        (
            "ecs:UpdateService",
            "arn:aws:ecs:eu-west-1:111111111111:service/s",
            Yes,
        ),
        ("ec2:StartInstances", "arn:aws:ec2:*:*:instance/*", Yes),
        ("ec2:StartInstances", "arn:aws:ec2:*:*:vpc/*", No),
        ("ec2:DescribeInstances", "arn:aws:ec2:*:*:instance/*", No),
        (
            "rds:ModifyDBCluster",
            "arn:aws:rds:eu-west-1:111111111111:cluster:x",
            Yes,
        ),
        (
            "cognito-idp:AdminGetUser",
            "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/x",
            Yes,
        ),
        (
            "glue:GetTable",
            "arn:aws:glue:eu-west-1:111111111111:table/db/*",
            Yes,
        ),
        (
            "kinesis:GetRecords",
            "arn:aws:kinesis:eu-west-1:111111111111:stream/x",
            Yes,
        ),
        (
            "dms:DescribeTableStatistics",
            "arn:aws:dms:eu-west-1:111111111111:task:ABC",
            Yes,
        ),
        ("s3:GetObject", "${BucketArn}/*", Maybe),
        ("s3:ListBucket", "${BucketArn}/*", Maybe),
        ("s3:ListAllMyBuckets", "${Arn}", Maybe),
        ("lambda:InvokeFunction", "bucket", No),
        // Tags that are told of everything alike, of no resource by its ARN.
        (
            "autoscaling:DescribeTags",
            "arn:aws:autoscaling:eu-west-1:111111111111:autoScalingGroup:x:autoScalingGroupName/y",
            No,
        ),
    ];
    let wrong: Vec<_> = table
        .into_iter()
        .filter_map(|(name, resource, expected)| {
            let found = action_fits_pattern(action(name), &Pattern::literal(resource));
            (found != expected)
                .then(|| format!("{name} on {resource}: {found:?}, not {expected:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_fitting_resource_is_enough() {
    let resources = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| Pattern::literal(text))
            .collect::<Vec<_>>()
    };
    let fit = |name, texts: &[&str]| resource::action_fits(action(name), &resources(texts));
    assert_eq!(
        fit("s3:ListBucket", &["arn:aws:s3:::b", "arn:aws:s3:::b/*"]),
        ActionFit::Fits
    );
    assert_eq!(
        fit("s3:ListBucket", &["arn:aws:s3:::b/*", "${X}"]),
        ActionFit::Maybe
    );
    assert_eq!(
        fit("s3:ListAllMyBuckets", &["arn:aws:s3:::b"]),
        ActionFit::TakesNoResource
    );
    assert_eq!(
        fit("s3:ListAllMyBuckets", &["arn:aws:s3:::b", "*"]),
        ActionFit::Fits
    );
    assert_eq!(fit("s3:ListBucket", &[]), ActionFit::Maybe);
    let ActionFit::NoTypeFits { types } = fit("s3:ListBucket", &["arn:aws:s3:::b/*"]) else {
        panic!("nothing fits");
    };
    assert_eq!(
        types.first().map(|of| of.name().to_lowercase()).as_deref(),
        Some("bucket")
    );
}

/// Whatever the catalog calls an ARN of a type fits the type, also with wildcards for its names.
#[test]
fn every_format_fits_itself() {
    for of in catalog().resource_types() {
        for format in of.arns() {
            let samples = [
                compose(format, |_| None),
                compose(format, |name| {
                    Some(match name {
                        "Partition" => "aws".into(),
                        "Region" => "eu-west-1".into(),
                        "Account" => "111111111111".into(),
                        name => name.to_lowercase(),
                    })
                }),
                compose(format, |_| Some("?*".into())),
            ];
            for sample in samples {
                assert_eq!(
                    fits(format, &Pattern::literal(&sample)),
                    Tri::Yes,
                    "{format}: {sample}"
                );
            }
            let holes = compose(format, |name| Some(format!("${{{name}}}")));
            assert_eq!(
                fits(format, &Pattern::literal(&holes)),
                Tri::Maybe,
                "{format}"
            );
        }
    }
}

#[test]
fn finds_the_types_of_an_arn() {
    let types = |text: &str| -> Vec<String> {
        resource_types_fitting(&Pattern::literal(text))
            .into_iter()
            .map(|of| format!("{}:{}", of.service().prefix(), of.name().to_lowercase()))
            .collect()
    };
    assert_eq!(types("arn:aws:s3:::b"), ["s3:bucket"]);
    assert_eq!(types("arn:aws:s3:::b/*"), ["s3:object"]);
    assert_eq!(types("arn:aws:sqs:eu-west-1:111111111111:q"), ["sqs:queue"]);
    assert_eq!(
        types("arn:aws:kms:eu-west-1:111111111111:alias/x"),
        ["kms:alias"]
    );
    assert!(types("arn:aws:nothing:::x").is_empty());
    assert!(types("*").is_empty());
}

#[test]
fn finds_the_narrowest_types() {
    let needs = |names: &[&str]| {
        let needs = narrowest_types(&names.iter().map(|name| action(name)).collect::<Vec<_>>());
        let types: Vec<String> = needs
            .types
            .iter()
            .map(|need| {
                format!(
                    "{}/{}",
                    need.resource_type.name().to_lowercase(),
                    need.actions.len()
                )
            })
            .collect();
        (types.join(" "), needs.without_resource.len())
    };
    assert_eq!(
        needs(&[
            "lambda:CreateFunction",
            "lambda:DeleteFunction",
            "lambda:UpdateFunctionCode"
        ]),
        ("function/3".into(), 0)
    );
    assert_eq!(
        needs(&["s3:GetObject", "s3:PutObject"]),
        ("object/2".into(), 0)
    );
    assert_eq!(
        needs(&["s3:ListAllMyBuckets", "sqs:SendMessage"]),
        ("queue/1".into(), 1)
    );
    assert_eq!(needs(&["dynamodb:Query"]), ("table/1".into(), 0));
    // The table has the classic load balancers only.
    for action in ["CreateLoadBalancer", "DeleteLoadBalancer"] {
        let (types, _) = needs(&[&format!("elasticloadbalancing:{action}")]);
        assert_eq!(
            types,
            "loadbalancer/1 loadbalancer/app//1 loadbalancer/gwy//1 loadbalancer/net//1"
        );
    }
    assert_eq!(
        needs(&[
            "elasticloadbalancing:SetIpAddressType",
            "elasticloadbalancing:ModifyTargetGroup"
        ])
        .0,
        "targetgroup/1 loadbalancer/app//1 loadbalancer/gwy//1 loadbalancer/net//1"
    );
    assert_eq!(needs(&[]), (String::new(), 0));
}

#[test]
fn binds_placeholders() {
    let bound = |format: &'static str, text: &str| {
        let pattern = Pattern::literal(text);
        leastwise_policy::bind::bind(format, &pattern).map(|bindings| {
            let parts: Vec<String> = bindings
                .parts
                .into_iter()
                .map(|of| format!("{}={}", of.placeholder, pattern.slice(of.range)))
                .collect();
            parts.join(" ")
        })
    };
    let object = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
    assert_eq!(
        bound(object, "arn:aws:s3:::${App}-data/a/*").as_deref(),
        Some("Partition=aws BucketName=${App}-data ObjectName=a/*")
    );
    assert_eq!(
        bound(object, "arn:aws:s3:::shop-*").as_deref(),
        Some("Partition=aws BucketName=shop-*")
    );
    assert_eq!(
        bound(object, "arn:${a:b}:s3:::x/y").as_deref(),
        Some("Partition=${a:b} BucketName=x ObjectName=y")
    );
    assert_eq!(bound(object, "arn:aws:sqs:*:*:x"), None);
    assert_eq!(bound(object, "*").as_deref(), Some(""));
    assert_eq!(bound("${A}${B}", "xy").as_deref(), Some("A=xy"));
    assert_eq!(bound("${A", "x"), None);
    assert_eq!(bound("é-${A}", "é-ü").as_deref(), Some("A=ü"));
}

#[test]
fn finds_names() {
    let names = |text: &str| -> Vec<String> {
        let pattern = Pattern::literal(text);
        leastwise_policy::bind::names(&pattern)
            .into_iter()
            .map(|name| pattern.slice(name.binding.range).display())
            .collect()
    };
    assert_eq!(
        names("arn:aws:sqs:eu-west-1:111111111111:${App}-q"),
        ["${App}-q"]
    );
    assert_eq!(
        names("arn:aws:dynamodb:*:*:table/shop-*/index/*"),
        ["shop-*"]
    );
    assert_eq!(
        names("arn:aws:iam::111111111111:role/service-role/x"),
        ["service-role/x"]
    );
    assert_eq!(names("arn:aws:s3:::*"), ["*"]);
    assert!(names("*").is_empty() && names("${Arn}").is_empty());
}

#[test]
fn composes_arns() {
    let format = "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}";
    assert_eq!(
        placeholders(format).collect::<Vec<_>>(),
        ["Partition", "Region", "Account", "QueueName"]
    );
    let arn = compose(format, |name| match name {
        "Partition" => Some("aws".into()),
        "QueueName" => Some("shop-*".into()),
        _ => None,
    });
    assert_eq!(arn, "arn:aws:sqs:*:*:shop-*");
    assert_eq!(compose("a${b", |_| Some("x".into())), "a${b");
}

#[test]
fn hostile_patterns_stay_cheap() {
    let text = format!("arn:aws:s3:::{}", "*a?".repeat(100_000));
    let pattern = Pattern::literal(&text);
    assert_eq!(
        fits("arn:${Partition}:s3:::${BucketName}", &pattern),
        Tri::Maybe
    );
    let text = format!("arn:aws:s3:::{}", "*a".repeat(1000));
    assert_eq!(
        fits(
            "arn:${Partition}:s3:::${BucketName}",
            &Pattern::literal(&text)
        ),
        Tri::Yes
    );
}
