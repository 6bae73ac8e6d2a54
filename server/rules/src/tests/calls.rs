//! A module of Terraform that is called in several ways.

use leastwise_dialects::scope::ValueFrom;
use leastwise_model::Level;
use leastwise_syntax::Span;

use super::fixture::Fixture;
use crate::calls::joined;
use crate::{Finding, Incremental, Safety, check};

const ROLE: &str = r#"variable "principals" {
  default = ["arn:aws:iam::111111111111:root"]
}
variable "policy" {}
variable "roles" {
  default = "*"
}
variable "sources" {
  default = ["0.0.0.0/0"]
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = var.principals
    }
  }
}

resource "aws_iam_role" "this" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/${var.policy}"
}
"#;

const PASS: &str = r#"variable "roles" {}
resource "aws_iam_policy" "this" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["iam:PassRole", "iam:PassRole"]
      Resource = var.roles
    }]
  })
}
"#;

/// A call of the module.
fn call(name: &str, arguments: &str) -> String {
    format!("module \"{name}\" {{\n  source = \"./m\"\n{arguments}\n}}\n")
}

fn told(module: &str, calls: &[String]) -> Vec<String> {
    let fixture = Fixture::called(module, &calls.concat());
    let told = |finding: &Finding| format!("{}: {}", finding.rule.id, finding.message);
    let findings = check(&fixture.context());
    let told: Vec<String> = findings.iter().map(told).collect();
    // Whoever asks for what lies at a place, or again after an edit, is told the same.
    let all = fixture.tree.span(fixture.tree.documents()[0]);
    let near = Incremental::default().check_at(&fixture.context(), all);
    let near: Vec<String> = near
        .iter()
        .map(|it| format!("{}: {}", it.rule.id, it.message))
        .collect();
    assert_eq!(near, told);
    let mut kept = Incremental::default();
    for _ in 0..2 {
        let kept = kept.check(&fixture.context());
        let kept: Vec<String> = kept
            .iter()
            .map(|it| format!("{}: {}", it.rule.id, it.message))
            .collect();
        assert_eq!(kept, told);
    }
    told
}

#[track_caller]
fn tells(module: &str, calls: &[String], wanted: &[(&str, &str)]) {
    let told = told(module, calls);
    let right = told.len() == wanted.len()
        && told.iter().zip(wanted).all(|(told, (rule, from))| {
            let comes = told
                .split_once(" This comes from ")
                .map_or("", |(_, from)| from);
            told.starts_with(rule) && comes == *from
        });
    assert!(right, "{calls:#?}\n{told:#?}\nnot {wanted:#?}");
}

const CLEAN: &str = "  policy = \"ReadOnlyAccess\"";
const OPEN: &str = "  principals = [\"*\"]\n  policy = \"AdministratorAccess\"";

#[test]
fn each_call_is_judged_and_named() {
    let [clean, other, open] =
        [("a", CLEAN), ("b", CLEAN), ("c", OPEN)].map(|(name, of)| call(name, of));
    let both = |from| [("public-principal", from), ("administrator-access", from)];
    tells(ROLE, &[clean.clone(), other.clone()], &[]);
    tells(
        ROLE,
        &[clean.clone(), open.clone(), other],
        &both("the call `module.c`."),
    );
    // All of them, one or two: as if there was one.
    tells(ROLE, std::slice::from_ref(&open), &both(""));
    tells(ROLE, &[open.clone(), call("d", OPEN)], &both(""));
    tells(
        ROLE,
        &[clean.clone(), open, call("d", OPEN)],
        &both("the calls `module.c` and `module.d`."),
    );
    // What they give together counts.
    let split = [
        call("c", "  principals = [\"*\"]\n  policy = \"ReadOnlyAccess\""),
        call("d", "  policy = \"AdministratorAccess\""),
    ];
    tells(
        ROLE,
        &split,
        &[
            ("public-principal", "the call `module.c`."),
            ("administrator-access", "the call `module.d`."),
        ],
    );
    // What isn't known of one is judged in none.
    tells(
        ROLE,
        &[
            clean,
            call("c", "  principals = var.all\n  policy = var.policy"),
        ],
        &[],
    );
}

