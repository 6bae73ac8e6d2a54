//! How much of a text is read before the reader gives up.

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
