//! Modules of Terraform: which policies are found, whose they are, and what their texts are.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use leastwise_model::files::{self, Files};
use leastwise_model::{
    Config, Effect, Known, List, OwnerKind, Principals, Site, Statement, Unseen,
};
use leastwise_syntax::{Format, ProblemKind, Tree};

use crate::analysis::index::IndexedFiles;
use crate::{Analysis, load};

/// Files in memory.
#[derive(Debug)]
pub(super) struct Folder(BTreeMap<String, String>);

impl Files for Folder {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        let text = self.0.get(path)?;
        let format = load::format_of(Path::new(path), text);
        Some(Arc::new(Tree::parse(text.clone(), format)))
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.0.get(path).map(|text| Arc::from(text.as_str()))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let own = self.0.keys().filter(|path| files::folder(path) == folder);
        own.filter_map(|path| path.rsplit('/').next())
            .map(str::to_owned)
            .collect()
    }

    fn stamp(&self) -> u64 {
        0
    }
}

impl IndexedFiles for Folder {}

/// Looks at the first of some files.
pub(super) fn analyse(files: &[(&str, &str)], config: &str) -> (Tree, Analysis) {
    let (path, text) = files[0];
    let tree = Tree::parse(text.to_owned(), load::format_of(Path::new(path), text));
    let mut problems = tree.problems().iter();
    let problem = problems.find(|problem| problem.kind != ProblemKind::Templated);
    assert_eq!(problem, None, "the fixture\n{text}");
    let folder = Folder(
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect(),
    );
    let config = Arc::new(Config::parse(config));
    let analysis = Analysis::with_memo(&tree, path, config, Arc::new(folder), Arc::default());
    (tree, analysis)
}

/// Every policy, a line each with its owners, and its statements below.
fn shown(tree: &Tree, analysis: &Analysis) -> String {
    let mut out = String::new();
    for site in &analysis.sites {
        let owners: Vec<_> = analysis.owners_of(site).collect();
        let owners: Vec<_> = owners.iter().map(|owner| owner.label.as_str()).collect();
        let policy = site.policy(tree);
        let more = if policy.is_open() { " …" } else { "" };
        let _ = writeln!(out, "{} of {}{more}", site.kind.name(), owners.join(", "));
        for statement in &policy.statements {
            let _ = writeln!(out, "  {}", shown_statement(tree, analysis, statement));
        }
    }
    out
}

fn shown_statement(tree: &Tree, analysis: &Analysis, statement: &Statement) -> String {
    let list = |list: &Known<List>| match list {
        Known::Missing => String::new(),
        Known::Dynamic(_) => "…".to_owned(),
        Known::Is(list) => {
            let mut texts = Vec::new();
            for item in &list.items {
                let values = analysis.resolve(tree, &item.text, &analysis.environments[0], true);
                for value in values {
                    let when: Vec<_> = item
                        .branch
                        .iter()
                        .chain(&value.conditions)
                        .map(|(name, holds)| format!("{}{name}", if *holds { "" } else { "not " }))
                        .collect();
                    let when = match when.is_empty() {
                        true => String::new(),
                        false => format!(" if {}", when.join(" and ")),
                    };
                    texts.push(format!("{}{when}", value.pattern.display()));
                }
            }
            if list.dynamic {
                texts.push("…".to_owned());
            }
            texts.join(", ")
        }
    };
    let principals = |principals: &Known<Principals>| match principals {
        Known::Missing => String::new(),
        Known::Dynamic(_) => "…".to_owned(),
        Known::Is(principals) => {
            let mut kinds: Vec<_> = principals
                .kinds
                .iter()
                .map(|kind| format!("{} {}", kind.name, list(&kind.values)))
                .collect();
            if principals.star {
                kinds.push("*".to_owned());
            }
            if principals.dynamic {
                kinds.push("…".to_owned());
            }
            kinds.join(" and ")
        }
    };
    let mut out = match statement.effect {
        Known::Is(Effect::Allow) => "Allow".to_owned(),
        Known::Is(Effect::Deny) => "Deny".to_owned(),
        _ => "?".to_owned(),
    };
    if let Some(sid) = statement.sid_text(tree) {
        let _ = write!(out, " ({sid})");
    }
    let mut add = |lead: &str, text: String| {
        if !text.is_empty() {
            let _ = write!(out, " {lead} {text}");
        }
    };
    add("to", principals(&statement.principal));
    add("to all but", principals(&statement.not_principal));
    add("do", list(&statement.action));
    add("do all but", list(&statement.not_action));
    add("on", list(&statement.resource));
    add("on all but", list(&statement.not_resource));
    match &statement.condition {
        Known::Missing => {}
        Known::Dynamic(_) => add("where", "…".to_owned()),
        Known::Is(tests) => {
            for test in tests {
                let key = test.key.clone().unwrap_or_else(|| "…".to_owned());
                add(
                    "where",
                    format!("{key} {} {}", test.operator, list(&test.values)),
                );
            }
        }
    }
    for (name, holds) in &statement.branch {
        let _ = write!(out, " [{}{name}]", if *holds { "" } else { "not " });
    }
    out
}

const CONFIG: &str = "[accounts]\ndev = '111111111111'\n[deploy]\nregions = ['eu-west-1']\n";

/// Looks at the first file and compares what is found.
fn check(files: &[(&str, &str)], expected: &str) {
    let (tree, analysis) = analyse(files, CONFIG);
    let expected: Vec<_> = expected
        .lines()
        .map(|line| line.strip_prefix("            ").unwrap_or(line))
        .collect();
    assert_eq!(
        shown(&tree, &analysis).trim_end(),
        expected.join("\n").trim(),
        "{}",
        files[0].1
    );
}

const DECLARATIONS: &str = r#"
variable "prefix" {
  default = "shop"
}
variable "stage" {
  type = string
}
variable "tags" {
  default = { team = "core", "cost center" = "7" }
}
variable "names" {
  default = ["a", "b", "c"]
}
variable "empty" {
  default = null
}
locals {
  name   = "${var.prefix}-${var.stage}"
  arns   = ["arn:aws:s3:::${local.name}", "arn:aws:s3:::${local.name}/*"]
  nested = { one = { two = ["x", "y"] } }
  path   = "/service/"
  objects = [{ name = "q", on = true }, { name = "r", on = false }]
  map     = { b = { x = "1", list = ["m"] }, a = { x = "2", list = ["n", "o"] } }
  directive = <<-EOT
    %{ for n in ["a", "b"] ~}
    item ${n}
    %{ endfor ~}
    %{ if true }yes%{ endif }
  EOT
  heredoc = <<-EOT
    first ${var.prefix}
      second
    EOT
}
"#;

