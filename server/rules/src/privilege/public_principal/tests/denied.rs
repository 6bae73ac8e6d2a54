//! What statements of the same policy deny to everybody but some.

use super::*;

/// What is told of everybody's reading and writing a bucket beside these statements.
fn beside_open_bucket(statements: &str) -> Vec<Level> {
    let allow = "{Effect: Allow, Principal: '*', Action: ['s3:PutObject', 's3:GetObject'], Resource: 'arn:aws:s3:::b/*'}";
    let statements = format!("{allow}, {statements}");
    levels(&resource("AWS::S3::BucketPolicy", &statements))
}

/// Asserts what is told beside a Deny of all of S3 under each of these conditions, and beside one of each of these elements.
#[track_caller]
fn beside_denies(conditions: &[&str], elements: &[&str], expected: &[Level]) {
    let all = "Principal: '*', Action: 's3:*', Resource: '*'";
    let under = conditions
        .iter()
        .map(|condition| format!("{all}, Condition: {condition}"));
    let of = elements
        .iter()
        .map(|elements| elements.replace("OFF_THE_ENDPOINT", OFF_THE_ENDPOINT));
    for deny in under.chain(of) {
        let deny = format!("{{Effect: Deny, {deny}}}");
        assert_eq!(beside_open_bucket(&deny), expected, "{deny}");
    }
}

/// A condition that only what comes by one endpoint doesn't meet.
const OFF_THE_ENDPOINT: &str = "{StringNotEquals: {'aws:SourceVpce': vpce-1}}";

#[test]
fn a_deny_keeps_the_others_out() {
    beside_denies(
        &[
            "{StringNotEquals: {'aws:SourceVpce': vpce-1}}",
            "!Ref Conditions",
            "{StringNotEqualsIfExists: {'aws:PrincipalOrgID': o-1, 'aws:PrincipalTag/exempt': x}, BoolIfExists: {'aws:PrincipalIsAWSService': false}}",
            "{Bool: {'aws:PrincipalIsAWSService': false}}",
            "{StringNotEquals: {'aws:ResourceOrgID': '${aws:PrincipalOrgID}'}}",
            "{StringNotEquals: {!Ref Key: x}}",
        ],
        &[
            "Principal: {AWS: '*'}, Action: ['s3:Get*', 's3:Put*'], Resource: '*', Condition: {StringNotEquals: {'aws:PrincipalOrgID': o-1}}",
            "NotPrincipal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: 's3:*', Resource: '*'",
            "Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'], Condition: {NotIpAddressIfExists: {'aws:SourceIp': '203.0.113.0/24'}, BoolIfExists: {'aws:ViaAWSService': false}}",
            "Principal: '*', Action: 's3:*', Resource: !Ref Objects, Condition: {StringNotEquals: {'aws:SourceVpce': !Ref Endpoint}}",
            "Principal: '*', Action: 's3:*', NotResource: 'arn:aws:s3:::c/*', Condition: OFF_THE_ENDPOINT",
            "Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::b/*'",
            "Principal: !Ref Others, Action: 's3:*', Resource: '*', Condition: {NotIpAddress: {'aws:SourceIp': '203.0.113.0/24'}}",
        ],
        &[],
    );
    let two = ["s3:Put*", "s3:Get*"].map(|actions| {
        format!("{{Effect: Deny, Principal: '*', Action: '{actions}', Resource: '*', Condition: {OFF_THE_ENDPOINT}}}")
    });
    assert_eq!(beside_open_bucket(&two.join(", ")), []);
}

