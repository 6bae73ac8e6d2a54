//! New texts for scalars, and for parts of them.

use std::collections::BTreeMap;
use std::ops::Range;

use super::plan::Writer;
use super::refuse::refuse;
use super::render::quote_of;
use super::text::{self, Quote};
use super::{CannotWrite, Edit, NewValue};
use crate::scalar::plain_type;
use crate::{Format, NodeId, ScalarType, Style, View};

impl Writer<'_> {
    /// Writes all `SetScalar` and `SetPart` of a call.
    pub fn scalars(&mut self, edits: &[&Edit]) -> Result<(), CannotWrite> {
        let mut parts: BTreeMap<NodeId, Vec<(Range<usize>, &str)>> = BTreeMap::new();
        for edit in edits {
            match edit {
                Edit::SetScalar { node, text } => {
                    self.check_scalar(*node)?;
                    self.set_scalar(*node, text)?;
                }
                Edit::SetPart { node, part, text } => {
                    self.check_scalar(*node)?;
                    self.parted.insert(*node);
                    parts.entry(*node).or_default().push((part.clone(), text));
                }
                _ => {}
            }
        }
        for (node, mut parts) in parts {
            parts.sort_by_key(|(part, _)| (part.start, part.end));
            self.set_parts(node, &parts)?;
        }
        Ok(())
    }

    fn check_scalar(&self, id: NodeId) -> Result<(), CannotWrite> {
        let View::Scalar(_) = self.tree.view(id) else {
            return refuse(id, "it is no scalar");
        };
        let range = self.range(id);
        let own = self.lines.slice(range.start, range.end);
        let quote = match self.tree.style(id) {
            Style::SingleQuoted => '\'',
            Style::DoubleQuoted => '"',
            _ => return Ok(()),
        };
        if own.len() < 2 || !own.ends_with(quote) {
            return refuse(id, "its closing quote is missing");
        }
        Ok(())
    }

    fn set_scalar(&mut self, id: NodeId, text: &str) -> Result<(), CannotWrite> {
        let range = self.range(id);
        let depth = self.depth(id);
        let style = self.tree.style(id);
        let ty = self.tree.scalar_type(id);
        if self.tree.format() == Format::Hcl {
            return self.hcl_set_scalar(id, text, depth);
        }
        if range.is_empty() {
            return self.replace_with(id, &NewValue::Str(text.to_owned()), depth);
        }
        let stays_plain =
            style == Style::Plain && ty != ScalarType::String && plain_type(text) == ty;
        let new = if self.tree.format().is_json() {
            if stays_plain && is_json_literal(text) {
                text.to_owned()
            } else {
                text::json(text)
            }
        } else {
            let flow = self.neighbours().is_in_flow(id);
            match quote_of(style) {
                None => return self.set_block_scalar(id, text, depth),
                Some(_) if stays_plain && text::can_stand_plain(text, flow) => text.to_owned(),
                Some(Quote::Plain) if text::is_plain(text, flow) => text.to_owned(),
                Some(Quote::Plain) => text::yaml(text, flow, Quote::Plain, self.look(id).forced),
                Some(quote) => text::yaml(text, flow, quote, quote),
            }
        };
        self.edit(range, new, depth);
        Ok(())
    }

    /// A new text for a literal or folded scalar. The comment behind the header stays.
    fn set_block_scalar(
        &mut self,
        id: NodeId,
        text: &str,
        depth: usize,
    ) -> Result<(), CannotWrite> {
        let start = self.range(id).start;
        let header_end = start + self.header(id).len();
        let header_eol = self.lines.eol(header_end);
        let content_end = self.content_end(id).max(header_eol);
        let body = text.strip_suffix('\n').unwrap_or(text);
        let ends_open =
            self.lines.after_break(self.lines.eol(content_end)) == self.lines.eol(content_end);
        let fits = !(body.is_empty()
            || body.starts_with([' ', '\n'])
            || body.ends_with('\n')
            || body.split('\n').any(text::needs_escapes)
            || (ends_open && body.len() < text.len()));
        if !fits {
            let forced = self.look(id).forced;
            self.edit(
                start..header_end,
                text::yaml(text, false, forced, forced),
                depth,
            );
            self.edit(header_eol..content_end, "", depth);
            return Ok(());
        }
        let first = self.next_line_with_text(self.lines.after_break(header_eol), content_end);
        let indent = match first {
            Some(line) => self.lines.indent(line).to_owned(),
            None => " ".repeat(self.container_column(id) + 2),
        };
        let is_folded =
            self.tree.style(id) == Style::Folded && !body.contains('\n') && !body.ends_with(' ');
        let chomping = if body.len() < text.len() { "" } else { "-" };
        self.edit(
            start..header_end,
            format!("{}{chomping}", if is_folded { '>' } else { '|' }),
            depth,
        );
        let mut content = String::with_capacity(text.len() + 16);
        for line in body.split('\n') {
            content.push_str(self.lines.nl);
            if !line.is_empty() {
                content.push_str(&indent);
                content.push_str(line);
            }
        }
        self.edit(header_eol..content_end, content, depth);
        Ok(())
    }

    fn next_line_with_text(&self, mut line: usize, end: usize) -> Option<usize> {
        while line < end {
            if !self.lines.is_blank(line) {
                return Some(line);
            }
            let next = self.lines.after_break(self.lines.eol(line));
            if next <= line {
                return None;
            }
            line = next;
        }
        None
    }

    fn set_parts(&mut self, id: NodeId, parts: &[(Range<usize>, &str)]) -> Result<(), CannotWrite> {
        let View::Scalar(old) = self.tree.view(id) else {
            return refuse(id, "it is no scalar");
        };
        let mut full = String::with_capacity(old.len());
        let mut done = 0;
        for (part, text) in parts {
            let (Some(before), Some(_)) = (old.get(done..part.start), old.get(part.clone())) else {
                return refuse(id, "the parts overlap, or are no parts of its text");
            };
            full.push_str(before);
            full.push_str(text);
            done = part.end;
        }
        full.push_str(old.get(done..).unwrap_or_default());
        if self.tree.format() == Format::Hcl {
            return self.hcl_set_parts(id, &full, parts);
        }
        if !self.can_be_set_in_place(id, old, &full, parts) {
            return self.set_scalar(id, &full);
        }
        let depth = self.depth(id);
        let style = self.tree.style(id);
        for (part, text) in parts {
            let mut escaped = String::with_capacity(text.len());
            match style {
                Style::DoubleQuoted if self.tree.format().is_json() => {
                    text::escape_json(&mut escaped, text)
                }
                Style::DoubleQuoted => text::escape_double(&mut escaped, text),
                Style::SingleQuoted => escaped.push_str(&text.replace('\'', "''")),
                _ => escaped.push_str(text),
            }
            self.edit(
                self.tree.source_span(id, part.clone()).range(),
                escaped,
                depth,
            );
        }
        Ok(())
    }

    /// Whether the rest of a scalar may stay as it is written.
    fn can_be_set_in_place(
        &self,
        id: NodeId,
        old: &str,
        full: &str,
        parts: &[(Range<usize>, &str)],
    ) -> bool {
        let content = self.tree.content_span(id).range();
        let is_one_line = !self
            .lines
            .slice(content.start, content.end)
            .contains(['\n', '\r']);
        // Where lines are folded or indented, blanks at their ends mean something else.
        let touches_blanks =
            |text: &str| text.is_empty() || text.trim() != text || text.contains(['\n', '\t']);
        let keeps_lines = parts.iter().all(|(part, text)| {
            let removed = old.get(part.clone()).unwrap_or_default();
            let behind = old.get(part.end..).unwrap_or_default();
            // Between blanks, or at the very end, there is more than one place in the source.
            let has_place = !removed.is_empty() || !behind.trim_start().is_empty();
            let has_place =
                has_place && (!removed.is_empty() || !behind.starts_with([' ', '\t', '\n']));
            !touches_blanks(text) && has_place && (removed.is_empty() || !touches_blanks(removed))
        });
        if !is_one_line && !keeps_lines {
            return false;
        }
        let is_clean = parts.iter().all(|(_, text)| !text::needs_escapes(text));
        match self.tree.style(id) {
            Style::DoubleQuoted => true,
            Style::SingleQuoted => is_clean,
            Style::Plain if self.tree.scalar_type(id) == ScalarType::String => {
                let flow = self.neighbours().is_in_flow(id);
                is_clean && text::is_plain(&full.replace('\n', " "), flow)
            }
            Style::Literal | Style::Folded => is_clean && keeps_lines,
            _ => false,
        }
    }
}

/// Whether JSON reads `text` as a number, a boolean or null.
fn is_json_literal(text: &str) -> bool {
    if matches!(text, "true" | "false" | "null") {
        return true;
    }
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (
            unsigned.get(..at).unwrap_or_default(),
            unsigned.get(at + 1..),
        ),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent
            .is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}
