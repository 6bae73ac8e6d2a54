//! Documents inside strings.

use proptest::prelude::*;

use super::properties::{Dice, Nodes, Writing, edit};
use super::*;
use crate::tests::embedded::{innermost, outer};

#[test]
fn a_literal_block() {
    let before = "\
Resources:
  Key:
    Policy: |
      {
        \"Statement\": [
          {
            \"Effect\": \"Allow\",
            \"Action\": [
              \"s3:GetObject\"
            ]
          }
        ]
      }
    Other: 1
";
    yaml(
        before,
        |t| {
            vec![
                push(
                    t,
                    "Resources/Key/Policy/Statement/0/Action",
                    text("a:\"b\""),
                ),
                pair(
                    t,
                    "Resources/Key/Policy/!",
                    InsertAt::First,
                    "Version",
                    text("2012-10-17"),
                ),
                set(t, "Resources/Key/Policy/Statement/0/Effect", "Deny"),
                set(t, "Resources/Key/Other", "2"),
            ]
        },
        &before
            .replace(
                "\"s3:GetObject\"\n",
                "\"s3:GetObject\",\n              \"a:\\\"b\\\"\"\n",
            )
            .replace(
                "      {\n        \"S",
                "      {\n        \"Version\": \"2012-10-17\",\n        \"S",
            )
            .replace("\"Allow\"", "\"Deny\"")
            .replace(": 1", ": 2"),
    );
    yaml(
        before,
        |t| {
            let statement = map(&[("Effect", text("Allow")), ("Action", list(&[text("a:b")]))]);
            vec![push(t, "Resources/Key/Policy/Statement", statement)]
        },
        &before.replace(
            "          }\n        ]",
            "          },\n          {\n            \"Effect\": \"Allow\",\n            \"Action\": [\n              \"a:b\"\n            ]\n          }\n        ]",
        ),
    );
    yaml(
        before,
        |t| vec![remove(t, "Resources/Key/Policy/Statement/0/~Effect")],
        &before.replace("            \"Effect\": \"Allow\",\n", ""),
    );
    yaml(
        before,
        |t| vec![remove(t, "Resources/Key/~Policy")],
        "Resources:\n  Key:\n    Other: 1\n",
    );
}

#[test]
fn yaml_in_a_block() {
    yaml(
        "a: |\n  # why\n  Version: x\n  Statement:\n    - Effect: Allow # yes\n      Action: s3:*\nb: 1\n",
        |t| {
            vec![
                push(t, "a/Statement/0/Action", text("a:b")),
                set(t, "a/Version", "2012-10-17"),
            ]
        },
        "a: |\n  # why\n  Version: '2012-10-17'\n  Statement:\n    - Effect: Allow # yes\n      Action:\n        - s3:*\n        - a:b\nb: 1\n",
    );
}

#[test]
fn quoted_scalars() {
    yaml(
        "a: '{\"Statement\": [{\"Sid\": \"it''s\", \"Action\": [\"a:b\"]}]}' # c\n",
        |t| {
            vec![
                push(t, "a/Statement/0/Action", text("o'b")),
                part(t, "a/Statement/0/Sid", "'", "''"),
            ]
        },
        "a: '{\"Statement\": [{\"Sid\": \"it''''s\", \"Action\": [\"a:b\", \"o''b\"]}]}' # c\n",
    );
    yaml(
        "- \"{\\\"Statement\\\":[{\\\"Action\\\":\\\"a:b\\\"}]}\"\n",
        |t| vec![push(t, "0/Statement/0/Action", text("ü\n"))],
        "- \"{\\\"Statement\\\":[{\\\"Action\\\":[\\\"a:b\\\",\\\"ü\\\\n\\\"]}]}\"\n",
    );
    json(
        r#"{"a": "{\n  \"Statement\": [\n    {\n      \"Sid\": \"x\"\n    }\n  ]\n}"}"#,
        |t| {
            vec![pair(
                t,
                "a/Statement/0",
                InsertAt::Last,
                "Effect",
                text("Allow"),
            )]
        },
        r#"{"a": "{\n  \"Statement\": [\n    {\n      \"Sid\": \"x\",\n      \"Effect\": \"Allow\"\n    }\n  ]\n}"}"#,
    );
    json(
        r#"["{\"a\":\"{\\\"Statement\\\":[{\\\"Action\\\":\\\"s3:Get\\\"}]}\"}"]"#,
        |t| {
            vec![
                push(t, "0/a/Statement/0/Action", text("é\"")),
                part(t, "0/a/Statement/0/Action", "Get", "Put"),
            ]
        },
        r#"["{\"a\":\"{\\\"Statement\\\":[{\\\"Action\\\":[\\\"s3:Put\\\",\\\"é\\\\\\\"\\\"]}]}\"}"]"#,
    );
}

