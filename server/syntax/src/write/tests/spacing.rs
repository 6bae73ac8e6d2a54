//! Blank lines and comments of generated lists, in every notation: sections stay apart, nothing is left before a bracket,
//! and each comment that isn't a removed entry's is there once.

use proptest::prelude::*;

use super::properties::Dice;
use super::*;

/// How the entries of a list are written.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Notation {
    Block,
    Flow,
    Jsonc,
    Hcl,
    Statements,
    Blocks,
    Pairs,
    Objects,
}

const NOTATIONS: [Notation; 8] = [
    Notation::Block,
    Notation::Flow,
    Notation::Jsonc,
    Notation::Hcl,
    Notation::Statements,
    Notation::Blocks,
    Notation::Pairs,
    Notation::Objects,
];

impl Notation {
    fn format(self) -> Format {
        match self {
            Notation::Block | Notation::Flow | Notation::Statements => Format::Yaml,
            Notation::Jsonc | Notation::Objects => Format::Jsonc,
            _ => Format::Hcl,
        }
    }

    fn frame(self) -> (&'static str, &'static str) {
        match self {
            Notation::Block | Notation::Statements => ("top: 1\nlist:\n", "tail: 2\n"),
            Notation::Flow => ("top: 1\nlist: [\n", "]\ntail: 2\n"),
            Notation::Jsonc | Notation::Objects => {
                ("{\n\"top\": 1,\n\"list\": [\n", "],\n\"tail\": 2\n}\n")
            }
            Notation::Hcl => ("top = 1\nlist = [\n", "]\ntail = 2\n"),
            Notation::Blocks | Notation::Pairs => ("list {\n", "}\n"),
        }
    }

    fn has_commas(self) -> bool {
        !matches!(
            self,
            Notation::Block | Notation::Statements | Notation::Blocks | Notation::Pairs
        )
    }

    fn mark(self, dice: &mut Dice) -> (&'static str, &'static str) {
        match self.format() {
            Format::Jsonc => dice.pick(&[("// ", ""), ("/* ", " */")]),
            Format::Hcl => dice.pick(&[("# ", ""), ("// ", ""), ("/* ", " */")]),
            _ => ("# ", ""),
        }
    }

    fn entry(self, index: usize, dice: &mut Dice) -> String {
        match self {
            Notation::Block => format!("- s3:Get{index}"),
            Notation::Flow => format!("s3:Get{index}"),
            Notation::Jsonc | Notation::Hcl => format!("\"s3:Get{index}\""),
            Notation::Statements => match dice.one_in(2) {
                true => format!("- Sid: S{index}\n    Effect: Allow"),
                false => format!("- Sid: S{index}\n    Effect: Allow\n    Action:\n      - s3:Get"),
            },
            Notation::Blocks => format!("block {{\n    sid = \"S{index}\"\n  }}"),
            Notation::Pairs => format!("key{index} = \"v\""),
            Notation::Objects => {
                format!("{{\n    \"Sid\": \"S{index}\",\n    \"Effect\": \"Allow\"\n  }}")
            }
        }
    }
}

struct Written {
    source: String,
    /// The comments of each entry, and those of none.
    own: Vec<Vec<String>>,
    sections: Vec<String>,
}

fn written(notation: Notation, count: usize, dice: &mut Dice) -> Written {
    let (head, tail) = notation.frame();
    let mut out = head.to_owned();
    let (mut own, mut sections) = (Vec::new(), Vec::new());
    let mut number = 0;
    let trailing = dice.one_in(2);
    let blanks = dice.one_in(2);
    for index in 0..count {
        let mut comments = Vec::new();
        let mut comment = |dice: &mut Dice| {
            number += 1;
            let (open, close) = notation.mark(dice);
            format!("{open}c{number}-{close}")
        };
        if dice.one_in(3) {
            // A section's heading, set apart from what is above and below it.
            let text = comment(dice);
            if index > 0 || dice.one_in(4) {
                out.push('\n');
            }
            out.push_str(&format!("  {text}\n\n"));
            sections.push(text);
        } else {
            if index > 0 && blanks && dice.one_in(2) {
                out.push('\n');
            }
            if dice.one_in(3) {
                for _ in 0..1 + dice.roll(2) {
                    let text = comment(dice);
                    out.push_str(&format!("  {text}\n"));
                    comments.push(text);
                }
            }
        }
        out.push_str("  ");
        out.push_str(&notation.entry(index, dice));
        if notation.has_commas() && (index + 1 < count || trailing) {
            out.push(',');
        }
        if dice.one_in(4) {
            let text = comment(dice);
            out.push_str(&format!(" {text}"));
            comments.push(text);
        }
        out.push('\n');
        own.push(comments);
    }
    out.push_str(tail);
    Written {
        source: out,
        own,
        sections,
    }
}

