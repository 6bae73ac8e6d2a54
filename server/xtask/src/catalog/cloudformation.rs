//! CloudFormation types: identifiers, ARN templates, and the actions that their handlers need.
//!
//! One file for each namespace, `cloudformation/AWS-Lambda.tsv`:
//!
//! ```text
//! type    AWS::Lambda::Function  primary identifier  what Ref returns  name property  ARN template  attribute with the ARN
//!                                                                                                   (`-`: surely no `Arn`)
//! create  actions
//! ```

use super::Files;
use super::services::Services;
use crate::packages::{Package, Packages, gunzip};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const HANDLERS: [&str; 5] = ["create", "read", "update", "delete", "list"];

/// Adds the files. `repair` gives the actions that a handler means by a permission that doesn't exist.
pub fn extract(
    packages: &Packages,
    services: &Services,
    repair: &BTreeMap<String, Vec<String>>,
    files: &mut Files,
) -> Result<()> {
    let spec = spec(packages)?;
    let arns = arnmatch(&packages.get("arnmatch", "2026.5.1")?)?;
    let lint = packages.get("cfn-lint", "1.58.0")?;
    let mut types = BTreeMap::new();
    for path in lint.paths("cfnlint/data/schemas/resources/") {
        if path.ends_with(".json") {
            let schema = lint.read_json(path)?;
            let name = schema["typeName"]
                .as_str()
                .with_context(|| format!("{path} has no typeName"))?
                .to_owned();
            types.insert(name, schema);
        }
    }

    let (mut with_handlers, mut with_arn) = (0, 0);
    let mut dropped: BTreeSet<String> = BTreeSet::new();
    let mut repaired: BTreeSet<String> = BTreeSet::new();
    for (name, schema) in &types {
        let namespace = name
            .rsplit_once("::")
            .map_or(name.as_str(), |(namespace, _)| namespace)
            .replace("::", "-");
        let out = files
            .entry(format!("cloudformation/{namespace}.tsv"))
            .or_default();
        let empty = Value::Null;
        let facts = Facts::new(
            name,
            schema,
            spec.get(name).unwrap_or(&empty),
            arns.get(name),
        );
        with_arn += usize::from(facts.arn.is_some());
        let _ = writeln!(
            out,
            "type\t{name}\t{}\t{}\t{}\t{}\t{}",
            facts.identifier.join(" "),
            facts.reference.join(" "),
            facts.name_property.unwrap_or_default(),
            facts.arn.unwrap_or_default(),
            facts.attribute.unwrap_or_default()
        );
        with_handlers += usize::from(schema["handlers"].is_object());
        for handler in HANDLERS {
            let Some(permissions) = schema["handlers"][handler]["permissions"].as_array() else {
                continue;
            };
            let mut actions = BTreeSet::new();
            for permission in permissions.iter().filter_map(Value::as_str) {
                if let Some(action) = services.spelling(permission) {
                    actions.insert(action);
                } else if let Some(meant) = repair.get(&permission.to_lowercase()) {
                    repaired.insert(permission.to_owned());
                    actions.extend(meant.iter().cloned());
                } else {
                    dropped.insert(permission.to_owned());
                }
            }
            let actions: Vec<String> = actions.into_iter().collect();
            let _ = writeln!(out, "{handler}\t{}", actions.join(" "));
        }
    }
    let wildcards = dropped
        .iter()
        .filter(|permission| permission.contains('*'))
        .count();
    ensure!(
        with_handlers > 1_700,
        "only {with_handlers} CloudFormation types with handlers: the source has lost some"
    );
    ensure!(
        with_arn > 900,
        "only {with_arn} CloudFormation types with an ARN template: a source has lost some"
    );
    println!(
        "{} CloudFormation types, {with_handlers} with handlers, {with_arn} with an ARN template; of the handlers' \
         permissions that are no actions {} were repaired, {} dropped, and {wildcards} patterns left out",
        types.len(),
        repaired.len(),
        dropped.len() - wildcards
    );
    Ok(())
}

