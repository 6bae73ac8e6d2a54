//! New values look like what stands beside them: in lines, indentation and quotes.

use super::{at, check, insert, json, list, map, push, replace, text, yaml};
use crate::write::{InsertAt, NewValue, apply, write};
use crate::{Format, Tree};

fn statement() -> NewValue {
    map(&[
        ("Effect", text("Allow")),
        ("Action", list(&[text("a:b"), text("a:c")])),
        ("Resource", text("*")),
    ])
}

const LONG: &str = "arn:aws:dynamodb:eu-central-1:123456789012:table/leastwise-orders";

#[test]
fn a_statement_behind_one_that_begins_behind_the_bracket() {
    json(
        "{\n\t\"Statement\": [{\n\t\t\t\"Effect\": \"Deny\",\n\t\t\t\"Action\": [\n\t\t\t\t\"x:y\"\n\t\t\t]\n\t\t},\n\t\t{\n\t\t\t\"Effect\": \"Deny\"\n\t\t}\n\t]\n}\n",
        |tree| {
            vec![insert(
                tree,
                "Statement",
                InsertAt::After(at(tree, "Statement/0")),
                statement(),
            )]
        },
        "{\n\t\"Statement\": [{\n\t\t\t\"Effect\": \"Deny\",\n\t\t\t\"Action\": [\n\t\t\t\t\"x:y\"\n\t\t\t]\n\t\t},\n\t\t{\n\t\t\t\"Effect\": \"Allow\",\n\t\t\t\"Action\": [\n\t\t\t\t\"a:b\",\n\t\t\t\t\"a:c\"\n\t\t\t],\n\t\t\t\"Resource\": \"*\"\n\t\t},\n\t\t{\n\t\t\t\"Effect\": \"Deny\"\n\t\t}\n\t]\n}\n",
    );
    check(
        Format::Hcl,
        "p = jsonencode({\n  Statement = [{\n      Effect = \"Deny\"\n      Action = \"x:y\"\n    },\n    {\n      Effect = \"Deny\"\n    }\n  ]\n})\n",
        |tree| {
            let value = map(&[("Effect", text("Allow")), ("Action", text("a:b"))]);
            let beside = at(tree, "p/!/0/Statement/0");
            vec![insert(
                tree,
                "p/!/0/Statement",
                InsertAt::After(beside),
                value,
            )]
        },
        "p = jsonencode({\n  Statement = [{\n      Effect = \"Deny\"\n      Action = \"x:y\"\n    },\n    {\n      Effect = \"Allow\"\n      Action = \"a:b\"\n    },\n    {\n      Effect = \"Deny\"\n    }\n  ]\n})\n",
    );
}

#[test]
fn a_statement_whose_first_pair_stands_behind_the_brace() {
    json(
        r#"{"Statement": [
   {"Effect": "Deny",
    "Action": ["x:y"]},
   {"Effect": "Deny",
    "Action": ["x:z"]}
 ]}
"#,
        |tree| vec![push(tree, "Statement", statement())],
        r#"{"Statement": [
   {"Effect": "Deny",
    "Action": ["x:y"]},
   {"Effect": "Deny",
    "Action": ["x:z"]},
   {"Effect": "Allow",
    "Action": ["a:b", "a:c"],
    "Resource": "*"}
 ]}
"#,
    );
    json(
        r#"{
  "Statement": [
    { "Effect": "Deny",
      "Action": ["x:y"]
    },
    { "Effect": "Deny", "Action": "x:y" }
  ]
}
"#,
        |tree| {
            let two = at(tree, "Statement/1");
            vec![
                insert(tree, "Statement", InsertAt::First, statement()),
                insert(tree, "Statement", InsertAt::After(two), statement()),
            ]
        },
        r#"{
  "Statement": [
    { "Effect": "Allow",
      "Action": ["a:b", "a:c"],
      "Resource": "*"
    },
    { "Effect": "Deny",
      "Action": ["x:y"]
    },
    { "Effect": "Deny", "Action": "x:y" },
    { "Effect": "Allow", "Action": ["a:b", "a:c"], "Resource": "*" }
  ]
}
"#,
    );
}

