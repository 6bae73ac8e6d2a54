//! What holds for any text and any edit.

use proptest::prelude::*;

use super::generate::{self, Dice};
use super::{show, sound};
use crate::{Format, Span, Tree};

/// What is typed, and what breaks things.
const SNIPPETS: [&str; 42] = [
    "",
    "x",
    "\n",
    " ",
    "  ",
    ": ",
    "- ",
    "#",
    " # c\n",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    ",",
    "*",
    "&a ",
    "!Sub ",
    "|\n",
    "\n  - y\n",
    "\nk: v\n",
    "\t",
    "é",
    "---\n",
    "...\n",
    "%",
    "Ref: ",
    "\r\n",
    "\\",
    "{{ x }}",
    "{{",
    "}}",
    "{% if x %}\n",
    "{% else %}",
    "\n{%- endif %}\n",
    "${x}",
    "%{ if x ~}",
    "%{ endif }",
    "<%= x(\"y\") %>",
    "{{- range .x }}\n",
    "{{- end }}",
];

fn edits() -> impl Strategy<Value = Vec<(u32, u32, usize)>> {
    prop::collection::vec(
        (
            0..600u32,
            prop_oneof![Just(0u32), 0..6u32, 0..60u32],
            0..SNIPPETS.len(),
        ),
        1..8,
    )
}

fn follow(source: String, format: Format, edits: &[(u32, u32, usize)]) {
    let mut tree = Tree::parse(source, format);
    for (start, length, snippet) in edits {
        let start = start % (tree.source().len() as u32 + 2);
        let before = tree.source().to_owned();
        let range = Span::new(start, start + length);
        let change = tree.edit(range, SNIPPETS[*snippet]);
        let whole = Tree::parse(tree.source().to_owned(), format);
        assert_eq!(
            tree.outline(),
            whole.outline(),
            "{range:?} {:?} in {before:?} ({change:?})",
            SNIPPETS[*snippet]
        );
        sound(&tree);
    }
}

/// A `:` at the beginning of a line is that of the mapping in whose column it stands.
#[test]
fn missing_values_of_nested_keys_stand_behind_their_keys() {
    for source in [
        "? : ? ?\r: 11\n",
        "? ? ?\n: 11\n",
        "? : ?\n: 11\n",
        "? ? a\n  : b\n: c\n",
        "? ? a\n: c\n",
        "a:\n  ? b\n  :\n",
    ] {
        let first = Tree::parse(source.to_owned(), Format::Yaml);
        sound(&first);
        let second = Tree::second_reading(source.to_owned()).expect(source);
        assert_eq!(first.outline(), second.outline(), "{source:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn generated_yaml_is_valid(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let tree = Tree::parse(generate::yaml(&mut Dice(&bytes)), Format::Yaml);
        prop_assert!(tree.is_complete(), "{}\n{}", tree.source(), tree.outline());
        sound(&tree);
    }

    #[test]
    fn both_yaml_readers_agree(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let first = Tree::parse(generate::yaml(&mut Dice(&bytes)), Format::Yaml);
        if let Some(second) = Tree::second_reading(first.source().to_owned()) {
            prop_assert_eq!(first.outline(), second.outline(), "{}", first.source());
        }
    }

    #[test]
    fn generated_json_is_valid(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let tree = Tree::parse(generate::json(&mut Dice(&bytes), 0), Format::Json);
        prop_assert!(tree.is_complete(), "{}\n{}", tree.source(), tree.outline());
        sound(&tree);
    }

    #[test]
    fn yaml_edits_give_what_a_whole_reading_gives(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        edits in edits(),
    ) {
        follow(generate::yaml(&mut Dice(&bytes)), Format::Yaml, &edits);
    }

    #[test]
    fn json_edits_give_what_a_whole_reading_gives(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        edits in edits(),
    ) {
        follow(generate::json(&mut Dice(&bytes), 0), Format::Json, &edits);
    }

    #[test]
    fn generated_hcl_is_valid(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let (source, expected) = generate::hcl(&mut Dice(&bytes));
        let tree = Tree::parse(source, Format::Hcl);
        prop_assert!(tree.is_complete(), "{}\n{}", tree.source(), tree.outline());
        sound(&tree);
        prop_assert_eq!(show(&tree), expected, "{}", tree.source());
    }

    #[test]
    fn hcl_edits_give_what_a_whole_reading_gives(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        edits in edits(),
    ) {
        follow(generate::hcl(&mut Dice(&bytes)).0, Format::Hcl, &edits);
    }

    #[test]
    fn any_hcl_is_read(source in "(a|b = |\"|\\$\\{|%\\{|[ \\t\\n\\r{}\\[\\]()=:?,.<\\-E#/*~\\\\!+é01]){0,60}") {
        let tree = Tree::parse(source, Format::Hcl);
        sound(&tree);
        for at in 0..=tree.source().len() as u32 + 1 {
            tree.node_at(at);
        }
    }

    /// Marks of other tools, closed or not, among the brackets of both formats.
    #[test]
    fn any_marks_are_read(source in "(\\{\\{|\\}\\}|\\{% if a %\\}|\\{% else %\\}|\\{% endif %\\}|%\\{ for a in b \\}|%\\{ endfor \\}|\\$\\{a\\}|<%= |%>|\"|,|:|\\[|\\]|\\{|\\}|k: |- |\n|  |a|\\|\n|é|#){0,30}") {
        for format in [Format::Yaml, Format::Json] {
            let tree = Tree::parse(source.clone(), format);
            sound(&tree);
            for region in tree.regions() {
                prop_assert!(source.get(region.span.range()).is_some());
            }
        }
    }

    #[test]
    fn any_text_is_read(source in "[ \\t\\n\\r\\-:?,\\[\\]{}#&*!|>'\"%@`a\\\\é0<]{0,60}") {
        for format in [Format::Yaml, Format::Json, Format::Hcl] {
            let tree = Tree::parse(source.clone(), format);
            sound(&tree);
            for at in 0..=source.len() as u32 + 1 {
                tree.node_at(at);
            }
            for document in tree.documents() {
                tree.pairs(*document);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    /// Lines as YAML has them, whole and broken ones.
    #[test]
    fn any_lines_are_read(source in "( {0,5}(- |-|k: |k:|\\? |!Sub |&a |\"k\": |\t|---|\\.\\.\\.|%)?(- |k: |!Sub |!If|&a |\\| |>|'|\"|\\[|\\{|#|\\*|\\*a|v|é|\\x00)?(, |: |- |v|'|\"|\\]|\\}| #c|\\\\|\\x11|[$]\\{a\\})?(v|\"|'|\\]|\\})?(\r?\n)?){0,14}") {
        let tree = Tree::parse(source, Format::Yaml);
        sound(&tree);
    }
}
