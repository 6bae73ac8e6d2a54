//! Places that hold while text changes elsewhere.

use leastwise_syntax::Span;

/// A span by what it begins and ends near to.
#[derive(Clone, Copy)]
pub(super) struct Place(Mark, Mark);

/// An offset as a distance in bytes.
#[derive(Clone, Copy)]
enum Mark {
    /// From the start of the region of that number.
    In(u32, u32),
    /// From the end of that region, or from the start of the file for 0; the first region is 1.
    Behind(u32, u32),
}

impl Place {
    pub fn of(regions: &[Span], span: Span) -> Place {
        let mark = |at: u32| {
            let number = regions.partition_point(|span| span.start <= at);
            let clamped = u32::try_from(number).unwrap_or(u32::MAX);
            match number.checked_sub(1).and_then(|last| regions.get(last)) {
                None => Mark::Behind(0, at),
                Some(own) if at < own.end || at == own.start => Mark::In(clamped, at - own.start),
                Some(own) => Mark::Behind(clamped, at - own.end),
            }
        };
        Place(mark(span.start), mark(span.end))
    }

    /// Where that is by now.
    pub fn span(&self, regions: &[Span]) -> Span {
        let own = |number: u32| {
            let at = (number as usize).checked_sub(1)?;
            regions.get(at)
        };
        let offset = |mark| match mark {
            Mark::In(number, by) => own(number).map_or(0, |span| span.start) + by,
            Mark::Behind(number, by) => own(number).map_or(0, |span| span.end) + by,
        };
        Span::new(offset(self.0), offset(self.1))
    }

    /// The numbers of the regions in the midst of which it begins or ends.
    pub fn regions(&self) -> impl Iterator<Item = usize> {
        let marks = [self.0, self.1].into_iter();
        marks.filter_map(|mark| match mark {
            Mark::In(number, by) if by > 0 => (number as usize).checked_sub(1),
            Mark::In(..) | Mark::Behind(..) => None,
        })
    }
}
