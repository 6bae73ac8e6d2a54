use super::RULE;
use crate::tests::fixture::{Fixture, check, fixed_text};
use leastwise_model::Level;

#[test]
fn what_is_malformed_for_one_reason_is_one_fault() {
    let policy = |actions: &str| {
        format!(
            "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: [{actions}], Resource: 'arn:aws:s3:::shop/*'}}\n"
        )
    };
    let told = |actions: &str| {
        let findings = Fixture::new(&policy(actions), "").findings(&RULE);
        let said = findings
            .into_iter()
            .map(|of| (of.message, of.help, of.related.len()));
        said.collect::<Vec<_>>()
    };
    let [(message, help, related)] = told("'a*', 'b*', 'c*', 'd*', 'e*'")
        .try_into()
        .expect("one finding");
    assert_eq!(
        message,
        "`a*`, `b*` and 3 more aren't valid actions: an action is a service's prefix, a colon and a name, as in `s3:GetObject`. AWS rejects the policy."
    );
    assert_eq!(
        help,
        "Write the service prefix, a colon and the action name, as in `s3:GetObject`."
    );
    assert_eq!(related, 4);
    let [(_, help, _)] = told("'s3.GetObject', 's3.PutObject'")
        .try_into()
        .expect("one finding");
    assert!(
        help.ends_with(" Probably intended: `s3:GetObject` and `s3:PutObject`."),
        "{help}"
    );
    let mended = fixed_text(&RULE, &policy("'s3.GetObject', 's3.PutObject'"), "");
    assert_eq!(mended, policy("'s3:GetObject', 's3:PutObject'"));
    // Another reason is another fault, and one that stands twice is told in the words of one.
    assert_eq!(
        told("'getobject', 's3:Get:Object', 's3:Put/Object'").len(),
        3
    );
    let twice = told("'getobject', 'getobject'");
    assert!(
        twice[0].0.starts_with("`getobject` isn't a valid action: "),
        "{twice:?}"
    );
    // Several in one text are something else, whatever each of them is.
    let both = told("'s3:GetObject, s3:PutObject', 's3:ListBucket s3:DeleteObject'");
    assert_eq!(
            both,
            [(
                "`s3:GetObject, s3:PutObject` and `s3:ListBucket s3:DeleteObject` each contain several actions in one string: AWS rejects the policy.".to_owned(),
                "Make each action a separate entry of the list.".to_owned(),
                1
            )]
        );
}

#[test]
fn a_name_at_several_places_of_a_policy_is_one_fault() {
    let statement =
        r#"{"Effect": "Allow", "Action": ["s3:GetObejct", "s3:PutObejct"], "Resource": "*"}"#;
    let beside =
        r#"{"Effect": "Allow", "Action": ["s3:GetObejct", "s3:GetObject"], "Resource": "*"}"#;
    let policy = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{statement}, {statement}, {beside}, {beside}]}}"#
    );
    let file = Fixture::new(&policy, "");
    let found = file.findings(&RULE);
    let said: Vec<_> = found
        .iter()
        .map(|of| (of.message.as_str(), of.related.len()))
        .collect();
    let said_of = |name: &str| format!("`s3:{name}` has no effect: Amazon S3 has no such action.");
    let (get, put) = (said_of("GetObejct"), said_of("PutObejct"));
    let want = [(get.as_str(), 1), (put.as_str(), 1), (get.as_str(), 1)];
    assert_eq!(said, want);
    let told: Vec<_> = [&found[0], &found[2]]
        .map(|of| {
            (
                of.help.as_str(),
                of.fixes
                    .iter()
                    .map(|fix| fix.title.as_str())
                    .collect::<Vec<_>>(),
            )
        })
        .to_vec();
    assert_eq!(
        told,
        [
            (
                "Did you mean `s3:GetObject`?",
                vec!["Replace with s3:GetObject"]
            ),
            (
                "Remove it: the intended action is already listed.",
                vec!["Remove them"]
            ),
        ]
    );
    for (text, count) in [(statement, 2), (beside, 2)] {
        let policy = format!(r#"{{"Version": "2012-10-17", "Statement": [{text}, {text}]}}"#);
        let mended = fixed_text(&RULE, &policy, "");
        assert_eq!(mended.matches("s3:GetObject").count(), count, "{mended}");
        assert!(!mended.contains("Obejct"), "{mended}");
    }
    // What an operation needs is said behind its name as it is.
    let call = r#"{"Statement": [{"Effect": "Allow", "Action": "s3:HeadObject", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:HeadObject", "Resource": "*"}]}"#;
    let found = Fixture::new(call, "").findings(&RULE);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0]
            .message
            .starts_with("`s3:HeadObject` has no effect: it is an API operation"),
        "{found:?}"
    );
    // Each owner has its own policies to mend.
    let one = "{Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:GetObejct', Resource: '*'}]}";
    let two = format!(
        "Resources:
  One: {{Type: 'AWS::IAM::ManagedPolicy', Properties: {{PolicyDocument: {one}}}}}
  Two: {{Type: 'AWS::IAM::ManagedPolicy', Properties: {{PolicyDocument: {one}}}}}
"
    );
    let found = Fixture::new(&two, "").findings(&RULE);
    let said: Vec<_> = found.iter().map(|of| of.related.len()).collect();
    assert_eq!(said, [0, 0]);
}

