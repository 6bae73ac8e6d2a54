//! Resource types whose own properties are a permission, with no document: `AWS::Lambda::Permission` and its like.
//!
//! A type is a candidate when it has a top-level property that names a principal and another that names an action, or when
//! its own name ends in `Permission` or `Permissions`. Each is decided in the curated file; a new one stops the run.

use super::curated::{Curated, Permission, UsedEntries};
use super::schema::Property;

/// The permission that a type is, if it is one.
pub fn permission<'c>(
    of: &str,
    properties: &[Property],
    curated: &'c Curated,
    used: &mut UsedEntries,
    problems: &mut Vec<String>,
) -> Option<&'c Permission> {
    let top: Vec<&str> = properties
        .iter()
        .filter(|property| property.path.len() == 1)
        .map(Property::name)
        .collect();
    if let Some(entry) = curated.not_permission.iter().find(|entry| entry.of == of) {
        used.note("not_permission", of);
        if entry.reason.is_empty() {
            problems.push(format!(
                "{of}: left out of the permissions without a reason"
            ));
        }
        return None;
    }
    if let Some(entry) = curated.permission.iter().find(|entry| entry.of == of) {
        used.note("permission", of);
        for column in entry
            .columns()
            .into_iter()
            .filter(|column| !column.is_empty())
        {
            if !top.contains(&column) {
                problems.push(format!("{of}: has no property {column}"));
            }
        }
        return Some(entry);
    }
    let has = |words: &[&str]| {
        top.iter()
            .any(|name| words.iter().any(|word| name.contains(word)))
    };
    let resource = of.rsplit("::").next().unwrap_or_default();
    let is_named_so = resource.ends_with("Permission") || resource.ends_with("Permissions");
    if is_named_so || has(&["Principal"]) && has(&["Action", "Permission"]) {
        problems.push(format!(
            "{of}: may be a permission; add it to `permission` or `not_permission`: {top:?}"
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sites::schema;
    use serde_json::json;

    fn decide(of: &str, curated: &str) -> (bool, Vec<String>) {
        let curated: Curated = toml_edit::de::from_str(curated).expect("valid");
        let schema =
            json!({"properties": {"Action": {"type": "string"}, "Principal": {"type": "string"}}});
        let properties = schema::properties(&schema);
        let mut problems = Vec::new();
        let found = permission(
            of,
            &properties,
            &curated,
            &mut UsedEntries::default(),
            &mut problems,
        );
        (found.is_some(), problems)
    }

    #[test]
    fn principal_and_action_together_must_be_decided() {
        assert_eq!(decide("AWS::A::Grant", "").1.len(), 1);
        let yes = "[[permission]]\ntype = \"AWS::A::Grant\"\naction = \"Action\"\n";
        assert_eq!(decide("AWS::A::Grant", yes), (true, Vec::new()));
        let no = "[[not_permission]]\ntype = \"AWS::A::Grant\"\nreason = \"other\"\n";
        assert_eq!(decide("AWS::A::Grant", no), (false, Vec::new()));
    }

    #[test]
    fn a_column_must_be_a_property() {
        let wrong = "[[permission]]\ntype = \"AWS::A::Grant\"\naction = \"Actions\"\n";
        assert_eq!(
            decide("AWS::A::Grant", wrong).1,
            ["AWS::A::Grant: has no property Actions"]
        );
    }
}
