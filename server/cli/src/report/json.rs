//! The report for programs. Its form is stable: fields are added, never changed.

use std::io;

use leastwise_catalog::catalog;
use leastwise_rules::ResolvedFix;
use serde::Serialize;

use super::diff::exact_diff;
use super::emitter::Emitter;
use super::lines::Range;
use super::model::{Applying, FileReport, Located, LocatedFix, Report};
use super::note::ReportNote;
use super::statistics::{Count, statistics};
use crate::output::exact_json;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    catalog: &'a str,
    files: usize,
    findings: Vec<Item<'a>>,
    changes: Vec<Change<'a>>,
    notes: &'a [ReportNote],
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<Vec<Count>>,
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
}

#[derive(Serialize)]
struct Item<'a> {
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    path: &'a str,
    range: &'a Range,
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
    edits: Vec<EditItem<'a>>,
}

#[derive(Serialize)]
struct EditItem<'a> {
    range: &'a Range,
    text: &'a str,
}

#[derive(Serialize)]
struct RelatedItem<'a> {
    range: &'a Range,
    message: &'a str,
}

/// The format `json`.
#[derive(Debug)]
pub(super) struct Json;

impl Emitter for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn about(&self) -> &'static str {
        "For programs"
    }

    fn tells_fixes(&self) -> bool {
        true
    }

    fn tells_changes(&self) -> bool {
        true
    }

    fn tells_statistics(&self) -> bool {
        true
    }

    fn tells_notes(&self) -> bool {
        true
    }

    fn emit(&self, report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let items = report.files.iter().flat_map(|file| {
            let findings = file.findings.iter();
            findings.map(|located| item(file.path, located))
        });
        let changes = report.files.iter();
        let document = Document {
            version: 1,
            catalog: catalog().date(),
            files: report.with_policies(),
            findings: items.collect(),
            changes: changes
                .filter_map(|file| change(file, report.applying))
                .collect(),
            notes: report.notes,
            statistics: report.statistics.then(|| statistics(report.findings())),
        };
        out.write_all(exact_json(&document).as_bytes())
    }
}

fn change<'a>(file: &FileReport<'a>, applying: Applying) -> Option<Change<'a>> {
    let before = file.before?;
    let fixes = file.applied.iter().map(|applied| AppliedItem {
        rule: applied.rule,
        title: &applied.fix.title,
        kind: applied.fix.safety.name(),
        adds: &applied.fix.adds,
        removes: &applied.fix.removes,
        notes: notes(&applied.fix),
    });
    Some(Change {
        path: file.path,
        written: applying == Applying::Written,
        fixes: fixes.collect(),
        diff: (applying == Applying::Dry).then(|| exact_diff(file, before)),
    })
}

fn item<'a>(path: &'a str, located: &'a Located) -> Item<'a> {
    let finding = &located.finding;
    let related = finding.related.iter().zip(&located.related);
    let related = related.map(|(related, range)| RelatedItem {
        range,
        message: &related.note,
    });
    let equivalents = finding.rule.equivalents.iter();
    Item {
        rule: finding.rule.id,
        severity: finding.level.name(),
        message: &finding.message,
        path,
        range: &located.range,
        owner: finding.owner.as_deref(),
        help: &finding.help,
        equivalents: equivalents
            .map(|(tool, id)| format!("{tool}:{id}"))
            .collect(),
        fixes: located.fixes.iter().map(fix_item).collect(),
        related: related.collect(),
    }
}

/// What else is to be known of a fix, and who else gains what it adds.
fn notes(fix: &ResolvedFix) -> Vec<&str> {
    let notes = fix.notes.iter().chain(&fix.also_for);
    notes.map(String::as_str).collect()
}

fn fix_item<'a>(located: &'a LocatedFix) -> FixItem<'a> {
    let fix = &located.fix;
    let edits = fix.edits.iter().zip(&located.ranges);
    let edits = edits.map(|(edit, range)| EditItem {
        range,
        text: &edit.text,
    });
    FixItem {
        title: &fix.title,
        kind: fix.safety.name(),
        adds: &fix.adds,
        removes: &fix.removes,
        notes: notes(fix),
        edits: edits.collect(),
    }
}
