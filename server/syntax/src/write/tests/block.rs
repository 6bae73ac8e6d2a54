//! Block collections in YAML.

use super::*;

/// A policy with indented sequences.
const POLICY: &str = "\
Version: '2012-10-17'
Statement:
  - Sid: Read
    Effect: Allow
    Action:
      - s3:GetObject # read
      - s3:ListBucket
    Resource: '*'
  # Writing.
  - Sid: Write
    Effect: Allow
    Action: s3:PutObject
    Resource: !Sub 'arn:${AWS::Partition}:s3:::b/*'
";

#[test]
fn new_items_follow_the_comment_of_the_item_before() {
    yaml(
        POLICY,
        |t| {
            vec![insert(
                t,
                "Statement/0/Action",
                InsertAt::After(at(t, "Statement/0/Action/0")),
                text("s3:*"),
            )]
        },
        &POLICY.replace("# read\n", "# read\n      - s3:*\n"),
    );
}

#[test]
fn new_items_go_first_and_last() {
    yaml(
        POLICY,
        |t| {
            vec![
                push(t, "Statement/0/Action", text("a:One")),
                push(t, "Statement/0/Action", text("*")),
                push(t, "Statement/0/Action", text("a:Three")),
                insert(t, "Statement/0/Action", InsertAt::First, text("a:Zero")),
            ]
        },
        &POLICY
            .replace(
                "      - s3:GetObject",
                "      - a:Zero\n      - s3:GetObject",
            )
            .replace(
                "ListBucket\n",
                "ListBucket\n      - a:One\n      - '*'\n      - a:Three\n",
            ),
    );
}

#[test]
fn unindented_sequences_stay_so() {
    yaml(
        "a:\n- x\nb:\n- y\n- z\nc: null\n",
        |t| {
            vec![
                push(t, "a", text("n")),
                pair(t, "", InsertAt::Last, "d", list(&[text("1"), text("m")])),
            ]
        },
        "a:\n- x\n- n\nb:\n- y\n- z\nc: null\nd:\n- '1'\n- m\n",
    );
}