#[test]
fn expressions_are_what_terraform_makes_of_them() {
    let table = include_str!("terraform_expressions.tsv");
    let mut wrong = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split('\t').collect();
        let [mark, expression, expected] = fields[..] else {
            panic!("{line}");
        };
        let text = format!(
            "{DECLARATIONS}data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    resources = {expression}\n  }}\n}}\n"
        );
        let files = [
            ("m/main.tf", text.as_str()),
            ("m/terraform.tfvars", "stage = \"dev\"\n"),
        ];
        let (tree, analysis) = analyse(&files, "");
        let statement = &analysis.sites[0].policy(&tree).statements[0];
        let mut found = Vec::new();
        let mut holes = statement.resource.is_dynamic();
        for item in statement.resources() {
            let resolver = analysis.resolver(&tree, &analysis.environments[0], true);
            let mut branch = item.branch.iter();
            if branch.any(|(name, holds)| resolver.condition(name, 0) == Some(!holds)) {
                continue;
            }
            for value in analysis.resolve(&tree, &item.text, &analysis.environments[0], true) {
                holes |= value.pattern.holes().any(|hole| hole != "aws:username");
                found.push(value.pattern.display());
            }
        }
        holes |= statement.resource.known().is_some_and(|list| list.dynamic);
        let json = Tree::parse(expected.to_owned(), Format::Json);
        let mut texts: Vec<_> = json
            .items(json.documents()[0])
            .unwrap()
            .iter()
            .map(|item| json.text(*item).unwrap().to_owned())
            .collect();
        for list in [&mut texts, &mut found] {
            list.sort();
            list.dedup();
        }
        let right = match mark {
            "?" => holes,
            "+" => texts.iter().all(|text| found.contains(text)) && !holes,
            _ => found == texts && !holes,
        };
        if !right {
            wrong.push(format!("{expression}\n  {found:?}\n  {texts:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_not_known_is_not_guessed() {
    // `var.u` and `var.v` have no values.
    for (expression, expected) in [
        (
            "[for n in var.u : \"x${n}\"]",
            "${[for n in var.u ∶ \"x${n}\"]}",
        ),
        (
            "[for n in concat([\"a\"], var.u) : n]",
            "${[for n in concat([\"a\"], var.u) ∶ n]}",
        ),
        (
            "[for n in [\"a\", \"b\"] : n if n == var.u]",
            "${[for n in [\"a\", \"b\"] ∶ n if n == var.u]}",
        ),
        ("[for n in [\"a\", var.u] : \"x${n}\"]", "xa ; x${var.u}"),
        (
            "distinct([for n in [var.u, var.v] : \"x${upper(n)}\"])",
            "x${upper(n) 0} ; x${upper(n) 1}",
        ),
        (
            "[join(\",\", toset([\"b\", var.u]))]",
            "${join(\",\", toset([\"b\", var.u]))}",
        ),
        (
            "[element(concat(var.u, [\"b\"]), 0)]",
            "${element(concat(var.u, [\"b\"]), 0)}",
        ),
        (
            "[length(concat(var.u, [\"b\"])) == 2 ? \"a\" : \"b\"]",
            "a ; b",
        ),
        (
            "[length(compact([var.u, \"b\"])) == 2 ? \"a\" : \"b\"]",
            "a ; b",
        ),
        ("[var.names[var.u]]", "${var.names[var.u]}"),
        ("[local.map[var.u].x]", "${local.map[var.u].x}"),
        (
            "[\"%{ if var.u }x%{ endif }y\"]",
            "${\"%{ if var.u }x%{ endif }y\"}",
        ),
        (
            "[\"%{ for n in var.u }${n}%{ endfor }\"]",
            "${\"%{ for n in var.u }${n}%{ endfor }\"}",
        ),
        ("[contains([\"a\", var.u], \"b\") ? \"x\" : \"y\"]", "x ; y"),
        ("[contains([\"b\", var.u], \"b\") ? \"x\" : \"y\"]", "x"),
        ("[var.u == null ? \"x\" : \"y\"]", "x ; y"),
        ("[var.empty == null ? \"x\" : \"y\"]", "x ; y"),
        ("[false && var.u ? \"x\" : \"y\"]", "y"),
        ("[true && var.u ? \"x\" : \"y\"]", "x ; y"),
        ("[tostring(1 / 3)]", "${1 / 3}"),
        (
            "[tostring(9223372036854775807 + 1)]",
            "${9223372036854775807 + 1}",
        ),
        ("[nonsense(var.names)]", "${nonsense(var.names)}"),
    ] {
        let text = format!(
            "{DECLARATIONS}data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    resources = {expression}\n  }}\n}}\n"
        );
        let tree = Tree::parse(text.clone(), Format::Hcl);
        let config = Arc::new(Config::parse(""));
        let analysis = Analysis::with_memo(
            &tree,
            "m/main.tf",
            config,
            Arc::new(Folder(BTreeMap::new())),
            Arc::default(),
        );
        let statement = &analysis.sites[0].policy(&tree).statements[0];
        let mut found = Vec::new();
        for item in statement.resources() {
            let resolver = analysis.resolver(&tree, &analysis.environments[0], true);
            let mut branch = item.branch.iter();
            if branch.any(|(name, holds)| resolver.condition(name, 0) == Some(!holds)) {
                continue;
            }
            let values = analysis.resolve(&tree, &item.text, &analysis.environments[0], true);
            found.extend(values.iter().map(|value| value.pattern.display()));
        }
        assert_eq!(found.join(" ; "), expected, "{expression}");
    }
}

#[test]
fn a_document_in_blocks() {
    check(
        &[(
            "m/main.tf",
            r#"
data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
data "aws_partition" "p" {}
resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.id
  policy = data.aws_iam_policy_document.app.json
}
data "aws_iam_policy_document" "trust" {
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]
    }
    principals {
      type        = "AWS"
      identifiers = ["arn:${data.aws_partition.p.partition}:iam::${data.aws_caller_identity.me.account_id}:root"]
    }
  }
}
data "aws_iam_policy_document" "app" {
  statement {
    sid       = ""
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/&{aws:username}/*", "arn:aws:s3:::b/$${aws:userid}"]
    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = [data.aws_region.here.name]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = ["us-east-1"]
    }
  }
  statement {
    sid           = "No"
    effect        = "Deny"
    not_actions   = ["s3:*"]
    not_resources = ["*"]
    not_principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
"#,
        )],
        "trust policy of aws_iam_role.app
              Allow to Service lambda.amazonaws.com, edgelambda.amazonaws.com and AWS arn:aws:iam::111111111111:root do sts:AssumeRole
            identity policy of aws_iam_role.app
              Allow do s3:GetObject on arn:aws:s3:::b/${aws:username}/*, arn:aws:s3:::b/${aws:userid} where aws:RequestedRegion StringEquals eu-west-1, us-east-1
              Deny (No) to all but * do all but s3:* on all but *",
    );
}

#[test]
fn dynamic_blocks_and_conditionals() {
    check(
        &[(
            "m/main.tf",
            r#"
data "aws_iam_policy_document" "d" {
  dynamic "statement" {
    for_each = var.more ? [1] : []
    content {
      actions   = ["sqs:SendMessage"]
      resources = [var.more ? "arn:aws:sqs:eu-west-1:111111111111:a" : "*"]
    }
  }
  dynamic "statement" {
    for_each = var.statements
    content {
      actions   = statement.value.actions
      resources = concat(["arn:aws:s3:::a"], var.x ? ["arn:aws:s3:::b"] : [], local.unknown)
      dynamic "condition" {
        for_each = statement.value.conditions
        content {
          test     = "Bool"
          variable = "aws:SecureTransport"
          values   = [true]
        }
      }
    }
  }
}
"#,
        )],
        "policy of data.aws_iam_policy_document.d …
              Allow do sqs:SendMessage on arn:aws:sqs:eu-west-1:111111111111:a if var.more, * if not var.more [var.more]
              Allow do ${statement.value.actions}, … on arn:aws:s3:::a, arn:aws:s3:::b if var.x, ${local.unknown} where … [var.statements]",
    );
}

#[test]
fn merged_documents() {
    check(
        &[(
            "m/main.tf",
            r#"
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Same"
    actions   = ["sqs:*"]
    resources = ["*"]
  }
  statement {
    sid       = "Kept"
    actions   = ["sns:Publish"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "over" {
  statement {
    sid       = "Own"
    effect    = "Deny"
    actions   = ["kms:*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "d" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json]
  override_policy_documents = [data.aws_iam_policy_document.over.json]
  statement {
    sid       = "Same"
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
  }
  statement {
    sid       = "Own"
    actions   = ["kms:Decrypt"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "open" {
  source_policy_documents = var.documents
}
resource "aws_iam_policy" "p" {
  policy = data.aws_iam_policy_document.d.json
}
"#,
        )],
        "identity policy of aws_iam_policy.p
              Allow (Kept) do sns:Publish on *
            identity policy of aws_iam_policy.p
              Deny (Own) do kms:* on *
            identity policy of aws_iam_policy.p
              Allow (Same) do sqs:SendMessage on *
            policy of data.aws_iam_policy_document.open …",
    );
}

/// One document by name, with statements of one action each: `sid action`.
fn small(name: &str, arguments: &str, statements: &[(&str, &str)]) -> String {
    let mut text = format!("data \"aws_iam_policy_document\" \"{name}\" {{\n{arguments}");
    for (sid, action) in statements {
        let sid = match sid.is_empty() {
            true => String::new(),
            false => format!("    sid = \"{sid}\"\n"),
        };
        let _ = write!(
            text,
            "  statement {{\n{sid}    actions = [\"{action}\"]\n    resources = [\"*\"]\n  }}\n"
        );
    }
    text + "}\n"
}

/// What is left of several documents in the policy that document `d` renders to, as the provider merges them.
#[test]
fn documents_take_the_place_of_others_by_sid() {
    let use_of =
        "resource \"aws_iam_policy\" \"p\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n";
    let of = |name: &str| format!("data.aws_iam_policy_document.{name}.json");
    let (a, b) = (of("a"), of("b"));
    let one: &[(&str, &str)] = &[("S", "sqs:SendMessage"), ("", "sns:Publish")];
    let two: &[(&str, &str)] = &[("S", "sqs:DeleteQueue"), ("", "sns:Publish")];
    for (arguments, own, left) in [
        // A document's own statements come behind its sources, its overrides behind both.
        (
            format!("source_policy_documents = [{a}]\n"),
            one,
            "sns:Publish sns:Publish sqs:SendMessage",
        ),
        (
            format!("source_policy_documents = [{a}]\n"),
            &[],
            "s3:GetObject sns:Publish",
        ),
        (
            format!("override_policy_documents = [{a}]\n"),
            one,
            "s3:GetObject sns:Publish sns:Publish",
        ),
        (
            format!("source_policy_documents = [{a}]\noverride_policy_documents = [{b}]\n"),
            one,
            "kms:Decrypt sns:Publish sns:Publish sns:Publish",
        ),
        // Of the overrides, the later ones.
        (
            format!("override_policy_documents = [{a}, {b}]\n"),
            one,
            "kms:Decrypt sns:Publish sns:Publish sns:Publish",
        ),
        (
            format!("override_policy_documents = [{b}, {a}]\n"),
            one,
            "s3:GetObject sns:Publish sns:Publish sns:Publish",
        ),
        // The older arguments: sources before the newer ones, overrides behind them.
        (
            format!("source_json = {a}\n"),
            &[],
            "s3:GetObject sns:Publish",
        ),
        (
            format!("source_json = {a}\nsource_policy_documents = [{b}]\n"),
            &[],
            "kms:Decrypt sns:Publish sns:Publish",
        ),
        (
            format!("override_json = {a}\noverride_policy_documents = [{b}]\n"),
            two,
            "s3:GetObject sns:Publish sns:Publish sns:Publish",
        ),
    ] {
        let text = small("d", &arguments, own)
            + &small("a", "", &[("S", "s3:GetObject"), ("", "sns:Publish")])
            + &small("b", "", &[("S", "kms:Decrypt"), ("", "sns:Publish")])
            + use_of;
        let (tree, analysis) = analyse(&[("m/main.tf", text.as_str())], CONFIG);
        let mut actions = Vec::new();
        for site in &analysis.sites {
            let owners: Vec<_> = analysis
                .owners_of(site)
                .map(|owner| owner.label.clone())
                .collect();
            let is_used = owners == ["aws_iam_policy.p"];
            let policy = site.policy(&tree);
            assert!(!policy.is_open(), "{arguments}");
            for action in policy.statements.iter().flat_map(|it| it.actions()) {
                if is_used {
                    actions.push(action.text.literal(&tree).unwrap().to_owned());
                }
            }
        }
        actions.sort();
        assert_eq!(actions.join(" "), left, "{arguments}");
    }
}

#[test]
fn what_a_document_renders_to() {
    check(
        &[(
            "m/main.tf",
            r#"
data "aws_iam_policy_document" "d" {
  version   = "2012-10-17"
  policy_id = "Everything"
  statement {
    sid           = ""
    not_actions   = ["iam:*"]
    not_resources = ["arn:aws:s3:::&{aws:PrincipalTag/team}/*"]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["&{aws:username}/*"]
    }
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["shared/*"]
    }
    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "aws:TagKeys"
      values   = ["a", "b"]
    }
  }
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["*"]
    not_principals {
      type        = "AWS"
      identifiers = ["111111111111", "&{aws:userid}"]
    }
  }
  statement {
    actions = ["s3:GetObject"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
  statement {
    actions = ["s3:GetObject"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    principals {
      type        = "Service"
      identifiers = ["a.amazonaws.com"]
    }
    principals {
      type        = "Service"
      identifiers = ["b.amazonaws.com"]
    }
  }
}
resource "aws_s3_bucket_policy" "p" {
  bucket = "b"
  policy = data.aws_iam_policy_document.d.json
}
"#,
        )],
        "resource policy of aws_s3_bucket_policy.p
              Allow do all but iam:* on all but arn:aws:s3:::${aws:PrincipalTag/team}/* where s3:prefix StringLike ${aws:username}/*, shared/* where aws:TagKeys ForAnyValue:StringEquals a, b
              Deny to all but AWS 111111111111, ${aws:userid} do s3:* on *
              Allow to * do s3:GetObject
              Allow to AWS * and Service a.amazonaws.com, b.amazonaws.com do s3:GetObject",
    );
}

#[test]
fn documents_as_json() {
    check(
        &[(
            "m/main.tf",
            r#"
locals {
  shared = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}
resource "aws_iam_user" "u" {
  name = "u-${var.x}"
}
resource "aws_iam_user_policy" "u" {
  user   = aws_iam_user.u.name
  policy = local.shared
}
resource "aws_iam_group_policy" "g" {
  group  = "admins"
  policy = local.shared
}
resource "aws_organizations_policy" "o" {
  type    = "RESOURCE_CONTROL_POLICY"
  content = "{\"Version\": \"2012-10-17\", \"Statement\": []}"
}
module "m" {
  source = "somewhere/else"
  json   = var.x ? jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "*", Resource = "*" }] }) : null
  policy_statements = {
    read = { effect = "Allow", actions = ["dynamodb:GetItem"], resources = [var.table] }
  }
}
"#,
        )],
        "identity policy of aws_iam_user.u, admins
              Allow do s3:* on *
            resource control policy of aws_organizations_policy.o
            policy of module.m
              Deny do * on *
            policy of module.m
              Allow do dynamodb:GetItem on ${var.table}",
    );
}

#[test]
fn heredocs() {
    check(
        &[(
            "m/main.tf",
            r#"
resource "aws_sqs_queue" "q" {
  name   = "jobs"
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": {
        "Effect": "Allow",
        "Principal": {"AWS": "${var.account}"},
        "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:${var.region}:*:jobs/$${aws:userid}"
      }
    }
    EOT
}
"#,
        )],
        "resource policy of aws_sqs_queue.q
              Allow to AWS ${var.account} do sqs:SendMessage on arn:aws:sqs:${var.region}:*:jobs/${aws:userid}",
    );
}

#[test]
fn attachments() {
    let text = r#"
resource "aws_iam_role" "r" {
  name                 = "r"
  permissions_boundary = "arn:aws:iam::111111111111:policy/b"
  managed_policy_arns  = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
  inline_policy {
    name   = "in"
    policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
  }
}
resource "aws_iam_role" "other" {
  name = "other"
}
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.r.name
  policy_arn = aws_iam_policy.p.arn
}
resource "aws_iam_policy_attachment" "b" {
  name       = "b"
  roles      = [aws_iam_role.other.name, "elsewhere"]
  policy_arn = aws_iam_policy.p.arn
}
resource "aws_iam_role_policy_attachment" "c" {
  role       = aws_iam_role.other.name
  policy_arn = each.value
}
"#;
    check(
        &[("m/main.tf", text)],
        "identity policy of aws_iam_role.r
              Allow do s3:* on *
            identity policy of aws_iam_role.r, aws_iam_role.other, elsewhere
              Allow do sqs:* on *",
    );
    let (_, analysis) = analyse(&[("m/main.tf", text)], CONFIG);
    let owner = |label: &str| {
        analysis
            .owners
            .iter()
            .find(|owner| owner.label == label)
            .unwrap()
    };
    assert_eq!(owner("aws_iam_role.r").names, ["r"]);
    assert_eq!(owner("aws_iam_role.r").managed.len(), 1);
    assert!(owner("aws_iam_role.r").boundary.known().is_some());
    let open = |owner: &leastwise_model::Owner| {
        owner
            .attached
            .iter()
            .any(|attached| !attached.is_granted_already)
    };
    assert!(!owner("aws_iam_role.r").dynamic && !open(owner("aws_iam_role.r")));
    assert!(open(owner("aws_iam_role.other")));
    assert!(owner("elsewhere").dynamic);
}

#[test]
fn attributes_of_resources() {
    let cases = [
        (
            "aws_sqs_queue.q.arn",
            "arn:aws:sqs:eu-west-1:111111111111:jobs",
        ),
        (
            "aws_s3_bucket.b.arn",
            "arn:aws:s3:::b-${aws_s3_bucket.b.bucket}",
        ),
        (
            "\"${aws_s3_bucket.named[\"x\"].arn}/*\"",
            "arn:aws:s3:::n-x/*",
        ),
        (
            "aws_s3_bucket.named[each.key].id",
            "n-${aws_s3_bucket.named[each.key].each.key}",
        ),
        (
            "aws_lambda_function.f.arn",
            "arn:aws:lambda:us-east-1:111111111111:function:f",
        ),
        ("aws_iam_role.r.arn", "arn:aws:iam::111111111111:role/svc/r"),
        ("aws_iam_role.r.name", "r"),
        (
            "aws_kms_key.k.arn",
            "arn:aws:kms:eu-west-1:111111111111:key/${aws_kms_key.k.id}",
        ),
        (
            "aws_ssm_parameter.p.arn",
            "arn:aws:ssm:eu-west-1:111111111111:parameter/a/b",
        ),
        (
            "aws_cloudwatch_event_rule.e.arn",
            "arn:aws:events:eu-west-1:111111111111:rule/bus/e",
        ),
        (
            "aws_iam_openid_connect_provider.o.arn",
            "arn:aws:iam::111111111111:oidc-provider/gitlab.com",
        ),
        ("aws_nothing.n.arn", "${aws_nothing.n.arn}"),
        ("aws_sqs_queue.missing.arn", "${aws_sqs_queue.missing.arn}"),
        (
            "data.aws_iam_policy.ro.arn",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
        ),
        ("data.aws_iam_role.r.arn", "${data.aws_iam_role.r.arn}"),
        ("data.aws_s3_bucket.d.arn", "arn:aws:s3:::given"),
        ("data.aws_region.virginia.name", "us-east-1"),
        (
            "data.aws_caller_identity.other.account_id",
            "${data.aws_caller_identity.other.account_id}",
        ),
        (
            "module.child.arn",
            "arn:aws:sns:eu-west-1:111111111111:shop-topic",
        ),
        ("module.child.key", "${module.child.key}"),
        ("module.far.arn", "${module.far.arn}"),
        // What one instance of a call is given is not what another is.
        (
            "module.many[\"x\"].arn",
            "arn:aws:sns:eu-west-1:111111111111:${module.many[\"x\"].each.key}-topic",
        ),
        ("module.many[\"y\"].key", "${module.many[\"y\"].key}"),
        (
            "\"x-${module.many[\"y\"].prefixed}\"",
            "x-k-${module.many[\"y\"].aws_kms_key.k.id}",
        ),
        // The default of a variable is no region that somebody chose.
        (
            "aws_sqs_queue.abroad.arn",
            "arn:aws:sqs:eu-west-1:111111111111:abroad",
        ),
        ("local.loop", "${local.loop}"),
        ("terraform.workspace", "${terraform.workspace}"),
    ];
    let declarations = r#"
provider "aws" {
  alias  = "virginia"
  region = "us-east-1"
}
provider "aws" {
  alias = "other"
  assume_role {
    role_arn = "arn:aws:iam::999999999999:role/x"
  }
}
locals {
  loop = "${local.again}"
  again = local.loop
}
variable "region" { default = "us-east-2" }
provider "aws" {
  alias  = "chosen"
  region = var.region
}
resource "aws_sqs_queue" "abroad" {
  name     = "abroad"
  provider = aws.chosen
}
resource "aws_sqs_queue" "q" { name = "jobs" }
resource "aws_s3_bucket" "b" { bucket_prefix = "b-" }
resource "aws_s3_bucket" "named" {
  for_each = toset(["x"])
  bucket   = "n-${each.key}"
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  provider      = aws.virginia
}
resource "aws_iam_role" "r" {
  name = "r"
  path = "/svc/"
}
resource "aws_kms_key" "k" {}
resource "aws_ssm_parameter" "p" { name = "/a/b" }
resource "aws_cloudwatch_event_rule" "e" {
  name           = "e"
  event_bus_name = "bus"
}
resource "aws_iam_openid_connect_provider" "o" { url = "https://gitlab.com" }
data "aws_iam_policy" "ro" { name = "ReadOnlyAccess" }
data "aws_iam_role" "r" { name = "r" }
data "aws_s3_bucket" "d" { bucket = "given" }
data "aws_region" "virginia" { provider = aws.virginia }
data "aws_caller_identity" "other" { provider = aws.other }
module "child" {
  source = "./child"
  name   = "shop"
}
module "many" {
  source   = "./child"
  for_each = toset(["x", "y"])
  name     = each.key
}
module "far" { source = "git::https://example.com/x.git" }
"#;
    let child = r#"
variable "name" {}
resource "aws_sns_topic" "t" { name = "${var.name}-topic" }
resource "aws_kms_key" "k" {}
output "arn" { value = aws_sns_topic.t.arn }
output "key" { value = aws_kms_key.k.id }
output "prefixed" { value = "k-${aws_kms_key.k.id}" }
"#;
    let mut wrong = Vec::new();
    for (expression, expected) in cases {
        let text = format!(
            "{declarations}data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    resources = [{expression}]\n  }}\n}}\n"
        );
        let files = [("m/main.tf", text.as_str()), ("m/child/main.tf", child)];
        let (tree, analysis) = analyse(&files, CONFIG);
        let item = &analysis.sites[0].policy(&tree).statements[0].resources()[0];
        let values: Vec<_> = analysis
            .shown(&tree, item)
            .map(|(_, value)| value.pattern.display())
            .collect();
        if values != [expected] {
            wrong.push(format!("{expression}: {values:?}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn values_of_variables() {
    let main = r#"
variable "a" { default = "default" }
variable "b" {}
data "aws_iam_policy_document" "d" {
  statement {
    resources = ["arn:aws:s3:::${var.a}", "arn:aws:s3:::${var.b}"]
  }
}
"#;
    let values = |files: &[(&str, &str)], config: &str, defaults: bool| {
        let mut all = vec![("m/child/main.tf", main)];
        all.extend(files);
        let (tree, analysis) = analyse(&all, config);
        let mut values = Vec::new();
        for item in analysis.sites[0].policy(&tree).statements[0].resources() {
            for value in analysis.resolve(&tree, &item.text, &analysis.environments[0], defaults) {
                let text = value.pattern.display();
                values.push(text.trim_start_matches("arn:aws:s3:::").to_owned());
            }
        }
        values.join(" ")
    };
    assert_eq!(values(&[], "", true), "default ${var.b}");
    assert_eq!(values(&[], "", false), "${var.a} ${var.b}");
    let set = ("m/child/terraform.tfvars", "a = \"set\"\nb = \"b\"\n");
    assert_eq!(values(&[set], "", false), "set b");
    let auto = ("m/child/x.auto.tfvars", "b = \"auto\"\n");
    assert_eq!(values(&[set, auto], "", false), "set auto");
    let json = ("m/child/x.auto.tfvars.json", r#"{"b": "json"}"#);
    assert_eq!(values(&[json], "", false), "${var.a} json");
    let named = [
        ("m/child/dev.tfvars", "b = \"one\"\n"),
        ("m/child/prod.tfvars", "b = \"two\"\n"),
    ];
    assert_eq!(values(&named, "", true), "default one two");
    assert_eq!(values(&named, "", false), "${var.a} ${var.b}");
    let alike = [named[0], ("m/child/prod.tfvars", "b = \"one\"\n")];
    assert_eq!(values(&alike, "", true), "default one");
    assert_eq!(values(&named, CONFIG, false), "${var.a} one");
    assert_eq!(
        values(&[], "[variables]\nb = 'config'\n", false),
        "${var.a} config"
    );
    let caller = (
        "m/main.tf",
        "locals {\n  x = \"from above\"\n}\nmodule \"c\" {\n  source = \"./child\"\n  b      = local.x\n}\n",
    );
    assert_eq!(values(&[caller], "", false), "default from above");
    let twice = (
        "m/other.tf",
        "module \"d\" {\n  source = \"./child\"\n  b = \"y\"\n}\n",
    );
    assert_eq!(values(&[caller, twice], "", false), "${var.a} ${var.b}");
}

#[test]
fn parts_keep_their_places() {
    let text = r#"
resource "aws_s3_bucket" "b" { bucket = "shop" }
data "aws_iam_policy_document" "d" {
  statement {
    resources = ["${aws_s3_bucket.b.arn}/a/*", format("arn:aws:s3:::%s/b", "x")]
  }
}
"#;
    let (tree, analysis) = analyse(&[("m/main.tf", text)], CONFIG);
    let mut places = Vec::new();
    for item in analysis.sites[0].policy(&tree).statements[0].resources() {
        for (_, value) in analysis.shown(&tree, item) {
            let raw = value.pattern.raw();
            for piece in ["/a/", "shop", "s3:::", "/b"] {
                if let Some(at) = raw.find(piece) {
                    let span = value.span_of(&tree, at..at + piece.len()).unwrap();
                    places.push(&text[span.range()]);
                }
            }
        }
    }
    assert_eq!(
        places,
        [
            "/a/",
            "${aws_s3_bucket.b.arn}",
            "${aws_s3_bucket.b.arn}",
            "s3:::",
            "/b"
        ]
    );
}

#[test]
fn parts_of_calls_keep_their_places() {
    let text = r#"
data "aws_iam_policy_document" "d" {
  statement {
    resources = [join("", ["arn:aws:s3:::", "j-", upper("k")]), format("arn:aws:s3:::%s-100%%-x", "f")]
  }
}
"#;
    let (tree, analysis) = analyse(&[("m/main.tf", text)], CONFIG);
    let mut places = Vec::new();
    for item in analysis.sites[0].policy(&tree).statements[0].resources() {
        for (_, value) in analysis.shown(&tree, item) {
            for piece in ["j-", "K", "-100%", "-x"] {
                if let Some(at) = value.pattern.raw().find(piece) {
                    let span = value.span_of(&tree, at..at + piece.len()).unwrap();
                    places.push(&text[span.range()]);
                }
            }
        }
    }
    assert_eq!(places, ["j-", "upper(\"k\")", "-100%", "-x"]);
}

#[test]
fn files_of_one_module() {
    let main = (
        "m/main.tf",
        r#"
resource "aws_iam_role" "r" {
  name               = local.name
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
"#,
    );
    let data = (
        "m/data.tf",
        r#"
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}
data "aws_iam_policy_document" "p" {
  statement {
    actions   = ["s3:GetObject"]
    resources = [local.arn]
  }
}
"#,
    );
    let more = (
        "m/more.tf",
        r#"
locals {
  name = "r"
  arn  = "arn:aws:s3:::x/*"
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.name
  policy = data.aws_iam_policy_document.p.json
}
"#,
    );
    check(
        &[data, main, more],
        "trust policy of aws_iam_role.r
              Allow to Service ec2.amazonaws.com do sts:AssumeRole
            identity policy of aws_iam_role.r
              Allow do s3:GetObject on arn:aws:s3:::x/*",
    );
    let (_, analysis) = analyse(&[main, data, more], CONFIG);
    let owner = &analysis.owners[0];
    assert_eq!(
        (owner.label.as_str(), owner.names.as_slice()),
        ("aws_iam_role.r", &["r".to_owned()][..])
    );
    assert_eq!(
        owner.generated.len(),
        2,
        "its policies stand in other files"
    );
}

#[test]
fn json_syntax() {
    check(
        &[(
            "m/main.tf.json",
            r#"{
  "locals": {"name": "shop-${var.stage}"},
  "variable": {"stage": {"default": "dev"}},
  "data": {
    "aws_caller_identity": {"me": {}},
    "aws_iam_policy_document": {
      "d": {
        "statement": [
          {"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::${local.name}/&{aws:username}/*", "${format(\"arn:aws:s3:::%s\", local.name)}"]},
          {"effect": "Deny", "actions": ["s3:*"], "resources": ["*"], "principals": {"type": "AWS", "identifiers": ["${data.aws_caller_identity.me.account_id}"]}}
        ]
      }
    }
  },
  "resource": {
    "aws_s3_bucket_policy": {"p": {"bucket": "b", "policy": "${data.aws_iam_policy_document.d.json}"}},
    "aws_iam_role": [{"r": {"name": "r", "assume_role_policy": "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"Service\": \"ec2.amazonaws.com\"}, \"Action\": \"sts:AssumeRole\"}]}"}}]
  }
}
"#,
        )],
        "resource policy of aws_s3_bucket_policy.p
              Allow do s3:GetObject on arn:aws:s3:::shop-dev/${aws:username}/*, arn:aws:s3:::shop-dev
              Deny to AWS 111111111111 do s3:* on *
            trust policy of aws_iam_role.r
              Allow to Service ec2.amazonaws.com do sts:AssumeRole",
    );
}

#[test]
fn plans() {
    check(
        &[(
            "plan.json",
            r#"{
  "format_version": "1.2", "terraform_version": "1.9.0",
  "planned_values": {"root_module": {
    "resources": [
      {"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "name": "r",
       "values": {"name": "r", "permissions_boundary": null, "inline_policy": [{"name": "i", "policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}"}],
         "assume_role_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"}}]}"}},
      {"address": "aws_iam_role_policy_attachment.a", "mode": "managed", "type": "aws_iam_role_policy_attachment",
       "values": {"role": "r", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
    ],
    "child_modules": [{"address": "module.m", "resources": [
      {"address": "module.m.aws_iam_role_policy.p[0]", "mode": "managed", "type": "aws_iam_role_policy",
       "values": {"role": "r", "policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Resource\":\"*\"}]}"}}
    ]}]
  }},
  "resource_changes": [{"address": "aws_iam_role.r", "change": {"after": {"assume_role_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}"}}}]
}
"#,
        )],
        "trust policy of aws_iam_role.r
              Allow to Service ec2.amazonaws.com do sts:AssumeRole
            identity policy of aws_iam_role.r
              Allow do s3:* on *
            identity policy of aws_iam_role.r
              Allow do sqs:* on *",
    );
}

#[test]
fn hostile_modules_end() {
    let mut text = String::from("locals {\n  l0 = \"x\"\n");
    for index in 1..200 {
        let before = index - 1;
        text.push_str(&format!(
            "  l{index} = \"${{local.l{before}}}${{local.l{before}}}${{local.l{before}}}\"\n"
        ));
    }
    text.push_str("}\n");
    for index in 0..40 {
        let other = (index + 1) % 40;
        text.push_str(&format!(
            "data \"aws_iam_policy_document\" \"d{index}\" {{\n  source_policy_documents = [data.aws_iam_policy_document.d{other}.json]\n  statement {{\n    resources = [local.l199]\n  }}\n}}\n"
        ));
    }
    text.push_str(
        "resource \"aws_iam_policy\" \"p\" {\n  policy = data.aws_iam_policy_document.d0.json\n}\n",
    );
    let (tree, analysis) = analyse(&[("m/main.tf", &text)], CONFIG);
    assert_eq!(analysis.sites.len(), 40);
    let site: &Site = &analysis.sites[0];
    assert!(!shown(&tree, &analysis).is_empty() && !site.owners.is_empty());
}

/// There are more ways through these than anybody can go.
#[test]
fn documents_that_are_named_again_and_again() {
    const WIDTH: usize = 10;
    let mut text = String::from("locals {\n  l8 = [data.aws_iam_policy_document.base.json]\n");
    for level in 0..8 {
        let next = vec![format!("local.l{}", level + 1); WIDTH].join(", ");
        writeln!(text, "  l{level} = [{next}]").unwrap();
    }
    text.push_str(
        r#"}
data "aws_iam_policy_document" "base" {
  statement {
    actions   = ["sns:Publish"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "d" {
  source_policy_documents = local.l0
}
resource "aws_iam_policy" "p" {
  policy = data.aws_iam_policy_document.d.json
}
"#,
    );
    check(
        &[("main.tf", &text)],
        "identity policy of aws_iam_policy.p
              Allow do sns:Publish on *
            identity policy of aws_iam_policy.p",
    );
}

#[test]
fn what_may_be_null_or_empty_is_no_element() {
    let text = r#"
data "aws_partition" "current" {}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = compact(["s3:GetObject", "", var.x ? "s3:PutObject" : ""])
    resources = ["arn:${try(data.aws_partition.current.partition, "")}:s3:::${coalesce(var.name, "x")}"]
  }
  dynamic "statement" {
    for_each = var.statements
    content {
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}
"#;
    let (tree, analysis) = analyse(&[("m/main.tf", text)], "");
    assert_eq!(
        shown(&tree, &analysis),
        "policy of data.aws_iam_policy_document.d …
  Allow do s3:GetObject, s3:PutObject if var.x on arn:${try(data.aws_partition.current.partition, \"\")}:s3:::${coalesce(var.name, \"x\")}
  Allow do ${statement.value.actions}, … on ${statement.value.resources} [var.statements]
"
    );
    let statements = &analysis.sites[0].policy(&tree).statements;
    assert!(statements[1].element("Resource").is_none());
    assert!(statements[0].element("Resource").is_some());
}

#[test]
fn a_region_to_be_filled_in_is_none() {
    let text = r#"
provider "aws" {
  region = "REPLACE_ME"
}
resource "aws_sqs_queue" "q" {
  name = "q"
}
data "aws_iam_policy_document" "d" {
  statement {
    resources = [aws_sqs_queue.q.arn]
  }
}
"#;
    for (region, own) in [
        ("REPLACE_ME", "eu-west-1"),
        ("EU-WEST-2", "eu-west-1"),
        ("eu-<where>-2", "eu-west-1"),
        ("us-gov-west-1", "us-gov-west-1"),
    ] {
        let text = text.replace("REPLACE_ME", region);
        let (tree, analysis) = analyse(&[("m/main.tf", &text)], CONFIG);
        let shown = shown(&tree, &analysis);
        let arn = format!("on arn:aws:sqs:{own}:111111111111:q\n");
        assert!(shown.ends_with(&arn), "{region}: {shown}");
    }
}

#[test]
fn policies_of_other_files_are_granted() {
    let main = (
        "m/main.tf",
        r#"
resource "aws_iam_role" "r" {
  name = "r"
}
resource "aws_iam_role_policy" "a" {
  role   = aws_iam_role.r.id
  policy = file("${path.module}/a.json")
}
resource "aws_iam_role_policy" "b" {
  role   = aws_iam_role.r.id
  policy = templatefile("b.json", { bucket = "x", queue = local.queue, key = "${local.queue}/y" })
}
resource "aws_iam_role_policy" "c" {
  role   = aws_iam_role.r.id
  policy = data.aws_iam_policy_document.d.json
}
"#,
    );
    let other = (
        "m/other.tf",
        r#"
locals {
  queue = "arn:aws:sqs:eu-west-1:111111111111:q"
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [local.queue]
  }
}
"#,
    );
    let policy = |resource: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "{resource}"}}]}}"#
        )
    };
    let (a, b) = (
        policy("arn:aws:s3:::a/*"),
        policy("arn:aws:s3:::${bucket}/${queue}/${key}/*"),
    );
    let files = [
        main,
        other,
        ("m/a.json", a.as_str()),
        ("m/b.json", b.as_str()),
    ];
    let (tree, analysis) = analyse(&files, CONFIG);
    assert_eq!(shown(&tree, &analysis), "");
    let owner = &analysis.owners[0];
    let statements: Vec<_> = owner
        .generated
        .iter()
        .flat_map(|generated| &generated.policy.statements)
        .map(|statement| shown_statement(&tree, &analysis, statement))
        .collect();
    assert_eq!(
        statements,
        [
            "Allow do s3:GetObject on arn:aws:s3:::a/*",
            "Allow do s3:GetObject on arn:aws:s3:::x/arn:aws:sqs:eu-west-1:111111111111:q/${key}/*",
            "Allow do sqs:SendMessage on arn:aws:sqs:eu-west-1:111111111111:q",
        ]
    );
    assert!(!owner.dynamic);
    // Without one of the files what the role may do isn't known.
    let (_, analysis) = analyse(&[main, other, files[2]], CONFIG);
    assert!(analysis.owners[0].dynamic);
}

/// What the only resource of a module's document is, by its declarations and its expression.
fn resource_of(declarations: &str, expression: &str, config: &str) -> Vec<String> {
    let text = format!(
        "{declarations}\ndata \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    resources = {expression}\n  }}\n}}\n"
    );
    let (tree, analysis) = analyse(&[("m/main.tf", &text)], config);
    let statement = &analysis.sites[0].policy(&tree).statements[0];
    let items = statement.resources().iter();
    items
        .flat_map(|item| analysis.shown(&tree, item))
        .map(|(_, value)| value.pattern.display())
        .collect()
}

#[test]
fn the_config_says_what_the_workspace_is() {
    let config = "[variables]\n'terraform.workspace' = 'dev'\n";
    let found = resource_of("", "[\"arn:aws:s3:::${terraform.workspace}\"]", config);
    assert_eq!(found, ["arn:aws:s3:::dev"]);
}

#[test]
fn comments_in_expressions_are_passed_over() {
    for expression in [
        "[for n in [\"a\"] : // each ]\n n]",
        "[for n in concat([\"a\"], // the first )\n [\"b\"]) : n if n == \"a\"]",
        "[for n in concat([\"a\"], # the first )\n [\"b\"]) : n if n == \"a\"]",
        "[for n in concat([\"a\"], /* the first ) */ [\"b\"]) : n if n == \"a\"]",
    ] {
        assert_eq!(resource_of("", expression, ""), ["a"], "{expression}");
    }
}

#[test]
fn only_names_without_slashes_are_words() {
    let declarations = r#"
variable "name" {}
resource "aws_ssm_parameter" "p" { name = var.name }
resource "aws_s3_bucket" "b" { bucket = var.name }
"#;
    let is_word = |expression: &str| {
        let text = format!(
            "{declarations}data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    resources = [{expression}]\n  }}\n}}\n"
        );
        let (tree, analysis) = analyse(&[("m/main.tf", &text)], "");
        let item = &analysis.sites[0].policy(&tree).statements[0].resources()[0];
        let values = analysis.resolve(&tree, &item.text, &analysis.environments[0], true);
        let [value] = values.as_slice() else {
            panic!("{expression}")
        };
        value.pattern == value.pattern.of_words()
    };
    assert!(!is_word("aws_ssm_parameter.p.id"));
    assert!(is_word("aws_s3_bucket.b.id"));
}

#[test]
fn strings_of_the_json_syntax_are_templates() {
    let text = r#"{
  "locals": {
    "name": "shop",
    "brackets": "{\"k\": \"${local.name}\"}",
    "tab": "${\tlocal.name\t}\t.",
    "lines": "${\nlocal.name\n}\n."
  },
  "data": {"aws_iam_policy_document": {"d": {"statement": [
    {"actions": ["s3:GetObject"], "resources": ["${local.brackets}", "${local.tab}", "${local.lines}"]}
  ]}}}
}
"#;
    let (tree, analysis) = analyse(&[("m/main.tf.json", text)], "");
    let statement = &analysis.sites[0].policy(&tree).statements[0];
    let items = statement.resources().iter();
    let found: Vec<_> = items
        .flat_map(|item| analysis.shown(&tree, item))
        .map(|(_, value)| value.pattern.display())
        .collect();
    assert_eq!(found, ["{\"k\": \"shop\"}", "shop\t.", "shop\n."]);
}

#[test]
fn no_principals_are_none() {
    check(
        &[(
            "m/main.tf.json",
            r#"{"data": {"aws_iam_policy_document": {"d": {"statement": [
  {"actions": ["s3:GetObject"], "resources": ["*"], "principals": []}
]}}}}
"#,
        )],
        "policy of data.aws_iam_policy_document.d
              Allow do s3:GetObject on *",
    );
}

