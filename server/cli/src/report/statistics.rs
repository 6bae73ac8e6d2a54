//! How many findings each rule has.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use leastwise_model::Level;
use leastwise_rules::Safety;
use serde::Serialize;

use super::model::Located;

/// The findings of a rule at a level.
#[derive(Serialize, Debug)]
pub(super) struct Count {
    pub rule: &'static str,
    pub severity: &'static str,
    pub count: usize,
    /// How many of them have a fix that `--fix` applies, by itself or with `--unsafe-fixes`.
    pub fixable: usize,
}

/// Counts findings, the most frequent rule first.
pub(super) fn statistics<'a>(findings: impl Iterator<Item = &'a Located>) -> Vec<Count> {
    let mut counts: BTreeMap<(&str, Level), Count> = BTreeMap::new();
    for located in findings {
        let finding = &located.finding;
        let (rule, level) = (finding.rule.id, finding.level);
        let count = counts.entry((rule, level)).or_insert(Count {
            rule,
            severity: level.name(),
            count: 0,
            fixable: 0,
        });
        count.count += 1;
        count.fixable += usize::from(is_fixable(located));
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|((_, a), one), ((_, b), other)| (other.count, b).cmp(&(one.count, a)));
    counts.into_iter().map(|(_, count)| count).collect()
}

/// Whether `--fix` would see to it, asked for unsafe fixes or not.
fn is_fixable(located: &Located) -> bool {
    let least = match located.finding.level >= Level::Warning {
        true => Safety::Unsafe,
        false => Safety::Safe,
    };
    located
        .counted
        .safeties
        .iter()
        .any(|safety| *safety <= least)
}

/// The counts as a table.
pub(super) fn table(counts: &[Count]) -> String {
    let width = |of: fn(&Count) -> usize| counts.iter().map(of).max().unwrap_or_default();
    let (number, level, rule) = (
        width(|count| count.count.to_string().len()),
        width(|count| count.severity.len()),
        width(|count| count.rule.len()),
    );
    let mut out = String::new();
    for count in counts {
        let fixable = match count.fixable {
            0 => String::new(),
            fixable => format!("{fixable} fixable"),
        };
        let line = format!(
            "{:>number$}  {:level$}  {:rule$}  {fixable}",
            count.count, count.severity, count.rule
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}
