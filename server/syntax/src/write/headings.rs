//! A comment directly above an item is the item's own, unless it is evidently the heading of a section of the list.

use std::cell::OnceCell;

use super::plan::Writer;
use crate::{NodeId, Pair, View};

/// What a comment says that is about the next line, and not about a group of them.
pub(super) const IGNORE: &str = "leastwise: ignore";

/// Signs that frame a heading.
const FRAMES: [&str; 4] = ["---", "===", "***", "###"];

/// Where the entries of a collection are written.
pub(super) struct Places<'e> {
    /// Start, end and comma of each.
    pub entries: &'e [(usize, usize, Option<usize>)],
    /// Items, or keys.
    pub nodes: &'e [NodeId],
    /// Whether several comments in the list stand above several items each.
    is_sectioned: OnceCell<bool>,
}

impl<'e> Places<'e> {
    pub fn new(entries: &'e [(usize, usize, Option<usize>)], nodes: &'e [NodeId]) -> Self {
        Self {
            entries,
            nodes,
            is_sectioned: OnceCell::new(),
        }
    }

    fn start(&self, index: usize) -> Option<usize> {
        self.entries.get(index).map(|(start, _, _)| *start)
    }
}

impl Writer<'_> {
    /// Whether the comments above an entry are about others as well: they head a section of a list, or stand at the top
    /// of a mapping; and some of these stay.
    pub(crate) fn heads_others(&self, places: &Places, index: usize, lead: usize) -> bool {
        let Some((start, node)) = places.start(index).zip(places.nodes.get(index)) else {
            return false;
        };
        if self.is_ignored_in(lead, start) {
            return false;
        }
        if !self.is_item(*node) {
            let mapping = self.tree.parent(*node).filter(|_| index == 0);
            return mapping.is_some_and(|mapping| self.heads_pairs(mapping, lead, start));
        }
        if matches!(self.tree.view(*node), View::Mapping(_)) {
            return false;
        }
        let group = places.nodes.get(index..=self.last_below(places, index));
        let group = group.unwrap_or_default();
        group.len() > 1
            && !self.all_go(group)
            && (self.is_title(lead, start) || self.is_sectioned(places))
    }

    /// Whether the comments above the first pair of a mapping are about the others as well, and some of these stay. Where the
    /// second one has its own, they are evidently those of the first.
    pub(crate) fn heads_pairs(&self, mapping: NodeId, lead: usize, start: usize) -> bool {
        let View::Mapping(pairs) = self.tree.view(mapping) else {
            return false;
        };
        let stays = |pair: &Pair| !self.all_go(&[pair.key]);
        let has_own = |pair: &Pair| {
            let line = self.lines.line_start(self.range(pair.key).start);
            self.lines.is_below_comment(line)
        };
        pairs.get(1).is_some_and(|second| !has_own(second))
            && !self.is_ignored_in(lead, start)
            && pairs.iter().any(stays)
    }

    fn is_ignored_in(&self, lead: usize, start: usize) -> bool {
        self.texts_in(lead, start).any(|text| text.contains(IGNORE))
    }

    /// Whether comments are written as a heading is: a colon ends them, or signs frame them.
    fn is_title(&self, lead: usize, start: usize) -> bool {
        let texts: Vec<String> = self.texts_in(lead, start).collect();
        let end = |text: &String| text.trim_end_matches([' ', '*', '/']).ends_with(':');
        let is_framed = |text: &String| FRAMES.iter().any(|frame| text.contains(frame));
        texts.last().is_some_and(end) || texts.iter().any(is_framed)
    }

    /// The last of the items that follow each other from one on, each on a line of its own.
    fn last_below(&self, places: &Places, index: usize) -> usize {
        let is_line = |(start, end, _): &(usize, usize, Option<usize>)| {
            self.lines.eol(*start) == self.lines.eol(*end)
        };
        let mut last = index;
        while let Some((own, next)) = places.entries.get(last).zip(places.entries.get(last + 1))
            && is_line(own)
            && is_line(next)
            && let end = self.lines.eol(own.2.unwrap_or(own.1))
            && self.lines.line_start(next.0) == self.lines.after_break(end)
        {
            last += 1;
        }
        last
    }

    /// Whether a list is written in sections: more than one comment stands above more than one item.
    fn is_sectioned(&self, places: &Places) -> bool {
        *places.is_sectioned.get_or_init(|| {
            let (mut index, mut sections, mut from) = (0, 0, 0);
            while let Some(&(start, _, _)) = places.entries.get(index) {
                let last = self.last_below(places, index);
                let lead = self.lead_of(start, from);
                let has_above = self.lines.line_start(lead) < self.lines.line_start(start);
                if last > index && has_above && !self.is_ignored_in(lead, start) {
                    sections += 1;
                }
                from = places.entries.get(last).map_or(from, |(_, end, _)| *end);
                index = last + 1;
            }
            sections > 1
        })
    }
}
