use super::RULE;
use crate::Safety;
use crate::tests::fixture::{Fixture, check, fixed_text};

#[test]
fn one_slip_at_several_places_of_a_statement_is_one_fault() {
    let text = |account: &str, other: &str| {
        format!(
            "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: sqs:SendMessage, Resource: ['arn:aws:sqs:eu-west-1:{account}:a', 'arn:aws:sqs:eu-west-1:{other}:b']}}\n"
        )
    };
    let told = |account: &str, other: &str| {
        let findings = Fixture::new(&text(account, other), "").findings(&RULE);
        let said = findings
            .into_iter()
            .map(|of| (of.message, of.related.len()));
        said.collect::<Vec<_>>()
    };
    let said = "The account ID has 11 digits, not 12: this matches nothing.";
    assert_eq!(told("11111111111", "11111111111"), [(said.to_owned(), 1)]);
    let two = [(said.to_owned(), 0), (said.to_owned(), 0)];
    assert_eq!(told("11111111111", "22222222222"), two);
}

#[test]
fn what_is_longer_than_any_slip_is_not_copied() {
    let of = |length: usize| {
        let value = "a".repeat(length);
        let text = format!(
            "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: 's3:*', Resource: [{value}, {value}]}}\n"
        );
        let fixture = Fixture::new(&text, "");
        let found = crate::engine::run(
            &fixture.context(),
            &[crate::rule::FilePart::Policies],
            |rule| rule.id == RULE.id,
        );
        let same = |of: &crate::Finding| {
            of.same
                .as_ref()
                .map_or(0, |it| it.key.len() + it.name.len())
        };
        let copied = found
            .iter()
            .map(|of| of.message.len() + of.help.len() + same(of))
            .max();
        (fixture.findings(&RULE).len(), copied.unwrap_or_default())
    };
    let (told, copied) = of(4_096);
    assert!(told == 1 && copied > 4_096, "{told} {copied}");
    let (told, copied) = of(4_097);
    assert!(told == 2 && copied < 2_000, "{told} {copied}");
    assert!(of(100_000).1 < 2_000);
}

#[test]
fn letters_in_an_account_are_not_counted() {
    let said = |account: &str| {
        let text = format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        \
                 Statement: {{Effect: Allow, Principal: {{AWS: 'arn:aws:iam::{account}:root'}}, Action: sts:AssumeRole}}\n"
        );
        let findings = Fixture::new(&text, "").findings(&RULE);
        let said: Vec<_> = findings.into_iter().map(|of| of.message).collect();
        said.join(" ")
    };
    assert_eq!(
        said("1234567890AB"),
        "`1234567890AB` isn't a 12-digit account ID: AWS rejects the policy."
    );
    assert!(said("12345678901").starts_with("The account ID has 11 digits, not 12: "));
    assert_eq!(said("123456789012"), "");
}

#[test]
fn kinds_of_resources_in_another_case() {
    check(
        &RULE,
        r#"
Version: '2012-10-17'
Statement:
  - Effect: Deny
    Action: dynamodb:*
    Resource: arn:aws:dynamodb:*:111111111111:Table/shop-*
                                              ^^^^^
    Condition:
      ArnLike:
        aws:SourceArn: arn:aws:lambda:eu-west-1:111111111111:Function:shop
                                                             ^^^^^^^^
  - Effect: Allow
    Action: states:StartExecution
    NotResource: arn:aws:states:*:*:statemachine:shop-*
                                    ^^^^^^^^^^^^
  - Effect: Allow
    Action: dynamodb:GetItem
    Resource: [arn:aws:dynamodb:*:111111111111:table/Shop, arn:aws:dynamodb:*:111111111111:T*/shop]
"#,
        "",
    );
}

#[test]
fn names_and_addresses_are_no_arns() {
    let text = "\
Resources:
  Queue:
    Type: AWS::SQS::Queue
  Table:
    Type: AWS::DynamoDB::Table
  Topic:
    Type: AWS::SNS::Topic
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: [sqs:SendMessage, dynamodb:GetItem, sns:Publish]
                Resource:
                  - !Ref Queue
                    ^^^^^^^^^^
                  - !Ref Table
                    ^^^^^^^^^^
                  - !Ref Topic
              - {Effect: Allow, Action: s3:GetObject, Resource: !Ref Elsewhere}
              - Effect: Allow
                Action: sqs:SendMessage
                Resource: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::Region}:orders'
                                                           ^^^^^^^^^^^^^^
