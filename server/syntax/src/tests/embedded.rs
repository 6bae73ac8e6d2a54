//! Documents inside strings: where their parts are written, in every kind of string.

use proptest::prelude::*;

use super::generate::{self, Dice};
use super::{hcl, json, problems, show_node, sound, yaml};
use crate::{Change, Format, NodeId, ProblemKind, Span, Tree, View};

/// All nodes of the documents in the strings of a tree, the strings' own included.
fn all(tree: &Tree) -> Vec<NodeId> {
    let mut all = Vec::new();
    let mut open: Vec<NodeId> = tree.documents().to_vec();
    while let Some(id) = open.pop() {
        all.push(id);
        match tree.view(id) {
            View::Mapping(pairs) => {
                open.extend(pairs.iter().flat_map(|pair| [pair.key, pair.value]))
            }
            View::Sequence(items) => {
                let own = |item: &&NodeId| tree.parent(**item) == Some(id);
                open.extend(items.iter().filter(own));
            }
            View::Tagged(_, inner) => open.push(tree.embedded(id).unwrap_or(inner)),
            View::Scalar(_) => open.extend(tree.embedded(id)),
            _ => {}
        }
    }
    all.sort_unstable();
    all
}

/// The innermost scalar whose text holds `text`, and the place of that part in the source.
fn place(tree: &Tree, text: &str) -> (Span, String) {
    let (id, at) = all(tree)
        .into_iter()
        .filter(|id| tree.embedded(*id).is_none())
        .find_map(|id| match tree.view(id) {
            View::Scalar(own) => own.find(text).map(|at| (id, at)),
            _ => None,
        })
        .unwrap_or_else(|| panic!("no scalar holds {text:?}:\n{}", tree.outline()));
    let span = tree.source_span(id, at..at + text.len());
    assert_eq!(tree.node_at(span.start + 1), Some(id), "{}", tree.outline());
    assert_eq!(tree.decoded_offset(id, span.start), Some(at));
    (span, tree.source()[span.range()].to_owned())
}

/// Each line with `^^^` below says where the action and the ARN's resource stand in the line above.
#[track_caller]
fn marked(format: Format, marked: &str, parts: &[&str]) {
    let mut source = String::new();
    let mut marks = Vec::new();
    let mut line = 0;
    for text in marked.split_inclusive('\n') {
        if text.trim_start().starts_with('^') {
            let mut at = 0;
            for run in text.trim_end().split_inclusive(' ') {
                let carets = run.trim_end().len();
                let byte = |column: usize| {
                    let mut bytes = source[line..].char_indices().map(|(at, _)| at);
                    (line + bytes.nth(column).unwrap()) as u32
                };
                if carets > 0 {
                    marks.push(Span::new(byte(at), byte(at + carets)));
                }
                at += run.len();
            }
        } else {
            line = source.len();
            source.push_str(text);
        }
    }
    let tree = Tree::parse(source, format);
    sound(&tree);
    assert_eq!(problems(&tree), [], "{}", tree.source());
    let found: Vec<Span> = parts.iter().map(|part| place(&tree, part).0).collect();
    assert_eq!(found, marks, "{}\n{}", tree.source(), tree.outline());
}

const PARTS: [&str; 2] = ["s3:GetObject", "bucket/é"];

