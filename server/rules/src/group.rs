//! How rules are sorted: by what they look at, and by what they can mend.

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

/// What a rule's findings hang on, which is what an editor waits for before it shows one to somebody who is writing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Judges {
    /// On what stands in their place alone: they are told once that is written.
    Place,
    /// On what stands beside it, too, or on what is missing: what is still to be written in the statement, or in the policy
    /// around the statements, may be the cure.
    Statement,
}
