//! The thread that all analysis runs on.
//!
//! One thread, not a pool: two questions about one document would wait for each other anyway, and every
//! further thread keeps its own heap. Questions go first, since somebody waits for the answer; documents
//! whose diagnostics are due come next, each once however often it changed meanwhile, and without any
//! delay when the thread is idle. What is said only to somebody who has stopped writing comes when its time has come; while
//! nothing waits, nothing wakes the thread.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::document::OpenDocument;
use crate::limits::STACK_SIZE;

type Job = Box<dyn FnOnce() + Send>;

/// What waits for the thread.
#[derive(Default)]
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    ready: Condvar,
}

#[derive(Default)]
struct Waiting {
    questions: VecDeque<Job>,
    due: VecDeque<Arc<OpenDocument>>,
    /// What is due at a time, each document once.
    later: Vec<(Instant, Arc<OpenDocument>)>,
    closed: bool,
}

impl Waiting {
    /// Makes a document due, if it isn't yet.
    fn is_due(&mut self, document: &Arc<OpenDocument>) {
        if !self.due.iter().any(|due| Arc::ptr_eq(due, document)) {
            self.due.push_back(Arc::clone(document));
        }
    }

    /// Makes those due whose time has come. When the next one's does.
    fn ripen(&mut self, now: Instant) -> Option<Instant> {
        let later = std::mem::take(&mut self.later);
        for (at, document) in later {
            match at <= now {
                true => self.is_due(&document),
                false => self.later.push((at, document)),
            }
        }
        self.later.iter().map(|(at, _)| *at).min()
    }

    fn forget(&mut self, document: &Arc<OpenDocument>) {
        self.later
            .retain(|(_, other)| !Arc::ptr_eq(other, document));
    }
}

enum Work {
    Answer(Job),
    Diagnose(Arc<OpenDocument>),
}

impl Queue {
    /// Has `job` run next, behind the jobs that wait already.
    pub(crate) fn ask(&self, job: impl FnOnce() + Send + 'static) {
        self.lock().questions.push_back(Box::new(job));
        self.ready.notify_one();
    }

    /// Has the diagnostics of `document` worked out.
    pub(crate) fn diagnose(&self, document: &Arc<OpenDocument>) {
        self.lock().is_due(document);
        self.ready.notify_one();
    }

    /// Has the diagnostics of `document` worked out at that time instead of any that was named before.
    pub(crate) fn diagnose_at(&self, document: &Arc<OpenDocument>, time: Instant) {
        let mut waiting = self.lock();
        waiting.forget(document);
        waiting.later.push((time, Arc::clone(document)));
        self.ready.notify_one();
    }

    /// Names no time for `document` any more.
    pub(crate) fn forget(&self, document: &Arc<OpenDocument>) {
        self.lock().forget(document);
    }

    /// Lets the thread end. What still waits is dropped.
    pub(crate) fn close(&self) {
        let mut waiting = self.lock();
        *waiting = Waiting {
            closed: true,
            ..Waiting::default()
        };
        self.ready.notify_one();
    }

    fn next(&self) -> Option<Work> {
        let mut waiting = self.lock();
        loop {
            if waiting.closed {
                return None;
            }
            let now = Instant::now();
            let next = waiting.ripen(now);
            if let Some(job) = waiting.questions.pop_front() {
                return Some(Work::Answer(job));
            }
            if let Some(document) = waiting.due.pop_front() {
                return Some(Work::Diagnose(document));
            }
            waiting = match next {
                None => {
                    let woken = self.ready.wait(waiting);
                    woken.unwrap_or_else(PoisonError::into_inner)
                }
                Some(at) => {
                    let left = at.saturating_duration_since(now);
                    let woken = self.ready.wait_timeout(waiting, left);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts the thread. It ends when the queue is closed.
///
/// # Errors
///
/// When the system has no thread to give.
pub(crate) fn start(
    queue: Arc<Queue>,
    diagnose: impl Fn(&Arc<OpenDocument>) + Send + 'static,
) -> std::io::Result<()> {
    let run = move || {
        while let Some(work) = queue.next() {
            // The analysis catches its own panics; this is for what surrounds it.
            let _ = catch_unwind(AssertUnwindSafe(|| match work {
                Work::Answer(job) => job(),
                Work::Diagnose(document) => diagnose(&document),
            }));
        }
    };
    std::thread::Builder::new()
        .name("analysis".to_owned())
        .stack_size(STACK_SIZE)
        .spawn(run)
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;
    use tower_lsp::ls_types::TextDocumentItem;

    fn document(name: &str) -> Arc<OpenDocument> {
        let uri = format!("file:///{name}").parse().unwrap();
        Arc::new(OpenDocument::new(
            TextDocumentItem::new(uri, String::new(), 0, String::new()),
            &Arc::default(),
        ))
    }

    #[test]
    fn a_burst_collapses_and_questions_go_first() {
        let queue = Arc::new(Queue::default());
        let (seen, log) = mpsc::channel();
        let (a, b) = (document("a"), document("b"));
        for document in [&a, &b, &a, &a, &b] {
            queue.diagnose(document);
        }
        let asked = seen.clone();
        queue.ask(move || asked.send("question".to_owned()).unwrap());
        start(Arc::clone(&queue), move |document| {
            seen.send(document.uri.to_string()).unwrap();
        })
        .unwrap();
        let order: Vec<_> = (0..3).map(|_| log.recv().unwrap()).collect();
        assert_eq!(order, ["question", "file:///a", "file:///b"]);
        queue.close();
        assert!(
            log.recv().is_err(),
            "the thread ends, and nothing came twice"
        );
    }

    #[test]
    fn what_is_due_at_a_time_is_due_then_and_once() {
        let mut waiting = Waiting::default();
        let (a, b) = (document("a"), document("b"));
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let queue = Queue::default();
        queue.diagnose_at(&a, after(1));
        queue.diagnose_at(&b, after(2));
        // The next key.
        queue.diagnose_at(&a, after(3));
        std::mem::swap(&mut waiting, &mut queue.lock());
        assert_eq!(waiting.ripen(after(1)), Some(after(2)));
        assert!(waiting.due.is_empty());
        assert_eq!(waiting.ripen(after(2)), Some(after(3)));
        assert_eq!(waiting.due.len(), 1);
        assert!(Arc::ptr_eq(&waiting.due[0], &b));
        waiting.is_due(&a);
        assert_eq!(waiting.ripen(after(4)), None, "nothing wakes");
        assert_eq!(waiting.due.len(), 2, "a is due once");

        queue.diagnose_at(&a, after(1));
        queue.forget(&a);
        assert_eq!(queue.lock().ripen(after(9)), None);
        assert_eq!(
            Arc::strong_count(&a),
            2,
            "nobody holds it but the list of what is due"
        );
    }

    #[test]
    fn a_panic_does_not_end_the_thread() {
        let queue = Arc::new(Queue::default());
        start(Arc::clone(&queue), |_| {}).unwrap();
        let (seen, log) = mpsc::channel();
        queue.ask(|| panic!("of course"));
        queue.ask(move || seen.send(()).unwrap());
        assert_eq!(log.recv(), Ok(()));
        queue.close();
    }
}
