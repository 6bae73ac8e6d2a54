//! JSON.

use super::*;

const PRETTY: &str = "\
{
  \"Version\": \"2012-10-17\",
  \"Statement\": [
    {
      \"Effect\": \"Allow\",
      \"Action\": [
        \"s3:GetObject\",
        \"s3:ListBucket\"
      ],
      \"Resource\": \"*\"
    }
  ]
}
";

#[test]
fn pretty() {
    json(
        PRETTY,
        |t| vec![push(t, "Statement/0/Action", text("a:\"b\""))],
        &PRETTY.replace(
            "\"s3:ListBucket\"\n",
            "\"s3:ListBucket\",\n        \"a:\\\"b\\\"\"\n",
        ),
    );
    json(
        PRETTY,
        |t| vec![remove(t, "Statement/0/Action/1")],
        &PRETTY.replace("Object\",\n        \"s3:ListBucket\"\n", "Object\"\n"),
    );
    json(
        PRETTY,
        |t| vec![remove(t, "Statement/0/~Effect")],
        &PRETTY.replace("      \"Effect\": \"Allow\",\n", ""),
    );
    json(
        PRETTY,
        |t| {
            vec![
                remove(t, "Statement/0/~Resource"),
                set(t, "Version", "2008-10-17"),
            ]
        },
        &PRETTY
            .replace("],\n      \"Resource\": \"*\"\n", "]\n")
            .replace("2012", "2008"),
    );
    json(
        PRETTY,
        |t| {
            let statement = map(&[
                ("Effect", text("Allow")),
                ("Action", list(&[text("iam:PassRole")])),
                ("Resource", sub("${A}")),
                ("Condition", map(&[("Bool", map(&[]))])),
            ]);
            vec![push(t, "Statement", statement)]
        },
        &PRETTY.replace(
            "    }\n  ]",
            "    },
    {
      \"Effect\": \"Allow\",
      \"Action\": [
        \"iam:PassRole\"
      ],
      \"Resource\": {
        \"Fn::Sub\": \"${A}\"
      },
      \"Condition\": {
        \"Bool\": {}
      }
    }
  ]",
        ),
    );
    json(
        PRETTY,
        |t| vec![push(t, "Statement/0/Resource", text("x"))],
        &PRETTY.replace("\"*\"", "[\n        \"*\",\n        \"x\"\n      ]"),
    );
    json(
        PRETTY,
        |t| vec![remove(t, "Statement/0")],
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": []\n}\n",
    );
}

#[test]
fn tabs() {
    json(
        "{\n\t\"a\": [\n\t\t{\n\t\t\t\"b\": 1\n\t\t}\n\t]\n}",
        |t| {
            vec![push(
                t,
                "a",
                map(&[("c", text("d")), ("e", list(&[text("f"), text("g")]))]),
            )]
        },
        "{\n\t\"a\": [\n\t\t{\n\t\t\t\"b\": 1\n\t\t},\n\t\t{\n\t\t\t\"c\": \"d\",\n\t\t\t\"e\": [\n\t\t\t\t\"f\",\n\t\t\t\t\"g\"\n\t\t\t]\n\t\t}\n\t]\n}",
    );
}

#[test]
fn minified() {
    json(
        "{\"a\":[\"b\",{\"c\":1}],\"d\":\"e\"}",
        |t| {
            vec![
                push(
                    t,
                    "a",
                    map(&[("x", sub("${Y}")), ("z", list(&[text("1"), text("2")]))]),
                ),
                push(t, "d", text("f")),
                remove(t, "a/0"),
                pair(t, "", InsertAt::First, "g", text("h")),
            ]
        },
        "{\"g\":\"h\",\"a\":[{\"c\":1},{\"x\":{\"Fn::Sub\":\"${Y}\"},\"z\":[\"1\",\"2\"]}],\"d\":[\"e\",\"f\"]}",
    );
    json("[\"a\"]", |t| vec![remove(t, "0")], "[]");
    json(
        "[]",
        |t| vec![push(t, "", text("a")), push(t, "", text("b"))],
        "[\"a\", \"b\"]",
    );
    json(
        "{}",
        |t| vec![pair(t, "", InsertAt::Last, "a", text("b"))],
        "{\"a\": \"b\"}",
    );
}

