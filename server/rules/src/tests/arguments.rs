//! Statements in arguments of modules and in dynamic blocks of Terraform: what is known of them, and what stays open.

use leastwise_model::Level;
use leastwise_workspace::load;

use super::fixture::Fixture;
use crate::check;

/// What all rules say above a suggestion, each as its rule and the text that it is about.
#[track_caller]
fn finds(text: &str, expected: &[(&str, &str)]) {
    let format = load::format_of("main.tf".as_ref(), text);
    let fixture = Fixture::at("main.tf", text, format, "", None);
    let findings = check(&fixture.context());
    let grave: Vec<_> = findings
        .iter()
        .filter(|finding| finding.level != Level::Suggestion)
        .map(|finding| (finding.rule.id, &text[finding.span.range()]))
        .collect();
    assert_eq!(grave, expected, "{text}");
}

fn module(argument: &str, statement: &str) -> String {
    format!(
        "module \"m\" {{\n  source = \"acme/m/aws\"\n  {argument} = {{\n    a = {{\n      {statement}\n    }}\n  }}\n}}\n"
    )
}

const SEND: &str = "actions = [\"sqs:SendMessage\"]\n      principals = [{ type = \"AWS\", identifiers = [\"*\"] }]";
const PUBLIC: (&str, &str) = ("public-principal", "*");

#[test]
fn an_arguments_name_says_whose_policy_its_statements_make() {
    finds(&module("queue_policy_statements", SEND), &[PUBLIC]);
    finds(&module("dlq_queue_policy_statements", SEND), &[PUBLIC]);
    let list = SEND.replace(
        "[{ type = \"AWS\", identifiers = [\"*\"] }]",
        "{ all = { type = \"AWS\", identifiers = [\"*\"] } }",
    );
    finds(&module("queue_policy_statements", &list), &[PUBLIC]);
    let key =
        "actions = [\"kms:Decrypt\"]\n      principals = [{ type = \"*\", identifiers = [\"*\"] }]";
    finds(&module("key_statements", key), &[PUBLIC]);
    for argument in [
        // No name that says so.
        "policy_statements",
        "statements",
        "queue_policies",
        "endpoint_queue_statements",
        "queue_or_topic_statements",
    ] {
        finds(&module(argument, SEND), &[]);
    }
    // A local value is given to whatever takes it.
    let local =
        format!("locals {{\n  queue_statements = {{\n    a = {{\n      {SEND}\n    }}\n  }}\n}}\n");
    finds(&local, &[]);
    // Who is meant is added by the module.
    let nobody = "effect = \"Allow\"\n      actions = [\"sqs:SendMessage\"]";
    finds(&module("queue_policy_statements", nobody), &[]);
    let two = format!("{SEND}\n    }}\n    b = {{\n      {nobody}");
    finds(&module("queue_policy_statements", &two), &[]);
}

#[test]
fn conditions_of_a_modules_statement_are_read_in_all_forms() {
    let with = |conditions: &str| {
        module(
            "queue_policy_statements",
            &format!("{SEND}\n      {conditions}"),
        )
    };
    let source = |test: &str| {
        format!(
            "{{ test = \"{test}\", variable = \"aws:SourceAccount\", values = [\"111111111111\"] }}"
        )
    };
    for (open, close) in [
        ("condition = [", "]"),
        ("conditions = [", "]"),
        ("condition = { a = ", "}"),
        ("conditions = { a = ", "}"),
    ] {
        let (right, wrong) = (source("StringEquals"), source("StringEqual"));
        finds(&with(&format!("{open}{right}{close}")), &[]);
        finds(
            &with(&format!("{open}{wrong}{close}")),
            &[("invalid-condition", "StringEqual")],
        );
    }
    for open in [
        "conditions = var.conditions",
        "condition = concat(var.a, var.b)",
        "conditions = [var.condition]",
    ] {
        finds(&with(open), &[]);
    }
    // An operator is wrong in any kind of policy.
    let wrong = source("StringEqual");
    let statement = format!(
        "effect = \"Allow\"\n      actions = [\"s3:GetObject\"]\n      resources = [\"arn:aws:s3:::a/*\"]\n      condition = [{wrong}]"
    );
    finds(
        &module("policy_statements", &statement),
        &[("invalid-condition", "StringEqual")],
    );
    // What kind it is, nobody says.
    finds(
        &module(
            "policy_statements",
            "effect = \"Allow\"\n      actions = [\"*\"]\n      resources = [\"*\"]",
        ),
        &[],
    );
}

