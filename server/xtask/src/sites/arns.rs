//! Decides which properties take the ARN of a role or of a managed policy.
//!
//! A property is a *role* when its schema has the format `AWS::IAM::Role.Arn`, or when its name ends in `Role`, `Roles` or
//! one of these and `Arn(s)` and its pattern or description speaks of an IAM role. It is a *boundary* when its path names a
//! permissions boundary, and a *managed policy* when its name ends in `ManagedPolicies`, `PolicyArn(s)` or `GuardrailPolicies`
//! with a pattern or description that speaks of IAM. A name that fits without the evidence must be decided in the curated file.

use super::curated::{Curated, UsedEntries};
use super::schema::Property;

/// One row of `managed_policy_sites.tsv`: type, path, kind.
pub type ManagedPolicyRow = (String, String, String);

/// The rows of one resource type; what stays undecided goes to `problems`.
pub fn rows(
    of: &str,
    properties: &[Property],
    curated: &Curated,
    used: &mut UsedEntries,
    problems: &mut Vec<String>,
) -> Vec<ManagedPolicyRow> {
    let mut found = Vec::new();
    for property in properties.iter().filter(|property| property.string) {
        let path = property.joined();
        if let Some(entry) = curated.not_arn.iter().find(|entry| entry.covers(of, &path)) {
            used.note(&entry.of, &entry.path);
            continue;
        }
        let kind = match curated
            .arn
            .iter()
            .find(|entry| entry.of == of && entry.path == path)
        {
            Some(entry) => {
                used.note(&entry.of, &entry.path);
                Some(entry.kind.as_str())
            }
            None => match guess(property) {
                Guess::Kind(kind) => Some(kind),
                Guess::Undecided => {
                    problems.push(format!(
                        "{of} {path}: may take an ARN; add it to `arn` or `not_arn`"
                    ));
                    None
                }
                Guess::No => None,
            },
        };
        if let Some(kind) = kind {
            if !["managed-policy", "boundary", "role-arn"].contains(&kind) {
                problems.push(format!("{of} {path}: no such kind: {kind}"));
            }
            found.push((of.to_owned(), path, kind.to_owned()));
        }
    }
    found
}

enum Guess {
    Kind(&'static str),
    Undecided,
    No,
}

fn guess(property: &Property) -> Guess {
    if property.format == "AWS::IAM::Role.Arn" {
        return Guess::Kind("role-arn");
    }
    let name = property.name();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let description = property.description.to_lowercase();
    let in_boundary = property
        .path
        .iter()
        .any(|segment| segment == "PermissionsBoundary");
    if ends(&["Boundary"]) || in_boundary && ends(&["Arn"]) {
        let speaks =
            property.pattern.contains(":policy") || description.contains("permissions boundary");
        return evidence(speaks || in_boundary, "boundary");
    }
    if ends(&[
        "ManagedPolicies",
        "PolicyArn",
        "PolicyArns",
        "GuardrailPolicies",
    ]) {
        let speaks = property.pattern.contains(":iam:")
            || name.starts_with("Managed")
            || description.contains("iam policy");
        return evidence(speaks, "managed-policy");
    }
    if ends(&[
        "Role", "Roles", "RoleArn", "RoleARN", "RoleArns", "RoleARNs",
    ]) {
        let speaks = property.pattern.contains("role/") || property.pattern.contains(":role");
        return evidence(speaks || describes_a_role(&description), "role-arn");
    }
    Guess::No
}

fn evidence(speaks: bool, kind: &'static str) -> Guess {
    if speaks {
        Guess::Kind(kind)
    } else {
        Guess::Undecided
    }
}

fn describes_a_role(description: &str) -> bool {
    [
        "iam role",
        "(iam) role",
        "role arn",
        "arn of the role",
        "identity and access management role",
    ]
    .iter()
    .any(|words| description.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sites::schema;
    use serde_json::json;

    fn decide(schema: &serde_json::Value) -> (Vec<String>, usize) {
        let mut problems = Vec::new();
        let properties = schema::properties(schema);
        let found = rows(
            "AWS::A::B",
            &properties,
            &Curated::default(),
            &mut UsedEntries::default(),
            &mut problems,
        );
        (
            found
                .iter()
                .map(|(_, path, kind)| format!("{path} {kind}"))
                .collect(),
            problems.len(),
        )
    }

    #[test]
    fn evidence_makes_a_row_and_its_lack_a_question() {
        let schema = json!({"properties": {
            "Execution": {"type": "string", "format": "AWS::IAM::Role.Arn"},
            "ServiceRole": {"type": "string", "description": "ARN of the IAM role that builds run with."},
            "ManagedPolicyArns": {"type": "array", "items": {"type": "string"}},
            "Role": {"type": "string"},
            "RoleName": {"type": "string"}
        }});
        let (mut rows, problems) = decide(&schema);
        rows.sort();
        assert_eq!(
            rows,
            [
                "Execution role-arn",
                "ManagedPolicyArns/* managed-policy",
                "ServiceRole role-arn"
            ]
        );
        assert_eq!(problems, 1, "`Role` alone may be anything");
    }
}