#[test]
fn each_instance_of_a_call_is_judged_and_named() {
    let each = |each: &str, principals: &str, policy: &str| {
        call(
            "r",
            &format!("  for_each = {each}\n  principals = {principals}\n  policy = {policy}"),
        )
    };
    let map = "{ ci = { who = [\"x\"], policy = \"ReadOnlyAccess\" }, all = { who = [\"*\"], policy = \"ReadOnlyAccess\" } }";
    let found = |from| [("public-principal", from)];
    let known = "[\"arn:aws:iam::111111111111:root\"]";
    let principals = map.replace("\"x\"", "\"arn:aws:iam::111111111111:root\"");
    tells(
        ROLE,
        &[each(&principals, "each.value.who", "each.value.policy")],
        &found("the call `module.r[\"all\"]`."),
    );
    let elsewhere = format!("locals {{\n  all = {principals}\n}}\n");
    tells(
        ROLE,
        &[
            elsewhere.clone(),
            each("local.all", "each.value[\"who\"]", "each.value.policy"),
        ],
        &found("the call `module.r[\"all\"]`."),
    );
    tells(
        ROLE,
        &[
            elsewhere,
            each(
                "toset([\"ci\", \"all\"])",
                "local.all[each.key].who",
                "\"ReadOnlyAccess\"",
            ),
        ],
        &found("the call `module.r[\"all\"]`."),
    );
    let admin = [(
        "administrator-access",
        "the call `module.r[\"AdministratorAccess\"]`.",
    )];
    let set = "toset([\"ReadOnlyAccess\", \"AdministratorAccess\"])";
    tells(ROLE, &[each(set, known, "each.value")], &admin);
    // What is the same for all instances is told of none.
    tells(
        ROLE,
        &[each(set, "[\"*\"]", "\"ReadOnlyAccess\"")],
        &found(""),
    );
    tells(
        ROLE,
        &[each("var.all", "[\"*\"]", "\"ReadOnlyAccess\"")],
        &found(""),
    );
    tells(ROLE, &[each("var.all", known, "each.value")], &[]);
    let all = "variable \"all\" {\n  default = [\"AdministratorAccess\"]\n}\n".to_owned();
    tells(
        ROLE,
        &[all, each("toset(var.all)", known, "each.value")],
        &[],
    );
    let count = call(
        "r",
        "  count = 2\n  policy = [\"ReadOnlyAccess\", \"AdministratorAccess\"][count.index]",
    );
    let named = call("r", "  count = 2\n  policy = local.names[count.index]");
    let names = "locals {\n  names = [\"ReadOnlyAccess\", \"AdministratorAccess\"]\n}\n".to_owned();
    let admin = [("administrator-access", "the call `module.r[1]`.")];
    tells(ROLE, &[count], &admin);
    tells(ROLE, &[names.clone(), named.clone()], &admin);
    tells(ROLE, &[names.clone(), named.replace("= 2", "= 1")], &[]);
    tells(ROLE, &[names, named.replace("= 2", "= 0")], &[]);
}

#[test]
fn a_fix_has_to_be_one_for_all_calls() {
    let calls = [call("a", "  roles = \"a\""), call("b", "  roles = \"b\"")];
    let fixture = Fixture::called(PASS, &calls.concat());
    let context = fixture.context();
    let rule = &crate::privilege::public_principal::RULE;
    let finding = |titles: &[&'static str]| {
        let finding = Finding::new(rule, Span::new(1, 2), "Wrong.");
        let fixed = titles.iter().fold(finding, |finding, title| {
            finding.fix(*title, Safety::Safe, |context| {
                let names = context.analysis.state().declares(context.tree);
                assert!(names.iter().any(|it| it.from == ValueFrom::Caller));
                None
            })
        });
        vec![fixed]
    };
    let of = |found: [Vec<Finding>; 2]| {
        let found = joined(context.analysis.calls(context.tree), found.into_iter());
        let fixes = found.iter().flat_map(|finding| finding.fixes(&context));
        let titles = fixes.map(|fix| {
            // It is worked out for the call that it was found in.
            assert_eq!(fix.resolve(&context), None);
            fix.title
        });
        titles.collect::<Vec<_>>()
    };
    assert_eq!(of([finding(&["x", "y"]), finding(&["y", "x"])]), ["x", "y"]);
    assert_eq!(of([finding(&["x", "y"]), finding(&["y"])]), ["y"]);
    assert_eq!(of([finding(&["x"]), finding(&[])]), [""; 0]);
    assert_eq!(of([finding(&["x"]), Vec::new()]), [""; 0]);
    // And what is wrong however it is called is mended.
    let found = check(&context);
    let mut fixes = found.iter().flat_map(|finding| finding.fixes(&context));
    assert!(
        fixes.any(|fix| fix.resolve(&context).is_some()),
        "{found:#?}"
    );
}

#[test]
fn the_worst_call_counts() {
    let module = ROLE.replace(
        "      identifiers = var.principals\n    }\n",
        "      identifiers = var.principals\n    }\n    condition {\n      test     = \"IpAddress\"\n      variable = \"aws:SourceIp\"\n      values   = var.sources\n    }\n",
    );
    let of = |calls: &[String]| {
        let fixture = Fixture::called(&module, &calls.concat());
        let findings = check(&fixture.context());
        let levels = findings
            .iter()
            .map(|finding| (finding.rule.id, finding.level));
        levels.collect::<Vec<_>>()
    };
    let own = |name: &str, sources: &str| {
        call(
            name,
            &format!(
                "  principals = [\"*\"]\n  policy = \"ReadOnlyAccess\"\n  sources = [\"{sources}\"]"
            ),
        )
    };
    let found = |level| vec![("public-principal", level)];
    assert_eq!(of(&[own("a", "0.0.0.0/0")]), found(Level::Error));
    assert_eq!(
        of(&[own("a", "0.0.0.0/1"), own("b", "0.0.0.0/0")]),
        found(Level::Error)
    );
}

#[test]
fn findings_that_are_told_as_one_name_their_calls() {
    let module = "variable \"of\" {}\nresource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Action = [\"s3:GetObject\", \"s3:PutObject\"], Resource = var.of }] })\n}\n";
    let calls = [
        call("a", "  of = \"arn:aws:s3:::shop/*\""),
        call("b", "  of = \"arn:aws:sqs:eu-west-1:111111111111:shop\""),
    ];
    let told = told(module, &calls);
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(
        told[0].ends_with("This comes from the call `module.b`."),
        "{told:#?}"
    );
}
