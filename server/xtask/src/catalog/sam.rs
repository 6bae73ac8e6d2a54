//! What SAM writes into templates, from `aws-sam-translator`: `sam/policy-templates.json`, `sam/connectors.json` and
//! `sam/connected-types.tsv`.
//!
//! Texts are brought into one form: `${Name}` stands for a parameter of the template, `${Source.Arn}` and the like for a
//! part of a connector's ends, `${AWS::Region}` for a pseudo parameter.

use super::Files;
use crate::packages::Packages;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// The elements that a statement may have here.
const ELEMENTS: [&str; 5] = ["Effect", "Action", "Resource", "Condition", "Principal"];

/// Adds the files.
pub fn extract(packages: &Packages, files: &mut Files) -> Result<()> {
    let package = packages.get("aws-sam-translator", "1.115.0")?;
    let templates: Value = serde_json::from_str(
        package.read_text("samtranslator/policy_templates_data/policy_templates.json")?,
    )?;
    let profiles: Value = serde_json::from_str(
        package.read_text("samtranslator/model/connector_profiles/profiles.json")?,
    )?;
    let templates = policy_templates(&templates)?;
    let connectors = connectors(&profiles)?;
    println!(
        "{} policy templates and {} connectors of SAM",
        templates.len(),
        connectors.len()
    );
    ensure!(templates.len() > 75, "SAM has lost policy templates");
    ensure!(connectors.len() > 25, "SAM has lost connectors");
    files.insert(
        "sam/policy-templates.json".into(),
        format!("{:#}\n", Value::Object(templates)),
    );
    files.insert(
        "sam/connectors.json".into(),
        format!("{:#}\n", Value::Array(connectors)),
    );
    files.insert("sam/connected-types.tsv".into(), connected(&profiles)?);
    Ok(())
}

/// Name → parameters and statements.
fn policy_templates(source: &Value) -> Result<Map<String, Value>> {
    let source = source["Templates"].as_object();
    let mut templates = Map::new();
    for (name, template) in source.context("policy_templates.json holds no templates")? {
        let statements = template["Definition"]["Statement"].as_array();
        let statements = statements
            .with_context(|| format!("{name} has no statements"))?
            .iter()
            .map(statement)
            .collect::<Result<Vec<_>>>()
            .with_context(|| name.clone())?;
        let parameters = template["Parameters"].as_object();
        let parameters: Vec<&String> = parameters.into_iter().flat_map(Map::keys).collect();
        templates.insert(
            name.clone(),
            json!({ "parameters": parameters, "statements": statements }),
        );
    }
    Ok(templates)
}

/// One for each pair of types: what it makes, for whom, and the statements of each permission.
fn connectors(source: &Value) -> Result<Vec<Value>> {
    let mut connectors = Vec::new();
    let sources = source["Permissions"].as_object();
    for (from, destinations) in sources.context("profiles.json holds no permissions")? {
        for (to, profile) in destinations.as_object().into_iter().flatten() {
            let kind = match profile["Type"].as_str() {
                Some("AWS_IAM_ROLE_MANAGED_POLICY") => "role",
                Some("AWS_SQS_QUEUE_POLICY") => "queue",
                Some("AWS_SNS_TOPIC_POLICY") => "topic",
                Some("AWS_LAMBDA_PERMISSION") => "function",
                other => bail!("{from} to {to}: unknown kind {other:?}"),
            };
            let properties = &profile["Properties"];
            let holder = match properties["SourcePolicy"].as_bool() {
                Some(true) => "source",
                _ => "destination",
            };
            let mut permissions = Map::new();
            for (name, access) in properties["AccessCategories"]
                .as_object()
                .into_iter()
                .flatten()
            {
                let statements = match access["Statement"].as_array() {
                    Some(statements) => statements
                        .iter()
                        .map(statement)
                        .collect::<Result<Vec<_>>>()
                        .with_context(|| format!("{from} to {to}"))?,
                    // What `lambda:AddPermission` takes, as the statement that it makes.
                    None => vec![statement(&json!({
                        "Effect": "Allow",
                        "Principal": { "Service": access["Principal"] },
                        "Action": access["Action"],
                        "Resource": "%{Destination.Arn}",
                        "Condition": { "ArnLike": { "aws:SourceArn": access["SourceArn"] } },
                    }))?],
                };
                permissions.insert(name.clone(), Value::Array(statements));
            }
            connectors.push(json!({
                "source": from,
                "destination": to,
                "kind": kind,
                "holder": holder,
                "permissions": permissions,
            }));
        }
    }
    Ok(connectors)
}

