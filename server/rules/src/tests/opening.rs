//! What a fix opens to everybody: never in bulk, and never without saying so.

use super::bulk::CONFIG;
use super::fixture::Fixture;
use super::impact::offers;
use crate::ResolvedFix;
use crate::Safety::{Manual, Unsafe};

/// The first fix of a rule's first finding.
fn fix(text: &str, rule: &str) -> ResolvedFix {
    let rule = crate::rule(rule).expect("a rule");
    Fixture::new(text, CONFIG).fixes(rule).remove(0)
}

/// A resource with a policy of one statement, in brackets and in lines.
fn template(kind: &str, policy: &str, pairs: &[(&str, &str)]) -> [String; 2] {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|of| format!("{}: {}", of.0, of.1))
        .collect();
    let head = format!(
        "Resources:\n  R:\n    Type: {kind}\n    Properties:\n      Bucket: shop\n      {policy}:\n        Version: '2012-10-17'\n        Statement:\n          - "
    );
    [
        format!("{head}{{{}}}\n", pairs.join(", ")),
        format!("{head}{}\n", pairs.join("\n            ")),
    ]
}

const GITHUB: &str =
    "{Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com'}";
const AUDIENCE: &str =
    "{StringEquals: {'token.actions.githubusercontent.com:aud': sts.amazonaws.com}}";
const SUBJECT: &str = "{StringEquals: {'token.actions.githubusercontent.com:aud': sts.amazonaws.com, 'token.actions.githubusercontent.com:sub': 'repo:acme/shop:ref:refs/heads/main'}}";
const NONE: &str = "{}";

#[test]
fn a_trust_that_comes_to_life() {
    let web = "sts:AssumeRoleWithWebIdentity";
    let saml = "sts:AssumeRoleWithSAML";
    let own = "sts:AssumeRole";
    let org = "{StringEquals: {'aws:PrincipalOrgID': o-abcdefghij}}";
    let provider = "{Federated: 'arn:aws:iam::111111111111:saml-provider/corp'}";
    let google = "{Federated: accounts.google.com}";
    let app = "{StringEquals: {'accounts.google.com:aud': '1234.apps.example.com'}}";
    let named = "it lets the statement's principals assume the role";
    let everybody = "it lets anyone assume the role";
    let anybody = "it lets any user of the identity provider assume the role";
    for (principal, action, condition, wanted, note) in [
        ("{AWS: '*'}", web, NONE, Manual, everybody),
        ("{AWS: ['*']}", saml, NONE, Manual, everybody),
        ("{AWS: '*'}", web, org, Unsafe, named),
        ("{AWS: '111111111111'}", web, NONE, Unsafe, named),
        ("{Service: lambda.amazonaws.com}", saml, NONE, Unsafe, named),
        (GITHUB, own, AUDIENCE, Manual, anybody),
        (GITHUB, own, NONE, Manual, anybody),
        (GITHUB, own, SUBJECT, Unsafe, named),
        (google, own, NONE, Manual, anybody),
        (google, own, app, Unsafe, named),
        (provider, own, NONE, Unsafe, named),
    ] {
        let pairs = [
            ("Effect", "Allow"),
            ("Principal", principal),
            ("Action", action),
            ("Condition", condition),
        ];
        for text in template("AWS::IAM::Role", "AssumeRolePolicyDocument", &pairs) {
            assert_eq!(offers(&text, &["invalid-trust"]), [wanted], "{text}");
            assert_eq!(fix(&text, "invalid-trust").notes, [note], "{text}");
        }
    }
}

