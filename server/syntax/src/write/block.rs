//! Entries of YAML block collections: whole lines.

use super::CannotWrite;
use super::plan::{Changes, New, Writer};
use super::refuse;
use super::style::Look;
use crate::{Format, NodeId, Style, View};

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

impl Writer<'_> {
    /// The first offset at or behind `at` that is neither blank nor comment.
    pub fn next_token(&self, mut at: usize) -> usize {
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
    pub fn keeps_blank_lines(&self, id: NodeId) -> bool {
        self.last_block_scalar(id)
            .is_some_and(|leaf| self.header(leaf).contains('+'))
    }

    /// The block scalar that a node ends with.
    pub fn last_block_scalar(&self, id: NodeId) -> Option<NodeId> {
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
    pub fn pair_end(&self, key: NodeId, value: NodeId) -> usize {
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

    /// Where a key begins, its anchor included. An explicit key (`? key`) is refused.
    pub fn key_start(&self, key: NodeId) -> Result<usize, CannotWrite> {
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

    /// The starts and ends of all entries of a block collection.
    fn extents(&self, id: NodeId) -> Result<Vec<(usize, usize)>, CannotWrite> {
        match self.tree.view(id) {
            View::Mapping(pairs) => {
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
                let mut extents: Vec<(usize, usize)> = Vec::with_capacity(items.len());
                let mut at = self.range(id).start;
                for item in items {
                    let dash = self.next_token(at);
                    if self.lines.byte(dash) != Some(b'-') {
                        return refuse(*item, "this part of the file could not be read");
                    }
                    let anchor = self.tree.anchor(*item).map_or(0, |span| span.end as usize);
                    let own = if self.range(*item).is_empty() {
                        0
                    } else {
                        self.content_end(*item)
                    };
                    at = own.max(anchor).max(dash + 1);
                    extents.push((dash, at));
                }
                Ok(extents)
            }
            _ => refuse(id, "it is neither list nor mapping"),
        }
    }

    /// The entries of a block collection.
    pub fn block_entries(&self, id: NodeId) -> Result<Vec<Entry>, CannotWrite> {
        let extents = self.extents(id)?;
        let column = extents
            .first()
            .map_or(0, |(start, _)| self.lines.column(*start));
        let items = self.tree.items(id).unwrap_or_default();
        let is_mapping = |item: &NodeId| matches!(self.tree.view(*item), View::Mapping(_));
        let is_scalars = !items.iter().any(is_mapping);
        let places: Vec<_> = extents
            .iter()
            .map(|(start, end)| (*start, *end, None))
            .collect();
        let mut entries: Vec<Entry> = Vec::with_capacity(extents.len());
        for (index, &(start, content_end)) in extents.iter().enumerate() {
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
            // A comment over a group of one-line items may be about all of them, one at the top about the file.
            let heads_group =
                is_scalars && lead < line && self.heads_others(&places, items, index, lead);
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
        Ok(entries)
    }

    /// Writes the changes of a block collection.
    pub fn block(&mut self, id: NodeId, mut changes: Changes) -> Result<(), CannotWrite> {
        let entries = self.block_entries(id)?;
        let Some(first) = entries.first() else {
            return refuse(id, "this part of the file could not be read");
        };
        let count = entries.len();
        let depth = self.depth(id);
        let look = self.look(id);
        let column = self.lines.column(first.start);
        let nl = self.lines.nl;
        let indent = " ".repeat(column);
        let spaced = self.are_spaced(&entries);
        let gap = if spaced { nl } else { "" };
        // Behind a dash there is no line to put something before: it takes the place of what goes.
        if !first.own_line && changes.removed.contains(&0) {
            let kept = (0..count).find(|index| !changes.removed.contains(index));
            if let Some((kept, new)) =
                kept.and_then(|kept| Some((kept, changes.before.remove(&kept)?)))
            {
                changes.after.entry(kept - 1).or_default().extend(new);
            }
        }
        changes.above_headings(count, |index| {
            let entry = entries.get(index);
            entry.is_some_and(|entry| self.lines.is_heading(entry.lead, entry.start))
        });
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
        for (index, entry) in entries.iter().enumerate() {
            let follows = |before: &Entry| self.lines.after_break(before.end) == entry.lead;
            let before = index.checked_sub(1).filter(|before| !stays(*before));
            if !before
                .and_then(|before| entries.get(before))
                .is_some_and(follows)
            {
                top = entry.lead;
            }
            if let Some(new) = changes
                .before
                .get(&index)
                .filter(|_| !changes.removed.contains(&index))
            {
                let texts = self.entry_texts(new, column, &look, entry.start)?;
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
            if let Some(new) = replacements.get(&index) {
                let texts = self.entry_texts(new, column, &look, entry.start)?;
                // The comments stay with what takes its place.
                let text = texts.join(&format!("{nl}{gap}{indent}"));
                self.edit(entry.start..entry.text_end, text, depth);
            } else if changes.removed.contains(&index) && (entry.own_line || index > 0) {
                let is_tail = last.is_some_and(|last| index > last);
                self.delete_lines(&entries, index, top, is_tail, depth);
            }
            if let Some(new) = changes
                .after
                .get(&index)
                .filter(|_| !changes.removed.contains(&index))
            {
                let gap = if entry.keeps { "" } else { gap };
                for text in self.entry_texts(new, column, &look, entry.start)? {
                    self.edit(
                        entry.end..entry.end,
                        format!("{nl}{gap}{indent}{text}"),
                        depth,
                    );
                }
            }
        }
        if !first.own_line && changes.removed.contains(&0) && !replacements.contains_key(&0) {
            self.pull_up(&entries, &changes, depth);
        }
        Ok(())
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
    /// that go together with it.
    fn delete_lines(
        &mut self,
        entries: &[Entry],
        index: usize,
        top: usize,
        is_tail: bool,
        depth: usize,
    ) {
        let Some(entry) = entries.get(index) else {
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
            || entries.first().is_some_and(|first| top == first.lead);
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
            self.delete_lines(entries, 0, first.lead, true, depth);
        }
        for (index, entry) in entries.iter().enumerate().skip(1) {
            self.delete_lines(entries, index, entry.lead, true, depth);
        }
        Ok(())
    }

    /// Whether blank lines stand between all entries.
    fn are_spaced(&self, entries: &[Entry]) -> bool {
        entries.len() > 1
            && entries.windows(2).all(|pair| match pair {
                [one, two] => {
                    let gap = self.lines.slice(one.end, two.lead);
                    gap.matches(self.lines.nl).count() > 1
                        && gap.lines().skip(1).any(|line| line.trim().is_empty())
                }
                _ => false,
            })
    }

    fn entry_texts(
        &self,
        new: &[New],
        column: usize,
        look: &Look,
        at: usize,
    ) -> Result<Vec<String>, CannotWrite> {
        new.iter()
            .map(|new| self.block_entry(new.key, new.value, column, look, at))
            .collect()
    }
}
