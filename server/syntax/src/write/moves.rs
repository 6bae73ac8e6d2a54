//! What leaves its place, and the comments that go along.

use std::collections::{HashMap, HashSet};

use crate::NodeId;

/// The comments of an entry, as they are written.
#[derive(Clone, Default, Debug)]
pub(super) struct OwnComments {
    pub above: Vec<String>,
    pub behind: Vec<String>,
    /// Whether an empty line sets the comments above it apart from the entry before.
    pub is_apart: bool,
}

impl OwnComments {
    /// Whether there is no comment.
    pub fn is_empty(&self) -> bool {
        self.above.is_empty() && self.behind.is_empty()
    }
}

/// What leaves its place by the edits of one call, and the comments that go along.
#[derive(Default)]
pub(super) struct Moves {
    /// Items that are taken out of their lists.
    pub removed: HashSet<NodeId>,
    /// Items and keys that are taken out with nothing in their place.
    pub gone: HashSet<NodeId>,
    /// Nodes that something else is written in the place of, and single values that become items.
    pub rewritten: HashSet<NodeId>,
    /// Mappings that become items beside new ones: what is in them stays there.
    pub wrapped: HashSet<NodeId>,
    /// The comments of items that go and are copied, and those in a node that a list takes the place of.
    pub own: HashMap<NodeId, OwnComments>,
}
