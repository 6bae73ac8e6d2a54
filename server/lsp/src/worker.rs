//! The thread that all analysis runs on.
//!
//! One thread, not a pool: two questions about one document would wait for each other anyway, and every
//! further thread keeps its own heap. Questions go first, since somebody waits for the answer; documents
//! whose diagnostics are due come next, each once however often it changed meanwhile, and without any
//! delay when the thread is idle.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

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
    closed: bool,
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
        let mut waiting = self.lock();
        if !waiting.due.iter().any(|due| Arc::ptr_eq(due, document)) {
            waiting.due.push_back(Arc::clone(document));
            self.ready.notify_one();
        }
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
            if let Some(job) = waiting.questions.pop_front() {
                return Some(Work::Answer(job));
            }
            if let Some(document) = waiting.due.pop_front() {
                return Some(Work::Diagnose(document));
            }
            waiting = self
                .ready
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
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
