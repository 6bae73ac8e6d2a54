//! The entries of a body or object that stand on lines of their own.

use super::super::plan::Writer;
use crate::{NodeId, Style, View};

/// One entry.
pub(super) struct Row {
    pub start: usize,
    pub key_end: usize,
    /// The start of its first line, or of the comments directly above that.
    pub lead: usize,
    /// The end of its last line.
    pub eol: usize,
    /// Where its `=` is, if it is whole on one line.
    pub sign: Option<usize>,
    pub is_block: bool,
    /// Whether a comma ends it.
    pub has_comma: bool,
    /// Where the comment behind it begins on its line, with the blanks before it.
    pub comment: Option<usize>,
}

impl Writer<'_> {
    /// The entries of a mapping, if each has its lines for itself and there is one at least.
    pub(super) fn rows(&self, id: NodeId) -> Option<Vec<Row>> {
        let View::Mapping(pairs) = self.tree.view(id) else {
            return None;
        };
        let extents = self.hcl_extents(id);
        let range = self.range(id);
        let close = if self.tree.parent(id).is_some() {
            range.end.saturating_sub(1)
        } else {
            range.end
        };
        let mut rows = Vec::with_capacity(pairs.len());
        let mut above = if self.tree.parent(id).is_some() {
            self.lines.after_break(self.lines.eol(range.start))
        } else {
            self.lines.line_start(0)
        };
        for (index, (pair, (start, end))) in pairs.iter().zip(&extents).enumerate() {
            let (start, end) = (*start, (*end).min(close));
            if !self.lines.first_on_line(start)
                || self.lines.line_start(start) < above
                || end < start
            {
                return None;
            }
            let eol = self.lines.eol(end);
            let next = extents.get(index + 1).map_or(close, |(next, _)| *next);
            let rest = self.lines.slice(end, next.min(eol));
            if next < eol || (next == close && close < eol) {
                return None;
            }
            let key_end = self.in_parentheses_end(pair.key, start);
            let is_block = self.tree.style(pair.value) == Style::Block;
            let is_line = !self.lines.slice(start, end).contains('\n')
                // Of a heredoc, the line of its mark counts.
                || self.tree.style(pair.value) == Style::Literal;
            let gap = self.lines.slice(key_end, self.range(pair.value).start);
            let sign = gap.find('=').filter(|_| is_line && !is_block);
            let mut lead = self.lead_line(start, above);
            // What is above the first block is about that one.
            if index == 0 && lead < start && !is_block && self.heads_pairs(id, lead, start) {
                lead = self.lines.line_start(start);
            }
            rows.push(Row {
                start,
                key_end,
                lead,
                eol,
                sign: sign.map(|at| key_end + at),
                is_block,
                has_comma: rest.trim_start().starts_with(','),
                comment: self.comment_behind(end, eol),
            });
            above = self.lines.after_break(eol);
        }
        (!rows.is_empty()).then_some(rows)
    }

    fn comment_behind(&self, end: usize, eol: usize) -> Option<usize> {
        let comment = self.lines.comment_in(end, eol)?.span.start as usize;
        let before = self.lines.slice(end, comment);
        Some(end + before.trim_end_matches([' ', '\t']).len())
    }

    fn in_parentheses_end(&self, key: NodeId, start: usize) -> usize {
        let range = self.range(key);
        if start < range.start {
            self.next_token(range.end) + 1
        } else {
            range.end
        }
    }

    /// The start of the line of `start`, or of the comment lines directly above it, not above `least`.
    fn lead_line(&self, start: usize, least: usize) -> usize {
        let mut lead = self.lines.line_start(start);
        let column = start - lead;
        while let Some(eol) = self.lines.prev_eol(lead) {
            let above = self.lines.line_start(eol);
            if above < least || self.lines.comment_line(above) != Some(column) {
                break;
            }
            lead = above;
        }
        lead
    }
}
