use leastwise_catalog::catalog;

use crate::completion::tests::labels;
use crate::testing::template;

/// A list of actions in a policy of each syntax, with the rest of a file beside it.
fn actions(typed: &str, other: &str) -> [String; 3] {
    [
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: {other}\n    Resource: '*'\n  - Effect: Allow\n    Action:\n      - {typed}$0\n    Resource: '*'\n"
        ),
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Action\": \"{other}\", \"Resource\": \"*\"}}, {{\"Effect\": \"Allow\", \"Action\": [\"{typed}$0\"], \"Resource\": \"*\"}}]}}"
        ),
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [\"{other}\"]\n    resources = [\"*\"]\n  }}\n  statement {{\n    actions = [\"{typed}$0\"]\n    resources = [\"*\"]\n  }}\n}}\n"
        ),
    ]
}

/// The first labels of a list.
fn first(marked: &str, count: usize) -> Vec<String> {
    let mut labels = labels(marked);
    labels.truncate(count);
    labels
}

#[test]
fn an_exact_service_comes_before_those_that_begin_like_it() {
    for marked in actions("s3", "s3-outposts:GetObject") {
        assert_eq!(first(&marked, 2), ["s3:", "s3-outposts:"], "{marked}");
    }
    for marked in actions("iot", "sqs:SendMessage") {
        assert_eq!(first(&marked, 1), ["iot:"], "{marked}");
    }
    // Also where the list was asked for before that much was typed: the client filters it.
    for marked in actions("", "sqs:SendMessage") {
        let labels = labels(&marked);
        let at = |name: &str| labels.iter().position(|label| label == name);
        assert!(at("iot:") < at("iotwireless:") && at("s3:") < at("s3-object-lambda:"));
        assert!(at("ssm:") < at("ssm-contacts:"));
    }
}

#[test]
fn services_of_the_file_come_first_then_common_ones() {
    for marked in actions("", "polly:SynthesizeSpeech") {
        assert_eq!(
            first(&marked, 4),
            ["polly:", "s3:", "iam:", "lambda:"],
            "{marked}"
        );
    }
    // Those of the same statement before others of the file.
    let [yaml, ..] = actions("", "polly:SynthesizeSpeech");
    let yaml = yaml.replace("      - $0", "      - translate:TranslateText\n      - $0");
    assert_eq!(first(&yaml, 3), ["translate:", "polly:", "s3:"]);
    // What a template has, and what its ARNs name.
    let resource = template(
        "- Effect: Allow\n  Action: '*'\n  Resource: !Sub 'arn:${AWS::Partition}:mq:${AWS::Region}:${AWS::AccountId}:broker:x'\n- Effect: Allow\n  Action: $0",
    );
    assert_eq!(first(&resource, 3), ["dynamodb:", "mq:", "s3:"]);
    // The last of them all are those that neither is true of.
    let last = labels(&resource)
        .into_iter()
        .rfind(|label| label.ends_with(':'));
    assert_ne!(last, Some("s3:".to_owned()));
}

#[test]
fn what_is_typed_is_no_service_of_the_file() {
    for marked in actions("polly:Syn", "sqs:SendMessage") {
        let (text, at) = crate::testing::cut(&marked);
        let asked = text[..at as usize].rfind("polly").expect("what is typed");
        let own = asked..at as usize;
        let found = super::services_in(&text, own);
        let names: Vec<&str> = found.iter().map(|service| service.prefix()).collect();
        assert_eq!(names, ["sqs"], "{marked}");
    }
}

#[test]
fn a_bare_name_is_looked_for_in_likely_services_first() {
    for marked in actions("Get", "polly:SynthesizeSpeech") {
        let labels = labels(&marked);
        assert!(labels[0].starts_with("polly:Get"), "{labels:?}");
        assert!(labels.iter().any(|label| label.starts_with("s3:Get")));
        assert!(!labels.iter().any(|label| label.starts_with("a4b:")));
    }
}

#[test]
fn keys_that_fit_the_operator_and_the_actions_come_first() {
    let keys = |action: &str, operator: &str| {
        labels(&format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: {action}\n    Resource: '*'\n    Condition:\n      {operator}:\n        $0"
        ))
    };
    assert_eq!(
        keys("iam:PassRole", "StringEquals")[0],
        "iam:PassedToService"
    );
    assert_eq!(keys("s3:ListBucket", "StringEquals")[0], "s3:prefix");
    // One that the operator takes comes before one of the action that it doesn't take.
    let addresses = keys("s3:ListBucket", "IpAddress");
    let at = |name: &str| addresses.iter().position(|label| label == name);
    assert_eq!(addresses[0], "aws:SourceIp");
    assert!(at("aws:SourceIp") < at("s3:prefix") && at("s3:prefix").is_some());
}

