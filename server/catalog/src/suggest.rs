//! "Did you mean": the names nearest to one that doesn't exist.

use crate::{Action, Catalog, Service};

/// The nearest actions.
pub(crate) fn actions(_catalog: Catalog, _service: &str, _name: &str, _max: usize) -> Vec<Action> {
    Vec::new()
}

/// The nearest services.
pub(crate) fn services(_catalog: Catalog, _prefix: &str, _max: usize) -> Vec<Service> {
    Vec::new()
}
