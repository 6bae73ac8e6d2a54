//! The files around a file, as they are on disk.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use leastwise_model::files::{self, Files, Shelf};
use leastwise_syntax::{Format, Tree, decode};

use crate::analysis::index::{Index, IndexedFiles};
use crate::fence::{self, Fence};
use crate::limits::NEIGHBOUR_SIZE;
use crate::load;

/// Files of one folder and those below and above it as far as a fence goes, each read when it is asked for first and never
/// again.
pub struct Disk {
    base: PathBuf,
    fence: Fence,
    read: Mutex<HashMap<String, Arc<Neighbour>>>,
    listed: Mutex<HashMap<String, Arc<OnceLock<Vec<String>>>>>,
    shelf: Shelf,
    /// `None` once somebody has asked before there was one.
    index: OnceLock<Option<Arc<Index>>>,
}

/// A file, read and parsed when somebody asks for it.
#[derive(Default)]
struct Neighbour {
    text: OnceLock<Option<Arc<str>>>,
    tree: OnceLock<Arc<Tree>>,
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
            listed: Mutex::default(),
            shelf: Shelf::default(),
            index: OnceLock::new(),
        }
    }

    /// The same files after some have changed: only these, or what lies in them, are read again.
    pub fn after(&self, changed: &BTreeSet<PathBuf>) -> Disk {
        let is_same = |path: &str| {
            let path = self.path(path);
            let mut above = path.ancestors();
            !above.any(|above| changed.contains(above))
        };
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let read = read.iter().filter(|(path, _)| is_same(path));
        Disk {
            read: Mutex::new(
                read.map(|(path, of)| (path.clone(), Arc::clone(of)))
                    .collect(),
            ),
            ..Disk::within(self.base.clone(), self.fence.clone())
        }
    }

    /// Says who is declared in the files that are looked at together. Returns whether that is so: not where somebody has asked
    /// before, since what he was told holds.
    pub fn set_index(&self, index: Arc<Index>) -> bool {
        self.index.set(Some(index)).is_ok()
    }

    /// Whether a path, its links followed, leads to something inside the fence.
    pub fn holds(&self, path: &Path) -> bool {
        self.fence.holds(path)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.base.join(path)
    }

    /// The tree of a file that somebody has read: of a file of a module the one that its module has, so that it is parsed
    /// and looked at once.
    pub fn parse(&self, path: &str, text: &str, format: Format) -> Arc<Tree> {
        let shared = || {
            let path = files::join("", path);
            let is_same = self.text(&path)?.as_ref() == text;
            let tree = is_same.then(|| self.tree(&path))??;
            (tree.format() == format).then_some(tree)
        };
        let shared = leastwise_dialects::are_read_together(path)
            .then(shared)
            .flatten();
        shared.unwrap_or_else(|| Arc::new(Tree::parse(text.to_owned(), format)))
    }

    fn neighbour(&self, path: &str) -> Arc<Neighbour> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        match read.get(path) {
            Some(known) => Arc::clone(known),
            None => Arc::clone(read.entry(path.to_owned()).or_default()),
        }
    }

    fn text_of(&self, path: &str, neighbour: &Neighbour) -> Option<Arc<str>> {
        let read = || {
            let path = self.path(path);
            self.fence.holds(&path).then(|| text(&path)).flatten()
        };
        neighbour.text.get_or_init(read).clone()
    }
}

impl Files for Disk {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        let neighbour = self.neighbour(path);
        let text = self.text_of(path, &neighbour)?;
        let tree = neighbour.tree.get_or_init(|| {
            let format = load::format_of(Path::new(path), &text);
            Arc::new(Tree::parse(text.to_string(), format))
        });
        Some(Arc::clone(tree))
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.text_of(path, &self.neighbour(path))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let mut all = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        let listed = Arc::clone(all.entry(folder.to_owned()).or_default());
        drop(all);
        let read = || {
            let folder = self.path(folder);
            match self.fence.holds(&folder) {
                true => list(&folder),
                false => Vec::new(),
            }
        };
        listed.get_or_init(read).clone()
    }

    fn shelf(&self) -> Option<&Shelf> {
        Some(&self.shelf)
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
        self.index.get_or_init(|| None).clone()
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Disk({})", self.base.display())
    }
}

/// The text of a file that isn't too large. `None` where it can't be read.
pub fn text(path: &Path) -> Option<Arc<str>> {
    let bytes = fence::bytes(path, NEIGHBOUR_SIZE).ok()?;
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
