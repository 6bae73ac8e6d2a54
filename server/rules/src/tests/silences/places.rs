//! Resources, principals and accounts that statements name.

use super::*;
use crate::resources::{
    action_resource_mismatch, invalid_arn, resource_outside_prefix, unknown_account,
    unknown_principal,
};

const QUEUE: &str = "'arn:aws:sqs:eu-west-1:111111111111:x'";

fn allow(actions: &str, resources: &str) -> String {
    format!("{{Effect: Allow, Action: [{actions}], Resource: [{resources}]}}")
}

/// A role that trusts by `Principal`.
fn trust(principal: &str) -> String {
    format!(
        "Resources:\n  App: {{Type: AWS::IAM::Role, Properties: {{RoleName: app}}}}\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      \
         AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement: [{{Effect: Allow, Principal: {{{principal}}}, Action: 'sts:AssumeRole'}}]\n"
    )
}

#[test]
fn lists_that_go_on_unseen() {
    let more = "!Split [',', !Ref More]";
    in_template(
        &action_resource_mismatch::RULE,
        "",
        &[
            (
                &allow("s3:ListBucket", "'arn:aws:s3:::b/*'"),
                &["<s3:ListBucket>"],
            ),
            (
                &allow("s3:ListBucket", &format!("'arn:aws:s3:::b/*', {more}")),
                &[],
            ),
            (
                &allow("s3:GetObject", &format!("'arn:aws:s3:::b/*', {QUEUE}")),
                &["This resource has no effect"],
            ),
            (
                &allow(
                    &format!("s3:GetObject, {more}"),
                    &format!("'arn:aws:s3:::b/*', {QUEUE}"),
                ),
                &[],
            ),
            // That it is no account, another rule tells.
            (
                &allow(
                    "s3:GetObject",
                    "'arn:aws:s3:::b/*', 'arn:aws:sqs:eu-west-1:1234:x'",
                ),
                &[],
            ),
        ],
    );
}

/// CloudFormation gives the ARN of a log group with an end that takes in its streams.
#[test]
fn a_log_group_of_a_name_takes_in_its_streams() {
    let groups = "  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: shop}}\n";
    let of = |resource: &str| template(groups, &allow("'logs:PutLogEvents'", resource));
    rows(
        &action_resource_mismatch::RULE,
        "",
        &[
            (&of("!GetAtt Logs.Arn"), &[]),
            (
                &of("!Sub 'arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:shop'"),
                &["<logs:PutLogEvents>"],
            ),
        ],
    );
}

#[test]
fn only_what_the_catalog_lists_in_full_is_an_error() {
    let role = "'arn:aws:iam::111111111111:role/x'";
    in_template(
        &action_resource_mismatch::RULE,
        "",
        &[
            (&allow("'iam:DeleteUser'", role), &["Error"]),
            // It takes no resource as far as is known.
            (&allow("'iam:ListRoles'", role), &["Warning"]),
            // Of its own service, though what it works on is of another.
            (
                &allow(
                    "'ce:GetCostAndUsage'",
                    "'arn:aws:ce::111111111111:anomalymonitor/x'",
                ),
                &["Warning"],
            ),
            (&allow("'ce:GetCostAndUsage'", role), &["Error"]),
        ],
    );
}

#[test]
fn types_by_their_names() {
    in_template(
        &action_resource_mismatch::RULE,
        "",
        &[
            (
                &allow("'kinesis:TagResource'", QUEUE),
                &["it doesn't apply to queues. …stream/StreamName`)"],
            ),
            (
                &allow("'events:CreateEventBus'", QUEUE),
                &["the type `event-busv2`"],
            ),
            // The pools are of all regions, the instance is of one.
            (
                &allow(
                    "'ec2:CreateVpc'",
                    "'arn:aws:ec2:eu-west-1:111111111111:instance/x'",
                ),
                &[
                    "it doesn't apply to instances. …It applies to VPCs (`arn:aws:ec2:Region:Account:vpc/VpcId`) and the type `ipv6pool-ec2` \
(`arn:aws:ec2:Region:Account:ipv6pool-ec2/Ipv6PoolEc2Id`).",
                ],
            ),
        ],
    );
}

#[test]
fn buckets_of_other_services_are_not_named() {
    let objects = "'arn:aws:s3:::b/*'";
    in_template(
        &action_resource_mismatch::RULE,
        "",
        &[
            (
                &allow("'s3:ListBucket'", objects),
                &["[Change to the bucket itself"],
            ),
            (&allow("'s3-outposts:ListBucket'", objects), &["[no fix]"]),
            // What a function takes apart isn't changed.
            (
                &allow(
                    "'s3:ListBucket'",
                    "!Select [0, !Split [',', 'arn:aws:s3:::b/*,x']]",
                ),
                &["[no fix]"],
            ),
        ],
    );
    // A list without anything in it is no object.
    let more = "locals {\n  none = []\n}\n";
    let of = |resources: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"p\" {{\n  statement {{\n    actions   = [\"s3:ListBucket\"]\n    resources = {resources}\n  }}\n}}\n{more}"
        )
    };
    rows(
        &action_resource_mismatch::RULE,
        "",
        &[
            (
                &of("[\"arn:aws:s3:::b/*\"]"),
                &["[Change to the bucket itself"],
            ),
            (
                &of("concat([\"arn:aws:s3:::b/*\"], local.none)"),
                &["[Change to the bucket itself"],
            ),
        ],
    );
}

