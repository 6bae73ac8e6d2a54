use std::sync::Arc;

use leastwise_syntax::Format;

use crate::completion::tests::{labels, take};
use crate::testing::cut;
use crate::{Config, File};

const GITHUB: &str = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com";

/// A trust policy of a provider in YAML and JSON, with a condition that is being written.
fn trust(provider: &str, yaml: &str, json: &str) -> [String; 2] {
    [
        format!(
            "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Principal:\n      Federated: {provider}\n    Action: sts:AssumeRoleWithWebIdentity\n    Condition:\n      StringEquals:\n        {yaml}"
        ),
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Principal\": {{\"Federated\": \"{provider}\"}}, \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Condition\": {{\"StringEquals\": {{{json}}}}}}}]}}"
        ),
    ]
}

#[test]
fn keys_of_the_statements_provider_come_first() {
    for marked in trust(GITHUB, "$0", "\"$0\"") {
        let keys = labels(&marked);
        assert_eq!(
            keys[..3],
            [
                "token.actions.githubusercontent.com:sub",
                "token.actions.githubusercontent.com:aud",
                "token.actions.githubusercontent.com:actor",
            ],
            "{marked}"
        );
        let at = |name: &str| keys.iter().position(|key| key == name);
        let other = at("gitlab.com:project_id");
        assert!(other.is_some() && at("sts:RoleSessionName") < other && at("aws:SourceIp") < other);
    }
    // A provider that nobody else has, by its address.
    let cluster =
        "arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AB12";
    for marked in trust(cluster, "$0", "\"$0\"") {
        let keys = labels(&marked);
        assert_eq!(keys[0], "oidc.eks.eu-west-1.amazonaws.com/id/AB12:sub");
        assert!(!keys.contains(&"token.actions.githubusercontent.com:sub".to_owned()));
    }
    // A statement that is about no provider has none of them in front.
    let role = "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Principal: {AWS: '111111111111'}\n    Action: sts:AssumeRole\n    Condition:\n      StringEquals:\n        $0";
    assert!(!labels(role)[0].contains("githubusercontent"));
}

#[test]
fn subjects_of_github_by_names_and_by_ids() {
    let key = "token.actions.githubusercontent.com:sub";
    for marked in trust(GITHUB, &format!("{key}: $0"), &format!("\"{key}\": \"$0\"")) {
        assert_eq!(
            labels(&marked),
            [
                "repo:ORG/REPO:ref:refs/heads/main",
                "repo:ORG/REPO:environment:NAME",
                "repo:ORG@ORG_ID/REPO@REPO_ID:ref:refs/heads/main",
                "repo:ORG@ORG_ID/REPO@REPO_ID:environment:NAME",
            ],
            "{marked}"
        );
        let subject = "repo:ORG/REPO:environment:NAME";
        assert_eq!(take(&marked, subject), marked.replace("$0", subject));
    }
    let module = format!(
        "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    condition {{\n      test = \"StringEquals\"\n      variable = \"{key}\"\n      values = [\"$0\"]\n    }}\n  }}\n}}\n"
    );
    assert_eq!(labels(&module).len(), 4);
    let key = "token.actions.githubusercontent.com:aud";
    for marked in trust(GITHUB, &format!("{key}: $0"), &format!("\"{key}\": \"$0\"")) {
        assert_eq!(labels(&marked), ["sts.amazonaws.com"]);
    }
}

#[test]
fn principals_at_the_end_of_a_statement() {
    // The last line of the document, which ended before it.
    let bucket = "Resources:\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: data\n      PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: Allow\n            Action: s3:GetObject\n            Resource: '*'\n            $0";
    assert!(labels(bucket).contains(&"Principal".to_owned()));
    assert!(
        labels(&format!("{bucket}\n  Other:\n    Type: AWS::SNS::Topic\n"))
            .contains(&"Principal".to_owned())
    );
    let role = bucket.replace("AWS::S3::BucketPolicy", "AWS::IAM::Policy");
    assert!(!labels(&role).contains(&"Principal".to_owned()));
    let trust = "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement:\n          - Effect: Allow\n            Action: sts:AssumeRole\n            $0";
    assert!(labels(trust).contains(&"Principal".to_owned()));
    // A document by itself, whose kind its first statement may still tell.
    let alone =
        "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action: sqs:SendMessage\n    $0";
    assert!(labels(alone).contains(&"Principal".to_owned()));
    let json = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sqs:SendMessage\", \"$0\"}]}";
    assert!(labels(json).contains(&"Principal".to_owned()));
    let second = format!(
        "{}  - Effect: Allow\n    $0",
        alone.replace("    $0", "    Resource: '*'\n")
    );
    assert!(!labels(&second).contains(&"Principal".to_owned()));
}

/// What is offered for the provider of a statement where the config names no account, each with what it puts in.
fn without_account(path: &str, format: Format, marked: &str) -> Vec<(String, String, bool)> {
    let (text, at) = cut(marked);
    let mut file = File::new(path, text, format, Arc::new(Config::parse("")));
    let items = file.completions(at).into_iter();
    items
        .map(|item| (item.label, item.insert, item.is_snippet))
        .collect()
}

#[test]
fn a_provider_is_in_the_account_that_the_file_is_deployed_to() {
    let github = |account: &str| {
        format!("arn:aws:iam::{account}:oidc-provider/token.actions.githubusercontent.com")
    };
    let module = |before: &str| {
        format!(
            "{before}resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = jsonencode({{\n    Statement = [{{ Effect = \"Allow\", Action = \"sts:AssumeRoleWithWebIdentity\", Principal = {{ Federated = \"$0\" }} }}]\n  }})\n}}\n"
        )
    };
    let json = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Principal\": {\"Federated\": \"$0\"}}]}";
    let yaml = "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement:\n          - Effect: Allow\n            Action: sts:AssumeRoleWithWebIdentity\n            Principal:\n              Federated: $0\n";
    let called = github("${AWS::AccountId}").replace("arn:aws:", "arn:${AWS::Partition}:");
    let own = "data \"aws_caller_identity\" \"me\" {}\n";
    for (path, format, marked, insert, is_snippet) in [
        (
            "a.json",
            Format::Json,
            json.to_owned(),
            github("${1:111122223333}"),
            true,
        ),
        (
            "a.tf",
            Format::Hcl,
            module(""),
            github("${1:111122223333}"),
            true,
        ),
        (
            "a.tf",
            Format::Hcl,
            module(own),
            github("${data.aws_caller_identity.me.account_id}"),
            false,
        ),
        (
            "a.yaml",
            Format::Yaml,
            yaml.to_owned(),
            format!("!Sub '{called}'"),
            false,
        ),
    ] {
        let offered = without_account(path, format, &marked);
        let (_, first, snippet) = &offered[0];
        assert_eq!((first, *snippet), (&insert, is_snippet), "{marked}");
        for provider in super::BUILT_IN {
            let mut own = offered.iter();
            assert!(own.any(|(label, ..)| label == provider), "{offered:?}");
        }
    }
}
