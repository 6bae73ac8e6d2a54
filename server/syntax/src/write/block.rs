//! Entries of YAML block collections: whole lines.

use std::cell::OnceCell;
use std::ops::Range;

use super::CannotWrite;
use super::headings::Places;
use super::plan::{Changes, New, Writer};
use super::refuse::refuse;
use super::style::LocalStyle;
use crate::facts::Question;
use crate::{Format, NodeId, Style, View, work};

/// One entry as it is written.
pub(super) struct Entry {
    /// Its `-` or key.
    pub start: usize,
    /// Whether it is the first thing on its line.
    pub own_line: bool,
    /// Where the line begins that belongs to it first: that of its own comments, or its own.
    pub lead: usize,
    /// Where its text ends.
    pub text_end: usize,
    /// Where its last line ends, trailing comments included.
    pub end: usize,
    /// Whether it takes the blank lines below for its own text.
    keeps: bool,
    /// Whether one before it does.
    after_keep: bool,
}

/// Between which entries of a collection blank lines stand.
#[derive(Clone, Copy, Default)]
struct Spacing {
    all: bool,
    some: bool,
}

impl Writer<'_> {
    /// The first offset at or behind `at` that is neither blank nor comment.
    pub(crate) fn next_token(&self, mut at: usize) -> usize {
        loop {
            match self.lines.byte(at) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => at += 1,
                Some(b'#' | b'/') if self.tree.format() == Format::Hcl => {
                    match self.lines.comment_in(at, at + 1) {
                        Some(comment) => at = comment.span.end as usize,
                        None => return at,
                    }
                }
                Some(b'#') => at = self.lines.eol(at),
                _ => return at,
            }
        }
    }

    /// Where the text of a node ends. A block scalar that keeps the blank lines behind it has them.
    pub fn content_end(&self, id: NodeId) -> usize {
        let span = self.range(id);
        let end = span.start
            + self
                .lines
                .slice(span.start, span.end)
                .trim_end_matches([' ', '\t', '\r', '\n'])
                .len();
        if !self.keeps_blank_lines(id) {
            return end;
        }
        let mut end = self.lines.eol(end);
        loop {
            let next = self.lines.after_break(end);
            if next == end
                || !self.lines.is_blank(next)
                || self.lines.after_break(self.lines.eol(next)) == self.lines.eol(next)
            {
                return end;
            }
            end = self.lines.eol(next);
        }
    }

    /// Whether a node ends with a block scalar of which the blank lines below are a part: `|+`.
    pub(crate) fn keeps_blank_lines(&self, id: NodeId) -> bool {
        self.last_block_scalar(id)
            .is_some_and(|leaf| self.header(leaf).contains('+'))
    }

    /// The block scalar that a node ends with.
    pub(crate) fn last_block_scalar(&self, id: NodeId) -> Option<NodeId> {
        let mut leaf = id;
        loop {
            leaf = match self.tree.view(leaf) {
                View::Mapping([.., pair]) if self.tree.style(leaf) == Style::Block => pair.value,
                View::Sequence([.., item]) if self.tree.style(leaf) == Style::Block => *item,
                View::Tagged(_, inner) => inner,
                _ => break,
            };
        }
        matches!(self.tree.style(leaf), Style::Literal | Style::Folded).then_some(leaf)
    }

    /// The indicators of a block scalar: `|`, `>-` …
    pub fn header(&self, id: NodeId) -> &str {
        let start = self.range(id).start;
        let line = self.lines.slice(start, self.lines.eol(start));
        &line[..line.len()
            - line
                .trim_start_matches([
                    '|', '>', '+', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
                ])
                .len()]
    }

    /// Where the value of a pair ends; behind the colon if it has none.
    pub(crate) fn pair_end(&self, key: NodeId, value: NodeId) -> usize {
        let key_end = self.range(key).end;
        let colon = self.lines.skip_blanks(key_end);
        let colon = if self.lines.byte(colon) == Some(b':') {
            colon + 1
        } else {
            key_end
        };
        let anchor = self
            .tree
            .anchor(value)
            .map_or(colon, |span| span.end as usize);
        let value_end = if self.range(value).is_empty() {
            colon
        } else {
            self.content_end(value)
        };
        value_end.max(anchor).max(colon)
    }

    /// Where the text of an item or its anchor ends; nowhere for one that has neither.
    fn item_end(&self, item: NodeId) -> usize {
        let anchor = self.tree.anchor(item).map_or(0, |span| span.end as usize);
        let own = match self.range(item).is_empty() {
            true => 0,
            false => self.content_end(item),
        };
        own.max(anchor)
    }

    /// Where a key begins, its anchor included. An explicit key (`? key`) is refused.
    pub(crate) fn key_start(&self, key: NodeId) -> Result<usize, CannotWrite> {
        let anchor = self
            .tree
            .anchor(key)
            .map_or(usize::MAX, |span| span.start as usize);
        let start = self.range(key).start.min(anchor);
        let before = self
            .lines
            .slice(self.lines.line_start(start), start)
            .trim_end_matches([' ', '\t']);
        if before.ends_with('?') && before.trim_start_matches([' ', '\t', '-']) == "?" {
            return refuse(key, "it is an explicit key");
        }
        Ok(start)
    }

    /// Where a block collection begins: at its first key or dash, its anchor included.
    pub(crate) fn block_start(&self, id: NodeId) -> Result<usize, CannotWrite> {
        match self.tree.view(id) {
            View::Mapping([first, ..]) => self.key_start(first.key),
            _ => Ok(self.next_token(self.range(id).start)),
        }
    }

    /// The starts and ends of some entries of a block collection.
    fn extents(&self, id: NodeId, of: Range<usize>) -> Result<Vec<(usize, usize)>, CannotWrite> {
        work::did(of.len());
        match self.tree.view(id) {
            View::Mapping(pairs) => {
                let pairs = pairs.get(of).unwrap_or_default();
                let mut extents = Vec::with_capacity(pairs.len());
                for pair in pairs {
                    extents.push((
                        self.key_start(pair.key)?,
                        self.pair_end(pair.key, pair.value),
                    ));
                }
                Ok(extents)
            }
            View::Sequence(items) => {
                // What stands before a dash is known from the last item with a text.
                let has_text = |item: &NodeId| !self.range(*item).is_empty();
                let before = items.get(..of.start).unwrap_or_default();
                let known = before.iter().rposition(has_text);
                let known = known.and_then(|known| Some((known + 1, *items.get(known)?)));
                let (from, mut at) = match known {
                    Some((next, item)) => (next, self.item_end(item)),
                    None => (0, self.range(id).start),
                };
                let read = items.get(from..of.end).unwrap_or_default();
                let mut extents: Vec<(usize, usize)> = Vec::with_capacity(read.len());
                for item in read {
                    let dash = self.next_token(at);
                    if self.lines.byte(dash) != Some(b'-') {
                        return refuse(*item, "this part of the file could not be read");
                    }
                    at = self.item_end(*item).max(dash + 1);
                    extents.push((dash, at));
                }
                Ok(extents.split_off(extents.len().min(of.start - from)))
            }
            _ => refuse(id, "it is neither list nor mapping"),
        }
    }

    /// The entries that changes are about, with their neighbours. All of them where all go, and where one may keep the blank
    /// lines behind it.
    fn block_window(&self, id: NodeId, changes: &Changes) -> Range<usize> {
        let count = self.count(id);
        let is_whole = changes.removed.len() >= count
            || self.tree.facts.may_keep_blank_lines(self.tree.source());
        let new = changes.before.keys().chain(changes.after.keys());
        let touched = || changes.removed.iter().chain(new.clone());
        match (touched().min(), touched().max()) {
            (Some(first), Some(last)) if !is_whole => {
                first.saturating_sub(1)..count.min(last.saturating_add(2))
            }
            _ => 0..count,
        }
    }

    /// All entries of a block collection.
    pub(crate) fn block_entries(&self, id: NodeId) -> Result<Vec<Entry>, CannotWrite> {
        self.block_entries_of(id, 0..self.count(id))
            .map(|(entries, _)| entries)
    }

    /// Some entries of a block collection, and the index of the first; all of them where comments above one may be about
    /// others, too.
    fn block_entries_of(
        &self,
        id: NodeId,
        of: Range<usize>,
    ) -> Result<(Vec<Entry>, usize), CannotWrite> {
        let base = of.start;
        let is_whole = of.len() == self.count(id);
        let extents = self.extents(id, of)?;
        let column = self.lines.column(self.block_start(id)?);
        let items = self.tree.items(id).unwrap_or_default();
        let is_mapping = |item: &NodeId| matches!(self.tree.view(*item), View::Mapping(_));
        let is_scalars = OnceCell::new();
        let is_scalars = || *is_scalars.get_or_init(|| !items.iter().any(is_mapping));
        let places: Vec<_> = extents
            .iter()
            .map(|(start, end)| (*start, *end, None))
            .collect();
        let places = Places::new(&places, items);
        let mut entries: Vec<Entry> = Vec::with_capacity(extents.len());
        for (at, &(start, content_end)) in extents.iter().enumerate() {
            let index = base + at;
            let line = self.lines.line_start(start);
            let own_line = self.lines.first_on_line(start);
            let limit = match entries.last() {
                Some(previous) => previous.end,
                None => self.lines.token_end_before(line),
            };
            let mut lead = line;
            while let Some(eol) = self
                .lines
                .prev_eol(lead)
                .filter(|eol| own_line && *eol > limit)
            {
                let above = self.lines.line_start(eol);
                if above < limit || self.lines.comment_line(above) != Some(column) {
                    break;
                }
                lead = above;
            }
            let mut end = self.lines.eol(content_end);
            loop {
                let next = self.lines.after_break(end);
                if next == end || self.lines.comment_line(next).is_none_or(|at| at <= column) {
                    break;
                }
                end = self.lines.eol(next);
            }
            if lead < line && !is_whole && !items.is_empty() && is_scalars() {
                return self.block_entries_of(id, 0..self.count(id));
            }
            // A comment over a group of one-line items may be about all of them, one at the top about the mapping or the file.
            let heads_group = lead < line
                && match items.is_empty() {
                    true => index == 0 && self.heads_pairs(id, lead, start),
                    false => is_scalars() && self.heads_others(&places, index, lead),
                };
            let heads_file =
                index == 0 && self.tree.parent(id).is_none() && self.lines.prev_eol(lead).is_none();
            if heads_group || heads_file {
                lead = line;
            }
            let value = match self.tree.view(id) {
                View::Mapping(pairs) => pairs.get(index).map(|pair| pair.value),
                View::Sequence(items) => items.get(index).copied(),
                _ => None,
            };
            entries.push(Entry {
                start,
                own_line,
                lead,
                text_end: content_end,
                end,
                keeps: value.is_some_and(|value| self.keeps_blank_lines(value)),
                after_keep: entries
                    .last()
                    .is_some_and(|entry| entry.keeps || entry.after_keep),
            });
        }
        Ok((entries, base))
    }

    /// Writes the changes of a block collection.
    pub fn block(&mut self, id: NodeId, mut changes: Changes) -> Result<(), CannotWrite> {
        let window = self.block_window(id, &changes);
        let (entries, base) = self.block_entries_of(id, window)?;
        if entries.is_empty() {
            return refuse(id, "this part of the file could not be read");
        }
        let count = self.count(id);
        let depth = self.depth(id);
        // How neighbours are written is asked for what is new only.
        let look = match changes.before.is_empty() && changes.after.is_empty() {
            true => None,
            false => Some(self.look(id)),
        };
        let start = self.block_start(id)?;
        let column = self.lines.column(start);
        let own_line = self.lines.first_on_line(start);
        let nl = self.lines.nl;
        let indent = " ".repeat(column);
        let spacing = match look.is_some() {
            true => self.spacing(id)?,
            false => Spacing::default(),
        };
        let gap_where = |is_spaced: bool| if is_spaced { nl } else { "" };
        let gap = gap_where(spacing.all);
        // Behind a dash there is no line to put something before: it takes the place of what goes.
        if !own_line && changes.removed.contains(&0) {
            let kept = (0..count).find(|index| !changes.removed.contains(index));
            if let Some((kept, new)) =
                kept.and_then(|kept| Some((kept, changes.before.remove(&kept)?)))
            {
                changes.after.entry(kept - 1).or_default().extend(new);
            }
        }
        let leads: Vec<_> = entries.iter().map(|one| (one.lead, one.start)).collect();
        self.put_above_headings(&mut changes, count, base, &leads);
        let replacements = changes.replacements(count);
        let stays =
            |index: usize| !changes.removed.contains(&index) || replacements.contains_key(&index);
        let last = (0..count).rev().find(|index| stays(*index));

        let is_open = |entry: &Entry| entry.after_keep && entry.end == self.lines.src.len();
        if entries.last().is_some_and(is_open) && !stays(count - 1) {
            // No line break is left that is not a part of the text above.
            return refuse(id, "a block scalar in it takes in the blank lines below it");
        }
        if last.is_none() {
            return self.empty_block(id, &entries, depth);
        }
        // The line of the first of the entries that go together.
        let mut top = 0;
        for (at, entry) in entries.iter().enumerate() {
            let index = base + at;
            let follows = |before: &Entry| self.lines.after_break(before.end) == entry.lead;
            let before = at.checked_sub(1).filter(|before| !stays(base + *before));
            if !before
                .and_then(|before| entries.get(before))
                .is_some_and(follows)
            {
                top = entry.lead;
            }
            if let Some((new, look)) = changes
                .before
                .get(&index)
                .filter(|_| !changes.removed.contains(&index))
                .zip(look.as_ref())
            {
                let look = self.look_beside((id, index), new, look);
                let texts = self.entry_texts(new, column, &look, entry.start)?;
                self.put_above(entry, texts, (gap, &indent), depth);
            }
            if let Some((new, look)) = replacements.get(&index).zip(look.as_ref()) {
                let look = self.look_beside((id, index), new, look);
                let texts = self.entry_texts(new, column, &look, entry.start)?;
                // The comments stay with what takes its place.
                let text = texts.join(&format!("{nl}{gap}{indent}"));
                self.edit(entry.start..entry.text_end, text, depth);
            } else if changes.removed.contains(&index) && (entry.own_line || index > 0) {
                let is_tail = last.is_some_and(|last| index > last);
                self.delete_lines((&entries, base), index, top, is_tail, depth);
            }
            if let Some((new, look)) = changes
                .after
                .get(&index)
                .filter(|_| !changes.removed.contains(&index))
                .zip(look.as_ref())
            {
                let look = self.look_beside((id, index), new, look);
                let texts = self.entry_texts(new, column, &look, entry.start)?;
                let apart = gap_where(spacing.some);
                self.put_below(entry, new, texts, (gap, apart, &indent), depth);
            }
        }
        if !own_line && changes.removed.contains(&0) && !replacements.contains_key(&0) {
            self.pull_up(&entries, &changes, depth);
        }
        Ok(())
    }

    /// Puts new entries, which are written out, below one.
    fn put_below(
        &mut self,
        entry: &Entry,
        new: &[New<'_>],
        texts: Vec<String>,
        (gap, apart, indent): (&str, &str, &str),
        depth: usize,
    ) {
        let nl = self.lines.nl;
        for (new, text) in new.iter().zip(texts) {
            let gap = match self.brings(new.value).is_apart {
                _ if entry.keeps => "",
                true => apart,
                false => gap,
            };
            self.edit(
                entry.end..entry.end,
                format!("{nl}{gap}{indent}{text}"),
                depth,
            );
        }
    }

    /// Puts new entries, which are written out, above one.
    fn put_above(
        &mut self,
        entry: &Entry,
        texts: Vec<String>,
        (gap, indent): (&str, &str),
        depth: usize,
    ) {
        let nl = self.lines.nl;
        let first_line = self.lines.prev_eol(entry.lead);
        for text in texts {
            match first_line {
                _ if !entry.own_line => {
                    let text = format!("{text}{nl}{gap}{indent}");
                    self.edit_before(entry.start, text, depth);
                }
                Some(eol) => self.edit(eol..eol, format!("{nl}{indent}{text}{gap}"), depth),
                None => {
                    let text = format!("{indent}{text}{nl}{gap}");
                    self.edit_before(entry.lead, text, depth);
                }
            }
        }
    }

    /// The first entry stands behind a `-` of the list around and goes: what follows takes its place there.
    fn pull_up(&mut self, entries: &[Entry], changes: &Changes, depth: usize) {
        let Some(first) = entries.first() else { return };
        let mut at = first.end;
        let mut next = 1;
        loop {
            match self.lines.byte(at) {
                Some(b' ' | b'\t' | b'\r' | b'\n') => at += 1,
                _ => match entries.get(next) {
                    Some(entry)
                        if changes.removed.contains(&next)
                            && self.lines.line_start(at) == entry.lead =>
                    {
                        at = entry.end;
                        next += 1;
                    }
                    _ => break,
                },
            }
        }
        self.edit(first.start..at, "", depth);
    }

    /// Takes the lines of an entry away, and the blank lines that set it apart. `top`: the line of the first of the entries
    /// that go together with it. `entries`: some of them, from the one of number `base`.
    fn delete_lines(
        &mut self,
        (entries, base): (&[Entry], usize),
        index: usize,
        top: usize,
        is_tail: bool,
        depth: usize,
    ) {
        let Some(entry) = index.checked_sub(base).and_then(|at| entries.get(at)) else {
            return;
        };
        // A comment below the last one is about what isn't there, and stays apart.
        let has_rest = entries.last().is_some_and(|last| {
            let below = self.lines.after_break(last.end);
            below > last.end && self.lines.comment_line(below).is_some()
        });
        let is_tail = is_tail && !has_rest;
        let is_tail = is_tail && !entry.after_keep;
        let is_head = index == 0
            || entry.after_keep
            || base == 0 && entries.first().is_some_and(|first| top == first.lead);
        // What heads the others stands before it.
        let is_head = is_head && (entry.after_keep || !self.lines.is_below_comment(top));
        let (from, to) = self.lines.gap(top, entry.lead, entry.end, is_tail, is_head);
        if index > 0 {
            self.pull_left(
                self.lines.after_break(to),
                self.lines.column(entry.start),
                depth,
            );
        }
        match from {
            Some(from) => self.edit(from..to, "", depth),
            None => self.edit(entry.lead..self.lines.after_break(to), "", depth),
        }
    }

    /// Comments that stay behind a removed entry must not be indented so far that a block scalar above takes
    /// them for its text.
    fn pull_left(&mut self, mut line: usize, column: usize, depth: usize) {
        while line < self.lines.src.len() {
            match self.lines.comment_line(line) {
                Some(at) if at > column => self.edit(line + column..line + at, "", depth),
                Some(_) => {}
                None if self.lines.is_blank(line) => {}
                None => return,
            }
            line = self.lines.after_break(self.lines.eol(line));
        }
    }

    /// Nothing is left of a block collection but its brackets.
    fn empty_block(
        &mut self,
        id: NodeId,
        entries: &[Entry],
        depth: usize,
    ) -> Result<(), CannotWrite> {
        let brackets = if matches!(self.tree.view(id), View::Sequence(_)) {
            "[]"
        } else {
            "{}"
        };
        let Some(first) = entries.first() else {
            return Ok(());
        };
        let has_head = self.tree.parent(id).is_some();
        if !first.own_line || !has_head {
            let from = if first.own_line {
                first.lead
            } else {
                first.start
            };
            self.edit(from..first.end, brackets, depth);
        } else {
            let head = self.lines.token_end_before(first.start);
            self.edit(head..head, format!(" {brackets}"), depth);
            self.delete_lines((entries, 0), 0, first.lead, true, depth);
        }
        for (index, entry) in entries.iter().enumerate().skip(1) {
            self.delete_lines((entries, 0), index, entry.lead, true, depth);
        }
        Ok(())
    }

    /// Between which entries of a block collection blank lines stand. All are looked at when it is asked first.
    fn spacing(&self, id: NodeId) -> Result<Spacing, CannotWrite> {
        const QUESTION: Question<'_> = ("spacing", None);
        if let Some(Some(known)) = self.tree.facts.answer(id, QUESTION) {
            return Ok(known);
        }
        let entries = self.block_entries(id)?;
        let gaps = || entries.windows(2).map(|two| self.is_spaced(two));
        let spacing = Spacing {
            all: entries.len() > 1 && gaps().all(|gap| gap),
            some: gaps().any(|gap| gap),
        };
        self.tree.facts.keep(&[id], QUESTION, &Some(spacing));
        Ok(spacing)
    }

    fn is_spaced(&self, two: &[Entry]) -> bool {
        let [one, two] = two else { return false };
        let gap = self.lines.slice(one.end, two.lead);
        gap.matches(self.lines.nl).count() > 1
            && gap.lines().skip(1).any(|line| line.trim().is_empty())
    }

    fn entry_texts(
        &self,
        new: &[New],
        column: usize,
        look: &LocalStyle,
        at: usize,
    ) -> Result<Vec<String>, CannotWrite> {
        new.iter()
            .map(|new| self.block_entry(new.key, new.value, column, look, at))
            .collect()
    }
}
