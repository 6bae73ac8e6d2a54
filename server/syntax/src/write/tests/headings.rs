//! A comment above an item is its own, or the heading of a section; and what moves is written as it was.

use super::{at, check, insert, json, list, map, push, remove, text, yaml};
use crate::write::{Edit, InsertAt, NewValue};
use crate::{Format, Tree};

/// Moves items of `a` to a new list, in the place of `b`.
fn moved(tree: &Tree, items: &[&str]) -> Vec<Edit> {
    let copies: Vec<NewValue> = items
        .iter()
        .map(|path| NewValue::Copy(at(tree, path)))
        .collect();
    let mut edits = vec![super::replace(tree, "b", list(&copies))];
    edits.extend(items.iter().map(|path| remove(tree, path)));
    edits
}

fn first(tree: &Tree) -> Vec<Edit> {
    moved(tree, &["a/0"])
}

fn jsonc(before: &str, edits: fn(&Tree) -> Vec<Edit>, after: &str) {
    check(Format::Jsonc, before, edits, after);
}

fn hcl(before: &str, edits: fn(&Tree) -> Vec<Edit>, after: &str) {
    check(Format::Hcl, before, edits, after);
}

#[test]
fn a_comment_above_the_first_of_several_goes_along() {
    yaml(
        "a:\n  # for the uploader\n  - x\n  - y\n  - z\nb: []\n",
        first,
        "a:\n  - y\n  - z\nb:\n  # for the uploader\n  - x\n",
    );
    yaml(
        "a: [\n  # for the uploader\n  x,\n  y\n]\nb: []\n",
        first,
        "a: [\n  y\n]\nb: [\n  # for the uploader\n  x\n]\n",
    );
    jsonc(
        "{\n  \"a\": [\n    // for the uploader\n    \"x\",\n    \"y\"\n  ],\n  \"b\": []\n}\n",
        first,
        "{\n  \"a\": [\n    \"y\"\n  ],\n  \"b\": [\n    // for the uploader\n    \"x\"\n  ]\n}\n",
    );
    hcl(
        "a = [\n  # for the uploader\n  \"x\",\n  \"y\",\n]\nb = []\n",
        first,
        "a = [\n  \"y\",\n]\nb = [\n  # for the uploader\n  \"x\",\n]\n",
    );
    hcl(
        "a = [\n  /* for the\n     uploader */\n  \"x\",\n  \"y\",\n]\nb = []\n",
        first,
        "a = [\n  \"y\",\n]\nb = [\n  /* for the\n     uploader */\n  \"x\",\n]\n",
    );
    // In the middle, too.
    yaml(
        "a:\n  - w\n  # for the uploader\n  - x\n  - y\nb: []\n",
        |t| moved(t, &["a/1"]),
        "a:\n  - w\n  - y\nb:\n  # for the uploader\n  - x\n",
    );
}

#[test]
fn what_stands_apart_or_behind_the_key_stays() {
    yaml(
        "a: # key\n  # far\n\n  - x\n  - y\nb: []\n",
        first,
        "a: # key\n  # far\n\n  - y\nb:\n  - x\n",
    );
    jsonc(
        "{\n  \"a\": [ // key\n    // far\n\n    \"x\",\n    \"y\"\n  ],\n  \"b\": []\n}\n",
        first,
        "{\n  \"a\": [ // key\n    // far\n\n    \"y\"\n  ],\n  \"b\": [\n    \"x\"\n  ]\n}\n",
    );
    hcl(
        "a = [ # key\n  # far\n\n  \"x\",\n  \"y\",\n]\nb = []\n",
        first,
        "a = [ # key\n  # far\n\n  \"y\",\n]\nb = [\n  \"x\",\n]\n",
    );
}

