//! Answers that are kept with a file: many statements ask for the same ones.

use std::hash::Hash;
use std::sync::Arc;

use leastwise_syntax::trace::{Trace, is_forgotten};

use crate::Context;
use crate::limits::KEPT_ANSWERS;

/// Answers by what was asked, each with what was read for it.
pub(crate) struct Answers<K, V>(leastwise_policy::Answers<K, (V, Arc<Trace>), KEPT_ANSWERS>);

impl<K, V> Default for Answers<K, V> {
    fn default() -> Answers<K, V> {
        Answers(leastwise_policy::Answers::default())
    }
}

impl<K: Eq + Hash + Clone, V: Clone> Answers<K, V> {
    /// The answer to a question, worked out where it wasn't asked before.
    pub(crate) fn get(&self, of: &Context<'_>, question: K, work_out: impl FnOnce() -> V) -> V {
        let (answer, trace) = self.0.get(&question, || {
            let (answer, trace) = of.analysis.traced(of.tree, None, work_out);
            (answer, Arc::new(trace))
        });
        if !is_forgotten("answers") {
            of.tree.recall(&trace);
        }
        answer
    }

    /// As [`Answers::get`], for what hangs on the question alone: without a file at hand nothing can be read of it.
    pub(crate) fn of_values(&self, question: K, work_out: impl FnOnce() -> V) -> V {
        self.0.get(&question, || (work_out(), Arc::default())).0
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
        assert!(answers.0.len() < KEPT_ANSWERS);
    }
}
