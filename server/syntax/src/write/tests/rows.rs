//! Comments at the end of a row, or above it, that several entries share.

use super::{check, json, pair, remove, text, yaml};
use crate::write::{Edit, Place};
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
            let new = super::insert(t, "a", Place::After(super::at(t, "a/0")), text("w"));
            vec![remove(t, "a/0"), remove(t, "a/1"), new]
        },
        "a: [\n  w, # row\n  z\n]\n",
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
            let new = pair(t, "a", Place::After(super::at(t, "a/~b")), "n", text("m"));
            vec![remove(t, "a/~b"), new]
        },
        "{\"a\": {\n  \"n\": \"m\",\n  \"c\": 2\n}}\n",
    );
}
