//! Generated files and edits: what is written is read as the tree with the edits made, and no comment is lost.

use proptest::prelude::*;

use super::super::text::is_plain;
use super::*;

/// Random choices from a seed.
pub(super) struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, below: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % below.max(1)
    }

    pub fn one_in(&mut self, below: usize) -> bool {
        self.roll(below) == 0
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())]
    }
}

pub(super) const TEXTS: [&str; 26] = [
    "s3:GetObject",
    "s3:*",
    "*",
    "Allow",
    "arn:aws:s3:::b/*",
    "2012-10-17",
    "true",
    "111111111111",
    "a b",
    "it's",
    "say \"x\"",
    "ключ",
    "名前: ü",
    "a, b",
    "[x]",
    "",
    " edge ",
    "#no",
    "a #b",
    "back\\slash",
    "${x}",
    "tab\there",
    "line\nbreak",
    "\u{1f600}",
    "-",
    "k: v",
];
const KEYS: [&str; 12] = [
    "Action",
    "Resource",
    "Effect",
    "Sid",
    "Statement",
    "Condition",
    "NotAction",
    "ключ",
    "aws:x/y",
    "K1",
    "a b",
    "Principal",
];
const SUBS: [&str; 4] = ["arn:${AWS::Partition}:x", "${A}", "a-${B}/*", "no variable"];

/// Writes a random file.
pub(super) struct Writing {
    dice: Dice,
    out: String,
    json: bool,
    step: usize,
    sequence_step: usize,
    quote: usize,
    comments: usize,
    flow: usize,
    spaced: bool,
    unit: &'static str,
    count: usize,
    long: bool,
}

impl Writing {
    pub fn new(seed: u64, json: bool) -> Self {
        let mut dice = Dice(seed);
        Self {
            json,
            step: dice.pick(&[2, 2, 4]),
            sequence_step: dice.pick(&[0, 2, 2]),
            quote: dice.roll(4),
            comments: dice.pick(&[2, 4, 1000]),
            flow: dice.pick(&[2, 4, 1000]),
            spaced: dice.one_in(4),
            unit: dice.pick(&["", " ", "  ", "\t"]),
            long: dice.one_in(3),
            dice,
            out: String::new(),
            count: 0,
        }
    }

    pub fn file(mut self) -> String {
        if self.json {
            self.flow_value(0, 0);
        } else {
            if self.dice.one_in(6) {
                self.out.push_str("---\n");
            }
            if self.dice.one_in(5) {
                self.comment_line(0);
            }
            if self.dice.one_in(8) {
                self.sequence(0, 0, false)
            } else {
                self.mapping(0, 0, false)
            }
        }
        let mut out = self.out;
        if self.dice.one_in(3) {
            out.truncate(out.trim_end_matches('\n').len());
        }
        if self.dice.one_in(3) {
            out.replace('\n', "\r\n")
        } else {
            out
        }
    }

    fn comment(&mut self) -> String {
        self.count += 1;
        format!("# c{};", self.count)
    }

    fn comment_line(&mut self, column: usize) {
        let comment = self.comment();
        self.out
            .push_str(&format!("{}{comment}\n", " ".repeat(column)));
    }

    fn comments_above(&mut self, column: usize) {
        while self.dice.one_in(self.comments * 2) {
            let column = column + self.dice.pick(&[0, 0, 0, 2]);
            self.comment_line(column);
        }
    }

    fn line_end(&mut self) {
        if self.dice.one_in(self.comments) {
            let comment = self.comment();
            self.out.push_str(&format!(" {comment}"));
        }
        self.out.push('\n');
    }

    fn keys(&mut self, depth: usize) -> Vec<&'static str> {
        let mut keys = Vec::new();
        for _ in 0..1 + self.dice.roll(4 - depth.min(2)) {
            let key = self.dice.pick(&KEYS);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }

    fn mapping(&mut self, column: usize, depth: usize, mut behind_dash: bool) {
        for (index, key) in self.keys(depth).into_iter().enumerate() {
            if !behind_dash {
                if index > 0 && (self.spaced || self.dice.one_in(9)) {
                    self.out.push('\n');
                }
                self.comments_above(column);
                self.out.push_str(&" ".repeat(column));
            }
            behind_dash = false;
            let key = if self.quote == 3 {
                format!("'{key}'")
            } else {
                key.to_owned()
            };
            self.out.push_str(&format!("{key}:"));
            self.value(column, depth + 1, false);
        }
    }

