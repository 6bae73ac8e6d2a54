//! Whether a request is allowed: the logic of AWS over all policies that apply to it.
//!
//! [`AppliedPolicies`] are those policies, layer by layer, as far as they are known; [`ApiRequest`] is who does what to
//! which resource. [`AppliedPolicies::rule`] answers with a [`Ruling`]: yes, no, or depends, with the statements that it
//! comes from and what it depends on. Statements are the [`Clause`](crate::grants::Clause)s of `grants`; unlike questions
//! about grants, a request sends known values, so that policy variables are filled in.
//!
//! The source is <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>.

mod dependencies;
mod guardrails;
mod naming;
mod requester;
mod ruling;
mod statements;

pub use dependencies::Dependency;
pub use naming::NamedPrincipal;
pub use requester::{HomeAccount, Requester, RequesterKind};
pub use ruling::Ruling;
pub use statements::{ApiRequest, AppliedPolicies, Attachment, Decisive, Provision};