fn bucket(blocks: &str) -> String {
    format!(
        "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions   = [\"s3:PutObject\"]\n    resources = [\"arn:aws:s3:::a/*\"]\n{blocks}  }}\n}}\nresource \"aws_s3_bucket_policy\" \"p\" {{\n  bucket = \"a\"\n  policy = data.aws_iam_policy_document.d.json\n}}\n"
    )
}

#[test]
fn dynamic_principals_of_a_list_that_is_written_out() {
    let of = |list: &str, content: &str| {
        bucket(&format!(
            "    dynamic \"principals\" {{\n      for_each = {list}\n      content {{\n        {content}\n      }}\n    }}\n"
        ))
    };
    let each = "type = \"AWS\"\n        identifiers = [principals.value]";
    finds(&of("[\"*\"]", each), &[PUBLIC]);
    finds(&of("[\"111111111111\", \"*\"]", each), &[PUBLIC]);
    finds(
        &of("[1]", "type = \"AWS\"\n        identifiers = [\"*\"]"),
        &[PUBLIC],
    );
    finds(&of("[\"111111111111\"]", each), &[]);
    finds(&of("var.list", each), &[]);
    finds(&of("[]", each), &[]);
    finds(
        &of(
            "[\"*\"]",
            "type = \"AWS\"\n        identifiers = [\"arn:aws:iam::${principals.value}:root\"]",
        ),
        &[],
    );
    finds(
        &of(
            "[{ type = \"AWS\", ids = [\"*\"] }]",
            "type = principals.value.type\n        identifiers = principals.value.ids",
        ),
        &[],
    );
}

#[test]
fn dynamic_conditions_of_a_list_that_is_written_out() {
    let of = |list: &str, test: &str| {
        bucket(&format!(
            "    principals {{\n      type        = \"AWS\"\n      identifiers = [\"*\"]\n    }}\n    dynamic \"condition\" {{\n      for_each = {list}\n      content {{\n        test     = \"{test}\"\n        variable = \"aws:PrincipalOrgID\"\n        values   = [condition.value]\n      }}\n    }}\n"
        ))
    };
    finds(&of("[\"o-a1b2c3d4e5\"]", "StringEquals"), &[]);
    finds(
        &of("[\"o-a1b2c3d4e5\"]", "StringEqual"),
        &[("invalid-condition", "StringEqual")],
    );
    finds(&of("var.organizations", "StringEquals"), &[]);
    finds(&of("var.organizations", "StringEqual"), &[]);
}

#[test]
fn keys_that_begin_with_the_address_of_a_provider_of_the_file() {
    let role = |key: &str, url: &str| {
        format!(
            "resource \"aws_iam_openid_connect_provider\" \"ci\" {{\n  url = \"{url}\"\n  client_id_list = [\"sts.amazonaws.com\"]\n}}\nresource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Principal = {{ Federated = aws_iam_openid_connect_provider.ci.arn }}, Action = \"sts:AssumeRoleWithWebIdentity\", Condition = {{ StringLike = {{ \"{key}\" = \"repo:*\" }} }} }}] }})\n}}\n"
        )
    };
    let github = "https://token.actions.githubusercontent.com";
    let open = [("oidc-without-subject", "repo:*")];
    for key in [
        "${aws_iam_openid_connect_provider.ci.url}:sub",
        "${replace(aws_iam_openid_connect_provider.ci.url, \"https://\", \"\")}:sub",
        "${trimprefix(aws_iam_openid_connect_provider.ci.url, \"https://\")}:sub",
    ] {
        finds(&role(key, github), &open);
        finds(&role(key, "${var.url}"), &[]);
    }
    for key in [
        "${aws_iam_openid_connect_provider.other.url}:sub",
        "${replace(aws_iam_openid_connect_provider.ci.url, \"http\", \"\")}:sub",
        "${aws_iam_openid_connect_provider.ci.arn}:sub",
        "${aws_iam_openid_connect_provider.ci.url}x:sub",
    ] {
        finds(&role(key, github), &[]);
    }
    let block = format!(
        "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [\"sts:AssumeRoleWithWebIdentity\"]\n    principals {{\n      type        = \"Federated\"\n      identifiers = [aws_iam_openid_connect_provider.ci.arn]\n    }}\n    condition {{\n      test     = \"StringLike\"\n      variable = \"${{aws_iam_openid_connect_provider.ci.url}}:sub\"\n      values   = [\"repo:*\"]\n    }}\n  }}\n}}\nresource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = data.aws_iam_policy_document.d.json\n}}\nresource \"aws_iam_openid_connect_provider\" \"ci\" {{\n  url = \"{github}\"\n  client_id_list = [\"sts.amazonaws.com\"]\n}}\n"
    );
    finds(&block, &open);
}
