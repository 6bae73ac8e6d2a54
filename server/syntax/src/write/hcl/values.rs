//! New values of HCL as text.

use super::super::plan::Writer;
use super::super::refuse;
use super::super::render::{is_wide, pieces};
use super::super::style::{Layout, LocalStyle};
use super::super::text;
use super::super::{CannotWrite, NewValue};
use super::align::{Chain, Written};
use crate::{NodeId, Style, View};

/// How long a list on one line may be, in characters, where no neighbour shows whether it is on one.
const LINE: usize = 60;

impl Writer<'_> {
    /// A value, `key` being that of the object's pair that it is for. `indent`: that of the line on which it begins.
    pub(crate) fn hcl_value(
        &self,
        key: Option<&str>,
        value: &NewValue,
        indent: &str,
        look: &LocalStyle,
        at: usize,
    ) -> Result<String, CannotWrite> {
        Ok(match value {
            NewValue::Str(text) => text::hcl(text),
            NewValue::Sub(text) => match text::only_reference(text) {
                Some(reference) => reference.to_owned(),
                None => text::hcl_template(text),
            },
            NewValue::Attribute { of, attribute } => format!("{of}.{attribute}"),
            NewValue::Ref(name) => name.clone(),
            NewValue::List(items)
                if let [item] = items.as_slice()
                    && key.is_some_and(|key| self.neighbours().single_alone(look.near, key))
                    && !self.has_own(item) =>
            {
                self.hcl_value(key, item, indent, look, at)?
            }
            NewValue::List(items) => {
                let layout = self.list_layout(key, items, true, look);
                let one_line = self.flow_list(items, Layout::Inline, indent, look, at)?;
                let is_short = one_line.chars().count() <= LINE && !one_line.contains('\n');
                let before = indent.len() + key.map_or(0, |key| key.len() + 3);
                match layout {
                    Some(Layout::Lines) if !items.is_empty() => {
                        self.flow_list(items, Layout::Lines, indent, look, at)?
                    }
                    None if !is_short && items.len() > 1 => {
                        self.flow_list(items, Layout::Lines, indent, look, at)?
                    }
                    _ if !look.one_line && is_wide(items, &one_line, before) => {
                        self.flow_list(items, Layout::Lines, indent, look, at)?
                    }
                    _ => one_line,
                }
            }
            NewValue::Map(pairs) if pairs.is_empty() => "{}".to_owned(),
            NewValue::Map(pairs) if !look.map_lines => {
                let look = &look.on_one_line();
                let mut texts = Vec::with_capacity(pairs.len());
                for (key, value) in pairs {
                    texts.push(self.flow_pair(key, value, indent, look, at)?);
                }
                self.flow_collection('{', &pieces(texts), false, indent, look)
            }
            NewValue::Map(pairs) => self.braced(pairs, false, indent, look, at)?,
            NewValue::Copy(node) if self.tree.style(*node) == Style::Block => {
                return refuse(*node, "a block is no value");
            }
            NewValue::Copy(node) => self.hcl_copy(*node, indent)?,
        })
    }

    /// Pairs between braces, each on a line: an object or (`body`) the body of a block.
    fn braced(
        &self,
        pairs: &[(String, NewValue)],
        body: bool,
        indent: &str,
        look: &LocalStyle,
        at: usize,
    ) -> Result<String, CannotWrite> {
        let nl = self.lines.nl;
        let inner = format!("{indent}{}", self.unit(look));
        let mut entries = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            entries.push(self.written((key, value), body, &inner, look, at)?);
        }
        let assign = if body { " = " } else { look.colon.as_str() };
        let texts = Chain::default().texts(&entries, assign);
        let ending = match body {
            true => None,
            false => Some(self.neighbours().ending(look.near, '{', look.in_flow)),
        };
        let has_comma = |index: usize| {
            ending
                .as_ref()
                .is_some_and(|ending| match index + 1 < texts.len() {
                    true => ending.commas,
                    false => ending.comma,
                })
        };
        let mut out = "{".to_owned();
        for (index, text) in texts.iter().enumerate() {
            let is_apart = index > 0
                && entries
                    .get(index - 1..=index)
                    .is_some_and(|two| two.iter().any(Written::is_block));
            if is_apart {
                out.push_str(nl);
            }
            out.push_str(nl);
            out.push_str(&inner);
            out.push_str(text);
            if has_comma(index) && !text::ends_a_line(text) {
                out.push(',');
            }
        }
        out.push_str(nl);
        out.push_str(indent);
        out.push('}');
        Ok(out)
    }

    /// A new entry of a body (`body`) or an object.
    pub fn written(
        &self,
        (key, value): (&str, &NewValue),
        body: bool,
        indent: &str,
        look: &LocalStyle,
        at: usize,
    ) -> Result<Written, CannotWrite> {
        if !body {
            return Ok(Written::Argument {
                key: self.key(key, true, look),
                value: self.hcl_value(Some(key), value, indent, look, at)?,
            });
        }
        if !text::is_hcl_name(key) {
            return refuse(
                look.near,
                "the name of an argument can't be written like this",
            );
        }
        let labels = match value {
            NewValue::Map(_) => self.neighbours().block_labels(look.near, key),
            NewValue::Copy(node) if self.tree.style(*node) == Style::Block => Some(0),
            _ => None,
        };
        match labels {
            Some(labels) => {
                let block = self.block_text((key, value), labels, indent, look, at)?;
                Ok(Written::Block(block))
            }
            None => {
                // Lists of a body stay lists, whatever their length.
                let value = match value {
                    NewValue::List(items) => {
                        let layout = self.argument_layout(key, items, look);
                        let text = match layout {
                            Some(layout) => self.flow_list(items, layout, indent, look, at)?,
                            None => self.hcl_value(None, value, indent, look, at)?,
                        };
                        match is_wide(items, &text, indent.len() + key.len() + 3) {
                            true => self.flow_list(items, Layout::Lines, indent, look, at)?,
                            false => text,
                        }
                    }
                    _ => self.hcl_value(None, value, indent, look, at)?,
                };
                Ok(Written::Argument {
                    key: key.to_owned(),
                    value,
                })
            }
        }
    }

    /// How the lists of an argument are laid out nearby.
    fn argument_layout(&self, key: &str, items: &[NewValue], look: &LocalStyle) -> Option<Layout> {
        let origin = self.origin(items);
        let own = origin.and_then(|list| self.neighbours().layout_of(list));
        own.or_else(|| {
            self.neighbours()
                .list_layout(look.near, Some(key), true, false)
        })
        .filter(|_| !items.is_empty())
    }

    fn block_text(
        &self,
        (key, mut value): (&str, &NewValue),
        labels: usize,
        indent: &str,
        look: &LocalStyle,
        at: usize,
    ) -> Result<String, CannotWrite> {
        let mut head = key.to_owned();
        for _ in 0..labels {
            let NewValue::Map(pairs) = value else { break };
            let [(label, inner)] = pairs.as_slice() else {
                return refuse(look.near, "a block of this type needs its labels");
            };
            head.push(' ');
            head.push_str(&text::hcl(label));
            value = inner;
        }
        let body = match value {
            NewValue::Map(pairs) if pairs.is_empty() => "{}".to_owned(),
            NewValue::Map(pairs) => self.braced(pairs, true, indent, look, at)?,
            NewValue::Copy(node) if self.tree.parent(*node).is_some() => {
                self.hcl_copy(*node, indent)?
            }
            _ => return refuse(look.near, "a block needs a body"),
        };
        Ok(format!("{head} {body}"))
    }

    /// An existing node, for a line that is indented by `indent`.
    pub(crate) fn hcl_copy(&self, id: NodeId, indent: &str) -> Result<String, CannotWrite> {
        let least = self.tree.parent(id).map_or(0, |parent| {
            let pair = self.pair_of(id).map(|pair| self.range(pair.key).end);
            pair.unwrap_or(self.range(parent).start + 1)
        });
        let (start, end) = self.in_parentheses(id, least);
        if matches!(self.tree.view(id), View::Invalid) || start == end {
            return refuse(id, "this part of the file could not be read");
        }
        let own = &*self.own_text(id, start, end);
        let from = self.lines.indent(start);
        // The blanks of a heredoc's lines may belong to its text.
        if own.contains("<<") {
            return Ok(own.to_owned());
        }
        Ok(self.reindented(own, from, indent))
    }

    /// A value as it can stand before something else on its line: not as a heredoc.
    pub(crate) fn on_one_line(
        &self,
        value: &NewValue,
        text: String,
    ) -> Result<String, CannotWrite> {
        if !text::ends_a_line(&text) {
            return Ok(text);
        }
        match value {
            NewValue::Copy(node) => match self.tree.view(*node) {
                View::Scalar(text) => Ok(text::hcl(text)),
                _ => refuse(*node, "a heredoc needs the end of its line for itself"),
            },
            _ => Ok(text),
        }
    }

    /// Puts a value in place of a node.
    pub(crate) fn hcl_replace(
        &mut self,
        id: NodeId,
        value: &NewValue,
        look: &LocalStyle,
        depth: usize,
    ) -> Result<(), CannotWrite> {
        let range = self.range(id);
        let indent = self.lines.indent(range.start).to_owned();
        if self.tree.style(id) == Style::Fragment {
            return refuse(id, "it is a part of a text");
        }
        let in_code = self
            .tree
            .parent(id)
            .is_some_and(|parent| match self.tree.view(parent) {
                View::Tagged(_, inner) => matches!(self.tree.view(inner), View::Scalar(_)),
                _ => false,
            });
        if in_code {
            return refuse(id, "it is a part of an expression");
        }
        let text = if self.tree.style(id) == Style::Block {
            if !self.neighbours().is_braced(id) {
                return refuse(id, "it is no single value");
            }
            match value {
                NewValue::Map(pairs) if pairs.is_empty() => "{}".to_owned(),
                NewValue::Map(pairs) => self.braced(pairs, true, &indent, look, range.start)?,
                NewValue::Copy(node) if self.neighbours().is_braced(*node) => {
                    self.hcl_copy(*node, &indent)?
                }
                _ => return refuse(id, "a block needs a body"),
            }
        } else {
            let key = self.key_of(id);
            let in_body = self
                .tree
                .parent(id)
                .is_some_and(|parent| self.tree.style(parent) == Style::Block);
            // Lists of a body stay lists.
            let own = key.filter(|_| !in_body);
            let text = self.hcl_value(own, value, &indent, look, range.start)?;
            match value {
                // Between an argument's name and a list, its own layout counts.
                NewValue::List(items) if key.is_some() => {
                    let layout = key.and_then(|key| self.argument_layout(key, items, look));
                    let text = match layout.filter(|_| !look.one_line) {
                        Some(layout) => {
                            self.flow_list(items, layout, &indent, look, range.start)?
                        }
                        None => text,
                    };
                    let before = range.start - self.lines.line_start(range.start);
                    match !look.one_line && is_wide(items, &text, before) {
                        true => self.flow_list(items, Layout::Lines, &indent, look, range.start)?,
                        false => text,
                    }
                }
                _ => text,
            }
        };
        // Behind an item of a list, another edit may put a comma.
        let ends_line = self.lines.skip_blanks(range.end) == self.lines.eol(range.end);
        let text = match ends_line && self.pair_of(id).is_some() {
            true => text,
            false => self.on_one_line(value, text)?,
        };
        self.put_in_place(range, text, depth);
        Ok(())
    }
}
