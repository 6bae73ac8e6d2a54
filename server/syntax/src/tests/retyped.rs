//! Edits within one scalar.

use std::collections::HashSet;

use super::generate::{self, Dice};
use super::sound;
use crate::{Change, Format, NodeId, Span, Tree, View};

/// What is typed into a scalar: letters, and whatever ends one or makes something else of it.
const TYPED: [&str; 40] = [
    "a",
    "Z",
    "7",
    "-",
    "_",
    "*",
    ":",
    "/",
    ".",
    "?",
    " ",
    "#",
    ",",
    "[",
    "]",
    "{",
    "}",
    "$",
    "%",
    "\"",
    "'",
    "\\",
    "\n",
    "\t",
    "&",
    "!",
    "|",
    ">",
    "<",
    "@",
    "`",
    "=",
    "é",
    "${",
    "}}",
    "{{",
    "s3:Get",
    "Statement",
    ": ",
    " #",
];

/// Every scalar of a tree.
fn scalars(tree: &Tree) -> Vec<NodeId> {
    let mut open = tree.documents().to_vec();
    let mut found = Vec::new();
    while let Some(id) = open.pop() {
        match tree.view(id) {
            View::Mapping(pairs) => open.extend(pairs.iter().flat_map(|it| [it.key, it.value])),
            View::Sequence(items) => open.extend(items),
            View::Tagged(_, inner) => open.push(inner),
            View::Scalar(_) => found.push(id),
            View::Alias(_) | View::Invalid => {}
        }
        open.extend(tree.embedded(id));
    }
    found
}

/// Every node of a tree, documents in strings included.
pub(super) fn nodes(tree: &Tree) -> Vec<NodeId> {
    let mut open = tree.documents().to_vec();
    let mut found = Vec::new();
    while let Some(id) = open.pop() {
        match tree.view(id) {
            View::Mapping(pairs) => open.extend(pairs.iter().flat_map(|it| [it.key, it.value])),
            View::Sequence(items) => open.extend(items),
            View::Tagged(_, inner) => open.push(inner),
            View::Scalar(_) | View::Alias(_) | View::Invalid => {}
        }
        open.extend(tree.embedded(id));
        found.push(id);
    }
    found
}

/// Types into scalars of a text, and takes out of them. How many edits were read as such.
fn type_into(source: String, format: Format, roll: &mut impl FnMut(usize) -> usize) -> usize {
    let mut tree = Tree::parse(source, format);
    let mut count = 0;
    for _ in 0..12 {
        let all = scalars(&tree);
        if all.is_empty() {
            break;
        }
        let span = tree.span(all[roll(all.len())]);
        let behind = if span.is_empty() { roll(3) } else { 0 };
        let at = span.start + (behind + roll(span.len() as usize + 1)) as u32;
        let length = [0, 0, 0, 1, 1, 3][roll(6)];
        let typed = ["", TYPED[roll(TYPED.len())]][roll(4).min(1)];
        let before = tree.source().to_owned();
        let known: Vec<_> = all
            .iter()
            .map(|id| matches!(tree.view(*id), View::Scalar(_)))
            .collect();
        let nodes = nodes(&tree);
        let spans: Vec<Span> = nodes.iter().map(|id| tree.span(*id)).collect();
        let change = tree.edit(Span::new(at, at + length), typed);
        let whole = Tree::parse(tree.source().to_owned(), format);
        let case = format!("{typed:?} for {length} at {at} of {before:?}: {change:?}");
        assert_eq!(tree.outline(), whole.outline(), "{case}");
        sound(&tree);
        if let Change::Text(retyped) = &change {
            count += 1;
            let is_known = match retyped.is_of_list() {
                true => nodes.contains(&retyped.scalar),
                false => all.contains(&retyped.scalar),
            };
            assert!(retyped.turns || is_known, "{case}");
            let now = all
                .iter()
                .map(|id| matches!(tree.view(*id), View::Scalar(_)));
            assert!(retyped.turns || now.eq(known), "{case}");
            let left: HashSet<NodeId> = super::retyped::nodes(&tree).into_iter().collect();
            let stay = nodes.iter().zip(spans).filter(|(id, _)| left.contains(id));
            for (id, mut span) in stay {
                retyped.shift(&mut span);
                assert_eq!(span, tree.span(*id), "{id:?}, {case}");
            }
        }
    }
    count
}

#[test]
fn letters_change_a_scalar_and_nothing_else() {
    let mut counts = [0; 3];
    let mut seed = 1_u64;
    let mut roll = |sides: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % sides
    };
    for _ in 0..1500 {
        let bytes: Vec<u8> = (0..200).map(|_| roll(256) as u8).collect();
        let texts = [
            (generate::yaml(&mut Dice(&bytes)), Format::Yaml),
            (generate::json(&mut Dice(&bytes), 0), Format::Json),
            (generate::hcl(&mut Dice(&bytes)).0, Format::Hcl),
        ];
        for (count, (text, format)) in counts.iter_mut().zip(texts) {
            *count += type_into(text, format, &mut roll);
        }
    }
    assert!(counts.iter().all(|count| *count > 40), "{counts:?}");
}

