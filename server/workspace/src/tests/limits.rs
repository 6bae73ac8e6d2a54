//! How far values are followed, and what is said where that isn't far enough.

use std::fmt::Write as _;
use std::sync::Arc;

use leastwise_dialects::work;

use crate::Analysis;
use leastwise_model::files::NoFiles;
use leastwise_syntax::{Format, Tree};

/// The first action of the first policy of a file, as it surely is, and whether something was cut off.
fn action(path: &str, text: &str) -> (String, bool) {
    let format = crate::load::format_of(path.as_ref(), text);
    let tree = Tree::parse(text.to_owned(), format);
    let analysis = Analysis::again(
        &tree,
        path,
        Arc::default(),
        Arc::new(NoFiles),
        Arc::default(),
    );
    let site = &analysis.sites[0];
    let statement = &site.policy(&tree).statements[0];
    let item = &statement.actions()[0];
    let values = analysis.sure(&tree, item);
    let values: Vec<String> = values.map(|(_, value)| value.pattern.display()).collect();
    (values.join(" "), analysis.cut_off().is_some())
}

fn locals(count: usize, first: &str, next: impl Fn(usize) -> String) -> String {
    let mut text = format!("locals {{\n  l0 = {first}\n");
    for at in 1..=count {
        writeln!(text, "  l{at} = {}", next(at - 1)).unwrap();
    }
    let policy = format!(
        "{{ Statement = [{{ Effect = \"Allow\", Action = local.l{count}, Resource = \"*\" }}] }}"
    );
    writeln!(
        text,
        "}}\nresource \"aws_iam_policy\" \"p\" {{\n  policy = jsonencode({policy})\n}}"
    )
    .unwrap();
    text
}

#[test]
fn local_values_lead_on_as_often_as_they_do() {
    let plain = |at: usize| format!("local.l{at}");
    let template = |at: usize| format!("\"${{local.l{at}}}\"");
    for count in [1, 16, 17, 40, 500] {
        for next in [&plain as &dyn Fn(usize) -> String, &template] {
            let text = locals(count, "\"s3:GetObject\"", next);
            assert_eq!(
                action("main.tf", &text),
                ("s3:GetObject".to_owned(), false),
                "{count}"
            );
        }
    }
    // Each twice in the next.
    let twice = |at: usize| format!("local.l{at} == \"a\" ? \"b\" : local.l{at}");
    let text = locals(60, "\"s3:GetObject\"", twice);
    let mut found = None;
    let cost = work::of(|| found = Some(action("main.tf", &text)));
    assert!(cost < 50_000, "{cost}");
    assert!(found.is_some());
}

#[test]
fn lists_and_objects_of_local_values_do_not_multiply() {
    for next in [
        |at: usize| format!("[local.l{at}, local.l{at}]"),
        |at: usize| format!("{{a = local.l{at}, b = local.l{at}}}"),
    ] {
        for count in [20, 60, 200] {
            let text = locals(count, "\"s3:GetObject\"", next);
            let mut found = None;
            let cost = work::of(|| found = Some(action("main.tf", &text)));
            assert!(cost < 100_000, "{count} {cost}");
            assert!(found.is_some_and(|(_, cut_off)| cut_off), "{count}");
        }
        assert!(!action("main.tf", &locals(4, "\"s3:GetObject\"", next)).1);
    }
}

#[test]
fn local_values_that_lead_to_themselves_are_unknown() {
    for first in ["local.l40", "\"${local.l40}${local.l39}\""] {
        let text = locals(40, first, |at| format!("local.l{at}"));
        let (found, cut_off) = action("main.tf", &text);
        assert!(found.contains("local."), "{found}");
        assert!(!cut_off);
    }
}

#[test]
fn expressions_that_are_nested_too_deep_are_told() {
    let nested = |depth: usize| {
        let inner = format!("{}local.l0{}", "lower(".repeat(depth), ")".repeat(depth));
        locals(1, "\"s3:getobject\"", |_| inner.clone())
    };
    assert_eq!(
        action("main.tf", &nested(10)),
        ("s3:getobject".to_owned(), false)
    );
    assert!(action("main.tf", &nested(60)).1);
}

#[test]
fn what_nobody_knows_is_not_cut_off() {
    let text = locals(3, "var.action", |at| format!("local.l{at}"));
    let text = format!("variable \"action\" {{}}\n{text}");
    let (found, cut_off) = action("main.tf", &text);
    assert!(found.contains('$'), "{found}");
    assert!(!cut_off);
}

