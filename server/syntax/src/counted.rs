//! How much is looked at, for the tests that hold it linear.

/// Makes the module `work` of a crate: what goes through all of something, or reads on or back from a place, says how much
/// that is, and the crate's tests count it. It costs nothing elsewhere. Each crate counts for itself: one whose tests stand in
/// other crates says `pub`, and counts for those that ask for its feature `count-work`.
#[macro_export]
macro_rules! count_work {
    () => {
        mod work {
            #[cfg(test)]
            thread_local! {
                static DONE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
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
        }
    };
    (pub) => {
        /// How much is looked at.
        pub mod work {
            #[cfg(any(test, feature = "count-work"))]
            thread_local! {
                static DONE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
            }

            /// Takes down that so many things were looked at.
            #[inline]
            pub fn did(count: usize) {
                #[cfg(any(test, feature = "count-work"))]
                DONE.with(|done| done.set(done.get() + count));
                #[cfg(not(any(test, feature = "count-work")))]
                let _ = count;
            }

            /// How much is looked at meanwhile.
            #[cfg(any(test, feature = "count-work"))]
            pub fn of<T>(make: impl FnOnce() -> T) -> usize {
                let before = DONE.get();
                make();
                DONE.get() - before
            }
        }
    };
}
