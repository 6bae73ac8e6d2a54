//! Comments go with the entry that they stand by: those above it, before it on its line, and behind it.

use std::borrow::Cow;
use std::collections::HashSet;

use super::headings::{IGNORE, Places};
use super::moves::OwnComments;
use super::plan::Writer;
use super::{CannotWrite, Edit, InsertAt, NewValue, comments};
use crate::{Comment, NodeId, Style, View};

impl<'t> Writer<'t> {
    /// Notes what goes, and which comments go along.
    pub(crate) fn note_moves(&mut self, edits: &[Edit]) -> Result<(), CannotWrite> {
        let mut copied = HashSet::new();
        let mut refilled = HashSet::new();
        for edit in edits {
            if let Edit::InsertItem { place, .. } | Edit::InsertPair { place, .. } = edit
                && let InsertAt::After(entry) | InsertAt::Before(entry) = place
            {
                refilled.insert(*entry);
            }
            match edit {
                Edit::RemoveItem { item, .. } => {
                    self.moves.removed.insert(*item);
                    self.moves.gone.insert(*item);
                }
                Edit::RemovePair { key, .. } => {
                    self.moves.gone.insert(*key);
                }
                Edit::Replace { node, value } => {
                    self.moves.rewritten.insert(*node);
                    comments::copied(value, &mut copied);
                }
                Edit::InsertItem { list, value, .. } => {
                    match self.tree.view(*list) {
                        View::Sequence(_) => {}
                        View::Mapping(_) => {
                            self.moves.wrapped.insert(*list);
                        }
                        _ => {
                            self.moves.rewritten.insert(*list);
                        }
                    }
                    comments::copied(value, &mut copied);
                }
                Edit::InsertPair { value, .. } => comments::copied(value, &mut copied),
                _ => {}
            }
        }
        if self.lines.comments.is_empty() {
            return Ok(());
        }
        self.moves.gone.retain(|entry| !refilled.contains(entry));
        let lists: HashSet<NodeId> = copied
            .iter()
            .filter(|node| self.is_item(**node) && self.goes(**node))
            .filter_map(|node| self.tree.parent(*node))
            .collect();
        for list in lists {
            let items = self.tree.items(list).unwrap_or_default();
            for (item, own) in items.iter().zip(self.own_of_items(list)?) {
                if copied.contains(item) && !own.is_empty() {
                    self.moves.own.insert(*item, own);
                }
            }
        }
        for edit in edits {
            if let Edit::Replace { node, value } = edit
                && matches!(value, NewValue::List(_))
            {
                let own = self.left_by(*node, value);
                if !own.is_empty() {
                    self.moves.own.insert(*node, own);
                }
            }
        }
        Ok(())
    }

    /// Whether a comment that stands alone above the line of an offset ignores what is found there.
    pub(crate) fn is_ignored_from_above(&self, at: usize) -> bool {
        let mut line = self.lines.line_start(at);
        while let Some(eol) = self.lines.prev_eol(line) {
            line = self.lines.line_start(eol);
            let comment = self.comments_in(line, eol).first();
            let alone =
                comment.filter(|comment| self.lines.first_on_line(comment.span.start as usize));
            match alone {
                Some(own) if self.lines.slice_of(own.span).contains(IGNORE) => return true,
                Some(_) => {}
                None => return false,
            }
        }
        false
    }

    pub fn is_item(&self, id: NodeId) -> bool {
        let parent = self.tree.parent(id);
        parent.is_some_and(|parent| matches!(self.tree.view(parent), View::Sequence(_)))
    }

    /// Whether a node isn't any more where it was.
    pub fn goes(&self, id: NodeId) -> bool {
        let mut around = std::iter::successors(Some(id), |node| self.tree.parent(*node));
        self.moves.wrapped.contains(&id)
            || around.any(|node| {
                self.moves.removed.contains(&node) || self.moves.rewritten.contains(&node)
            })
    }

    /// Whether all these items or keys are taken out of their collection, with nothing in their place.
    pub(crate) fn all_go(&self, entries: &[NodeId]) -> bool {
        let mut entries = entries.iter();
        entries.all(|entry| self.moves.gone.contains(entry))
    }

    /// The comments that an item brings along.
    pub fn brings(&self, item: &NewValue) -> OwnComments {
        match item {
            NewValue::Copy(node) => self.moves.own.get(node).cloned().unwrap_or_default(),
            _ => OwnComments::default(),
        }
    }

    /// The comments that the items of a new list bring along. What a list is written in the place of leaves its own to
    /// the first of them, and what was behind an item to the first new one.
    pub fn brought(&self, items: &[NewValue]) -> Vec<OwnComments> {
        let mut all: Vec<OwnComments> = items.iter().map(|item| self.brings(item)).collect();
        if let Some((of, left)) = &*self.left.borrow()
            && let Some(first) = all.first_mut()
            && std::ptr::eq(items.as_ptr(), *of)
        {
            first.above.splice(0..0, left.above.iter().cloned());
            let is_new = |item: &NewValue| !matches!(item, NewValue::Copy(_));
            let beside = items.iter().position(is_new).unwrap_or(0);
            let beside = all.get_mut(beside);
            match beside.filter(|own| own.behind.is_empty()) {
                Some(own) => own.behind.extend(left.behind.iter().cloned()),
                None => {
                    let above = all.first_mut().map(|first| &mut first.above);
                    above
                        .into_iter()
                        .for_each(|above| above.extend(left.behind.iter().cloned()));
                }
            }
        }
        all
    }

