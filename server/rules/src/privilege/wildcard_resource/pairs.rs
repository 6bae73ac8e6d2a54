//! Whoever keeps what creates keeps what changes and deletes, too: the node groups beside the cluster that they are made in.

use std::collections::BTreeSet;
use std::sync::Arc;

use leastwise_catalog::{Action, Relation, ResourceType};
use leastwise_policy::{Tri, Widest, widest};

use crate::support::narrow;

/// What the entries of a statement stand for.
#[derive(Default)]
pub(super) struct Held {
    /// What works on resources.
    pub limited: BTreeSet<Action>,
    /// What of that wildcards stand for.
    pub open: BTreeSet<Action>,
    /// What takes no resource and stays allowed.
    pub on_star: BTreeSet<Action>,
}

/// The formats that counterparts need beside those that are chosen: of what still creates, so that a wildcard which held both
/// doesn't keep half of them.
pub(super) fn formats(held: &Held, chosen: &[&'static str]) -> Vec<&'static str> {
    let mut named = Named::default();
    named.add(chosen);
    let mut added: Vec<&'static str> = Vec::new();
    let mut undone: BTreeSet<Action> = BTreeSet::new();
    loop {
        let makers = held
            .limited
            .iter()
            .copied()
            .filter(|action| named.allows(*action));
        let makers = makers.chain(held.on_star.iter().copied());
        let wanted: BTreeSet<Action> = makers
            .flat_map(counterparts)
            .filter(|action| held.open.contains(action) && !undone.contains(action))
            .filter(|action| !named.allows(*action))
            .collect();
        if wanted.is_empty() {
            return added;
        }
        for action in wanted {
            let more = named.lacking(action);
            named.add(&more);
            added.extend(more);
            undone.insert(action);
        }
    }
}

/// What undoes and changes what an action makes.
pub(super) fn counterparts(action: Action) -> impl Iterator<Item = Action> {
    let all = action.counterparts();
    let own = all.filter(|of| of.required() && of.relation() != Relation::Create);
    own.map(|of| of.action())
}

/// The kinds of resources that are named.
#[derive(Default)]
pub(super) struct Named {
    arns: Vec<Arc<Widest>>,
}

impl Named {
    pub(super) fn add(&mut self, formats: &[&'static str]) {
        self.arns
            .extend(formats.iter().map(|format| widest(format)));
    }

    fn has(&self, of: ResourceType) -> bool {
        of.arns().any(|format| {
            let own = widest(format);
            self.arns.iter().any(|arn| arn.covers(&own))
        })
    }

    /// Whether an action works on what is named: on each kind that it can't do without.
    pub(super) fn allows(&self, action: Action) -> bool {
        let fits = |arn: &Arc<Widest>| arn.fits(action) == Tri::Yes;
        self.arns.iter().any(fits) && self.needs(action).is_empty()
    }

    /// The kinds that an action can't do without and that aren't named.
    fn needs(&self, action: Action) -> Vec<ResourceType> {
        let required = action.resources().filter(|of| of.required());
        let required = required.map(|of| of.resource_type());
        required
            .filter(|of| of.service() == action.service() && !self.has(*of))
            .collect()
    }

    /// The formats of what an action needs beside what is named.
    fn lacking(&self, action: Action) -> Vec<&'static str> {
        let mut types = self.needs(action);
        if types.is_empty() {
            types = narrow::types(&[action]);
        }
        types.into_iter().flat_map(|of| of.arns()).collect()
    }
}
