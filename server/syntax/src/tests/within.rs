//! Edits of structure in JSON and HCL.

use super::generate::{self, Dice};
use super::{retyped, sound};
use crate::{Change, Format, NodeId, Span, Tree, work};

const MODULE: &str = r#"# a module
locals { one = ["a", "b"] }
resource "aws_iam_role" "a" {
  name = "a"
  tags = { a = 1, "b" : [true, null], (var.c) = "d" }
  assume_role_policy = jsonencode({
    Version = "2012-10-17" # kept
    Statement = [
      { Effect = "Allow", Action = ["sts:AssumeRole", "sts:TagSession"], Principal = { Service = "ec2.amazonaws.com" } },
      {
        Effect = "Deny"
        Action = "*" // not that
      }
    ]
  })
  inline_policy {
    name   = "p"
    policy = <<-EOT
      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"]}]}
    EOT
  }
  dynamic "x" {
    for_each = [for k in ["a"] : { b = [k] }]
    content {
      y = x.value ? ["c"] : concat([], ["d", "${[1, 2][0]}"])
    }
  }
}
data "aws_iam_policy_document" "b" {
  statement {
    actions = [
      "s3:GetObject",
      # why
      "s3:PutObject",
    ]
    resources = ["arn:aws:s3:::a/*", local.one[0]]
  }
  statement {
    sid = "B"
    not_actions = []
  }
}
"#;

const TEMPLATE: &str = r#"{
  "Resources": {
    "Role": {
      "Type": "AWS::IAM::Role",
      "Properties": {
        "Names": ["a", "b"], "None": [], "Empty": {},
        "AssumeRolePolicyDocument": "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"sts:AssumeRole\"]}]}",
        "Policies": [
          {
            "PolicyDocument": {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "s3:GetObject",
                    "s3:ListBucket"
                  ],
                  "Resource": [{ "Fn::Sub": "arn:aws:s3:::shop/*" }, { "Fn::Sub": ["{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"${A}\"}]}", { "A": { "Ref": "a" } }] }, { "Fn::Join": ["", ["a", { "Ref": "b" }]] }]
                },
                { "Effect": "Deny", "Action": "*" }
              ]
            }
          }
        ]
      }
    }
  }
}
"#;

/// What is typed: pieces of structure, whole and broken ones.
const TYPED: [&str; 44] = [
    "",
    "\n",
    " ",
    "x",
    ",",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\"\"",
    "\"\",\n",
    "\"a\",",
    ", \"a\"",
    "\"a\" = ",
    "a = 1\n",
    "\na = [\"b\"]\n",
    "\nb {\n}\n",
    "statement {\n",
    "\"a\": 1, ",
    ", \"a\": {}",
    ", {\"Ref\": \"a\"}",
    "{ \"Fn::Sub\": \"${a}\" }",
    "[]",
    "{}",
    "(",
    ")",
    "((1))",
    "for ",
    "for a in b : a",
    "...",
    " ? 1 : 2",
    "# c\n",
    "// c\n",
    "/* c */",
    "/*",
    "${",
    "\"${a}\", ",
    "<<E\na\nE\n",
    "{{",
    "{%",
    "é",
    "\r\n",
    "\\",
];

/// Every node of a tree with the place where it stands and what is written there.
fn placed(tree: &Tree) -> Vec<(NodeId, Span, String)> {
    let place = |id: NodeId| {
        let span = tree.span(id);
        (id, span, tree.source()[span.range()].to_owned())
    };
    retyped::nodes(tree).into_iter().map(place).collect()
}

/// Edits a tree and holds it against one that is read from the new text. The collection that was read again, if only one was.
fn edit(tree: &mut Tree, span: Span, typed: &str) -> Option<NodeId> {
    let before = tree.source().to_owned();
    let known = placed(tree);
    let change = tree.edit(span, typed);
    let whole = Tree::parse(tree.source().to_owned(), tree.format());
    let case = format!("{typed:?} for {span:?} in {before:?}: {change:?}");
    assert_eq!(tree.outline(), whole.outline(), "{case}");
    assert_eq!(tree.hosts(), whole.hosts(), "{case}");
    let comments = |tree: &Tree| tree.inner_comments().count();
    assert_eq!(comments(tree), comments(&whole), "{case}");
    sound(tree);
    let collection = match &change {
        Change::All => return None,
        Change::Within(collection) => *collection,
        Change::Text(retyped) if retyped.is_of_list() => retyped.scalar,
        Change::Text(_) => return None,
    };
    let of = known.iter().find(|(id, ..)| *id == collection);
    let (_, place, _) = of.expect("it was there before");
    let outside = |span: &Span| span.end <= place.start || place.end <= span.start;
    for (id, span, text) in known.iter().filter(|(_, span, _)| outside(span)) {
        assert_eq!(
            &tree.source()[tree.span(*id).range()],
            text,
            "{id:?}, {case}"
        );
        if let (Change::Text(retyped), mut span) = (&change, *span) {
            retyped.shift(&mut span);
            assert_eq!(span, tree.span(*id), "{id:?}, {case}");
        }
    }
    Some(collection)
}

