//! Rules and fixes in Terraform: as objects they are as anywhere, as blocks they have other names and shapes.

use super::fixture::{Fixture, fixed_text};
use crate::registry::RULES;
use leastwise_model::Level;

use crate::{Incremental, Rule, check};

const CONFIG: &str = r#"
[app]
prefix = "shop"
[accounts]
dev = "111111111111"
[deploy]
regions = ["eu-west-1"]
roles = ["*deployer*"]
"#;

/// A role with these lines as its policy's only statement, in blocks.
fn blocks(lines: &str) -> String {
    let lines: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        r#"resource "aws_iam_role" "deployer" {{
  name                 = "shop-deployer"
  permissions_boundary = "arn:aws:iam::111111111111:policy/shop-boundary"
}}

resource "aws_iam_role_policy" "main" {{
  role   = aws_iam_role.deployer.id
  policy = data.aws_iam_policy_document.main.json
}}

data "aws_iam_policy_document" "main" {{
  statement {{
{lines}  }}
}}
"#
    )
}

fn rule(id: &str) -> &'static Rule {
    RULES.iter().find(|rule| rule.id == id).expect(id)
}

#[test]
fn a_statement_that_is_split_becomes_two_blocks() {
    let text = blocks(
        "sid       = \"All\"\nactions   = [\"sqs:SendMessage\", \"iam:PassRole\"]\nresources = [\"*\"]\ncondition {\n  test     = \"StringEquals\"\n  variable = \"aws:PrincipalTag/team\"\n  values   = [\"core\"]\n}",
    );
    let mended = fixed_text(rule("pass-role-unscoped"), &text, CONFIG);
    let (_, document) = mended.split_once("data ").unwrap();
    assert_eq!(
        document,
        r#""aws_iam_policy_document" "main" {
  statement {
    sid       = "All"
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = ["core"]
    }
  }

  statement {
    sid       = "PassRole"
    actions   = ["iam:PassRole"]
    resources = ["arn:aws:iam::111111111111:role/shop-*"]

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalTag/team"
      values   = ["core"]
    }
  }
}
"#
    );
}

#[test]
fn a_policy_in_good_order() {
    let text = r#"resource "aws_iam_role" "app" {
  name               = "shop-app"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_sqs_queue" "jobs" {
  name = "shop-jobs"
}

data "aws_iam_policy_document" "app" {
  statement {
    actions   = ["sqs:SendMessage", "sqs:ReceiveMessage"]
    resources = [aws_sqs_queue.jobs.arn]
  }
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["arn:aws:sqs:eu-west-1:111111111111:for-${aws_sqs_queue.jobs.name}"]
  }
  dynamic "statement" {
    for_each = var.statements
    content {
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}

resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = data.aws_iam_policy_document.app.json
}
"#;
    let fixture = Fixture::new(text, CONFIG);
    assert_eq!(fixture.tree.problems(), []);
    let findings = check(&fixture.context());
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn what_is_kept_over_edits_is_what_a_fresh_look_finds() {
    let text = r#"resource "aws_iam_role" "deployer" {
  name = "shop-deployer"
}

locals {
  queues = "arn:aws:sqs:eu-west-1:111111111111:shop-*"
}

resource "aws_iam_role_policy" "main" {
  role   = aws_iam_role.deployer.id
  policy = data.aws_iam_policy_document.main.json
}

data "aws_iam_policy_document" "main" {
  source_policy_documents = [data.aws_iam_policy_document.one.json]
  statement {
    sid       = "Own"
    actions   = ["sqs:CreateQueue", "sqs:Nothing"]
    resources = [local.queues]
  }
}

data "aws_iam_policy_document" "one" {
  statement {
    sid       = "Own"
    actions   = ["sns:Nothing"]
    resources = ["*"]
  }
  statement {
    sid       = "Other"
    actions   = ["sqs:DeleteQueue", "sns:Publush"]
    resources = [local.queues]
  }
}

data "aws_iam_policy_document" "two" {
  statement {
    sid       = "Other"
    actions   = ["sqs:TagQueu"]
    resources = ["arn:aws:sqs:eu-west-1:999999999999:*"]
  }
}

