//! Values that can't be there when what they stand in is there.

use std::sync::Arc;

use leastwise_model::Config;
use leastwise_syntax::{Format, Tree};

use super::terraform::analyse;
use crate::Analysis;

/// What rules take the first resource of the last policy of `m/inner/main.tf` for. The module is called with an empty
/// `arn`, `off` that is false, `on` that is true, and a `word`.
fn judged(module: &str) -> String {
    called(module, "")
}

fn called(module: &str, meta: &str) -> String {
    let module = format!("variable \"arn\" {{}}\n{module}\n");
    let caller = format!(
        "module \"inner\" {{\n  source = \"./inner\"\n  arn = \"\"\n  off = false\n  on = true\n  word = \"word\"\n  arns = []\n{meta}}}\n"
    );
    let files = [("m/inner/main.tf", module.as_str()), ("m/main.tf", &caller)];
    let (tree, analysis) = analyse(&files, "");
    let policies = analysis.sites.iter().map(|site| site.policy(&tree));
    let statements = policies.flat_map(|policy| &policy.statements);
    let statement = statements
        .last()
        .unwrap_or_else(|| panic!("a statement\n{module}"));
    let values = statement
        .resources()
        .iter()
        .flat_map(|item| analysis.sure(&tree, item));
    let values: Vec<String> = values.map(|(_, value)| value.pattern.display()).collect();
    values.join(" ")
}

/// A policy with a resource, behind some argument.
fn behind(argument: &str, resource: &str) -> String {
    format!(
        "resource \"aws_iam_policy\" \"p\" {{\n  {argument}\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Action = \"sqs:*\", Resource = {resource} }}] }})\n}}"
    )
}

const HOLE: &str = "${var.arn}";

#[test]
fn a_guard_that_the_value_decides() {
    for argument in [
        "count = var.arn != \"\" ? 1 : 0",
        "count = var.arn == \"\" ? 0 : 1",
        "count = length(var.arn) > 0 ? 1 : 0",
        "count = length(compact([var.arn]))",
        "count = var.on && var.arn != \"\" ? 1 : 0",
        "count = var.unknown && var.arn != \"\" ? 1 : 0",
        "count = local.has ? 1 : 0",
        "count = can(regex(\"^arn\", var.arn)) ? 1 : 0",
        "count = can(regex(\"^arn:aws[a-z-]*:\", var.arn)) ? 1 : 0",
        "count = length(regexall(\"arn:.*\", var.arn)) > 0 ? 1 : 0",
        "count = startswith(var.arn, \"arn:\") ? 1 : 0",
        "for_each = var.arn == \"\" ? {} : { a = 1 }",
        "for_each = toset(compact([var.arn]))",
        "for_each = { for arn in [var.arn] : arn => arn if arn != \"\" }",
        // Nobody gives what is to be there an empty ARN.
        "count = var.off ? 1 : 0",
        "for_each = var.off ? { a = var.arn } : {}",
        "count = length(var.arns)",
    ] {
        let module = format!(
            "locals {{ has = var.arn != \"\" }}\n{}",
            behind(argument, "var.arn")
        );
        assert_eq!(judged(&module), HOLE, "{argument}");
    }
}

#[test]
fn a_guard_that_defaults_leave_unmet() {
    // Whoever uses the module has to give `given` for the policy to be there.
    let names = "variable \"given\" {\n  default = \"\"\n}\nvariable \"makes\" {\n  default = false\n}\nlocals {\n  own = var.given != \"\" ? var.given : \"\"\n  key = local.own == \"\" && var.makes ? aws_kms_key.own[0].arn : local.own\n}\n";
    let module = |argument: &str, resource: &str| format!("{names}{}", behind(argument, resource));
    for argument in [
        "count = local.key != \"\" ? 1 : 0",
        "count = local.own != \"\" ? 1 : 0",
        // With it, the key is another.
        "count = var.makes ? 1 : 0",
        "for_each = local.key == \"\" ? {} : { a = 1 }",
    ] {
        assert_eq!(
            judged(&module(argument, "local.key")),
            "${local.key}",
            "{argument}"
        );
    }
    for argument in [
        "",
        "count = var.unknown ? 1 : 0",
        "count = local.key == \"\" ? 1 : 0",
    ] {
        assert_eq!(judged(&module(argument, "local.key")), "", "{argument}");
    }
}

