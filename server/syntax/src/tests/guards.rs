//! Hostile texts: read quickly, without overflowing the stack, with one problem that says why.

use super::{json, problems, show, yaml};
use crate::{Format, Limits, ProblemKind, Span, Tree, View};

fn has(tree: &Tree, kind: ProblemKind) -> bool {
    tree.problems().iter().any(|problem| problem.kind == kind)
}

#[test]
fn deep_json() {
    for count in [10_000, 1_000_000] {
        for source in [
            "[".repeat(count),
            "[".repeat(count) + &"]".repeat(count),
            "{\"a\":".repeat(count),
            "[{\"a\":".repeat(count) + "1" + &"}]".repeat(count),
        ] {
            let tree = Tree::parse(source, Format::Json);
            assert!(has(&tree, ProblemKind::TooDeep));
            tree.node_at(tree.source().len() as u32 / 2);
        }
    }
}

#[test]
fn deep_yaml() {
    for count in [10_000, 1_000_000] {
        for source in [
            "[".repeat(count),
            "{a: ".repeat(count),
            "- ".repeat(count),
            "? ".repeat(count),
            "[".repeat(count) + &"]".repeat(count),
            "- - [".repeat(count),
            "a: !x &y ".repeat(count),
        ] {
            let tree = Tree::parse(source, Format::Yaml);
            assert!(!tree.is_complete());
        }
    }
    let stairs: String = (0..2_000)
        .map(|depth| format!("{:depth$}a:\n", ""))
        .collect();
    let tree = Tree::parse(stairs, Format::Yaml);
    assert!(has(&tree, ProblemKind::TooDeep));
}

#[test]
fn the_limit_itself_is_fine() {
    let limit = Limits::default().depth as usize;
    let nested = |count: usize| "[".repeat(count) + &"]".repeat(count);
    for format in [Format::Json, Format::Yaml] {
        assert!(Tree::parse(nested(limit), format).is_complete());
        assert!(has(
            &Tree::parse(nested(limit + 1), format),
            ProblemKind::TooDeep
        ));
    }
}

#[test]
fn too_large() {
    let limits = Limits {
        size: 10,
        ..Limits::default()
    };
    let mut tree = Tree::parse_with("{\"a\": 1234}".to_owned(), Format::Json, &limits);
    assert_eq!(problems(&tree), [(ProblemKind::TooLarge, String::new())]);
    tree.edit(Span::new(6, 7), "");
    assert_eq!(show(&tree), "{a: 234}");
}

#[test]
fn too_many_signs() {
    let limits = Limits {
        signs: 19,
        ..Limits::default()
    };
    for (source, format) in [
        ("[[],[],[],[],[],[],[],[],[],[]]", Format::Json),
        ("[[],[],[],[],[],[],[],[],[],[]]", Format::Yaml),
        ("a = [[],[],[],[],[],[],[],[],[],[]]", Format::Hcl),
    ] {
        let tree = Tree::parse_with(source.to_owned(), format, &limits);
        assert!(has(&tree, ProblemKind::TooLarge), "{source}");
        let fewer = source.replacen(",[]", "", 1) + "     ";
        let tree = Tree::parse_with(fewer, format, &limits);
        assert!(!has(&tree, ProblemKind::TooLarge), "{source}");
    }
}

#[test]
fn billion_laughs() {
    let mut source = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let alias = format!("*a{}, ", level - 1).repeat(9);
        source.push_str(&format!("a{level}: &a{level} [{alias}]\n"));
    }
    let tree = yaml(&source);
    assert_eq!(tree.problems().len(), 1);
    assert!(has(&tree, ProblemKind::Expansion) && tree.is_complete());
    let mut merges = "m0: &m0 {k: v}\n".to_owned();
    for level in 1..40 {
        let below = level - 1;
        merges.push_str(&format!(
            "m{level}: &m{level}\n  <<: [*m{below}, *m{below}]\n  k{level}: v\n"
        ));
    }
    let tree = yaml(&merges);
    assert!(has(&tree, ProblemKind::Expansion));
    let root = tree.documents()[0];
    let early = tree.get(root, "m9").unwrap();
    assert_eq!(tree.pairs(early).len(), 10);
    assert_eq!(tree.get(early, "k").and_then(|id| tree.text(id)), Some("v"));
    // An alias that goes beyond is not followed.
    let last = tree.get(root, "m39").unwrap();
    assert_eq!(tree.pairs(last).len(), 1);
}

/// How many nodes a walk through all links comes to.
fn walked(tree: &Tree) -> usize {
    let mut open = tree.documents().to_vec();
    let mut count = 0;
    while let Some(node) = open.pop() {
        count += 1;
        match tree.view(tree.resolved(node)) {
            View::Mapping(pairs) => open.extend(pairs.iter().flat_map(|at| [at.key, at.value])),
            View::Sequence(items) => open.extend(items),
            View::Tagged(_, inner) => open.push(inner),
            _ => {}
        }
    }
    count
}

