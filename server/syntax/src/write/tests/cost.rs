//! What the proof of an edit reads: counted in bytes and readings, in files of ten times the length.

use super::{Edits, map, pair, part, push, remove, replace, set, text};
use crate::write::{Place, Value, write};
use crate::{Format, Tree};

/// An edit reads as much of a file of 40 statements as of one of 400, and does it at once.
#[track_caller]
fn reads_what_it_touches(format: Format, file: impl Fn(usize) -> String, edits: Edits) {
    let cost = |count: usize| {
        let tree = Tree::parse(file(count), format);
        write(&tree, &edits(&tree)).unwrap();
        let (bytes, readings) = tree.read_for_proofs();
        assert_eq!(readings, 1, "of {count}, {bytes} bytes:\n{}", file(2));
        bytes
    };
    let (few, many) = (cost(40), cost(400));
    assert!(few < 1500, "{few} bytes");
    assert_eq!(few, many);
}

fn json(count: usize) -> String {
    let statement = |at: usize| {
        format!(
            r#"    {{
      "Sid": "S{at:04}",
      "Effect": "Allow",
      "Action": ["s3:GetObject", "s3:PutObject"],
      "Resource": "arn:aws:s3:::b{at:04}/${{aws:username}}"
    }}"#
        )
    };
    let statements: Vec<String> = (0..count).map(statement).collect();
    format!(
        "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n{}\n  ]\n}}\n",
        statements.join(",\n")
    )
}

fn yaml(count: usize) -> String {
    let statement = |at: usize| {
        format!(
            "  - Sid: S{at:04}
    Effect: Allow
    Action:
      - s3:GetObject
      - s3:PutObject
    Resource: arn:aws:s3:::b{at:04}/${{aws:username}}
"
        )
    };
    let statements: String = (0..count).map(statement).collect();
    format!("Version: '2012-10-17'\nStatement:\n{statements}")
}

fn hcl(count: usize) -> String {
    let statement = |at: usize| {
        format!(
            "  statement {{
    sid       = \"S{at:04}\"
    actions   = [\"s3:GetObject\", \"s3:PutObject\"]
    resources = [\"arn:aws:s3:::b{at:04}/${{var.x}}\"]
  }}
"
        )
    };
    let statements: String = (0..count).map(statement).collect();
    format!("data \"aws_iam_policy_document\" \"d\" {{\n{statements}}}\n")
}

#[test]
fn edits_within_a_statement() {
    for (format, file) in [
        (Format::Json, json as fn(usize) -> String),
        (Format::Yaml, yaml),
    ] {
        let edits: [Edits; 6] = [
            |tree| vec![part(tree, "Statement/20/Action/1", "Put", "Get")],
            |tree| vec![set(tree, "Statement/20/Resource", "*")],
            |tree| vec![push(tree, "Statement/20/Action", text("s3:ListBucket"))],
            |tree| vec![remove(tree, "Statement/20/Action/0")],
            |tree| vec![remove(tree, "Statement/20/~Sid")],
            |tree| {
                vec![
                    pair(tree, "Statement/20", Place::Last, "Condition", map(&[])),
                    replace(tree, "Statement/20/Action", text("s3:*")),
                ]
            },
        ];
        for edits in edits {
            reads_what_it_touches(format, file, edits);
        }
    }
    let edits: [Edits; 4] = [
        |tree| vec![part(tree, &statement("actions/1"), "Put", "Get")],
        |tree| vec![push(tree, &statement("actions"), text("s3:ListBucket"))],
        |tree| vec![remove(tree, &statement("~sid"))],
        |tree| vec![replace(tree, &statement("resources"), text("*"))],
    ];
    for edits in edits {
        reads_what_it_touches(Format::Hcl, hcl, edits);
    }
}

/// The first statement of the document.
fn statement(element: &str) -> String {
    format!("data/aws_iam_policy_document/d/statement/{element}")
}

#[test]
fn statements_that_come_and_go() {
    fn denial() -> Value {
        map(&[("Effect", text("Deny")), ("Action", text("s3:*"))])
    }
    let edits: [Edits; 4] = [
        |tree| vec![remove(tree, "Statement/20")],
        |tree| {
            let place = Place::After(super::at(tree, "Statement/20"));
            vec![super::insert(tree, "Statement", place, denial())]
        },
        |tree| vec![super::insert(tree, "Statement", Place::First, denial())],
        |tree| {
            let copy = Value::Copy(super::at(tree, "Statement/20"));
            vec![push(tree, "Statement", copy)]
        },
    ];
    for edits in edits {
        reads_what_it_touches(Format::Json, json, edits);
        reads_what_it_touches(Format::Yaml, yaml, edits);
    }
}
