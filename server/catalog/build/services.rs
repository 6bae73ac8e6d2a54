//! Services, actions, resource types and condition keys.

use crate::tables::Tables;
use crate::{lines, read};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;

/// Rows by name in lower case.
pub struct NameRows {
    /// `service:action`, in the order of the rows.
    pub actions: BTreeMap<String, ActionRow>,
    /// Prefix.
    pub services: HashMap<String, u32>,
    /// `service:resource type`.
    pub resources: HashMap<String, u32>,
}

/// What the other tables need to know of an action.
pub struct ActionRow {
    pub row: u32,
    pub name: String,
    pub level: u32,
    /// The names of its resource types in lower case.
    pub resources: Vec<String>,
}

/// An action or resource type as its line says it, in lower case name order.
struct Service {
    prefix: String,
    name: String,
    actions: BTreeMap<String, (String, Vec<String>)>,
    resources: BTreeMap<String, (String, Vec<String>)>,
    keys: Vec<String>,
}

/// Reads the services; `counterparts` is called once the rows of all actions are known and gives each its counterparts.
pub fn build(
    tables: &mut Tables,
    counterparts: impl FnOnce(&NameRows) -> HashMap<u32, Vec<u32>>,
) -> NameRows {
    let mut keys: BTreeMap<String, (String, String, bool)> = BTreeMap::new();
    let path = "data/global-condition-keys.tsv";
    for (_, cells) in lines(path, &read(path)) {
        keys.insert(
            cells[0].to_lowercase(),
            (
                cells[0].into(),
                cells[1].into(),
                cells[0].starts_with("aws:"),
            ),
        );
    }
    let services = parse(&mut keys);
    let path = "curated/condition-keys.tsv";
    for (_, cells) in lines(path, &read(path)) {
        keys.entry(cells[0].to_lowercase())
            .or_insert_with(|| (cells[0].into(), cells[1].into(), false));
    }

    let key_rows: HashMap<String, u32> = keys
        .keys()
        .enumerate()
        .map(|(row, name)| (name.clone(), row as u32))
        .collect();
    for (row, (name, value_type, global)) in keys.values().enumerate() {
        let text = tables.string(name);
        tables.row(
            "CONDITION_KEYS",
            &[text, value_type_cell(value_type), u32::from(*global)],
        );
        if name.contains("${") {
            tables.row("KEY_TEMPLATES", &[row as u32]);
        }
    }

    let mut names = NameRows {
        services: HashMap::new(),
        actions: BTreeMap::new(),
        resources: HashMap::new(),
    };
    let mut row = 0;
    for service in services.values() {
        names
            .services
            .insert(service.prefix.clone(), names.services.len() as u32);
        for (lower, (place, cells)) in &service.actions {
            let resources = resources(&cells[5])
                .map(|(name, ..)| name.to_lowercase())
                .collect();
            let level = level_cell(&cells[2], place);
            let name = format!("{}:{}", service.prefix, cells[1]);
            names.actions.insert(
                format!("{}:{lower}", service.prefix),
                ActionRow {
                    row,
                    name,
                    level,
                    resources,
                },
            );
            row += 1;
        }
        for lower in service.resources.keys() {
            names.resources.insert(
                format!("{}:{lower}", service.prefix),
                names.resources.len() as u32,
            );
        }
    }
    // Rows are binary-searched within a service, so the order over all is by service, then name.
    let counterparts = counterparts(&names);

    let path = "data/deprecated-actions.txt";
    let text = read(path);
    let deprecated: HashSet<&str> = text.lines().collect();
    for action in &deprecated {
        names.action(action, path);
    }

    let mut first = (0, 0);
    for (service_row, service) in services.values().enumerate() {
        let service_row = service_row as u32;
        let key_list = |tables: &mut Tables, text: &str, place: &str| {
            let rows = text.split(' ').filter(|name| !name.is_empty()).map(|name| {
                *key_rows
                    .get(&name.to_lowercase())
                    .unwrap_or_else(|| panic!("{place}: unknown condition key {name}"))
            });
            let rows = rows.collect();
            tables.list(rows)
        };
        for (place, cells) in service.resources.values() {
            let name = tables.string(&cells[1]);
            let arns = tables.strings(cells[2].split(' ').filter(|arn| !arn.is_empty()));
            let keys = key_list(tables, &cells[3], place);
            tables.row("RESOURCE_TYPES", &[service_row, name, arns, keys]);
        }
        let mut resource_row = 0;
        for (place, cells) in service.actions.values() {
            let action_list = |text: &str| -> Vec<u32> {
                text.split(' ')
                    .filter(|name| !name.is_empty())
                    .map(|name| names.action(name, place).row)
                    .collect()
            };
            let mut dependents = action_list(&cells[4]);
            let mut range = None;
            for (name, required, keys, needs) in resources(&cells[5]) {
                let resource =
                    names
                        .resources
                        .get(&format!("{}:{}", service.prefix, name.to_lowercase()));
                let resource =
                    *resource.unwrap_or_else(|| panic!("{place}: unknown resource type {name}"));
                let keys = key_list(tables, keys, place);
                let needs = action_list(needs);
                dependents.extend(&needs);
                let needs = tables.list(needs);
                resource_row = tables.row(
                    "ACTION_RESOURCES",
                    &[resource, u32::from(required), keys, needs],
                );
                range = Some((
                    range.map_or(resource_row, |(start, _)| start),
                    resource_row + 1,
                ));
            }
            let _ = resource_row;
            let (start, end) = range.unwrap_or((0, 0));
            dependents.sort_unstable();
            dependents.dedup();
            let name = tables.string(&cells[1]);
            let keys = key_list(tables, &cells[3], place);
            let dependents = tables.list(dependents);
            let own = names
                .action(&format!("{}:{}", service.prefix, cells[1]), place)
                .row;
            let counterparts = tables.list(counterparts.get(&own).cloned().unwrap_or_default());
            let own = format!("{}:{}", service.prefix, cells[1]);
            let deprecated = deprecated.contains(own.as_str());
            let level = level_cell(&cells[2], place) | if deprecated { 16 } else { 0 };
            tables.row(
                "ACTIONS",
                &[
                    service_row,
                    name,
                    level,
                    start,
                    end,
                    keys,
                    dependents,
                    counterparts,
                ],
            );
        }
        let (prefix, name) = (tables.string(&service.prefix), tables.string(&service.name));
        let keys = key_list(tables, &service.keys.join(" "), &service.prefix);
        let end = (
            first.0 + service.actions.len() as u32,
            first.1 + service.resources.len() as u32,
        );
        tables.row(
            "SERVICES",
            &[prefix, name, first.0, end.0, first.1, end.1, keys],
        );
        first = end;
    }
    by_name(tables, &names);
    names
}

