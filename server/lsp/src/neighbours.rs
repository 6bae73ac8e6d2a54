//! The files around a document: as they are in the editor where they are open, else as on disk.
//!
//! Nothing is looked at twice: a file is read again only after the client has said that it changed.

use std::collections::HashMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use leastwise_model::files::{Files, Unread};
use leastwise_syntax::Tree;
use leastwise_workspace::analysis::index::{Index, IndexedFiles, QueryLog};
use leastwise_workspace::disk::{self, FileText};
use leastwise_workspace::file_base::FileBase;
use leastwise_workspace::load::format_of;

use crate::limits::{PARSED_AT_ONCE, STACK_SIZE};
use crate::open::{Open, Stamp};

/// A file to be parsed on the thread for that.
type Order = (PathBuf, Arc<ReadFile>);

/// Tells somebody of a file.
type Tell = Arc<dyn Fn(&Path) + Send + Sync>;

/// What all documents of a session share of the files around them. The protocol's task only ever takes the locks of the
/// maps, which nobody holds while a file is read or parsed.
#[derive(Default)]
pub(crate) struct Neighbours {
    open: Mutex<HashMap<PathBuf, Weak<dyn Open>>>,
    read: Mutex<HashMap<PathBuf, Arc<ReadFile>>>,
    folders: Mutex<HashMap<PathBuf, Arc<OnceLock<Vec<String>>>>>,
    /// The folders of the workspace.
    roots: Mutex<Vec<PathBuf>>,
    /// Who is declared in the workspace, once that is read.
    index: Mutex<Option<Arc<Index>>>,
    /// The thread that parses what is long, once it runs, and whom it tells.
    parser: Mutex<Option<Sender<Order>>>,
    parsed: OnceLock<Tell>,
}

/// A file, read and parsed when that is asked for.
#[derive(Default)]
struct ReadFile {
    /// The state of the open document that it is read from.
    stamp: Option<Stamp>,
    text: OnceLock<FileText>,
    tree: OnceLock<Arc<Tree>>,
    /// Whether the thread has been asked for the tree.
    is_ordered: AtomicBool,
}

impl ReadFile {
    fn parse(&self, path: &Path, text: &str) -> Arc<Tree> {
        let parse = || Arc::new(Tree::parse(text.to_owned(), format_of(path, text)));
        Arc::clone(self.tree.get_or_init(parse))
    }
}

impl Neighbours {
    pub(crate) fn opened(&self, path: &Path, document: Weak<dyn Open>) {
        lock(&self.open).insert(path.to_owned(), document);
    }

    pub(crate) fn closed(&self, path: &Path) {
        lock(&self.open).remove(path);
        self.changed(path);
    }

    /// Says what the folders of the workspace are.
    pub(crate) fn set_roots(&self, roots: Vec<PathBuf>) {
        *lock(&self.roots) = roots;
    }

    /// Forgets what is known of a file on disk, and of its folder.
    pub(crate) fn changed(&self, path: &Path) {
        lock(&self.read).remove(path);
        if let Some(folder) = path.parent() {
            lock(&self.folders).remove(folder);
        }
    }

    /// Puts an index in force.
    pub(crate) fn set_index(&self, index: Arc<Index>) {
        let old = lock(&self.index).replace(index);
        // Where that is the last of a large one, it takes a while.
        drop(old);
    }

    fn index(&self) -> Option<Arc<Index>> {
        lock(&self.index).clone()
    }

    /// The text of a file that is open in the editor.
    pub(crate) fn open_text(&self, path: &Path) -> Option<String> {
        let open = lock(&self.open).get(path).and_then(Weak::upgrade);
        open.map(|document| document.now())
    }

    /// Says who is to be told of a file that was parsed behind everybody's back. Only the first call counts.
    pub(crate) fn on_parsed(&self, tell: impl Fn(&Path) + Send + Sync + 'static) {
        let _ = self.parsed.set(Arc::new(tell));
    }