#[test]
fn a_guard_that_leaves_the_value_there() {
    for argument in [
        "",
        "count = var.arn == \"\" ? 1 : 0",
        "count = var.arn != \"\" ? 0 : 1",
        "count = var.unknown ? 1 : 0",
        "count = var.unknown || var.arn != \"\" ? 1 : 0",
        "count = var.on ? 1 : 0",
        "for_each = var.on ? { a = 1 } : {}",
        "for_each = var.unknown",
        "count = 1",
        "count = can(regex(\"^a*\", var.arn)) ? 1 : 0",
        "count = can(regex(\"^arn|^$\", var.arn)) ? 1 : 0",
        "count = can(regex(\"^\", var.arn)) ? 1 : 0",
        "count = can(regex(\"^[a-z]*$\", var.arn)) ? 1 : 0",
        "count = can(regex(\"^arn\", var.arn)) ? 0 : 1",
    ] {
        assert_eq!(judged(&behind(argument, "var.arn")), "", "{argument}");
    }
}

#[test]
fn a_guard_on_another_variable_hides_nothing() {
    for (argument, value) in [
        ("count = var.off ? 1 : 0", "word"),
        ("count = var.arn != \"\" ? 1 : 0", "word"),
        ("count = var.word != \"word\" ? 1 : 0", "${var.word}"),
    ] {
        assert_eq!(judged(&behind(argument, "var.word")), value, "{argument}");
    }
    // What is written out is there in any case.
    let literal = behind("count = var.off ? 1 : 0", "\"arn:aws:sqss:::a\"");
    assert_eq!(judged(&literal), "arn:aws:sqss:::a");
    // Of a text the rest is still known.
    let part = behind(
        "count = var.arn != \"\" ? 1 : 0",
        "\"${var.word}:${var.arn}/*\"",
    );
    assert_eq!(judged(&part), "word:${var.arn}/*");
}

#[test]
fn a_default_decides_nothing() {
    let text = "variable \"off\" { default = false }\nresource \"aws_iam_policy\" \"p\" {\n  count = var.off ? 1 : 0\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = \"sqs:*\", Resource = var.arn }] })\n}\nvariable \"arn\" {}\n";
    let (tree, analysis) = analyse(&[("main.tf", text), ("terraform.tfvars", "arn = \"\"")], "");
    let policy = analysis.sites[0].policy(&tree);
    let item = &policy.statements[0].resources()[0];
    let values: Vec<_> = analysis.sure(&tree, item).collect();
    assert_eq!(values[0].1.pattern.display(), "");
    let (tree, analysis) = analyse(
        &[
            ("main.tf", text),
            ("terraform.tfvars", "arn = \"\"\noff = false"),
        ],
        "",
    );
    let policy = analysis.sites[0].policy(&tree);
    let item = &policy.statements[0].resources()[0];
    let values: Vec<_> = analysis.sure(&tree, item).collect();
    assert_eq!(values[0].1.pattern.display(), HOLE);
}

const STATEMENT: &str = "{ Effect = \"Allow\", Action = \"sqs:*\", Resource = var.arn }";

#[test]
fn guards_on_the_way_to_the_value() {
    let guard = "var.arn == \"\"";
    let document = |meta: &str, statement: &str| {
        format!("data \"aws_iam_policy_document\" \"d\" {{\n{meta}\n{statement}\n}}")
    };
    let plain = "statement {\n actions = [\"sqs:*\"]\n resources = [var.arn]\n}";
    let policy = |argument: &str, policy: &str| {
        format!("resource \"aws_iam_policy\" \"p\" {{\n{argument}\npolicy = {policy}\n}}")
    };
    let json = "data.aws_iam_policy_document.d.json";
    let count = format!("count = {guard} ? 0 : 1");
    for (module, expected) in [
        (document(&count, plain), HOLE),
        (document("", plain), ""),
        // Behind the guard of what it is used in.
        (
            format!("{}\n{}", policy(&count, json), document("", plain)),
            HOLE,
        ),
        (format!("{}\n{}", policy("", json), document("", plain)), ""),
        (
            format!(
                "{}\n{}",
                policy("", &format!("{guard} ? null : {json}")),
                document("", plain)
            ),
            HOLE,
        ),
        (
            format!(
                "{}\n{}",
                policy("", &format!("{guard} ? {json} : null")),
                document("", plain)
            ),
            "",
        ),
        // One of two users is there.
        (
            format!(
                "{}\n{}\n{}",
                policy(&count, json),
                policy("", json).replace("\"p\"", "\"q\""),
                document("", plain)
            ),
            "",
        ),
        (
            format!(
                "{}\n{}\n{}",
                policy(&count, json),
                policy(&count, json).replace("\"p\"", "\"q\""),
                document("", plain)
            ),
            HOLE,
        ),
        (
            format!(
                "{}\n{}\n{}",
                policy("", "data.aws_iam_policy_document.all.json"),
                document(
                    &format!("source_policy_documents = {guard} ? [] : [{json}]"),
                    ""
                )
                .replace("\"d\"", "\"all\""),
                document("", plain)
            ),
            HOLE,
        ),
        (
            document(
                "",
                &format!(
                    "dynamic \"statement\" {{\n for_each = {guard} ? [] : [1]\n content {{\n actions = [\"sqs:*\"]\n resources = [var.arn]\n}}\n}}"
                ),
            ),
            HOLE,
        ),
        (
            document(
                "",
                &format!(
                    "dynamic \"statement\" {{\n for_each = {guard} ? [1] : []\n content {{\n actions = [\"sqs:*\"]\n resources = [var.arn]\n}}\n}}"
                ),
            ),
            "",
        ),
        (
            policy(
                "",
                &format!(
                    "jsonencode({{ Version = \"2012-10-17\", Statement = concat([], {guard} ? [] : [{STATEMENT}]) }})"
                ),
            ),
            HOLE,
        ),
        (
            policy(
                "",
                &format!(
                    "jsonencode({{ Version = \"2012-10-17\", Statement = concat([], {guard} ? [{STATEMENT}] : []) }})"
                ),
            ),
            "",
        ),
        (
            format!(
                "{}\nlocals {{\n statements = jsonencode({{ Version = \"2012-10-17\", Statement = [{STATEMENT}] }})\n}}",
                policy(&count, "local.statements")
            ),
            HOLE,
        ),
    ] {
        assert_eq!(judged(&module), expected, "{module}");
    }
}

