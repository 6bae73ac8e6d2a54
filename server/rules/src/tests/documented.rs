//! The documented examples are executed: the bad one fires, the fixed one doesn't, the fix turns one into the other.

use super::fixture::{Fixture, mend_beside};
use crate::rule::documentation;
use crate::{FixKind, RULES, Rule, check, for_fixes};

/// The fenced blocks below a heading, as (language, text).
fn blocks(documentation: &str, heading: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut inside = false;
    let mut open: Option<(String, String)> = None;
    for line in documentation.lines() {
        match (&mut open, line) {
            (Some(_), "```") => blocks.extend(open.take()),
            (Some((_, text)), line) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, line) if line.starts_with("## ") => inside = line[3..].trim() == heading,
            (None, line) if inside && line.starts_with("```") => {
                open = Some((line[3..].to_owned(), String::new()));
            }
            _ => {}
        }
    }
    blocks
}

struct Example {
    config: String,
    beside: Option<String>,
    before: String,
    after: String,
}

impl Example {
    fn fixture(&self, text: &str) -> Fixture {
        Fixture::beside(text, &self.config, self.beside.as_deref())
    }
}

fn examples(rule: &Rule) -> Vec<Example> {
    let documentation = rule.documentation();
    let config: String = blocks(documentation, "Config")
        .into_iter()
        .filter(|(language, _)| language == "toml")
        .map(|(_, text)| text)
        .collect();
    let beside = blocks(documentation, "Beside").pop().map(|(_, text)| text);
    let before = blocks(documentation, "Example");
    let after = blocks(documentation, "Fixed");
    assert_eq!(
        before.len(),
        after.len(),
        "{}: each example has its fixed form",
        rule.id
    );
    before
        .into_iter()
        .zip(after)
        .map(|((_, before), (_, after))| Example {
            config: config.clone(),
            beside: beside.clone(),
            before,
            after,
        })
        .collect()
}

/// The flawed examples of all rules.
pub fn all_examples() -> Vec<Fixture> {
    let all = RULES.iter().copied().flat_map(examples);
    all.map(|example| example.fixture(&example.before))
        .collect()
}

#[test]
fn what_is_documented_as_a_rule_is_one() {
    let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    assert_eq!(documentation::names().collect::<Vec<_>>(), ids);
}

#[test]
fn every_rule_documents_an_example() {
    for rule in RULES {
        let text = rule.documentation();
        assert!(
            !text.is_empty(),
            "{} has no documentation: is its file named like it?",
            rule.id
        );
        assert!(!examples(rule).is_empty(), "{} has no example", rule.id);
        let summary = text.lines().next().unwrap_or_default();
        assert!(summary.starts_with("Finds "), "{}: {summary}", rule.id);
    }
}

#[test]
fn bad_examples_fire_and_fixed_ones_do_not() {
    for rule in RULES {
        for example in examples(rule) {
            let before = example.fixture(&example.before).findings(rule);
            assert!(
                !before.is_empty(),
                "{} is silent on its example:\n{}",
                rule.id,
                example.before
            );
            for finding in &before {
                assert_eq!(super::wording::check(finding), Ok(()));
            }
            let after = example.fixture(&example.after).findings(rule);
            assert!(
                after.is_empty(),
                "{} fires on its fixed example: {after:#?}",
                rule.id
            );
        }
    }
}

/// Who only wants to know what is wrong pays for no fix.
#[test]
fn finding_works_out_no_fix() {
    for rule in RULES {
        let mut offered = 0;
        for example in examples(rule) {
            let fixture = example.fixture(&example.before);
            let context = fixture.context();
            let (findings, for_fixes) = for_fixes::counted(|| check(&context));
            assert_eq!(for_fixes, 0, "{}", rule.id);
            let own = findings.iter().filter(|of| of.rule.id == rule.id);
            offered += own.map(|of| of.fixes(&context).len()).sum::<usize>();
        }
        assert_eq!(offered > 0, rule.fix != FixKind::None, "{}", rule.id);
    }
}

#[test]
fn fixes_turn_bad_examples_into_fixed_ones() {
    for rule in RULES.iter().filter(|rule| rule.fix != FixKind::None) {
        for example in examples(rule) {
            assert_eq!(
                mend_beside(
                    rule,
                    &example.before,
                    &example.config,
                    example.beside.as_deref()
                ),
                example.after,
                "{}",
                rule.id
            );
        }
    }
}

#[test]
fn every_rule_file_is_registered() {
    let ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    for group in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
        .unwrap()
        .flatten()
    {
        if !group.path().is_dir() || group.file_name() == "tests" {
            continue;
        }
        for file in std::fs::read_dir(group.path()).unwrap().flatten() {
            let text = std::fs::read_to_string(file.path()).unwrap_or_default();
            if text.contains("static RULE: Rule") {
                let id = file
                    .path()
                    .file_stem()
                    .unwrap()
                    .to_string_lossy()
                    .replace('_', "-");
                assert!(ids.contains(&id.as_str()), "{id} is not in the registry");
            }
        }
    }
}

/// What `cargo xtask new-rule` lays says in such words what has to be written, in documentation, messages and rows alike.
#[test]
fn nothing_is_left_of_what_a_new_rule_begins_with() {
    const LEFT: &str = concat!("TO", "DO");
    let rules = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut left = Vec::new();
    let mut paths = vec![rules.join("src"), rules.join("../../CHANGELOG.md")];
    while let Some(path) = paths.pop() {
        let Ok(entries) = std::fs::read_dir(&path) else {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let lines = text
                .lines()
                .zip(1..)
                .filter(|(line, _)| line.contains(LEFT));
            left.extend(
                lines.map(|(line, at)| format!("{}:{at}: {}", path.display(), line.trim())),
            );
            continue;
        };
        paths.extend(entries.flatten().map(|entry| entry.path()));
    }
    assert!(left.is_empty(), "to be written:\n{}", left.join("\n"));
}

#[test]
fn ids_and_summaries_are_well_formed() {
    for rule in RULES {
        assert!(
            rule.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
            "{}",
            rule.id
        );
        assert!(
            !rule.summary.ends_with('.') && rule.summary.len() < 80,
            "{}: {}",
            rule.id,
            rule.summary
        );
    }
}
