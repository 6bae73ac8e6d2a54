//! A list that is alone on its line, and that new items would make too long for it: each item gets a line of its own.

use super::flow::Entry;
use super::headings::IGNORE;
use super::plan::{Changes, Writer};
use super::render::{WIDE, is_wide};
use super::style::{Layout, LocalStyle};
use super::{CannotWrite, NewValue};
use crate::{Format, NodeId, Style, View};

/// An item of the list as it will be.
enum Item {
    /// One that stays, by its index.
    Stays(usize),
    New(String),
}

/// How the items are set apart.
struct Rows {
    /// Where what stands before the first one begins.
    start: usize,
    /// Before each.
    lead: String,
    comma: &'static str,
    /// Behind the last one.
    end: String,
    /// Where what stands behind it ends.
    close: usize,
}

impl Writer<'_> {
    /// Writes the changes of a list in this way; `false` where it has room on its line, or must not leave it.
    pub(crate) fn spread(&mut self, id: NodeId, changes: &Changes) -> Result<bool, CannotWrite> {
        if (changes.before.is_empty() && changes.after.is_empty()) || !self.may_spread(id) {
            return Ok(false);
        }
        let look = self.look(id);
        let entries = self.flow_entries(id)?;
        let items = self.items_after(id, changes, &entries, &look)?;
        let is_broken = |item: &Item| matches!(item, Item::New(text) if text.contains('\n'));
        if items.len() < 2 || items.iter().any(is_broken) || self.fits(id, &entries, &items) {
            return Ok(false);
        }
        let depth = self.depth(id);
        let comment = self.comment_ending(self.range(id).end);
        let rows = self.rows_of(id, &look);
        let mut at = rows.start;
        let mut text = String::new();
        if let Some((span, comment)) = comment {
            text = format!(" {comment}");
            self.edit(span, "", depth);
        }
        for (index, item) in items.into_iter().enumerate() {
            text.push_str(if index > 0 { rows.comma } else { "" });
            text.push_str(&rows.lead);
            match item {
                Item::New(new) => text.push_str(&new),
                Item::Stays(index) => {
                    if let Some(entry) = entries.get(index) {
                        self.edit(at..entry.start, std::mem::take(&mut text), depth);
                        at = entry.end;
                    }
                }
            }
        }
        text.push_str(&rows.end);
        self.edit(at..rows.close, text, depth);
        Ok(true)
    }

    /// Whether a list of texts stands alone behind its key on a line that isn't too long as it is.
    fn may_spread(&self, id: NodeId) -> bool {
        let range = self.range(id);
        let (Some(pair), View::Sequence(items)) = (self.pair_of(id), self.tree.view(id)) else {
            return false;
        };
        let is_deep = |item: &NodeId| {
            matches!(
                self.tree.view(*item),
                View::Mapping(_) | View::Sequence(_) | View::Invalid
            )
        };
        let key = self.range(pair.key).start;
        let (line, eol) = (self.lines.line_start(key), self.lines.eol(range.end));
        if !self.lines.slice(range.start, range.end).starts_with('[')
            || self.lines.comment_in(line, range.end).is_some()
            || self.tree.anchor(id).is_some()
            || self.lines.slice(line, eol).chars().count() > WIDE
            || items.is_empty()
            || items.iter().any(is_deep)
        {
            return false;
        }
        self.has_own_line(id)
    }

    /// Whether a value and its key have a line for themselves, which nothing ignores.
    fn has_own_line(&self, id: NodeId) -> bool {
        let range = self.range(id);
        let Some(pair) = self.pair_of(id) else {
            return false;
        };
        let key = self.range(pair.key).start;
        let (line, eol) = (self.lines.line_start(key), self.lines.eol(range.end));
        let before = self.lines.slice(line, key);
        let is_first = before.trim_start_matches([' ', '\t', '-']).is_empty();
        let is_last = match self.comment_ending(range.end) {
            Some((_, comment)) => !comment.contains(IGNORE),
            None => matches!(self.lines.slice(range.end, eol).trim(), "" | ","),
        };
        is_first
            && is_last
            && !self.is_broken(key, range.end)
            && !self.is_ignored_from_above(range.start)
    }

    /// How the list of these items is laid out that a single value becomes, where `layout` says how nearby lists are: one that
    /// has no room on its line is broken.
    pub(crate) fn spread_single(
        &self,
        id: NodeId,
        all: &[NewValue],
        layout: Option<Layout>,
        look: &LocalStyle,
    ) -> Option<Layout> {
        let flow = self.is_flow_here(id);
        let stays = match layout {
            Some(layout) => layout == Layout::Inline,
            None => flow && (look.hcl || !look.map_lines),
        };
        if !stays || !self.has_own_line(id) {
            return layout;
        }
        let range = self.range(id);
        let hang = self.hang(id);
        let Ok(text) = self.flow_list(all, Layout::Inline, &hang, look, range.start) else {
            return layout;
        };
        let width = |start, end| self.lines.slice(start, end).chars().count();
        let before = width(self.lines.line_start(range.start), range.start);
        let behind = width(range.end, self.lines.eol(range.end));
        match is_wide(all, &text, before + behind) {
            true if flow => Some(Layout::Lines),
            true => Some(Layout::Block),
            false => layout,
        }
    }

    fn items_after(
        &self,
        id: NodeId,
        changes: &Changes,
        entries: &[Entry],
        look: &LocalStyle,
    ) -> Result<Vec<Item>, CannotWrite> {
        let at = self.range(id).start;
        let mut items = Vec::with_capacity(entries.len());
        for index in 0..entries.len() {
            let new = |side: Option<&Vec<_>>| match side {
                Some(new) => self.flow_texts(new, "", look, at),
                None => Ok(Vec::new()),
            };
            items.extend(new(changes.before.get(&index))?.into_iter().map(Item::New));
            if !changes.removed.contains(&index) {
                items.push(Item::Stays(index));
            }
            items.extend(new(changes.after.get(&index))?.into_iter().map(Item::New));
        }
        Ok(items)
    }

    /// Whether the line has room for all items.
    fn fits(&self, id: NodeId, entries: &[Entry], items: &[Item]) -> bool {
        let range = self.range(id);
        let line = self.lines.line_start(range.start);
        let width = |start, end| self.lines.slice(start, end).chars().count();
        let of_item = |item: &Item| match item {
            Item::New(text) => text.chars().count(),
            Item::Stays(index) => entries
                .get(*index)
                .map_or(0, |entry| width(entry.start, entry.end)),
        };
        let all: usize = items.iter().map(|item| of_item(item) + ", ".len()).sum();
        let around = width(line, range.start) + width(range.end, self.lines.eol(range.end));
        around + all <= WIDE
    }

    /// As rows of the block that the list stands in, else between its brackets.
    fn rows_of(&self, id: NodeId, look: &LocalStyle) -> Rows {
        let range = self.range(id);
        let nl = self.lines.nl;
        let block = self.tree.parent(id).filter(|parent| {
            self.tree.format() == Format::Yaml && self.tree.style(*parent) == Style::Block
        });
        if let Some(block) = block {
            let column = self.lines.column(self.range(block).start) + look.sequence_step;
            return Rows {
                start: self.lines.token_end_before(range.start),
                lead: format!("{nl}{}- ", " ".repeat(column)),
                comma: "",
                end: String::new(),
                close: range.end,
            };
        }
        let unit = self.unit(look);
        let hang = self.hang(id);
        let inner = self.deepened(id, format!("{hang}{unit}"));
        let ending = self.neighbours().ending(look.near, '[', true);
        let step = Some(ending.step).filter(|step| step.len() <= unit.len());
        let comma = if ending.comma { "," } else { "" };
        Rows {
            start: range.start + 1,
            lead: format!("{nl}{inner}"),
            comma: ",",
            end: format!("{comma}{nl}{hang}{}", step.unwrap_or_default()),
            close: range.end - 1,
        }
    }
}