    fn sequence(&mut self, column: usize, depth: usize, mut behind_dash: bool) {
        for index in 0..1 + self.dice.roll(3) {
            if !behind_dash {
                if index > 0 && self.spaced {
                    self.out.push('\n');
                }
                self.comments_above(column);
                self.out.push_str(&" ".repeat(column));
            }
            behind_dash = false;
            self.out.push('-');
            self.value(column, depth + 1, true);
        }
    }

    /// What follows a key or a dash, with the line break.
    fn value(&mut self, column: usize, depth: usize, is_item: bool) {
        let kind = if depth > 4 {
            self.dice.roll(5)
        } else {
            self.dice.roll(10)
        };
        match kind {
            5 | 6 if self.dice.one_in(self.flow) => {
                self.out.push(' ');
                let indent = column + 2;
                self.flow_value(depth, indent);
                self.line_end();
            }
            5 if is_item => {
                self.out.push(' ');
                self.sequence(column + 2, depth, true);
            }
            6 | 7 if is_item => {
                self.out.push(' ');
                self.mapping(column + 2, depth, true);
            }
            5 | 8 => {
                self.line_end();
                let step = if is_item { 2 } else { self.sequence_step };
                self.sequence(column + step, depth, false);
            }
            6 | 7 => {
                self.line_end();
                self.mapping(column + self.step, depth, false);
            }
            9 => {
                let text = self.dice.pick(&SUBS);
                if self.long {
                    self.line_end();
                    self.out.push_str(&format!(
                        "{}Fn::Sub: '{text}'",
                        " ".repeat(column + self.step)
                    ));
                } else {
                    let quote = self.dice.pick(&["'", "\"", ""]);
                    let quoted = format!("{quote}{text}{quote}");
                    self.out.push_str(&format!(" !Sub {quoted}"));
                }
                self.line_end();
            }
            0 if self.dice.one_in(3) => {
                let header = self.dice.pick(&["|", "|-", "|+", ">", ">-"]);
                self.out.push_str(&format!(" {header}"));
                self.line_end();
                for _ in 0..1 + self.dice.roll(3) {
                    let line =
                        self.dice
                            .pick(&["one", "two three", "  more", "# text", "- x: y", ""]);
                    let indent = " ".repeat(column + 2);
                    // The first line tells how far the content is indented.
                    let line = if self.out.ends_with("\n") && line.starts_with(' ') {
                        "four"
                    } else {
                        line
                    };
                    self.out.push_str(&if line.is_empty() {
                        "\n".to_owned()
                    } else {
                        format!("{indent}{line}\n")
                    });
                }
                self.out
                    .push_str(&format!("{}end\n", " ".repeat(column + 2)));
                if header == "|+" && self.dice.one_in(2) {
                    self.out.push('\n');
                }
            }
            1 if self.dice.one_in(5) => self.line_end(),
            2 if self.dice.one_in(5) => {
                self.out.push_str(&format!(
                    " 'one\n{}two\n\n{}three'",
                    " ".repeat(column + 1),
                    " ".repeat(column + 3)
                ));
                self.line_end();
            }
            _ => {
                let scalar = self.scalar(false);
                self.out.push_str(&format!(" {scalar}"));
                self.line_end();
            }
        }
    }

    fn scalar(&mut self, flow: bool) -> String {
        if self.dice.one_in(8) {
            return (self.dice.pick(&["true", "12", "null", "1.5e3"])).to_owned();
        }
        let text = self.dice.pick(&TEXTS);
        let double = || super::super::text::json(text);
        if self.json || text.contains(['\n', '\t']) {
            return double();
        }
        let single = || format!("'{}'", text.replace('\'', "''"));
        match self.quote {
            0 if is_plain(text, flow) => text.to_owned(),
            1 => double(),
            _ if is_plain(text, flow) && self.dice.one_in(2) => text.to_owned(),
            _ => single(),
        }
    }

