//! Existing nodes, written again in another place.

use super::plan::Writer;
use super::refuse::refuse;
use super::render::{Container, pieces, quote_of};
use super::style::LocalStyle;
use super::text::{self, Quote};
use super::{CannotWrite, NewValue};
use crate::{NodeId, ScalarType, Style, View};

const COMMENTS_LOST: &str = "it holds comments, which would be lost between brackets";

impl<'t> Writer<'t> {
    /// Whether a node is a block collection, a function call in long form included.
    pub(crate) fn is_block_collection(&self, id: NodeId) -> bool {
        match self.tree.view(id) {
            View::Mapping(_) | View::Sequence(_) => self.tree.style(id) == Style::Block,
            View::Tagged(tag, _) => {
                !tag.short && self.lines.byte(self.range(id).start) != Some(b'{')
            }
            _ => false,
        }
    }

    /// The column that the lines of a node are indented against: that of the block collection it is in.
    pub(crate) fn container_column(&self, id: NodeId) -> usize {
        let mut at = self.tree.parent(id);
        while let Some(parent) = at {
            if self.is_block_collection(parent) {
                return self.lines.column(self.range(parent).start);
            }
            if matches!(self.tree.view(parent), View::Mapping(_) | View::Sequence(_)) {
                return self.lines.indent(self.range(id).start).len();
            }
            at = self.tree.parent(parent);
        }
        0
    }

