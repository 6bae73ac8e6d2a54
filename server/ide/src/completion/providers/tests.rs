use crate::completion::tests::{labels, take};

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
