//! The rules.

use crate::Rule;
use crate::actions::{action_matches_nothing, redundant_action, unknown_action, unknown_service};
use crate::conditions::{
    condition_key_not_sent, for_all_values, invalid_condition, literal_wildcard,
    unknown_condition_key,
};
use crate::deploy::{missing_delete_counterpart, missing_update_counterpart};
use crate::format::{syntax_error, unquoted_star, unused_ignore};
use crate::pipeline::{long_lived_key, role_not_assumable, stored_secret_key, unknown_role};
use crate::privilege::{
    administrator_access, execution_role_shared, missing_permissions_boundary, oidc_subject,
    oidc_without_subject, pass_role_unscoped, public_principal, shared_function_role,
    wildcard_resource,
};
use crate::resources::{
    action_resource_mismatch, invalid_arn, principal_not_deployed, resource_outside_prefix,
    role_does_not_trust, unknown_account, unknown_managed_policy, unknown_principal,
};
use crate::structure::{
    conflicting_elements, duplicate_key, duplicate_sid, invalid_effect, invalid_policy_entry,
    invalid_sid, invalid_trust, invalid_type, invalid_version, missing_action,
};
use crate::structure::{
    missing_effect, missing_principal, missing_resource, missing_statement, missing_sub,
    missing_version, unescaped_policy_variable, unknown_element,
};

/// Every rule, in the order of the documentation: by group, then by id.
pub static RULES: &[&Rule] = &[
    // format
    &syntax_error::RULE,
    &unquoted_star::RULE,
    &unused_ignore::RULE,
    // structure
    &conflicting_elements::RULE,
    &duplicate_key::RULE,
    &duplicate_sid::RULE,
    &invalid_effect::RULE,
    &invalid_policy_entry::RULE,
    &invalid_sid::RULE,
    &invalid_trust::RULE,
    &invalid_type::RULE,
    &invalid_version::RULE,
    &missing_action::RULE,
    &missing_effect::RULE,
    &missing_principal::RULE,
    &missing_resource::RULE,
    &missing_statement::RULE,
    &missing_sub::RULE,
    &missing_version::RULE,
    &unescaped_policy_variable::RULE,
    &unknown_element::RULE,
    // actions
    &action_matches_nothing::RULE,
    &redundant_action::RULE,
    &unknown_action::RULE,
    &unknown_service::RULE,
    // resources
    &action_resource_mismatch::RULE,
    &invalid_arn::RULE,
    &principal_not_deployed::RULE,
    &resource_outside_prefix::RULE,
    &role_does_not_trust::RULE,
    &unknown_account::RULE,
    &unknown_managed_policy::RULE,
    &unknown_principal::RULE,
    // conditions
    &condition_key_not_sent::RULE,
    &for_all_values::RULE,
    &invalid_condition::RULE,
    &literal_wildcard::RULE,
    &unknown_condition_key::RULE,
    // deploy
    &missing_delete_counterpart::RULE,
    &missing_update_counterpart::RULE,
    // privilege
    &administrator_access::RULE,
    &execution_role_shared::RULE,
    &missing_permissions_boundary::RULE,
    &oidc_subject::RULE,
    &oidc_without_subject::RULE,
    &pass_role_unscoped::RULE,
    &public_principal::RULE,
    &shared_function_role::RULE,
    &wildcard_resource::RULE,
    // pipeline
    &long_lived_key::RULE,
    &role_not_assumable::RULE,
    &stored_secret_key::RULE,
    &unknown_role::RULE,
];

/// The rule of that id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}
