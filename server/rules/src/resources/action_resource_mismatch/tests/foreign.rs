//! Resource policies, and actions of other services in them.

use super::*;

#[test]
fn a_resource_policy_governs_its_resource_only() {
    let found = |of: &str, actions: &str, resource: &str| {
        let text = format!(
            "Resources:\n  P:\n    Type: {of}\n    Properties:\n      PolicyDocument: {{Statement: {{Effect: Allow, Principal: {{AWS: '111111111111'}}, Action: [{actions}], Resource: {resource}}}}}\n"
        );
        let findings = Fixture::new(&text, "").findings(&RULE);
        assert!(Fixture::new(&text, "").fixes(&RULE).is_empty());
        let told = findings.into_iter();
        told.map(|of| format!("{} {}", of.message, of.help))
            .collect::<Vec<_>>()
    };
    let queue = "'arn:aws:sqs:eu-west-1:111111111111:q'";
    let of_queue = "AWS::SQS::QueuePolicy";
    for resource in [queue, "'*'", "!GetAtt Queue.Arn"] {
        assert_eq!(
            found(
                of_queue,
                "'logs:DescribeLogGroups', 'sqs:SendMessage', 'logs:CreateLogGroup'",
                resource
            ),
            [
                "`logs:DescribeLogGroups` and `logs:CreateLogGroup` have no effect: this policy can only allow `sqs` actions. Remove them, or allow them in the caller's identity policy."
            ],
            "{resource}"
        );
    }
    assert_eq!(
        found("AWS::S3::BucketPolicy", "'kms:Decrypt'", "'*'"),
        [
            "`kms:Decrypt` has no effect: this policy can only allow `s3` actions. Remove it, or allow it in the caller's identity policy."
        ]
    );
    for (of, action) in [
        (of_queue, "'sqs:SendMessage'"),
        (of_queue, "'SQS:SendMessage'"),
        (of_queue, "'*'"),
        (of_queue, "'sqss:SendMessage'"),
        ("AWS::S3::BucketPolicy", "'s3-object-lambda:GetObject'"),
        ("AWS::Logs::ResourcePolicy", "'es:ESHttpPost'"),
        ("AWS::IAM::ManagedPolicy", "'logs:CreateLogGroup'"),
    ] {
        let none: [&str; 0] = [];
        assert_eq!(found(of, action, "'*'"), none, "{of} {action}");
    }
}

#[test]
fn what_is_of_another_service_is_told_once() {
    let count = |action: &str| {
        let text = format!(
            "Resources:
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [orders]
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {{AWS: '111111111111'}}
            Action: {action}
            Resource: ['arn:aws:sqs:eu-west-1:111111111111:orders', 'arn:aws:sns:eu-west-1:111111111111:orders']
"
        );
        let found = crate::tests::fixture::Fixture::new(&text, "").findings(&RULE);
        found.into_iter().map(|of| of.message).collect::<Vec<_>>()
    };
    let [one] = &count("sns:Subscribe")[..] else {
        panic!("{:?}", count("sns:Subscribe"));
    };
    assert!(
        one.starts_with("`sns:Subscribe` has no effect: this policy can only allow `sqs` actions"),
        "{one}"
    );
    // A topic is in vain where no action is there for it.
    let [one] = &count("sqs:SendMessage")[..] else {
        panic!("{:?}", count("sqs:SendMessage"));
    };
    assert!(
        one.contains(
            "This resource has no effect: none of the statement's actions applies to topics."
        ),
        "{one}"
    );
}
