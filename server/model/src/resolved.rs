//! The values of texts: patterns whose every part is mapped back to its place in the file.

use std::ops::Range;

use leastwise_policy::Pattern;
use leastwise_syntax::{NodeId, Span, Tree};

/// One value that a text can have under an environment.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Resolved {
    /// The text, with wildcards and with holes for what isn't known.
    pub pattern: Pattern,
    /// Where its parts come from, in order.
    pub pieces: Vec<Piece>,
    /// Conditions of the template (`Fn::If`) that this value depends on, each with whether it holds.
    pub conditions: Vec<(String, bool)>,
    /// Whether a parameter's `Default` was taken for its value: true only where the deployer doesn't say otherwise.
    pub assumed: bool,
    /// Whether a condition that isn't known leaves something out.
    pub omits: bool,
    /// Whether it leaves out all of it.
    pub left_out: bool,
}

/// A part of a [`Resolved`] and where it comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// Bytes of the pattern's raw text.
    pub raw: Range<usize>,
    /// The bytes of the file that it comes from.
    pub span: Span,
    /// For text that stands in the file as it is: the scalar, and the decoded offset of the piece's first byte.
    pub literal: Option<(NodeId, usize)>,
}

impl Resolved {
    /// The bytes of the file that a byte range of the pattern's raw text comes from: exact where the text stands in
    /// the file, the whole variable where it doesn't.
    pub fn span_of(&self, tree: &Tree, raw: Range<usize>) -> Option<Span> {
        let mut found: Option<Span> = None;
        for piece in &self.pieces {
            let start = raw.start.max(piece.raw.start);
            let end = raw.end.min(piece.raw.end);
            let touches = start < end || (raw.is_empty() && start == end);
            if !touches {
                continue;
            }
            let span = match piece.literal {
                Some((node, at)) => {
                    let own = self.pattern.slice(piece.raw.clone());
                    let from = at + own.display_offset(start - piece.raw.start);
                    let to = at + own.display_offset(end - piece.raw.start);
                    tree.source_span(node, from..to)
                }
                None => piece.span,
            };
            found = Some(found.map_or(span, |before| before.to(span)));
        }
        found
    }
}
