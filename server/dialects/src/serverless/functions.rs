//! The functions of a service.

use leastwise_syntax::NodeId;

use super::limits::FUNCTIONS;
use super::naming::normalized;
use super::reader::ServiceReader;
use crate::serverless::resolve::ServiceNode;

/// A function of a service.
#[derive(Clone, Debug)]
pub(super) struct Function {
    /// Its key under `functions`.
    pub name: String,
    /// Where variables find it: `functions.hello`.
    pub address: String,
    /// Its definition.
    pub place: ServiceNode,
    /// The node of its key, or the nearest one of the service's own file.
    pub key: NodeId,
}

impl Function {
    /// `HelloLambdaFunction` for `LambdaFunction`.
    pub fn id(&self, ending: &str) -> String {
        format!("{}{ending}", normalized(&self.name))
    }

    /// The name that it is deployed under, as a text with variables.
    pub fn deployed(&self, reader: &ServiceReader<'_>) -> String {
        match reader.is_set(&self.place, &["name"]) {
            true => format!("${{self:{}.name}}", self.address),
            false => format!("${{self:service}}-${{sls:stage}}-{}", self.name),
        }
    }
}

/// The functions of a service, and whether there may be more than the files show.
pub(super) fn functions(reader: &ServiceReader<'_>) -> (Vec<Function>, bool) {
    let mut found = Vec::new();
    let root = reader.root();
    let Some(value) = reader.tree.get(root.node, "functions") else {
        return (found, false);
    };
    let Some(place) = reader.get(&root, &["functions"]) else {
        return (found, true);
    };
    let lists = match reader.tree_of(&place).items(place.node) {
        // A list of mappings, often each of a file of its own.
        Some(items) => items.len(),
        None => {
            let open = !add(reader, &place, "functions", value, &mut found);
            return (found, open);
        }
    };
    let mut open = false;
    for index in 0..lists.min(FUNCTIONS) {
        let address = format!("functions.{index}");
        match reader.get(&root, &["functions", &index.to_string()]) {
            Some(item) => open |= !add(reader, &item, &address, value, &mut found),
            None => open = true,
        }
    }
    (found, open)
}

/// Adds the functions of a mapping; `false` for anything else.
fn add(
    reader: &ServiceReader<'_>,
    place: &ServiceNode,
    address: &str,
    fallback: NodeId,
    found: &mut Vec<Function>,
) -> bool {
    if !matches!(reader.view(place), leastwise_syntax::View::Mapping(_)) {
        return false;
    }
    for (key, name, value) in reader.pairs(place) {
        if found.len() >= FUNCTIONS {
            return false;
        }
        found.push(Function {
            address: format!("{address}.{name}"),
            name,
            key: if place.tree.is_none() { key } else { fallback },
            place: value,
        });
    }
    true
}
