//! HCL: bodies, objects, lists, strings.

use super::*;

#[track_caller]
fn hcl(before: &str, edits: Edits, after: &str) {
    check(Format::Hcl, before, edits, after);
}

/// As [`hcl`], for texts whose line breaks mean something.
#[track_caller]
fn hcl_lf(before: &str, edits: Edits, after: &str) {
    let tree = Tree::parse(before.to_owned(), Format::Hcl);
    let edits = edits(&tree);
    let written = write(&tree, &edits).unwrap_or_else(|error| panic!("{error}\n{before}"));
    assert_eq!(apply(before, &written), after);
    if edits.iter().all(|edit| tree.host(edit.node()).is_none()) {
        model::check(&tree, &edits, &written);
    }
}

#[test]
fn a_whole_reference_is_bare() {
    for (reference, bare) in [
        ("${b.c}", "b.c"),
        ("${var.y}", "var.y"),
        ("${b.c[0].arn}", "b.c[0].arn"),
        ("${b.c[\"k\"].arn}", "b.c[\"k\"].arn"),
    ] {
        let after = format!("a = [\"x\", {bare}]\n");
        let tree = Tree::parse("a = [\"x\"]\n".to_owned(), Format::Hcl);
        let edits = [push(&tree, "a", sub(reference))];
        let written = write(&tree, &edits).unwrap();
        assert_eq!(apply("a = [\"x\"]\n", &written), after);
    }
    // What is put together stays a text, and so does what stands in one.
    hcl(
        "a = [\"x\"]\n",
        |t| {
            vec![
                push(t, "a", sub("${b.c}/*")),
                push(t, "a", sub("${~ b.c ~}")),
            ]
        },
        "a = [\"x\", \"${b.c}/*\", \"${~ b.c ~}\"]\n",
    );
    hcl(
        "a = <<E\n{\"Statement\": [\"${b.c}/*\"]}\nE\n",
        |t| vec![push(t, "a/Statement", sub("${b.c}"))],
        "a = <<E\n{\"Statement\": [\"${b.c}/*\", \"${b.c}\"]}\nE\n",
    );
}

#[test]
fn lists_on_one_line() {
    hcl(
        "a = [\"x\", \"y\"] # c\n",
        |t| vec![push(t, "a", text("z"))],
        "a = [\"x\", \"y\", \"z\"] # c\n",
    );
    hcl(
        "a = [ \"x\",var.y ]\n",
        |t| vec![insert(t, "a", InsertAt::First, text("z"))],
        "a = [ \"z\",\"x\",var.y ]\n",
    );
    hcl(
        "a = [\"x\", \"y\"]\n",
        |t| vec![remove(t, "a/0")],
        "a = [\"y\"]\n",
    );
    hcl(
        "a = [\"x\", (var.y)]\n",
        |t| vec![remove(t, "a/1")],
        "a = [\"x\"]\n",
    );
    hcl(
        "a = [(\"x\"), \"y\"]\n",
        |t| vec![remove(t, "a/0")],
        "a = [\"y\"]\n",
    );
    hcl("a = [\"x\"]\n", |t| vec![remove(t, "a/0")], "a = []\n");
    hcl(
        "a = []\n",
        |t| vec![push(t, "a", text("x"))],
        "a = [\"x\"]\n",
    );
    hcl(
        "a = f([\"x\"])\n",
        |t| vec![push(t, "a/!/0", text("y"))],
        "a = f([\"x\", \"y\"])\n",
    );
    hcl(
        "a = f(x)\n",
        |t| vec![push(t, "a/!", text("y"))],
        "a = f(x, \"y\")\n",
    );
}

#[test]
fn lists_over_lines() {
    let lines = "a = [\n  \"x\",\n  \"y\", // why\n]\n";
    hcl(
        lines,
        |t| vec![push(t, "a", text("z"))],
        "a = [\n  \"x\",\n  \"y\", // why\n  \"z\",\n]\n",
    );
    hcl(
        lines,
        |t| vec![insert(t, "a", InsertAt::First, text("z"))],
        "a = [\n  \"z\",\n  \"x\",\n  \"y\", // why\n]\n",
    );
    hcl(lines, |t| vec![remove(t, "a/1")], "a = [\n  \"x\",\n]\n");
    hcl(
        "a = [\n  \"x\",\n  // own\n  \"y\"\n]\n",
        |t| vec![push(t, "a", text("z"))],
        "a = [\n  \"x\",\n  // own\n  \"y\",\n  \"z\"\n]\n",
    );
    hcl(
        "s {\n  actions = [\n    \"x\",\n    \"y\",\n  ]\n}\ns {\n  resources = [\"r\"]\n}\n",
        |t| {
            let root = t.documents()[0];
            let View::Mapping(pairs) = t.view(root) else {
                panic!()
            };
            vec![Edit::InsertPair {
                mapping: pairs[1].value,
                place: InsertAt::First,
                key: "actions".to_owned(),
                value: list(&[text("x")]),
            }]
        },
        "s {\n  actions = [\n    \"x\",\n    \"y\",\n  ]\n}\ns {\n  actions = [\n    \"x\",\n  ]\n  resources = [\"r\"]\n}\n",
    );
}