impl NameRows {
    /// The action `service:name`, or a stop.
    pub fn action(&self, name: &str, place: &str) -> &ActionRow {
        self.actions
            .get(&name.to_lowercase())
            .unwrap_or_else(|| panic!("{place}: unknown action {name}"))
    }
}

/// The order of all actions by their names alone, to find a name in whatever service has it.
fn by_name(tables: &mut Tables, names: &NameRows) {
    let mut order: Vec<(&str, u32)> = names
        .actions
        .iter()
        .filter_map(|(full, action)| Some((full.split_once(':')?.1, action.row)))
        .collect();
    order.sort_unstable();
    for (_, row) in order {
        tables.row("ACTIONS_BY_NAME", &[row]);
    }
}

fn parse(keys: &mut BTreeMap<String, (String, String, bool)>) -> BTreeMap<String, Service> {
    let mut services = BTreeMap::new();
    for entry in fs::read_dir("data/services").expect("data/services is a folder") {
        let path = entry.expect("a folder can be read").path();
        let path = path.to_str().expect("paths here are UTF-8");
        let text = read(path);
        let mut service = Service {
            prefix: String::new(),
            name: String::new(),
            actions: BTreeMap::new(),
            resources: BTreeMap::new(),
            keys: Vec::new(),
        };
        for (place, cells) in lines(path, &text) {
            let owned = || {
                (
                    place.clone(),
                    cells.iter().map(|cell| (*cell).to_owned()).collect(),
                )
            };
            match cells[0] {
                "service" => (service.prefix, service.name) = (cells[1].into(), cells[2].into()),
                "action" => drop(service.actions.insert(cells[1].to_lowercase(), owned())),
                "resource" => drop(service.resources.insert(cells[1].to_lowercase(), owned())),
                "key" => {
                    service.keys.push(cells[1].to_owned());
                    keys.entry(cells[1].to_lowercase())
                        .or_insert_with(|| (cells[1].to_owned(), cells[2].to_owned(), false));
                }
                other => panic!("{place}: unknown kind of line {other}"),
            }
        }
        services.insert(service.prefix.clone(), service);
    }
    let path = "curated/service-names.tsv";
    for (place, cells) in lines(path, &read(path)) {
        let service = services
            .get_mut(cells[0])
            .unwrap_or_else(|| panic!("{place}: no service has the prefix {}", cells[0]));
        service.name = cells[1].to_owned();
    }
    services
}

/// The resources of an action: name, required, keys, dependent actions.
fn resources(text: &str) -> impl Iterator<Item = (&str, bool, &str, &str)> {
    text.split(", ")
        .filter(|resource| !resource.is_empty())
        .map(|resource| {
            // Keys may hold `${…}`, so the block ends at the last brace.
            let (name, block) = resource.split_once('{').unwrap_or((resource, ""));
            let block = block.strip_suffix('}').unwrap_or(block);
            let (keys, dependents) = block.split_once('|').unwrap_or((block, ""));
            (
                name.trim_end_matches('*'),
                name.ends_with('*'),
                keys,
                dependents,
            )
        })
}

fn level_cell(text: &str, place: &str) -> u32 {
    let (level, flag) = match text.strip_suffix(" permission-only") {
        Some(level) => (level, 8),
        None => (text, 0),
    };
    let levels = ["List", "Read", "Write", "Tagging", "Permissions management"];
    let cell = levels.iter().position(|known| *known == level);
    cell.unwrap_or_else(|| panic!("{place}: unknown access level {level}")) as u32 | flag
}

fn value_type_cell(text: &str) -> u32 {
    let types = [
        "String",
        "ARN",
        "Bool",
        "Date",
        "Numeric",
        "IPAddress",
        "Binary",
        "ArrayOfString",
        "ArrayOfARN",
        "ArrayOfBool",
        "ArrayOfNumeric",
        "ArrayOfIPAddress",
    ];
    types
        .iter()
        .position(|known| *known == text)
        .unwrap_or_else(|| panic!("unknown condition key type {text}")) as u32
}
