//! Who waits for something else than a check.

use std::sync::atomic::{AtomicUsize, Ordering};

/// How many wait. A check that has been given it ends early while there is somebody: it can be made later, and takes long in
/// a large file. Nobody goes while it goes on: whoever waits gets his turn when it has ended.
#[derive(Debug, Default)]
pub struct Askers(AtomicUsize);

impl Askers {
    /// Nobody yet.
    pub const fn nobody() -> Askers {
        Askers(AtomicUsize::new(0))
    }

    /// One more waits.
    pub fn comes(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    /// One has what it waited for.
    pub fn goes(&self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }

    /// Whether somebody waits.
    pub fn is_somebody(&self) -> bool {
        self.0.load(Ordering::Acquire) > 0
    }
}
