//! Findings told apart by their rule and place, and places that move with a text.

use std::cell::OnceCell;

use leastwise_syntax::Span;

use crate::Diagnostic;

/// A finding, by its rule and where it is.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    pub code: &'static str,
    pub span: Span,
}

impl From<&Diagnostic> for Mark {
    fn from(one: &Diagnostic) -> Mark {
        Mark {
            code: one.code,
            span: one.span,
        }
    }
}

/// What there is of findings: one is known by its rule and where it begins, or where it ends.
pub(super) struct Known<I> {
    all: I,
    starts: Vec<(u32, &'static str)>,
    /// Asked for where a beginning isn't known.
    ends: OnceCell<Vec<(u32, &'static str)>>,
}

impl<I: Iterator<Item = Mark> + Clone> Known<I> {
    pub fn of(all: I) -> Known<I> {
        Known {
            starts: sorted(all.clone(), |span| span.start),
            all,
            ends: OnceCell::new(),
        }
    }

    pub fn has(&self, one: Mark) -> bool {
        let is_in = |all: &[(u32, &'static str)], at| all.binary_search(&(at, one.code)).is_ok();
        let ends = || {
            self.ends
                .get_or_init(|| sorted(self.all.clone(), |span| span.end))
        };
        is_in(&self.starts, one.span.start) || is_in(ends(), one.span.end)
    }
}

fn sorted(
    all: impl Iterator<Item = Mark>,
    place: impl Fn(Span) -> u32,
) -> Vec<(u32, &'static str)> {
    let mut places: Vec<_> = all.map(|one| (place(one.span), one.code)).collect();
    places.sort_unstable();
    places
}

/// Where an offset is after an edit; `pushed` says whether one that the new text stands at comes behind it.
pub(super) fn moved(at: u32, gone: Span, length: u32, pushed: bool) -> u32 {
    if at < gone.start || at == gone.start && !pushed {
        at
    } else if at >= gone.end {
        (at - (gone.end - gone.start)).saturating_add(length)
    } else {
        gone.start
    }
}
