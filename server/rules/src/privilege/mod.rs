//! Whether more is granted than is meant.

pub mod administrator_access;
pub mod execution_role_shared;
pub mod missing_permissions_boundary;
pub mod oidc_subject;
pub mod oidc_without_subject;
pub mod pass_role_unscoped;
pub mod public_principal;
pub mod shared_function_role;
pub mod wildcard_resource;
