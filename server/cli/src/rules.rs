//! `leastwise rules`

use std::fmt::Write as _;

use leastwise_rules::{FixKind, RULES};

use crate::args::{OutputFormat, RulesArgs};
use crate::outcome::{Failure, Outcome};
use crate::output::{print, print_json};

/// Runs the command.
pub(crate) fn run(args: &RulesArgs) -> Result<Outcome, Failure> {
    match args.format {
        OutputFormat::Text => print(&text())?,
        OutputFormat::Json => print_json(&json())?,
    }
    Ok(Outcome::Fine)
}

fn fix_name(kind: FixKind) -> &'static str {
    match kind {
        FixKind::None => "",
        FixKind::Safe => "safe fix",
        FixKind::Unsafe => "unsafe fix",
    }
}

fn text() -> String {
    let width = RULES
        .iter()
        .map(|rule| rule.id.len())
        .max()
        .unwrap_or_default();
    let mut out = String::new();
    let mut group = None;
    for rule in RULES {
        if group != Some(rule.group) {
            let _ = writeln!(
                out,
                "{}{}",
                if group.is_some() { "\n" } else { "" },
                rule.group.name()
            );
            group = Some(rule.group);
        }
        let line = format!(
            "  {:width$}  {:10}  {:10}  {}",
            rule.id,
            rule.level.name(),
            fix_name(rule.fix),
            rule.summary
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out.push_str("\n`leastwise explain ID` explains a rule.\n");
    out
}

fn json() -> serde_json::Value {
    let rules: Vec<_> = RULES
        .iter()
        .map(|rule| {
            serde_json::json!({
                "id": rule.id,
                "group": rule.group.name(),
                "severity": rule.level.name(),
                "since": rule.since,
                "summary": rule.summary,
                "fix": match rule.fix { FixKind::None => None, FixKind::Safe => Some("safe"), FixKind::Unsafe => Some("unsafe") },
                "equivalents": rule.equivalents.iter().map(|(tool, id)| format!("{tool}:{id}")).collect::<Vec<_>>(),
                "documentation": rule.documentation(),
            })
        })
        .collect();
    serde_json::json!({ "version": 1, "rules": rules })
}
