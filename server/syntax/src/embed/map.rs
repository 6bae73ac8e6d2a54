//! From offsets of a decoded text to its source, and of texts decoded twice.

use std::ops::Range;

use crate::Span;
use crate::arena::Node;
use crate::decoded::{Decoded, Decoder};

/// Where the decoded text of a host (a scalar that holds a document) is written.
pub(super) struct HostMap<'a> {
    /// What the offsets of `decoded` count from; without it, where the text begins.
    pub base: u32,
    /// Nothing where the text is its source.
    pub decoded: Option<&'a Decoded>,
}

impl HostMap<'_> {
    /// Where a range of the text is written.
    pub fn span(&self, range: Range<u32>) -> Span {
        let Range { start, end } = match self.decoded {
            Some(decoded) => decoded.source_range(range),
            None => range,
        };
        Span::new(self.base + start, self.base + end)
    }

    /// Where what stands at an offset of the text begins.
    pub fn point(&self, at: u32) -> u32 {
        self.span(at..at).start
    }

    /// Whether a range is written as it reads.
    fn is_verbatim(&self, range: Range<u32>) -> bool {
        let Some(decoded) = self.decoded else {
            return true;
        };
        let index = decoded
            .runs
            .partition_point(|run| run.decoded <= range.start)
            .saturating_sub(1);
        let next = decoded.runs.get(index + 1);
        decoded.runs.get(index).is_some_and(|run| run.verbatim)
            && next.is_none_or(|next| range.end <= next.decoded)
    }

    /// The place of a scalar of the document, and its own text with the way back to the outer source.
    ///
    /// `node` is the scalar as it was read from the host's text, `text` its decoded text, `own` the map that it
    /// has there. The last value says whether its quotes take more than a byte each.
    pub fn scalar(
        &self,
        node: &Node,
        content: Span,
        text: &str,
        own: Option<Decoded>,
    ) -> (Span, Option<Decoded>, bool) {
        let span = self.span(node.span.start..node.span.end);
        if self.is_verbatim(node.span.start..node.span.end) {
            return (span, own, false);
        }
        let mut out = Decoder::default();
        match own {
            None => self.copy(&mut out, text, content.start, span.start),
            Some(own) => {
                for (index, run) in own.runs.iter().enumerate() {
                    let end = own
                        .runs
                        .get(index + 1)
                        .map_or(own.text.len(), |next| next.decoded as usize);
                    let piece = own.text.get(run.decoded as usize..end).unwrap_or_default();
                    let from = node.span.start + run.source;
                    if run.verbatim {
                        self.copy(&mut out, piece, from, span.start);
                    } else {
                        out.unit(piece, relative(self.point(from), span.start));
                    }
                }
            }
        }
        let end = match content.is_empty() {
            true => self.point(content.start),
            false => self.span(content.start..content.end).end,
        };
        (span, Some(out.finish(relative(end, span.start))), true)
    }

    /// Adds a piece of the host's text that the document takes as it is.
    fn copy(&self, out: &mut Decoder, piece: &str, from: u32, start: u32) {
        let Some(decoded) = self.decoded else {
            out.verbatim(piece, relative(self.base + from, start));
            return;
        };
        let end = from + piece.len() as u32;
        let first = decoded
            .runs
            .partition_point(|run| run.decoded <= from)
            .saturating_sub(1);
        for (index, run) in decoded.runs.iter().enumerate().skip(first) {
            if run.decoded >= end {
                break;
            }
            let next = decoded
                .runs
                .get(index + 1)
                .map_or(end, |next| next.decoded.min(end));
            let begin = run.decoded.max(from);
            let part = piece
                .get((begin - from) as usize..(next.max(begin) - from) as usize)
                .unwrap_or_default();
            if run.verbatim {
                let at = self.base + run.source + (begin - run.decoded);
                out.verbatim(part, relative(at, start));
            } else if !part.is_empty() {
                out.unit(part, relative(self.base + run.source, start));
            }
        }
    }
}

fn relative(at: u32, start: u32) -> usize {
    at.saturating_sub(start) as usize
}