#[test]
fn an_ignore_goes_along_also_below_a_heading() {
    yaml(
        "a:\n  # reads:\n  # leastwise: ignore\n  - x\n  - y\nb: []\n",
        first,
        "a:\n  - y\nb:\n  # reads:\n  # leastwise: ignore\n  - x\n",
    );
    hcl(
        "a = [\n  # leastwise: ignore\n  \"x\",\n  \"y\",\n  # writes\n  \"z\",\n  \"w\",\n]\nb = []\n",
        first,
        "a = [\n  \"y\",\n  # writes\n  \"z\",\n  \"w\",\n]\nb = [\n  # leastwise: ignore\n  \"x\",\n]\n",
    );
}

const SECTIONS: &str =
    "a:\n  # reads\n  - x\n  - y\n\n  # writes\n  - z\n  - w\n  # one\n  - v\nb: []\n";

#[test]
fn headings_of_sections_stay_with_what_stays() {
    yaml(
        SECTIONS,
        first,
        "a:\n  # reads\n  - y\n\n  # writes\n  - z\n  - w\n  # one\n  - v\nb:\n  - x\n",
    );
    yaml(
        SECTIONS,
        |t| moved(t, &["a/4"]),
        "a:\n  # reads\n  - x\n  - y\n\n  # writes\n  - z\n  - w\nb:\n  # one\n  - v\n",
    );
    // A section that goes as a whole takes its heading along, and its blank line.
    yaml(
        SECTIONS,
        |t| moved(t, &["a/0", "a/2", "a/3"]),
        "a:\n  # reads\n  - y\n\n  # one\n  - v\nb:\n  - x\n\n  # writes\n  - z\n  - w\n",
    );
    yaml(
        SECTIONS,
        |t| {
            let mut edits = vec![remove(t, "a/2"), remove(t, "a/3")];
            let copy = |path| NewValue::Copy(at(t, path));
            edits.push(super::replace(t, "b", list(&[copy("a/2"), copy("a/3")])));
            edits
        },
        "a:\n  # reads\n  - x\n  - y\n\n  # one\n  - v\nb:\n  # writes\n  - z\n  - w\n",
    );
    jsonc(
        "{\n  \"a\": [\n    // reads\n    \"x\",\n    \"y\",\n\n    // writes\n    \"z\",\n    \"w\"\n  ],\n  \"b\": []\n}\n",
        |t| moved(t, &["a/0", "a/2", "a/3"]),
        "{\n  \"a\": [\n    // reads\n    \"y\"\n  ],\n  \"b\": [\n    \"x\",\n\n    // writes\n    \"z\",\n    \"w\"\n  ]\n}\n",
    );
    hcl(
        "a = [\n  # reads\n  \"x\",\n  \"y\",\n\n  # writes\n  \"z\",\n  \"w\",\n]\nb = []\n",
        |t| moved(t, &["a/0", "a/2", "a/3"]),
        "a = [\n  # reads\n  \"y\",\n]\nb = [\n  \"x\",\n\n  # writes\n  \"z\",\n  \"w\",\n]\n",
    );
}

#[test]
fn a_comment_written_as_a_heading_is_one() {
    for heading in ["# reads:", "# --- reads ---", "# === reads"] {
        let before = format!("a:\n  {heading}\n  - x\n  - y\nb: []\n");
        let tree = Tree::parse(before.clone(), Format::Yaml);
        let written = crate::write::write(&tree, &first(&tree)).unwrap();
        let after = crate::write::apply(&before, &written);
        assert_eq!(after, format!("a:\n  {heading}\n  - y\nb:\n  - x\n"));
    }
}

#[test]
fn a_section_is_not_made_by_comments_above_single_items() {
    yaml(
        "a:\n  # one\n  - x\n  - y\n  # two\n  - z\n\n  # three\n  - w\nb: []\n",
        first,
        "a:\n  - y\n  # two\n  - z\n\n  # three\n  - w\nb:\n  # one\n  - x\n",
    );
}