#[test]
fn one_statement_a_line() {
    json(
        "[\n  { \"a\": 1, \"b\": [\"x\"] },\n  { \"a\": 2, \"b\": [\"y\"] }\n]\n",
        |t| {
            vec![insert(
                t,
                "",
                InsertAt::After(at(t, "0")),
                map(&[("a", text("3")), ("b", list(&[text("z"), text("w")]))]),
            )]
        },
        "[\n  { \"a\": 1, \"b\": [\"x\"] },\n  { \"a\": \"3\", \"b\": [\"z\", \"w\"] },\n  { \"a\": 2, \"b\": [\"y\"] }\n]\n",
    );
}

#[test]
fn calls_on_one_line_stay_so() {
    json(
        "{\n  \"a\": { \"Fn::Sub\": \"${B}\" },\n  \"l\": [\"x\"]\n}\n",
        |t| vec![push(t, "a", sub("${C}"))],
        "{\n  \"a\": [{ \"Fn::Sub\": \"${B}\" }, { \"Fn::Sub\": \"${C}\" }],\n  \"l\": [\"x\"]\n}\n",
    );
}

#[test]
fn values_are_replaced_and_copied() {
    json(
        "{\n  \"a\": [1, 2],\n  \"b\": null\n}",
        |t| vec![replace(t, "b", NewValue::Copy(at(t, "a/0")))],
        "{\n  \"a\": [1, 2],\n  \"b\": 1\n}",
    );
    json(
        "{\"a\":true,\"b\":1}",
        |t| vec![set(t, "a", "false"), set(t, "b", "x")],
        "{\"a\":false,\"b\":\"x\"}",
    );
    json(
        "{\n  \"S\": {\n    \"a\": 1\n  },\n  \"l\": [\n    {\n      \"b\": 2\n    }\n  ]\n}",
        |t| vec![push(t, "S", map(&[("a", text("2"))]))],
        "{\n  \"S\": [\n    {\n      \"a\": 1\n    },\n    {\n      \"a\": \"2\"\n    }\n  ],\n  \"l\": [\n    {\n      \"b\": 2\n    }\n  ]\n}",
    );
}

#[test]
fn commas_that_lead() {
    json(
        "[\"a\"\n, \"b\"\n, \"c\"\n]",
        |t| vec![push(t, "", text("d"))],
        "[\"a\"\n, \"b\"\n, \"c\"\n, \"d\"\n]",
    );
    json(
        "[\"a\"\n, \"b\"\n, \"c\"\n]",
        |t| vec![remove(t, "2")],
        "[\"a\"\n, \"b\"\n]",
    );
    json(
        "[\"a\"\n, \"b\"\n, \"c\"\n]",
        |t| vec![remove(t, "1")],
        "[\"a\"\n, \"c\"\n]",
    );
}

#[test]
fn many_edits_of_one_list() {
    json(
        "[\n  1,\n  2,\n  3,\n  4\n]\n",
        |t| {
            vec![
                remove(t, "1"),
                remove(t, "3"),
                insert(t, "", InsertAt::After(at(t, "1")), text("a")),
                push(t, "", text("b")),
                push(t, "", text("c")),
                insert(t, "", InsertAt::First, text("d")),
            ]
        },
        "[\n  \"d\",\n  1,\n  \"a\",\n  3,\n  \"b\",\n  \"c\"\n]\n",
    );
    json(
        "[\n  1,\n  2,\n  3\n]\n",
        |t| vec![remove(t, "1"), remove(t, "2")],
        "[\n  1\n]\n",
    );
    json(
        "[1, 2,\n 3, 4]",
        |t| vec![remove(t, "1"), remove(t, "2")],
        "[1,\n 4]",
    );
}

#[test]
fn comments_stay() {
    let before = "\
// The shop's policy.
{
  \"Statement\": [ // all of them
    {
      \"Action\": [
        // reads
        \"s3:GetObject\", // one
        \"s3:ListBucket\", // two
      ],
    },
  ],
}
";
    check(
        Format::Jsonc,
        before,
        |t| vec![push(t, "Statement/0/Action", text("a:b"))],
        &before.replace("two\n", "two\n        \"a:b\",\n"),
    );
    check(
        Format::Jsonc,
        before,
        |t| {
            vec![pair(
                t,
                "Statement/0",
                InsertAt::First,
                "Effect",
                text("Allow"),
            )]
        },
        &before.replace("    {\n", "    {\n      \"Effect\": \"Allow\",\n"),
    );
    check(
        Format::Jsonc,
        before,
        |t| vec![remove(t, "Statement/0/Action/1")],
        &before.replace("        \"s3:ListBucket\", // two\n", ""),
    );
    check(
        Format::Jsonc,
        before,
        |t| vec![set(t, "Statement/0/Action/0", "a:b")],
        &before.replace("s3:GetObject", "a:b"),
    );
}
