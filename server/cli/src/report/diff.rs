//! What fixes change, as a diff.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use super::model::FileReport;
use crate::output::shown_diff_line;

/// What fixes change in a file, as `patch` takes it.
pub(super) fn exact_diff(file: &FileReport<'_>, before: &str) -> String {
    let diff = TextDiff::from_lines(before, file.text);
    let (old, new) = (format!("a/{}", file.path), format!("b/{}", file.path));
    diff.unified_diff().header(&old, &new).to_string()
}

/// The lines that change, with those around them, for people.
pub(super) fn write_diff(out: &mut String, path: &str, before: &str, after: &str) {
    let diff = TextDiff::from_lines(before, after);
    let unified = diff.unified_diff();
    let hunks = unified.iter_hunks();
    for (at, hunk) in hunks.enumerate() {
        if at == 0 {
            let _ = writeln!(out, "--- a/{path}\n+++ b/{path}");
        }
        let _ = writeln!(out, "{}", hunk.header());
        for change in hunk.iter_changes() {
            let line = change.value();
            // The carriage return of a CRLF belongs to the break.
            let (line, end) = match line.strip_suffix("\r\n") {
                Some(line) => (line, "\r\n"),
                None => (line.strip_suffix('\n').unwrap_or(line), "\n"),
            };
            let stays = change.tag() == ChangeTag::Equal;
            let line = shown_diff_line(line, stays);
            let _ = write!(out, "{}{line}{end}", change.tag());
            if change.missing_newline() {
                let _ = writeln!(out, "\\ No newline at end of file");
            }
        }
    }
}
