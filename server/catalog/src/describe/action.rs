//! An action in words.

use super::Detail;
use super::wording::{count, enumerate_linked, source};
use crate::{Action, Relation, catalog};
use std::collections::BTreeSet;
use std::fmt::Write;

/// An action: what it does, to what, under which conditions, what else it needs, and what takes its work back.
///
/// What comes after the list of resources is paragraphs, since Markdown takes a second list for more of the first.
pub fn describe_action(action: Action, detail: Detail) -> String {
    describe_action_for(action, &[], detail)
}

/// [`describe_action`] for a statement with identity providers, by their addresses: the keys of their tokens come first.
pub fn describe_action_for(action: Action, providers: &[&str], detail: Detail) -> String {
    let mut out = match action.sentence() {
        Some(sentence) => format!("{sentence}. "),
        None => String::new(),
    };
    let _ = write!(
        out,
        "`{}` is a **{}** action of {}.",
        action.full_name(),
        action.access_level(),
        action.service().name(),
    );
    if action.permission_only() {
        out.push_str(" No API call has its name; it is checked during others.");
    }
    if action.deprecated() {
        out.push_str(" AWS has deprecated the API call with that name.");
    }
    out.push('\n');
    let page = action.service().page_of(action.name());
    resources(&mut out, action, &page, detail);

    let mut keys: BTreeSet<&str> = action.condition_keys().map(|key| key.name()).collect();
    for resource in action.resources() {
        keys.extend(resource.condition_keys().map(|key| key.name()));
    }
    if !keys.is_empty() {
        let keys = in_order(keys, providers);
        let keys = enumerate_linked(&keys, detail, &page);
        let _ = write!(out, "Condition keys: {keys}.\n\n");
    }
    let dependents: Vec<String> = action
        .dependent_actions()
        .map(|action| action.full_name())
        .collect();
    if !dependents.is_empty() {
        let _ = write!(
            out,
            "The caller may also need {}.\n\n",
            enumerate_linked(&dependents, detail, &page)
        );
    }
    for (relation, words) in [
        (Relation::Delete, "Undone by"),
        (Relation::Update, "Changed by"),
        (Relation::Create, "Counterpart of"),
    ] {
        let found: Vec<String> = action
            .counterparts()
            .filter(|counterpart| counterpart.relation() == relation)
            .map(|counterpart| counterpart.action().full_name())
            .collect();
        if !found.is_empty() {
            let _ = write!(
                out,
                "{words} {}.\n\n",
                enumerate_linked(&found, detail, &page)
            );
        }
    }
    let _ = write!(out, "[AWS's page]({page})\n\n");
    if detail == Detail::Full {
        out.push_str(source().trim_start());
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// The keys of the providers' tokens first: what every token has, which the action doesn't list, then what theirs have.
fn in_order(keys: BTreeSet<&str>, providers: &[&str]) -> Vec<String> {
    let claims = providers
        .iter()
        .flat_map(|of| ["sub", "aud"].map(|claim| format!("{of}:{claim}")));
    let mut all: Vec<String> = claims
        .filter(|key| catalog().condition_key(key).is_some())
        .collect();
    let is_theirs = |key: &&str| {
        let mut rest = providers.iter().filter_map(|of| key.strip_prefix(of));
        rest.any(|rest| rest.starts_with(':'))
    };
    let (theirs, others): (Vec<&str>, Vec<&str>) = keys.into_iter().partition(is_theirs);
    for key in theirs.into_iter().chain(others) {
        if !all.iter().any(|known| known == key) {
            all.push(key.to_owned());
        }
    }
    all
}

fn resources(out: &mut String, action: Action, page: &str, detail: Detail) {
    // What every call touches first: it is what a statement can't do without.
    let mut resources: Vec<_> = action.resources().collect();
    resources.sort_by_key(|resource| !resource.required());
    let total = resources.len();
    if total == 0 {
        out.push_str("\nIt only supports `\"Resource\": \"*\"`.\n\n");
        return;
    }
    let required = resources
        .iter()
        .filter(|resource| resource.required())
        .count();
    let sentence = match (required, total) {
        (0, _) => "It can be limited to:",
        _ if required == total => "It applies to:",
        _ => "It applies to (**bold**: every call does):",
    };
    let _ = write!(out, "\n{sentence}\n\n");
    let shown = if detail == Detail::Brief {
        4.max(required.min(6))
    } else {
        total
    };
    for resource in resources.iter().take(shown) {
        let kind = resource.resource_type();
        let name = kind.name();
        let emphasis = if resource.required() && required < total {
            "**"
        } else {
            ""
        };
        let arns = enumerate_linked(kind.arns(), detail, page);
        let _ = writeln!(out, "- {emphasis}{name}{emphasis}: {arns}");
    }
    if total > shown {
        let more = count(total - shown, "resource type");
        let _ = writeln!(out, "- and [{more} more]({page})");
    }
    out.push('\n');
}
