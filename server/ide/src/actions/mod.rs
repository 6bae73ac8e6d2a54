//! Code actions: the fixes of findings, one by one and many at once, ignoring a finding, and refactorings.

mod ignore;
mod many;
mod of_file;
mod place;
mod title;
mod wildcard;

use std::collections::{HashMap, HashSet};

use leastwise_rules::{Context, Finding, LazyFix, Safety};
use leastwise_syntax::Span;

use crate::limits::RESOLVED_FIXES;
use crate::{ActionId, ActionKind, ByteEdit, CodeAction};
use many::Many;
use place::{edits, meets};
use title::titled;

pub(crate) use many::all_safe;
pub(crate) use of_file::OfFile;

/// Begins the code of the action that ignores a finding; the rule's id follows.
const IGNORE: &str = "ignore:";

/// What is offered for a range, the most likely first: fixes, fixes of many findings, refactorings, ignoring.
pub(crate) fn actions(
    context: Context<'_>,
    findings: &[Finding],
    range: Span,
    of_file: &mut OfFile<'_>,
) -> Vec<CodeAction> {
    let here: Vec<(&Finding, Vec<LazyFix>)> = findings
        .iter()
        .filter(|finding| meets(finding.span, range))
        .map(|finding| (finding, finding.fixes(&context)))
        .collect();
    let eager = here.iter().map(|(_, fixes)| fixes.len()).sum::<usize>() <= RESOLVED_FIXES;
    let mut actions = Vec::new();
    // Two findings of one rule in one place count their fixes together.
    let mut counts: HashMap<(&str, Span), usize> = HashMap::new();
    for (finding, fixes) in &here {
        let count = counts.entry((finding.rule.id, finding.span)).or_default();
        let earlier = *count;
        *count += fixes.len();
        for (index, fix) in fixes.iter().enumerate() {
            let mut title = fix.title.clone();
            if eager {
                match fix.resolve(&context) {
                    Some(resolved) => title = titled(&resolved),
                    // It can't be written here.
                    None => continue,
                }
            }
            let safe = fix.safety == Safety::Safe;
            actions.push(CodeAction {
                kind: ActionKind::Fix,
                title,
                safe,
                preferred: index == 0 && fix.safety != Safety::Manual,
                fixes: Some((finding.rule.id, finding.span)),
                id: ActionId {
                    code: finding.rule.id.to_owned(),
                    span: finding.span,
                    index: u32::try_from(earlier + index).unwrap_or(u32::MAX),
                },
            });
        }
    }
    let mendable = here.iter().filter(|(_, fixes)| {
        let mut fixes = fixes.iter();
        fixes.any(|fix| fix.safety <= Safety::Unsafe)
    });
    let mendable: Vec<&Finding> = mendable.map(|(finding, _)| *finding).collect();
    if !mendable.is_empty() {
        actions.extend(many::offers(context, &mendable, of_file));
    }
    actions.extend(wildcard::expansion(context, range));
    let mut ignored = HashSet::new();
    for (finding, _) in &here {
        let is_new = ignored.insert((finding.rule.id, finding.span));
        if is_new && let Some(title) = ignore::title(context, finding, of_file.findings) {
            actions.push(CodeAction {
                kind: ActionKind::Ignore,
                title,
                safe: true,
                preferred: false,
                fixes: Some((finding.rule.id, finding.span)),
                id: ActionId {
                    code: format!("{IGNORE}{}", finding.rule.id),
                    span: finding.span,
                    index: 0,
                },
            });
        }
    }
    actions
}

/// [`actions`] with their edits, for an editor that can't ask for these later: of the fixes the first ones, no more than an editor
/// that asks has worked out for a range.
pub(crate) fn with_edits(
    context: Context<'_>,
    findings: &[Finding],
    range: Span,
    of_file: &mut OfFile<'_>,
) -> Vec<(CodeAction, Vec<ByteEdit>)> {
    let mut tried = 0;
    let actions = actions(context, findings, range, of_file).into_iter();
    let worked_out = actions.filter_map(|action| {
        let is_fix = action.kind == ActionKind::Fix;
        tried += usize::from(is_fix);
        if is_fix && tried > RESOLVED_FIXES {
            return None;
        }
        // Without edits it would do nothing when chosen.
        let edits = resolve(context, findings, &action.id)?;
        Some((action, edits))
    });
    worked_out.collect()
}

pub(crate) fn resolve(
    context: Context<'_>,
    findings: &[Finding],
    id: &ActionId,
) -> Option<Vec<ByteEdit>> {
    if let Some(rule) = id.code.strip_prefix(IGNORE) {
        let finding = findings
            .iter()
            .find(|finding| finding.rule.id == rule && finding.span == id.span)?;
        return Some(ignore::edits(context, finding)?.1);
    }
    if id.code == wildcard::EXPAND {
        return wildcard::edits(context, id.span);
    }
    if let Some(many) = Many::of(&id.code) {
        return many.edits(context);
    }
    let same = findings
        .iter()
        .filter(|finding| finding.rule.id == id.code && finding.span == id.span);
    let fix = same
        .flat_map(|finding| finding.fixes(&context))
        .nth(id.index as usize)?;
    edits(fix.resolve(&context)?.edits)
}

#[cfg(test)]
mod tests;