/// Edits at random, and takes back what breaks the text. How often only a collection was read.
fn follow(
    source: &str,
    format: Format,
    edits: usize,
    roll: &mut impl FnMut(usize) -> usize,
) -> usize {
    let mut tree = Tree::parse(source.to_owned(), format);
    let mut count = 0;
    for _ in 0..edits {
        let text = tree.source().to_owned();
        let at = text.floor_char_boundary(roll(text.len() + 1));
        let length = [0, 0, 0, 1, 2, 14][roll(6)];
        let end = text.floor_char_boundary((at + length).min(text.len()));
        let span = Span::new(at as u32, end as u32);
        let typed = TYPED[roll(TYPED.len())];
        count += usize::from(edit(&mut tree, span, typed).is_some());
        let is_broken = !tree.problems().is_empty();
        if is_broken || roll(3) == 0 {
            let back = Span::new(span.start, span.start + typed.len() as u32);
            count += usize::from(edit(&mut tree, back, &text[span.range()]).is_some());
        }
        if tree.source().len() > source.len() * 2 {
            tree = Tree::parse(source.to_owned(), format);
        }
    }
    count
}

#[test]
fn what_is_read_by_itself_is_what_a_whole_reading_gives() {
    let mut seed = 5_u64;
    let mut roll = |sides: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % sides
    };
    let files = [
        (MODULE, Format::Hcl),
        (TEMPLATE, Format::Json),
        (TEMPLATE, Format::Jsonc),
    ];
    for (text, format) in files {
        let count = follow(text, format, 4000, &mut roll);
        println!("{format:?}: {count}");
        assert!(count > 700, "{format:?}: {count}");
    }
    for _ in 0..300 {
        let bytes: Vec<u8> = (0..200).map(|_| roll(256) as u8).collect();
        follow(
            &generate::json(&mut Dice(&bytes), 0),
            Format::Json,
            12,
            &mut roll,
        );
        follow(
            &generate::hcl(&mut Dice(&bytes)).0,
            Format::Hcl,
            12,
            &mut roll,
        );
    }
}

/// The source of what was read again after an edit at `$0`.
fn read_again(text: &str, format: Format, typed: &str) -> Option<String> {
    let at = text.find("$0").unwrap() as u32;
    let mut tree = Tree::parse(text.replace("$0", ""), format);
    let collection = edit(&mut tree, Span::empty(at), typed)?;
    Some(tree.source()[tree.span(collection).range()].to_owned())
}

