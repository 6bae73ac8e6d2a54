//! Principals, conditions and their operators.

use super::{check, hover, yaml};
use crate::testing::template;

#[test]
fn conditions_and_principals() {
    check(
        &yaml("Condition:\n      ForAnyValue:String$0Like:\n        aws:TagKeys: a"),
        "ForAnyValue:StringLike",
        &["matches one", "one value must"],
    );
    check(
        &yaml("Condition: {StringEquals: {aws:Source$0Account: '111111111111'}}"),
        "aws:SourceAccount",
        &["aws:SourceAccount"],
    );
    check(
        &yaml("Condition: {StringEquals: {aws:SourceAccount: '1111$011111111'}}"),
        "111111111111",
        &["`dev` of the config"],
    );
    check(
        &yaml("Principal: {Service: lambda$0.amazonaws.com}"),
        "lambda.amazonaws.com",
        &["The service"],
    );
    check(
        &yaml("Principal: {AWS: arn:aws:iam::333333333333:ro$0ot}"),
        "arn:aws:iam::333333333333:root",
        &["doesn't list"],
    );
    check(
        &yaml("Principal: {Fed$0erated: x}"),
        "Federated",
        &["identity providers"],
    );
    check(
        &template(
            "- Effect: Allow\n  Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:$0root'}",
        ),
        "arn:aws:iam::${AWS::AccountId}:root",
        &["| dev | `arn:aws:iam::111111111111:root` |"],
    );
}

#[test]
fn operators_say_what_an_absent_key_does() {
    let of = |operator: &str| {
        hover(&yaml(&format!(
            "Condition: {{$0{operator}: {{aws:SourceVpc: a}}}}"
        )))
        .expect("a hover")
        .1
    };
    assert!(of("StringEquals").contains("`*` and `?` stand for themselves"));
    assert!(of("StringEqualsIgnoreCase").contains("letters are the same"));
    assert!(of("StringNotEquals").contains("without the key meets the condition, too"));
    assert!(of("StringEqualsIfExists").contains("without the key meets the condition."));
    assert!(of("ForAnyValue:StringNotEquals").contains("without the key doesn't meet"));
    assert!(of("ForAllValues:StringEquals").contains("`Null` condition"));
    assert!(of("Null").contains("must be absent"));
    assert!(of("ArnLike").contains("first five colons"));
}

#[test]
fn principals_of_every_kind() {
    for (kind, word, part) in [
        (
            "AWS",
            "arn:aws:iam::111111111111:root",
            "Account `111111111111`, `dev` of the config. Not the root user alone",
        ),
        (
            "AWS",
            "'333333333333'",
            "which the config doesn't list. Not the root user alone",
        ),
        (
            "AWS",
            "arn:aws:iam::111111111111:role/ci/deploy",
            "The role `deploy` of account",
        ),
        (
            "AWS",
            "arn:aws:iam::111111111111:user/ann",
            "The user `ann` of account",
        ),
        (
            "AWS",
            "arn:aws:sts::111111111111:assumed-role/deploy/ci",
            "The session `ci` of the role `deploy`",
        ),
        ("AWS", "'*'", "Anyone, even without signing in."),
        (
            "AWS",
            "AROAEXAMPLEEXAMPLE123",
            "when that user or role is deleted",
        ),
        (
            "Service",
            "lambda.amazonaws.com",
            "The service `lambda.amazonaws.com` of AWS Lambda",
        ),
        (
            "Federated",
            "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com",
            "The OIDC provider `token.actions.githubusercontent.com`, set up in account `111111111111`, `dev`",
        ),
        (
            "Federated",
            "arn:aws:iam::111111111111:saml-provider/corp",
            "The SAML provider `corp`",
        ),
        (
            "Federated",
            "cognito-identity.amazonaws.com",
            "The public identity provider",
        ),
    ] {
        let bare = word.trim_matches('\'');
        let marked = word.replacen(bare, &format!("{}$0{}", &bare[..1], &bare[1..]), 1);
        check(
            &yaml(&format!("Principal: {{{kind}: {marked}}}")),
            bare,
            &[part],
        );
        let block = format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    principals {{\n      type        = \"{kind}\"\n      identifiers = [\"{}\"]\n    }}\n  }}\n}}\n",
            marked.trim_matches('\'')
        );
        check(&block, bare, &[part]);
    }
}

#[test]
fn keys_of_the_statements_provider_come_first() {
    let text = hover(&yaml("Principal: {Federated: arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com}\n    Action: sts:AssumeRoleWith$0WebIdentity"))
        .expect("a hover")
        .1;
    assert!(
        text.contains("Condition keys: `token.actions.githubusercontent.com:sub`, `token.actions.githubusercontent.com:aud`, `token.actions.githubusercontent.com:actor`"),
        "{text}"
    );
}

#[test]
fn condition_keys_that_are_listed_by_many_link_to_the_rest() {
    let text = hover(&yaml(
        "Condition: {StringEquals: {$0aws:ResourceTag/team: a}}",
    ))
    .expect("a hover")
    .1;
    assert!(
        text.contains(" more](https://docs.aws.amazon.com/"),
        "{text}"
    );
    assert!(text.contains("any service can have it"), "{text}");
    check(
        &yaml("Condition: {StringEquals: {$0token.actions.githubusercontent.com:sub: a}}"),
        "token.actions.githubusercontent.com:sub",
        &["whom the provider's token is about"],
    );
}
