use super::RULE;
use crate::Safety;
use crate::tests::bulk::of_safety;
use crate::tests::fixture::{Fixture, check, mend};
use leastwise_model::Level;

#[test]
fn marks_the_action() {
    let block = "\
Resources:
  Bucket:
    Type: AWS::S3::Bucket
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [s3:GetObject, s3:List*, 'sqs:SendMessage']
                                                  ^^^^^^^^^^^^^^^
                Resource: [!Sub '${Bucket.Arn}/*', !GetAtt Bucket.Arn]
";
    let messages = check(&RULE, block, "");
    assert!(
        messages[0].contains("queues (`arn:aws:sqs:Region:Account:QueueName`)"),
        "{messages:?}"
    );
    let none = "Statement: {Effect: Allow, Action: s3:ListAllMyBuckets, Resource: 'arn:aws:s3:::b'}\n                                   ^^^^^^^^^^^^^^^^^^^\n";
    assert!(check(&RULE, none, "").concat().contains("can't be limited"));
    let json = r#"{"Statement": {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b/*"}}
                                             ^^^^^^^^^^^^^
"#;
    let messages = check(&RULE, json, "");
    assert!(
        messages[0].starts_with(
            "`s3:ListBucket` works on buckets (`arn:aws:s3:::BucketName`), not on objects:"
        ),
        "{messages:?}"
    );
}

