//! A rule, and what it reports: each names the other.

pub(crate) mod documentation;
mod facts;
mod finding;
mod scope;

use std::fmt;

use leastwise_model::Level;

use crate::{FixKind, Group, Judges};

pub use facts::Facts;
pub(crate) use facts::{Fact, Findings};
pub use finding::{CommonCause, Finding, Related};
pub(crate) use scope::FilePart;
pub use scope::{OfAction, OfFile, OfIndex, OfOwner, OfPolicy, OfStatement, Scope};

/// A rule: data, and a function for what it looks at.
pub struct Rule {
    /// Stable id, `missing-delete-counterpart`: its file's name with `-`.
    pub id: &'static str,
    /// What it belongs with; the folder of its file.
    pub group: Group,
    /// How much its findings matter where the config doesn't say.
    pub level: Level,
    /// The version that brought it.
    pub since: &'static str,
    /// One line for lists.
    pub summary: &'static str,
    /// Whether it can mend what it finds.
    pub fix: FixKind,
    /// What its findings hang on.
    pub judges: Judges,
    /// Checks of other tools that look for the same, as (tool, id).
    pub equivalents: &'static [(&'static str, &'static str)],
    /// What it looks at, with the functions that do. Empty where the engine finds it by itself.
    pub scope: &'static [Scope],
}

impl Rule {
    /// The whole documentation in Markdown: what it finds, why it matters, `## Example`, `## Fixed`.
    pub fn documentation(&self) -> &'static str {
        documentation::documented(self.id).map_or("", |(_, text)| text)
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}
