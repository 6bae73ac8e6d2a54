//! The actions of a policy, each as it is in some environment.

mod action_list;

use std::borrow::Cow;
use std::rc::Rc;

use leastwise_model::{Item, Known, List, PermissionTo, Site, Statement};
use leastwise_policy::ActionPattern;

use crate::Context;
use action_list::ActionList;
pub(crate) use action_list::always_taken_in;

/// An action in a policy, as it is in some environment.
pub struct ActionEntry<'a> {
    pub(crate) site: &'a Site,
    pub(crate) statement: &'a Statement,
    pub(crate) item: &'a Item,
    /// What the list has that it stands in.
    pub(crate) beside: Rc<ActionList<'a>>,
    pub(crate) pattern: Cow<'a, ActionPattern>,
    /// What a fix of it changes.
    pub(crate) grant: Grant,
    /// Where it is the one action that a resource takes which is a permission by itself.
    pub(crate) permission: Option<PermissionTo>,
}

/// What comes of it when an entry gets to stand for an action.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Grant {
    /// The action is allowed.
    Adds,
    /// The action is no longer allowed.
    Removes,
    /// It is denied, which takes away what other statements may allow.
    Denies,
    /// It is no longer denied, which gives back what other statements may allow.
    Spares,
}

/// Every action of a statement that is fully known, those left out too. An item that is a variable comes once for each action that
/// it may be.
pub(crate) fn entries<'a>(
    context: &Context<'a>,
    site: &'a Site,
    statement: &'a Statement,
) -> Vec<ActionEntry<'a>> {
    let (takes, leaves_out) = match statement.allows() {
        true => (Grant::Adds, Grant::Removes),
        false => (Grant::Denies, Grant::Spares),
    };
    let mut entries = Vec::new();
    for (list, grant) in [
        (&statement.action, takes),
        (&statement.not_action, leaves_out),
    ] {
        if let Known::Is(list) = list {
            listed(
                context,
                (site, statement, None),
                (list, grant),
                &mut entries,
            );
        }
    }
    entries
}

/// The one action of a resource that is a permission by itself.
pub(crate) fn of_permission<'a>(
    context: &Context<'a>,
    site: &'a Site,
    statement: &'a Statement,
) -> Vec<ActionEntry<'a>> {
    let mut entries = Vec::new();
    if let Known::Is(list) = &statement.action {
        let permission = context.permission_to(site);
        let at = (site, statement, permission);
        listed(context, at, (list, Grant::Adds), &mut entries);
    }
    entries
}

fn listed<'a>(
    context: &Context<'a>,
    (site, statement, permission): (&'a Site, &'a Statement, Option<PermissionTo>),
    (list, grant): (&'a List, Grant),
    entries: &mut Vec<ActionEntry<'a>>,
) {
    let beside = Rc::new(ActionList::of(list));
    let entry = |item: &'a Item, pattern: Cow<'a, ActionPattern>| ActionEntry {
        site,
        statement,
        item,
        beside: Rc::clone(&beside),
        pattern,
        grant,
        permission,
    };
    for item in &list.items {
        if let Some(pattern) = &item.action {
            entries.push(entry(item, Cow::Borrowed(pattern)));
        } else if item.text.literal(context.tree).is_none() {
            let resolved = context.patterns(item);
            // Where it may be anything else in another environment, nothing is sure.
            if resolved
                .iter()
                .all(|pattern| !pattern.has_holes() && !pattern.raw().contains(char::is_control))
            {
                let patterns = resolved.into_iter().map(ActionPattern::from_pattern);
                entries.extend(patterns.map(|pattern| entry(item, Cow::Owned(pattern))));
            }
        }
    }
}
