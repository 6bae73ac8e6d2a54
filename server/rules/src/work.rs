//! How much is looked at, for the tests that hold it linear: what goes through all of something says how much that is.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static DONE: Cell<usize> = const { Cell::new(0) };
}

/// Takes down that so many things were looked at.
#[inline]
pub(crate) fn did(count: usize) {
    #[cfg(test)]
    DONE.with(|done| done.set(done.get() + count));
    #[cfg(not(test))]
    let _ = count;
}

/// How much is looked at meanwhile.
#[cfg(test)]
pub(crate) fn of<T>(make: impl FnOnce() -> T) -> usize {
    let before = DONE.get();
    make();
    DONE.get() - before
}
