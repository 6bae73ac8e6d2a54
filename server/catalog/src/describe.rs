//! Plain sentences composed from the facts, as Markdown: for hover and for `leastwise explain`.
//!
//! Each text starts with one short paragraph that says what the thing is; what it takes and brings follows as a list.
//! AWS's own descriptions are prose, not facts, and aren't used.

mod action;
mod arn;
mod cfn_type;
mod condition_key;
mod managed_policy;
mod names;
mod sam_template;
mod service;
mod wildcard;

pub use action::describe_action;
pub use arn::describe_arn;
pub(crate) use arn::resource_types_of;
pub use cfn_type::describe_cfn_type;
pub use condition_key::describe_condition_key;
pub use managed_policy::describe_managed_policy;
pub use names::{describe_api_operation, describe_retired};
pub use sam_template::{describe_sam_parameter, describe_sam_template};
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

/// `a`, `b` and 3 more: the items in code style, as many as the detail allows.
fn enumerate(items: impl IntoIterator<Item = impl AsRef<str>>, detail: Detail) -> String {
    let items: Vec<String> = items
        .into_iter()
        .map(|item| format!("`{}`", item.as_ref()))
        .collect();
    let limit = detail.items();
    // To leave out a single item saves nothing.
    let shown = if items.len() > limit.saturating_add(1) {
        limit
    } else {
        items.len()
    };
    let (shown, rest) = items.split_at(shown);
    match (shown, rest.len()) {
        ([], _) => "none".to_owned(),
        ([only], 0) => only.clone(),
        ([start @ .., last], 0) => format!("{} and {last}", start.join(", ")),
        (shown, more) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// `1 action`, `2 actions`.
fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Where the facts are from, as the last line of a full text.
fn source() -> String {
    format!("\nFrom the catalog of {}.\n", crate::catalog().date())
}
