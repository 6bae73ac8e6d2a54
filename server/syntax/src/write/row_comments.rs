//! A comment at the end of a row of several entries, or above it, is about the row: it stays while one of them does.

use std::ops::RangeInclusive;

use super::headings::Places;
use super::plan::Writer;

impl Writer<'_> {
    /// Whether the comment behind an entry on its last line is about entries before it on that line, too, and one of these
    /// or the entry itself stays.
    pub(crate) fn ends_shared_row(&self, places: &Places, index: usize) -> bool {
        let mut first = index;
        while self.is_on_one_line(places, first) && self.touches(places, first) {
            first -= 1;
        }
        self.stays_in_part(places, first..=index)
    }

    /// Whether the comments above an entry are about entries behind it on its first line, too, and one of these or the entry
    /// itself stays.
    pub(crate) fn heads_shared_row(&self, places: &Places, index: usize) -> bool {
        let mut last = index;
        while self.is_on_one_line(places, last) && self.touches(places, last + 1) {
            last += 1;
        }
        self.stays_in_part(places, index..=last)
    }

    fn stays_in_part(&self, places: &Places, row: RangeInclusive<usize>) -> bool {
        row.start() < row.end()
            && places
                .nodes
                .get(row)
                .is_some_and(|nodes| !self.all_go(nodes))
    }

    fn is_on_one_line(&self, places: &Places, index: usize) -> bool {
        let place = places.entries.get(index);
        place.is_some_and(|(start, end, _)| !self.is_broken(*start, *end))
    }

    /// Whether an entry begins on the line on which the one before it ends.
    fn touches(&self, places: &Places, index: usize) -> bool {
        let before = index.checked_sub(1).and_then(|at| places.entries.get(at));
        let own = places.entries.get(index);
        before
            .zip(own)
            .is_some_and(|(before, own)| !self.is_broken(before.1, own.0))
    }
}
