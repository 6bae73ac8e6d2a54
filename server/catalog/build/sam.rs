//! What SAM writes into templates.

use crate::tables::{NONE, Tables};
use crate::{lines, read};
use serde_json::Value;
use std::collections::BTreeMap;

/// Which policy a connector makes, by the number of its cell.
const KINDS: [&str; 4] = ["role", "queue", "topic", "function"];

/// `SAM_TEMPLATES`, `SAM_CONNECTORS` and `SAM_TYPES`, sorted by name, with `SAM_ACCESS` and `SAM_STATEMENTS` behind them.
pub fn build(tables: &mut Tables) {
    let templates = json("data/sam/policy-templates.json");
    let templates: BTreeMap<String, (&String, &Value)> = templates
        .as_object()
        .expect("templates have names")
        .iter()
        .map(|(name, template)| (name.to_lowercase(), (name, template)))
        .collect();
    for (name, template) in templates.into_values() {
        let (start, end) = statements(tables, &template["statements"]);
        let parameters = tables.strings(texts(&template["parameters"]));
        let name = tables.string(name);
        tables.row("SAM_TEMPLATES", &[name, parameters, start, end]);
    }
    let connectors = json("data/sam/connectors.json");
    let connectors: BTreeMap<String, &Value> = array(&connectors)
        .map(|connector| {
            let end = |name: &str| connector[name].as_str().expect("a connector has two ends");
            (
                format!("{} {}", end("source"), end("destination")),
                connector,
            )
        })
        .collect();
    for (ends, connector) in &connectors {
        let start = tables.rows("SAM_ACCESS");
        for (name, list) in connector["permissions"].as_object().into_iter().flatten() {
            let (from, to) = statements(tables, list);
            let name = tables.string(name);
            tables.row("SAM_ACCESS", &[name, from, to]);
        }
        let kind = KINDS.iter().position(|kind| connector["kind"] == *kind);
        let kind = kind.unwrap_or_else(|| panic!("{ends}: unknown kind {}", connector["kind"]));
        let cells = [
            tables.string(ends),
            kind as u32,
            u32::from(connector["holder"] == "source"),
            start,
            tables.rows("SAM_ACCESS"),
        ];
        tables.row("SAM_CONNECTORS", &cells);
    }
    let path = "data/sam/connected-types.tsv";
    let text = read(path);
    let types: BTreeMap<String, Vec<&str>> = lines(path, &text)
        .map(|(_, cells)| (cells[0].to_lowercase(), cells))
        .collect();
    for cells in types.values() {
        let row: Vec<u32> = cells.iter().map(|cell| tables.optional(cell)).collect();
        tables.row("SAM_TYPES", &row);
    }
}

fn json(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    array(value).filter_map(Value::as_str)
}

/// Adds statements and gives the rows that they take.
fn statements(tables: &mut Tables, list: &Value) -> (u32, u32) {
    let start = tables.rows("SAM_STATEMENTS");
    for statement in array(list) {
        let tests: Vec<&str> = array(&statement["condition"]).flat_map(texts).collect();
        let cells = [
            tables.strings(texts(&statement["action"])),
            tables.strings(texts(&statement["resource"])),
            tables.strings(tests.into_iter()),
            statement["principal"]
                .as_str()
                .map_or(NONE, |service| tables.string(service)),
        ];
        tables.row("SAM_STATEMENTS", &cells);
    }
    (start, tables.rows("SAM_STATEMENTS"))
}
