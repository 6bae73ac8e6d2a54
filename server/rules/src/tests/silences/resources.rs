use super::*;
use crate::resources::{
    action_resource_mismatch, invalid_arn, principal_not_deployed, resource_outside_prefix,
    role_does_not_trust, unknown_account, unknown_principal,
};
use crate::tests::roles::{assume, both, caller, trusting};

const QUEUE: &str = "arn:aws:sqs:eu-west-1:111111111111:x";

/// A statement with these actions and resources.
fn allow(actions: &str, resources: &str) -> String {
    let resources = resources.replace("QUEUE", QUEUE);
    format!("{{Effect: Allow, Action: [{actions}], Resource: [{resources}]}}")
}

#[track_caller]
fn mismatches(of: &[(&str, &str, &[&str])]) {
    let texts: Vec<String> = of
        .iter()
        .map(|(actions, resources, _)| allow(actions, resources))
        .collect();
    let of: Vec<Row<'_>> = texts
        .iter()
        .zip(of)
        .map(|(text, (.., wanted))| (text.as_str(), *wanted))
        .collect();
    in_template(&action_resource_mismatch::RULE, "", &of);
}

#[test]
fn a_resource_that_nothing_uses() {
    mismatches(&[
        ("s3:GetObject", "'arn:aws:s3:::b/*', QUEUE", &["no effect"]),
        // All fit on `*`, and what is no ARN is told by another rule.
        ("s3:GetObject", "'*', QUEUE", &[]),
        ("s3:GetObject", "'arn:aws:s3:::b/*', nothing, QUEUE", &[]),
        // Which resources these take isn't known.
        (
            "s3:GetObject, 'apigateway:GET'",
            "'arn:aws:s3:::b/*', QUEUE",
            &[],
        ),
        ("s3:GetObject, 'x:y'", "'arn:aws:s3:::b/*', QUEUE", &[]),
        ("s3:GetObject, !Ref More", "'arn:aws:s3:::b/*', QUEUE", &[]),
        // What is told of an action isn't told of the resource again.
        (
            "s3:GetObject, 'sns:Publish'",
            "'arn:aws:s3:::b/*', QUEUE",
            &["<sns:Publish>"],
        ),
        // Resources of a service whose list may be short.
        (
            "s3:GetObject",
            "'arn:aws:s3:::b/*', 'arn:aws:ec2:eu-west-1:111111111111:instance/*'",
            &[],
        ),
    ]);
}

#[test]
fn kinds_of_policies_whose_resources_are_compared() {
    let unfit =
        "Statement: {Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: 'QUEUE'}\n";
    let unfit = unfit.replace("QUEUE", QUEUE);
    let endpoint = format!(
        "Resources:\n  Endpoint:\n    Type: AWS::EC2::VPCEndpoint\n    Properties:\n      PolicyDocument: {{{}}}\n",
        unfit.trim_end()
    );
    let bucket = endpoint.replace("EC2::VPCEndpoint", "S3::BucketPolicy");
    rows(
        &action_resource_mismatch::RULE,
        "",
        &[(&endpoint, &[]), (&bucket, &["<s3:GetObject>"])],
    );
    // More resources than can be seen.
    let more = "data \"aws_iam_policy_document\" \"p\" {\n  statement {\n    actions   = [\"s3:ListBucket\"]\n    \
                resources = concat([\"arn:aws:s3:::b/*\"], split(\",\", var.more))\n  }\n}\n";
    let seen = more.replace(", split(\",\", var.more)", "");
    rows(
        &action_resource_mismatch::RULE,
        "",
        &[(more, &[]), (&seen, &["<s3:ListBucket>"])],
    );
}