#[test]
fn a_deny_that_leaves_it_open() {
    beside_denies(
        &[
            "{StringEquals: {'aws:SourceVpce': vpce-1}}",
            "{IpAddress: {'aws:SourceIp': '203.0.113.0/24'}}",
            "{NotIpAddress: {'aws:SourceIp': '0.0.0.0/0'}}",
            "{StringNotEquals: {'aws:SourceVpce': vpce-1}, Bool: {'aws:SecureTransport': false}}",
            "{StringNotEquals: {'aws:PrincipalTag/x': y}}",
            "{StringNotEquals: {'s3:x-amz-acl': private}}",
            "{Bool: {'aws:ViaAWSService': false}}",
            "{Bool: {'aws:SecureTransport': false}}",
        ],
        &[
            "Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::c/*', Condition: OFF_THE_ENDPOINT",
            "Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::b', Condition: OFF_THE_ENDPOINT",
            "Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::b/private/*', Condition: OFF_THE_ENDPOINT",
            "Principal: '*', Action: 's3:*', NotResource: 'arn:aws:s3:::b/*', Condition: OFF_THE_ENDPOINT",
            "NotPrincipal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: 's3:*', Resource: '*', Condition: {Bool: {'aws:SecureTransport': false}}",
            "NotPrincipal: '*', Action: 's3:*', Resource: '*'",
            "NotPrincipal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: 's3:*', Resource: 'arn:aws:s3:::c/*'",
            "Principal: '*', Action: 's3:Get*', Resource: '*', Condition: OFF_THE_ENDPOINT",
            "Principal: {AWS: 'arn:aws:iam::111111111111:root'}, Action: 's3:*', Resource: '*', Condition: OFF_THE_ENDPOINT",
        ],
        &[Level::Error],
    );
    let allow = format!(
        "{{Effect: Allow, Principal: {{AWS: 'arn:aws:iam::111111111111:root'}}, Action: 's3:*', Resource: '*', Condition: {OFF_THE_ENDPOINT}}}"
    );
    assert_eq!(beside_open_bucket(&allow), [Level::Error]);
}

#[test]
fn a_deny_beside_everything_that_there_is() {
    let policy = |action: &str, deny: &str| {
        levels(&format!(
            "Version: '2012-10-17'\nStatement:\n  - {{Effect: Allow, Principal: '*', Action: {action}, Resource: 'arn:aws:sqs:eu-west-1:111111111111:jobs'}}\n  - {{Effect: Deny, Principal: '*', {deny}, Resource: '*', Condition: {{StringNotEquals: {{'aws:PrincipalOrgID': o-1}}}}}}\n"
        ))
    };
    for deny in [
        "Action: '*'",
        "Action: ['sqs:*', '*']",
        "NotAction: 'sqs:ReceiveMessage'",
        "Action: !Ref Some",
    ] {
        assert_eq!(policy("'*'", deny), [], "{deny}");
        assert_eq!(policy("['sqs:SendMessage', '*']", deny), [], "{deny}");
    }
    // What isn't of queues is left; of queues alone, nothing is.
    assert_eq!(policy("'*'", "Action: 'sqs:*'"), [Level::Warning]);
    assert_eq!(policy("'sqs:*'", "Action: 'sqs:*'"), []);
    assert_eq!(policy("!Ref Some", "Action: 'sqs:*'"), []);
}

#[test]
fn so_many_denials_that_nobody_can_tell() {
    let policy = |number: usize| {
        let deny = "{Effect: Deny, Principal: '*', Action: 's3:Get*', Resource: '*', Condition: {StringNotEquals: {'aws:SourceVpce': vpce-1}}}";
        let mut statements = vec![deny; number];
        statements.push(
            "{Effect: Allow, Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::b/*'}",
        );
        levels(&resource("AWS::S3::BucketPolicy", &statements.join(", ")))
    };
    assert_eq!(policy(64), [Level::Error]);
    assert_eq!(policy(65), []);
}

#[test]
fn a_deny_of_the_same_unknown_resource() {
    let policy = |of: &str, allow: &str, deny: &str| {
        levels(&resource(
            of,
            &format!(
                "{{Effect: Allow, Principal: '*', Action: '*', Resource: {allow}}}, {{Effect: Deny, Principal: '*', Action: {deny}, Condition: {{StringNotEquals: {{'aws:PrincipalOrgID': o-1}}}}}}"
            ),
        ))
    };
    let bucket = |allow: &str, deny: &str| {
        policy(
            "AWS::S3::BucketPolicy",
            allow,
            &format!("'s3:*', Resource: {deny}"),
        )
    };
    let queue = |deny: &str| policy("AWS::SQS::QueuePolicy", "'*'", deny);
    assert_eq!(bucket("!Sub '${B}/*'", "!Sub '${B}/*'"), []);
    assert_eq!(bucket("!Sub '${B}/*'", "!Sub '${C}/*'"), []);
    assert_eq!(bucket("'*'", "'arn:aws:s3:::b/*'"), []);
    assert_eq!(queue("'sqs:*', Resource: !GetAtt Queue.Arn"), []);
    for deny in ["!Sub '${B}/private/*'", "!Sub '${B}'"] {
        assert_eq!(bucket("!Sub '${B}/*'", deny), [Level::Error], "{deny}");
    }
    for deny in ["'arn:aws:s3:::b'", "'arn:aws:s3:::b/private/*'"] {
        assert_eq!(bucket("'*'", deny), [Level::Error], "{deny}");
    }
    assert_eq!(queue("'sqs:Send*', Resource: '*'"), [Level::Error]);
}
