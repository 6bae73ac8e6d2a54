//! What was written, checked against the values that were meant, comments included.

use std::collections::HashMap;

use super::super::expected::{edited, of_tree};
use super::super::hcl::whole;
use super::super::{Edit, TextEdit, apply};
use crate::{Tree, View};

/// Checks what was written against the model.
#[track_caller]
pub(super) fn check(tree: &Tree, edits: &[Edit], written: &[TextEdit]) {
    let edits = &*whole::strings(tree, edits);
    for edit in written {
        assert!(edit.span.start <= edit.span.end && edit.span.end as usize <= tree.source().len());
    }
    for two in written.windows(2) {
        assert!(
            two[0].span.end < two[1].span.start,
            "not sorted, or not joined: {two:?}"
        );
    }
    let before = tree.source();
    let result = apply(before, written);
    let again = Tree::parse(result.clone(), tree.format());
    let shown = || format!("\n--- edits\n{edits:?}\n--- from\n{before}\n--- got\n{result}\n---");
    if tree.is_complete() {
        assert!(again.is_complete(), "{:?}{}", again.problems(), shown());
        assert_eq!(of_tree(&again), edited(tree, edits, &[]), "{}", shown());
    }
    // Two comments may have come to stand on one line.
    let all: String = again
        .comments()
        .iter()
        .map(|comment| format!("{}\n", &result[comment.span.range()]))
        .collect();
    let mut wanted: HashMap<&str, usize> = HashMap::new();
    for comment in tree.comments() {
        if !may_go(tree, edits, comment.span.start as usize) {
            *wanted.entry(&before[comment.span.range()]).or_default() += 1;
        }
    }
    for (comment, count) in wanted {
        assert!(
            all.matches(comment).count() >= count,
            "lost {comment:?}{}",
            shown()
        );
    }
}

/// Whether a comment belongs to what an edit takes away: inside it, on its last line, or on the lines around it.
fn may_go(tree: &Tree, edits: &[Edit], comment: usize) -> bool {
    let source = tree.source();
    edits.iter().any(|edit| {
        let (start, end, is_removal) = match edit {
            Edit::RemoveItem { item, .. } => (tree.span(*item).start, tree.span(*item).end, true),
            Edit::RemovePair { key, mapping } => {
                let View::Mapping(pairs) = tree.view(*mapping) else {
                    return false;
                };
                let pair = pairs.iter().find(|pair| pair.key == *key).unwrap();
                (
                    tree.span(*key).start,
                    tree.span(pair.value).end.max(tree.span(*key).end),
                    true,
                )
            }
            Edit::Replace { node, .. } => (tree.span(*node).start, tree.span(*node).end, false),
            _ => return false,
        };
        let (start, end) = (start as usize, source[..end as usize].trim_end().len());
        if (start..end).contains(&comment) {
            return true;
        }
        if !is_removal {
            return false;
        }
        if comment >= end {
            // On its last line, or on comment lines directly below.
            let between = &source[end..comment];
            return between
                .split_inclusive('\n')
                .skip(1)
                .all(|line| is_comment(line) || !line.ends_with('\n'));
        }
        // On comment lines directly above, or beside its dash.
        let above = &source[comment..start];
        let lines = above[..above.rfind('\n').map_or(0, |at| at + 1)].lines();
        lines.skip(1).all(|line| {
            let rest = line.trim_start_matches([' ', '-']);
            is_comment(rest) || (rest.trim().is_empty() && line.contains('-'))
        })
    })
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with(['#', '/'])
}