    /// Whether a list of one has a comment, so that it stays a list.
    pub fn has_own(&self, item: &NewValue) -> bool {
        self.is_left_to(item)
            || matches!(item, NewValue::Copy(node) if self.moves.own.contains_key(node))
    }

    /// Whether an item is the first of the list that takes comments over from what it is written in the place of.
    pub(crate) fn is_left_to(&self, item: &NewValue) -> bool {
        let left = self.left.borrow();
        left.as_ref().is_some_and(|(of, _)| std::ptr::eq(item, *of))
    }

    /// Leaves the comments in a node to the list that is written in its place.
    pub(crate) fn leave_comments(&self, id: NodeId, value: &NewValue) {
        self.left.replace(match value {
            NewValue::List(items) => {
                let own = self.moves.own.get(&id).cloned();
                own.map(|own| (items.as_ptr(), own))
            }
            _ => None,
        });
    }

    fn comments_in(&self, start: usize, end: usize) -> &'t [Comment] {
        let all = self.lines.comments;
        let from = all.partition_point(|comment| (comment.span.start as usize) < start);
        let to = all.partition_point(|comment| (comment.span.start as usize) < end);
        all.get(from..to).unwrap_or_default()
    }

    pub(crate) fn texts_in(&self, start: usize, end: usize) -> impl Iterator<Item = String> {
        let comments = self.comments_in(start, end).iter();
        comments.map(|comment| self.lines.slice_of(comment.span).trim_end().to_owned())
    }

    /// The comments of each item of a list.
    fn own_of_items(&self, list: NodeId) -> Result<Vec<OwnComments>, CannotWrite> {
        let items = self.tree.items(list).unwrap_or_default();
        if self.tree.style(list) != Style::Block {
            if !self.is_flow_collection(list)? {
                return Ok(Vec::new());
            }
            let entries = self.flow_entries(list)?;
            let own = entries
                .iter()
                .enumerate()
                .map(|(index, entry)| OwnComments {
                    above: self.texts_in(entry.lead, entry.start).collect(),
                    behind: self.texts_in(entry.end, entry.tail).collect(),
                    is_apart: index > 0 && self.lines.is_heading(entry.lead, entry.start),
                });
            return Ok(own.collect());
        }
        let entries = self.block_entries(list)?;
        let own = items.iter().zip(&entries).enumerate();
        let own = own.map(|(index, (item, entry))| {
            let eol = self.lines.eol(entry.text_end);
            let start = self.range(*item).start.max(entry.start);
            let before = self.texts_in(entry.lead, start);
            OwnComments {
                above: before.chain(self.texts_in(eol, entry.end)).collect(),
                behind: self.texts_in(entry.text_end, eol).collect(),
                is_apart: index > 0 && self.lines.is_heading(entry.lead, entry.start),
            }
        });
        Ok(own.collect())
    }

    /// The comments in a node that what takes its place doesn't copy.
    fn left_by(&self, id: NodeId, value: &NewValue) -> OwnComments {
        let range = self.range(id);
        let end = match self.is_block_collection(id) {
            true => self.lines.eol(self.content_end(id)),
            false => range.end,
        };
        let mut copied = HashSet::new();
        comments::copied(value, &mut copied);
        let brought = |comment: &&Comment| {
            copied.iter().any(|node| {
                self.tree.span(*node).contains(comment.span)
                    || self.moves.own.get(node).is_some_and(|own| {
                        let text = self.lines.slice_of(comment.span).trim_end();
                        own.above.iter().chain(&own.behind).any(|own| own == text)
                    })
            })
        };
        let first = self.tree.items(id).and_then(|items| items.first());
        let first = first.map_or(end, |first| self.range(*first).end);
        let mut own = OwnComments::default();
        let left = self.comments_in(range.start, end).iter();
        for comment in left.filter(|comment| !brought(comment)) {
            let start = comment.span.start as usize;
            let text = self.lines.slice_of(comment.span).trim_end().to_owned();
            let is_behind = start >= first && !self.lines.first_on_line(start);
            match is_behind && own.behind.is_empty() && !text.contains(['\n', '\r']) {
                true => own.behind.push(text),
                false => own.above.push(text),
            }
        }
        own
    }

    /// What is written in `start..end`, as a copy of a node: without comments and empty lines, if the node stays where it is. What is
    /// ignored there is so in the copy as well.
    pub(crate) fn own_text(&self, id: NodeId, start: usize, end: usize) -> Cow<'t, str> {
        if let Some(text) = self.changed_text(id, start, end) {
            return Cow::Owned(text);
        }
        let all = self.lines.slice(start, end);
        if self.goes(id) {
            return Cow::Borrowed(all);
        }
        let all = self.without_comments(start, end);
        match has_empty_line(&all) && !self.is_of_lines(id) {
            true => Cow::Owned(without_empty_lines(&all)),
            false => all,
        }
    }

    /// Whether a scalar in a node has several lines, the empty ones of which may belong to it.
    fn is_of_lines(&self, id: NodeId) -> bool {
        let mut stack = vec![id];
        while let Some(id) = stack.pop() {
            match self.tree.view(id) {
                View::Mapping(pairs) => {
                    stack.extend(pairs.iter().flat_map(|pair| [pair.key, pair.value]));
                }
                View::Sequence(items) => stack.extend(items),
                View::Tagged(_, inner) => stack.push(inner),
                _ if self.is_broken(self.range(id).start, self.range(id).end) => return true,
                _ => {}
            }
        }
        false
    }

    fn without_comments(&self, start: usize, end: usize) -> Cow<'t, str> {
        let all = self.lines.slice(start, end);
        let comments = self.comments_in(start, end);
        if comments.is_empty() {
            return Cow::Borrowed(all);
        }
        let mut out = String::with_capacity(all.len());
        let mut at = start;
        for comment in comments {
            if self.lines.slice_of(comment.span).contains(IGNORE) {
                continue;
            }
            let own = comment.span.range();
            let line = self.lines.line_start(own.start);
            let eol = self.lines.eol(own.end);
            let is_line = line > start
                && self.lines.first_on_line(own.start)
                && self.lines.slice(own.end, eol).trim().is_empty();
            match self
                .lines
                .prev_eol(line)
                .filter(|above| is_line && *above >= at)
            {
                Some(above) => {
                    out.push_str(self.lines.slice(at, above));
                    at = eol;
                }
                None => {
                    let before = self.lines.slice(at, own.start);
                    out.push_str(before.trim_end_matches([' ', '\t']));
                    at = own.end;
                }
            }
        }
        out.push_str(self.lines.slice(at, end.max(at)));
        Cow::Owned(out)
    }

    /// Where the comments of the entries of a flow collection begin and end. `entries`: start, end and comma of each,
    /// `within`: what is between the brackets.
    pub fn reach(
        &self,
        within: (usize, usize),
        entries: &[(usize, usize, Option<usize>)],
        nodes: &[NodeId],
    ) -> Vec<(usize, usize)> {
        let places = Places::new(entries, nodes);
        let mut reach: Vec<(usize, usize)> = Vec::with_capacity(entries.len());
        for (index, &(start, end, comma)) in entries.iter().enumerate() {
            let from = reach.last().map_or(within.0, |(_, tail)| *tail);
            let lead = self.lead_of(start, from);
            let full_end = comma.map_or(end, |comma| comma + 1);
            let next = entries.get(index + 1).map_or(within.1, |next| next.0);
            let eol = self.lines.eol(full_end);
            let is_last = index + 1 == entries.len();
            let behind = self.comments_in(end, next.min(eol)).last();
            let tail = match behind {
                // A comment before the closing bracket on its line is about the last entry alone.
                Some(comment)
                    if (is_last && next <= eol)
                        || (next > eol && !self.ends_shared_row(&places, index)) =>
                {
                    comment.span.end as usize
                }
                _ => full_end,
            };
            reach.push((lead, tail.max(full_end)));
        }
        for index in 0..reach.len() {
            let Some((&(start, _, _), (lead, _))) = entries.get(index).zip(reach.get_mut(index))
            else {
                continue;
            };
            if self.lines.line_start(*lead) < self.lines.line_start(start)
                && (self.heads_others(&places, index, *lead)
                    || self.heads_shared_row(&places, index))
            {
                *lead = self.lead_of(start, self.lines.line_start(start));
            }
        }
        reach
    }

    /// Where the comments before an entry begin that are its own: those on its line, and the lines directly above.
    pub(crate) fn lead_of(&self, start: usize, from: usize) -> usize {
        let line = self.lines.line_start(start).max(from);
        let before = self.comments_in(line, start).first();
        let mut lead = before.map_or(start, |comment| comment.span.start as usize);
        while self.lines.first_on_line(lead) {
            let Some(eol) = self.lines.prev_eol(self.lines.line_start(lead)) else {
                break;
            };
            let text = self.lines.slice(from, eol).trim_end_matches([' ', '\t']);
            let end = from + text.len();
            let above = self.comments_in(from, end).last();
            let above = above.filter(|comment| {
                comment.span.end as usize >= end && self.lines.line_start(eol) < end
            });
            match above.map(|comment| comment.span.start as usize) {
                Some(above) if self.lines.first_on_line(above) => lead = above,
                _ => break,
            }
        }
        lead
    }
}

fn has_empty_line(text: &str) -> bool {
    let mut inner = text.lines().skip(1);
    inner.any(|line| line.trim().is_empty())
}

fn without_empty_lines(text: &str) -> String {
    let lines = text.split_inclusive('\n').enumerate();
    let stays = |(index, line): &(usize, &str)| *index == 0 || !line.trim().is_empty();
    lines.filter(stays).map(|(_, line)| line).collect()
}
