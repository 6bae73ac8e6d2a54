//! The files around a file, as they are on disk.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use leastwise_model::files::{self, Files, Shelf, Unread};
use leastwise_model::reads::FileRead;
use leastwise_syntax::{Format, Tree};

use crate::analysis::index::{Index, IndexedFiles};
use crate::fence::{self, Fence, Refused};
use crate::file_base::FileBase;
use crate::forgetting::is_forgotten;
use crate::limits::NEIGHBOUR_SIZE;
use crate::load;
use crate::source_text::{NoText, SourceText};

/// Files that are open in an editor, by their places, with their texts there.
pub type Open = BTreeMap<PathBuf, Arc<str>>;

/// Files of one folder and those below and above it as far as a fence goes, each read when it is asked for first and never
/// again.
pub struct Disk {
    base: FileBase,
    /// What an editor has, whatever is on disk.
    open: Arc<Open>,
    read: Mutex<HashMap<String, Arc<Neighbour>>>,
    listed: Mutex<HashMap<String, Arc<OnceLock<Vec<String>>>>>,
    shelf: Shelf,
    /// `None` once somebody has asked before there was one.
    index: OnceLock<Option<Arc<Index>>>,
}

/// The text of a file, or why there is none though there is a file.
pub type FileText = Result<Arc<str>, Option<Arc<str>>>;

/// What is the same of that which may have changed, by the paths that it was asked for by.
#[derive(Default)]
pub struct Unchanged {
    files: HashSet<String>,
    folders: HashSet<String>,
}

/// Whether a path is one of those that have changed, or lies in one.
fn is_among(path: &Path, changed: &BTreeSet<PathBuf>) -> bool {
    path.ancestors().any(|above| changed.contains(above))
}

/// Whether one of those that have changed may have come into a folder or gone from it.
fn is_in(folder: &Path, changed: &BTreeSet<PathBuf>) -> bool {
    let mut files = changed.iter();
    is_among(folder, changed) || files.any(|path| path.parent() == Some(folder))
}

/// The path without `..` where a folder before it can be taken out.
pub fn normal(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if normal.file_name().is_some() => {
                normal.pop();
            }
            Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}

/// A file, read and parsed when somebody asks for it.
#[derive(Default)]
struct Neighbour {
    text: OnceLock<FileText>,
    tree: OnceLock<Arc<Tree>>,
}

impl Disk {
    /// Files by their paths relative to `base`, a folder: those of its repository, or of the folder itself.
    pub fn new(base: impl Into<PathBuf>) -> Disk {
        let folder = base.into();
        let fence = Fence::enclosing(&folder, None, &[]);
        Disk::at(FileBase { folder, fence })
    }

    /// Files by their paths relative to a folder, as far as they lie inside its fence.
    pub fn at(base: FileBase) -> Disk {
        Disk {
            base,
            open: Arc::default(),
            read: Mutex::default(),
            listed: Mutex::default(),
            shelf: Shelf::default(),
            index: OnceLock::new(),
        }
    }

    /// The same files where some are open.
    pub fn with(self, open: &Arc<Open>) -> Disk {
        let open = Arc::clone(open);
        Disk { open, ..self }
    }

    /// The same files after some have changed, as far as that may be: only these, or what lies in them, are read again. What of
    /// that is the same all the same, is told with them.
    pub fn after(&self, changed: &BTreeSet<PathBuf>, open: &Arc<Open>) -> (Disk, Unchanged) {
        let next = Disk::at(self.base.clone()).with(open);
        let mut same = Unchanged::default();
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kept = HashMap::new();
        for (path, neighbour) in read.iter() {
            if is_among(&self.known(path), changed) {
                let now = Neighbour::default();
                let is_same = |old: &FileText| next.text_of(path, &now) == *old;
                if !neighbour.text.get().is_some_and(is_same) {
                    continue;
                }
                same.files.insert(path.clone());
            }
            kept.insert(path.clone(), Arc::clone(neighbour));
        }
        drop(read);
        let listed = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lists = HashMap::new();
        for (folder, list) in listed.iter() {
            if is_in(&self.known(folder), changed) {
                let is_same = |old: &Vec<String>| next.names(folder) == *old;
                if !list.get().is_some_and(is_same) {
                    continue;
                }
                same.folders.insert(folder.clone());
            }
            lists.insert(folder.clone(), Arc::clone(list));
        }
        drop(listed);
        let next = Disk {
            read: Mutex::new(kept),
            listed: Mutex::new(lists),
            ..next
        };
        (next, same)
    }

    /// Whether what was read may be another after some files have changed.
    pub fn is_changed(
        &self,
        read: FileRead<'_>,
        changed: &BTreeSet<PathBuf>,
        same: &Unchanged,
    ) -> bool {
        match read {
            FileRead::File(_) if is_forgotten("file") => false,
            FileRead::Folder(_) if is_forgotten("folder") => false,
            FileRead::File(path) => {
                is_among(&self.known(path), changed) && !same.files.contains(path)
            }
            FileRead::Folder(path) => {
                is_in(&self.known(path), changed) && !same.folders.contains(path)
            }
        }
    }

