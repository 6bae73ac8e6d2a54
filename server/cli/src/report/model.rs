//! What a check has come to, for any format: every place has its lines and columns here.

use std::path::PathBuf;

use leastwise_rules::{Applied, Finding, ResolvedFix};
use leastwise_workspace::Level;

use super::lines::{Lines, Range};
use super::note::Note;

/// All that a check has to say.
pub(crate) struct Report<'a> {
    /// In the order of their paths, also those without a finding.
    pub files: Vec<FileReport<'a>>,
    /// What else there is to say.
    pub notes: &'a [Note],
    pub passed: &'a Passed,
    /// The least level that people are shown.
    pub show: Level,
    pub applying: Applying,
}

impl Report<'_> {
    /// How many files hold policies.
    pub(super) fn with_policies(&self) -> usize {
        self.files.iter().filter(|file| file.has_policies).count()
    }
}

/// What becomes of fixes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Applying {
    /// They are offered.
    Nothing,
    /// It is said what they would do.
    Dry,
    /// They have been written.
    Written,
}

/// What was passed over in walked folders because others have made it.
#[derive(Default)]
pub(crate) struct Passed {
    /// Folders of packages, in the order in which the walk came to them.
    pub folders: Vec<PathBuf>,
    /// How many copies of AWS's own policies.
    pub copies: usize,
}

/// What is to be said of a file.
pub(crate) struct FileReport<'a> {
    /// The path as it is printed.
    pub path: &'a str,
    /// Whether it holds policies.
    pub has_policies: bool,
    /// Whether it is a CI pipeline that has to do with AWS.
    pub is_pipeline: bool,
    /// The text that the findings are of.
    pub text: &'a str,
    /// The text before fixes, where there were any.
    pub before: Option<&'a str>,
    /// These fixes.
    pub applied: &'a [Applied],
    pub findings: Vec<Located<'a>>,
}

/// A finding with its lines and columns.
pub(crate) struct Located<'a> {
    pub finding: &'a Finding,
    pub range: Range,
    /// Those of its related places, one for each.
    pub related: Vec<Range>,
    /// Its fixes, for an emitter that tells them.
    pub fixes: Vec<LocatedFix<'a>>,
}

/// A fix with the lines and columns of its edits.
pub(crate) struct LocatedFix<'a> {
    pub fix: &'a ResolvedFix,
    /// Those of its edits, one for each.
    pub ranges: Vec<Range>,
}

/// Locates findings in the text that they are of. `fixes` are theirs by position, as far as they are worked out.
pub(crate) fn locate<'a>(
    text: &str,
    findings: &'a [Finding],
    fixes: &'a [Vec<ResolvedFix>],
) -> Vec<Located<'a>> {
    if findings.is_empty() {
        return Vec::new();
    }
    let lines = Lines::new(text);
    let fixes = fixes
        .iter()
        .map(Vec::as_slice)
        .chain(std::iter::repeat(&[][..]));
    let located = findings.iter().zip(fixes).map(|(finding, fixes)| Located {
        finding,
        range: lines.range(finding.span),
        related: finding
            .related
            .iter()
            .map(|related| lines.range(related.span))
            .collect(),
        fixes: fixes.iter().map(|fix| located_fix(fix, &lines)).collect(),
    });
    located.collect()
}

fn located_fix<'a>(fix: &'a ResolvedFix, lines: &Lines<'_>) -> LocatedFix<'a> {
    let ranges = fix.edits.iter().map(|edit| lines.range(edit.span));
    LocatedFix {
        fix,
        ranges: ranges.collect(),
    }
}