resource "aws_sqs_queue" "q" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessag", Resource = "*" }]
  })
}
"#;
    let edits = [
        ("document.one.json]", "document.two.json]"),
        ("\"sqs:DeleteQueue\", ", ""),
        (
            "sid       = \"Own\"\n    actions   = [\"sqs:C",
            "sid       = \"New\"\n    actions   = [\"sqs:C",
        ),
        ("shop-*\"\n}", "else-*\"\n}"),
        ("sqs:SendMessag\"", "sqs:SendMessage\""),
        ("aws_iam_role.deployer.id", "\"elsewhere\""),
        ("document.two.json]", "document.one.json]"),
        ("shop-deployer", "shop-app"),
        ("  source_policy_documents", "  override_policy_documents"),
    ];
    let mut kept = crate::Incremental::default();
    let mut text = text.to_owned();
    let show = |findings: Vec<crate::Finding>| -> Vec<_> {
        let line = |finding: crate::Finding| (finding.span, finding.rule.id, finding.message);
        findings.into_iter().map(line).collect()
    };
    for (from, to) in [("", "")].iter().chain(&edits) {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
        let fixture = Fixture::new(&text, CONFIG);
        let found = show(kept.check(&fixture.context()));
        assert_eq!(found, show(check(&fixture.context())), "{text}");
        assert!(!found.is_empty());
    }
}

/// A deployer's policy, written in some way, in a module that has names for where it is deployed.
fn module(policy: &str, more: &str) -> String {
    format!(
        r#"resource "aws_iam_role" "deployer" {{
  name                 = "${{local.app}}deployer"
  permissions_boundary = "arn:aws:iam::111111111111:policy/shop-boundary"
}}

data "aws_caller_identity" "me" {{}}

data "aws_caller_identity" "other" {{
  provider = aws.other
}}

{more}
variable "app" {{
  default = "shop"
}}

locals {{
  app = "${{var.app}}-"
}}

resource "aws_iam_role_policy" "main" {{
  role   = aws_iam_role.deployer.id
  policy = {policy}
}}
"#
    )
}

const REGION: &str = r#"data "aws_region" "here" {}

output "where" {
  value = data.aws_region.here.region
}
"#;

/// How the resource of a table is written after the wildcard before it is mended.
#[track_caller]
fn narrowed(policy: &str, more: &str, wanted: &str) {
    let text = module(policy, more);
    let mended = fixed_text(rule("wildcard-resource"), &text, CONFIG);
    let expected = module(&policy.replace("\"*\"", wanted), more);
    assert_eq!(mended, expected);
}

#[test]
fn fixes_write_the_references_of_the_module() {
    let object = r#"jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "dynamodb:DeleteTable", Resource = "*" }]
  })"#;
    let heredoc = r#"<<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [{"Effect": "Allow", "Action": "dynamodb:DeleteTable", "Resource": "*"}]
    }
  EOT"#;
    for policy in [object, heredoc] {
        narrowed(
            policy,
            REGION,
            "\"arn:aws:dynamodb:${data.aws_region.here.region}:${data.aws_caller_identity.me.account_id}:table/${local.app}*\"",
        );
        // What ARNs beside it are written with.
        narrowed(
            policy,
            r#"locals {
  account = data.aws_caller_identity.me.account_id
  topic   = "arn:${data.aws_partition.now.partition}:sns:eu-west-1:${local.account}:${var.app}-topic-${var.app}"
}

data "aws_partition" "now" {}
"#,
            "\"arn:${data.aws_partition.now.partition}:dynamodb:eu-west-1:${local.account}:table/${var.app}-*\"",
        );
        // What nobody knows before deployment, and what is of another account, is no name for it.
        narrowed(
            policy,
            r#"variable "id" {}

locals {
  topic = "arn:aws:sns:${var.id}:${data.aws_caller_identity.other.account_id}:x"
}
"#,
            "\"arn:aws:dynamodb:eu-west-1:${data.aws_caller_identity.me.account_id}:table/${local.app}*\"",
        );
    }
}

#[test]
fn a_reference_takes_the_place_of_all_accounts() {
    let config = format!("{CONFIG}\n[accounts.prod]\nid = \"222222222222\"\n");
    let text = module("data.aws_iam_policy_document.d.json", REGION)
        + r#"
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["dynamodb:DeleteTable"]
    resources = ["*"]
  }
}
"#;
    let mended = fixed_text(rule("wildcard-resource"), &text, &config);
    let own = "\"arn:aws:dynamodb:${data.aws_region.here.region}:${data.aws_caller_identity.me.account_id}:table/${local.app}*\"";
    assert_eq!(mended, text.replace("\"*\"", own));
}