#[test]
fn generated_names_are_names() {
    let text = "\
Resources:
  Bucket:
    Type: AWS::S3::Bucket
  Named:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub 'files-${AWS::AccountId}-${Stage}'
  Table:
    Type: AWS::DynamoDB::Table
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [s3:GetObject]
                         ^^^^^^^^^^^^
                Resource: [!GetAtt Bucket.Arn, !GetAtt Named.Arn, !Sub 'arn:aws:s3:::logs-${AWS::Region}']
              - Effect: Allow
                Action: [dynamodb:GetRecords, dynamodb:ListTables, dynamodb:ListStreams]
                                              ^^^^^^^^^^^^^^^^^^^
                Resource: !GetAtt Table.StreamArn
              - Effect: Allow
                Action: dynamodb:GetRecords
                        ^^^^^^^^^^^^^^^^^^^
                Resource: !GetAtt Table.Arn
              # A parameter may hold a path.
              - {Effect: Allow, Action: s3:GetObject, Resource: !Sub 'arn:aws:s3:::${Place}'}
";
    check(&RULE, text, "");
    let module = "\
resource \"aws_s3_bucket\" \"files\" {}
resource \"aws_dynamodb_table\" \"orders\" {}
data \"aws_iam_policy_document\" \"reads\" {
  statement {
    actions   = [\"s3:GetObject\"]
                  ^^^^^^^^^^^^
    resources = [aws_s3_bucket.files.arn]
  }
  statement {
    actions   = [\"dynamodb:GetRecords\", \"dynamodb:ListTables\", \"dynamodb:ListStreams\"]
                                         ^^^^^^^^^^^^^^^^^^^
    resources = [aws_dynamodb_table.orders.stream_arn]
  }
  statement {
    actions   = [\"s3:GetObject\"]
    resources = [\"arn:aws:s3:::${var.place}\"]
  }
}
";
    check(&RULE, module, "");
}

#[test]
fn marks_the_resource_that_nothing_uses() {
    let text = "\
Statement:
  - Effect: Allow
    Action: ['s3:GetObject', 's3:PutObject']
    Resource: ['arn:aws:s3:::b/*', 'arn:aws:s3:::b']
                                                 ^
";
    check(&RULE, text, "");
    let fixed = "\
Statement:
  - Effect: Allow
    Action: ['s3:GetObject', 's3:PutObject']
    Resource: ['arn:aws:s3:::b/*']
";
    assert_eq!(
        mend(
            &RULE,
            &text.replace("                                                 ^\n", ""),
            ""
        ),
        fixed
    );
}

#[test]
fn resources_of_one_type_that_nothing_uses_are_one_finding() {
    let text = "\
Statement:
  Effect: Allow
  Action: 'sqs:SendMessage'
  Resource:
    - 'arn:aws:sns:eu-west-1:111111111111:one'
                                          ^^^
    - 'arn:aws:sqs:eu-west-1:111111111111:jobs'
    - 'arn:aws:sns:eu-west-1:111111111111:two'
    - 'arn:aws:s3:::files'
                    ^^^^^
";
    let messages = check(&RULE, text, "");
    assert_eq!(
        messages[0],
        "`arn:aws:sns:eu-west-1:111111111111:one` and `arn:aws:sns:eu-west-1:111111111111:two` have no effect: none of \
             this statement's actions works on topics."
    );
    let plain = text
        .replace("                                          ^^^\n", "")
        .replace("                    ^^^^^\n", "");
    assert_eq!(
        mend(&RULE, &plain, ""),
        "Statement:\n  Effect: Allow\n  Action: 'sqs:SendMessage'\n  Resource:\n    - 'arn:aws:sqs:eu-west-1:111111111111:jobs'\n"
    );
}

#[test]
fn silent_where_it_could_fit() {
    for statement in [
        "{Effect: Allow, Action: 's3:ListBucket', Resource: '*'}",
        "{Effect: Allow, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::b*'}",
        "{Effect: Allow, Action: 's3:ListBucket', Resource: '${Arn}'}",
        "{Effect: Allow, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::${Name}'}",
        "{Effect: Allow, Action: ['s3:*', 's3:Nonsense'], Resource: 'arn:aws:s3:::b/*'}",
        "{Effect: Allow, Action: '*', Resource: 'arn:aws:s3:::b/*'}",
        "{Effect: Deny, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::b/*'}",
        "{Effect: Allow, NotAction: 's3:ListBucket', Resource: 'arn:aws:s3:::b/*'}",
        "{Effect: Allow, Action: 's3:ListBucket', NotResource: 'arn:aws:s3:::b/*'}",
        "{Effect: Allow, Action: 'sns:Publish', Resource: 'arn:aws:sns:eu-west-1:1234:t'}",
    ] {
        check(&RULE, &format!("Statement: [{statement}]\n"), "");
    }
}

/// Levels and messages of a statement's findings.
fn told(actions: &str, resource: &str) -> Vec<(Level, String)> {
    let text = format!("Statement: {{Effect: Allow, Action: [{actions}], Resource: {resource}}}\n");
    let findings = Fixture::new(&text, "").findings(&RULE);
    findings
        .iter()
        .map(|of| (of.level, of.message.clone()))
        .collect()
}

#[test]
fn several_with_one_reason_are_one_finding() {
    let text = "\
Statement:
  - Effect: Allow
    Action:
      - logs:CreateLogGroup
        ^^^^^^^^^^^^^^^^^^^
      - logs:CreateLogStream
      - kms:Decrypt
        ^^^^^^^^^^^
      - sqs:ListQueues
        ^^^^^^^^^^^^^^
      - logs:PutLogEvents
      - logs:GetLogEvents
      - logs:StopQuery
    Resource: 'arn:aws:sqs:eu-west-1:111111111111:jobs'
  - Effect: Allow
    Action: [logs:CreateLogGroup]
             ^^^^^^^^^^^^^^^^^^^
    Resource: 'arn:aws:sqs:eu-west-1:111111111111:jobs'
";
    let messages = check(&RULE, text, "");
    assert_eq!(
        messages[0],
        "`logs:CreateLogGroup`, `logs:CreateLogStream`, `logs:PutLogEvents` and 1 more don't work on queues, and this \
             statement names nothing else: it never allows them."
    );
    assert_eq!(
        messages[2],
        "`sqs:ListQueues` and `logs:StopQuery` can't be limited to resources, so this statement never allows them: \
             they need `\"Resource\": \"*\"`."
    );
}

#[test]
fn an_ignore_takes_out_one_of_several() {
    let text = "\
Statement:
  Effect: Allow
  Action:
    - kms:Decrypt # leastwise: ignore[action-resource-mismatch] known
    - kms:Encrypt
      ^^^^^^^^^^^
    - kms:GenerateDataKey
  Resource: 'arn:aws:sqs:eu-west-1:111111111111:jobs'
";
    assert!(check(&RULE, text, "")[0].starts_with("`kms:Encrypt` and `kms:GenerateDataKey` "));
    let config = "[[ignore]]\nrule = 'action-resource-mismatch'\naction = 'kms:E*'\nreason = 'x'\n";
    let left = text.replace("      ^^^^^^^^^^^\n", "").replace(
        "    - kms:GenerateDataKey\n",
        "    - kms:GenerateDataKey\n      ^^^^^^^^^^^^^^^^^^^\n",
    );
    assert!(check(&RULE, &left, config)[0].starts_with("`kms:GenerateDataKey` works on"));
}

#[test]
fn where_the_table_of_aws_is_short() {
    let place = "eu-west-1:111111111111";
    for (actions, resource) in [
        ("'sns:Publish'", "endpoint/GCM/shop/*"),
        (
            "'sns:SetEndpointAttributes', 'sns:CreatePlatformEndpoint'",
            "app/GCM/shop",
        ),
        ("'sns:SetEndpointAttributes'", "endpoint/APNS/shop/*"),
    ] {
        let arn = format!("'arn:aws:sns:{place}:{resource}'");
        assert_eq!(told(actions, &arn), [], "{actions} {arn}");
    }
    for (actions, resource) in [
        (
            "'quicksight:CreateDataSet'",
            "quicksight:eu-west-1:111111111111:dataset/x",
        ),
        (
            "'aws-marketplace:TagResource'",
            "aws-marketplace:us-east-1:111111111111:AWSMarketplace/SaaSProduct/x",
        ),
        (
            "'greengrass:TagResource'",
            "greengrass:eu-west-1:111111111111:components:x",
        ),
        (
            "'kafka:ListTagsForResource'",
            "kafka:eu-west-1:111111111111:replicator/x/y",
        ),
        (
            "'ses:TagResource'",
            "ses:eu-west-1:111111111111:mailmanager-rule-set/x",
        ),
        (
            "'acm:RequestCertificate'",
            "acm:eu-west-1:111111111111:certificate/*",
        ),
        (
            "'logs:DescribeLogGroups'",
            "logs:eu-west-1:111111111111:log-group:x",
        ),
        (
            "'states:SendTaskSuccess'",
            "states:eu-west-1:111111111111:activity:x",
        ),
        (
            "'states:SendTaskSuccess'",
            "states:eu-west-1:111111111111:stateMachine:x",
        ),
    ] {
        assert_eq!(
            told(actions, &format!("'arn:aws:{resource}'")),
            [],
            "{actions}"
        );
    }
    // AWS says of these that the prefixes must match, and has them mixed.
    let mixed = told(
        "'codestar-connections:UseConnection'",
        "'arn:aws:codeconnections:eu-west-1:111111111111:connection/*'",
    );
    assert_eq!(mixed[0].0, Level::Warning);
    assert_eq!(
        mixed[0].1,
        "`codestar-connections:UseConnection` stands beside ARNs of `codeconnections`: AWS says that the prefix of an action and that of its ARN must match."
    );
    let several = told(
        "'codeconnections:UseConnection', 'codeconnections:GetConnection'",
        "'arn:aws:codestar-connections:eu-west-1:111111111111:connection/*'",
    );
    assert_eq!(several.len(), 1);
    assert!(
        several[0]
            .1
            .contains("stand beside ARNs of `codestar-connections`"),
        "{several:?}"
    );
    let others = told(
        "'codeconnections:UseConnection'",
        "['arn:aws:codestar-connections:eu-west-1:111111111111:connection/*', 'arn:aws:sqs:eu-west-1:111111111111:x']",
    );
    assert!(others[0].1.contains("works on"), "{others:?}");
    // Requests name the application, or what the policy is attached to; AWS's own policies have both.
    for (action, resource) in [
        ("iot:AttachPolicy", "iot:eu-west-1:111111111111:policy/x"),
        (
            "cloudformation:DeleteStack",
            "cloudformation:eu-west-1:111111111111:stack/x",
        ),
    ] {
        let told = told(&format!("'{action}'"), &format!("'arn:aws:{resource}'"));
        assert_eq!(told.len(), 1, "{action}");
        assert_eq!(told[0].0, Level::Warning, "{action}");
    }
    // Whoever connects from another account asks for the brokers of one cluster.
    let brokers = "'arn:aws:kafka:eu-west-1:111111111111:cluster/shop/0a1b'";
    assert!(told("'kafka:GetBootstrapBrokers'", brokers).is_empty());
    assert_eq!(told("'kafka:ListClusters'", brokers).len(), 1);
    // AWS says that these can't be tagged.
    for (action, resource) in [
        ("kms:TagResource", "kms:eu-west-1:111111111111:alias/x"),
        ("s3:TagResource", "s3:::x/y"),
    ] {
        let told = told(&format!("'{action}'"), &format!("'arn:aws:{resource}'"));
        assert_eq!(told.len(), 1, "{action}");
    }
    // Tagging what another service has is in vain.
    let other = told(
        "'kafka:TagResource'",
        "'arn:aws:sqs:eu-west-1:111111111111:x'",
    );
    assert_eq!(other[0].0, Level::Error);
    assert_eq!(
        told("'sns:Publish'", "'arn:aws:sqs:eu-west-1:111111111111:x'")[0].0,
        Level::Error
    );
}

#[test]
fn sure_only_of_arns_whose_type_is_known() {
    let level = |actions: &str, resource: &str| told(actions, resource)[0].0;
    let queue = "'arn:aws:sqs:eu-west-1:111111111111:x'";
    assert_eq!(level("'ecs:RunTask'", queue), Level::Error);
    // Nobody knows what it is.
    let odd = "'arn:aws:ec2:eu-west-1:111111111111:no-such-kind/x'";
    assert_eq!(level("'ecs:RunTask'", odd), Level::Warning);
    // The catalog may lack one of the service's own.
    let own = "'arn:aws:ecs:eu-west-1:111111111111:capacity-provider/x'";
    assert_eq!(level("'ecs:RunTask'", own), Level::Warning);
}

#[test]
fn a_name_is_no_object() {
    let text = "\
Resources:
  Files: {Type: AWS::S3::Bucket}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: {Effect: Allow, Action: s3:GetObject, Resource: !Sub '${Files}/*'}
";
    let findings = Fixture::new(text, "").findings(&RULE);
    assert_eq!(findings[0].level, Level::Error);
}

#[test]
fn writes_that_take_no_resource() {
    for resource in [
        "'arn:aws:codepipeline:eu-west-1:111111111111:shop'",
        "'arn:aws:codepipeline:eu-west-1:111111111111:*'",
        "!Sub 'arn:aws:codepipeline:${AWS::Region}:${AWS::AccountId}:*'",
    ] {
        let found = told("'codepipeline:PutJobSuccessResult'", resource);
        assert_eq!(found[0].0, Level::Warning);
        assert!(
            found[0].1.starts_with("AWS lists no resource for"),
            "{found:?}"
        );
    }
    // What only looks is asked for on everything of the service.
    for (actions, resource) in [
        ("'s3:ListAllMyBuckets'", "'arn:aws:s3:::*'"),
        (
            "'codepipeline:ListPipelines'",
            "'arn:aws:codepipeline:*:*:*'",
        ),
        ("'ram:CreateResourceShare'", "'arn:aws:ram:*:*:*'"),
        ("'sns:SetSMSAttributes'", "'arn:aws:sns:*:*:*'"),
        ("'codepipeline:PutJobSuccessResult'", "!Ref Arn"),
    ] {
        assert_eq!(told(actions, resource), [], "{actions}");
    }
}

#[test]
fn tells_what_is_odd_about_an_arn() {
    let help = |action: &str, resource: &str| {
        let text =
            format!("Statement: {{Effect: Allow, Action: '{action}', Resource: '{resource}'}}\n");
        let findings = Fixture::new(&text, "").findings(&RULE);
        assert!(!format!("{findings:?}").contains("recoveryPoint"));
        findings[0].help.clone()
    };
    assert_eq!(
        help(
            "lambda:InvokeFunction",
            "arn:aws:lambda:eu-west-1:111111111111:funktion:x"
        ),
        "`arn:aws:lambda:eu-west-1:111111111111:funktion:x` is of no kind that is known. Did you mean `function` for \
             `funktion`?"
    );
    assert_eq!(
        help("iam:PassRole", "arn:aws:iam::111111111111:role:app"),
        "In `arn:aws:iam::111111111111:role:app`, `/` belongs behind `role`."
    );
    assert_eq!(
        help("s3:GetObject", "arn:aws:s3:::/files/*"),
        "In `arn:aws:s3:::/files/*`, a name is missing before the first `/`."
    );
    assert_eq!(
        help(
            "lambda:InvokeFunction",
            "arn:aws:sqs:eu-west-1:111111111111:x"
        ),
        "Name resources that `lambda:InvokeFunction` works on, or take it out."
    );
}

#[test]
fn a_wildcard_that_only_looks_adds_nothing_beside_others() {
    let machine = "'arn:aws:states:eu-west-1:111111111111:stateMachine:x'";
    let levels = |actions: &str| {
        let found = told(actions, machine);
        found.iter().map(|(level, _)| *level).collect::<Vec<_>>()
    };
    assert_eq!(
        levels("'states:StartExecution', 'states:GetE*'"),
        [Level::Suggestion]
    );
    assert_eq!(levels("'states:GetE*'"), [Level::Error]);
    assert_eq!(
        levels("'states:StartExecution', 'states:GetExecutionHistory'"),
        [Level::Error]
    );
    assert_eq!(
        levels("'states:StartExecution', 'states:*Activity'"),
        [Level::Error]
    );
}

/// What AWS maintains itself is no error.
#[test]
fn policies_of_aws_have_no_errors() {
    let rules = [
        &RULE,
        &crate::actions::unknown_action::RULE,
        &crate::actions::unknown_service::RULE,
    ];
    for policy in leastwise_catalog::catalog().managed_policies() {
        let fixture = Fixture::new(policy.document(), "");
        for rule in rules {
            for finding in fixture.findings(rule) {
                assert!(
                    finding.level < Level::Error,
                    "{}: {finding:?}",
                    policy.name()
                );
                assert!(!finding.message.contains("recoveryPoint"), "{finding:?}");
            }
        }
    }
}

#[test]
fn mends_joined_texts_and_keeps_comments() {
    let text = "\
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: s3:ListBucket # the list
            Resource: # of
              - !Join ['', [!Ref BucketArn, '/*']] # one
              - !Join ['', ['arn:aws:s3:::', b, '/*']] # two
";
    // The first can't be told, so nothing is found as long as it is there.
    check(&RULE, text, "");
    let second = text.replace(
        "              - !Join ['', [!Ref BucketArn, '/*']] # one\n",
        "",
    );
    assert!(Fixture::new(&second, "").fixes(&RULE).is_empty());
    let own = second.replace("['arn:aws:s3:::', b, '/*']", "['arn:aws:s3:::b', '/*']");
    let mended = own.replace("!Join ['', ['arn:aws:s3:::b', '/*']]", "'arn:aws:s3:::b'");
    assert_eq!(mend(&RULE, &own, ""), mended);
}

#[test]
fn mends_the_long_form() {
    let text = r#"{
  "Resources": {
    "P": {
      "Type": "AWS::IAM::ManagedPolicy",
      "Properties": {
        "PolicyDocument": {
          "Statement": [
            {
              "Effect": "Allow",
              "Action": ["s3:PutObject", "s3:ListBucket"],
              "Resource": {"Fn::Sub": "arn:aws:s3:::${AppId}/*"}
            }
          ]
        }
      }
    }
  }
}
"#;
    let mended = mend(&RULE, text, "[app]\nprefix = 'shop'\nvariables = ['AppId']");
    assert!(
        mended.contains(r#"{"Fn::Sub": "arn:aws:s3:::${AppId}"}"#),
        "{mended}"
    );
}

#[test]
fn recovery_points_have_the_arns_of_their_services() {
    for resource in [
        "arn:aws:ec2:us-east-1::snapshot/snap-1",
        "arn:aws:ec2:us-east-1::image/ami-0123",
        "arn:aws:fsx:us-east-1:111111111111:backup/backup-012",
        "arn:aws:dynamodb:us-east-1:111111111111:table/t/backup/0123",
        "arn:aws:rds:us-east-1:111111111111:snapshot:awsbackup:job-1",
    ] {
        let resource = format!("'{resource}'");
        assert_eq!(
            told("'backup:StartRestoreJob'", &resource),
            [],
            "{resource}"
        );
    }
}

#[test]
fn without_any_action_nothing_is_said_of_resources() {
    assert_eq!(told("", "'arn:aws:s3:::b/*'"), []);
}

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
                "`logs:DescribeLogGroups` and `logs:CreateLogGroup` are of other services, and this policy governs only \
                 the resource of `sqs` that it is attached to: this statement never allows them. Take them out, or \
                 allow them in the caller's identity policy."
            ],
            "{resource}"
        );
    }
    assert_eq!(
        found("AWS::S3::BucketPolicy", "'kms:Decrypt'", "'*'"),
        [
            "`kms:Decrypt` is of another service, and this policy governs only the resource of `s3` that it is attached to: \
             this statement never allows it. Take it out, or allow it in the caller's identity policy."
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
        one.starts_with("`sns:Subscribe` is of another service"),
        "{one}"
    );
    // A topic is in vain where no action is there for it.
    let [one] = &count("sqs:SendMessage")[..] else {
        panic!("{:?}", count("sqs:SendMessage"));
    };
    assert!(
        one.contains("works on topics: this resource has no effect"),
        "{one}"
    );
}

