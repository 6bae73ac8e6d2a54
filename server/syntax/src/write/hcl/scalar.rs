//! New texts of scalars of HCL.

use std::ops::Range;

use super::super::CannotWrite;
use super::super::plan::Writer;
use super::super::refuse;
use super::super::text;
use crate::{NodeId, ScalarType, Style, View};

impl Writer<'_> {
    /// Whether a scalar is the source of a reference, an expression or a directive.
    fn is_code(&self, id: NodeId) -> bool {
        self.tree
            .parent(id)
            .is_some_and(|parent| matches!(self.tree.view(parent), View::Tagged(..)))
    }

    /// Whether a part of a template is one of a heredoc.
    fn is_in_heredoc(&self, id: NodeId) -> bool {
        self.tree
            .parent(id)
            .is_some_and(|parent| self.tree.style(parent) == Style::Literal)
    }

    /// Gives a scalar another text.
    pub(crate) fn hcl_set_scalar(
        &mut self,
        id: NodeId,
        text: &str,
        depth: usize,
    ) -> Result<(), CannotWrite> {
        let range = self.range(id);
        let ty = self.tree.scalar_type(id);
        let is_key = self
            .tree
            .parent(id)
            .is_some_and(|parent| matches!(self.tree.view(parent), View::Mapping(_)))
            && self.pair_of(id).is_none();
        let new = match self.tree.style(id) {
            _ if self.is_code(id) => text.to_owned(),
            Style::Plain if is_key && text::is_hcl_name(text) => text.to_owned(),
            Style::Plain if ty != ScalarType::String && text::hcl_type(text) == ty => {
                text.to_owned()
            }
            Style::Fragment => return self.set_fragment(id, range, text, depth),
            Style::Literal => return self.set_heredoc(id, text, depth),
            _ => text::hcl(text),
        };
        self.edit(range, new, depth);
        Ok(())
    }

    fn set_fragment(
        &mut self,
        id: NodeId,
        range: Range<usize>,
        text: &str,
        depth: usize,
    ) -> Result<(), CannotWrite> {
        let new = self.fragment_text(id, text)?;
        self.edit(range, new, depth);
        Ok(())
    }

    /// A text as a literal part of the template that a part is in.
    fn fragment_text(&self, id: NodeId, text: &str) -> Result<String, CannotWrite> {
        let mut out = String::with_capacity(text.len());
        if !self.is_in_heredoc(id) {
            text::escape_hcl(&mut out, text);
        } else if text::needs_escapes(text) {
            return refuse(id, "a heredoc can't hold this text on one of its lines");
        } else {
            out = text::escape_heredoc(text);
        }
        Ok(out)
    }

    /// New lines for a heredoc; a string where they can't be lines of one.
    fn set_heredoc(&mut self, id: NodeId, text: &str, depth: usize) -> Result<(), CannotWrite> {
        let range = self.range(id);
        let content = self.tree.content_span(id).range();
        let own = self.lines.slice(range.start, content.start);
        let mark = own.trim_start_matches(['<', '-']).trim();
        let body = text.strip_suffix('\n').unwrap_or_default();
        let fits = text.ends_with('\n')
            && !body.split('\n').any(text::needs_escapes)
            && body.split('\n').all(|line| line.trim() != mark)
            // What all lines begin with would be no part of the text.
            && (!own.starts_with("<<-")
                || body.split('\n').any(|line| !line.is_empty() && line.trim_start() == line));
        if !fits {
            self.edit(range, text::hcl(text), depth);
            return Ok(());
        }
        let blanks = if own.starts_with("<<-") {
            let lines = self.lines.slice(content.start, content.end).lines();
            let filled = lines.filter(|line| !line.trim().is_empty());
            let least = filled.min_by_key(|line| line.len() - line.trim_start().len());
            least.map_or_else(
                || self.lines.indent(range.end),
                |line| &line[..line.len() - line.trim_start().len()],
            )
        } else {
            ""
        };
        let mut new = String::with_capacity(text.len() + 64);
        for line in body.split('\n') {
            if !line.trim().is_empty() {
                new.push_str(blanks);
            }
            new.push_str(&text::escape_heredoc(line));
            new.push_str(self.lines.nl);
        }
        self.edit(content, new, depth);
        Ok(())
    }

    /// Gives parts of a scalar other texts; `full` is its whole text with them.
    pub(crate) fn hcl_set_parts(
        &mut self,
        id: NodeId,
        full: &str,
        parts: &[(Range<usize>, &str)],
    ) -> Result<(), CannotWrite> {
        let depth = self.depth(id);
        let old = self.tree.text(id).unwrap_or_default();
        let style = self.tree.style(id);
        // Blanks at the ends of the lines of a heredoc may be no part of its text, or come to be none.
        let is_word =
            |text: &str| !text.is_empty() && text.trim() == text && !text::needs_escapes(text);
        let is_in_place = match style {
            Style::DoubleQuoted => true,
            Style::Fragment if !self.is_in_heredoc(id) => true,
            Style::Literal | Style::Fragment => parts.iter().all(|(part, text)| {
                is_word(text) && is_word(old.get(part.clone()).unwrap_or_default())
            }),
            _ => false,
        };
        // An escape may not be cut, nor come to be where two pieces meet.
        let is_whole = |part: &Range<usize>| {
            let span = self.tree.source_span(id, part.clone());
            self.tree.decoded_offset(id, span.start) == Some(part.start)
                && self.tree.decoded_offset(id, span.end) == Some(part.end)
        };
        let mut pieces = String::with_capacity(full.len());
        let mut done = 0;
        for (part, text) in parts {
            text::escape_hcl(&mut pieces, old.get(done..part.start).unwrap_or_default());
            text::escape_hcl(&mut pieces, text);
            done = part.end;
        }
        text::escape_hcl(&mut pieces, old.get(done..).unwrap_or_default());
        let meets_well = text::hcl(full).trim_matches('"') == pieces.trim_matches('"')
            && parts.iter().all(|(part, _)| is_whole(part));
        if !is_in_place || !meets_well || self.is_code(id) {
            return self.hcl_set_scalar(id, full, depth);
        }
        for (part, text) in parts {
            let new = match style {
                Style::Literal => text::escape_heredoc(text),
                Style::Fragment => self.fragment_text(id, text)?,
                _ => {
                    let mut out = String::with_capacity(text.len());
                    text::escape_hcl(&mut out, text);
                    out
                }
            };
            let span = self.tree.source_span(id, part.clone());
            self.edit(span.range(), new, depth);
        }
        Ok(())
    }
}
