//! Values of conditions: by what their keys hold.

use leastwise_catalog::describe::code;
use leastwise_policy::regions::{self, RegionKnown};
use leastwise_policy::{Pattern, principal as principals};
use leastwise_rules::Context;

use super::{names, principal};

/// What begins the subject of a token that a service account of a cluster has.
const SERVICE_ACCOUNT: &str = "system:serviceaccount:";

/// A value of a condition on a key, whose name may be missing.
pub(super) fn value(context: Context<'_>, key: &str, word: &str) -> Option<String> {
    if let Some(told) = names::managed(word) {
        return Some(told);
    }
    // A provider's address has dots; `sts` and its kin have none.
    let claim = key.rsplit_once(':').filter(|(of, _)| of.contains('.'));
    match claim
        .map(|(_, claim)| claim.to_ascii_lowercase())
        .as_deref()
    {
        Some("sub") => return Some(subject(word)),
        Some("aud") => {
            let whose = match word {
                "sts.amazonaws.com" => ", AWS's own service for signing in",
                _ => "",
            };
            return Some(format!(
                "Tokens that the provider has made for {}{whose}.",
                code(word)
            ));
        }
        _ => {}
    }
    if let Some(told) = principal::several(context, word) {
        return Some(told);
    }
    let is_id = word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_principal = principals::kind_of(&Pattern::literal(word)).is_some();
    if is_principal && !is_id {
        return principal::principal(context, word);
    }
    if let Some(account) = principal::account_of(context, word) {
        return Some(format!("Of {account}."));
    }
    match regions::region(word) {
        RegionKnown::In(partition) => {
            Some(format!("A Region of the partition `{}`.", partition.name))
        }
        _ => None,
    }
}

/// Whom a token is about.
fn subject(word: &str) -> String {
    if let Some(told) = word.strip_prefix("repo:").and_then(of_repository) {
        return told;
    }
    let account = word.strip_prefix(SERVICE_ACCOUNT);
    match account.and_then(|names| names.split_once(':')) {
        Some((namespace, name)) => {
            format!(
                "Pods with the service account {} of the namespace {}.",
                code(name),
                code(namespace)
            )
        }
        None => format!("Tokens that are about {}.", code(word)),
    }
}

/// What runs in a repository of GitHub, by what stands behind `repo:`.
fn of_repository(rest: &str) -> Option<String> {
    let (repository, what) = rest.split_once(':').unwrap_or((rest, ""));
    let (_, name) = repository.split_once('/')?;
    let of = match name {
        "*" => format!(
            "of any repository in {}",
            code(repository.trim_end_matches("/*"))
        ),
        _ => format!("of {}", code(repository)),
    };
    let branch = what.strip_prefix("ref:refs/heads/");
    let tag = what.strip_prefix("ref:refs/tags/");
    let environment = what.strip_prefix("environment:");
    Some(match (branch, tag, environment, what) {
        (Some("*"), ..) => format!("Jobs {of} on any branch."),
        (Some(branch), ..) => format!("Jobs {of} on the branch {}.", code(branch)),
        (_, Some("*"), ..) => format!("Jobs {of} on any tag."),
        (_, Some(tag), ..) => format!("Jobs {of} on the tag {}.", code(tag)),
        (_, _, Some(name), _) => format!("Jobs {of} in the environment {}.", code(name)),
        (.., "pull_request") => format!("Jobs {of} that a pull request starts."),
        (.., "" | "*") if rest.ends_with('*') => {
            format!("All jobs {of}: on any branch and tag, and of pull requests.")
        }
        _ => format!("Jobs {of} whose token is about {}.", code(what)),
    })
}
