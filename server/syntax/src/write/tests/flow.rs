//! Brackets in YAML.

use super::*;

#[test]
fn one_line_stays_one_line() {
    yaml(
        "a: [x, y] # c\n",
        |t| vec![push(t, "a", text("z"))],
        "a: [x, y, z] # c\n",
    );
    yaml(
        "a: [ x,y ]\n",
        |t| vec![insert(t, "a", InsertAt::First, text("z"))],
        "a: [ z,x,y ]\n",
    );
    yaml(
        "a: [x]\n",
        |t| {
            vec![
                insert(t, "a", InsertAt::First, text("z")),
                push(t, "a", text("*")),
            ]
        },
        "a: [z, x, '*']\n",
    );
    yaml("a: [x, y, z]\n", |t| vec![remove(t, "a/0")], "a: [y, z]\n");
    yaml("a: [x, y, z]\n", |t| vec![remove(t, "a/1")], "a: [x, z]\n");
    yaml("a: [x, y, z]\n", |t| vec![remove(t, "a/2")], "a: [x, y]\n");
    // No blank stays where several go.
    for (before, after) in [
        ("a: [w, x, y, z]\n", "a: [w, x]\n"),
        ("a: [w,x,y,z]\n", "a: [w,x]\n"),
        ("a: [ w, x, y, z ]\n", "a: [ w, x ]\n"),
    ] {
        yaml(before, |t| vec![remove(t, "a/2"), remove(t, "a/3")], after);
    }
    yaml(
        "a: [ x, y ]\n",
        |t| vec![remove(t, "a/1"), remove(t, "a/0")],
        "a: []\n",
    );
    yaml("a: [x, y, ]\n", |t| vec![remove(t, "a/1")], "a: [x, ]\n");
    yaml(
        "a: [x, y, z]\n",
        |t| vec![remove(t, "a/1"), remove(t, "a/2"), push(t, "a", text("w"))],
        "a: [x, w]\n",
    );
    yaml(
        "a: { k: v }\n",
        |t| vec![pair(t, "a", InsertAt::Last, "l", map(&[("m", text("n"))]))],
        "a: { k: v, l: { m: n } }\n",
    );
    yaml(
        "a: {k: v, l: w}\n",
        |t| vec![remove(t, "a/~k")],
        "a: {l: w}\n",
    );
    yaml(
        "a: {k: v, l: }\n",
        |t| vec![pair(t, "a", InsertAt::Last, "m", text("n"))],
        "a: {k: v, l:, m: n }\n",
    );
    yaml(
        "a: {k, l}\n",
        |t| vec![pair(t, "a", InsertAt::First, "m", text("n"))],
        "a: {m: n, k, l}\n",
    );
}

#[test]
fn lines_stay_lines() {
    let lines = "a: [\n  x,\n  y # why\n]\n";
    yaml(
        lines,
        |t| vec![push(t, "a", text("z"))],
        "a: [\n  x,\n  y, # why\n  z\n]\n",
    );
    yaml(
        lines,
        |t| vec![insert(t, "a", InsertAt::First, text("z"))],
        "a: [\n  z,\n  x,\n  y # why\n]\n",
    );
    yaml(lines, |t| vec![remove(t, "a/1")], "a: [\n  x\n]\n");
    yaml(lines, |t| vec![remove(t, "a/0")], "a: [\n  y # why\n]\n");
    let trailing = "a: [\n  x, # one\n  # two\n  y,\n]\n";
    yaml(
        trailing,
        |t| vec![push(t, "a", text("z")), push(t, "a", text("w"))],
        "a: [\n  x, # one\n  # two\n  y,\n  z,\n  w,\n]\n",
    );
    yaml(
        trailing,
        |t| vec![insert(t, "a", InsertAt::After(at(t, "a/0")), text("z"))],
        "a: [\n  x, # one\n  z,\n  # two\n  y,\n]\n",
    );
    yaml(
        trailing,
        |t| vec![insert(t, "a", InsertAt::Before(at(t, "a/1")), text("z"))],
        "a: [\n  x, # one\n  z,\n  # two\n  y,\n]\n",
    );
    yaml(
        trailing,
        |t| vec![remove(t, "a/1")],
        "a: [\n  x, # one\n]\n",
    );
    yaml(
        "a: [x,\n    y]\n",
        |t| vec![push(t, "a", text("z"))],
        "a: [x,\n    y,\n    z]\n",
    );
    yaml("a: [x,\n    y]\n", |t| vec![remove(t, "a/1")], "a: [x]\n");
    yaml(
        "a: [\n  # note\n  x\n]\n",
        |t| vec![remove(t, "a/0")],
        "a: []\n",
    );
    // A heading over several is about none of them, as long as some of them stay.
    let group = "a: [\n  # group:\n  x,\n  y,\n  # leastwise: ignore\n  z,\n  w\n]\nb: [v]\n";
    yaml(
        group,
        |t| vec![remove(t, "a/0"), remove(t, "a/2")],
        "a: [\n  # group:\n  y,\n  w\n]\nb: [v]\n",
    );
    yaml(
        group,
        |t| {
            let moved = ["a/0", "a/1", "a/2"].map(|path| NewValue::Copy(at(t, path)));
            let mut edits = vec![replace(t, "b", list(&moved))];
            edits.extend(["a/0", "a/1", "a/2"].map(|path| remove(t, path)));
            edits
        },
        "a: [\n  w\n]\nb: [\n  # group:\n  x,\n  y,\n  # leastwise: ignore\n  z\n]\n",
    );
}

