//! Which files are checked.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::WalkBuilder;

use leastwise_workspace::fence::{Fence, Refused};
use leastwise_workspace::load;

use crate::Failure;

/// A file to check.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Candidate {
    pub path: PathBuf,
    /// Whether the user named the file itself.
    pub named: bool,
}

/// What was found.
#[derive(Default)]
pub(super) struct Files {
    /// In the order of their paths.
    pub files: Vec<Candidate>,
    /// What could not be looked at, as sentences.
    pub notes: Vec<String>,
    /// Whether something that was named could not be used.
    pub unusable: bool,
    /// What was passed over as made by others.
    pub passed: Passed,
}

impl Files {
    fn cannot_walk(&mut self, folder: &Path) {
        let folder = folder.display();
        self.notes.push(format!(
            "{folder}: not walked: its .gitignore or .ignore is not a file, or too large"
        ));
        self.unusable = true;
    }
}

/// What was passed over in walked folders because others have made it.
#[derive(Default)]
pub(super) struct Passed {
    /// Folders of packages, in the order in which the walk came to them.
    pub folders: Vec<PathBuf>,
    /// How many copies of AWS's own policies.
    pub copies: usize,
}

/// The files that paths stand for. A path that doesn't exist is a failure.
pub(super) fn files(paths: &[PathBuf]) -> Result<Files, Failure> {
    let mut found = Files::default();
    let mut seen = BTreeSet::new();
    for path in paths {
        if path.is_dir() {
            walk(path, &mut seen, &mut found);
        } else if path.exists() || path.is_symlink() {
            seen.insert(Candidate {
                path: path.clone(),
                named: true,
            });
        } else {
            return Err(Failure(format!(
                "there is no file or folder {}",
                path.display()
            )));
        }
    }
    // A file that is both named and walked counts as named.
    let mut files: Vec<Candidate> = Vec::with_capacity(seen.len());
    for candidate in seen {
        match files.last_mut() {
            Some(last) if last.path == candidate.path => last.named |= candidate.named,
            _ => files.push(candidate),
        }
    }
    let walked = files.iter().filter(|candidate| !candidate.named);
    let copies = load::copies_of_aws(walked.map(|candidate| candidate.path.as_path()));
    files.retain(|candidate| candidate.named || !copies.contains(&candidate.path));
    found.passed.copies = copies.len();
    found.files = files;
    Ok(found)
}

fn walk(folder: &Path, seen: &mut BTreeSet<Candidate>, found: &mut Files) {
    let passed = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&passed);
    let closed = Arc::new(Mutex::new(Vec::new()));
    let shut = Arc::clone(&closed);
    if !load::can_be_walked(folder) {
        found.cannot_walk(folder);
        return;
    }
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let fence = Fence::around(folder, None, &[folder.to_owned()]);
    let walk = WalkBuilder::new(folder)
        .hidden(false)
        .require_git(false)
        .parents(absolute.ancestors().skip(1).all(load::can_be_walked))
        .filter_entry(move |entry| {
            let is_inner = entry.depth() > 0 && entry.file_type().is_some_and(|kind| kind.is_dir());
            let out = is_inner && load::is_left_out(entry.path());
            if is_inner && !out && !load::can_be_walked(entry.path()) {
                let mut shut = shut.lock().unwrap_or_else(PoisonError::into_inner);
                shut.push(entry.path().to_owned());
                return false;
            }
            // A tool's own are no news.
            if out && !entry.file_name().as_encoded_bytes().starts_with(b".") {
                let path = entry.path();
                let path = path.strip_prefix("./").unwrap_or(path).to_owned();
                told.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(path);
            }
            !out
        })
        .build();
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.notes.push(error.to_string());
                found.unusable = true;
                continue;
            }
        };
        let path = entry.path();
        if !load::is_candidate(path) {
            continue;
        }
        let Some(kind) = entry.file_type() else {
            continue;
        };
        let is_file = kind.is_file() || (kind.is_symlink() && (path.is_file() || !path.exists()));
        if !is_file {
            continue;
        }
        let leads_out = kind.is_symlink() && path.exists() && !fence.holds(path);
        let path = path.strip_prefix("./").unwrap_or(path).to_owned();
        if leads_out {
            let path = path.display();
            let note = format!("{path}: not checked: {}", Refused::LeadsOut);
            found.notes.push(note);
            continue;
        }
        seen.insert(Candidate { path, named: false });
    }
    for folder in closed.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        found.cannot_walk(folder);
    }
    let mut passed = passed.lock().unwrap_or_else(PoisonError::into_inner);
    found.passed.folders.append(&mut passed);
}
