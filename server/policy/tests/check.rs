//! What is wrong with ARNs, over the real catalog.

use leastwise_policy::{ArnProblemKind, NotArn, Pattern, check};

fn kinds(text: &str) -> Vec<(ArnProblemKind, bool, String)> {
    let pattern = Pattern::literal(text);
    check::check(&pattern)
        .into_iter()
        .map(|problem| {
            let (start, end) = (
                pattern.display_offset(problem.range.start),
                pattern.display_offset(problem.range.end),
            );
            let underlined = pattern.display().get(start..end).unwrap_or("?").to_owned();
            assert!(!problem.message.is_empty() && !problem.message.ends_with('.'));
            (problem.kind, problem.sure, underlined)
        })
        .collect()
}

#[test]
fn finds_what_is_wrong_and_where() {
    use ArnProblemKind::*;
    for (text, kind, sure, underlined) in [
        (
            "bucket",
            NotArn(leastwise_policy::NotArn::NoArnPrefix),
            true,
            "bucket",
        ),
        (
            "arn:aws:s3",
            NotArn(leastwise_policy::NotArn::TooFewSegments(3)),
            true,
            "arn:aws:s3",
        ),
        ("arn::s3:::b", EmptyPartition, true, ""),
        ("arn:awd:s3:::b", UnknownPartition, true, "awd"),
        ("arn:aws::::b", EmptyService, true, ""),
        (
            "arn:aws:lamda:*:*:function:x",
            UnknownService,
            true,
            "lamda",
        ),
        (
            "arn:aws:sns:eu-wset-1:111111111111:x",
            UnknownRegion,
            false,
            "eu-wset-1",
        ),
        (
            "arn:aws:sns:euwest1:111111111111:x",
            MalformedRegion,
            true,
            "euwest1",
        ),
        (
            "arn:aws:sns:cn-north-1:111111111111:x",
            RegionOutsidePartition,
            true,
            "cn-north-1",
        ),
        (
            "arn:aws:sns:eu-west-1:11111111111:${AppId}-topic",
            AccountDigits(11),
            true,
            "11111111111",
        ),
        (
            "arn:aws:sns:${AWS::Region}:1:x",
            AccountDigits(1),
            true,
            "1",
        ),
        (
            "arn:aws:sns:*:ACCOUNT_ID:x",
            AccountNotNumber,
            true,
            "ACCOUNT_ID",
        ),
        (
            "arn:aws:s3:eu-west-1::bucket",
            UnexpectedRegion,
            true,
            "eu-west-1",
        ),
        (
            "arn:aws:s3::111111111111:bucket/*",
            UnexpectedAccount,
            true,
            "111111111111",
        ),
        (
            "arn:aws:iam:eu-west-1:111111111111:role/x",
            UnexpectedRegion,
            true,
            "eu-west-1",
        ),
        ("arn:aws:iam:::role/x", MissingAccount, true, ""),
        (
            "arn:aws:lambda::111111111111:function:x",
            MissingRegion,
            true,
            "",
        ),
        (
            "arn:aws:ec2:eu-west-1:111111111111:image/ami-1",
            UnexpectedAccount,
            false,
            "111111111111",
        ),
        (
            "arn:aws:apigateway:eu-west-1:111111111111:/restapis/x",
            UnexpectedAccount,
            false,
            "111111111111",
        ),
    ] {
        assert_eq!(kinds(text), [(kind, sure, underlined.to_owned())], "{text}");
    }
}

#[test]
fn leaves_right_and_unknown_arns_alone() {
    for text in [
        "*",
        "${Arn}",
        "${Arn}/*",
        "arn:aws:codepipeline:*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::bucket/*",
        "arn:*:s3:::bucket",
        "arn:aws:s3:*:*:bucket",
        "arn:aws:s3:eu-west-1:111111111111:accesspoint/x",
        "arn:aws:s3::111111111111:accesspoint/x.mrap",
        "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:x",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1",
        "arn:aws:iam::111111111111:role/x",
        "arn:aws:sts::111111111111:assumed-role/r/s",
        "arn:aws:ec2:eu-west-1::image/ami-1",
        "arn:aws:ec2:eu-west-1:111111111111:instance/*",
        "arn:aws:ec2:eu-west-1:111111111111:*",
        "arn:aws:apigateway:eu-west-1::/restapis/*",
        "arn:aws:execute-api:eu-west-9:111111111111:abc/*",
        "arn:aws:cloudfront::111111111111:distribution/E1",
        "arn:aws:route53:::hostedzone/*",
        "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/x/*",
        "arn:aws:health:global::event/*",
        "arn:aws-us-gov:lambda:us-gov-west-1:111111111111:function:x",
        "arn:aws:lambda:*:*:function:x",
        "arn:aws:backup:eu-west-1:111111111111:backup-vault:x",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn suggests_what_was_meant() {
    for (text, meant) in [
        ("arn:asw:s3:::b", "aws"),
        ("arn:aws:dynamdb:*:*:table/x", "dynamodb"),
        ("arn:aws:sns:eu-wset-1:*:x", "eu-west-1"),
    ] {
        let found = check::check(&Pattern::literal(text));
        assert_eq!(
            found
                .first()
                .and_then(|problem| problem.suggestion.as_deref()),
            Some(meant),
            "{text}"
        );
    }
    assert_eq!(
        check::check(&Pattern::literal(""))[0].kind,
        ArnProblemKind::NotArn(NotArn::Empty)
    );
}
