//! Generated files of HCL and edits of them, as in [`super::properties`].

use proptest::prelude::*;

use super::properties::{Dice, Nodes, REASONS, TEXTS, edit};
use super::*;

const NAMES: [&str; 8] = [
    "actions",
    "resources",
    "effect",
    "sid",
    "statement",
    "condition",
    "Action",
    "x",
];

/// Writes a random file.
struct Writing {
    dice: Dice,
    out: String,
    count: usize,
    comments: usize,
    aligned: bool,
    apart: bool,
    quoted: bool,
    sign: &'static str,
}

impl Writing {
    fn file(seed: u64) -> String {
        let mut dice = Dice(seed);
        let mut writing = Writing {
            comments: dice.pick(&[2, 4, 1000]),
            aligned: dice.one_in(2),
            apart: !dice.one_in(3),
            quoted: dice.one_in(3),
            sign: dice.pick(&[" = ", " = ", ": ", "="]),
            dice,
            out: String::new(),
            count: 0,
        };
        if writing.dice.one_in(4) {
            writing.comment_line("");
        }
        writing.body("", 0);
        let out = writing.out;
        // The line breaks of heredocs belong to their texts.
        if seed.is_multiple_of(5) && !out.contains("<<") {
            out.replace('\n', "\r\n")
        } else {
            out
        }
    }

    fn comment(&mut self) -> String {
        self.count += 1;
        format!("{} c{};", self.dice.pick(&["#", "//"]), self.count)
    }

    fn comment_line(&mut self, indent: &str) {
        let comment = self.comment();
        self.out.push_str(&format!("{indent}{comment}\n"));
    }

