//! Keeping a tree up to date with its text.

use std::sync::Arc;

use crate::embed::read;
use crate::retyped::{self, Change};
use crate::{Format, Span, Tree, within, yaml};

impl Tree {
    /// Replaces a range of the text and brings the tree up to date: afterwards it is as if the new text had been
    /// read as a whole. A range that reaches beyond the text, or into a character, is moved to the nearest place
    /// before that fits.
    pub fn edit(&mut self, range: Span, replacement: &str) -> Change {
        self.facts = Arc::default();
        let start = floor(&self.source, range.start as usize);
        let end = floor(&self.source, range.end as usize).max(start);
        let range = Span::new(start as u32, end as u32);
        if let Some(retyped) = retyped::edit(self, range, replacement) {
            return Change::Text(retyped);
        }
        let live = self.read.arena.nodes.len().saturating_sub(self.garbage);
        if self.garbage <= live + 1024 {
            let change = match self.format {
                Format::Yaml => yaml::edit(self, range, replacement),
                Format::Json | Format::Jsonc | Format::Hcl => {
                    within::edit(self, range, replacement)
                }
            };
            if let Some(change) = change {
                return change;
            }
        }
        self.source.replace_range(start..end, replacement);
        self.read = read(&self.source, self.format, &self.limits, self.level);
        self.garbage = 0;
        Change::All
    }
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}
