//! Reads a workspace's files from disk for its index.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::Gitignore;

use leastwise_model::reads::Reads;

use crate::analysis::index::{Index, Indexed};
use crate::configs::InForce;
use crate::disk::{self, Disk, Open};
use crate::file_base::FileBase;
use crate::limits::INDEXED_FILES;
use crate::reading::Reading;
use crate::walk::Walk;
use crate::{Analysis, load};

/// What has been read of a workspace: the files that declare identities or attach policies to them.
#[derive(Default)]
pub struct Gathered {
    index: Index,
    /// How each file of the index was looked at.
    looks: HashMap<PathBuf, FileLook>,
    /// What the files may refer to, read once for all that may refer to the same.
    disks: HashMap<FileBase, Arc<Disk>>,
    /// What is open in an editor.
    open: Arc<Open>,
    /// The files that have read something that is another by now.
    stale: BTreeSet<PathBuf>,
    /// Whether there are more files than are kept.
    is_cut_off: bool,
}

/// How a file was looked at.
struct FileLook {
    /// The folder whose walk led to it.
    walked: PathBuf,
    base: FileBase,
    /// What it has read of the files around it.
    reads: Arc<Reads>,
}

impl Gathered {
    /// Says which files have changed, before they are read again: all others are as they were. `open` has the texts of those of
    /// them that are open in an editor.
    pub fn changed(&mut self, paths: &BTreeSet<PathBuf>, open: &BTreeMap<PathBuf, String>) {
        let texts = Arc::make_mut(&mut self.open);
        for path in paths {
            match open.get(path) {
                Some(text) => texts.insert(path.clone(), Arc::from(text.as_str())),
                None => texts.remove(path),
            };
        }
        let mut known = HashMap::new();
        for (base, disk) in &mut self.disks {
            let (next, same) = disk.after(paths, &self.open);
            *disk = Arc::new(next);
            known.insert(base, (Arc::clone(disk), same, HashMap::new()));
        }
        for (place, look) in &self.looks {
            if let Some((disk, same, told)) = known.get_mut(&look.base)
                && look
                    .reads
                    .any(told, &|read| disk.is_changed(read, paths, same))
            {
                self.stale.insert(place.clone());
            }
        }
    }

    /// Looks again at the files that have read what is another by now. Returns whether there were any.
    pub fn settle(&mut self, config: &dyn Fn(&Path) -> InForce) -> bool {
        let stale = std::mem::take(&mut self.stale);
        for path in &stale {
            let text = self.index.file(path).map(|file| Arc::clone(&file.tree));
            let walked = self.looks.get(path).map(|look| look.walked.clone());
            if let (Some(tree), Some(walked)) = (text, walked) {
                self.enter(&walked, path, tree.source(), config);
            }
        }
        !stale.is_empty()
    }

    /// What of the workspace isn't known since there is so much of it, a sentence each.
    pub fn left_out(&self) -> BTreeSet<String> {
        let more = format!(
            "more than {INDEXED_FILES} files of the workspace declare roles or contain policies: what the others declare isn't known in open files"
        );
        let modules = self.index.files().into_iter();
        let modules = modules.flat_map(|file| {
            let unread = file.analysis.unread().into_iter();
            let whole = unread.filter(|file| file.whole.is_some());
            let whole = whole.map(|file| file.message());
            file.analysis.left_out().into_iter().chain(whole)
        });
        modules.chain(self.is_cut_off.then_some(more)).collect()
    }

    /// Reads the files of a folder and those below it, as far as `.gitignore` doesn't leave them out.
    pub fn walk(&mut self, folder: &Path, config: &dyn Fn(&Path) -> InForce) {
        for path in candidates(folder) {
            if self.index.len() >= INDEXED_FILES {
                self.is_cut_off = true;
                return;
            }
            if let Some(text) = self.text(&path) {
                self.put(folder, &path, &text, config);
            }
        }
    }

    fn text(&self, path: &Path) -> Option<Arc<str>> {
        let open = self.open.get(path).map(Arc::clone);
        open.or_else(|| disk::text(path).ok())
    }

    /// Reads one file again, or all files of a folder; what is gone is forgotten. `folder` is the one that was walked.
    /// Returns whether the index is another then.
    pub fn read(&mut self, folder: &Path, path: &Path, config: &dyn Fn(&Path) -> InForce) -> bool {
        if path.is_dir() {
            if !is_ignored(folder, path) {
                self.walk(path, config);
            }
            return true;
        }
        // A walk follows no links.
        let is_wanted = !path.is_symlink() && self.is_wanted(folder, path);
        let text = is_wanted.then(|| self.text(path)).flatten();
        match text {
            Some(text) => self.put(folder, path, &text, config),
            None => {
                // A folder that is gone takes its files along, but for what is open.
                let files = self.index.files().into_iter();
                let gone = files.filter(|file| file.place.starts_with(path));
                let gone = gone.map(|file| file.place.clone());
                let gone: Vec<PathBuf> = gone.filter(|it| !self.open.contains_key(it)).collect();
                gone.iter().for_each(|place| {
                    self.remove(place);
                });
                !gone.is_empty()
            }
        }
    }

    /// Takes a file with the text that it has in an editor, whatever it is on disk. Returns whether the index is another
    /// then.
    pub fn edit(
        &mut self,
        folder: &Path,
        path: &Path,
        text: &str,
        config: &dyn Fn(&Path) -> InForce,
    ) -> bool {
        self.is_wanted(folder, path) && self.put(folder, path, text, config)
    }

