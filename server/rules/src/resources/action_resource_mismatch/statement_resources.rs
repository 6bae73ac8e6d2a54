//! What the resources of a statement are.

use std::sync::Arc;

use leastwise_catalog::ResourceType;
use leastwise_model::List;
use leastwise_policy::Studied;

use crate::Context;
use crate::support::naming;

/// The resources of a statement, each with what is known of it.
pub(super) fn studied(context: &Context<'_>, resources: &List) -> Vec<Arc<Studied>> {
    let mut patterns: Vec<Arc<Studied>> = Vec::new();
    for item in &resources.items {
        let several = naming::distinct_but_for_account(context.patterns(item).into_iter());
        patterns.extend(several.into_iter().map(|pattern| context.study(pattern)));
    }
    patterns
}

/// Whether another rule has something to say on the text itself, or it is none that this rule can judge.
pub(super) fn is_invalid(pattern: &Studied) -> bool {
    pattern.problems().iter().any(|problem| problem.sure)
}

/// The one type that all of the resources are surely of.
pub(super) fn type_of(resources: &[Arc<Studied>]) -> Option<ResourceType> {
    let mut found = None;
    for resource in resources {
        let &[of] = resource.types() else {
            return None;
        };
        if found.is_some_and(|other| other != of) {
            return None;
        }
        found = Some(of);
    }
    found
}
