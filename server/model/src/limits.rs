//! How far this crate goes: what a hostile or huge input may cost before the answer is that it isn't known.

/// The most accounts that a misspelt one is compared with.
pub(crate) const COMPARED_ACCOUNTS: usize = 200;

/// How many characters a pattern of the config has at most. A path has no more.
pub(crate) const GLOB_LENGTH: usize = 4096;

/// How many nodes around a text are looked at.
pub(crate) const NODES_AROUND: usize = 512;

/// The most branches of `Fn::If` in `Fn::If` that are followed: more than a file is deep that can be read.
pub(crate) const BRANCHES: usize = 256;

/// The most cases that the elements of one statement are told apart in; what hangs on more conditions isn't known.
pub(crate) const CASES: usize = 16;

/// How much text of the file the variables in one policy stand for together, in bytes: lists of lists multiply, and some
/// hundred bytes of them could stand for billions of statements.
pub(crate) const FOLLOWED_BYTES: usize = 1 << 20;

/// How many characters a line of a quoted value has at most.
pub(crate) const QUOTED_LENGTH: usize = 80;