#[test]
fn texts_are_quoted_for_brackets() {
    yaml(
        "a: [x]\n",
        |t| vec![push(t, "a", sub("${A}"))],
        "a: [x, !Sub '${A}']\n",
    );
    yaml(
        "a: [x]\n",
        |t| vec![push(t, "a", text("a,b"))],
        "a: [x, 'a,b']\n",
    );
    yaml(
        "a: [x]\n",
        |t| vec![push(t, "a", text("arn:aws:s3:::b/*"))],
        "a: [x, arn:aws:s3:::b/*]\n",
    );
    yaml(
        "a: [\"x\"]\n",
        |t| vec![push(t, "a", text("y"))],
        "a: [\"x\", \"y\"]\n",
    );
}

#[test]
fn empty_lists_are_filled_as_lists_nearby_are() {
    yaml(
        "a: []\nb: [x]\n",
        |t| vec![push(t, "a", text("y"))],
        "a: [y]\nb: [x]\n",
    );
    yaml(
        "a: [] # c\nb:\n- x\n",
        |t| vec![push(t, "a", text("y"))],
        "a: # c\n- y\nb:\n- x\n",
    );
    yaml(
        "S: []\n",
        |t| vec![push(t, "S", map(&[("a", text("b")), ("c", text("d"))]))],
        "S:\n  - a: b\n    c: d\n",
    );
    yaml(
        "S: {}\n",
        |t| vec![pair(t, "S", InsertAt::Last, "a", text("b"))],
        "S:\n  a: b\n",
    );
    yaml(
        "S: {a: {}}\n",
        |t| vec![pair(t, "S/a", InsertAt::Last, "b", text("c"))],
        "S: {a: {b: c}}\n",
    );
    yaml(
        "S: [ # c\n ]\n",
        |t| vec![push(t, "S", text("x"))],
        "S: [ # c\n x\n]\n",
    );
}

#[test]
fn flow_statements_in_a_block_list() {
    yaml(
        "S:\n  - {Effect: Allow, Action: [a, b], Resource: '*'}\n",
        |t| {
            vec![push(
                t,
                "S",
                map(&[
                    ("Effect", text("Deny")),
                    ("Action", list(&[text("c"), text("d")])),
                    ("Resource", text("*")),
                ]),
            )]
        },
        "S:\n  - {Effect: Allow, Action: [a, b], Resource: '*'}\n  - {Effect: Deny, Action: [c, d], Resource: '*'}\n",
    );
    yaml(
        "S:\n  - Effect: Allow\n    Action: [a, b]\n",
        |t| {
            vec![push(
                t,
                "S",
                map(&[
                    ("Effect", text("Deny")),
                    ("Action", list(&[text("c"), text("d")])),
                ]),
            )]
        },
        "S:\n  - Effect: Allow\n    Action: [a, b]\n  - Effect: Deny\n    Action: [c, d]\n",
    );
}