    fn read(&self, path: &Path) -> Arc<ReadFile> {
        let open = lock(&self.open).get(path).and_then(Weak::upgrade);
        let stamp = open.as_ref().map(|document| document.stamp());
        let mut read = lock(&self.read);
        match read.get(path) {
            Some(known) if known.stamp == stamp => Arc::clone(known),
            _ => {
                let new = Arc::new(ReadFile {
                    stamp,
                    ..ReadFile::default()
                });
                read.insert(path.to_owned(), Arc::clone(&new));
                new
            }
        }
    }

    fn text(&self, path: &Path, read: &ReadFile) -> FileText {
        let text = read.text.get_or_init(|| match read.stamp {
            Some(_) => self.open_text(path).map(Arc::from).ok_or(None),
            None => disk::text(path),
        });
        text.clone()
    }

    fn tree(&self, path: &Path) -> Option<Arc<Tree>> {
        let read = self.read(path);
        if let Some(tree) = read.tree.get() {
            return Some(Arc::clone(tree));
        }
        let text = self.text(path, &read).ok()?;
        match self.parsed.get() {
            Some(tell) if text.len() > PARSED_AT_ONCE => {
                self.parse_later(path, read, tell);
                None
            }
            _ => Some(read.parse(path, &text)),
        }
    }

    fn parse_later(&self, path: &Path, read: Arc<ReadFile>, tell: &Tell) {
        if read.is_ordered.swap(true, Ordering::AcqRel) {
            return;
        }
        let mut parser = lock(&self.parser);
        let orders = parser.get_or_insert_with(|| {
            let (sender, orders) = channel::<Order>();
            let tell = Arc::clone(tell);
            let run = move || {
                for (path, read) in orders {
                    if let Some(Ok(text)) = read.text.get() {
                        // A reader that panics costs its file only.
                        let _ = catch_unwind(AssertUnwindSafe(|| read.parse(&path, text)));
                        tell(&path);
                    }
                }
            };
            // Without the thread, what stands in long files stays unknown.
            let _ = std::thread::Builder::new()
                .name("neighbours".to_owned())
                .stack_size(STACK_SIZE)
                .spawn(run);
            sender
        });
        let _ = orders.send((path.to_owned(), read));
    }
}

/// The files around one document.
pub(crate) struct NeighbourFiles {
    neighbours: Arc<Neighbours>,
    /// Locked before `asked`.
    base: Mutex<FileBase>,
    /// Files and folders that the analysis has asked for, there or not, with whether they lie inside the fence,
    /// where that is known.
    asked: Mutex<HashMap<PathBuf, Option<bool>>>,
    stamp: AtomicU64,
    /// Where the document lies.
    place: PathBuf,
    /// What the index was asked for since the stamp was another.
    index: Mutex<OfIndex>,
}

/// What an index was asked for.
enum OfIndex {
    Nothing,
    /// There was none.
    None,
    /// This.
    Asked(Arc<QueryLog>),
}

impl NeighbourFiles {
    pub(crate) fn new(neighbours: Arc<Neighbours>, place: PathBuf) -> NeighbourFiles {
        NeighbourFiles {
            neighbours,
            base: Mutex::default(),
            asked: Mutex::default(),
            stamp: AtomicU64::new(0),
            place,
            index: Mutex::new(OfIndex::Nothing),
        }
    }

    /// Compares what the index was asked for with what it answers now. Returns whether something is another.
    pub(crate) fn reindexed(&self) -> bool {
        let mut own = lock(&self.index);
        let Some(index) = self.neighbours.index() else {
            return false;
        };
        let holds = match &*own {
            OfIndex::Nothing => true,
            OfIndex::None => index.is_empty(),
            OfIndex::Asked(asked) => index.answers(asked),
        };
        if !holds {
            *own = OfIndex::Nothing;
            self.stamp.fetch_add(1, Ordering::AcqRel);
        }
        !holds
    }

    /// Says in which folder the config lies, if there is one; `folder` is that of the document. Returns what paths are relative to
    /// from now on.
    pub(crate) fn set_base(&self, config: Option<&Path>, folder: &Path) -> PathBuf {
        let base = FileBase::in_workspace(folder, config, &lock(&self.neighbours.roots));
        let mut own = lock(&self.base);
        if *own != base {
            *own = base;
            // Where nothing was asked, nothing can be answered otherwise: so it is the first time.
            let asked = std::mem::take(&mut *lock(&self.asked));
            if !asked.is_empty() {
                self.stamp.fetch_add(1, Ordering::AcqRel);
            }
        }
        own.folder.clone()
    }

