//! What rules look at.

use leastwise_model::{Owner, Policy, Site, Statement};
use leastwise_workspace::analysis::index::Index;

use super::facts::Facts;
use crate::Context;

/// What a rule looks at: the engine calls its function for each of these.
#[derive(Clone, Copy)]
pub enum Scope {
    /// The file as such, whatever policies it has.
    File(OfUnit),
    /// The file as such, where it is known what the workspace's other files declare.
    Workspace(OfIndex),
    /// Each policy: [`Context::sites`].
    Policy(OfPolicy),
    /// Each policy that lets somebody in: [`Context::grants`].
    Grant(OfPolicy),
    /// Each statement: [`Context::statements`].
    Statement(OfStatement),
    /// Each owner; the number is its index in [`leastwise_workspace::Analysis::owners`].
    Owner(OfOwner),
    /// All policies and owners that hang together: what one of them is compared with.
    Unit(OfUnit),
}

/// Looks at a policy.
pub type OfPolicy = for<'a> fn(&Context<'a>, &'a Site, &'a Policy, &mut Facts<'a>);
/// Looks at a statement.
pub type OfStatement = for<'a> fn(&Context<'a>, &'a Site, &'a Statement, &mut Facts<'a>);
/// Looks at an owner.
pub type OfOwner = for<'a> fn(&Context<'a>, usize, &'a Owner, &mut Facts<'a>);
/// Looks at what the context shows.
pub type OfUnit = for<'a> fn(&Context<'a>, &mut Facts<'a>);
/// Looks at what the context shows, beside what the workspace declares.
pub type OfIndex = fn(&Context<'_>, &Index, &mut Facts<'_>);

/// The parts of a file that rules are asked about apart from each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// What belongs to no policy.
    File,
    /// Policies and their owners.
    Policies,
}

impl Scope {
    /// Where it is.
    pub(crate) fn part(&self) -> Part {
        match self {
            Scope::File(_) | Scope::Workspace(_) => Part::File,
            Scope::Policy(_)
            | Scope::Grant(_)
            | Scope::Statement(_)
            | Scope::Owner(_)
            | Scope::Unit(_) => Part::Policies,
        }
    }
}