#[test]
fn what_takes_no_resource_gets_a_statement_of_its_own() {
    for (statement, wanted) in [
        (
            "{Sid: A, Effect: Allow, Action: ['sqs:SendMessage', 'sqs:ListQueues'], Resource: 'arn:aws:sqs:eu-west-1:111111111111:q'}",
            "[{Sid: A, Effect: Allow, Action: ['sqs:SendMessage'], Resource: 'arn:aws:sqs:eu-west-1:111111111111:q'}, \
             {Sid: AUnscoped, Effect: Allow, Action: ['sqs:ListQueues'], Resource: '*'}]",
        ),
        // Both at once, in one statement.
        (
            "{Effect: Allow, Action: ['sns:ListTopics', 'sns:Publish', 'cloudformation:ValidateTemplate'], Resource: 'arn:aws:sns:eu-west-1:111111111111:t'}",
            "[{Effect: Allow, Action: ['sns:Publish'], Resource: 'arn:aws:sns:eu-west-1:111111111111:t'}, \
             {Effect: Allow, Action: ['sns:ListTopics', 'cloudformation:ValidateTemplate'], Resource: '*'}]",
        ),
        // Alone, it needs no other statement.
        (
            "{Effect: Allow, Action: 'cloudformation:ValidateTemplate', Resource: 'arn:aws:cloudformation:*:*:stack/a/*'}",
            "[{Effect: Allow, Action: 'cloudformation:ValidateTemplate', Resource: '*'}]",
        ),
    ] {
        let text = format!("Statement: [{statement}]\n");
        assert_eq!(mend(&RULE, &text, ""), format!("Statement: {wanted}\n"));
    }
    // What a condition on resources holds for isn't allowed anywhere else.
    let tagged = "Statement: [{Effect: Allow, Action: ['sqs:SendMessage', 'sqs:ListQueues'], Resource: 'arn:aws:sqs:eu-west-1:111111111111:q', Condition: {StringEquals: {'aws:ResourceTag/a': b}}}]\n";
    assert!(Fixture::new(tagged, "").fixes(&RULE).is_empty());
}

