//! AWS's Serverless Application Model: CloudFormation with resources that stand for several, among them the roles that
//! functions and state machines run as.
//!
//! What is written in such a resource is found where it stands. What SAM writes for it when the template is deployed (a
//! policy for the name of a policy template, for an event source or for a connector) is held with its owner.

mod api;
mod connectors;
mod deployed;
mod event;
mod events;
mod expand;
mod expected;
mod graphql;
mod policies;
mod queues;
mod role;

use leastwise_model::Site;
use leastwise_model::notation::Notation;
use leastwise_syntax::{NodeId, Tree};

use self::deployed::PREFIX;
use super::cloudformation::finder::Finder;
use super::cloudformation::template::{Resource, Template};
use super::cloudformation::{self, Extension};
use crate::dialect::{
    DeployedAs, Dialect, DocumentKind, Expected, RecognisedFile, Rooms, Surrounding, Tool, Words,
};
use crate::intrinsic::notation::TEMPLATE;
use crate::source_file::SourceFile;

/// The transform that makes a template one of SAM's.
const TRANSFORM: &str = "AWS::Serverless-2016-10-31";

/// The Serverless Application Model.
#[derive(Debug)]
pub(super) struct Sam;

impl Dialect for Sam {
    fn find(&self, asked: &SourceFile<'_>, rooms: Rooms) -> Option<RecognisedFile> {
        // Before anything is read: the transform begins as the types do.
        if !asked.tree.mentions("AWS::Serverless") {
            return None;
        }
        let tree = asked.tree;
        let (root, mut template) = cloudformation::template(tree, rooms)?;
        template.lists = Some(&policies::POLICIES);
        is_sam(tree, root, &template).then(|| {
            let transform = Transform::read(tree, root);
            cloudformation::found(&Sam, asked, template, Some(&transform))
        })
    }

    fn notation(&self) -> &'static dyn Notation {
        TEMPLATE
    }

    fn tool(&self) -> Tool {
        cloudformation::TOOL
    }

    fn is_filled_otherwise(&self, tree: &Tree) -> bool {
        cloudformation::has_macros(tree)
    }

    fn expected(&self, at: &Surrounding<'_>, rooms: Rooms) -> Expected {
        expected::expected(at, rooms)
    }

    fn transforms(&self) -> &'static [&'static str] {
        &[TRANSFORM]
    }

    fn words(&self) -> Words {
        Words {
            // What passes values to another template.
            possible: &["AWS::Serverless::Application"],
            ..Words::default()
        }
    }

    fn document(&self) -> DocumentKind {
        DocumentKind::Template
    }

    fn deployed_as(&self, type_name: &str) -> Option<&'static DeployedAs> {
        deployed::deployed(type_name)
    }
}

/// Whether a template is one of SAM's.
fn is_sam(tree: &Tree, root: NodeId, template: &Template) -> bool {
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

/// The parts of a template that SAM reads.
pub(super) struct Transform {
    globals: Option<NodeId>,
}

impl Transform {
    fn read(tree: &Tree, root: NodeId) -> Transform {
        Transform {
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
}

impl Extension for Transform {
    /// Adds the roles that SAM makes to the template, so that texts may name them.
    fn make(&self, tree: &Tree, template: &mut Template) {
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
    fn declare(&self, finder: &mut Finder<'_>) {
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
    fn sites(&self, finder: &mut Finder<'_>, id: &str, resource: &Resource, sites: &mut Vec<Site>) {
        match resource.type_name.strip_prefix(PREFIX) {
            Some("Function" | "StateMachine" | "WebFunction") => {
                role::sites(finder, id, resource, sites);
            }
            Some("Api") => api::sites(finder, id, resource, sites),
            _ => {}
        }
    }

    /// The policies that stand in `Globals`, and those that SAM writes for what joins resources.
    fn finish(&self, finder: &mut Finder<'_>, sites: &mut Vec<Site>) {
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
