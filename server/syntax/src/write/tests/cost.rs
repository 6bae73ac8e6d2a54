//! What the proof of an edit reads: counted in bytes and readings, in files of ten times the length.

use super::{Edits, map, pair, part, push, remove, replace, set, text};
use crate::write::{Edit, InsertAt, NewValue, apply, plan, write};
use crate::{Format, NodeId, Tree, View, work};

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
                    pair(tree, "Statement/20", InsertAt::Last, "Condition", map(&[])),
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
    fn denial() -> NewValue {
        map(&[("Effect", text("Deny")), ("Action", text("s3:*"))])
    }
    let edits: [Edits; 4] = [
        |tree| vec![remove(tree, "Statement/20")],
        |tree| {
            let place = InsertAt::After(super::at(tree, "Statement/20"));
            vec![super::insert(tree, "Statement", place, denial())]
        },
        |tree| vec![super::insert(tree, "Statement", InsertAt::First, denial())],
        |tree| {
            let copy = NewValue::Copy(super::at(tree, "Statement/20"));
            vec![push(tree, "Statement", copy)]
        },
    ];
    for edits in edits {
        reads_what_it_touches(Format::Json, json, edits);
        reads_what_it_touches(Format::Yaml, yaml, edits);
    }
}

/// Statements between brackets in YAML: on one line, on a line each, and in a block.
#[test]
fn edits_between_brackets_in_yaml() {
    fn file(count: usize, lead: &str, apart: &str, tail: &str) -> String {
        let statement = |at: usize| {
            let lists = "Effect: Allow, Action: [s3:GetObject, s3:PutObject]";
            format!("{{{lists}, Empty: , Resource: \"arn:aws:s3:::b{at:04}\"}}")
        };
        let statements: Vec<String> = (0..count).map(statement).collect();
        format!("{lead}{}{tail}", statements.join(apart))
    }
    let files: [fn(usize) -> String; 5] = [
        |count| file(count, "{Version: '1', Statement: [", ", ", "]}\n"),
        |count| file(count, "{Version: '1', Statement: [\n", ",\n", "\n]}\n"),
        |count| file(count, "Statement: [", ", ", "]\n"),
        |count| {
            let (lead, apart) = ("A:\n  Statement: [\n    ", ",\n    ");
            file(count, lead, apart, "\n  ]\n  # rest\nB: c\n")
        },
        |count| file(count, "# {{\nStatement:\n  [ ", ", # why\n    ", "]\n"),
    ];
    fn list(tree: &Tree) -> String {
        let root = tree.documents()[0];
        let lead = if tree.get(root, "A").is_some() {
            "A/"
        } else {
            ""
        };
        format!("{lead}Statement")
    }
    let edits: [Edits; 6] = [
        |tree| vec![part(tree, &(list(tree) + "/20/Action/1"), "Put", "Get")],
        |tree| vec![push(tree, &(list(tree) + "/20/Action"), text("s3:List*"))],
        |tree| vec![replace(tree, &(list(tree) + "/20/Resource"), text("*"))],
        |tree| vec![remove(tree, &(list(tree) + "/20/~Effect"))],
        |tree| {
            let place = InsertAt::After(super::at(tree, &(list(tree) + "/20")));
            let denial = map(&[("Effect", text("Deny")), ("Action", text("s3:*"))]);
            vec![super::insert(tree, &list(tree), place, denial)]
        },
        |tree| vec![remove(tree, &(list(tree) + "/20"))],
    ];
    for file in files {
        for edits in edits {
            reads_what_it_touches(Format::Yaml, file, edits);
        }
    }
}

