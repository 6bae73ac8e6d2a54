//! Tests that what is taken down is needed leave it out on purpose.

#[cfg(test)]
thread_local! {
    static FORGOTTEN: std::cell::Cell<&'static str> = const { std::cell::Cell::new("") };
}

/// Whether what is called so isn't taken down now. Never outside of tests.
#[inline]
pub(crate) fn is_forgotten(what: &str) -> bool {
    #[cfg(test)]
    return FORGOTTEN.get() == what;
    #[cfg(not(test))]
    {
        let _ = what;
        false
    }
}

/// What comes of leaving out what is called so.
#[cfg(test)]
pub(crate) fn without<T>(what: &'static str, make: impl FnOnce() -> T) -> T {
    FORGOTTEN.set(what);
    let made = make();
    FORGOTTEN.set("");
    made
}
