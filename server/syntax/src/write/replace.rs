//! One value in place of another.

use std::ops::Range;

use super::plan::Writer;
use super::refuse::refuse;
use super::render::{Container, pieces};
use super::style::{Layout, LocalStyle};
use super::text::can_stand_plain;
use super::{CannotWrite, InsertAt, NewValue};
use crate::{Format, NodeId, Pair, Style, View};

impl Writer<'_> {
    /// The pair whose value a node is.
    pub(crate) fn pair_of(&self, id: NodeId) -> Option<Pair> {
        let View::Mapping(pairs) = self.tree.view(self.tree.parent(id)?) else {
            return None;
        };
        let at = pairs.partition_point(|pair| self.range(pair.key).start <= self.range(id).start);
        let near = pairs
            .get(at.saturating_sub(2)..)
            .unwrap_or_default()
            .iter()
            .take(3);
        near.chain(pairs).find(|pair| pair.value == id).copied()
    }

    /// How the value in the place of a node is written.
    fn look_in_place(&self, id: NodeId) -> LocalStyle {
        let look = self.look(id);
        match self.shares_line(id) {
            true => look.on_one_line(),
            false => look,
        }
    }

    /// Whether a node is the value of a pair between braces that shares its line with another one or with the brace.
    pub(crate) fn shares_line(&self, id: NodeId) -> bool {
        let is_flow = |map: &NodeId| self.tree.style(*map) == Style::Flow;
        let (Some(parent), Some(pair)) = (self.tree.parent(id).filter(is_flow), self.pair_of(id))
        else {
            return false;
        };
        let end = self.range(id).end;
        let behind = self.lines.skip_blanks(end);
        let behind = match self.lines.byte(behind) {
            Some(b',') => self.lines.skip_blanks(behind + 1),
            _ => behind,
        };
        let is_last = behind == self.lines.eol(end)
            || behind + 1 >= self.range(parent).end
            || self.lines.comment_in(behind, behind + 1).is_some();
        !self.lines.first_on_line(self.range(pair.key).start) || !is_last
    }

    /// The comment that ends the line of a value that ends at `end`, a comma between them at most, and what goes with it.
    pub(crate) fn comment_ending(&self, end: usize) -> Option<(Range<usize>, String)> {
        let comma = self.lines.skip_blanks(end);
        let from = match self.lines.byte(comma) {
            Some(b',') => comma + 1,
            _ => end,
        };
        let at = self.lines.skip_blanks(from);
        let span = self.lines.comment_in(at, at + 1)?.span;
        let (to, eol) = (span.end as usize, self.lines.eol(at));
        let is_end = to <= eol && self.lines.slice(to, eol).trim().is_empty();
        let text = self.lines.slice_of(span).trim_end().to_owned();
        is_end.then_some((from..eol, text))
    }

    /// A list that goes over several lines, with a comment that stood behind a value of one line behind its bracket, as it would stand
    /// behind the key of a block.
    fn behind_bracket(&self, text: &str, comment: &str) -> Option<String> {
        let open = text.find('[')?;
        let (head, rest) = text.split_at_checked(open + 1)?;
        let is_list = head.trim_start() == "[" && rest.starts_with(['\n', '\r']);
        (is_list && !text.contains(comment)).then(|| format!("{head} {comment}{rest}"))
    }

    /// Puts a new text in the place of a value.
    pub(crate) fn put_in_place(&mut self, range: Range<usize>, text: String, depth: usize) {
        if !self.is_broken(range.start, range.end)
            && let Some((span, comment)) = self.comment_ending(range.end)
            && let Some(with) = self.behind_bracket(&text, &comment)
        {
            self.edit(range, with, depth);
            self.edit(span, "", depth);
            return;
        }
        self.edit(range, text, depth);
    }

    /// The key of the pair or the function call whose value a node is.
    pub fn key_of(&self, id: NodeId) -> Option<&str> {
        self.tree.text(self.pair_of(id)?.key)
    }

    pub(crate) fn is_flow_here(&self, id: NodeId) -> bool {
        self.tree.format().is_json() || self.neighbours().is_in_flow(id)
    }

    /// Whether a node is a key of its mapping.
    fn is_key(&self, id: NodeId) -> bool {
        let Some(parent) = self.tree.parent(id) else {
            return false;
        };
        matches!(self.tree.view(parent), View::Mapping(_)) && self.pair_of(id).is_none()
    }

    /// Writes `Edit::Replace`.
    pub fn replace(&mut self, id: NodeId, value: &NewValue) -> Result<(), CannotWrite> {
        if self.is_key(id) {
            return refuse(id, "it is a key");
        }
        let depth = self.depth(id);
        self.leave_comments(id, value);
        let replaced = self.replace_with(id, value, depth);
        self.left.replace(None);
        replaced
    }

    /// Puts a value in place of a node that is no key.
    pub(crate) fn replace_with(
        &mut self,
        id: NodeId,
        value: &NewValue,
        depth: usize,
    ) -> Result<(), CannotWrite> {
        let look = self.look_in_place(id);
        let look = &*self.look_for(self.key_of(id), value, &look);
        if look.hcl {
            return self.hcl_replace(id, value, look, depth);
        }
        let range = self.range(id);
        if range.is_empty() && self.has_properties(range.start) {
            return refuse(id, "its tag or anchor stands apart from it");
        }
        let parent = self.tree.parent(id);
        if self.is_flow_here(id) {
            if range.is_empty() {
                return refuse(id, "a value is missing here");
            }
            let indent = self.hang(id);
            let text = self.flow_value(self.key_of(id), value, &indent, look, range.start)?;
            self.put_in_place(range, text, depth);
            return Ok(());
        }
        let is_tagged = parent.is_some_and(
            |parent| matches!(self.tree.view(parent), View::Tagged(tag, _) if tag.short),
        );
        if is_tagged {
            if range.is_empty() || self.is_block_collection(id) {
                return refuse(id, "it is the value of a tag");
            }
            let indent = self.hang(id);
            let text = match value {
                NewValue::Str(text) => self.string(text, false, look),
                value => self.flow_value(None, value, &indent, look, range.start)?,
            };
            self.edit(range.start..self.content_end(id), text, depth);
            return Ok(());
        }
        let Some(parent) = parent else {
            return self.replace_root(id, value, look);
        };
        self.replace_in_block(id, parent, value, look, depth)
    }

    /// Whether an empty value stands behind a tag or an anchor of its own, on whatever line.
    fn has_properties(&self, at: usize) -> bool {
        let before = self.tree.source().get(..at).unwrap_or_default().trim_end();
        let word = before.rsplit([' ', '\t', '\n', '\r']).next();
        self.tree.format() == Format::Yaml && word.is_some_and(|word| word.starts_with(['!', '&']))
    }

    fn replace_root(
        &mut self,
        id: NodeId,
        value: &NewValue,
        look: &LocalStyle,
    ) -> Result<(), CannotWrite> {
        let range = self.range(id);
        let start = range.start;
        let column = self.lines.column(start);
        let entries = |entries: Vec<Result<String, CannotWrite>>| -> Result<String, CannotWrite> {
            let texts = entries.into_iter().collect::<Result<Vec<_>, _>>()?;
            Ok(texts.join(&format!("{}{}", self.lines.nl, " ".repeat(column))))
        };
        let is_own_line = self.lines.first_on_line(start);
        let text = match value {
            NewValue::Map(pairs) if !pairs.is_empty() && is_own_line => entries(
                pairs
                    .iter()
                    .map(|(key, value)| self.block_entry(Some(key), value, column, look, start))
                    .collect(),
            )?,
            NewValue::List(items) if !items.is_empty() && is_own_line => entries(
                items
                    .iter()
                    .map(|item| self.block_entry(None, item, column, look, start))
                    .collect(),
            )?,
            NewValue::Map(_) | NewValue::List(_) => {
                self.flow_value(None, value, "", look, start)?
            }
            NewValue::Copy(node) if self.is_block_collection(*node) => {
                self.root_copy(*node, column)?
            }
            value => {
                let container = Container {
                    column,
                    is_list: false,
                };
                let text = self.block_value(None, value, container, look, start)?;
                text.trim_start().to_owned()
            }
        };
        let end = self.content_end(id);
        self.check_comment_below(id, value, end, 0)?;
        let eol = self.lines.eol(end);
        let comment = self.lines.slice(end, eol).trim();
        if comment.is_empty() || !text.contains(['\n', '\r']) {
            self.edit(start..end, text, 0);
        } else if text.contains(comment) {
            self.edit(start..eol, text, 0);
        } else {
            let text = self.with_comment_below(text, comment, 0);
            self.edit(start..eol, text, 0);
        }
        Ok(())
    }

    fn replace_in_block(
        &mut self,
        id: NodeId,
        parent: NodeId,
        value: &NewValue,
        look: &LocalStyle,
        depth: usize,
    ) -> Result<(), CannotWrite> {
        let range = self.range(id);
        let pair = self.pair_of(id);
        if let Some(pair) = pair {
            self.key_start(pair.key)?;
        }
        let is_list = matches!(self.tree.view(parent), View::Sequence(_));
        let container = Container {
            column: self.lines.column(self.range(parent).start),
            is_list,
        };
        let key = match self.tree.view(parent) {
            View::Tagged(tag, _) => Some(tag.name.as_str()),
            _ => self.key_of(id),
        };
        let text = self.block_value(key, value, container, look, range.start)?;
        let end = if range.is_empty() {
            range.end
        } else {
            self.content_end(id)
        };
        self.check_comment_below(id, value, end, container.column)?;
        let is_block = text.starts_with(['\n', '\r']);
        if range.is_empty() {
            let head = match pair {
                Some(pair) => self.pair_end(pair.key, pair.value),
                None if is_list => self.empty_item_end(parent, id)?,
                None => return refuse(id, "a value is missing here"),
            };
            if is_block {
                let eol = self.lines.eol(head);
                self.edit(eol..eol, text, depth);
            } else {
                self.insert_behind(head, text, container.column, depth);
            }
            return Ok(());
        }
        let start = match self.tree.view(id) {
            View::Mapping([first, ..]) if self.is_block_collection(id) => {
                self.key_start(first.key)?
            }
            _ => range.start,
        };
        let head = self.lines.token_end_before(start);
        let eol = self.lines.eol(end);
        let comment = self.lines.slice(end, eol).trim();
        // A copy brings the comment behind it along.
        let mut text = text;
        let line = self.lines.line_start(start);
        let above = self.lines.prev_eol(line).filter(|_| head < line);
        let mut full_end = if comment.is_empty() || text.contains(comment) {
            eol
        } else {
            end
        };
        // Under its key, a value of one line has what was behind the old one.
        let is_line = !text.trim_start_matches(['\n', '\r']).contains(['\n', '\r']);
        let stays = is_block && (above.is_none() || is_line);
        if full_end != eol
            && let Some(with) = self.behind_bracket(&text, comment)
        {
            text = with;
            full_end = eol;
        }
        if full_end != eol && text.contains(['\n', '\r']) && !stays {
            // Behind several lines it might become a part of the last one.
            text = self.with_comment_below(text, comment, container.column);
            full_end = eol;
        }
        match above {
            Some(above) if is_block => self.edit(above..full_end, text, depth),
            Some(above) => {
                self.insert_behind(head, text, container.column, depth);
                // A comment behind it stays where it was.
                let gone = if full_end == eol {
                    above..eol
                } else {
                    start..self.lines.skip_blanks(end)
                };
                self.edit(gone, "", depth);
            }
            None if is_block && full_end != eol => {
                self.edit(head..end, "", depth);
                self.edit(eol..eol, text, depth);
            }
            None => self.edit(head..full_end, text, depth),
        }
        Ok(())
    }

    /// Refuses a value that ends with a block scalar where a comment indented as deep as its text stands below, in
    /// the lines behind `end`: it would become a part of the text.
    fn check_comment_below(
        &self,
        id: NodeId,
        value: &NewValue,
        end: usize,
        column: usize,
    ) -> Result<(), CannotWrite> {
        if !self.ends_with_block_scalar(value) {
            return Ok(());
        }
        let mut eol = self.lines.eol(end);
        loop {
            let line = self.lines.after_break(eol);
            if line == eol {
                return Ok(());
            }
            if !self.lines.is_blank(line) {
                return match self.lines.comment_line(line) {
                    Some(at) if at > column => {
                        refuse(id, "a comment below it would become a part of the text")
                    }
                    _ => Ok(()),
                };
            }
            eol = self.lines.eol(line);
        }
    }

    fn ends_with_block_scalar(&self, value: &NewValue) -> bool {
        match value {
            NewValue::Copy(node) => self.last_block_scalar(*node).is_some(),
            NewValue::List(items) => items
                .last()
                .is_some_and(|last| self.ends_with_block_scalar(last)),
            NewValue::Map(pairs) => pairs
                .last()
                .is_some_and(|(_, last)| self.ends_with_block_scalar(last)),
            _ => false,
        }
    }

    fn with_comment_below(&self, text: String, comment: &str, column: usize) -> String {
        let nl = self.lines.nl;
        format!("{text}{nl}{}{comment}", " ".repeat(column))
    }

    /// Puts a value behind a key or dash, before the comment that may follow there; behind a value of several
    /// lines, the comment goes below.
    fn insert_behind(&mut self, head: usize, text: String, column: usize, depth: usize) {
        let eol = self.lines.eol(head);
        let comment = self.lines.slice(head, eol).trim();
        if comment.is_empty() || !text.contains(['\n', '\r']) {
            self.edit(head..head, text, depth);
        } else {
            let text = self.with_comment_below(text, comment, column);
            self.edit(head..eol, text, depth);
        }
    }

    /// The end of an item without a value: behind its dash.
    fn empty_item_end(&self, list: NodeId, item: NodeId) -> Result<usize, CannotWrite> {
        let items = self.tree.items(list).unwrap_or_default();
        let mut at = self.range(list).start;
        for other in items {
            let dash = self.next_token(at);
            if *other == item {
                return Ok(dash + 1);
            }
            at = if self.range(*other).is_empty() {
                dash + 1
            } else {
                self.content_end(*other).max(dash + 1)
            };
        }
        refuse(item, "it is not in the list or mapping that is edited")
    }

    /// New items beside a value that is no list: it becomes one.
    pub fn single(&mut self, id: NodeId, new: &[(InsertAt, &NewValue)]) -> Result<(), CannotWrite> {
        if self.is_key(id) {
            return refuse(id, "it is a key");
        }
        let is_tagged = self.tree.parent(id).is_some_and(
            |parent| matches!(self.tree.view(parent), View::Tagged(tag, _) if tag.short),
        );
        if is_tagged {
            return refuse(id, "it is the value of a tag");
        }
        let mut before: Vec<&NewValue> = Vec::new();
        let mut after: Vec<&NewValue> = Vec::new();
        for (place, value) in new {
            match place {
                InsertAt::First => before.push(value),
                InsertAt::Last => after.push(value),
                InsertAt::Before(node) if *node == id => before.push(value),
                InsertAt::After(node) if *node == id => after.push(value),
                InsertAt::Before(node) | InsertAt::After(node) => {
                    return refuse(*node, "it is not in the list or mapping that is edited");
                }
            }
        }
        let depth = self.depth(id);
        let copy = NewValue::Copy(id);
        let is_null = self.is_null(id);
        let own = [&copy];
        let middle: &[&NewValue] = if is_null { &[] } else { &own };
        let all: Vec<NewValue> = before
            .iter()
            .chain(middle)
            .chain(&after)
            .map(|value| (*value).clone())
            .collect();
        let look = self.look_in_place(id);
        let key = self.key_of(id);
        let is_deep = all.iter().any(|value| match value {
            NewValue::Copy(node) => matches!(self.tree.view(*node), View::Mapping(_)),
            value => matches!(value, NewValue::Map(_) | NewValue::List(_)),
        });
        let flow = self.is_flow_here(id);
        let layout = self.neighbours().list_layout(id, key, flow, !is_deep);
        let range = self.range(id);
        let is_one_line = !self
            .lines
            .slice(range.start, range.end)
            .contains(['\n', '\r']);
        // Its new text may need quotes between brackets.
        let is_changed = self.is_changed_in(id)
            || self.parted.contains(&id)
            || matches!(self.tree.view(id), View::Tagged(_, inner) if self.parted.contains(&inner));
        let has_comment = self.lines.comment_in(range.start, range.end).is_some();
        // It stays on its line where that is ignored.
        let is_ignored = is_one_line && !is_deep && self.is_ignored_from_above(range.start);
        let layout = match is_ignored || look.one_line {
            true => Some(Layout::Inline),
            false => self.spread_single(id, &all, layout, &look),
        };
        if flow
            || (layout.is_some_and(|layout| layout != Layout::Block)
                && !is_changed
                && !has_comment
                && !self.is_block_collection(id))
        {
            let default = if look.map_lines && !look.hcl {
                Layout::Lines
            } else {
                Layout::Inline
            };
            let layout = layout.unwrap_or(default);
            if range.is_empty() {
                return self.replace_with(id, &NewValue::List(all), depth);
            }
            let indent = &*self.hang(id);
            let is_safe = is_one_line && (flow || self.can_stand_in_flow(id));
            if is_null || !is_safe || self.is_changed_in(id) {
                let text = self.flow_list(&all, layout, indent, &look, range.start)?;
                self.edit(range.start..self.content_end(id), text, depth);
                return Ok(());
            }
            let lines = layout == Layout::Lines;
            return self.wrap(id, (&before, &after), lines, &look);
        }
        self.single_in_block(
            id,
            (&all, before.len()),
            is_one_line && !is_null && !self.is_changed_in(id),
            &look,
            depth,
        )
    }

    /// Puts brackets around a value, with new ones before and behind it. It isn't rewritten: other edits may change a part of
    /// it.
    fn wrap(
        &mut self,
        id: NodeId,
        (before, after): (&[&NewValue], &[&NewValue]),
        lines: bool,
        look: &LocalStyle,
    ) -> Result<(), CannotWrite> {
        let (range, depth) = (self.range(id), self.depth(id));
        let indent = &*self.hang(id);
        let inner = match lines {
            true => format!("{indent}{}", self.unit(look)),
            false => indent.to_owned(),
        };
        let mark = "\u{0}".to_owned();
        let mut texts = Vec::with_capacity(before.len() + 1 + after.len());
        for value in before {
            texts.push(self.flow_value(None, value, &inner, look, range.start)?);
        }
        let own_at = texts.len();
        texts.push(mark.clone());
        for value in after {
            texts.push(self.flow_value(None, value, &inner, look, range.start)?);
        }
        let mut pieces = pieces(texts);
        // The comment behind it goes along to its line.
        if let Some((span, comment)) = self.comment_ending(range.end).filter(|_| lines)
            && let Some(piece) = pieces.get_mut(own_at)
        {
            piece.own.behind.push(comment);
            self.edit(span, "", depth);
        }
        let text = self.flow_collection('[', &pieces, lines, indent, look);
        if let Some((open, close)) = text.split_once(&mark) {
            self.edit_before(range.start, open, depth);
            self.edit(range.end..range.end, close, depth);
        }
        Ok(())
    }

    /// As [`Writer::single`], for an entry of a block collection; `before` is the number that the value has among `all`.
    fn single_in_block(
        &mut self,
        id: NodeId,
        (all, before): (&[NewValue], usize),
        is_one_line: bool,
        look: &LocalStyle,
        depth: usize,
    ) -> Result<(), CannotWrite> {
        let range = self.range(id);
        let pair = self.pair_of(id).filter(|_| is_one_line);
        let parent = self.tree.parent(id);
        let head = self.lines.token_end_before(range.start);
        let has_anchor = self.tree.anchor(id).is_some();
        let (Some(pair), Some(parent)) = (
            pair,
            parent.filter(|_| !has_anchor && head >= self.lines.line_start(range.start)),
        ) else {
            return self.replace_list(id, all, depth);
        };
        // It moves to a line of its own, not rewritten: other edits may change a part of it.
        self.key_start(pair.key)?;
        let column = self.lines.column(self.range(parent).start) + look.sequence_step;
        let line = format!("{}{}", self.lines.nl, " ".repeat(column));
        for (index, value) in all.iter().enumerate() {
            if index == before {
                self.edit(head..range.start, format!("{line}- "), depth);
                continue;
            }
            let text = format!(
                "{line}{}",
                self.block_entry(None, value, column, look, range.start)?
            );
            let at = if index < before {
                head
            } else {
                self.lines.eol(range.end)
            };
            self.edit(at..at, text, depth);
        }
        Ok(())
    }

    /// As [`Writer::replace_with`], but a list of one stays a list.
    fn replace_list(
        &mut self,
        id: NodeId,
        all: &[NewValue],
        depth: usize,
    ) -> Result<(), CannotWrite> {
        self.replace_with(id, &NewValue::List(all.to_vec()), depth)
    }

    /// Whether a one-line value of a block collection can stand between brackets as it is written.
    fn can_stand_in_flow(&self, id: NodeId) -> bool {
        let scalar = match self.tree.view(id) {
            View::Tagged(tag, inner) if tag.short => inner,
            _ => id,
        };
        match self.tree.view(scalar) {
            View::Scalar(text) => match self.tree.style(scalar) {
                Style::Plain => can_stand_plain(text, true),
                Style::SingleQuoted | Style::DoubleQuoted => true,
                _ => false,
            },
            View::Mapping(_) | View::Sequence(_) => self.tree.style(scalar) == Style::Flow,
            _ => false,
        }
    }
}
