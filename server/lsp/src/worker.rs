//! The threads that analysis runs on.
//!
//! One thread does all of it, as long as nothing waits for another document than its own: two questions about one document would
//! wait for each other anyway, and every further thread keeps its own heap. Whoever asks about another document meanwhile doesn't
//! wait for a huge one: a helper comes for that, and goes when nothing is left for it. Questions go first, since somebody waits
//! for the answer; documents whose diagnostics are due come next, each once however often it changed meanwhile. Behind an edit they
//! wait for a moment, since an editor asks for completions then, which a check of a large file would hold up. What is said only to somebody who has stopped writing comes when its time has come; while
//! nothing waits, nothing wakes the thread.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use crate::document::OpenDocument;
use crate::limits::{GRACE, HELPERS, STACK_SIZE};

type Job = Box<dyn FnOnce() + Send>;

/// What something is about: a document, by [`OpenDocument::instance`], or nothing that is open.
pub(crate) type About = Option<u64>;

/// What waits for the thread.
#[derive(Default)]
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    ready: Condvar,
    /// Starts a thread that works as long as there is something for it.
    help: OnceLock<Box<dyn Fn() -> bool + Send + Sync>>,
}

#[derive(Default)]
struct Waiting {
    questions: VecDeque<(About, Job)>,
    due: VecDeque<Arc<OpenDocument>>,
    /// What was edited and is due in a moment, each document once. Apart from `later`: who names or forgets a time there may not know
    /// of the edit yet.
    soon: VecDeque<(Instant, Arc<OpenDocument>)>,
    /// What is due at a time, each document once.
    later: Vec<(Instant, Arc<OpenDocument>)>,
    /// What is worked on, for each thread that works.
    busy: Vec<About>,
    /// Whether the thread that is always there has nothing to do.
    idle: bool,
    helpers: usize,
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
        while let Some((_, document)) = self.soon.pop_front_if(|(at, _)| *at <= now) {
            self.is_due(&document);
        }
        let later = std::mem::take(&mut self.later);
        for (at, document) in later {
            match at <= now {
                true => self.is_due(&document),
                false => self.later.push((at, document)),
            }
        }
        let all = self.soon.front().into_iter().chain(&self.later);
        all.map(|(at, _)| *at).min()
    }

    /// Takes the first that nobody works on already.
    fn take(&mut self) -> Option<(About, Work)> {
        let is_free = |about: &About| !self.busy.contains(about);
        let question = self.questions.iter().position(|(about, _)| is_free(about));
        let due = || {
            let mut due = self.due.iter();
            due.position(|document| is_free(&Some(document.instance())))
        };
        let (about, work) = match (question, due()) {
            (Some(at), _) => {
                let (about, job) = self.questions.remove(at)?;
                (about, Work::Answer(job))
            }
            (None, Some(at)) => {
                let document = self.due.remove(at)?;
                (Some(document.instance()), Work::Diagnose(document))
            }
            (None, None) => return None,
        };
        self.busy.push(about);
        Some((about, work))
    }

    /// Whether there is something for one more thread.
    fn wants_help(&self) -> bool {
        let is_free = |about: About| !self.busy.contains(&about);
        let mut questions = self.questions.iter();
        let mut due = self.due.iter();
        let is_waited_for = questions.any(|(about, _)| is_free(*about))
            || due.any(|document| is_free(Some(document.instance())));
        !self.idle && self.helpers < HELPERS && is_waited_for
    }

    fn forget(&mut self, document: &Arc<OpenDocument>) {
        self.later
            .retain(|(_, other)| !Arc::ptr_eq(other, document));
    }
}

/// What a thread does.
enum Work {
    Answer(Job),
    Diagnose(Arc<OpenDocument>),
}

impl Queue {
    /// Has `job` run next, behind the jobs that wait already.
    pub(crate) fn ask(&self, about: About, job: impl FnOnce() + Send + 'static) {
        let mut waiting = self.lock();
        waiting.questions.push_back((about, Box::new(job)));
        self.call(waiting);
    }

