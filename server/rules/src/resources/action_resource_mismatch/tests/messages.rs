//! What is told, where, and in which words.

use super::*;

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
        messages[0].contains("none of the statement's resources"),
        "{messages:?}"
    );
    let none = "Statement: {Effect: Allow, Action: s3:ListAllMyBuckets, Resource: 'arn:aws:s3:::b'}\n                                   ^^^^^^^^^^^^^^^^^^^\n";
    assert!(
        check(&RULE, none, "")
            .concat()
            .contains("only supports the resource `*`")
    );
    let json = r#"{"Statement": {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b/*"}}
                                             ^^^^^^^^^^^^^
"#;
    let messages = check(&RULE, json, "");
    assert!(
        messages[0].starts_with("`s3:ListBucket` has no effect here: it doesn't apply to objects."),
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
        fixed_text(
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
        "`arn:aws:sns:eu-west-1:111111111111:one` and 1 more have no effect: none of the statement's actions applies to topics."
    );
    let plain = text
        .replace("                                          ^^^\n", "")
        .replace("                    ^^^^^\n", "");
    assert_eq!(
        fixed_text(&RULE, &plain, ""),
        "Statement:\n  Effect: Allow\n  Action: 'sqs:SendMessage'\n  Resource:\n    - 'arn:aws:sqs:eu-west-1:111111111111:jobs'\n"
    );
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
        "`logs:CreateLogGroup`, `logs:CreateLogStream` and 2 more have no effect here: they don't apply to queues."
    );
    assert_eq!(
        messages[2],
        "`sqs:ListQueues` and `logs:StopQuery` have no effect here: they only support the resource `*`."
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
    assert!(check(&RULE, &left, config)[0].starts_with("`kms:GenerateDataKey` has no effect here"));
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
        "`arn:aws:lambda:eu-west-1:111111111111:funktion:x` is of no known resource type. Did you mean `function` for `funktion`?"
    );
    assert_eq!(
        help("iam:PassRole", "arn:aws:iam::111111111111:role:app"),
        "In `arn:aws:iam::111111111111:role:app`, `role` must be followed by `/`."
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
        "It applies to functions (`arn:aws:lambda:Region:Account:function:FunctionName`). List such resources, or remove the action."
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

#[test]
fn without_any_action_nothing_is_said_of_resources() {
    assert_eq!(told("", "'arn:aws:s3:::b/*'"), []);
}
