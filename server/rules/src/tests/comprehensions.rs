//! Statements that a comprehension of Terraform makes.

use super::fixture::Fixture;
use crate::check;

fn policy(statements: &str) -> String {
    format!(
        "resource \"aws_iam_role_policy\" \"p\" {{\n  role = \"x\"\n  policy = jsonencode({{\n    Version = \"2012-10-17\"\n    Statement = {statements}\n  }})\n}}\n"
    )
}

#[track_caller]
fn finds(text: &str, rules: &[&str]) {
    let fixture = Fixture::new(text, "");
    assert_eq!(fixture.tree.problems(), [], "{text}");
    let findings = check(&fixture.context());
    let found: Vec<&str> = findings.iter().map(|finding| finding.rule.id).collect();
    assert_eq!(found, rules, "{text}\n{findings:#?}");
}

#[test]
fn what_is_plain_in_them_is_checked() {
    let wrong = "{ Effect = \"Allow\", Action = \"sqs:SendMesage\", Resource = x.arn }";
    let right = wrong.replace("Mesage", "Message");
    for of in [
        "[for x in var.y : %]",
        "[for x in var.y : % if x.on]",
        "concat([for x in var.y : %])",
        "flatten([for x in var.y : [%]])",
    ] {
        finds(&policy(&of.replace('%', wrong)), &["unknown-action"]);
        finds(&policy(&of.replace('%', &right)), &[]);
    }
    let of_local = format!(
        "{}locals {{\n  made = [for x in var.y : {wrong}]\n}}\n",
        policy("local.made")
    );
    finds(&of_local, &["unknown-action"]);
    finds(&of_local.replace("Mesage", "Message"), &[]);
    // Nothing uses it here.
    let module = format!(
        "data \"x\" \"y\" {{\n}}\nmodule \"m\" {{\n  source     = \"a/b/c\"\n  statements = [for x in var.y : {wrong}]\n}}\n"
    );
    finds(&module, &["unknown-action"]);
    finds(&module.replace("Mesage", "Message"), &[]);
    let each = format!(
        "resource \"aws_iam_policy\" \"p\" {{\n  for_each = {{ for x in var.y : x.name => jsonencode({{ Version = \"2012-10-17\", Statement = [{wrong}] }}) }}\n  policy = each.value\n}}\n"
    );
    finds(&each, &["unknown-action"]);
}

#[test]
fn what_hangs_on_an_item_is_unknown() {
    let of = |lines: &str| policy(&format!("[for x in var.y : {{ {lines} }}]"));
    for lines in [
        "Effect = \"Allow\", Action = x.actions, Resource = \"*\"",
        "Effect = x.effect, Action = \"iam:PassRole\", Resource = \"*\"",
        "Effect = \"Allow\", Action = \"iam:PassRole\", Resource = x.arn",
        "Effect = \"Allow\", Action = \"s3:${x.name}\", Resource = x.arn",
        "Effect = \"Allow\", Action = \"iam:PassRole\", Resource = \"*\", Condition = x.condition",
    ] {
        finds(&of(lines), &[]);
    }
    finds(
        &of("Effect = \"Allow\", Action = \"iam:PassRole\", Resource = \"*\""),
        &["pass-role-unscoped"],
    );
    // Names of two comprehensions are two things, unless they go over the same.
    let both = |one: &str, other: &str| {
        let of = |over: &str| {
            format!(
                "[for x in {over} : {{ Effect = \"Allow\", Action = \"sqs:SendMessage\", Resource = x.arn }}]"
            )
        };
        policy(&format!("concat({}, {})", of(one), of(other)))
    };
    finds(&both("var.a", "var.b"), &[]);
}