fn entries(tree: &Tree, notation: Notation) -> (NodeId, Vec<NodeId>) {
    let list = at(tree, "list");
    let entries = match tree.view(list) {
        View::Sequence(items) => items.to_vec(),
        View::Mapping(pairs) => pairs.iter().map(|pair| pair.key).collect(),
        other => panic!("{notation:?}: {other:?}"),
    };
    (list, entries)
}

fn remove_entry(tree: &Tree, list: NodeId, entry: NodeId) -> Edit {
    match tree.view(list) {
        View::Sequence(_) => Edit::RemoveItem { list, item: entry },
        _ => Edit::RemovePair {
            mapping: list,
            key: entry,
        },
    }
}

fn lines_are_well(before: &str, after: &str, what: &str) {
    let lines: Vec<&str> = after.lines().collect();
    let was: Vec<&str> = before.lines().collect();
    let blank = |line: &str| line.trim().is_empty();
    for (index, pair) in lines.windows(2).enumerate() {
        assert!(
            !(blank(pair[0]) && blank(pair[1])),
            "two blank lines at {index}: {what}\n{before}\n---\n{after}"
        );
        let closes = |line: &str| line.trim_start().starts_with([']', '}']);
        assert!(
            !(blank(pair[0]) && closes(pair[1])),
            "a blank line before a bracket at {index}: {what}\n{before}\n---\n{after}"
        );
        let opens = |line: &str| {
            line.ends_with(['[', '{', ':'])
                && line.starts_with(|c: char| c.is_alphabetic() || c == '"')
        };
        let opened = |line: &str| {
            was.windows(2)
                .any(|two| two[0].trim_end() == line.trim_end() && blank(two[1]))
        };
        assert!(
            !(opens(pair[0]) && blank(pair[1])) || opened(pair[0]),
            "a blank line behind a bracket at {index}: {what}\n{before}\n---\n{after}"
        );
    }
    assert!(!lines.last().is_some_and(|line| blank(line)), "{after}");
    assert!(
        !lines
            .iter()
            .any(|line| line.ends_with(' ') && !before.contains(line)),
        "{what}\n{before}\n---\n{after}"
    );
}

fn run(seed: u64) {
    let mut dice = Dice(seed);
    for notation in NOTATIONS {
        let count = 1 + dice.roll(6);
        let written = written(notation, count, &mut dice);
        let tree = Tree::parse(written.source.clone(), notation.format());
        assert!(
            tree.is_complete(),
            "{:?}\n{}",
            tree.problems(),
            written.source
        );
        let (list, entries) = entries(&tree, notation);
        let mut gone: Vec<usize> = (0..count).filter(|_| dice.one_in(3)).collect();
        if gone.is_empty() {
            gone.push(dice.roll(count));
        }
        if gone.len() == count {
            gone.pop();
        }
        let edits: Vec<Edit> = gone
            .iter()
            .map(|index| remove_entry(&tree, list, entries[*index]))
            .collect();
        if edits.is_empty() {
            continue;
        }
        let what = format!("{notation:?} without {gone:?}");
        let text = match write(&tree, &edits) {
            Ok(text) => apply(&written.source, &text),
            Err(error) => panic!("{error}: {what}\n{}", written.source),
        };
        lines_are_well(&written.source, &text, &what);
        for (index, own) in written.own.iter().enumerate() {
            for comment in own {
                let times = text.matches(comment.as_str()).count();
                let is_well = times == 1 || (gone.contains(&index) && times == 0);
                assert!(
                    is_well,
                    "{comment} {times} times: {what}\n{}\n---\n{text}",
                    written.source
                );
            }
        }
        for section in &written.sections {
            assert_eq!(
                text.matches(section.as_str()).count(),
                1,
                "{section}: {what}\n{}\n---\n{text}",
                written.source
            );
            let at = text.find(section.as_str()).unwrap();
            let above = text[..at].lines().rev().nth(1).unwrap_or_default();
            let was_at = written.source.find(section.as_str()).unwrap();
            let was_above = written.source[..was_at]
                .lines()
                .rev()
                .nth(1)
                .unwrap_or_default();
            let head = notation.frame().0.lines().last().unwrap();
            assert!(
                above.trim().is_empty()
                    || above.trim() == head.trim()
                    || !was_above.trim().is_empty(),
                "{section} isn't apart: {what}\n{}\n---\n{text}",
                written.source
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        max_shrink_iters: 0,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn sections_stay_apart(seed: u64) {
        run(seed);
    }
}