#[test]
fn what_shares_its_line_stays_on_it() {
    yaml(
        "A:\n  - Effect: Allow\n    Action: [\n      'x:y',\n      'x:z'\n    ]\n  - { Effect: Allow, Action: 'x:w' } # one\n",
        |tree| vec![push(tree, "A/1/Action", text("a:b"))],
        "A:\n  - Effect: Allow\n    Action: [\n      'x:y',\n      'x:z'\n    ]\n  - { Effect: Allow, Action: ['x:w', 'a:b'] } # one\n",
    );
    check(
        Format::Hcl,
        "p = jsonencode([\n  { Action = \"x:w\", Resource = \"*\" },\n  {\n    Action = [\n      \"x:y\",\n      \"x:z\"\n    ]\n  },\n])\n",
        |tree| {
            let first = at(tree, "p/!/0/0");
            let new = map(&[("Action", list(&[text("a:b"), text("a:c")]))]);
            vec![
                replace(tree, "p/!/0/0/Action", list(&[text("a:b"), text("a:c")])),
                insert(tree, "p/!/0", InsertAt::After(first), new),
            ]
        },
        "p = jsonencode([\n  { Action = [\"a:b\", \"a:c\"], Resource = \"*\" },\n  { Action = [\"a:b\", \"a:c\"] },\n  {\n    Action = [\n      \"x:y\",\n      \"x:z\"\n    ]\n  },\n])\n",
    );
}

#[test]
fn a_list_that_becomes_too_long_gets_lines() {
    let add = |tree: &crate::Tree| vec![push(tree, "Resource", text(LONG))];
    check(
        Format::Hcl,
        &format!("Resource = [\"{LONG}\"] # why\n"),
        add,
        &format!("Resource = [ # why\n  \"{LONG}\",\n  \"{LONG}\",\n]\n"),
    );
    json(
        &format!("{{\n  \"Resource\": [\"{LONG}\"],\n  \"b\": 1\n}}\n"),
        add,
        &format!("{{\n  \"Resource\": [\n    \"{LONG}\",\n    \"{LONG}\"\n  ],\n  \"b\": 1\n}}\n"),
    );
    yaml(
        &format!("Resource: [\"{LONG}\"] # why\nb: 1\n"),
        add,
        &format!("Resource: # why\n  - \"{LONG}\"\n  - \"{LONG}\"\nb: 1\n"),
    );
    // One that is too long already is as its author wants it; one with others on its line stays there.
    json(
        &format!("{{\n  \"Resource\": [\"{LONG}\", \"{LONG}\"]\n}}\n"),
        add,
        &format!("{{\n  \"Resource\": [\"{LONG}\", \"{LONG}\", \"{LONG}\"]\n}}\n"),
    );
    json(
        &format!("{{\"Resource\": [\"{LONG}\"]}}\n"),
        add,
        &format!("{{\"Resource\": [\"{LONG}\", \"{LONG}\"]}}\n"),
    );
}

#[test]
fn a_list_that_becomes_too_long_may_lose_items_as_well() {
    check(
        Format::Hcl,
        &format!("a = [\"x\", \"{LONG}\", \"y\"]\n"),
        |tree| {
            let item = at(tree, "a/0");
            vec![
                super::remove(tree, "a/0"),
                insert(tree, "a", InsertAt::After(item), text(LONG)),
            ]
        },
        &format!("a = [\n  \"{LONG}\",\n  \"{LONG}\",\n  \"y\",\n]\n"),
    );
}

#[test]
fn the_comment_behind_a_value_goes_with_it_into_a_list() {
    check(
        Format::Hcl,
        "a = [\n  \"x\",\n  \"y\",\n]\ns {\n  a = \"z\" # why\n}\n",
        |tree| vec![push(tree, "s/a", text("n"))],
        "a = [\n  \"x\",\n  \"y\",\n]\ns {\n  a = [\n    \"z\", # why\n    \"n\",\n  ]\n}\n",
    );
    check(
        Format::Hcl,
        "a = [\n  \"x\",\n  \"y\",\n]\ns {\n  a = \"z\" # why\n}\n",
        |tree| vec![replace(tree, "s/a", list(&[text("n"), text("m")]))],
        "a = [\n  \"x\",\n  \"y\",\n]\ns {\n  a = [ # why\n    \"n\",\n    \"m\",\n  ]\n}\n",
    );
    check(
        Format::Jsonc,
        "{\n  \"b\": [\n    \"x\",\n    \"y\"\n  ],\n  \"a\": \"z\", // why\n  \"c\": 1\n}\n",
        |tree| vec![push(tree, "a", text("n"))],
        "{\n  \"b\": [\n    \"x\",\n    \"y\"\n  ],\n  \"a\": [\n    \"z\", // why\n    \"n\"\n  ],\n  \"c\": 1\n}\n",
    );
}

