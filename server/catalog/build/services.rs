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
    let mut keys: Keys = BTreeMap::new();
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
        let key = keys.entry(cells[0].to_lowercase());
        key.and_modify(|(_, of, _)| *of = cells[1].into())
            .or_insert_with(|| (cells[0].into(), cells[1].into(), false));
    }
    let keys = key_rows(tables, &keys);
    let names = NameRows::of(&services);
    // Rows are binary-searched within a service, so the order over all is by service, then name.
    let counterparts = counterparts(&names);
    let path = "data/deprecated-actions.txt";
    let text = read(path);
    let deprecated: HashSet<&str> = text.lines().collect();
    for action in &deprecated {
        names.action(action, path);
    }
    let mut rows = ServiceRows {
        tables,
        names: &names,
        keys,
        counterparts,
        deprecated,
        actions: 0,
        resources: 0,
    };
    for (row, service) in services.values().enumerate() {
        rows.service(row as u32, service);
    }
    by_name(rows.tables, &names);
    names
}

/// Condition keys by their names in small letters: name, type of the values, whether it is a global one.
type Keys = BTreeMap<String, (String, String, bool)>;

/// Writes the condition keys. Their rows, by their names in small letters.
fn key_rows(tables: &mut Tables, keys: &Keys) -> HashMap<String, u32> {
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
    let rows = keys.keys().enumerate();
    rows.map(|(row, name)| (name.clone(), row as u32)).collect()
}

impl NameRows {
    /// The rows that services, actions and resource types are to have.
    fn of(services: &BTreeMap<String, Service>) -> NameRows {
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
        names
    }

    /// The action `service:name`, or a stop.
    pub fn action(&self, name: &str, place: &str) -> &ActionRow {
        self.actions
            .get(&name.to_lowercase())
            .unwrap_or_else(|| panic!("{place}: unknown action {name}"))
    }
}

/// Writes the rows of services, with what it takes to know of all of them.
struct ServiceRows<'a> {
    tables: &'a mut Tables,
    names: &'a NameRows,
    /// The rows of condition keys, by their names in small letters.
    keys: HashMap<String, u32>,
    counterparts: HashMap<u32, Vec<u32>>,
    deprecated: HashSet<&'a str>,
    /// How many actions and resource types are written.
    actions: u32,
    resources: u32,
}

impl ServiceRows<'_> {
    fn service(&mut self, row: u32, service: &Service) {
        for (place, cells) in service.resources.values() {
            let name = self.tables.string(&cells[1]);
            let arns = cells[2].split(' ').filter(|arn| !arn.is_empty());
            let arns = self.tables.strings(arns);
            let keys = self.key_list(&cells[3], place);
            self.tables.row("RESOURCE_TYPES", &[row, name, arns, keys]);
        }
        for (place, cells) in service.actions.values() {
            self.action(row, service, place, cells);
        }
        let prefix = self.tables.string(&service.prefix);
        let name = self.tables.string(&service.name);
        let keys = self.key_list(&service.keys.join(" "), &service.prefix);
        let (action, resource) = (self.actions, self.resources);
        self.actions += service.actions.len() as u32;
        self.resources += service.resources.len() as u32;
        self.tables.row(
            "SERVICES",
            &[
                prefix,
                name,
                action,
                self.actions,
                resource,
                self.resources,
                keys,
            ],
        );
    }

    fn action(&mut self, service_row: u32, service: &Service, place: &str, cells: &[String]) {
        let mut dependents = self.action_list(&cells[4], place);
        let mut range = None;
        for (name, required, keys, needs) in resources(&cells[5]) {
            let own = format!("{}:{}", service.prefix, name.to_lowercase());
            let resource = self.names.resources.get(&own);
            let resource =
                *resource.unwrap_or_else(|| panic!("{place}: unknown resource type {name}"));
            let keys = self.key_list(keys, place);
            let needs = self.action_list(needs, place);
            dependents.extend(&needs);
            let needs = self.tables.list(needs);
            let row = self.tables.row(
                "ACTION_RESOURCES",
                &[resource, u32::from(required), keys, needs],
            );
            range = Some((range.map_or(row, |(start, _)| start), row + 1));
        }
        let (start, end) = range.unwrap_or((0, 0));
        dependents.sort_unstable();
        dependents.dedup();
        let name = self.tables.string(&cells[1]);
        let keys = self.key_list(&cells[3], place);
        let dependents = self.tables.list(dependents);
        let full_name = format!("{}:{}", service.prefix, cells[1]);
        let own = self.names.action(&full_name, place).row;
        let counterparts = self.counterparts.get(&own).cloned().unwrap_or_default();
        let counterparts = self.tables.list(counterparts);
        let deprecated = match self.deprecated.contains(full_name.as_str()) {
            true => 16,
            false => 0,
        };
        let level = level_cell(&cells[2], place) | deprecated;
        self.tables.row(
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

    /// The rows of actions.
    fn action_list(&self, text: &str, place: &str) -> Vec<u32> {
        let names = text.split(' ').filter(|name| !name.is_empty());
        names
            .map(|name| self.names.action(name, place).row)
            .collect()
    }

    /// A list of condition keys, written.
    fn key_list(&mut self, text: &str, place: &str) -> u32 {
        let names = text.split(' ').filter(|name| !name.is_empty());
        let rows = names.map(|name| {
            let row = self.keys.get(&name.to_lowercase());
            *row.unwrap_or_else(|| panic!("{place}: unknown condition key {name}"))
        });
        let rows = rows.collect();
        self.tables.list(rows)
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

fn parse(keys: &mut Keys) -> BTreeMap<String, Service> {
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