    fn flow_value(&mut self, depth: usize, indent: usize) {
        let kind = if depth > 4 { 0 } else { self.dice.roll(4) };
        let kind = if depth == 0 { 1 + kind % 2 } else { kind };
        if kind == 0 || kind == 3 {
            if self.dice.one_in(5) {
                let text = self.dice.pick(&SUBS);
                let call = if self.json {
                    format!("{{\"Fn::Sub\": \"{text}\"}}")
                } else {
                    format!("!Sub '{text}'")
                };
                self.out.push_str(&call);
                return;
            }
            let scalar = self.scalar(true);
            self.out.push_str(&scalar);
            return;
        }
        let lines = if self.json {
            !self.unit.is_empty()
        } else {
            self.dice.one_in(3)
        };
        let lines = lines && !self.dice.one_in(6);
        let is_list = kind == 1;
        self.out.push(if is_list { '[' } else { '{' });
        let break_to = |out: &mut String, at: usize, writing_json: bool, unit: &str| {
            out.push('\n');
            out.push_str(&if writing_json {
                unit.repeat(at)
            } else {
                " ".repeat(at)
            });
        };
        let inner = if self.json { depth + 1 } else { indent + 2 };
        let keys: Vec<_> = match is_list {
            true => vec!["x"; self.dice.roll(4)],
            false if self.dice.one_in(5) => Vec::new(),
            false => self.keys(depth),
        };
        let count = keys.len();
        for (index, key) in keys.into_iter().enumerate() {
            if lines {
                break_to(&mut self.out, inner, self.json, self.unit);
            } else if index > 0 && !(self.json && self.unit.is_empty()) {
                self.out.push(' ');
            }
            if !is_list {
                let blank = if self.json && self.unit.is_empty() {
                    ""
                } else {
                    " "
                };
                let key = if self.json {
                    format!("\"{key}\":{blank}")
                } else {
                    format!("{key}: ")
                };
                self.out.push_str(&key);
            }
            self.flow_value(if self.json { depth + 1 } else { depth + 2 }, inner);
            if index + 1 < count || (!self.json && self.dice.one_in(6)) {
                self.out.push(',');
            }
            if lines && !self.json && self.dice.one_in(self.comments) {
                let comment = self.comment();
                self.out.push_str(&format!(" {comment}"));
            }
        }
        if lines && count > 0 {
            break_to(
                &mut self.out,
                inner - if self.json { 1 } else { 2 },
                self.json,
                self.unit,
            );
        }
        self.out.push(if is_list { ']' } else { '}' });
    }
}

/// Nodes that can be edited.
#[derive(Default)]
pub(super) struct Nodes {
    lists: Vec<NodeId>,
    mappings: Vec<NodeId>,
    scalars: Vec<NodeId>,
    values: Vec<NodeId>,
}

impl Nodes {
    pub fn collect(&mut self, tree: &Tree, id: NodeId) {
        self.values.push(id);
        match tree.view(id) {
            View::Mapping(pairs) => {
                self.mappings.push(id);
                for pair in pairs {
                    self.collect(tree, pair.value);
                }
            }
            View::Sequence(items) => {
                self.lists.push(id);
                for item in items {
                    self.collect(tree, *item);
                }
            }
            View::Scalar(_) => self.scalars.push(id),
            View::Tagged(_, inner) => {
                if let View::Scalar(_) = tree.view(inner) {
                    self.scalars.push(inner);
                }
            }
            _ => {}
        }
    }
}

fn value(dice: &mut Dice, nodes: &Nodes, depth: usize) -> NewValue {
    match dice.roll(if depth > 2 { 5 } else { 9 }) {
        0..=2 => text(dice.pick(&TEXTS)),
        3 => sub(dice.pick(&SUBS)),
        4 => NewValue::Copy(dice.pick(&nodes.values)),
        5 | 6 => NewValue::List(
            (0..dice.roll(4))
                .map(|_| value(dice, nodes, depth + 1))
                .collect(),
        ),
        _ => {
            let mut pairs: Vec<(String, NewValue)> = Vec::new();
            for _ in 0..dice.roll(4) {
                let key = (dice.pick(&KEYS)).to_owned();
                if pairs.iter().all(|(other, _)| *other != key) {
                    pairs.push((key, value(dice, nodes, depth + 1)));
                }
            }
            NewValue::Map(pairs)
        }
    }
}

fn place(dice: &mut Dice, entries: &[NodeId]) -> InsertAt {
    match dice.roll(4) {
        0 => InsertAt::First,
        1 if !entries.is_empty() => InsertAt::After(dice.pick(entries)),
        2 if !entries.is_empty() => InsertAt::Before(dice.pick(entries)),
        _ => InsertAt::Last,
    }
}