#[test]
fn a_new_statement_looks_like_its_siblings() {
    yaml(
        POLICY,
        |t| {
            vec![insert(
                t,
                "Statement",
                InsertAt::After(at(t, "Statement/0")),
                map(&[
                    ("Effect", text("Allow")),
                    ("Action", list(&[text("iam:GetRole"), text("iam:PassRole")])),
                    (
                        "Resource",
                        list(&[sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/x")]),
                    ),
                    (
                        "Condition",
                        map(&[("StringEquals", map(&[("aws:x", text("true"))]))]),
                    ),
                ]),
            )]
        },
        &POLICY.replace(
            "  # Writing.",
            "  - Effect: Allow
    Action:
      - iam:GetRole
      - iam:PassRole
    Resource: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/x'
    Condition:
      StringEquals:
        aws:x: 'true'
  # Writing.",
        ),
    );
}

#[test]
fn blank_lines_between_statements_are_kept_up() {
    let before = "S:\n  - a: 1\n    b: 2\n\n  - a: 3\n\n  - a: 5\n\nT: x\n";
    yaml(
        before,
        |t| vec![push(t, "S", map(&[("a", text("x"))]))],
        "S:\n  - a: 1\n    b: 2\n\n  - a: 3\n\n  - a: 5\n\n  - a: x\n\nT: x\n",
    );
    yaml(
        before,
        |t| vec![insert(t, "S", InsertAt::First, map(&[("a", text("x"))]))],
        "S:\n  - a: x\n\n  - a: 1\n    b: 2\n\n  - a: 3\n\n  - a: 5\n\nT: x\n",
    );
    yaml(
        before,
        |t| vec![remove(t, "S/0")],
        "S:\n  - a: 3\n\n  - a: 5\n\nT: x\n",
    );
    yaml(
        before,
        |t| vec![remove(t, "S/1")],
        "S:\n  - a: 1\n    b: 2\n\n  - a: 5\n\nT: x\n",
    );
    yaml(
        before,
        |t| vec![remove(t, "S/2")],
        "S:\n  - a: 1\n    b: 2\n\n  - a: 3\n\nT: x\n",
    );
}

#[test]
fn a_single_value_becomes_a_list() {
    yaml(
        POLICY,
        |t| vec![push(t, "Statement/1/Action", text("s3:DeleteObject"))],
        &POLICY.replace(
            "    Action: s3:PutObject\n",
            "    Action:\n      - s3:PutObject\n      - s3:DeleteObject\n",
        ),
    );
    yaml(
        "a: !Sub '${X}' # why\nl:\n- x\n",
        |t| {
            vec![
                insert(t, "a", InsertAt::Last, sub("${Y}")),
                insert(t, "a", InsertAt::First, text("z")),
            ]
        },
        "a:\n- z\n- !Sub '${X}' # why\n- !Sub '${Y}'\nl:\n- x\n",
    );
    yaml(
        "a:\n  Fn::Sub: '${X}'\nb: c\n",
        |t| vec![push(t, "a", sub("${Y}"))],
        "a:\n  - Fn::Sub: '${X}'\n  - Fn::Sub: '${Y}'\nb: c\n",
    );
    yaml(
        "S:\n  a: 1 # one\n  # two\n  b:\n    - x\nT: u\n",
        |t| vec![push(t, "S", map(&[("a", text("y"))]))],
        "S:\n  - a: 1 # one\n    # two\n    b:\n      - x\n  - a: y\nT: u\n",
    );
    yaml(
        "a: >-\n  x\n  y\nb: c\n",
        |t| vec![push(t, "a", text("z"))],
        "a:\n  - >-\n    x\n    y\n  - z\nb: c\n",
    );
    yaml(
        "a:\nb: c\n",
        |t| vec![push(t, "a", text("z"))],
        "a:\n  - z\nb: c\n",
    );
    yaml(
        "a: # why\nb: c\n",
        |t| vec![push(t, "a", text("z"))],
        "a: # why\n  - z\nb: c\n",
    );
    yaml(
        "a: ~ # why\n",
        |t| vec![push(t, "a", text("z"))],
        "a: # why\n  - z\n",
    );
    yaml(
        "l: [a]\nk: b # c\n",
        |t| vec![push(t, "k", text("z"))],
        "l: [a]\nk: [b, z] # c\n",
    );
    yaml(
        "l: [a]\nk: b,c\n",
        |t| vec![push(t, "k", text("z"))],
        "l: [a]\nk: ['b,c', z]\n",
    );
}

#[test]
fn the_last_item_leaves_brackets() {
    yaml(
        "a: # why\n  - x # y\nb: c\n",
        |t| vec![remove(t, "a/0")],
        "a: [] # why\nb: c\n",
    );
    yaml(
        "a:\n- x\n- y\n",
        |t| vec![remove(t, "a/0"), remove(t, "a/1")],
        "a: []\n",
    );
    yaml("- - x\n- y\n", |t| vec![remove(t, "0/0")], "- []\n- y\n");
    yaml(
        "- a: x\n  b: y\n- z\n",
        |t| vec![remove(t, "0/~a"), remove(t, "0/~b")],
        "- {}\n- z\n",
    );
    yaml("x: y\n", |t| vec![remove(t, "~x")], "{}\n");
    yaml(
        "a:\n  - x\n\n  # kept\n\nb: c\n",
        |t| vec![remove(t, "a/0")],
        "a: []\n\n  # kept\n\nb: c\n",
    );
}

#[test]
fn removal_takes_only_evident_comments() {
    yaml(
        POLICY,
        |t| vec![remove(t, "Statement/1")],
        POLICY.split("  # Writing.").next().unwrap(),
    );
    yaml(
        POLICY,
        |t| vec![remove(t, "Statement/0/Action/0")],
        &POLICY.replace("      - s3:GetObject # read\n", ""),
    );
    // The comment directly above an item is its own, also above the first.
    yaml(
        "a:\n  # own\n  - x\n  - y\n",
        |t| vec![remove(t, "a/0")],
        "a:\n  - y\n",
    );
    // What is written as a heading is not the first one's alone.
    yaml(
        "a:\n  # group:\n  - x\n  - y\n",
        |t| vec![remove(t, "a/0")],
        "a:\n  # group:\n  - y\n",
    );
    yaml(
        "a:\n  # own\n  - x\n  # other\n  - y\n",
        |t| vec![remove(t, "a/0")],
        "a:\n  # other\n  - y\n",
    );
    yaml(
        "a:\n  # far\n\n  # own\n  - x\n",
        |t| vec![remove(t, "a/0"), push(t, "a", text("z"))],
        "a:\n  # far\n\n  # own\n  - z\n",
    );
    yaml(
        "# file\na: 1\nb: 2\n",
        |t| vec![remove(t, "~a")],
        "# file\nb: 2\n",
    );
    yaml(
        "k:\n  a: 1\n  # b\n  b: 2\n  c: 3\n",
        |t| vec![remove(t, "k/~b")],
        "k:\n  a: 1\n  c: 3\n",
    );
    yaml(
        "- a: 1\n  # inside\n- b: 2\n",
        |t| vec![remove(t, "0")],
        "- b: 2\n",
    );
    yaml(
        "k:\n  - a\n# below\nl: x\n",
        |t| vec![remove(t, "k/0")],
        "k: []\n# below\nl: x\n",
    );
}

#[test]
fn the_first_pair_behind_a_dash() {
    yaml(
        "- a: 1\n  b: 2\n- c\n",
        |t| vec![remove(t, "0/~a")],
        "- b: 2\n- c\n",
    );
    yaml(
        "- a: 1 # x\n  # of b\n  b: 2\n",
        |t| vec![remove(t, "0/~a")],
        "- # of b\n  b: 2\n",
    );
    yaml(
        "- a: 1\n  b: 2\n  c: 3\n",
        |t| vec![remove(t, "0/~a"), remove(t, "0/~b")],
        "- c: 3\n",
    );
    yaml(
        "- a: 1\n  b: 2\n",
        |t| vec![pair(t, "0", InsertAt::First, "z", text("y"))],
        "- z: y\n  a: 1\n  b: 2\n",
    );
    yaml(
        "- a: 1\n  b: 2\n",
        |t| {
            vec![
                remove(t, "0/~a"),
                pair(t, "0", InsertAt::Before(at(t, "0/~b")), "z", text("y")),
            ]
        },
        "- z: y\n  b: 2\n",
    );
    yaml(
        "-   a: 1\n    b: 2\n",
        |t| {
            vec![push(
                t,
                "",
                map(&[("x", text("y")), ("z", list(&[text("w")]))]),
            )]
        },
        "-   a: 1\n    b: 2\n-   x: y\n    z:\n      - w\n",
    );
}

#[test]
fn removed_neighbours_give_way_to_new_items() {
    yaml(
        "a:\n  - x\n  - y # stays\n  - z\n  - w\n",
        |t| {
            vec![
                remove(t, "a/1"),
                remove(t, "a/2"),
                insert(t, "a", InsertAt::After(at(t, "a/2")), text("n")),
                insert(t, "a", InsertAt::Before(at(t, "a/1")), text("m")),
            ]
        },
        "a:\n  - x\n  - m\n  - n # stays\n  - w\n",
    );
    yaml(
        "a:\n  - x\n",
        |t| vec![remove(t, "a/0"), push(t, "a", text("n"))],
        "a:\n  - n\n",
    );
    yaml(
        "k: # h\n  a: 1\n  b: 2\n",
        |t| {
            vec![
                remove(t, "k/~a"),
                pair(t, "k", InsertAt::First, "n", map(&[("x", text("y"))])),
                pair(t, "k", InsertAt::Last, "m", list(&[])),
            ]
        },
        "k: # h\n  n:\n    x: y\n  b: 2\n  m: []\n",
    );
}

#[test]
fn edits_of_inner_and_outer_collections_meet() {
    yaml(
        "S:\n  - A:\n      - x\n      - y\n",
        |t| {
            vec![
                push(t, "S", map(&[("A", text("z"))])),
                push(t, "S/0/A", text("v")),
                remove(t, "S/0/A/1"),
                pair(t, "S/0", InsertAt::Last, "R", text("*")),
                pair(t, "", InsertAt::Last, "T", text("u")),
            ]
        },
        "S:\n  - A:\n      - x\n      - v\n    R: '*'\n  - A: z\nT: u\n",
    );
    yaml(
        "S:\n  - A:\n      - x\nT: u\n",
        |t| vec![push(t, "S", text("z")), remove(t, "S/0/A/0")],
        "S:\n  - A: []\n  - z\nT: u\n",
    );
}

#[test]
fn copies_are_reindented_and_bring_their_comments() {
    yaml(
        "a:\n      # own\n      - k: 1 # one\n        # two\n        l: |\n          x\n            y\n\n      - z\nb:\n- w\n",
        |t| vec![push(t, "b", NewValue::Copy(at(t, "a/0"))), remove(t, "a/0")],
        "a:\n      - z\nb:\n- w\n# own\n- k: 1 # one\n  # two\n  l: |\n    x\n      y\n",
    );
    // The comments of what stays stay there, but for what is said of a line that is copied.
    yaml(
        "a:\n  # own\n  - k: 1 # one\n    # two\n    l: 2 # leastwise: ignore\nb:\n- w\n",
        |t| vec![push(t, "b", NewValue::Copy(at(t, "a/0")))],
        "a:\n  # own\n  - k: 1 # one\n    # two\n    l: 2 # leastwise: ignore\nb:\n- w\n- k: 1\n  l: 2\n",
    );
    yaml(
        "a:\n  - x # ex\n  - {k: v,\n     l: w}\n  - >-\n    f\n    g\nb: c\n",
        |t| {
            let copies = ["a/0", "a/1", "a/2"].map(|path| NewValue::Copy(at(t, path)));
            vec![replace(t, "b", map(&[("k", list(&copies))]))]
        },
        "a:\n  - x # ex\n  - {k: v,\n     l: w}\n  - >-\n    f\n    g\nb:\n  k:\n    - x\n    - {k: v,\n       l: w}\n    - >-\n      f\n      g\n",
    );
    yaml(
        "a:\n  k: !Join\n  - ','\n  - - x\nb:\n- y\n",
        |t| vec![push(t, "b", NewValue::Copy(at(t, "a/k")))],
        "a:\n  k: !Join\n  - ','\n  - - x\nb:\n- y\n- !Join\n  - ','\n  - - x\n",
    );
}

#[test]
fn values_are_replaced() {
    yaml(
        "a: b # c\n",
        |t| vec![replace(t, "a", sub("x"))],
        "a: x # c\n",
    );
    yaml(
        "a: b # c\n",
        |t| vec![replace(t, "a", map(&[("k", text("v"))]))],
        "a: # c\n  k: v\n",
    );
    yaml(
        "a: # h\n  - b # c\nd: e\n",
        |t| vec![replace(t, "a", text("v"))],
        "a: v # h\n  # c\nd: e\n",
    );
    yaml(
        "a:\n  - b\nd: e\n",
        |t| vec![replace(t, "a", list(&[text("v"), text("w")]))],
        "a:\n  - v\n  - w\nd: e\n",
    );
    yaml(
        "- b: c\n  d: e\n- f\n",
        |t| vec![replace(t, "0", map(&[("k", text("v"))]))],
        "- k: v\n- f\n",
    );
    yaml(
        "- b\n- f\n",
        |t| vec![replace(t, "0", map(&[("k", text("v")), ("l", text("w"))]))],
        "- k: v\n  l: w\n- f\n",
    );
    yaml(
        "a:\n- b\nd:\n",
        |t| vec![replace(t, "d", text("v"))],
        "a:\n- b\nd: v\n",
    );
    yaml(
        "a: !Sub x\n",
        |t| vec![replace(t, "a/!", text("y*"))],
        "a: !Sub y*\n",
    );
    yaml(
        "a: b\n",
        |t| vec![replace(t, "", list(&[text("x"), text("y")]))],
        "- x\n- y\n",
    );
    yaml(
        "- a: *\n",
        |t| vec![replace(t, "0/a", text("*"))],
        "- a: '*'\n",
    );
    yaml(
        "-\n  a: b\n- c\n",
        |t| vec![replace(t, "0", text("x"))],
        "- x\n- c\n",
    );
    yaml(
        "Principal: {Service: a}\nx:\n  - y\n",
        |t| vec![replace(t, "Principal", text("*"))],
        "Principal: '*'\nx:\n  - y\n",
    );
}

#[test]
fn the_files_own_quotes() {
    yaml(
        "a: \"x\"\nb: c\n",
        |t| vec![pair(t, "", InsertAt::Last, "d", text("*"))],
        "a: \"x\"\nb: c\nd: \"*\"\n",
    );
    yaml(
        "a: \"x\"\nb: \"c\"\n",
        |t| vec![pair(t, "", InsertAt::Last, "d", text("e"))],
        "a: \"x\"\nb: \"c\"\nd: \"e\"\n",
    );
    yaml(
        "'a': 'x'\n'b': 'it''s'\n",
        |t| vec![pair(t, "", InsertAt::Last, "d", text("it's"))],
        "'a': 'x'\n'b': 'it''s'\n'd': 'it''s'\n",
    );
    yaml(
        "l:\n  - '*'\nb: c\n",
        |t| vec![push(t, "l", text("x"))],
        "l:\n  - '*'\n  - x\nb: c\n",
    );
    yaml(
        "l:\n  - !Sub a-${B}\n",
        |t| vec![push(t, "l", sub("c-${D}"))],
        "l:\n  - !Sub a-${B}\n  - !Sub c-${D}\n",
    );
    yaml(
        "l:\n  - !Sub \"a-${B}\"\n",
        |t| vec![push(t, "l", sub("c-${D}"))],
        "l:\n  - !Sub \"a-${B}\"\n  - !Sub \"c-${D}\"\n",
    );
    yaml(
        "l:\n  - x\n",
        |t| vec![push(t, "l", sub("c-${D}"))],
        "l:\n  - x\n  - !Sub 'c-${D}'\n",
    );
}

#[test]
fn strings_that_would_be_something_else_are_quoted() {
    for text in [
        "",
        "*",
        "*x",
        "&x",
        "!x",
        "@x",
        "%x",
        "`x",
        "a: b",
        "a #b",
        "true",
        "No",
        "on",
        "null",
        "~",
        "12",
        "0x1f",
        "1e3",
        "1_000",
        "12:30:45",
        "2012-10-17",
        "2012-10-17T00:00:00Z",
        "111111111111",
        ".5",
        "-1",
        "- a",
        "? a",
        "-",
        "[a]",
        "{a}",
        "'a'",
        "\"a\"",
        "#a",
        "|",
        ">",
        " a",
        "a ",
        "a:",
        "---",
        "<<",
        "=",
        "=x: y",
        ",",
    ] {
        let source = "l:\n  - x\n";
        let tree = Tree::parse(source.to_owned(), Format::Yaml);
        let edits = [push(&tree, "l", NewValue::Str(text.to_owned()))];
        let written = write(&tree, &edits).unwrap();
        let quoted = format!("l:\n  - x\n  - '{}'\n", text.replace('\'', "''"));
        assert_eq!(apply(source, &written), quoted);
        model::check(&tree, &edits, &written);
    }
    for text in [
        "a",
        "s3:Get*",
        "arn:aws:s3:::b/*",
        "${A}/b",
        "a#b",
        "a:b",
        "-a",
        "?a",
        ":a",
        "it's",
        "a, b",
        "10.0.0.0/8",
        "Ünïcode 名",
    ] {
        let source = "l:\n  - x\n";
        let tree = Tree::parse(source.to_owned(), Format::Yaml);
        let edits = [push(&tree, "l", NewValue::Str(text.to_owned()))];
        let written = write(&tree, &edits).unwrap();
        assert_eq!(apply(source, &written), format!("l:\n  - x\n  - {text}\n"));
        model::check(&tree, &edits, &written);
    }
    for (text, wanted) in [
        ("a\nb", "\"a\\nb\""),
        ("\u{7}\u{2028}", "\"\\x07\\u2028\""),
        ("a\tb\"", "\"a\\tb\\\"\""),
    ] {
        let source = "l:\n  - x\n";
        let tree = Tree::parse(source.to_owned(), Format::Yaml);
        let edits = [push(&tree, "l", NewValue::Str(text.to_owned()))];
        let written = write(&tree, &edits).unwrap();
        assert_eq!(
            apply(source, &written),
            format!("l:\n  - x\n  - {wanted}\n")
        );
        model::check(&tree, &edits, &written);
    }
}

#[test]
fn documents_marks_and_byte_order() {
    yaml(
        "---\na:\n  - x\n---\nb: c\n",
        |t| vec![push(t, "a", text("y"))],
        "---\na:\n  - x\n  - y\n---\nb: c\n",
    );
    yaml(
        "---\n- x\n...\n",
        |t| vec![remove(t, "0")],
        "---\n[]\n...\n",
    );
    yaml(
        "\u{feff}- x\n- y\n",
        |t| vec![insert(t, "", InsertAt::First, text("z"))],
        "\u{feff}- z\n- x\n- y\n",
    );
    yaml(
        "\u{feff}a: x\nb: y\n",
        |t| vec![remove(t, "~a")],
        "\u{feff}b: y\n",
    );
    yaml(
        "%YAML 1.2\n---\na: x\n",
        |t| vec![pair(t, "", InsertAt::First, "b", text("y"))],
        "%YAML 1.2\n---\nb: y\na: x\n",
    );
}

#[test]
fn multi_byte_text_around() {
    yaml(
        "ключ: # комментарий\n  - 名: “x” # 注\n    b: ü\n",
        |t| {
            vec![
                push(t, "ключ", map(&[("名", text("ÿ"))])),
                set(t, "ключ/0/b", "ö: ä"),
            ]
        },
        "ключ: # комментарий\n  - 名: “x” # 注\n    b: 'ö: ä'\n  - 名: ÿ\n",
    );
}

#[test]
fn block_scalars_that_keep_their_blank_lines() {
    yaml(
        "- |+\n  a\n\n- b\n",
        |t| vec![insert(t, "", InsertAt::After(at(t, "0")), text("c"))],
        "- |+\n  a\n\n- c\n- b\n",
    );
    yaml(
        "- |\n  a\n\n- b\n",
        |t| vec![insert(t, "", InsertAt::After(at(t, "0")), text("c"))],
        "- |\n  a\n\n- c\n\n- b\n",
    );
    yaml(
        "- k: |\n    a\n    # text\n- b\n",
        |t| vec![remove(t, "1")],
        "- k: |\n    a\n    # text\n",
    );
}

#[test]
fn broken_files_can_be_edited_elsewhere() {
    yaml(
        "a:\n  - x\nb: *\n",
        |t| vec![push(t, "a", text("y"))],
        "a:\n  - x\n  - y\nb: *\n",
    );
}

#[test]
fn long_forms_beside_long_forms() {
    yaml(
        "S:\n  - R:\n      Fn::Sub: arn-${A}\n    A:\n      - a\n",
        |t| {
            vec![push(
                t,
                "S",
                map(&[
                    ("R", sub("b-${A}")),
                    ("Q", list(&[sub("c-${A}"), text("d")])),
                ]),
            )]
        },
        "S:\n  - R:\n      Fn::Sub: arn-${A}\n    A:\n      - a\n  - R:\n      Fn::Sub: b-${A}\n    Q:\n      - Fn::Sub: c-${A}\n      - d\n",
    );
}

#[test]
fn sections_stay_apart() {
    let sections = "a:\n  - x\n\n  # one\n  - y\n  - v\n\n  # two\n  - z\n";
    yaml(
        sections,
        |t| vec![remove(t, "a/1"), remove(t, "a/2")],
        "a:\n  - x\n\n  # two\n  - z\n",
    );
    yaml(
        sections,
        |t| vec![insert(t, "a", InsertAt::Before(at(t, "a/3")), text("w"))],
        "a:\n  - x\n\n  # one\n  - y\n  - v\n  - w\n\n  # two\n  - z\n",
    );
    // A comment below the last one stays apart.
    yaml(
        "a:\n  - x\n\n  - y\n  # - z\nb: c\n",
        |t| vec![remove(t, "a/1")],
        "a:\n  - x\n\n  # - z\nb: c\n",
    );
}

#[test]
fn a_comment_behind_a_call_in_long_form_stays_behind_it() {
    fn attribute(tree: &Tree, path: &str, of: &str) -> Edit {
        let value = NewValue::Attribute {
            of: of.to_owned(),
            attribute: "Arn".to_owned(),
        };
        replace(tree, path, value)
    }
    yaml(
        "a:\n  Ref: T   # orders\nb: {c: d}\n",
        |t| vec![attribute(t, "a", "T")],
        "a:\n  Fn::GetAtt: [T, Arn]   # orders\nb: {c: d}\n",
    );
    yaml(
        "a:\n  Fn::Sub: \"${T}\" # x\n",
        |t| vec![attribute(t, "a", "T")],
        "a:\n  Fn::GetAtt: [T, Arn] # x\n",
    );
    yaml(
        "e:\n  Ref: T # x\na:\n  - Ref: T # x\n",
        |t| {
            vec![
                replace(t, "e", sub("${T}/*")),
                replace(t, "a/0", sub("${T}/*")),
            ]
        },
        "e:\n  Fn::Sub: '${T}/*' # x\na:\n  - Fn::Sub: '${T}/*' # x\n",
    );
    // Behind several lines it goes below.
    yaml(
        "a:\n  Ref: T # x\nb: c\n",
        |t| {
            let pairs = map(&[("d", text("e")), ("f", text("g"))]);
            vec![replace(t, "a", pairs)]
        },
        "a:\n  d: e\n  f: g\n# x\nb: c\n",
    );
}