    fn body(&mut self, indent: &str, depth: usize) {
        let count = self.dice.roll(5);
        let mut names: Vec<&str> = Vec::new();
        for _ in 0..count {
            let name = self.dice.pick(&NAMES);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let width = names.iter().map(|name| name.len()).max().unwrap_or(0);
        for (index, name) in names.into_iter().enumerate() {
            let is_block = matches!(name, "statement" | "condition") && depth < 3;
            if index > 0 && (self.dice.one_in(6) || (is_block && self.apart)) {
                self.out.push('\n');
            }
            while self.dice.one_in(self.comments * 2) {
                self.comment_line(indent);
            }
            self.out.push_str(indent);
            self.out.push_str(name);
            if is_block {
                let labels = self.dice.pick(&["", " \"l\"", " \"l\" m"]);
                self.out.push_str(labels);
                self.out.push_str(" {");
                if !self.dice.one_in(6) {
                    self.out.push('\n');
                    self.body(&format!("{indent}  "), depth + 1);
                    self.out.push_str(indent);
                }
                self.out.push('}');
            } else {
                if self.aligned {
                    self.out.push_str(&" ".repeat(width - name.len()));
                }
                self.out.push_str(" = ");
                self.value(indent, 0);
            }
            if self.dice.one_in(self.comments) && !self.out.ends_with("EOT") {
                let comment = self.comment();
                self.out.push_str(&format!(" {comment}"));
            }
            self.out.push('\n');
        }
    }

    fn string(&mut self) {
        let text = self.dice.pick(&TEXTS);
        self.out.push_str(&crate::write::text::hcl(text));
    }

    fn value(&mut self, indent: &str, depth: usize) {
        match self.dice.roll(if depth > 2 { 6 } else { 10 }) {
            0 => self
                .out
                .push_str(self.dice.pick(&["true", "12", "null", "-1.5"])),
            1 => self
                .out
                .push_str(self.dice.pick(&["var.x", "a.b[0].c", "local.x[\"k\"]"])),
            2 => self
                .out
                .push_str(self.dice.pick(&["\"a${var.x}-b\"", "\"${a.b}\"", "a + 1"])),
            3 if depth == 0 => {
                self.out.push_str("<<-EOT\n");
                self.out.push_str(&format!(
                    "{indent}  one $${{x}}\n\n{indent}    two\n{indent}EOT"
                ));
            }
            3..=5 => self.string(),
            6 => {
                self.out.push_str("f(");
                self.value(indent, depth + 1);
                self.out.push(')');
            }
            7 => self.object(indent, depth),
            _ => self.list(indent, depth),
        }
    }

    fn list(&mut self, indent: &str, depth: usize) {
        let lines = self.dice.one_in(2);
        let inner = if lines {
            format!("{indent}  ")
        } else {
            indent.to_owned()
        };
        let count = self.dice.roll(4);
        self.out.push('[');
        for index in 0..count {
            if lines {
                self.out.push_str(&format!("\n{inner}"));
            } else if index > 0 {
                self.out.push(' ');
            }
            let is_wrapped = self.dice.one_in(9);
            self.out.push_str(if is_wrapped { "(" } else { "" });
            self.value(&inner, depth + 1);
            self.out.push_str(if is_wrapped { ")" } else { "" });
            if index + 1 < count || (lines && self.dice.one_in(2)) {
                self.out.push(',');
            }
            if lines && self.dice.one_in(self.comments) {
                let comment = self.comment();
                self.out.push_str(&format!(" {comment}"));
            }
        }
        if lines && count > 0 {
            self.out.push_str(&format!("\n{indent}"));
        }
        self.out.push(']');
    }

    fn object(&mut self, indent: &str, depth: usize) {
        let lines = !self.dice.one_in(4);
        let inner = if lines {
            format!("{indent}  ")
        } else {
            indent.to_owned()
        };
        let count = self.dice.roll(4);
        let commas = self.dice.one_in(3);
        self.out.push('{');
        for index in 0..count {
            self.out.push_str(&if lines {
                format!("\n{inner}")
            } else {
                " ".to_owned()
            });
            let quote = if self.quoted { "\"" } else { "" };
            let sign = self.sign;
            self.out.push_str(&format!("{quote}k{index}{quote}{sign}"));
            self.value(&inner, depth + 1);
            if (index + 1 < count && !lines) || (lines && commas) {
                self.out.push(',');
            }
            if lines && self.dice.one_in(self.comments) {
                let comment = self.comment();
                self.out.push_str(&format!(" {comment}"));
            }
        }
        if count > 0 {
            self.out.push_str(&if lines {
                format!("\n{indent}")
            } else {
                " ".to_owned()
            });
        }
        self.out.push('}');
    }
}

/// Refusals that only edits of HCL meet.
const OWN_REASONS: [&str; 11] = [
    "a heredoc needs the end of its line for itself",
    "a block is no value",
    "it holds the labels of a block",
    "the name of an argument can't be written like this",
    "it is a part of an expression",
    "it is a part of a text",
    "it is no single value",
    "a block needs a body",
    "a block of this type needs its labels",
    "its brackets are not both there",
    "a heredoc can't hold this text on one of its lines",
];

/// Whether an edit asks for what HCL can't say, so that only the proof refuses it.
fn is_senseless(tree: &Tree, edit: &Edit) -> bool {
    let is_code = |node: &NodeId| {
        tree.parent(*node)
            .is_some_and(|parent| matches!(tree.view(parent), View::Tagged(..)))
    };
    match edit {
        Edit::SetScalar { node, .. } | Edit::SetPart { node, .. } => is_code(node),
        Edit::InsertItem { list: node, .. } | Edit::RemoveItem { list: node, .. } => {
            tree.style(*node) != crate::Style::Flow
        }
        _ => false,
    }
}

fn run(seed: u64) {
    let source = Writing::file(seed);
    let tree = Tree::parse(source.clone(), Format::Hcl);
    assert!(tree.is_complete(), "{:?}\n{source}", tree.problems());
    let mut nodes = Nodes::default();
    nodes.collect(&tree, tree.documents()[0]);
    let mut dice = Dice(seed ^ 0x5eed);
    for _ in 0..4 {
        let mut edits = Vec::new();
        for _ in 0..1 + dice.roll(5) {
            edits.extend(edit(&mut dice, &tree, &nodes));
        }
        edits.retain(|edit| !is_senseless(&tree, edit));
        match write(&tree, &edits) {
            Ok(written) => model::check(&tree, &edits, &written),
            Err(error) => assert!(
                REASONS.contains(&error.reason) || OWN_REASONS.contains(&error.reason),
                "{error}\n{edits:?}\n{source}\n{}",
                shown(&tree, &edits)
            ),
        }
    }
}

/// What would be written without the proof.
fn shown(tree: &Tree, edits: &[Edit]) -> String {
    match super::super::plan::write(tree, edits, &[]) {
        Ok(written) => apply(tree.source(), &written),
        Err(error) => error.to_string(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500,
        // A smaller seed is no smaller file.
        max_shrink_iters: 0,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn hcl_is_read_as_it_was_meant(seed: u64) {
        run(seed);
    }
}
