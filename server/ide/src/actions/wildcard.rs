//! A wildcard spelt out as the actions that it stands for.

use leastwise_model::{Item, Known, List};
use leastwise_policy::ActionPattern;
use leastwise_rules::Context;
use leastwise_syntax::Span;
use leastwise_syntax::write::{self, Edit, InsertAt, NewValue};

use super::place::{self, meets};
use crate::limits::EXPANDED_ACTIONS;
use crate::{ActionId, ActionKind, ByteEdit, CodeAction};

/// The code of the action.
pub(super) const EXPAND: &str = "expand-wildcard";

/// Its edits, for the wildcard at a place.
pub(super) fn edits(context: Context<'_>, span: Span) -> Option<Vec<ByteEdit>> {
    let (list, item) = wildcard(context, span).filter(|(_, item)| item.text.span == span)?;
    place::edits(write::write(context.tree, &expand(context, list, item)?).ok()?)
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

/// The action for the wildcard under a range.
pub(super) fn expansion(context: Context<'_>, range: Span) -> Option<CodeAction> {
    let (list, item) = wildcard(context, range)?;
    let edits = expand(context, list, item)?;
    write::write(context.tree, &edits).ok()?;
    let pattern = item.action.as_ref()?;
    let count = pattern.expand().len();
    Some(CodeAction {
        title: format!("Replace `{}` with its {count} actions", pattern.text()),
        kind: ActionKind::Rewrite,
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
