//! Comments at the end of a row, or above it, that several entries share.

use super::{check, json, pair, remove, text, yaml};
use crate::write::{Edit, InsertAt, NewValue};
use crate::{Format, Tree};

fn jsonc(before: &str, edits: fn(&Tree) -> Vec<Edit>, after: &str) {
    check(Format::Jsonc, before, edits, after);
}

fn hcl(before: &str, edits: fn(&Tree) -> Vec<Edit>, after: &str) {
    check(Format::Hcl, before, edits, after);
}

fn second(tree: &Tree) -> Vec<Edit> {
    vec![remove(tree, "a/1")]
}

fn first(tree: &Tree) -> Vec<Edit> {
    vec![remove(tree, "a/0")]
}

fn both(tree: &Tree) -> Vec<Edit> {
    vec![remove(tree, "a/0"), remove(tree, "a/1")]
}

#[test]
fn a_comment_at_the_end_of_a_row_stays_with_what_stays_of_it() {
    yaml(
        "a: [\n  x, y, # row\n  z\n]\n",
        second,
        "a: [\n  x, # row\n  z\n]\n",
    );
    yaml(
        "a: [\n  x, y, # row\n  z\n]\n",
        first,
        "a: [\n  y, # row\n  z\n]\n",
    );
    yaml("a: [\n  x, y, # row\n  z\n]\n", both, "a: [\n  z\n]\n");
    // Behind the bracket, and on the last row.
    yaml("a: [x, y, # row\n  z]\n", second, "a: [x, # row\n  z]\n");
    yaml("a: [\n  x, y # row\n]\n", second, "a: [\n  x # row\n]\n");
    yaml(
        "a: [\n  w, x, y # row\n]\n",
        |t| vec![remove(t, "a/1"), remove(t, "a/2")],
        "a: [\n  w # row\n]\n",
    );
    jsonc(
        "{\"a\": [\n  \"x\", \"y\", // row\n  \"z\"\n]}\n",
        second,
        "{\"a\": [\n  \"x\", // row\n  \"z\"\n]}\n",
    );
    jsonc(
        "{\"a\": [\n  \"x\", \"y\", // row\n  \"z\"\n]}\n",
        first,
        "{\"a\": [\n  \"y\", // row\n  \"z\"\n]}\n",
    );
    hcl(
        "a = [\n  \"x\", \"y\", # row\n  \"z\",\n]\n",
        second,
        "a = [\n  \"x\", # row\n  \"z\",\n]\n",
    );
    hcl(
        "a = [\n  \"w\", \"x\", \"y\", # row\n]\n",
        |t| vec![remove(t, "a/1"), remove(t, "a/2")],
        "a = [\n  \"w\", # row\n]\n",
    );
    hcl(
        "a = [\n  \"x\", \"y\" # row\n]\n",
        first,
        "a = [\n  \"y\" # row\n]\n",
    );
}

#[test]
fn a_comment_above_a_row_stays_with_what_stays_of_it() {
    yaml(
        "a: [\n  # row\n  x, y,\n  z\n]\n",
        first,
        "a: [\n  # row\n  y,\n  z\n]\n",
    );
    yaml("a: [\n  # row\n  x, y,\n  z\n]\n", both, "a: [\n  z\n]\n");
    jsonc(
        "{\"a\": [\n  // row\n  \"x\", \"y\",\n  \"z\"\n]}\n",
        first,
        "{\"a\": [\n  // row\n  \"y\",\n  \"z\"\n]}\n",
    );
    hcl(
        "a = [\n  # leastwise: ignore\n  \"x\", \"y\",\n  \"z\",\n]\n",
        first,
        "a = [\n  # leastwise: ignore\n  \"y\",\n  \"z\",\n]\n",
    );
}

#[test]
fn a_comment_by_one_item_of_a_row_goes_with_it() {
    jsonc(
        "{\"a\": [\n  /* x */ \"x\", \"y\" /* y */, // row\n  \"z\"\n]}\n",
        first,
        "{\"a\": [\n  \"y\" /* y */, // row\n  \"z\"\n]}\n",
    );
    // The second one stands on lines of its own.
    hcl(
        "a = [{ b = 1 }, {\n  b = 2\n}, # two\n]\n",
        second,
        "a = [{ b = 1 },\n]\n",
    );
}