#[test]
fn single_values_become_lists() {
    hcl(
        "a = \"x\"\n",
        |t| vec![push(t, "a", text("y"))],
        "a = [\"x\", \"y\"]\n",
    );
    hcl(
        "a = var.x\n",
        |t| vec![insert(t, "a", InsertAt::First, text("y"))],
        "a = [\"y\", var.x]\n",
    );
    hcl(
        "a = null\n",
        |t| vec![push(t, "a", text("y"))],
        "a = [\"y\"]\n",
    );
}

#[test]
fn arguments_line_up() {
    let body = "s {\n  sid    = \"a\"\n  effect = \"b\"\n}\n";
    hcl(
        body,
        |t| vec![pair(t, "s", InsertAt::Last, "x", text("c"))],
        "s {\n  sid    = \"a\"\n  effect = \"b\"\n  x      = \"c\"\n}\n",
    );
    hcl(
        body,
        |t| {
            vec![pair(
                t,
                "s",
                InsertAt::Last,
                "resources",
                list(&[text("*")]),
            )]
        },
        "s {\n  sid       = \"a\"\n  effect    = \"b\"\n  resources = [\"*\"]\n}\n",
    );
    hcl(
        body,
        |t| vec![pair(t, "s", InsertAt::First, "resources", text("c"))],
        "s {\n  resources = \"c\"\n  sid       = \"a\"\n  effect    = \"b\"\n}\n",
    );
    hcl(
        "s {\n  sid = \"a\"\n  effect = \"b\"\n}\n",
        |t| vec![pair(t, "s", InsertAt::Last, "x", text("c"))],
        "s {\n  sid = \"a\"\n  effect = \"b\"\n  x = \"c\"\n}\n",
    );
    hcl(
        body,
        |t| vec![remove(t, "s/~effect")],
        "s {\n  sid = \"a\"\n}\n",
    );
    hcl_lf(
        "s {\n  sid    = \"a\"\n  effect = <<E\nx\nE\n}\n",
        |t| vec![pair(t, "s", InsertAt::Last, "longest", text("c"))],
        "s {\n  sid     = \"a\"\n  effect  = <<E\nx\nE\n  longest = \"c\"\n}\n",
    );
    // A value over lines lines up with nothing.
    hcl(
        "s {\n  sid = \"a\"\n  actions = [\n    \"b\",\n  ]\n}\n",
        |t| vec![pair(t, "s", InsertAt::Last, "resources", text("c"))],
        "s {\n  sid = \"a\"\n  actions = [\n    \"b\",\n  ]\n  resources = \"c\"\n}\n",
    );
    hcl(
        "s {\n  sid = \"a\"\n\n  longer = \"b\"\n}\n",
        |t| {
            vec![pair(
                t,
                "s",
                InsertAt::After(at(t, "s/~sid")),
                "effect",
                text("c"),
            )]
        },
        "s {\n  sid    = \"a\"\n  effect = \"c\"\n\n  longer = \"b\"\n}\n",
    );
    hcl(
        body,
        |t| {
            vec![
                remove(t, "s/~sid"),
                pair(
                    t,
                    "s",
                    InsertAt::After(at(t, "s/~sid")),
                    "resources",
                    text("c"),
                ),
            ]
        },
        "s {\n  resources = \"c\"\n  effect    = \"b\"\n}\n",
    );
}

