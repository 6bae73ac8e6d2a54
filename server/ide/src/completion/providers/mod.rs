//! What the tokens of identity providers say, in the trust policies that name the provider.

#[cfg(test)]
mod tests;

use super::CompletionRequest;
use crate::limits::PROVIDERS_OF_A_STATEMENT;
use crate::position;

/// GitHub's provider, for Actions.
pub(super) const GITHUB: &str = "token.actions.githubusercontent.com";

/// Identity providers that sign tokens for AWS without being set up in the account.
pub(super) const BUILT_IN: [&str; 4] = [
    "accounts.google.com",
    "cognito-identity.amazonaws.com",
    "graph.facebook.com",
    "www.amazon.com",
];

/// What stands before a provider's address in its ARN.
const IN_AN_ARN: &str = "oidc-provider/";
/// What every token of OpenID Connect has, and who it is about before whom it is for.
const CLAIMS: [&str; 2] = ["sub", "aud"];

/// The subjects of GitHub's tokens, and what runs with each. A repository is told by names, or by names with their ids, which
/// nobody else can get; newer repositories have the latter:
/// <https://docs.github.com/en/actions/reference/security/oidc>.
const GITHUB_SUBJECTS: [(&str, &str); 4] = [
    ("repo:ORG/REPO:ref:refs/heads/main", "a branch"),
    ("repo:ORG/REPO:environment:NAME", "an environment"),
    (
        "repo:ORG@ORG_ID/REPO@REPO_ID:ref:refs/heads/main",
        "a branch, by ids",
    ),
    (
        "repo:ORG@ORG_ID/REPO@REPO_ID:environment:NAME",
        "an environment, by ids",
    ),
];

/// The addresses of the providers that the statement is for: that it names, else where it refers to one, that the file names.
pub(crate) fn named<'a>(asked: &CompletionRequest<'a>) -> Vec<&'a str> {
    let Some(start) = asked.found.statement else {
        return Vec::new();
    };
    let statement = position::region(asked.text, asked.format(), start, asked.place.cursor);
    let named = addresses(statement);
    if named.is_empty() && statement.contains("Federated") {
        return addresses(asked.context.tree.source());
    }
    named
}

/// The addresses of providers that are likely in an ARN, each with what it is: GitHub's, and those of the file.
pub(super) fn known(asked: &CompletionRequest<'_>) -> Vec<(String, String)> {
    let own = addresses(asked.context.tree.source()).into_iter();
    let typed = |address: &&str| !asked.typed.ends_with(address);
    let own = own.filter(|address| *address != GITHUB && !BUILT_IN.contains(address));
    let own = own
        .filter(typed)
        .map(|address| (address.to_owned(), "in this file".to_owned()));
    let github = (GITHUB.to_owned(), "GitHub Actions".to_owned());
    std::iter::once(github).chain(own).collect()
}

/// The addresses of providers in a text.
fn addresses(text: &str) -> Vec<&str> {
    let of_address = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    let behind = text.match_indices(IN_AN_ARN).filter_map(|(at, found)| {
        let rest = text.get(at + found.len()..)?;
        let length = rest.find(|c| !of_address(c)).unwrap_or(rest.len());
        rest.get(..length).filter(|address| address.contains('.'))
    });
    let built_in = BUILT_IN.into_iter().chain([GITHUB]);
    let known = built_in.filter(|address| text.contains(address));
    let mut addresses: Vec<&str> = Vec::new();
    for address in behind.chain(known) {
        if addresses.len() < PROVIDERS_OF_A_STATEMENT && !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

/// The keys that the tokens of an OpenID Connect provider always have.
pub(super) fn keys(address: &str) -> impl Iterator<Item = String> {
    let is_own = address != "graph.facebook.com" && address != "www.amazon.com";
    let claims = CLAIMS.into_iter().filter(move |_| is_own);
    claims.map(move |claim| format!("{address}:{claim}"))
}

/// Whether a key is one that a token brings.
pub(super) fn is_of_token(key: &str) -> bool {
    let address = key.rsplit_once(':').map_or("", |(address, _)| address);
    address.contains(['.', '/'])
}

/// What a key of a provider's token can be, with what it stands for.
pub(super) fn values(key: &str, typed: &str) -> Vec<(String, &'static str)> {
    let known = claimed(key).into_iter();
    known
        .filter_map(|(value, meaning)| Some((continued(value, typed)?, meaning)))
        .collect()
}

/// A value whose second part, a repository, is the one that is typed, as far as it is.
fn continued(value: &str, typed: &str) -> Option<String> {
    let (begin, rest) = value.split_once(':').unwrap_or((value, ""));
    let (repository, behind) = rest.split_once(':').unwrap_or((rest, ""));
    let (_, own) = typed.split_once(':').unwrap_or((typed, ""));
    let (own, is_whole) = own
        .split_once(':')
        .map_or((own, false), |(own, _)| (own, true));
    if own.is_empty() || behind.is_empty() {
        return Some(value.to_owned());
    }
    // Names alone are no names with ids.
    if repository.contains('@') != own.contains('@') {
        return None;
    }
    let own = match (own.contains('/'), repository.split_once('/')) {
        (false, Some((_, name))) if !is_whole => format!("{own}/{name}"),
        _ => own.to_owned(),
    };
    Some(format!("{begin}:{own}:{behind}"))
}

/// What a key of a provider's token can be, with what it stands for, by the names of AWS's examples.
fn claimed(key: &str) -> Vec<(&'static str, &'static str)> {
    let Some((address, claim)) = key.rsplit_once(':') else {
        return Vec::new();
    };
    let address = address.to_ascii_lowercase();
    let of_github = address == GITHUB
        || address
            .strip_prefix(GITHUB)
            .is_some_and(|rest| rest.starts_with('/'));
    // <https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html>
    let of_cluster = address.starts_with("oidc.eks.");
    match claim.to_ascii_lowercase().as_str() {
        "sub" if of_github => GITHUB_SUBJECTS.to_vec(),
        "sub" if of_cluster => vec![(
            "system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT",
            "a service account",
        )],
        "aud" if of_github || of_cluster => vec![("sts.amazonaws.com", "")],
        _ => Vec::new(),
    }
}
