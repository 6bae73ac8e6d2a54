//! Managed policies, and others that are resources of their own: to whom they are attached.

use leastwise_catalog::catalog;
use leastwise_model::text::{Part, Text};
use leastwise_model::{Attached, Branch, OwnerKind, Site};
use leastwise_syntax::View;

use super::finder::{Finder, has_identity, is_nothing};
use crate::follow::follow;

impl Finder<'_> {
    /// Hands policies that are resources of their own to the roles, users and groups that they are attached to.
    pub(super) fn attach(&mut self, sites: &mut [Site]) {
        for site in sites {
            let Some(&own) = site.owners.first() else {
                continue;
            };
            let Some(owner) = self.owners.get(own) else {
                continue;
            };
            let lists: &[(&str, OwnerKind)] = match owner.type_name.as_str() {
                "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => &[
                    ("Roles", OwnerKind::Role),
                    ("Users", OwnerKind::User),
                    ("Groups", OwnerKind::Group),
                ],
                "AWS::IAM::RolePolicy" => &[("RoleName", OwnerKind::Role)],
                "AWS::IAM::UserPolicy" => &[("UserName", OwnerKind::User)],
                "AWS::IAM::GroupPolicy" => &[("GroupName", OwnerKind::Group)],
                _ => continue,
            };
            let Some(properties) = owner.properties else {
                continue;
            };
            let branch = owner.branch.clone();
            let mut targets = Vec::new();
            for (property, kind) in lists {
                let Some(value) = self.tree.get(properties, property) else {
                    continue;
                };
                let value = self.tree.resolved(value);
                let items = match self.tree.view(value) {
                    View::Sequence(items) => items.to_vec(),
                    _ => vec![value],
                };
                for item in items {
                    let target = self.identity(item, *kind);
                    if !targets.contains(&target) {
                        targets.push(target);
                    }
                }
            }
            if !targets.is_empty() {
                site.owners.clear();
                for target in targets {
                    site.hold(target, branch.clone());
                }
            }
        }
    }

    /// Reads `ManagedPolicyArns` of each identity: policies of this template become its own, AWS's are looked up, any
    /// other makes what it may do unknown.
    pub(super) fn adopt(&mut self, sites: &mut [Site]) {
        for index in 0..self.owners.len() {
            let Some(owner) = self.owners.get(index) else {
                continue;
            };
            let property = match owner.type_name.as_str() {
                "AWS::SSO::PermissionSet" => "ManagedPolicies",
                name if has_identity(name) => "ManagedPolicyArns",
                _ => continue,
            };
            let Some(properties) = owner.properties else {
                continue;
            };
            let Some(value) = self.tree.get(properties, property) else {
                continue;
            };
            let mut managed = Vec::new();
            let mut attached = Vec::new();
            let mut dynamic = false;
            let items = follow(self.tree, value, &["*"], &Branch::new());
            dynamic |= self.tree.items(self.tree.resolved(value)).is_none();
            for (item, branch) in items {
                let text = Text::lower(self.tree, item, self.notation);
                if is_nothing(&text) {
                    continue;
                }
                let mut settled = self.adopt_one(&text, index, &branch, sites);
                if !settled {
                    let arns = self.resolve(item);
                    let found = arns.first().and_then(|arn| {
                        let name = arn.split_once(":policy/")?.1;
                        let name = name.rsplit('/').next()?;
                        arn.contains(":iam::aws:")
                            .then(|| catalog().managed_policy(name))
                            .flatten()
                    });
                    settled = found.is_some();
                    managed.extend(found);
                }
                attached.push(Attached {
                    arn: text,
                    branch,
                    is_granted_already: settled,
                });
            }
            if let Some(owner) = self.owners.get_mut(index) {
                owner.managed = managed;
                owner.attached = attached;
                owner.dynamic |= dynamic;
            }
        }
    }

    /// Makes the managed policy of this template that a reference names the owner's own. Whether it names one.
    pub(crate) fn adopt_one(
        &self,
        text: &Text,
        owner: usize,
        branch: &Branch,
        sites: &mut [Site],
    ) -> bool {
        let named = match text.parts.as_slice() {
            [Part::Variable { name, .. }] if self.by_id.contains_key(name) => Some(name),
            _ => self.deployed_as(text),
        };
        let Some((name, policy)) = named.and_then(|name| Some((name, *self.by_id.get(name)?)))
        else {
            return false;
        };
        for site in sites
            .iter_mut()
            .filter(|site| site.path.get(1) == Some(name))
        {
            site.owners.retain(|owner| *owner != policy);
            site.hold(owner, branch.clone());
        }
        true
    }
}
