//! How far this room goes with a hostile or huge module; see [`crate::limits`].

use crate::limits::VALUES_OF_A_TEXT;

/// How deeply expressions in expressions and references to references are followed.
pub(super) const DEPTH_OF_EXPRESSIONS: u32 = 32;

/// How deeply operators, brackets and calls of one expression may be nested for it to be taken apart: each takes several
/// calls of the reader's own.
pub(super) const DEPTH_OF_AN_EXPRESSION: u32 = 24;

/// The most operators, operands and steps of one expression.
pub(super) const PARTS_OF_AN_EXPRESSION: u32 = 2048;

/// The most steps of one reference: nothing that somebody writes has near as many attributes and indexes.
pub(super) const STEPS_OF_A_REFERENCE: usize = 64;

/// The most nodes that are looked at for one value: references may multiply.
pub(super) const NODES_OF_A_VALUE: u32 = 4096;

/// The most values that one is made of: one more than are told apart, so that it is seen that there are more.
pub(super) const VALUES_OF_ONE: usize = VALUES_OF_A_TEXT + 1;

/// The longest text that is put together, in bytes: functions repeat and join what they are given.
pub(super) const TEXT_LENGTH: usize = 1 << 16;

/// How deeply a value is nested that `jsonencode` makes a text of.
pub(super) const DEPTH_OF_JSON: usize = 32;

/// How deeply lists in lists, and references from one to the next, are followed for what is in them.
pub(super) const DEPTH_OF_LISTS: u32 = 16;

/// How deeply lists in lists are read as texts of a policy, which has none in one another.
pub(super) const DEPTH_OF_LISTED_TEXTS: usize = 8;

/// How deeply comprehensions, lists and calls are nested that are looked through for an `Effect`.
pub(super) const DEPTH_OF_EFFECTS: u32 = 8;

/// How deeply directives of a template may be nested.
pub(super) const DEPTH_OF_DIRECTIVES: usize = 16;

/// How deeply the blocks of a file are nested within those that lists and labels make of them.
pub(super) const DEPTH_OF_BLOCKS: usize = 16;

/// How many references and calls lead from an argument to what bounds an identity.
pub(super) const DEPTH_OF_BOUNDS: u32 = 8;

/// How deeply modules in modules of a plan are read.
pub(super) const DEPTH_OF_A_PLAN: usize = 32;

/// How many modules deep callers and called modules are looked at: each is a folder that is read.
pub(super) const DEPTH_OF_CALLS: usize = 3;

/// How many folders up callers of a module are looked for.
pub(super) const FOLDERS_UP_TO_CALLERS: usize = 3;

/// How many folders up modules are looked for that read a file.
pub(super) const FOLDERS_UP_TO_READERS: usize = 4;

/// The most files of a folder that are read as one module: more than anybody writes.
pub(super) const FILES_OF_A_MODULE: usize = 1 << 14;

/// The longest name of a file, in bytes: no file system has longer ones, so that a longer word is none.
pub(super) const FILE_NAME_LENGTH: usize = 255;

/// The most instances of calls that are looked at.
pub(super) const INSTANCES: usize = 1024;

/// The most ways that the calls of a module make a file: rules look at it in each.
pub(super) const WAYS: usize = 64;

/// The most bytes that are looked at for the ways of a file: its length as often as there are ways.
pub(super) const BYTES_IN_ALL_WAYS: usize = 1 << 18;

/// How many documents that take statements from one another are followed to whoever uses them, and as long as there are no
/// more than [`USERS`]: in a chain of documents all above each get what it says, and all of them have to do with each other.
pub(super) const TAKERS: usize = 4;

/// See [`TAKERS`].
pub(super) const USERS: usize = 32;

/// The most policies of one attachment that are looked at.
pub(super) const ATTACHED: usize = 256;

/// The most nodes that are looked at for whether something is denied.
pub(super) const NODES_OF_DENIALS: usize = 65_536;

/// The most names that an expression of a file that is filled in is worked out with.
pub(super) const NAMES_OF_AN_EXPRESSION: usize = 32;

/// The most variables of a file that is filled in that are looked at.
pub(super) const FILLED_VARIABLES: usize = 256;

/// The most references that are tried for one part of an ARN.
pub(super) const REFERENCES_TRIED: usize = 32;

/// The most uses of a name in a file that are listed.
pub(super) const LISTED_USES: usize = 2_000;

/// How many bytes of a text count as one more value of [`VALUES_OF_ONE`].
pub(super) const BYTES_OF_A_VALUE: usize = 256;