";
    let messages = check(&RULE, text, "");
    assert_eq!(
        messages[1],
        "This resolves to `${Table}`, which isn't an ARN: AWS rejects the policy."
    );
    let fixed = text
        .replace("!Ref Queue", "!GetAtt Queue.Arn")
        .replace("!Ref Table", "!GetAtt Table.Arn");
    let lines = |text: &str| -> String {
        let kept = text.lines().filter(|line| !line.contains("^^^"));
        kept.map(|line| format!("{line}\n")).collect()
    };
    assert_eq!(fixed_text(&RULE, &lines(text), ""), lines(&fixed));
    let module = "\
resource \"aws_s3_bucket\" \"files\" {}
data \"aws_iam_policy_document\" \"reads\" {
  statement {
    actions   = [\"s3:ListBucket\"]
    resources = [aws_s3_bucket.files.id, aws_s3_bucket.other.id]
                 ^^^^^^^^^^^^^^^^^^^^^^  ^^^^^^^^^^^^^^^^^^^^^^
  }
}
";
    check(&RULE, module, "");
}

#[test]
fn marks_the_segment() {
    let block = "\
Resources:
  Topic:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [t]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: ['arn:aws:iam::11111111111:root', 1234, someone, 'arn:aws:s3:::b', '*']}
                                            ^^^^^^^^^^^        ^^^^  ^^^^^^^
            Action: sns:Publish
            Resource: !Sub 'arn:aws:sns:euwest1:${AWS::AccountId}:t'
                                        ^^^^^^^
            Condition:
              ArnLike: {'aws:SourceArn': !Sub 'arn:awss:s3:::b'}
                                                   ^^^^
";
    check(&RULE, block, "");
    let json = r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject",
"NotResource": ["bucket/*", "arn:aws:s3:eu-west-1::b/*", "arn:aws:sns:eu-west-1:1234:t"]}}
                 ^^^^^^^^               ^^^^^^^^^                               ^^^^
"#;
    check(&RULE, json, "");
}

#[test]
fn principals_beside_what_is_not_known() {
    let text = "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal:
              AWS: !Sub 'arn:${AWS::Partition}:iam::11111111111:role/${Name}'
                                                    ^^^^^^^^^^^
              Federated:
                - !Sub 'arn:aws:iam::${AWS::AccountId}:oidc-provider/https://gitlab.com'
                                                                     ^^^^^^^^
                - !Sub 'arn:${AWS::Partition}:iam::1111:saml-provider/corp'
                                                   ^^^^
                - accounts.google.com
                - https://gitlab.com
            Action: [sts:AssumeRole, sts:AssumeRoleWithSAML, sts:AssumeRoleWithWebIdentity]
";
    let messages = check(&RULE, text, "");
    assert_eq!(
        messages[1],
        "The ARN of an identity provider doesn't contain `https://`: AWS rejects the policy."
    );
    let provider = "Statement: {Effect: Allow, Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/https://gitlab.com'}, Action: 'sts:AssumeRoleWithWebIdentity'}\n";
    assert_eq!(
        fixed_text(&RULE, provider, ""),
        provider.replace("https://", "")
    );
}

#[test]
fn silent_where_it_can_be_right() {
    let text = "\
Statement:
  - Effect: Allow
    Action: '*'
    Resource:
      - '*'
      - arn:aws:s3:::b
      - arn:*:s3:::b
      - arn:aws:sns:*:${Account}:t
      - ${Arn}
      - arn:aws:iam::aws:policy/ReadOnlyAccess
      - arn:aws:iam::{{account}}:role/x
    Condition:
      StringLike: {'aws:PrincipalArn': '*:role/x', 's3:prefix': 'arn:nothing'}
";
    check(&RULE, text, "");
    let api = "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy: {Statement: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}]}
";
    check(&RULE, api, "");
}

#[test]
fn one_finding_for_all_environments() {
    let text = "\
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: {Effect: Allow, Action: 'sns:Publish', Resource: !Sub 'arn:aws:sns:${AWS::Region}:11111111111:${AWS::AccountId}'}
                                                                                                     ^^^^^^^^^^^
";
    check(
        &RULE,
        text,
        "[accounts]\na = '111111111111'\nb = '222222222222'\n[deploy]\nregions = ['eu-west-1', 'eu-west-2']",
    );
}

#[test]
fn says_what_it_adds() {
    let text = "Statement: {Effect: Allow, Action: 's3:GetObject', Resource: 'arn:asw:s3:::b/*'}\n";
    let fixes = Fixture::new(text, "").fixes(&RULE);
    assert_eq!(fixes[0].adds, ["s3:GetObject on arn:aws:s3:::b/*"]);
}

#[test]
fn what_is_to_be_left_out_is_allowed_or_denied() {
    let message = |effect: &str, element: &str| {
        let text = format!(
            "Version: '2012-10-17'\nStatement: {{Effect: {effect}, Action: 's3:DeleteObject', {element}: 'arn:aws:s3:eu-west-1::shop-x/*'}}\n"
        );
        let [finding] = Fixture::new(&text, "")
            .findings(&RULE)
            .try_into()
            .expect("one finding");
        finding.message
    };
    for (effect, element, said) in [
        ("Deny", "NotResource", "this excludes nothing."),
        ("Allow", "NotResource", "this excludes nothing."),
        ("Deny", "Resource", "this denies nothing."),
        ("Allow", "Resource", "this matches nothing."),
    ] {
        let message = message(effect, element);
        assert!(message.ends_with(said), "{message}");
    }
}

