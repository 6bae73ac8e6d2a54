//! The report for programs. Its form is stable: fields are added, never changed.

use leastwise_catalog::catalog;
use leastwise_rules::{Finding, ResolvedFix};
use leastwise_syntax::Span;
use serde::Serialize;

use super::file::Checked;
use crate::output::print_json;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    catalog: &'a str,
    files: usize,
    findings: Vec<Item<'a>>,
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

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

/// Line and column from 1, columns in characters.
#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
}

pub(super) fn report(checked: &[Checked]) {
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
    };
    print_json(&report);
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

/// Where the lines of a text begin.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// How many characters are before every [`STEP`]th byte: a line may hold all of the text.
    characters: Vec<usize>,
}

/// How many bytes are counted at most to find a column.
const STEP: usize = 512;

/// Whether a byte begins a character.
fn begins(byte: &u8) -> bool {
    (*byte as i8) >= -0x40
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Lines<'t> {
        let starts =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        let mut characters = vec![0];
        let mut count = 0;
        for bytes in text.as_bytes().chunks(STEP) {
            count += bytes.iter().filter(|byte| begins(byte)).count();
            characters.push(count);
        }
        Lines {
            text,
            starts: starts.collect(),
            characters,
        }
    }

    /// How many characters begin before a byte.
    fn before(&self, offset: usize) -> usize {
        let step = offset / STEP;
        let rest = self.text.as_bytes().get(step * STEP..offset);
        let rest = rest.unwrap_or_default().iter().filter(|byte| begins(byte));
        self.characters.get(step).copied().unwrap_or_default() + rest.count()
    }

    fn point(&self, offset: u32) -> Point {
        let offset = (offset as usize).min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line
            .checked_sub(1)
            .and_then(|line| self.starts.get(line))
            .copied()
            .unwrap_or_default();
        Point {
            line,
            column: self.before(offset) - self.before(start) + 1,
        }
    }

    fn range(&self, span: Span) -> Range {
        Range {
            start: self.point(span.start),
            end: self.point(span.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, STEP};

    #[test]
    fn columns_are_characters() {
        let line = "é𝄞x".repeat(STEP);
        let text = format!("{line}\n{line}");
        let lines = Lines::new(&text);
        for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let before = &text[..at];
            let own = before.rsplit('\n').next().unwrap();
            let point = lines.point(at as u32);
            let expected = (before.matches('\n').count() + 1, own.chars().count() + 1);
            assert_eq!((point.line, point.column), expected, "{at}");
        }
    }
}