/// The ids of the rules that speak about a file.
fn said(text: &str) -> Vec<&'static str> {
    let fixture = Fixture::new(text, CONFIG);
    let findings = check(&fixture.context());
    findings.iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn what_depends_on_the_kind_is_not_said_where_nothing_tells_it() {
    let with = |more: &str| {
        format!(
            r#"resource "aws_sqs_queue" "jobs" {{}}
locals {{
  statements = [
    {{
      sid        = "all objects"
      actions    = ["s3:PutObjekt", "iam:PassRole", "sqs:SendMessage"]
      resources  = ["*"]
      principals = [{{ type = "Service", identifiers = ["s3.amazonaws.com"] }}]
    }},
    {{ effect = "Allow", actions = ["sqs:SendMessage"] }},
  ]
}}
data "aws_iam_policy_document" "deployer" {{
  dynamic "statement" {{
    for_each = local.statements
    content {{
      actions   = statement.value.actions
      resources = statement.value.resources
    }}
  }}
}}
{more}"#
        )
    };
    // What is no action is none in any policy.
    assert_eq!(said(&with("")), ["unknown-action"]);
    let user = "resource \"aws_iam_user_policy\" \"p\" { policy = data.aws_iam_policy_document.deployer.json }";
    let of_user = said(&with(user));
    for id in [
        "unknown-action",
        "unknown-element",
        "invalid-sid",
        "pass-role-unscoped",
    ] {
        assert!(of_user.contains(&id), "{id}: {of_user:?}");
    }
}

#[test]
fn a_document_that_nothing_uses_is_told_what_holds_for_every_kind() {
    let document = |lines: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"deployer\" {{\n  statement {{\n{lines}  }}\n}}\n"
        )
    };
    let wide = document("    actions   = [\"iam:PassRole\", \"s3:*\"]\n    resources = [\"*\"]\n");
    assert_eq!(said(&wide), [""; 0]);
    let used = "resource \"aws_iam_user_policy\" \"p\" { policy = data.aws_iam_policy_document.deployer.json }";
    let of_user = said(&format!("{wide}{used}"));
    assert!(of_user.contains(&"pass-role-unscoped"), "{of_user:?}");
    // Every policy without principals needs resources.
    let bare = document("    actions = [\"s3:GetObject\"]\n");
    assert_eq!(said(&bare), ["missing-resource"]);
    let principals = "    principals {\n      type        = \"Service\"\n      identifiers = [\"s3.amazonaws.com\"]\n    }\n";
    let of_resource = document(&format!(
        "    actions = [\"sqs:SendMessage\"]\n{principals}"
    ));
    assert_eq!(said(&of_resource), [""; 0]);
    // API Gateway's own policies have short ARNs.
    let gateway = document(&format!(
        "    actions   = [\"execute-api:Invoke\"]\n    resources = [\"execute-api:/live/*\"]\n{principals}"
    ));
    assert_eq!(said(&gateway), [""; 0]);
    // No action works on another service's resources, whatever the policy is for.
    let other = document(
        "    actions   = [\"s3:GetObject\"]\n    resources = [\"arn:aws:sqs:eu-west-1:111111111111:jobs\"]\n",
    );
    assert_eq!(said(&other), ["action-resource-mismatch"]);
}

#[test]
fn the_kind_follows_what_another_document_is_made_of() {
    let text = |list: &str| {
        format!(
            r#"resource "aws_iam_user_policy" "p" {{
  policy = data.aws_iam_policy_document.d.json
}}
locals {{
  passes = [{{ actions = ["iam:PassRole"], resources = ["*"] }}]
  others = []
}}
data "aws_iam_policy_document" "d" {{
  dynamic "statement" {{
    for_each = local.{list}
    content {{
      actions   = statement.value.actions
      resources = statement.value.resources
    }}
  }}
}}
"#
        )
    };
    let mut kept = Incremental::default();
    for (list, found) in [("passes", 1), ("others", 0), ("passes", 1)] {
        let fixture = Fixture::new(&text(list), CONFIG);
        let passes = kept
            .check(&fixture.context())
            .iter()
            .filter(|finding| finding.rule.id == "pass-role-unscoped")
            .count();
        assert_eq!(passes, found, "{list}");
    }
}

