//! Edits that can't be written.

use super::CannotWrite;
use crate::NodeId;

/// For the many places that refuse.
pub(super) fn refuse<R>(node: NodeId, reason: &'static str) -> Result<R, CannotWrite> {
    Err(CannotWrite { node, reason })
}