/// What the schema and the service specification say of one type.
struct Facts {
    identifier: Vec<String>,
    reference: Vec<String>,
    name_property: Option<String>,
    arn: Option<String>,
    /// The attribute that gives the ARN; `-` where there surely is none called `Arn`.
    attribute: Option<String>,
}

impl Facts {
    fn new(name: &str, schema: &Value, spec: &Value, arnmatch: Option<&Vec<String>>) -> Self {
        let paths = |value: &Value| -> Vec<String> {
            let paths = value
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            paths
                .map(|path| path.trim_start_matches("/properties/").to_owned())
                .collect()
        };
        let identifier = paths(&schema["primaryIdentifier"]);
        let reference = paths(&spec["cfnRefIdentifier"]);
        let read_only = paths(&schema["readOnlyProperties"]);
        let writable: Vec<&str> = schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .filter(|name| !read_only.iter().any(|path| path == name))
            .collect();
        let template = match (spec["arnTemplate"].as_str(), arnmatch.map(Vec::as_slice)) {
            (Some(template), _) => Some(template.to_owned()),
            (None, Some([template])) => Some(template.clone()),
            _ => None,
        };
        let short = name.rsplit("::").next().unwrap_or(name);
        let name_property = name_property(short, &identifier, &writable, template.as_deref());
        let arn =
            template.map(|template| fill_name(&template, name_property.as_deref(), &writable));
        let of_sam = name.starts_with("AWS::Serverless::");
        let attributes = match of_sam {
            true => read_only.clone(),
            false => described(spec),
        };
        let attribute = arn_attribute(short, &identifier, &attributes);
        let attribute = attribute.or_else(|| lacks_arn(schema, spec).then(|| "-".to_owned()));
        Self {
            identifier,
            reference,
            name_property,
            arn,
            attribute,
        }
    }
}

/// The attributes of a type that its specification describes: others it names before they are there.
fn described(spec: &Value) -> Vec<String> {
    let attributes = spec["attributes"].as_object().into_iter().flatten();
    let described = attributes.filter(|(_, attribute)| {
        let text = attribute["documentation"].as_str();
        text.is_some_and(|text| !text.is_empty())
    });
    described.map(|(name, _)| name.clone()).collect()
}

/// Whether a type surely has no attribute `Arn`: neither its schema has one, nor does its specification name it.
fn lacks_arn(schema: &Value, spec: &Value) -> bool {
    let names = |of: &Value| -> Vec<String> {
        let names = of.as_object().into_iter().flatten();
        names.map(|(name, _)| name.clone()).collect()
    };
    let (properties, attributes) = (names(&schema["properties"]), names(&spec["attributes"]));
    let mut all = properties.iter().chain(&attributes);
    !properties.is_empty() && spec.is_object() && !all.any(|name| name.eq_ignore_ascii_case("Arn"))
}

/// The attribute that gives a resource's own ARN: `Arn`, or what is called like the type or its identifier.
fn arn_attribute(short: &str, identifier: &[String], attributes: &[String]) -> Option<String> {
    let own = match identifier {
        [only] if only.to_ascii_lowercase().ends_with("arn") => only.as_str(),
        _ => "",
    };
    let named = |name: &str| {
        let mut attributes = attributes.iter();
        attributes
            .find(|own| own.eq_ignore_ascii_case(name))
            .cloned()
    };
    named("Arn")
        .or_else(|| named(&format!("{short}Arn")))
        .or_else(|| named(own).filter(|_| !own.is_empty()))
}

