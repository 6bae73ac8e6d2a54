//! The config in force for each file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use leastwise_model::Config;
use leastwise_rules::{RULES, Rule};
use leastwise_syntax::place;
use leastwise_workspace::disk::Disk;
use leastwise_workspace::fence::Fence;
use leastwise_workspace::load;
use leastwise_workspace::load::{CannotRead, Loaded};

use crate::Failure;
use crate::output::{count, note_all};

/// A config and the folder that its globs are relative to.
#[derive(Clone)]
pub(crate) struct InForce {
    pub config: Arc<Config>,
    pub folder: Option<PathBuf>,
    /// What the files under it may refer to.
    pub files: Arc<Disk>,
}

/// What was read, without the files around it.
#[derive(Clone, Default)]
struct Read {
    config: Arc<Config>,
    /// `None` without a config: paths are relative to the folder that the program runs in.
    folder: Option<PathBuf>,
}

/// Finds configs, each folder's once.
pub(crate) struct Configs {
    named: Option<Read>,
    /// Rules that run though a config has them off.
    turned_on: Vec<&'static Rule>,
    /// The folders that the user names, and those of the files.
    given: Vec<PathBuf>,
    by_folder: HashMap<PathBuf, InForce>,
    by_file: HashMap<PathBuf, Read>,
    disks: HashMap<(Option<PathBuf>, Fence), Arc<Disk>>,
}

impl Configs {
    /// With the config that the user names, if any, for files at or below paths, and the rules that they name.
    pub(crate) fn new(
        named: Option<&Path>,
        paths: &[PathBuf],
        rules: &[String],
    ) -> Result<Configs, Failure> {
        let named = named
            .map(|path| read(path, load::read_config))
            .transpose()?;
        let folder = |path: &PathBuf| match path.is_dir() {
            true => path.clone(),
            false => folder_of(path),
        };
        Ok(Configs {
            named,
            turned_on: rules
                .iter()
                .filter_map(|id| leastwise_rules::rule(id))
                .collect(),
            given: paths.iter().map(folder).collect(),
            by_folder: HashMap::new(),
            by_file: HashMap::new(),
            disks: HashMap::new(),
        })
    }

    /// The config for a file.
    pub(crate) fn of(&mut self, file: &Path) -> Result<InForce, Failure> {
        let folder = folder_of(file);
        if let Some(known) = self.by_folder.get(&folder) {
            return Ok(known.clone());
        }
        let mut read = match &self.named {
            Some(named) => named.clone(),
            None => self.nearest(&folder)?,
        };
        if !self.turned_on.is_empty() {
            let config = Arc::make_mut(&mut read.config);
            for rule in &self.turned_on {
                config.turn_on(rule.id, rule.level);
            }
        }
        let fence = Fence::around(&folder, read.folder.as_deref(), &self.given);
        let base = read.folder.clone().unwrap_or_default();
        let disk = self.disks.entry((read.folder.clone(), fence.clone()));
        let files = disk.or_insert_with(|| Arc::new(Disk::within(base, fence)));
        let found = InForce {
            config: read.config,
            folder: read.folder,
            files: Arc::clone(files),
        };
        self.by_folder.insert(folder, found.clone());
        Ok(found)
    }

    fn nearest(&mut self, folder: &Path) -> Result<Read, Failure> {
        let Some(path) = load::find_config(folder) else {
            return Ok(Read::default());
        };
        if let Some(known) = self.by_file.get(&path) {
            return Ok(known.clone());
        }
        let found = read(&path, load::read_found_config)?;
        self.by_file.insert(path, found.clone());
        Ok(found)
    }
}

/// The folder of a file, absolute, so that it can be searched upwards.
fn folder_of(file: &Path) -> PathBuf {
    let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    absolute.parent().map_or_else(PathBuf::new, Path::to_owned)
}

/// The most problems of a config that are told: for the line of each its text is gone through, and nobody reads more.
const MOST_TOLD: usize = 100;

fn read(path: &Path, load: fn(&Path) -> Result<Loaded, CannotRead>) -> Result<Read, Failure> {
    let mut loaded = load(path).map_err(|error| Failure(error.to_string()))?;
    let ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    loaded.config.check_rule_ids(&ids);
    if !loaded.config.problems.is_empty() {
        let mut lines = Vec::new();
        for problem in loaded.config.problems.iter().take(MOST_TOLD) {
            let (line, column) = place(&loaded.text, problem.span.start);
            lines.push(format!(
                "{}:{line}:{column}: {}",
                path.display(),
                problem.message
            ));
        }
        let more = loaded.config.problems.len() - lines.len();
        if more > 0 {
            lines.push(format!("and {}", count(more, "more problem")));
        }
        note_all("the config can't be used:", &lines);
        return Err(Failure(String::new()));
    }
    let folder = folder_of(path);
    Ok(Read {
        config: Arc::new(loaded.config),
        folder: Some(folder),
    })
}