#[test]
fn the_innermost_brackets_are_read() {
    use Format::{Hcl, Json, Jsonc};
    let pad = "x".repeat(40);
    let cases = [
        (
            Json,
            r#"{"a": {"b": ["c"$0]}}"#,
            r#", "d""#,
            Some(r#"["c", "d"]"#),
        ),
        (
            Json,
            r#"{"a": {"b": []$0}}"#,
            r#", "d": 1"#,
            Some(r#"{"b": [], "d": 1}"#),
        ),
        // It would be a function call, which it wasn't.
        (
            Json,
            r#"{"a": {"b": {$0}}}"#,
            r#""Ref": "c""#,
            Some(r#"{"b": {"Ref": "c"}}"#),
        ),
        (
            Json,
            r#"{"a": {"b": {"Ref": "c", $0"d": 1}}}"#,
            r#""e": 1,"#,
            Some(r#"{"Ref": "c", "e": 1,"d": 1}"#),
        ),
        (
            Json,
            r#"{"a": {"b": {"Ref$0": "c"}}}"#,
            "s",
            Some(r#"{"b": {"Refs": "c"}}"#),
        ),
        (
            Json,
            r#"{"a": [{"Fn::Sub": ["b", {"c": {$0}}]}]}"#,
            r#""d": 1"#,
            Some(r#"{"Fn::Sub": ["b", {"c": {"d": 1}}]}"#),
        ),
        (Json, r#"{"a": {"b": ["c"$0]}}"#, ",", None),
        (Jsonc, r#"{"a": {"b": ["c"$0]}}"#, ",", Some(r#"["c",]"#)),
        (Json, r#"{"a": {"b": ["c"$0]}}"#, "], [", None),
        // All of the text.
        (Json, r#"["c"$0]"#, ", 1", Some(r#"["c", 1]"#)),
        (
            Hcl,
            "a \"l\" {\n  b = [\"c\"$0]\n}\n",
            ", 1",
            Some(r#"["c", 1]"#),
        ),
        (
            Hcl,
            "a \"l\" {\n  b = 1\n$0}\n",
            "  c = 2\n",
            Some("{\n  b = 1\n  c = 2\n}"),
        ),
        (Hcl, "a \"l\" { b = 1$0 }\n", "\n", None),
        (
            Hcl,
            "a = f([1, $0{}])\n",
            "{ b = 1 }, ",
            Some("[1, { b = 1 }, {}]"),
        ),
        (
            Hcl,
            "a = [[$01]]\n",
            "for b in c : ",
            Some("[[for b in c : 1]]"),
        ),
        (Hcl, "a = [{$0}]\n", "{", None),
        // What is no call of a function.
        (Hcl, "a = b ? [1$0] : [2]\n", ", 3", None),
        (Hcl, "a = [for b in [1$0] : b]\n", ", 3", None),
        (Hcl, "a = \"${f([1$0])}\"\n", ", 3", None),
        (Hcl, "a = [1$0] + 2\n", ", 3", None),
        (Hcl, "$0a = 1\n", "b = [2]\n", None),
    ];
    for (format, text, typed, expected) in cases {
        // Large enough for a part of it to be worth it.
        let text = match format {
            Hcl => format!("{text}x = \"{pad}\"\n"),
            _ => text.to_owned(),
        };
        assert_eq!(
            read_again(&text, format, typed).as_deref(),
            expected,
            "{text} {typed}"
        );
    }
}

/// A text of many parts, with a place for an edit in the one in the middle.
fn large(part: &str, count: usize, [head, between, tail]: [&str; 3]) -> (String, u32) {
    let parts: Vec<&str> = std::iter::repeat_n(part, count).collect();
    let text = parts.join(between);
    let middle = text[text.len() / 2..].find("$0").unwrap() + text.len() / 2;
    let before = text[..middle].replace("$0", "").len();
    let at = (head.len() + before) as u32;
    (format!("{head}{}{tail}", text.replace("$0", "")), at)
}

#[test]
fn what_an_edit_reads_is_bounded_by_its_block() {
    let json = r#"{"Type": "T", "Policy": {"Statement": [{"Action": ["s3:GetObject"$0], "Resource": "*"}]}}"#;
    let hcl = "data \"d\" \"e\" {\n  statement {\n    actions = [\"s3:GetObject\"$0]\n    resources = [\"*\"]\n  }\n}\n";
    let cases = [
        (json, Format::Json, ["[", ",\n", "]"], ", \"s3:PutObject\""),
        (
            json,
            Format::Json,
            ["[", ",\n", "]"],
            "], \"NotAction\": [\"a\"",
        ),
        (hcl, Format::Hcl, ["", "", ""], ", \"s3:PutObject\""),
        (hcl, Format::Hcl, ["", "", ""], "]\n    effect = [\"a\""),
        // What isn't valid is not looked for further than that, either.
        (hcl, Format::Hcl, ["", "", ""], ", ["),
        (json, Format::Json, ["[", ",\n", "]"], ", ["),
    ];
    for (part, format, around, typed) in cases {
        let (text, at) = large(part, 2000, around);
        let mut tree = Tree::parse(text, format);
        let is_whole = typed == ", [";
        let mut change = Change::All;
        let cost = work::of(|| change = tree.edit(Span::empty(at), typed));
        assert_eq!(change == Change::All, is_whole, "{typed} in {part}");
        assert!(
            cost > 0 && cost < part.len() * 5,
            "{typed} in {part}: {cost}"
        );
    }
}

#[test]
fn what_is_left_behind_is_taken_away_in_time() {
    let mut tree = Tree::parse(TEMPLATE.to_owned(), Format::Json);
    let at = TEMPLATE.find("\"s3:ListBucket\"").unwrap() as u32;
    let mut whole = 0;
    for _ in 0..2000 {
        whole += usize::from(tree.edit(Span::empty(at), "\"x\", ") == Change::All);
        whole += usize::from(tree.edit(Span::new(at, at + 5), "") == Change::All);
        assert!(tree.garbage <= 4000);
    }
    assert!(whole > 0 && whole < 20, "{whole}");
    assert_eq!(
        tree.outline(),
        Tree::parse(TEMPLATE.to_owned(), Format::Json).outline()
    );
}