#[test]
fn actions_on_objects_get_what_is_in_the_bucket() {
    for (actions, resource, wanted) in [
        ("'s3:GetObject'", "'arn:aws:s3:::b'", "arn:aws:s3:::b/*"),
        (
            "['s3:GetObject', 's3:PutObject']",
            "['arn:aws:s3:::b']",
            "['arn:aws:s3:::b/*']",
        ),
        (
            "['s3:ListBucket', 's3:GetObject']",
            "['arn:aws:s3:::b']",
            "['arn:aws:s3:::b', 'arn:aws:s3:::b/*']",
        ),
    ] {
        let text = |resource: &str| {
            format!("Statement: [{{Effect: Allow, Action: {actions}, Resource: {resource}}}]\n")
        };
        let mended = mend(&RULE, &text(resource), "");
        assert_eq!(mended.replace('\'', ""), text(wanted).replace('\'', ""));
    }
    // A name that is open at its end takes in objects, and what isn't a bucket has none.
    for resource in [
        "'arn:aws:s3:::b*'",
        "'arn:aws:sqs:eu-west-1:111111111111:q'",
    ] {
        let text = format!(
            "Statement: [{{Effect: Allow, Action: 's3:GetObject', Resource: {resource}}}]\n"
        );
        assert!(Fixture::new(&text, "").fixes(&RULE).is_empty(), "{text}");
    }
    let template = "Resources:
  Bucket:
    Type: AWS::S3::Bucket
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: s3:GetObject
                Resource: !GetAtt Bucket.Arn
";
    assert_eq!(
        mend(&RULE, template, ""),
        template.replace("!GetAtt Bucket.Arn", "!Sub '${Bucket.Arn}/*'")
    );
    let module = "resource \"aws_s3_bucket\" \"b\" {
  bucket = \"b\"
}

