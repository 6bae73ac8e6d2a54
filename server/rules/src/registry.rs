//! The rules.

use crate::{Rule, actions, conditions, deploy, format, pipeline, privilege, resources, structure};

/// Every rule, in the order of the documentation: by group, then by id.
pub static RULES: &[&Rule] = &[
    // format
    &format::syntax_error::RULE,
    &format::unquoted_star::RULE,
    &format::unused_ignore::RULE,
    // structure
    &structure::conflicting_elements::RULE,
    &structure::duplicate_key::RULE,
    &structure::duplicate_sid::RULE,
    &structure::invalid_effect::RULE,
    &structure::invalid_policy_entry::RULE,
    &structure::invalid_sid::RULE,
    &structure::invalid_trust::RULE,
    &structure::invalid_type::RULE,
    &structure::invalid_version::RULE,
    &structure::missing_action::RULE,
    &structure::missing_effect::RULE,
    &structure::missing_principal::RULE,
    &structure::missing_resource::RULE,
    &structure::missing_statement::RULE,
    &structure::missing_sub::RULE,
    &structure::missing_version::RULE,
    &structure::unescaped_policy_variable::RULE,
    &structure::unknown_element::RULE,
    // actions
    &actions::action_matches_nothing::RULE,
    &actions::redundant_action::RULE,
    &actions::unknown_action::RULE,
    &actions::unknown_service::RULE,
    // resources
    &resources::action_resource_mismatch::RULE,
    &resources::invalid_arn::RULE,
    &resources::principal_not_deployed::RULE,
    &resources::resource_outside_prefix::RULE,
    &resources::role_does_not_trust::RULE,
    &resources::unknown_account::RULE,
    &resources::unknown_managed_policy::RULE,
    &resources::unknown_principal::RULE,
    // conditions
    &conditions::condition_key_not_sent::RULE,
    &conditions::for_all_values::RULE,
    &conditions::invalid_condition::RULE,
    &conditions::literal_wildcard::RULE,
    &conditions::unknown_condition_key::RULE,
    // deploy
    &deploy::missing_delete_counterpart::RULE,
    &deploy::missing_update_counterpart::RULE,
    // privilege
    &privilege::administrator_access::RULE,
    &privilege::execution_role_shared::RULE,
    &privilege::missing_permissions_boundary::RULE,
    &privilege::oidc_subject::RULE,
    &privilege::oidc_without_subject::RULE,
    &privilege::pass_role_unscoped::RULE,
    &privilege::public_principal::RULE,
    &privilege::shared_function_role::RULE,
    &privilege::wildcard_resource::RULE,
    // pipeline
    &pipeline::long_lived_key::RULE,
    &pipeline::role_not_assumable::RULE,
    &pipeline::stored_secret_key::RULE,
    &pipeline::unknown_role::RULE,
];

/// The rule of that id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}
