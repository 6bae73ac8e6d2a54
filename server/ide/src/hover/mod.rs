//! What is known of the word under the cursor.

mod arn;
mod framework;
mod functions;
mod names;
mod reference;

#[cfg(test)]
mod tests;

use leastwise_catalog::catalog;
use leastwise_catalog::describe::{self, Detail};
use leastwise_policy::{ActionPattern, elements};
use leastwise_rules::Context;
use leastwise_syntax::Span;

use crate::Hover;
use crate::completion::{self, CompletionRequest};
use crate::position::{Frame, Role, Spot};

pub(crate) use names::{operator, principal, variable};

/// What is shown over the word at `offset`.
pub(crate) fn hover(context: Context<'_>, offset: u32) -> Option<Hover> {
    if let Some(hover) = reference::at(context, offset) {
        return Some(hover);
    }
    let asked = CompletionRequest::new(context, offset)?;
    let (word, span) = word(&asked)?;
    if let Some(hover) = framework::at(&asked) {
        return Some(hover);
    }
    if let Some((name, span)) = braces(&asked) {
        return Some(Hover {
            span: asked.outer_span(span),
            markdown: variable(context, name)?,
        });
    }
    if let Some(function) = functions::at(&asked) {
        return Some(Hover {
            span: asked.outer_span(span),
            markdown: function,
        });
    }
    let markdown = match asked.found.spot {
        Spot::Action { .. } => action(&asked, word),
        Spot::Resource { .. } => arn::hover(&asked).or_else(|| meaning(word)),
        Spot::PrincipalValue(kind) => names::principal_value(&asked, kind, word),
        Spot::PolicyKey | Spot::StatementKey => element(word),
        Spot::Principal if word == "*" => Some("Anyone, even without signing in.".to_owned()),
        Spot::Principal => names::principal_kind(word),
        Spot::Operator => leastwise_policy::condition::Operator::parse(word)
            .ok()
            .map(|parsed| operator(&parsed)),
        Spot::ConditionKey { .. } => condition_key(word),
        Spot::ConditionValue { .. } => names::condition_value(&asked, word),
        Spot::ManagedPolicy => {
            let policy = catalog().managed_policy(word)?;
            Some(describe::describe_managed_policy(policy, Detail::Brief))
        }
        Spot::PolicyEntry => entry(&asked, word),
        Spot::PolicyEntryKey(name) if completion::entries::takes_templates(&asked) => {
            let template = catalog().policy_template(name)?;
            describe::describe_template_parameter(template, word)
        }
        Spot::PolicyEntryKey(_) => other(&asked, word),
        Spot::Reference { .. } => variable(context, word),
        Spot::Effect | Spot::Version => value(asked.found.spot, word),
        Spot::Other => other(&asked, word),
    }?;
    Some(Hover {
        span: asked.outer_span(span),
        markdown,
    })
}

/// The word under the cursor, with its bytes.
fn word<'a>(asked: &CompletionRequest<'a>) -> Option<(&'a str, Span)> {
    let span = asked.place.word();
    let word = asked.text.get(span.range())?;
    let word = word.trim_end_matches(':');
    let span = Span::new(span.start, span.start + u32::try_from(word.len()).ok()?);
    (!word.is_empty()).then_some((word, span))
}

/// The name in the `${…}` around the cursor, with the bytes of all of it.
fn braces<'a>(asked: &CompletionRequest<'a>) -> Option<(&'a str, Span)> {
    let word = asked.text.get(asked.place.word().range())?;
    let cursor = (asked.place.cursor - asked.place.start) as usize;
    let mut from = 0;
    while let Some(found) = word.get(from..)?.find("${") {
        let open = from + found;
        let close = open + word.get(open..)?.find('}')? + 1;
        if open <= cursor && cursor < close {
            let at = |offset: usize| asked.place.start + u32::try_from(offset).unwrap_or(0);
            let name = word.get(open + 2..close - 1)?.trim();
            return Some((name, Span::new(at(open), at(close))));
        }
        from = close;
    }
    None
}

