//! Looking around in a service: its parts, through variables that stand for whole parts.

use leastwise_model::{Config, Environment};
use leastwise_syntax::{NodeId, ScalarType, Tree, View};

use super::ServiceSources;
use crate::cloudformation::template::Template;
use crate::resolve::Resolver;
use crate::serverless::resolve::{ServiceNode, Target};

/// Reads a service as its first environment has it, defaults taken for values.
#[derive(Clone, Copy)]
pub(super) struct ServiceReader<'a> {
    pub tree: &'a Tree,
    pub service: &'a ServiceSources,
    pub resolver: Resolver<'a>,
}

impl<'a> ServiceReader<'a> {
    pub fn new(
        tree: &'a Tree,
        service: &'a ServiceSources,
        template: &'a Template,
        config: &'a Config,
        environment: &'a Environment,
    ) -> ServiceReader<'a> {
        ServiceReader {
            tree,
            service,
            resolver: Resolver::new(tree, config, template, environment, true),
        }
    }

    pub fn root(&self) -> ServiceNode {
        ServiceNode {
            tree: None,
            node: self.service.root,
        }
    }

    /// The tree that a place is in.
    pub(crate) fn tree_of<'p>(&'p self, place: &'p ServiceNode) -> &'p Tree {
        place.tree(self.tree)
    }

    pub fn view<'p>(&'p self, place: &'p ServiceNode) -> View<'p> {
        self.tree_of(place).view(place.node)
    }

    /// What keys lead to, where that is one thing; a variable that stands there alone is followed.
    pub fn get(&self, from: &ServiceNode, keys: &[&str]) -> Option<ServiceNode> {
        match self.resolver.walk(from.clone(), keys) {
            Target::Places(places) => self.target_of(places.into_iter().next()?.0),
            _ => None,
        }
    }

    /// A place, or where the variable leads that stands there alone; the variable's own place where it leads to a
    /// text or to nothing that is known.
    pub(crate) fn target_of(&self, place: ServiceNode) -> Option<ServiceNode> {
        match self.resolver.settle(place.clone()) {
            Target::Places(places) => places.into_iter().next().map(|(place, _)| place),
            Target::Missing => None,
            Target::Values(_) | Target::Open(_) | Target::Unknown(_) => Some(place),
        }
    }

    /// The pairs of a mapping, each value settled.
    pub fn pairs(&self, place: &ServiceNode) -> Vec<(NodeId, String, ServiceNode)> {
        let tree = self.tree_of(place);
        let pairs = tree.pairs(place.node);
        pairs
            .into_iter()
            .filter_map(|pair| {
                let value = self.target_of(place.beside(self.tree, pair.value))?;
                Some((pair.key, tree.text(pair.key)?.to_owned(), value))
            })
            .collect()
    }

    /// The items of a list, each settled.
    pub fn items(&self, place: &ServiceNode) -> Vec<ServiceNode> {
        let items = self.tree_of(place).items(place.node).unwrap_or_default();
        items
            .iter()
            .filter_map(|item| self.target_of(place.beside(self.tree, *item)))
            .collect()
    }

    /// The literal at a place, where it is known.
    pub fn literal(&self, place: &ServiceNode) -> Option<String> {
        self.resolver.literal_at(place)
    }

    /// The literal that keys lead to.
    pub fn word(&self, from: &ServiceNode, keys: &[&str]) -> Option<String> {
        self.literal(&self.get(from, keys)?)
    }

    /// Whether JavaScript would take what keys lead to for true.
    pub(crate) fn is_set(&self, from: &ServiceNode, keys: &[&str]) -> bool {
        let Some(place) = self.get(from, keys) else {
            return false;
        };
        match self.view(&place) {
            View::Scalar(text) => {
                let tree = self.tree_of(&place);
                tree.scalar_type(place.node) != ScalarType::Null
                    && !matches!(text, "" | "false" | "0")
                    && self.literal(&place).as_deref() != Some("false")
            }
            _ => true,
        }
    }

    /// Whether a text stands there, not a list, a mapping or a function of CloudFormation.
    pub fn is_text(&self, from: &ServiceNode, keys: &[&str]) -> bool {
        self.get(from, keys)
            .is_some_and(|place| matches!(self.view(&place), View::Scalar(_)))
    }

    /// Whether there is a key, whatever its value is.
    pub fn has(&self, place: &ServiceNode, key: &str) -> bool {
        self.tree_of(place).get(place.node, key).is_some()
    }
}
