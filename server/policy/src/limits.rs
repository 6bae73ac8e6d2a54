//! How far this crate goes: what a hostile or huge input may cost before the answer is that it isn't known.

/// Comparisons after which no more redundant entries of `Action` are looked for: a hostile list of wildcards.
pub(crate) const REDUNDANT_COMPARISONS: usize = 1 << 20;

/// How many conditions are looked at for one answer; beyond that it depends.
pub(crate) const TESTS: usize = 1 << 14;

/// How many resources are looked at for one answer.
pub(crate) const PLACES: usize = 1 << 8;

/// How many condition keys are settled one after the other.
pub(crate) const KEYS: usize = 128;

/// How many clauses are compared with one resource; with more of them, what they say of it depends.
pub(crate) const COMPARED: usize = 1 << 9;

/// How many resources are kept with the clauses that reach them.
pub(crate) const KEPT_RESOURCES: usize = 1 << 8;

/// The most actions whose clauses are kept; those of others are found again each time.
pub(crate) const KEPT_ACTIONS: usize = 4096;

/// The most actions whose fit is kept for one pattern; the rest are asked about again each time.
pub(crate) const KEPT_FITS: usize = 128;

/// The most actions whose fit is kept for one format of the catalog, of which there are some 2,500.
pub(crate) const KEPT_FITS_OF_FORMAT: usize = 1024;

/// An entry of `Action` that stands for more actions is expanded again each time.
pub(crate) const KEPT_EXPANDED: usize = 1024;

/// The most entries of `Action` whose expansion is kept.
pub(crate) const KEPT_EXPANSIONS: usize = 4096;

/// The most names of condition keys for which is kept what they can have been meant for.
pub(crate) const KEPT_GUESSES: usize = 4096;

/// The most states of automata that one comparison of patterns visits; beyond that it depends.
pub(crate) const PATTERN_STATES: usize = 1 << 13;

/// The most cells of resources that one comparison of sets looks into; beyond that it depends.
pub(crate) const CELLS: usize = 1 << 14;

/// How many conditions are looked at in one comparison of sets.
pub(crate) const COMPARED_TESTS: usize = 1 << 20;

/// The most values of one condition key that are tried out in sets, or beside those that are written down.
pub(crate) const SAMPLES: usize = 64;

/// Steps after which a comparison gives up and answers "maybe" (or "not surely").
pub(crate) const STEPS: usize = 1 << 22;

/// Symbols of a pattern above which the answer is "maybe". IAM's own limit for a resource is 2,048 characters.
pub(crate) const SYMBOLS: usize = 8192;

/// The most symbols of a pattern that are read: one more than are compared, so that it is seen that there are more.
pub(crate) const SYMBOLS_READ: usize = SYMBOLS + 1;
