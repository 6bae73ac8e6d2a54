//! Mends actions that take no resource and were given some: allows them on `*`, in a statement of their own.

use std::sync::Arc;

use leastwise_model::{Item, Known, Site, SiteKind, Statement};
use leastwise_policy::{Studied, Tri};
use leastwise_syntax::NodeId;
use leastwise_syntax::write::{Edit, NewValue};

use super::fitting::surely_unfit;
use crate::ignore::Ignores;
use crate::support::impact::is_grave_action;
use crate::support::narrow;
use crate::{Context, Finding, Fix, Rule, Safety, conditions};

/// The entries that take no resource, and whether they are all that the statement has. `None` where they can't be moved.
fn entries<'s>(
    context: &Context<'_>,
    site: &Site,
    statement: &'s Statement,
) -> Option<(Vec<&'s Item>, bool)> {
    let kind = matches!(
        site.kind,
        SiteKind::Identity | SiteKind::Boundary | SiteKind::Session
    );
    let (Known::Is(actions), Known::Is(resources)) = (&statement.action, &statement.resource)
    else {
        return None;
    };
    // A condition on the resources is never met by what has none.
    let limited = conditions::limits_resources(context, statement) != Tri::No;
    if !kind || limited || resources.dynamic {
        return None;
    }
    let items = resources.items.iter();
    let patterns: Vec<Arc<Studied>> = items
        .flat_map(|item| context.patterns(item))
        .map(|pattern| context.study(pattern))
        .collect();
    let takes_none = |item: &&Item| {
        let expanded = context.expand(item);
        !expanded.is_empty()
            && expanded.iter().all(|action| action.resources().len() == 0)
            && surely_unfit(expanded, &patterns)
    };
    let moved: Vec<&Item> = actions.items.iter().filter(takes_none).collect();
    let all = moved.len() == actions.items.len() && !actions.dynamic;
    let own = moved.iter().all(|item| item.list == actions.node);
    let movable = all || own && statement.branch.is_empty();
    (movable && !moved.is_empty()).then_some((moved, all))
}

/// The list of the statement's actions.
fn statement_list(statement: &Statement) -> Option<NodeId> {
    statement.action.known().map(|list| list.node)
}

/// The fix of such entries, as it is offered.
#[derive(Clone, Copy)]
pub(super) struct Offer {
    /// What it is called for one entry.
    pub title: &'static str,
    /// What it is called for several.
    pub several: &'static str,
    pub safety: Safety,
}

/// How the fix is offered. What gets to work on all that there is is looked at first where that is control over permissions.
pub(super) fn offer(context: &Context<'_>, site: &Site, statement: &Statement) -> Option<Offer> {
    let (moved, all) = entries(context, site, statement)?;
    let texts = moved.iter().filter_map(|item| item.action.as_ref());
    let is_grave = texts.into_iter().any(|of| is_grave_action(of.text()));
    let (title, several) = match all {
        true => ("Allow it on `*`", "Allow them on `*`"),
        false => (
            "Move it to a separate statement with `*`",
            "Move them to a separate statement with `*`",
        ),
    };
    Some(Offer {
        title,
        several,
        safety: Safety::changes(!is_grave),
    })
}

/// The fix for all such entries of a statement that the rule isn't to be silent on.
pub(super) fn fix(context: &Context<'_>, rule: &'static Rule, node: NodeId) -> Option<Fix> {
    let (site, statement) = context.statement(node)?;
    let (mut moved, mut all) = entries(context, site, statement)?;
    let ignores = Ignores::read(context);
    let is_ignored = |item: &&Item| {
        let finding = Finding::new(rule, context.item_span(item), "");
        let text = item.text.literal(context.tree).unwrap_or_default();
        let finding = finding.action(text).owner(context.owner(site));
        ignores.quiet(context, &finding)
    };
    let count = moved.len();
    moved.retain(|item| !is_ignored(item));
    if moved.is_empty() {
        return None;
    }
    // What is left alone keeps its resources, and so needs the statement to be one that can be taken apart.
    if moved.len() < count {
        let own = moved
            .iter()
            .all(|item| Some(item.list) == statement_list(statement));
        all = false;
        if !own || !statement.branch.is_empty() {
            return None;
        }
    }
    let star = vec![NewValue::Str("*".to_owned())];
    let mut edits = Vec::new();
    if all {
        edits.push(Edit::Replace {
            node: statement.resource.known()?.node,
            value: NewValue::List(star),
        });
    } else {
        if ignores.are_left_by(context, &moved, statement.actions()) {
            return None;
        }
        let copies = moved.iter().map(|item| NewValue::Copy(item.node)).collect();
        let value = narrow::split(context, site, statement, "Unscoped", copies, star)?;
        edits.extend(moved.iter().map(|item| Edit::RemoveItem {
            list: item.list,
            item: item.node,
        }));
        edits.push(narrow::insert(context, site, statement, value)?);
    }
    let actions = moved.iter().flat_map(|item| context.expand(item));
    Some(Fix::new(edits).adds(actions.map(|action| action.full_name())))
}
