//! Decides which properties hold an IAM policy document, and of which kind.
//!
//! A property is a *candidate* when its value can be a string or a free-form JSON object and
//! - its name ends in `Policy`, `Policies`, `PolicyDocument`, `PolicyText`, `PolicyTemplate` or `PolicyStatement`, or
//! - it is called `Content`, `Document` or `Statement` and its resource type is named for a policy, or
//! - its description speaks of a policy document, a resource policy or an IAM policy (and its name of no ARN, role,
//!   name or identifier).
//!
//! Every candidate is decided, by the first of these that applies: an exclusion of the curated file, an inclusion of it,
//! `AssumeRolePolicyDocument` is a trust policy, `PolicyDocument` in `AWS::IAM` is an identity policy, and a document of a
//! type that allows an object, or that is called or described as a resource policy, is a resource policy of the type's
//! service. A candidate left over stops the run: a new release of the schemas must not grow a site unseen.

use super::curated::{Curated, UsedEntries};
use super::schema::Property;

/// The kinds a row may have.
const KINDS: [&str; 8] = [
    "identity",
    "trust",
    "resource",
    "organization",
    "permission-set",
    "session",
    "vpc-endpoint",
    "iot",
];

/// One row of `policy_sites.tsv`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SiteRow {
    /// CloudFormation type.
    pub of: String,
    /// Path below `Properties`.
    pub path: String,
    /// Kind of the policy.
    pub kind: String,
    /// Service prefix, or nothing.
    pub service: String,
    /// `document`, `string` or `either`.
    pub encoding: &'static str,
    /// `document` or `statement`.
    pub shape: String,
}

/// The sites of one resource type; what stays undecided or wrong goes to `problems`.
pub fn sites(
    of: &str,
    properties: &[Property],
    curated: &Curated,
    used: &mut UsedEntries,
    problems: &mut Vec<String>,
) -> Vec<SiteRow> {
    let mut found = Vec::new();
    for property in properties {
        let path = property.joined();
        let included = curated
            .include
            .iter()
            .find(|entry| entry.of == of && entry.path == path);
        if included.is_none() && !is_candidate(of, property) {
            continue;
        }
        if let Some(entry) = curated.exclude.iter().find(|entry| entry.covers(of, &path)) {
            used.note(&entry.of, &entry.path);
            if included.is_some() {
                problems.push(format!("{of} {path}: both included and excluded"));
            }
            continue;
        }
        let site = |kind: &str, service: String, shape: &str| SiteRow {
            of: of.to_owned(),
            path: path.clone(),
            kind: kind.to_owned(),
            service,
            encoding: encoding(property),
            shape: shape.to_owned(),
        };
        if let Some(entry) = included {
            used.note(&entry.of, &entry.path);
            let service = entry
                .service
                .clone()
                .unwrap_or_else(|| service(of, curated, used));
            found.push(site(&entry.kind, service, &entry.shape));
        } else if property.name() == "AssumeRolePolicyDocument" {
            found.push(site("trust", String::new(), "document"));
        } else if of.starts_with("AWS::IAM::") && property.name() == "PolicyDocument" {
            found.push(site("identity", String::new(), "document"));
        } else if property.document || is_called_resource_policy(of, property) {
            found.push(site("resource", service(of, curated, used), "document"));
        } else {
            problems.push(format!(
                "{of} {path}: undecided; include or exclude it in the curated file"
            ));
        }
    }
    for entry in curated
        .include
        .iter()
        .filter(|entry| entry.of == of && entry.beyond_schema)
    {
        used.note(&entry.of, &entry.path);
        if properties
            .iter()
            .any(|property| property.joined() == entry.path)
        {
            problems.push(format!(
                "{of} {}: the schema lists it now; drop beyond_schema",
                entry.path
            ));
        }
        found.push(SiteRow {
            of: of.to_owned(),
            path: entry.path.clone(),
            kind: entry.kind.clone(),
            service: entry
                .service
                .clone()
                .unwrap_or_else(|| service(of, curated, used)),
            encoding: "either",
            shape: entry.shape.clone(),
        });
    }
    for site in &found {
        if !KINDS.contains(&site.kind.as_str())
            || !["document", "statement"].contains(&site.shape.as_str())
        {
            problems.push(format!(
                "{of} {}: no such kind or shape: {} {}",
                site.path, site.kind, site.shape
            ));
        }
    }
    found
}

