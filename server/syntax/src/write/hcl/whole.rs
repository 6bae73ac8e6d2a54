//! A string that is nothing but one interpolation, `"${…}"`, is edited as a whole: what is written in its place has quotes of
//! its own.

use std::borrow::Cow;

use super::super::{Edit, InsertAt};
use crate::{Format, NodeId, Style, Tree, View};

/// The edits with such strings in place of what is interpolated in them.
pub(in super::super) fn strings<'e>(tree: &Tree, edits: &'e [Edit]) -> Cow<'e, [Edit]> {
    if tree.format() != Format::Hcl {
        return Cow::Borrowed(edits);
    }
    let mut edits = edits.to_vec();
    for edit in &mut edits {
        match edit {
            Edit::InsertItem { list, place, .. } => {
                // In a list already, it becomes none.
                let is_item = |node| {
                    let parent = tree.parent(node);
                    parent.is_some_and(|of| matches!(tree.view(of), View::Sequence(_)))
                };
                let whole = string(tree, *list);
                if !is_item(whole) {
                    *list = whole;
                }
                if let InsertAt::After(item) | InsertAt::Before(item) = place {
                    *item = string(tree, *item);
                }
            }
            Edit::RemoveItem { item, .. } => *item = string(tree, *item),
            Edit::Replace { node, .. } => *node = string(tree, *node),
            Edit::InsertPair { .. }
            | Edit::RemovePair { .. }
            | Edit::SetScalar { .. }
            | Edit::SetPart { .. } => {}
        }
    }
    Cow::Owned(edits)
}

/// The string that a node is all of, or the node itself.
fn string(tree: &Tree, node: NodeId) -> NodeId {
    let template = || {
        let parts = tree.parent(node)?;
        let template = tree.parent(parts)?;
        let View::Tagged(tag, _) = tree.view(template) else {
            return None;
        };
        let is_all = matches!(tree.view(parts), View::Sequence([only]) if *only == node);
        let is_it = is_all
            && tag.name == "hcl:template"
            && tree.style(parts) == Style::DoubleQuoted
            && tree.style(node) != Style::Fragment;
        is_it.then_some(template)
    };
    template().unwrap_or(node)
}