fn action(asked: &CompletionRequest<'_>, word: &str) -> Option<String> {
    let pattern = ActionPattern::parse(word);
    if pattern == ActionPattern::Star {
        return Some("Every action of every service, including future ones.".to_owned());
    }
    let named = pattern.named()?;
    let service = catalog().service(named.service());
    let in_service = asked.place.cursor.saturating_sub(asked.place.start) as usize <= named.colon();
    if let (true, Some(service)) = (in_service, service) {
        return Some(describe::describe_service(service, Detail::Brief));
    }
    if named.has_wildcards() {
        return describe::describe_wildcard(word, Detail::Brief)
            .or_else(|| Some(format!("`{word}` matches no action.")));
    }
    let action = match named.action() {
        Some(action) => action,
        None => return unknown(named.service(), named.name()),
    };
    let about = describe::describe_action(action, Detail::Brief);
    // What is special about this statement comes before what holds everywhere.
    let Some(fit) = arn::fit(asked, action) else {
        return Some(about);
    };
    let (first, rest) = about.split_once("\n\n").unwrap_or((&about, ""));
    Some(format!("{first}\n\n{fit}\n\n{rest}").trim_end().to_owned())
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
    catalog()
        .retired_action(service, name)
        .map(|_| format!("`{service}:{name}` is retired."))
}

fn element(word: &str) -> Option<String> {
    let element = elements::statement_element(word).or_else(|| elements::policy_element(word))?;
    let mut text = format!("**{word}**: {}", element.meaning);
    // That `Action` stands instead of `NotAction` goes without saying.
    if let Some(other) = element.instead_of.filter(|_| word.starts_with("Not")) {
        text.push_str(&format!(" Used instead of `{other}`."));
    }
    Some(text)
}

fn meaning(word: &str) -> Option<String> {
    (word == "*").then(|| "Every resource.".to_owned())
}

fn condition_key(word: &str) -> Option<String> {
    Some(describe::describe_condition_key(
        catalog().condition_key(word)?,
        Detail::Brief,
    ))
}

fn value(spot: Spot<'_>, word: &str) -> Option<String> {
    Some(match (spot, word) {
        (Spot::Effect, "Allow") => "Allows what the statement applies to, unless another statement denies it.",
        (Spot::Effect, "Deny") => "Denies what the statement applies to, whatever other statements allow.",
        (Spot::Version, "2012-10-17") => "The current version of the policy language.",
        (Spot::Version, "2008-10-17") => {
            "The older version of the policy language, which takes `${aws:username}` and the like literally."
        }
        _ => return None,
    }
    .to_owned())
}

/// An entry of `Policies`: a policy template of SAM, or a managed policy.
fn entry(asked: &CompletionRequest<'_>, word: &str) -> Option<String> {
    if !completion::entries::takes_templates(asked) {
        return other(asked, word);
    }
    if let Some(template) = catalog().policy_template(word) {
        return Some(describe::describe_policy_template(template, Detail::Brief));
    }
    match catalog().managed_policy(word) {
        Some(policy) => Some(describe::describe_managed_policy(policy, Detail::Brief)),
        None => other(asked, word),
    }
}

/// Names that mean something outside of statements, too.
fn other(asked: &CompletionRequest<'_>, word: &str) -> Option<String> {
    if asked.place.role == Role::Key {
        // `Statement` and its kin where the path ends at the element itself.
        let inside = asked.found.statement.is_some() || asked.site.is_some();
        return element(word).filter(|_| inside);
    }
    let key = asked.place.path.last().map(|step| step.frame);
    match key {
        Some(Frame::Key("Type")) => {
            let kind = catalog().cfn_type(word)?;
            Some(describe::describe_cfn_type(kind, Detail::Brief))
        }
        _ => None,
    }
}
