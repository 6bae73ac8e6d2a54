//! Whether there was a standard output when the program began.
//!
//! Rust's runtime opens `/dev/null` in the place of one that is closed, so that no file gets what is meant for it. Behind
//! that a report that goes nowhere looks like one that was written: so this is looked at before.

#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(unix)]
static IS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Runs before the runtime does: nothing of it may be used here.
#[cfg(unix)]
#[ctor::ctor]
fn look() {
    let known = rustix::io::fcntl_getfd(rustix::stdio::stdout());
    IS_CLOSED.store(known.is_err(), Ordering::Relaxed);
}

/// Whether what is written to standard output goes nowhere, since there is none.
#[cfg(unix)]
pub(crate) fn is_closed() -> bool {
    IS_CLOSED.load(Ordering::Relaxed)
}

/// There writing to one that is closed fails.
#[cfg(not(unix))]
pub(crate) fn is_closed() -> bool {
    false
}
