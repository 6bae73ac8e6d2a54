//! The files around a file, as they are on disk.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use leastwise_syntax::{Tree, decode};

use crate::fence::{self, Fence};
use crate::files::Files;
use crate::index::{Index, IndexedFiles};
use crate::load;

/// The largest file that is read for the sake of another, in bytes.
const MAX_SIZE: u64 = 8 << 20;

/// Files of one folder and those below and above it as far as a fence goes, each read when it is asked for first and never
/// again.
pub struct Disk {
    base: PathBuf,
    fence: Fence,
    read: Mutex<HashMap<String, Option<Neighbour>>>,
    index: OnceLock<Arc<Index>>,
}

#[derive(Clone)]
struct Neighbour {
    text: Arc<str>,
    tree: Option<Arc<Tree>>,
}

impl Disk {
    /// Files by their paths relative to `base`, a folder: those of its repository, or of the folder itself.
    pub fn new(base: impl Into<PathBuf>) -> Disk {
        let base = base.into();
        let fence = Fence::around(&base, None, &[]);
        Disk::within(base, fence)
    }

    /// Files by their paths relative to `base`, a folder, as far as they lie inside the fence.
    pub fn within(base: impl Into<PathBuf>, fence: Fence) -> Disk {
        Disk {
            base: base.into(),
            fence,
            read: Mutex::default(),
            index: OnceLock::new(),
        }
    }

    /// Says who is declared in the files that are looked at together. Only the first call counts.
    pub fn set_index(&self, index: Arc<Index>) {
        let _ = self.index.set(index);
    }

    /// Whether a path, its links followed, leads to something inside the fence.
    pub fn holds(&self, path: &Path) -> bool {
        self.fence.holds(path)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.base.join(path)
    }

    fn with<T>(&self, path: &str, take: impl FnOnce(&mut Neighbour) -> T) -> Option<T> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let neighbour = read.entry(path.to_owned()).or_insert_with(|| {
            let path = self.path(path);
            let text = self.fence.holds(&path).then(|| text(&path)).flatten();
            text.map(|text| Neighbour { text, tree: None })
        });
        neighbour.as_mut().map(take)
    }
}

impl Files for Disk {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        self.with(path, |neighbour| {
            let text = &neighbour.text;
            let tree = neighbour.tree.get_or_insert_with(|| {
                let format = load::format_of(Path::new(path), text);
                Arc::new(Tree::parse(text.to_string(), format))
            });
            Arc::clone(tree)
        })
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.with(path, |neighbour| Arc::clone(&neighbour.text))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let folder = self.path(folder);
        match self.fence.holds(&folder) {
            true => list(&folder),
            false => Vec::new(),
        }
    }

    fn place(&self, path: &str) -> PathBuf {
        let path = self.path(path);
        std::path::absolute(&path).unwrap_or(path)
    }

    fn stamp(&self) -> u64 {
        0
    }
}

impl IndexedFiles for Disk {
    fn index(&self) -> Option<Arc<Index>> {
        self.index.get().cloned()
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Disk({})", self.base.display())
    }
}

/// The text of a file that isn't too large. `None` where it can't be read.
pub fn text(path: &Path) -> Option<Arc<str>> {
    let bytes = fence::bytes(path, MAX_SIZE).ok()?;
    decode(&bytes).ok().map(|text| Arc::from(&*text))
}

/// The names of the files in a folder, sorted.
pub fn list(folder: &Path) -> Vec<String> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let is_file = entry.path().is_file();
            is_file.then(|| entry.file_name().into_string().ok())?
        })
        .collect();
    names.sort_unstable();
    names
}
