//! What a rule declares of itself.

use leastwise_workspace::Level;

use crate::{Context, Findings};

/// A rule: data, and one function.
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
    /// Checks of other tools that look for the same, as (tool, id).
    pub equivalents: &'static [(&'static str, &'static str)],
    /// Looks at a file and reports what it finds.
    pub run: fn(&Context<'_>, &mut Findings),
}

/// What rules have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Group {
    /// Whether the file can be read.
    Format,
    /// Whether the policy has the elements that it must have.
    Structure,
    /// What is written in `Action`.
    Actions,
    /// What is written in `Resource`.
    Resources,
    /// What is written in `Condition`.
    Conditions,
    /// Whether a deployment can be changed, rolled back and removed.
    Deploy,
    /// Whether more is granted than is meant.
    Privilege,
    /// What a CI pipeline does with AWS.
    Pipeline,
}

impl Group {
    /// The group's name, as its folder is called.
    pub fn name(self) -> &'static str {
        match self {
            Group::Format => "format",
            Group::Structure => "structure",
            Group::Actions => "actions",
            Group::Resources => "resources",
            Group::Conditions => "conditions",
            Group::Deploy => "deploy",
            Group::Privilege => "privilege",
            Group::Pipeline => "pipeline",
        }
    }
}

/// What kinds of fixes a rule offers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum FixKind {
    /// None.
    None,
    /// Fixes that grant nothing more and take nothing away.
    Safe,
    /// Fixes that change what is granted.
    Unsafe,
}

static DOCUMENTATION: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/documentation.rs"));

impl Rule {
    /// The whole documentation in Markdown: what it finds, why it matters, `## Example`, `## Fixed`.
    pub fn documentation(&self) -> &'static str {
        DOCUMENTATION
            .binary_search_by(|(id, _)| (*id).cmp(self.id))
            .ok()
            .and_then(|at| DOCUMENTATION.get(at))
            .map_or("", |(_, text)| text)
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}