#[test]
fn what_takes_the_place_of_one_of_a_row_keeps_its_comment() {
    yaml(
        "a: [\n  x, y, # row\n  z\n]\n",
        |t| {
            let new = super::insert(t, "a", InsertAt::After(super::at(t, "a/0")), text("w"));
            vec![remove(t, "a/0"), remove(t, "a/1"), new]
        },
        "a: [\n  w, # row\n  z\n]\n",
    );
}

#[test]
fn a_comment_behind_an_item_stays_beside_what_takes_its_place() {
    let replaced = |t: &Tree| {
        let items = ["x", "y"].map(text);
        vec![super::replace(t, "a", super::list(&items))]
    };
    yaml(
        "a:\n  - \"*\" # all\n",
        replaced,
        "a:\n  - x # all\n  - y\n",
    );
    yaml(
        "a:\n  # above\n  - \"*\" # all\n  - z # one\n",
        replaced,
        "a:\n  # above\n  # one\n  - x # all\n  - y\n",
    );
    yaml(
        "a: [\n  '*' # all\n]\n",
        replaced,
        "a: [\n  x, # all\n  y\n]\n",
    );
    jsonc(
        "{\"a\": [\n  \"*\" // all\n]}\n",
        replaced,
        "{\"a\": [\n  \"x\", // all\n  \"y\"\n]}\n",
    );
    hcl(
        "a = [\n  \"*\", # all\n]\n",
        replaced,
        "a = [\n  \"x\", # all\n  \"y\",\n]\n",
    );
    // Of those that stay, each has its own.
    hcl(
        "a = [\n  \"z\", # z\n  \"*\", # all\n]\n",
        |t| {
            let items = [NewValue::Copy(super::at(t, "a/0")), text("x"), text("y")];
            vec![super::replace(t, "a", super::list(&items))]
        },
        "a = [\n  \"z\", # z\n  \"x\", # all\n  \"y\",\n]\n",
    );
}

#[test]
fn a_list_without_empty_lines_gets_none() {
    let moved = |t: &Tree| {
        let copy = |path| NewValue::Copy(super::at(t, path));
        vec![
            remove(t, "a/2"),
            remove(t, "a/3"),
            super::push(t, "b", copy("a/2")),
            super::push(t, "b", copy("a/3")),
        ]
    };
    let from = "a:\n  # one\n  - x\n  - y\n\n  # two\n  - z\n  - w\nb:\n";
    let rest = "a:\n  # one\n  - x\n  - y\nb:\n";
    for (list, new) in [
        ("  - v\n  - u\n", "  # two\n  - z\n  - w\n"),
        ("  - v\n  - u\n\n  - t\n", "\n  # two\n  - z\n  - w\n"),
    ] {
        let before = format!("{from}{list}");
        let tree = Tree::parse(before.clone(), Format::Yaml);
        let written = crate::write::write(&tree, &moved(&tree)).unwrap();
        let after = crate::write::apply(&before, &written);
        assert_eq!(after, format!("{rest}{list}{new}"));
    }
}

#[test]
fn a_copy_of_what_stays_has_no_empty_lines() {
    yaml(
        "a:\n  k:\n\n    l: 1\n\n    m: 2\n",
        |t| {
            vec![pair(
                t,
                "a",
                InsertAt::Last,
                "n",
                NewValue::Copy(super::at(t, "a/k")),
            )]
        },
        "a:\n  k:\n\n    l: 1\n\n    m: 2\n  n:\n    l: 1\n    m: 2\n",
    );
    hcl(
        "a = {\n  k = {\n    l = 1\n\n    m = 2\n  }\n}\n",
        |t| {
            vec![pair(
                t,
                "a",
                InsertAt::Last,
                "n",
                NewValue::Copy(super::at(t, "a/k")),
            )]
        },
        "a = {\n  k = {\n    l = 1\n\n    m = 2\n  }\n  n = {\n    l = 1\n    m = 2\n  }\n}\n",
    );
    // What belongs to a text stays with it.
    yaml(
        "a:\n  k:\n    l: 1\n\n    m: |\n      x\n\n      y\n",
        |t| {
            vec![pair(
                t,
                "a",
                InsertAt::Last,
                "n",
                NewValue::Copy(super::at(t, "a/k")),
            )]
        },
        "a:\n  k:\n    l: 1\n\n    m: |\n      x\n\n      y\n  n:\n    l: 1\n\n    m: |\n      x\n\n      y\n",
    );
}

