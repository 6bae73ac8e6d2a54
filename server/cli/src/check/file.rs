//! One file: read, analysed, checked.

use std::mem;
use std::path::PathBuf;
use std::sync::Arc;

use leastwise_rules::{self as rules, Applied, Context, Finding, ResolvedFix, Safety, check_with};
use leastwise_syntax::{Format, ProblemKind, Span, place};
use leastwise_workspace::fence::leaves_repository;
use leastwise_workspace::index::{Indexed, IndexedFiles};
use leastwise_workspace::{Analysis, Level, Owner, load};

use super::replace::Target;
use super::walk::Candidate;
use crate::args::CheckArgs;
use crate::configs::InForce;
use crate::input;
use crate::report::{FileReport, Note, locate};

/// What came of a file.
pub(super) struct Checked {
    /// The path as it is printed.
    pub shown_path: String,
    /// The path as the system has it.
    pub place: PathBuf,
    /// Whether it could be read.
    pub is_read: bool,
    /// What else is to be said of it.
    pub notes: Vec<Note>,
    /// Whether it holds policies.
    pub has_policies: bool,
    /// Whether it is a CI pipeline that has to do with AWS.
    pub is_pipeline: bool,
    /// The text that the findings are of: what `--fix` has written, what `--diff` would leave.
    pub text: String,
    /// The text before these fixes, where there were any.
    pub before: Option<String>,
    pub findings: Vec<Finding>,
    /// For each finding the place of the `Sid` of the statement that it is in.
    pub sids: Vec<Option<Span>>,
    /// For each finding its fixes, worked out where the report wants them.
    pub fixes: Vec<Vec<ResolvedFix>>,
    pub applied: Vec<Applied>,
    /// Which files of its module aren't known, a sentence each.
    pub left_out: Vec<String>,
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
            findings: locate(&self.text, &self.findings, &self.sids, &self.fixes),
        }
    }

    fn note(&mut self, message: String, fails: bool) {
        self.notes.push(Note {
            path: Some(self.shown_path.clone()),
            message,
            fails,
        });
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
    path: String,
    format: Format,
    verbatim: bool,
    file: Indexed,
    /// What fixes make of it, if anything.
    mended: Option<Mended>,
    /// What all rules find in `file`, where that is known already.
    found: Option<Vec<Finding>>,
}

/// A file as fixes leave it.
struct Mended {
    text: String,
    file: Indexed,
    applied: Vec<Applied>,
    found: Option<Vec<Finding>>,
}

impl Opened {
    /// The file for the index of all of them.
    pub(super) fn indexed(&self) -> Option<Indexed> {
        self.known.as_ref().map(|known| known.file.clone())
    }
}

/// Reads a file and finds its policies.
pub(super) fn open(file: &Candidate, config: &InForce) -> Opened {
    let mut opened = Opened {
        candidate: file.clone(),
        checked: Checked {
            shown_path: file.path.to_string_lossy().replace('\\', "/"),
            place: file.path.clone(),
            is_read: false,
            notes: Vec::new(),
            has_policies: false,
            is_pipeline: false,
            text: String::new(),
            before: None,
            findings: Vec::new(),
            sids: Vec::new(),
            fixes: Vec::new(),
            applied: Vec::new(),
            left_out: Vec::new(),
        },
        known: None,
    };
    let checked = &mut opened.checked;
    let absolute = std::path::absolute(&file.path).unwrap_or_else(|_| file.path.clone());
    let path = match &config.folder {
        Some(folder) => load::relative(&absolute, Some(folder)),
        None => checked.shown_path.clone(),
    };
    let read = match input::read(&file.path) {
        Ok(read) => read,
        Err(unread) => {
            let is_meant = config.config.may_be_unreadable(&path);
            let fails = !is_meant && (file.is_named() || unread.may_hold);
            checked.note(format!("not checked: {}", unread.why), fails);
            return opened;
        }
    };
    checked.is_read = true;
    checked.text = read.text;
    if !load::may_hold_policies(&checked.text) {
        return opened;
    }
    let file = analyse(absolute, &checked.text, read.format, &path, config);
    opened.known = Some(Known {
        path,
        format: read.format,
        verbatim: read.verbatim,
        file,
        mended: None,
        found: None,
    });
    opened
}

fn analyse(place: PathBuf, text: &str, format: Format, path: &str, config: &InForce) -> Indexed {
    let tree = config.files.parse(path, text, format);
    let files = Arc::clone(&config.files) as Arc<dyn IndexedFiles>;
    let memo = Arc::default();
    let analysis = Analysis::again(&tree, path, Arc::clone(&config.config), files, memo);
    Indexed {
        place,
        tree,
        analysis: Arc::new(analysis),
    }
}

