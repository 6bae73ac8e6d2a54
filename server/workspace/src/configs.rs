//! Which config is in force for a file: the one way of the program and of the editor to find and read them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use leastwise_model::{Config, ConfigProblem, FILE_NAME};
use leastwise_syntax::place;

use crate::limits::TOLD_PROBLEMS;
use crate::load::{self, CannotRead};

/// The config in force for a file.
#[derive(Clone, Default)]
pub struct InForce {
    /// What it says.
    pub config: Arc<Config>,
    /// The folder that its globs are relative to; `None` where there is no config file.
    pub folder: Option<PathBuf>,
}

/// The configs that were read so far. Shared by all threads.
pub struct Configs {
    /// The ids of the rules that a config may name.
    rules: Vec<&'static str>,
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
    /// None read yet. A config may name the rules with the ids `rules`.
    pub fn new(rules: Vec<&'static str>) -> Configs {
        Configs {
            rules,
            inner: Mutex::default(),
            generation: AtomicU64::default(),
        }
    }

    /// A number that changes whenever [`Configs::config_for`] may answer differently.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Puts one file in force everywhere, or again the nearest one of each document. Returns whether
    /// that changed anything.
    pub fn name(&self, path: Option<PathBuf>) -> bool {
        let mut inner = self.lock();
        let changed = inner.named != path;
        if changed {
            inner.named = path;
            self.forget(inner);
        }
        changed
    }

    /// Whether `path` is the file that the settings name.
    pub fn is_named(&self, path: &Path) -> bool {
        self.lock().named.as_deref() == Some(path)
    }

    /// Whether a config was looked for in a folder, or one that was read lies below it.
    pub fn concern(&self, folder: &Path) -> bool {
        let inner = self.lock();
        let mut files = inner.by_file.keys();
        inner.by_directory.contains_key(folder) || files.any(|file| file.starts_with(folder))
    }

    /// Takes no more notice of what is wrong with a config.
    pub fn let_go(&self, file: &Path) {
        self.lock().verdicts.push(Verdict::fine(file));
    }

    /// Forgets what was read, because a config file was written, created or removed.
    pub fn invalidate(&self) {
        self.forget(self.lock());
    }