#[test]
fn pairs_share_a_row_as_items_do() {
    yaml(
        "a: {\n  b: x, c: y, # row\n  d: z\n}\n",
        |t| vec![remove(t, "a/~c")],
        "a: {\n  b: x, # row\n  d: z\n}\n",
    );
    jsonc(
        "{\"a\": {\n  \"b\": 1, \"c\": 2, // row\n  \"d\": 3\n}}\n",
        |t| vec![remove(t, "a/~b"), remove(t, "a/~c")],
        "{\"a\": {\n  \"d\": 3\n}}\n",
    );
}

#[test]
fn a_comment_at_the_top_of_a_mapping_stays_with_the_pairs_below() {
    let removed = |t: &Tree| vec![remove(t, "a/~b")];
    yaml(
        "a:\n  # top\n  b: 1\n  c: 2\n",
        removed,
        "a:\n  # top\n  c: 2\n",
    );
    yaml(
        "a:\n  - # top\n    b: 1\n    c: 2\n  -\n    # top\n    b: 1\n    c: 2\n",
        |t| vec![remove(t, "a/0/~b"), remove(t, "a/1/~b")],
        "a:\n  - # top\n    c: 2\n  -\n    # top\n    c: 2\n",
    );
    jsonc(
        "{\"a\": {\n  // top\n  \"b\": 1,\n  \"c\": 2\n}}\n",
        removed,
        "{\"a\": {\n  // top\n  \"c\": 2\n}}\n",
    );
    hcl(
        "a = {\n  # top\n  b = 1\n  c = 2\n}\n",
        removed,
        "a = {\n  # top\n  c = 2\n}\n",
    );
    hcl(
        "a {\n  # top\n  b = 1\n  c = 2\n}\n",
        removed,
        "a {\n  # top\n  c = 2\n}\n",
    );
    // One about the next line alone goes, and so does that of a block.
    yaml(
        "a:\n  # leastwise: ignore\n  b: 1\n  c: 2\n",
        removed,
        "a:\n  c: 2\n",
    );
    hcl(
        "a {\n  # b\n  b {}\n\n  # c\n  c {}\n}\n",
        removed,
        "a {\n  # c\n  c {}\n}\n",
    );
    yaml(
        "a:\n  # b\n  b: 1\n  # c\n  c: 2\n",
        removed,
        "a:\n  # c\n  c: 2\n",
    );
    // In the middle it is the pair's own, and where all go nothing is left to head.
    yaml(
        "a:\n  b: 1\n  # c\n  c: 2\n  d: 3\n",
        |t| vec![remove(t, "a/~c")],
        "a:\n  b: 1\n  d: 3\n",
    );
    yaml(
        "a:\n  # top\n  b: 1\n  c: 2\nd: 3\n",
        |t| vec![remove(t, "a/~b"), remove(t, "a/~c")],
        "a: {}\nd: 3\n",
    );
    json(
        "{\"a\": {\n  \"b\": 1,\n  \"c\": 2\n}}\n",
        |t| {
            let new = pair(
                t,
                "a",
                InsertAt::After(super::at(t, "a/~b")),
                "n",
                text("m"),
            );
            vec![remove(t, "a/~b"), new]
        },
        "{\"a\": {\n  \"n\": \"m\",\n  \"c\": 2\n}}\n",
    );
}