/// The property that names a resource: a writable identifier, else one called so.
fn name_property(
    short: &str,
    identifier: &[String],
    writable: &[&str],
    template: Option<&str>,
) -> Option<String> {
    if let [only] = identifier
        && writable.contains(&only.as_str())
        && !only.ends_with("Id")
        && !only.ends_with("Arn")
    {
        return Some(only.clone());
    }
    let candidates = [format!("{short}Name"), "Name".to_owned()];
    let in_template = template
        .and_then(last_placeholder)
        .filter(|name| name.ends_with("Name"))
        .map(str::to_owned);
    in_template
        .into_iter()
        .chain(candidates)
        .find(|name| writable.contains(&name.as_str()))
}

/// Gives the last placeholder of an ARN template the name of the property that it stands for, where it is a name.
fn fill_name(template: &str, name_property: Option<&str>, writable: &[&str]) -> String {
    let Some(placeholder) = last_placeholder(template) else {
        return template.to_owned();
    };
    let same = writable
        .iter()
        .find(|name| name.eq_ignore_ascii_case(placeholder))
        .copied();
    let is_name = placeholder.ends_with("Name") || placeholder.ends_with("NameWithPath");
    match same.or(name_property.filter(|_| is_name)) {
        Some(property) => {
            template.replace(&format!("${{{placeholder}}}"), &format!("${{{property}}}"))
        }
        None => template.to_owned(),
    }
}

/// The last `${…}` of a template that isn't partition, region or account.
fn last_placeholder(template: &str) -> Option<&str> {
    let last = template.rsplit_once("${")?.1.split_once('}')?.0;
    Some(last).filter(|name| !["Partition", "Region", "Account"].contains(name))
}

/// The resources of `@aws-cdk/aws-service-spec`, by type name.
fn spec(packages: &Packages) -> Result<BTreeMap<String, Value>> {
    let package = packages.get("@aws-cdk/aws-service-spec", "0.1.216")?;
    let mut database: Value = serde_json::from_slice(&gunzip(package.read("db.json.gz")?)?)?;
    let resources = database["schema"]["resource"]["entities"].take();
    let Value::Array(resources) = resources else {
        anyhow::bail!("db.json.gz has no resources")
    };
    let named = |resource: Value| {
        Some((
            resource["cloudFormationType"].as_str()?.to_owned(),
            resource,
        ))
    };
    Ok(resources.into_iter().filter_map(named).collect())
}

/// ARN templates of `arnmatch`, by type name: its regular expressions with a placeholder for each group.
fn arnmatch(package: &Package) -> Result<BTreeMap<String, Vec<String>>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in package.read_text("arnmatch/arn_patterns.py")?.lines() {
        let pattern = line
            .split_once("r\"^")
            .and_then(|(_, rest)| rest.split_once("$\""))
            .map(|(pattern, _)| pattern);
        let name = line
            .split_once("'cfn': '")
            .and_then(|(_, rest)| rest.split_once('\''))
            .map(|(name, _)| name);
        if let (Some(pattern), Some(name)) = (pattern, name) {
            found
                .entry(name.to_owned())
                .or_default()
                .push(template(pattern));
        }
    }
    ensure!(
        found.len() > 900,
        "only {} types in arnmatch: the source has changed its form",
        found.len()
    );
    Ok(found)
}

