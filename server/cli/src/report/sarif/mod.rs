//! [SARIF 2.1.0], for code scanning and for whatever else reads findings of many tools.
//!
//! [SARIF 2.1.0]: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

mod fingerprint;
mod line_hash;
mod result;
mod rule;
mod severity;
mod uri;

use std::cmp::Reverse;
use std::io;

use leastwise_catalog::catalog;
use leastwise_model::Level;
use leastwise_rules::RULES;
use serde_json::{Value, json};

use super::emitter::Emitter;
use super::model::{FileReport, Located, Report};
use super::note::ReportNote;
use crate::limits::SARIF_RESULTS;
use crate::output::exact_json;
use fingerprint::Fingerprints;
use line_hash::LineHashes;
use uri::Base;

/// The format `sarif`.
#[derive(Debug)]
pub(super) struct Sarif;

impl Emitter for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn about(&self) -> &'static str {
        "SARIF 2.1.0, for code scanning"
    }

    fn tells_fixes(&self) -> bool {
        true
    }

    fn tells_notes(&self) -> bool {
        true
    }

    fn emit(&self, report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let base = Base::here();
        let (results, left_out) = results(report, &base);
        let mut notifications: Vec<_> = report
            .notes
            .iter()
            .map(|note| notification(note, &base))
            .collect();
        if left_out > 0 {
            let text = format!("{left_out} findings of the lowest severities are left out");
            notifications.push(json!({ "level": "warning", "message": { "text": text } }));
        }
        let version = env!("CARGO_PKG_VERSION");
        let run = json!({
            "tool": { "driver": {
                "name": "leastwise",
                "version": version,
                "semanticVersion": version,
                "rules": RULES.iter().map(|rule| rule::descriptor(rule)).collect::<Vec<_>>(),
                "properties": { "catalog": catalog().date() },
            } },
            "columnKind": "utf16CodeUnits",
            "invocations": [{
                "executionSuccessful": !report.notes.iter().any(|note| note.fails),
                "exitCode": report.outcome.code(),
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        });
        let log = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [run],
        });
        out.write_all(exact_json(&log).as_bytes())
    }
}

/// The results, and how many are left out.
fn results(report: &Report<'_>, base: &Base) -> (Vec<Value>, usize) {
    let files = report.files.iter();
    let all = files.flat_map(|file| file.findings.iter().map(move |located| (file, located)));
    let all: Vec<(&FileReport<'_>, &Located)> = all.collect();
    let number = all.len();
    let told = most_severe(all, SARIF_RESULTS, |(_, located)| located.finding.level);
    let left_out = number - told.len();
    let mut fingerprints = Fingerprints::default();
    let mut results = Vec::with_capacity(told.len());
    for findings in told.chunk_by(|(one, _), (other, _)| std::ptr::eq(*one, *other)) {
        let Some((file, _)) = findings.first() else {
            continue;
        };
        let (uri, artifact) = (base.uri(file.place), base.artifact(file.place));
        let lines = LineHashes::new(file.text);
        for (_, located) in findings {
            let known_by = fingerprints.next(&uri, file.text, &lines, located);
            results.push(result::result(located, file.text, &artifact, known_by));
        }
    }
    (results, left_out)
}

/// As many as there may be, in their order: of the least severities, the later ones are left out.
fn most_severe<T>(items: Vec<T>, most: usize, level: impl Fn(&T) -> Level) -> Vec<T> {
    if items.len() <= most {
        return items;
    }
    let mut items: Vec<(usize, T)> = items.into_iter().enumerate().collect();
    items.sort_by_key(|(_, item)| Reverse(level(item)));
    items.truncate(most);
    items.sort_unstable_by_key(|(at, _)| *at);
    items.into_iter().map(|(_, item)| item).collect()
}

/// What a check says beside its findings.
fn notification(note: &ReportNote, base: &Base) -> Value {
    let level = match note.fails {
        true => "error",
        false => "note",
    };
    let message = json!({ "text": note.message });
    match &note.path {
        Some(path) => {
            let place = json!({ "artifactLocation": base.artifact(path.as_ref()) });
            let locations = json!([{ "physicalLocation": place }]);
            json!({ "level": level, "message": message, "locations": locations })
        }
        None => json!({ "level": level, "message": message }),
    }
}

#[cfg(test)]
mod tests {
    use super::{Level, most_severe};

    #[test]
    fn the_least_severe_are_left_out() {
        use Level::{Error, Suggestion, Warning};
        let all = [Suggestion, Warning, Error, Warning, Suggestion, Error];
        let all: Vec<_> = all.into_iter().enumerate().collect();
        for (most, kept) in [
            (6, &[0, 1, 2, 3, 4, 5][..]),
            (5, &[0, 1, 2, 3, 5]),
            (3, &[1, 2, 5]),
            (1, &[2]),
        ] {
            let told = most_severe(all.clone(), most, |(_, level)| *level);
            let told: Vec<_> = told.into_iter().map(|(at, _)| at).collect();
            assert_eq!(told, kept);
        }
    }
}