/// What an edit at `$0` is.
fn typed(text: &str, format: Format, typed: &str) -> bool {
    let at = text.find("$0").unwrap() as u32;
    let mut tree = Tree::parse(text.replace("$0", ""), format);
    let change = tree.edit(Span::empty(at), typed);
    let whole = Tree::parse(tree.source().to_owned(), format);
    assert_eq!(tree.outline(), whole.outline());
    matches!(change, Change::Text(_))
}

#[test]
fn what_is_text_in_a_policy() {
    let cases = [
        (Format::Json, r#"{"Action": ["s3:Get$0", "b"]}"#, "O", true),
        (Format::Json, r#"{"Action": "$0"}"#, "s", true),
        (Format::Json, r#"{"Act$0ion": "s"}"#, "s", false),
        (Format::Json, r#"{"Fn::$0Sub": "s"}"#, "s", false),
        (Format::Json, r#"{"Fn::Sub": "arn:${A}$0"}"#, "s", true),
        (Format::Json, r#"{"Action": "s$0"}"#, "\"", false),
        (Format::Json, r#"{"Action": "s$0"}"#, "\\", false),
        (Format::Json, r#"{"Action": 1$0}"#, "2", false),
        (Format::Json, r#"{"Action": "s$0}"#, "a", false),
        (Format::Yaml, "a:\n  - s3:Get$0\n  - b\n", "O", true),
        (Format::Yaml, "a:\n  - s3$0\n  - b\n", ":", true),
        (Format::Yaml, "a:\n  - b\n  - s3$0\n", ":", true),
        (Format::Yaml, "a:\n  - s3:$0\n  - b\n", "G", true),
        (Format::Yaml, "a:\n  - s3:$0\n", "G", true),
        (Format::Yaml, "a:\n  - s3:$0\n", " b", false),
        (Format::Yaml, "a:\n  - Ref$0\n", ":", false),
        (Format::Yaml, "a:\n  - Ref:$0\n", "s", false),
        (Format::Yaml, "a: s3$0\n", ":", false),
        (Format::Yaml, "a:\n  - s3$0\n    c: d\n", ":", false),
        (Format::Yaml, "a:\n  - $0s3\n  - b\n", "a", true),
        (Format::Yaml, "a:\n  - $0\n  - b\n", "s", true),
        (Format::Yaml, "a:\n  - b\n  - $0\n", "s", true),
        (Format::Yaml, "a:\n  - b\n  - $0\n", "4", false),
        (Format::Yaml, "a:\n  - b\n  - $0\n", "c: d", false),
        (Format::Yaml, "a: $0\nb: c\n", "s", true),
        (Format::Yaml, "a: !Sub $0\nb: c\n", "s", false),
        (Format::Yaml, "a: [b, s3:Get$0]\n", "O", false),
        (Format::Yaml, "a: [b, 's3:Get$0']\n", "O", true),
        (Format::Yaml, "a: !Sub arn:${b}$0\n", "O", true),
        (Format::Yaml, "a: no$0\n", "n", false),
        (Format::Yaml, "a: b$0 # c\n", "n", true),
        (Format::Yaml, "a: &x bc$0\nb: *x\n", "n", false),
        (Format::Yaml, "a: |\n  b$0\n", "n", false),
        (Format::Hcl, "a = [\"s3:Get$0\"]\n", "O", true),
        (Format::Hcl, "a = \"arn:${b}:xy$0z\"\n", "O", true),
        (Format::Hcl, "a = \"arn:${b}:xy$0z\"\n", "$", false),
        (Format::Hcl, "resource \"a\" \"b$0\" {\n}\n", "O", false),
        (Format::Hcl, "a = b$0\n", "O", false),
    ];
    for (format, text, letter, expected) in cases {
        assert_eq!(typed(text, format, letter), expected, "{text:?} {letter:?}");
    }
}

#[test]
fn documents_in_strings_are_read_again() {
    let policy = r#"{"Statement": [{"Effect": "Allow", "Action": "s3:Get$0"}]}"#;
    let json = format!("{{\"p\": {:?}}}", policy);
    assert!(!typed(&json, Format::Json, "O"));
    let hcl = format!("p = <<E\n{policy}\nE\n");
    assert!(!typed(&hcl, Format::Hcl, "O"));
    let template = policy.replace('"', "\\\"").replace("Allow", "${b}");
    assert!(!typed(&format!("p = \"{template}\"\n"), Format::Hcl, "O"));
}
