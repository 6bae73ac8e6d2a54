//! Elements of policies and of statements, and what stands in them.

use super::*;
use crate::structure::{
    duplicate_key, duplicate_sid, invalid_policy_entry, invalid_trust, invalid_type,
    missing_resource, missing_statement, missing_sub, unknown_element,
};

const PLAIN: &str = "Effect: Allow, Action: '*', Resource: '*'";

/// A role's trust policy.
fn trust(statements: &str) -> String {
    format!(
        "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Version: \
         '2012-10-17'\n        Statement: [{statements}]\n"
    )
}

/// Statements as a module of Terraform takes them.
fn objects(statements: &str) -> String {
    format!("resource \"terraform_data\" \"r\" {{\n  policy_statements = {statements}\n}}\n")
}

#[test]
fn who_reads_a_key_that_stands_twice() {
    let json = "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"*\", \"Action\": \"*\", \"Resource\": \"*\"}]}";
    let yaml = "Statement: [{Effect: Allow, Action: '*', Action: '*', Resource: '*'}]\n";
    rows(
        &duplicate_key::RULE,
        "",
        &[
            (json, &["is a duplicate key: AWS rejects the policy."]),
            // Something makes JSON of it first.
            (yaml, &["at most one of the two has an effect."]),
        ],
    );
}

#[test]
fn keys_that_differ_only_by_case_are_both_kept() {
    let condition = |second: &str| {
        format!(
            "{{{PLAIN}, Condition: {{Bool: {{'aws:SecureTransport': 'true', {second}: 'true'}}}}}}"
        )
    };
    statements(
        &duplicate_key::RULE,
        "",
        &[
            (
                &condition("'aws:SecureTransport'"),
                &["[Remove one of them Safe"],
            ),
            (
                &condition("'aws:securetransport'"),
                &["Merge both values under one key. [no fix]"],
            ),
        ],
    );
    // The keys of objects that a module takes are the module's.
    let object = objects(
        "{ a = { effect = \"Allow\", actions = [\"*\"], resources = [\"*\"], condition = { limit = { test = \"Bool\", Test = \"Bool\" } } } }",
    );
    let twice = object.replace("Test", "test");
    rows(
        &duplicate_key::RULE,
        "",
        &[(&twice, &["<test>"]), (&object, &[])],
    );
}

#[test]
fn terraform_refuses_a_sid_twice_only_in_blocks() {
    let block =
        "  statement {\n    sid = \"A\"\n    actions = [\"*\"]\n    resources = [\"*\"]\n  }\n";
    let blocks = format!("data \"aws_iam_policy_document\" \"p\" {{\n{block}{block}}}\n");
    let object = "{ sid = \"A\", effect = \"Allow\", actions = [\"*\"], resources = [\"*\"] }";
    let objects = objects(&format!("[{object}, {object}]"));
    rows(
        &duplicate_sid::RULE,
        "",
        &[
            (&blocks, &["Error <A> …: Terraform rejects the module."]),
            (&objects, &["Warning <A> …it identifies neither statement."]),
        ],
    );
}

#[test]
fn what_stands_behind_the_name_of_a_policy_template_is_kept() {
    let of = |values: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      \
             Policies:\n        - S3ReadPolicy: {values}\n          BucketName: shop\n"
        )
    };
    let (nothing, null, empty, text, reference, more) = (
        of(""),
        of("null"),
        of("{}"),
        of("shop"),
        of("!Ref Bucket"),
        of("{BucketName: shop}"),
    );
    let moves = "[Move the parameters under it Unsafe";
    rows(
        &invalid_policy_entry::RULE,
        "",
        &[
            (&nothing, &[moves]),
            (&null, &[moves]),
            (&empty, &[moves]),
            (&text, &["Make each of them a separate entry. [no fix]"]),
            (
                &reference,
                &["Make each of them a separate entry. [no fix]"],
            ),
            (&more, &["Make each of them a separate entry. [no fix]"]),
        ],
    );
}

