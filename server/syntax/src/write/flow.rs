//! Entries between brackets: JSON, and `[…]` and `{…}` in YAML.

use std::ops::Range;

use super::plan::{Changes, New, Writer, whole};
use super::refuse::refuse;
use super::render::pieces;
use super::style::{Layout, LocalStyle};
use super::{CannotWrite, NewValue, text};
use crate::{Format, NodeId, Style, View, work};

/// One entry as it is written.
pub(super) struct Entry {
    /// Where its own comments begin, or it does.
    pub lead: usize,
    pub start: usize,
    pub end: usize,
    /// See `Neighbours::foot`.
    foot: usize,
    /// The comma behind it.
    comma: Option<usize>,
    /// Where its comma or the comments behind it end.
    pub tail: usize,
    /// Whether nothing stands before it on its line.
    pub own_line: bool,
    /// Whether what follows it (the next entry or the closing bracket) begins on a later line.
    ends_line: bool,
}

/// What an entry that goes stands between.
struct Ends {
    /// The bracket that opens the collection.
    open: usize,
    /// Where the first of the entries that go together with it begins.
    top: usize,
    /// Where the first one on its line begins, if nothing of that line stays before it.
    row: Option<usize>,
    /// Which one before it stays.
    stays: Option<usize>,
    /// Whether nothing stays between it and the closing bracket.
    is_tail: bool,
    /// Whether the comma before it goes, too.
    with_comma: bool,
}

/// An entry that stays, and how what is new beside it is set apart.
struct StayingEntry<'b> {
    /// The collection, and which of its entries it is.
    at: (NodeId, usize),
    entry: &'b Entry,
    separator: &'b str,
    indent: &'b str,
    /// Whether something stands behind it, or its comma stays as that of the last one.
    is_followed: bool,
}

impl Entry {
    /// Where it ends, with its comma.
    fn full_end(&self) -> usize {
        self.comma.map_or(self.end, |comma| comma + 1)
    }
}

