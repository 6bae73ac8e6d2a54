//! One file: read, analysed, checked.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use leastwise_model::files::Unread;
use leastwise_model::reads::Reads;
use leastwise_model::{Config, Glob, Level, Owner};
use leastwise_rules::{self as rules, Applied, Context, Finding, ResolvedFix, Safety, check_with};
use leastwise_syntax::{Format, ProblemKind, Span, Tree, place};
use leastwise_workspace::analysis::index::{Indexed, IndexedFiles, QueryLog, may_declare};
use leastwise_workspace::reading::Watched;
use leastwise_workspace::source_text::SourceText;
use leastwise_workspace::{Analysis, CutOff, disk, load};

use super::counting::counted;
use super::live;
use super::replace::{Target, Unwritten};
use super::walk::Candidate;
use super::writing::Writing;
use crate::args::CheckArgs;
use crate::configs::FileConfig;
use crate::input;
use crate::limits::{READ_FOR_FIXES, TOLD_OF_FIXES, TOLD_UNREAD};
use crate::report::{FileReport, Located, ReportNote, locate};

/// What came of a file: all that is told of it, without the file itself, since there may be many.
pub(super) struct Checked {
    /// The path as it is printed.
    pub shown_path: String,
    /// The path as the system has it.
    pub place: PathBuf,
    /// Whether it could be read.
    pub is_read: bool,
    /// Whether the user has named it though it is of no kind that is read, and it doesn't look as if it held a policy.
    pub is_of_no_kind: bool,
    /// What else is to be said of it.
    pub notes: Vec<ReportNote>,
    /// Whether it holds policies.
    pub has_policies: bool,
    /// Whether it is a CI pipeline that has to do with AWS.
    pub is_pipeline: bool,
    /// The text that the findings are of: what `--fix` has written, what `--diff` would leave. Empty where there are none, and
    /// no fixes.
    pub text: String,
    /// The text before these fixes, where there were any.
    pub before: Option<String>,
    pub findings: Vec<Located>,
    pub applied: Vec<Applied>,
    /// Which files of its module aren't known, a sentence each, and whether that means that the check fails.
    pub left_out: Vec<(String, bool)>,
}

impl Checked {
    /// What is to be said of it.
    pub(super) fn report(&self) -> FileReport<'_> {
        FileReport {
            path: &self.shown_path,
            place: &self.place,
            has_policies: self.has_policies,
            is_pipeline: self.is_pipeline,
            text: &self.text,
            before: self.before.as_deref(),
            applied: &self.applied,
            findings: &self.findings,
        }
    }

    /// Whether there is something in it that is looked for.
    pub(super) fn tells_of_any(&self) -> bool {
        self.has_policies || self.is_pipeline || !self.findings.is_empty()
    }

    /// Notes that something isn't read, which fails unless the config expects it of one of these files.
    fn unread(&mut self, message: String, fails: bool, expected: Option<&Glob>) {
        self.note(as_expected(message, expected), fails && expected.is_none());
    }

    /// Notes the files that it needs and that aren't read. What all of its module need is told once.
    fn lacks(&mut self, files: BTreeSet<Unread>, config: &Config, expected: Option<&Glob>) {
        let (whole, own): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|file| file.whole.is_some());
        for file in whole {
            let expected = config.unreadable_by(&file.path);
            let message = as_expected(file.message(), expected);
            let fails = expected.is_none() && !file.is_choice;
            self.left_out.push((message, fails));
        }
        let own = own.iter().map(|file| {
            let expected = config.unreadable_by(&file.path).or(expected);
            (file.message(), expected)
        });
        let (mut told, mut untold) = (0, 0);
        for (message, expected) in own {
            if told < TOLD_UNREAD {
                told += 1;
                self.unread(message, true, expected);
            } else if expected.is_none() {
                untold += 1;
            }
        }
        if untold > 0 {
            let message = format!("{untold} more files that it needs aren't read");
            self.note(message, true);
        }
    }

    fn note(&mut self, message: String, fails: bool) {
        self.notes.push(ReportNote {
            path: Some(self.shown_path.clone()),
            message,
            fails,
        });
    }
}