#[test]
fn a_guard_of_the_call() {
    let module = behind("", "var.arn");
    assert_eq!(called(&module, ""), "");
    assert_eq!(called(&module, "  count = 0\n"), HOLE);
    assert_eq!(called(&module, "  count = 1\n"), "");
    assert_eq!(called(&module, "  count = var.unknown\n"), "");
}

#[test]
fn compact_leaves_out_what_is_empty() {
    let resources = |resources: &str| judged(&behind("", resources));
    assert_eq!(resources("compact([\"a\", var.arn])"), "a");
    assert_eq!(resources("compact(concat([\"a\"], [var.arn]))"), "a");
    assert_eq!(resources("concat(compact([\"a\"]), [var.arn])"), "a ");
    assert_eq!(resources("compact([\"a\", \"${var.arn}/*\"])"), "a /*");
    assert_eq!(
        resources("compact(flatten([\"a\", var.unknown ? \"b\" : \"\"]))"),
        "a b"
    );
    assert_eq!(
        resources("compact(flatten([var.unknown ? var.arn : \"\"]))"),
        ""
    );
    assert_eq!(
        resources("compact(concat([\"a\"], [var.unknown ? null : \"\"]))"),
        "a"
    );
    assert_eq!(
        resources("flatten([\"a\", var.unknown ? \"b\" : \"\"])"),
        "a b"
    );
    assert_eq!(resources("[\"a\", coalesce(var.arn, \"b\")]"), "a b");
    assert_eq!(
        resources("[\"a\", var.arn == \"\" ? \"b\" : var.arn]"),
        "a b ${var.arn}"
    );
}

#[test]
fn of_several_values_the_excluded_ones_are_left_out() {
    let config = "[accounts]\ndev = '111111111111'\n[variables]\narn = ['', 'a']\n";
    let values = |module: &str| {
        let (tree, analysis) = analyse(&[("main.tf", module)], config);
        let policy = analysis.sites[0].policy(&tree);
        let items = policy.statements[0].resources().iter();
        let values = items.flat_map(|item| analysis.sure(&tree, item));
        let values: Vec<_> = values.map(|(_, value)| value.pattern.display()).collect();
        values.join(" ")
    };
    assert_eq!(values(&behind("", "var.arn")), " a");
    assert_eq!(
        values(&behind("count = var.arn == \"\" ? 0 : 1", "var.arn")),
        "a"
    );
    assert_eq!(
        values(&behind("count = var.arn == \"\" ? 1 : 0", "var.arn")),
        ""
    );
    assert_eq!(
        values(&behind("", "var.arn == \"\" ? \"b\" : var.arn")),
        "b a"
    );
}

#[test]
fn what_a_resource_leaves_to_others_is_not_known() {
    let value = |changes: &str, attribute: &str| {
        let text = format!(
            "resource \"aws_ssm_parameter\" \"p\" {{\n  name = \"partner\"\n  insecure_value = \"Placeholder\"\n  lifecycle {{\n    ignore_changes = {changes}\n  }}\n}}\n{}",
            behind("", &format!("aws_ssm_parameter.p.{attribute}"))
        );
        judged(&text)
    };
    let hole = "${aws_ssm_parameter.p.insecure_value}";
    assert_eq!(value("[insecure_value]", "insecure_value"), hole);
    assert_eq!(
        value("[tags[\"a\"], insecure_value]", "insecure_value"),
        hole
    );
    assert_eq!(value("all", "insecure_value"), hole);
    assert_eq!(value("[description]", "insecure_value"), "Placeholder");
    assert_eq!(value("[]", "insecure_value"), "Placeholder");
    // It was made by this name.
    assert_eq!(value("all", "name"), "partner");
}

