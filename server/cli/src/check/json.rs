//! The report for programs. Its form is stable: fields are added, never changed.

use leastwise_catalog::catalog;
use leastwise_rules::{Finding, ResolvedFix};
use serde::Serialize;

use super::file::Checked;
use super::lines::{Lines, Range};
use super::note::Note;
use super::text;
use crate::Failure;
use crate::args::CheckArgs;
use crate::output::print_json;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    catalog: &'a str,
    files: usize,
    findings: Vec<Item<'a>>,
    changes: Vec<Change<'a>>,
    notes: &'a [Note],
}

/// What fixes have made of a file, or would make of it.
#[derive(Serialize)]
struct Change<'a> {
    path: &'a str,
    /// Whether the file has been written; with `--diff` it isn't.
    written: bool,
    fixes: Vec<AppliedItem<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<String>,
}

#[derive(Serialize)]
struct AppliedItem<'a> {
    rule: &'a str,
    title: &'a str,
    kind: &'a str,
    adds: &'a [String],
    removes: &'a [String],
}

#[derive(Serialize)]
struct Item<'a> {
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    path: &'a str,
    range: Range,
    owner: Option<&'a str>,
    help: &'a str,
    equivalents: Vec<String>,
    fixes: Vec<FixItem<'a>>,
    related: Vec<RelatedItem<'a>>,
}

#[derive(Serialize)]
struct FixItem<'a> {
    title: &'a str,
    kind: &'a str,
    adds: &'a [String],
    removes: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
    edits: Vec<EditItem<'a>>,
}

#[derive(Serialize)]
struct EditItem<'a> {
    range: Range,
    text: &'a str,
}

#[derive(Serialize)]
struct RelatedItem<'a> {
    range: Range,
    message: &'a str,
}

pub(super) fn report(checked: &[Checked], notes: &[Note], args: &CheckArgs) -> Result<(), Failure> {
    let mut findings = Vec::new();
    for one in checked {
        let lines = Lines::new(&one.text);
        for (index, finding) in one.findings.iter().enumerate() {
            let fixes = one.fixes.get(index).map_or(&[][..], Vec::as_slice);
            findings.push(item(one, finding, fixes, &lines));
        }
    }
    let files = checked.iter().filter(|one| one.has_policies).count();
    let report = Report {
        version: 1,
        catalog: catalog().date(),
        files,
        findings,
        changes: changes(checked, args),
        notes,
    };
    print_json(&report)
}

fn changes<'a>(checked: &'a [Checked], args: &CheckArgs) -> Vec<Change<'a>> {
    let changed = checked.iter().filter_map(|one| {
        let before = one.before.as_deref()?;
        let fixes = one.applied.iter().map(|applied| AppliedItem {
            rule: applied.rule,
            title: &applied.fix.title,
            kind: applied.fix.safety.name(),
            adds: &applied.fix.adds,
            removes: &applied.fix.removes,
        });
        Some(Change {
            path: &one.shown_path,
            written: args.fix,
            fixes: fixes.collect(),
            diff: args.diff.then(|| text::exact_diff(one, before)),
        })
    });
    changed.collect()
}

fn item<'a>(
    checked: &'a Checked,
    finding: &'a Finding,
    fixes: &'a [ResolvedFix],
    lines: &Lines<'_>,
) -> Item<'a> {
    let fixes = fixes.iter().map(|fix| FixItem {
        title: &fix.title,
        kind: fix.safety.name(),
        adds: &fix.adds,
        removes: &fix.removes,
        notes: &fix.notes,
        edits: fix
            .edits
            .iter()
            .map(|edit| EditItem {
                range: lines.range(edit.span),
                text: &edit.text,
            })
            .collect(),
    });
    let related = finding.related.iter().map(|related| RelatedItem {
        range: lines.range(related.span),
        message: &related.note,
    });
    Item {
        rule: finding.rule.id,
        severity: finding.level.name(),
        message: &finding.message,
        path: &checked.shown_path,
        range: lines.range(finding.span),
        owner: finding.owner.as_deref(),
        help: &finding.help,
        equivalents: finding
            .rule
            .equivalents
            .iter()
            .map(|(tool, id)| format!("{tool}:{id}"))
            .collect(),
        fixes: fixes.collect(),
        related: related.collect(),
    }
}