#[test]
fn words_for_types() {
    mismatches(&[
        // The two prefixes of one service, and one of them where another service's action stands.
        (
            "codeconnections:UseConnection",
            "'arn:aws:codestar-connections:eu-west-1:111111111111:connection/x'",
            &["prefix"],
        ),
        (
            "s3:GetObject",
            "'arn:aws:codestar-connections:eu-west-1:111111111111:connection/x'",
            &["It applies to objects"],
        ),
        // Only what looks like the resource is named.
        (
            "s3:ListBucket",
            "QUEUE",
            &[
                "it doesn't apply to queues. …It applies to buckets (`arn:aws:s3:::BucketName`) and access points (`…`)",
            ],
        ),
        (
            "ec2:RunInstances",
            "'arn:aws:ec2:eu-west-1:111111111111:vpc/x'",
            &[
                "instances (`arn:aws:ec2:Region:Account:instance/InstanceId`), network interfaces (`",
            ],
        ),
        (
            "glue:GetTable",
            "QUEUE",
            &["it doesn't apply to queues.… and 1 more type. "],
        ),
        ("iam:GetPolicy", "QUEUE", &["It applies to policies (`"]),
        // One type for all, or none.
        (
            "sns:Publish",
            "'arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'",
            &["it doesn't apply to objects."],
        ),
        (
            "sns:Publish",
            "'arn:aws:s3:::a/*', QUEUE",
            &[
                "it applies to none of the statement's resources.…TopicName`). List such resources, or remove the action.",
            ],
        ),
    ]);
}

/// The ARN of a log group has an end that stands for its streams; nothing else has it.
#[test]
fn only_arns_of_log_groups_take_in_streams() {
    let groups = "\
  Logs: {Type: AWS::Logs::LogGroup}
  Topic: {Type: AWS::SNS::Topic}
";
    let of = |action: &str, resource: &str| {
        let statement = format!("{{Effect: Allow, Action: {action}, Resource: {resource}}}");
        template(groups, &statement)
    };
    let (stream, arn) = (
        of("logs:PutLogEvents", "!GetAtt Logs.Arn"),
        of("sqs:SendMessage", "!GetAtt Queue.Arn"),
    );
    let (topic, name) = (
        of("sns:Publish", "!Ref Topic"),
        of("sns:Publish", "!GetAtt Topic.TopicArn"),
    );
    let (bucket, written) = (
        of("s3:ListBucket", "!GetAtt Bucket.Arn"),
        of(
            "logs:PutLogEvents",
            "'arn:aws:logs:eu-west-1:111111111111:log-group:x'",
        ),
    );
    rows(
        &action_resource_mismatch::RULE,
        "",
        &[
            (&stream, &[]),
            (&arn, &[]),
            (&topic, &[]),
            (&name, &[]),
            (&bucket, &[]),
            (&written, &[]),
        ],
    );
}

#[test]
fn how_sure_it_is() {
    mismatches(&[
        ("s3:ListBucket", "'arn:aws:s3:::b/*'", &["Error"]),
        (
            "kms:Decrypt",
            "'arn:aws:kms:eu-west-1:111111111111:alias/x'",
            &["Error"],
        ),
        // Both of a service whose list may be short.
        (
            "ecs:RunTask",
            "'arn:aws:ecs:eu-west-1:111111111111:cluster/x'",
            &["Warning"],
        ),
        ("ecs:RunTask", "QUEUE", &["Error"]),
        (
            "s3:GetObject",
            "'arn:aws:ec2:eu-west-1:111111111111:no-such-kind/x'",
            &["Error"],
        ),
    ]);
}

