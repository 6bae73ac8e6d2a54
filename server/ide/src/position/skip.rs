//! What of a YAML file needn't be gone through to tell where a cursor stands.

use std::ops::Range;

use leastwise_syntax::{NodeId, Pair, Style, Tree, View};

use crate::limits::SKIPPED_LEVELS;

/// The lines of entries that stand before the ones around a cursor, in the outermost mappings, but of the first one of each. None where something can't be
/// read: it may reach on.
pub(super) fn skipped(tree: &Tree, offset: u32) -> Vec<Range<usize>> {
    let mut skipped = Vec::new();
    let [root] = tree.documents() else {
        return skipped;
    };
    if !tree.is_complete() {
        return skipped;
    }
    let mut node = *root;
    for _ in 0..SKIPPED_LEVELS {
        let View::Mapping(pairs) = tree.view(node) else {
            break;
        };
        if tree.style(node) != Style::Block {
            break;
        }
        let behind = pairs.partition_point(|pair| tree.span(pair.key).start <= offset);
        let Some(own) = behind.checked_sub(1).and_then(|at| pairs.get(at)) else {
            break;
        };
        // The first one says in which column they stand.
        if let Some(lines) = pairs.get(1).and_then(|next| before(tree, next, own)) {
            skipped.push(lines);
        }
        node = own.value;
    }
    skipped
}

/// The lines from one entry of a mapping up to another.
fn before(tree: &Tree, next: &Pair, own: &Pair) -> Option<Range<usize>> {
    let begin = |key: NodeId| {
        let start = tree.span(key).start as usize;
        let before = tree.source().get(..start)?.trim_end_matches(' ');
        before.ends_with('\n').then_some(before.len())
    };
    let lines = begin(next.key)?..begin(own.key)?;
    (!lines.is_empty()).then_some(lines)
}
