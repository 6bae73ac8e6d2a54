use leastwise_syntax::Tree;

use super::super::tests::labels;
use crate::testing::{filled_in, fixture, format_of, template};

/// The text after a snippet is taken, each place with what it begins with, its lines indented as the client does it.
#[track_caller]
fn filled(marked: &str, label: &str) -> String {
    let (mut file, at) = fixture(marked);
    let items = file.completions(at);
    let item = items
        .iter()
        .find(|item| item.label == label && item.is_snippet);
    let item = item.unwrap_or_else(|| panic!("no {label} in {marked}"));
    let text = file.text();
    let insert = filled_in(text, item);
    let mut after = text.to_owned();
    after.replace_range(item.replace.range(), &insert);
    after
}

/// Snippets that a place has.
fn names(marked: &str) -> Vec<String> {
    let (mut file, at) = fixture(marked);
    let items = file
        .completions(at)
        .into_iter()
        .filter(|item| item.is_snippet);
    items.map(|item| item.label).collect()
}

const TRUSTING: [&str; 5] = [
    "assumed by a service",
    "assumed by an account",
    "assumed by GitHub Actions",
    "assumed by SAML users",
    "assumed with an external ID",
];

#[test]
fn every_snippet_gives_a_policy_without_fault() {
    let trust = |rest: &str| {
        format!(
            "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        {rest}"
        )
    };
    let json = "{\"Resources\": {\"Role\": {\"Type\": \"AWS::IAM::Role\", \"Properties\": {\"AssumeRolePolicyDocument\": {$0}}}}}";
    for marked in [
        "$0".to_owned(),
        "{$0}".to_owned(),
        "{\"$0\"}".to_owned(),
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    $0\n  ]\n}".to_owned(),
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {$0}\n  ]\n}".to_owned(),
        "Version: '2012-10-17'\nStatement:\n  - $0".to_owned(),
        "Version: '2012-10-17'\nStatement: [$0]".to_owned(),
        "Version: '2012-10-17'\nStatement: [{$0}]".to_owned(),
        "data \"aws_region\" \"own\" {}\n\nresource \"aws_iam_role\" \"main\" {\n  name = \"shop\"\n  assume_role_policy = jsonencode({\n    $0\n  })\n}\n".to_owned(),
        template("- $0"),
        trust("$0"),
        trust("Version: '2012-10-17'\n        Statement:\n          - $0"),
        json.to_owned(),
    ] {
        let all = names(&marked);
        assert!(!all.is_empty(), "{marked}");
        for label in all {
            let after = filled(&marked, &label);
            let tree = Tree::parse(after.clone(), format_of(&after));
            assert_eq!(
                tree.problems().len(),
                0,
                "{label}:\n{after}\n{:?}",
                tree.problems()
            );
            let mut file = crate::testing::file(&after);
            let errors: Vec<String> = file
                .diagnostics()
                .into_iter()
                .filter(|it| it.severity == crate::Severity::Error)
                .map(|it| it.message)
                .collect();
            assert_eq!(errors, [""; 0], "{label}:\n{after}");
        }
    }
}

/// A resource with a policy of its own, in each syntax of a template and of a module: the cursor is at the policy's first key, or at
/// a statement.
fn of_resource(own: [&str; 4]) -> [(String, &'static str); 8] {
    let [of_template, property, of_module, argument] = own;
    let yaml = |below: &str| {
        format!(
            "Resources:\n  Own:\n    Type: {of_template}\n    Properties:\n      {property}:\n        {below}"
        )
    };
    let json = |below: &str| {
        format!(
            "{{\"Resources\": {{\"Own\": {{\"Type\": \"{of_template}\", \"Properties\": {{\"{property}\": {{{below}}}}}}}}}}}"
        )
    };
    let module = |policy: &str| {
        format!("resource \"{of_module}\" \"own\" {{\n  {argument} = {policy}\n}}\n")
    };
    [
        (yaml("$0"), "policy"),
        (
            yaml("Version: '2012-10-17'\n        Statement:\n          - $0"),
            "statement",
        ),
        (
            yaml("Version: '2012-10-17'\n        Statement: [$0]"),
            "statement",
        ),
        (json("$0"), "policy"),
        (
            json("\"Version\": \"2012-10-17\", \"Statement\": [$0]"),
            "statement",
        ),
        (module("jsonencode({\n    $0\n  })"), "policy"),
        (
            module("jsonencode({\n    Statement = [{\n      $0\n    }]\n  })"),
            "statement",
        ),
        (module("$0"), "jsonencode"),
    ]
}

/// Whether a text has all these, in their order.
#[track_caller]
fn says(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let found = rest.split_once(part);
        rest = found.unwrap_or_else(|| panic!("no {part}: {text}")).1;
    }
}