#[test]
fn buckets_that_are_named_by_their_objects() {
    let only = "[Change to the bucket itself";
    let beside = "[Add the bucket next to its objects";
    mismatches(&[
        ("s3:ListBucket", "'arn:aws:s3:::b/*'", &[only]),
        (
            "s3:ListBucket, s3:GetObject",
            "'arn:aws:s3:::b/*'",
            &[beside],
        ),
        (
            "s3:ListBucket, s3:GetObject",
            "!Join ['', [!GetAtt Bucket.Arn, '/*']]",
            &[beside],
        ),
        (
            "s3:ListBucket",
            "!Join ['', [!GetAtt Bucket.Arn, '/*']]",
            &[only],
        ),
        // Others are left as they are.
        ("s3:ListBucket", "'arn:aws:s3:::b/*', QUEUE", &[only]),
        (
            "s3:ListBucket",
            "'arn:aws:s3:::b/*', 'arn:aws:s3:::c/d'",
            &[only],
        ),
        // No action on buckets.
        ("'sqs:SendMessage'", "'arn:aws:s3:::b/*'", &["[no fix]"]),
        (
            "'s3:PutAccessPointPolicy'",
            "'arn:aws:s3:::b/*'",
            &["[no fix]"],
        ),
        (
            "'lightsail:DeleteBucket'",
            "'arn:aws:s3:::b/*'",
            &["[no fix]"],
        ),
        // No objects of a whole bucket.
        ("s3:ListBucket", "QUEUE", &["[no fix]"]),
        ("s3:ListBucket", "'arn:aws:s3:::b/c/*'", &["[no fix]"]),
        ("s3:ListBucket", "'arn:aws:s3:::/*'", &["[no fix]"]),
        (
            "s3:ListBucket",
            "'arn:aws:iam::111111111111:role/*'",
            &["[no fix]"],
        ),
        (
            "s3:DeleteBucket",
            "'arn:aws:s3:eu-west-1:111111111111:accesspoint/*'",
            &["[no fix]"],
        ),
        // What can't be written without guessing.
        (
            "s3:ListBucket",
            "!Join ['', ['arn:aws:s3:::b/', '*']]",
            &["[no fix]"],
        ),
        (
            "s3:ListBucket, s3:GetObject",
            "!Join ['', ['arn:aws:s3:::b/', '*']]",
            &["[no fix]"],
        ),
        (
            "s3:ListBucket, s3:GetObject",
            "!Join ['', ['arn:aws:s3:::', b, '/*']]",
            &["[no fix]"],
        ),
        (
            "s3:ListBucket, s3:GetObject",
            "!Sub ['arn:aws:s3:::${B}/*', {B: b}]",
            &["[no fix]"],
        ),
        (
            "s3:ListBucket, s3:GetObject",
            "!Select [0, ['arn:aws:s3:::b/*', '/*']]",
            &["[no fix]"],
        ),
    ]);
    let text = template(
        "",
        "{Effect: Allow, Action: [s3:ListBucket, s3:GetObject], Resource: !Join ['', [!GetAtt Bucket.Arn, '/*']]}",
    );
    let mended = fixed_text(&action_resource_mismatch::RULE, &text, "");
    assert!(
        mended.contains("Resource: [!Join ['', [!GetAtt Bucket.Arn, '/*']], !GetAtt Bucket.Arn]"),
        "{mended}"
    );
}

#[test]
fn words_for_arns() {
    let denies = "this denies nothing. Did you mean `aws`?";
    let row = |effect: &str, resource: &str| {
        format!("{{Effect: {effect}, Action: 's3:GetBucketPolicy', Resource: {resource}}}")
    };
    let wanted: [(&str, &str, &[&str]); 16] = [
        (
            "Allow",
            "'arn:asw:s3:::b'",
            &["Error <asw> …: this matches nothing. Did you mean `aws`? [Replace with aws Unsafe"],
        ),
        ("Deny", "'arn:asw:s3:::b'", &[denies]),
        (
            "Allow",
            "bucket",
            &[
                "This isn't an ARN, …: AWS rejects the policy. Write a full ARN, `arn:aws:service:region:account:resource`. [no fix]",
            ],
        ),
        (
            "Deny",
            "bucket",
            &["This isn't an ARN, …: AWS rejects the policy."],
        ),
        (
            "Allow",
            "'arn:aws:s3'",
            &["ARN has six segments…this has 3: AWS rejects the policy. Write a full ARN"],
        ),
        (
            "Allow",
            "'arn:aws:sns:eu-west-1:1234:t'",
            &["Write the account's 12 digits. [no fix]"],
        ),
        ("Allow", "'arn:aws:sns:eu-west-1:mine:t'", &[]),
        (
            "Allow",
            "'arn:aws:s3:eu-west-1::b'",
            &["<eu-west-1> …Leave the region empty. [Leave the region empty Unsafe"],
        ),
        (
            "Allow",
            "'arn:aws:s3::111111111111:b'",
            &["<111111111111> …Leave the account empty. [Leave the account empty Unsafe"],
        ),
        (
            "Allow",
            "'arn:aws:sns::111111111111:t'",
            &["Write the region, or `*`. [no fix]"],
        ),
        (
            "Allow",
            "'arn:aws:sns:eu-west-1::t'",
            &["Write the account, or `*`. [no fix]"],
        ),
        // Only probably wrong.
        (
            "Allow",
            "'arn:aws:sns:eu-wset-1:111111111111:t'",
            &["Warning <eu-wset-1> …probably matches nothing. Did you mean `eu-west-1`? [Replace"],
        ),
        // Another fault is left, so that nothing is allowed yet.
        (
            "Allow",
            "'arn:asw:sns:eu-west-1:1234:t'",
            &["<asw> …[Replace with aws Unsafe Some([])]", "<1234>"],
        ),
        ("Allow", "'execute-api:prod/GET'", &["isn't an ARN"]),
        (
            "Allow",
            "!Join [':', [arn, asw, s3, '', '', b]]",
            &["<asw> …[Replace with aws"],
        ),
        (
            "Allow",
            "!Join ['', ['arn:a', 'sw:s3:::b/*']]",
            &["[no fix]"],
        ),
    ];
    let texts: Vec<String> = wanted
        .iter()
        .map(|(effect, resource, _)| row(effect, resource))
        .collect();
    let of: Vec<Row<'_>> = texts
        .iter()
        .zip(&wanted)
        .map(|(text, (.., wanted))| (text.as_str(), *wanted))
        .collect();
    in_template(&invalid_arn::RULE, "", &of);
}