    /// The config in force for the file at `path`: the one that the settings name, else the nearest
    /// `leastwise.toml` upwards, else the default one. Reads files, with no lock held that the protocol's task may want; never
    /// called on that.
    pub fn config_for(&self, path: &Path) -> InForce {
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
            // Paths are compared with it, wherever the program runs.
            folder: std::path::absolute(&file)
                .ok()
                .and_then(|file| file.parent().map(Path::to_owned)),
        };
        let mut inner = self.lock();
        if self.generation() == generation && !inner.by_file.contains_key(&file) {
            inner.by_file.insert(file, found.clone());
            inner.verdicts.push(verdict);
        }
        found
    }

    /// Looks again at a config that something was wrong with, which may be gone.
    pub fn read_again(&self, file: &Path) {
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
                let mut config = loaded.config;
                config.check_rule_ids(&self.rules);
                config.problems.sort_by_key(|problem| problem.span);
                verdict.problems.clone_from(&config.problems);
                verdict.text = loaded.text;
                (config, verdict)
            }
            Err(failed) => {
                verdict.unread = Some(failed);
                (Config::default(), verdict)
            }
        }
    }

    /// The path of the config that [`Configs::config_for`] reads. Looks for files.
    pub fn path_for(&self, path: &Path) -> Option<PathBuf> {
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
            let file = directory.join(FILE_NAME);
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
    pub fn verdicts(&self) -> Vec<Verdict> {
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

/// What came of reading a config.
pub struct Verdict {
    /// The file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// What is wrong with it, in source order.
    pub problems: Vec<ConfigProblem>,
    /// Why it can't be read.
    pub unread: Option<CannotRead>,
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

    /// Whether it is as it should be.
    pub fn is_fine(&self) -> bool {
        self.problems.is_empty() && self.unread.is_none()
    }

    /// The first problems, each with its place: path, line and column (characters, from 1).
    pub fn lines(&self) -> Vec<String> {
        let line = |problem: &ConfigProblem| {
            let (line, column) = place(&self.text, problem.span.start);
            let path = self.path.display();
            format!("{path}:{line}:{column}: {}", problem.message)
        };
        let told = self.problems.iter().take(TOLD_PROBLEMS);
        told.map(line).collect()
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
        let outer_config = root.join(FILE_NAME);
        fs::write(&outer_config, "").unwrap();

        let configs = Configs::new(vec!["wildcard-resource"]);
        let file = inner.join("template.yaml");
        assert_eq!(configs.path_for(&file), Some(outer_config.clone()));

        let nearer = root.join("a").join(FILE_NAME);
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
        assert_eq!(
            Configs::new(vec!["wildcard-resource"]).path_for(Path::new("Untitled-1")),
            None
        );
    }

    #[test]
    fn a_config_is_read_once_until_it_is_forgotten() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join(FILE_NAME);
        fs::write(&file, "[app]\nprefix = \"shop\"\n").unwrap();
        let configs = Configs::new(vec!["wildcard-resource"]);
        let template = root.path().join("infra/template.yaml");
        let prefix = || configs.config_for(&template).config.prefix.clone();
        assert_eq!(prefix().as_deref(), Some("shop"));
        fs::write(&file, "[app]\nprefix = \"store\"\n").unwrap();
        assert_eq!(prefix().as_deref(), Some("shop"));
        configs.invalidate();
        assert_eq!(prefix().as_deref(), Some("store"));
        let folder = configs.config_for(&template).folder;
        assert_eq!(folder.as_deref(), Some(root.path()));
    }

    #[test]
    fn the_folder_of_a_config_is_absolute_however_it_is_named() {
        let configs = Configs::new(Vec::new());
        configs.name(Some(PathBuf::from("sub/c.toml")));
        let folder = configs.config_for(Path::new("sub/p.json")).folder;
        assert_eq!(folder, std::path::absolute("sub").ok());
    }

    #[test]
    fn a_config_that_is_not_there_is_complained_about_once() {
        let configs = Configs::new(vec!["wildcard-resource"]);
        configs.name(Some(PathBuf::from("/nowhere/at/all.toml")));
        let template = Path::new("/project/template.yaml");
        configs.config_for(template);
        configs.config_for(template);
        let verdicts = configs.verdicts();
        assert_eq!(verdicts.len(), 1);
        let unread = verdicts[0].unread.as_ref().unwrap().to_string();
        assert_eq!(unread, "there is no file /nowhere/at/all.toml");
        assert_eq!(configs.verdicts().len(), 0);
    }

    #[test]
    fn what_is_wrong_is_said_as_the_program_says_it() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join(FILE_NAME);
        let text = "[app]\nprefx = 'shop'\n[rules]\nno-such-rule = 'off'\n";
        fs::write(&file, text).unwrap();
        let configs = Configs::new(vec!["wildcard-resource"]);
        configs.config_for(&root.path().join("a.yaml"));
        let said = configs.verdicts()[0].lines();
        let path = file.display();
        assert_eq!(said.len(), 2);
        assert_eq!(
            said[0],
            format!("{path}:2:1: Unknown key `prefx`. Did you mean `prefix`?")
        );
        assert!(said[1].starts_with(&format!("{path}:4:1: There is no rule")));
        let many = "[[templates]]\npath = 'x'\n".repeat(2 * TOLD_PROBLEMS);
        fs::write(&file, many).unwrap();
        configs.invalidate();
        configs.config_for(&root.path().join("a.yaml"));
        let verdict = configs.verdicts().remove(0);
        assert!(verdict.problems.len() > TOLD_PROBLEMS);
        assert_eq!(verdict.lines().len(), TOLD_PROBLEMS);
        // It is read again though nothing asks for it, and then it may be gone.
        fs::remove_file(&file).unwrap();
        configs.invalidate();
        configs.read_again(&file);
        assert!(configs.verdicts()[0].is_fine());
    }
}
