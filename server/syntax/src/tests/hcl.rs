//! What HCL is read as, valid and broken: one case a line.

use super::{hcl, problems, show};
use crate::{Format, ProblemKind, ScalarType, Span, Style, Tree, View};

fn check(source: &str, tree: &str, expected: &[&str]) {
    let read = hcl(source);
    let found = problems(&read);
    let found: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(
        (show(&read).as_str(), found.as_slice()),
        (tree, expected),
        "{source}\n{:#?}",
        read.problems()
    );
}

/// The value of the argument `a`.
fn value(source: &str, tree: &str) {
    check(&format!("a = {source}\n"), &format!("{{a: {tree}}}"), &[]);
}

fn messages(source: &str) -> Vec<String> {
    let tree = hcl(source);
    tree.problems()
        .iter()
        .map(|problem| problem.message.clone())
        .collect()
}

#[test]
fn comprehensions_that_make_objects() {
    for (source, tree) in [
        (
            "[for x in b : {\n c = x\n}]",
            "hcl:for([hcl:expr(for x in b), {c: hcl:ref(x)}])",
        ),
        (
            "[ for x, y in f({ d = 1 }) : { c = 1 } if x != { e = 2 } ]",
            "hcl:for([hcl:expr(for x, y in f({ d = 1 })), {c: 1}, hcl:expr(if x != { e = 2 })])",
        ),
        (
            "{ for k, v in b : \"${k}\" => { c = v }... }",
            "hcl:for([hcl:expr(for k, v in b : \"${k}\" =>), {c: hcl:ref(v)}, hcl:expr(...)])",
        ),
        (
            "[for x in b : [{ c = 1 }, d]]",
            "hcl:for([hcl:expr(for x in b), [{c: 1}, hcl:ref(d)]])",
        ),
        (
            "[for x in b : [for y in x : { c = y }]]",
            "hcl:expr([for x in b : [for y in x : { c = y }]])",
        ),
        (
            "{ for x in b : x => jsonencode({ c = 1 }) }",
            "hcl:for([hcl:expr(for x in b : x =>), hcl:jsonencode([{c: 1}])])",
        ),
        // What makes no object is read when somebody asks for it.
        ("[for x in b : x.c]", "hcl:expr([for x in b : x.c])"),
        ("[for x in b : [x.c]]", "hcl:expr([for x in b : [x.c]])"),
        (
            "{ for x in b : x => x.c }",
            "hcl:expr({ for x in b : x => x.c })",
        ),
        (
            "{ for x in b : { c = 1 } => x }",
            "hcl:expr({ for x in b : { c = 1 } => x })",
        ),
        (
            "[for x in b : { c = 1 }][0]",
            "hcl:expr([for x in b : { c = 1 }][0])",
        ),
    ] {
        value(source, tree);
    }
    for (source, message) in [
        ("[for x in b : { c = 1 }", "This `for` isn't closed by `]`."),
        (
            "[for x in b { c = 1 }]",
            "Expected `:` after what this `for` goes over.",
        ),
        ("[for x in b : { c = 1 } d]", "Expected `]`, found `d`."),
    ] {
        let source = format!("a = {source}\n");
        assert_eq!(messages(&source), [message], "{source}");
        assert!(show(&hcl(&source)).starts_with("{a: hcl:expr("), "{source}");
    }
}

#[test]
fn bodies() {
    check("", "{}", &[]);
    check("\u{FEFF}# c\n", "{}", &[]);
    check("a = 1\nb = 2", "{a: 1, b: 2}", &[]);
    check("a {\n}\na {\n  b = 1\n}\n", "{a: {}, a: {b: 1}}", &[]);
    check("a \"x\" y {\n  b = 1\n}\n", "{a: {x: {y: {b: 1}}}}", &[]);
    check("a { b = 1 }\r\nc = 2\r\n", "{a: {b: 1}, c: 2}", &[]);
    check("a /* x */ = /* y\n */ 1 // z\n# e", "{a: 1}", &[]);
}