#[test]
fn marks_the_name() {
    let messages = check(
        &RULE,
        r#"
{
  "Resources": {
    "Shop": {
      "Type": "AWS::IAM::ManagedPolicy",
      "Properties": {
        "PolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [
            {"Effect": "Allow", "Action": ["s3:GetObejct", "S3:getobject", "s3:Gett*", "lamda:Invoke"], "Resource": "*"},
                                               ^^^^^^^^^
            {"Effect": "Deny", "NotAction": "dynamodb:GetItems", "Resource": "*"}
                                                      ^^^^^^^^
          ]
        }
      }
    }
  }
}
"#,
        "",
    );
    assert_eq!(
        messages[0],
        "`s3:GetObejct` has no effect: Amazon S3 has no such action."
    );
}

#[test]
fn removes_what_stands_beside_what_was_meant() {
    let text = "\
Statement:
  - Effect: Allow
    Action:
      - sqs:SendMessage
      - sqs:SendMessageBatch
      - s3:GetObejct
      - s3:Get*
    Resource: '*'
";
    let mended = "\
Statement:
  - Effect: Allow
    Action:
      - sqs:SendMessage
      - s3:Get*
    Resource: '*'
";
    assert_eq!(fixed_text(&RULE, text, ""), mended);
}

#[test]
fn policies_of_aws_are_left_alone() {
    let text = r#"
{
  "Policies": [
    {"PolicyName": "AWSOld", "Arn": "arn:aws:iam::aws:policy/AWSOld",
     "PolicyVersionList": [{"Document": {"Statement": {"Effect": "Allow", "Action": "s3:GetObejct", "Resource": "*"}}}]},
    {"PolicyName": "own", "Arn": "arn:aws:iam::111111111111:policy/own",
     "PolicyVersionList": [{"Document": {"Statement": {"Effect": "Allow", "Action": "s3:GetObejct", "Resource": "*"}}}]}
                                                                                        ^^^^^^^^^
  ]
}
"#;
    check(&RULE, text, "");
}