#[test]
fn whom_a_trust_policy_may_trust_beside_what_is_seen() {
    let saml = "Federated: 'arn:aws:iam::111111111111:saml-provider/corp'";
    let assume = |principal: &str, action: &str| {
        trust(&format!(
            "{{Effect: Allow, Principal: {{{principal}}}, Action: {action}}}"
        ))
    };
    let pods = "Service: pods.eks.amazonaws.com";
    let short = format!("{{Effect: Allow, Principal: {{{pods}}}, Action: 'sts:AssumeRole'}}");
    let (seen, unseen) = (
        assume(saml, "'sts:AssumeRole'"),
        assume(&format!("{saml}, '{{{{ kind }}}}': x"), "'sts:AssumeRole'"),
    );
    let (host, open) = (
        assume("Federated: login.shop.com", "'sts:AssumeRoleWithSAML'"),
        assume(
            "Federated: !Sub 'login.${Domain}'",
            "'sts:AssumeRoleWithSAML'",
        ),
    );
    // No action has this name: another rule tells.
    let other = assume(saml, "'iam:AssumeRole'");
    let (bound, beside) = (
        trust(&short),
        trust(&format!(
            "{short}, {{Effect: Allow, Principal: {{Service: ec2.amazonaws.com, '{{{{ kind }}}}': x}}, Action: 'sts:TagSession'}}"
        )),
    );
    let (chosen, nobody) = (
        trust(&format!("!If [Pods, {short}, !Ref 'AWS::NoValue']")),
        assume("Service: rolesanywhere.amazonaws.com", "'sts:TagSession'"),
    );
    let (alone, shared) = (
        assume(pods, "['sts:AssumeRole']"),
        assume(
            &format!("{pods}, AWS: '111111111111'"),
            "['sts:AssumeRole']",
        ),
    );
    rows(
        &invalid_trust::RULE,
        "",
        &[
            (&seen, &["doesn't work for federated principals"]),
            (&unseen, &[]),
            (&host, &["doesn't work for OIDC providers"]),
            (&open, &[]),
            (&other, &[]),
            (&bound, &["can't assume the role without `sts:TagSession`"]),
            (&beside, &[]),
            (&chosen, &[]),
            // What is missing first is the action itself.
            (&nobody, &["alone doesn't let anyone assume the role"]),
            (&alone, &["[Add sts:TagSession Unsafe"]),
            // The account needs no such action.
            (&shared, &["without `sts:TagSession`…[no fix]"]),
        ],
    );
}

#[test]
fn callers_of_several_kinds_are_offered_no_action() {
    let of = |federated: &str| {
        trust(&format!(
            "{{Effect: Allow, Principal: {{Federated: [{federated}]}}, Action: 'sts:AssumeRole'}}"
        ))
    };
    let (saml, oidc) = (
        "'arn:aws:iam::111111111111:saml-provider/corp'",
        "'arn:aws:iam::111111111111:oidc-provider/gitlab.com'",
    );
    let (one, both) = (of(saml), of(&format!("{saml}, {oidc}")));
    rows(
        &invalid_trust::RULE,
        "",
        &[
            (&one, &["Write `sts:AssumeRoleWithSAML`. [Replace with"]),
            (
                &both,
                &["Write `sts:AssumeRoleWithWebIdentity` or `sts:AssumeRoleWithSAML`. [no fix]"],
            ),
        ],
    );
}

#[test]
fn each_action_that_is_no_trust_is_shown() {
    let text = trust(
        "{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: ['s3:GetObject', 'sts:AssumeRole', 's3:PutObject', 'sqs:SendMessage']}",
    );
    let fixture = Fixture::new(&text, "");
    let [finding] = fixture
        .findings(&invalid_trust::RULE)
        .try_into()
        .expect("one");
    let related = finding.related.iter();
    let related: Vec<&str> = related.map(|at| &text[at.span.range()]).collect();
    assert_eq!(&text[finding.span.range()], "s3:GetObject");
    assert_eq!(related, ["s3:PutObject", "sqs:SendMessage"]);
}

#[test]
fn lists_that_are_no_documents_in_lists() {
    let of = |document: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {document}\n"
        )
    };
    let service = "service: shop\nprovider:\n  name: aws\n  iamRoleStatements:\n    - Statement: [{Effect: Allow, Action: '*', Resource: '*'}]\n";
    let module = |statements: &str| {
        format!(
            "locals {{\n  more = [{{ Effect = \"Allow\", Action = \"*\", Resource = \"*\" }}]\n  one = {{ Effect = \"Allow\", Action = \"*\", Resource = \"*\" }}\n}}\n\
             resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{ Statement = {statements} }})\n}}\n"
        )
    };
    let module = |statements: &str| {
        let text = module(statements);
        let (locals, policy) = text.split_at(text.find("resource").expect("a resource"));
        format!("{policy}{locals}")
    };
    rows(
        &invalid_type::RULE,
        "",
        &[
            (
                &of(&format!("[{{Statement: [{{{PLAIN}}}]}}]")),
                &["A policy must be a single document"],
            ),
            (&of("[{Version: '2012-10-17'}]"), &[]),
            // The framework writes the document around it.
            (service, &[]),
            (&module("[local.more]"), &["`Statement` has a nested list"]),
            (&module("[local.one]"), &[]),
            (&module("local.more"), &[]),
        ],
    );
    // A function of CloudFormation, however it is written.
    let action = |action: &str| {
        format!(
            "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = {action}, Resource = \"*\" }}] }})\n}}\n"
        )
    };
    rows(
        &invalid_type::RULE,
        "",
        &[
            (
                &action("{ s3 = \"GetObject\" }"),
                &["`Action` has an object"],
            ),
            (&action("{ Ref = \"Actions\" }"), &[]),
        ],
    );
}