fn service(count: usize, first: &str) -> String {
    let mut text = format!(
        "service: shop
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          Action: ${{self:custom.c{count}}}
          Resource: '*'
custom:
  c0: {first}
"
    );
    for at in 1..=count {
        writeln!(text, "  c{at}: ${{self:custom.c{}}}", at - 1).unwrap();
    }
    text
}

#[test]
fn variables_of_a_service_lead_on_as_often_as_they_do() {
    for count in [1, 12, 13, 24, 40, 300] {
        let text = service(count, "s3:GetObject");
        let found = action("serverless.yml", &text);
        assert_eq!(found, ("s3:GetObject".to_owned(), false), "{count}");
    }
    // Each is worked out once.
    let cost = |count| work::of(|| action("serverless.yml", &service(count, "s3:GetObject")));
    let (some, more) = (cost(50), cost(200));
    assert!(more <= some * 5, "{some} {more}");
}

#[test]
fn variables_of_a_service_that_lead_to_themselves_are_unknown() {
    for first in ["${self:custom.c40}", "${self:custom.c40}${self:custom.c39}"] {
        let (found, cut_off) = action("serverless.yml", &service(40, first));
        assert!(found.contains("self:custom"), "{found}");
        assert!(!cut_off);
    }
}

/// A template with a choice in a choice, around an item, a statement, or a text that a function makes.
fn template(depth: usize, place: &str) -> String {
    let mut value = match place {
        "statement" => {
            r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#.to_owned()
        }
        _ => r#""s3:GetObject""#.to_owned(),
    };
    for at in 0..depth {
        value = format!(r#"{{"Fn::If": ["C{at}", {value}, {{"Ref": "AWS::NoValue"}}]}}"#);
    }
    let statement = match place {
        "statement" => value,
        "item" => format!(r#"{{"Effect": "Allow", "Action": [{value}], "Resource": "*"}}"#),
        _ => format!(
            r#"{{"Effect": "Allow", "Action": {{"Fn::Sub": ["${{A}}", {{"A": {value}}}]}}, "Resource": "*"}}"#
        ),
    };
    format!(
        r#"{{"Resources": {{"P": {{"Type": "AWS::IAM::ManagedPolicy", "Properties": {{"PolicyDocument": {{"Statement": [{statement}]}}}}}}}}}}"#
    )
}

#[test]
fn choices_in_choices_are_followed_as_deep_as_a_file_is() {
    for depth in [1, 16, 17, 40, 80] {
        for place in ["statement", "item", "text"] {
            let (found, cut_off) = action("t.json", &template(depth, place));
            assert!(found.contains("s3:GetObject"), "{depth} {place} {found}");
            assert!(!cut_off, "{depth} {place}");
        }
    }
}

#[test]
fn policies_in_strings_of_strings() {
    let nested = |levels: usize| {
        let mut text =
            r#"{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"#
                .to_owned();
        for _ in 0..levels {
            let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
            text = format!(r#"{{"Policy": "{escaped}"}}"#);
        }
        Tree::parse(text, Format::Json)
    };
    for levels in [1, 3, 4, 8] {
        assert!(nested(levels).problems().is_empty(), "{levels}");
    }
    let problems = nested(9).problems().to_vec();
    assert!(
        matches!(problems.as_slice(), [one] if one.message.contains("more than 8 strings")),
        "{problems:?}"
    );
}

fn with_action(head: &str, action: &str) -> String {
    format!(
        "{head}
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: {action}
            Resource: '*'
"
    )
}

#[test]
fn parameters_with_more_values_than_are_tried_are_told() {
    let values = |name: &str, count: usize| {
        let values: Vec<String> = (0..count).map(|at| format!("v{at}")).collect();
        let values = values.join(", ");
        format!("  {name}: {{Type: String, AllowedValues: [{values}]}}\n")
    };
    let cut_off = |text: &str| action("t.yaml", text).1;
    let one = |count| format!("Parameters:\n{}", values("A", count));
    assert!(!cut_off(&with_action(&one(16), "!Sub 's3:${A}'")));
    assert!(cut_off(&with_action(&one(17), "!Sub 's3:${A}'")));
    assert!(!cut_off(&with_action(&one(17), "s3:GetObject")));
    let two = |count| format!("Parameters:\n{}{}", values("A", 4), values("B", count));
    assert!(!cut_off(&with_action(&two(3), "!Sub 's3:${A}${B}'")));
    assert!(cut_off(&with_action(&two(5), "!Sub 's3:${A}${B}'")));
}