/// A message about something that isn't read, with the pattern by which the config expects it.
fn as_expected(message: String, expected: Option<&Glob>) -> String {
    match expected {
        Some(glob) => format!(
            "{message} (expected: `{}` in `[check] unreadable`)",
            glob.as_str()
        ),
        None => message,
    }
}

/// A file that was read, before any rule has looked at it.
pub(super) struct Opened {
    checked: Checked,
    candidate: Candidate,
    /// What is known of it, for one that may hold policies.
    known: Option<Known>,
}

struct Known {
    /// As the config and the analysis see it.
    path: String,
    /// Whether other files ask for what it declares.
    declares: bool,
    /// `None` where it is read again when its turn comes.
    read: Option<Read>,
    /// Whether what is read is for the index: rules work out much about a policy, which goes with an analysis of its own.
    again: bool,
}

/// A file as it was read.
struct Read {
    format: Format,
    verbatim: bool,
    file: Indexed,
    watched: Option<Dependencies>,
}

/// What an analysis has read of other files and asked of their index, where that is taken down.
pub(super) struct Dependencies {
    pub reads: Arc<Reads>,
    pub asked: Arc<QueryLog>,
}

impl Opened {
    /// The file for the index of all of them, if it declares something.
    pub(super) fn indexed(&self) -> Option<Indexed> {
        let known = self.known.as_ref().filter(|known| known.declares)?;
        known.read.as_ref().map(|read| read.file.clone())
    }

    /// Its path, where that is all that the index needs.
    pub(super) fn undeclared(&self) -> Option<&str> {
        let known = self.known.as_ref().filter(|known| !known.declares);
        known.map(|known| known.path.as_str())
    }

    /// Whether anything of it is kept.
    pub(super) fn is_read(&self) -> bool {
        self.known
            .as_ref()
            .is_some_and(|known| known.read.is_some())
    }

    /// Lets go of what was read, as far as the index doesn't need it.
    pub(super) fn close(&mut self) {
        match &mut self.known {
            Some(known) if known.declares => known.again = true,
            Some(known) => known.read = None,
            None => {}
        }
    }
}

/// Reads a file and finds its policies.
pub(super) fn open(file: &Candidate, config: &FileConfig, writes: bool) -> Opened {
    let mut opened = Opened {
        candidate: file.clone(),
        checked: Checked {
            shown_path: file.path.to_string_lossy().replace('\\', "/"),
            place: file.path.clone(),
            is_read: false,
            is_of_no_kind: false,
            notes: Vec::new(),
            has_policies: false,
            is_pipeline: false,
            text: String::new(),
            before: None,
            findings: Vec::new(),
            applied: Vec::new(),
            left_out: Vec::new(),
        },
        known: None,
    };
    let path = match &config.folder {
        Some(folder) => load::relative(&absolute(file), Some(folder)),
        None => opened.checked.shown_path.clone(),
    };
    let Some(input) = read(&mut opened.checked, file, &path, config) else {
        return opened;
    };
    let may_declare = may_declare(&input.text, input.format);
    let read = may_declare.then(|| Read::of(input, file, &path, config, writes));
    opened.known = Some(Known {
        path,
        declares: read.as_ref().is_some_and(|read| read.file.declares()),
        read,
        again: false,
    });
    opened
}

fn absolute(file: &Candidate) -> PathBuf {
    std::path::absolute(&file.path).unwrap_or_else(|_| file.path.clone())
}

impl Known {
    /// The file to run rules over: as it was read at first, or read again.
    fn read(
        &mut self,
        checked: &mut Checked,
        file: &Candidate,
        config: &FileConfig,
        writes: bool,
    ) -> Option<Read> {
        let Some(mut read) = self.read.take() else {
            let input = read(checked, file, &self.path, config)?;
            return Some(Read::of(input, file, &self.path, config, writes));
        };
        if self.again {
            let Indexed { place, tree, .. } = read.file;
            (read.file, read.watched) = match writes {
                true => watched(place, tree, &self.path, config),
                false => (of_tree(place, tree, &self.path, config), None),
            };
        }
        Some(read)
    }
}

