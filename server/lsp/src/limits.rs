//! How far this crate goes: what a hostile or huge input may cost before the answer is that it isn't known.

use std::time::Duration;

/// More edits than these are not worth replaying: the text is read anew.
pub(crate) const PENDING_EDITS: usize = 512;

/// A longer text is kept in step but not analysed, in bytes.
pub(crate) const ANALYSED_SIZE: usize = 64 << 20;

/// Room for the recursion of readers and rules over the deepest tree they admit, in bytes. Only what is
/// used of it takes memory.
pub(crate) const STACK_SIZE: usize = 8 << 20;

/// A longer text isn't parsed while somebody waits for an answer, in bytes: until it is, the file is unknown.
pub(crate) const PARSED_AT_ONCE: usize = 512 << 10;

/// The longest body that is read, in bytes. No editor opens a longer document for us; a length above it
/// is a broken header.
pub(crate) const BODY_LENGTH: usize = 64 << 20;

/// The longest head of a frame, in bytes.
pub(crate) const HEAD_LENGTH: usize = 4 << 10;

/// A buffer that grew beyond this for one long message is given back after it, in bytes.
pub(crate) const KEPT_BUFFER: usize = 256 << 10;

/// How many messages may wait for a client that does not read, before the server stops reading in turn.
pub(crate) const WAITING_MESSAGES: usize = 256;

/// How many bytes are made room for at least before something is read: small messages come in one go.
pub(crate) const LEAST_RESERVED: usize = 8 << 10;

/// How many at most, whatever length a message claims: memory is taken for what has come, not for what is announced.
pub(crate) const MOST_RESERVED: usize = 1 << 20;

/// From which length on a line without a colon is no name of a header that is still to be completed.
pub(crate) const HEADER_NAME_LENGTH: usize = 128;

/// The longest file, in bytes, in which a menu of code actions has one that applies all safe fixes: to know whether there are any, the
/// whole file is checked.
pub(crate) const FIXED_FOR_A_MENU: usize = 64 << 10;

/// How long diagnostics wait behind an edit for questions that come with it: editors ask for completions some 10 ms after a key.
pub(crate) const GRACE: Duration = Duration::from_millis(20);

/// How long the diagnostics of a document are given up for somebody who waits for an answer about it: then they come first, since
/// somebody who types quickly in a large file would see none. What is found before they are given up is kept, so of several policies
/// most are looked at by then.
pub(crate) const GIVEN_UP: Duration = Duration::from_millis(500);

/// How many threads may come for what would wait for the analysis of another document: so many huge ones are rarely open.
pub(crate) const HELPERS: usize = 3;

/// From how many findings on the lines of a text are found once for all of them, rather than its rope searched for each.
pub(crate) const MANY_PLACES: usize = 256;
