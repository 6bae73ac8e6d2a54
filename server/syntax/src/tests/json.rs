//! JSON, valid and broken.

use super::{json, problems, show};
use crate::{Format, ScalarType, Tree, View};

#[test]
fn values() {
    let tree =
        json("\u{FEFF}{\"a\": [1, true, null, \"x\"],\r\n \"b\": {}, \"a\": -2.5e+3, \"\": []}\n");
    assert_eq!(
        show(&tree),
        "{a: [1, true, null, x], b: {}, a: -2.5e+3, : []}"
    );
    assert!(tree.is_complete());
    assert_eq!(
        tree.get(tree.documents()[0], "a")
            .and_then(|id| tree.text(id)),
        Some("-2.5e+3")
    );
    for (source, ty) in [
        ("\"1\"", ScalarType::String),
        ("0", ScalarType::Number),
        ("false", ScalarType::Bool),
        ("null", ScalarType::Null),
    ] {
        let tree = json(source);
        assert_eq!(tree.scalar_type(tree.documents()[0]), ty);
    }
}

#[test]
fn escapes() {
    let tree = json(r#"["a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00b", "\ud83dx"]"#);
    let items = tree.items(tree.documents()[0]).unwrap().to_vec();
    assert_eq!(
        tree.text(items[0]),
        Some("a\"\\/\u{8}\u{c}\n\r\t\u{e9}\u{1F600}b")
    );
    assert_eq!(tree.text(items[1]), Some("\u{FFFD}x"));
    let at = tree.text(items[0]).unwrap().find('\u{1F600}').unwrap();
    assert_eq!(
        &tree.source()[tree.source_span(items[0], at..at + 1).range()],
        r"\ud83d\ude00"
    );
}

#[test]
fn functions() {
    let tree = json(r#"{"a": {"Fn::Sub": "x"}, "b": {"Ref": "y"}, "c": {"Ref": 1, "d": 2}}"#);
    assert_eq!(show(&tree), "{a: Fn::Sub(x), b: Ref(y), c: {Ref: 1, d: 2}}");
    assert!(matches!(tree.view(tree.node_at(7).unwrap()), View::Tagged(tag, _) if !tag.short));
}

#[test]
fn broken() {
    for (source, tree, about) in [
        ("{\"a\": 1 \"b\": 2}", "{a: 1, b: 2}", "\"b\""),
        ("{\"a\": 1,}", "{a: 1}", ","),
        ("[1, 2,]", "[1, 2]", ","),
        ("{\"a\" \"b\"}", "{a: b}", "\"b\""),
        ("{\"a\": \"s3:\n}", "{a: s3:}", "\"s3:"),
        (
            "{\"a\": [\"s3:Get\", \n \"b\": 1}",
            "{a: [s3:Get], b: 1}",
            ":",
        ),
        (
            "{\"a\": [{\"b\": 1, {\"c\": 2}], \"d\": 3}",
            "{a: [{b: 1}, {c: 2}], d: 3}",
            "{",
        ),
        ("{\"a\":\n \"b\": 1}", "{a: ~, b: 1}", ":"),
        ("{\"Act\n \"b\": 1}", "{Act: ~, b: 1}", "\"Act"),
        ("{\"a\": }", "{a: ~}", "}"),
        ("{\"a\": 1} x", "{a: 1} --- <x>", "x"),
        ("{a: s3:*}", "{a: s3, <:>: ~, *: ~}", "a"),
        ("// c\n{\"a\": 1} /* d */", "{a: 1}", "//"),
        ("{\"a\": 012}", "{a: 012}", "012"),
        ("{\"a\": \"\\q\"}", "{a: \u{FFFD}}", "\\q"),
        ("{\"a\": [1, 2", "{a: [1, 2]}", ""),
        ("[1]]", "[1] --- <]>", "]"),
        ("{\"a\": tru}", "{a: tru}", "tru"),
        ("", "", ""),
        ("{]}", "{<]>: ~}", "]"),
    ] {
        let read = json(source);
        assert_eq!(show(&read), tree, "{source}");
        let problems = problems(&read);
        assert_eq!(problems.len(), 1, "{source}");
        assert_eq!(
            problems[0].1,
            about,
            "{source}: {}",
            read.problems()[0].message
        );
    }
    assert_eq!(json("// c\n{\"a\": 1} /* d */").comments().len(), 2);
}

#[test]
fn messages_say_what_was_expected() {
    for (source, message) in [
        (
            "{\"a\": 1 \"b\": 2}",
            "Expected `,` or `}` after the value, found `\"b\"`.",
        ),
        (
            "{a: 1}",
            "Expected a key in double quotes or `}`, found `a`.",
        ),
        (
            "{\"a\": 'x'}",
            "Expected a value, found `'x'`; JSON writes strings in double quotes.",
        ),
        (
            "[1, 2",
            "Expected `,` or `]` after the value, found the end of the file.",
        ),
        ("{\"a\" 1}", "Expected `:` after the key \"a\", found `1`."),
    ] {
        assert_eq!(json(source).problems()[0].message, message);
    }
}

#[test]
fn json_with_comments() {
    let read = |source: &str| {
        let tree = Tree::parse(source.to_owned(), Format::Jsonc);
        super::sound(&tree);
        tree
    };
    let tree = read(
        "// a\n{ /* b */ \"x\" /* c */ : // d\r\n 1, // e\n \"y\": [ /**/ 1, 2, /* f */ ], } // g",
    );
    assert_eq!(problems(&tree), []);
    assert_eq!(show(&tree), "{x: 1, y: [1, 2]}");
    let comments: Vec<&str> = tree
        .comments()
        .iter()
        .map(|comment| &tree.source()[comment.span.range()])
        .collect();
    assert_eq!(
        comments,
        [
            "// a", "/* b */", "/* c */", "// d", "// e", "/**/", "/* f */", "// g"
        ]
    );
    for (source, at) in [
        ("[1,,]", ","),
        ("[,]", ","),
        ("{,}", ","),
        ("[1] /* x", "/*"),
        ("[1 / 2]", "/"),
        ("/", "/"),
    ] {
        let tree = read(source);
        assert_eq!(tree.problems().len(), 1, "{source}");
        assert_eq!(
            problems(&tree)[0],
            (crate::ProblemKind::Syntax, at.to_owned()),
            "{source}"
        );
    }
    // Without the comments' leave, one problem says what is wrong first.
    let tree = json("{\n // a\n \"x\": [1,],\n}");
    assert_eq!(tree.problems().len(), 1);
    assert_eq!(show(&tree), "{x: [1]}");
}
