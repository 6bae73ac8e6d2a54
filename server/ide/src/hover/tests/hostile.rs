//! Texts that a repository brings, in its files and in its config, with Markdown in them.

use std::sync::Arc;

use crate::testing::{cut, format_of};
use crate::{Config, File};

/// What ends code, a link, and a line, in files that hold it as it is.
const EVIL: &str = "a`](command:x)<img src=x>[b](mailto:example.com)|``[c](d)";

/// What a reader of Markdown takes for marks: the text without its code.
fn outside_of_code(markdown: &str) -> String {
    let mut out = String::new();
    let mut rest = markdown;
    while let Some(at) = rest.find('`') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let run = |text: &str| text.len() - text.trim_start_matches('`').len();
        let fence = run(rest);
        let mut end = fence;
        loop {
            let Some(next) = rest[end..].find('`') else {
                panic!("code that doesn't end in\n{markdown}");
            };
            let length = run(&rest[end + next..]);
            let inside = &rest[fence..end + next];
            end += next + length;
            if length == fence {
                assert!(!inside.contains('\n'), "code over lines in\n{markdown}");
                break;
            }
        }
        rest = &rest[end..];
    }
    out + rest
}

/// Checks that the hover says what is written, as code alone.
#[track_caller]
fn check(path: &str, marked: &str, config: &str) {
    let (text, at) = cut(&marked.replace("EVIL", EVIL));
    let config = config.replace("EVIL", EVIL);
    let format = format_of(&text);
    let mut file = File::new(path, text, format, Arc::new(Config::parse(&config)));
    let hover = file
        .hover(at)
        .unwrap_or_else(|| panic!("no hover in {marked}"));
    assert!(
        hover.markdown.contains("x)<img src=x>"),
        "{}",
        hover.markdown
    );
    let marks = outside_of_code(&hover.markdown);
    for mark in ["command:", "<img", "example.com", "](d)"] {
        assert!(!marks.contains(mark), "{mark} in\n{}", hover.markdown);
    }
}

const ACCOUNTS: &str = "[accounts]\n'EVIL' = '111111111111'\nprod = '222222222222'\n[variables]\nStage = 'EVIL'\n[deploy]\nregions = ['eu-west-1']\n";

fn yaml(element: &str) -> String {
    format!("Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    {element}\n")
}

#[test]
fn a_policy_brings_no_marks() {
    for element in [
        "Resource: 'arn:aws:s3$0:::EVIL'",
        "Principal: {AWS: 'arn:aws:iam::111111111111:role/x$0EVIL'}",
        "Principal: {AWS: 'arn:aws:iam::111111111111:user/x$0EVIL'}",
        "Principal: {AWS: 'arn:aws:sts::111111111111:assumed-role/x/y$0EVIL'}",
        "Principal: {Federated: 'arn:aws:iam::111111111111:oidc-provider/x$0EVIL'}",
        "Principal: {Federated: 'arn:aws:iam::111111111111:saml-provider/x$0EVIL'}",
        "Condition: {StringEquals: {'token.actions.githubusercontent.com:sub': 'repo:a/x$0EVIL:*'}}",
        "Condition: {StringEquals: {'token.actions.githubusercontent.com:sub': 'repo:a/b:ref:refs/heads/x$0EVIL'}}",
        "Condition: {StringEquals: {'token.actions.githubusercontent.com:sub': 'repo:a/b:environment:x$0EVIL'}}",
        "Condition: {StringEquals: {'token.actions.githubusercontent.com:sub': 'x$0EVIL'}}",
        "Condition: {StringEquals: {'token.actions.githubusercontent.com:aud': 'x$0EVIL'}}",
        "Condition: {StringEquals: {'oidc.eks.x.amazonaws.com/id/A:sub': 'system:serviceaccount:n:x$0EVIL'}}",
    ] {
        check("shop.yaml", &yaml(element), "");
    }
}

#[test]
fn a_config_brings_no_marks() {
    for element in [
        "Principal: {AWS: 'arn:aws:iam::11111111$01111:root'}",
        "Resource: 'arn:aws:sqs:eu-west-1:11111111$01111:x'",
        "Condition: {StringEquals: {'aws:PrincipalAccount': '11111111$01111'}}",
    ] {
        check("shop.yaml", &yaml(element), ACCOUNTS);
    }
    let template = |value: &str| {
        format!(
            "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  Stage: {{Type: String}}\nResources:\n  R:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - Effect: Allow\n            Action: 's3:GetObject'\n            Resource: {value}\n"
        )
    };
    for value in [
        "!Sub 'arn:aws:s3:::${Sta$0ge}/x'",
        // Several environments, each of which is called as an account is.
        "!Sub 'arn:aws:s3:::${AWS::Acc$0ountId}/x'",
    ] {
        check("shop.yaml", &template(value), ACCOUNTS);
    }
}

#[test]
fn blocks_and_names_bring_no_marks() {
    let block = "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions   = [\"s3:GetObject\"]\n    resources = [\"arn:aws:s3$0:::EVIL\"]\n  }\n}\n";
    check("shop.tf", block, "");
    let custom = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Own$0Thing:\n    Type: 'Custom::EVIL'\n";
    check("shop.yaml", custom, "");
    let job = "on: push\npermissions: {id-token: write}\njobs:\n  'EVIL':\n    runs-on: ubuntu-latest\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v4\n        with:\n          role-to-assume: arn:aws:iam::111111111111:role/de$0ploy\n          aws-region: eu-west-1\n";
    check(".github/workflows/x.yml", job, "");
}
