//! How far this room goes with a hostile or huge service; see [`crate::limits`].

/// How many variables that stand for whole parts of the service may lead from one to the next.
pub(super) const VARIABLES_IN_A_ROW: u8 = 24;

/// How many variables are worked out within one another. What leads on further is worked out by itself first.
pub(super) const VARIABLES_WITHIN: u8 = 12;

/// How often something is worked out by itself first for one variable.
pub(super) const WORKED_OUT_FIRST: usize = 4096;

/// How deeply variables are written in the braces of others.
pub(super) const DEPTH_OF_VARIABLES: usize = 16;

/// The longest value, in bytes: variables that repeat each other grow without end.
pub(super) const VALUE_LENGTH: usize = 16 << 10;

/// The longest variable that a cursor is looked for in, in bytes: nobody writes a longer one.
pub(super) const VARIABLE_LENGTH: usize = 512;

/// The most names that are remembered of what leads to one value.
pub(super) const NOTED_NAMES: usize = 64;

/// The most stages that are told apart: each is an environment.
pub(super) const STAGES: usize = 16;

/// The most mappings that are looked at for stages.
pub(super) const MAPPINGS_OF_STAGES: usize = 256;

/// The most functions that are read.
pub(super) const FUNCTIONS: usize = 2000;

/// The most statements that are taken from elsewhere.
pub(super) const STATEMENTS: usize = 4096;

/// How deeply lists in lists of statements are read.
pub(super) const DEPTH_OF_LISTS: usize = 8;

/// The most addresses that are offered to complete a variable.
pub(super) const OFFERED_ADDRESSES: usize = 400;

/// How deeply addresses are looked for that are offered.
pub(super) const DEPTH_OF_OFFERED: usize = 5;

/// How long the name of a stage is at most: each becomes part of the names of all that is resolved under it.
pub(super) const STAGE_LENGTH: usize = 64;
