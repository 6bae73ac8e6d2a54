//! The files around one file of an index, and what that file has read of them.

use std::path::PathBuf;
use std::sync::Arc;

use leastwise_model::files::{Files, Shelf, Unread};
use leastwise_model::reads::Reads;
use leastwise_model::recorder::Recorder;
use leastwise_syntax::{Format, Tree};

use crate::analysis::index::IndexedFiles;
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
