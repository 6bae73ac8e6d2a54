//! Principals: whom a statement lets, or doesn't let.

use leastwise_catalog::catalog;
use leastwise_catalog::describe::code;
use leastwise_policy::principal::BadPrincipal;
use leastwise_policy::service_principal::{KnownService, ServiceName};
use leastwise_policy::{Pattern, Principal, principal as principals};
use leastwise_rules::Context;

use crate::completion::CompletionRequest;
use crate::values;

/// A key of `Principal`.
pub(super) fn kind(word: &str) -> Option<String> {
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
pub(super) fn value(asked: &CompletionRequest<'_>, kind: &str, word: &str) -> Option<String> {
    let context = asked.context;
    let at = asked.outer(asked.place.start);
    let mut items = asked.statement.into_iter().flat_map(crate::hints::items);
    let item =
        items.find(|item| item.text.span.touches(at) && item.text.literal(context.tree).is_none());
    let values = item.map(|item| values::of_item(context, item));
    let Some(values) = values.filter(|values| !values.is_empty()) else {
        return described(context, kind, word);
    };
    let table = values::table(&values, "principal");
    // What all of them are: accounts differ, the kind doesn't.
    let about = match values.as_slice() {
        [value] => described(context, kind, &value.text),
        [value, ..] if value.text.ends_with(":root") => Some(WHOLE_ACCOUNT.to_owned()),
        _ => None,
    };
    Some(match about {
        Some(about) => format!("{table}\n\n{about}"),
        None => table,
    })
}

const NO_ACCOUNT: &str = "No account: `*` is no wildcard within a principal's ARN, and AWS rejects the policy. The account's ID goes there; `*` alone is anyone.";

const NO_WILDCARD: &str = "Nobody: `*` and `?` are no wildcards within a principal's ARN, and AWS rejects the policy. To let several in, name each, or let the account in and compare `aws:PrincipalArn` in a condition.";

const WHOLE_ACCOUNT: &str =
    "Not the root user alone: whoever the account's own policies let, it as a whole is trusted.";

/// A principal by itself.
pub(crate) fn principal(context: Context<'_>, word: &str) -> Option<String> {
    let kind = principals::kind_of(&Pattern::literal(word)).unwrap_or("AWS");
    described(context, kind, word)
}

/// Identities that a condition compares with, where wildcards are some.
pub(super) fn several(context: Context<'_>, word: &str) -> Option<String> {
    let service = word.split(':').nth(2)?;
    let is_identity = word.contains(['*', '?']) && matches!(service, "iam" | "sts");
    is_identity.then(|| identity(context, word))?
}

fn described(context: Context<'_>, kind: &str, word: &str) -> Option<String> {
    let pattern = Pattern::literal(word);
    match Principal::parse(kind, &pattern) {
        Principal::Malformed(BadPrincipal::Wildcard) if word.ends_with(":*:root") => {
            return Some(NO_ACCOUNT.to_owned());
        }
        Principal::Malformed(BadPrincipal::Wildcard) if word.starts_with("arn:") => {
            return Some(NO_WILDCARD.to_owned());
        }
        Principal::Everybody => return Some("Anyone, even without signing in.".to_owned()),
        Principal::CanonicalUser => {
            return Some("An account, by its canonical user ID.".to_owned());
        }
        Principal::UniqueId(_) => {
            return Some(
                "The ID of a user or role: it stays in place of an ARN when that user or role is deleted."
                    .to_owned(),
            );
        }
        _ => {}
    }
    match kind {
        "Service" => service(word),
        "Federated" => provider(context, word),
        _ => identity(context, word),
    }
}

/// A service by the name that it acts under.
fn service(word: &str) -> Option<String> {
    let Some(known) = KnownService::of(word) else {
        return unknown_service(word);
    };
    let label = known.usual.split('.').next().unwrap_or_default();
    let of = catalog().service(label).map(|service| service.name());
    let of = of.map_or(String::new(), |name| format!(" of {name}"));
    let place = match (&known.region, known.in_china) {
        (Some(region), _) => format!(" in the Region {}", code(region)),
        (None, true) => " in the Regions of China".to_owned(),
        (None, false) => String::new(),
    };
    Some(format!(
        "The service {}{of}{place}, acting on its own or for a caller.",
        code(word)
    ))
}

/// A name that no service is known to act under.
fn unknown_service(word: &str) -> Option<String> {
    let name = code(word);
    match ServiceName::of(word) {
        ServiceName::Misspelt(meant) | ServiceName::Malformed(Some(meant)) => Some(format!(
            "No service acts under the name {name}: {} is one.",
            code(&meant)
        )),
        ServiceName::Unknown | ServiceName::Plausible => {
            Some(format!("No service is known to act under the name {name}."))
        }
        ServiceName::Known | ServiceName::Malformed(None) => None,
    }
}

/// An identity provider.
fn provider(context: Context<'_>, word: &str) -> Option<String> {
    let account = account_of(context, word);
    let set_up = |kind: &str, name: &str| match &account {
        Some(account) => format!("The {kind} provider {}, set up in {account}.", code(name)),
        None => format!("The {kind} provider {}.", code(name)),
    };
    if let Some((_, address)) = word.split_once(":oidc-provider/") {
        return Some(set_up("OIDC", address));
    }
    if let Some((_, name)) = word.split_once(":saml-provider/") {
        return Some(set_up("SAML", name));
    }
    match principals::kind_of(&Pattern::literal(word)) {
        Some("Federated") => Some(format!(
            "The public identity provider {}: whoever it signs in, unless a condition says who.",
            code(word)
        )),
        _ => None,
    }
}

/// A user, a role, a session, or an account.
fn identity(context: Context<'_>, word: &str) -> Option<String> {
    let account = account_of(context, word);
    let resource = word.splitn(6, ':').nth(5);
    let Some(resource) = resource.filter(|resource| *resource != "root") else {
        if word.ends_with(":*:root") {
            return Some("The root user of any account.".to_owned());
        }
        let account = account?;
        let mut text = account;
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        return Some(format!("{text}. {WHOLE_ACCOUNT}"));
    };
    let of = account.map_or(String::new(), |account| format!(" of {account}"));
    let (kind, name) = resource.split_once('/')?;
    let bare = name.rsplit('/').next().unwrap_or(name);
    Some(match kind {
        "role" if name == "*" => format!("Any role{of}, in every session of it."),
        "role" if name.contains(['*', '?']) => {
            format!("The roles {}{of}, in every session of them.", code(name))
        }
        "user" if name == "*" => format!("Any user{of}."),
        "user" if name.contains(['*', '?']) => format!("The users {}{of}.", code(name)),
        "role" => format!("The role {}{of}, in every session of it.", code(bare)),
        "user" => format!("The user {}{of}.", code(bare)),
        "assumed-role" => {
            let (role, session) = name.split_once('/')?;
            format!(
                "The session {} of the role {}{of}.",
                code(session),
                code(role)
            )
        }
        "federated-user" => format!("The session of the federated user {}{of}.", code(name)),
        _ => return None,
    })
}

/// The account that a word names, by its name where the config has one.
pub(super) fn account_of(context: Context<'_>, word: &str) -> Option<String> {
    let twelve = word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_digit());
    let id = match twelve {
        true => word.to_owned(),
        false => principals::account_of(&Pattern::literal(word))?,
    };
    Some(match context.config().account(&id) {
        Some(account) => format!(
            "account {}, {} of the config",
            code(&id),
            code(&account.name)
        ),
        None => format!("account {}, which the config doesn't list", code(&id)),
    })
}