/// Reads a file that is of interest. `None` for any other, and for one that can't be read, which is noted.
fn read(
    checked: &mut Checked,
    file: &Candidate,
    path: &str,
    config: &FileConfig,
) -> Option<SourceText> {
    let read = match file.is_named() {
        true => input::read_named(&file.path),
        false => input::read(&file.path),
    };
    match read {
        Ok(input) => {
            checked.is_read = true;
            load::is_of_interest(&input.text).then_some(input)
        }
        Err(unread) => {
            let expected = config.config.unreadable_by(path);
            let fails = file.is_named() || unread.may_hold;
            checked.is_read = false;
            checked.unread(format!("not checked: {}", unread.why), fails, expected);
            None
        }
    }
}

impl Read {
    fn of(
        input: SourceText,
        file: &Candidate,
        path: &str,
        config: &FileConfig,
        writes: bool,
    ) -> Read {
        let place = absolute(file);
        let (file, watched) = match writes {
            true => {
                let tree = config.files.parse(path, &input.text, input.format);
                watched(place, tree, path, config)
            }
            false => (
                analyse(place, &input.text, input.format, path, config),
                None,
            ),
        };
        Read {
            format: input.format,
            verbatim: input.verbatim,
            file,
            watched,
        }
    }
}

fn analyse(place: PathBuf, text: &str, format: Format, path: &str, config: &FileConfig) -> Indexed {
    let tree = config.files.parse(path, text, format);
    of_tree(place, tree, path, config)
}

fn of_tree(place: PathBuf, tree: Arc<Tree>, path: &str, config: &FileConfig) -> Indexed {
    let files = Arc::clone(&config.files) as Arc<dyn IndexedFiles>;
    with_files(place, tree, path, config, files)
}

/// As [`of_tree`], and what the analysis reads and asks for from now on.
fn watched(
    place: PathBuf,
    tree: Arc<Tree>,
    path: &str,
    config: &FileConfig,
) -> (Indexed, Option<Dependencies>) {
    let files = Watched::of(Arc::clone(&config.files), place.clone());
    let seen = Dependencies {
        reads: Arc::clone(files.reads()),
        asked: Arc::clone(files.asked()),
    };
    let file = with_files(place, tree, path, config, Arc::new(files));
    (file, Some(seen))
}

fn with_files(
    place: PathBuf,
    tree: Arc<Tree>,
    path: &str,
    config: &FileConfig,
    files: Arc<dyn IndexedFiles>,
) -> Indexed {
    let memo = Arc::default();
    let analysis = Analysis::with_memo(&tree, path, Arc::clone(&config.config), files, memo);
    let analysis = Arc::new(analysis);
    live::made(&place, &analysis);
    Indexed {
        place,
        tree,
        analysis,
    }
}

/// A file that the rules have looked at. Where fixes change it, what is said of it holds once they are written.
pub(super) struct Looked {
    checked: Checked,
    candidate: Candidate,
    /// Its path as the config and the analysis see it.
    path: String,
    /// What it takes to look at it without the fixes, where there are any.
    unmended: Option<Unmended>,
    /// What came of it is made of, beside itself; `None` where nothing is written.
    seen: Option<Dependencies>,
    /// Whether other files may ask for what it declares.
    declares: bool,
    /// How many notes there were before the rules ran.
    notes: usize,
}

struct Unmended {
    format: Format,
    /// The text, where the fixes couldn't be written.
    text: Option<String>,
}

/// Works out what fixes make of a file, if they are asked for, and runs the rules over it.
pub(super) fn look(
    opened: Opened,
    config: &FileConfig,
    args: &CheckArgs,
    rules: &Arc<Vec<String>>,
) -> Looked {
    let Opened {
        mut checked,
        candidate,
        known,
    } = opened;
    let (path, declares, read) = match known {
        None => (String::new(), false, None),
        Some(mut known) => {
            let read = known.read(&mut checked, &candidate, config, args.fix);
            (known.path, known.declares, read)
        }
    };
    let mut looked = Looked {
        checked,
        candidate,
        path,
        unmended: None,
        seen: None,
        declares,
        notes: 0,
    };
    let Some(Read {
        format,
        verbatim,
        mut file,
        watched,
    }) = read
    else {
        return looked;
    };
    looked.seen = watched;
    let mut found = None;
    if args.fix || args.diff {
        let mended = fix_file(&file, &mut looked.checked, args, rules);
        match (mended.applied.is_empty(), verbatim) {
            (true, _) => found = mended.last.map(|last| last.findings),
            (false, false) => {
                let message = "unchanged: it has fixes, but it isn't in UTF-8".to_owned();
                looked.checked.note(message, true);
            }
            (false, true) => {
                let before = file.tree.source().to_owned();
                (file, found) = looked.fixed(file.place, mended, format, config);
                looked.checked.before = Some(before);
            }
        }
    }
    looked.notes = looked.checked.notes.len();
    looked.check(file, found, args, rules);
    looked
}

