//! HCL: bodies and objects, whose entries stand on lines of their own, and values.

mod align;
mod lines;
mod rows;
mod scalar;
mod values;
pub(super) mod whole;

use std::cell::OnceCell;

use super::plan::{Changes, New, Writer, whole};
use super::refuse::refuse;
use super::style::{LocalStyle, Neighbours};
use super::text::{Quote, is_hcl_name};
use super::{CannotWrite, NewValue};
use crate::{NodeId, Style, View};

/// Blocks of policies and of the language itself, for where no neighbour shows whether a name is a block.
const BLOCKS: [(&str, usize); 14] = [
    ("condition", 0),
    ("content", 0),
    ("data", 2),
    ("dynamic", 1),
    ("inline_policy", 0),
    ("lifecycle", 0),
    ("locals", 0),
    ("module", 1),
    ("not_principals", 0),
    ("output", 1),
    ("principals", 0),
    ("resource", 2),
    ("statement", 0),
    ("variable", 1),
];

impl Neighbours<'_> {
    /// What is learned for HCL.
    pub(crate) fn hcl_look(&self, look: LocalStyle) -> LocalStyle {
        let object = |id: &NodeId| {
            matches!(self.tree.view(*id), View::Mapping([_, ..]))
                && self.tree.style(*id) == Style::Flow
        };
        let key = self.nearest(("first of object", None), look.near, |id| {
            match self.tree.view(id) {
                View::Mapping([first, ..]) if object(&id) => Some(*first),
                _ => None,
            }
        });
        let gap = key.map(|pair| {
            let end = self.tree.span(pair.key).end as usize;
            let gap = self
                .lines
                .slice(end, self.tree.span(pair.value).start as usize);
            let is_apart = gap.starts_with([' ', '\t']);
            (gap.contains(':'), is_apart, gap.ends_with([' ', '\t']))
        });
        let quoted = key.is_some_and(|pair| {
            self.tree.style(pair.key) == Style::DoubleQuoted
                && self.tree.text(pair.key).is_some_and(is_hcl_name)
        });
        let colon = match gap {
            Some((true, true, _)) => " : ",
            Some((true, false, true)) => ": ",
            Some((true, false, false)) => ":",
            Some((false, false, false)) => "=",
            _ => " = ",
        };
        let is_tight = key.is_some()
            && self.padding(look.near, "{").unwrap_or("").is_empty()
            && self.has_tight_objects(look.near);
        if key.is_none() && !self.climbs {
            return look;
        }
        LocalStyle {
            hcl: true,
            colon: colon.to_owned(),
            comma: OnceCell::from(", "),
            keys: if quoted { Quote::Double } else { Quote::Plain },
            padding: OnceCell::from(if is_tight { "" } else { " " }),
            map_lines: self.map_lines(look.near).unwrap_or(true),
            ..look
        }
    }

    /// Whether objects on one line have no blanks inside their braces.
    fn has_tight_objects(&self, near: NodeId) -> bool {
        self.nearest(("tight", None), near, |id| match self.tree.view(id) {
            View::Mapping([first, ..]) if self.tree.style(id) == Style::Flow => {
                let start = self.tree.span(id).start + 1;
                let is_line = self.first_entry_is_on_own_line(id);
                (!is_line).then(|| self.tree.span(first.key).start == start)
            }
            _ => None,
        }) == Some(true)
    }

    /// Whether a new pair of a body is a block, and with how many labels: as those of its key nearby are.
    fn block_labels(&self, near: NodeId, key: &str) -> Option<usize> {
        let known = self.nearest(("labels", Some(key)), near, |id| {
            self.values_of(id, key).next().map(|value| {
                let mut labels = 0;
                let mut at = value;
                loop {
                    match self.tree.view(at) {
                        View::Mapping(_) if self.is_braced(at) => return Some(labels),
                        View::Mapping([only]) if self.tree.style(at) == Style::Block => {
                            labels += 1;
                            at = only.value;
                        }
                        _ => return None,
                    }
                }
            })
        });
        known.unwrap_or_else(|| {
            BLOCKS
                .iter()
                .find(|(name, _)| *name == key)
                .map(|(_, labels)| *labels)
        })
    }

    /// Whether a node is the body of a block.
    fn is_braced(&self, id: NodeId) -> bool {
        self.tree.style(id) == Style::Block
            && self.lines.byte(self.tree.span(id).start as usize) == Some(b'{')
            && self.tree.parent(id).is_some()
    }
}