#[test]
fn folded_blocks_where_lines_stay_lines() {
    yaml(
        "a: >-\n  {\n    \"Statement\": [\n      {\n        \"Sid\": \"x\"\n      }\n    ]\n  }\n",
        |t| {
            vec![pair(
                t,
                "a/Statement/0",
                InsertAt::Last,
                "Effect",
                text("Allow"),
            )]
        },
        "a: >-\n  {\n    \"Statement\": [\n      {\n        \"Sid\": \"x\",\n        \"Effect\": \"Allow\"\n      }\n    ]\n  }\n",
    );
}

#[test]
fn substituted_strings() {
    let before = "a: !Sub |\n  {\n    \"Statement\": [\n      {\"Action\": \"a:b\", \"Resource\": [\"${A}\", ${More}], \"Sid\": \"x\"}\n    ]\n  }\n";
    yaml(
        before,
        |t| {
            vec![
                push(t, "a/Statement/0/Resource", sub("${B}-${aws:username}")),
                push(t, "a/Statement/0/Action", text("${aws:username}")),
                set(t, "a/Statement/0/Sid", "${y}"),
                set(t, "a/Statement/0/Resource/0/!", "${AA}"),
            ]
        },
        "a: !Sub |\n  {\n    \"Statement\": [\n      {\"Action\": [\"a:b\", \"${!aws:username}\"], \"Resource\": [\"${AA}\", ${More}, \"${B}-${aws:username}\"], \"Sid\": \"${!y}\"}\n    ]\n  }\n",
    );
    // What stands for a value is copied as it is.
    yaml(
        "a: !Sub '{\"Statement\": {\"Resource\": ${More}}}'\n",
        |t| {
            let copy = NewValue::Copy(at(t, "a/Statement/Resource"));
            vec![replace(
                t,
                "a/Statement",
                list(&[map(&[("Resource", copy)]), text("x")]),
            )]
        },
        "a: !Sub '{\"Statement\": [{\"Resource\": ${More}}, \"x\"]}'\n",
    );
}

#[test]
fn what_a_string_does_not_take() {
    let refused = |source: &str, edits: Edits| refusal(Format::Yaml, source, edits);
    let plain = "a: '{\"Statement\": [\"x\"]}'\nb: [1]\n";
    assert_eq!(
        refused(plain, |t| vec![push(t, "a/Statement", sub("${B}"))]),
        "nothing puts values into this string"
    );
    assert_eq!(
        refused(plain, |t| vec![push(
            t,
            "a/Statement",
            NewValue::Copy(at(t, "b"))
        )]),
        "it is not in the string that is edited"
    );
    assert_eq!(
        refused(plain, |t| vec![push(
            t,
            "b",
            NewValue::Copy(at(t, "a/Statement"))
        )]),
        "it stands in a string, and can't be copied out of it"
    );
    assert_eq!(
        refused(plain, |t| vec![
            push(t, "a/Statement", text("y")),
            remove(t, "~a"),
        ]),
        "another edit takes it away"
    );
    assert_eq!(
        refused("a: &a '{\"Statement\": [\"x\"]}'\nb: *a\n", |t| vec![push(
            t,
            "a/Statement",
            text("y")
        )]),
        "an alias elsewhere stands for it or for what it is in"
    );
    assert_eq!(
        refused("a: '{\"Statement\": [\n\n  \"x\"\n\n  ]}'\n", |t| vec![
            push(t, "a/Statement", text("y"))
        ]),
        "a string in single quotes can't hold the new text"
    );
}