#[test]
fn what_comes_of_a_wrong_arn_in_a_test() {
    for (operator, said) in [
        ("ArnLike", "no request matches this."),
        ("ArnEqualsIfExists", "no request matches this."),
        ("ArnNotLike", "every request matches this."),
        ("ArnNotEquals", "every request matches this."),
        ("StringNotLike", "every request matches this."),
    ] {
        for effect in ["Allow", "Deny"] {
            let text = format!(
                "Version: '2012-10-17'\nStatement: {{Effect: {effect}, Action: 's3:GetObject', Resource: '*', Condition: {{{operator}: {{'aws:PrincipalArn': 'arn:asw:iam::111111111111:role/x'}}}}}}\n"
            );
            let found = Fixture::new(&text, "").findings(&RULE);
            assert!(found[0].message.ends_with(said), "{operator}: {found:?}");
        }
    }
}

/// The safety of the first fix, and what it notes.
fn offered(text: &str) -> (Safety, Vec<String>) {
    let fixture = Fixture::new(text, "");
    let found = fixture.findings(&RULE);
    let safety = found[0].fixes[0].safety;
    (safety, fixture.fixes(&RULE)[0].notes.clone())
}

#[test]
fn what_a_deny_spares_is_mended_by_hand() {
    let resource = |effect: &str, element: &str, value: &str| {
        format!(
            "Resources:
  Own: {{Type: AWS::IAM::Role}}
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{{Effect: {effect}, Action: 'iam:PassRole', {element}: {value}}}]
"
        )
    };
    let principal = |effect: &str, element: &str, value: &str| {
        format!(
            "Resources:
  Own: {{Type: AWS::IAM::Role}}
  P:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: files
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{{Effect: {effect}, {element}: {{AWS: {value}}}, Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*'}}]
"
        )
    };
    for value in ["'arn:asw:iam::111111111111:role/x'", "!Ref Own"] {
        let (safety, notes) = offered(&resource("Deny", "NotResource", value));
        assert_eq!(safety, Safety::Manual, "{value}");
        assert!(notes[0].starts_with("it no longer denies the statement's actions on arn:"));
        let (safety, notes) = offered(&principal("Deny", "NotPrincipal", value));
        assert_eq!(safety, Safety::Manual, "{value}");
        assert!(notes[0].starts_with("it exempts arn:"), "{notes:?}");
        assert!(notes[0].ends_with(" from what the statement denies"));
        // What is denied more, and whom something is for, is.
        let (safety, notes) = offered(&resource("Deny", "Resource", value));
        assert_eq!((safety, notes.len()), (Safety::Unsafe, 1), "{value}");
        for (effect, comes) in [("Allow", "it lets arn:"), ("Deny", "it denies arn:")] {
            let (safety, notes) = offered(&principal(effect, "Principal", value));
            assert_eq!((safety, notes.len()), (Safety::Unsafe, 1), "{value}");
            assert!(notes[0].starts_with(comes), "{notes:?}");
        }
    }
    // What is named beside it is left out, or isn't, by that alone.
    for list in ["[!Ref Own, !GetAtt Own.Arn]", "[!GetAtt Own.Arn, !Ref Own]"] {
        let (safety, notes) = offered(&resource("Deny", "NotResource", list));
        assert_eq!((safety, notes.len()), (Safety::Safe, 0));
    }
}

#[test]
fn what_a_deny_comes_to_deny_is_named_where_it_is_allowed_beside_it() {
    let policy = |allowed: &str, element: &str| {
        format!(
            "Version: '2012-10-17'
Statement:
  - {{Effect: Allow, Action: '{allowed}', Resource: '*'}}
  - {{Effect: Deny, Action: 's3:GetObject', {element}: ['arn:aws:s3:::a/*', 'arn:aws:s3::123456789012:c/*']}}
"
        )
    };
    let fix = |text: &str| Fixture::new(text, "").fixes(&RULE).remove(0);
    let told = vec!["s3:GetObject on arn:aws:s3:::c/*".to_owned()];
    let lost = fix(&policy("s3:*", "Resource"));
    assert_eq!((lost.removes, lost.notes.len()), (told.clone(), 0));
    let gained = fix(&policy("s3:Get*", "NotResource"));
    assert_eq!((gained.adds, gained.notes.len()), (told, 0));
    // Nobody here allows that.
    for element in ["Resource", "NotResource"] {
        let other = fix(&policy("sqs:*", element));
        assert_eq!((other.adds.len(), other.removes.len()), (0, 0));
        assert_eq!(other.notes.len(), 1, "{element}");
    }
}
