//! What is to be worked out by itself first, since too many variables led to it.

use std::cell::RefCell;

/// The variable that has to be worked out before the one at hand: what stands between its `${` and `}`, and whether
/// `Fn::Sub` is around.
#[derive(Debug, Default)]
pub struct First(pub RefCell<Option<(String, bool)>>);

impl First {
    /// Whether there is one.
    pub fn is_some(&self) -> bool {
        self.0.borrow().is_some()
    }
}
