//! Plain sentences composed from the facts, as Markdown: for hover and for `leastwise explain`.
//!
//! Each text starts with one short paragraph that says what the thing is; what it takes and brings follows as a list.
//! AWS's own descriptions are prose, not facts, and aren't used.

mod action;
mod arn;
mod cfn_type;
mod condition_key;
mod managed_policy;
mod markdown;
mod names;
mod policy_template;
mod service;
mod wildcard;
mod wording;

pub use action::{describe_action, describe_action_for};
pub use arn::describe_arn;
pub(crate) use arn::resource_types_of;
pub use cfn_type::describe_cfn_type;
pub use condition_key::describe_condition_key;
pub use managed_policy::describe_managed_policy;
pub use markdown::{bare, code, code_in_cell};
pub use names::describe_retired;
pub use policy_template::{describe_policy_template, describe_template_parameter};
pub use service::describe_service;
pub use wildcard::describe_wildcard;

/// How much to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What fits a hover: long lists are cut, with the number of what is left out.
    Brief,
    /// All that is known.
    Full,
}

impl Detail {
    /// How many items of a list to show.
    fn items(self) -> usize {
        match self {
            Self::Brief => 6,
            Self::Full => usize::MAX,
        }
    }
}
