//! Goes through the files of a folder, as the program and the editor's index do.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder};

use crate::load;

/// A way through a folder and those below it, as far as `.gitignore` and the like leave nothing out. It follows no links.
pub struct Walk {
    entries: ignore::Walk,
    passed: Arc<Mutex<SkippedFiles>>,
}

/// What was passed by on the way.
#[derive(Default)]
pub struct SkippedFiles {
    /// Folders that others have put there.
    pub of_others: Vec<PathBuf>,
    /// Folders that can't be walked through ([`load::can_be_walked`]).
    pub closed: Vec<PathBuf>,
}

impl Walk {
    /// The way through `folder`. `None` where it, or a folder above it, can't be walked through.
    pub fn through(folder: &Path) -> Option<Walk> {
        let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        // Also what the folders above leave out is asked for.
        if !absolute.ancestors().all(load::can_be_walked) {
            return None;
        }
        let passed = Arc::new(Mutex::new(SkippedFiles::default()));
        let noted = Arc::clone(&passed);
        let entries = WalkBuilder::new(folder)
            .hidden(false)
            .require_git(false)
            .filter_entry(move |entry| goes_into(entry, &noted))
            .build();
        Some(Walk { entries, passed })
    }

    /// What was passed by so far.
    pub fn passed(&self) -> SkippedFiles {
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut passed)
    }
}

impl Iterator for Walk {
    type Item = Result<DirEntry, Unwalked>;

    fn next(&mut self) -> Option<Self::Item> {
        let entry = self.entries.next()?;
        Some(entry.map_err(|error| Unwalked::of(&error)))
    }
}

/// A part of a folder that the system doesn't let anybody walk through.
pub struct Unwalked {
    /// Which.
    pub path: Option<PathBuf>,
    /// What the system says, without the path.
    pub why: String,
}

impl Unwalked {
    fn of(error: &ignore::Error) -> Unwalked {
        use ignore::Error::{Io, WithDepth, WithPath};
        let mut inner = error;
        let mut path = None;
        while let WithPath { err, .. } | WithDepth { err, .. } = inner {
            if let WithPath { path: at, .. } = inner {
                path = Some(at.clone());
            }
            inner = err;
        }
        // The walk wraps what the system says into words that name the path again.
        let said = match inner {
            Io(error) => error.get_ref().and_then(|wrapped| wrapped.source()),
            _ => None,
        };
        let why = said.map_or_else(|| inner.to_string(), ToString::to_string);
        Unwalked { path, why }
    }
}

/// Whether the way leads through an entry; notes why not.
fn goes_into(entry: &DirEntry, passed: &Mutex<SkippedFiles>) -> bool {
    let is_inner = entry.depth() > 0 && entry.file_type().is_some_and(|kind| kind.is_dir());
    if !is_inner {
        return true;
    }
    let path = entry.path();
    let is_left_out = load::is_left_out(path);
    if !is_left_out && load::can_be_walked(path) {
        return true;
    }
    let mut passed = passed.lock().unwrap_or_else(PoisonError::into_inner);
    match is_left_out {
        true => passed.of_others.push(path.to_owned()),
        false => passed.closed.push(path.to_owned()),
    }
    false
}