#[test]
fn quotes_are_those_of_the_same_key() {
    yaml(
        "S:\n  - Action:\n      - \"x:y\"\n    Effect: Allow\n    Resource: \"r\"\n",
        |tree| vec![push(tree, "S", statement())],
        "S:\n  - Action:\n      - \"x:y\"\n    Effect: Allow\n    Resource: \"r\"\n  - Effect: Allow\n    Action:\n      - \"a:b\"\n      - \"a:c\"\n    Resource: \"*\"\n",
    );
    yaml(
        "S: [{Effect: 'Allow', Action: x}]\n",
        |tree| {
            vec![push(
                tree,
                "S",
                map(&[("Effect", text("Deny")), ("Action", text("y"))]),
            )]
        },
        "S: [{Effect: 'Allow', Action: x}, {Effect: 'Deny', Action: y}]\n",
    );
}

#[test]
fn what_is_quoted_beside_a_new_item_tells_its_quotes() {
    yaml(
        "a: \"x\"\nb:\n  - '*'\n",
        |tree| vec![push(tree, "b", text("n"))],
        "a: \"x\"\nb:\n  - '*'\n  - 'n'\n",
    );
    yaml(
        "a: x\nb:\n  - '*'\n",
        |tree| vec![push(tree, "b", text("n"))],
        "a: x\nb:\n  - '*'\n  - n\n",
    );
}

#[test]
fn no_blank_stays_behind_a_comment_of_the_item_before() {
    check(
        Format::Hcl,
        "a = [\n  \"x\" /* in */, \"y\",\n  \"z\",\n]\n",
        |tree| vec![super::remove(tree, "a/1")],
        "a = [\n  \"x\" /* in */,\n  \"z\",\n]\n",
    );
}

#[test]
fn a_single_value_becomes_a_list_of_lines_where_one_has_no_room() {
    let (long, other) = ("n".repeat(70), "m".repeat(60));
    let said = |text: &str| text.replace("LONG", &long).replace("OTHER", &other);
    let grown = |format: Format, before: &str, path: &str| {
        let tree = Tree::parse(said(before), format);
        let edits = write(&tree, &[push(&tree, path, text(&other))]).unwrap();
        apply(&said(before), &edits)
    };
    for (format, before, path, after) in [
        (
            Format::Yaml,
            "s:\n  - a: [x, y]\n    r: LONG # why\n",
            "s/0/r",
            "s:\n  - a: [x, y]\n    r:\n      - LONG # why\n      - OTHER\n",
        ),
        (
            Format::Json,
            "{\n  \"a\": [\"x\", \"y\"],\n  \"r\": \"LONG\",\n  \"c\": 1\n}\n",
            "r",
            "{\n  \"a\": [\"x\", \"y\"],\n  \"r\": [\n    \"LONG\",\n    \"OTHER\"\n  ],\n  \"c\": 1\n}\n",
        ),
        (
            Format::Hcl,
            "p = jsonencode({\n  a = [\"x\", \"y\"]\n  r = \"LONG\"\n})\n",
            "p/0/r",
            "p = jsonencode({\n  a = [\"x\", \"y\"]\n  r = [\n    \"LONG\",\n    \"OTHER\",\n  ]\n})\n",
        ),
        (
            Format::Hcl,
            "p = <<EOT\n{\n  \"Statement\": {\n    \"a\": [\"x\", \"y\"],\n    \"r\": \"LONG\"\n  }\n}\nEOT\n",
            "p/Statement/r",
            "p = <<EOT\n{\n  \"Statement\": {\n    \"a\": [\"x\", \"y\"],\n    \"r\": [\n      \"LONG\",\n      \"OTHER\"\n    ]\n  }\n}\nEOT\n",
        ),
        // What isn't alone on its line stays there, as does what somebody ignores.
        (
            Format::Yaml,
            "s:\n  - {a: [x, y], r: LONG}\n",
            "s/0/r",
            "s:\n  - {a: [x, y], r: [LONG, OTHER]}\n",
        ),
        (
            Format::Yaml,
            "a: [x, y]\nr: LONG # leastwise: ignore\n",
            "r",
            "a: [x, y]\nr: [LONG, OTHER] # leastwise: ignore\n",
        ),
        // There is room.
        (
            Format::Json,
            "{\n  \"a\": [\"x\", \"y\"],\n  \"r\": \"s\"\n}\n",
            "r",
            "{\n  \"a\": [\"x\", \"y\"],\n  \"r\": [\"s\", \"OTHER\"]\n}\n",
        ),
    ] {
        assert_eq!(grown(format, before, path), said(after), "{before}");
    }
}
