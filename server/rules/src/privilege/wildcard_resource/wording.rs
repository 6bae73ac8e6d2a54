//! How the finding is worded.

use crate::merge::in_message;

/// The message about these actions.
pub(super) fn message(actions: &[&str]) -> String {
    let names = actions.iter().map(|name| format!("`{name}`"));
    let list = in_message(&names.collect::<Vec<String>>());
    let verb = if actions.len() == 1 { "is" } else { "are" };
    format!("{list} {verb} allowed on every resource.")
}