#[test]
fn arns_that_a_name_stands_for() {
    in_template(
        &invalid_arn::RULE,
        "",
        &[
            (
                "{Effect: Allow, Action: 'sqs:SendMessage', Resource: !Ref Queue}",
                &[
                    "This resolves to `https://sqs.…/${Queue}`, which isn't an ARN…Use its ARN: `Queue.Arn`. [Use its ARN Unsafe",
                ],
            ),
            (
                "{Effect: Allow, Action: 'sqs:SendMessage', Resource: queue}",
                &["This isn't an ARN, …Write a full ARN"],
            ),
        ],
    );
    // What has three parts and is no resource has no ARN beside it.
    let of = |reference: &str| {
        format!(
            "resource \"aws_s3_bucket\" \"files\" {{}}\ndata \"aws_s3_bucket\" \"read\" {{\n  bucket = \"shop\"\n}}\n\
             variable \"topic\" {{\n  default = {{ name = \"shop\" }}\n}}\nlocals {{\n  files = {{ name = \"shop\" }}\n}}\n\
             data \"aws_iam_policy_document\" \"p\" {{\n  statement {{\n    actions   = [\"s3:ListBucket\"]\n    resources = [{reference}]\n  }}\n}}\n"
        )
    };
    let wanted = "which isn't an ARN";
    rows(
        &invalid_arn::RULE,
        "",
        &[
            (
                &of("data.aws_s3_bucket.read.id"),
                &["Use its ARN: `data.aws_s3_bucket.read.arn`."],
            ),
            (&of("local.files.name"), &[wanted]),
            (&of("\"${local.files.name}\""), &[wanted]),
            // The provider hands every `&{…}` on as IAM's, also one of a service that the catalog doesn't know yet.
            (&of("\"&{newsvc:Topic}\""), &[]),
            (
                &of("\"arn:aws:sqs:&{newsvc:Region}:111111111111:shop\""),
                &[],
            ),
        ],
    );
    let module = "resource \"aws_s3_bucket\" \"files\" {}\ndata \"aws_iam_policy_document\" \"p\" {\n  statement {\n    \
                  actions   = [\"s3:ListBucket\"]\n    resources = [aws_s3_bucket.files.id]\n  }\n}\n";
    rows(
        &invalid_arn::RULE,
        "",
        &[(
            module,
            &["Use its ARN: `aws_s3_bucket.files.arn`. [Use its ARN Unsafe"],
        )],
    );
}

