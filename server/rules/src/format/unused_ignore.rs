//! Finds `leastwise: ignore[…]` comments that no longer quiet anything.
//!
//! A comment that outlives its finding hides the next one that appears on the same line.
//!
//! ## Example
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*  # leastwise: ignore[invalid-arn] old name
//! ```
//!
//! ## Fixed
//!
//! ```yaml
//! Version: '2012-10-17'
//! Statement:
//!   - Effect: Allow
//!     Action: s3:GetObject
//!     Resource: arn:aws:s3:::shop-data/*
//! ```

use leastwise_model::Level;
use leastwise_syntax::Span;

use crate::{Finding, FixKind, Group, Rule};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unused-ignore",
    group: Group::Format,
    level: Level::Warning,
    since: "0.1.0",
    summary: "An ignore comment that quiets nothing",
    fix: FixKind::None,
    equivalents: &[],
    // Reported by `crate::ignore`, which knows what was ignored.
    scope: &[],
};

pub(crate) fn finding(rules: &[String], span: Span) -> Finding {
    let unknown = rules.iter().find(|id| crate::rule(id).is_none());
    let message = match unknown {
        Some(id) => format!("There is no rule `{id}` to ignore."),
        None if rules.is_empty() => {
            "This ignore quiets nothing: no rule finds anything on its line.".to_owned()
        }
        None => format!(
            "This ignore quiets nothing: {} finds nothing on its line.",
            rules.join(", ")
        ),
    };
    Finding::new(&RULE, span, message)
        .help("Remove the comment.")
        .unnecessary()
}