fn fix_file(
    file: &Indexed,
    checked: &mut Checked,
    args: &CheckArgs,
    rules: &Arc<Vec<String>>,
) -> rules::FixedFile {
    let most = match args.unsafe_fixes {
        true => Safety::Unsafe,
        false => Safety::Safe,
    };
    let mended = rules::apply_fixes_to(&file.tree, &file.analysis, |finding, fix| {
        let worth = fix.safety == Safety::Safe || finding.level >= Level::Warning;
        fix.safety <= most && worth && is_wanted(rules, finding.rule.id)
    });
    if mended.is_cut_off {
        let message = "not all fixes were applied, since there are too many: run it again";
        checked.note(message.to_owned(), true);
    }
    mended
}

fn is_wanted(rules: &[String], id: &str) -> bool {
    rules.is_empty() || rules.iter().any(|rule| rule == id)
}

impl Looked {
    /// The file as fixes leave it, and what is found in it, where that is known already.
    fn fixed(
        &mut self,
        place: PathBuf,
        mended: rules::FixedFile,
        format: Format,
        config: &FileConfig,
    ) -> (Indexed, Option<Vec<Finding>>) {
        self.checked.applied = mended.applied;
        self.unmended = Some(Unmended { format, text: None });
        match mended.last {
            Some(last) => {
                let file = Indexed {
                    place,
                    tree: last.tree,
                    analysis: last.analysis,
                };
                (file, Some(last.findings))
            }
            None => (
                analyse(place, &mended.text, format, &self.path, config),
                None,
            ),
        }
    }

    /// Writes what fixes have made of the file, or with `--diff` sees whether that could be done.
    pub(super) fn settle(&mut self, config: &FileConfig, writing: Option<&mut Writing>) {
        let Some(unmended) = &mut self.unmended else {
            return;
        };
        let is_dry = writing.is_none();
        let why = match write(&self.candidate, &self.checked, config, writing) {
            Ok(()) => return,
            // What nobody writes to can be shown all the same.
            Err(Unwritten::ReadOnly) if is_dry => return,
            Err(why) => why,
        };
        unmended.text = self.checked.before.take();
        self.checked.applied.clear();
        self.checked.notes.truncate(self.notes);
        self.checked.note(why.to_string(), true);
    }

    /// The places that fixes were written to, however they are called. None with nothing written.
    pub(super) fn written(&self) -> Vec<PathBuf> {
        let is_written = self.unmended.is_some() && self.checked.before.is_some();
        let places = || [absolute(&self.candidate), self.candidate.path.clone()];
        match is_written {
            true => places().iter().map(|place| disk::normal(place)).collect(),
            false => Vec::new(),
        }
    }

    /// The file for the index once fixes are written, where it says something else by then: another text, or other values in
    /// it. `None` inside where it says nothing.
    pub(super) fn reindexed(
        &self,
        config: &FileConfig,
        is_changed: bool,
    ) -> Option<(PathBuf, Option<Indexed>)> {
        let is_written = !self.written().is_empty();
        if !(is_written || is_changed && self.declares) {
            return None;
        }
        let place = absolute(&self.candidate);
        let input = input::read(&self.candidate.path).ok()?;
        let may_declare = may_declare(&input.text, input.format);
        let file = may_declare
            .then(|| analyse(place.clone(), &input.text, input.format, &self.path, config));
        let file = file.filter(Indexed::declares);
        (file.is_some() || self.declares).then_some((place, file))
    }

    /// What came of it is made of, beside itself.
    pub(super) fn seen(&self) -> Option<&Dependencies> {
        self.seen.as_ref()
    }

