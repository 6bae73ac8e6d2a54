//! Variables, principals and operators.

use leastwise_catalog::catalog;
use leastwise_catalog::describe::{self, Detail};
use leastwise_dialects::scope::{InScope, NameKind, ValueFrom};
use leastwise_model::text::is_policy_variable;
use leastwise_policy::condition::{Operator, Quantifier};
use leastwise_policy::{Pattern, Principal, principal as principals};
use leastwise_rules::Context;

use crate::completion::CompletionRequest;
use crate::values;

/// A variable: its values, and where they come from.
pub(crate) fn variable(context: Context<'_>, name: &str) -> Option<String> {
    let name = name.trim();
    let bare = name.trim_start_matches('!');
    if is_policy_variable(bare) {
        let key = bare.split(',').next().unwrap_or(bare).trim();
        let key = catalog().condition_key(key)?;
        let about = describe::describe_condition_key(key, Detail::Brief);
        return Some(format!(
            "A policy variable, replaced for each request.\n\n{about}"
        ));
    }
    if name.starts_with('!') {
        return Some(format!(
            "The literal text `${{{bare}}}`, which `Fn::Sub` leaves alone."
        ));
    }
    if name.is_empty() {
        return None;
    }
    let values = values::of_variable(context, name);
    let unknown = format!("${{{name}}}");
    let known = values.iter().any(|value| value.text != unknown);
    let source = source(context, name);
    if !known {
        let source =
            source.unwrap_or_else(|| "not declared in this file or in the config".to_owned());
        return Some(format!(
            "`{unknown}`: {source}. Its value isn't known before deployment."
        ));
    }
    let from = source.map_or(String::new(), |source| format!(": {source}"));
    Some(format!(
        "`{unknown}`{from}.\n\n{}",
        values::table(&values, "value")
    ))
}

/// Where the value of a name comes from, in the order in which names are resolved.
fn source(context: Context<'_>, name: &str) -> Option<String> {
    let config = context.config();
    if name.starts_with("AWS::") {
        return Some("from the config's accounts and regions".to_owned());
    }
    let state = context.analysis.state();
    let named = state.referred_name(context.tree, name);
    let named = named.map(|(named, attribute)| (named.kind, worded(&named, attribute)));
    match named {
        Some((NameKind::Resource, words)) => return words,
        _ if config.variables.contains_key(name) => {
            return Some("from `[variables]` of the config".to_owned());
        }
        _ if config.is_prefix_variable(name) => {
            return Some("the app's prefix, from `[app]` of the config".to_owned());
        }
        _ => {}
    }
    if let Some(account) = config.account_by_variable(name) {
        return Some(format!(
            "the account {}, from `[accounts]` of the config",
            account.name
        ));
    }
    named.and_then(|(_, words)| words)
}

/// What a reference is that the file, or what it is read with, declares.
pub(super) fn declared(context: Context<'_>, name: &str) -> Option<String> {
    let state = context.analysis.state();
    let (named, attribute) = state.referred_name(context.tree, name)?;
    match (named.kind, attribute) {
        (NameKind::Resource, None) => Some(format!("a {}, an `{}`", named.noun, named.type_name)),
        _ => worded(&named, attribute),
    }
}

/// What a name is, with the attribute behind it, in words.
fn worded(named: &InScope<'_>, attribute: Option<&str>) -> Option<String> {
    let (name, of, noun) = (&named.name, named.type_name, named.noun);
    Some(match (named.kind, attribute) {
        (NameKind::Resource, Some(attribute)) => {
            format!("the attribute `{attribute}` of `{name}`, an `{of}`")
        }
        (NameKind::Resource, None) => format!("what `Ref` gives for `{name}`, an `{of}`"),
        (NameKind::DataSource, _) => format!("from the {noun} `{of}`"),
        (NameKind::Local, _) => format!("a {noun}"),
        (NameKind::Output | NameKind::Call, _) => {
            let call = name.split('.').nth(1).unwrap_or(name);
            format!("an output of the module `{call}`")
        }
        (NameKind::Parameter, _) => match named.from {
            ValueFrom::Store => format!("a {noun} whose value is read from Parameter Store"),
            ValueFrom::Allowed => format!("a {noun} with its allowed values"),
            ValueFrom::Set => format!("a {noun}, set by a `*.tfvars`"),
            ValueFrom::Caller => format!("a {noun}, as the module's caller gives it"),
            ValueFrom::Default => format!("a {noun}, by its default"),
            ValueFrom::Nothing => format!("a {noun} without a default"),
        },
        (NameKind::Loop, _) => return None,
    })
}

