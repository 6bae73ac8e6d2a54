//! The door through which files are read by whoever has it taken down.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use leastwise_syntax::Tree;

use crate::files::{Files, Shelf, Unread};
use crate::reads::{FileRead, Reads};

/// Files for somebody who has it taken down what he reads of them.
#[derive(Debug)]
pub struct Recorder<'a> {
    files: &'a dyn Files,
    reads: &'a Reads,
}

impl<'a> Recorder<'a> {
    /// The files, and where it is taken down.
    pub fn new(files: &'a dyn Files, reads: &'a Reads) -> Recorder<'a> {
        Recorder { files, reads }
    }
}

impl Files for Recorder<'_> {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        self.reads.note(FileRead::File(path));
        self.files.tree(path)
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.reads.note(FileRead::File(path));
        self.files.text(path)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.reads.note(FileRead::Folder(folder));
        self.files.list(folder)
    }

    fn refused(&self, path: &str) -> Option<Unread> {
        self.reads.note(FileRead::File(path));
        self.files.refused(path)
    }

    fn closed(&self, folder: &str) -> Option<Unread> {
        self.reads.note(FileRead::Folder(folder));
        self.files.closed(folder)
    }

    fn place(&self, path: &str) -> PathBuf {
        self.files.place(path)
    }

    fn shelf(&self) -> Option<&Shelf> {
        self.files.shelf()
    }

    fn note(&self, reads: &Arc<Reads>) {
        self.reads.add(reads);
    }

    fn stamp(&self) -> u64 {
        self.files.stamp()
    }
}

/// Something that is worked out once from files, for all who ask: each of them has read what it was worked out from.
#[derive(Debug)]
pub struct Recorded<T>(OnceLock<(T, Arc<Reads>)>);

impl<T> Default for Recorded<T> {
    fn default() -> Self {
        Recorded(OnceLock::new())
    }
}

impl<T> Recorded<T> {
    /// It, for somebody who sees these files; worked out by who asks first.
    pub fn get_or_init(&self, files: &dyn Files, of: impl FnOnce(&dyn Files) -> T) -> &T {
        let (value, reads) = self.0.get_or_init(|| {
            let reads = Arc::<Reads>::default();
            let value = of(&Recorder::new(files, &reads));
            (value, reads)
        });
        files.note(reads);
        value
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::files::NoFiles;

    #[test]
    fn who_asks_second_has_read_what_the_first_one_did() {
        let cell = Recorded::default();
        let inner = Recorded::default();
        let ask = || {
            let reads = Reads::default();
            let files = Recorder::new(&NoFiles, &reads);
            let of = |files: &dyn Files| {
                files.text("a");
                inner.get_or_init(files, |files| files.list("folder").len());
            };
            cell.get_or_init(&files, of);
            reads
        };
        for reads in [ask(), ask()] {
            let has = |read| reads.any(&mut HashMap::new(), &|own| own == read);
            assert!(has(FileRead::File("a")) && has(FileRead::Folder("folder")));
            assert!(!has(FileRead::File("folder")) && !has(FileRead::Folder("a")));
        }
    }
}
