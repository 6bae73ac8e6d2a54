//! Managed policies of a template that are permissions boundaries: they grant nothing to anybody.

use foldhash::HashSet;
use leastwise_model::text::{Part, Text};
use leastwise_model::{Bound, BoundBy, Branch, Known, Owner, OwnerKind, Site, SiteKind};

use super::finder::{Finder, is_nothing};
use crate::follow::follow;
use crate::shape::kind_by_name;

impl Finder<'_> {
    /// Makes boundaries of the policies that nobody has, but that bound somebody or are called so.
    pub fn bound(&mut self, sites: &mut [Site]) {
        for owner in 0..self.owners.len() {
            let bounds = self.bounds(owner);
            if let Some(owner) = self.owners.get_mut(owner) {
                owner.bounds = bounds;
            }
        }
        let bounds = self.owners.iter().flat_map(|owner| &owner.bounds);
        let named: HashSet<usize> = bounds
            .filter_map(|bound| match bound.by {
                BoundBy::Policy(policy) => Some(policy),
                BoundBy::Arn(_) | BoundBy::Nothing => None,
            })
            .collect();
        for site in sites {
            let [own] = site.owners.as_slice() else {
                continue;
            };
            let Some(owner) = self.owners.get(*own) else {
                continue;
            };
            if site.kind != SiteKind::Identity || owner.kind != OwnerKind::ManagedPolicy {
                continue;
            }
            let mut names = owner.names.iter().chain([&owner.label]);
            if names.any(|name| kind_by_name::is_boundary(name)) || named.contains(own) {
                site.kind = SiteKind::Boundary;
            }
        }
    }

    /// What bounds an identity.
    fn bounds(&self, owner: usize) -> Vec<Bound> {
        let owner = self.owners.get(owner).filter(|it| it.declared.is_some());
        let boundary = owner.map(|owner| &owner.boundary);
        let Some(Known::Is(node) | Known::Dynamic(node)) = boundary else {
            return Vec::new();
        };
        let found = follow(self.tree, *node, &[], &Branch::new()).into_iter();
        let bounds = found.map(|(node, branch)| {
            let text = Text::lower(self.tree, node, self.notation);
            let name = match text.parts.as_slice() {
                [Part::Variable { name, .. }] => Some(name),
                [Part::Attribute { resource, .. }] => Some(resource),
                _ => self.named_by(&text),
            };
            let policy = name.and_then(|name| self.by_id.get(name).copied());
            let is_policy = |owner: &Owner| owner.kind == OwnerKind::ManagedPolicy;
            let policy = policy.filter(|at| self.owners.get(*at).is_some_and(is_policy));
            let by = match policy {
                Some(policy) => BoundBy::Policy(policy),
                None if is_nothing(&text) => BoundBy::Nothing,
                None => BoundBy::Arn(text),
            };
            Bound { branch, by }
        });
        bounds.collect()
    }
}