    /// Takes note of a change to a file. Returns whether the analysis had asked for it.
    pub(crate) fn touched(&self, path: &Path) -> bool {
        let mut asked = lock(&self.asked);
        let known =
            asked.contains_key(path) || path.parent().is_some_and(|at| asked.contains_key(at));
        if known {
            // A link may lead elsewhere now: whoever asks next looks where.
            for (_, is_inside) in asked.iter_mut().filter(|(own, _)| own.starts_with(path)) {
                *is_inside = None;
            }
            self.stamp.fetch_add(1, Ordering::AcqRel);
        }
        known
    }

    /// The whole path of something inside the fence.
    fn ask(&self, path: &str) -> Option<PathBuf> {
        let base = lock(&self.base);
        let joined = base.folder.join(path);
        // `..` is left in a path that leads out of the base.
        let path = disk::normal(&joined);
        let mut asked = lock(&self.asked);
        if let Some(is_inside) = *asked.entry(path.clone()).or_default() {
            return is_inside.then_some(path);
        }
        let stamp = self.stamp.load(Ordering::Acquire);
        let fence = base.fence.clone();
        // The protocol's task may want the locks: links are followed without them.
        drop(asked);
        drop(base);
        let is_inside = fence.holds(&path);
        let mut asked = lock(&self.asked);
        if let Some(known) = asked.get_mut(&path)
            && self.stamp.load(Ordering::Acquire) == stamp
        {
            *known = Some(is_inside);
        }
        drop(asked);
        is_inside.then_some(path)
    }
}

impl Files for NeighbourFiles {
    fn tree(&self, path: &str) -> Option<Arc<Tree>> {
        self.neighbours.tree(&self.ask(path)?)
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        let path = self.ask(path)?;
        let read = self.neighbours.read(&path);
        self.neighbours.text(&path, &read).ok()
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let Some(folder) = self.ask(folder) else {
            return Vec::new();
        };
        let listed = lock(&self.neighbours.folders)
            .entry(folder.clone())
            .or_default()
            .clone();
        let mut names = listed.get_or_init(|| disk::list(&folder)).clone();
        disk::add_open(&mut names, &folder, lock(&self.neighbours.open).keys());
        names
    }

    fn refused(&self, path: &str) -> Option<Unread> {
        let why = match self.ask(path) {
            Some(place) => {
                let read = self.neighbours.read(&place);
                self.neighbours.text(&place, &read).err()?
            }
            None => disk::outside(&disk::normal(&self.place(path))),
        };
        Some(Unread::new(path, &*why?))
    }

    fn closed(&self, folder: &str) -> Option<Unread> {
        disk::closed(&self.ask(folder)?, folder)
    }

    fn place(&self, path: &str) -> PathBuf {
        lock(&self.base).folder.join(path)
    }

    fn stamp(&self) -> u64 {
        self.reindexed();
        self.stamp.load(Ordering::Acquire)
    }
}

impl IndexedFiles for NeighbourFiles {
    fn index(&self) -> Option<Arc<Index>> {
        let mut own = lock(&self.index);
        let Some(index) = self.neighbours.index() else {
            if matches!(*own, OfIndex::Nothing) {
                *own = OfIndex::None;
            }
            return None;
        };
        let asked = match &*own {
            OfIndex::Asked(asked) => Arc::clone(asked),
            OfIndex::Nothing | OfIndex::None => {
                let asked = Arc::new(QueryLog::of(&self.place));
                *own = OfIndex::Asked(Arc::clone(&asked));
                asked
            }
        };
        Some(Arc::new(index.asking(asked)))
    }

    fn was_asked_for(&self, path: &str) -> bool {
        let place = disk::normal(&Files::place(self, path));
        lock(&self.asked).contains_key(&place)
    }

    fn index_version(&self) -> u64 {
        self.neighbours.index().map_or(0, |index| index.version())
    }
}

