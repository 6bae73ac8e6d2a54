//! The table of properties that hold policy documents, by resource type.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt};
use leastwise_model::SiteKind;

use crate::kinds::kind_of;

/// A property of a resource type that holds a policy document.
#[derive(Clone, Debug)]
pub(crate) struct PolicyProperty {
    /// Keys below `Properties`, `*` for the items of a list.
    pub path: Vec<&'static str>,
    /// What the policy is for.
    pub kind: SiteKind,
    /// Service prefix of a resource policy's resource.
    pub service: Option<&'static str>,
    /// Whether it holds statements, not a document with `Statement`.
    pub statements: bool,
}

static TABLE: LazyLock<HashMap<&'static str, Vec<PolicyProperty>>> =
    LazyLock::new(|| read(include_str!("../../data/policy_sites.tsv")));

/// The policy properties of a resource type.
pub fn entries(type_name: &str) -> &'static [PolicyProperty] {
    TABLE.get(type_name).map_or(&[], Vec::as_slice)
}

/// The resource types that hold policies, sorted.
pub fn types() -> Vec<&'static str> {
    let mut types: Vec<&str> = TABLE.keys().copied().collect();
    types.sort_unstable();
    types
}

fn read(text: &'static str) -> HashMap<&'static str, Vec<PolicyProperty>> {
    let mut table: HashMap<&'static str, Vec<PolicyProperty>> = HashMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (Some(type_name), Some(path), Some(kind)) =
            (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let Some(kind) = kind_of(kind) else { continue };
        let service = fields
            .next()
            .filter(|service| !service.is_empty() && *service != "-");
        let statements = fields.nth(1) == Some("statement");
        let path = path.split('/').collect();
        table.entry(type_name).or_default().push(PolicyProperty {
            path,
            kind,
            service,
            statements,
        });
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_understood() {
        let text = include_str!("../../data/policy_sites.tsv");
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            let kind = line.split('\t').nth(2);
            assert!(kind.and_then(kind_of).is_some(), "{line}");
        }
    }

    #[test]
    fn roles_have_a_trust_policy_and_inline_policies() {
        let kinds: Vec<_> = entries("AWS::IAM::Role")
            .iter()
            .map(|entry| entry.kind)
            .collect();
        assert_eq!(kinds, [SiteKind::Trust, SiteKind::Identity]);
    }
}