#[test]
fn operators_come_by_how_common_they_are() {
    let marked = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:GetObject\n    Condition:\n      $0";
    assert_eq!(first(marked, 3), ["StringEquals", "StringLike", "ArnLike"]);
}

#[test]
fn services_that_take_a_role_come_first() {
    let marked = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: sqs:SendMessage\n    Resource: '*'\n  - Effect: Allow\n    Action: iam:PassRole\n    Resource: '*'\n    Condition:\n      StringEquals:\n        iam:PassedToService: $0";
    let services = labels(marked);
    let at = |name: &str| {
        let place = services.iter().position(|label| label == name);
        place.unwrap_or_else(|| panic!("{name}"))
    };
    assert_eq!(services[0], "lambda.amazonaws.com");
    assert!(at("ecs-tasks.amazonaws.com") < at("transfer.amazonaws.com"));
    assert!(at("transfer.amazonaws.com") < at("a4b.amazonaws.com"));
    assert!(at("a4b.amazonaws.com") < at("rds.application-autoscaling.amazonaws.com"));
    // Those that the file uses before other common ones.
    assert_eq!(
        labels(&marked.replace("sqs:SendMessage", "ecs:RunTask"))[0],
        "ecs-tasks.amazonaws.com"
    );
    // What a resource lets in is another list.
    let caller = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: kms:Decrypt\n    Resource: '*'\n    Principal:\n      Service: $0";
    assert_eq!(labels(caller)[0], "sns.amazonaws.com");
    assert_eq!(
        labels(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement:\n          - Effect: Allow\n            Action: sts:AssumeRole\n            Principal:\n              Service: $0"
        )[0],
        "lambda.amazonaws.com"
    );
}

#[test]
fn the_likeliest_type_comes_first() {
    let resources = |actions: &str| {
        labels(&format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: [{actions}]\n    Resource: $0"
        ))
    };
    let buckets = resources("s3:GetObject, s3:PutObject, s3:DeleteObject, s3:ListBucket");
    assert_eq!(buckets[0], "arn:aws:s3:::shop-*/*");
    assert_eq!(buckets[1], "arn:aws:s3:::shop-*");
    assert_eq!(buckets.last().map(String::as_str), Some("*"));
    // Nothing else can stand there.
    assert_eq!(resources("s3:ListAllMyBuckets")[0], "*");
}

#[test]
fn policies_of_linked_roles_come_last() {
    let marked = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      ManagedPolicyArns:\n        - $0";
    let policies = labels(marked);
    assert_eq!(policies[0], "AWSLambdaBasicExecutionRole");
    let last = policies
        .last()
        .and_then(|name| catalog().managed_policy(name));
    assert!(last.is_some_and(|policy| policy.arn().contains("/aws-service-role/")));
}

#[test]
fn what_is_denied_comes_first_under_deny() {
    let actions = |effect: &str, typed: &str| {
        labels(&format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: {effect}\n    Action:\n      - {typed}$0"
        ))
    };
    assert_eq!(
        actions("Deny", "iam:De")[0],
        "iam:DeleteRolePermissionsBoundary"
    );
    assert_eq!(
        actions("Deny", "iam:")[..2],
        ["iam:CreateUser", "iam:CreateAccessKey"]
    );
    assert_eq!(actions("Allow", "iam:")[0], "iam:PassRole");
    let creating = actions("Allow", "iam:Cr");
    assert_eq!(creating[0], "iam:CreateRole");
    let at = |name: &str| creating.iter().position(|label| label == name);
    assert!(at("iam:CreateUser") < at("iam:CreateServiceLinkedRole"));
}

#[test]
fn common_entries_of_a_list_come_first() {
    let marked = "Transform: AWS::Serverless-2016-10-31\nResources:\n  T:\n    Type: AWS::Serverless::SimpleTable\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: a.b\n      Policies:\n        - $0";
    let first = labels(marked);
    for name in [
        "AWSLambdaBasicExecutionRole",
        "DynamoDBReadPolicy",
        "Statement",
    ] {
        assert!(
            first[..12].contains(&name.to_owned()),
            "{name}: {:?}",
            &first[..12]
        );
    }
    // What a template is about is a resource of the file.
    let marked = marked.replace("$0", "DynamoDBReadPolicy:\n            TableName: $0");
    assert_eq!(labels(&marked)[0], "!Ref T");
}