/// An edit of the nodes `from`, as one of the nodes `to`.
fn moved(edit: &Edit, to: &dyn Fn(NodeId) -> NodeId) -> Edit {
    fn value(it: &NewValue, to: &dyn Fn(NodeId) -> NodeId) -> NewValue {
        match it {
            NewValue::Copy(node) => NewValue::Copy(to(*node)),
            NewValue::List(items) => {
                NewValue::List(items.iter().map(|item| value(item, to)).collect())
            }
            NewValue::Map(pairs) => NewValue::Map(
                pairs
                    .iter()
                    .map(|(key, item)| (key.clone(), value(item, to)))
                    .collect(),
            ),
            other => other.clone(),
        }
    }
    let mut edit = edit.clone();
    match &mut edit {
        Edit::InsertItem {
            list: node,
            place,
            value: new,
        }
        | Edit::InsertPair {
            mapping: node,
            place,
            value: new,
            ..
        } => {
            *node = to(*node);
            *new = value(new, to);
            if let InsertAt::After(at) | InsertAt::Before(at) = place {
                *at = to(*at);
            }
        }
        Edit::RemoveItem {
            list: node,
            item: entry,
        }
        | Edit::RemovePair {
            mapping: node,
            key: entry,
        } => {
            *node = to(*node);
            *entry = to(*entry);
        }
        Edit::SetScalar { node, .. } | Edit::SetPart { node, .. } => *node = to(*node),
        Edit::Replace { node, value: new } => {
            *node = to(*node);
            *new = value(new, to);
        }
    }
    edit
}

/// Refusals that only a string brings.
const OWN: [&str; 4] = [
    "nothing puts values into this string",
    "a string in single quotes can't hold the new text",
    "a block of text can't hold the new text",
    "the file would not read as meant with it",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        max_shrink_iters: 0,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_document_in_a_string_is_written_as_by_itself(seed: u64, style in 0..10usize) {
        let file = Writing::new(seed, true).file().replace("\r\n", "\n");
        let text = format!("{{\"Statement\": {}}}", file.trim_end());
        let alone = Tree::parse(text.clone(), Format::Json);
        let (source, format) = outer(style, &text, "   ");
        let tree = Tree::parse(source.clone(), format);
        let root = innermost(&tree).unwrap();
        let host = tree.host(root).unwrap();
        let ids = &tree.embedding(host).unwrap().ids;
        let text = tree.text(host).unwrap().to_owned();
        // Some strings take a line break for a blank.
        let alone = if text == alone.source() { alone } else { Tree::parse(text, Format::Json) };
        let mut nodes = Nodes::default();
        nodes.collect(&alone, alone.documents()[0]);
        let mut dice = Dice(seed ^ 0x5eed);
        for _ in 0..4 {
            let mut edits = Vec::new();
            for _ in 0..1 + dice.roll(4) {
                edits.extend(edit(&mut dice, &alone, &nodes));
            }
            // What HCL interpolates is no `Fn::Sub`: see `templates_are_read_as_they_were_given`.
            if format == Format::Hcl {
                edits.retain(|edit| !format!("{edit:?}").contains("Sub("));
            }
            let to = |id: NodeId| NodeId(ids[id.0 as usize]);
            let inside: Vec<Edit> = edits.iter().map(|edit| moved(edit, &to)).collect();
            match (write(&alone, &edits), write(&tree, &inside)) {
                (Ok(by_itself), Ok(written)) => {
                    let result = apply(&source, &written);
                    let again = Tree::parse(result.clone(), format);
                    let expected = apply(alone.source(), &by_itself);
                    let held = innermost(&again).and_then(|root| again.host(root));
                    // Without a `Statement` it is no policy any more.
                    if let Some(held) = held {
                        prop_assert_eq!(again.text(held), Some(expected.as_str()), "{}", result);
                    } else {
                        prop_assert!(!expected.contains("Statement"), "{}", result);
                    }
                    for two in written.windows(2) {
                        prop_assert!(two[0].span.end < two[1].span.start, "{two:?}");
                    }
                }
                (Err(by_itself), Err(refused)) => {
                    prop_assert!(
                        by_itself.reason == refused.reason || OWN.contains(&refused.reason),
                        "{refused} but {by_itself}"
                    );
                }
                (Ok(_), Err(refused)) => {
                    let is_own = OWN.contains(&refused.reason)
                        && (refused.reason != OWN[3] || matches!(style, 3 | 5));
                    prop_assert!(is_own, "{refused}\n{inside:?}\n{source}");
                }
                (Err(refused), Ok(_)) => prop_assert!(false, "{refused} by itself\n{source}"),
            }
        }
    }
}

