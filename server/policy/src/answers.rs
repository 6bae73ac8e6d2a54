//! Answers that are kept, since the same is asked many times.

use foldhash::HashMap;
use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Answers by what was asked. What neither of the last two rounds asked for is forgotten; of more than `KEPT` all are, so that a
/// hostile file costs time and no memory.
#[derive(Debug)]
pub struct Answers<K, V, const KEPT: usize>(Mutex<Known<K, V>>);

#[derive(Debug)]
struct Known<K, V> {
    /// Each with the last round in which it was asked for.
    all: HashMap<K, (V, u32)>,
    round: u32,
}

impl<K, V, const KEPT: usize> Default for Answers<K, V, KEPT> {
    fn default() -> Answers<K, V, KEPT> {
        Answers(Mutex::new(Known {
            all: HashMap::default(),
            round: 0,
        }))
    }
}

/// Whether a round is the last one, or the one before it.
pub(crate) fn is_recent(round: u32, last: u32) -> bool {
    last.wrapping_sub(round) < 2
}

impl<K: Eq + Hash, V: Clone, const KEPT: usize> Answers<K, V, KEPT> {
    /// Begins a round.
    pub fn begin(&self) {
        let mut known = self.lock();
        let last = known.round;
        known.round = last.wrapping_add(1);
        known.all.retain(|_, (_, round)| is_recent(*round, last));
    }

    /// The answer to a question, worked out where it isn't known.
    pub fn get<Q>(&self, question: &Q, work_out: impl FnOnce() -> V) -> V
    where
        K: Borrow<Q>,
        Q: ToOwned<Owned = K> + Eq + Hash + ?Sized,
    {
        self.get_or(question, work_out, |_| true)
    }

    /// The same, where `keeps` says of an answer whether it is kept.
    pub(crate) fn get_or<Q>(
        &self,
        question: &Q,
        work_out: impl FnOnce() -> V,
        keeps: impl FnOnce(&V) -> bool,
    ) -> V
    where
        K: Borrow<Q>,
        Q: ToOwned<Owned = K> + Eq + Hash + ?Sized,
    {
        if let Some(answer) = self.lock().find(question) {
            return answer;
        }
        // What is worked out may ask for another answer.
        let answer = work_out();
        if keeps(&answer) {
            let mut known = self.lock();
            if known.all.len() >= KEPT {
                known.all.clear();
            }
            let kept = (answer.clone(), known.round);
            known.all.insert(question.to_owned(), kept);
        }
        answer
    }

    /// How many are known.
    pub fn len(&self) -> usize {
        self.lock().all.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Known<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V: Clone> Known<K, V> {
    fn find<Q: Eq + Hash + ?Sized>(&mut self, question: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (answer, round) = self.all.get_mut(question)?;
        *round = self.round;
        Some(answer.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether it takes work to answer a question.
    fn asks<const KEPT: usize>(answers: &Answers<usize, usize, KEPT>, question: usize) -> bool {
        let mut asked = false;
        let answer = answers.get(&question, || {
            asked = true;
            question + 1
        });
        assert_eq!(answer, question + 1);
        asked
    }

    #[test]
    fn each_is_worked_out_once_and_only_so_many_are_kept() {
        let answers = Answers::<_, _, 16>::default();
        assert!(asks(&answers, 0) && !asks(&answers, 0));
        assert!((1..=16).all(|question| asks(&answers, question)));
        assert!(!asks(&answers, 16) && asks(&answers, 0));
        assert!(answers.len() < 16);
    }

    #[test]
    fn what_two_rounds_do_not_ask_for_is_forgotten() {
        let answers = Answers::<_, _, 16>::default();
        assert!(asks(&answers, 0) && asks(&answers, 1));
        answers.begin();
        answers.begin();
        assert!(!asks(&answers, 0));
        answers.begin();
        assert!(!asks(&answers, 0) && asks(&answers, 1));
        for left in [2, 2, 0] {
            answers.begin();
            assert_eq!(answers.len(), left);
        }
        assert!(answers.is_empty());
    }

    #[test]
    fn an_answer_that_is_not_kept_is_worked_out_each_time() {
        let answers = Answers::<usize, usize, 16>::default();
        for question in [1, 1, 2] {
            let answer = answers.get_or(&question, || question, |answer| *answer > 1);
            assert_eq!(answer, question);
        }
        assert_eq!(answers.len(), 1);
    }
}
