use super::super::tests::{labels, take};

/// A statement with a condition in YAML, JSON and blocks of HCL, as far as the place allows.
fn value(statement: &str, operator: &str, key: &str, typed: &str) -> String {
    format!(
        "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n{statement}    Condition:\n      {operator}:\n        {key}: '{typed}$0'\n"
    )
}

#[test]
fn what_a_service_sends_is_the_source() {
    let of = |service: &str, typed: &str| {
        let statement = format!(
            "    Principal: {{Service: {service}.amazonaws.com}}\n    Action: sqs:SendMessage\n    Resource: '*'\n"
        );
        labels(&value(&statement, "ArnLike", "aws:SourceArn", typed))
    };
    for (service, first) in [
        ("sns", "arn:aws:sns:eu-west-1:111111111111:shop-*"),
        (
            "events",
            "arn:aws:events:eu-west-1:111111111111:rule/shop-*",
        ),
        ("s3", "arn:aws:s3:::shop-*"),
    ] {
        let offered = of(service, "");
        let at = offered.iter().position(|label| label == first);
        assert!(at.is_some_and(|at| at < 6), "{service}: {offered:?}");
    }
    let sent = of("cloudfront", "arn:aws:cloudfront::");
    assert!(
        sent[..6].contains(&"arn:aws:cloudfront::111111111111:distribution/shop-*".to_owned()),
        "{sent:?}"
    );
    let parts = of("cloudfront", "arn:aws:cloudfront::111111111111:");
    let whole = "arn:aws:cloudfront::111111111111:distribution/shop-*";
    let own = parts.iter().filter(|label| whole.ends_with(*label));
    assert_eq!(own.collect::<Vec<_>>(), [whole], "{parts:?}");
    assert_eq!(
        of("sns", "arn:aws:")[0],
        "arn:aws:sns:eu-west-1:111111111111:shop-*"
    );
}

#[test]
fn keys_tell_which_arns_they_have() {
    let statement = "    Action: s3:GetObject\n    Resource: '*'\n";
    for (key, first) in [
        ("aws:PrincipalArn", "arn:aws:iam::111111111111:role/shop-*"),
        (
            "ecs:cluster",
            "arn:aws:ecs:eu-west-1:111111111111:cluster/shop-*",
        ),
    ] {
        let offered = labels(&value(statement, "ArnLike", key, ""));
        assert!(offered.contains(&first.to_owned()), "{key}: {offered:?}");
    }
    // Of the service that the role is passed to.
    let passed = statement.replace("s3:GetObject", "iam:PassRole");
    let passed = value(&passed, "ArnLike", "iam:AssociatedResourceArn", "").replace(
        "Condition:\n",
        "Condition:\n      StringEquals: {iam:PassedToService: lambda.amazonaws.com}\n",
    );
    assert_eq!(
        labels(&passed)[0],
        "arn:aws:lambda:eu-west-1:111111111111:function:shop-*"
    );
    let policies = labels(&value(statement, "ArnEquals", "iam:PolicyARN", ""));
    assert!(policies.contains(&"AWSLambdaBasicExecutionRole".to_owned()));
}

#[test]
fn sets_are_found_by_their_first_letter() {
    let marked = |typed: &str| {
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:GetObject\n    Condition:\n      {typed}$0"
        )
    };
    for typed in ["F", "fo", "For"] {
        assert_eq!(
            labels(&marked(typed))[0],
            "ForAllValues:StringEquals",
            "{typed}"
        );
    }
    let offered = labels(&marked(""));
    let at = |name: &str| offered.iter().position(|label| label == name);
    assert!(at("Null") < at("ForAnyValue:StringEquals"), "{offered:?}");
}

#[test]
fn a_repository_that_is_typed_stays() {
    let statement = "    Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'}\n    Action: sts:AssumeRoleWithWebIdentity\n";
    let of = |typed: &str| {
        value(
            statement,
            "StringLike",
            "token.actions.githubusercontent.com:sub",
            typed,
        )
    };
    for (typed, first) in [
        ("", "repo:ORG/REPO:ref:refs/heads/main"),
        ("repo:ac", "repo:ac/REPO:ref:refs/heads/main"),
        ("repo:acme/sh", "repo:acme/sh:ref:refs/heads/main"),
        ("repo:acme/shop:re", "repo:acme/shop:ref:refs/heads/main"),
        ("repo:acme/shop:env", "repo:acme/shop:environment:NAME"),
        (
            "repo:acme@1/shop@2:",
            "repo:acme@1/shop@2:ref:refs/heads/main",
        ),
    ] {
        assert_eq!(labels(&of(typed))[0], first, "{typed}");
        assert!(take(&of(typed), first).contains(&format!(": '{first}'")));
    }
}

#[test]
fn common_keys_of_every_request_come_among_those_of_the_actions() {
    let marked = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:GetObject\n    Resource: '*'\n    Condition:\n      StringEquals:\n        $0";
    let offered = labels(marked);
    let at = |name: &str| offered.iter().position(|label| label == name);
    assert!(at("aws:SourceAccount") < at("s3:authType"), "{offered:?}");
    assert!(at("s3:authType") < at("aws:UserAgent"), "{offered:?}");
}

#[test]
fn likely_variables_come_first() {
    let marked = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:GetObject\n    Resource: 'arn:aws:s3:::a/${aws:$0}'\n";
    let offered = labels(marked);
    assert_eq!(offered[..2], ["aws:username", "aws:PrincipalTag/"]);
}

/// What is offered for a key's value of which nothing is typed.
fn offers(statement: &str, operator: &str, key: &str) -> Vec<String> {
    labels(&value(statement, operator, key, ""))
}

#[test]
fn keys_with_a_known_set_have_their_values() {
    let statement =
        "    Action: s3:PutObject\n    Resource: arn:aws:s3:eu-north-1:123456789012:x\n";
    for (key, first) in [
        ("aws:PrincipalType", "AssumedRole"),
        ("s3:x-amz-acl", "bucket-owner-full-control"),
        ("s3:x-amz-server-side-encryption", "aws:kms"),
        ("kms:EncryptionAlgorithm", "SYMMETRIC_DEFAULT"),
        ("aws:RequestedRegion", "eu-west-1"),
        ("ec2:Region", "eu-west-1"),
        ("aws:CalledVia", "cloudformation.amazonaws.com"),
        ("iam:AWSServiceName", "ecs.amazonaws.com"),
        ("kms:ViaService", "s3.eu-west-1.amazonaws.com"),
    ] {
        assert_eq!(offers(statement, "StringEquals", key)[0], first, "{key}");
    }
    // No retired service comes before those that are used.
    for key in [
        "aws:PrincipalServiceName",
        "aws:CalledVia",
        "iam:AWSServiceName",
    ] {
        let services = offers(statement, "StringEquals", key);
        let at = |name: &str| services.iter().position(|label| label == name);
        assert!(at("a4b.amazonaws.com") > at("ec2.amazonaws.com"), "{key}");
    }
    assert_eq!(offers(statement, "StringEquals", "sts:ExternalId"), [""; 0]);
}

#[test]
fn what_a_part_of_a_service_calls_for_is_told() {
    let statement =
        "    Principal: {Service: logging.s3.amazonaws.com}\n    Action: s3:PutObject\n";
    assert!(offers(statement, "ArnLike", "aws:SourceArn")[0].starts_with("arn:aws:s3:::"));
    let unknown = offers("    Action: s3:PutObject\n", "ArnLike", "aws:SourceArn");
    assert!(
        unknown.iter().any(|arn| arn.starts_with("arn:aws:sns:")),
        "{unknown:?}"
    );
}