fn is_candidate(of: &str, property: &Property) -> bool {
    // A format such as `AWS::IAM::Role.Arn` says that the string is an identifier.
    if !(property.string || property.document) || property.format.starts_with("AWS::") {
        return false;
    }
    let name = property.name();
    let is_item_of_strings =
        property.path.last().is_some_and(|last| last == "*") && !property.document;
    if is_item_of_strings {
        return false;
    }
    let endings = [
        "Policy",
        "Policies",
        "PolicyDocument",
        "PolicyText",
        "PolicyTemplate",
        "PolicyStatement",
    ];
    if endings.iter().any(|ending| name.ends_with(ending)) {
        return true;
    }
    let resource = of.rsplit("::").next().unwrap_or_default();
    if resource.contains("Policy") && ["Content", "Document", "Statement"].contains(&name) {
        return true;
    }
    let identifies = ["Arn", "ARN", "Role", "Name", "Id", "Boundary"]
        .iter()
        .any(|ending| name.ends_with(ending));
    let description = property.description.to_lowercase();
    let speaks = [
        "policy document",
        "resource policy",
        "resource-based policy",
        "iam policy",
    ];
    property.path.last().is_some_and(|last| last != "*")
        && !identifies
        && speaks.iter().any(|words| description.contains(words))
}

fn is_called_resource_policy(of: &str, property: &Property) -> bool {
    let description = property.description.to_lowercase();
    of.ends_with("ResourcePolicy")
        || property
            .path
            .iter()
            .any(|segment| segment == "ResourcePolicy")
        || ["resource policy", "resource-based policy"]
            .iter()
            .any(|words| description.contains(words))
}

fn encoding(property: &Property) -> &'static str {
    match (property.document, property.string) {
        (true, false) => "document",
        (false, true) => "string",
        _ => "either",
    }
}

/// The service prefix of a type: its own entry, its namespace's, or the namespace in lower case.
fn service(of: &str, curated: &Curated, used: &mut UsedEntries) -> String {
    let namespace = of.rsplit_once("::").map_or(of, |(namespace, _)| namespace);
    for key in [of, namespace] {
        if let Some(prefix) = curated.services.get(key) {
            used.note("services", key);
            return prefix.clone();
        }
    }
    namespace
        .rsplit("::")
        .next()
        .unwrap_or_default()
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sites::schema;
    use serde_json::json;

    fn decide(of: &str, schema: &serde_json::Value, curated: &str) -> (Vec<String>, Vec<String>) {
        let curated: Curated = toml_edit::de::from_str(curated).expect("valid");
        let mut problems = Vec::new();
        let found = sites(
            of,
            &schema::properties(schema),
            &curated,
            &mut UsedEntries::default(),
            &mut problems,
        );
        let rows = found.iter().map(|s| {
            format!(
                "{} {} {} {} {}",
                s.path, s.kind, s.service, s.encoding, s.shape
            )
        });
        (rows.collect(), problems)
    }

    #[test]
    fn kinds_follow_name_and_type() {
        let schema = json!({"properties": {
            "AssumeRolePolicyDocument": {"type": ["object", "string"]},
            "Policies": {"type": "array", "items": {"type": "object", "properties": {"PolicyDocument": {"type": "object"}}}},
            "RoleName": {"type": "string"}
        }});
        let (mut rows, problems) = decide("AWS::IAM::Role", &schema, "");
        rows.sort();
        assert_eq!(
            rows,
            [
                "AssumeRolePolicyDocument trust  either document",
                "Policies/*/PolicyDocument identity  document document"
            ]
        );
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[test]
    fn a_string_that_may_be_anything_must_be_decided() {
        let schema = json!({"properties": {"SslPolicy": {"type": "string"}}});
        let (rows, problems) = decide("AWS::Some::Listener", &schema, "");
        assert!(rows.is_empty());
        assert_eq!(problems.len(), 1);
        let exclude =
            "[[exclude]]\ntype = \"AWS::Some::*\"\npath = \"**/SslPolicy\"\nreason = \"a name\"\n";
        assert_eq!(
            decide("AWS::Some::Listener", &schema, exclude),
            (Vec::new(), Vec::new())
        );
    }

    #[test]
    fn the_service_is_the_namespace_unless_told() {
        let schema = json!({"properties": {"Policy": {"type": "object"}}});
        assert_eq!(
            decide("AWS::MSK::ClusterPolicy", &schema, "").0,
            ["Policy resource msk document document"]
        );
        let told = "[services]\n\"AWS::MSK\" = \"kafka\"\n";
        assert_eq!(
            decide("AWS::MSK::ClusterPolicy", &schema, told).0,
            ["Policy resource kafka document document"]
        );
    }

    #[test]
    fn an_inclusion_the_schema_outgrew_is_a_problem() {
        let schema =
            json!({"properties": {"Body": {"type": "object"}, "Policy": {"type": "object"}}});
        let include = |path: &str| {
            format!(
                "[[include]]\ntype = \"AWS::A::B\"\npath = \"{path}\"\nkind = \"resource\"\nbeyond_schema = true\n"
            )
        };
        assert!(
            decide("AWS::A::B", &schema, &include("Body/x-policy"))
                .1
                .is_empty()
        );
        assert_eq!(decide("AWS::A::B", &schema, &include("Policy")).1.len(), 1);
    }
}
