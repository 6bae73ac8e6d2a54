//! What rules look at.

use leastwise_model::{Owner, Policy, Site, Statement};
use leastwise_workspace::analysis::index::Index;

use super::facts::Facts;
use crate::Context;
use crate::support::action_entry::ActionEntry;

/// What a rule looks at: the engine walks over the file and calls its function for each of these.
#[derive(Clone, Copy)]
pub enum Scope {
    /// The file as such, whatever policies it has.
    File(OfFile),
    /// The file as such, where it is known what the workspace's other files declare.
    Workspace(OfIndex),
    /// Each policy: [`Context::sites`].
    Policy(OfPolicy),
    /// Each policy that lets somebody in: [`Context::grants`].
    Grant(OfPolicy),
    /// Each statement: [`Context::statements`].
    Statement(OfStatement),
    /// Each action of a statement, and that of each resource which is a permission by itself.
    Action(OfAction),
    /// Each owner; the number is its index in [`leastwise_workspace::Analysis::owners`].
    Owner(OfOwner),
}

/// Looks at a policy.
pub type OfPolicy = for<'a> fn(&Context<'a>, &'a Site, &'a Policy, &mut Facts<'a>);
/// Looks at a statement.
pub type OfStatement = for<'a> fn(&Context<'a>, &'a Site, &'a Statement, &mut Facts<'a>);
/// Looks at an action.
pub type OfAction = for<'a> fn(&Context<'a>, &ActionEntry<'a>, &mut Facts<'a>);
/// Looks at an owner.
pub type OfOwner = for<'a> fn(&Context<'a>, usize, &'a Owner, &mut Facts<'a>);
/// Looks at a file.
pub type OfFile = for<'a> fn(&Context<'a>, &mut Facts<'a>);
/// Looks at a file, beside what the workspace declares.
pub type OfIndex = fn(&Context<'_>, &Index, &mut Facts<'_>);

/// The parts of a file that rules are asked about apart from each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FilePart {
    /// What belongs to no policy.
    File,
    /// Policies and their owners.
    Policies,
}

impl Scope {
    /// Where it is.
    pub(crate) fn part(&self) -> FilePart {
        match self {
            Scope::File(_) | Scope::Workspace(_) => FilePart::File,
            Scope::Policy(_)
            | Scope::Grant(_)
            | Scope::Statement(_)
            | Scope::Action(_)
            | Scope::Owner(_) => FilePart::Policies,
        }
    }
}
