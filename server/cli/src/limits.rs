//! How far this crate goes: what a hostile or huge input may cost before the answer is that it isn't known.

/// The largest file that is read, in bytes. CloudFormation takes templates of 1 MiB; nothing near this holds policies.
pub(crate) const FILE_SIZE: u64 = 32 << 20;

/// The most that is read again to work out the fixes of a file: each is proven by reading what it touches, and the whole
/// file where that can't be told apart.
pub(crate) const READ_FOR_FIXES: usize = 1 << 28;

/// How often the length of a file, and of [`READ_TO_COUNT_AT_LEAST`] beside it, is read again at most to count the fixes that can be
/// written, where none is told.
pub(crate) const READ_TO_COUNT: usize = 32;

/// What is added to the length of a file for that: the fixes of a small one are all tried.
pub(crate) const READ_TO_COUNT_AT_LEAST: usize = 64 << 10;

/// The most text that a report holds of the fixes of a file: one of a broad wildcard can take away hundreds of permissions, each of
/// which it names.
pub(crate) const TOLD_OF_FIXES: usize = 32 << 20;

/// The most files that are told of which a file needs and which aren't read; of more there is a count.
pub(crate) const TOLD_UNREAD: usize = 50;

/// The most files that are kept from when they are first looked at until they are checked. The others are read again, so that
/// it takes no more memory to check very many; of those that declare what other files ask for, only what rules work out goes.
pub(crate) const KEPT_FILES: usize = 100;

/// The most results of a run: GitHub refuses a file with more.
pub(crate) const SARIF_RESULTS: usize = 25_000;

/// The longest description that GitHub takes, in characters.
pub(crate) const SARIF_DESCRIPTION: usize = 1024;

/// The most related places of a result: GitHub shows no more.
pub(crate) const SARIF_RELATED: usize = 100;

/// How much of a file that is too large to be read is looked through for a policy, in bytes: some seconds of reading.
pub(crate) const LOOKED_THROUGH: u64 = 256 << 20;

/// The most nodes that are followed for the statements that a policy takes from local values.
pub(crate) const NODES_OF_LOCALS: usize = 4096;

/// How much of a file that is too large to be read is looked through at once, in bytes.
pub(crate) const LOOKED_THROUGH_AT_ONCE: usize = 1 << 20;

/// As much as an effect or the head of a block takes, in bytes: it may stand where two such parts meet.
pub(crate) const EFFECT_LENGTH: usize = 64;

/// How many bytes are counted at most to find a column: places between are remembered.
pub(crate) const COUNTED_FOR_A_COLUMN: usize = 512;

/// How much of a line a report shows, in bytes: a file may be one line.
pub(crate) const SHOWN_OF_A_LINE: usize = 400;

/// How long a report grows before that much of it is written, in bytes.
pub(crate) const WRITTEN_AT_ONCE: usize = 1 << 16;