#[test]
fn conditions_are_merged_by_operator_and_key() {
    let condition = |test: &str, key: &str, value: &str| {
        format!(
            "    condition {{\n      test     = \"{test}\"\n      variable = \"{key}\"\n      values   = [\"{value}\"]\n    }}\n"
        )
    };
    let text = format!(
        "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [\"s3:*\"]\n{}{}{}{}  }}\n}}\n",
        condition("StringEquals", "aws:SourceVpc", "a"),
        condition("StringEquals", "aws:SourceVpce", "b"),
        condition("StringEquals", "aws:SourceVpc", "c"),
        condition("StringLike", "aws:SourceVpc", "d"),
    );
    check(
        &[("m/main.tf", &text)],
        "policy of data.aws_iam_policy_document.d
              Allow do s3:* where aws:SourceVpc StringEquals a, c where aws:SourceVpce StringEquals b where aws:SourceVpc StringLike d",
    );
}

#[test]
fn statements_of_a_comprehension_allow_where_each_does() {
    let unseen = |statements: &str| {
        let text = format!(
            "resource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = {statements} }})\n}}\n"
        );
        let (tree, analysis) = analyse(&[("m/main.tf", &text)], "");
        analysis.sites[0].policy(&tree).unseen
    };
    let of = |effect: &str| {
        format!("{{ Effect = \"{effect}\", Action = \"s3:GetObject\", Resource = x }}")
    };
    let (allow, deny) = (of("Allow"), of("Deny"));
    for (statements, expected) in [
        (format!("[for x in var.y : {allow}]"), Unseen::Allows),
        (
            format!("flatten([for x in var.y : [{allow}]])"),
            Unseen::Allows,
        ),
        (
            format!("flatten([for x in var.y : [{allow}, {deny}]])"),
            Unseen::Anything,
        ),
    ] {
        assert_eq!(unseen(&statements), expected, "{statements}");
    }
}

