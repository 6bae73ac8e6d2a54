//! The files around one file of an index, and what that file has read of them.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use leastwise_model::files::{Files, Shelf, Unread};
use leastwise_model::reads::Reads;
use leastwise_model::recorder::Recorder;
use leastwise_syntax::{Format, Tree};

use crate::analysis::index::{Index, IndexedFiles, QueryLog};
use crate::disk::Disk;
use crate::forgetting::is_forgotten;

/// Files as they are on disk, for one that has it taken down what it reads. Who is declared in them isn't told: they are in an
/// index themselves.
#[derive(Debug)]
pub struct Reading {
    disk: Arc<Disk>,
    reads: Arc<Reads>,
}

impl Reading {
    /// Nothing is read yet.
    pub fn of(disk: Arc<Disk>) -> Reading {
        Reading {
            disk,
            reads: Arc::default(),
        }
    }

    /// What was read up to now.
    pub fn reads(&self) -> &Arc<Reads> {
        &self.reads
    }

    /// [`Disk::parse`].
    pub fn parse(&self, path: &str, text: &str, format: Format) -> Arc<Tree> {
        self.disk.parse(path, text, format)
    }

    fn recorder(&self) -> Recorder<'_> {
        Recorder::new(&*self.disk, &self.reads)
    }
}

impl Files for Reading {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        self.recorder().tree(path)
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.recorder().text(path)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.recorder().list(folder)
    }

    fn refused(&self, path: &str) -> Option<Unread> {
        self.recorder().refused(path)
    }

    fn closed(&self, folder: &str) -> Option<Unread> {
        self.recorder().closed(folder)
    }

    fn place(&self, path: &str) -> PathBuf {
        self.disk.place(path)
    }

    fn shelf(&self) -> Option<&Shelf> {
        self.disk.shelf()
    }

    fn note(&self, reads: &Arc<Reads>) {
        if !is_forgotten("shared") {
            self.recorder().note(reads);
        }
    }

    fn stamp(&self) -> u64 {
        self.disk.stamp()
    }
}

impl IndexedFiles for Reading {}

/// Files as they are on disk, with who is declared in them, for one that has it taken down what it reads and asks for.
pub struct Watched {
    reading: Reading,
    asked: Arc<QueryLog>,
    index: OnceLock<Option<Arc<Index>>>,
}

impl Watched {
    /// Nothing is read yet, for the file at a place.
    pub fn of(disk: Arc<Disk>, place: PathBuf) -> Watched {
        Watched {
            reading: Reading::of(disk),
            asked: Arc::new(QueryLog::of(place)),
            index: OnceLock::new(),
        }
    }

    /// What was read up to now.
    pub fn reads(&self) -> &Arc<Reads> {
        self.reading.reads()
    }

    /// What was asked for up to now.
    pub fn asked(&self) -> &Arc<QueryLog> {
        &self.asked
    }
}

impl Files for Watched {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        self.reading.tree(path)
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.reading.text(path)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.reading.list(folder)
    }

    fn refused(&self, path: &str) -> Option<Unread> {
        self.reading.refused(path)
    }

    fn closed(&self, folder: &str) -> Option<Unread> {
        self.reading.closed(folder)
    }

    fn place(&self, path: &str) -> PathBuf {
        self.reading.place(path)
    }

    fn shelf(&self) -> Option<&Shelf> {
        self.reading.shelf()
    }

    fn note(&self, reads: &Arc<Reads>) {
        self.reading.note(reads);
    }

    fn stamp(&self) -> u64 {
        self.reading.stamp()
    }
}

impl IndexedFiles for Watched {
    fn index(&self) -> Option<Arc<Index>> {
        let index = self.index.get_or_init(|| {
            let index = self.reading.disk.index()?;
            Some(Arc::new(index.asking(Arc::clone(&self.asked))))
        });
        index.clone()
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Watched({:?})", self.reading.disk)
    }
}