#[test]
fn arns_in_conditions_and_principals() {
    statements(
        &invalid_arn::RULE,
        "",
        &[
            (
                "{Effect: Allow, Action: '*', Resource: '*', Condition: {StringEquals: {'aws:SourceArn': 'arn:asw:s3:::b'}}}",
                &["Error <asw> …: no request matches this."],
            ),
            (
                "{Effect: Allow, Action: '*', Resource: '*', Condition: {ArnLike: {'aws:SourceArn': ['ARN:asw:s3:::b', bucket, 'arn:aws:sns:eu-wset-1:111111111111:t']}}}",
                &["no request matches this."],
            ),
            (
                "{Effect: Allow, Action: '*', Resource: '*', Condition: {NumericEquals: {'aws:SourceArn': 'arn:asw:s3:::b'}}}",
                &[],
            ),
            (
                "{Effect: Allow, Action: '*', Resource: '*', Condition: {StringEquals: {'aws:RequestTag/a': 'arn:asw:s3:::b'}}}",
                &[],
            ),
            (
                "{Effect: Allow, Principal: {AWS: ['arn:asw:iam::111111111111:root', 'arn:aws:iam:::role/x', nobody]}, Action: '*', Resource: '*'}",
                &[
                    "<asw> …: AWS rejects the policy.",
                    "<arn:aws:iam:::role/x> The account is missing in this ARN, between the last two colons: AWS rejects the policy. Write the account's 12 digits.",
                    "<nobody> This isn't an ARN, a 12-digit account ID",
                ],
            ),
            (
                "{Effect: Allow, Principal: {AWS: ['arn:aws:iam:eu-wset-1:111111111111:role/x', 'arn:aws:iam::1234:role/x']}, Action: '*', Resource: '*'}",
                &[
                    "<eu-wset-1>",
                    "<1234> The account ID has 4 digits, not 12: AWS rejects the policy. Write the account's 12 digits.",
                ],
            ),
            (
                "{Effect: Allow, Principal: {Federated: ['arn:aws:iam::111111111111:oidc-provider/http://a.example', 'arn:aws:cognito-identity:eu-wset-1:111111111111:x']}, Action: '*', Resource: '*'}",
                &["<http://> …Remove it. [Remove the scheme"],
            ),
        ],
    );
    let queue = "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      \
                 AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement: {Effect: Allow, Principal: {AWS: !Ref \
                 Queue}, Action: 'sts:AssumeRole'}\n";
    // API Gateway's own policies may leave all but the end of an ARN out.
    let api = "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Policy: {Statement: [{Effect: Allow, Principal: \
               '*', Action: 'execute-api:Invoke', Resource: 'execute-api:prod/GET'}]}\n";
    rows(&invalid_arn::RULE, "", &[(queue, &[]), (api, &[])]);
}

const ACCOUNTS: &str = "[accounts]\ndev = '111111111111'\nprod = '222222222222'\n";

#[test]
fn principals_of_the_same_name() {
    let trusting = |principal: &str, beside: &str| {
        format!(
            "Resources:\n{beside}  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        \
             Version: '2012-10-17'\n        Statement: {{Effect: Allow, Principal: {{AWS: {principal}}}, Action: 'sts:AssumeRole'}}\n"
        )
    };
    let named = "'arn:aws:iam::111111111111:role/deployer'";
    let role = "  Deployer: {Type: AWS::IAM::Role, Properties: {RoleName: deployer, Path: /ci/}}\n";
    let user = "  Deployer: {Type: AWS::IAM::User, Properties: {UserName: deployer, Path: /ci/}}\n";
    let far = "  Deployer: {Type: AWS::IAM::Role, Properties: {RoleName: deployer-us-east-1, Path: /ci/}}\n";
    let regions = format!("{ACCOUNTS}[deploy]\nregions = ['eu-west-1', 'us-east-1']\n");
    rows(
        &principal_not_deployed::RULE,
        ACCOUNTS,
        &[
            (
                &trusting(named, role),
                &["isn't an ARN that the workspace deploys"],
            ),
            (&trusting(named, user), &[]),
            (&trusting(named, ""), &[]),
        ],
    );
    rows(
        &principal_not_deployed::RULE,
        &regions,
        &[(
            &trusting(
                "!Sub 'arn:aws:iam::111111111111:role/deployer-${AWS::Region}'",
                far,
            ),
            &["`arn:aws:iam::111111111111:role/deployer-us-east-1` isn't"],
        )],
    );
}

#[test]
fn names_outside_the_prefix() {
    let rule = &resource_outside_prefix::RULE;
    let app = "[app]\nprefix = 'shop'\n";
    let of = |resource: &str| format!("{{Effect: Allow, Action: '*', Resource: {resource}}}");
    let (other, strange, aws, own, accounts) = (
        of("'arn:aws:sqs:eu-west-1:111111111111:other'"),
        of("'arn:aws:sqs:eu-west-1:999999999999:other'"),
        of("'arn:aws:iam::aws:policy/other'"),
        of("!Sub 'arn:aws:dynamodb:eu-west-1:111111111111:table/other-${Queue}'"),
        of("!Sub 'arn:aws:sqs:eu-west-1:${AWS::AccountId}:other-${AWS::AccountId}'"),
    );
    in_template(
        rule,
        &format!("{app}{ACCOUNTS}"),
        &[
            (&other, &["`other`"]),
            (&strange, &[]),
            (&aws, &[]),
            (&own, &[]),
            (&accounts, &["`other-111111111111`"]),
        ],
    );
    in_template(rule, app, &[(&strange, &["`other`"]), (&aws, &[])]);
    let bucket = "Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: b\n      PolicyDocument: \
                  {Statement: {Effect: Allow, Principal: '*', Action: '*', Resource: 'arn:aws:s3:::other/*'}}\n";
    rows(rule, app, &[(bucket, &[])]);
}