#[test]
fn a_trust_that_comes_to_life_in_terraform() {
    let module = |kind: &str, who: &str, action: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"a\" {{\n  statement {{\n    actions = [\"{action}\"]\n    principals {{\n      type        = \"{kind}\"\n      identifiers = [\"{who}\"]\n    }}\n  }}\n}}\n\nresource \"aws_iam_role\" \"a\" {{\n  assume_role_policy = data.aws_iam_policy_document.a.json\n}}\n"
        )
    };
    for (kind, who, action, wanted) in [
        ("AWS", "*", "sts:AssumeRoleWithSAML", Manual),
        ("AWS", "111111111111", "sts:AssumeRoleWithSAML", Unsafe),
        ("Federated", "accounts.google.com", "sts:AssumeRole", Manual),
    ] {
        let text = module(kind, who, action);
        assert_eq!(offers(&text, &["invalid-trust"]), [wanted], "{text}");
    }
}

#[test]
fn objects_of_a_bucket() {
    const RULE: &str = "action-resource-mismatch";
    const ON: &str = "s3:GetObject on arn:aws:s3:::shop/*";
    let both = "['s3:ListBucket', 's3:GetObject']";
    for (principal, actions, wanted, whom) in [
        ("'*'", "['s3:GetObject']", Manual, ", for everyone"),
        ("{AWS: '*'}", "'s3:GetObject'", Manual, ", for everyone"),
        ("{AWS: ['*']}", both, Manual, ", for everyone"),
        ("{AWS: '111111111111'}", "'s3:GetObject'", Unsafe, ""),
        ("{AWS: '111111111111'}", both, Unsafe, ""),
    ] {
        let pairs = [
            ("Effect", "Allow"),
            ("Principal", principal),
            ("Action", actions),
            ("Resource", "'arn:aws:s3:::shop'"),
        ];
        for text in template("AWS::S3::BucketPolicy", "PolicyDocument", &pairs) {
            assert_eq!(offers(&text, &[RULE]), [wanted], "{text}");
            assert_eq!(fix(&text, RULE).adds, [format!("{ON}{whom}")], "{text}");
        }
    }
    // Nor the bucket by its objects, nor objects by a bucket that nothing works on.
    for (principal, wanted) in [("'*'", Manual), ("{AWS: '111111111111'}", Unsafe)] {
        for (actions, resources) in [
            ("'s3:ListBucket'", "'arn:aws:s3:::shop/*'"),
            (
                "'s3:GetObject'",
                "['arn:aws:s3:::shop', 'arn:aws:s3:::other/*']",
            ),
        ] {
            let pairs = [
                ("Effect", "Allow"),
                ("Principal", principal),
                ("Action", actions),
                ("Resource", resources),
            ];
            for text in template("AWS::S3::BucketPolicy", "PolicyDocument", &pairs) {
                assert_eq!(offers(&text, &[RULE]), [wanted], "{text}");
            }
        }
    }
}

#[test]
fn objects_of_a_bucket_in_terraform() {
    for (kind, who, wanted) in [
        ("*", "*", Manual),
        ("AWS", "*", Manual),
        ("AWS", "111111111111", Unsafe),
    ] {
        let text = format!(
            "data \"aws_iam_policy_document\" \"a\" {{\n  statement {{\n    actions   = [\"s3:GetObject\"]\n    resources = [\"arn:aws:s3:::shop\"]\n    principals {{\n      type        = \"{kind}\"\n      identifiers = [\"{who}\"]\n    }}\n  }}\n}}\n"
        );
        let found = offers(&text, &["action-resource-mismatch"]);
        assert_eq!(found, [wanted], "{text}");
    }
}

#[test]
fn streams_of_a_log_group() {
    for (principal, wanted) in [("'*'", Manual), ("{AWS: '111111111111'}", Unsafe)] {
        let text = format!(
            "Version: '2012-10-17'\nStatement: [{{Effect: Allow, Principal: {principal}, Action: 'logs:GetLogEvents', Resource: 'arn:aws:logs:eu-west-1:111111111111:log-group:shop'}}]\n"
        );
        let found = offers(&text, &["action-resource-mismatch"]);
        assert_eq!(found, [wanted], "{text}");
    }
}
