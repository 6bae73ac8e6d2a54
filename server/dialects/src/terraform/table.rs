//! What is known of the AWS provider's resource types: arguments that hold policies, names and ARNs.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt};
use leastwise_model::SiteKind;

use crate::kinds::kind_of;

/// An argument of a resource type that holds a policy document.
#[derive(Clone, Debug)]
pub(crate) struct PolicyArgument {
    /// The argument; a nested block and its argument for two.
    pub path: Vec<&'static str>,
    /// What the policy is for.
    pub kind: SiteKind,
    /// Service prefix of a resource policy's resource.
    pub service: Option<&'static str>,
}

/// What attributes of a resource type give.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TerraformType {
    /// What `id` gives: an argument, or `arn`. `None` for something that AWS makes up.
    pub id: Option<&'static str>,
    /// The argument that names the resource.
    pub name: Option<&'static str>,
    /// The format of `arn`: see the head of the table.
    pub arn: &'static str,
}

/// The attributes of a resource type, or of a data source, that stand for something in policies: ARNs, names, where the
/// module is deployed.
pub fn attributes(type_name: &str, data: bool) -> Vec<&'static str> {
    if data {
        match type_name {
            "aws_caller_identity" => return vec!["account_id"],
            "aws_region" => return vec!["name"],
            "aws_partition" => return vec!["partition"],
            _ => {}
        }
    }
    let Some(own) = resource(type_name) else {
        return Vec::new();
    };
    let mut found = vec!["arn"];
    found.extend(own.name);
    found.extend(own.id.map(|_| "id"));
    found
}

/// The attribute of a data source that gives the policy which it is.
pub fn document(type_name: &str, data: bool) -> Option<&'static str> {
    (data && type_name == "aws_iam_policy_document").then_some("json")
}

static POLICIES: LazyLock<HashMap<&'static str, Vec<PolicyArgument>>> = LazyLock::new(|| {
    let mut table: HashMap<_, Vec<_>> = HashMap::new();
    for line in lines(include_str!("../../data/terraform_policies.tsv")) {
        let mut fields = line.split('\t');
        let (Some(of), Some(path), Some(kind)) = (
            fields.next(),
            fields.next(),
            fields.next().and_then(kind_of),
        ) else {
            continue;
        };
        table.entry(of).or_default().push(PolicyArgument {
            path: path.split('/').collect(),
            kind,
            service: fields.next().filter(|service| !service.is_empty()),
        });
    }
    table
});

static RESOURCES: LazyLock<HashMap<&'static str, TerraformType>> = LazyLock::new(|| {
    let read = |line: &'static str| {
        let mut fields = line.split('\t');
        let of = fields.next()?;
        let mut optional = || fields.next().map(|field| (field != "-").then_some(field));
        let (id, name) = (optional()?, optional()?);
        let arn = fields.next()?;
        Some((of, TerraformType { id, name, arn }))
    };
    lines(include_str!("../../data/terraform_resources.tsv"))
        .filter_map(read)
        .collect()
});

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// The resource types that hold policies, sorted.
pub fn policy_types() -> Vec<&'static str> {
    let mut types: Vec<&str> = POLICIES.keys().copied().collect();
    types.sort_unstable();
    types
}

/// The arguments of a resource type that hold policies.
pub fn policies(type_name: &str) -> &'static [PolicyArgument] {
    POLICIES.get(type_name).map_or(&[], Vec::as_slice)
}

/// What is known of a resource type.
pub fn resource(type_name: &str) -> Option<TerraformType> {
    RESOURCES.get(type_name).copied()
}

/// The resource types whose ARNs have a format of the catalog's, sorted: names in braces stand for each other.
pub fn types_with(format: &str) -> Vec<&'static str> {
    let wanted = shape(format);
    // What may be missing before a name has a placeholder of its own.
    let own = RESOURCES
        .iter()
        .filter(|(_, of)| shape(of.arn).replace("$$", "$") == wanted);
    let mut types: Vec<&str> = own.map(|(name, _)| *name).collect();
    types.sort_unstable();
    types
}