#[test]
fn principals_by_names_and_addresses() {
    let digits = "AWS: 'arn:aws:iam::1234:role/x'";
    rows(
        &invalid_arn::RULE,
        "",
        &[
            // A name is no ARN.
            (
                &trust("AWS: !Ref App"),
                &["This is the name of `App`, not its ARN: AWS rejects the policy."],
            ),
            // What else it is, another rule tells.
            (&trust("AWS: lambda.amazonaws.com"), &[]),
            (
                &trust("AWS: lambda"),
                &["isn't an ARN, a 12-digit account ID or"],
            ),
            (
                &trust(digits),
                &["<1234> The account ID has 4 digits, not 12"],
            ),
            (
                &trust("AWS: '1234'"),
                &["<1234> The account ID has 4 digits, not 12"],
            ),
            (
                &trust("Federated: 'arn:asw:iam::111111111111:oidc-provider/https://gitlab.com'"),
                &["<asw>", "<https://>"],
            ),
        ],
    );
}

#[test]
fn what_a_mended_arn_is_said_to_allow() {
    let of =
        |resource: &str| format!("{{Effect: Allow, Action: 'sns:Publish', Resource: {resource}}}");
    statements(
        &invalid_arn::RULE,
        "",
        &[
            (
                &of("'arn:asw:sns:eu-west-1:111111111111:t'"),
                &["[Replace with aws Unsafe Some([\"sns:Publish on "],
            ),
            // It still matches nothing.
            (
                &of("'arn:asw:sns:eu-west-1:1234:t'"),
                &["<asw> …[Replace with aws Unsafe Some([])]", "<1234>"],
            ),
            // It may.
            (
                &of("'arn:asw:sns:eu-wset-1:111111111111:t'"),
                &[
                    "<asw> …[Replace with aws Unsafe Some([\"sns:Publish on ",
                    "Warning <eu-wset-1>",
                ],
            ),
        ],
    );
}

#[test]
fn what_is_the_apps_own() {
    let config = "[app]\nprefix = 'shop'\n[accounts]\ndev = '111111111111'\nprod = '222222222222'\n\
        tools = { id = '444444444444', deploys = false }\n[[templates]]\npath = '**'\naccounts = ['dev']\n";
    let of = |action: &str, arn: &str| {
        format!("{{Effect: Allow, Action: '{action}', Resource: '{arn}'}}")
    };
    let queue = |account: &str| {
        of(
            "sqs:SendMessage",
            &format!("arn:aws:sqs:eu-west-1:{account}:other"),
        )
    };
    in_template(
        &resource_outside_prefix::RULE,
        config,
        &[
            (&queue("111111111111"), &["<other>"]),
            // The app is in this account as well, though not by this file.
            (&queue("222222222222"), &["<other>"]),
            (&queue("444444444444"), &[]),
            // A role of the file, and a user that only is called so.
            (
                &of("iam:GetRole", "arn:aws:iam::111111111111:role/app"),
                &[],
            ),
            (
                &of("iam:GetUser", "arn:aws:iam::111111111111:user/app"),
                &["<app>"],
            ),
        ],
    );
}

#[test]
fn an_account_is_told_of_once_for_a_place() {
    let config =
        "[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1', 'us-east-1']\n";
    let of =
        |resource: &str| format!("{{Effect: Allow, Action: 'sns:Publish', Resource: {resource}}}");
    let chosen = |one: &str, other: &str| {
        of(&format!(
            "!Sub ['arn:aws:sns:eu-west-1:${{Of}}:a', {{Of: !If [Eu, '{one}', '{other}']}}]"
        ))
    };
    let (nine, eight) = ("999999999999", "888888888888");
    in_template(
        &unknown_account::RULE,
        config,
        &[
            // In each region the same.
            (
                &of("!Sub 'arn:aws:sns:${AWS::Region}:999999999999:a'"),
                &["<999999999999>"],
            ),
            (&chosen(nine, nine), &["account 999999999999"]),
            (
                &chosen(nine, eight),
                &["account 999999999999", "account 888888888888"],
            ),
            (&chosen("111111111111", nine), &["account 999999999999"]),
        ],
    );
}

#[test]
fn services_that_somebody_is_to_fill_in() {
    rows(
        &unknown_principal::RULE,
        "",
        &[
            (
                &trust("Service: shop.amazonaws.com"),
                &["<shop.amazonaws.com>"],
            ),
            (&trust("Service: '<service>.amazonaws.com'"), &[]),
            (&trust("Service: '@service@.amazonaws.com'"), &[]),
            (&trust("Service: !Sub '${Service}.shop.com'"), &[]),
            (&trust("CanonicalUser: '<id>'"), &[]),
        ],
    );
}
