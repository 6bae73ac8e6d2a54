//! What several rules ask: of permissions, trust, ARNs and names, and of what fixes may write. No rule is here.

pub mod action_entry;
pub(crate) mod activation;
pub(crate) mod added;
pub(crate) mod answers;
pub(crate) mod attached;
pub(crate) mod audience;
pub(crate) mod boundary;
pub(crate) mod callers;
pub(crate) mod clauses;
pub(crate) mod coverage;
pub(crate) mod identity_policies;
pub(crate) mod impact;
pub(crate) mod leftovers;
pub(crate) mod lists;
pub(crate) mod managed;
pub(crate) mod naming;
pub(crate) mod narrow;
pub(crate) mod oidc;
pub mod permissions;
pub(crate) mod policy_key;
pub(crate) mod quoting;
pub(crate) mod truncate;
pub(crate) mod trust;
pub(crate) mod trust_actions;
pub(crate) mod trust_roles;
