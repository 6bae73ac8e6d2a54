//! Where the rules on actions are silent, and where they offer no fix: each row is there for a guard of theirs.

use crate::actions::{action_matches_nothing, redundant_action, unknown_action, unknown_service};
use crate::tests::fixture::{Fixture, Found};
use leastwise_model::Level;

fn policy(actions: &str) -> String {
    format!(
        "Version: '2012-10-17'\nStatement: {{Effect: Allow, Action: [{actions}], Resource: '*'}}\n"
    )
}

/// A template with a parameter and an action.
fn template(action: &str, parameter: &str) -> String {
    format!(
        "Parameters: {{Name: {parameter}}}
Resources:
  Shop:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: {{Effect: Allow, Action: [{action}], Resource: '*'}}
"
    )
}

fn title(finding: &Found) -> &str {
    finding.fixes.first().map_or("", |fix| fix.title.as_str())
}

/// The titles of the findings' first fixes in a list of actions; an empty one where there is none.
fn titles(rule: &crate::Rule, actions: &str) -> Vec<String> {
    let findings = Fixture::new(&policy(actions), "").findings(rule);
    findings.iter().map(|of| title(of).to_owned()).collect()
}

#[test]
fn what_a_malformed_action_was_meant_to_be() {
    let rule = &unknown_action::RULE;
    let stars = |count: usize| "*".repeat(count);
    for (text, wanted) in [
        ("s3:\"GetObject\"".to_owned(), "Replace with s3:GetObject"),
        ("s3GetObject".to_owned(), "Replace with s3:GetObject"),
        // A wildcard where the colon is missing may be of either side.
        ("s3*".to_owned(), ""),
        ("s3*GetObject".to_owned(), ""),
        ("s*GetObject".to_owned(), ""),
        // No letters of a service or an action.
        ("s3GetÖbject".to_owned(), ""),
        (" , ".to_owned(), ""),
        // As long as an action may be, and longer.
        (
            format!("s3GetObject{}", stars(117)),
            "Replace with s3:GetObject",
        ),
        (format!("s3GetObject{}", stars(118)), ""),
    ] {
        let titles = titles(rule, &format!("'{text}'"));
        let [title] = titles.as_slice() else {
            panic!("{text}: {titles:?}")
        };
        assert_eq!(title.trim_end_matches('*'), wanted, "{text}");
    }
    for (count, wanted) in [(64, "Split into 64 actions"), (65, "")] {
        let text = vec!["s3:GetObject"; count].join(", ");
        assert_eq!(titles(rule, &format!("'{text}'")), [wanted]);
    }
}

#[test]
fn what_stands_beside_an_unknown_action() {
    let rule = &unknown_action::RULE;
    for (actions, wanted) in [
        ("s3:GetObejct", "Replace with s3:GetObject"),
        ("s3:GetObejct, s3:PutObject", "Replace with s3:GetObject"),
        ("s3:GetObejct, s3:GetObject", "Remove it"),
        ("s3:GetObejct, 's3:Get*'", "Remove it"),
        (
            "s3:ListObjectsV2, s3:PutObject",
            "Replace with s3:ListBucket",
        ),
        ("s3:ListObjectsV2, s3:ListBucket", "Remove it"),
    ] {
        assert_eq!(titles(rule, actions), [wanted], "{actions}");
    }
    let help = |rule, action: &str| {
        let findings = Fixture::new(&policy(action), "").findings(rule);
        findings[0].help.clone()
    };
    assert_eq!(help(rule, "s3:GetObejct"), "Did you mean `s3:GetObject`?");
    assert_eq!(
        help(&unknown_service::RULE, "lamda:InvokeFunction"),
        "Did you mean `lambda:InvokeFunction`?"
    );
}

#[test]
fn what_aws_writes_itself_is_of_one_service_and_one_name() {
    for (action, findings) in [
        ("sns:Receive", 0),
        ("SNS:receive", 0),
        ("sqs:Receive", 1),
        ("sns:Recieve", 1),
    ] {
        let found = Fixture::new(&policy(action), "").findings(&unknown_action::RULE);
        assert_eq!(found.len(), findings, "{action}");
    }
}

#[test]
fn the_first_256_are_guessed_at() {
    // Each of them another name, lest they be told as one.
    let slip = |at: usize| {
        let cased = "GetObejct".bytes().enumerate();
        let cased = cased.map(|(bit, byte)| match at >> bit & 1 {
            1 => char::from(byte.to_ascii_uppercase()),
            _ => char::from(byte.to_ascii_lowercase()),
        });
        format!("s3:{}", cased.collect::<String>())
    };
    let actions: Vec<String> = (0..257).map(slip).collect();
    let titles = titles(&unknown_action::RULE, &actions.join(", "));
    assert_eq!(titles.len(), 257);
    assert_eq!(titles[255], "Replace with s3:GetObject");
    assert_eq!(titles[256], "");
}