#[test]
fn statements_that_need_resources() {
    let rest = "Effect: Allow, Action: 's3:GetObject'";
    statements(
        &missing_resource::RULE,
        "",
        &[
            (&format!("{{{rest}}}"), &["has no `Resource`"]),
            // A misspelt element is only in the place of the one that it was to be.
            (&format!("{{{rest}, Resuorce: '*'}}"), &[]),
            (&format!("{{{rest}, Sidd: A}}"), &["has no `Resource`"]),
        ],
    );
    // A module may write it itself, where no tool does for a document.
    let object = objects("[{ effect = \"Allow\", actions = [\"*\"] }]");
    let document = |more: &str| {
        format!(
            "resource \"terraform_data\" \"t\" {{\n  policy = jsonencode({{ Statement = [{{ Effect = \"Allow\", Action = \"*\"{more} }}] }})\n}}\n"
        )
    };
    rows(
        &missing_resource::RULE,
        "",
        &[
            (&object, &[]),
            (&document(""), &["has no `Resource`"]),
            // It may be a trust policy, or one of a service that wants none.
            (&document(", Principal = \"*\""), &[]),
            (
                &document(", NotPrincipal = { AWS = \"111111111111\" }"),
                &[],
            ),
        ],
    );
}

#[test]
fn a_document_in_a_list_may_have_statements() {
    let of = |document: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {document}\n"
        )
    };
    rows(
        &missing_statement::RULE,
        "",
        &[
            (&of("{Version: '2012-10-17'}"), &["has no `Statement`"]),
            // That it is a list, another rule tells.
            (&of(&format!("[{{Statement: [{{{PLAIN}}}]}}]")), &[]),
        ],
    );
}

#[test]
fn variables_of_keys_loops_and_the_framework() {
    let rule = &missing_sub::RULE;
    let queue = |document: &str| {
        format!(
            "Resources:\n  Queue: {{Type: AWS::SQS::Queue}}\n  P:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n      PolicyDocument: '{document}'\n"
        )
    };
    let in_key = queue(
        "{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"sqs:*\", \"Resource\": \"*\", \"Condition\": {\"StringEquals\": {\"${AWS::Region}\": \"a\"}}}}",
    );
    // What stands in a string as a key of the template is no document.
    let loops = |name: &str| {
        format!(
            "Transform: AWS::LanguageExtensions\nResources:\n  Queue: {{Type: AWS::SQS::Queue}}\n  'Fn::ForEach::Policies':\n    - {name}\n    - [a, b]\n    - 'P${{{name}}}':\n        \
             Type: AWS::IAM::ManagedPolicy\n        Properties:\n          PolicyDocument:\n            Version: '2012-10-17'\n            \
             Statement: [{{Effect: Allow, Action: 'sqs:*', Resource: 'arn:aws:sqs:*:*:${{Queue}}'}}]\n"
        )
    };
    rows(
        rule,
        "",
        &[
            (&in_key, &["Wrap the whole string in `Fn::Sub`."]),
            (&loops("Queue"), &[]),
            (&loops("Name"), &["`${Queue}`"]),
        ],
    );
    let service = |resource: &str| {
        format!(
            "service: shop\nprovider:\n  name: aws\n  iamRoleStatements:\n    - {{Effect: Deny, Action: 'sqs:*', Resource: {resource}}}\n"
        )
    };
    // What the framework fills in is gone by then; two colons are none of its variables.
    let before = service("'arn:aws:sqs:${AWS::Region}:${self:custom.account}:${Shop::Queue}'");
    let after = service("!Sub 'arn:aws:sqs:${AWS::Region}:${self:custom.account}:${!Shop::Queue}'");
    assert_eq!(fixed_text(rule, &before, ""), after);
}

#[test]
fn kinds_of_principals_that_something_else_writes() {
    let of = |kind: &str| {
        trust(&format!(
            "{{Effect: Allow, Principal: {{AWS: '111111111111', {kind}: {{Name: More}}}}, Action: 'sts:AssumeRole'}}"
        ))
    };
    rows(
        &unknown_element::RULE,
        "",
        &[
            (&of("'Fn::Transform'"), &[]),
            (&of("'{{ kind }}'"), &[]),
            (&of("Account"), &["`Account` isn't a principal type"]),
        ],
    );
}