#[test]
fn arguments_go_with_their_lines() {
    let body = "s {\n  # one\n  a = 1 # two\n  # three\n  b = 2\n\n  c = 3\n}\n";
    hcl(
        body,
        |t| vec![remove(t, "s/~a")],
        "s {\n  # three\n  b = 2\n\n  c = 3\n}\n",
    );
    hcl(
        body,
        |t| vec![remove(t, "s/~a"), remove(t, "s/~b")],
        "s {\n  c = 3\n}\n",
    );
    hcl(
        body,
        |t| vec![remove(t, "s/~c")],
        "s {\n  # one\n  a = 1 # two\n  # three\n  b = 2\n}\n",
    );
    hcl("s { a = 1 }\n", |t| vec![remove(t, "s/~a")], "s {}\n");
    hcl(
        "s { a = 1 }\n",
        |t| vec![pair(t, "s", InsertAt::Last, "b", text("c"))],
        "s {\n  a = 1\n  b = \"c\"\n}\n",
    );
    hcl(
        "s {}\n",
        |t| vec![pair(t, "s", InsertAt::Last, "b", text("c"))],
        "s {\n  b = \"c\"\n}\n",
    );
    hcl(
        "s {\n  # todo\n}\n",
        |t| vec![pair(t, "s", InsertAt::Last, "b", text("c"))],
        "s {\n  # todo\n  b = \"c\"\n}\n",
    );
}

#[test]
fn blocks() {
    let document = "data \"d\" \"x\" {\n  statement {\n    sid = \"a\"\n  }\n}\n";
    hcl(
        document,
        |t| {
            vec![pair(
                t,
                "data/d/x",
                InsertAt::Last,
                "statement",
                map(&[
                    ("sid", text("b")),
                    ("actions", list(&[text("s3:*")])),
                    (
                        "condition",
                        map(&[("test", text("Bool")), ("values", list(&[text("true")]))]),
                    ),
                ]),
            )]
        },
        "data \"d\" \"x\" {\n  statement {\n    sid = \"a\"\n  }\n\n  statement {\n    sid     = \"b\"\n    actions = [\"s3:*\"]\n\n    condition {\n      test   = \"Bool\"\n      values = [\"true\"]\n    }\n  }\n}\n",
    );
    hcl(
        document,
        |t| {
            vec![pair(
                t,
                "data/d/x",
                InsertAt::First,
                "version",
                text("2012-10-17"),
            )]
        },
        "data \"d\" \"x\" {\n  version = \"2012-10-17\"\n\n  statement {\n    sid = \"a\"\n  }\n}\n",
    );
    let two = "d {\n  v = 1\n\n  s {\n    a = 1\n  }\n\n  s {\n    a = 2\n  }\n\n  t {\n  }\n}\n";
    hcl(
        two,
        |t| vec![remove(t, "d/~s")],
        "d {\n  v = 1\n\n  s {\n    a = 2\n  }\n\n  t {\n  }\n}\n",
    );
    hcl(
        two,
        |t| vec![remove(t, "d/~t")],
        "d {\n  v = 1\n\n  s {\n    a = 1\n  }\n\n  s {\n    a = 2\n  }\n}\n",
    );
    hcl(
        two,
        |t| {
            let copy = NewValue::Copy(at(t, "d/s"));
            vec![pair(t, "d", InsertAt::After(at(t, "d/~s")), "s", copy)]
        },
        "d {\n  v = 1\n\n  s {\n    a = 1\n  }\n\n  s {\n    a = 1\n  }\n\n  s {\n    a = 2\n  }\n\n  t {\n  }\n}\n",
    );
    hcl(
        "d {\n  dynamic \"s\" {\n    a = 1\n  }\n}\n",
        |t| {
            let inner = map(&[("a", list(&[]))]);
            vec![pair(
                t,
                "d",
                InsertAt::Last,
                "dynamic",
                map(&[("u", inner)]),
            )]
        },
        "d {\n  dynamic \"s\" {\n    a = 1\n  }\n\n  dynamic \"u\" {\n    a = []\n  }\n}\n",
    );
    hcl(
        "r \"a\" \"b\" {\n  tags = {}\n}\n",
        |t| {
            vec![pair(
                t,
                "r/a/b",
                InsertAt::Last,
                "other",
                map(&[("k", text("v"))]),
            )]
        },
        "r \"a\" \"b\" {\n  tags = {}\n  other = {\n    k = \"v\"\n  }\n}\n",
    );
    hcl(
        "s {\n  a = 1\n}\n",
        |t| vec![replace(t, "s", map(&[("b", text("c")), ("dd", text("e"))]))],
        "s {\n  b  = \"c\"\n  dd = \"e\"\n}\n",
    );
}