pub(super) fn edit(dice: &mut Dice, tree: &Tree, nodes: &Nodes) -> Option<Edit> {
    let keys = |mapping: NodeId| match tree.view(mapping) {
        View::Mapping(pairs) => pairs.iter().map(|pair| pair.key).collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    Some(match dice.roll(9) {
        0 | 1 => {
            let list = *nodes.lists.get(dice.roll(nodes.lists.len()))?;
            let place = place(dice, tree.items(list)?);
            Edit::InsertItem {
                list,
                place,
                value: value(dice, nodes, 0),
            }
        }
        2 => {
            let list = *nodes.values.get(dice.roll(nodes.values.len()))?;
            tree.parent(list)?;
            let place = dice.pick(&[InsertAt::First, InsertAt::Last]);
            Edit::InsertItem {
                list,
                place,
                value: value(dice, nodes, 0),
            }
        }
        3 => {
            let list = *nodes.lists.get(dice.roll(nodes.lists.len()))?;
            let items = tree.items(list)?;
            Edit::RemoveItem {
                list,
                item: *items.get(dice.roll(items.len()))?,
            }
        }
        4 => {
            let mapping = *nodes.mappings.get(dice.roll(nodes.mappings.len()))?;
            let place = place(dice, &keys(mapping));
            let key = format!("{}{}", dice.pick(&KEYS), dice.pick(&["", "New"]));
            Edit::InsertPair {
                mapping,
                place,
                key,
                value: value(dice, nodes, 0),
            }
        }
        5 => {
            let mapping = *nodes.mappings.get(dice.roll(nodes.mappings.len()))?;
            let keys = keys(mapping);
            Edit::RemovePair {
                mapping,
                key: *keys.get(dice.roll(keys.len()))?,
            }
        }
        6 => {
            let node = *nodes.scalars.get(dice.roll(nodes.scalars.len()))?;
            Edit::SetScalar {
                node,
                text: (dice.pick(&TEXTS)).to_owned(),
            }
        }
        7 => {
            let node = *nodes.scalars.get(dice.roll(nodes.scalars.len()))?;
            if tree.scalar_type(node) != crate::ScalarType::String {
                return None;
            }
            let text = tree.text(node)?;
            let ends: Vec<usize> = (0..=text.len())
                .filter(|at| text.is_char_boundary(*at))
                .collect();
            let (one, two) = (dice.pick(&ends), dice.pick(&ends));
            Edit::SetPart {
                node,
                part: one.min(two)..one.max(two),
                text: (dice.pick(&TEXTS)).to_owned(),
            }
        }
        _ => {
            let node = *nodes.values.get(dice.roll(nodes.values.len()))?;
            Edit::Replace {
                node,
                value: value(dice, nodes, 0),
            }
        }
    })
}

/// Refusals that a random edit of a sound file may meet.
pub(super) const REASONS: [&str; 12] = [
    "a comment would be lost with it",
    "a comment below it would become a part of the text",
    "a block scalar in it takes in the blank lines below it",
    "it ends with a block scalar that takes in the blank lines below it",
    "it is changed twice",
    "another edit takes it away",
    "it has a pair of this key already",
    "it would have the same key twice",
    "it is the value of a tag",
    "the parts overlap, or are no parts of its text",
    "it holds comments, which would be lost between brackets",
    "two of the edits change the same text",
];

fn run(seed: u64, json: bool) {
    let source = Writing::new(seed, json).file();
    let format = if json { Format::Json } else { Format::Yaml };
    let tree = Tree::parse(source.clone(), format);
    assert!(tree.is_complete(), "{:?}\n{source}", tree.problems());
    let mut nodes = Nodes::default();
    nodes.collect(&tree, tree.documents()[0]);
    let mut dice = Dice(seed ^ 0x5eed);
    for _ in 0..4 {
        let mut edits = Vec::new();
        for _ in 0..1 + dice.roll(5) {
            edits.extend(edit(&mut dice, &tree, &nodes));
        }
        match write(&tree, &edits) {
            Ok(written) => model::check(&tree, &edits, &written),
            Err(error) => assert!(
                REASONS.contains(&error.reason),
                "{error}\n{edits:?}\n{source}"
            ),
        }
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
    fn yaml_is_read_as_it_was_meant(seed: u64) {
        run(seed, false);
    }

    #[test]
    fn json_is_read_as_it_was_meant(seed: u64) {
        run(seed, true);
    }
}
