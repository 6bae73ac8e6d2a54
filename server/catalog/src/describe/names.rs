//! Names that are no actions, in words.

use super::Detail;
use super::wording::{enumerate, source};
use crate::{ApiOperation, Retired};
use std::fmt::Write;

/// An API operation that is no action: what to write instead.
pub fn describe_api_operation(operation: ApiOperation, detail: Detail) -> String {
    let mut out = format!(
        "`{}` is an API operation, not an IAM action.",
        operation.full_name()
    );
    let actions: Vec<String> = operation
        .actions()
        .map(|action| action.full_name())
        .collect();
    match (operation.known(), actions.is_empty()) {
        (false, _) => out.push_str(" The action it needs isn't known.\n"),
        (true, true) => out.push_str(" It needs no permission.\n"),
        (true, false) if operation.needs_some() => {
            let all = enumerate(&actions, Detail::Full);
            let _ = writeln!(out, " Depending on what it does, a call needs {all}.");
        }
        (true, false) => {
            let _ = writeln!(out, " It needs {}.", enumerate(&actions, Detail::Full));
        }
    }
    if detail == Detail::Full {
        out.push_str(&source());
    }
    out
}

/// A retired service or action, and what does its work now.
pub fn describe_retired(retired: Retired, detail: Detail) -> String {
    let kind = if retired.name().contains(':') {
        "an action"
    } else {
        "a service"
    };
    let note = retired
        .note()
        .map_or_else(String::new, |note| format!(" ({note})"));
    let mut out = format!("`{}`{note} is {kind} that AWS has retired.", retired.name());
    if retired.replaced_by().len() > 0 {
        let _ = write!(
            out,
            " It was replaced by {}.",
            enumerate(retired.replaced_by(), Detail::Full)
        );
    }
    out.push('\n');
    if detail == Detail::Full {
        out.push_str(&source());
    }
    out
}