    /// What came of it. Where fixes couldn't be written, or others changed what it has read, the file counts as it is on disk.
    pub(super) fn finish(
        mut self,
        config: &FileConfig,
        is_stale: bool,
        args: &CheckArgs,
        rules: &Arc<Vec<String>>,
    ) -> Checked {
        let unmended = self.unmended.take();
        let unwritten = unmended.and_then(|it| Some((it.text?, it.format)));
        let text = match unwritten {
            None if is_stale => {
                self.checked.notes.truncate(self.notes);
                let input = input::read(&self.candidate.path).ok();
                input.map(|input| (input.text, input.format))
            }
            unwritten => unwritten,
        };
        if let Some((text, format)) = text {
            let place = absolute(&self.candidate);
            let file = analyse(place, &text, format, &self.path, config);
            self.check(file, None, args, rules);
        }
        let Looked {
            mut checked,
            candidate,
            ..
        } = self;
        checked.is_of_no_kind = candidate.is_named()
            && !load::is_known_kind(&candidate.path)
            && checked.is_read
            && checked.notes.is_empty()
            && !checked.tells_of_any();
        checked
    }

    /// Runs the rules over a file, whose findings may be known already.
    fn check(
        &mut self,
        file: Indexed,
        found: Option<Vec<Finding>>,
        args: &CheckArgs,
        rules: &Arc<Vec<String>>,
    ) {
        let Indexed { tree, analysis, .. } = &file;
        let checked = &mut self.checked;
        let is_permission = |owner: &Owner| owner.permission.is_some();
        checked.has_policies = analysis.dialect.has_policies()
            && (!analysis.sites.is_empty() || analysis.owners.iter().any(is_permission));
        let pipeline = analysis.pipeline.as_ref();
        checked.is_pipeline = pipeline
            .is_some_and(|pipeline| !pipeline.roles.is_empty() || !pipeline.keys.is_empty());
        let context = Context::new(tree, analysis);
        let findings = match found {
            // An ignore is judged by the rules that are asked for.
            Some(found) if rules.is_empty() => found,
            _ => check_with(&context, |rule| is_wanted(rules, rule.id)),
        };
        let expected = analysis.config.unreadable_by(&self.path);
        if let Some((message, fails)) = unreadable(tree, checked.has_policies, &findings) {
            let fails = fails || self.candidate.is_named();
            checked.unread(message, fails, expected);
        }
        if let Some(CutOff { message, fails }) = analysis.cut_off() {
            checked.unread(message.to_owned(), fails, expected.filter(|_| fails));
        }
        let left_out = analysis.left_out().into_iter();
        checked.left_out = left_out.map(|message| (message, false)).collect();
        checked.lacks(analysis.unread(), &analysis.config, expected);
        let sids = sids(&findings, &context);
        let left_out: usize = findings.iter().map(|finding| finding.left_out).sum();
        if left_out > 0 {
            let message = format!(
                "{left_out} more findings are left out: only the first of each rule are reported"
            );
            checked.note(message, false);
        }
        let fixes = match args.format.tells_fixes() {
            true => resolve_fixes(&findings, checked, &context),
            false => Vec::new(),
        };
        checked.text = match findings.is_empty() && checked.before.is_none() {
            true => String::new(),
            false => tree.source().to_owned(),
        };
        let counted = match args.format.tells_fixes() || args.format.counts_fixes() {
            true => counted(&findings, &fixes, &context),
            false => Vec::new(),
        };
        checked.findings = locate(tree.source(), findings, sids, (fixes, counted));
    }
}

/// Writes what fixes have made of a file, or sees whether that could be done.
fn write(
    candidate: &Candidate,
    checked: &Checked,
    config: &FileConfig,
    writing: Option<&mut Writing>,
) -> Result<(), Unwritten> {
    let path = &candidate.path;
    let leads_out = path.is_symlink() && !config.files.holds(path);
    let target = Target {
        path,
        within: candidate.within.as_deref(),
        leads_out: candidate.is_named() && leads_out,
        before: checked.before.as_deref().unwrap_or_default(),
    };
    match writing {
        Some(writing) => target.replace(&checked.text, writing),
        None => target.look().map(drop),
    }
}

