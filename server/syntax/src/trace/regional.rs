//! Which parts of a text were read, of some that don't meet.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{TextQuestion, Trace};
use crate::Span;

/// The numbers of the parts that were read, as they are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Regional {
    regions: Arc<[Span]>,
    /// The part that was read last, or what stands between two.
    last: Option<Span>,
    read: BTreeSet<usize>,
}

/// What was read of a text that is cut into regions.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub(super) regional: Regional,
    pub(super) trace: Trace,
}

impl Regional {
    pub fn of(regions: Arc<[Span]>) -> Regional {
        Regional {
            regions,
            ..Regional::default()
        }
    }

    /// What begins at a byte is read.
    pub fn add(&mut self, at: u32) {
        if self.last.is_some_and(|last| last.touches(at)) {
            return;
        }
        let behind = self.regions.partition_point(|span| span.start <= at);
        let number = behind.checked_sub(1);
        let own = number.and_then(|number| self.regions.get(number));
        if let (Some(number), Some(own)) = (number, own)
            && own.touches(at)
        {
            self.read.insert(number);
            self.last = Some(*own);
            return;
        }
        // Neither end is in the gap: a region may begin or end there.
        let start = own.map_or(0, |own| own.end + 1);
        let next = self.regions.get(behind).map(|next| next.start);
        let end = next.unwrap_or(u32::MAX).saturating_sub(1);
        self.last = (start <= end).then(|| Span::new(start, end));
    }

    /// A part of the text is read.
    pub(crate) fn add_part(&mut self, part: Span) {
        let from = self.regions.partition_point(|span| span.end < part.start);
        let to = self.regions.partition_point(|span| span.start <= part.end);
        self.read.extend(from..to);
    }
}

impl Seen {
    /// The numbers of the regions that were read.
    pub fn regions(&self) -> &BTreeSet<usize> {
        &self.regional.read
    }

    /// Whether any part of the text may have been read.
    pub fn is_whole(&self) -> bool {
        self.trace.is_whole
    }

    /// What was asked about the text as a whole, with the answers.
    pub fn questions(&self) -> &[(TextQuestion, bool)] {
        &self.trace.questions
    }

    /// What was taken as worked out, by what it is called, each with a fingerprint.
    pub fn facts(&self) -> &[(&'static str, u64)] {
        &self.trace.facts
    }
}
