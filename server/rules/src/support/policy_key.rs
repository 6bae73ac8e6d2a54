//! Which policy a fact is about, for what only its fixes ask of the policy.

use leastwise_model::{Site, SiteKind, Statement};
use leastwise_syntax::NodeId;

use crate::Context;

/// A policy: data of a fact.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PolicyKey {
    policy: NodeId,
    pub(crate) kind: SiteKind,
}

impl PolicyKey {
    /// That of a site.
    pub(crate) fn of(context: &Context<'_>, site: &Site) -> PolicyKey {
        PolicyKey {
            policy: context.policy(site).node,
            kind: site.kind,
        }
    }

    /// Its site.
    pub(crate) fn site<'a>(self, context: &Context<'a>) -> Option<&'a Site> {
        context.site_of(self.policy, self.kind)
    }

    /// Its statements.
    pub(crate) fn statements<'a>(self, context: &Context<'a>) -> &'a [Statement] {
        let site = self.site(context);
        site.map_or(&[], |site| &context.policy(site).statements)
    }
}