/// `arn:(?P<Partition>[\w-]+):s3:::(?P<BucketName>.+?)` → `arn:${Partition}:s3:::${BucketName}`.
fn template(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((literal, group)) = rest.split_once("(?P<") {
        out.push_str(&literal.replace('\\', ""));
        let Some((name, body)) = group.split_once('>') else {
            break;
        };
        let _ = write!(out, "${{{name}}}");
        let mut depth = 1;
        let end = body.find(|character| {
            depth += match character {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth == 0
        });
        rest = end.and_then(|end| body.get(end + 1..)).unwrap_or("");
    }
    out + &rest.replace('\\', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regular_expression_becomes_a_template() {
        assert_eq!(
            template(
                r"arn:(?P<Partition>[\w-]+):s3:(?P<Region>[\w-]*):(?P<Account>\d{12}):access/(?P<Name>.+?)"
            ),
            "arn:${Partition}:s3:${Region}:${Account}:access/${Name}"
        );
        assert_eq!(template(r"arn:(?P<A>(x|y(z)?)+)/\.b"), "arn:${A}/.b");
        assert_eq!(template("arn:(?P<A>unclosed"), "arn:${A}");
    }

    #[test]
    fn the_name_property_is_a_writable_one() {
        let identifier = |name: &str| vec![name.to_owned()];
        assert_eq!(
            name_property("Role", &identifier("RoleName"), &["RoleName"], None).as_deref(),
            Some("RoleName")
        );
        assert_eq!(
            name_property("Topic", &identifier("TopicArn"), &["TopicName"], None).as_deref(),
            Some("TopicName")
        );
        assert_eq!(
            name_property("Pipe", &identifier("Arn"), &["Name"], None).as_deref(),
            Some("Name")
        );
        let template = Some("arn:${Partition}:x:${Region}:${Account}:thing/${OtherName}");
        assert_eq!(
            name_property("T", &identifier("Arn"), &["OtherName"], template).as_deref(),
            Some("OtherName")
        );
        assert_eq!(
            name_property("Key", &identifier("KeyId"), &["Description"], None),
            None
        );
    }

    #[test]
    fn the_attribute_with_the_arn_is_one_that_is_described() {
        let of = |names: &[(&str, &str)]| {
            let names = names.iter().map(|(name, text)| {
                let attribute = serde_json::json!({"documentation": text});
                ((*name).to_owned(), attribute)
            });
            let spec = serde_json::json!({"attributes": names.collect::<serde_json::Map<_, _>>()});
            arn_attribute("DBInstance", &[], &described(&spec))
        };
        let text = "Its ARN.";
        assert_eq!(
            of(&[("Endpoint", text), ("Arn", text)]).as_deref(),
            Some("Arn")
        );
        assert_eq!(
            of(&[("DbInstanceArn", text), ("SecretArn", text)]).as_deref(),
            Some("DbInstanceArn")
        );
        assert_eq!(of(&[("SecretArn", text), ("Arn", "")]), None);
        assert_eq!(described(&Value::Null), Vec::<String>::new());
        let identifier = ["QueueArn".to_owned()];
        let own = arn_attribute("Line", &identifier, &["QueueArn".to_owned()]);
        assert_eq!(own.as_deref(), Some("QueueArn"));
    }

    #[test]
    fn what_has_no_attribute_with_its_arn() {
        let schema = |name: &str| serde_json::json!({"properties": {"Name": {}, name: {}}});
        let spec = |name: &str| serde_json::json!({"attributes": {name: {}}});
        assert!(lacks_arn(&schema("Size"), &spec("Id")));
        assert!(!lacks_arn(&schema("Arn"), &spec("Id")));
        // One that isn't described may be there all the same.
        assert!(!lacks_arn(&schema("Size"), &spec("Arn")));
        // Of what no source tells of nothing is sure.
        assert!(!lacks_arn(&Value::Null, &spec("Id")));
        assert!(!lacks_arn(&schema("Size"), &Value::Null));
    }

    #[test]
    fn a_name_placeholder_gets_the_property_s_name() {
        let fill =
            |template: &str, name| fill_name(template, name, &["RoleName", "DBInstanceIdentifier"]);
        assert_eq!(
            fill("arn:x:role/${RoleNameWithPath}", Some("RoleName")),
            "arn:x:role/${RoleName}"
        );
        assert_eq!(
            fill("arn:x:db:${DbInstanceIdentifier}", None),
            "arn:x:db:${DBInstanceIdentifier}"
        );
        // What AWS makes up keeps its own name.
        assert_eq!(
            fill("arn:x:key/${KeyId}", Some("RoleName")),
            "arn:x:key/${KeyId}"
        );
        assert_eq!(
            fill("arn:${Partition}", Some("RoleName")),
            "arn:${Partition}"
        );
    }
}