/// A statement with its texts in one form.
fn statement(source: &Value) -> Result<Value> {
    let mut statement = Map::new();
    for (name, value) in source.as_object().context("a statement is no mapping")? {
        ensure!(
            ELEMENTS.contains(&name.as_str()),
            "a statement has the element {name}"
        );
        let value = match name.as_str() {
            "Effect" => {
                ensure!(value == "Allow", "a statement has the effect {value}");
                continue;
            }
            "Principal" => {
                let service = value["Service"].as_str();
                json!(service.context("a principal is no service")?)
            }
            "Condition" => {
                let mut tests = Vec::new();
                for (operator, keys) in value.as_object().into_iter().flatten() {
                    for (key, values) in keys.as_object().into_iter().flatten() {
                        for value in texts(values)? {
                            tests.push(json!([operator, key, value]));
                        }
                    }
                }
                Value::Array(tests)
            }
            _ => json!(texts(value)?),
        };
        statement.insert(name.to_lowercase(), value);
    }
    ensure!(
        statement.contains_key("action") && statement.contains_key("resource"),
        "a statement lacks an element"
    );
    Ok(Value::Object(statement))
}

fn texts(value: &Value) -> Result<Vec<String>> {
    match value {
        Value::Array(items) => items.iter().map(text).collect(),
        one => Ok(vec![text(one)?]),
    }
}

fn text(value: &Value) -> Result<String> {
    if let Value::String(text) = value {
        return Ok(text.replace("%{", "${"));
    }
    if let Some(name) = value["Ref"].as_str() {
        return Ok(format!("${{{name}}}"));
    }
    match &value["Fn::Sub"] {
        Value::String(text) => Ok(text.clone()),
        Value::Array(parts) => {
            let [Value::String(template), Value::Object(variables)] = parts.as_slice() else {
                bail!("unknown arguments of Fn::Sub: {value}");
            };
            let mut result = template.clone();
            for (name, value) in variables {
                result = result.replace(&format!("${{{name}}}"), &text(value)?);
            }
            Ok(result)
        }
        _ => bail!("unknown text {value}"),
    }
}

/// Type, the property that names its role, and how a connector knows its ARN, id, URL, name and qualifier: `Ref`, an
/// attribute, or the text itself.
fn connected(source: &Value) -> Result<String> {
    let types = source["CfnResourceProperties"].as_object();
    let mut lines = String::new();
    for (name, facts) in types.context("profiles.json holds no resources")? {
        let role = match &facts["Inputs"]["Role"] {
            Value::String(property) => property,
            // The role of the target that is the other end.
            Value::Object(_) => "Targets/RoleArn",
            _ => "",
        };
        let _ = write!(lines, "{name}\t{role}");
        for output in ["Arn", "Id", "Url", "Name", "Qualifier"] {
            let value = &facts["Outputs"][output];
            let cell = match (value, &value["Ref"], &value["Fn::GetAtt"][1]) {
                (Value::Null, ..) => "",
                (Value::String(text), ..) => text,
                (_, Value::String(_), _) => "Ref",
                (_, _, Value::String(attribute)) => attribute,
                _ => bail!("{name}: unknown {output} {value}"),
            };
            let _ = write!(lines, "\t{cell}");
        }
        lines.push('\n');
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_into_one_form() {
        for (source, wanted) in [
            (json!("*"), "*"),
            (json!("%{Source.Arn}/stream/*"), "${Source.Arn}/stream/*"),
            (json!({ "Ref": "Key" }), "${Key}"),
            (
                json!({ "Fn::Sub": "arn:${AWS::Partition}:s3:::x" }),
                "arn:${AWS::Partition}:s3:::x",
            ),
            (
                json!({ "Fn::Sub": ["${a}/${b}", { "a": { "Ref": "A" }, "b": { "Ref": "B" } }] }),
                "${A}/${B}",
            ),
        ] {
            assert_eq!(text(&source).unwrap(), wanted);
        }
        assert!(text(&json!({ "Fn::Join": [] })).is_err());
    }

    #[test]
    fn statements_are_cut_to_their_facts() {
        let source = json!({
            "Effect": "Allow",
            "Principal": { "Service": "sns.amazonaws.com" },
            "Action": "sqs:SendMessage",
            "Resource": "%{Destination.Arn}",
            "Condition": { "ArnEquals": { "aws:SourceArn": "%{Source.Arn}" } },
        });
        let wanted = json!({
            "action": ["sqs:SendMessage"],
            "condition": [["ArnEquals", "aws:SourceArn", "${Source.Arn}"]],
            "principal": "sns.amazonaws.com",
            "resource": ["${Destination.Arn}"],
        });
        assert_eq!(statement(&source).unwrap(), wanted);
        assert!(statement(&json!({ "Effect": "Deny", "Action": "a:b", "Resource": "*" })).is_err());
        assert!(statement(&json!({ "Effect": "Allow", "NotAction": "a:b" })).is_err());
    }
}
