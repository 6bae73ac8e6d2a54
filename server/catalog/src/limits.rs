//! How far this crate goes: what a hostile or huge input may cost before the answer is that it isn't known.

/// The longest name of an action, in bytes: a pattern of twice as many, stars in a row counted once, matches none.
pub(crate) const ACTION_LENGTH: usize = 128;

/// Longer names aren't compared for slips, in bytes: that takes the square of their lengths.
pub const COMPARED_LENGTH: usize = 128;

/// Longer names can't be in a policy, in bytes; matching one with two placeholders takes the square of its length.
pub(crate) const KEY_LENGTH: usize = 512;

/// The longest pattern of an ARN that is compared with another, in bytes: that takes the product of their lengths. IAM takes no
/// longer resource.
pub(crate) const ARN_LENGTH: usize = 2048;

/// The most slips that a name is away from the one that was meant: what is further is near to too many others.
pub(crate) const SLIPS: usize = 3;

/// A resource type's name in small letters alone that is longer, in bytes, is taken for several words, which nobody can tell apart.
pub(crate) const LONGEST_WORD: usize = 9;
