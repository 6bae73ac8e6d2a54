//! Decoded text of a scalar and the way back to its source.

use std::ops::Range;

/// A stretch of a decoded scalar. It reaches to where the next one begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Run {
    /// Where it begins in the decoded text, in bytes.
    pub decoded: u32,
    /// Where it begins in the source, in bytes from the start of the scalar's own span, so that an edit before
    /// the scalar does not touch it.
    pub source: u32,
    /// Whether its bytes are the same in both; otherwise it is one unit (an escape, a folded line break).
    pub verbatim: bool,
}

/// The decoded text of a scalar that differs from its source, with the map between the two.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Decoded {
    pub text: String,
    /// In order; runs of no decoded length stand for source that vanishes (indentation). The last one is empty
    /// and marks both ends.
    pub runs: Vec<Run>,
}

impl Decoded {
    /// Where the content begins in the source, relative to the scalar.
    pub(crate) fn content_start(&self) -> u32 {
        self.runs.first().map_or(0, |run| run.source)
    }

    /// Where the content ends in the source, relative to the scalar.
    pub fn content_end(&self) -> u32 {
        self.runs.last().map_or(0, |run| run.source)
    }

    /// Whether nothing is known but where the text begins and ends.
    pub(crate) fn is_coarse(&self) -> bool {
        matches!(self.runs.as_slice(), [whole, _] if !whole.verbatim && self.text.len() > 4)
    }

    /// The index of the run that holds the decoded byte `at`.
    fn run_of(&self, at: u32) -> usize {
        self.runs
            .partition_point(|run| run.decoded <= at)
            .saturating_sub(1)
    }

    /// The source range (relative to the scalar) of a range of the decoded text.
    pub(crate) fn source_range(&self, range: Range<u32>) -> Range<u32> {
        let length = self.text.len() as u32;
        let start = range.start.min(length);
        let end = range.end.clamp(start, length);
        let Some(first) = self.runs.get(self.run_of(start)).copied() else {
            return 0..0;
        };
        let from = if first.verbatim {
            first.source + (start - first.decoded)
        } else {
            first.source
        };
        if end == start {
            return from..from;
        }
        let index = self.run_of(end - 1);
        let to = match self.runs.get(index) {
            Some(run) if run.verbatim => run.source + (end - run.decoded),
            // A unit ends where the next stretch of any kind begins.
            Some(run) => self
                .runs
                .get(index + 1)
                .map_or(run.source, |next| next.source),
            None => from,
        };
        from..to.max(from)
    }

    /// A part of the text, with a map of its own that counts from where the part is written.
    pub fn cut(&self, range: Range<u32>) -> Decoded {
        let place = self.source_range(range.clone());
        let mut out = Decoder::default();
        for (index, run) in self.runs.iter().enumerate().skip(self.run_of(range.start)) {
            if run.decoded >= range.end {
                break;
            }
            let end = self
                .runs
                .get(index + 1)
                .map_or(range.end, |next| next.decoded.min(range.end));
            let start = run.decoded.max(range.start);
            let text = self
                .text
                .get(start as usize..end.max(start) as usize)
                .unwrap_or_default();
            if run.verbatim {
                let at = run.source + (start - run.decoded);
                out.verbatim(text, at.saturating_sub(place.start) as usize);
            } else if !text.is_empty() {
                out.unit(text, run.source.saturating_sub(place.start) as usize);
            }
        }
        out.finish(place.end.saturating_sub(place.start) as usize)
    }

    /// The decoded offset of a source offset (relative to the scalar). Inside a unit: its beginning.
    pub(crate) fn decoded_at(&self, source: u32) -> u32 {
        let index = self
            .runs
            .partition_point(|run| run.source <= source)
            .saturating_sub(1);
        let Some(run) = self.runs.get(index) else {
            return 0;
        };
        if source < run.source {
            return run.decoded;
        }
        let next = self
            .runs
            .get(index + 1)
            .map_or(run.decoded, |next| next.decoded);
        if run.verbatim {
            (run.decoded + (source - run.source)).min(next)
        } else {
            run.decoded
        }
    }
}

/// Builds a [`Decoded`] from left to right.
#[derive(Default)]
pub(crate) struct Decoder {
    out: Decoded,
}

impl Decoder {
    /// The bytes `text`, found unchanged at `source`.
    pub fn verbatim(&mut self, text: &str, source: usize) {
        if text.is_empty() {
            return;
        }
        let decoded = self.out.text.len() as u32;
        let joins = self.out.runs.last().is_some_and(|run| {
            run.verbatim && run.source + (decoded - run.decoded) == source as u32
        });
        if !joins {
            self.out.runs.push(Run {
                decoded,
                source: source as u32,
                verbatim: true,
            });
        }
        self.out.text.push_str(text);
    }

    /// `text` stands for the source from `source` to where the next call begins.
    pub fn unit(&mut self, text: &str, source: usize) {
        let decoded = self.out.text.len() as u32;
        self.out.runs.push(Run {
            decoded,
            source: source as u32,
            verbatim: false,
        });
        self.out.text.push_str(text);
    }

    /// The source from `source` to where the next call begins stands for nothing.
    pub fn skip(&mut self, source: usize) {
        self.unit("", source);
    }

    /// Ends the scalar's content at `source`.
    pub fn finish(mut self, source: usize) -> Decoded {
        self.skip(source);
        self.out.runs.shrink_to_fit();
        self.out.text.shrink_to_fit();
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_both_ways() {
        // "ab\nc<indent>d"
        let mut decoder = Decoder::default();
        decoder.verbatim("ab", 1);
        decoder.unit("\n", 3);
        decoder.verbatim("c", 5);
        decoder.skip(6);
        decoder.verbatim("d", 10);
        let decoded = decoder.finish(11);
        assert_eq!(decoded.text, "ab\ncd");
        assert_eq!(decoded.source_range(0..2), 1..3);
        assert_eq!(decoded.source_range(1..3), 2..5);
        assert_eq!(decoded.source_range(3..4), 5..6);
        assert_eq!(decoded.source_range(3..5), 5..11);
        assert_eq!(decoded.source_range(4..5), 10..11);
        assert_eq!(decoded.source_range(5..5), 11..11);
        assert_eq!(decoded.source_range(7..9), 11..11);
        for (source, at) in [
            (0, 0),
            (1, 0),
            (2, 1),
            (3, 2),
            (4, 2),
            (5, 3),
            (6, 4),
            (8, 4),
            (10, 4),
            (11, 5),
            (40, 5),
        ] {
            assert_eq!(decoded.decoded_at(source), at, "{source}");
        }
    }
}