#[test]
fn marks_what_is_malformed() {
    let messages = check(
        &RULE,
        r#"
Version: '2012-10-17'
Statement:
  - Effect: Allow
    Action:
      - s3GetObject
        ^^^^^^^^^^^
      - "S3 :GetObject"
           ^
      - s3:GetObject, s3:PutObject
        ^^^^^^^^^^^^^^^^^^^^^^^^^^
      - s3:Get:Object
              ^
      - 's3:'
         ^^^
      - ""
        ^^
      - s3:Get/Object
              ^
      - '${Service}:GetObject'
    Resource: '*'
"#,
        "",
    );
    let start: Vec<_> = messages
        .iter()
        .map(|message| message.split(". ").next().unwrap_or_default())
        .collect();
    assert_eq!(
        start,
        [
            "`s3GetObject` isn't a valid action: an action is a service's prefix, a colon and a name, as in `s3:GetObject`",
            "`S3 :GetObject` isn't a valid action: an action can't contain a space",
            "This string contains several actions: AWS rejects the policy.",
            "`s3:Get:Object` isn't a valid action: an action has one colon only",
            "`s3:` isn't a valid action: there is no name after the colon",
            "The action is empty: AWS rejects the policy.",
            "`s3:Get/Object` isn't a valid action: an action can't contain `/`",
        ]
    );
}

#[test]
fn mends_what_is_malformed() {
    let policy = |action: &str| {
        format!(
            "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: {action}, Resource: '*'}}\n"
        )
    };
    for (before, after) in [
        ("'s3GetObject'", "'s3:GetObject'"),
        ("'S3 :GetObject'", "'S3:GetObject'"),
        ("'s3::GetObject'", "'s3:GetObject'"),
        ("'s3.GetObject'", "'s3:GetObject'"),
        ("'s3/Get*'", "'s3:Get*'"),
        (
            "'s3:GetObject s3:PutObject'",
            "['s3:GetObject', 's3:PutObject']",
        ),
        (
            "['s3:GetObject,s3:PutObject', 's3:List*']",
            "['s3:GetObject', 's3:PutObject', 's3:List*']",
        ),
        ("'s3:Get:Object'", "'s3:Get:Object'"),
        ("'GetObject'", "'GetObject'"),
    ] {
        assert_eq!(fixed_text(&RULE, &policy(before), ""), policy(after));
    }
}

#[test]
fn mends_in_a_block() {
    let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: s3:GetObject, s3:PutObject # both\n    Resource: '*'\n";
    let after = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: # both\n      - s3:GetObject\n      - s3:PutObject\n    Resource: '*'\n";
    assert_eq!(fixed_text(&RULE, text, ""), after);
}

#[test]
fn actions_that_are_in_no_list_but_valid() {
    check(
        &RULE,
        r#"
Version: '2012-10-17'
Statement:
  - {Effect: Allow, Principal: '*', Action: ['SNS:Receive', 'SNS:Publish', 'SQS:SendMessage'], Resource: '*'}
  - {Effect: Allow, Principal: '*', Action: ['execute-api:Invoke', 'es:ESHttpGet', 'elasticfilesystem:ClientMount'], Resource: '*'}
  - {Effect: Allow, Principal: '*', Action: ['iot:Connect', '*', 'kms:*'], Resource: '*'}
  - {Effect: Allow, Action: ['iot:AssumeRoleWithCertificate', 'greengrass:VerifyClientDeviceIdentity'], Resource: '*'}
"#,
        "",
    );
}

#[test]
fn an_operation_needs_another_action() {
    let text = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:ListObjectsV2\", \"Resource\": \"*\"}]}";
    let messages: Vec<_> = Fixture::new(text, "")
        .findings(&RULE)
        .into_iter()
        .map(|finding| finding.message)
        .collect();
    assert_eq!(
        messages,
        ["`s3:ListObjectsV2` has no effect: it is an API operation, not an action."]
    );
    assert_eq!(
        fixed_text(&RULE, text, ""),
        text.replace("ListObjectsV2", "ListBucket")
    );
}

#[test]
fn a_denied_typo_grants_nothing_when_it_is_mended() {
    let text = "Version: '2012-10-17'\nStatement:\n  - Effect: Deny\n    Action: s3:DeletBucket\n    Resource: '*'\n";
    let fixture = Fixture::new(text, "");
    let findings = fixture.findings(&RULE);
    let fix = findings[0].fixes[0].resolve(&fixture.context());
    let fix = fix.map(|fix| (fix.title, fix.adds, fix.removes));
    assert_eq!(
        fix,
        Some(("Replace with s3:DeleteBucket".to_owned(), vec![], vec![]))
    );
}