    fn put(
        &mut self,
        folder: &Path,
        path: &Path,
        text: &str,
        config: &dyn Fn(&Path) -> InForce,
    ) -> bool {
        let same = |file: &Indexed| file.tree.source() == text;
        if self.index.file(path).is_some_and(same) {
            return false;
        }
        self.enter(folder, path, text, config)
    }

    fn enter(
        &mut self,
        folder: &Path,
        path: &Path,
        text: &str,
        config: &dyn Fn(&Path) -> InForce,
    ) -> bool {
        self.stale.remove(path);
        match self.indexed(folder, path, text, config) {
            Some(file) => {
                self.index.put(file);
                true
            }
            None => self.remove(path),
        }
    }

    fn remove(&mut self, path: &Path) -> bool {
        self.stale.remove(path);
        self.looks.remove(path);
        self.index.remove(path)
    }

    fn indexed(
        &mut self,
        walked: &Path,
        path: &Path,
        text: &str,
        config: &dyn Fn(&Path) -> InForce,
    ) -> Option<Indexed> {
        if !load::may_hold_policies(text) {
            return None;
        }
        let InForce { config, folder } = config(path);
        let around = path.parent().unwrap_or(walked);
        let base = FileBase::in_workspace(around, folder.as_deref(), &[walked.to_owned()]);
        let from = base.folder.clone();
        let disk = self.disks.entry(base.clone());
        let disk = disk.or_insert_with_key(|of| Arc::new(Disk::at(of.clone()).with(&self.open)));
        let files = Reading::of(Arc::clone(disk));
        let look = FileLook {
            walked: walked.to_owned(),
            base,
            reads: Arc::clone(files.reads()),
        };
        self.looks.insert(path.to_owned(), look);
        let place = path.to_owned();
        let format = load::format_of(path, text);
        let path = load::relative(path, Some(&from));
        let tree = files.parse(&path, text, format);
        let files = Arc::new(files);
        let analysis = Arc::new(Analysis::with_memo(
            &tree,
            &path,
            config,
            files,
            Arc::default(),
        ));
        Some(Indexed {
            place,
            tree,
            analysis,
        })
    }

    /// Whether a walk through the folder would come to the file.
    fn is_wanted(&self, folder: &Path, path: &Path) -> bool {
        self.index.file(path).is_some()
            || self.index.len() < INDEXED_FILES
                && load::is_candidate(path)
                && !is_ignored(folder, path)
    }

    /// The index of what was read.
    pub fn index(&self) -> Index {
        self.index.clone()
    }
}

/// Whether a walk through a folder leaves out a file or folder in it.
fn is_ignored(folder: &Path, path: &Path) -> bool {
    let Ok(inner) = path.strip_prefix(folder) else {
        return true;
    };
    if inner.ancestors().any(load::is_left_out) {
        return true;
    }
    let is_dir = path.is_dir();
    let above = path.ancestors().skip(1);
    for at in above.take_while(|at| at.starts_with(folder)) {
        let file = at.join(".gitignore");
        if !file.is_file() || !load::can_be_walked(at) {
            continue;
        }
        let (ignored, _) = Gitignore::new(&file);
        match ignored.matched_path_or_any_parents(path, is_dir) {
            Match::Ignore(_) => return true,
            Match::Whitelist(_) => return false,
            Match::None => {}
        }
    }
    false
}

/// The files below a folder that may hold policies, by their names.
fn candidates(folder: &Path) -> impl Iterator<Item = PathBuf> {
    Walk::through(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(ignore::DirEntry::into_path)
        .filter(|path| load::is_candidate(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "Resources: {R: {Type: 'AWS::IAM::Role', Properties: {RoleName: r}}}\n";

    #[test]
    fn what_a_walk_leaves_out_does_not_come_in_later() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        for path in ["a", "cdk.out", "node_modules/x", "kept"] {
            std::fs::create_dir_all(at(path)).unwrap();
        }
        std::fs::write(at(".gitignore"), "cdk.out/\n*.gen.yaml\n").unwrap();
        std::fs::write(at("kept/.gitignore"), "!x.gen.yaml\n").unwrap();
        let paths = ["a/x.yaml", "cdk.out/x.yaml", "node_modules/x/x.yaml"];
        let more = ["a/x.gen.yaml", "kept/x.gen.yaml", "a/x.txt"];
        for path in paths.iter().chain(&more) {
            std::fs::write(at(path), ROLE).unwrap();
        }
        let config = |_: &Path| InForce::default();
        let mut walked = Gathered::default();
        walked.walk(folder.path(), &config);
        let mut read = Gathered::default();
        for path in paths.iter().chain(&more) {
            read.read(folder.path(), &at(path), &config);
        }
        let names = |gathered: &Gathered| {
            let files = gathered.index.files().into_iter();
            files.map(|file| file.place.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&walked), [at("a/x.yaml"), at("kept/x.gen.yaml")]);
        assert_eq!(names(&read), names(&walked));

        // A folder that comes and goes.
        std::fs::rename(at("a"), at("b")).unwrap();
        read.read(folder.path(), &at("a"), &config);
        assert_eq!(names(&read), [at("kept/x.gen.yaml")]);
        read.read(folder.path(), &at("b"), &config);
        assert_eq!(names(&read), [at("b/x.yaml"), at("kept/x.gen.yaml")]);

        // What the editor has counts before what is on disk.
        read.edit(folder.path(), &at("b/x.yaml"), "Resources: {}\n", &config);
        assert_eq!(names(&read), [at("kept/x.gen.yaml")]);
        read.edit(folder.path(), &at("new.yaml"), ROLE, &config);
        assert_eq!(names(&read), [at("kept/x.gen.yaml"), at("new.yaml")]);
    }
}