/// A key of `Principal`.
pub(super) fn principal_kind(word: &str) -> Option<String> {
    let text = match word {
        "AWS" => {
            "accounts (by their ID or `arn:aws:iam::…:root`), roles, users and sessions, by their ARNs; `*` is anyone."
        }
        "Service" => "AWS services, by names such as `lambda.amazonaws.com`.",
        "Federated" => {
            "identity providers: the ARN of one that is set up in the account, or a public one such as `cognito-identity.amazonaws.com`."
        }
        "CanonicalUser" => "accounts by their canonical user ID, which S3 uses.",
        _ => return None,
    };
    Some(format!("**{word}**: {text}"))
}

/// A value under a key of `Principal`.
pub(super) fn principal_value(
    asked: &CompletionRequest<'_>,
    kind: &str,
    word: &str,
) -> Option<String> {
    let context = asked.context;
    let at = asked.outer(asked.place.start);
    let items = asked.statement.into_iter().flat_map(crate::hints::items);
    let values = items
        .filter(|item| item.text.span.touches(at) && item.text.literal(context.tree).is_none())
        .map(|item| values::of_item(context, item))
        .next();
    if let Some(values) = values.filter(|values| !values.is_empty()) {
        return Some(values::table(&values, "principal"));
    }
    if kind == "Service" {
        principal(context, word)
    } else {
        account(context, kind, word)
    }
}

fn account(context: Context<'_>, kind: &str, word: &str) -> Option<String> {
    let pattern = Pattern::literal(word);
    if let Principal::Everybody = Principal::parse(kind, &pattern) {
        return Some("Anyone, even without signing in.".to_owned());
    }
    let id = if word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        Some(word.to_owned())
    } else {
        principals::account_of(&pattern)
    }?;
    Some(match context.config().account(&id) {
        Some(account) => format!("Account `{id}`: `{}` of the config.", account.name),
        None => format!("Account `{id}`, which the config doesn't list."),
    })
}

/// A principal by itself.
pub(crate) fn principal(context: Context<'_>, word: &str) -> Option<String> {
    if catalog().is_service_principal(word) {
        return Some(format!(
            "The service `{word}`, acting on its own or for a caller."
        ));
    }
    account(context, "AWS", word)
}

/// A condition operator.
pub(crate) fn operator(operator: &Operator) -> String {
    let mut text = format!(
        "**{}**: the key's value {}.",
        operator.name(),
        operator.base.meaning
    );
    match operator.quantifier {
        Some(Quantifier::ForAllValues) => {
            text.push_str(" For a multivalued key, all values must do so; also true when the request has none.");
        }
        Some(Quantifier::ForAnyValue) => {
            text.push_str(" For a multivalued key, one value must do so.")
        }
        None => {}
    }
    if operator.if_exists {
        text.push_str(" Also matches when the request doesn't have the key.");
    }
    text
}

/// A value of a condition.
pub(super) fn condition_value(asked: &CompletionRequest<'_>, word: &str) -> Option<String> {
    let twelve = word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_digit());
    if twelve || word.starts_with("arn:") {
        return account(asked.context, "AWS", word);
    }
    catalog()
        .is_service_principal(word)
        .then(|| format!("The service `{word}`."))
}