#[test]
fn copies_between_brackets() {
    yaml(
        "a:\n  - x: !Sub ${A}\n    y:\n      - 1\nb: [c]\n",
        |t| vec![push(t, "b", NewValue::Copy(at(t, "a/0")))],
        "a:\n  - x: !Sub ${A}\n    y:\n      - 1\nb: [c, {x: !Sub '${A}', y: [1]}]\n",
    );
    yaml(
        "a: {k: [x, y]}\nb:\n  - c\n",
        |t| vec![push(t, "b", NewValue::Copy(at(t, "a/k")))],
        "a: {k: [x, y]}\nb:\n  - c\n  - [x, y]\n",
    );
    yaml(
        "S: {a: x}\n",
        |t| vec![push(t, "S/a", text("y"))],
        "S: {a: [x, y]}\n",
    );
}

#[test]
fn json_inside_yaml() {
    let before = "P: {\n    \"A\": [\n      \"x\"\n    ],\n    \"B\": \"y\"\n  }\n";
    yaml(
        before,
        |t| {
            vec![
                push(t, "P/A", text("z")),
                pair(t, "P", InsertAt::Last, "C", map(&[("D", text("e"))])),
            ]
        },
        "P: {\n    \"A\": [\n      \"x\",\n      \"z\"\n    ],\n    \"B\": \"y\",\n    \"C\": {\n        \"D\": \"e\"\n    }\n  }\n",
    );
}

#[test]
fn behind_what_has_become_the_last_entry_above_a_comment() {
    yaml(
        "a: [\n  x, # one\n  y\n]\n",
        |t| {
            vec![
                remove(t, "a/1"),
                Edit::InsertItem {
                    list: at(t, "a"),
                    place: InsertAt::After(at(t, "a/0")),
                    value: text("z"),
                },
            ]
        },
        "a: [\n  x, # one\n  z\n]\n",
    );
}

#[test]
fn what_is_new_stands_below_its_neighbours() {
    yaml(
        "a: [\n      x,\n    y\n  ]\n",
        |t| vec![insert(t, "a", InsertAt::After(at(t, "a/0")), text("z"))],
        "a: [\n      x,\n      z,\n    y\n  ]\n",
    );
    yaml(
        "a: [\n      x,\n    y\n  ]\n",
        |t| vec![insert(t, "a", InsertAt::Before(at(t, "a/1")), text("z"))],
        "a: [\n      x,\n    z,\n    y\n  ]\n",
    );
    // Brackets close where those nearby do.
    yaml(
        "a: [\n      x,\n    ]\nb: y\n",
        |t| vec![replace(t, "b", list(&[text("v"), text("w")]))],
        "a: [\n      x,\n    ]\nb: [\n      v,\n      w,\n    ]\n",
    );
    yaml(
        "S:\n  - {\n      a: b,\n      c: d\n    }\n",
        |t| vec![push(t, "S", map(&[("a", text("e")), ("c", text("f"))]))],
        "S:\n  - {\n      a: b,\n      c: d\n    }\n  - {\n      a: e,\n      c: f\n    }\n",
    );
    check(
        Format::Jsonc,
        "{\n  \"a\": [\n    \"x\",\n  ],\n  \"b\": \"y\"\n}\n",
        |t| vec![replace(t, "b", list(&[text("v"), text("w")]))],
        "{\n  \"a\": [\n    \"x\",\n  ],\n  \"b\": [\n    \"v\",\n    \"w\",\n  ]\n}\n",
    );
}

#[test]
fn no_line_break_is_left_before_or_behind_what_goes() {
    for (before, after) in [
        ("a: [x,\n    y, z]\n", "a: [x]\n"),
        ("a: [x,\n    y, z ]\n", "a: [x ]\n"),
        ("a: [x,\n    y,\n    z, ]\n", "a: [x, ]\n"),
        ("a: [\n  x, # c\n  y, z]\n", "a: [\n  x # c\n  ]\n"),
    ] {
        yaml(before, |t| vec![remove(t, "a/1"), remove(t, "a/2")], after);
    }
    for (before, after) in [
        ("a: [x,\n    y, z]\n", "a: [y, z]\n"),
        ("a: [x,\n    # c\n    y, z]\n", "a: [\n    # c\n    y, z]\n"),
        ("a: [ x, # c\n    y, z]\n", "a: [ y, z]\n"),
    ] {
        yaml(before, |t| vec![remove(t, "a/0")], after);
    }
}