#[test]
fn patterns_that_may_mean_anything_are_not_corrected() {
    let stars = |count: usize| "*".repeat(count);
    for (action, wanted) in [
        ("s3:xGet*".to_owned(), "Replace with s3:Get*"),
        // What would be left is too short to tell.
        ("s3:xG*".to_owned(), ""),
        (format!("s3:GetObejct{}", stars(55)), "Replace with s3:"),
        (format!("s3:GetObejct{}", stars(56)), ""),
        ("s3:*GetObejct*".to_owned(), ""),
    ] {
        let titles = titles(&action_matches_nothing::RULE, &format!("'{action}'"));
        let [title] = titles.as_slice() else {
            panic!("{action}: {titles:?}")
        };
        let same = title.starts_with(wanted) && title.is_empty() == wanted.is_empty();
        assert!(same, "{action}: {title}");
    }
}

#[test]
fn actions_of_parameters() {
    for (parameter, findings) in [
        ("{Type: String, AllowedValues: [GetObejct]}", 1),
        ("{Type: String, AllowedValues: [GetObject]}", 0),
        ("{Type: String, AllowedValues: [GetObejct, GetObject]}", 1),
        // Anything may be given.
        ("{Type: String, Default: GetObejct}", 0),
        ("{Type: String, AllowedValues: [\"Get\\nObject\"]}", 0),
    ] {
        let text = template("!Sub 's3:${Name}'", parameter);
        let found = Fixture::new(&text, "").findings(&unknown_action::RULE);
        assert_eq!(found.len(), findings, "{parameter}: {found:?}");
    }
}

#[test]
fn an_action_that_is_known_in_some_regions_only() {
    let config =
        "[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1', 'us-east-1']\n";
    for (names, findings) in [
        (
            "{eu-west-1: {Read: GetObejct}, us-east-1: {Read: GetObject}}",
            1,
        ),
        (
            "{eu-west-1: {Read: GetObejct}, us-east-1: {Read: !Ref Name}}",
            0,
        ),
        ("{eu-west-1: {Read: GetObejct}}", 0),
    ] {
        let action = "!Sub ['s3:${Read}', {Read: !FindInMap [Names, !Ref 'AWS::Region', Read]}]";
        let text = format!(
            "Mappings: {{Names: {names}}}\n{}",
            template(action, "{Type: String}")
        );
        let found = Fixture::new(&text, config).findings(&unknown_action::RULE);
        assert_eq!(found.len(), findings, "{names}: {found:?}");
    }
}

#[test]
fn all_that_may_be_meant_is_offered() {
    let titles = |actions: &str| -> Vec<String> {
        let found = Fixture::new(&policy(actions), "").findings(&unknown_action::RULE);
        let fixes = found.iter().flat_map(|of| &of.fixes);
        fixes.map(|fix| fix.title.clone()).collect()
    };
    let (one, several) = (
        "Replace with ec2:CreateSnapshot",
        "Replace with ec2:CreateSnapshots",
    );
    for (actions, wanted) in [
        ("ec2:CreateSnapshotss", &[several, one][..]),
        (
            "ec2:CreateSnapshotss, ec2:CreateSnapshot",
            &["Remove it", several],
        ),
        // It is removed once.
        (
            "ec2:CreateSnapshotss, 'ec2:CreateSnapshot*'",
            &["Remove it"],
        ),
    ] {
        assert_eq!(titles(actions), wanted, "{actions}");
    }
}

