//! AWS's Serverless Application Model: CloudFormation with resources that stand for several, among them the roles that
//! functions and state machines run as.
//!
//! What is written in such a resource is found where it stands. What SAM writes for it when the template is deployed (a
//! policy for the name of a policy template, for an event source or for a connector) is held with its owner.

mod api;
mod connectors;
mod events;
mod expand;
mod graphql;
mod policies;
mod queues;
mod role;

pub use policies::{Entry, Use, What, entries};

use leastwise_syntax::{NodeId, Tree};

use super::cloudformation::Finder;
use super::{Resource, Template};
use crate::site::Site;

/// The transform that makes a template one of SAM's.
const TRANSFORM: &str = "AWS::Serverless-2016-10-31";

/// What the types of SAM's resources begin with.
const PREFIX: &str = "AWS::Serverless::";

/// Whether a template is one of SAM's.
pub(super) fn is_sam(tree: &Tree, root: NodeId, template: &Template) -> bool {
    let transforms = tree.get(root, "Transform").is_some_and(|node| {
        let is = |node: NodeId| tree.text(node) == Some(TRANSFORM);
        is(node)
            || tree
                .items(tree.resolved(node))
                .unwrap_or_default()
                .iter()
                .any(|item| is(*item))
    });
    transforms
        || template
            .resources
            .values()
            .any(|resource| resource.type_name.starts_with(PREFIX))
}

/// The CloudFormation type that a resource is deployed as.
pub(crate) fn deployed_type(type_name: &str) -> &str {
    match type_name.strip_prefix(PREFIX) {
        Some("Function") => "AWS::Lambda::Function",
        Some("StateMachine") => "AWS::StepFunctions::StateMachine",
        Some("SimpleTable") => "AWS::DynamoDB::Table",
        Some("Api") => "AWS::ApiGateway::RestApi",
        Some("HttpApi") => "AWS::ApiGatewayV2::Api",
        Some("LayerVersion") => "AWS::Lambda::LayerVersion",
        Some("GraphQLApi") => "AWS::AppSync::GraphQLApi",
        Some("Application") => "AWS::CloudFormation::Stack",
        _ => type_name,
    }
}

/// What a property of the deployed type is called in a resource of this type.
pub(crate) fn written_property<'p>(type_name: &str, property: &'p str) -> &'p str {
    match (type_name.strip_prefix(PREFIX), property) {
        (Some("StateMachine"), "StateMachineName") => "Name",
        _ => property,
    }
}

/// The parts of a template that SAM reads.
pub(super) struct Sam {
    globals: Option<NodeId>,
}

impl Sam {
    pub fn read(tree: &Tree, root: NodeId) -> Sam {
        Sam {
            globals: tree.get(root, "Globals"),
        }
    }

    /// The value that `Globals` gives a property of a resource.
    fn global(&self, tree: &Tree, resource: &Resource, name: &str) -> Option<NodeId> {
        let section = resource.type_name.strip_prefix(PREFIX)?;
        let ignored = tree.get(resource.node, "IgnoreGlobals");
        let is =
            |node: NodeId| matches!(tree.text(node), Some(text) if text == "*" || text == name);
        if ignored.is_some_and(|node| {
            let items = tree.items(tree.resolved(node)).unwrap_or_default();
            is(node) || items.iter().any(|item| is(*item))
        }) {
            return None;
        }
        tree.get(tree.get(self.globals?, section)?, name)
    }

    /// The value of a property: the resource's own, or that of `Globals`.
    fn property(&self, tree: &Tree, resource: &Resource, name: &str) -> Option<NodeId> {
        let own = resource.properties.and_then(|node| tree.get(node, name));
        own.or_else(|| self.global(tree, resource, name))
    }

    /// Adds the roles that SAM makes to the template, so that texts may name them.
    pub fn make(&self, tree: &Tree, template: &mut Template) {
        let mut made = Vec::new();
        for id in &template.order {
            let Some(resource) = template.resources.get(id) else {
                continue;
            };
            if matches!(
                resource.type_name.strip_prefix(PREFIX),
                Some("Function" | "StateMachine")
            ) {
                let path = self.property(tree, resource, "RolePath");
                let role = role::resource(tree, resource, path);
                made.extend(role.map(|role| (format!("{id}Role"), role)));
            }
        }
        for (id, role) in made {
            template.resources.entry(id).or_insert(role);
        }
    }

    /// Makes the roles of functions and state machines owners.
    pub fn declare(&self, finder: &mut Finder<'_>) {
        let template = finder.template;
        for id in &template.order {
            if let Some(resource) = template.resources.get(id) {
                match resource.type_name.strip_prefix(PREFIX) {
                    Some("Function" | "StateMachine" | "WebFunction") => {
                        role::declare(self, finder, id, resource);
                    }
                    Some("GraphQLApi") => graphql::declare(finder, id, resource),
                    _ => {}
                }
            }
        }
    }

    /// The policies that stand in a resource.
    pub fn sites(
        &self,
        finder: &mut Finder<'_>,
        id: &str,
        resource: &Resource,
        sites: &mut Vec<Site>,
    ) {
        match resource.type_name.strip_prefix(PREFIX) {
            Some("Function" | "StateMachine" | "WebFunction") => {
                role::sites(finder, id, resource, sites);
            }
            Some("Api") => api::sites(finder, id, resource, sites),
            _ => {}
        }
    }

    /// The policies that stand in `Globals`, and those that SAM writes for what joins resources.
    pub fn finish(&self, finder: &mut Finder<'_>, sites: &mut Vec<Site>) {
        let template = finder.template;
        for id in &template.order {
            if let Some(resource) = template.resources.get(id)
                && resource.type_name.starts_with(PREFIX)
            {
                role::managed(finder, id, resource, sites);
                queues::policies(finder, id, resource);
            }
        }
        role::trust_of_all(self, finder, sites);
        api::of_all(self, finder, sites);
        connectors::connect(finder);
    }
}
