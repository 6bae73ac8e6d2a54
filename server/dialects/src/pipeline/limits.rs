//! How far this room goes with a hostile or huge pipeline; see [`crate::limits`].

/// How many variables may lead from one to the next: they may lead back.
pub(super) const VARIABLES_IN_A_ROW: u32 = 8;

/// The most steps of an action that are looked at.
pub(super) const STEPS_OF_AN_ACTION: usize = 256;

/// How many folders up the repository is looked for: files lie no deeper in practice, and each is a read.
pub(super) const FOLDERS_UP_TO_REPOSITORY: usize = 8;
