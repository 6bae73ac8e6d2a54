//! Actions, their services, and wildcards.

use leastwise_catalog::catalog;
use leastwise_catalog::describe::{self, Detail};
use leastwise_policy::ActionPattern;

use super::arn;
use crate::completion::{CompletionRequest, providers};

/// An action in a statement: what is special about that comes before what holds everywhere.
pub(super) fn in_statement(asked: &CompletionRequest<'_>, word: &str) -> Option<String> {
    let about = by_itself(word, &providers::named(asked));
    let pattern = ActionPattern::parse(word);
    let Some(named) = pattern.named() else {
        return about;
    };
    let service = catalog().service(named.service());
    let in_service = asked.place.cursor.saturating_sub(asked.place.start) as usize <= named.colon();
    if let (true, Some(service)) = (in_service, service) {
        return Some(describe::describe_service(service, Detail::Brief));
    }
    let about = about?;
    let action = named.action().filter(|_| !named.has_wildcards());
    let Some(fit) = action.and_then(|action| arn::fit(asked, action)) else {
        return Some(about);
    };
    let (first, rest) = about.split_once("\n\n").unwrap_or((&about, ""));
    Some(format!("{first}\n\n{fit}\n\n{rest}").trim_end().to_owned())
}

/// An action, or a pattern of several; `providers`: the identity providers whose keys come first.
pub(super) fn by_itself(word: &str, providers: &[&str]) -> Option<String> {
    let pattern = ActionPattern::parse(word);
    if pattern == ActionPattern::Star {
        return Some("Every action of every service, including future ones.".to_owned());
    }
    let named = pattern.named()?;
    if named.has_wildcards() {
        return describe::describe_wildcard(word, Detail::Brief)
            .or_else(|| Some(format!("{} matches no action.", describe::code(word))));
    }
    match named.action() {
        Some(action) => Some(describe::describe_action_for(
            action,
            providers,
            Detail::Brief,
        )),
        None => unknown(named.service(), named.name()),
    }
}

fn unknown(service: &str, name: &str) -> Option<String> {
    if let Some(operation) = catalog().api_operation(service, name) {
        let needed: Vec<String> = operation
            .actions()
            .map(|action| format!("`{}`", action.full_name()))
            .collect();
        let which = match operation.needs_some() {
            true => "depending on what it does, some of ",
            false => "",
        };
        return Some(format!(
            "An API operation, not an action: it needs {which}{}.",
            needed.join(", ")
        ));
    }
    catalog().retired_action(service, name).map(|_| {
        format!(
            "{} is retired.",
            describe::code(&format!("{service}:{name}"))
        )
    })
}