#[test]
fn accounts_that_are_known() {
    let rule = &unknown_account::RULE;
    let regions = format!("{ACCOUNTS}[deploy]\nregions = ['eu-west-1']\n");
    in_template(
        rule,
        &regions,
        &[
            // Once for all environments.
            (
                "{Effect: Allow, Action: '*', Resource: !Sub 'arn:aws:sqs:${AWS::Region}:999999999999:${AWS::AccountId}'}",
                &["<999999999999>"],
            ),
            (
                "{Effect: Allow, Action: '*', Resource: 'arn:aws:lambda:eu-west-1:999999999999:layer:x'}",
                &[],
            ),
            (
                "{Effect: Allow, Action: '*', Resource: 'arn:aws:sns:eu-west-1:999999999999:layer:x'}",
                &["<999999999999>"],
            ),
        ],
    );
    let bucket = |principal: &str, resource: &str| {
        format!(
            "Mappings:\n  Balancers: {{eu-west-1: {{Account: '999999999999'}}}}\nResources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    \
             Properties:\n      Bucket: b\n      PolicyDocument:\n        Statement: {{Effect: Allow, Principal: {{AWS: {principal}}}, \
             Action: 's3:PutObject', Resource: {resource}}}\n"
        )
    };
    let (table, logs) = (
        "!FindInMap [Balancers, !Ref 'AWS::Region', Account]",
        "'arn:aws:s3:::b/AWSLogs/*'",
    );
    let text = "!Sub ['arn:aws:iam::${Id}:root', {Id: !FindInMap [Balancers, !Ref 'AWS::Region', Account]}]";
    rows(
        rule,
        &regions,
        &[
            (
                &bucket("'999999999999'", "'arn:aws:s3:::b/*'"),
                &["<999999999999>"],
            ),
            (
                &bucket("'999999999999'", &format!("['arn:aws:s3:::b/*', {logs}]")),
                &["<999999999999>"],
            ),
            (&bucket("'999999999999'", logs), &[]),
            (&bucket(table, "'arn:aws:s3:::b/*'"), &[]),
            (&bucket(text, "'arn:aws:s3:::b/*'"), &[]),
        ],
    );
}

#[test]
fn roles_that_trust_nobody_of_the_file() {
    let rule = &role_does_not_trust::RULE;
    let of = |principal: &str, policy: &str| {
        format!(
            "{}  One: {{Type: AWS::IAM::Role, Properties: {{RoleName: one}}}}
  Two: {{Type: AWS::IAM::Role, Properties: {{RoleName: two}}}}
  Group: {{Type: AWS::IAM::Group, Properties: {{GroupName: all}}}}
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      {policy}
",
            trusting(principal)
        )
    };
    let document = |effect: &str, action: &str| {
        format!(
            "PolicyDocument: {{Version: '2012-10-17', Statement: {{Effect: {effect}, Action: '{action}', Resource: \
             'arn:aws:iam::111111111111:role/target'}}}}"
        )
    };
    let assume = document("Allow", "sts:AssumeRole");
    let held = |holders: &str| format!("{holders}\n      {assume}");
    let (service, one) = (
        "{Service: ecs-tasks.amazonaws.com}",
        "{AWS: 'arn:aws:iam::111111111111:role/one'}",
    );
    let nobody = "{AWS: 'arn:aws:iam::333333333333:root'}";
    let dev = "[accounts]\ndev = '111111111111'\n";
    let both = held("Roles: [!Ref One, !Ref Two]");
    let bounded = format!(
        "{assume}\n  Three: {{Type: AWS::IAM::Role, Properties: {{PermissionsBoundary: !Ref Policy}}}}"
    );
    let other = document("Deny", "sts:AssumeRole");
    rows(
        rule,
        dev,
        &[
            (&of(nobody, &both), &["allows neither"]),
            (&of(one, &both), &[]),
            (
                &of("{AWS: 'arn:aws:iam::111111111111:role/two'}", &both),
                &[],
            ),
            (
                &of(service, &held("Roles: [!Ref One]")),
                &["Allow `arn:${AWS::Partition}:iam::111111111111:role/one` in"],
            ),
            // Whoever is in the group, or has a role of that name elsewhere: no services.
            (
                &of(service, &held("Groups: [!Ref Group]")),
                &["Allow the caller in"],
            ),
            (
                &of(service, &held("Roles: [elsewhere]")),
                &["Allow the caller in"],
            ),
            (&of(service, &bounded), &[]),
            (
                &of(service, &format!("Roles: [!Ref One]\n      {other}")),
                &[],
            ),
            (
                &of(
                    service,
                    &format!("Roles: [!Ref One]\n      {}", document("Allow", "sts:*")),
                ),
                &[],
            ),
            (
                &of(
                    service,
                    &format!(
                        "Roles: [!Ref One]\n      {}",
                        document("Allow", "sts:AssumeRoleWithSAML")
                    ),
                ),
                &[],
            ),
        ],
    );
    // Refused in each environment, once.
    rows(rule, ACCOUNTS, &[(&of(nobody, &both), &["allows neither"])]);
}