#[test]
fn an_action_that_ended_is_a_warning() {
    let text = "Version: '2012-10-17'\nStatement: {Effect: Allow, Action: quicksight:DescribeAutomationGroup, Resource: '*'}\n";
    let fixture = Fixture::new(text, "");
    let findings = fixture.findings(&RULE);
    assert_eq!(findings[0].level, Level::Warning);
    assert!(
        findings[0]
            .message
            .contains(" is retired and probably has no effect: AWS no longer lists it"),
        "{}",
        findings[0].message
    );
}

#[test]
fn what_aws_names_elsewhere_is_a_warning_with_the_date() {
    let policy = |actions: &str| {
        format!(
            "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: [{actions}], Resource: '*'}}\n"
        )
    };
    let told = |actions: &str| {
        let findings = Fixture::new(&policy(actions), "").findings(&RULE);
        let said = findings.iter().map(|of| (of.level, of.message.clone()));
        said.collect::<Vec<_>>()
    };
    let (level, message) = &told("'transform:GetWorkspace'")[0];
    assert_eq!(*level, Level::Warning);
    assert!(
        message
            == "`transform:GetWorkspace` may have no effect: AWS's list of 2026-10-27 doesn't have it.",
        "{message}"
    );
    // In a managed policy of AWS, and an operation of the API.
    assert_eq!(told("'payments:CreatePaymentProfile'")[0].0, Level::Warning);
    assert_eq!(told("'budgets:CreateBudget'")[0].0, Level::Warning);
    // In an older list.
    assert_eq!(told("'workmail:SetAdmin'")[0].0, Level::Warning);
    let old = told("'workmail:SetAdmin', 'workmail:DescribeMailUsers'");
    assert_eq!(old.len(), 1);
    assert!(
            old[0].1.starts_with("`workmail:SetAdmin` and `workmail:DescribeMailUsers` are retired and probably have no effect: AWS no longer lists them as of 2026-10-27"),
            "{old:?}"
        );
    assert_eq!(told("'workmail:SetAdmins'")[0].0, Level::Error);
    assert_eq!(told("'s3:ListObjectsV2'")[0].0, Level::Error);
    let both = told("'transform:GetWorkspace', 's3:GetObejct', 'transform:GetJob'");
    assert_eq!(both.len(), 2, "{both:?}");
}

#[test]
fn a_flood_is_found_but_not_guessed_at() {
    let actions: Vec<String> = (0..300).map(|n| format!("\"s3:GetObejct{n}\"")).collect();
    let text = format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": {{\"Effect\": \"Allow\", \"Action\": [{}], \"Resource\": \"*\"}}}}",
        actions.join(", ")
    );
    let findings = Fixture::new(&text, "").findings(&RULE);
    assert_eq!(findings.len(), 300);
    assert!(!findings[0].fixes.is_empty());
    assert!(findings[299].fixes.is_empty());
}

#[test]
fn what_api_gateway_asks_for_is_a_warning_without_a_fix() {
    for action in ["apigateway:TagResource", "apigateway:UntagResource"] {
        let text = format!("Statement: {{Effect: Allow, Action: '{action}', Resource: '*'}}\n");
        let fixture = Fixture::new(&text, "");
        let found = fixture.findings(&RULE);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].level, Level::Warning);
        assert!(
            found[0]
                .message
                .contains(" may have no effect: AWS's list of ")
        );
        assert!(fixture.fixes(&RULE).is_empty());
    }
    let other = "Statement: {Effect: Allow, Action: 'apigateway:CreateRestApi', Resource: '*'}\n";
    assert_eq!(
        Fixture::new(other, "").findings(&RULE)[0].level,
        Level::Error
    );
}
