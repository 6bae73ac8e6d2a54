//! Fixes of many findings at once: the safe ones of a file, those of one rule in it, the counterparts that an owner lacks.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

use leastwise_rules::{
    Context, Finding, FixedFile, LazyFix, Safety, apply_fixes, mends_counterparts,
};
use leastwise_syntax::Span;
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use super::title::with_change;
use crate::limits::{FIXED_BEFORE_ASKED, MILLISECONDS_OF_DIFF};
use crate::{ActionId, ActionKind, ByteEdit, CodeAction};

/// The code of the action that applies all safe fixes of a file.
const ALL: &str = "fix-all";
/// Begins the code of one that applies the fixes of one rule; its id follows.
const OF_RULE: &str = "fix-all:";
/// Begins the code of one that adds an owner's counterparts; its name follows.
const OF_OWNER: &str = "counterparts:";

/// Which fixes go together.
#[derive(Clone, Copy)]
pub(super) enum Many<'a> {
    /// All that are safe.
    Safe,
    /// Those of one rule, as far as a check in bulk would apply them.
    Rule(&'a str),
    /// Those that add the counterparts which an owner lacks.
    Counterparts(&'a str),
}

impl<'a> Many<'a> {
    /// What an action's code stands for.
    pub(super) fn of(code: &'a str) -> Option<Many<'a>> {
        if code == ALL {
            return Some(Many::Safe);
        }
        let rule = code.strip_prefix(OF_RULE).map(Many::Rule);
        rule.or_else(|| code.strip_prefix(OF_OWNER).map(Many::Counterparts))
    }

    fn code(self) -> String {
        match self {
            Many::Safe => ALL.to_owned(),
            Many::Rule(rule) => format!("{OF_RULE}{rule}"),
            Many::Counterparts(owner) => format!("{OF_OWNER}{owner}"),
        }
    }

    fn has(self, finding: &Finding, fix: &LazyFix) -> bool {
        match self {
            Many::Safe => fix.safety == Safety::Safe,
            Many::Rule(rule) => finding.rule.id == rule && fix.safety <= Safety::Unsafe,
            Many::Counterparts(owner) => {
                mends_counterparts(finding.rule)
                    && finding.owner.as_deref() == Some(owner)
                    && fix.safety <= Safety::Unsafe
            }
        }
    }

    fn apply(self, context: Context<'_>) -> FixedFile {
        let analysis = context.analysis;
        apply_fixes(
            context.tree.source(),
            context.tree.format(),
            &analysis.path,
            &analysis.config,
            &analysis.files,
            |finding, fix| self.has(finding, fix),
        )
    }

    /// The edits; `None` where nothing can be done.
    pub(super) fn edits(self, context: Context<'_>) -> Option<Vec<ByteEdit>> {
        let after = self.apply(context).text;
        let edits = differences(context.tree.source(), &after);
        (!edits.is_empty()).then_some(edits)
    }

    /// The action, called `title`; `None` where it is known to do nothing. What it changes of the permissions is told as far as
    /// that is worked out before anybody asks.
    fn offer(self, context: Context<'_>, finding: &Finding, title: &str) -> Option<CodeAction> {
        let title = match context.tree.source().len() <= FIXED_BEFORE_ASKED {
            true => {
                let applied = self.apply(context).applied;
                // What one fix does is offered by itself.
                if applied.len() < 2 {
                    return None;
                }
                let adds: BTreeSet<&String> = applied.iter().flat_map(|it| &it.fix.adds).collect();
                let removes: BTreeSet<&String> =
                    applied.iter().flat_map(|it| &it.fix.removes).collect();
                let owned = |names: BTreeSet<&String>| names.into_iter().cloned().collect();
                let (adds, removes): (Vec<String>, Vec<String>) = (owned(adds), owned(removes));
                with_change(title, &adds, &removes, &[])
            }
            false => title.to_owned(),
        };
        Some(CodeAction {
            kind: ActionKind::Fix,
            title,
            safe: false,
            preferred: false,
            fixes: Some((finding.rule.id, finding.span)),
            id: ActionId {
                code: self.code(),
                span: finding.span,
                index: 0,
            },
        })
    }
}

/// What is offered for many findings at once, by some at hand whose fixes can be applied in bulk. `of_file` counts the findings of
/// each rule in the file.
pub(super) fn offers(
    context: Context<'_>,
    here: &[&Finding],
    of_file: &HashMap<&'static str, usize>,
) -> Vec<CodeAction> {
    let mut offers = Vec::new();
    let (mut owners, mut rules) = (HashSet::new(), HashSet::new());
    for finding in here {
        let owner = finding.owner.as_deref();
        if let Some(owner) = owner.filter(|_| mends_counterparts(finding.rule))
            && owners.insert(owner)
        {
            let title = format!("Add all counterparts that `{owner}` lacks");
            offers.extend(Many::Counterparts(owner).offer(context, finding, &title));
        }
    }
    for finding in here {
        let rule = finding.rule.id;
        if of_file.get(rule).is_some_and(|count| *count > 1) && rules.insert(rule) {
            let title = format!("Fix all {rule} problems in this file");
            offers.extend(Many::Rule(rule).offer(context, finding, &title));
        }
    }
    offers
}

/// The action that applies all safe fixes of a file, with its edits. `None` where there are none.
pub(crate) fn all_safe(context: Context<'_>) -> Option<(CodeAction, Vec<ByteEdit>)> {
    let edits = Many::Safe.edits(context)?;
    let action = CodeAction {
        kind: ActionKind::FixAll,
        title: "Apply all safe fixes of leastwise".to_owned(),
        safe: true,
        preferred: false,
        fixes: None,
        id: ActionId {
            code: Many::Safe.code(),
            span: Span::default(),
            index: 0,
        },
    };
    Some((action, edits))
}

/// What turns one text into another, by whole lines, so that the cursor and the marks of an editor stay where nothing changes.
fn differences(old: &str, new: &str) -> Vec<ByteEdit> {
    let lines = |text| -> Vec<&str> { str::split_inclusive(text, '\n').collect() };
    let (before, after) = (lines(old), lines(new));
    let starts = |lines: &[&str]| -> Vec<usize> {
        let mut at = 0;
        let mut starts = vec![0];
        starts.extend(lines.iter().map(|line| {
            at += line.len();
            at
        }));
        starts
    };
    let (old_starts, new_starts) = (starts(&before), starts(&after));
    let deadline = Instant::now() + Duration::from_millis(MILLISECONDS_OF_DIFF);
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &before, &after, Some(deadline));
    let mut edits = Vec::new();
    for op in ops {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let end = |starts: &[usize], line: usize| starts.get(line).copied().unwrap_or_default();
        let (from, to) = (op.old_range(), op.new_range());
        let text = new.get(end(&new_starts, to.start)..end(&new_starts, to.end));
        let offset = |line| u32::try_from(end(&old_starts, line)).unwrap_or(u32::MAX);
        edits.push(ByteEdit {
            span: Span::new(offset(from.start), offset(from.end)),
            text: text.unwrap_or_default().to_owned(),
        });
    }
    edits
}
