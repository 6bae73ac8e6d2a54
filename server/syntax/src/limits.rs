//! How far this crate goes: how much of a text is read before the reader gives up, and what a hostile or huge one may cost.

/// Guards against texts that would cost too much time, memory or stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// How deeply collections may nest. What lies deeper becomes `Invalid` with a problem.
    pub depth: u32,
    /// How long a text may be, in bytes. A longer one is one `Invalid` node with a problem.
    pub size: usize,
    /// How many brackets, commas, colons and line breaks a text may have together, each of which may be a node's. One with
    /// more is one `Invalid` node with a problem.
    pub signs: usize,
    /// For how many nodes the aliases of a text may stand together (more where the text itself is long), and how many
    /// pairs [`Tree::pairs`](crate::Tree::pairs) may collect through merge keys.
    pub expansion: usize,
}

/// What is said of something that is nested more deeply than is read.
pub(crate) fn too_deep(depth: u32) -> String {
    format!("This is nested deeper than {depth} levels: it is not read.")
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 200,
            size: 64 << 20,
            signs: 4 << 20,
            expansion: 100_000,
        }
    }
}

/// How many nodes aliases may stand for to each node that is written: a long file may say more by them.
pub(crate) const ALIASED_BY_NODE: u64 = 4;

/// How many strings may be around a document: each doubles the escapes of the next.
pub(crate) const DEPTH_OF_STRINGS: u32 = 8;

/// The most nodes of the map of a `Fn::Sub`: each text inside shares it, and who walks the texts walks it each time.
pub(crate) const NODES_OF_A_MAP: usize = 256;

/// The most interpolations of one template: there are no more placeholders.
pub(crate) const INTERPOLATIONS: usize = 1 << 16;

/// The longest mark that is looked for, in bytes, so that a pair of braces that nothing closes takes nothing with it.
pub(crate) const MARK_LENGTH: usize = 2048;

/// The same for `${…}`, `%{…}` and `#{…}`, which end on their line.
pub(crate) const MARK_ON_A_LINE: usize = 512;

/// The most parts between marks that the text of a file is told apart in: each is compared with every place that hangs on one.
pub(crate) const MARKED_PARTS: usize = 512;

/// How often, on average, a byte may be read again before recovery gives up on what is left.
pub(crate) const READINGS: usize = 8;

/// How often, on average, a byte may be passed over in looking for lines.
pub(crate) const PASSES: usize = 32;

/// After so many problems, what is broken is no longer looked into, and no longer reported.
pub(crate) const PROBLEMS: usize = 1000;

/// A longer piece isn't read by itself where it is known to hold the failure, in bytes.
pub(crate) const TRIED_AGAIN: usize = 4096;

/// How often one text is read anew with something masked that the reader takes offence at and YAML doesn't.
pub(crate) const MASKS: u32 = 24;

/// Longer texts are not worth the time of the reader that goes on behind errors, in bytes: it takes 100 ms for a megabyte.
pub(crate) const TOLERANT_SIZE: usize = 1 << 16;

/// Deeper texts that reader is kept from, whatever the limits say: it ends the process on 255 nested block mappings.
pub(crate) const TOLERANT_DEPTH: u32 = 200;

/// For how many brackets of JSON it is tried whether the text could be read further if they were closed.
pub(crate) const BRACKETS_TRIED: usize = 4;

/// How many pairs and items around an edit are tried before the whole text is read.
pub(crate) const PIECES_TRIED: usize = 4;

/// How many collections around the edits of a fix are tried for its proof before the whole text is read.
pub(crate) const COLLECTIONS_TRIED: usize = 8;

/// The most nodes that are looked at for one question about the style of a text: the answer is that of the nearest ones.
pub(crate) const SAMPLE: usize = 1000;

/// How far behind a part of a text the end of its line is looked for, for comments.
pub(crate) const NEAR_END_OF_LINE: usize = 256;

/// How many nodes are kept beside what was worked out of them; of more it isn't told which.
pub(crate) const TRACED_NODES: usize = 1024;

/// How many pairs of bytes are looked at to tell whether a text without a mark is UTF-16.
pub(crate) const PAIRS_OF_BYTES: usize = 256;

/// How many bytes of a broken YAML text may be read anew beside a multiple of its length: a short one is read as often as it takes.
pub(crate) const BYTES_BESIDE: usize = 1 << 16;

/// How many characters of what isn't understood a message quotes: it may be the rest of the text.
pub(crate) const QUOTED_CHARACTERS: usize = 40;
