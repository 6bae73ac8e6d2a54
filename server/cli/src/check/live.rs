//! How many analyses there are at once, for the test that holds it to few, however many files are checked.

use std::path::Path;
use std::sync::Arc;
#[cfg(test)]
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{LazyLock, Mutex, Weak},
};

use leastwise_workspace::Analysis;

/// The analyses of a folder's files.
#[cfg(test)]
#[derive(Default)]
struct Made {
    all: Vec<Weak<Analysis>>,
    /// The most that there were at once.
    most: usize,
}

#[cfg(test)]
static MADE: LazyLock<Mutex<HashMap<PathBuf, Made>>> = LazyLock::new(Mutex::default);

/// Takes down that a file was analysed.
#[inline]
pub(super) fn made(place: &Path, analysis: &Arc<Analysis>) {
    #[cfg(test)]
    {
        let folder = place.parent().unwrap().to_owned();
        let mut all = MADE.lock().unwrap();
        let made = all.entry(folder).or_default();
        made.all.push(Arc::downgrade(analysis));
        made.all.retain(|one| one.strong_count() > 0);
        made.most = made.most.max(made.all.len());
    }
    #[cfg(not(test))]
    let _ = (place, analysis);
}

/// How many analyses of a folder's files there were at once at most.
#[cfg(test)]
pub(super) fn most(folder: &Path) -> usize {
    MADE.lock().unwrap().get(folder).map_or(0, |made| made.most)
}
