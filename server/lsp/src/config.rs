//! Which config is in force for a file. The only place of the server that reads files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use leastwise_ide::{ConfigFile, Diagnostic};
use leastwise_model::Config;
use leastwise_syntax::place;
use leastwise_workspace::load;

use crate::language::CONFIG_FILE;

/// The config in force for a file.
#[derive(Clone, Default)]
pub(crate) struct InForce {
    /// What it says.
    pub(crate) config: Arc<Config>,
    /// The folder that its globs are relative to; `None` where there is no config file.
    pub(crate) folder: Option<PathBuf>,
}

impl InForce {
    /// The path of a file as the config's globs see it.
    pub(crate) fn relative<'path>(&self, path: &'path Path) -> &'path Path {
        let inside = self
            .folder
            .as_deref()
            .map(|folder| path.strip_prefix(folder));
        match inside {
            Some(Ok(inside)) => inside,
            Some(Err(_)) | None => path,
        }
    }
}

/// The configs that were read so far. Shared by all threads.
#[derive(Default)]
pub(crate) struct Configs {
    inner: Mutex<Inner>,
    generation: AtomicU64,
}

#[derive(Default)]
struct Inner {
    /// The file that the user's settings name; it is in force everywhere.
    named: Option<PathBuf>,
    /// The config file in force in a directory, `None` where there is none.
    by_directory: HashMap<PathBuf, Option<PathBuf>>,
    /// What was read from a config file.
    by_file: HashMap<PathBuf, InForce>,
    /// What came of reading them, as far as nobody has been told yet.
    verdicts: Vec<Verdict>,
}

impl Configs {
    /// A number that changes whenever [`Configs::config_for`] may answer differently.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Puts one file in force everywhere, or again the nearest one of each document. Returns whether
    /// that changed anything.
    pub(crate) fn name(&self, path: Option<PathBuf>) -> bool {
        let mut inner = self.lock();
        let changed = inner.named != path;
        if changed {
            inner.named = path;
            self.forget(inner);
        }
        changed
    }

    /// Whether `path` is the file that the settings name.
    pub(crate) fn is_named(&self, path: &Path) -> bool {
        self.lock().named.as_deref() == Some(path)
    }

    /// Whether a config was looked for in a folder, or one that was read lies below it.
    pub(crate) fn concern(&self, folder: &Path) -> bool {
        let inner = self.lock();
        let mut files = inner.by_file.keys();
        inner.by_directory.contains_key(folder) || files.any(|file| file.starts_with(folder))
    }

    /// Takes no more notice of what is wrong with a config.
    pub(crate) fn let_go(&self, file: &Path) {
        self.lock().verdicts.push(Verdict::fine(file));
    }

    /// Forgets what was read, because a config file was written, created or removed.
    pub(crate) fn invalidate(&self) {
        self.forget(self.lock());
    }

    /// The config in force for the file at `path`: the one that the settings name, else the nearest
    /// `leastwise.toml` upwards, else the default one. Reads files, with no lock held that the protocol's task may want; never
    /// called on that.
    pub(crate) fn config_for(&self, path: &Path) -> InForce {
        let generation = self.generation();
        let Some(file) = self.path_for(path) else {
            return InForce::default();
        };
        if let Some(known) = self.lock().by_file.get(&file) {
            return known.clone();
        }
        let (config, verdict) = self.read(&file);
        let found = InForce {
            config: Arc::new(config),
            folder: file.parent().map(Path::to_owned),
        };
        let mut inner = self.lock();
        if self.generation() == generation && !inner.by_file.contains_key(&file) {
            inner.by_file.insert(file, found.clone());
            inner.verdicts.push(verdict);
        }
        found
    }

    /// Looks again at a config that something was wrong with, which may be gone.
    pub(crate) fn read_again(&self, file: &Path) {
        if self.lock().by_file.contains_key(file) {
            return;
        }
        let verdict = match load::is_config(file) {
            true => self.read(file).1,
            false => Verdict::fine(file),
        };
        self.lock().verdicts.push(verdict);
    }

    fn read(&self, file: &Path) -> (Config, Verdict) {
        let read = match self.is_named(file) {
            true => load::read_config(file),
            false => load::read_found_config(file),
        };
        let mut verdict = Verdict::fine(file);
        match read {
            Ok(loaded) => {
                verdict.problems = ConfigFile::new(loaded.text.clone()).diagnostics();
                verdict.text = loaded.text;
                (loaded.config, verdict)
            }
            Err(failed) => {
                verdict.unread = Some(failed.error.to_string());
                (Config::default(), verdict)
            }
        }
    }

    /// The path of the config that [`Configs::config_for`] reads. Looks for files.
    pub(crate) fn path_for(&self, path: &Path) -> Option<PathBuf> {
        let generation = self.generation();
        if let Some(named) = self.lock().named.clone() {
            return Some(named);
        }
        // A document without a place (`untitled:`) has no directories to look in.
        let start = path.parent().filter(|_| path.is_absolute())?;
        let mut passed = Vec::new();
        let mut found = None;
        for directory in start.ancestors() {
            if let Some(known) = self.lock().by_directory.get(directory) {
                found = known.clone();
                break;
            }
            passed.push(directory.to_owned());
            let file = directory.join(CONFIG_FILE);
            if load::is_config(&file) {
                found = Some(file);
                break;
            }
        }
        let mut inner = self.lock();
        if self.generation() == generation {
            let passed = passed.into_iter();
            let known = passed.map(|directory| (directory, found.clone()));
            inner.by_directory.extend(known);
        }
        found
    }

