//! CloudFormation types.

use crate::services::NameRows;
use crate::tables::{NONE, Tables};
use crate::{lines, read};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;

/// The handlers, in the order of their columns.
pub const HANDLERS: [&str; 5] = ["create", "read", "update", "delete", "list"];

/// A type as its lines say it.
#[derive(Default)]
pub struct CfnTypeRow {
    identifier: Vec<String>,
    reference: Vec<String>,
    name_property: String,
    arn: String,
    /// The attribute that gives the ARN; empty: none that is known, `-`: surely none that is called `Arn`.
    attribute: String,
    /// `name`, `arn`, `url`, `id`; empty: to be found out.
    ref_returns: String,
    /// `service:name`; empty: to be found out.
    resource_type: String,
    /// Full names of actions by handler.
    pub handlers: BTreeMap<String, BTreeSet<String>>,
}

/// All types by name.
pub type Types = BTreeMap<String, CfnTypeRow>;

/// Reads the generated types and lays the hand-written tables over them.
pub fn parse() -> Types {
    let mut types = Types::new();
    for entry in fs::read_dir("data/cloudformation").expect("data/cloudformation is a folder") {
        let path = entry.expect("a folder can be read").path();
        let path = path.to_str().expect("paths are UTF-8");
        let mut name = String::new();
        for (place, cells) in lines(path, &read(path)) {
            let words = |cell: &str| {
                cell.split_whitespace()
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            if cells[0] == "type" {
                name = cells[1].to_owned();
                let [_, _, identifier, reference, name_property, arn, attribute] = cells.as_slice()
                else {
                    panic!("{place}: seven cells are expected")
                };
                let known = types.entry(name.clone()).or_default();
                known.identifier = words(identifier);
                known.reference = words(reference);
                known.name_property = (*name_property).into();
                known.arn = (*arn).into();
                known.attribute = (*attribute).into();
            } else {
                assert!(
                    HANDLERS.contains(&cells[0]),
                    "{place}: unknown kind of line {}",
                    cells[0]
                );
                let known = types.entry(name.clone()).or_default();
                known
                    .handlers
                    .insert(cells[0].into(), words(cells[1]).into_iter().collect());
            }
        }
    }
    overlay(&mut types);
    types
}

/// `curated/cfn-types.tsv` corrects names, `Ref` and ARNs; `curated/cfn-handlers.tsv` adds missing handlers.
fn overlay(types: &mut Types) {
    let path = "curated/cfn-types.tsv";
    for (place, cells) in lines(path, &read(path)) {
        let [name, name_property, ref_returns, arn, resource_type] = cells.as_slice() else {
            panic!("{place}: five cells are expected")
        };
        let known = types
            .get_mut(*name)
            .unwrap_or_else(|| panic!("{place}: unknown type {name}"));
        for (cell, field) in [
            (name_property, &mut known.name_property),
            (ref_returns, &mut known.ref_returns),
            (arn, &mut known.arn),
            (resource_type, &mut known.resource_type),
        ] {
            match *cell {
                "" => {}
                "-" => field.clear(),
                text => *field = text.into(),
            }
        }
    }
    let path = "curated/cfn-handlers.tsv";
    for (place, cells) in lines(path, &read(path)) {
        let [name, handler, actions] = cells.as_slice() else {
            panic!("{place}: three cells are expected")
        };
        assert!(
            HANDLERS.contains(handler),
            "{place}: unknown handler {handler}"
        );
        let known = types
            .get_mut(*name)
            .unwrap_or_else(|| panic!("{place}: unknown type {name}"));
        let actions = actions.split_whitespace().map(str::to_owned).collect();
        let before = known.handlers.insert((*handler).into(), actions);
        assert!(
            before.is_none(),
            "{place}: the schema of {name} has a {handler} handler now"
        );
    }
}

/// `CFN_TYPES`, sorted by name without regard to case.
pub fn build(tables: &mut Tables, names: &NameRows, types: &Types) {
    let by_arn = resource_types_by_arn(tables, names);
    let sorted: BTreeMap<String, (&String, &CfnTypeRow)> = types
        .iter()
        .map(|(name, facts)| (name.to_lowercase(), (name, facts)))
        .collect();
    for (name, facts) in sorted.into_values() {
        let mut cells = vec![tables.string(name)];
        for handler in HANDLERS {
            cells.push(match facts.handlers.get(handler) {
                Some(actions) => {
                    let rows = actions
                        .iter()
                        .map(|action| names.action(action, name).row)
                        .collect();
                    tables.list(rows)
                }
                None => NONE,
            });
        }
        cells.push(tables.strings(facts.identifier.iter().map(String::as_str)));
        cells.push(tables.optional(&facts.arn));
        cells.push(tables.optional(&facts.name_property));
        cells.push(ref_returns(name, facts));
        cells.push(match facts.resource_type.as_str() {
            "" => by_arn.get(&shape(&facts.arn)).copied().unwrap_or(NONE),
            known => *names
                .resources
                .get(&known.to_lowercase())
                .unwrap_or_else(|| panic!("{name}: no {known}")),
        });
        let lacks_arn = facts.attribute == "-";
        cells.push(match lacks_arn {
            true => NONE,
            false => tables.optional(&facts.attribute),
        });
        cells.push(u32::from(lacks_arn));
        tables.row("CFN_TYPES", &cells);
    }
}

/// The cell for what `Ref` gives, by what the identifier is.
fn ref_returns(name: &str, facts: &CfnTypeRow) -> u32 {
    let reference = if facts.reference.is_empty() {
        &facts.identifier
    } else {
        &facts.reference
    };
    let known = match (facts.ref_returns.as_str(), reference.as_slice()) {
        ("", []) => return NONE,
        ("", [only]) if *only == facts.name_property => "name",
        ("", [only]) if only.ends_with("Arn") || only.ends_with("ARN") => "arn",
        ("", [only]) if only.ends_with("Url") => "url",
        ("", [only]) if is_in_arn(name, only, &facts.arn) => "id",
        // It may be an ARN for all that is known.
        ("", _) => return NONE,
        (known, _) => known,
    };
    let known = ["name", "arn", "url", "id"]
        .iter()
        .position(|name| *name == known);
    known.unwrap_or_else(|| panic!("`Ref` can't return {:?}", facts.ref_returns)) as u32
}

/// Whether an identifier of a type is one of the placeholders of its ARN. That it is called `Id` alone says little.
fn is_in_arn(name: &str, identifier: &str, arn: &str) -> bool {
    let short = name.rsplit("::").next().unwrap_or_default();
    let own = match identifier {
        "Id" => format!("${{{short}Id}}"),
        own => format!("${{{own}}}"),
    };
    arn.to_lowercase().contains(&own.to_lowercase())
}

/// IAM's resource types by the shape of their ARN formats. Where two have one shape the first stays.
fn resource_types_by_arn(tables: &Tables, names: &NameRows) -> HashMap<String, u32> {
    let mut found = HashMap::new();
    let rows: BTreeMap<u32, &String> = names
        .resources
        .iter()
        .map(|(name, row)| (*row, name))
        .collect();
    for (row, name) in rows {
        for arn in tables.list_of_strings("RESOURCE_TYPES", row, 2) {
            // The service in the ARN is the service that owns the type: others only name it.
            let service = arn.split(':').nth(2).unwrap_or("");
            if name.starts_with(&format!("{service}:")) {
                found.entry(shape(&arn)).or_insert(row);
            }
        }
    }
    found.remove("");
    found
}

/// An ARN format with the names of its placeholders left out.
fn shape(arn: &str) -> String {
    let mut out = String::new();
    let mut parts = arn.split("${");
    out.push_str(parts.next().unwrap_or(""));
    for part in parts {
        out.push('*');
        out.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    out
}
