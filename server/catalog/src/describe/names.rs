//! Names that are no actions, in words.

use super::Detail;
use super::wording::{enumerate, source};
use crate::Retired;
use std::fmt::Write;

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