#[test]
fn what_a_comprehension_makes_is_a_statement_behind_what_it_goes_over() {
    let text = r#"
locals {
  extra = [for x in var.extra : { Effect = "Allow", Action = "s3:GetObject", Resource = x }]
}
resource "aws_iam_policy" "p" {
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.extra, [
    { Effect = "Allow", Action = "s3:PutObject", Resource = "a" },
  ], [for x, y in var.some : {
    Effect    = "Allow"
    Action    = [x.action]
    Resource  = [x.arn, "${y}/*", "fixed", upper(x), upper(var.z)]
  } if x.on]) })
}
resource "aws_iam_policy" "q" {
  policy = join("", [for x in var.other : jsonencode({ Statement = [{ Effect = "Deny", Action = "s3:*", Resource = "${x}" }] })])
}
resource "aws_iam_policy" "r" {
  policy = jsonencode({ Statement = flatten([for x in var.other : [{ Effect = x.effect, Action = "s3:*", Resource = x }]]) })
}
"#;
    let (tree, analysis) = analyse(&[("m/main.tf", text)], "");
    let mut found = Vec::new();
    for site in &analysis.sites {
        let policy = site.policy(&tree);
        for statement in &policy.statements {
            let values = statement
                .resources()
                .iter()
                .flat_map(|item| analysis.sure(&tree, item))
                .map(|(_, value)| value.pattern.display());
            let values = values.collect::<Vec<_>>().join(" ; ");
            let when: Vec<&str> = site
                .branch
                .iter()
                .chain(&statement.branch)
                .map(|(name, _)| name.as_str())
                .collect();
            found.push((
                analysis.label(site).unwrap_or_default().to_owned(),
                values,
                when.join(" ; "),
                policy.unseen,
                statement.action.is_dynamic(),
            ));
        }
    }
    let of = |label: &str, values: &str, when: &str, unseen: Unseen, dynamic: bool| {
        let [label, values, when] = [label, values, when].map(str::to_owned);
        (label, values, when, unseen, dynamic)
    };
    let [p, q, r] = ["p", "q", "r"].map(|name| format!("aws_iam_policy.{name}"));
    let some = "${x.arn in var.some} ; ${y in var.some}/* ; fixed ; ${upper(x) in var.some} ; ${upper(var.z)}";
    assert_eq!(
        found,
        [
            of(
                &p,
                "${x in var.extra}",
                "for x in var.extra",
                Unseen::Nothing,
                false
            ),
            of(&p, "a", "", Unseen::Anything, false),
            of(&p, some, "for x, y in var.some", Unseen::Anything, false),
            of(
                &q,
                "${x in var.other}",
                "for x in var.other",
                Unseen::Nothing,
                false
            ),
            of(
                &r,
                "${x in var.other}",
                "for x in var.other",
                Unseen::Anything,
                false
            ),
        ]
    );
}