#[test]
fn literals() {
    value("12", "12");
    value("-1.5e3", "-1.5e3");
    value("true", "true");
    value("\"s3:*\"", "s3:*");
    value(r#""a\"b\\c\td""#, "a\"b\\c\td");
    value(r#""\u00e9\U0001F600""#, "é😀");
    value("\"$${a} %%{b} $x 5% $$\"", "${a} %{b} $x 5% $$");
    value("[1, \"b\",\n  # c\n  true,\n]", "[1, b, true]");
    value(
        "{ b = 1, \"c\" : 2\n  (d) = 3\n  \"e${f}\" = 4 }",
        "{b: 1, c: 2, hcl:ref(d): 3, hcl:template([e, hcl:ref(f)]): 4}",
    );
    value("{\n  Ref = \"x\"\n}", "{Ref: x}");
    let types = hcl("a = [1, true, null, \"1\", -2]\n");
    let list = types.get(types.documents()[0], "a").unwrap();
    let found: Vec<ScalarType> = types
        .items(list)
        .unwrap()
        .iter()
        .map(|item| types.scalar_type(*item))
        .collect();
    use ScalarType::{Bool, Null, Number, String};
    assert_eq!(found, [Number, Bool, Null, String, Number]);
}

#[test]
fn heredocs() {
    value("<<EOT\nb\n  c\\n\nEOT", "b⏎  c\\n⏎");
    value("<<-EOT\n    b\n\n      c\n    EOT", "b⏎⏎  c⏎");
    value("<<E\nE", "");
    value("<<E\r\nb\r\nE\r", "b\r⏎");
    value(
        "<<-E\n    b ${c} d\n      ${e}\n  E",
        "hcl:template([b , hcl:ref(c),  d⏎  , hcl:ref(e), ⏎])",
    );
    value(
        "<<-E\n  ${b}\n    c\nE",
        "hcl:template([hcl:ref(b), ⏎  c⏎])",
    );
    value("<<-E\n${b}\n  c\nE", "hcl:template([hcl:ref(b), ⏎  c⏎])");
    check(
        "a = [<<E\nb\nE\n, \"c\"]\nd = 1\n",
        "{a: [b⏎, c], d: 1}",
        &[],
    );
    let tree = hcl("a = <<-E\n  x\"y\n    z\n  E\n");
    let node = tree.get(tree.documents()[0], "a").unwrap();
    assert_eq!(tree.style(node), Style::Literal);
    assert_eq!(tree.span(node), Span::new(4, 24));
    assert_eq!(tree.source_span(node, 4..7), Span::new(17, 20));
    assert_eq!(tree.content_span(node), Span::new(9, 21));
}

#[test]
fn templates() {
    value("\"${b}\"", "hcl:template([hcl:ref(b)])");
    value(
        "\"x${b}-${c.d[0]}\\n\"",
        "hcl:template([x, hcl:ref(b), -, hcl:ref(c.d[0]), ⏎])",
    );
    value(
        "\"${f(\"b${c}\")}\"",
        "hcl:template([hcl:f([hcl:template([b, hcl:ref(c)])])])",
    );
    value("\"b  ${~ c ~}  d\"", "hcl:template([b, hcl:ref(c), d])");
    value(
        "\"%{ if b }c%{ else }d%{ endif }\"",
        "hcl:template([hcl:directive(%{ if b }), c, hcl:directive(%{ else }), d, hcl:directive(%{ endif })])",
    );
    value(
        "<<E\n%{ for x in b ~}\n${x}\n%{ endfor ~}\nE",
        "hcl:template([hcl:directive(%{ for x in b ~}), hcl:ref(x), ⏎, hcl:directive(%{ endfor ~})])",
    );
    // As Terraform has it: of the white space behind it, up to the end of the line.
    value(
        "<<-E\n    b\n      ${c ~}\n      \n       y\n  E",
        "hcl:template([b⏎  , hcl:ref(c),       ⏎   y⏎])",
    );
    value(
        "<<E\nb\n   ${~ c ~}  \n   d\nE",
        "hcl:template([b⏎, hcl:ref(c),    d⏎])",
    );
    value(
        "<<-E\n    ${~ b}\n      c\n  E",
        "hcl:template([hcl:ref(b), ⏎      c⏎])",
    );
    value("\"a$${b}${c}\"", "hcl:template([a${b}, hcl:ref(c)])");
    let tree = hcl("a = \"p${b}\\\"q\"\n");
    let node = tree.get(tree.documents()[0], "a").unwrap();
    let View::Tagged(_, list) = tree.view(node) else {
        panic!("{}", tree.outline())
    };
    assert_eq!(tree.style(list), Style::DoubleQuoted);
    let last = tree.items(list).unwrap()[2];
    assert_eq!(tree.style(last), Style::Fragment);
    assert_eq!(tree.source_span(last, 1..2), Span::new(12, 13));
}

#[test]
fn expressions() {
    value("var.x", "hcl:ref(var.x)");
    value("b.c[0] . d", "hcl:ref(b.c[0].d)");
    value("b[\"c d\"].e", "hcl:ref(b[\"c d\"].e)");
    value("b[each.key]", "hcl:ref(b[each.key])");
    value("b.0.c", "hcl:ref(b.0.c)");
    value("(b)", "hcl:ref(b)");
    value("(\n  b\n  .c\n)", "hcl:ref(b.c)");
    value("f()", "hcl:f([])");
    value("f(\n  b,\n  [c]\n)", "hcl:f([hcl:ref(b), [hcl:ref(c)]])");
    value("f(b...)", "hcl:f([hcl:expr(b...)])");
    value("p::q::f(1)", "hcl:p::q::f([1])");
    value("b ? 1 : \"c\"", "hcl:?([hcl:ref(b), 1, c])");
    value(
        "b ? c : d == 1 ? e : f",
        "hcl:?([hcl:ref(b), hcl:ref(c), hcl:?([hcl:expr(d == 1), hcl:ref(e), hcl:ref(f)])])",
    );
    value(
        "[{ k = b ? [1] : { c = 2 } }]",
        "[{k: hcl:?([hcl:ref(b), [1], {c: 2}])}]",
    );
    for raw in [
        "b + 1",
        "!b",
        "-b",
        "b[*].c",
        "b.*.c",
        "f(b)[0]",
        "f(b).c",
        "[for x in b : x.y if x != \"\"]",
        "{ for k, v in b : k => v... }",
        "b[c + 1]",
        "\"x\" == \"${b}\"",
        "[1, 2][0]",
    ] {
        value(raw, &format!("hcl:expr({raw})"));
    }
    value("{ for = 1 }", "{for: 1}");
}

#[test]
fn half_typed() {
    check("act\nb = 1\n", "{act: ~, b: 1}", &["act"]);
    check("act =\nb = 1\n", "{act: ~, b: 1}", &["act ="]);
    check("a = {\n  k\n  l = 2\n}\n", "{a: {k: ~, l: 2}}", &["k"]);
    check("a = {\n  k =\n  l = 2\n}\n", "{a: {k: ~, l: 2}}", &["k ="]);
    check("a = var.\nb = 1\n", "{a: hcl:ref(var.), b: 1}", &["."]);
    check(
        "a = [\n  var.\n]\nb = 1\n",
        "{a: [hcl:ref(var.)], b: 1}",
        &["."],
    );
    check("a = 1 +\nb = 1\n", "{a: hcl:expr(1 +), b: 1}", &["+"]);
    check(
        "a = b ?\nc = 1\n",
        "{a: hcl:?([hcl:ref(b), ~, ~]), c: 1}",
        &["?", "?"],
    );
    check(
        "a = b ? 1\nc = 1\n",
        "{a: hcl:?([hcl:ref(b), 1, ~]), c: 1}",
        &["?"],
    );
    check(
        "resource \"x\"\nb = 1\n",
        "{resource: {x: ~}, b: 1}",
        &["resource \"x\""],
    );
    check("a \"b\"\n{\n  c = 1\n}\n", "{a: {b: {c: 1}}}", &["a \"b\""]);
    check("a =\n[1]\n", "{a: [1]}", &["a ="]);
}

#[test]
fn unclosed_brackets() {
    check(
        "a \"x\" {\n  b = 1\n\nc \"y\" {\n  d = 2\n}\n",
        "{a: {x: {b: 1}}, c: {y: {d: 2}}}",
        &["{"],
    );
    check(
        "a {\n  b {\n    c = 1\n  d = 2\n}\ne {\n}\n",
        "{a: {b: {c: 1}, d: 2}, e: {}}",
        &["{"],
    );
    check(
        "a {\n  b = {\n    c = 1\n  d = 2\n}\ne {\n}\n",
        "{a: {b: {c: 1}, d: 2}, e: {}}",
        &["{"],
    );
    check(
        "a {\n  b = [\n    1,\n  c = 2\n}\n",
        "{a: {b: [1], c: 2}}",
        &["["],
    );
    check("a {\n  b = [1\n}\nc = 2\n", "{a: {b: [1]}, c: 2}", &["["]);
    check(
        "a {\n  b = f(1\n}\nc = 2\n",
        "{a: {b: hcl:f([1])}, c: 2}",
        &["("],
    );
    check("a = [1\nb = 2\n", "{a: [1], b: 2}", &["["]);
    check("a {\n  b = 1\n", "{a: {b: 1}}", &["{"]);
    check("a = 1\n}\nb = 2\n", "{a: 1, b: 2}", &["}"]);
    check("a = [(b]\nc = 1\n", "{a: [hcl:ref(b)], c: 1}", &["("]);
    // The end of the object around one is taken for its own.
    check(
        "a = [\n  {\n    b = 1\n    c = {\n  },\n  { b = 2, c = 3 }\n]\n",
        "{a: [{b: 1, c: {}}, {b: 2, c: 3}]}",
        &["{"],
    );
    check(
        "a = [\n  {\n    c = {\n    b = 1\n  },\n  {\n    b = 2\n  },\n]\nd = 1\n",
        "{a: [{c: {}, b: 1}, {b: 2}], d: 1}",
        &["{"],
    );
}

#[test]
fn unclosed_quotes() {
    check("a = \"b\nc = 1\n", "{a: b, c: 1}", &["\"b"]);
    check("a = [\"b, ]\nc = 1\n", "{a: [b], c: 1}", &["\"b"]);
    check(
        "a = f({ b = \"c })\nd = 1\n",
        "{a: hcl:f([{b: c}]), d: 1}",
        &["\"c"],
    );
    check(
        "a = \"b${c\nd = 1\n",
        "{a: hcl:template([b, hcl:ref(c)]), d: 1}",
        &["${"],
    );
    check(
        "a = \"b${c\"\nd = 1\n",
        "{a: hcl:template([b, hcl:ref(c)]), d: 1}",
        &["${"],
    );
    check(
        "a = \"b${}\"\nd = 1\n",
        "{a: hcl:template([b, ~]), d: 1}",
        &["${"],
    );
    check(
        "a = <<E\n${b\nE\nc = 1\n",
        "{a: hcl:template([hcl:ref(b), ⏎]), c: 1}",
        &["${"],
    );
    check(
        "a {\n  b = <<E\n{\n  \"x\": {\n  }\n}\n}\n\nc \"d\" {\n}\n",
        "{a: {b: {⏎  \"x\": {⏎  }⏎}}, c: {d: {}}}",
        &["<<E"],
    );
    check("a = <<E\nb\n", "{a: b}", &["<<E"]);
    check("a = 1 /* b\nc = 2\n", "{a: 1}", &["/*"]);
}

#[test]
fn separators() {
    check("a = [\"b\" \"c\"]\n", "{a: [b, c]}", &["\"c\""]);
    check("a = [\n  \"b\"\n  \"c\",\n]\n", "{a: [b, c]}", &["\"c\""]);
    check("a = [1,, 2]\n", "{a: [1, 2]}", &[","]);
    check("a = { b = 1 c = 2 }\n", "{a: {b: 1, c: 2}}", &["c"]);
    check("a = { b 1 }\n", "{a: {b: 1}}", &["b"]);
    check("a {\n  b = 1, c = 2\n}\n", "{a: {b: 1, c: 2}}", &[","]);
    check("a: 1\nb = 2\n", "{a: 1, b: 2}", &[":"]);
    check("a [1]\nb = 2\n", "{a: [1], b: 2}", &["a"]);
    check("\"a\" = 1\n", "{a: 1}", &["\"a\""]);
    check("a { b = 1\n}\n", "{a: {b: 1}}", &["b"]);
    check("a {\n  b = 1 }\n", "{a: {b: 1}}", &["}"]);
    check("a { b { c = 1 } }\n", "{a: {b: {c: 1}}}", &["b"]);
    check("a {} b {}\n", "{a: {}, b: {}}", &["b"]);
    check("a = 1 2\nb = 2\n", "{a: 1, <2>: ~, b: 2}", &["2"]);
}

#[test]
fn wrong_characters() {
    check("a = 'b'\nc = 1\n", "{a: b, c: 1}", &["'b'"]);
    check("a = *\nb = 1\n", "{a: <*>, b: 1}", &["*"]);
    check("a = [*, b]\n", "{a: [<*>, hcl:ref(b)]}", &["*"]);
    check("a = \"\\d\"\n", "{a: \\d}", &["\\d"]);
    check("??? x\nb = 1\n", "{<??? x>: ~, b: 1}", &["?"]);
    check("a = <<\nb = 1\n", "{a: <<<>, b: 1}", &["<<"]);
}

#[test]
fn other_languages() {
    let tree = hcl("a {\n  {% if x %}\n  b = {{ y }}\n  {% endif %}\n}\nc = 1\n");
    assert_eq!(show(&tree), "{a: {b: hcl:ref({{ y }})}, c: 1}");
    let kinds = |tree: &Tree| -> Vec<ProblemKind> {
        let problems = problems(tree).into_iter();
        problems.map(|(kind, _)| kind).collect()
    };
    assert_eq!(kinds(&tree), [ProblemKind::Templated]);
    let b = tree.documents().iter().find_map(|root| {
        let a = tree.get(*root, "a")?;
        tree.get(a, "b")
    });
    let b = b.expect("an argument");
    assert_eq!(tree.conditions(b).collect::<Vec<_>>(), [("x", true)]);

    // What is no mark is as wrong as ever; a mark in a string is text.
    let tree = hcl("a = {{ x }}\nb = \"{{ y(\"z\") }}-1\"\n{{ more }}\nc = ??\n");
    assert_eq!(kinds(&tree), [ProblemKind::Templated]);
    let tree = hcl("a = {{ x }}\nb = \"{{ y(\"z\") }}-1\"\nc = ??\n");
    assert_eq!(
        show(&tree),
        "{a: hcl:ref({{ x }}), b: {{ y(\"z\") }}-1, c: <??>}"
    );
    assert_eq!(kinds(&tree), [ProblemKind::Templated, ProblemKind::Syntax]);
    // Nothing is said of marks in what is valid.
    assert!(
        hcl("a = \"{{ x }}\"\nb = <<E\n{% if y %}\nE\n")
            .problems()
            .is_empty()
    );
}

#[test]
fn messages_name_what_is_wrong() {
    for (source, message) in [
        ("a\n", "Expected `=` or `{` after `a`."),
        ("a =\n", "Expected a value after `=`."),
        (
            "a = [1 2]\n",
            "Expected `,` or `]` after the value, found `2`.",
        ),
        ("a = \"b\n", "This string has no closing `\"` on its line."),
        ("a {\n", "This block isn't closed by `}`."),
        (
            "a = <<E\n",
            "This heredoc isn't closed: no line below it is just `E`.",
        ),
        ("a = [\n", "This list isn't closed by `]`."),
    ] {
        assert_eq!(messages(source), [message], "{source}");
    }
}

#[test]
fn hostile() {
    let has = |tree: &Tree, kind| tree.problems().iter().any(|problem| problem.kind == kind);
    for count in [1_000, 50_000] {
        for source in [
            "[",
            "(",
            "{",
            "f(",
            "{a=",
            "[for x in ",
            "\"${",
            "b[",
            "b ? ",
            "!",
            "1 + ",
            "<<E\n${",
            "((b ? c : ",
            "x ? {a=[\"${f(",
        ] {
            Tree::parse("a = ".to_owned() + &source.repeat(count), Format::Hcl);
        }
        for source in [
            "a {\n",
            "a \"b\" ",
            "a b {\n",
            "}\n",
            "a = <<E\n",
            "a = <<E\nb \"c\" {\n",
            "a = \"${\n",
            "/*",
            "a = [\n",
        ] {
            Tree::parse(source.repeat(count), Format::Hcl);
        }
    }
    let unended: String = (0..100_000)
        .map(|index| format!("a = <<E{index}\nb \"c\" {{\n"))
        .collect();
    Tree::parse(unended, Format::Hcl);
    let nested = |count: usize| {
        Tree::parse(
            format!("a = {}{}", "[".repeat(count), "]".repeat(count)),
            Format::Hcl,
        )
    };
    assert!(nested(200).is_complete());
    assert!(has(&nested(201), ProblemKind::TooDeep));
    let labels = Tree::parse("a ".to_owned() + &"b ".repeat(300) + "{\n}\n", Format::Hcl);
    assert!(has(&labels, ProblemKind::TooDeep));
}