    /// Has the diagnostics of `document` worked out.
    pub(crate) fn diagnose(&self, document: &Arc<OpenDocument>) {
        let mut waiting = self.lock();
        waiting.is_due(document);
        self.call(waiting);
    }

    /// Has the diagnostics of `document` worked out at that time instead of any that was named before.
    pub(crate) fn diagnose_at(&self, document: &Arc<OpenDocument>, time: Instant) {
        let mut waiting = self.lock();
        waiting.forget(document);
        waiting.later.push((time, Arc::clone(document)));
        self.call(waiting);
    }

    /// Has the diagnostics of `document`, which was just edited, worked out a moment later.
    pub(crate) fn diagnose_soon(&self, document: &Arc<OpenDocument>) {
        let soon = Instant::now() + GRACE;
        let mut waiting = self.lock();
        let mut known = waiting.soon.iter();
        if !known.any(|(_, other)| Arc::ptr_eq(other, document)) {
            waiting.soon.push_back((soon, Arc::clone(document)));
            self.call(waiting);
        }
    }

    /// Names no time for `document` any more.
    pub(crate) fn forget(&self, document: &Arc<OpenDocument>) {
        self.lock().forget(document);
    }

    /// Lets the threads end. What still waits is dropped.
    pub(crate) fn close(&self) {
        let mut waiting = self.lock();
        *waiting = Waiting {
            closed: true,
            ..Waiting::default()
        };
        self.ready.notify_one();
    }

    /// Wakes the thread that waits, or gets one more where none does and something could be done.
    fn call(&self, mut waiting: MutexGuard<'_, Waiting>) {
        self.ready.notify_one();
        let Some(help) = self.help.get().filter(|_| waiting.wants_help()) else {
            return;
        };
        waiting.helpers += 1;
        drop(waiting);
        if !help() {
            let mut waiting = self.lock();
            waiting.helpers = waiting.helpers.saturating_sub(1);
        }
    }