#[test]
fn what_denies_something_to_what_a_module_makes() {
    let arn = "arn:aws:iam::aws:policy/AdministratorAccess";
    let deny = "{ Effect = \"Deny\", Action = \"iam:*\", Resource = \"*\" }";
    let denied = |source: &str, more: &str| {
        let text = format!(
            "module \"m\" {{\n  source = \"{source}\"\n  policy_arns = [\"{arn}\"]\n  other = {more}\n}}\n"
        );
        let beside = format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    effect = \"Deny\"\n  }}\n}}\nresource \"aws_iam_policy\" \"p\" {{\n  policy = data.aws_iam_policy_document.d.json\n}}\nresource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = data.aws_iam_policy_document.d.json\n}}\nlocals {{\n  arns = [aws_iam_policy.p.arn]\n  deny = [{deny}]\n  self = local.self\n}}\n"
        );
        let files = [
            ("m/main.tf", text.as_str()),
            ("m/other.tf", beside.as_str()),
            ("m/deny.json", r#"{"Statement": {"Effect": "Deny"}}"#),
            ("m/allow.json", r#"{"Statement": {"Effect": "Allow"}}"#),
            (
                "m/child/main.tf",
                "locals {\n  a = { Effect = \"Deny\" }\n}\n",
            ),
            (
                "m/kind/main.tf",
                "locals {\n  a = { Effect = \"Allow\" }\n}\n",
            ),
        ];
        let (_, analysis) = analyse(&files, "");
        let owner = analysis
            .owners
            .iter()
            .find(|owner| owner.label == "module.m");
        owner.unwrap().denied_elsewhere
    };
    for (source, more) in [
        ("x/y/z", "data.aws_iam_policy_document.d.json"),
        (
            "x/y/z",
            "{ a = [\"${data.aws_iam_policy_document.d.json}\"] }",
        ),
        (
            "x/y/z",
            "[for x in data.aws_iam_policy_document.d : x.json]",
        ),
        ("x/y/z", "aws_iam_policy.p.arn"),
        ("x/y/z", "concat(local.arns, [])"),
        ("x/y/z", "jsonencode(local.deny)"),
        (
            "x/y/z",
            "<<-EOT\n  {\"Statement\": {\"Effect\": \"Deny\"}}\n  EOT",
        ),
        ("x/y/z", "file(\"${path.module}/deny.json\")"),
        ("./child", "1"),
    ] {
        assert!(denied(source, more), "{source} {more}");
    }
    for (source, more) in [
        ("x/y/z", "1"),
        ("x/y/z", "local.self"),
        ("x/y/z", "local.none"),
        ("x/y/z", "var.d"),
        ("x/y/z", "\"data.aws_iam_policy_document.d.json\""),
        ("x/y/z", "aws_iam_role.r.arn"),
        ("x/y/z", "file(\"${path.module}/allow.json\")"),
        ("./kind", "1"),
    ] {
        assert!(!denied(source, more), "{source} {more}");
    }
}

/// The labels of the owners.
fn owners(text: &str) -> Vec<String> {
    let (_, analysis) = analyse(&[("m/main.tf", text)], CONFIG);
    let owners = analysis.owners.iter();
    owners.map(|owner| owner.label.clone()).collect()
}

#[test]
fn identities_own_policies_before_they_have_any() {
    assert_eq!(
        owners(
            r#"
resource "aws_iam_group" "g" { name = "g" }
resource "aws_iam_user" "u" { name = "u" }
resource "aws_sqs_queue" "q" { name = "q" }
resource "aws_instance" "i" { instance_type = "t3.micro" }
data "aws_iam_role" "r" { name = "r" }
# Without a policy.
"#
        ),
        ["aws_iam_group.g", "aws_iam_user.u", "aws_sqs_queue.q"]
    );
}

#[test]
fn a_name_from_elsewhere_is_one_identity() {
    let policy = |name: &str, role: &str| {
        format!(
            "resource \"aws_iam_role_policy\" \"{name}\" {{\n  role   = {role}\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Action = \"s3:*\", Resource = \"*\" }}] }})\n}}\n"
        )
    };
    let both = |one: &str, other: &str| owners(&(policy("a", one) + &policy("b", other)));
    let [a, b] = ["aws_iam_role_policy.a", "aws_iam_role_policy.b"];
    assert_eq!(both("\"x\"", "\"x\""), [a, b, "x"]);
    assert_eq!(both("\"x\"", "\"y\""), [a, b, "x", "y"]);
    assert_eq!(
        both("each.key", "each.key"),
        [a, b, "${each.key}", "${each.key}"]
    );
}

#[test]
fn a_policy_of_another_file_is_granted_to_a_name_from_elsewhere() {
    let main = r#"
resource "aws_iam_role_policy" "a" {
  role   = "elsewhere"
  policy = file("${path.module}/a.json")
}
resource "aws_iam_role_policy" "b" {
  role   = "elsewhere"
  policy = file("${var.folder}/a.json")
}
resource "aws_iam_role_policy" "c" {
  role   = "elsewhere"
  policy = data.aws_iam_policy_document.missing.json
}
"#;
    let a = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"#;
    let (tree, analysis) = analyse(&[("m/main.tf", main), ("m/a.json", a)], CONFIG);
    let mut owners = analysis.owners.iter();
    let owner = owners.find(|owner| owner.label == "elsewhere").unwrap();
    let [generated] = owner.generated.as_slice() else {
        panic!("one policy that can be read: {:?}", owner.generated)
    };
    let statement = &generated.policy.statements[0];
    assert_eq!(&main[tree.span(statement.node).range()], "\"a\"");
}

#[test]
fn what_stands_in_quotes_alone_is_the_reference() {
    check(
        &[(
            "m/main.tf",
            r#"
resource "aws_iam_role" "r" { name = "r" }
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = "${aws_iam_role.r.name}"
  policy_arn = "${aws_iam_policy.p.arn}"
}
"#,
        )],
        "identity policy of aws_iam_role.r
              Allow do sqs:* on *",
    );
}

