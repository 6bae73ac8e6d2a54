//! Valid YAML: what it is read as, and where everything is.

use super::{show, yaml};
use crate::{NodeId, ScalarType, Span, Style, Tree, View};

fn check(source: &str, tree: &str) {
    let read = yaml(source);
    assert_eq!(show(&read), tree, "{source}\n{}", read.outline());
    assert_eq!(read.problems(), [], "{source}");
}

/// The node at the first place where `text` stands.
fn at(tree: &Tree, text: &str) -> NodeId {
    let offset = tree
        .source()
        .find(text)
        .unwrap_or_else(|| panic!("no {text:?}"));
    tree.node_at(offset as u32)
        .unwrap_or_else(|| panic!("nothing at {text:?}"))
}

fn written(tree: &Tree, span: Span) -> &str {
    &tree.source()[span.range()]
}

#[test]
fn collections() {
    check("", "");
    check("# only\n", "");
    check("a: 1\nb:\n  c: d\n", "{a: 1, b: {c: d}}");
    check(
        "- a\n- - b\n  - c\n- d: e\n  f: g\n-\n",
        "[a, [b, c], {d: e, f: g}, ~]",
    );
    check("a:\n- b\n- c\nd: e", "{a: [b, c], d: e}");
    check(
        "a: {b: c, \"d\":e, f, g: , ? h : i}\n",
        "{a: {b: c, d: e, f: ~, g: ~, h: i}}",
    );
    check("[a, b: c, [], {}, ? d : e,]", "[a, {b: c}, [], {}, {d: e}]");
    check("[{a: b}: c, [d]: e]", "[{{a: b}: c}, {[d]: e}]");
    check("? a\n: b\n? c\n? - d\n: - e\n", "{a: b, c: ~, [d]: [e]}");
    check("{a: b}: c\n[d]: e\n", "{{a: b}: c, [d]: e}");
    check("a: # why\n  b # and\n", "{a: b}");
    check("\u{FEFF}a: b\r\nc:\r\n  - d\r\n", "{a: b, c: [d]}");
}

#[test]
fn documents() {
    check("a\n---\nb\n", "a --- b");
    check("---\n---\n# c\n...\n---\na: 1\n...\n", "~ --- ~ --- {a: 1}");
    check("%YAML 1.2\n---\na: 1\n", "{a: 1}");
    check("--- a\n--- |\n  b\n", "a --- b⏎");
    check("--- # c\n!x\n", "!x(~)");
}

#[test]
fn properties() {
    check(
        "a: !Sub x\nb: !GetAtt y.Arn\nc: !X {d: e}\nf: !Ref\n",
        "{a: Fn::Sub(x), b: Fn::GetAtt(y.Arn), c: !X({d: e}), f: Ref(~)}",
    );
    check(
        "a: &x !If [b, &y c]\nd: *x\ne: [*y , *x]\n",
        "{a: Fn::If([b, c]), d: *(Fn::If([b, c])), e: [*(c), *(Fn::If([b, c]))]}",
    );
    check("&a k: &b\n  &c l: *a\n", "{k: {l: *(k)}}");
    check(
        "a: !!str 1\nb: !!binary eA==\nc: ! 12\nd: !!null\n",
        "{a: 1, b: eA==, c: 12, d: ~}",
    );
    check(
        "!X\n- a\n- !Y\n  b: c\n- !Z &q\n  - d\n",
        "!X([a, !Y({b: c}), !Z([d])])",
    );
    let tree = yaml("a: !!str 1\nb: 1\nc: !!int '3'\nd: ! 12\n");
    let types = ["1", "b: 1", "'3'", "12"].map(|text| match tree.view(at(&tree, text)) {
        View::Scalar("b") => tree.scalar_type(tree.get(tree.documents()[0], "b").unwrap()),
        _ => tree.scalar_type(at(&tree, text)),
    });
    assert_eq!(
        types,
        [
            ScalarType::String,
            ScalarType::Number,
            ScalarType::Number,
            ScalarType::String
        ]
    );
    let tree = yaml("a: &x !Sub y\nb: &z w\n");
    let root = tree.documents()[0];
    let anchors = ["a", "b"].map(|key| {
        tree.anchor(tree.get(root, key).unwrap())
            .map(|span| written(&tree, span))
    });
    assert_eq!(anchors, [Some("&x"), Some("&z")]);
    assert_eq!(tree.anchor(root), None);
}

#[test]
fn functions() {
    check(
        "a:\n  Fn::Sub: x\nb: {Ref: c}\n",
        "{a: Fn::Sub(x), b: Ref(c)}",
    );
    check("Fn::ForEach::X: [a]\n", "{Fn::ForEach::X: [a]}");
    check(
        "a: {Ref: x, b: c}\nd: {Condition: e}\n",
        "{a: {Ref: x, b: c}, d: {Condition: e}}",
    );
    let tree = yaml("a:\n  Fn::Sub: x\nb: !Sub y\n");
    for (text, name, short, span, tag) in [
        ("Fn::", "Fn::Sub", false, "Fn::Sub: x", "Fn::Sub"),
        ("!Sub", "Fn::Sub", true, "!Sub y", "!Sub"),
    ] {
        let id = at(&tree, text);
        let View::Tagged(found, inner) = tree.view(id) else {
            panic!("{text}")
        };
        assert_eq!((found.name.as_str(), found.short), (name, short));
        assert_eq!(
            (written(&tree, tree.span(id)), written(&tree, found.span)),
            (span, tag)
        );
        assert_eq!(tree.parent(inner), Some(id));
    }
}

