//! Finds `leastwise: ignore[…]` comments that are no longer used.
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

use crate::rule::documentation;
use crate::{Finding, FixKind, Group, Judges, Rule};

/// See the module's documentation.
pub static RULE: Rule = Rule {
    id: "unused-ignore",
    group: Group::Format,
    level: Level::Warning,
    since: "0.1.0",
    summary: "An unused ignore comment",
    fix: FixKind::None,
    judges: Judges::Place,
    equivalents: &[],
    // Reported by `crate::ignore`, which knows what was ignored.
    scope: &[],
};

/// What of an ignore isn't understood.
pub(crate) enum Fault {
    /// A word that is no rule's.
    NoRule(String),
    /// There are brackets with nothing in them.
    NoneNamed,
    /// A rule is named without brackets: this is meant.
    Bare(&'static str),
}

/// What is said of that.
pub(crate) fn not_understood(fault: &Fault, span: Span) -> Finding {
    let (message, help) = match fault {
        Fault::NoRule(id) => (
            format!("This ignore comment is unused: the rule `{id}` doesn't exist."),
            match documentation::nearest(id) {
                Some(meant) => format!("Did you mean `{meant}`?"),
                None => "Remove it, or use a rule that `leastwise rules` lists.".to_owned(),
            },
        ),
        Fault::NoneNamed => (
            "This ignore comment is unused: it names no rule between its brackets.".to_owned(),
            "Name a rule, or remove the comment.".to_owned(),
        ),
        Fault::Bare(meant) => (
            "This ignore comment is unused: the rule needs brackets around it.".to_owned(),
            format!("Write `ignore[{meant}]`."),
        ),
    };
    Finding::new(&RULE, span, message).help(help).unnecessary()
}

/// An ignore that quiets nothing of the rules that it names; none for every rule.
pub(crate) fn finding(rules: &[&str], span: Span) -> Finding {
    let message = match rules {
        [] => "This ignore comment is unused: no rule reports anything on its line.".to_owned(),
        rules => format!(
            "This ignore comment is unused: nothing on its line is reported by {}.",
            rules.join(", ")
        ),
    };
    Finding::new(&RULE, span, message)
        .help("Remove the comment.")
        .unnecessary()
}
