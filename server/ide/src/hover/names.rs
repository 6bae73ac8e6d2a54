//! Variables, and other names that stand for values.

use leastwise_catalog::catalog;
use leastwise_catalog::describe::{self, Detail, bare, code};
use leastwise_dialects::State;
use leastwise_dialects::scope::{InScope, NameKind, ValueFrom};
use leastwise_model::text::is_policy_variable;
use leastwise_policy::elements;
use leastwise_rules::Context;

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
        let text = code(&format!("${{{bare}}}"));
        return Some(format!(
            "The literal text {text}, which `Fn::Sub` leaves alone."
        ));
    }
    if name.is_empty() {
        return None;
    }
    if name == "AWS::NoValue" {
        return Some("Takes away the item, or the key, whose value it is.".to_owned());
    }
    let values = values::of_variable(context, name);
    let unknown = format!("${{{name}}}");
    let known = values.iter().any(|value| value.text != unknown);
    let source = source(context, name);
    if !known {
        let source =
            source.unwrap_or_else(|| "not declared in this file or in the config".to_owned());
        return Some(format!(
            "{}: {source}. Its value isn't known before deployment.",
            code(&unknown)
        ));
    }
    let from = source.map_or(String::new(), |source| format!(": {source}"));
    Some(format!(
        "{}{from}.\n\n{}",
        code(&unknown),
        values::table(&values, "value")
    ))
}

/// Where the value of a name comes from, in the order in which names are resolved.
fn source(context: Context<'_>, name: &str) -> Option<String> {
    let config = context.config();
    match name {
        "AWS::StackName" => return Some("the name of the stack".to_owned()),
        "AWS::StackId" => return Some("the ARN of the stack".to_owned()),
        "AWS::NotificationARNs" => {
            return Some("the topics that are told of the stack's events".to_owned());
        }
        _ if name.starts_with("AWS::") => {
            return Some("from the config's accounts and regions".to_owned());
        }
        _ => {}
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
            bare(&account.name)
        ));
    }
    named.and_then(|(_, words)| words)
}

/// What a reference is that the file, or what it is read with, declares.
pub(super) fn declared(context: Context<'_>, state: &dyn State, name: &str) -> Option<String> {
    let (named, attribute) = state.referred_name(context.tree, name)?;
    match (named.kind, attribute) {
        (NameKind::Resource, None) => Some(format!(
            "{} {}, {}",
            article(named.noun),
            named.noun,
            one(named.type_name)
        )),
        _ => worded(&named, attribute),
    }
}

/// Whether a reference gives a policy that is written in blocks in the file, or in what it is read with.
pub(super) fn is_document(context: Context<'_>, state: &dyn State, name: &str) -> bool {
    let referred = state.referred_name(context.tree, name);
    referred.is_some_and(|(named, attribute)| attribute.is_some() && named.document == attribute)
}

/// What a name is, with the attribute behind it, in words.
fn worded(named: &InScope<'_>, attribute: Option<&str>) -> Option<String> {
    let (name, of, noun) = (&named.name, named.type_name, named.noun);
    let a = article(noun);
    Some(match (named.kind, attribute) {
        (NameKind::Resource, Some(attribute)) => {
            format!(
                "the attribute {} of {}, {}",
                code(attribute),
                code(name),
                one(of)
            )
        }
        (NameKind::Resource, None) => format!("what `Ref` gives for {}, {}", code(name), one(of)),
        (NameKind::DataSource, _) => format!("from the {noun} {}", code(of)),
        (NameKind::Local, _) => format!("{a} {noun}"),
        (NameKind::Output | NameKind::Call, _) => {
            let call = name.split('.').nth(1).unwrap_or(name);
            format!("an output of the module {}", code(call))
        }
        (NameKind::Parameter, _) => match named.from {
            ValueFrom::Store => format!("{a} {noun} whose value is read from Parameter Store"),
            ValueFrom::Allowed => format!("{a} {noun} with its allowed values"),
            ValueFrom::Set => format!("{a} {noun}, set by a `*.tfvars`"),
            ValueFrom::Caller => format!("{a} {noun}, as the module's caller gives it"),
            ValueFrom::Default => format!("{a} {noun}, by its default"),
            ValueFrom::Nothing => format!("{a} {noun} without a default"),
        },
        (NameKind::Loop, _) => return None,
    })
}

/// A type's name with its article.
fn one(of: &str) -> String {
    format!("{} {}", article(of), code(of))
}

/// The article of a word, by its first letter.
fn article(word: &str) -> &'static str {
    match word.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']) {
        true => "an",
        false => "a",
    }
}

/// An element of a policy or a statement.
pub(super) fn element(word: &str) -> Option<String> {
    let element = elements::statement_element(word).or_else(|| elements::policy_element(word))?;
    let mut text = format!("**{word}**: {}", element.meaning);
    // That `Action` stands instead of `NotAction` goes without saying.
    if let Some(other) = element.instead_of.filter(|_| word.starts_with("Not")) {
        text.push_str(&format!(" Used instead of `{other}`."));
    }
    Some(text)
}

/// A policy of AWS's, by its ARN, in whatever place, or by a name that says what it is.
pub(super) fn managed(word: &str) -> Option<String> {
    let is_arn = word.contains(":iam::aws:policy/");
    let policy = catalog().managed_policy(word)?;
    let telling = ["Access", "Policy", "Role"];
    let is_told = telling.iter().any(|part| policy.name().contains(part));
    (is_arn || is_told).then(|| describe::describe_managed_policy(policy, Detail::Brief))
}

/// A value of `Effect`.
pub(super) fn effect(word: &str) -> Option<String> {
    let text = match word {
        "Allow" => "Allows what the statement applies to, unless another statement denies it.",
        "Deny" => "Denies what the statement applies to, whatever other statements allow.",
        _ => return None,
    };
    Some(text.to_owned())
}

/// A value of `Version`.
pub(super) fn version(word: &str) -> Option<String> {
    let text = match word {
        "2012-10-17" => "The current version of the policy language.",
        "2008-10-17" => {
            "The older version of the policy language, which takes `${aws:username}` and the like literally."
        }
        _ => return None,
    };
    Some(text.to_owned())
}