#[test]
fn strings_and_heredocs_of_hcl() {
    let check = |before: &str, edits: Edits, after: &str| check(Format::Hcl, before, edits, after);
    check(
        "a = <<-EOT\n  {\n    \"Statement\": [\n      {\"Action\": \"a:b\"}\n    ]\n  }\nEOT\n",
        |t| {
            vec![
                push(t, "a/Statement", text("${aws:username}")),
                pair(t, "a/!", InsertAt::First, "Version", text("2012-10-17")),
            ]
        },
        "a = <<-EOT\n  {\n    \"Version\": \"2012-10-17\",\n    \"Statement\": [\n      {\"Action\": \"a:b\"},\n      \"$${aws:username}\"\n    ]\n  }\nEOT\n",
    );
    check(
        "a = \"{\\\"Statement\\\":[{\\\"Action\\\":\\\"a:b\\\"}]}\"\n",
        |t| vec![push(t, "a/Statement/0/Action", text("%{é\""))],
        "a = \"{\\\"Statement\\\":[{\\\"Action\\\":[\\\"a:b\\\",\\\"%%{é\\\\\\\"\\\"]}]}\"\n",
    );
    let before = "\
r \"x\" {
  policy = <<EOT
{
  \"Statement\": [
    {
      \"Action\": \"a:b\",
      \"Resource\": [\"arn:${var.p}:s3:::${ upper(var.b) }/x\", ${local.more}]
    }
  ]
}
EOT
}
";
    check(
        before,
        |t| {
            let parts = t
                .items(at(t, "r/x/policy/Statement/0/Resource/0/!"))
                .unwrap();
            vec![
                push(t, "r/x/policy/Statement/0/Action", text("c:d")),
                Edit::SetPart {
                    node: parts[4],
                    part: 1..2,
                    text: "$y".to_owned(),
                },
                Edit::SetScalar {
                    node: parts[0],
                    text: "ARN:".to_owned(),
                },
            ]
        },
        &before
            .replace("\"a:b\"", "[\"a:b\", \"c:d\"]")
            .replace("/x\"", "/$y\"")
            .replace("arn:", "ARN:"),
    );
    // What is interpolated is copied as it is written.
    check(
        before,
        |t| {
            let copy = |path: &str| NewValue::Copy(at(t, path));
            let statement = map(&[
                ("Sid", text("new")),
                ("Resource", list(&[
                    copy("r/x/policy/Statement/0/Resource/1"),
                    copy("r/x/policy/Statement/0/Resource/0"),
                ])),
            ]);
            vec![push(t, "r/x/policy/Statement", statement)]
        },
        &before.replace(
            "    }\n  ]",
            "    },\n    {\n      \"Sid\": \"new\",\n      \"Resource\": [${local.more}, \"arn:${var.p}:s3:::${ upper(var.b) }/x\"]\n    }\n  ]",
        ),
    );
    check(
        before,
        |t| {
            vec![
                remove(t, "r/x/policy/Statement/0/Resource/0"),
                remove(t, "r/x/policy/Statement/0/~Action"),
            ]
        },
        &before
            .replace("      \"Action\": \"a:b\",\n", "")
            .replace("\"arn:${var.p}:s3:::${ upper(var.b) }/x\", ", ""),
    );
    let refused = |source: &str, edits: Edits| refusal(Format::Hcl, source, edits);
    assert_eq!(
        refused(
            "a = \"{\\\"Statement\\\": [\\\"x\\\", ${~ b ~} ]}\"\n",
            |t| vec![push(t, "a/Statement", text("y"))]
        ),
        "blanks around what is interpolated in it are taken away"
    );
}

