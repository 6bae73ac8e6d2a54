//! Managed policies of a template that are permissions boundaries: they grant nothing to anybody.

use super::called;
use super::cloudformation::Finder;
use super::follow;
use crate::model::{Branch, Known};
use crate::site::{OwnerKind, Site, SiteKind};
use crate::text::{Part, Text};

impl Finder<'_> {
    /// Makes boundaries of the policies that nobody has, but that bound somebody or are called so.
    pub(super) fn bound(&self, sites: &mut [Site]) {
        let mut named: Option<Vec<String>> = None;
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
            if names.any(|name| called::is_boundary(name))
                || named
                    .get_or_insert_with(|| self.boundaries())
                    .contains(&owner.label)
            {
                site.kind = SiteKind::Boundary;
            }
        }
    }

    /// The logical ids of the policies that bound identities.
    fn boundaries(&self) -> Vec<String> {
        let mut found = Vec::new();
        for owner in &self.owners {
            let (Known::Is(node) | Known::Dynamic(node)) = owner.boundary else {
                continue;
            };
            for (node, _) in follow(self.tree, node, &[], &Branch::new()) {
                let text = Text::lower(self.tree, node, self.dollar);
                let name = match text.parts.as_slice() {
                    [Part::Variable { name, .. }] => Some(name),
                    [Part::Attribute { resource, .. }] => Some(resource),
                    _ => self.deployed_as(&text),
                };
                found.extend(name.cloned());
            }
        }
        found
    }
}
