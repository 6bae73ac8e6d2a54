//! What stands together in a list: no empty line and no comment sets the items apart.

use super::lines::Lines;
use crate::{NodeId, Span, Tree};

/// Items of a list that stand together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section {
    /// From the beginning of the first to that of the last.
    span: Span,
    /// Whether what is put before the first of them comes under no foreign heading, nor above their own.
    pub is_open: bool,
}

impl Section {
    /// Whether an item of the same list is one of them.
    pub fn has(&self, tree: &Tree, item: NodeId) -> bool {
        let start = tree.span(item).start;
        self.span.start <= start && start <= self.span.end
    }
}

/// The items that stand together with one of a list; `None` where it is none of them.
pub fn section(tree: &Tree, list: NodeId, item: NodeId) -> Option<Section> {
    let items = tree.items(list)?;
    let at = items.iter().position(|other| *other == item)?;
    let lines = Lines::new(tree);
    let is_apart = |below: usize| {
        let two = below
            .checked_sub(1)
            .and_then(|above| items.get(above..=below));
        match two {
            Some([above, below]) => are_apart(&lines, tree, *above, *below),
            _ => true,
        }
    };
    let first = (0..=at).rev().find(|index| is_apart(*index))?;
    let end = (at + 1..items.len()).find(|index| is_apart(*index));
    let last = end.unwrap_or(items.len()).saturating_sub(1);
    let (start, end) = (tree.span(*items.get(first)?), tree.span(*items.get(last)?));
    let is_headed = lines.is_below_comment(lines.line_start(start.start as usize));
    Some(Section {
        span: Span::new(start.start, end.start),
        is_open: first == 0 && !is_headed,
    })
}

/// Whether a line between two items is empty or nothing but a comment.
fn are_apart(lines: &Lines<'_>, tree: &Tree, above: NodeId, below: NodeId) -> bool {
    let own = tree
        .source()
        .get(tree.span(above).range())
        .unwrap_or_default();
    let mut eol = lines.eol(tree.span(above).start as usize + own.trim_end().len());
    let last = lines.line_start(tree.span(below).start as usize);
    loop {
        let line = lines.after_break(eol);
        if line >= last || line == eol {
            return false;
        }
        if lines.is_blank(line) || lines.comment_line(line).is_some() {
            return true;
        }
        eol = lines.eol(line);
    }
}