#[test]
fn objects() {
    let bare = "p = jsonencode({\n  Version = \"v\"\n  Statement = [{\n    Effect = \"Allow\"\n    Action = \"a\"\n  }]\n})\n";
    hcl(
        bare,
        |t| {
            vec![pair(
                t,
                "p/!/0/Statement/0",
                InsertAt::Last,
                "Resource",
                text("*"),
            )]
        },
        "p = jsonencode({\n  Version = \"v\"\n  Statement = [{\n    Effect   = \"Allow\"\n    Action   = \"a\"\n    Resource = \"*\"\n  }]\n})\n",
    );
    hcl(
        bare,
        |t| {
            let new = map(&[
                ("Effect", text("Deny")),
                ("Action", list(&[text("b"), text("c")])),
            ]);
            vec![push(t, "p/!/0/Statement", new)]
        },
        "p = jsonencode({\n  Version = \"v\"\n  Statement = [{\n    Effect = \"Allow\"\n    Action = \"a\"\n  }, {\n    Effect = \"Deny\"\n    Action = [\"b\", \"c\"]\n  }]\n})\n",
    );
    hcl(
        "a = { \"k\": \"v\", \"l\": 1 }\n",
        |t| vec![pair(t, "a", InsertAt::Last, "m", text("n"))],
        "a = { \"k\": \"v\", \"l\": 1, \"m\": \"n\" }\n",
    );
    hcl(
        "a = {\n  \"k\" : \"v\",\n  \"l\" : 1,\n}\n",
        |t| vec![pair(t, "a", InsertAt::Last, "m", text("n"))],
        "a = {\n  \"k\" : \"v\",\n  \"l\" : 1,\n  \"m\" : \"n\",\n}\n",
    );
    hcl(
        "a = {\n  k = \"v\"\n}\n",
        |t| vec![pair(t, "a", InsertAt::Last, "aws:x", list(&[text("n")]))],
        "a = {\n  k       = \"v\"\n  \"aws:x\" = [\"n\"]\n}\n",
    );
    hcl(
        "a = {}\n",
        |t| vec![pair(t, "a", InsertAt::Last, "m", text("n"))],
        "a = {\n  m = \"n\"\n}\n",
    );
    hcl(
        "a = { k = 1, l = 2 }\n",
        |t| vec![remove(t, "a/~k")],
        "a = { l = 2 }\n",
    );
    hcl(
        "a = {\n  k = 1\n  # why\n  l = 2\n}\n",
        |t| vec![remove(t, "a/~l")],
        "a = {\n  k = 1\n}\n",
    );
}

#[test]
fn strings() {
    hcl(
        "a = \"x\"\n",
        |t| vec![set(t, "a", "p\"q\\r${s}%{t}$${u}\n")],
        "a = \"p\\\"q\\\\r$${s}%%{t}\\u0024$${u}\\n\"\n",
    );
    hcl(
        "a = true\nb = 1\n",
        |t| vec![set(t, "a", "false"), set(t, "b", "x")],
        "a = false\nb = \"x\"\n",
    );
    hcl("a = true\n", |t| vec![set(t, "a", "yes")], "a = \"yes\"\n");
    hcl(
        "a = \"s3:Gte\\u0041$${x}\"\n",
        |t| vec![part(t, "a", "Gte", "Get")],
        "a = \"s3:Get\\u0041$${x}\"\n",
    );
    hcl(
        "a = \"x-${b}-y\"\n",
        |t| vec![part(t, "a/!/2", "y", "\"z")],
        "a = \"x-${b}-\\\"z\"\n",
    );
    hcl(
        "a = \"x\"\n",
        |t| vec![replace(t, "a", sub("y-${var.z[\"k\"]}\"$${w}"))],
        "a = \"y-${var.z[\"k\"]}\\\"$${w}\"\n",
    );
    hcl(
        "a = var.x\n",
        |t| vec![replace(t, "a", list(&[text("y")]))],
        "a = [\"y\"]\n",
    );
    hcl(
        "a = { k = 1 }\n",
        |t| vec![set(t, "a/~k", "l")],
        "a = { l = 1 }\n",
    );
    hcl(
        "a = var.x\n",
        |t| vec![set(t, "a/!", "var.y")],
        "a = var.y\n",
    );
}

#[test]
fn heredocs() {
    hcl_lf(
        "a = <<-E\n    {\n      \"x\": \"y${b}z\"\n    }\n  E\n",
        |t| vec![part(t, "a/!/0", "x", "w"), part(t, "a/!/2", "z", "${v}")],
        "a = <<-E\n    {\n      \"w\": \"y${b}$${v}\"\n    }\n  E\n",
    );
    hcl_lf(
        "a = <<-E\n    x\n  E\n",
        |t| vec![set(t, "a", "y\n\n  z\n")],
        "a = <<-E\n    y\n\n      z\n  E\n",
    );
    hcl_lf(
        "a = <<E\nx\nE\n",
        |t| vec![part(t, "a", "x", "y")],
        "a = <<E\ny\nE\n",
    );
    hcl_lf("a = <<E\nx\nE\n", |t| vec![set(t, "a", "y")], "a = \"y\"\n");
}

