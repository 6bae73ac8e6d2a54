//! Code actions: the fixes of findings, ignoring a finding, and refactorings.

use std::collections::HashMap;

use leastwise_model::{Item, Known, List};
use leastwise_policy::ActionPattern;
use leastwise_rules::{Context, Finding, LazyFix, ResolvedFix, Safety};
use leastwise_syntax::write::{self, Edit, InsertAt, NewValue};
use leastwise_syntax::{Format, Span, Style};

use crate::limits::{EXPANDED_ACTIONS, RESOLVED_FIXES};
use crate::{ActionId, ByteEdit, CodeAction};

/// Begins the code of the action that ignores a finding; the rule's id follows.
const IGNORE: &str = "ignore:";
const EXPAND: &str = "expand-wildcard";

pub(crate) fn actions(context: Context<'_>, findings: &[Finding], range: Span) -> Vec<CodeAction> {
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
    actions.extend(expansion(context, range));
    for (finding, _) in &here {
        if ignore_edit(context, finding.rule.id, finding.span).is_some() {
            actions.push(CodeAction {
                title: format!("Ignore {} here", finding.rule.id),
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
) -> Vec<(CodeAction, Vec<ByteEdit>)> {
    let mut tried = 0;
    let actions = actions(context, findings, range).into_iter();
    let worked_out = actions.filter_map(|action| {
        let is_fix = action.fixes.is_some() && !action.id.code.starts_with(IGNORE);
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
        return Some(vec![ignore_edit(context, finding.rule.id, finding.span)?]);
    }
    if id.code == EXPAND {
        let (list, item) =
            wildcard(context, id.span).filter(|(_, item)| item.text.span == id.span)?;
        return edits(write::write(context.tree, &expand(context, list, item)?).ok()?);
    }
    let same = findings
        .iter()
        .filter(|finding| finding.rule.id == id.code && finding.span == id.span);
    let fix = same
        .flat_map(|finding| finding.fixes(&context))
        .nth(id.index as usize)?;
    edits(fix.resolve(&context)?.edits)
}

fn edits(edits: Vec<write::TextEdit>) -> Option<Vec<ByteEdit>> {
    let edits: Vec<ByteEdit> = edits
        .into_iter()
        .map(|edit| ByteEdit {
            span: edit.span,
            text: edit.text,
        })
        .collect();
    (!edits.is_empty()).then_some(edits)
}

fn meets(span: Span, range: Span) -> bool {
    span.start <= range.end && range.start <= span.end
}

/// The title of a fix, with what it changes of the permissions where it is not safe.
fn titled(fix: &ResolvedFix) -> String {
    if fix.safety == Safety::Safe {
        return fix.title.clone();
    }
    let part = |verb: &str, names: &[String]| -> Option<String> {
        // A title that names the permission itself says enough.
        let names: Vec<&String> = names
            .iter()
            .filter(|name| !fix.title.contains(name.as_str()))
            .collect();
        let first = brief(names.first()?);
        Some(if names.len() == 1 {
            format!("{verb} {first}")
        } else {
            format!("{verb} {first} +{}", names.len() - 1)
        })
    };
    let parts: Vec<String> = part("adds", &fix.adds)
        .into_iter()
        .chain(part("removes", &fix.removes))
        .chain(fix.notes.iter().cloned())
        .collect();
    if parts.is_empty() {
        fix.title.clone()
    } else {
        format!("{} ({})", fix.title, parts.join("; "))
    }
}

/// A permission in the room that a menu has: where it ends is in the edit.
fn brief(permission: &str) -> String {
    match permission.split_once(" outside ") {
        Some((action, _)) => format!("{action} elsewhere"),
        None => permission.to_owned(),
    }
}

/// A comment on the line of a finding; none where the line can't hold one.
fn ignore_edit(context: Context<'_>, rule: &str, span: Span) -> Option<ByteEdit> {
    if context.tree.format() != Format::Yaml || rule == "syntax-error" {
        return None;
    }
    let source = context.tree.source();
    let start = source
        .get(..span.start as usize)?
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let length = source
        .get(span.start as usize..)?
        .find('\n')
        .unwrap_or(source.len() - span.start as usize);
    let end = span.start as usize + length;
    let line = source.get(start..end)?.trim_end();
    let end = start + line.len();
    let inside = |offset: u32| {
        context.tree.node_at(offset).is_some_and(|node| {
            // Within a document in a string, it is the string that a comment would become a part of.
            let host = std::iter::successors(Some(node), |node| context.tree.host(*node)).last();
            let node = host.unwrap_or(node);
            let whole = context.tree.span(node);
            match context.tree.style(node) {
                Style::Literal | Style::Folded => true,
                Style::SingleQuoted | Style::DoubleQuoted => source
                    .get(whole.range())
                    .is_some_and(|text| text.contains('\n')),
                _ => false,
            }
        })
    };
    if inside(span.start) || inside(u32::try_from(end).ok()?) {
        return None;
    }
    let at = |offset: usize| u32::try_from(offset).ok().map(Span::empty);
    if let Some(marker) = line.rfind("leastwise: ignore[") {
        let close = line.get(marker..)?.find(']')?;
        return Some(ByteEdit {
            span: at(start + marker + close)?,
            text: format!(", {rule}"),
        });
    }
    let gap = if line.is_empty() { "" } else { "  " };
    Some(ByteEdit {
        span: at(end)?,
        text: format!("{gap}# leastwise: ignore[{rule}]"),
    })
}

/// The wildcard under a range, with its list.
fn wildcard(context: Context<'_>, range: Span) -> Option<(&List, &Item)> {
    context
        .statements()
        .filter(|(_, statement)| meets(statement.span, range))
        .flat_map(|(_, statement)| [&statement.action, &statement.not_action])
        .filter_map(Known::known)
        .flat_map(|list| list.items.iter().map(move |item| (list, item)))
        .find(|(_, item)| {
            let named = item.action.as_ref().and_then(ActionPattern::named);
            named.is_some_and(|named| named.has_wildcards()) && meets(item.text.span, range)
        })
}

fn expansion(context: Context<'_>, range: Span) -> Option<CodeAction> {
    let (list, item) = wildcard(context, range)?;
    let edits = expand(context, list, item)?;
    write::write(context.tree, &edits).ok()?;
    let pattern = item.action.as_ref()?;
    let count = pattern.expand().len();
    Some(CodeAction {
        title: format!("Replace `{}` with its {count} actions", pattern.text()),
        safe: true,
        preferred: false,
        fixes: None,
        id: ActionId {
            code: EXPAND.to_owned(),
            span: item.text.span,
            index: 0,
        },
    })
}

/// Puts the actions that a wildcard stands for in its place.
fn expand(context: Context<'_>, list: &List, item: &Item) -> Option<Vec<Edit>> {
    let names: Vec<String> = item
        .action
        .as_ref()?
        .expand()
        .into_iter()
        .map(|action| action.full_name())
        .collect();
    if names.is_empty() || names.len() > EXPANDED_ACTIONS {
        return None;
    }
    if item.list == item.node || context.tree.items(item.list).is_none() {
        let values = names.into_iter().map(NewValue::Str).collect();
        return Some(vec![Edit::Replace {
            node: item.node,
            value: NewValue::List(values),
        }]);
    }
    // What stands in the list already is not written twice.
    let present = |name: &String| {
        list.items.iter().any(|other| {
            other.node != item.node
                && other
                    .action
                    .as_ref()
                    .is_some_and(|action| action.text().eq_ignore_ascii_case(name))
        })
    };
    let mut edits: Vec<Edit> = names
        .iter()
        .filter(|name| !present(name))
        .map(|name| Edit::InsertItem {
            list: item.list,
            place: InsertAt::After(item.node),
            value: NewValue::Str(name.clone()),
        })
        .collect();
    edits.push(Edit::RemoveItem {
        list: item.list,
        item: item.node,
    });
    Some(edits)
}

#[cfg(test)]
mod tests {
    use super::brief;

    #[test]
    fn a_title_names_the_action_and_leaves_the_arn_to_the_edit() {
        assert_eq!(
            brief("sqs:SendMessage outside arn:aws:sqs:eu-west-1:111111111111:shop-*"),
            "sqs:SendMessage elsewhere"
        );
        assert_eq!(brief("sqs:SendMessage"), "sqs:SendMessage");
    }
}
