//! One file: read, analysed, checked.

use std::path::PathBuf;
use std::sync::Arc;

use leastwise_rules::{Applied, Context, Finding, ResolvedFix, Safety, check_with, mend};
use leastwise_syntax::Tree;
use leastwise_workspace::dialect::Dialect;
use leastwise_workspace::files::Files;
use leastwise_workspace::{Analysis, Level, load};

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
    /// The text that the findings are of: the mended one where fixes were asked for.
    pub text: String,
    /// The text before fixes, where there were any.
    pub before: Option<String>,
    pub findings: Vec<Finding>,
    /// For each finding its fixes, worked out where the report wants them.
    pub fixes: Vec<Vec<ResolvedFix>>,
    pub applied: Vec<Applied>,
}

/// The words without which no file holds a policy.
fn may_hold_policies(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"Statement").is_some()
}

pub(super) fn check(
    file: &Candidate,
    config: &InForce,
    args: &CheckArgs,
    rules: &Arc<Vec<String>>,
) -> Checked {
    let shown_path = file.path.to_string_lossy().replace('\\', "/");
    let mut checked = Checked {
        path: file.path.clone(),
        shown_path,
        named: file.named,
        note: None,
        has_policies: false,
        text: String::new(),
        before: None,
        findings: Vec::new(),
        fixes: Vec::new(),
        applied: Vec::new(),
    };
    let read = match input::read(&file.path) {
        Ok(read) => read,
        Err(error) => {
            checked.note = Some(format!("not checked: {error}"));
            return checked;
        }
    };
    checked.text = read.text;
    if !may_hold_policies(&checked.text) {
        return checked;
    }
    let wanted = |id: &str| rules.is_empty() || rules.iter().any(|rule| rule == id);
    let absolute = std::path::absolute(&file.path).unwrap_or_else(|_| file.path.clone());
    let path = match &config.folder {
        Some(folder) => load::relative(&absolute, Some(folder)),
        None => checked.shown_path.clone(),
    };
    let files: Arc<dyn Files> = Arc::clone(&config.files);
    if args.fix || args.diff {
        if read.verbatim {
            let safety = if args.unsafe_fixes {
                Safety::Unsafe
            } else {
                Safety::Safe
            };
            let (text, applied) = mend(
                &checked.text,
                read.format,
                &path,
                &config.config,
                &files,
                |finding, fix| {
                    let worth = fix.safety == Safety::Safe || finding.level >= Level::Warning;
                    fix.safety <= safety && worth && wanted(finding.rule.id)
                },
            );
            if !applied.is_empty() {
                checked.before = Some(std::mem::replace(&mut checked.text, text));
                checked.applied = applied;
            }
        } else {
            checked.note = Some("not mended: it is not in UTF-8".to_owned());
        }
    }
    let tree = Tree::parse(checked.text.clone(), read.format);
    let analysis = Analysis::again(
        &tree,
        &path,
        Arc::clone(&config.config),
        files,
        Arc::default(),
    );
    checked.has_policies = analysis.dialect != Dialect::None && !analysis.sites.is_empty();
    let context = Context::new(&tree, &analysis);
    checked.findings = check_with(&context, |rule| wanted(rule.id));
    if !checked.has_policies
        && checked.findings.is_empty()
        && let Some(problem) = tree.problems().first()
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
        checked.fixes = checked
            .findings
            .iter()
            .map(|finding| {
                finding
                    .fixes
                    .iter()
                    .filter_map(|fix| fix.resolve(&context))
                    .collect()
            })
            .collect();
    }
    checked
}
