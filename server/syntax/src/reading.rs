//! What readers make of a text.

use crate::arena::{Arena, ArenaMark};
use crate::marks::Marked;
use crate::{Comment, NodeId, Problem, ProblemKind, Span};

/// What a reader makes of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    pub arena: Arena,
    pub documents: Vec<NodeId>,
    pub comments: Vec<Comment>,
    pub problems: Vec<Problem>,
    /// Whether the text was read in one pass by a strict reader.
    pub is_strict: bool,
    /// Whether it would have been, but for unquoted stars of YAML, which were read as the strings that they are meant as.
    pub is_starred: bool,
    /// What marks of other tools mean for the tree.
    pub marked: Marked,
    /// Where a strict reader stopped, if the problem is told of another place.
    pub stop: Option<Span>,
}

/// How much a [`Reading`] held at some moment.
#[derive(Clone, Copy)]
pub(crate) struct ReadingMark {
    arena: ArenaMark,
    documents: usize,
    comments: usize,
    problems: usize,
}

impl ReadingMark {
    /// How many problems there were.
    pub fn problems(self) -> usize {
        self.problems
    }

    /// How many nodes there were.
    pub fn nodes(self) -> usize {
        self.arena.nodes()
    }

    /// How many tags there were.
    pub fn tags(self) -> usize {
        self.arena.tags()
    }
}

impl Reading {
    /// Whether a part of the text means the same whatever stands in another: what a broken text, a template or one with anchors is read
    /// as may hang on any letter of it.
    pub fn is_plain(&self) -> bool {
        let mut problems = self.problems.iter();
        self.is_strict
            && self.arena.anchors.is_empty()
            && self.marked.regions.is_empty()
            && self.marked.inserted.is_empty()
            && problems.all(|problem| problem.kind == ProblemKind::Embedded)
    }

    /// The present state, to return to with [`Reading::rollback`].
    pub fn mark(&self) -> ReadingMark {
        ReadingMark {
            arena: self.arena.mark(),
            documents: self.documents.len(),
            comments: self.comments.len(),
            problems: self.problems.len(),
        }
    }

    /// Forgets whatever was added since `mark`.
    pub fn rollback(&mut self, mark: ReadingMark) {
        self.arena.rollback(mark.arena);
        self.documents.truncate(mark.documents);
        self.comments.truncate(mark.comments);
        self.problems.truncate(mark.problems);
    }

    /// Forgets the nodes that were added since `mark`.
    pub fn rollback_nodes(&mut self, mark: ReadingMark) {
        self.arena.rollback(mark.arena);
    }

    /// Notes a problem.
    pub fn problem(&mut self, kind: ProblemKind, span: Span, message: impl Into<String>) {
        self.problems.push(Problem {
            kind,
            span,
            message: message.into(),
            ran_out: false,
        });
    }

    /// Says of the last problem that nothing is wrong but that the text ends too early.
    pub fn ran_out(&mut self) {
        if let Some(last) = self.problems.last_mut() {
            last.ran_out = true;
        }
    }
}
