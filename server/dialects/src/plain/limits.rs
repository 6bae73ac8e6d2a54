//! How far this room goes with a hostile or huge file; see [`crate::limits`].

/// How many names of a mapping are looked at to tell whether it is a list of AWS's policies: the first ones are enough, and that is
/// asked for each of many documents.
pub(super) const NAMES_LOOKED_AT: usize = 16;