#[test]
fn a_resources_policy_says_who_and_has_actions_of_its_service() {
    for (own, action, resource) in [
        (
            [
                "AWS::SQS::QueuePolicy",
                "PolicyDocument",
                "aws_sqs_queue_policy",
                "policy",
            ],
            "sqs:SendMessage",
            "arn:aws:sqs:us-east-1:111122223333:QUEUE",
        ),
        (
            [
                "AWS::SNS::TopicPolicy",
                "PolicyDocument",
                "aws_sns_topic_policy",
                "policy",
            ],
            "sns:Publish",
            "arn:aws:sns:us-east-1:111122223333:TOPIC",
        ),
        (
            ["AWS::KMS::Key", "KeyPolicy", "aws_kms_key_policy", "policy"],
            "kms:Decrypt",
            "*",
        ),
        (
            [
                "AWS::S3::BucketPolicy",
                "PolicyDocument",
                "aws_s3_bucket_policy",
                "policy",
            ],
            "s3:GetObject",
            "arn:aws:s3:::BUCKET/*",
        ),
    ] {
        for (marked, label) in of_resource(own) {
            let after = filled(&marked, label);
            let who = "arn:aws:iam::111111111111:root";
            let who = if label == "jsonencode" {
                "arn:aws:iam::111122223333:root"
            } else {
                who
            };
            says(
                &after,
                &[
                    "Effect",
                    "Principal",
                    "AWS",
                    who,
                    "Action",
                    action,
                    "Resource",
                    resource,
                ],
            );
            let mut file = crate::testing::file(&after);
            let errors = file.diagnostics().into_iter();
            let errors = errors.filter(|it| it.severity == crate::Severity::Error);
            let errors: Vec<String> = errors.map(|it| it.message).collect();
            assert_eq!(errors, [""; 0], "{after}");
        }
    }
    // Repositories name no resource in theirs.
    let repository = [
        "AWS::ECR::Repository",
        "RepositoryPolicyText",
        "aws_ecr_repository_policy",
        "policy",
    ];
    for (marked, label) in of_resource(repository) {
        let after = filled(&marked, label);
        says(&after, &["Principal", "ecr:BatchGetImage"]);
        assert!(
            !after.contains("Resource\"")
                && !after.contains("Resource:")
                && !after.contains("Resource "),
            "{after}"
        );
    }
}

#[test]
fn a_policy_by_itself_goes_on_as_its_first_statement_tells() {
    let json = |principal: &str| {
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", {principal}\"Action\": \"sqs:SendMessage\", \"Resource\": \"*\"}}, $0]}}"
        )
    };
    let yaml = |principal: &str| {
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    {principal}Action: sqs:SendMessage\n    Resource: '*'\n  - $0"
        )
    };
    for (marked, written) in [
        (
            json("\"Principal\": \"*\", "),
            json("\"Principal\": \"*\", "),
        ),
        (yaml("Principal: '*'\n    "), yaml("Principal: '*'\n    ")),
    ] {
        let (before, _) = written.split_once("$0").unwrap();
        let after = filled(&marked, "statement");
        let own = after.get(before.len()..).unwrap_or_default();
        says(own, &["Principal", "root", "sqs:SendMessage", "QUEUE"]);
    }
    for marked in [json(""), yaml("")] {
        let after = filled(&marked, "statement");
        assert!(!after.contains("Principal"), "{after}");
        says(&after, &["s3:GetObject", "arn:aws:s3:::BUCKET/*"]);
    }
}

#[test]
fn what_belongs_to_somebody_names_nobody() {
    let own = [
        "AWS::IAM::ManagedPolicy",
        "PolicyDocument",
        "aws_iam_policy",
        "policy",
    ];
    for (marked, label) in of_resource(own) {
        let after = filled(&marked, label);
        assert!(!after.contains("Principal"), "{after}");
        says(&after, &["s3:GetObject", "arn:aws:s3:::BUCKET/*"]);
    }
}

#[test]
fn a_trust_policy_is_offered_for_each_sort_of_principal() {
    let trust = "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - $0";
    assert_eq!(names(trust), TRUSTING);
    let github = filled(trust, "assumed by GitHub Actions");
    let (_, statement) = github.split_once("Statement:\n").unwrap();
    assert_eq!(
        statement,
        "          - Effect: Allow
            Principal:
              Federated: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com'
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals:
                token.actions.githubusercontent.com:aud: sts.amazonaws.com
                token.actions.githubusercontent.com:sub: repo:ORG/REPO:ref:refs/heads/main"
    );
    assert_eq!(
        names("Version: '2012-10-17'\nStatement:\n  - $0"),
        ["statement"]
    );
}

