//! The JSON Schema of `leastwise.toml`, for editors that complete and check TOML by one.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use leastwise_model::Level;
use leastwise_rules::RULES;
use serde_json::{Map, Value, json};

/// The schema's file, from the root of the repository.
const FILE: &str = "editors/schema/leastwise.schema.json";

/// Writes the schema, or compares it with what is there.
pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(FILE);
    let text = format!("{:#}\n", schema());
    if check {
        let there = fs::read_to_string(&path).with_context(|| format!("{FILE} can't be read"))?;
        if there != text {
            bail!(
                "{FILE} is not what the rules and the config say: run `cargo xtask config-schema`"
            );
        }
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, text).with_context(|| format!("{FILE} can't be written"))
}

fn schema() -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "leastwise.toml",
        "description": "What leastwise has to know of a workspace to check its AWS IAM policies.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "app": app(),
            "accounts": accounts(),
            "deploy": deploy(),
            "templates": {
                "description": "Where files go that don't go to every account and region. The last entry that matches a file counts.",
                "type": "array",
                "items": templates(),
            },
            "variables": {
                "description": "Values of other variables that a template leaves open: one, or a list with one environment each.",
                "type": "object",
                "additionalProperties": strings(),
            },
            "rules": rules(),
            "check": check_section(),
            "ignore": {
                "description": "Findings to live with. All that is named has to match.",
                "type": "array",
                "items": ignore(),
            },
        },
    })
}

fn app() -> Value {
    json!({
        "description": "The app that the workspace deploys.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "prefix": {
                "description": "What the names of the app's resources begin with, and what the variables stand for.",
                "type": "string",
            },
            "variables": with_default(
                described(strings(), "Template variables that hold the prefix."),
                json!(["AppId", "AppName", "AppPrefix"]),
            ),
        },
    })
}

fn accounts() -> Value {
    let id = json!({
        "description": "The account's id: twelve digits, in quotes.",
        "type": "string",
        "pattern": "^[0-9]{12}$",
    });
    json!({
        "description": "The AWS accounts of the workspace by name. `${DevAccountId}` stands for the account `dev`.",
        "type": "object",
        "additionalProperties": {
            "anyOf": [
                id,
                {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["id"],
                    "properties": {
                        "id": id,
                        "deploys": {
                            "description": "Whether the workspace's templates are deployed to the account, where `templates` says nothing else of them.",
                            "type": "boolean",
                            "default": true,
                        },
                    },
                },
            ],
        },
    })
}

fn deploy() -> Value {
    json!({
        "description": "Where the templates are deployed to, and by whom.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "partition": {
                "description": "The partition of AWS.",
                "enum": ["aws", "aws-cn", "aws-us-gov"],
                "default": "aws",
            },
            "regions": described(strings(), "The regions that are deployed to."),
            "roles": described(
                strings(),
                "Names of the roles whose policies create and change resources, with `*` and `?`.",
            ),
        },
    })
}

fn templates() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["path"],
        "anyOf": [{"required": ["accounts"]}, {"required": ["regions"]}],
        "properties": {
            "path": {
                "description": "Files, from the folder of this config: `infra/tools.yaml`, `edge/**`.",
                "type": "string",
            },
            "accounts": described(
                strings(),
                "Names of accounts from `accounts` that these files are deployed to.",
            ),
            "regions": described(strings(), "The regions that these files are deployed to."),
        },
    })
}

fn rules() -> Value {
    let levels: Vec<_> = Level::NAMES.iter().rev().map(|(name, _)| *name).collect();
    let properties: Map<_, _> = RULES
        .iter()
        .map(|rule| {
            let level = json!({
                "description": rule.summary,
                "enum": levels,
                "default": rule.level.name(),
            });
            (rule.id.to_owned(), level)
        })
        .collect();
    json!({
        "description": "The level of each rule.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn check_section() -> Value {
    json!({
        "description": "What `leastwise check` makes of files.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "unreadable": described(
                strings(),
                "Files that can't be read on purpose, from the folder of this config: `fixtures/**`. Others that may hold a policy, or that a checked file needs, end a check with 2.",
            ),
        },
    })
}

fn ignore() -> Value {
    let ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    let glob = |what: &str| json!({"description": what, "type": "string"});
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["reason"],
        "properties": {
            "rule": {"description": "The rule; every rule where this is left out.", "enum": ids},
            "path": glob("Files, from the folder of this config: `infra/**`."),
            "action": glob("The finding's action: `cloudfront:*`."),
            "owner": glob("The owner of the policy: a logical id or a name."),
            "reason": {
                "description": "Why these findings are lived with.",
                "type": "string",
                "pattern": "\\S",
            },
        },
    })
}

/// A list of strings, or one string as a list of one.
fn strings() -> Value {
    json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
}

fn described(mut schema: Value, description: &str) -> Value {
    schema["description"] = description.into();
    schema
}

fn with_default(mut schema: Value, default: Value) -> Value {
    schema["default"] = default;
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_can_be_set_and_ignored() {
        let schema = schema();
        let set = schema["properties"]["rules"]["properties"]
            .as_object()
            .unwrap();
        let ignored = schema["properties"]["ignore"]["items"]["properties"]["rule"]["enum"]
            .as_array()
            .unwrap();
        for rule in RULES {
            assert_eq!(set[rule.id]["default"], rule.level.name());
            assert!(ignored.contains(&rule.id.into()));
        }
    }

    #[test]
    fn the_sections_are_those_that_the_config_has() {
        // An empty section of each is read without a complaint, and one that is not in the schema isn't.
        let schema = schema();
        let sections = schema["properties"].as_object().unwrap();
        for section in sections.keys() {
            let text = match section.as_str() {
                "ignore" => "[[ignore]]\nreason = \"x\"\n".to_owned(),
                "templates" => {
                    "[[templates]]\npath = \"x\"\nregions = [\"eu-west-1\"]\n".to_owned()
                }
                _ => format!("[{section}]\n"),
            };
            let config = leastwise_model::Config::parse(&text);
            assert!(config.problems.is_empty(), "{:?}", config.problems);
        }
        for (section, text) in [
            ("app", "prefix = \"a\"\nvariables = [\"B\"]"),
            ("check", "unreadable = [\"fixtures/**\"]"),
            (
                "deploy",
                "partition = \"aws-cn\"\nregions = \"cn-north-1\"\nroles = [\"*\"]",
            ),
        ] {
            let config = leastwise_model::Config::parse(&format!("[{section}]\n{text}\n"));
            assert!(config.problems.is_empty(), "{:?}", config.problems);
            let keys = schema["properties"][section]["properties"]
                .as_object()
                .unwrap();
            let written = text.lines().filter_map(|line| line.split(' ').next());
            assert_eq!(
                keys.keys().map(String::as_str).collect::<Vec<_>>(),
                written.collect::<Vec<_>>()
            );
        }
    }
}