    /// What is to be done next; waits for it. Nothing once the queue is closed.
    fn next(&self) -> Option<(About, Work)> {
        let mut waiting = self.lock();
        loop {
            if waiting.closed {
                return None;
            }
            let now = Instant::now();
            let next = waiting.ripen(now);
            let work = waiting.take();
            waiting.idle = work.is_none();
            if work.is_some() {
                // What waits behind it may be for another thread.
                self.call(waiting);
                return work;
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

    /// What a helper can do next; where that is nothing, it has left.
    fn next_of_helper(&self) -> Option<(About, Work)> {
        let mut waiting = self.lock();
        waiting.ripen(Instant::now());
        let work = if waiting.closed { None } else { waiting.take() };
        if work.is_none() {
            waiting.helpers = waiting.helpers.saturating_sub(1);
        }
        work
    }

    /// Something is done. What waited for its document may be for the thread that waits.
    fn done(&self, about: About) {
        let mut waiting = self.lock();
        if let Some(at) = waiting.busy.iter().position(|other| *other == about) {
            waiting.busy.swap_remove(at);
        }
        self.ready.notify_one();
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
    diagnose: impl Fn(&Arc<OpenDocument>) + Send + Sync + 'static,
) -> std::io::Result<()> {
    let work = move |queue: &Queue, (about, work): (About, Work)| {
        // The analysis catches its own panics; this is for what surrounds it.
        let _ = catch_unwind(AssertUnwindSafe(|| match work {
            Work::Answer(job) => job(),
            Work::Diagnose(document) => diagnose(&document),
        }));
        queue.done(about);
    };
    let work = Arc::new(work);
    let thread = |name: &str| {
        let name = name.to_owned();
        let thread = std::thread::Builder::new().name(name);
        thread.stack_size(STACK_SIZE)
    };
    let helped = Arc::downgrade(&queue);
    let helping = Arc::clone(&work);
    let help = move || {
        let Some(queue) = helped.upgrade() else {
            return false;
        };
        let work = Arc::clone(&helping);
        let run = move || {
            while let Some(next) = queue.next_of_helper() {
                work(&queue, next);
            }
        };
        thread("helper").spawn(run).is_ok()
    };
    let _ = queue.help.set(Box::new(help));
    let run = move || {
        while let Some(next) = queue.next() {
            work(&queue, next);
        }
    };
    thread("analysis").spawn(run).map(drop)
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
        queue.ask(None, move || asked.send("question".to_owned()).unwrap());
        let order = [queue.next(), queue.next(), queue.next()].map(|work| {
            let (about, work) = work.unwrap();
            match work {
                Work::Answer(job) => job(),
                Work::Diagnose(document) => seen.send(document.uri.to_string()).unwrap(),
            }
            queue.done(about);
            log.recv().unwrap()
        });
        assert_eq!(order, ["question", "file:///a", "file:///b"]);
        assert!(queue.lock().due.is_empty(), "nothing comes twice");
        queue.close();
        assert!(queue.next().is_none(), "the thread ends");
    }

    #[test]
    fn an_edit_leaves_a_moment_for_questions_and_no_other_puts_it_off() {
        let queue = Queue::default();
        let a = document("a");
        // A second is named by what was said last.
        queue.diagnose_at(&a, Instant::now() + Duration::from_secs(60));
        queue.diagnose_soon(&a);
        let first = queue.lock().soon.clone();
        assert_eq!(first.len(), 1);
        assert!(first[0].0 <= Instant::now() + GRACE);
        queue.diagnose_soon(&a);
        assert_eq!(queue.lock().soon.len(), 1);
        // Somebody who has just published the text before the edit.
        queue.diagnose_at(&a, Instant::now() + Duration::from_secs(60));
        queue.forget(&a);
        assert_eq!(queue.lock().soon[0].0, first[0].0);
        assert!(queue.lock().due.is_empty());
        let (seen, log) = mpsc::channel();
        queue.ask(None, move || seen.send(()).unwrap());
        let Some((about, Work::Answer(job))) = queue.next() else {
            panic!("the question goes first");
        };
        job();
        queue.done(about);
        log.recv().unwrap();
        assert!(matches!(queue.next(), Some((_, Work::Diagnose(_)))));
        assert!(queue.lock().soon.is_empty());
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
    fn nobody_waits_for_another_document() {
        let queue = Arc::new(Queue::default());
        let (huge, other) = (document("huge"), document("other"));
        let (go, gate) = mpsc::channel::<()>();
        let (seen, log) = mpsc::channel();
        let gate = Mutex::new(gate);
        let diagnosed = seen.clone();
        start(Arc::clone(&queue), move |document| {
            if document.uri.as_str().ends_with("huge") {
                gate.lock().unwrap().recv().unwrap();
            }
            diagnosed.send(document.uri.to_string()).unwrap();
        })
        .unwrap();
        queue.diagnose(&huge);
        while queue.lock().busy.is_empty() {
            std::thread::yield_now();
        }
        let of_huge = seen.clone();
        queue.ask(Some(huge.instance()), move || {
            of_huge.send("of huge".to_owned()).unwrap()
        });
        let of_other = seen.clone();
        queue.ask(Some(other.instance()), move || {
            of_other.send("of other".to_owned()).unwrap()
        });
        queue.diagnose(&other);
        let mut first: Vec<_> = (0..2).map(|_| log.recv().unwrap()).collect();
        first.sort();
        assert_eq!(first, ["file:///other", "of other"]);
        go.send(()).unwrap();
        let rest: Vec<_> = (0..2).map(|_| log.recv().unwrap()).collect();
        assert_eq!(rest, ["file:///huge", "of huge"], "one at a time");
        while queue.lock().helpers > 0 {
            std::thread::yield_now();
        }
        queue.close();
    }

    #[test]
    fn a_panic_does_not_end_the_thread() {
        let queue = Arc::new(Queue::default());
        start(Arc::clone(&queue), |_| {}).unwrap();
        let (seen, log) = mpsc::channel();
        queue.ask(None, || panic!("of course"));
        queue.ask(None, move || seen.send(()).unwrap());
        assert_eq!(log.recv(), Ok(()));
        queue.close();
    }
}
