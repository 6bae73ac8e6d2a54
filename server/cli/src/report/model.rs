//! What a check has come to, for any format: every place has its lines and columns here.

use std::path::{Path, PathBuf};

use leastwise_model::Level;
use leastwise_rules::{Applied, Finding, ResolvedFix, Safety};
use leastwise_syntax::Span;

use super::lines::{Lines, Range};
use super::note::ReportNote;
use crate::outcome::Outcome;

/// All that a check has to say.
pub(crate) struct Report<'a> {
    /// In the order of their paths, also those without a finding.
    pub files: Vec<FileReport<'a>>,
    /// What else there is to say.
    pub notes: &'a [ReportNote],
    pub passed: &'a SkippedNote,
    /// The least level that people are shown.
    pub show: Level,
    pub applying: Applying,
    /// Whether styles are seen where the report is written to.
    pub styled: bool,
    /// Whether findings are counted.
    pub statistics: bool,
    /// How the program ends.
    pub outcome: Outcome,
}

impl<'a> Report<'a> {
    /// Every finding.
    pub(super) fn findings(&self) -> impl Iterator<Item = &'a Located> {
        self.files.iter().flat_map(|file| file.findings)
    }

    /// The findings that people are shown, with their files.
    pub(super) fn shown(&self) -> impl Iterator<Item = (&FileReport<'a>, &'a Located)> {
        let files = self.files.iter();
        files.flat_map(|file| file.shown(self.show).map(move |located| (file, located)))
    }

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
pub(crate) struct SkippedNote {
    /// Folders of packages, in the order in which the walk came to them.
    pub folders: Vec<PathBuf>,
    /// How many copies of AWS's own policies.
    pub copies: usize,
}

/// What is to be said of a file.
pub(crate) struct FileReport<'a> {
    /// The path as it is printed.
    pub path: &'a str,
    /// The path as the system has it.
    pub place: &'a Path,
    /// Whether it holds policies.
    pub has_policies: bool,
    /// Whether it is a CI pipeline that has to do with AWS.
    pub is_pipeline: bool,
    /// The text that the findings are of; empty where there are none, and no fixes.
    pub text: &'a str,
    /// The text before fixes, where there were any.
    pub before: Option<&'a str>,
    /// These fixes.
    pub applied: &'a [Applied],
    pub findings: &'a [Located],
}

impl<'a> FileReport<'a> {
    /// The findings of a level or above.
    pub(super) fn shown(&self, least: Level) -> impl Iterator<Item = &'a Located> + use<'a> {
        let findings = self.findings.iter();
        findings.filter(move |located| located.finding.level >= least)
    }
}

/// A finding with its lines and columns: all that is told of it, without the file that it was found in.
pub(crate) struct Located {
    /// Without its fixes, which have use only for who has the file.
    pub finding: Finding,
    /// What is known of its fixes, as far as the report has use for it.
    pub counted: Counted,
    pub range: Range,
    /// The `Sid` of the statement that it is in, as it is written.
    pub sid: Option<String>,
    /// Those of its related places, one for each.
    pub related: Vec<Range>,
    /// Its fixes, for an emitter that tells them.
    pub fixes: Vec<LocatedFix>,
}

/// The fixes of a finding that can be written.
#[derive(Default)]
pub(crate) struct Counted {
    /// How safe they are.
    pub safeties: Vec<Safety>,
    /// Who else gains what the safest adds, where its fixes aren't told.
    pub also_for: Option<String>,
}

/// A fix with the lines and columns of its edits.
pub(crate) struct LocatedFix {
    pub fix: ResolvedFix,
    /// Those of its edits, one for each.
    pub ranges: Vec<Range>,
}

/// Locates findings in the text that they are of. `sids`, `fixes` and `counted` are theirs by
/// position, as far as they are worked out.
pub(crate) fn locate(
    text: &str,
    findings: Vec<Finding>,
    sids: Vec<Option<Span>>,
    (fixes, counted): (Vec<Vec<ResolvedFix>>, Vec<Counted>),
) -> Vec<Located> {
    if findings.is_empty() {
        return Vec::new();
    }
    let lines = Lines::new(text);
    let fixes = fixes.into_iter().chain(std::iter::repeat_with(Vec::new));
    let sids = sids.into_iter().chain(std::iter::repeat(None));
    let counted = counted.into_iter();
    let counted = counted.chain(std::iter::repeat_with(Counted::default));
    let located = findings.into_iter().zip(fixes.zip(counted)).zip(sids);
    let located = located.map(|((finding, (fixes, counted)), sid)| Located {
        range: lines.range(finding.span),
        sid: sid.and_then(|span| Some(text.get(span.range())?.to_owned())),
        related: finding
            .related
            .iter()
            .map(|related| lines.range(related.span))
            .collect(),
        fixes: fixes
            .into_iter()
            .map(|fix| located_fix(fix, &lines))
            .collect(),
        counted,
        finding: without_fixes(finding),
    });
    located.collect()
}

/// A finding to be kept when its file isn't: fixes hold on to what they were found on.
fn without_fixes(mut finding: Finding) -> Finding {
    finding.forget_fixes();
    finding
}

fn located_fix(fix: ResolvedFix, lines: &Lines<'_>) -> LocatedFix {
    let ranges = fix.edits.iter().map(|edit| lines.range(edit.span));
    LocatedFix {
        ranges: ranges.collect(),
        fix,
    }
}
