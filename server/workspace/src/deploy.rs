//! Which owners deploy: their permissions create and change resources, so that each needs its counterparts.

use leastwise_syntax::Tree;

use crate::Config;
use crate::site::{Owner, OwnerKind, Site, SiteKind};

/// Words of a name that make a deploy role evident where the config doesn't say.
const NAMES: [&str; 8] = [
    "deployer",
    "deployrole",
    "deploymentrole",
    "deploypolicy",
    "deploymentpolicy",
    "cloudformationexecution",
    "cfnexecution",
    "cloudformationrole",
];

/// Marks the owners that deploy.
pub(crate) fn mark(
    tree: &Tree,
    owners: &mut [Owner],
    sites: &[Site],
    owned: &[Vec<usize>],
    config: &Config,
) {
    for (index, owner) in owners.iter_mut().enumerate() {
        if owner.runs {
            continue;
        }
        if !matches!(
            owner.kind,
            OwnerKind::Role
                | OwnerKind::User
                | OwnerKind::Group
                | OwnerKind::ManagedPolicy
                | OwnerKind::File
        ) {
            continue;
        }
        owner.deploys = match &config.deploy_roles {
            Some(globs) => std::iter::once(&owner.label)
                .chain(&owner.names)
                .any(|name| globs.iter().any(|glob| glob.matches(name))),
            None => {
                std::iter::once(&owner.label)
                    .chain(&owner.names)
                    .any(|name| evident_name(name))
                    || owned.get(index).into_iter().flatten().any(|site| {
                        sites.get(*site).is_some_and(|site| {
                            site.kind == SiteKind::Trust && trusts_cloudformation(tree, site)
                        })
                    })
            }
        };
    }
}

fn evident_name(name: &str) -> bool {
    let flat: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    // The roles of CodeDeploy run deployments of another kind: they make nothing.
    let flat = flat.replace("codedeploy", "");
    NAMES.iter().any(|word| flat.contains(word))
}

/// Whether CloudFormation assumes the role: then it is what stacks are deployed with.
fn trusts_cloudformation(tree: &Tree, site: &Site) -> bool {
    site.policy(tree).statements.iter().any(|statement| {
        statement.allows()
            && statement.principal.known().is_some_and(|principals| {
                principals.values("Service").iter().any(|item| {
                    item.text
                        .literal(tree)
                        .is_some_and(|name| name == "cloudformation.amazonaws.com")
                })
            })
    })
}

#[cfg(test)]
mod tests {
    use super::evident_name;

    #[test]
    fn names_of_deploy_roles() {
        for (name, deploys) in [
            ("DeployRole", true),
            ("shop-deployment-role", true),
            ("GitHubDeployer", true),
            ("CfnExecutionRole", true),
            ("CodeDeployRole", false),
            ("codedeploy_role", false),
            ("CodeDeployDeployRole", true),
            ("DeployedThings", false),
        ] {
            assert_eq!(evident_name(name), deploys, "{name}");
        }
    }
}
