//! How far this room goes with a hostile or huge template; see [`crate::limits`].

/// How deeply nested stacks in nested stacks are read.
pub(super) const DEPTH_OF_STACKS: usize = 5;

/// The most nested stacks of a template that are read, over all levels: each is a file.
pub(super) const NESTED_STACKS: usize = 64;

/// How deeply a template is gone through for loops that stand inside of its resources.
pub(super) const DEPTH_OF_A_TEMPLATE: usize = 64;

/// How many templates around a template are followed for what is passed to it.
pub(super) const TEMPLATES_AROUND: u32 = 4;

/// The most stacks of one template that are looked at. One that stands for more has values that nobody lists.
pub(super) const STACKS_OF_A_TEMPLATE: usize = 16;

/// The most assertions that are looked at for one parameter: they may stand in each other.
pub(super) const ASSERTIONS: usize = 64;

/// The longest name that is looked for in a template, in bytes: a logical id has 255 characters at most, and no attribute is much
/// longer. What variables in variables leave behind is longer, and there is much of it.
pub(super) const NAME_LENGTH: usize = 1024;

/// The most conditions of `Fn::And` and `Fn::Or` that are asked. CloudFormation takes ten.
pub(super) const CONDITIONS_OF_ONE: usize = 32;