#[test]
fn merge_keys() {
    let tree = yaml(
        "base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\na:\n  <<: [*b, *m]\n  x: 0\nc: *b\nd: {'<<': *b}\n",
    );
    let root = tree.documents()[0];
    let texts = |key: &str| -> Vec<String> {
        let pairs = tree.pairs(tree.get(root, key).unwrap());
        let text = |id: NodeId| tree.text(id).unwrap_or("-").to_owned();
        pairs
            .iter()
            .map(|pair| text(pair.key) + "=" + &text(pair.value))
            .collect()
    };
    assert_eq!(texts("a"), ["x=0", "y=2", "z=4"]);
    assert_eq!(texts("c"), ["x=1", "y=2"]);
    assert_eq!(texts("d"), ["<<=-"]);
    let merged = tree.get(root, "a").unwrap();
    assert_eq!(
        tree.get(merged, "z").and_then(|id| tree.text(id)),
        Some("4")
    );
    assert_eq!(tree.get(merged, "w"), None);
}

#[test]
fn spans() {
    let source = "a: 'b''c' # d\n\ne:\n  - \"f\"  \n  - |-  # g\n    h\n\n    i\n\n# j\nk: [l , m ] # n\no: p\n   q\n";
    let tree = yaml(source);
    let root = tree.documents()[0];
    assert_eq!(written(&tree, tree.span(root)), source.trim_end());
    for (text, span, content, style) in [
        ("'b", "'b''c'", "b''c", Style::SingleQuoted),
        ("\"f", "\"f\"", "f", Style::DoubleQuoted),
        (
            "|-",
            "|-  # g\n    h\n\n    i",
            "h\n\n    i",
            Style::Literal,
        ),
        ("l ", "l", "l", Style::Plain),
        ("p\n", "p\n   q", "p\n   q", Style::Plain),
    ] {
        let id = at(&tree, text);
        assert_eq!(
            (
                written(&tree, tree.span(id)),
                written(&tree, tree.content_span(id)),
                tree.style(id)
            ),
            (span, content, style)
        );
    }
    let sequence = tree.get(root, "e").unwrap();
    assert!(
        written(&tree, tree.span(sequence)).starts_with("- \"f")
            && written(&tree, tree.span(sequence)).ends_with("    i")
    );
    assert_eq!(
        written(&tree, tree.span(tree.get(root, "k").unwrap())),
        "[l , m ]"
    );
    let comments: Vec<&str> = tree
        .comments()
        .iter()
        .map(|comment| written(&tree, comment.span))
        .collect();
    assert_eq!(comments, ["# d", "# g", "# j", "# n"]);
}

#[test]
fn segments_are_found_behind_any_style() {
    for source in [
        "arn:aws:s3:::bucket/*",
        "'arn:aws:s3:::bucket/*'",
        "\"arn:aws:s3\\u003a::bucket/*\"",
        "\"arn:aws:s3:\\\n    ::bucket/*\"",
        ">-\n  arn:aws:s3:::bucket/*",
        "|\n\n    arn:aws:s3:::bucket/*\n",
    ] {
        let tree = yaml(&format!("é: {source}"));
        let id = tree.get(tree.documents()[0], "é").unwrap();
        let text = tree.text(id).unwrap();
        let start = text.find("bucket").unwrap();
        let span = tree.source_span(id, start..start + 6);
        assert_eq!(written(&tree, span), "bucket", "{source}");
        assert_eq!(
            tree.decoded_offset(id, span.start + 2),
            Some(start + 2),
            "{source}"
        );
        assert_eq!(tree.decoded_offset(id, 0), None);
    }
}

#[test]
fn cursor_on_blank_space() {
    let tree = yaml("a:  \nb:\n  -  \n  - x\nc: d  \n");
    let root = tree.documents()[0];
    let empty = tree.get(root, "a").unwrap();
    for offset in 2..=4 {
        assert_eq!(tree.node_at(offset), Some(empty), "{offset}");
    }
    let items = tree.items(tree.get(root, "b").unwrap()).unwrap().to_vec();
    let dash = tree.source().find("-  ").unwrap() as u32;
    assert_eq!(tree.node_at(dash + 3), Some(items[0]));
    assert_eq!(
        tree.node_at(tree.source().find('x').unwrap() as u32),
        Some(items[1])
    );
    assert_eq!(tree.node_at(tree.span(items[1]).end), Some(items[1]));
    assert_eq!(tree.node_at(1), tree.pair(root, "a").map(|pair| pair.key));
    assert_eq!(tree.node_at(10_000), None);
}
