//! The policies that stand in the properties of resources, and the permissions that resources are by themselves.

use leastwise_model::{Branch, Document, Site, SiteKind};
use leastwise_syntax::{NodeId, Tree, View};

use super::finder::Finder;
use super::template::Resource;
use super::{permission, table};
use crate::cloudformation::loops;
use crate::follow::follow_through;
use crate::permission::WrittenPermission;
use crate::shape;

impl Finder<'_> {
    /// What a path of keys leads to from a node, through functions that make a text.
    pub(crate) fn follow(&self, node: NodeId, path: &[&str]) -> Vec<(NodeId, Branch)> {
        follow_through(self.text_functions, self.tree, node, path, &Branch::new())
    }

    /// The policies that stand in the resource's own properties.
    pub(super) fn sites(&mut self, id: &str, resource: &Resource, sites: &mut Vec<Site>) {
        // What stands in another file has no node here.
        let Some(properties) = resource.properties.filter(|_| resource.tree.is_none()) else {
            return;
        };
        self.permission(id, resource, properties);
        for entry in table::entries(&resource.type_name) {
            for (node, branch) in self.follow(properties, &entry.path) {
                match self.tree.view(node) {
                    View::Mapping(_) => {}
                    View::Sequence(_) if entry.statements => {}
                    // A document that somebody put into a list, or its statements without it.
                    View::Sequence(_) if shape::is_list(self.tree, node) => {}
                    _ => continue,
                }
                let mut kind = entry.kind;
                if kind == SiteKind::Organization {
                    kind = organization_kind(self.tree, properties);
                }
                let mut path = vec![
                    "Resources".to_owned(),
                    id.to_owned(),
                    "Properties".to_owned(),
                ];
                path.extend(entry.path.iter().map(|key| (*key).to_owned()));
                let mut document = Document::new(self.tree, node, entry.statements, self.notation);
                if let Some(own) = self.by_id.get(id)
                    && resource.type_name == "AWS::IAM::ManagedPolicy"
                {
                    document.managed.push(*own);
                }
                sites.push(Site {
                    uses: Vec::new(),
                    held: Vec::new(),
                    kind,
                    service: entry.service,
                    document,
                    name: self.policy_name(node, properties),
                    path,
                    branch,
                    owners: self.by_id.get(id).copied().into_iter().collect(),
                });
            }
        }
    }

    /// The permission that a resource is by itself.
    pub(super) fn permission(&mut self, id: &str, resource: &Resource, properties: NodeId) {
        let of = permission::for_type(&resource.type_name);
        let (Some(of), Some(owner)) = (of, self.by_id.get(id).copied()) else {
            return;
        };
        let written = WrittenPermission {
            tree: self.tree,
            notation: self.notation,
            properties: self.tree.resolved(properties),
            path: ["Resources", id, "Properties"].map(str::to_owned).to_vec(),
            owner,
            open: loops::has_loop(self.tree, properties),
        };
        let site = written.site(of).map(Box::new);
        if let Some(owner) = self.owners.get_mut(owner) {
            owner.permission = site;
        }
    }

    /// `PolicyName` beside the document, or the name property of a managed policy.
    pub(super) fn policy_name(&self, document: NodeId, properties: NodeId) -> Option<String> {
        let mut beside = self.tree.parent(document)?;
        // A document in a string stands where the string does.
        let is_mapping = |node: NodeId| {
            self.tree.is_container(node) && matches!(self.tree.view(node), View::Mapping(_))
        };
        while !is_mapping(beside) {
            beside = self.tree.parent(beside)?;
        }
        let named = |node: NodeId, key: &str| {
            let value = self.tree.get(node, key)?;
            Some(match self.tree.text(value) {
                Some(text) => text.to_owned(),
                None => self.resolve(value).into_iter().next()?,
            })
        };
        named(beside, "PolicyName").or_else(|| named(properties, "ManagedPolicyName"))
    }
}

fn organization_kind(tree: &Tree, properties: NodeId) -> SiteKind {
    match tree
        .get(properties, "Type")
        .and_then(|node| tree.text(node))
    {
        Some("SERVICE_CONTROL_POLICY") => SiteKind::Scp,
        Some("RESOURCE_CONTROL_POLICY") => SiteKind::Rcp,
        _ => SiteKind::Organization,
    }
}
