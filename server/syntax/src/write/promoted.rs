//! What is changed in a mapping that becomes an item beside new ones: the changes are written into its copy, so that its
//! comments stay where they are.

use std::collections::{BTreeMap, HashSet};

use super::apply::apply;
use super::comments;
use super::plan::Writer;
use super::refuse::refuse;
use super::{CannotWrite, Edit, TextEdit};
use crate::{NodeId, Span, View};

/// Edits by the mapping that they are made in.
type Inner<'e> = BTreeMap<NodeId, Vec<&'e Edit>>;

impl Writer<'_> {
    /// The edits in mappings that become items, and all others.
    pub fn apart<'e>(&self, edits: &'e [Edit]) -> (Inner<'e>, Vec<&'e Edit>) {
        let (mut inner, mut others) = (Inner::new(), Vec::new());
        for edit in edits {
            let around = std::iter::successors(Some(edit.node()), |node| self.tree.parent(*node));
            let mut around = around.filter(|node| self.moves.wrapped.contains(node));
            let is_beside = matches!(edit, Edit::InsertItem { .. });
            match around.next() {
                Some(of) if of != edit.node() || !is_beside => {
                    inner.entry(of).or_default().push(edit)
                }
                _ => others.push(edit),
            }
        }
        (inner, others)
    }

    /// Writes edits down for the copy of the mapping that they are made in, of `all` edits.
    pub(crate) fn change_copy(
        &mut self,
        id: NodeId,
        edits: &[&Edit],
        all: &[Edit],
    ) -> Result<(), CannotWrite> {
        // What else it is copied to has it as it was.
        let mut copied = HashSet::new();
        for edit in all {
            if let Edit::InsertItem { value, .. }
            | Edit::InsertPair { value, .. }
            | Edit::Replace { value, .. } = edit
            {
                comments::copied(value, &mut copied);
            }
        }
        if copied.contains(&id) {
            return refuse(id, "another edit takes it away");
        }
        let from = self.take_out();
        self.all(edits)?;
        let written = self.finished()?;
        self.put_out(from);
        let range = self.range(id);
        let end = match self.is_block_collection(id) {
            true => self.lines.eol(self.content_end(id)),
            false => range.end,
        };
        let own = Span::new(range.start as u32, end as u32);
        if !written.iter().all(|edit| own.contains(edit.span)) {
            return refuse(id, "two of the edits change the same text");
        }
        self.changed.insert(id, written);
        Ok(())
    }

    /// Where the copy of a node ends that ends at `end` as it is: behind what is changed in it.
    pub(crate) fn changed_end(&self, id: NodeId, end: usize) -> usize {
        let all = self.changed.get(&id);
        let mut ends = all.into_iter().flatten().map(|edit| edit.span.end as usize);
        match ends.any(|last| last > end) {
            true => self.lines.eol(end),
            false => end,
        }
    }

    /// What is written in `start..end`, with what is changed in the copy of a node. `None` where nothing is.
    pub(crate) fn changed_text(&self, id: NodeId, start: usize, end: usize) -> Option<String> {
        let edits = self.changed.get(&id)?;
        let moved = |edit: &TextEdit| {
            let span = edit.span.range();
            let (from, to) = (span.start.checked_sub(start)?, span.end.checked_sub(start)?);
            Some(TextEdit {
                span: Span::new(from as u32, to as u32),
                text: edit.text.clone(),
            })
        };
        let edits: Vec<TextEdit> = edits.iter().filter_map(moved).collect();
        Some(apply(self.lines.slice(start, end), &edits))
    }

    /// Whether a node is a mapping that becomes an item while something in it is changed.
    pub(crate) fn is_changed_in(&self, id: NodeId) -> bool {
        matches!(self.tree.view(id), View::Mapping(_)) && self.changed.contains_key(&id)
    }
}
