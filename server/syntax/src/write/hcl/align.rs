//! `=` signs below each other, as `terraform fmt` wants them: those of arguments on lines that follow each other,
//! where each is whole on its line.

/// A new entry, its first line not indented.
pub(in super::super) enum Written {
    /// `key = value`
    Argument {
        /// With its quotes.
        key: String,
        value: String,
    },
    Block(String),
}

impl Written {
    pub fn is_block(&self) -> bool {
        matches!(self, Written::Block(_))
    }

    /// The width of its key, if it lines up with its neighbours.
    pub fn width(&self) -> Option<usize> {
        match self {
            Written::Argument { key, value } if !value.contains('\n') => Some(key.chars().count()),
            _ => None,
        }
    }
}

/// The lines that new entries line up with.
#[derive(Clone, Copy, Default)]
pub(super) struct Chain {
    /// Of the lines above and below: the width of the keys.
    pub before: Option<usize>,
    pub after: Option<usize>,
    /// Whether those lines don't line up with each other, so that new ones needn't.
    pub is_ragged: bool,
}

impl Chain {
    /// The entries as text, their signs below each other. `assign`: what stands between key and value.
    pub fn texts(self, entries: &[Written], assign: &str) -> Vec<String> {
        let widths = self.widths(entries);
        let is_aligned = assign == " = " && !self.is_ragged;
        entries
            .iter()
            .zip(widths)
            .map(|(entry, width)| match entry {
                Written::Block(text) => text.clone(),
                Written::Argument { key, value } => {
                    let own = key.chars().count();
                    let pad = width
                        .filter(|_| is_aligned)
                        .map_or(0, |width| width - own.min(width));
                    format!("{key}{}{assign}{value}", " ".repeat(pad))
                }
            })
            .collect()
    }

    /// For each entry, the width that its key is given; none to those that stand for themselves.
    fn widths(self, entries: &[Written]) -> Vec<Option<usize>> {
        let mut widths: Vec<Option<usize>> = entries.iter().map(Written::width).collect();
        let mut start = 0;
        while start < widths.len() {
            let length = widths
                .get(start..)
                .unwrap_or_default()
                .iter()
                .take_while(|width| width.is_some())
                .count();
            let end = start + length;
            let before = self.before.filter(|_| start == 0);
            let after = self.after.filter(|_| end == entries.len());
            let own = widths.get(start..end).unwrap_or_default().iter().flatten();
            let widest = own.copied().chain(before).chain(after).max();
            for width in widths.get_mut(start..end).unwrap_or_default() {
                *width = widest;
            }
            start = end + 1;
        }
        widths
    }

    /// The widths that the lines above and below get with these entries between them, where they grow.
    pub(crate) fn grown(self, entries: &[Written]) -> (Option<usize>, Option<usize>) {
        if self.is_ragged {
            return (None, None);
        }
        let widths = self.widths(entries);
        let first = widths.first().copied().flatten();
        let last = widths.last().copied().flatten();
        (
            first.filter(|width| self.before.is_some_and(|before| before < *width)),
            last.filter(|width| self.after.is_some_and(|after| after < *width)),
        )
    }
}