impl Writer<'_> {
    /// Whether a node is the body of a file or block.
    fn is_body(&self, id: NodeId) -> bool {
        self.tree.parent(id).is_none() || self.neighbours().is_braced(id)
    }

    /// Whether a new value of a mapping may become a block, of which a body may have several of one type.
    pub(crate) fn may_be_block(&self, mapping: NodeId, value: &NewValue) -> bool {
        self.tree.format() == crate::Format::Hcl
            && self.tree.style(mapping) == Style::Block
            && match value {
                NewValue::Map(_) => true,
                NewValue::Copy(node) => self.tree.style(*node) == Style::Block,
                _ => false,
            }
    }

    /// Writes the changes of a body or an object.
    pub(crate) fn hcl_mapping(&mut self, id: NodeId, changes: Changes) -> Result<(), CannotWrite> {
        if self.tree.style(id) == Style::Flow {
            return match self.rows(id) {
                Some(rows) => self.hcl_lines(id, &rows, changes),
                None if self.is_flow_collection(id)? => self.flow(id, changes),
                None => refuse(id, "it is no object"),
            };
        }
        if !self.is_body(id) {
            return refuse(id, "it holds the labels of a block");
        }
        match self.rows(id) {
            Some(rows) => self.hcl_lines(id, &rows, changes),
            None => self.one_line_body(id, changes),
        }
    }

    /// Where the entries of a mapping or sequence are written, with the parentheses around them.
    pub(crate) fn hcl_extents(&self, id: NodeId) -> Vec<(usize, usize)> {
        let bracket = self.range(id).start + 1;
        match self.tree.view(id) {
            View::Mapping(pairs) => pairs
                .iter()
                .map(|pair| {
                    let key = self.in_parentheses(pair.key, bracket);
                    let value = self.in_parentheses(pair.value, key.1);
                    (key.0, value.1.max(key.1))
                })
                .collect(),
            View::Sequence(items) => items
                .iter()
                .map(|item| self.in_parentheses(*item, bracket))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Where a node is written with the parentheses around it, which begin at `least` at the earliest.
    fn in_parentheses(&self, id: NodeId, least: usize) -> (usize, usize) {
        let (mut start, mut end) = (self.range(id).start, self.range(id).end);
        loop {
            let before = self.lines.token_end_before(start);
            let open = before.saturating_sub(1);
            let behind = self.next_token(end);
            if open < least
                || self.lines.byte(open) != Some(b'(')
                || self.lines.byte(behind) != Some(b')')
            {
                return (start, end);
            }
            (start, end) = (open, behind + 1);
        }
    }

    /// The first entries of an empty object or list.
    pub(crate) fn fill_hcl(
        &mut self,
        id: NodeId,
        new: &[New],
        look: &LocalStyle,
        depth: usize,
    ) -> Result<(), CannotWrite> {
        let range = self.range(id);
        let has_comment = self.lines.comment_in(range.start, range.end).is_some();
        if has_comment && matches!(self.tree.view(id), View::Mapping(_)) {
            return self.fill_lines(id, new, look, depth);
        }
        if has_comment || self.lines.byte(range.start) == Some(b'(') {
            return self.fill(id, new, look, depth);
        }
        let value = whole(new);
        let indent = self.lines.indent(range.start).to_owned();
        let text = self.hcl_value(self.key_of(id), &value, &indent, look, range.start)?;
        self.edit(range, text, depth);
        Ok(())
    }
}