/// Works out what fixes make of a file.
pub(super) fn mend(
    mut opened: Opened,
    config: &InForce,
    args: &CheckArgs,
    rules: &Arc<Vec<String>>,
) -> Opened {
    let Some(known) = &mut opened.known else {
        return opened;
    };
    let most = match args.unsafe_fixes {
        true => Safety::Unsafe,
        false => Safety::Safe,
    };
    let Indexed {
        place,
        tree,
        analysis,
    } = &known.file;
    let rules::Mended {
        text,
        applied,
        is_cut_off,
        last,
        ..
    } = rules::mend_read(tree, analysis, |finding, fix| {
        let worth = fix.safety == Safety::Safe || finding.level >= Level::Warning;
        fix.safety <= most && worth && is_wanted(rules, finding.rule.id)
    });
    if is_cut_off {
        let message = "not all fixes were worked out, since there are very many: run it again";
        opened.checked.note(message.to_owned(), true);
    }
    if applied.is_empty() {
        known.found = last.map(|last| last.findings);
        return opened;
    }
    if !known.verbatim {
        let message = "left as it is: it has fixes, but it is not in UTF-8".to_owned();
        opened.checked.note(message, true);
        return opened;
    }
    let place = place.clone();
    let (file, found) = match last {
        Some(last) => {
            let file = Indexed {
                place,
                tree: last.tree,
                analysis: last.analysis,
            };
            (file, Some(last.findings))
        }
        None => (
            analyse(place, &text, known.format, &known.path, config),
            None,
        ),
    };
    known.mended = Some(Mended {
        text,
        file,
        applied,
        found,
    });
    opened
}

impl Opened {
    /// Writes what fixes have made of the file, or with `--diff` sees whether that could be done. Where it can't, the file
    /// counts as it is on disk.
    pub(super) fn settle(&mut self, config: &InForce, writes: bool) {
        let Some(known) = &mut self.known else {
            return;
        };
        let Some(mended) = known.mended.take() else {
            return;
        };
        let path = &self.candidate.path;
        let leads_out = path.is_symlink() && !config.files.holds(path) || leaves_repository(path);
        let target = Target {
            path,
            within: self.candidate.within.as_deref(),
            leads_out: self.candidate.is_named() && leads_out,
            before: &self.checked.text,
        };
        let done = match writes {
            true => target.replace(&mended.text),
            false => target.look().map(drop),
        };
        match done {
            Ok(()) => {
                known.file = mended.file;
                known.found = mended.found;
                self.checked.before = Some(mem::replace(&mut self.checked.text, mended.text));
                self.checked.applied = mended.applied;
            }
            Err(why) => self.checked.note(why.to_string(), true),
        }
    }
}

fn is_wanted(rules: &[String], id: &str) -> bool {
    rules.is_empty() || rules.iter().any(|rule| rule == id)
}

/// Runs the rules over a file.
pub(super) fn check(opened: Opened, args: &CheckArgs, rules: &Arc<Vec<String>>) -> Checked {
    let Opened {
        mut checked,
        candidate,
        known,
    } = opened;
    let Some(known) = known else {
        return checked;
    };
    let Indexed { tree, analysis, .. } = &known.file;
    checked.left_out = analysis.left_out();
    let is_permission = |owner: &Owner| owner.permission.is_some();
    checked.has_policies = analysis.dialect.has_policies()
        && (!analysis.sites.is_empty() || analysis.owners.iter().any(is_permission));
    let pipeline = analysis.pipeline.as_ref();
    checked.is_pipeline =
        pipeline.is_some_and(|pipeline| !pipeline.roles.is_empty() || !pipeline.keys.is_empty());
    let context = Context::new(tree, analysis);
    checked.findings = match known.found {
        // An ignore is judged by the rules that are asked for.
        Some(found) if rules.is_empty() => found,
        _ => check_with(&context, |rule| is_wanted(rules, rule.id)),
    };
    let shows_an_effect = || load::shows_an_effect(checked.text.as_bytes());
    let is_too_large = || {
        tree.problems()
            .iter()
            .any(|it| it.kind == ProblemKind::TooLarge)
    };
    if !checked.has_policies
        // Broken where it may well hold none, it is told by what is found.
        && (checked.findings.is_empty() || shows_an_effect() || is_too_large())
        // A template whose policies are filled in is as good as any other file.
        && let Some(problem) = tree
            .problems()
            .iter()
            .find(|problem| problem.kind != ProblemKind::Templated)
    {
        let (line, _) = place(&checked.text, problem.span.start);
        let fails = candidate.is_named() || shows_an_effect();
        checked.note(
            format!("no policy could be read: line {line}: {}", problem.message),
            fails && !analysis.config.may_be_unreadable(&known.path),
        );
    }
    checked.sids = sids(&checked.findings, &context);
    let left_out: usize = checked
        .findings
        .iter()
        .map(|finding| finding.left_out)
        .sum();
    if left_out > 0 {
        let message = format!(
            "{left_out} more findings are left out: of so many, the first of each rule are told"
        );
        checked.note(message, false);
    }
    if args.format.tells_fixes() {
        resolve_fixes(&mut checked, &context);
    }
    checked
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

/// The most that is read again to work out the fixes of a file: each is proven by reading what it touches, and the whole
/// file where that can't be told apart.
const MOST_READ: usize = 1 << 28;

/// Works out the fixes of the findings, the first ones where all would take too long.
fn resolve_fixes(checked: &mut Checked, context: &Context<'_>) {
    for finding in &checked.findings {
        if context.tree.read_for_proofs().0 > MOST_READ {
            let told = checked.fixes.len();
            let message = format!(
                "so large, and with so many findings, that only the first {told} are told with their fixes"
            );
            checked.note(message, false);
            break;
        }
        let fixes = finding.fixes.iter();
        let fixes = fixes.filter_map(|fix| fix.resolve(context)).collect();
        checked.fixes.push(fixes);
    }
}
