//! What is written in `Resource`.

pub mod action_resource_mismatch;
mod added_arns;
mod buckets;
pub(crate) mod fitting;
pub mod invalid_arn;
pub(crate) mod objects;
pub(crate) mod own_arn;
pub mod principal_not_deployed;
pub mod resource_outside_prefix;
pub mod role_does_not_trust;
mod star_statement;
pub mod unknown_account;
pub mod unknown_managed_policy;
pub mod unknown_principal;
