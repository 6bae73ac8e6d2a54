//! The config in force for each file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use leastwise_rules::RULES;
use leastwise_workspace::disk::Disk;
use leastwise_workspace::{Config, load};

use crate::Failure;

/// A config and the folder that its globs are relative to.
#[derive(Clone)]
pub(crate) struct InForce {
    pub config: Arc<Config>,
    pub folder: Option<PathBuf>,
    /// What the files under it may refer to.
    pub files: Arc<Disk>,
}

impl Default for InForce {
    /// No config: paths are relative to the folder that the program runs in.
    fn default() -> Self {
        InForce {
            config: Arc::default(),
            folder: None,
            files: Arc::new(Disk::new("")),
        }
    }
}

/// Finds configs, each folder's once.
pub(crate) struct Configs {
    named: Option<InForce>,
    by_folder: HashMap<PathBuf, InForce>,
    by_file: HashMap<PathBuf, InForce>,
}

impl Configs {
    /// With the config that the user names, if any.
    pub(crate) fn new(named: Option<&Path>) -> Result<Configs, Failure> {
        let named = named.map(read).transpose()?;
        Ok(Configs {
            named,
            by_folder: HashMap::new(),
            by_file: HashMap::new(),
        })
    }

    /// The config for a file.
    pub(crate) fn of(&mut self, file: &Path) -> Result<InForce, Failure> {
        if let Some(named) = &self.named {
            return Ok(named.clone());
        }
        let folder = folder_of(file);
        if let Some(known) = self.by_folder.get(&folder) {
            return Ok(known.clone());
        }
        let found = match load::find_config(&folder) {
            None => InForce::default(),
            Some(path) => match self.by_file.get(&path) {
                Some(known) => known.clone(),
                None => {
                    let read = read(&path)?;
                    self.by_file.insert(path, read.clone());
                    read
                }
            },
        };
        self.by_folder.insert(folder, found.clone());
        Ok(found)
    }
}

/// The folder of a file, absolute, so that it can be searched upwards.
fn folder_of(file: &Path) -> PathBuf {
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    absolute.parent().map_or_else(PathBuf::new, Path::to_owned)
}

fn read(path: &Path) -> Result<InForce, Failure> {
    let mut loaded = load::read_config(path).map_err(|error| Failure(error.to_string()))?;
    let ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    loaded.config.check_rule_ids(&ids);
    if !loaded.config.problems.is_empty() {
        let mut message = String::from("the config can't be used:");
        for problem in &loaded.config.problems {
            let before = loaded
                .text
                .get(..problem.span.start as usize)
                .unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before
                .rsplit('\n')
                .next()
                .unwrap_or_default()
                .chars()
                .count()
                + 1;
            message += &format!(
                "\n  {}:{line}:{column}: {}",
                path.display(),
                problem.message
            );
        }
        return Err(Failure(message));
    }
    let folder = folder_of(path);
    Ok(InForce {
        config: Arc::new(loaded.config),
        files: Arc::new(Disk::new(&folder)),
        folder: Some(folder),
    })
}