/// A format with every placeholder as `$`.
fn shape(format: &str) -> String {
    let mut shape = String::new();
    let mut rest = format;
    while let Some((before, behind)) = rest.split_once("${") {
        shape.push_str(before);
        shape.push('$');
        rest = behind.split_once('}').map_or("", |(_, rest)| rest);
    }
    shape.push_str(rest);
    shape
}

/// What an attribute of a resource gives, where that is surely not its ARN: `name` or `id`.
pub fn gives(type_name: &str, attribute: &str) -> Option<&'static str> {
    let known = resource(type_name)?;
    match (attribute, known.id) {
        ("id", Some("arn")) => None,
        ("id", None) => Some("id"),
        ("id", Some(_)) => Some("name"),
        _ if known.name == Some(attribute) => Some("name"),
        _ => {
            let mut others = OTHERS.iter();
            let found = others.find(|(of, name, _)| *of == type_name && *name == attribute);
            found.map(|(_, _, gives)| *gives)
        }
    }
}

/// Attributes beside `id` and the name that people take for an ARN: of which type, and what they give.
const OTHERS: [(&str, &str, &str); 4] = [
    ("aws_eip", "allocation_id", "id"),
    ("aws_kms_key", "key_id", "id"),
    ("aws_route53_zone", "zone_id", "id"),
    ("aws_sqs_queue", "url", "URL"),
];

/// Whether it is known that resources of a type have an attribute `arn`.
pub(crate) fn has_arn(type_name: &str) -> bool {
    resource(type_name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use leastwise_catalog::catalog;

    #[test]
    fn data_sources_tell_where_a_module_is_deployed() {
        assert_eq!(attributes("aws_region", true), ["name"]);
        assert_eq!(attributes("aws_partition", true), ["partition"]);
        assert_eq!(attributes("aws_region", false), [""; 0]);
        assert_eq!(attributes("aws_sqs_queue", false), ["arn", "name"]);
    }

    #[test]
    fn types_are_told_by_their_arns() {
        let with = |format| types_with(format);
        assert_eq!(
            with("arn:${Partition}:sqs:${Region}:${Account}:${QueueName}"),
            ["aws_sqs_queue"]
        );
        // An object is no bucket.
        let object = with("arn:${Partition}:s3:::${BucketName}/${ObjectName}");
        assert!(!object.contains(&"aws_s3_bucket"), "{object:?}");
    }

    #[test]
    fn every_line_is_understood() {
        let text = include_str!("../../data/terraform_policies.tsv");
        for line in lines(text) {
            let fields: Vec<_> = line.split('\t').collect();
            assert!(fields.len() == 4 && kind_of(fields[2]).is_some(), "{line}");
            assert!(!policies(fields[0]).is_empty(), "{line}");
            if fields[2] == "resource" {
                assert!(catalog().service(fields[3]).is_some(), "{line}");
            }
        }
        for line in lines(include_str!("../../data/terraform_resources.tsv")) {
            assert_eq!(line.split('\t').count(), 4, "{line}");
        }
    }

    #[test]
    fn arns_are_those_of_the_catalog() {
        let known: Vec<String> = catalog()
            .services()
            .flat_map(|service| service.resource_types())
            .flat_map(|kind| kind.arns())
            .map(shape)
            .collect();
        // What the argument or AWS puts in is more than one segment, or the catalog's placeholder is.
        let apart = [
            "aws_dms_replication_task",
            "aws_kms_alias",
            "aws_secretsmanager_secret",
            "aws_sns_platform_application",
        ];
        let mut unknown = Vec::new();
        for line in lines(include_str!("../../data/terraform_resources.tsv")) {
            let (of, format) = (line.split('\t').next(), line.rsplit('\t').next());
            let shape = shape(format.unwrap_or_default());
            let fits = |known: &String| {
                let plain = |text: &str| text.replace("/$", "$").replace("$$", "$");
                plain(known) == plain(&shape)
            };
            if !known.iter().any(fits) && !of.is_some_and(|of| apart.contains(&of)) {
                unknown.push(format!("{} {shape}", of.unwrap_or_default()));
            }
        }
        assert_eq!(unknown, Vec::<String>::new());
    }
}