#[test]
fn a_value_that_a_guard_excludes_is_not_judged() {
    let config = format!("{CONFIG}[variables]\narn = ['']\noff = ['false']\n");
    let found = |guard: &str| {
        let text = format!(
            "resource \"aws_iam_user_policy\" \"p\" {{\n  count = {guard}\n  policy = data.aws_iam_policy_document.d.json\n}}\ndata \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions   = [\"sqs:SendMessage\"]\n    resources = [var.arn]\n  }}\n}}\n"
        );
        let fixture = Fixture::new(&text, &config);
        let findings = check(&fixture.context());
        findings
            .iter()
            .any(|finding| finding.rule.id == "invalid-arn")
    };
    for (guard, is_found) in [
        ("1", true),
        ("var.arn == \"\" ? 0 : 1", false),
        ("var.arn == \"\" ? 1 : 0", true),
        ("var.other == \"\" ? 0 : 1", true),
        ("var.off == \"false\" ? 0 : 1", false),
    ] {
        assert_eq!(found(guard), is_found, "{guard}");
    }
}

/// What rules of error and warning level say of a module, as `rule: what is underlined`.
fn serious(text: &str) -> Vec<String> {
    let fixture = Fixture::new(text, CONFIG);
    let findings = check(&fixture.context());
    let those = findings
        .iter()
        .filter(|finding| finding.level != Level::Suggestion);
    let said = those.map(|finding| {
        let what = text.get(finding.span.range()).unwrap_or_default();
        format!("{}: {what}", finding.rule.id)
    });
    said.collect()
}

#[test]
fn statements_in_both_spellings_side_by_side() {
    let iam =
        "{ Effect = \"Allow\", Action = [\"s3:GetObjekt\"], Resource = [\"arn:aws:s3:::a/*\"] }";
    let blocks =
        "{ effect = \"Allow\", actions = [\"s3:PutObjekt\"], resources = [\"arn:aws:s3:::a/*\"] }";
    let bare = "{ effect = \"Allow\", resources = [\"arn:aws:s3:::a/*\"] }";
    let (first, second) = ("unknown-action: GetObjekt", "unknown-action: PutObjekt");
    let missing = "missing-action: effect";
    for (value, expected) in [
        (format!("[{iam}]"), vec![first]),
        (format!("[{iam}, {blocks}]"), vec![first, second]),
        (
            format!("{{ a = {iam}, b = {blocks} }}"),
            vec![first, second],
        ),
        (iam.to_owned(), vec![first]),
        (format!("concat(var.more, [{iam}])"), vec![first]),
        // What is missing of a statement in the names of blocks is told by its neighbours only.
        (format!("[{blocks}, {bare}]"), vec![second, missing]),
        (
            format!("{{ a = {blocks}, b = {bare} }}"),
            vec![second, missing],
        ),
        (format!("[{iam}, {bare}]"), vec![first]),
        // Other things beside statements.
        (
            format!("{{ a = {blocks}, tags = {{ name = \"a\" }} }}"),
            vec![second],
        ),
        // No statement: an effect of something else, or no actions.
        (
            "[{ Effect = \"NoSchedule\", Action = \"s3:GetObjekt\" }]".to_owned(),
            vec![],
        ),
        (
            "[{ Effect = \"Allow\", Resource = \"s3:GetObjekt\" }]".to_owned(),
            vec![],
        ),
        (
            "[{ Effect = \"Allow\", effect = \"a\", Action = \"s3:GetObjekt\" }]".to_owned(),
            vec![],
        ),
    ] {
        let text = format!(
            "resource \"terraform_data\" \"policy\" {{}}\n\nlocals {{\n  a = {value}\n}}\n"
        );
        assert_eq!(serious(&text), expected, "{value}");
    }
}

#[test]
fn a_statement_that_stands_alone_becomes_no_list() {
    let one = "resource \"terraform_data\" \"policy\" {}\n\nlocals {\n  a = { Effect = \"Allow\", Action = [\"sqs:SendMessage\", \"iam:PassRole\"], Resource = \"*\" }\n}\n";
    assert_eq!(fixed_text(rule("pass-role-unscoped"), one, CONFIG), one);
}

/// A policy with these statements, and local values before it.
fn policy_of(locals: &str, rest: &str, statements: &str) -> String {
    format!(
        "resource \"aws_iam_role_policy\" \"p\" {{\n  name   = \"p\"\n  role   = \"r\"\n  {rest}\n  policy = jsonencode({{ Version = \"2012-10-17\", Statement = {statements} }})\n}}\n\nlocals {{\n  {locals}\n}}\n"
    )
}

