//! Which config is in force for a file. The only place of the server that reads files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use leastwise_ide::{Config, load};

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
    /// What the user has to be told and was not yet.
    complaints: Vec<String>,
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

    /// Forgets what was read, because a config file was written, created or removed.
    pub(crate) fn invalidate(&self) {
        self.forget(self.lock());
    }

    /// The config in force for the file at `path`: the one that the settings name, else the nearest
    /// `leastwise.toml` upwards, else the default one. Reads files; never called on the protocol's task.
    pub(crate) fn config_for(&self, path: &Path) -> InForce {
        let mut inner = self.lock();
        let Some(file) = inner.file_for(path) else {
            return InForce::default();
        };
        if let Some(known) = inner.by_file.get(&file) {
            return known.clone();
        }
        let read = match inner.named.is_some() {
            true => load::read_config(&file),
            false => load::read_found_config(&file),
        };
        let config = match read {
            Ok(loaded) => loaded.config,
            Err(failed) => {
                inner.complaints.push(format!(
                    "The config {} can't be read ({}), so the defaults are in force.",
                    file.display(),
                    failed.error
                ));
                Config::default()
            }
        };
        let found = InForce {
            config: Arc::new(config),
            folder: file.parent().map(Path::to_owned),
        };
        inner.by_file.insert(file, found.clone());
        found
    }

    /// The path of the config that [`Configs::config_for`] reads.
    pub(crate) fn path_for(&self, path: &Path) -> Option<PathBuf> {
        self.lock().file_for(path)
    }

    /// What the user has to be told about the configs, each once.
    pub(crate) fn complaints(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().complaints)
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

impl Inner {
    fn file_for(&mut self, path: &Path) -> Option<PathBuf> {
        if self.named.is_some() {
            return self.named.clone();
        }
        // A document without a place (`untitled:`) has no directories to look in.
        let start = path.parent().filter(|_| path.is_absolute())?;
        let mut passed = Vec::new();
        let mut found = None;
        for directory in start.ancestors() {
            if let Some(known) = self.by_directory.get(directory) {
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
        for directory in passed {
            self.by_directory.insert(directory, found.clone());
        }
        found
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
        assert_eq!(configs.complaints().len(), 1);
        assert_eq!(configs.complaints().len(), 0);
    }
}
