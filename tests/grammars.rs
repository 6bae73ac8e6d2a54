//! The table that the grammars for highlighting are held to says what the server's own parser says.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

use std::path::Path;

use leastwise_model::text::is_policy_variable;
use leastwise_policy::{ActionPattern, Arn, ArnShape, Pattern, SegmentKind, Token, principal};

/// A row of `grammars/strings.tsv`: the string, its kind, its parts.
struct Row {
    text: String,
    kind: String,
    parts: Vec<String>,
}

fn rows() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../grammars/strings.tsv");
    let table = std::fs::read_to_string(path).expect("grammars/strings.tsv");
    table
        .lines()
        .filter(|line| !line.starts_with("# "))
        .map(|line| {
            let mut columns = line.split('\t').map(str::to_owned);
            Row {
                text: columns.next().expect("a string"),
                kind: columns.next().expect("a kind"),
                parts: columns.collect(),
            }
        })
        .collect()
}

/// The parts of a text: variables and escapes, and if `within` names what it stands in, wildcards and literal text.
fn parts(text: &str, within: Option<&str>) -> Vec<String> {
    let pattern = Pattern::literal(text);
    let mut parts: Vec<(String, String)> = Vec::new();
    for (range, token) in pattern.spans() {
        // The text as it was written.
        let written = pattern.slice(range).display();
        let leaf = match token {
            Token::Star | Token::Question if within.is_none() => continue,
            Token::Star | Token::Question => "wildcard",
            Token::Hole(label) if !names_something(label) => continue,
            Token::Hole(label) if is_policy_variable(label) => "policy-variable",
            Token::Hole(_) => "variable",
            Token::Literal(_) if written.starts_with("${") && written.ends_with('}') => "escape",
            Token::Literal(_) if within.is_none() => continue,
            Token::Literal(_) => "",
        };
        let kind = [within.unwrap_or_default(), leaf]
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(".");
        match parts.last_mut() {
            Some((last, text)) if *last == kind && leaf.is_empty() => text.push_str(&written),
            _ => parts.push((kind, written)),
        }
    }
    parts
        .into_iter()
        .map(|(kind, text)| format!("{kind}={text}"))
        .collect()
}

/// `${}` and `${{ … }}` of other languages name nothing that a policy or a template could.
fn names_something(label: &str) -> bool {
    label.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// What the server takes a text for, and its parts.
fn authority(text: &str) -> (&'static str, Vec<String>) {
    let pattern = Pattern::literal(text);
    if let ArnShape::Arn(arn) = Arn::parse(&pattern) {
        let mut found = vec!["prefix=arn".to_owned()];
        for kind in [
            SegmentKind::Partition,
            SegmentKind::Service,
            SegmentKind::Region,
            SegmentKind::Account,
            SegmentKind::Resource,
        ] {
            let segment = arn.segment(kind).expect("a segment");
            found.extend(parts(&segment.display(), Some(kind.name())));
        }
        return ("arn", found);
    }
    if principal::account_of(&pattern).is_some() {
        return ("account", vec![format!("account={text}")]);
    }
    match ActionPattern::from_pattern(&pattern) {
        ActionPattern::Named(named) => {
            let mut found = parts(named.service(), Some("service"));
            found.extend(parts(named.name(), Some("name")));
            ("action", found)
        }
        ActionPattern::Star => match text.split_once(':') {
            Some((service, name)) => {
                let mut found = parts(service, Some("service"));
                found.extend(parts(name, Some("name")));
                ("action", found)
            }
            None => ("star", vec!["wildcard=*".to_owned(); text.len()]),
        },
        ActionPattern::Unknown | ActionPattern::Malformed(_) => ("text", parts(text, None)),
    }
}

#[test]
fn the_table_says_what_the_parser_says() {
    let rows = rows();
    for kind in ["action", "arn", "star", "account", "text"] {
        assert!(rows.iter().any(|row| row.kind == kind), "no row of {kind}");
    }
    for row in &rows {
        let (kind, parts) = authority(&row.text);
        if row.kind == "text" && kind == "action" {
            // `localhost:8080` has the form of an action; that there is none by that name is why it isn't coloured.
            let named = ActionPattern::parse(&row.text);
            assert!(
                named.expand().is_empty(),
                "{} is an action of AWS",
                row.text
            );
            assert_eq!(row.parts, Vec::<String>::new(), "{}", row.text);
            continue;
        }
        assert_eq!(
            (kind, &parts),
            (row.kind.as_str(), &row.parts),
            "{}",
            row.text
        );
    }
}

#[test]
fn the_strings_are_different() {
    let mut texts: Vec<String> = rows().into_iter().map(|row| row.text).collect();
    let all = texts.len();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), all);
}