#[test]
fn what_is_begun_is_not_offered_as_a_whole() {
    assert_eq!(names("Version: '2012-10-17'\n$0"), [""; 0]);
    let begun = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    $0";
    assert_eq!(names(begun), ["condition"]);
    let has = format!("{begun}\n    Condition: {{}}\n");
    assert_eq!(names(&has), [""; 0]);
    assert!(labels(begun).contains(&"Condition".to_owned()));
    assert_eq!(
        names("{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"$0\"}]}"),
        [""; 0]
    );
}

#[test]
fn what_is_typed_is_replaced_quotes_and_all() {
    let after = filled("{\n  \"$0\"\n}", "policy");
    assert!(after.starts_with("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\""), "{after}");
}

#[test]
fn nothing_whole_stands_on_a_key_that_has_a_value() {
    for marked in [
        "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Condit$0ion:\n      Bool: {}\n",
        "Version: '2012-10-17'\nStatement:\n  - $0Sid: Queue\n    Effect: Allow\n",
    ] {
        let (mut file, at) = fixture(marked);
        let whole = file
            .completions(at)
            .into_iter()
            .filter(|item| item.is_snippet);
        let whole: Vec<String> = whole.map(|item| item.label).collect();
        assert_eq!(whole, [""; 0], "{marked}");
    }
}

#[test]
fn statements_stand_behind_their_key_in_brackets() {
    let json = "{\"Version\": \"2012-10-17\", \"Statement\": $0}";
    let (mut file, at) = fixture(json);
    let items = file.completions(at);
    let item = items.iter().find(|item| item.label == "statement");
    let item = item.expect("it is offered");
    let mut text = file.text().to_owned();
    text.replace_range(item.replace.range(), &filled_in(file.text(), item));
    assert!(text.contains("\"Statement\": [\n"), "{text}");
    let tree = leastwise_syntax::Tree::parse(text.clone(), leastwise_syntax::Format::Json);
    assert!(tree.problems().is_empty(), "{text}");
}

#[test]
fn lines_are_indented_and_quoted_as_those_of_the_file() {
    let yaml = "Version: \"2012-10-17\"\nStatement:\n    - Sid: One\n      Effect: Allow\n      Condition:\n          Bool:\n              aws:SecureTransport: \"true\"\n    - $0\n";
    let statement = "Effect: Allow\n      Action:\n          - s3:GetObject\n      Resource:\n          - \"arn:aws:s3:::BUCKET/*\"";
    assert_eq!(filled(yaml, "statement"), yaml.replace("$0", statement));
    for unit in ["\t", "    ", "  "] {
        let json = format!("{{\n{unit}\"Statement\": [\n{unit}{unit}$0\n{unit}]\n}}\n");
        let wanted = json.replace(
            "$0",
            &format!("{{\n{unit}{unit}{unit}\"Effect\": \"Allow\",\n{unit}{unit}{unit}\"Action\": [\"s3:GetObject\"],\n{unit}{unit}{unit}\"Resource\": [\"arn:aws:s3:::BUCKET/*\"]\n{unit}{unit}}}"),
        );
        assert_eq!(filled(&json, "statement"), wanted);
        let object = format!(
            "resource \"aws_iam_policy\" \"p\" {{\n{unit}policy = jsonencode({{\n{unit}{unit}$0\n{unit}}})\n}}\n"
        );
        let after = filled(&object, "policy");
        let margin = unit.repeat(4);
        assert!(
            after.contains(&format!("\n{margin}Effect = \"Allow\"\n")),
            "{after}"
        );
    }
}

#[test]
fn a_version_has_the_quotes_of_the_file() {
    let policy = |first: &str, second: &str| {
        format!(
            "Resources:\n  A:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      Description: {first}\n      PolicyDocument:\n        Version: {second}\n"
        )
    };
    for (first, written) in [
        ("'x'", "'2012-10-17'"),
        ("\"x\"", "\"2012-10-17\""),
        ("x", "'2012-10-17'"),
    ] {
        let marked = policy(first, "$0");
        let after = super::super::tests::take(&marked, "2012-10-17");
        assert_eq!(after, policy(first, written));
    }
    let bare = format!(
        "AWSTemplateFormatVersion: \"2010-09-09\"\n{}",
        policy("x", "2012-10-17")
    );
    let marked = format!(
        "{bare}  B:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Version: $0\n"
    );
    let after = super::super::tests::take(&marked, "2012-10-17");
    assert_eq!(after, marked.replace("$0", "2012-10-17"));
}