#[test]
fn parts_are_found_in_each_kind_of_string() {
    marked(
        Format::Yaml,
        r#"Policy: |
  {
    "Version": "2012-10-17",
    "Statement": [
      {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/é/*"}
                                     ^^^^^^^^^^^^                             ^^^^^^^^
    ]
  }
"#,
        &PARTS,
    );
    marked(
        Format::Yaml,
        r#"- Policy: >-
    {"Version": "2012-10-17",
    "Statement": {"Effect": "Allow",
      "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/é/*"}}
                 ^^^^^^^^^^^^                             ^^^^^^^^
"#,
        &PARTS,
    );
    marked(
        Format::Yaml,
        r#"a: {b: ['{"Statement": [{"Action": "s3:GetObject", "Sid": "it''s", "Resource": "arn:aws:s3:::bucket/é/*"}]}']}
                                    ^^^^^^^^^^^^                                             ^^^^^^^^
"#,
        &PARTS,
    );
    marked(
        Format::Yaml,
        r#"a: "{\"Statement\": [{\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::bucket/é/*\"}]}"
                                    ^^^^^^^^^^^^                                 ^^^^^^^^
"#,
        &PARTS,
    );
    marked(
        Format::Yaml,
        r#"a: |
  Version: '2012-10-17'
  Statement:
    - Effect: Allow
      Action: s3:GetObject
              ^^^^^^^^^^^^
      Resource: "arn:aws:s3:::bucket/é/*"
                              ^^^^^^^^
b: 1
"#,
        &PARTS,
    );
    marked(
        Format::Json,
        r#"{"a": "{\"Statement\": [{\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::bucket\/é/*\"}]}"}
                                       ^^^^^^^^^^^^                                 ^^^^^^^^^
"#,
        &PARTS,
    );
}

#[test]
fn parts_are_found_behind_two_layers_of_escapes() {
    marked(
        Format::Json,
        r#"{"a": "{\"b\": \"{\\\"Statement\\\": [{\\\"Action\\\": \\\"s3:GetObject\\\", \\\"Resource\\\": \\\"arn:aws:s3:::bucket\\u002f\u00e9/*\\\"}]}\"}"}
                                                           ^^^^^^^^^^^^                                         ^^^^^^^^^^^^^^^^^^^
"#,
        &PARTS,
    );
    marked(
        Format::Yaml,
        r#"a: |
  {
    "b": "{\"Statement\": [{\"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::bucket/é/*\"}]}"
                                          ^^^^^^^^^^^^                                 ^^^^^^^^
  }
"#,
        &PARTS,
    );
}

#[test]
fn what_is_looked_up_in_a_string_is_looked_up_in_its_document() {
    let tree = json(r#"{"p": "{\"Statement\": [{\"Sid\": \"x\"}]}"}"#);
    let host = tree.get(tree.documents()[0], "p").unwrap();
    assert_eq!(tree.text(host), Some(r#"{"Statement": [{"Sid": "x"}]}"#));
    assert!(matches!(tree.view(host), View::Scalar(_)));
    let root = tree.embedded(host).unwrap();
    assert_eq!(tree.resolved(host), root);
    assert_eq!(tree.aliased(host), host);
    assert_eq!(tree.parent(root), Some(host));
    let statements = tree.get(host, "Statement").unwrap();
    assert_eq!(tree.host(statements), Some(host));
    assert_eq!(tree.host(host), None);
    assert_eq!(tree.items(statements).unwrap().len(), 1);
    assert_eq!(tree.pairs(host).len(), 1);
    let span = tree.span(root);
    assert_eq!(
        &tree.source()[span.range()],
        r#"{\"Statement\": [{\"Sid\": \"x\"}]}"#
    );
}

#[test]
fn an_alias_of_a_string_leads_into_it() {
    let tree = yaml("a: &p |\n  {\"Statement\": []}\nb: *p\n");
    let alias = tree.get(tree.documents()[0], "b").unwrap();
    assert!(tree.get(alias, "Statement").is_some());
    assert_eq!(tree.text(alias), Some("{\"Statement\": []}\n"));
}

#[test]
fn other_strings_hold_nothing() {
    for source in [
        r#"{"a": "Statement"}"#,
        r#"{"a": "{Statement"}"#,
        r#"{"a": "[Statement of Work]"}"#,
        r#"{"{\"Statement\": []}": "a key"}"#,
        r#"{"a": "\"Statement, a string\""}"#,
    ] {
        let tree = json(source);
        assert!(!tree.outline().contains("holds"), "{}", tree.outline());
        assert_eq!(problems(&tree), [], "{source}");
    }
    for source in [
        "a: |\n  The Statement:\n  says\n",
        "a: |\n  echo\n  Statement:\n",
        "a: |\n  Statement: &x\n  - *x\n",
        "a: 'Statement: x'\n",
        "a: {Statement: []}\n",
    ] {
        let tree = yaml(source);
        assert!(!tree.outline().contains("holds"), "{}", tree.outline());
        assert_eq!(problems(&tree), [], "{source}");
    }
}

#[test]
fn a_broken_policy_is_one_problem_at_its_place_and_is_read() {
    let tree = yaml(
        "a: |\n  {\n    \"Statement\": [\n      {\"Effect\": \"Allow\" \"Action\": \"s3:*\"}\n    ]\n  }\nb: 1\n",
    );
    assert_eq!(
        problems(&tree),
        [(ProblemKind::Embedded, "\"Action\"".to_owned())]
    );
    assert_eq!(
        tree.problems()[0].message,
        "In the policy in this string: Expected `,` or `}` after the value, found `\"Action\"`."
    );
    assert!(tree.is_complete());
    assert_eq!(place(&tree, "s3:*").1, "s3:*");
    let tree = json(r#"{"a": "{\"Statement\": [{\"Effect\": \"Allow\",}]}"}"#);
    assert_eq!(problems(&tree), [(ProblemKind::Embedded, ",".to_owned())]);
    assert_eq!(place(&tree, "Allow").1, "Allow");
    // In a string in a string it is one, too.
    let tree =
        json(r#"{"a": "{\"b\": \"{\\\"Statement\\\": [{\\\"Effect\\\": \\\"Allow\\\",}]}\"}"}"#);
    assert_eq!(problems(&tree), [(ProblemKind::Embedded, ",".to_owned())]);
    assert_eq!(place(&tree, "Allow").1, "Allow");
}

#[test]
fn strings_in_strings_end_somewhere() {
    let mut text = r#"{"Statement": []}"#.to_owned();
    let mut tree = json(&text);
    for level in 0..11 {
        let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
        text = format!("{{\"a\": \"{quoted}\"}}");
        tree = json(&text);
        let held = tree.outline().matches("holds").count();
        assert_eq!(held, (level + 1).min(8), "{text}");
    }
    assert_eq!(tree.read.arena.embedded.len(), 8);
    let deep = format!("{{\"Statement\": {}1{}}}", "[".repeat(198), "]".repeat(198));
    let by_itself = json(&deep);
    assert_eq!(problems(&by_itself), []);
    let within = json(&format!("[[\"{}\"]]", deep.replace('"', "\\\"")));
    let kinds: Vec<_> = within
        .problems()
        .iter()
        .map(|problem| problem.kind)
        .collect();
    assert_eq!(kinds, [ProblemKind::TooDeep]);
    assert!(!within.outline().contains("holds"));
}

#[test]
fn substituted_texts_are_tagged() {
    let tree = yaml(
        "a: !Sub '{\"Statement\": [{\"Effect\": \"Allow\", \"Resource\": [\"arn:${AWS::Partition}:s3:::b\", ${More}], \"Sid\": \"x\"}]}'\n",
    );
    let root = tree.resolved(tree.get(tree.documents()[0], "a").unwrap());
    assert_eq!(
        show_node(&tree, root),
        "{Statement: [{Effect: Allow, Resource: [Fn::Sub(arn:${AWS::Partition}:s3:::b), Fn::Sub(${More})], Sid: x}]}"
    );
    assert_eq!(place(&tree, "${More}").1, "${More}");
    assert_eq!(place(&tree, "AWS::Partition").1, "AWS::Partition");
    let tree = yaml(
        "a:\n  Fn::Sub:\n    - |\n      {\"Statement\": [\n        \"${X}\"\n      ]}\n    - X: 1\nb:\n  '{\"Statement\": \"${X}\"}'\n",
    );
    let get = |key: &str| tree.resolved(tree.get(tree.documents()[0], key).unwrap());
    assert_eq!(
        show_node(&tree, get("a")),
        "{Statement: [Fn::Sub([${X}, {X: 1}])]}"
    );
    assert_eq!(show_node(&tree, get("b")), "{Statement: ${X}}");
}

#[test]
fn templates_of_hcl() {
    let source = r#"resource "aws_iam_policy" "p" {
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [{
        "Action": "s3:GetObject",
        "Resource": ["arn:${var.p}:s3:::${ upper(var.b) }/é\u00e9\"/*", ${local.more}, ${jsonencode(local.more)}, ${true}, "${x}", "$${aws:username}"]
      }]
    }
  EOT
  inline = "{\"Statement\": {\"Sid\": \"${a}b\", \"Action\": [\"s3:Put\"]}}"
  plain = <<EOT
{"Statement": ["sqs:SendMessage"]}
EOT
  keys = <<EOT
{"Statement": {"${a}": 1, "x:${upper("b")}/": {"${c}:sub": "2"}, "d": 3}}
EOT
  other = <<EOT
%{ if x }{"Statement": ["no"]}%{ endif }
EOT
}
"#;
    let tree = hcl(source);
    sound(&tree);
    assert_eq!(problems(&tree), []);
    let body = ["resource", "aws_iam_policy", "p"]
        .iter()
        .fold(tree.documents()[0], |id, key| tree.get(id, key).unwrap());
    let shown = |key: &str| show_node(&tree, tree.resolved(tree.get(body, key).unwrap()));
    assert_eq!(
        shown("policy"),
        "{Version: 2012-10-17, Statement: [{Action: s3:GetObject, Resource: [\
         hcl:template([arn:, hcl:ref(var.p), :s3:::, hcl:upper([hcl:ref(var.b)]), /éé\"/*]), \
         *?, *(hcl:ref(local.more)), *(true), hcl:template([hcl:ref(x)]), ${aws:username}]}]}"
    );
    assert_eq!(
        shown("inline"),
        "{Statement: {Sid: hcl:template([hcl:ref(a), b]), Action: [s3:Put]}}"
    );
    assert_eq!(shown("plain"), "{Statement: [sqs:SendMessage]}");
    assert_eq!(
        shown("keys"),
        "{Statement: {hcl:template([hcl:ref(a)]): 1, hcl:template([x:, hcl:upper([b]), /]): \
         {hcl:template([hcl:ref(c), :sub]): 2}, d: 3}}"
    );
    assert!(!shown("other").contains("Statement:"));
    for (text, written) in [
        ("s3:GetObject", "s3:GetObject"),
        ("éé\"/", r#"é\u00e9\"/"#),
        ("aws:username", "aws:username"),
        ("s3:Put", "s3:Put"),
        ("sqs:SendMessage", "sqs:SendMessage"),
    ] {
        assert_eq!(place(&tree, text).1, written);
    }
    // The cursor is in the outer expression.
    let at = source.find("var.b").unwrap() as u32 + 1;
    let node = tree.node_at(at).unwrap();
    assert_eq!(tree.text(node), Some("var.b"));
    assert_eq!(tree.host(node), None);
    let value = tree.resolved(tree.get(body, "policy").unwrap());
    let span = tree.span(value);
    assert!(source[span.range()].starts_with("{\n      \"Version"));
    assert!(source[span.range()].ends_with("]\n    }"));
}

#[test]
fn an_edit_reads_only_its_own_string_again() {
    let policy = |name: &str| {
        format!(
            "{name}: |\n  {{\n    \"Statement\": [\n      {{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\"}}\n    ]\n  }}\n"
        )
    };
    let filler: String = (0..200).map(|at| format!("x{at}: 1\n")).collect();
    let source = format!(
        "{}{filler}{}{filler}{}",
        policy("a"),
        policy("b"),
        policy("c")
    );
    let mut tree = yaml(&source);
    let root = tree.documents()[0];
    let first = tree.resolved(tree.get(root, "a").unwrap());
    let last = tree.resolved(tree.get(root, "c").unwrap());
    let at = source.find("b: |").unwrap()
        + source[source.find("b: |").unwrap()..]
            .find("GetObject")
            .unwrap();
    // Broken in the middle, and whole again.
    for (range, text, is_broken) in [
        (Span::new(at as u32, at as u32 + 3), "Put\"", true),
        (Span::new(at as u32 + 10, at as u32 + 10), "  ", true),
        (Span::new(at as u32 + 3, at as u32 + 4), "", false),
    ] {
        let change = tree.edit(range, text);
        assert!(change != Change::All, "{change:?}\n{}", tree.source());
        let whole = Tree::parse(tree.source().to_owned(), Format::Yaml);
        assert_eq!(tree.outline(), whole.outline());
        assert_eq!(tree.problems().len(), usize::from(is_broken));
        assert_eq!(tree.resolved(tree.get(root, "a").unwrap()), first);
        assert_eq!(tree.resolved(tree.get(root, "c").unwrap()), last);
        assert_eq!(change, Change::Within(root));
        sound(&tree);
    }
    assert_eq!(place(&tree, "PutObject").1, "PutObject");
}

/// A policy's text in each kind of string.
pub(crate) fn outer(style: usize, text: &str, indent: &str) -> (String, Format) {
    let escape = |text: &str| {
        text.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
            .replace('\t', "\\t")
    };
    let lines = |text: &str| {
        let line = |line: &str| format!("{indent}{line}\n");
        text.lines().map(line).collect::<String>()
    };
    match style {
        0 => (format!("{{\"p\": \"{}\"}}", escape(text)), Format::Json),
        1 => {
            let within = format!("{{\"p\": \"{}\"}}", escape(text));
            (format!("[1, \"{}\"]", escape(&within)), Format::Json)
        }
        2 => (format!("p: \"{}\"\n", escape(text)), Format::Yaml),
        3 => (
            format!(
                "- '{}'\n",
                text.replace('\'', "''").replace('\n', "\n\n   ")
            ),
            Format::Yaml,
        ),
        4 => (format!("p: |\n{}q: 1\n", lines(text)), Format::Yaml),
        5 => (
            format!("-  p: >-\n{}", lines(text).replace(indent, "     ")),
            Format::Yaml,
        ),
        8 => (
            format!(
                "p {{\n  a = <<-EOT\n{}  EOT\n}}\n",
                lines(&text.replace("${", "$${").replace("%{", "%%{"))
            ),
            Format::Hcl,
        ),
        9 => (
            format!(
                "a = \"{}\"\n",
                escape(text).replace("${", "$${").replace("%{", "%%{")
            ),
            Format::Hcl,
        ),
        // With something interpolated in front, in the place of a value.
        10 => (
            format!(
                "a = <<EOT\n[${{x}}, {}]\nEOT\n",
                text.replace("${", "$${").replace("%{", "%%{")
            ),
            Format::Hcl,
        ),
        6 => (
            format!("p: |+\n{}\n\n", lines(text)).replace('\n', "\r\n"),
            Format::Yaml,
        ),
        _ => {
            let within = format!("{{\n  \"p\": \"{}\"\n}}", escape(text));
            (format!("p: |\n{}", lines(&within)), Format::Yaml)
        }
    }
}

pub(crate) fn innermost(tree: &Tree) -> Option<NodeId> {
    let mut hosts = all(tree).into_iter().filter_map(|id| tree.embedded(id));
    hosts.next_back()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn a_document_reads_the_same_in_every_kind_of_string(
        bytes in prop::collection::vec(any::<u8>(), 0..120),
        style in 0..10usize,
        indent in 2..5usize,
    ) {
        let value = generate::json(&mut Dice(&bytes), 1);
        let text = format!("{{\"Version\": \"2012-10-17\",\n \"Statement\": {value}}}");
        let alone = json(&text);
        prop_assert!(alone.is_complete());
        let (source, format) = outer(style, &text, &" ".repeat(indent));
        let tree = Tree::parse(source, format);
        prop_assert!(tree.is_complete() && tree.problems().is_empty(), "{}", tree.outline());
        sound(&tree);
        let root = innermost(&tree);
        prop_assert!(root.is_some(), "{}\n{}", tree.source(), tree.outline());
        let root = root.unwrap();
        prop_assert_eq!(
            show_node(&tree, root),
            show_node(&alone, alone.documents()[0]),
            "{}", tree.source()
        );
        let host = tree.host(root);
        for id in all(&tree).into_iter().filter(|id| tree.host(*id) == host) {
            let View::Scalar(text) = tree.view(id) else { continue };
            for (at, c) in text.char_indices() {
                let place = tree.source_span(id, at..at + c.len_utf8());
                let written = &tree.source()[place.range()];
                prop_assert!(
                    written == &text[at..at + c.len_utf8()] || written.starts_with('\\') || written == "''" || written.starts_with("$$") || written.starts_with("%%"),
                    "{c:?} of {text:?} is {written:?} in {}", tree.source()
                );
            }
        }
    }

    #[test]
    fn edits_of_a_string_give_what_a_whole_reading_gives(
        bytes in prop::collection::vec(any::<u8>(), 0..60),
        style in 0..11usize,
        edits in prop::collection::vec((0..600u32, 0..6u32, 0..9usize), 1..6),
    ) {
        let value = generate::json(&mut Dice(&bytes), 2);
        let text = format!("{{\"Statement\": [{{\"Effect\": \"Allow\", \"Action\": {value}}}]}}");
        let (source, format) = outer(style, &text, "  ");
        let mut tree = Tree::parse(source, format);
        for (start, length, snippet) in edits {
            let snippet = ["", "x", "\n", "\"", "\\", "{", "]", ",", "  "][snippet];
            let start = start % (tree.source().len() as u32 + 1);
            tree.edit(Span::new(start, start + length), snippet);
            let whole = Tree::parse(tree.source().to_owned(), format);
            prop_assert_eq!(tree.outline(), whole.outline(), "{}", tree.source());
            sound(&tree);
        }
    }
}

#[test]
fn a_text_that_is_put_together_of_several_is_not_broken() {
    let first = r#"'{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "'"#;
    let last = r#"'"}]}'"#;
    let problems = |text: String| {
        let tree = Tree::parse(text, Format::Yaml);
        tree.problems().len()
    };
    assert_eq!(problems(format!("a: {first}\n")), 1);
    assert_eq!(problems(format!("a: [{first}, {last}]\n")), 1);
    for text in [
        format!("a: !Join ['', [{first}, !Ref Arn, {last}]]\n"),
        format!("a:\n  Fn::Join:\n    - ''\n    - - {first}\n      - !Ref Arn\n      - {last}\n"),
        format!("a: !Join ['', [!Sub {first}, !Ref Arn, {last}]]\n"),
    ] {
        assert_eq!(problems(text.clone()), 0, "{text}");
    }
}

#[test]
fn what_is_filled_in_may_bring_its_comma_along() {
    let text = |hole: &str| {
        yaml(&format!(
            "a: !Sub '{{\"Statement\": [{{\"Effect\": \"Allow\"}}{hole}]}}'\n"
        ))
    };
    for hole in [
        "${Extra}",
        " ${Extra} {\"Effect\": \"Deny\"}",
        "${One}${Two}",
    ] {
        let tree = text(hole);
        assert_eq!(problems(&tree), [], "{hole}");
        assert!(tree.outline().contains("Allow"), "{hole}");
    }
    assert_eq!(
        problems(&text(" {\"Effect\": \"Deny\"}, ${Extra}")).len(),
        1
    );
}

#[test]
fn an_object_that_a_string_of_terraform_encodes() {
    marked(
        Format::Json,
        r#"{"p": "${jsonencode({\"Statement\" = [{\"Action\" = \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::bucket\/\u00e9/*\"}]})}"}
                                                      ^^^^^^^^^^^^                                 ^^^^^^^^
"#,
        &["s3:GetObject", "bucket/"],
    );
    let tree = json(
        r#"{"p": "${jsonencode({\"Statement\" = [{\"Action\" = local.x, \"Resource\" = \"${a.b}/*\", Sid = \"$${aws:x}\"}]})}"}"#,
    );
    let host = tree.get(tree.documents()[0], "p").unwrap();
    assert_eq!(tree.embedded_format(host), Some(Format::Hcl));
    let statement = tree.items(tree.get(host, "Statement").unwrap()).unwrap()[0];
    let kind = |name: &str| match tree.view(tree.get(statement, name).unwrap()) {
        View::Tagged(tag, _) => tag.name.clone(),
        View::Scalar(text) => text.to_owned(),
        _ => String::new(),
    };
    assert_eq!(kind("Action"), "hcl:ref");
    assert_eq!(kind("Resource"), "hcl:template");
    assert_eq!(kind("Sid"), "${aws:x}");
    assert!(tree.is_of_hcl(statement) && !tree.is_of_hcl(host));
    // In YAML, and where it isn't all of the text, it is something else.
    for text in [
        r#"{"p": "${jsonencode({\"Statement\" = [}]})}"}"#,
        r#"{"p": "${jsonencode({\"Statement\" = []}, {})}"}"#,
        r#"{"p": "${jsonencode({\"Statement\" = []})} "}"#,
        r#"{"p": "${jsonencode([{\"Statement\" = []}])}"}"#,
        r#"{"p": "${jsonencode(merge({\"Statement\" = []}))}"}"#,
    ] {
        let tree = json(text);
        let host = tree.get(tree.documents()[0], "p").unwrap();
        let is_read = tree.embedded(host).is_some();
        assert_eq!(is_read, text.contains("} \""), "{text}");
    }
    let broken = json(
        r#"{"p": "${jsonencode({\"Statement\" = [{\"Effect\" = \"Allow\", \"Action\" = [\"a:b\" \"c:d\"]}]})}"}"#,
    );
    let said = problems(&broken);
    assert!(
        matches!(said.as_slice(), [(ProblemKind::Embedded, at)] if at.starts_with(r#"\"c:d"#)),
        "{said:?}"
    );
}

#[test]
fn what_is_nested_too_deep_in_a_string_is_told() {
    let policy = |depth: usize| {
        let data = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        format!(r#"{{"Statement": [{{"Effect": "Allow"}}], "Id": {data}}}"#)
    };
    let kinds = |text: &str, format: Format| -> Vec<ProblemKind> {
        let tree = Tree::parse(text.to_owned(), format);
        tree.problems().iter().map(|problem| problem.kind).collect()
    };
    for (depth, wanted) in [(150, vec![]), (250, vec![ProblemKind::TooDeep])] {
        let policy = policy(depth);
        let yaml = format!("a: |\n  {policy}\n");
        assert_eq!(kinds(&yaml, Format::Yaml), wanted, "{depth}");
        let json = format!("{{\"a\": {policy:?}}}");
        assert_eq!(kinds(&json, Format::Json), wanted, "{depth}");
        let hcl = format!("a = <<EOT\n{policy}\nEOT\n");
        assert_eq!(kinds(&hcl, Format::Hcl), wanted, "{depth}");
    }
    // In a string of a policy it is told once, and the policy is read.
    let inner = policy(250);
    for quotes in 1..4 {
        let mut text = inner.clone();
        for _ in 1..quotes {
            text = format!(
                r#"{{"Statement": [{{"Effect": "Allow", "Sid": "read"}}], "Id": {text:?}}}"#
            );
        }
        let yaml = format!("a: |\n  {text}\n");
        let json = format!("{{\"a\": {text:?}}}");
        let hcl = format!("a = <<EOT\n{text}\nEOT\n");
        for (text, format) in [
            (yaml, Format::Yaml),
            (json, Format::Json),
            (hcl, Format::Hcl),
        ] {
            let tree = Tree::parse(text, format);
            let said: Vec<_> = tree
                .problems()
                .iter()
                .map(|it| it.message.as_str())
                .collect();
            let told = |said: &str| said.matches("In the policy in this string: ").count();
            assert_eq!(
                said.iter().map(|said| told(said)).collect::<Vec<_>>(),
                [1],
                "{said:?}"
            );
            assert_eq!(tree.outline().matches("holds").count(), quotes - 1);
            assert_eq!(tree.problems()[0].kind, ProblemKind::TooDeep);
        }
    }
    // Any other text is nothing to tell of.
    let deep = format!("a: |\n  {}{}\n", "[".repeat(250), "]".repeat(250));
    assert_eq!(kinds(&deep, Format::Yaml), []);
}
