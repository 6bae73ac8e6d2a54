//! What somebody has asked an index for.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use leastwise_model::OwnerKind;

/// What an index can be asked for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Key {
    /// The owners of a kind and name.
    Owner(OwnerKind, String),
    /// Whether a service is deployed with the role of that name.
    Deployer(String),
    /// The stacks that are made of the template at a path.
    Stacks(String),
    /// Who exports a name.
    Export(String),
    /// The files of a path, relative to the folders of their configs.
    Path(String),
    /// Who has the managed policy of that name attached by its ARN.
    Holders(String),
    /// The names of the declared owners of a kind.
    Names(OwnerKind),
    /// Whether there is anything.
    Any,
    /// All files.
    Files,
}

impl Key {
    /// What sort of question it is.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Key::Owner(..) => "owner",
            Key::Deployer(_) => "deployer",
            Key::Stacks(_) => "stacks",
            Key::Export(_) => "export",
            Key::Path(_) => "path",
            Key::Holders(_) => "holders",
            Key::Names(_) => "names",
            Key::Any => "any",
            Key::Files => "files",
        }
    }
}

/// What was asked for a file, each with a mark of what the answer was made from. It is taken down as it is asked, so that
/// nothing that an answer was made from can be left out.
pub struct QueryLog {
    /// Where the file lies that it is asked for.
    place: PathBuf,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    marks: HashMap<Key, u64>,
    /// Whether the same was asked twice and answered otherwise.
    is_torn: bool,
    /// The version of the index that all of it was compared with last, and found to hold.
    compared: Option<u64>,
}

impl QueryLog {
    /// Nothing yet, for the file at a place.
    pub fn of(place: impl Into<PathBuf>) -> QueryLog {
        QueryLog {
            place: place.into(),
            known: Mutex::default(),
        }
    }

    pub(super) fn place(&self) -> &Path {
        &self.place
    }

    pub(super) fn note(&self, key: &Key, mark: u64) {
        let mut known = self.known();
        match known.marks.get(key) {
            Some(other) => known.is_torn |= *other != mark,
            None => {
                known.marks.insert(key.clone(), mark);
                known.compared = None;
            }
        }
    }

    /// Whether each answer is the same by an index of that version, whose marks `mark` tells.
    pub(super) fn hold(&self, version: u64, mark: impl Fn(&Key) -> u64) -> bool {
        let mut known = self.known();
        if known.is_torn {
            return false;
        }
        if known.compared == Some(version) {
            return true;
        }
        let same = known.marks.iter().all(|(key, own)| mark(key) == *own);
        if same {
            known.compared = Some(version);
        }
        same
    }

    /// What was asked for.
    pub(super) fn into_keys(self) -> Vec<Key> {
        let known = self.known.into_inner();
        let marks = known.unwrap_or_else(PoisonError::into_inner).marks;
        marks.into_keys().collect()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