#[test]
fn sections_stay_apart() {
    let sections = "a: [\n  x,\n\n  # one\n  y,\n\n  # two\n\n  z\n]\n";
    for (path, after) in [
        ("a/0", "a: [\n  # one\n  y,\n\n  # two\n\n  z\n]\n"),
        ("a/1", "a: [\n  x,\n\n  # two\n\n  z\n]\n"),
        ("a/2", "a: [\n  x,\n\n  # one\n  y\n\n  # two\n]\n"),
    ] {
        let tree = Tree::parse(sections.to_owned(), Format::Yaml);
        let written = write(&tree, &[remove(&tree, path)]).unwrap();
        assert_eq!(apply(sections, &written), after);
    }
    // What is new before a heading's entry isn't below the heading, nor parts it from what is above.
    yaml(
        sections,
        |t| vec![insert(t, "a", InsertAt::Before(at(t, "a/1")), text("w"))],
        "a: [\n  x,\n  w,\n\n  # one\n  y,\n\n  # two\n\n  z\n]\n",
    );
}

/// A new item behind the first one of the only list between brackets.
fn below_the_first(t: &Tree) -> Vec<Edit> {
    let path = match t.source() {
        source if source.starts_with("- [") => "0",
        source if source.contains("- a") => "o/0/a",
        source if source.contains("o:") => "o/a",
        _ => "a",
    };
    let first = at(t, &format!("{path}/0"));
    vec![insert(t, path, InsertAt::After(first), text("z"))]
}

#[test]
fn a_row_below_a_comment_is_deeper_than_the_key() {
    for (before, after) in [
        // As the other rows.
        (
            "o:\n  a: [x, # c\n    y]\n",
            "o:\n  a: [x, # c\n    z,\n    y]\n",
        ),
        (
            "o:\n  - a: [x, # c\n      y]\n",
            "o:\n  - a: [x, # c\n      z,\n      y]\n",
        ),
        // There is no other row.
        (
            "o:\n  a: [x # c\n    ]\n",
            "o:\n  a: [x, # c\n    z\n    ]\n",
        ),
        (
            "o:\n  - a: [x # c\n    ]\n",
            "o:\n  - a: [x, # c\n      z\n    ]\n",
        ),
        ("- [x # c\n  ]\n", "- [x, # c\n  z\n  ]\n"),
        // Another reader takes these for rows of the block.
        (
            "o:\n  a: [x, # c\n  y]\n",
            "o:\n  a: [x, # c\n    z,\n  y]\n",
        ),
    ] {
        yaml(before, below_the_first, after);
    }
    check(
        Format::Jsonc,
        "{\n  \"a\": [\"x\", // c\n      \"y\"]\n}\n",
        below_the_first,
        "{\n  \"a\": [\"x\", // c\n      \"z\",\n      \"y\"]\n}\n",
    );
    check(
        Format::Hcl,
        "a = [\"x\", # c\n  \"y\"]\n",
        below_the_first,
        "a = [\"x\", # c\n  \"z\",\n  \"y\"]\n",
    );
}

#[test]
fn the_comment_before_the_bracket_is_about_the_last_item() {
    let before = "[\"x\" /* one */, \"y\" /* two */]";
    let after = "[\"x\" /* one */]";
    check(Format::Jsonc, before, |t| vec![remove(t, "1")], after);
    let (before, after) = (format!("a = {before}\n"), format!("a = {after}\n"));
    check(Format::Hcl, &before, |t| vec![remove(t, "a/1")], &after);
    // At the end of a line it is about all of the row.
    check(
        Format::Jsonc,
        "[\n  \"x\", \"y\" /* both */\n]",
        |t| vec![remove(t, "1")],
        "[\n  \"x\" /* both */\n]",
    );
    // It comes along.
    check(
        Format::Jsonc,
        "{\"a\": [\"x\" /* one */, \"y\" /* two */]}\n",
        |t| {
            let moved = list(&[NewValue::Copy(at(t, "a/1"))]);
            let new = pair(t, "", InsertAt::Last, "b", moved);
            vec![remove(t, "a/1"), new]
        },
        "{\"a\": [\"x\" /* one */], \"b\": [\n  \"y\" /* two */\n]}\n",
    );
}
