//! The role that the functions of a service share.

use leastwise_model::{Site, SiteKind};
use leastwise_syntax::{NodeId, Tree};

use crate::state::facts::SharedRole;

/// The functions that share the role of a policy of `provider`. `None` for any other one, and where the file doesn't show
/// all functions.
pub(super) fn shared_role(tree: &Tree, site: &Site) -> Option<SharedRole> {
    let is_shared = site.kind == SiteKind::Identity
        && !site.owners.is_empty()
        && site.path.first().is_some_and(|key| key == "provider");
    if !is_shared {
        return None;
    }
    let root = *tree.documents().first()?;
    let functions = tree.get(root, "functions")?;
    let holders: Vec<NodeId> = match tree.items(tree.resolved(functions)) {
        Some(items) => items.to_vec(),
        None => vec![functions],
    };
    let mut names = Vec::new();
    for pair in holders.iter().flat_map(|holder| tree.pairs(*holder)) {
        let own = ["role", "iamRoleStatements"]
            .iter()
            .any(|key| tree.get(pair.value, key).is_some());
        if !own && let Some(name) = tree.text(pair.key) {
            names.push(name.to_owned());
        }
    }
    Some(SharedRole {
        functions: names,
        cure: "Give each function its own `iamRoleStatements`, with the plugin serverless-iam-roles-per-function.",
    })
}