#[test]
fn a_line_of_which_all_items_go_goes() {
    hcl(
        "a = [\n  # both\n  \"x\", \"y\",\n  \"z\",\n]\nb = []\n",
        |t| moved(t, &["a/0", "a/1"]),
        "a = [\n  \"z\",\n]\nb = [\n  # both\n  \"x\",\n  \"y\",\n]\n",
    );
    hcl(
        "a = [\n  # both\n  \"x\", \"y\",\n  \"z\",\n]\nb = []\n",
        first,
        "a = [\n  # both\n  \"y\",\n  \"z\",\n]\nb = [\n  \"x\",\n]\n",
    );
    hcl(
        "a = [\n  \"w\",\n  \"x\", \"y\",\n]\n",
        |t| vec![remove(t, "a/1"), remove(t, "a/2")],
        "a = [\n  \"w\",\n]\n",
    );
    yaml(
        "a: [\n  w,\n  x, y, # both\n  z\n]\n",
        |t| vec![remove(t, "a/1"), remove(t, "a/2")],
        "a: [\n  w,\n  z\n]\n",
    );
    json(
        "{\"a\": [\n  \"w\",\n  \"x\", \"y\"\n]}\n",
        |t| vec![remove(t, "a/1"), remove(t, "a/2")],
        "{\"a\": [\n  \"w\"\n]}\n",
    );
}

#[test]
fn a_list_of_moved_items_is_laid_out_as_theirs() {
    yaml(
        "a: [ \"x\", 'y', z ]\nc:\n  - v\nb: w\n",
        |t| moved(t, &["a/0", "a/1"]),
        "a: [ z ]\nc:\n  - v\nb: [ \"x\", 'y' ]\n",
    );
    yaml(
        "a:\n  - \"x\"\n  - y\nc: [v]\nb: []\n",
        first,
        "a:\n  - y\nc: [v]\nb:\n  - \"x\"\n",
    );
    jsonc(
        "{\n  \"c\": [\"v\"],\n  \"a\": [ \"x\", \"y\" ],\n  \"b\": []\n}\n",
        first,
        "{\n  \"c\": [\"v\"],\n  \"a\": [ \"y\" ],\n  \"b\": [ \"x\" ]\n}\n",
    );
    hcl(
        "c = [\n  \"v\",\n]\na = [ \"x\", \"y\" ]\nb = []\n",
        first,
        "c = [\n  \"v\",\n]\na = [ \"y\" ]\nb = [ \"x\" ]\n",
    );
}

#[test]
fn a_new_mapping_is_written_as_the_one_beside_it() {
    yaml(
        "s:\n  - E: \"D\"\n    R: \"*\"\n  - E: A\n    R: '*'\n  - {\"E\": \"D\", \"R\": \"*\"}\n",
        |t| {
            let value = map(&[("E", text("A")), ("R", text("*"))]);
            let beside = |path| insert(t, "s", InsertAt::After(at(t, path)), value.clone());
            vec![beside("s/0"), beside("s/1"), beside("s/2")]
        },
        "s:\n  - E: \"D\"\n    R: \"*\"\n  - E: \"A\"\n    R: \"*\"\n  - E: A\n    R: '*'\n  - E: A\n    R: '*'\n  - {\"E\": \"D\", \"R\": \"*\"}\n  - {\"E\": \"A\", \"R\": \"*\"}\n",
    );
    jsonc(
        "{\"s\": [\n  {\n    \"E\": \"D\",\n    \"R\": \"*\"\n  },\n  { \"E\" : \"D\" }\n]}\n",
        |t| {
            let value = map(&[("E", text("A")), ("R", text("*"))]);
            vec![insert(t, "s", InsertAt::After(at(t, "s/1")), value)]
        },
        "{\"s\": [\n  {\n    \"E\": \"D\",\n    \"R\": \"*\"\n  },\n  { \"E\" : \"D\" },\n  { \"E\" : \"A\", \"R\" : \"*\" }\n]}\n",
    );
    hcl(
        "s = [{\n  \"E\" = \"D\"\n}, { E : \"D\" }]\n",
        |t| {
            let value = map(&[("E", text("A")), ("R", list(&[text("*")]))]);
            vec![insert(t, "s", InsertAt::After(at(t, "s/1")), value)]
        },
        "s = [{\n  \"E\" = \"D\"\n}, { E : \"D\" }, { E : \"A\", R : [\"*\"] }]\n",
    );
    hcl(
        "d {\n  s {\n    r = [\"*\"]\n  }\n  t {}\n  s {\n    r = [ \"x\" ]\n  }\n}\n",
        |t| {
            let d = at(t, "d");
            let crate::View::Mapping(pairs) = t.view(d) else {
                panic!()
            };
            vec![Edit::InsertPair {
                mapping: d,
                place: InsertAt::After(pairs[2].key),
                key: "s".to_owned(),
                value: map(&[("r", list(&[text("*")]))]),
            }]
        },
        "d {\n  s {\n    r = [\"*\"]\n  }\n  t {}\n  s {\n    r = [ \"x\" ]\n  }\n  s {\n    r = [ \"*\" ]\n  }\n}\n",
    );
}