#[test]
fn a_walk_is_no_longer_than_the_text_and_the_limit() {
    let limits = Limits {
        expansion: 50,
        ..Limits::default()
    };
    let parse = |source: &str| Tree::parse_with(source.to_owned(), Format::Yaml, &limits);
    let small = "a: &a [x, x, x, x]\nb: [*a, *a, *a, *a]\n";
    let tree = parse(small);
    assert_eq!(tree.problems(), []);
    assert_eq!(walked(&tree), 29);
    let policy =
        "'{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": [1, 2, 3, 4, 5, 6, 7, 8, 9]}]}'";
    let anchored = format!("a: &a [{}]\n", "x, ".repeat(20));
    let tagged = anchored.replace("&a", "&a !t");
    let aliases = "*a, ".repeat(9);
    let pairs = "? [*a] : *a, c: *a, d: *a, e: *a, f: *a, g: *a, h: *a";
    let document = format!("{anchored}b: [{aliases}]\n---\n");
    for source in [
        // Over several documents, in keys, under tags, in strings that hold a document.
        document.repeat(4),
        format!("{anchored}b: {{? *a : *a, {pairs}}}\n"),
        format!("{tagged}b: [!u [*a], {aliases}]\n"),
        format!("a: &a {policy}\nb: [{aliases}]\n"),
        "a: &a [*a, *a]\n".into(),
        "a: &a [x, &b [*a, *b]]\nc: *a\n".into(),
    ] {
        let tree = parse(&source);
        assert!(has(&tree, ProblemKind::Expansion), "{source}");
        let written = tree.outline().lines().count();
        assert!(walked(&tree) <= written + 50.max(4 * written), "{source}");
    }
    // A long text may say more by aliases.
    let long = format!(
        "{small}c: [{}]\nd: [{}]\n",
        "y, ".repeat(100),
        "*a, ".repeat(60)
    );
    assert_eq!(parse(&long).problems(), []);
}

#[test]
fn strings_that_look_like_documents() {
    let count = 20_000;
    let texts = [
        "{Statement ".to_owned() + &"${".repeat(count * 8),
        "{Statement ".to_owned() + &"${a}".repeat(count * 4),
        "{Statement ".to_owned() + &"[".repeat(count * 8),
        "{\"Statement\": [{\"Effect\": 1}, ".to_owned() + &"{\"a\":\"b\" ".repeat(count),
        "{\"Statement\": [".to_owned() + &"\"${a}\",".repeat(count) + "1]}",
    ];
    for text in texts {
        let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
        let twice = quoted.replace('\\', "\\\\").replace('"', "\\\"");
        json(&format!("[\"{quoted}\"]"));
        json(&format!("[\"[\\\"{twice}\\\"]\"]"));
        json(&format!("{{\"Fn::Sub\": \"{quoted}\"}}"));
        json(&format!("{{\"Fn::Sub\": [\"{quoted}\", {{\"a\": 1}}]}}"));
        Tree::parse(format!("a = \"{quoted}\"\n"), Format::Hcl);
        Tree::parse(format!("a = <<E\n{text}\nE\n"), Format::Hcl);
    }
    let many = "\"{Statement\", ".repeat(count * 4);
    json(&format!("[{many} 1]"));
    let policies = "'{\"Statement\": []}': '{\"Statement\": []}', ".repeat(count);
    let tree = yaml(&format!("{{{policies}}}"));
    assert_eq!(tree.outline().matches("holds").count(), count);
    // A map that is shared by many texts must be small.
    let map: String = (0..300).map(|at| format!("\"k{at}\": 1, ")).collect();
    let shared = |map: &str| {
        let source = format!(
            "{{\"Fn::Sub\": [\"{{\\\"Statement\\\": [\\\"${{a}}\\\"]}}\", {{{map} \"a\": 1}}]}}"
        );
        json(&source).outline().contains("holds")
    };
    assert!(shared("") && !shared(&map));
}

#[test]
fn cycles_end() {
    let tree = yaml("a: &x\n  <<: *x\n  b: *x\nc: *x\n");
    let root = tree.documents()[0];
    let cycle = tree.get(root, "c").unwrap();
    assert_eq!(tree.pairs(cycle).len(), 1);
    assert!(matches!(tree.view(tree.resolved(cycle)), View::Mapping(_)));
    assert!(has(&tree, ProblemKind::Expansion));
}

#[test]
fn characters_that_no_text_holds() {
    for source in [
        "a: \0\nb: 1\n",
        "\0",
        "a: \"\0\"\n",
        "a: |\n  \0\n",
        "# \0\na: 1\n",
    ] {
        assert!(!yaml(source).problems().is_empty(), "{source:?}");
        assert!(!json(source).problems().is_empty(), "{source:?}");
    }
}

#[test]
fn edits_out_of_range_are_moved() {
    for format in [Format::Json, Format::Yaml] {
        let mut tree = Tree::parse("[é]".to_owned(), format);
        tree.edit(Span::new(2, 99), "x]");
        assert_eq!(tree.source(), "[x]");
        tree.edit(Span::new(500, 400), "\n");
        assert_eq!(tree.source(), "[x]\n");
        tree.edit(Span { start: 3, end: 1 }, " ");
        assert_eq!(tree.source(), "[x] \n");
    }
}
