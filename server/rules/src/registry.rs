//! The rules.

use crate::Rule;
use crate::deploy::{missing_delete_counterpart, missing_update_counterpart};
use crate::format::{syntax_error, unquoted_star, unused_ignore};

/// Every rule, in the order of the documentation: by group, then by id.
pub static RULES: &[&Rule] = &[
    // format
    &syntax_error::RULE,
    &unquoted_star::RULE,
    &unused_ignore::RULE,
    // deploy
    &missing_delete_counterpart::RULE,
    &missing_update_counterpart::RULE,
];

/// The rule of that id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}
