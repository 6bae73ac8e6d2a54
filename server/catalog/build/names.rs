//! Retired names, API operations, service principals and managed policies.

use crate::services::NameRows;
use crate::tables::{NONE, Tables};
use crate::{lines, read};
use std::collections::BTreeMap;
use std::fs;

/// `RETIRED`: what the generator found, and what is known of it.
pub fn retired(tables: &mut Tables, names: &NameRows) {
    let mut retired: BTreeMap<String, (String, String, String)> = BTreeMap::new();
    for path in ["data/retired.tsv", "curated/retired.tsv"] {
        for (place, cells) in lines(path, &read(path)) {
            let name = cells[0];
            let exists = names.actions.contains_key(&name.to_lowercase())
                || names
                    .actions
                    .range(format!("{name}:")..)
                    .next()
                    .is_some_and(|(found, _)| found.starts_with(&format!("{name}:")));
            assert!(!exists, "{place}: {name} isn't retired");
            let entry = retired
                .entry(name.to_lowercase())
                .or_insert_with(|| (name.into(), String::new(), String::new()));
            // The generator's second cell is a service's name; the hand-written table adds replacements.
            match cells.as_slice() {
                [_, note] => entry.2 = (*note).into(),
                [_, replaced_by, note] => {
                    for replacement in replaced_by.split_whitespace() {
                        let known = names
                            .actions
                            .keys()
                            .any(|action| action.starts_with(&replacement.to_lowercase()));
                        assert!(known, "{place}: {replacement} doesn't exist");
                    }
                    entry.1 = (*replaced_by).into();
                    entry.2 = if note.is_empty() {
                        std::mem::take(&mut entry.2)
                    } else {
                        (*note).into()
                    };
                }
                _ => panic!("{place}: two or three cells are expected"),
            }
        }
    }
    for (name, replaced_by, note) in retired.values() {
        let (name, note) = (tables.string(name), tables.optional(note));
        let replaced_by = tables.strings(replaced_by.split_whitespace());
        tables.row("RETIRED", &[name, replaced_by, note]);
    }
}

/// What stands between actions of which a call needs some only.
const ONE_OF: char = '|';

/// `API_OPERATIONS`: those of the SDK that are no actions; the hand-written table says what they need.
pub fn operations(tables: &mut Tables, names: &NameRows) {
    let mut operations: BTreeMap<String, (String, Option<Vec<u32>>, bool)> = BTreeMap::new();
    for path in ["data/api-operations.tsv", "curated/api-operations.tsv"] {
        for (place, cells) in lines(path, &read(path)) {
            let [name, needs] = cells.as_slice() else {
                panic!("{place}: two cells are expected")
            };
            assert!(
                !names.actions.contains_key(&name.to_lowercase()),
                "{place}: {name} is an action"
            );
            let some = needs.contains(ONE_OF);
            let needs = match *needs {
                "" => None,
                "-" => Some(Vec::new()),
                needs => Some(
                    needs
                        .split([' ', ONE_OF])
                        .filter(|action| !action.is_empty())
                        .map(|action| names.action(action, &place).row)
                        .collect(),
                ),
            };
            operations.insert(name.to_lowercase(), ((*name).into(), needs, some));
        }
    }
    for (name, needs, some) in operations.into_values() {
        let name = tables.string(&name);
        let needs = needs.map_or(NONE, |actions| tables.list(actions));
        tables.row("API_OPERATIONS", &[name, needs, u32::from(some)]);
    }
}

/// `ALIASES`: names that a service goes by elsewhere.
pub fn aliases(tables: &mut Tables, names: &NameRows) {
    let mut aliases = BTreeMap::new();
    for path in ["data/service-aliases.tsv", "curated/service-aliases.tsv"] {
        for (place, cells) in lines(path, &read(path)) {
            let row = names
                .services
                .get(cells[1])
                .unwrap_or_else(|| panic!("{place}: unknown service {}", cells[1]));
            assert!(
                !names.services.contains_key(cells[0]),
                "{place}: {} is a service",
                cells[0]
            );
            aliases.insert(cells[0].to_owned(), *row);
        }
    }
    for (name, row) in aliases {
        let name = tables.string(&name);
        tables.row("ALIASES", &[name, row]);
    }
}

/// `PRINCIPALS`, sorted.
pub fn principals(tables: &mut Tables) {
    let text = read("data/service-principals.txt");
    let path = "curated/service-principals.tsv";
    let more = read(path);
    let more = lines(path, &more).map(|(place, cells)| {
        assert!(
            cells[1].starts_with("https://"),
            "{place}: {} has no source",
            cells[0]
        );
        cells[0]
    });
    let sorted: BTreeMap<String, &str> = text
        .lines()
        .chain(more)
        .map(|name| (name.to_lowercase(), name))
        .collect();
    for name in sorted.values() {
        let name = tables.string(name);
        tables.row("PRINCIPALS", &[name]);
    }
}

/// `MANAGED_POLICIES`, sorted by name without regard to case. Gives their documents.
pub fn managed_policies(tables: &mut Tables) -> Vec<serde_json::Value> {
    let mut policies = BTreeMap::new();
    for entry in fs::read_dir("data/managed-policies").expect("data/managed-policies is a folder") {
        let path = entry.expect("a folder can be read").path();
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("names are UTF-8")
            .to_owned();
        let text = read(path.to_str().expect("paths are UTF-8"));
        let file: serde_json::Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        policies.insert(name.to_lowercase(), (name, file));
    }
    let mut documents = Vec::new();
    for (name, file) in policies.into_values() {
        let arn = file["arn"]
            .as_str()
            .unwrap_or_else(|| panic!("{name} has no ARN"));
        let cells = [
            tables.string(&name),
            tables.string(arn),
            tables.string(&file["document"].to_string()),
        ];
        tables.row("MANAGED_POLICIES", &cells);
        documents.push(file["document"].clone());
    }
    documents
}