    /// What came of reading configs, each once.
    pub(crate) fn verdicts(&self) -> Vec<Verdict> {
        std::mem::take(&mut self.lock().verdicts)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self, mut inner: MutexGuard<'_, Inner>) {
        inner.by_directory.clear();
        inner.by_file.clear();
        self.generation.fetch_add(1, Ordering::AcqRel);
    }
}

/// The most problems of a config that are worded with their lines: for each its text is gone through.
const MOST_SAID: usize = 100;

/// What came of reading a config.
pub(crate) struct Verdict {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    /// What is wrong with it.
    pub(crate) problems: Vec<Diagnostic>,
    /// Why it can't be read.
    pub(crate) unread: Option<String>,
}

impl Verdict {
    fn fine(path: &Path) -> Verdict {
        Verdict {
            path: path.to_owned(),
            text: String::new(),
            problems: Vec::new(),
            unread: None,
        }
    }

    /// What is wrong with it, the first of it at least, each with its place as the program says it.
    pub(crate) fn said(&self) -> Vec<String> {
        let path = self.path.display();
        if let Some(why) = &self.unread {
            return vec![format!(
                "The config {path} can't be read ({why}), so the defaults are in force."
            )];
        }
        let said = self.problems.iter().take(MOST_SAID).map(|problem| {
            let (line, column) = place(&self.text, problem.span.start);
            format!("{path}:{line}:{column}: {}", problem.message)
        });
        said.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_nearest_config_wins_until_one_is_named() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        let inner = root.join("a/b");
        fs::create_dir_all(&inner).unwrap();
        let outer_config = root.join(CONFIG_FILE);
        fs::write(&outer_config, "").unwrap();

        let configs = Configs::default();
        let file = inner.join("template.yaml");
        assert_eq!(configs.path_for(&file), Some(outer_config.clone()));

        let nearer = root.join("a").join(CONFIG_FILE);
        fs::write(&nearer, "").unwrap();
        assert_eq!(configs.path_for(&file), Some(outer_config), "remembered");
        let before = configs.generation();
        configs.invalidate();
        assert_ne!(configs.generation(), before);
        assert_eq!(configs.path_for(&file), Some(nearer));

        let named = root.join("other.toml");
        assert!(configs.name(Some(named.clone())));
        assert!(!configs.name(Some(named.clone())));
        assert_eq!(configs.path_for(&file), Some(named));
    }

    #[test]
    fn a_document_without_a_place_has_no_config() {
        assert_eq!(Configs::default().path_for(Path::new("Untitled-1")), None);
    }

    #[test]
    fn a_config_is_read_once_until_it_is_forgotten() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join(CONFIG_FILE);
        fs::write(&file, "[app]\nprefix = \"shop\"\n").unwrap();
        let configs = Configs::default();
        let template = root.path().join("infra/template.yaml");
        let prefix = || configs.config_for(&template).config.prefix.clone();
        assert_eq!(prefix().as_deref(), Some("shop"));
        fs::write(&file, "[app]\nprefix = \"store\"\n").unwrap();
        assert_eq!(prefix().as_deref(), Some("shop"));
        configs.invalidate();
        assert_eq!(prefix().as_deref(), Some("store"));
        let relative = configs.config_for(&template).relative(&template).to_owned();
        assert_eq!(relative, Path::new("infra/template.yaml"));
    }

    #[test]
    fn a_config_that_is_not_there_is_complained_about_once() {
        let configs = Configs::default();
        configs.name(Some(PathBuf::from("/nowhere/at/all.toml")));
        let template = Path::new("/project/template.yaml");
        configs.config_for(template);
        configs.config_for(template);
        let verdicts = configs.verdicts();
        assert_eq!(verdicts.len(), 1);
        assert!(verdicts[0].said()[0].contains("/nowhere/at/all.toml can't be read"));
        assert_eq!(configs.verdicts().len(), 0);
    }

    #[test]
    fn what_is_wrong_is_said_as_the_program_says_it() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join(CONFIG_FILE);
        let text = "[app]\nprefx = 'shop'\n[rules]\nno-such-rule = 'off'\n";
        fs::write(&file, text).unwrap();
        let configs = Configs::default();
        configs.config_for(&root.path().join("a.yaml"));
        let said = configs.verdicts()[0].said();
        let path = file.display();
        assert_eq!(said.len(), 2);
        assert_eq!(
            said[0],
            format!("{path}:2:1: Unknown key `prefx`. Did you mean `prefix`?")
        );
        assert!(said[1].starts_with(&format!("{path}:4:1: There is no rule")));
        let many = "[[templates]]\npath = 'x'\n".repeat(2 * MOST_SAID);
        fs::write(&file, many).unwrap();
        configs.invalidate();
        configs.config_for(&root.path().join("a.yaml"));
        let verdict = configs.verdicts().remove(0);
        assert!(verdict.problems.len() > MOST_SAID);
        assert_eq!(verdict.said().len(), MOST_SAID);
        // It is read again though nothing asks for it, and then it may be gone.
        fs::remove_file(&file).unwrap();
        configs.invalidate();
        configs.read_again(&file);
        assert!(configs.verdicts()[0].said().is_empty());
    }
}
