//! A template whose policies are being looked for: its owners, and what its texts are worked out to.

use foldhash::{HashMap, HashMapExt};
use leastwise_catalog::catalog;
use leastwise_model::notation::Notation;
use leastwise_model::text::{Part, Text};
use leastwise_model::{Branch, Config, Environment, Known, Owner, OwnerKind};
use leastwise_syntax::{NodeId, Tree, View};
use std::cell::OnceCell;

use super::template::{Resource, Template};
use crate::cloudformation::loops;
use crate::resolve::Resolver;

/// A template whose policies are being looked for.
pub(crate) struct Finder<'a> {
    pub(crate) tree: &'a Tree,
    pub(super) config: &'a Config,
    pub(crate) environments: &'a [Environment],
    pub(crate) template: &'a Template,
    pub(crate) notation: &'static dyn Notation,
    /// Functions of whoever extends templates that make a text of what stands in them.
    pub(super) text_functions: &'static [&'static str],
    pub(crate) owners: Vec<Owner>,
    /// Owners by logical id.
    pub(crate) by_id: HashMap<String, usize>,
    /// The logical ids of managed policies by their names, once somebody has asked; all are declared by then.
    pub(super) policies: OnceCell<HashMap<String, Vec<String>>>,
}

impl<'a> Finder<'a> {
    /// One that hasn't found anything yet.
    pub(crate) fn new(
        tree: &'a Tree,
        template: &'a Template,
        config: &'a Config,
        environments: &'a [Environment],
        notation: &'static dyn Notation,
    ) -> Finder<'a> {
        Finder {
            tree,
            config,
            environments,
            template,
            notation,
            text_functions: &[],
            owners: Vec::new(),
            by_id: HashMap::new(),
            policies: OnceCell::new(),
        }
    }
}

impl Finder<'_> {
    /// Makes a resource an owner.
    pub(super) fn declare(&mut self, id: &str, resource: &Resource) {
        let kind = match resource.type_name.as_str() {
            "AWS::IAM::Role" => OwnerKind::Role,
            "AWS::IAM::User" => OwnerKind::User,
            "AWS::IAM::Group" => OwnerKind::Group,
            "AWS::IAM::ManagedPolicy" => OwnerKind::ManagedPolicy,
            _ => OwnerKind::Resource,
        };
        let boundary = resource
            .properties
            .and_then(|properties| self.tree.get(properties, "PermissionsBoundary"))
            .map_or(Known::Missing, |node| {
                let node = self.tree.resolved(node);
                match self.tree.view(node) {
                    View::Tagged(tag, _) if tag.name == "Fn::If" => Known::Dynamic(node),
                    _ => Known::Is(node),
                }
            });
        // A loop among the properties may bring one.
        let boundary = match (boundary, resource.properties) {
            (Known::Missing, Some(node)) if loops::has_loop(self.tree, node) => {
                Known::Dynamic(node)
            }
            (boundary, _) => boundary,
        };
        self.by_id.insert(id.to_owned(), self.owners.len());
        self.owners.push(Owner {
            names: self.names(resource),
            type_name: resource.type_name.clone(),
            declared: Some(self.tree.span(resource.key)),
            properties: resource.properties,
            branch: self.condition(resource),
            boundary,
            ..Owner::new(kind, id)
        });
    }

    /// When a resource is there.
    pub(super) fn condition(&self, resource: &Resource) -> Branch {
        let condition = self.tree.get(resource.node, "Condition");
        let name = condition.and_then(|node| self.tree.text(node));
        let name = name.filter(|_| resource.tree.is_none());
        name.map(|name| (name.to_owned(), true))
            .into_iter()
            .collect()
    }

    /// Whether the condition of a resource holds nowhere, whatever the template's parameters are.
    pub(super) fn is_never_there(&self, resource: &Resource) -> bool {
        let condition = self.condition(resource);
        let anywhere = Environment::default();
        let resolver = Resolver::new(self.tree, self.config, self.template, &anywhere, false);
        // What a service says of itself may be given otherwise at the command line.
        !self.notation.fills_in_first()
            && condition
                .iter()
                .any(|(name, _)| resolver.condition(name, 0) == Some(false))
    }

    /// The names that a resource is deployed under, over all environments.
    pub(super) fn names(&self, resource: &Resource) -> Vec<String> {
        let property = match resource.type_name.as_str() {
            "AWS::IAM::ManagedPolicy" => "ManagedPolicyName",
            name => match catalog()
                .cfn_type(name)
                .and_then(|kind| kind.name_property())
            {
                Some(property) => property,
                None => return Vec::new(),
            },
        };
        let node = resource
            .properties
            .and_then(|properties| self.tree.get(properties, property));
        match (node, resource.given(property)) {
            (Some(node), _) => self.resolve(node),
            (None, Some(name)) => {
                self.texts(&Text::given(self.tree, resource.key, name, self.notation))
            }
            (None, None) => Vec::new(),
        }
    }

    /// The values of a node over all environments, with unknown parts as `${Name}`.
    pub(crate) fn resolve(&self, node: NodeId) -> Vec<String> {
        self.texts(&Text::lower(self.tree, node, self.notation))
    }

    pub(super) fn texts(&self, text: &Text) -> Vec<String> {
        let mut names = Vec::new();
        for environment in self.environments {
            let resolver = Resolver::new(self.tree, self.config, self.template, environment, true);
            for resolved in resolver.resolve(text) {
                let name = resolved.pattern.display();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }
}

/// Whether resources of a type are identities.
pub(super) fn has_identity(type_name: &str) -> bool {
    matches!(
        type_name,
        "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group"
    )
}

/// Whether a text is `AWS::NoValue`.
pub(super) fn is_nothing(text: &Text) -> bool {
    matches!(text.parts.as_slice(), [Part::Variable { name, .. }] if name == "AWS::NoValue")
}