#[test]
fn statements_of_local_values_are_those_of_whom_has_the_policy() {
    const ALL: &str = "administrator-access: *";
    let one = "{ Effect = \"Allow\", Action = \"*\", Resource = \"*\" }";
    let other =
        "{ Effect = \"Allow\", Action = \"s3:GetObject\", Resource = \"arn:aws:s3:::shop-a/*\" }";
    for (locals, statements) in [
        (format!("one = {one}"), "[local.one]".to_owned()),
        (format!("all = [{one}]"), "local.all".to_owned()),
        (
            format!("all = [{one}]"),
            format!("concat(local.all, [{other}])"),
        ),
        (
            format!("all = [{one}]"),
            "var.a ? local.all : []".to_owned(),
        ),
        (
            format!("all = concat([{one}], local.rest)\n  rest = [{other}]"),
            "flatten([local.all])".to_owned(),
        ),
        (
            "one = merge({ Effect = \"Allow\", Action = \"*\" }, { Resource = \"*\" })".to_owned(),
            "[local.one]".to_owned(),
        ),
    ] {
        let text = policy_of(&locals, "", &statements);
        assert_eq!(serious(&text), [ALL], "{text}");
    }
    // Without a use, nothing tells whether somebody is granted it.
    assert_eq!(
        serious(&policy_of(&format!("all = [{one}]"), "", "local.others")),
        [""; 0]
    );
}

#[test]
fn objects_that_are_merged_are_one_statement() {
    let known = "{ Effect = \"Allow\", Action = \"s3:GetObjekt\" }";
    for (objects, expected) in [
        (
            format!("{known}, {{ Resource = \"*\" }}"),
            vec!["unknown-action: GetObjekt"],
        ),
        // The later one counts.
        (
            format!("{known}, {{ Action = \"s3:GetObject\", Resource = \"*\" }}"),
            vec![],
        ),
        (
            known.to_owned(),
            vec!["missing-resource: Effect", "unknown-action: GetObjekt"],
        ),
        // What may be put in.
        (
            format!("{known}, var.a ? {{ Resource = \"*\" }} : {{}}"),
            vec!["unknown-action: GetObjekt"],
        ),
        (
            format!("{known}, var.a ? {{ Action = \"s3:GetObject\", Resource = \"*\" }} : null"),
            vec![],
        ),
        // What isn't known may be anything.
        (format!("{known}, var.more"), vec![]),
        (format!("{known}, {{ (var.name) = \"*\" }}"), vec![]),
    ] {
        let text = policy_of("", "", &format!("[merge({objects})]"));
        assert_eq!(serious(&text), expected, "{objects}");
    }
}

#[test]
fn what_has_no_instance_is_not_there() {
    let one = "[{ Effect = \"Allow\", Action = \"*\", Resource = \"*\" }]";
    for (argument, there) in [
        ("count = 0", false),
        ("for_each = {}", false),
        ("for_each = []", false),
        ("for_each = toset([])", false),
        ("count = 1", true),
        ("count = var.n", true),
        ("for_each = { a = 1 }", true),
        ("for_each = toset(var.names)", true),
    ] {
        let text = policy_of("", argument, one);
        assert_eq!(!serious(&text).is_empty(), there, "{argument}");
    }
    let module = "resource \"terraform_data\" \"policy\" {}\n\nmodule \"m\" {\n  source = \"./m\"\n  count  = 0\n  policy_statements = [{ Effect = \"Allow\", Action = [\"s3:GetObjekt\"], Resource = \"*\" }]\n}\n";
    assert_eq!(serious(module), [""; 0]);
    assert_eq!(
        serious(&module.replace("count  = 0", "count  = 1")),
        ["unknown-action: GetObjekt"]
    );
}

