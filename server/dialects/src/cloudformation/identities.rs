//! The identities that templates name, and which groups users are in.

use leastwise_model::text::{Part, Text};
use leastwise_model::{Known, Owner, OwnerKind};
use leastwise_syntax::NodeId;

use super::finder::Finder;

impl Finder<'_> {
    /// The owner that a node names: a resource of the template, or an identity declared elsewhere.
    pub(crate) fn identity(&mut self, node: NodeId, kind: OwnerKind) -> usize {
        let node = self.tree.resolved(node);
        let text = Text::lower(self.tree, node, self.notation);
        if let [Part::Variable { name, .. }] = text.parts.as_slice()
            && let Some(owner) = self.by_id.get(name)
        {
            return *owner;
        }
        let names = self.resolve(node);
        let same = self
            .owners
            .iter()
            .position(|owner| owner.kind == kind && !names.is_empty() && owner.names == names);
        same.unwrap_or_else(|| {
            let label = names.first().cloned().unwrap_or_else(|| "?".to_owned());
            self.owners.push(Owner {
                names,
                boundary: Known::Dynamic(node),
                // Declared elsewhere: what else it is allowed stands there.
                dynamic: true,
                ..Owner::new(kind, label)
            });
            self.owners.len() - 1
        })
    }

    /// Takes down which groups users are in.
    pub(super) fn join_groups(&mut self) {
        let items = |finder: &Self, properties, property| {
            let list = finder.tree.get(properties, property);
            let list = list.and_then(|list| finder.tree.items(finder.tree.resolved(list)));
            list.map_or(Vec::new(), <[NodeId]>::to_vec)
        };
        let mut pairs: Vec<(usize, Option<usize>)> = Vec::new();
        for id in &self.template.order {
            let resource = self
                .template
                .resources
                .get(id)
                .filter(|it| it.tree.is_none());
            let Some((resource, properties)) = resource.and_then(|it| Some((it, it.properties?)))
            else {
                continue;
            };
            match resource.type_name.as_str() {
                "AWS::IAM::User" => {
                    let groups = items(self, properties, "Groups").into_iter();
                    let groups = groups.map(|node| self.declared(node, OwnerKind::Group));
                    let user = self.by_id.get(id).copied();
                    pairs.extend(groups.filter_map(|group| Some((user?, group))));
                }
                "AWS::IAM::UserToGroupAddition" => {
                    let group = self.tree.get(properties, "GroupName");
                    let group = group.and_then(|node| self.declared(node, OwnerKind::Group));
                    let users = items(self, properties, "Users").into_iter();
                    let users = users.filter_map(|node| self.declared(node, OwnerKind::User));
                    pairs.extend(users.map(|user| (user, group)));
                }
                _ => {}
            }
        }
        for (user, group) in pairs {
            let Some(user) = self.owners.get_mut(user) else {
                continue;
            };
            match group {
                Some(group) => user.groups.push(group),
                None => user.denied_elsewhere = true,
            }
        }
    }

    /// The identity of the template that a node names.
    pub(super) fn declared(&self, node: NodeId, kind: OwnerKind) -> Option<usize> {
        let node = self.tree.resolved(node);
        let text = Text::lower(self.tree, node, self.notation);
        let index = match text.parts.as_slice() {
            [Part::Variable { name, .. }] => self.by_id.get(name).copied(),
            _ => {
                let names = self.resolve(node);
                let mut owners = self.owners.iter();
                owners.position(|owner| !names.is_empty() && owner.names == names)
            }
        };
        index.filter(|at| self.owners.get(*at).is_some_and(|owner| owner.kind == kind))
    }
}
