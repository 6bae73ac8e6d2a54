//! ARNs: what they are where they are deployed, and which of the statement's actions they serve.

use leastwise_catalog::describe::code;
use leastwise_catalog::{Action, catalog};
use leastwise_model::{Item, Known, Statement};
use leastwise_policy::{ActionFit, Arn, ArnShape, Pattern, Tri, resource};

use crate::completion::{CompletionRequest, main_type};
use crate::limits::{ACTIONS_FOR_AN_ARN, VALUES_OF_AN_ARN};
use crate::values;

/// The most names in a sentence.
const NAMED: usize = 6;

pub(super) fn hover(asked: &CompletionRequest<'_>) -> Option<String> {
    let statement = asked.statement?;
    let lists = [&statement.resource, &statement.not_resource];
    let mut items = lists
        .into_iter()
        .filter_map(Known::known)
        .flat_map(|list| &list.items);
    let at = asked.outer(asked.place.start);
    let item = items.find(|item| item.text.span.touches(at))?;
    let patterns = patterns(asked, item);
    let first = patterns.first()?;
    if first.is_star() {
        return Some("Every resource.".to_owned());
    }
    let mut paragraphs = Vec::new();
    let mut types = resource::resource_types_fitting(first);
    if !types.is_empty() {
        // Those that the statement is about first, then those that an app names first.
        let actions = asked.actions();
        let taken: Vec<_> = actions
            .iter()
            .flat_map(|action| action.resources())
            .map(|of| of.resource_type())
            .collect();
        let nearest = catalog().resource_types_of(&first.display());
        types.sort_by_cached_key(|of| {
            let place = nearest.iter().position(|near| near == of);
            let place = place.unwrap_or(nearest.len());
            (!taken.contains(of), main_type(*of), place)
        });
        let names = types
            .iter()
            .map(|of| format!("{} of {}", of.name(), of.service().prefix()));
        let page = types.first().map(|of| of.service().page());
        paragraphs.push(format!("Can be: {}.", listed(names, page.as_deref())));
    }
    let values = values::of_item(asked.context, item);
    let literal = item.text.literal(asked.context.tree).is_some();
    let known = literal && values.len() == 1;
    if !values.is_empty() && !known {
        paragraphs.push(values::table(&values, "resolved"));
    }
    paragraphs.extend(parts(asked, first));
    // What a statement leaves out is about no action of its own.
    if statement.not_action.is_missing() && statement.not_resource.is_missing() {
        paragraphs.extend(users(asked, &patterns));
    }
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}

/// What its segments say, those that are left out or say nothing aside.
fn parts(asked: &CompletionRequest<'_>, pattern: &Pattern) -> Option<String> {
    let ArnShape::Arn(arn) = Arn::parse(pattern) else {
        return None;
    };
    let config = asked.context.config();
    let named = arn.account.as_literal();
    let named = named.and_then(|id| config.account(&id));
    let named = named.map_or(String::new(), |of| {
        format!(" ({} of the config)", code(&of.name))
    });
    let mut parts = Vec::new();
    for (what, segment, more) in [
        ("partition", arn.partition, ""),
        ("service", arn.service, ""),
        ("Region", arn.region, ""),
        ("account", arn.account, named.as_str()),
        ("resource", arn.resource, ""),
    ] {
        if segment.is_star() {
            parts.push(format!("any {what}"));
        } else if !segment.is_empty() {
            parts.push(format!("{what} {}{more}", code(&segment.display())));
        }
    }
    Some(format!("Its parts: {}.", parts.join(", ")))
}

fn patterns(asked: &CompletionRequest<'_>, item: &Item) -> Vec<Pattern> {
    let mut patterns: Vec<Pattern> = Vec::new();
    for (_, resolved) in asked.context.analysis.shown(asked.context.tree, item) {
        if !patterns.contains(&resolved.pattern) {
            patterns.push(resolved.pattern.clone());
        }
    }
    patterns
}

/// Which of the statement's actions the ARN serves.
fn users(asked: &CompletionRequest<'_>, patterns: &[Pattern]) -> Option<String> {
    let actions = asked.actions();
    if actions.is_empty() || actions.len() > ACTIONS_FOR_AN_ARN {
        return None;
    }
    let uses = |action: &&Action| {
        patterns
            .iter()
            .take(VALUES_OF_AN_ARN)
            .any(|pattern| resource::action_fits_pattern(**action, pattern) != Tri::No)
    };
    let used: Vec<&Action> = actions.iter().filter(uses).collect();
    if used.is_empty() {
        return Some("None of the statement's actions applies to it.".to_owned());
    }
    if used.len() == actions.len() {
        return Some("Every action of the statement applies to it.".to_owned());
    }
    // Where the first is described that isn't named.
    let page = used.get(NAMED).map(|action| action.service().page());
    let names = used
        .iter()
        .map(|action| format!("`{}`", action.full_name()));
    Some(format!(
        "Of the statement's actions, these apply to it: {}.",
        listed(names, page.as_deref())
    ))
}

/// The first of some names; the number of the others leads to the page where they are.
fn listed(names: impl Iterator<Item = String>, page: Option<&str>) -> String {
    let names: Vec<String> = names.collect();
    let mut text = names
        .iter()
        .take(NAMED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    let more = names.len().saturating_sub(NAMED);
    match page {
        _ if more == 0 => {}
        Some(page) => text.push_str(&format!(" and [{more} more]({page})")),
        None => text.push_str(&format!(" and {more} more")),
    }
    text
}

/// Whether the statement's resources are any good for an action: a sentence where they are not, or can't be told.
pub(super) fn fit(asked: &CompletionRequest<'_>, action: Action) -> Option<String> {
    let statement: &Statement = asked.statement?;
    let list = statement.resource.known().filter(|list| !list.dynamic)?;
    let patterns: Vec<Pattern> = list
        .items
        .iter()
        .flat_map(|item| patterns(asked, item))
        .collect();
    match resource::action_fits(action, &patterns) {
        ActionFit::Fits | ActionFit::Maybe => None,
        ActionFit::TakesNoResource => Some(
            "It has no effect in this statement: it only supports the resource `*`.".to_owned(),
        ),
        ActionFit::NoTypeFits { types } => {
            let page = action.service().page();
            let names = listed(types.iter().map(|of| of.name().to_owned()), Some(&page));
            Some(format!(
                "It has no effect in this statement: it only applies to these resource types: {names}."
            ))
        }
    }
}
