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

/// A valid body of HCL, and what `show` makes of it.
pub(crate) fn hcl(dice: &mut Dice<'_>) -> (String, String) {
    let (mut source, mut shown) = (String::new(), String::new());
    hcl_body(dice, &mut source, &mut shown, 0);
    if dice.roll(8) == 0 {
        source.push_str("# last");
    }
    (source, format!("{{{shown}}}"))
}

/// What a generated literal is written as, and its text.
const TEXTS: [(&str, &str); 7] = [
    ("Allow", "Allow"),
    ("s3:Get*", "s3:Get*"),
    ("a\\\"b", "a\"b"),
    ("$${x}%%{", "${x}%{"),
    ("é\\u00e9", "éé"),
    ("", ""),
    ("5$ 7%", "5$ 7%"),
];

fn hcl_body(dice: &mut Dice<'_>, source: &mut String, shown: &mut String, depth: usize) {
    let indent = " ".repeat(depth * dice.roll(3));
    for index in 0..dice.roll(4) {
        gap(dice, source, depth);
        if index > 0 {
            shown.push_str(", ");
        }
        if depth < 3 && dice.roll(3) == 0 {
            let label = dice.roll(3);
            let labels = ["", " \"l\"", " l \"m\""][label];
            let _ = writeln!(source, "{indent}block{labels} {{");
            shown.push_str(["block: {", "block: {l: {", "block: {l: {m: {"][label]);
            hcl_body(dice, source, shown, depth + 1);
            let _ = writeln!(source, "{indent}}}");
            shown.push_str(&"}".repeat(label + 1));
        } else {
            let (value, text) = hcl_value(dice, 0);
            let blank = dice.pick(&["", " ", "  "]);
            let note = dice.pick(&["", "", " # n", " // n", " "]);
            // Behind the mark of a heredoc, nothing else stands.
            let note = if value.ends_with("EOT") { "" } else { note };
            let _ = writeln!(source, "{indent}k{index}{blank}={blank}{value}{note}");
            let _ = write!(shown, "k{index}: {text}");
        }
    }
}

fn hcl_value(dice: &mut Dice<'_>, depth: usize) -> (String, String) {
    let sides = if depth < 3 { 12 } else { 6 };
    let nested = |dice: &mut Dice<'_>| hcl_value(dice, depth + 1);
    match dice.roll(sides) {
        0 => ("-1.5e3".to_owned(), "-1.5e3".to_owned()),
        1 => ("true".to_owned(), "true".to_owned()),
        2 => (
            "aws_x.y[ 0 ].arn".to_owned(),
            "hcl:ref(aws_x.y[0].arn)".to_owned(),
        ),
        3 => (
            "<<-EOT\n  a\n    $${b}\n  EOT".to_owned(),
            "a⏎  ${b}⏎".to_owned(),
        ),
        4 | 5 => {
            let (written, text) = TEXTS[dice.roll(TEXTS.len())];
            (format!("\"{written}\""), text.to_owned())
        }
        6 => {
            let parts: Vec<_> = (0..dice.roll(4)).map(|_| nested(dice)).collect();
            let space = dice.pick(&[" ", "\n  ", " # c\n"]);
            let (written, shown) = unzip(parts);
            let ends_a_line = written.last().is_some_and(|item| item.ends_with("EOT"));
            let last = match written.len() {
                0 => "",
                _ if ends_a_line => "\n",
                _ => dice.pick(&["", "\n", ",\n"]),
            };
            (
                format!("[{}{last}]", written.join(&format!("\n,{space}"))),
                format!("[{}]", shown.join(", ")),
            )
        }
        7 => {
            let parts: Vec<_> = (0..dice.roll(4)).map(|_| nested(dice)).collect();
            let (written, shown) = unzip(parts);
            let keyed = |parts: Vec<String>, sign: &str, gap: &str| {
                let pairs: Vec<String> = parts
                    .into_iter()
                    .enumerate()
                    .map(|(index, part)| format!("k{index}{sign}{part}"))
                    .collect();
                pairs.join(gap)
            };
            let sign = dice.pick(&[" = ", ": ", "="]);
            (
                format!("{{\n{}\n}}", keyed(written, sign, "\n\n  ")),
                format!("{{{}}}", keyed(shown, ": ", ", ")),
            )
        }
        8 => {
            let (written, shown) = nested(dice);
            (format!("f(\n{written}\n)"), format!("hcl:f([{shown}])"))
        }
        9 => {
            let (first, second) = (nested(dice), nested(dice));
            (
                format!("(c\n?\n{}\n:\n{}\n)", first.0, second.0),
                format!("hcl:?([hcl:ref(c), {}, {}])", first.1, second.1),
            )
        }
        10 => (
            "\"a${var.b}c${f(\"d\")}\"".to_owned(),
            "hcl:template([a, hcl:ref(var.b), c, hcl:f([d])])".to_owned(),
        ),
        _ => {
            let (written, shown) = nested(dice);
            (format!("(\n{written}\n)"), shown)
        }
    }
}

fn unzip(parts: Vec<(String, String)>) -> (Vec<String>, Vec<String>) {
    parts.into_iter().unzip()
}
