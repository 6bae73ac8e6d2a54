//! How a command ends.

/// Why the program can't do what it was asked: printed, exit code 2.
#[derive(Debug)]
pub(crate) struct Failure {
    /// A sentence.
    pub why: String,
    /// What it is about, a line for each.
    pub about: Vec<String>,
}

impl Failure {
    /// One that a sentence says it all of.
    pub(crate) fn new(why: impl Into<String>) -> Failure {
        Failure {
            why: why.into(),
            about: Vec::new(),
        }
    }
}

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Outcome {
    /// Nothing to complain of: exit code 0.
    Fine,
    /// Findings, or something that nobody knows: exit code 1.
    Findings,
    /// Part of the input could not be used, as was said: exit code 2.
    Unusable,
}

impl Outcome {
    /// The exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Outcome::Fine => 0,
            Outcome::Findings => 1,
            Outcome::Unusable => 2,
        }
    }
}
