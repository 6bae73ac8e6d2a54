//! How far this crate goes: what a hostile or huge input may cost before the answer is that it isn't known. What bounds one
//! dialect alone stands in the `limits` of its room.

/// The most values that one text is resolved to under one environment; more are left out. Rules look at each, and texts
/// made of several such parts multiply.
pub(crate) const VALUES_OF_A_TEXT: usize = 16;

/// The most pieces of a text that goes on in several ways: each way is a copy of them.
pub(crate) const FORKED_PIECES: usize = 256;

/// The longest text that goes on in several ways, in bytes: each way is a copy of it.
pub(crate) const FORKED_LENGTH: usize = 32_768;

/// How deeply functions in functions are followed, and references to references, each of which counts as
/// [`DEPTH_OF_A_REFERENCE`]. A template isn't nested as deep; references may multiply.
pub(crate) const DEPTH_OF_FUNCTIONS: u32 = 128;

/// What a reference counts of [`DEPTH_OF_FUNCTIONS`], so that some nine may follow one another.
pub(crate) const DEPTH_OF_A_REFERENCE: u32 = 14;

/// How deeply functions and templates in one another are cut into the parts of a text. One that lies deeper is a part that
/// isn't known.
pub(crate) const DEPTH_OF_PARTS: u32 = 32;

/// The most names that are taken down of what one value depends on; what it depends on beyond these is left out.
pub(crate) const NOTED_NAMES: usize = 256;

/// The most items that a list is worked out to: functions make long ones of few words.
pub(crate) const ITEMS_OF_A_LIST: usize = 1024;

/// The most that loops make: pairs of one mapping, resources of a template, values of a variable. CloudFormation takes 500
/// resources in a template.
pub(crate) const MADE_BY_LOOPS: usize = 512;

/// How deeply loops stand in each other: each multiplies what those around it make.
pub(crate) const DEPTH_OF_LOOPS: usize = 5;

/// How deeply choices, lists and keys on the way to a value are followed.
pub(crate) const DEPTH_OF_A_WAY: usize = 32;

/// The most values that one way leads to: choices in choices multiply.
pub(crate) const VALUES_ON_A_WAY: usize = 4096;

/// The most nodes of one policy that are looked at for whose policy it is.
pub(crate) const NODES_OF_A_POLICY: usize = 4096;

/// The longest text that is put together, in bytes, beside what is written at its own place. AWS takes 20 KiB for the longest
/// policy of all.
pub(crate) const RESOLVED_LENGTH: usize = 1 << 16;

/// How many functions, references and values are worked out for one text, wherever they lead.
pub(crate) const STEPS_OF_A_TEXT: usize = 1 << 14;

/// How many of [`STEPS_OF_A_TEXT`] each text has for itself. What takes more takes it from those of the file.
pub(crate) const OWN_STEPS_OF_A_TEXT: usize = 1 << 10;

/// How many bytes count as one step.
pub(crate) const BYTES_OF_A_STEP: usize = 64;