impl fmt::Debug for NeighbourFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NeighbourFiles({})", lock(&self.base).folder.display())
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::OpenDocument;
    use leastwise_model::OwnerKind;
    use leastwise_syntax::Format;
    use leastwise_workspace::Analysis;
    use leastwise_workspace::analysis::index::Indexed;
    use tower_lsp::ls_types::{TextDocumentItem, Uri};

    #[test]
    fn the_editor_counts_before_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("statements.yml");
        std::fs::write(&path, "on: disk\n").unwrap();
        let neighbours = Arc::<Neighbours>::default();
        let around = NeighbourFiles::new(Arc::clone(&neighbours), PathBuf::new());
        around.set_base(Some(folder.path()), folder.path());
        let text = || {
            around
                .text("x/../statements.yml")
                .map(|text| text.to_string())
        };
        assert_eq!(text().as_deref(), Some("on: disk\n"));
        assert_eq!(around.list(""), ["statements.yml"]);

        // Nothing is read again before the client says that it has changed.
        std::fs::write(&path, "on: disk again\n").unwrap();
        assert_eq!(text().as_deref(), Some("on: disk\n"));
        let stamp = around.stamp();
        neighbours.changed(&path);
        assert!(around.touched(&path));
        assert_ne!(around.stamp(), stamp);
        assert_eq!(text().as_deref(), Some("on: disk again\n"));

        let uri = Uri::from_file_path(&path).unwrap();
        let item = TextDocumentItem::new(uri, "yaml".to_owned(), 1, "in: editor\n".to_owned());
        let document = Arc::new(OpenDocument::new(item, &neighbours));
        let open: Arc<dyn Open> = document.clone();
        neighbours.opened(&path, Arc::downgrade(&open));
        assert_eq!(text().as_deref(), Some("in: editor\n"));
        let tree = around.tree("statements.yml").unwrap();
        assert_eq!(tree.source(), "in: editor\n");
        neighbours.closed(&path);
        assert_eq!(text().as_deref(), Some("on: disk again\n"));

        let elsewhere = folder.path().join("never/asked.yml");
        assert!(!around.touched(&elsewhere));
        // A file that comes into a folder that was listed.
        assert!(around.touched(&folder.path().join("new.yml")));
    }

    #[test]
    fn what_is_not_there() {
        let around = NeighbourFiles::new(Arc::default(), PathBuf::new());
        around.set_base(
            Some(Path::new("/no/such/folder")),
            Path::new("/no/such/folder"),
        );
        assert!(around.tree("a.yml").is_none());
        assert_eq!(around.list("."), Vec::<String>::new());
        assert!(around.touched(Path::new("/no/such/folder/a.yml")));
    }

    #[test]
    fn without_a_config_paths_are_those_of_the_workspace() {
        let around = NeighbourFiles::new(Arc::default(), PathBuf::new());
        let roots = ["/all", "/all/inner", "/other"].map(PathBuf::from);
        around.neighbours.set_roots(roots.to_vec());
        let config = Path::new("/all/inner/with/config");
        for (config, folder, base) in [
            (None, "/all/a/b", "/all"),
            (None, "/all/inner/a", "/all/inner"),
            (None, "/elsewhere", ""),
            (
                Some(config),
                "/all/inner/with/config/a",
                "/all/inner/with/config",
            ),
        ] {
            let set = around.set_base(config, Path::new(folder));
            assert_eq!(set, Path::new(base), "{folder}");
        }
    }

    #[test]
    fn another_base_tells_on_whoever_has_asked() {
        let (one, other) = (Path::new("/no/such/folder"), Path::new("/no/other/folder"));
        let around = NeighbourFiles::new(Arc::default(), PathBuf::new());
        let stamp = around.stamp();
        around.set_base(Some(one), one);
        assert_eq!(around.stamp(), stamp, "nobody has asked");
        assert!(around.tree("a.yml").is_none());
        around.set_base(Some(one), one);
        assert_eq!(around.stamp(), stamp, "it is the same");
        around.set_base(Some(other), other);
        assert_ne!(around.stamp(), stamp);
    }

    #[test]
    fn another_index_is_news_to_whoever_asked_for_what_is_another() {
        let file = |path: &str, name: &str| {
            let text = format!(
                "Resources: {{R: {{Type: 'AWS::IAM::Role', Properties: {{RoleName: {name}}}}}}}\n"
            );
            let tree = Arc::new(Tree::parse(text, Format::Yaml));
            let analysis = Arc::new(Analysis::new(&tree, path, Arc::default()));
            Indexed {
                place: PathBuf::from(path),
                tree,
                analysis,
            }
        };
        let neighbours = Arc::<Neighbours>::default();
        let around = NeighbourFiles::new(Arc::clone(&neighbours), PathBuf::from("own.yaml"));
        assert!(around.index().is_none());
        let stamp = around.stamp();
        let mut index = Index::new([file("a.yaml", "a")]);
        let set = |index: &Index| neighbours.set_index(Arc::new(index.clone()));
        set(&index);
        assert!(around.reindexed(), "there was none");
        assert_ne!(around.stamp(), stamp);

        let stamp = around.stamp();
        let held = around.index().unwrap();
        assert_eq!(held.owners(OwnerKind::Role, "a").count(), 1);
        let version = around.index_version();
        index.put(file("b.yaml", "b"));
        set(&index);
        assert!(!around.reindexed(), "nobody has asked for it");
        assert_eq!(around.stamp(), stamp);
        assert_ne!(around.index_version(), version);
        // What is asked of the earlier one by then is known to be old.
        assert_eq!(held.owners(OwnerKind::Role, "b").count(), 0);
        assert_ne!(around.stamp(), stamp);

        let stamp = around.stamp();
        let held = around.index().unwrap();
        assert_eq!(held.owners(OwnerKind::Role, "a").count(), 1);
        index.remove(Path::new("a.yaml"));
        set(&index);
        assert!(around.reindexed());
        assert_ne!(around.stamp(), stamp);
        assert!(!around.reindexed(), "it is told once");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_elsewhere_now_is_followed_again() {
        let folder = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("in.yml"), "- in\n").unwrap();
        std::fs::write(outside.path().join("out.yml"), "- out\n").unwrap();
        let link = folder.path().join("link.yml");
        let lead = |to: &Path| {
            let _ = std::fs::remove_file(&link);
            std::os::unix::fs::symlink(to, &link).unwrap();
        };
        let neighbours = Arc::<Neighbours>::default();
        let around = NeighbourFiles::new(Arc::clone(&neighbours), PathBuf::new());
        around.set_base(Some(folder.path()), folder.path());
        lead(&folder.path().join("in.yml"));
        assert_eq!(around.text("link.yml").as_deref(), Some("- in\n"));
        lead(&outside.path().join("out.yml"));
        neighbours.changed(&link);
        assert!(around.touched(&link));
        assert_eq!(around.text("link.yml"), None);
    }

    #[test]
    fn nobody_waits_for_a_long_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.yml");
        std::fs::write(&path, "- a\n".repeat(PARSED_AT_ONCE / 4 + 1)).unwrap();
        let short = folder.path().join("short.yml");
        std::fs::write(&short, "- a\n").unwrap();
        let neighbours = Arc::<Neighbours>::default();
        let (told, heard) = channel();
        let (go, gate) = channel::<()>();
        let gate = Mutex::new(gate);
        neighbours.on_parsed(move |path| {
            lock(&gate).recv().unwrap();
            told.send(path.to_owned()).unwrap();
        });
        let around = NeighbourFiles::new(Arc::clone(&neighbours), PathBuf::new());
        around.set_base(Some(folder.path()), folder.path());
        assert!(around.tree("short.yml").is_some());
        assert!(around.tree("long.yml").is_none(), "it is parsed elsewhere");
        go.send(()).unwrap();
        assert_eq!(heard.recv().unwrap(), path);
        assert!(around.tree("long.yml").is_some());
        // What has changed is parsed again, once however often it is asked for, while nobody waits.
        neighbours.changed(&path);
        assert!(around.tree("long.yml").is_none());
        neighbours.closed(&path);
        neighbours.changed(&short);
        go.send(()).unwrap();
        heard.recv().unwrap();
        assert!(heard.try_recv().is_err());
    }
}
