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

/// Where the problem of a text is told, `§` standing before that.
fn told_at(marked: &str) {
    let at = marked.find('§').unwrap();
    let text = marked.replace('§', "");
    let tree = json(&text);
    assert_eq!(tree.problems().len(), 1, "{text}");
    let problem = &tree.problems()[0];
    assert_eq!(
        problem.span.start as usize, at,
        "{text}: {}",
        problem.message
    );
}

#[test]
fn a_bracket_that_is_left_open_is_told_where_it_stands() {
    let list = |first: &str| {
        format!(
            "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n{first}    {{\n      \"Effect\": \"Deny\",\n      \"Action\": [\"a:b\", \"a:c\"]\n    }}\n  ]\n}}\n"
        )
    };
    for first in [
        // Of the line before, the innermost bracket.
        "    { \"Effect\": \"Allow\", \"Resource\": \"*\", \"Condition\": §{\n",
        "    §{ \"Effect\": \"Allow\", \"Resource\": \"*\", \"Condition\": { \"Bool\": {} },\n",
        "    §{ \"Effect\": \"Allow\", \"Resource\": \"*\", \"Condition\": {\n    },\n",
        "    {\n      \"Effect\": \"Allow\",\n      \"Condition\": §{\n    },\n",
        "    {\n      \"Effect\": \"Allow\",\n      \"Condition\": §{\n",
        "    {\n      \"Effect\": \"Allow\",\n      \"Condition\": {\n        \"Bool\": §{\n          \"x\": \"true\"\n      }\n    },\n",
        "    {\n      \"Action\": §[\n        \"s3:GetObject\",\n        \"s3:PutObject\"\n      \"Resource\": \"*\"\n    },\n",
        "    {\n      \"Action\": §[\n        \"s3:GetObject\",\n      \"Resource\": \"*\"\n    },\n",
        "    {\n      \"Resource\": \"*\",\n      \"Action\": §[\n        \"s3:GetObject\",\n    },\n",
        "    §{\n      \"Effect\": \"Allow\",\n",
    ] {
        told_at(&list(first));
    }
    // The rest of the file is in it.
    told_at("{\n  \"Statement\": [\n    §{\n      \"Effect\": \"Allow\"\n  ]\n}\n");
    told_at("{\n\t\"a\": §[\n\t\t1,\n\t\"b\": {\n\t\t\"c\": 1\n\t}\n}\n");
    assert_eq!(
        json("{\n  \"a\": [\n    1\n  \"b\": 2\n}").problems()[0].message,
        "This `[` isn't closed by `]`."
    );
}

/// Where the lines don't tell, or something else is wrong, the problem is where the reader stops.
#[test]
fn a_bracket_that_may_not_be_open_is_not_told_of() {
    for marked in [
        "{\"a\": [1, 2 §\"b\": 3}",
        "{\n\"a\": [\n1,\n2,\n\"b\"§: 3\n}",
        "{\n  \"a\": [\n  {\n    \"b\": 1\n  }\n  ]\n  §\"c\": 2\n}\n",
        "{\n  \"a\": [\n  \"x\",\n  \"y\"\n  ],\n  \"c\": §,\n  \"d\": 1\n}\n",
        "{\n  \"a\": {\n    \"x\": 1§,\n  }\n}\n",
        "{\n  \"a\": {\n    \"x\": 1\n  },\n  \"b\": 2\n}\n§}\n",
        "{\n  \"a\": §tru,\n  \"b\": {\n    \"c\": 1\n}\n",
    ] {
        told_at(marked);
    }
    // It runs out of its brackets where it ends.
    let tree = json("{\n  \"a\": [\n    1,\n    2\n");
    assert!(tree.problems()[0].ran_out);
}
