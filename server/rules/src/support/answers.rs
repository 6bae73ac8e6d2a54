//! Answers that are kept with a file: many statements ask for the same ones.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use crate::limits::KEPT_ANSWERS;

/// Answers by what was asked. Of more than a limit all are forgotten, so that a hostile file costs time and no memory.
pub(crate) struct Answers<K, V>(Mutex<HashMap<K, V>>);

impl<K, V> Default for Answers<K, V> {
    fn default() -> Answers<K, V> {
        Answers(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Answers<K, V> {
    /// The answer to a question, worked out where it wasn't asked before.
    pub(crate) fn get(&self, question: K, work_out: impl FnOnce() -> V) -> V {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&question) {
            return known.clone();
        }
        let answer = work_out();
        let mut known = lock();
        if known.len() >= KEPT_ANSWERS {
            known.clear();
        }
        known.insert(question, answer.clone());
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_worked_out_once_and_only_so_many_are_kept() {
        let answers = Answers::default();
        let ask = |question: usize| {
            let mut asked = false;
            let answer = answers.get(question, || {
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
