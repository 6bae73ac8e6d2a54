//! Questions about a text as a whole, which an edit seldom answers otherwise.

use crate::limits::NEAR_END_OF_LINE;
use crate::{ProblemKind, Span, Tree};

/// A question about a text as a whole.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TextQuestion {
    /// Whether a text stands somewhere in it.
    Mentions(String),
    /// Whether a text begins somewhere in it: behind white space, a quote or nothing.
    Begins(String),
    /// Whether it has comments, also in the documents of its strings.
    HasComments,
    /// Whether a part of it may stand for another.
    HasAnchors,
    /// Whether all that is wrong with it is of these kinds.
    HasOnly(&'static [ProblemKind]),
    /// Whether nothing else is wrong with it but that it ends too early, or the text of a string in it.
    RunsOut(&'static [ProblemKind]),
}

impl TextQuestion {
    /// The answer.
    pub(super) fn answer(&self, tree: &Tree) -> bool {
        match self {
            TextQuestion::Mentions(text) => {
                memchr::memmem::find(tree.source.as_bytes(), text.as_bytes()).is_some()
            }
            TextQuestion::Begins(text) => {
                let mut found = tree.source.match_indices(text.as_str());
                found.any(|(at, _)| {
                    let before = tree.source.get(..at).unwrap_or_default();
                    let last = before.chars().next_back();
                    last.is_none_or(|c| c.is_whitespace() || ['"', '\''].contains(&c))
                })
            }
            TextQuestion::HasComments => {
                let mut embedded = tree.read.arena.embedded.iter();
                !tree.read.comments.is_empty() || embedded.any(|entry| !entry.comments.is_empty())
            }
            TextQuestion::HasAnchors => !tree.read.arena.anchors.is_empty(),
            TextQuestion::HasOnly(kinds) => {
                let mut problems = tree.read.problems.iter();
                problems.all(|problem| kinds.contains(&problem.kind))
            }
            TextQuestion::RunsOut(kinds) => {
                let mut problems = tree.read.problems.iter();
                problems.all(|problem| problem.ran_out || kinds.contains(&problem.kind))
            }
        }
    }
}

impl Tree {
    /// Whether the whole text was understood: every other program that reads the format accepts it, too.
    pub fn is_complete(&self) -> bool {
        const HARMLESS: &[ProblemKind] = &[ProblemKind::Expansion, ProblemKind::Embedded];
        self.ask(&TextQuestion::HasOnly(HARMLESS))
    }

    /// Whether a part of the file may stand for another: whether it has anchors.
    pub fn has_anchors(&self) -> bool {
        self.ask(&TextQuestion::HasAnchors)
    }

    /// Whether a text stands somewhere in it.
    pub fn mentions(&self, text: &str) -> bool {
        self.ask(&TextQuestion::Mentions(text.to_owned()))
    }

    /// Whether a text stands somewhere in it behind white space, a quote or nothing.
    pub fn begins(&self, text: &str) -> bool {
        self.ask(&TextQuestion::Begins(text.to_owned()))
    }

    /// Asks about the text as a whole.
    pub fn ask(&self, question: &TextQuestion) -> bool {
        let answer = question.answer(self);
        self.note_question(question, answer);
        answer
    }

    /// The rest of the line behind an offset, where a comment may begin in it.
    pub fn commented_behind(&self, at: u32) -> Option<Span> {
        if !self.ask(&TextQuestion::HasComments) {
            return None;
        }
        let rest = self
            .source
            .get(at as usize..)
            .unwrap_or_default()
            .as_bytes();
        let clamped = |length: usize| at + u32::try_from(length).unwrap_or_default();
        let near = rest
            .get(..NEAR_END_OF_LINE.min(rest.len()))
            .unwrap_or_default();
        let near = memchr::memchr(b'\n', near);
        let last = self.read.comments.last();
        let embedded = &self.read.arena.embedded;
        let is_behind = last.is_some_and(|comment| comment.span.start >= at)
            || embedded.iter().any(|entry| !entry.comments.is_empty());
        if near.is_none() && !is_behind {
            // There may be thousands of parts on one line: nobody looks for its end for each.
            self.note_span(Span::new(at, clamped(rest.len())));
            return None;
        }
        let length = near.or_else(|| memchr::memchr(b'\n', rest));
        let rest = Span::new(at, clamped(length.unwrap_or(rest.len())));
        self.note_span(rest);
        is_behind.then_some(rest)
    }
}
