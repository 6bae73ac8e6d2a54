//! One file: read, analysed, checked.

use std::path::PathBuf;
use std::sync::Arc;

use leastwise_rules::{Applied, Context, Finding, ResolvedFix, Safety, check_with, mend};
use leastwise_syntax::{Format, ProblemKind, Tree};
use leastwise_workspace::dialect::Dialect;
use leastwise_workspace::files::Files;
use leastwise_workspace::index::Indexed;
use leastwise_workspace::{Analysis, Level, Owner, load};

use super::walk::Candidate;
use crate::args::{CheckArgs, OutputFormat};
use crate::configs::InForce;
use crate::input;

/// What came of a file.
pub(super) struct Checked {
    pub path: PathBuf,
    /// The path as it is printed.
    pub shown_path: String,
    pub named: bool,
    /// Why it could not be looked at.
    pub note: Option<String>,
    /// Whether it holds policies.
    pub has_policies: bool,
    /// Whether it is a CI pipeline that has to do with AWS.
    pub is_pipeline: bool,
    /// The text that the findings are of: the mended one where fixes were asked for.
    pub text: String,
    /// The text before fixes, where there were any.
    pub before: Option<String>,
    pub findings: Vec<Finding>,
    /// For each finding its fixes, worked out where the report wants them.
    pub fixes: Vec<Vec<ResolvedFix>>,
    pub applied: Vec<Applied>,
}

/// A file that was read, before any rule has looked at it.
pub(super) struct Opened {
    checked: Checked,
    /// What is known of it, for one that may hold policies.
    known: Option<Known>,
}

struct Known {
    path: String,
    format: Format,
    verbatim: bool,
    file: Indexed,
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
        checked: Checked {
            path: file.path.clone(),
            shown_path: file.path.to_string_lossy().replace('\\', "/"),
            named: file.named,
            note: None,
            has_policies: false,
            is_pipeline: false,
            text: String::new(),
            before: None,
            findings: Vec::new(),
            fixes: Vec::new(),
            applied: Vec::new(),
        },
        known: None,
    };
    let checked = &mut opened.checked;
    let read = match input::read(&file.path) {
        Ok(read) => read,
        Err(error) => {
            checked.note = Some(format!("not checked: {error}"));
            return opened;
        }
    };
    checked.text = read.text;
    if !load::may_hold_policies(&checked.text) {
        return opened;
    }
    let absolute = std::path::absolute(&file.path).unwrap_or_else(|_| file.path.clone());
    let path = match &config.folder {
        Some(folder) => load::relative(&absolute, Some(folder)),
        None => checked.shown_path.clone(),
    };
    let file = analyse(absolute, &checked.text, read.format, &path, config);
    opened.known = Some(Known {
        path,
        format: read.format,
        verbatim: read.verbatim,
        file,
    });
    opened
}

fn analyse(place: PathBuf, text: &str, format: Format, path: &str, config: &InForce) -> Indexed {
    let tree = Arc::new(Tree::parse(text.to_owned(), format));
    let files = Arc::clone(&config.files) as Arc<dyn Files>;
    let memo = Arc::default();
    let analysis = Analysis::again(&tree, path, Arc::clone(&config.config), files, memo);
    Indexed {
        place,
        tree,
        analysis: Arc::new(analysis),
    }
}

/// Runs the rules over a file, and mends it where that is asked for.
pub(super) fn check(
    opened: Opened,
    config: &InForce,
    args: &CheckArgs,
    rules: &Arc<Vec<String>>,
) -> Checked {
    let Opened { mut checked, known } = opened;
    let Some(mut known) = known else {
        return checked;
    };
    let wanted = |id: &str| rules.is_empty() || rules.iter().any(|rule| rule == id);
    if args.fix || args.diff {
        if known.verbatim {
            let safety = if args.unsafe_fixes {
                Safety::Unsafe
            } else {
                Safety::Safe
            };
            let files = Arc::clone(&config.files) as Arc<dyn Files>;
            let (text, applied) = mend(
                &checked.text,
                known.format,
                &known.path,
                &config.config,
                &files,
                |finding, fix| {
                    let worth = fix.safety == Safety::Safe || finding.level >= Level::Warning;
                    fix.safety <= safety && worth && wanted(finding.rule.id)
                },
            );
            if !applied.is_empty() {
                let place = known.file.place.clone();
                known.file = analyse(place, &text, known.format, &known.path, config);
                checked.before = Some(std::mem::replace(&mut checked.text, text));
                checked.applied = applied;
            }
        } else {
            checked.note = Some("not mended: it is not in UTF-8".to_owned());
        }
    }
    let Indexed { tree, analysis, .. } = &known.file;
    let is_permission = |owner: &Owner| owner.permission.is_some();
    checked.has_policies = analysis.dialect != Dialect::None
        && (!analysis.sites.is_empty() || analysis.owners.iter().any(is_permission));
    let pipeline = analysis.pipeline.as_ref();
    checked.is_pipeline =
        pipeline.is_some_and(|pipeline| !pipeline.roles.is_empty() || !pipeline.keys.is_empty());
    let context = Context::new(tree, analysis);
    checked.findings = check_with(&context, |rule| wanted(rule.id));
    if !checked.has_policies
        && checked.findings.is_empty()
        // A template whose policies are filled in is as good as any other file.
        && let Some(problem) = tree
            .problems()
            .iter()
            .find(|problem| problem.kind != ProblemKind::Templated)
    {
        let before = checked
            .text
            .get(..problem.span.start as usize)
            .unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        checked.note = Some(format!(
            "no policy could be read: line {line}: {}",
            problem.message
        ));
    }
    if args.format == OutputFormat::Json {
        resolve_fixes(&mut checked, &context);
    }
    checked
}

/// The most that is read again to work out the fixes of a file: each is proven by reading what it touches, and the whole
/// file where that can't be told apart.
const MOST_READ: usize = 1 << 28;

/// Works out the fixes of the findings, the first ones where all would take too long.
fn resolve_fixes(checked: &mut Checked, context: &Context<'_>) {
    for finding in &checked.findings {
        if context.tree.read_for_proofs().0 > MOST_READ {
            checked.note = Some(format!(
                "so large, and with so many findings, that only the first {} are told with their fixes",
                checked.fixes.len()
            ));
            break;
        }
        let fixes = finding.fixes.iter();
        let fixes = fixes.filter_map(|fix| fix.resolve(context)).collect();
        checked.fixes.push(fixes);
    }
}
