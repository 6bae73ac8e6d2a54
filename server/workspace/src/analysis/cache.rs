//! What those who ask about a file keep of it, as long as it stays as it is.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Whatever was worked out for one look at a file, each under a type of who keeps it. It goes with the analysis, so nothing in it
/// is ever out of date; how much each keeps is its own affair.
#[derive(Default)]
pub struct Cache(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Cache {
    /// What is kept under a type; at first its default.
    pub fn get<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Arc::new(T::default()));
        Arc::clone(kept).downcast().unwrap_or_default()
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cache")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_one() {
        let cache = Cache::default();
        *cache.get::<Mutex<u8>>().lock().unwrap() = 1;
        *cache.get::<Mutex<u16>>().lock().unwrap() = 2;
        assert_eq!(*cache.get::<Mutex<u8>>().lock().unwrap(), 1);
        assert_eq!(*cache.get::<Mutex<u16>>().lock().unwrap(), 2);
    }
}
