//! Answers that are kept with a file: many statements ask for the same ones.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use leastwise_syntax::trace::{Trace, is_forgotten};

use crate::Context;
use crate::limits::KEPT_ANSWERS;

/// Answers by what was asked, each with what was read for it. Of more than a limit all are forgotten, so that a hostile file
/// costs time and no memory.
pub(crate) struct Answers<K, V>(Mutex<HashMap<K, (V, Arc<Trace>)>>);

impl<K, V> Default for Answers<K, V> {
    fn default() -> Answers<K, V> {
        Answers(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Answers<K, V> {
    /// The answer to a question, worked out where it wasn't asked before.
    pub(crate) fn get(&self, of: &Context<'_>, question: K, work_out: impl FnOnce() -> V) -> V {
        let (answer, trace) = self.known(question, || of.analysis.traced(of.tree, None, work_out));
        if !is_forgotten("answers") {
            of.tree.recall(&trace);
        }
        answer
    }

    /// As [`Answers::get`], for what hangs on the question alone: without a file at hand nothing can be read of it.
    pub(crate) fn of_values(&self, question: K, work_out: impl FnOnce() -> V) -> V {
        self.known(question, || (work_out(), Trace::default())).0
    }

    fn known(&self, question: K, work_out: impl FnOnce() -> (V, Trace)) -> (V, Arc<Trace>) {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&question) {
            return known.clone();
        }
        let (answer, trace) = work_out();
        let made = (answer, Arc::new(trace));
        let mut known = lock();
        if known.len() >= KEPT_ANSWERS {
            known.clear();
        }
        known.insert(question, made.clone());
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::Arc;

    use leastwise_model::Config;
    use leastwise_syntax::{Format, Tree};
    use leastwise_workspace::Analysis;

    #[test]
    fn each_is_worked_out_once_and_only_so_many_are_kept() {
        let tree = Tree::parse("{}".to_owned(), Format::Json);
        let analysis = Analysis::new(&tree, "a.json", Arc::new(Config::default()));
        let of = Context::new(&tree, &analysis);
        let answers = Answers::default();
        let ask = |question: usize| {
            let mut asked = false;
            let answer = answers.get(&of, question, || {
                asked = true;
                question + 1
            });
            assert_eq!(answer, question + 1);
            asked
        };
        assert!(ask(0) && !ask(0));
        assert!((1..=KEPT_ANSWERS).all(ask));
        assert!(!ask(KEPT_ANSWERS) && ask(0));
        assert!(answers.0.lock().unwrap().len() < KEPT_ANSWERS);
    }
}
