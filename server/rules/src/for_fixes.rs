//! What only fixes need, counted in tests: none of it is worked out before somebody asks for fixes.

#[cfg(test)]
thread_local! {
    static DONE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Takes down that something was worked out that only a fix needs.
#[inline]
pub(crate) fn did() {
    #[cfg(test)]
    DONE.with(|done| done.set(done.get() + 1));
}

/// What is made, and how much of it was worked out meanwhile.
#[cfg(test)]
pub(crate) fn counted<T>(make: impl FnOnce() -> T) -> (T, usize) {
    let before = DONE.get();
    let made = make();
    (made, DONE.get() - before)
}