    /// The comment behind a node on its last line, with the blanks before it.
    fn trailing_comment(&self, end: usize) -> &'t str {
        let rest = self.lines.slice(end, self.lines.eol(end)).trim_end();
        if rest.trim_start().starts_with('#') {
            rest
        } else {
            ""
        }
    }

    /// A node below a key or behind a dash of a block collection: as [`Writer::block_value`].
    pub(crate) fn block_copy(
        &self,
        id: NodeId,
        container: Container,
        look: &LocalStyle,
    ) -> Result<String, CannotWrite> {
        if matches!(self.tree.view(id), View::Invalid) {
            return refuse(id, "this part of the file could not be read");
        }
        if self.range(id).is_empty() {
            return Ok(" null".to_owned());
        }
        if self.keeps_blank_lines(id) {
            return refuse(
                id,
                "it ends with a block scalar that takes in the blank lines below it",
            );
        }
        let start = match self.tree.view(id) {
            View::Mapping([first, ..]) if self.is_block_collection(id) => {
                self.key_start(first.key)?
            }
            _ => self.range(id).start,
        };
        let in_flow = self.neighbours().is_in_flow(id);
        let end = self.changed_end(id, self.content_end(id));
        // An item's comments are told with it.
        let comment = if in_flow || self.is_item(id) || !self.goes(id) {
            ""
        } else {
            self.trailing_comment(end)
        };
        let own = &self.own_text(id, start, end);
        if self.is_block_collection(id) {
            let is_list = matches!(self.tree.view(id), View::Sequence(_));
            let step = if is_list {
                look.sequence_step
            } else {
                look.mapping_step
            };
            let (column, lead) = self.inside(container, look, step);
            let by = column as isize - self.lines.column(start) as isize;
            return Ok(format!("{lead}{}{comment}", self.shifted(own, by)));
        }
        let mut by = container.column as isize - self.container_column(id) as isize;
        if container.is_list {
            // Below a key, lines may stand in its own column; below a dash, they may not.
            let least = own
                .lines()
                .skip(1)
                .filter(|line| !line.trim().is_empty())
                .map(|line| indent_of(line) as isize);
            if let Some(least) = least.min()
                && least + by <= container.column as isize
            {
                by = (container.column + look.dash_step) as isize - least;
            }
        }
        Ok(format!(" {}{comment}", self.shifted(own, by)))
    }

    /// A block collection as the whole of a document.
    pub(crate) fn root_copy(&self, id: NodeId, column: usize) -> Result<String, CannotWrite> {
        self.check_copy(id, self.range(id).start)?;
        if self.keeps_blank_lines(id) {
            return refuse(
                id,
                "it ends with a block scalar that takes in the blank lines below it",
            );
        }
        let start = match self.tree.view(id) {
            View::Mapping([first, ..]) => self.key_start(first.key)?,
            _ => self.range(id).start,
        };
        let own = self.own_text(id, start, self.content_end(id));
        Ok(self.shifted(&own, column as isize - self.lines.column(start) as isize))
    }

    /// A text with all its lines but the first indented by more or fewer columns.
    fn shifted(&self, text: &str, by: isize) -> String {
        if by == 0 {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len() + 64);
        for (index, line) in text.split_inclusive('\n').enumerate() {
            if index == 0 || line.trim_end_matches(['\n', '\r']).is_empty() {
                out.push_str(line);
            } else if by > 0 {
                out.push_str(&" ".repeat(by.unsigned_abs()));
                out.push_str(line);
            } else {
                out.push_str(&line[indent_of(line).min(by.unsigned_abs())..]);
            }
        }
        out
    }

    /// A node inside a flow collection. Blocks are rewritten in brackets.
    pub(crate) fn flow_copy(
        &self,
        id: NodeId,
        indent: &str,
        look: &LocalStyle,
        at: usize,
    ) -> Result<String, CannotWrite> {
        let range = self.range(id);
        let own = &*self.own_text(id, range.start, range.end);
        let loses_comments =
            self.goes(id) && self.lines.comment_in(range.start, range.end).is_some();
        let nested = |value: &NewValue| self.flow_value(None, value, indent, look, at);
        match self.tree.view(id) {
            View::Invalid => refuse(id, "this part of the file could not be read"),
            View::Alias(_) => Ok(own.to_owned()),
            View::Scalar(_)
                if matches!(self.tree.style(id), Style::Literal | Style::Folded)
                    && loses_comments =>
            {
                refuse(id, COMMENTS_LOST)
            }
            View::Scalar(text) => Ok(match quote_of(self.tree.style(id)) {
                _ if look.json => own.to_owned(),
                Some(Quote::Plain)
                    if self.tree.scalar_type(id) == ScalarType::Null && own.is_empty() =>
                {
                    "null".to_owned()
                }
                Some(Quote::Plain) if text::can_stand_plain(text, true) => text.to_owned(),
                Some(quote) if quote != Quote::Plain && !own.contains(['\n', '\r']) => {
                    own.to_owned()
                }
                Some(quote) if quote != Quote::Plain => text::yaml(text, true, quote, quote),
                _ => text::yaml(text, true, look.forced, look.forced),
            }),
            View::Tagged(tag, inner) if tag.short => {
                let name = self
                    .lines
                    .slice(tag.span.start as usize, tag.span.end as usize);
                if self.is_null(inner) && self.range(inner).is_empty() {
                    return Ok(name.to_owned());
                }
                Ok(format!("{name} {}", nested(&NewValue::Copy(inner))?))
            }
            _ if !self.is_block_collection(id) => {
                Ok(self.reindented(own, self.lines.indent(range.start), indent))
            }
            _ if loses_comments => refuse(id, COMMENTS_LOST),
            View::Tagged(tag, inner) => {
                let key = self
                    .lines
                    .slice(tag.span.start as usize, tag.span.end as usize);
                self.flow_copied([(key.to_owned(), inner)], indent, look, at)
            }
            View::Sequence(items) => nested(&NewValue::List(
                items.iter().map(|item| NewValue::Copy(*item)).collect(),
            )),
            View::Mapping(pairs) => {
                let mut copy = Vec::with_capacity(pairs.len());
                for pair in pairs {
                    match self.tree.view(pair.key) {
                        View::Scalar(_) if !self.tree.is_merge(pair) => {
                            let key = self.flow_copy(pair.key, indent, look, at)?;
                            copy.push((key, pair.value));
                        }
                        _ => {
                            return refuse(
                                pair.key,
                                "a key like this can't be copied between brackets",
                            );
                        }
                    }
                }
                self.flow_copied(copy, indent, look, at)
            }
        }
    }

    /// The pairs of a block between braces, their keys as they are written.
    fn flow_copied(
        &self,
        pairs: impl IntoIterator<Item = (String, NodeId)>,
        indent: &str,
        look: &LocalStyle,
        at: usize,
    ) -> Result<String, CannotWrite> {
        let inner = match look.map_lines {
            true => format!("{indent}{}", self.unit(look)),
            false => indent.to_owned(),
        };
        let mut texts = Vec::new();
        for (key, value) in pairs {
            let text = self.flow_value(None, &NewValue::Copy(value), &inner, look, at)?;
            texts.push(format!("{key}{}{text}", look.colon));
        }
        Ok(self.flow_collection('{', &pieces(texts), look.map_lines, indent, look))
    }

    /// A text with the indentation of its lines changed from one to another.
    pub(crate) fn reindented(&self, text: &str, from: &str, to: &str) -> String {
        if from == to {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len() + 64);
        for (index, line) in text.split_inclusive('\n').enumerate() {
            match line.strip_prefix(from) {
                Some(rest) if index > 0 => {
                    out.push_str(to);
                    out.push_str(rest);
                }
                _ => out.push_str(line),
            }
        }
        out
    }
}

/// Blanks at the start of a line.
fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
