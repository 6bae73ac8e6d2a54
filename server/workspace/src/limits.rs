//! How far this crate goes: what a hostile or huge input may cost before the answer is that it isn't known.

/// The largest file that is read for the sake of another, in bytes.
pub(crate) const NEIGHBOUR_SIZE: u64 = 8 << 20;

/// The most files that an index has. A workspace with more declares no end of roles; the rest of them stays unknown.
pub(crate) const INDEXED_FILES: usize = 4096;

/// The largest config that is read, in bytes.
pub(crate) const CONFIG_SIZE: u64 = 1 << 20;

/// The most problems of a config that are told: for the line of each its text is gone through, and nobody reads more.
pub(crate) const TOLD_PROBLEMS: usize = 100;

/// The most files that are followed, from one to those that it names, for how a service leads to one of them.
pub(crate) const FOLLOWED_FILES: usize = 256;

/// How many steps all texts of a file take together beyond what each has for itself.
pub(crate) const STEPS_OF_A_FILE: usize = 1 << 20;
