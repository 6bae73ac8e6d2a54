//! The JSON Schema of `leastwise.toml`, for editors that complete and check TOML by one.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use leastwise_model::Level;
use leastwise_model::config::declared::{
    self, ACCOUNT, ConfigSection, Holds, Key, PARTITIONS, SECTIONS,
};
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
    let sections = SECTIONS
        .iter()
        .map(|section| (section.name.to_owned(), section_schema(section)));
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "leastwise.toml",
        "description": "What leastwise has to know of a workspace to check its AWS IAM policies.",
        "type": "object",
        "additionalProperties": false,
        "properties": sections.collect::<Map<_, _>>(),
    })
}

fn section_schema(section: &ConfigSection) -> Value {
    let schema = match section.holds {
        Holds::Keys(keys) => table(keys),
        Holds::Tables { keys, one_of } => {
            let mut items = table(keys);
            if !one_of.is_empty() {
                let one = one_of.iter().map(|key| json!({"required": [key]}));
                items["anyOf"] = one.collect();
            }
            json!({"type": "array", "items": items})
        }
        Holds::Named(declared::Value::Level) => levels(),
        Holds::Named(value) => json!({"type": "object", "additionalProperties": of(value)}),
    };
    described(schema, section.about)
}

fn table(keys: &[Key]) -> Value {
    let properties = keys.iter().map(|key| {
        let mut schema = described(of(key.value), key.about);
        match (key.value, key.default) {
            (_, []) => {}
            (declared::Value::Flag, [default, ..]) => {
                schema["default"] = (*default == "true").into()
            }
            (declared::Value::Texts, defaults) => schema["default"] = json!(defaults),
            (_, [default, ..]) => schema["default"] = json!(default),
        }
        (key.name.to_owned(), schema)
    });
    let mut schema = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties.collect::<Map<_, _>>(),
    });
    let required = keys.iter().filter(|key| key.required);
    let required: Vec<_> = required.map(|key| key.name).collect();
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// What the schema says of a value.
fn of(value: declared::Value) -> Value {
    match value {
        declared::Value::Text | declared::Value::Action => json!({"type": "string"}),
        declared::Value::Address => json!({"type": "string", "pattern": "^https?://"}),
        declared::Value::Reason => json!({"type": "string", "pattern": "\\S"}),
        declared::Value::Texts | declared::Value::AccountNames | declared::Value::Regions => {
            json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
        }
        declared::Value::Flag => json!({"type": "boolean"}),
        declared::Value::AccountId => json!({"type": "string", "pattern": "^[0-9]{12}$"}),
        declared::Value::Account => {
            let id = ACCOUNT.iter().filter(|key| key.name == "id");
            let mut ways: Vec<_> = id.map(|id| described(of(id.value), id.about)).collect();
            ways.push(table(ACCOUNT));
            json!({"anyOf": ways})
        }
        declared::Value::Partition => json!({"enum": PARTITIONS}),
        declared::Value::Rule => {
            let ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
            json!({"enum": ids})
        }
        declared::Value::Level => {
            let levels: Vec<_> = Level::NAMES.iter().rev().map(|(name, _)| *name).collect();
            json!({"enum": levels})
        }
    }
}

/// A level for each rule.
fn levels() -> Value {
    let properties = RULES.iter().map(|rule| {
        let mut level = described(of(declared::Value::Level), rule.summary);
        level["default"] = rule.level.name().into();
        (rule.id.to_owned(), level)
    });
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties.collect::<Map<_, _>>(),
    })
}

fn described(mut schema: Value, description: &str) -> Value {
    schema["description"] = description.into();
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
}