#[test]
fn what_plans_say_of_boundaries_and_managed_policies() {
    let text = r#"{
  "format_version": "1.2", "terraform_version": "1.9.0",
  "planned_values": {"root_module": {"resources": [
    {"address": "aws_iam_role.a", "mode": "managed", "type": "aws_iam_role", "name": "a", "values": {"name": "a", "permissions_boundary": ""}},
    {"address": "aws_iam_role.b", "mode": "managed", "type": "aws_iam_role", "name": "b", "values": {"name": "b", "permissions_boundary": null}},
    {"address": "aws_iam_role.c", "mode": "managed", "type": "aws_iam_role", "name": "c", "values": {"name": "c", "permissions_boundary": "arn:aws:iam::111111111111:policy/b"}},
    {"address": "aws_iam_policy.p", "mode": "managed", "type": "aws_iam_policy", "name": "p",
     "values": {"name": "p", "policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}"}},
    {"address": "aws_instance.i", "mode": "managed", "type": "aws_instance", "name": "i", "values": {}}
  ]}}
}
"#;
    let (_, analysis) = analyse(&[("plan.json", text)], CONFIG);
    let found: Vec<_> = analysis
        .owners
        .iter()
        .map(|owner| {
            (
                owner.kind,
                owner.names.join(" "),
                owner.boundary.known().is_some(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (OwnerKind::Role, "a".to_owned(), false),
            (OwnerKind::Role, "b".to_owned(), false),
            (OwnerKind::Role, "c".to_owned(), true),
            (OwnerKind::ManagedPolicy, "p".to_owned(), false),
        ]
    );
}
