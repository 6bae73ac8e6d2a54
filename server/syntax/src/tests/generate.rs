//! Texts for the property tests, made from a stream of random bytes.

use std::fmt::Write;

/// Random choices; all the same once the bytes run out, so that everything ends.
pub(crate) struct Dice<'a>(pub &'a [u8]);

impl Dice<'_> {
    pub fn roll(&mut self, sides: usize) -> usize {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                usize::from(*first) % sides.max(1)
            }
            None => 0,
        }
    }

    pub fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.roll(of.len())]
    }
}

const WORDS: [&str; 10] = [
    "Allow",
    "s3:GetObject",
    "arn:aws:s3:::b/*",
    "é",
    "12",
    "true",
    "2012-10-17",
    "a b",
    "null",
    "x#y",
];
const KEYS: [&str; 8] = [
    "Action",
    "Ref",
    "Fn::Sub",
    "\"q\"",
    "b c",
    "'d'",
    "e",
    "Statement",
];

/// A valid YAML document in block style.
pub(crate) fn yaml(dice: &mut Dice<'_>) -> String {
    let mut out = String::new();
    if dice.roll(4) == 0 {
        out.push_str("# first\n");
    }
    block(dice, &mut out, 0, 0);
    if dice.roll(6) == 0 {
        out.push_str("# last");
    }
    if dice.roll(8) == 0 {
        out.replace('\n', "\r\n")
    } else {
        out
    }
}

fn gap(dice: &mut Dice<'_>, out: &mut String, indent: usize) {
    match dice.roll(12) {
        0 => out.push('\n'),
        1 => {
            let _ = writeln!(out, "{:indent$}# why", "");
        }
        _ => {}
    }
}

/// A block collection on lines of its own.
fn block(dice: &mut Dice<'_>, out: &mut String, indent: usize, depth: usize) {
    let is_mapping = dice.roll(3) > 0;
    for index in 0..1 + dice.roll(4) {
        gap(dice, out, indent);
        let _ = write!(out, "{:indent$}", "");
        if is_mapping {
            // Keys differ, save for the single ones that make a function call.
            let key = dice.pick(&KEYS);
            let _ = if index == 0 {
                write!(out, "{key}:")
            } else {
                write!(out, "k{index}:")
            };
            value(dice, out, indent, depth, true);
        } else {
            out.push('-');
            value(dice, out, indent, depth, false);
        }
    }
}

fn value(dice: &mut Dice<'_>, out: &mut String, indent: usize, depth: usize, in_mapping: bool) {
    let tag = if dice.roll(5) == 0 {
        dice.pick(&[" !Sub", " !Rain::X", " !!str"])
    } else {
        ""
    };
    match dice.roll(if depth < 4 { 11 } else { 8 }) {
        0 => {
            out.push_str(tag);
            out.push('\n');
        }
        1 => {
            let _ = writeln!(out, "{tag} {}", flow(dice, 0));
        }
        2 => {
            let header = dice.pick(&["|", ">", "|-", ">+", "|2"]);
            let _ = writeln!(out, "{tag} {header}");
            let inner = indent + 2;
            let _ = writeln!(out, "{:inner$}first", "");
            for _ in 0..dice.roll(3) {
                let line = dice.pick(&["text", "more: x", "# no comment", " é", "*"]);
                let _ = writeln!(out, "{:inner$}{line}", "");
                if dice.roll(4) == 0 {
                    out.push('\n');
                }
            }
        }
        3 => {
            let inner = indent + 3;
            let _ = writeln!(out, "{tag} plain\n{:inner$}and more", "");
        }
        4 => {
            let inner = indent + 1;
            let _ = writeln!(
                out,
                "{tag} \"q\\t\\u00e9\n\n{:inner$}r \\\n{:inner$}s\" # c",
                "", ""
            );
        }
        5..=7 => {
            let _ = write!(out, "{tag} {}", scalar(dice));
            out.push_str(dice.pick(&["\n", "\n", " # note\n", "  \n"]));
        }
        8 if !in_mapping && tag.is_empty() => {
            // The first pair behind the dash.
            let _ = writeln!(out, " {}: {}", dice.pick(&KEYS), scalar(dice));
            let inner = indent + 2;
            for index in 0..dice.roll(3) {
                let _ = writeln!(out, "{:inner$}k{index}: {}", "", scalar(dice));
            }
        }
        _ => {
            let _ = writeln!(out, "{}", if tag == " !!str" { "" } else { tag });
            let inner = indent + 1 + dice.roll(4);
            block(dice, out, inner, depth + 1);
        }
    }
}

fn scalar(dice: &mut Dice<'_>) -> String {
    let word = dice.pick(&WORDS);
    match dice.roll(4) {
        0 => format!("'{word}''s'"),
        1 => format!("\"{word}\\n\""),
        _ => word.to_owned(),
    }
}

fn flow(dice: &mut Dice<'_>, depth: usize) -> String {
    if depth > 2 {
        return "x".to_owned();
    }
    let mut parts = Vec::new();
    let is_mapping = dice.roll(2) == 0;
    for index in 0..dice.roll(4) {
        let value = if dice.roll(3) == 0 {
            flow(dice, depth + 1)
        } else {
            scalar(dice)
        };
        parts.push(if is_mapping {
            format!("k{index}: {value}")
        } else {
            value
        });
    }
    let joined = parts.join(", ");
    if is_mapping {
        format!("{{{joined}}}")
    } else {
        format!("[{joined}]")
    }
}

/// A valid JSON text.
pub(crate) fn json(dice: &mut Dice<'_>, depth: usize) -> String {
    let space = dice.pick(&["", " ", "\n  ", "\t"]);
    let sides = if depth < 5 { 8 } else { 6 };
    match dice.roll(sides) {
        0 => "true".to_owned(),
        1 => "-1.5e3".to_owned(),
        2 => "null".to_owned(),
        3 => "\"s3:Get\\u00e9\\n\\ud83d\\ude00\"".to_owned(),
        4 | 5 => format!("\"{}\"", dice.pick(&WORDS)),
        6 => {
            let items: Vec<String> = (0..dice.roll(4)).map(|_| json(dice, depth + 1)).collect();
            format!("[{space}{}{space}]", items.join(&format!(",{space}")))
        }
        _ => {
            let mut pairs = Vec::new();
            for index in 0..dice.roll(4) {
                let key = if index == 0 {
                    dice.pick(&["Ref", "Fn::Sub", "a"]).to_owned()
                } else {
                    format!("k{index}")
                };
                pairs.push(format!("\"{key}\"{space}: {}", json(dice, depth + 1)));
            }
            format!("{{{space}{}{space}}}", pairs.join(&format!(" ,{space}")))
        }
    }
}
