//! Whether there is an action of AWS that a pattern stands for.

use leastwise_catalog::catalog;
use leastwise_policy::ActionPattern;

use crate::work;

/// Whether a pattern stands for some action that AWS has.
pub(super) fn is_something(pattern: &ActionPattern) -> bool {
    work::did(1);
    match pattern {
        ActionPattern::Star => true,
        ActionPattern::Named(named) => catalog()
            .actions_matching(named.service(), named.name())
            .next()
            .is_some(),
        ActionPattern::Unknown | ActionPattern::Malformed(_) => false,
    }
}
