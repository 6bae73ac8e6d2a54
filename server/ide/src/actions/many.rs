//! Fixes of many findings at once: the safe ones of a file, those of one rule in it, the counterparts that an owner lacks.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

use leastwise_rules::{
    Context, Finding, FixedFile, LazyFix, Safety, apply_fixes, lacking_owners, mends_counterparts,
};
use leastwise_syntax::Span;
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use super::of_file::OfFile;
use super::title::{brief, with_change};
use crate::limits::MILLISECONDS_OF_DIFF;
use crate::{ActionId, ActionKind, ByteEdit, CodeAction, Diagnostic};

/// The code of the action that applies all safe fixes of a file.
const ALL: &str = "fix-all";
/// Begins the code of one that applies the fixes of one rule; its id follows.
const OF_RULE: &str = "fix-all:";
/// Begins the code of one that adds the counterparts of some owners; their names follow, each on a line.
const OF_OWNERS: &str = "counterparts:";

/// Which fixes go together.
#[derive(Clone, Copy)]
pub(super) enum Many<'a> {
    /// All that are safe.
    Safe,
    /// Those of one rule, as far as a check in bulk would apply them.
    Rule(&'a str),
    /// Those that add the counterparts which some owners lack, by the lines of their names.
    Counterparts(&'a str),
}

impl<'a> Many<'a> {
    /// What an action's code stands for.
    pub(super) fn of(code: &'a str) -> Option<Many<'a>> {
        if code == ALL {
            return Some(Many::Safe);
        }
        let rule = code.strip_prefix(OF_RULE).map(Many::Rule);
        rule.or_else(|| code.strip_prefix(OF_OWNERS).map(Many::Counterparts))
    }

    fn code(self) -> String {
        match self {
            Many::Safe => ALL.to_owned(),
            Many::Rule(rule) => format!("{OF_RULE}{rule}"),
            Many::Counterparts(owners) => format!("{OF_OWNERS}{owners}"),
        }
    }

    fn is_about(self, finding: &Finding) -> bool {
        match self {
            Many::Safe => true,
            Many::Rule(rule) => finding.rule.id == rule,
            Many::Counterparts(owners) => {
                let mut owners = owners.lines();
                let owner = finding.owner.as_deref();
                mends_counterparts(finding.rule) && owners.any(|name| Some(name) == owner)
            }
        }
    }

    /// Whether a fix is applied of a finding that it is about. Nobody is told of each, so no comment goes along.
    fn takes(self, fix: &LazyFix) -> bool {
        let most = match self {
            Many::Safe => Safety::Safe,
            Many::Rule(_) | Many::Counterparts(_) => Safety::Unsafe,
        };
        fix.safety <= most && !fix.costs_comments
    }

    /// The file with the fixes applied, but of the findings that `spares`.
    fn apply(self, context: Context<'_>, spares: impl Fn(&Finding) -> bool) -> FixedFile {
        let analysis = context.analysis;
        apply_fixes(
            context.tree.source(),
            context.tree.format(),
            &analysis.path,
            &analysis.config,
            &analysis.files,
            |finding, fix| self.is_about(finding) && self.takes(fix) && !spares(finding),
        )
    }

    /// The edits; `None` where nothing can be done.
    pub(super) fn edits(self, context: Context<'_>) -> Option<Vec<ByteEdit>> {
        self.edits_but(context, |_| false)
    }

    /// The edits, but those for the findings that `spares`.
    fn edits_but(
        self,
        context: Context<'_>,
        spares: impl Fn(&Finding) -> bool,
    ) -> Option<Vec<ByteEdit>> {
        let after = self.apply(context, spares).text;
        let edits = differences(context.tree.source(), &after);
        (!edits.is_empty()).then_some(edits)
    }

    /// The action, called `title`; `None` where it is known to do no more than one fix does by itself. What it changes of the
    /// permissions is told as far as it is known before anybody asks for the edits.
    fn offer(
        self,
        context: Context<'_>,
        of_file: &mut OfFile<'_>,
        finding: &Finding,
        title: &str,
    ) -> Option<CodeAction> {
        let title = match of_file.with_fixes(context) {
            Some(all) => self.announced(context, all, title)?,
            None => title.to_owned(),
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

    /// A title with what comes and goes by it, and with how many findings it leaves to their own fixes.
    fn announced(self, context: Context<'_>, all: &[Finding], title: &str) -> Option<String> {
        let (mut adds, mut removes) = (BTreeSet::new(), BTreeSet::new());
        let mut said = BTreeSet::new();
        let (mut mended, mut left) = (0, 0);
        for finding in all.iter().filter(|finding| self.is_about(finding)) {
            let fixes = finding.fixes(&context);
            let taken = fixes.iter().filter(|fix| self.takes(fix));
            // What can't be written, or takes a comment along, isn't done in bulk.
            let mut taken = taken.filter_map(|fix| fix.resolve(&context));
            match taken.find(|fix| fix.lost_comments == 0) {
                Some(fix) => {
                    adds.extend(fix.adds);
                    removes.extend(fix.removes);
                    said.extend(fix.notes);
                    mended += 1;
                }
                None => left += usize::from(!fixes.is_empty()),
            }
        }
        // What one fix does is offered by itself.
        if mended < 2 {
            return None;
        }
        let (adds, removes): (Vec<String>, Vec<String>) =
            (adds.into_iter().collect(), removes.into_iter().collect());
        let left = match left {
            0 => None,
            1 => Some("1 more needs a choice".to_owned()),
            count => Some(format!("{count} more need a choice")),
        };
        let more = said.len().saturating_sub(1);
        let note = said.into_iter().next().map(|note| match more {
            0 => note,
            more => format!("{note} +{more}"),
        });
        let notes: Vec<String> = note.into_iter().chain(left).collect();
        let (adds, removes) = (shown(&adds), shown(&removes));
        Some(with_change(title, &adds, &removes, &notes))
    }
}

/// What is offered for many findings at once, by some at hand whose fixes can be applied in bulk.
pub(super) fn offers(
    context: Context<'_>,
    here: &[&Finding],
    of_file: &mut OfFile<'_>,
) -> Vec<CodeAction> {
    let mut offers = Vec::new();
    let (mut told, mut rules) = (HashSet::new(), HashSet::new());
    for finding in here
        .iter()
        .filter(|finding| mends_counterparts(finding.rule))
    {
        let owners = lacking_owners(&context, finding);
        let all = owners.join("\n");
        if !owners.is_empty() && told.insert(all.clone()) {
            let title = format!("Add all counterparts that {}", lack(&owners));
            let many = Many::Counterparts(&all);
            offers.extend(many.offer(context, of_file, finding, &title));
        }
    }
    let counts: HashMap<&'static str, usize> = of_file.by_rule();
    for finding in here {
        let rule = finding.rule.id;
        if counts.get(rule).is_some_and(|count| *count > 1) && rules.insert(rule) {
            let title = format!("Fix all {rule} problems in this file");
            offers.extend(Many::Rule(rule).offer(context, of_file, finding, &title));
        }
    }
    offers
}

/// Permissions as one part of a title: three by their names.
fn shown(permissions: &[String]) -> Vec<String> {
    let named = |some: &[String]| {
        let some = some.iter().map(|of| brief(of));
        some.collect::<Vec<_>>().join(", ")
    };
    match permissions {
        [] => Vec::new(),
        [first, second, third, more @ ..] if !more.is_empty() => {
            let some = [first, second, third].map(String::clone);
            vec![format!("{} and {} more", named(&some), more.len())]
        }
        all => vec![named(all)],
    }
}

/// Who lacks something, in words: two by their names.
fn lack(owners: &[String]) -> String {
    match owners {
        [one] => format!("`{one}` lacks"),
        [one, other] => format!("`{one}` and `{other}` lack"),
        [one, other, more @ ..] => format!("`{one}`, `{other}` and {} more lack", more.len()),
        [] => String::new(),
    }
}

/// The action that applies all safe fixes of a file but those of what is `held` back, with its edits. `None` where there are none,
/// or where they would take the word at the `cursor` that somebody is writing.
pub(crate) fn all_safe(
    context: Context<'_>,
    held: &[Diagnostic],
    cursor: Option<u32>,
) -> Option<(CodeAction, Vec<ByteEdit>)> {
    // By its words: where it is changes with each round.
    let spares = |finding: &Finding| {
        let mut held = held.iter();
        held.any(|one| one.code == finding.rule.id && one.message.starts_with(&finding.message))
    };
    let edits = Many::Safe.edits_but(context, spares)?;
    let source = context.tree.source();
    let takes = |cursor| edits.iter().any(|edit| takes_word(source, edit, cursor));
    if cursor.is_some_and(takes) {
        return None;
    }
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

/// Whether an edit takes away the word at a cursor.
fn takes_word(source: &str, edit: &ByteEdit, cursor: u32) -> bool {
    let is_there = edit.span.start <= cursor && cursor <= edit.span.end && !edit.span.is_empty();
    let parts = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ']');
    let (before, behind) = source.split_at_checked(cursor as usize).unwrap_or_default();
    let before = before.rsplit(parts).next().unwrap_or_default();
    let behind = behind.split(parts).next().unwrap_or_default();
    is_there && !edit.text.contains(&format!("{before}{behind}"))
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