fn template(text: &str) -> NewValue {
    NewValue::Sub(text.to_owned())
}

#[test]
fn what_is_newly_interpolated() {
    let check =
        |before: &str, edits: Edits, after: &str| super::check(Format::Hcl, before, edits, after);
    // A string, and a heredoc, that had nothing of that yet.
    check(
        "a = \"{\\\"Statement\\\":[{\\\"Action\\\":\\\"a:b\\\"}]}\"\n",
        |t| {
            vec![push(
                t,
                "a/Statement/0/Action",
                template("x-${var.y[\"k\"]}-$${z}-é\""),
            )]
        },
        "a = \"{\\\"Statement\\\":[{\\\"Action\\\":[\\\"a:b\\\",\\\"x-${var.y[\"k\"]}-$${z}-é\\\\\\\"\\\"]}]}\"\n",
    );
    check(
        "a = <<-EOT\n  {\n    \"Statement\": [\n      {\"Action\": \"a:b\"}\n    ]\n  }\nEOT\n",
        |t| {
            vec![push(
                t,
                "a/Statement/0/Action",
                template("${var.y}-${local.z}-*"),
            )]
        },
        "a = <<-EOT\n  {\n    \"Statement\": [\n      {\"Action\": [\"a:b\", \"${var.y}-${local.z}-*\"]}\n    ]\n  }\nEOT\n",
    );
    // One that had, and keeps it.
    let before = "\
a = <<EOT
{
  \"Statement\": [
    {
      \"Action\": \"${var.a}:b\",
      \"Resource\": [\"arn:${var.p}:s3:::x\", ${local.more}]
    }
  ]
}
EOT
";
    check(
        before,
        |t| {
            vec![
                push(t, "a/Statement/0/Resource", template("${var.q}/*")),
                replace(t, "a/Statement/0/Action", template("${var.a}:${var.q}")),
            ]
        },
        &before
            .replace("${local.more}]", "${local.more}, \"${var.q}/*\"]")
            .replace("${var.a}:b", "${var.a}:${var.q}"),
    );
    let refused = |text: &'static str| {
        let tree = Tree::parse(before.to_owned(), Format::Hcl);
        let edits = [push(&tree, "a/Statement/0/Resource", template(text))];
        write(&tree, &edits).unwrap_err().reason
    };
    assert_eq!(
        refused("%{ if x }y%{ endif }"),
        "this can't be interpolated in it"
    );
    assert_eq!(refused("a-${b"), "the file would not read as meant with it");
    assert_eq!(
        refused("a-${b +}"),
        "the file would not read as meant with it"
    );
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Whatever is interpolated, and into what, is read again as it was given.
    #[test]
    fn templates_are_read_as_they_were_given(
        parts in prop::collection::vec(
            prop_oneof![
                "[a-z:*/ $%\"\\\\é-]{1,6}",
                "[a-z]{1,4}".prop_map(|name| format!("${{var.{name}}}")),
                "[a-z]{1,4}".prop_map(|name| format!("${{local.{name}[\"k}}\"]}}")),
            ],
            1..6,
        ),
        form in 0usize..4,
    ) {
        let given = parts.concat();
        let before = [
            "a = \"{\\\"Statement\\\":[{\\\"Action\\\":[\\\"a:b\\\"]}]}\"\n",
            "a = \"{\\\"Statement\\\":[{\\\"Action\\\":[\\\"${var.own}:b\\\", ${local.l}]}]}\"\n",
            "a = <<EOT\n{\"Statement\": [{\"Action\": [\"a:b\"]}]}\nEOT\n",
            "a = <<-EOT\n  {\"Statement\": [\n    {\"Action\": [\"${var.own}:b\", ${local.l}]}\n  ]}\n  EOT\n",
        ][form];
        let tree = Tree::parse(before.to_owned(), Format::Hcl);
        let edits = [push(&tree, "a/Statement/0/Action", template(&given))];
        // What a placeholder is next to is read with it: refused, not written wrongly.
        if let Ok(written) = write(&tree, &edits) {
            let after = apply(before, &written);
            let tree = Tree::parse(after.clone(), Format::Hcl);
            prop_assert!(tree.is_complete(), "{after}");
            let list = tree.items(at(&tree, "a/Statement/0/Action")).unwrap();
            let mut read = String::new();
            let mut stack = vec![*list.last().unwrap()];
            while let Some(node) = stack.pop() {
                match tree.view(tree.aliased(node)) {
                    View::Scalar(text) => read.push_str(&text.replace("${", "$${").replace("%{", "%%{")),
                    View::Tagged(tag, inner) if tag.name == "hcl:ref" => {
                        read.push_str(&format!("${{{}}}", tree.text(inner).unwrap()));
                    }
                    View::Tagged(_, inner) => {
                        stack.extend(tree.items(inner).unwrap().iter().rev());
                    }
                    other => panic!("{other:?}\n{after}"),
                }
            }
            prop_assert_eq!(read, given, "{}", after);
        } else {
            prop_assert!(given.contains("$${") || given.contains("%{") || given.contains("%$") || given.contains("$$"), "{given}");
        }
    }
}