resource \"aws_iam_role_policy\" \"p\" {
  role   = \"app\"
  policy = data.aws_iam_policy_document.p.json
}

data \"aws_iam_policy_document\" \"p\" {
  statement {
    actions   = [\"s3:GetObject\"]
    resources = [aws_s3_bucket.b.arn]
  }
}
";
    assert_eq!(
        mend(&RULE, module, ""),
        module.replace("aws_s3_bucket.b.arn]", "\"${aws_s3_bucket.b.arn}/*\"]")
    );
}

/// The statement after the fixes in bulk.
fn in_bulk(statement: &str, wanted: &str) {
    for (path, before, after) in [
        (
            "policy.yaml",
            format!("Version: '2012-10-17'\nStatement:\n  - {statement}\n"),
            format!("Version: '2012-10-17'\nStatement:\n  - {wanted}\n"),
        ),
        (
            "policy.json",
            format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statement}]}}\n"),
            format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{wanted}]}}\n"),
        ),
    ] {
        assert_eq!(mended_in_bulk(&before, path), after);
    }
}

fn mended_in_bulk(text: &str, path: &str) -> String {
    of_safety(text, path, Safety::Unsafe).text
}

#[test]
fn a_bucket_beside_objects_of_others_gets_what_is_in_it() {
    let statement = |actions: &str, resources: &str| {
        format!("{{\"Effect\": \"Allow\", \"Action\": [{actions}], \"Resource\": [{resources}]}}")
    };
    let objects = r#""s3:GetObject", "s3:PutObject""#;
    for (actions, before, after) in [
        (
            objects,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::thumbs/*""#,
            r#""arn:aws:s3:::uploads/*", "arn:aws:s3:::thumbs/*""#,
        ),
        (
            objects,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::thumbs/*", "arn:aws:s3:::logs""#,
            r#""arn:aws:s3:::uploads/*", "arn:aws:s3:::thumbs/*", "arn:aws:s3:::logs/*""#,
        ),
        // Its objects are named already, by themselves or by what takes them in.
        (
            objects,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::uploads/*""#,
            r#""arn:aws:s3:::uploads/*""#,
        ),
        (
            objects,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::*/*""#,
            r#""arn:aws:s3:::*/*""#,
        ),
        (
            objects,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::uploads/*", "arn:aws:s3:::thumbs", "arn:aws:s3:::logs/*""#,
            r#""arn:aws:s3:::uploads/*", "arn:aws:s3:::thumbs/*", "arn:aws:s3:::logs/*""#,
        ),
        // Nothing is there for objects.
        (
            r#""sqs:SendMessage""#,
            r#""arn:aws:s3:::uploads", "arn:aws:sqs:eu-west-1:111111111111:jobs""#,
            r#""arn:aws:sqs:eu-west-1:111111111111:jobs""#,
        ),
        // What works on buckets keeps them.
        (
            r#""s3:GetObject", "s3:ListBucket""#,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::thumbs""#,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::uploads/*", "arn:aws:s3:::thumbs", "arn:aws:s3:::thumbs/*""#,
        ),
        // Each has its own: nothing is wrong.
        (
            r#""s3:GetObject", "s3:ListBucket""#,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::thumbs/*""#,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::thumbs/*""#,
        ),
        // Some of its objects may be all that was meant.
        (
            objects,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::uploads/public/*""#,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::uploads/public/*""#,
        ),
    ] {
        in_bulk(&statement(actions, before), &statement(actions, after));
    }
    // Both are choices there.
    let text = format!(
        "Statement: [{}]\n",
        statement(
            objects,
            r#""arn:aws:s3:::uploads", "arn:aws:s3:::uploads/public/*""#
        )
    );
    let findings = Fixture::new(&text, "").findings(&RULE);
    let fixes = findings.iter().flat_map(|of| &of.fixes);
    let titles: Vec<_> = fixes.map(|of| of.title.as_str()).collect();
    assert_eq!(titles, ["Name the bucket's objects", "Remove the resource"]);
    // What it grants is said.
    let text = text.replace("uploads/public", "thumbs");
    let fixes = Fixture::new(&text, "").fixes(&RULE);
    let adds: Vec<_> = fixes.iter().flat_map(|of| &of.adds).collect();
    assert_eq!(
        adds,
        [
            "s3:GetObject on arn:aws:s3:::uploads/*",
            "s3:PutObject on arn:aws:s3:::uploads/*"
        ]
    );
}

#[test]
fn buckets_of_templates_and_modules_get_what_is_in_them() {
    let template = |resources: &str| {
        format!(
            "Resources:
  B:
    Type: AWS::S3::Bucket
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: [s3:GetObject, s3:PutObject]
            Resource: # both
              - {resources} # uploads
              - 'arn:aws:s3:::thumbs/*' # thumbs
"
        )
    };
    for (before, after) in [
        ("!GetAtt B.Arn", "!Sub '${B.Arn}/*'"),
        ("!Sub '${B.Arn}'", "!Sub '${B.Arn}/*'"),
        ("!Sub 'arn:aws:s3:::${B}'", "!Sub 'arn:aws:s3:::${B}/*'"),
        // It can't be written behind this one, and isn't taken out for that.
        (
            "!Join ['', ['arn:aws:s3:::', !Ref B]]",
            "!Join ['', ['arn:aws:s3:::', !Ref B]]",
        ),
    ] {
        assert_eq!(
            mended_in_bulk(&template(before), "template.yaml"),
            template(after)
        );
    }
    let named = template("!GetAtt B.Arn # it\n              - !Sub '${B.Arn}/*'");
    assert_eq!(
        mended_in_bulk(&named, "template.yaml"),
        named.replace("              - !GetAtt B.Arn # it\n", "")
    );
    let module = |resources: &str| {
        format!(
            "resource \"aws_s3_bucket\" \"b\" {{}}

resource \"aws_iam_role_policy\" \"p\" {{
  role   = \"app\"
  policy = data.aws_iam_policy_document.p.json
}}

data \"aws_iam_policy_document\" \"p\" {{
  statement {{
    actions   = [\"s3:GetObject\"]
    resources = [{resources}]
  }}
}}
"
        )
    };
    for (before, after) in [
        (
            "aws_s3_bucket.b.arn, \"arn:aws:s3:::thumbs/*\"",
            "\"${aws_s3_bucket.b.arn}/*\", \"arn:aws:s3:::thumbs/*\"",
        ),
        (
            "\"${aws_s3_bucket.b.arn}\", \"arn:aws:s3:::thumbs/*\"",
            "\"${aws_s3_bucket.b.arn}/*\", \"arn:aws:s3:::thumbs/*\"",
        ),
        (
            "aws_s3_bucket.b.arn, \"${aws_s3_bucket.b.arn}/*\", \"arn:aws:s3:::thumbs/*\"",
            "\"${aws_s3_bucket.b.arn}/*\", \"arn:aws:s3:::thumbs/*\"",
        ),
    ] {
        assert_eq!(mended_in_bulk(&module(before), "main.tf"), module(after));
    }
    let list =
        |resources: &str| module(resources).replace("[\"s3:Get", "[\"s3:ListBucket\", \"s3:Get");
    for before in ["aws_s3_bucket.b.arn", "\"${aws_s3_bucket.b.arn}\""] {
        let objects = "\"${aws_s3_bucket.b.arn}/*\"";
        assert_eq!(mended_in_bulk(&module(before), "main.tf"), module(objects));
        assert_eq!(
            mended_in_bulk(&list(before), "main.tf"),
            list(&format!("{before}, {objects}"))
        );
    }
    let encoded = |resource: &str| {
        format!(
            "resource \"aws_s3_bucket\" \"b\" {{}}

resource \"aws_iam_role_policy\" \"p\" {{
  role   = \"app\"
  policy = jsonencode({{
    Version = \"2012-10-17\"
    Statement = [{{
      Effect   = \"Allow\"
      Action   = [\"s3:ListBucket\", \"s3:GetObject\"]
      Resource = {resource}
    }}]
  }})
}}
"
        )
    };
    let mended = mended_in_bulk(&encoded("\"${aws_s3_bucket.b.arn}\""), "main.tf");
    assert_eq!(
        mended.split_whitespace().collect::<String>(),
        encoded("[\"${aws_s3_bucket.b.arn}\",\"${aws_s3_bucket.b.arn}/*\"]")
            .split_whitespace()
            .collect::<String>()
    );
}

#[test]
fn a_statement_with_an_unknown_element_is_not_split() {
    let queue = "arn:aws:sqs:eu-west-1:111111111111:q";
    let yaml = format!(
        "Version: '2012-10-17'\nStatement: [{{Effect: Allow, Action: ['sqs:SendMessage', 'sqs:ListQueues'], Resource: '{queue}'}}]\n"
    );
    let json = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:ListQueues"], "Resource": "{queue}"}}]}}"#
    );
    let hcl = format!(
        "resource \"aws_iam_role_policy\" \"p\" {{
  role   = \"app\"
  policy = jsonencode({{
    Version   = \"2012-10-17\"
    Statement = [{{ Effect = \"Allow\", Action = [\"sqs:SendMessage\", \"sqs:ListQueues\"], Resource = \"{queue}\" }}]
  }})
}}
"
    );
    for (path, text, sound, unknown) in [
        (
            "policy.yaml",
            yaml,
            "Effect: ",
            "resources: ['*'], Effect: ",
        ),
        (
            "policy.json",
            json,
            "\"Effect\": ",
            "\"resources\": [\"*\"], \"Effect\": ",
        ),
        (
            "main.tf",
            hcl,
            "Effect = ",
            "resources = [\"*\"], Effect = ",
        ),
    ] {
        let split = mended_in_bulk(&text, path);
        assert_eq!(split.matches("sqs:ListQueues").count(), 1);
        assert_eq!(split.matches("Effect").count(), 2, "{split}");
        let text = text.replacen(sound, unknown, 1);
        assert_eq!(mended_in_bulk(&text, path), text);
    }
}