#[test]
fn statements_that_merged_documents_put_others_for() {
    let document = |name: &str, rest: &str| {
        format!("data \"aws_iam_policy_document\" \"{name}\" {{\n{rest}}}\n")
    };
    let statement = |sid: &str, resource: &str| {
        format!(
            "  statement {{\n    sid       = \"{sid}\"\n    actions   = [\"iam:PassRole\"]\n    resources = [\"{resource}\"]\n  }}\n"
        )
    };
    let of = |argument: &str, names: &str| {
        let names = names.split(' ').map(|name| match name.contains('(') {
            true => name.to_owned(),
            false => format!("data.aws_iam_policy_document.{name}.json"),
        });
        let names: Vec<String> = names.collect();
        format!("  {argument}_policy_documents = [{}]\n", names.join(", "))
    };
    let policy = |name: &str| {
        format!(
            "resource \"aws_iam_policy\" \"{name}\" {{\n  policy = data.aws_iam_policy_document.{name}.json\n}}\n"
        )
    };
    let role = "arn:aws:iam::111111111111:role/shop";
    let narrow = document("narrow", &statement("Pass", role));
    let sources = of("source", "base");
    let merged = |overrides: &str| format!("{sources}{}", of("override", overrides));
    let written = format!(
        "jsonencode({{Version=\"2012-10-17\",Statement=[{{Sid=\"Pass\",Effect=\"Allow\",Action=\"iam:PassRole\",Resource=\"{role}\"}}]}})"
    );
    for (rest, found) in [
        (document("one", &merged("narrow")) + &policy("one"), 0),
        (document("one", &sources) + &policy("one"), 1),
        (
            document("one", &merged("other"))
                + &document("other", &statement("Other", role))
                + &policy("one"),
            1,
        ),
        // Two documents take it, and both put another for it; or one doesn't.
        (
            document("one", &merged("narrow"))
                + &document("two", &merged("narrow"))
                + &policy("one")
                + &policy("two"),
            0,
        ),
        (
            document("one", &merged("narrow"))
                + &document("two", &sources)
                + &policy("one")
                + &policy("two"),
            1,
        ),
        // Something uses it by itself.
        (
            document("one", &merged("narrow")) + &policy("one") + &policy("base"),
            1,
        ),
        // What takes it is overridden in turn.
        (
            document("one", &sources)
                + &document("two", &(of("source", "one") + &of("override", "narrow")))
                + &policy("two"),
            0,
        ),
        (
            document("one", &sources)
                + &document("two", &(of("source", "one") + &of("override", "narrow")))
                + &policy("one")
                + &policy("two"),
            1,
        ),
        // What overrides it takes its statement from another.
        (
            document("one", &merged("between"))
                + &document("between", &of("source", "narrow"))
                + &policy("one"),
            0,
        ),
        // It is written out there.
        (document("one", &merged(&written)) + &policy("one"), 0),
        (
            document("one", &merged(&written.replace("Pass\"", "Other\""))) + &policy("one"),
            1,
        ),
        // Each takes from the other: that ends, too.
        (
            document("one", &of("source", "base two"))
                + &document("two", &of("source", "one"))
                + &policy("two"),
            1,
        ),
    ] {
        let base = document("base", &statement("Pass", "*"));
        let text = format!("{base}{narrow}{rest}");
        let findings =
            Fixture::new(&text, "").findings(&crate::privilege::pass_role_unscoped::RULE);
        assert_eq!(findings.len(), found, "{rest}\n{findings:#?}");
    }
}

#[test]
fn parts_of_a_text_are_no_policies() {
    let found = |policy: &str| {
        let text = format!(
            r#"locals {{
  read = {{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::shop-data/*" }}
}}
resource "aws_iam_policy" "shop" {{
  policy = {policy}
}}
"#
        );
        let fixture = Fixture::new(&text, "");
        let all = check(&fixture.context());
        let ids = ["missing-statement", "invalid-type"];
        all.iter()
            .filter(|finding| ids.contains(&finding.rule.id))
            .count()
    };
    for parts in [
        r#"format("{\"Version\":\"2012-10-17\",\"Statement\":[%s]}", jsonencode(local.read))"#,
        r#"join("", ["{\"Version\":\"2012-10-17\",\"Statement\":[", jsonencode(local.read), "]}"])"#,
        r#"replace("{\"Version\":\"2012-10-17\",\"Statement\":[@@]}", "@@", jsonencode(local.read))"#,
        r#"join("", ["{", "\"Statement\":", jsonencode(local.read), "}"])"#,
    ] {
        assert_eq!(found(parts), 0, "{parts}");
    }
    // Texts beside a policy leave it one.
    for whole in [
        "jsonencode(local.read)",
        r#"coalesce(jsonencode(local.read), "")"#,
        r#"replace(jsonencode(local.read), "&{", "$${")"#,
    ] {
        assert_ne!(found(whole), 0, "{whole}");
    }
}
