//! Whether actions work on resources, by what has been found out about these.

use std::sync::Arc;

use leastwise_catalog::Action;
use leastwise_policy::{Studied, Tri};

/// Whether an action works on any of the resources; `Maybe` where there are none.
pub(super) fn fits(action: Action, resources: &[Arc<Studied>]) -> Tri {
    if resources.is_empty() {
        return Tri::Maybe;
    }
    let mut found = Tri::No;
    for resource in resources {
        found = found.or(resource.fits(action));
        if found == Tri::Yes {
            break;
        }
    }
    found
}

/// Whether none of the actions that an entry stands for works on any of the resources.
pub(crate) fn surely_unfit(actions: &[Action], resources: &[Arc<Studied>]) -> bool {
    actions
        .iter()
        .all(|action| fits(*action, resources) == Tri::No)
}
