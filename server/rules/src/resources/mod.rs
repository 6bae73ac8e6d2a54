//! What is written in `Resource`.

pub mod action_resource_mismatch;
pub mod invalid_arn;
pub mod resource_outside_prefix;
pub mod unknown_account;
