//! What is found out about a text once, however often its tree is asked to be edited.

use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::NodeId;
use crate::marks::{self, Mark};

/// Facts about the text of a tree, each looked for when it is asked for first.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    lone_returns: OnceLock<bool>,
    marks: OnceLock<Vec<Mark>>,
    others: OnceLock<bool>,
    keeping: OnceLock<bool>,
    readings: Arc<Readings>,
    asked: Mutex<HashMap<NodeId, Asked>>,
}

/// A question about how a text is written: its name, and the key that it is about.
pub(crate) type Question<'q> = (&'static str, Option<&'q str>);

/// The answers to what was asked at one place.
type Asked = Vec<(&'static str, Option<Box<str>>, Box<dyn Any + Send>)>;

/// What was read again to prove edits.
#[derive(Debug, Default)]
struct Readings {
    bytes: AtomicUsize,
    count: AtomicUsize,
}

/// What begins a mark, or would with an end for it, but for `${`.
const SIGNS: [&str; 6] = ["{{", "{%", "<%", "{#", "%{", "#{"];

/// Whether there is anything that begins a mark, or would with an end for it, but for `${`.
pub(crate) fn has_others(text: &str) -> bool {
    let has = |sign: &str| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
    SIGNS.into_iter().any(has)
}

impl Facts {
    /// Of a document in one of the text's strings: what is read to prove its edits is read for the text.
    pub fn within(outer: &Facts) -> Facts {
        Facts {
            readings: Arc::clone(&outer.readings),
            ..Facts::default()
        }
    }

    /// Whether some line ends with `\r` alone. YAML allows it, no editor has written it for decades, and readers differ in
    /// what they make of it inside scalars.
    pub(crate) fn has_lone_returns(&self, source: &str) -> bool {
        *self.lone_returns.get_or_init(|| {
            let bytes = source.as_bytes();
            memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
        })
    }

    /// Whether there may be a block scalar of YAML that keeps the blank lines behind it: `|+`, `>2+`.
    pub(crate) fn may_keep_blank_lines(&self, source: &str) -> bool {
        *self.keeping.get_or_init(|| {
            let bytes = source.as_bytes();
            memchr::memchr2_iter(b'|', b'>', bytes)
                .any(|at| bytes.iter().skip(at + 1).take(2).any(|byte| *byte == b'+'))
        })
    }

    /// The marks of other tools.
    pub fn marks(&self, source: &str) -> &[Mark] {
        self.marks.get_or_init(|| marks::find(source))
    }

    /// As [`has_others`].
    pub(crate) fn has_others(&self, source: &str) -> bool {
        *self.others.get_or_init(|| has_others(source))
    }

    /// The answer to a question that was asked at a node before, which may be that there is none.
    pub fn answer<R: Any + Clone>(&self, at: NodeId, question: Question<'_>) -> Option<Option<R>> {
        let asked = self.asked();
        let mut answers = asked.get(&at)?.iter();
        let (_, _, answer) = answers.find(|(name, key, _)| (*name, key.as_deref()) == question)?;
        answer.downcast_ref::<Option<R>>().cloned()
    }

    /// Keeps the answer to a question at some nodes.
    pub fn keep<R: Any + Clone + Send>(
        &self,
        at: &[NodeId],
        (name, key): Question<'_>,
        answer: &Option<R>,
    ) {
        let mut asked = self.asked();
        for node in at {
            let known = asked.entry(*node).or_default();
            known.push((name, key.map(Into::into), Box::new(answer.clone())));
        }
    }

    fn asked(&self) -> MutexGuard<'_, HashMap<NodeId, Asked>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes down that so many bytes are read again.
    pub(crate) fn did_read(&self, bytes: usize) {
        self.readings.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.readings.count.fetch_add(1, Ordering::Relaxed);
    }

    /// How many bytes were read again, and in how many readings.
    pub(crate) fn has_read(&self) -> (usize, usize) {
        let of = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        (of(&self.readings.bytes), of(&self.readings.count))
    }
}
