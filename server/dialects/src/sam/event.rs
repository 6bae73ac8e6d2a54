//! Events of functions and state machines, as a template has them.

use leastwise_model::text::Part;
use leastwise_syntax::{NodeId, Tree};

use super::expand::Writer;
use crate::cloudformation::template::Resource;

/// An event of a function or state machine.
pub(super) struct Event<'t> {
    pub tree: &'t Tree,
    pub name: String,
    pub kind: &'t str,
    /// The node of its name.
    pub key: NodeId,
    pub properties: Option<NodeId>,
}

impl<'t> Event<'t> {
    pub fn of(tree: &'t Tree, resource: &Resource) -> Vec<Event<'t>> {
        let events = resource
            .properties
            .and_then(|node| tree.get(node, "Events"));
        let pairs = events.map(|node| tree.pairs(node)).unwrap_or_default();
        let event = |pair: &leastwise_syntax::Pair| {
            Some(Event {
                tree,
                name: tree.text(pair.key)?.to_owned(),
                kind: tree.text(tree.get(pair.value, "Type")?)?,
                key: pair.key,
                properties: tree.get(pair.value, "Properties"),
            })
        };
        pairs.iter().filter_map(event).collect()
    }

    pub fn get(&self, name: &str) -> Option<NodeId> {
        self.tree.get(self.properties?, name)
    }

    pub fn path(&self, id: &str, rest: &[&str]) -> Vec<String> {
        let keys = ["Resources", id, "Properties", "Events", &self.name];
        let keys = keys.into_iter().chain(rest.iter().copied());
        keys.map(str::to_owned).collect()
    }
}

/// The ARN of a queue or topic that SAM makes; what it is called isn't known before.
pub(super) fn made(writer: &Writer<'_>, service: &str, id: &str) -> Vec<Part> {
    let mut parts = writer
        .plain(&format!(
            "arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:"
        ))
        .parts;
    parts.push(writer.variable(id));
    parts
}