/// A document of YAML for each.
fn documents(lead: &str, count: usize) -> String {
    let document = |at: usize| {
        format!(
            "{lead}# The policy {at:04}.
---
Version: '2012-10-17'
Statement: [{{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b{at:04}'}}]
"
        )
    };
    (0..count).map(document).collect()
}

#[test]
fn edits_within_a_document() {
    let one: Edits = |tree| {
        let mut documents = tree.documents().iter();
        let of = documents.nth(20).and_then(|of| tree.get(*of, "Version"));
        vec![Edit::SetScalar {
            node: of.unwrap(),
            text: "2008-10-17".to_owned(),
        }]
    };
    reads_what_it_touches(Format::Yaml, |count| documents("", count), one);
    // What ends it is a mark as well, and a directive is of the next one.
    let whole = documents("...\n%YAML 1.2\n", 40);
    let tree = Tree::parse(whole["...\n".len()..].to_owned(), Format::Yaml);
    let written = write(&tree, &one(&tree)).unwrap();
    let after = apply(tree.source(), &written);
    assert_eq!(after.matches("2008-10-17").count(), 1);
    assert!(tree.read_for_proofs().0 > 1500);
}

/// Of a long block only what stands beside an entry that goes is looked at.
#[test]
fn entries_that_go_from_a_long_block() {
    let each = |count: usize, entry: fn(usize) -> String| -> String {
        (0..count).map(entry).collect::<String>() + &entry(9999)
    };
    let kinds: [fn(usize) -> String; 5] = [
        |at| format!("k{at:04}: v\n"),
        |at| format!("- v{at:04}\n"),
        |at| format!("- k{at:04}: v\n  other: v\n"),
        // Each but the last has no value.
        |at| "-\n".repeat(usize::from(at < 9999)) + &"- v\n".repeat(usize::from(at == 9999)),
        // What is commented on is its neighbour.
        |at| format!("{}k{at:04}: v\n", "# why\n".repeat(usize::from(at == 20))),
    ];
    let removal = |tree: &Tree, at: usize| {
        let list = tree.documents()[0];
        match tree.view(list) {
            View::Mapping(pairs) => [Edit::RemovePair {
                mapping: list,
                key: pairs[at].key,
            }],
            View::Sequence(items) => [Edit::RemoveItem {
                list,
                item: items[at],
            }],
            _ => unreachable!(),
        }
    };
    for (kind, entry) in kinds.into_iter().enumerate() {
        for at in [0, 21, 40] {
            let write = |count: usize| {
                let tree = Tree::parse(each(count, entry), Format::Yaml);
                let at = if at == 40 { count } else { at };
                let edits = removal(&tree, at);
                let cost = work::of(|| drop(plan::write(&tree, &edits, &[]).unwrap()));
                let after = apply(tree.source(), &write(&tree, &edits).unwrap());
                let gone = entry(if at == count { 9999 } else { at });
                assert_eq!(after.len() + gone.len(), tree.source().len(), "{after}");
                cost
            };
            let (few, many) = (write(40), write(400));
            assert!(few > 0);
            // Items without a text are passed on the way back to one that has some.
            let most = if kind == 3 { many } else { few };
            assert!(many <= most, "{kind} {at}: {few}, then {many}");
        }
    }
}

/// Of a long object on one line only what stands beside a pair is looked at.
#[test]
fn pairs_that_go_from_a_long_object() {
    let tree = |count: usize| {
        let pairs: String = (0..count)
            .map(|at| format!(r#""k{at:04}": "v", "#))
            .collect();
        Tree::parse(format!(r#"{{{pairs}"last": "v"}}"#), Format::Json)
    };
    let removal = |tree: &Tree, at: usize| {
        let mapping = tree.documents()[0];
        let View::Mapping(pairs) = tree.view(mapping) else {
            unreachable!()
        };
        let key = pairs[at].key;
        [Edit::RemovePair { mapping, key }]
    };
    for at in [0, 20, 40] {
        let cost = |count: usize| {
            let tree = tree(count);
            let at = if at == 40 { count } else { at };
            let edits = removal(&tree, at);
            work::of(|| drop(plan::write(&tree, &edits, &[]).unwrap()))
        };
        let (few, many) = (cost(40), cost(400));
        assert!(few > 0);
        assert_eq!(few, many, "{at}");
    }
    let three = tree(3);
    for (at, after) in [
        (0, r#"{"k0001": "v", "k0002": "v", "last": "v"}"#),
        (1, r#"{"k0000": "v", "k0002": "v", "last": "v"}"#),
        (2, r#"{"k0000": "v", "k0001": "v", "last": "v"}"#),
        (3, r#"{"k0000": "v", "k0001": "v", "k0002": "v"}"#),
    ] {
        let written = write(&three, &removal(&three, at)).unwrap();
        assert_eq!(apply(three.source(), &written), after);
    }
}

/// Where nobody nearby tells how a list is written, those far off aren't asked.
#[test]
fn lists_that_come_where_there_are_none() {
    let cost = |count: usize| {
        let statements = vec![r#"{"Action": "a", "Resource": "b"}"#; count].join(",\n");
        let tree = Tree::parse(format!("[\n{statements}\n]"), Format::Json);
        let statement = tree.items(tree.documents()[0]).unwrap()[count / 2];
        let edits = [Edit::Replace {
            node: tree.get(statement, "Resource").unwrap(),
            value: NewValue::List(vec![
                NewValue::Str("c".to_owned()),
                NewValue::Str("d".to_owned()),
            ]),
        }];
        work::of(|| drop(plan::write(&tree, &edits, &[]).unwrap()))
    };
    let (few, many) = (cost(1_000), cost(4_000));
    assert!(few > 0);
    assert!(many <= few && many < 8_000, "{few}, then {many}");
}

/// What a new item doesn't need to know, no other statement is asked for.
#[test]
fn items_that_come_into_one_of_many_lists() {
    let cost = |count: usize| {
        let statement = |at: usize| format!("\n {{\n  \"Action\": [\n   \"a{at:04}\"\n  ]\n }},");
        let statements: String = (0..count).map(statement).collect();
        let text = format!(
            "{{\n \"Statement\": [{}\n ]\n}}",
            statements.trim_end_matches(',')
        );
        let tree = Tree::parse(text, Format::Json);
        let list = tree.get(tree.documents()[0], "Statement").unwrap();
        let list = tree
            .get(tree.items(list).unwrap()[count / 2], "Action")
            .unwrap();
        let edits = [Edit::InsertItem {
            list,
            place: InsertAt::Last,
            value: NewValue::Str("b".to_owned()),
        }];
        work::of(|| drop(plan::write(&tree, &edits, &[]).unwrap()))
    };
    let (few, many) = (cost(40), cost(400));
    assert!(few > 0);
    assert_eq!(few, many);
}

/// A star without quotes is mended in its entry, however many others there are.
#[test]
fn stars_among_others() {
    let starred = |count: usize| {
        let statement = "  - Effect: Allow\n    Action: s3:GetObject\n    Resource: *\n";
        format!(
            "Version: '2012-10-17'\nStatement:\n{}",
            statement.repeat(count)
        )
    };
    reads_what_it_touches(Format::Yaml, starred, |tree| {
        let list = tree.get(tree.documents()[0], "Statement").unwrap();
        let items = tree.items(list).unwrap();
        let node = tree.get(items[items.len() / 2], "Resource").unwrap();
        let value = NewValue::Str("*".to_owned());
        vec![Edit::Replace { node, value }]
    });
}

/// What is around two places is asked once.
#[test]
fn how_others_are_written_is_asked_once() {
    let tree = Tree::parse(yaml(400), Format::Yaml);
    let list = tree.get(tree.documents()[0], "Statement").unwrap();
    let cost = |at: usize| {
        let node = tree.items(list).unwrap()[at];
        let statement = map(&[("Effect", text("Deny")), ("Action", text("*"))]);
        let new = Edit::InsertItem {
            list,
            place: InsertAt::After(node),
            value: statement,
        };
        let edits = [new];
        work::of(|| drop(plan::write(&tree, &edits, &[]).unwrap()))
    };
    let (first, second) = (cost(100), cost(300));
    assert!(second > 0 && second * 10 < first, "{first}, then {second}");
}

/// Of a long list of a block, what is beside a new item is looked at, and how all are set apart once for all that come.
#[test]
fn items_that_come_into_a_long_block() {
    let file = |count: usize| {
        let comment = |at: usize| {
            if at.is_multiple_of(7) {
                "  # Why.\n"
            } else {
                ""
            }
        };
        let statement = |at: usize| {
            let own = "  - Effect: Allow\n    Action: [a]\n";
            comment(at).to_owned() + own
        };
        let statements: String = (0..count).map(statement).collect();
        Tree::parse(format!("Statement:\n{statements}"), Format::Yaml)
    };
    let cost = |count: usize, make: fn(NodeId) -> InsertAt| {
        let tree = file(count);
        let list = tree.get(tree.documents()[0], "Statement").unwrap();
        let insert = |at: usize| {
            let value = map(&[("Effect", text("Deny")), ("Action", text("*"))]);
            let place = make(tree.items(list).unwrap()[at]);
            let edits = [Edit::InsertItem { list, place, value }];
            work::of(|| drop(plan::write(&tree, &edits, &[]).unwrap()))
        };
        insert(count - 2);
        insert(21)
    };
    for make in [InsertAt::After, InsertAt::Before] {
        let (few, many) = (cost(40, make), cost(400, make));
        assert!(few > 0);
        assert_eq!(few, many);
    }
}
