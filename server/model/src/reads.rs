//! What is read of the files around a file, taken down as it is read: what came of it holds as long as that is the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Something that was read, by its path as it was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileRead<'a> {
    /// A file, there or not.
    File(&'a str),
    /// Which files a folder has.
    Folder(&'a str),
}

/// What was read to work something out.
#[derive(Default, Debug)]
pub struct Reads(Mutex<Known>);

#[derive(Default, Debug)]
struct Known {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
    /// What was read for something that others ask for, too: by their addresses.
    parts: BTreeMap<usize, Arc<Reads>>,
}

impl Reads {
    /// Takes down what is read.
    pub fn note(&self, read: FileRead<'_>) {
        let mut known = self.known();
        let (all, path) = match read {
            FileRead::File(path) => (&mut known.files, path),
            FileRead::Folder(path) => (&mut known.folders, path),
        };
        if !all.contains(path) {
            all.insert(path.to_owned());
        }
    }

    /// Takes down that something is asked for that was worked out from what others have read.
    pub fn add(&self, part: &Arc<Reads>) {
        let mut known = self.known();
        let own = known.parts.entry(Arc::as_ptr(part).addr());
        own.or_insert_with(|| Arc::clone(part));
    }

    /// Whether something that was read is one of those. `told` keeps what was found out about parts that several have.
    pub fn any(
        &self,
        told: &mut HashMap<usize, bool>,
        is_one: &dyn Fn(FileRead<'_>) -> bool,
    ) -> bool {
        let known = self.known();
        known.files.iter().any(|path| is_one(FileRead::File(path)))
            || known
                .folders
                .iter()
                .any(|path| is_one(FileRead::Folder(path)))
            || known.parts.iter().any(|(address, part)| {
                let own = told.get(address).copied();
                own.unwrap_or_else(|| {
                    let any = part.any(told, is_one);
                    told.insert(*address, any);
                    any
                })
            })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
