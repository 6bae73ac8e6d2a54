//! What is the same after somebody has typed into a scalar or a list of texts.

use super::bits::has;
use super::{Live, TextQuestion, Trace, Traced};
use crate::{Retyped, Span, Tree};

/// Whether nothing was asked about a text that is answered otherwise now, and no part of it was taken as such.
fn holds(questions: &[(TextQuestion, bool)], tree: &Tree, retyped: &Retyped) -> bool {
    let now = retyped.written(tree);
    // An edit of one word can only answer what that word has to do with.
    let is_of_word = |question: &TextQuestion| match question {
        TextQuestion::Mentions(text) | TextQuestion::Begins(text) => {
            let (first, last) = (text.chars().next(), text.chars().next_back());
            let is_in = |c: Option<char>, of: &str| c.is_none_or(|c| of.contains(c));
            [retyped.before.as_str(), now]
                .iter()
                .any(|of| is_in(first, of) || is_in(last, of))
        }
        TextQuestion::HasComments
        | TextQuestion::HasAnchors
        | TextQuestion::HasOnly(_)
        | TextQuestion::RunsOut(_) => false,
    };
    let mut asked = questions
        .iter()
        .filter(|(question, _)| is_of_word(question));
    asked.all(|(question, answer)| question.answer(tree) == *answer)
}

impl Live {
    /// Whether what was worked out is the same after an edit of a scalar or a list of texts, but for the places in it. If so, what was
    /// read is where it stands now.
    pub fn outlasts(&mut self, tree: &Tree, retyped: &Retyped) -> bool {
        let texts = [retyped.before.as_str(), retyped.written(tree)];
        let mut judged = self.set.judged.iter();
        let is_read = has(&self.set.read, retyped.scalar)
            || retyped.turns && self.set.is_entered(retyped.scalar)
            || retyped.gone().any(|item| self.set.is_told(item));
        let outlasts = !is_read
            && judged.all(|judged| judged.outlasts(tree, retyped))
            && self.set.hidden.outlasts(retyped, texts)
            && self.trace.outlasts(tree, retyped);
        if outlasts && retyped.is_of_list() {
            self.set.take_over(tree, retyped);
        }
        outlasts
    }
}

impl Trace {
    fn outlasts(&mut self, tree: &Tree, retyped: &Retyped) -> bool {
        let scalar = retyped.touched();
        let is_apart = |part: &Span| part.end <= scalar.start || scalar.end <= part.start;
        let holds = !self.is_whole
            && self.spans.iter().all(is_apart)
            && self.facts.is_empty()
            && self.nodes.binary_search(&retyped.scalar).is_err()
            && retyped.gone().all(|item| self.nodes.binary_search(&item).is_err())
            // Of what is gone nobody knows whether it was among them.
            && (!retyped.turns || self.nodes.is_empty())
            && holds(&self.questions, tree, retyped);
        if holds {
            self.spans.iter_mut().for_each(|span| retyped.shift(span));
        }
        holds
    }
}

impl<T> Traced<T> {
    /// Forgets it unless it is the same after an edit of a scalar. That of which nothing was taken down, since whoever keeps
    /// it knows what was read for it, stays.
    pub fn outlast(&mut self, tree: &Tree, retyped: &Retyped) {
        let trace = self.trace_mut();
        if trace.is_some_and(|trace| !trace.outlasts(tree, retyped)) {
            *self = Traced::default();
        }
    }
}