    /// Says who is declared in the files that are looked at together. Returns whether that is so: not where somebody has asked
    /// before, since what he was told holds.
    pub fn set_index(&self, index: Arc<Index>) -> bool {
        self.index.set(Some(index)).is_ok()
    }

    /// Whether a path, its links followed, leads to something inside the fence.
    pub fn holds(&self, path: &Path) -> bool {
        self.base.fence.holds(path)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.base.folder.join(path)
    }

    /// The path as who tells of a change calls it.
    fn known(&self, path: &str) -> PathBuf {
        normal(&self.path(path))
    }

    /// The names of the files in a folder, sorted.
    fn names(&self, folder: &str) -> Vec<String> {
        let folder = self.path(folder);
        if !self.base.fence.holds(&folder) {
            return Vec::new();
        }
        let mut names = list(&folder);
        add_open(&mut names, &normal(&folder), self.open.keys());
        names
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

    fn text_of(&self, path: &str, neighbour: &Neighbour) -> FileText {
        let read = || {
            let path = self.path(path);
            if !self.base.fence.holds(&path) {
                return Err(outside(&path));
            }
            match self.open.get(&normal(&path)) {
                Some(text) => Ok(Arc::clone(text)),
                None => text(&path),
            }
        };
        neighbour.text.get_or_init(read).clone()
    }
}

impl Files for Disk {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        let neighbour = self.neighbour(path);
        let text = self.text_of(path, &neighbour).ok()?;
        let tree = neighbour.tree.get_or_init(|| {
            let format = load::format_of(Path::new(path), &text);
            Arc::new(Tree::parse(text.to_string(), format))
        });
        Some(Arc::clone(tree))
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.text_of(path, &self.neighbour(path)).ok()
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let mut all = self.listed.lock().unwrap_or_else(PoisonError::into_inner);
        let listed = Arc::clone(all.entry(folder.to_owned()).or_default());
        drop(all);
        listed.get_or_init(|| self.names(folder)).clone()
    }

    fn shelf(&self) -> Option<&Shelf> {
        Some(&self.shelf)
    }

    fn refused(&self, path: &str) -> Option<Unread> {
        let why = self.text_of(path, &self.neighbour(path)).err()??;
        Some(Unread::new(path, &*why))
    }

    fn closed(&self, folder: &str) -> Option<Unread> {
        let place = self.path(folder);
        let is_inside = self.base.fence.holds(&place);
        is_inside.then(|| closed(&place, folder))?
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
        write!(f, "Disk({})", self.base.folder.display())
    }
}

/// The text of a file that isn't too large.
pub fn text(path: &Path) -> FileText {
    let read = SourceText::read(path, NEIGHBOUR_SIZE).map_err(|unread| {
        let why = match &unread {
            // A link that leads to nothing is a file that isn't there, and so is a folder.
            NoText::Refused(Refused::Dangling | Refused::Folder) => None,
            NoText::Refused(Refused::Io(error)) => {
                is_there(error.kind()).then(|| error.to_string())
            }
            unread => Some(unread.to_string()),
        };
        why.map(Arc::from)
    })?;
    Ok(Arc::from(read.text))
}

/// Whether an error in the place of a file says that there is one.
fn is_there(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound};
    !matches!(
        kind,
        NotFound | NotADirectory | InvalidFilename | InvalidInput
    )
}

/// Why something outside of what may be read is no file. Nothing else is told of it, nor is it opened.
pub fn outside(path: &Path) -> Option<Arc<str>> {
    match fence::look(path, u64::MAX) {
        Err(refused @ Refused::Device) => Some(Arc::from(refused.to_string())),
        _ => None,
    }
}

/// Why the files of a folder that may be read can't be listed, where there is something in its place. `asked` is its path as
/// it was asked for.
pub fn closed(folder: &Path, asked: &str) -> Option<Unread> {
    let why = match fs::metadata(folder) {
        Ok(known) if !known.is_dir() => "it is not a folder".to_owned(),
        Ok(_) => fs::read_dir(folder).err()?.to_string(),
        Err(error) => is_there(error.kind()).then(|| error.to_string())?,
    };
    Some(Unread::new(asked, why))
}

/// Whether a file stands at a path, or something in the place of one. A link to nothing isn't there.
fn is_in_place_of_file(path: &Path) -> bool {
    match fs::metadata(path) {
        Ok(known) => !known.is_dir(),
        Err(error) => is_there(error.kind()),
    }
}

/// Puts the files of a folder that are open in an editor, saved or not, among the sorted names of those on disk.
pub fn add_open<'p>(
    names: &mut Vec<String>,
    folder: &Path,
    open: impl IntoIterator<Item = &'p PathBuf>,
) {
    for path in open {
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(name) = name.filter(|_| path.parent() == Some(folder))
            && let Err(at) = names.binary_search_by(|known| known.as_str().cmp(name))
        {
            names.insert(at, name.to_owned());
        }
    }
}

/// The names of the files in a folder, sorted, with what stands in the place of one: who needs it has to hear that it isn't read.
pub fn list(folder: &Path) -> Vec<String> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let is_file = is_in_place_of_file(&entry.path());
            is_file.then(|| entry.file_name().into_string().ok())?
        })
        .collect();
    names.sort_unstable();
    names
}