#[test]
fn roles_that_the_caller_is_denied() {
    let target = trusting("{Service: ecs-tasks.amazonaws.com}");
    let of = |denied: &str| {
        let allow = assume("'arn:aws:iam::111111111111:role/target'");
        let deny = assume(&format!("'arn:aws:iam::111111111111:role/{denied}'"));
        let statements = format!("{allow}, {}", deny.replace("Allow", "Deny"));
        both(&target, &caller("", &statements))
    };
    rows(
        &role_does_not_trust::RULE,
        "[accounts]\ndev = '111111111111'\n",
        &[
            (
                &of("other"),
                &["allows neither `Caller` nor its account to assume it"],
            ),
            (&of("target"), &[]),
        ],
    );
}

#[test]
fn principals_and_what_to_write() {
    let id = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";
    let of = |principal: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: b\n      PolicyDocument:\n        \
             Statement: {{Effect: Allow, Principal: {principal}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*'}}\n"
        )
    };
    rows(
        &unknown_principal::RULE,
        "",
        &[
            (&of("'*'"), &[]),
            (
                &of("''"),
                &["The principal is empty: AWS rejects the policy.…Name the intended principal."],
            ),
            (&of("{Service: !Sub '${Service}.example'}"), &[]),
            // The second one would be there twice.
            (
                &of(
                    "{Service: [lamda.amazonaws.com, lamda.amazonaws.com, dynamodbb.amazonaws.com]}",
                ),
                &[
                    "<lamda.…[Replace with lambda",
                    "<lamda.…[no fix]",
                    "<dynamodbb.…[Replace with dynamodb",
                ],
            ),
            (&of("{Service: '<service>'}"), &[]),
            (&of("{AWS: 'arn:aws:iam::#account#:role/x*'}"), &[]),
            (&of("'arn:aws:iam::*:root'"), &[]),
            (&of("!Ref Who"), &[]),
            (
                &of("'111111111111'"),
                &[
                    "can't be a string other than `*`…Write `{AWS: 111111111111}`. [Put it under AWS",
                ],
            ),
            (
                &of("ec2.amazonaws.com"),
                &["Write `{Service: ec2.amazonaws.com}`."],
            ),
            (
                &of("{Service: '*'}"),
                &["`Service` doesn't support `*`…Name the intended principal."],
            ),
            (
                &of("{AWS: ec2.amazonaws.com}"),
                &["is a service, which…Move it under `Service`."],
            ),
            (
                &of(&format!("{{AWS: '{id}'}}")),
                &[
                    "is a canonical user ID, which isn't supported under `AWS`…Move it under `CanonicalUser`.",
                ],
            ),
            (
                &of("{CanonicalUser: nobody}"),
                &[
                    "This isn't a canonical user ID of 64 hexadecimal digits…Name the intended principal.",
                ],
            ),
            (
                &of("{AWS: 'arn:aws:s3:::b'}"),
                &["can't be a principal…Name an account, a role, a user or a session."],
            ),
            (
                &of("{Federated: 'https://a.example/'}"),
                &["oidc-provider/a.example`."],
            ),
            (
                &of("{AWS: 'arn:aws:iam::111111111111:role/x*'}"),
                &["principal can contain is…Name the account, and narrow it with a condition"],
            ),
        ],
    );
}