#[test]
fn objects_that_a_string_of_terraform_encodes() {
    let before = r#"{"p": "${jsonencode({\"Statement\" = [{\"Action\" = [\"s3:Get\", \"a:b\"], \"Resource\": \"${x.arn}/a\", Sid = \"$${aws:username}\\\\\"}]})}", "q": 1}"#;
    json(
        before,
        |t| {
            vec![
                set(t, "p/Statement/0/Action/0", "s3:\"Put\""),
                push(t, "p/Statement/0/Action", template("${x.id}:c")),
                pair(
                    t,
                    "p/Statement/0",
                    InsertAt::Last,
                    "Effect",
                    text("${var.y}"),
                ),
            ]
        },
        &before
            .replace("s3:Get", r#"s3:\\\"Put\\\""#)
            .replace(r#"\"a:b\"]"#, r#"\"a:b\", \"${x.id}:c\"]"#)
            .replace(r#"\\\\\"}"#, r#"\\\\\", \"Effect\" = var.y}"#),
    );
    json(
        before,
        |t| vec![remove(t, "p/Statement/0/~Sid"), set(t, "q", "2")],
        &before
            .replace(r#", Sid = \"$${aws:username}\\\\\""#, "")
            .replace(": 1", ": 2"),
    );
    for edits in [
        |t: &Tree| vec![set(t, "p/Statement/0/Action/0", "${aws:y}")],
        |t: &Tree| vec![push(t, "p/Statement/0/Action", text("${aws:y}"))],
        |t: &Tree| vec![push(t, "p/Statement/0/Action", text("${a} ${"))],
    ] {
        let tree = Tree::parse(before.to_owned(), Format::Json);
        assert!(write(&tree, &edits(&tree)).is_err());
    }
}