impl Writer<'_> {
    /// Whether a collection is written between brackets.
    pub(crate) fn is_flow_collection(&self, id: NodeId) -> Result<bool, CannotWrite> {
        if self.tree.style(id) != Style::Flow {
            return Ok(false);
        }
        let range = self.range(id);
        let own = self.lines.slice(range.start, range.end);
        let (open, close) = if matches!(self.tree.view(id), View::Mapping(_)) {
            ('{', '}')
        } else {
            ('[', ']')
        };
        let is_call = self.tree.format() == Format::Hcl && own.starts_with('(');
        let (open, close) = if is_call { ('(', ')') } else { (open, close) };
        if !own.starts_with(open) || !own.ends_with(close) || own.len() < 2 {
            // `[a: b]`, or a bracket that is missing.
            return refuse(id, "its brackets are not both there");
        }
        Ok(true)
    }

    /// All entries of a flow collection.
    pub(crate) fn flow_entries(&self, id: NodeId) -> Result<Vec<Entry>, CannotWrite> {
        self.flow_entries_of(id, 0..self.count(id))
    }

    /// How many entries a collection has.
    pub fn count(&self, id: NodeId) -> usize {
        match self.tree.view(id) {
            View::Mapping(pairs) => pairs.len(),
            View::Sequence(items) => items.len(),
            _ => 0,
        }
    }

    /// Where the entries of a flow collection of JSON or YAML are written.
    fn flow_extents(
        &self,
        id: NodeId,
        of: Range<usize>,
    ) -> Result<Vec<(usize, usize)>, CannotWrite> {
        match self.tree.view(id) {
            View::Mapping(pairs) => {
                let pairs = pairs.get(of).unwrap_or_default();
                let mut extents = Vec::with_capacity(pairs.len());
                for pair in pairs {
                    let start = self.key_start(pair.key)?;
                    let key_end = self.range(pair.key).end;
                    let value = self.range(pair.value);
                    let end = if value.is_empty() {
                        self.pair_end(pair.key, pair.value)
                    } else {
                        value.end
                    };
                    extents.push((start, end.max(key_end)));
                }
                Ok(extents)
            }
            View::Sequence(items) => {
                let items = items.get(of).unwrap_or_default().iter();
                let extent = |item: &NodeId| {
                    let range = self.range(*item);
                    let anchor = self
                        .tree
                        .anchor(*item)
                        .map_or(range.clone(), |span| span.range());
                    (range.start.min(anchor.start), range.end.max(anchor.end))
                };
                Ok(items.map(extent).collect())
            }
            _ => refuse(id, "it is neither list nor mapping"),
        }
    }

    /// Some entries of a flow collection; all of them where comments stand among them.
    fn flow_entries_of(&self, id: NodeId, of: Range<usize>) -> Result<Vec<Entry>, CannotWrite> {
        let count = self.count(id);
        // With the next one.
        let with_next = of.start..count.min(of.end + 1);
        let extents = match self.tree.format() {
            Format::Hcl => self.hcl_extents(id),
            _ => self.flow_extents(id, with_next)?,
        };
        work::did(extents.len());
        let range = self.range(id);
        let close = range.end - 1;
        let mut places = Vec::with_capacity(extents.len());
        for (index, &(start, end)) in extents.iter().enumerate().take(of.len()) {
            let next = extents.get(index + 1).map_or(close, |(next, _)| *next);
            if end < start || next < end {
                return refuse(id, "this part of the file could not be read");
            }
            let comma = self.lines.find_outside_comments(b',', end, next);
            if comma.is_none() && index + 1 < extents.len() {
                return refuse(id, "a comma is missing in it");
            }
            places.push((start, end, comma));
        }
        let reach = if self.lines.comment_in(range.start, range.end).is_some() {
            let nodes: Vec<NodeId> = match self.tree.view(id) {
                View::Mapping(pairs) => pairs.iter().map(|pair| pair.key).collect(),
                _ => self.tree.items(id).unwrap_or_default().to_vec(),
            };
            self.reach((range.start + 1, close), &places, &nodes)
        } else {
            let bare = |&(start, end, comma): &(usize, usize, Option<usize>)| {
                (start, comma.map_or(end, |comma| comma + 1))
            };
            places.iter().map(bare).collect()
        };
        let items = self.tree.items(id).unwrap_or_default();
        let foot = |index: usize, start: usize| match items.get(of.start + index) {
            Some(item) => self.neighbours().foot(*item),
            None => start,
        };
        let entries = places.iter().enumerate().zip(reach);
        let entries = entries.map(|((index, &(start, end, comma)), (lead, tail))| {
            let next = extents.get(index + 1).map_or(close, |(next, _)| *next);
            let gap = self.lines.slice(comma.map_or(end, |comma| comma + 1), next);
            Entry {
                lead,
                start,
                end,
                foot: foot(index, start),
                comma,
                tail,
                own_line: self.lines.first_on_line(lead),
                ends_line: gap.contains(['\n', '\r']),
            }
        });
        Ok(entries.collect())
    }

    /// The entries that changes are about, with their neighbours; all of them where comments or an expression of HCL may
    /// hang together with any.
    fn window(&self, id: NodeId, changes: &Changes) -> Range<usize> {
        let count = self.count(id);
        let range = self.range(id);
        let is_whole = self.tree.format() == Format::Hcl
            || self.lines.comment_in(range.start, range.end).is_some();
        let changed = || {
            let new = changes.before.keys().chain(changes.after.keys());
            new.chain(&changes.removed).copied()
        };
        match (changed().min(), changed().max()) {
            (Some(first), Some(last)) if !is_whole => {
                first.saturating_sub(1)..count.min(last.saturating_add(2))
            }
            _ => 0..count,
        }
    }

    pub(crate) fn flow_texts(
        &self,
        new: &[New],
        indent: &str,
        look: &LocalStyle,
        at: usize,
    ) -> Result<Vec<String>, CannotWrite> {
        new.iter()
            .map(|new| match new.key {
                Some(key) => self.flow_pair(key, new.value, indent, look, at),
                None => self.flow_value(None, new.value, indent, look, at),
            })
            .collect()
    }

    /// What stands between two entries near entry `index`: a comma with blanks, or with a line break and the
    /// indentation.
    fn separator(&self, entries: &[Entry], index: usize, look: &LocalStyle) -> String {
        let behind = entries.get(index).zip(entries.get(index + 1));
        let before = index
            .checked_sub(1)
            .and_then(|before| entries.get(before))
            .zip(entries.get(index));
        if let Some((one, two)) = behind.or(before) {
            let gap = self.lines.slice(one.end, two.start);
            if gap.trim() == "," && gap.lines().count() < 3 {
                return gap.to_owned();
            }
            if gap.contains(['\n', '\r']) {
                return format!(",{}{}", self.lines.nl, self.lines.indent(two.start));
            }
            return self.comma(look).to_owned();
        }
        match entries.first() {
            Some(entry) if entry.own_line => {
                format!(",{}{}", self.lines.nl, self.lines.indent(entry.start))
            }
            _ => self.comma(look).to_owned(),
        }
    }

    /// What stands between an entry and a new one beside it, and how far the lines of that are indented.
    fn separator_and_indent(
        &self,
        id: NodeId,
        entries: &[Entry],
        at: usize,
        look: &LocalStyle,
    ) -> (String, String) {
        let Some(entry) = entries.get(at) else {
            return (String::new(), String::new());
        };
        let separator = self.separator(entries, at, look);
        let stands_below = entry.ends_line || entry.comma.is_none();
        if stands_below && self.lines.comment_in(entry.end, entry.tail).is_some() {
            // What is new stands below the comment.
            return (separator, self.row_indent(id, entries, at, look));
        }
        let own = self.lines.indent(entry.foot);
        let Some(end) = separator.rfind(['\n', '\r']) else {
            return (separator, own.to_owned());
        };
        if entry.own_line && separator.starts_with(',') {
            // It stands below its neighbour, however the next one is indented.
            return (format!(",{}{own}", self.lines.nl), own.to_owned());
        }
        let line = separator.get(end + 1..).unwrap_or_default();
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        let indent = line.get(..blanks).unwrap_or_default();
        let deep = self.deepened(id, indent.to_owned());
        match deep == indent {
            true => (separator, deep),
            false => (format!(",{}{deep}", self.lines.nl), deep),
        }
    }

    /// Writes the changes of a flow collection.
    pub fn flow(&mut self, id: NodeId, mut changes: Changes) -> Result<(), CannotWrite> {
        let window = self.window(id, &changes);
        let base = window.start;
        let reaches_end = window.end == self.count(id);
        let entries = self.flow_entries_of(id, window)?;
        let count = self.count(id).max(base + entries.len());
        let depth = self.depth(id);
        // How neighbours are written is asked for what is new only.
        let look = match changes.before.is_empty() && changes.after.is_empty() {
            true => None,
            false => Some(self.look(id)),
        };
        if count == 0 {
            return self.fill_first(id, &changes.take(0), look.as_ref(), depth);
        }
        let leads: Vec<_> = entries.iter().map(|one| (one.lead, one.start)).collect();
        self.put_above_headings(&mut changes, count, base, &leads);
        let trailing = reaches_end && entries.last().is_some_and(|entry| entry.comma.is_some());
        let replacements = changes.replacements(count);
        let is_left =
            |index: &usize| !changes.removed.contains(index) || replacements.contains_key(index);
        let Some(last) = (0..count).rev().find(is_left) else {
            self.empty_flow(id, &entries, depth);
            return Ok(());
        };
        let stays = |at: usize| is_left(&(base + at));
        let range = self.range(id);
        let has_rest = entries
            .last()
            .is_some_and(|entry| self.lines.comment_in(entry.tail, range.end).is_some());
        let is_new_tail = changes.after.contains_key(&last) || replacements.contains_key(&last);
        let head = self.cut_head(&entries, base, &stays, depth);
        let tail = match last.checked_sub(base) {
            Some(last) if reaches_end && !is_new_tail && !has_rest => {
                self.cut_tail(&entries, last, trailing, range.end - 1, depth)
            }
            _ => 0..0,
        };
        // Where the first of the entries begins that go together.
        let mut top = 0;
        // Where the entries of a line begin of which all go.
        let mut row = None;
        let (mut is_new_line, mut before) = (true, None);
        for (at, entry) in entries.iter().enumerate() {
            let index = base + at;
            row = match stays(at) {
                false if entry.own_line => Some(entry.lead),
                false if !is_new_line => row,
                _ => None,
            };
            is_new_line = entry.ends_line;
            let is_on_row = row.is_some() && !entry.own_line;
            if !stays(at) && !is_on_row && !self.follows_gone(&entries, at, &stays) {
                top = entry.lead;
            }
            let is_new = [&changes.before, &changes.after, &replacements]
                .iter()
                .any(|new| new.contains_key(&index));
            // What is between entries is looked at beside new ones only: a line may hold all of them.
            let (separator, indent) = match &look {
                Some(look) if is_new => self.separator_and_indent(id, &entries, at, look),
                _ => (String::new(), String::new()),
            };
            let mut keeps_comma = false;
            if let Some((new, look)) = replacements.get(&index).zip(look.as_ref()) {
                let look = self.look_beside((id, index), new, look);
                let texts = self.flow_texts(new, &indent, &look, entry.start)?;
                let text = texts.join(&separator);
                // Its comments stay with what takes its place.
                self.edit(entry.start..entry.end, text, depth);
            } else if changes.removed.contains(&index) {
                if !head.contains(&at) && !tail.contains(&at) {
                    let ends = Ends {
                        open: range.start,
                        top,
                        row,
                        stays: before,
                        is_tail: index > last && !has_rest,
                        with_comma: index > last && !trailing,
                    };
                    self.delete_flow(&entries, at, &ends, depth);
                }
                continue;
            } else if let Some(look) = &look {
                let beside = StayingEntry {
                    at: (id, index),
                    entry,
                    separator: &separator,
                    indent: &indent,
                    is_followed: index < last || trailing,
                };
                keeps_comma = self.put_beside(&beside, &changes, look, depth)?;
            }
            if index == last && !trailing && !keeps_comma {
                self.drop_comma(entry, entries.get(at + 1), depth);
            }
            before = Some(at);
        }
        Ok(())
    }

    /// Puts new entries before and behind one that stays. Returns whether its comma is in use.
    fn put_beside(
        &mut self,
        beside: &StayingEntry<'_>,
        changes: &Changes,
        look: &LocalStyle,
        depth: usize,
    ) -> Result<bool, CannotWrite> {
        let StayingEntry {
            at,
            entry,
            separator,
            indent,
            ..
        } = *beside;
        if let Some(new) = changes.before.get(&at.1) {
            let look = self.look_beside(at, new, look);
            let texts = self.flow_texts(new, indent, &look, entry.start)?;
            self.insert_before(entry, &texts, separator, depth);
        }
        let Some(new) = changes.after.get(&at.1) else {
            return Ok(false);
        };
        let look = self.look_beside(at, new, look);
        let texts = self.flow_texts(new, indent, &look, entry.start)?;
        Ok(self.insert_after(beside, &texts, depth))
    }

    /// Whether an entry with lines of its own follows directly on one that goes.
    fn follows_gone(&self, entries: &[Entry], at: usize, stays: &dyn Fn(usize) -> bool) -> bool {
        let before = at.checked_sub(1).filter(|before| !stays(*before));
        let before = before.and_then(|before| entries.get(before));
        let Some((before, own)) = before.zip(entries.get(at)) else {
            return false;
        };
        // A line may hold all of them, and isn't looked through for each.
        before.own_line
            && before.ends_line
            && own.own_line
            && self.lines.after_break(self.lines.eol(before.tail))
                == self.lines.line_start(own.lead)
    }

    /// Takes the comma behind what is now the last entry away, with the blanks before those that go with it.
    fn drop_comma(&mut self, entry: &Entry, next: Option<&Entry>, depth: usize) {
        let Some(comma) = entry.comma else { return };
        let is_blank = |next: &usize| {
            let gap = self.lines.slice(comma + 1, *next);
            gap.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
        };
        let next = next.map(|next| next.lead).filter(is_blank);
        self.edit(comma..next.unwrap_or(comma + 1), "", depth);
    }

    /// Puts entries before one that stays.
    fn insert_before(&mut self, entry: &Entry, texts: &[String], separator: &str, depth: usize) {
        for text in texts {
            let text = if entry.own_line && separator.contains(['\n', '\r']) {
                format!("{text},{}{}", self.lines.nl, self.lines.indent(entry.lead))
            } else {
                format!("{text}{separator}")
            };
            self.edit_before(entry.lead, text, depth);
        }
    }

    /// Puts entries behind one that stays. Whether its own comma is needed then, even if no entry followed it.
    fn insert_after(&mut self, beside: &StayingEntry<'_>, texts: &[String], depth: usize) -> bool {
        let StayingEntry {
            entry,
            separator,
            indent,
            is_followed,
            ..
        } = *beside;
        let own = self.lines.slice(entry.start, entry.end);
        if self.tree.format() == Format::Hcl && entry.comma.is_none() && text::ends_a_line(own) {
            // No comma may stand behind the mark of a heredoc.
            let lead = format!("{}{}, ", self.lines.nl, self.lines.indent(entry.start));
            let text: String = texts
                .iter()
                .flat_map(|text| [&lead, text])
                .cloned()
                .collect();
            self.edit(entry.end..entry.end, text, depth);
            return false;
        }
        let is_behind = |start: usize| self.lines.comment_in(start, entry.tail).is_some();
        if !is_behind(entry.end) {
            let text: String = texts.iter().flat_map(|text| [separator, text]).collect();
            self.edit(entry.end..entry.end, text, depth);
            return false;
        }
        if !entry.ends_line && entry.comma.is_some() {
            // A comment before the comma stays there.
            let text: String = texts.iter().flat_map(|text| [" ", text, ","]).collect();
            self.edit(entry.full_end()..entry.full_end(), text, depth);
            return true;
        }
        let eol = self.lines.eol(entry.tail).max(entry.tail);
        let eol = if entry.ends_line { eol } else { entry.tail };
        // The comment stays with its entry; so does the comma before it.
        if entry.comma.is_none() {
            self.edit(entry.end..entry.end, ",", depth);
        }
        let indent = format!("{}{indent}", self.lines.nl);
        for (index, text) in texts.iter().enumerate() {
            let comma = if index + 1 < texts.len() || is_followed {
                ","
            } else {
                ""
            };
            self.edit(eol..eol, format!("{indent}{text}{comma}"), depth);
        }
        true
    }

    /// Whether comments stand between entries that go, or beside them, that belong to none of them.
    fn has_strays(&self, entries: &[Entry]) -> bool {
        entries.windows(2).any(|two| match two {
            [one, two] => self.lines.comment_in(one.tail, two.lead).is_some(),
            _ => false,
        })
    }

    pub(crate) fn is_broken(&self, start: usize, end: usize) -> bool {
        self.lines.slice(start, end).contains(['\n', '\r'])
    }

    /// Takes the first entries away with the line breaks behind them, where they begin behind the bracket: what follows
    /// begins there then. Which entries these are.
    fn cut_head(
        &mut self,
        entries: &[Entry],
        base: usize,
        stays: &dyn Fn(usize) -> bool,
        depth: usize,
    ) -> Range<usize> {
        let kept = (0..entries.len()).find(|at| stays(*at)).unwrap_or(0);
        let (Some(first), Some(next)) = (entries.first(), entries.get(kept)) else {
            return 0..0;
        };
        let is_head = base == 0 && kept > 0 && !first.own_line && next.lead == next.start;
        if !is_head
            || !self.is_broken(first.lead, next.lead)
            || self.has_strays(entries.get(..=kept).unwrap_or_default())
        {
            return 0..0;
        }
        self.edit(first.lead..next.lead, "", depth);
        0..kept
    }

    /// Takes the entries behind `last` away with the line breaks before them, where the bracket follows on the line of the
    /// last one: it follows what stays then. Which entries these are.
    fn cut_tail(
        &mut self,
        entries: &[Entry],
        last: usize,
        trailing: bool,
        close: usize,
        depth: usize,
    ) -> Range<usize> {
        let rest = last + 1..entries.len();
        let (Some(stays), Some(first), Some(end)) =
            (entries.get(last), entries.get(last + 1), entries.last())
        else {
            return 0..0;
        };
        if end.ends_line
            || !self.is_broken(stays.tail, end.tail)
            || self.has_strays(entries.get(last..).unwrap_or_default())
        {
            return 0..0;
        }
        if self.lines.comment_in(stays.end, stays.tail).is_some() {
            // The comment behind it needs its line for itself.
            if !first.own_line {
                return 0..0;
            }
            self.edit(first.lead..close, "", depth);
        } else {
            let from = if trailing {
                stays.full_end()
            } else {
                stays.end
            };
            self.edit(from..end.tail, "", depth);
        }
        rest
    }

    /// Takes an entry away, with its comma and the blank lines that set it apart.
    fn delete_flow(&mut self, entries: &[Entry], index: usize, ends: &Ends, depth: usize) {
        let Some(entry) = entries.get(index) else {
            return;
        };
        let next = entries.get(index + 1);
        // All that goes between the two goes with it.
        let previous = ends.stays.and_then(|before| entries.get(before));
        if let Some(first) = ends.row.filter(|_| entry.ends_line) {
            let line = self.lines.line_start(first);
            let eol = self.lines.eol(entry.tail);
            let top = self.lines.line_start(ends.top);
            let above = self.lines.prev_eol(top);
            let is_head = above.is_some_and(|eol| self.lines.line_start(eol) <= ends.open);
            let gap = self.lines.gap(top, line, eol, ends.is_tail, is_head);
            self.edit(gap.0.unwrap_or(entry.lead)..gap.1, "", depth);
        } else if let Some(next) = next.filter(|_| !entry.ends_line) {
            self.edit(entry.lead..next.lead.max(entry.tail), "", depth);
        } else {
            let from = match previous {
                Some(previous) if self.lines.comment_in(previous.end, entry.lead).is_some() => {
                    let gap = self.lines.slice(previous.tail, entry.lead);
                    let is_blank = gap.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
                    match is_blank && entry.ends_line {
                        true => previous.tail,
                        false => entry.lead,
                    }
                }
                Some(previous) if ends.with_comma => previous.end,
                Some(previous) => previous.full_end(),
                None => entry.lead,
            };
            self.edit(from..entry.tail, "", depth);
        }
    }

    /// Nothing is left of a flow collection but its brackets, and comments between the entries.
    fn empty_flow(&mut self, id: NodeId, entries: &[Entry], depth: usize) {
        let range = self.range(id);
        let mut at = range.start + 1;
        let mut has_comment = false;
        for entry in entries {
            has_comment |= self.lines.comment_in(at, entry.lead).is_some();
            at = entry.tail;
        }
        has_comment |= self.lines.comment_in(at, range.end).is_some();
        if has_comment {
            let ends = |entry: &Entry| Ends {
                open: range.start,
                top: entry.lead,
                row: Some(entry.lead).filter(|_| entry.own_line),
                stays: None,
                is_tail: false,
                with_comma: false,
            };
            let ends: Vec<Ends> = entries.iter().map(ends).collect();
            for (index, ends) in ends.iter().enumerate() {
                self.delete_flow(entries, index, ends, depth);
            }
        } else {
            self.edit(range.start + 1..range.end - 1, "", depth);
        }
    }

    fn fill_first(
        &mut self,
        id: NodeId,
        new: &[New],
        look: Option<&LocalStyle>,
        depth: usize,
    ) -> Result<(), CannotWrite> {
        match look {
            Some(look) if look.hcl => self.fill_hcl(id, new, look, depth),
            Some(look) => self.fill(id, new, look, depth),
            None => Ok(()),
        }
    }

    /// The first entries of an empty collection.
    pub fn fill(
        &mut self,
        id: NodeId,
        new: &[New],
        look: &LocalStyle,
        depth: usize,
    ) -> Result<(), CannotWrite> {
        let range = self.range(id);
        let (start, end) = (range.start + 1, range.end - 1);
        let indent = self.hang(id);
        if self.lines.comment_in(start, end).is_some() {
            let texts = self.flow_texts(new, &indent, look, start)?;
            let text = format!("{}{}{indent}", texts.join(self.comma(look)), self.lines.nl);
            self.edit(end..end, text, depth);
            return Ok(());
        }
        let key = self.key_of(id);
        let is_list = matches!(self.tree.view(id), View::Sequence(_));
        let is_deep = new
            .iter()
            .any(|new| matches!(new.value, NewValue::Map(_) | NewValue::List(_)));
        let in_flow = self.is_flow_here(id);
        let layout = match is_list {
            true => self
                .neighbours()
                .list_layout(look.near, key, in_flow, !is_deep),
            false => None,
        };
        let layout = match self.shares_line(id) {
            true => Some(Layout::Inline),
            false => layout,
        };
        let default = match in_flow {
            true if look.map_lines && !look.hcl => Layout::Lines,
            true => Layout::Inline,
            false => Layout::Block,
        };
        match layout.unwrap_or(default) {
            Layout::Block if !in_flow => {
                let value = whole(new);
                self.replace_with(id, &value, depth)
            }
            layout => {
                let lines = layout == Layout::Lines;
                let inner = if lines {
                    format!("{indent}{}", self.unit(look))
                } else {
                    indent.clone()
                };
                let texts = self.flow_texts(new, &inner, look, start)?;
                let open = match self.lines.byte(range.start) {
                    Some(b'(') => '(',
                    _ if is_list => '[',
                    _ => '{',
                };
                let pieces = pieces(texts);
                let text = self.flow_collection(open, &pieces, lines, &indent, look);
                self.edit(range, text, depth);
                Ok(())
            }
        }
    }
}
