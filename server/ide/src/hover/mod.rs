//! What is known of the word under the cursor.

mod action;
mod arn;
mod block;
mod condition_value;
mod declaration;
mod framework;
mod functions;
mod names;
mod operator;
mod principal;
mod reference;

#[cfg(test)]
mod tests;

use leastwise_catalog::catalog;
use leastwise_catalog::describe::{self, Detail};
use leastwise_rules::Context;
use leastwise_syntax::Span;

use crate::Hover;
use crate::completion::{self, CompletionRequest};
use crate::position::{Frame, Role, Spot};

pub(crate) use names::variable;
pub(crate) use operator::operator;
pub(crate) use principal::principal;

/// What is shown over the word at `offset`.
pub(crate) fn hover(context: Context<'_>, offset: u32) -> Option<Hover> {
    reference::at(context, offset)
        .or_else(|| functions::attribute(context, offset))
        .or_else(|| in_policy(context, offset))
        .or_else(|| block::at(context, offset))
        .or_else(|| declaration::assumed(context, offset))
        .or_else(|| declaration::at(context, offset))
        .or_else(|| reference::within(context, offset))
}

/// What is shown over a word of a policy, or of what is around it.
fn in_policy(context: Context<'_>, offset: u32) -> Option<Hover> {
    let asked = CompletionRequest::new(context, offset)?;
    let (word, span) = word(&asked)?;
    if let Some(hover) = framework::at(&asked) {
        return Some(hover);
    }
    if let Some((name, span)) = braces(&asked) {
        return Some(Hover {
            span: asked.outer_span(span),
            markdown: functions::local(context, offset, name)
                .or_else(|| variable(context, name))?,
        });
    }
    if let Some(function) = functions::at(&asked) {
        return Some(Hover {
            span: asked.outer_span(span),
            markdown: function,
        });
    }
    let markdown = match asked.found.spot {
        Spot::Action { .. } => action::in_statement(&asked, word),
        Spot::Resource { .. } => names::managed(word)
            .or_else(|| arn::hover(&asked))
            .or_else(|| meaning(word)),
        Spot::PrincipalValue(kind) => principal::value(&asked, kind, word),
        Spot::PolicyKey | Spot::StatementKey => names::element(word),
        Spot::Principal if word == "*" => Some("Anyone, even without signing in.".to_owned()),
        Spot::Principal => principal::kind(word),
        Spot::Operator => leastwise_policy::condition::Operator::parse(word)
            .ok()
            .map(|parsed| operator(&parsed)),
        Spot::ConditionKey { .. } => condition_key(word),
        Spot::ConditionValue { key, .. } => condition_value::value(context, key, word),
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
        Spot::Effect => names::effect(word),
        Spot::Version => names::version(word),
        Spot::Block | Spot::Other => other(&asked, word),
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
            // With two braces it is another tool's.
            let name = word.get(open + 2..close - 1)?.trim();
            if name.starts_with('{') {
                return None;
            }
            return Some((name, Span::new(at(open), at(close))));
        }
        from = close;
    }
    None
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
        return names::element(word).filter(|_| inside);
    }
    let key = asked.place.path.last().map(|step| step.frame);
    match key {
        Some(Frame::Key("Type")) => {
            let kind = catalog().cfn_type(word)?;
            Some(describe::describe_cfn_type(kind, Detail::Brief))
        }
        _ => names::managed(word),
    }
}