#[test]
fn calls_in_long_form_are_written_as_those_nearby() {
    yaml(
        "R: {\"Fn::Sub\": \"${A}\"}\n",
        |t| vec![super::replace(t, "R", super::sub("${B}"))],
        "R: {\"Fn::Sub\": \"${B}\"}\n",
    );
    yaml(
        "R: { 'Ref': A }\n",
        |t| {
            let value = NewValue::Attribute {
                of: "A".to_owned(),
                attribute: "Arn".to_owned(),
            };
            vec![super::replace(t, "R", value)]
        },
        "R: { 'Fn::GetAtt': [A, Arn] }\n",
    );
    yaml(
        "R:\n  - \"Fn::Sub\": \"${A}\"\n",
        |t| vec![push(t, "R", super::sub("${B}"))],
        "R:\n  - \"Fn::Sub\": \"${A}\"\n  - \"Fn::Sub\": \"${B}\"\n",
    );
    yaml(
        "R: [{Fn::Sub: '${A}'}]\n",
        |t| vec![push(t, "R", super::sub("${B}"))],
        "R: [{Fn::Sub: '${A}'}, {Fn::Sub: '${B}'}]\n",
    );
    // A block between brackets keeps the quotes of its keys.
    yaml(
        "R:\n  - \"Fn::Sub\": \"${A}\"\n  - 'k': v\nb: [x]\n",
        |t| {
            let copy = |path| NewValue::Copy(at(t, path));
            vec![push(t, "b", copy("R/0")), push(t, "b", copy("R/1"))]
        },
        "R:\n  - \"Fn::Sub\": \"${A}\"\n  - 'k': v\nb: [x, {\"Fn::Sub\": \"${A}\"}, {'k': v}]\n",
    );
}

#[test]
fn a_list_that_is_too_long_for_one_line_has_several() {
    let long = |t: &Tree| {
        let items: Vec<NewValue> = (0..12)
            .map(|at| text(&format!("service:Action{at}")))
            .collect();
        vec![insert(
            t,
            "s",
            InsertAt::After(at(t, "s/0")),
            map(&[("A", list(&items))]),
        )]
    };
    for (before, format) in [
        ("s:\n  - A: [x]\n", Format::Yaml),
        ("s = [{\n  A = [\"x\"]\n}]\n", Format::Hcl),
        (
            "{\n  \"s\": [\n    {\n      \"A\": [\"x\"]\n    }\n  ]\n}\n",
            Format::Json,
        ),
    ] {
        let tree = Tree::parse(before.to_owned(), format);
        let written = crate::write::write(&tree, &long(&tree)).unwrap();
        let after = crate::write::apply(before, &written);
        assert!(after.lines().all(|line| line.len() < 60), "{after}");
    }
}