#[test]
fn only_what_is_plain_is_written_in_bulk() {
    use crate::Safety::{Manual, Safe, Unsafe};
    let in_list = |statement: &str| {
        let text = format!("Version: '2012-10-17'\nStatement: {{{statement}, Resource: '*'}}\n");
        let fixture = Fixture::new(&text, "");
        let found = [
            "unknown-action",
            "unknown-service",
            "action-matches-nothing",
        ];
        let found = found.iter().filter_map(|id| crate::rule(id));
        let fixes = found.flat_map(|rule| fixture.findings(rule));
        let fixes = fixes
            .flat_map(|of| of.fixes)
            .map(|fix| (fix.title, fix.safety));
        fixes.collect::<Vec<_>>()
    };
    for (statement, wanted) in [
        (
            "Effect: Allow, Action: ['s3:GetObejct']",
            &[("Replace with s3:GetObject", Unsafe)][..],
        ),
        // What says the opposite is never meant, nor another service by what is this one's.
        ("Effect: Allow, Action: ['ds:DisconnectDirectory']", &[]),
        (
            "Effect: Allow, Action: ['ec2:DisattachVolume']",
            &[("Replace with ec2:DetachVolume", Manual)],
        ),
        ("Effect: Allow, Action: ['sns:Unpublish']", &[]),
        // Another service's permission, or another verb's.
        (
            "Effect: Allow, Action: ['ecr-public:BatchGetImage']",
            &[("Replace with ecr:BatchGetImage", Manual)],
        ),
        (
            "Effect: Allow, Action: ['vpc:DescribeSubnets']",
            &[("Replace with ec2:DescribeSubnets", Manual)],
        ),
        (
            "Effect: Allow, Action: ['docdb:CreateDBCluster']",
            &[("Replace with rds:CreateDBCluster", Manual)],
        ),
        (
            "Effect: Allow, Action: ['lamda:InvokeFunction']",
            &[("Replace with lambda:InvokeFunction", Unsafe)],
        ),
        // Nothing becomes everything.
        (
            "Effect: Allow, Action: ['docdb:*']",
            &[("Replace with rds:*", Manual)],
        ),
        (
            "Effect: Allow, Action: ['lamda:*']",
            &[("Replace with lambda:*", Manual)],
        ),
        (
            "Effect: Allow, Action: ['s3/*']",
            &[("Replace with s3:*", Manual)],
        ),
        (
            "Effect: Allow, Action: ['sqs:Lsit*']",
            &[("Replace with sqs:List*", Unsafe)],
        ),
        // What is there isn't what was meant.
        (
            "Effect: Allow, Action: ['dynamodb:CreateItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem']",
            &[],
        ),
        (
            "Effect: Allow, Action: ['s3:GetObejct', 's3:GetObject']",
            &[("Remove it", Unsafe)],
        ),
        (
            "Effect: Allow, Action: ['lamda:InvokeFunction', 'lambda:InvokeFunction']",
            &[("Remove it", Unsafe)],
        ),
        // AWS says that the one is the other.
        (
            "Effect: Allow, Action: ['s3:ListObjectsV2', 's3:ListBucket']",
            &[("Remove it", Safe)],
        ),
        // Half of a word isn't written twice.
        (
            "Effect: Allow, Action: ['lambda:CreateFunction', 'lambda:CreateFunctio']",
            &[("Remove it", Manual)],
        ),
        (
            "Effect: Allow, Action: ['lambda:CreateFunction', 'lambda:createFunctionU']",
            &[("Remove it", Manual)],
        ),
        (
            "Effect: Deny, Action: ['s3:GetObejct', 's3:GetObject']",
            &[("Remove it", Manual)],
        ),
        (
            "Effect: Allow, NotAction: ['s3:GetObejct', 's3:GetObject']",
            &[("Remove it", Manual)],
        ),
        // What stands beside it may not be there, or it is all that a branch has.
        (
            "Effect: Allow, Action: ['s3:GetObejct', 'sqs:SendMessage', {'Fn::If': [Big, 's3:GetObject', 'sqs:SendMessage']}]",
            &[("Remove it", Manual)],
        ),
        (
            "Effect: Allow, Action: ['s3:GetObject', {'Fn::If': [Big, ['s3:GetObejct'], ['sqs:SendMessage']]}]",
            &[("Remove it", Manual)],
        ),
        (
            "Effect: Allow, Action: ['s3:GetObject', {'Fn::If': [Big, ['s3:GetObejct', 'sqs:SendMessage'], []]}]",
            &[("Remove it", Unsafe)],
        ),
    ] {
        let found = in_list(statement);
        let found: Vec<_> = found.iter().map(|of| (of.0.as_str(), of.1)).collect();
        assert_eq!(found, wanted, "{statement}");
    }
}

#[test]
fn an_operation_that_was_an_action_may_still_have_an_effect() {
    for (action, level) in [
        ("s3:ListObjectsV2", Level::Error),
        ("s3:DeleteBucketOwnershipControls", Level::Warning),
    ] {
        let found = Fixture::new(&policy(action), "").findings(&unknown_action::RULE);
        assert_eq!(found[0].level, level, "{action}");
        assert!(
            found[0].message.contains("it is an API operation"),
            "{found:?}"
        );
    }
}

#[test]
fn an_action_that_comes_twice_from_one_place_is_not_redundant() {
    let rule = &redundant_action::RULE;
    for (text, findings) in [
        (policy("s3:GetObject, s3:GetObject"), 1),
        (policy("&read s3:GetObject, *read"), 0),
    ] {
        let found = Fixture::new(&text, "").findings(rule);
        assert_eq!(found.len(), findings, "{text}: {found:?}");
    }
}
