//! Rows of a collection between brackets: new ones are indented like those that are there, and in YAML always deeper than the
//! block around the brackets, which its readers ask for.

use super::flow::Entry;
use super::plan::Writer;
use super::style::LocalStyle;
use crate::{Format, NodeId, Style, View};

impl Writer<'_> {
    /// How far a new row below an entry is indented: as the entry, if that begins its line, else as the nearest one that does, else
    /// by one level.
    pub(crate) fn row_indent(
        &self,
        id: NodeId,
        entries: &[Entry],
        at: usize,
        look: &LocalStyle,
    ) -> String {
        let (before, behind) = entries.split_at(at.min(entries.len()));
        let mut behind_first = behind.iter().chain(before.iter().rev());
        let indent = match behind_first.find(|entry| entry.own_line) {
            Some(row) => self.lines.indent(row.start).to_owned(),
            None => format!("{}{}", self.hang(id), self.unit(look)),
        };
        self.deepened(id, indent)
    }

    /// The indentation that the rows of a collection are counted from: that of its line, or of its key where that stands
    /// behind a dash.
    pub fn hang(&self, id: NodeId) -> String {
        let own = self.lines.indent(self.range(id).start);
        match self.block_around(id) {
            Some(column) if column > own.len() => " ".repeat(column),
            _ => own.to_owned(),
        }
    }

    /// An indentation, or a deeper one where the block around a collection asks for it.
    pub(crate) fn deepened(&self, id: NodeId, indent: String) -> String {
        match self.block_around(id) {
            Some(column) if indent.len() <= column => " ".repeat(column + 2),
            _ => indent,
        }
    }

    /// Whether a text that is put into a collection begins rows only where strict readers take them for a part of it.
    pub(crate) fn is_deep_enough(&self, id: NodeId, text: &str) -> bool {
        let Some(column) = self.block_around(id).filter(|_| text.contains('\n')) else {
            return true;
        };
        text.split('\n').skip(1).all(|row| {
            let own = row.trim_start();
            own.is_empty() || own.starts_with(['#', ']', '}']) || row.len() - own.len() > column
        })
    }

    /// The column of the block collection of YAML that a node stands in, through brackets.
    fn block_around(&self, id: NodeId) -> Option<usize> {
        if self.tree.format() != Format::Yaml {
            return None;
        }
        let mut around =
            std::iter::successors(self.tree.parent(id), |node| self.tree.parent(*node));
        let block = around.find(|node| {
            self.tree.style(*node) == Style::Block
                && matches!(self.tree.view(*node), View::Mapping(_) | View::Sequence(_))
        })?;
        let start = self.block_start(block);
        start.ok().map(|start| self.lines.column(start))
    }
}
