//! The hand-written half of the tables: what the schemas alone can't decide, each decision with its reason.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The whole of `policy_sites_curated.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curated {
    /// Service prefix of a type, or of all types of a namespace, where it isn't the namespace in lower case.
    #[serde(default)]
    pub services: BTreeMap<String, String>,
    /// Policy documents whose kind or service no rule can tell.
    #[serde(default)]
    pub include: Vec<Include>,
    /// Properties that look like policy documents and aren't.
    #[serde(default)]
    pub exclude: Vec<Exclude>,
    /// Resource types whose properties are a permission.
    #[serde(default)]
    pub permission: Vec<Permission>,
    /// Resource types that look like permissions and aren't.
    #[serde(default)]
    pub not_permission: Vec<NotPermission>,
    /// Properties that take an ARN of a role or a managed policy and that no rule finds.
    #[serde(default)]
    pub arn: Vec<ArnProperty>,
    /// Properties that look as if they took such an ARN and don't.
    #[serde(default)]
    pub not_arn: Vec<Exclude>,
}

/// A policy site by hand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Include {
    /// CloudFormation type.
    #[serde(rename = "type")]
    pub of: String,
    /// Path below `Properties`.
    pub path: String,
    /// Kind of the policy.
    pub kind: String,
    /// Service prefix; the namespace's when left out. Empty where the policy isn't one service's.
    pub service: Option<String>,
    /// `document`, or `statement` where one statement stands without a document around it.
    #[serde(default = "document")]
    pub shape: String,
    /// Set where the schema doesn't list the path: a document inside a free-form object.
    #[serde(default)]
    pub beyond_schema: bool,
    /// Why, where it isn't plain.
    #[serde(default, rename = "reason")]
    _reason: String,
}

fn document() -> String {
    "document".to_owned()
}

/// A property left out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclude {
    /// CloudFormation type, with `*` at the end for all that begin so.
    #[serde(rename = "type")]
    pub of: String,
    /// Path below `Properties`, or `**/Name` for every path that ends in `Name`.
    pub path: String,
    /// What the property holds instead.
    pub reason: String,
}

/// A resource that is a permission, by the names of its top-level properties.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// CloudFormation type.
    #[serde(rename = "type")]
    pub of: String,
    /// The property that holds the action or the actions; nothing where the type fixes it.
    #[serde(default)]
    pub action: String,
    /// The property that holds the principal or the principals.
    #[serde(default)]
    pub principal: String,
    /// The property that becomes the condition on `aws:SourceArn`.
    #[serde(default)]
    pub source_arn: String,
    /// The property that becomes the condition on `aws:SourceAccount`.
    #[serde(default)]
    pub source_account: String,
    /// The property that becomes the condition on `aws:PrincipalOrgID`.
    #[serde(default)]
    pub organization: String,
}

impl Permission {
    /// The columns after the type.
    pub fn columns(&self) -> [&str; 5] {
        [
            &self.action,
            &self.principal,
            &self.source_arn,
            &self.source_account,
            &self.organization,
        ]
    }
}

/// A resource type left out of the permissions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotPermission {
    /// CloudFormation type.
    #[serde(rename = "type")]
    pub of: String,
    /// What the resource is instead.
    pub reason: String,
}

/// A property that takes an ARN.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArnProperty {
    /// CloudFormation type.
    #[serde(rename = "type")]
    pub of: String,
    /// Path below `Properties`.
    pub path: String,
    /// `managed-policy`, `boundary` or `role-arn`.
    pub kind: String,
}

impl Exclude {
    /// Whether the entry speaks of this property of this type.
    pub fn covers(&self, of: &str, path: &str) -> bool {
        matches_type(&self.of, of) && matches_path(&self.path, path)
    }
}

fn matches_type(pattern: &str, of: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == of, |start| of.starts_with(start))
}

fn matches_path(pattern: &str, path: &str) -> bool {
    match pattern.strip_prefix("**/") {
        Some(end) => path == end || path.ends_with(&format!("/{end}")),
        None => pattern == path,
    }
}

/// Which entries were used: one that matches nothing is stale and fails the run.
#[derive(Debug, Default)]
pub struct UsedEntries(BTreeSet<String>);

impl UsedEntries {
    /// Notes that an entry decided something.
    pub fn note(&mut self, of: &str, path: &str) {
        self.0.insert(format!("{of} {path}"));
    }

    /// Whether the entry decided anything.
    pub fn has(&self, of: &str, path: &str) -> bool {
        self.0.contains(&format!("{of} {path}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_what_they_say() {
        assert!(matches_type("AWS::WAFv2::*", "AWS::WAFv2::WebACL"));
        assert!(!matches_type(
            "AWS::WAFv2::WebACL",
            "AWS::WAFv2::WebACLAssociation"
        ));
        assert!(matches_path("**/ImagePullPolicy", "A/*/ImagePullPolicy"));
        assert!(matches_path("**/Policy", "Policy"));
        assert!(!matches_path("**/Policy", "ResourcePolicy"));
        assert!(!matches_path("Policy", "A/Policy"));
    }
}
