//! Entries put among, and taken from, those of a body or object that has a line for each.

use std::ops::Range;

use super::super::plan::{Changes, New, Writer};
use super::super::refuse;
use super::super::style::LocalStyle;
use super::super::text;
use super::super::{CannotWrite, NewValue};
use super::align::{Chain, Written};
use super::rows::Row;
use crate::{NodeId, Style, View};

/// What new entries of one mapping have in common.
struct Setting<'l> {
    look: &'l LocalStyle,
    body: bool,
    indent: String,
    /// Between key and value.
    assign: String,
    depth: usize,
}

impl Writer<'_> {
    fn written_all(
        &self,
        new: &[New],
        setting: &Setting,
        at: usize,
    ) -> Result<Vec<Written>, CannotWrite> {
        self.written_as(new, setting, setting.look, at)
    }

    fn written_as(
        &self,
        new: &[New],
        setting: &Setting,
        look: &LocalStyle,
        at: usize,
    ) -> Result<Vec<Written>, CannotWrite> {
        let written = new.iter().map(|new| {
            let key = new.key.unwrap_or_default();
            self.written((key, new.value), setting.body, &setting.indent, look, at)
        });
        written.collect()
    }

    /// As [`Writer::written_all`], beside an entry: new blocks are written as the block that is there.
    fn written_beside(
        &self,
        new: &[New],
        setting: &Setting,
        (id, index): (NodeId, usize),
        at: usize,
    ) -> Result<Vec<Written>, CannotWrite> {
        let pair = match self.tree.view(id) {
            View::Mapping(pairs) if setting.body => pairs.get(index),
            _ => None,
        };
        let is_alike = |new: &New| {
            let key = pair.and_then(|pair| self.tree.text(pair.key));
            matches!(new.value, NewValue::Map(_)) && new.key == key
        };
        let block = pair.map(|pair| pair.value);
        let block = block.filter(|block| self.tree.style(*block) == Style::Block);
        match block.filter(|_| new.iter().any(is_alike)) {
            Some(block) => {
                let look = self.neighbours().look_beside(block, setting.look);
                self.written_as(new, setting, &look, at)
            }
            None => self.written_all(new, setting, at),
        }
    }

    /// Whether two entries stand on lines that follow each other.
    fn touch(&self, above: &Row, below: &Row) -> bool {
        self.lines.after_break(above.eol) == self.lines.line_start(below.start)
    }

    /// The entries around `index` (before or behind it) whose signs line up, nearest first.
    fn chain(
        &self,
        rows: &[Row],
        gone: &dyn Fn(usize) -> bool,
        range: Range<usize>,
        upwards: bool,
    ) -> Vec<usize> {
        let mut chain: Vec<usize> = Vec::new();
        let order: Box<dyn Iterator<Item = usize>> = if upwards {
            Box::new(range.rev())
        } else {
            Box::new(range)
        };
        for index in order {
            let Some(row) = rows
                .get(index)
                .filter(|row| row.sign.is_some() && !gone(index))
            else {
                break;
            };
            let touches = chain
                .last()
                .and_then(|last| rows.get(*last))
                .is_none_or(|last| {
                    if upwards {
                        self.touch(row, last)
                    } else {
                        self.touch(last, row)
                    }
                });
            if !touches {
                break;
            }
            chain.push(index);
        }
        chain
    }

    fn key_width(&self, row: &Row) -> usize {
        self.lines.slice(row.start, row.key_end).chars().count()
    }

    /// The width that the signs of some entries line up at; `Err` if they don't.
    fn chain_width(&self, rows: &[Row], chain: &[usize]) -> Result<Option<usize>, ()> {
        let rows: Vec<&Row> = chain.iter().filter_map(|index| rows.get(*index)).collect();
        let widest = rows.iter().map(|row| self.key_width(row)).max();
        let is_aligned = rows.iter().all(|row| {
            let gap = row.sign.map(|sign| self.lines.slice(row.key_end, sign));
            gap.is_some_and(|gap| {
                gap.bytes().all(|byte| byte == b' ')
                    && Some(self.key_width(row) + gap.len()) == widest.map(|widest| widest + 1)
            })
        });
        if is_aligned { Ok(widest) } else { Err(()) }
    }

    /// Moves the signs of entries to a new width.
    fn realign(&mut self, rows: &[Row], chain: &[usize], width: usize, depth: usize) {
        for row in chain.iter().filter_map(|index| rows.get(*index)) {
            if let Some(sign) = row.sign {
                let pad = (width + 1).saturating_sub(self.key_width(row));
                self.edit(row.key_end..sign, " ".repeat(pad), depth);
            }
        }
    }

    /// New entries between row `index - 1` and row `index`, as text, those around them lined up with them.
    fn between(
        &mut self,
        rows: &[Row],
        gone: &dyn Fn(usize) -> bool,
        (above, below): (usize, usize),
        entries: &[Written],
        setting: &Setting,
    ) -> Vec<String> {
        let before = self.chain(rows, gone, 0..above, true);
        let after = self.chain(rows, gone, below..rows.len(), false);
        // Lines that don't follow the new ones have nothing to do with them.
        let before = match (before.first(), rows.get(above)) {
            (Some(last), Some(next)) if above == below => {
                let is_near = rows.get(*last).is_some_and(|last| self.touch(last, next));
                if is_near || entries.first().is_some_and(|entry| !entry.is_block()) {
                    before
                } else {
                    Vec::new()
                }
            }
            _ => before,
        };
        let widths = (
            self.chain_width(rows, &before),
            self.chain_width(rows, &after),
        );
        let chain = match widths {
            (Ok(before), Ok(after)) => Chain {
                before,
                after,
                is_ragged: false,
            },
            _ => Chain {
                is_ragged: true,
                ..Chain::default()
            },
        };
        let (up, down) = chain.grown(entries);
        if setting.assign == " = " {
            if let Some(width) = up {
                self.realign(rows, &before, width, setting.depth);
            }
            if let Some(width) = down {
                self.realign(rows, &after, width, setting.depth);
            }
        }
        chain.texts(entries, &setting.assign)
    }

    /// Moves the signs of lines that lined up with an entry that goes, and need not go as far to the right any more.
    fn tighten(
        &mut self,
        rows: &[Row],
        goes: &dyn Fn(usize) -> bool,
        changes: &dyn Fn(usize) -> bool,
        setting: &Setting,
    ) {
        let mut start = 0;
        while start < rows.len() && setting.assign == " = " {
            let chain = self.chain(rows, &|_| false, start..rows.len(), false);
            start += chain.len().max(1);
            let is_concerned = chain.iter().any(|index| goes(*index));
            if !is_concerned || chain.iter().any(|index| changes(*index)) {
                continue;
            }
            let stays: Vec<usize> = chain
                .iter()
                .copied()
                .filter(|index| !goes(*index))
                .collect();
            let widest = stays
                .iter()
                .filter_map(|index| rows.get(*index))
                .map(|row| self.key_width(row))
                .max();
            if let (Ok(Some(before)), Some(width)) = (self.chain_width(rows, &chain), widest)
                && width < before
            {
                self.realign(rows, &stays, width, setting.depth);
            }
        }
    }

    /// Whether an empty line stands between blocks, and between arguments and blocks, in a body.
    fn parts_blocks(&self, rows: &[Row]) -> bool {
        rows.windows(2)
            .find_map(|two| match two {
                [above, below] if above.is_block || below.is_block => {
                    Some(self.lines.after_break(above.eol) != below.lead)
                }
                _ => None,
            })
            .unwrap_or(true)
    }

    /// How entries of a body or object are written.
    fn setting<'l>(&self, id: NodeId, rows: &[Row], look: &'l LocalStyle) -> Setting<'l> {
        let body = self.tree.style(id) == Style::Block;
        let indent = rows.first().map_or("", |row| self.lines.indent(row.start));
        Setting {
            look,
            body,
            indent: indent.to_owned(),
            assign: match body {
                true => " = ".to_owned(),
                false => look.colon.clone(),
            },
            depth: self.depth(id),
        }
    }

    /// Writes the changes of a mapping with a line for each entry.
    pub(super) fn hcl_lines(
        &mut self,
        id: NodeId,
        rows: &[Row],
        mut changes: Changes,
    ) -> Result<(), CannotWrite> {
        let look = self.look(id);
        let setting = self.setting(id, rows, &look);
        let depth = setting.depth;
        let nl = self.lines.nl;
        let parts = self.parts_blocks(rows);
        changes.above_headings(rows.len(), |index| {
            let row = rows.get(index);
            row.is_some_and(|row| self.lines.is_heading(row.lead, row.start))
        });
        let replacements = changes.replacements(rows.len());
        let removed = std::mem::take(&mut changes.removed);
        let gone = |index: usize| removed.contains(&index);
        self.tighten(
            rows,
            &|index| gone(index) && !replacements.contains_key(&index),
            &|index| {
                changes.before.contains_key(&index)
                    || changes.after.contains_key(&index)
                    || replacements.contains_key(&index)
            },
            &setting,
        );
        let goes = |index: usize| gone(index) && !replacements.contains_key(&index);
        let last = (0..rows.len()).rev().find(|index| !goes(*index));
        // The line of the first of the entries that go together.
        let mut top = 0;
        for (index, row) in rows.iter().enumerate() {
            let before = index.checked_sub(1).filter(|before| goes(*before));
            let before = before.and_then(|before| rows.get(before));
            if before.is_none_or(|before| self.lines.after_break(before.eol) != row.lead) {
                top = row.lead;
            }
            let comma = if row.has_comma { "," } else { "" };
            // Behind a heredoc, the line break alone parts it from the next one.
            let ended = |text: &str| if text::ends_a_line(text) { "" } else { comma };
            if let Some(new) = replacements.get(&index) {
                let entries = self.written_beside(new, &setting, (id, index), row.start)?;
                let behind = (index..rows.len())
                    .find(|index| !gone(*index))
                    .unwrap_or(rows.len());
                let texts = self.between(rows, &gone, (index, behind), &entries, &setting);
                let texts = texts.iter().map(|own| format!("{own}{}", ended(own)));
                let text = texts
                    .collect::<Vec<_>>()
                    .join(&format!("{nl}{}", setting.indent));
                // Its comment stays with what takes its place.
                let end = row.comment.unwrap_or(row.eol);
                self.edit(row.start..end, text, depth);
                continue;
            }
            if gone(index) {
                let is_tail = last.is_none_or(|last| index > last);
                self.delete_row(rows, index, top, is_tail, depth);
                continue;
            }
            if let Some(new) = changes.before.get(&index) {
                let entries = self.written_beside(new, &setting, (id, index), row.start)?;
                let texts = self.between(rows, &gone, (index, index), &entries, &setting);
                let mut text = String::new();
                for (entry, own) in entries.iter().zip(&texts) {
                    let comma = ended(own);
                    text.push_str(&format!("{}{own}{comma}{nl}", setting.indent));
                    if entry.is_block() || row.is_block {
                        text.push_str(if parts { nl } else { "" });
                    }
                }
                self.edit_before(row.lead, text, depth);
            }
            if let Some(new) = changes.after.get(&index) {
                let entries = self.written_beside(new, &setting, (id, index), row.start)?;
                let texts = self.between(rows, &gone, (index + 1, index + 1), &entries, &setting);
                let mut text = String::new();
                let mut was_block = row.is_block;
                for (entry, own) in entries.iter().zip(&texts) {
                    if parts && (was_block || entry.is_block()) {
                        text.push_str(nl);
                    }
                    let comma = ended(own);
                    text.push_str(&format!("{nl}{}{own}{comma}", setting.indent));
                    was_block = entry.is_block();
                }
                let touches = rows
                    .get(index + 1)
                    .is_some_and(|next| self.lines.after_break(row.eol) == next.lead);
                if parts && was_block && touches {
                    text.push_str(nl);
                }
                self.edit(row.eol..row.eol, text, depth);
            }
        }
        Ok(())
    }

    /// Takes an entry away with its lines, its comments and the blank lines that set it apart. `top`: the line of the first of
    /// the entries that go together with it; `is_tail`: whether none behind it stays.
    fn delete_row(&mut self, rows: &[Row], index: usize, top: usize, is_tail: bool, depth: usize) {
        let Some(row) = rows.get(index) else {
            return;
        };
        // A comment below the last one is about what isn't there, and stays apart.
        let below = rows.last().map(|last| self.lines.after_break(last.eol));
        let has_rest = below.is_some_and(|below| self.lines.comment_line(below).is_some());
        let is_tail = is_tail && !has_rest;
        let is_head = rows.first().is_some_and(|first| top == first.lead);
        let is_head = is_head && !self.lines.is_below_comment(top);
        let (from, to) = self.lines.gap(top, row.lead, row.eol, is_tail, is_head);
        match from {
            Some(from) => self.edit(from..to, "", depth),
            None => self.edit(row.lead..self.lines.after_break(to), "", depth),
        }
    }

    /// A body without entries, or with one that shares its line with the braces.
    pub(super) fn one_line_body(
        &mut self,
        id: NodeId,
        mut changes: Changes,
    ) -> Result<(), CannotWrite> {
        let look = self.look(id);
        let depth = self.depth(id);
        let range = self.range(id);
        let extents = self.hcl_extents(id);
        let nl = self.lines.nl;
        let [(start, end)] = extents.as_slice() else {
            if !extents.is_empty() {
                return refuse(id, "its arguments share a line");
            }
            return self.fill_lines(id, &changes.take(0), &look, depth);
        };
        let is_braced = self.lines.slice(range.start, range.end).ends_with('}')
            && self.tree.parent(id).is_some();
        if !is_braced {
            return refuse(id, "its braces are not both there");
        }
        let outer = self.lines.indent(range.start).to_owned();
        let setting = Setting {
            look: &look,
            body: true,
            indent: format!("{outer}{}", self.unit(&look)),
            assign: " = ".to_owned(),
            depth,
        };
        let gap = format!("{nl}{}", setting.indent);
        let before = changes.before.remove(&0).unwrap_or_default();
        let after = changes.after.remove(&0).unwrap_or_default();
        let has_new = !(before.is_empty() && after.is_empty());
        if changes.removed.contains(&0) && !has_new {
            self.edit(range.start + 1..range.end - 1, "", depth);
            return Ok(());
        }
        let before = self.written_all(&before, &setting, range.start)?;
        let after = self.written_all(&after, &setting, range.start)?;
        let mut head = String::new();
        for text in Chain::default().texts(&before, " = ") {
            head.push_str(&gap);
            head.push_str(&text);
        }
        let mut tail = String::new();
        for text in Chain::default().texts(&after, " = ") {
            tail.push_str(&gap);
            tail.push_str(&text);
        }
        let close = format!("{nl}{outer}");
        if changes.removed.contains(&0) {
            self.edit(
                range.start + 1..range.end - 1,
                format!("{head}{tail}{close}"),
                depth,
            );
            return Ok(());
        }
        self.edit(range.start + 1..*start, format!("{head}{gap}"), depth);
        self.edit(*end..range.end - 1, format!("{tail}{close}"), depth);
        Ok(())
    }

    /// The first entries of a mapping that holds comments at most.
    pub(super) fn fill_lines(
        &mut self,
        id: NodeId,
        new: &[New],
        look: &LocalStyle,
        depth: usize,
    ) -> Result<(), CannotWrite> {
        let range = self.range(id);
        let nl = self.lines.nl;
        let is_file = self.tree.parent(id).is_none();
        let outer = if is_file {
            ""
        } else {
            self.lines.indent(range.start)
        }
        .to_owned();
        let body = self.tree.style(id) == Style::Block;
        let setting = Setting {
            look,
            body,
            indent: if is_file {
                String::new()
            } else {
                format!("{outer}{}", self.unit(look))
            },
            assign: if body {
                " = ".to_owned()
            } else {
                look.colon.clone()
            },
            depth,
        };
        let entries = self.written_all(new, &setting, range.start)?;
        let texts = Chain::default().texts(&entries, &setting.assign);
        let lines: String = texts
            .iter()
            .map(|text| format!("{}{text}{nl}", setting.indent))
            .collect();
        if is_file {
            let end = range.end;
            let is_open = self.lines.line_start(end) < end;
            self.edit(
                end..end,
                format!("{}{lines}", if is_open { nl } else { "" }),
                depth,
            );
            return Ok(());
        }
        let close = range.end - 1;
        if self.lines.byte(close) != Some(b'}') || range.len() < 2 {
            return refuse(id, "its braces are not both there");
        }
        if self.lines.comment_in(range.start, close).is_none() {
            self.edit(range.start + 1..close, format!("{nl}{lines}{outer}"), depth);
        } else if self.lines.first_on_line(close) {
            let at = self.lines.line_start(close);
            self.edit(at..at, lines, depth);
        } else {
            self.edit(close..close, format!("{nl}{lines}{outer}"), depth);
        }
        Ok(())
    }
}