#[test]
fn heredocs_in_lists() {
    hcl_lf(
        "a = [<<E\nx\nE\n]\n",
        |t| vec![push(t, "a", text("y"))],
        "a = [<<E\nx\nE\n, \"y\"\n]\n",
    );
}

#[test]
fn documents_in_strings() {
    hcl_lf(
        "r \"a\" \"b\" {\n  policy = <<-E\n    {\n      \"Statement\": [\n        {\n          \"Action\": [\n            \"a:b\"\n          ]\n        }\n      ]\n    }\n  E\n}\n",
        |t| {
            vec![
                push(t, "r/a/b/policy/Statement/0/Action", text("c:$${d}")),
                pair(
                    t,
                    "r/a/b/policy/Statement/0",
                    InsertAt::First,
                    "Sid",
                    text("${x}"),
                ),
            ]
        },
        "r \"a\" \"b\" {\n  policy = <<-E\n    {\n      \"Statement\": [\n        {\n          \"Sid\": \"$${x}\",\n          \"Action\": [\n            \"a:b\",\n            \"c:$$${d}\"\n          ]\n        }\n      ]\n    }\n  E\n}\n",
    );
    hcl(
        "a = \"{\\\"Statement\\\":[{\\\"Action\\\":\\\"a:b\\\"}]}\"\n",
        |t| vec![push(t, "a/Statement/0/Action", text("c:${d}"))],
        "a = \"{\\\"Statement\\\":[{\\\"Action\\\":[\\\"a:b\\\",\\\"c:$${d}\\\"]}]}\"\n",
    );
}

#[test]
fn refused() {
    let reason = |source, edits| refusal(Format::Hcl, source, edits);
    assert_eq!(
        reason("a \"b\" {\n}\n", |t| vec![pair(
            t,
            "a",
            InsertAt::Last,
            "c",
            text("d")
        )]),
        "it holds the labels of a block"
    );
    assert_eq!(
        reason("a = 1\n", |t| vec![pair(
            t,
            "",
            InsertAt::Last,
            "b c",
            text("d")
        )]),
        "the name of an argument can't be written like this"
    );
    assert_eq!(
        reason("a = 1\n", |t| vec![pair(
            t,
            "",
            InsertAt::Last,
            "a",
            text("d")
        )]),
        "it has a pair of this key already"
    );
    assert_eq!(
        reason("a = var.x\n", |t| vec![replace(t, "a/!", text("d"))]),
        "it is a part of an expression"
    );
    assert_eq!(
        reason("a = [1\n", |t| vec![push(t, "a", text("d"))]),
        "its brackets are not both there"
    );
}

#[test]
fn a_string_that_is_one_interpolation() {
    hcl(
        "a = [\"${b.c}\"]\nd = \"${b.c}\"\n",
        |t| {
            vec![
                replace(t, "a/0/0", sub("${b.c}/*")),
                replace(t, "d/0", text("e")),
            ]
        },
        "a = [\"${b.c}/*\"]\nd = \"e\"\n",
    );
    hcl(
        "a = [\"${b.c}\", \"d\"]\n",
        |t| {
            vec![insert(
                t,
                "a",
                InsertAt::After(at(t, "a/0/0")),
                sub("${b.c}/*"),
            )]
        },
        "a = [\"${b.c}\", \"${b.c}/*\", \"d\"]\n",
    );
    hcl(
        "a = [\"${b.c}\", \"d\"]\n",
        |t| {
            vec![Edit::RemoveItem {
                list: at(t, "a"),
                item: at(t, "a/0/0"),
            }]
        },
        "a = [\"d\"]\n",
    );
    hcl(
        "a = {\n  b = \"${c.d}\"\n}\n",
        |t| vec![push(t, "a/b/0", text("e"))],
        "a = {\n  b = [\"${c.d}\", \"e\"]\n}\n",
    );
    // It becomes no list in a list.
    let reason = refusal(Format::Hcl, "a = [\"${b.c}\", \"d\"]\n", |t| {
        vec![insert(
            t,
            "a/0/0",
            InsertAt::After(at(t, "a/0/0")),
            text("e"),
        )]
    });
    assert_eq!(reason, "it is not in the list or mapping that is edited");
    // Beside a literal part, or within an expression, it is no string of its own.
    hcl(
        "a = [\"${b.c}-d\", f(b.c)]\n",
        |t| {
            vec![
                replace(t, "a/0/0", text("e")),
                replace(t, "a/1/0", text("e")),
            ]
        },
        "a = [\"${\"e\"}-d\", f(\"e\")]\n",
    );
}
