//! Roles and users of the workspace, by their ARNs.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use leastwise_catalog::{ResourceType, catalog};
use leastwise_model::OwnerKind;
use leastwise_workspace::analysis::index::{Index, Indexed};

use super::CompletionRequest;
use crate::limits::{OFFERED_ENVIRONMENTS, OFFERED_NAMES};

/// Whom a statement is for.
pub(super) const IDENTITIES: [&str; 2] = ["role", "user"];
/// Who vouches for them.
pub(super) const PROVIDERS: [&str; 2] = ["oidc-provider", "saml-provider"];

/// What a statement can be for, each with what it is called.
const KINDS: [(OwnerKind, &str); 2] = [(OwnerKind::Role, "role"), (OwnerKind::User, "user")];

/// The ARNs of the roles and users that the workspace declares and whose names are known, each with what it is.
pub(super) fn arns(asked: &CompletionRequest<'_>) -> Vec<(String, &'static str)> {
    let Some(index) = asked.context.analysis.index() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (kind, noun) in KINDS {
        let arns = declared(index, kind).flat_map(|(_, _, arns)| arns);
        let known: BTreeSet<String> = arns.collect();
        found.extend(known.into_iter().map(|arn| (arn, noun)));
    }
    found
}

/// The identities of a kind that the workspace declares: each with its file, its index there, and its ARNs, as far as they are
/// known.
pub(super) fn declared(
    index: &Index,
    kind: OwnerKind,
) -> impl Iterator<Item = (&Indexed, usize, Vec<String>)> {
    let names: BTreeSet<&str> = index.names(kind).take(OFFERED_NAMES).collect();
    let owners = names
        .into_iter()
        .flat_map(move |name| index.owners(kind, name));
    owners.map(|(file, at, owner)| {
        let environments = file.analysis.environments.iter();
        let environments = environments.take(OFFERED_ENVIRONMENTS);
        let arns = environments.flat_map(|of| file.analysis.arns(&file.tree, owner, of));
        (file, at, arns.filter_map(|arn| arn.as_literal()).collect())
    })
}

/// Whether a type of a template is one of IAM's of these names.
pub(super) fn is_of_iam(type_name: &str, names: &[&str]) -> bool {
    let known = catalog().cfn_type(type_name);
    let own = known.and_then(|of| of.resource_type());
    let is_one = |of: ResourceType| of.service().prefix() == "iam" && names.contains(&of.name());
    own.is_some_and(is_one)
}
