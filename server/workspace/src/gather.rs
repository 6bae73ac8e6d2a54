//! Reads a workspace's files from disk for its index.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::WalkBuilder;
use leastwise_syntax::Tree;

use crate::disk::{self, Disk};
use crate::index::{Index, Indexed};
use crate::{Analysis, Config, load};

/// The most files that are kept. A workspace with more declares no end of roles; the rest of them stays unknown.
const MAX_FILES: usize = 4096;

/// A config and the folder that paths are relative to under it.
pub type InForce = (Arc<Config>, Option<PathBuf>);

/// What has been read of a workspace: the files that declare identities or attach policies to them.
#[derive(Default)]
pub struct Gathered {
    files: HashMap<PathBuf, Indexed>,
}

impl Gathered {
    /// Reads the files of a folder and those below it, as far as `.gitignore` doesn't leave them out.
    pub fn walk(&mut self, folder: &Path, config: &dyn Fn(&Path) -> InForce) {
        for path in candidates(folder) {
            if self.files.len() >= MAX_FILES {
                return;
            }
            self.read(&path, config);
        }
    }

    /// Reads one file again; one that is gone is forgotten.
    pub fn read(&mut self, path: &Path, config: &dyn Fn(&Path) -> InForce) {
        match indexed(path, config) {
            Some(file) => self.files.insert(path.to_owned(), file),
            None => self.files.remove(path),
        };
    }

    /// The index of what was read.
    pub fn index(&self) -> Index {
        let mut files: Vec<_> = self.files.iter().collect();
        files.sort_unstable_by_key(|(path, _)| *path);
        Index::new(files.into_iter().map(|(_, file)| file.clone()))
    }
}

fn indexed(path: &Path, config: &dyn Fn(&Path) -> InForce) -> Option<Indexed> {
    let text = disk::text(path)?;
    if !load::may_hold_policies(&text) {
        return None;
    }
    let (config, folder) = config(path);
    let tree = Arc::new(Tree::parse(text.to_string(), load::format_of(path, &text)));
    let files = Arc::new(Disk::new(folder.clone().unwrap_or_default()));
    let place = path.to_owned();
    let path = load::relative(path, folder.as_deref());
    let analysis = Arc::new(Analysis::again(&tree, &path, config, files, Arc::default()));
    Some(Indexed {
        place,
        tree,
        analysis,
    })
}

/// The files below a folder that may hold policies, by their names.
fn candidates(folder: &Path) -> impl Iterator<Item = PathBuf> {
    WalkBuilder::new(folder)
        .hidden(false)
        .require_git(false)
        .filter_entry(|entry| entry.depth() == 0 || !load::is_left_out(entry.file_name()))
        .build()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(ignore::DirEntry::into_path)
        .filter(|path| load::is_candidate(path))
}