#[test]
fn arguments_that_are_null_are_not_there() {
    let resources = |resources: &str, more: &str| {
        judged(&format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [\"sqs:*\"]\n    resources = {resources}\n{more}  }}\n}}"
        ))
    };
    assert_eq!(resources("var.unknown ? [\"a\"] : null", ""), "a");
    assert_eq!(resources("var.unknown ? null : [\"a\"]", ""), "a");
    assert_eq!(
        resources(
            "var.unknown ? [\"a\"] : null",
            "    not_resources = var.unknown ? null : [\"b\"]\n"
        ),
        "a"
    );
    assert_eq!(resources("var.unknown ? null : null", ""), "");
    // Terraform would refuse it.
    assert_eq!(resources("[\"a\", null]", ""), "a null");
}

#[test]
fn a_call_of_no_instance_gives_nothing() {
    let module = behind("name = \"p\"", "var.word");
    assert_eq!(called(&module, "count = 1\n"), "word");
    assert_eq!(called(&module, "count = 0\n"), "${var.word}");
    assert_eq!(called(&module, "for_each = {}\n"), "${var.word}");
}

#[test]
fn a_resource_whose_condition_never_holds() {
    for (condition, there) in [
        ("!Equals [a, b]", false),
        ("!Not [!Equals [a, a]]", false),
        ("!Equals [a, a]", true),
        // It is there to be overridden.
        ("!Equals [!Ref Stage, live]", true),
        ("!Equals [!Ref 'AWS::Region', eu-west-1]", true),
    ] {
        let text = format!(
            "Parameters: {{Stage: {{Type: String, Default: test}}}}
Conditions: {{Some: {condition}}}
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Condition: Some
    Properties:
      PolicyDocument: {{Statement: [{{Effect: Allow, Action: 's3:*', Resource: '*'}}]}}
"
        );
        let tree = Tree::parse(text, Format::Yaml);
        let analysis = Analysis::new(&tree, "shop.yaml", Arc::new(Config::default()));
        assert_eq!(analysis.sites.len(), usize::from(there), "{condition}");
    }
}

#[test]
fn what_sub_puts_into_json_without_quotes_is_no_text() {
    let text = r#"Resources:
  Set:
    Type: AWS::SSO::PermissionSet
    Properties:
      InlinePolicy: !Sub
        - '{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":[${Some},"${One}",${AWS::Region}]}]}'
        - Some: '"arn:aws:s3:::a/*","arn:aws:s3:::b/*"'
          One: arn:aws:s3:::c/*
"#;
    let tree = Tree::parse(text.to_owned(), Format::Yaml);
    let analysis = Analysis::new(&tree, "shop.yaml", Arc::new(Config::default()));
    let policy = analysis.sites[0].policy(&tree);
    let resources = policy.statements[0].resources().iter();
    let values = resources.flat_map(|item| analysis.sure(&tree, item));
    let values: Vec<String> = values.map(|(_, value)| value.pattern.display()).collect();
    assert_eq!(values, ["${Fn::Sub}", "arn:aws:s3:::c/*", "${Fn::Sub}"]);
}

#[test]
fn a_conditional_that_decides_what_a_statement_does_is_looked_at_once() {
    let conditional = "var.on ? { Bool = { \"aws:MultiFactorAuthPresent\" = \"true\" } } : null";
    let nested =
        "var.on ? var.off ? { AWS = \"*\" } : { AWS = \"111122223333\" } : var.off ? \"*\" : null";
    for (principal, condition) in [
        ("\"*\"", conditional),
        (nested, conditional),
        (nested, "null"),
    ] {
        let text = format!(
            "variable \"on\" {{}}\nvariable \"off\" {{}}\nresource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = jsonencode({{ Statement = [{{ Effect = var.on ? \"Allow\" : \"Deny\", Action = \"sts:AssumeRole\", Principal = {principal}, Condition = {condition} }}] }})\n}}\n"
        );
        let (tree, analysis) = analyse(&[("m/main.tf", &text)], "");
        let policy = analysis.sites[0].policy(&tree);
        let most = if condition == "null" || principal == nested {
            4
        } else {
            2
        };
        assert!(
            (1..=most).contains(&policy.statements.len()),
            "{}\n{text}",
            policy.statements.len()
        );
    }
}