/// What is to be said of a file of which no policy could be read, or not all for its depth or its aliases, and whether it looks
/// as if it held one.
fn unreadable(tree: &Tree, has_policies: bool, findings: &[Finding]) -> Option<(String, bool)> {
    if has_policies {
        let is_cut = |kind| matches!(kind, ProblemKind::TooDeep | ProblemKind::Expansion);
        let mut problems = tree.problems().iter();
        let cut = problems.find(|problem| is_cut(problem.kind))?;
        let (line, _) = place(tree.source(), cut.span.start);
        let message = format!("not checked as a whole: line {line}: {}", cut.message);
        return Some((message, true));
    }
    let shows_an_effect = load::shows_an_effect(tree.source().as_bytes());
    let problems = tree.problems();
    let is_too_large = || problems.iter().any(|it| it.kind == ProblemKind::TooLarge);
    // Broken where it may well hold none, it is told by what is found.
    if !findings.is_empty() && !shows_an_effect && !is_too_large() {
        return None;
    }
    // A template whose policies are filled in is as good as any other file.
    let mut problems = problems.iter();
    let problem = problems.find(|problem| problem.kind != ProblemKind::Templated)?;
    let (line, _) = place(tree.source(), problem.span.start);
    let message = format!("no policy could be read: line {line}: {}", problem.message);
    Some((message, shows_an_effect))
}

/// For each finding the `Sid` of the statement that it is in.
fn sids(findings: &[Finding], context: &Context<'_>) -> Vec<Option<Span>> {
    if findings.is_empty() {
        return Vec::new();
    }
    let statements = context.statements().map(|(_, statement)| {
        let sid = statement.sid.known().map(|sid| context.content(sid.node));
        (statement.span, sid)
    });
    let mut statements: Vec<_> = statements.collect();
    statements.sort_unstable_by_key(|(span, _)| span.start);
    let sid_of = |finding: &Finding| {
        let span = finding.span;
        let behind = statements.partition_point(|(statement, _)| statement.start <= span.start);
        let (statement, sid) = statements.get(behind.checked_sub(1)?)?;
        sid.filter(|_| span.end <= statement.end)
    };
    findings.iter().map(sid_of).collect()
}

/// Works out the fixes of the findings, the first ones where all would take too long or too much room.
fn resolve_fixes(
    findings: &[Finding],
    checked: &mut Checked,
    context: &Context<'_>,
) -> Vec<Vec<ResolvedFix>> {
    let worked_out = findings.iter().map_while(|finding| {
        let may_read = context.tree.read_for_proofs().0 <= READ_FOR_FIXES;
        let fixes = || finding.fixes(context).into_iter();
        let resolved = || fixes().filter_map(|fix| fix.resolve(context));
        may_read.then(|| resolved().collect::<Vec<_>>())
    });
    let fixes = first_of(worked_out, TOLD_OF_FIXES, |fixes| {
        fixes.iter().map(length).sum()
    });
    if fixes.len() < findings.len() {
        let told = fixes.len();
        let message = format!(
            "too large, and with too many findings: only the first {told} are reported with their fixes"
        );
        checked.note(message, false);
    }
    fixes
}

/// The first ones, until they take more than there is room for: no other is made then.
fn first_of<T>(all: impl Iterator<Item = T>, room: usize, takes: impl Fn(&T) -> usize) -> Vec<T> {
    let mut taken = 0;
    let mut first = Vec::new();
    for one in all {
        taken += takes(&one);
        first.push(one);
        if taken > room {
            break;
        }
    }
    first
}

/// How much text a fix is told in.
fn length(fix: &ResolvedFix) -> usize {
    let said = [&fix.adds, &fix.removes, &fix.notes].into_iter().flatten();
    let edits = fix.edits.iter().map(|edit| edit.text.len());
    said.map(String::len).chain(edits).sum()
}

#[cfg(test)]
mod tests {
    use super::first_of;

    #[test]
    fn no_more_is_made_than_there_is_room_for() {
        let mut made = 0;
        let all = (0..100).inspect(|_| made += 1);
        assert_eq!(first_of(all, 20, |_| 8), [0, 1, 2]);
        assert_eq!(made, 3);
        assert_eq!(first_of(0..3, 24, |_| 8), [0, 1, 2]);
    }
}
