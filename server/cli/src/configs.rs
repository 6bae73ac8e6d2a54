//! The config in force for each file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use leastwise_model::Config;
use leastwise_rules::{RULES, Rule};
use leastwise_workspace::configs;
use leastwise_workspace::disk::Disk;
use leastwise_workspace::file_base::FileBase;

use crate::outcome::Failure;
use crate::output::count;

/// What a file is checked under: its config, and what it may refer to.
#[derive(Clone)]
pub(crate) struct FileConfig {
    pub config: Arc<Config>,
    /// The folder that its globs are relative to; `None` where there is no config file.
    pub folder: Option<PathBuf>,
    /// What the files under it may refer to.
    pub files: Arc<Disk>,
}

/// Finds what files are checked under, for each folder once.
pub(crate) struct FileConfigs {
    read: configs::Configs,
    /// Rules that run though a config has them off.
    turned_on: Vec<&'static Rule>,
    /// The folders that the user names, and those of the files.
    given: Vec<PathBuf>,
    by_folder: HashMap<PathBuf, FileConfig>,
    disks: HashMap<FileBase, Arc<Disk>>,
}

impl FileConfigs {
    /// With the config that the user names, if any, for files at or below paths, and the rules that they name.
    pub(crate) fn new(
        named: Option<&Path>,
        paths: &[PathBuf],
        rules: &[String],
    ) -> Result<FileConfigs, Failure> {
        let read = configs::Configs::new(RULES.iter().map(|rule| rule.id).collect());
        if let Some(named) = named {
            // Also where no file asks for it.
            read.name(Some(named.to_owned()));
            read.config_for(named);
            refuse(&read)?;
        }
        let folder = |path: &PathBuf| match path.is_dir() {
            true => path.clone(),
            false => folder_of(path),
        };
        Ok(FileConfigs {
            read,
            turned_on: rules
                .iter()
                .filter_map(|id| leastwise_rules::rule(id))
                .collect(),
            given: paths.iter().map(folder).collect(),
            by_folder: HashMap::new(),
            disks: HashMap::new(),
        })
    }

    /// The config for a file.
    pub(crate) fn for_file(&mut self, file: &Path) -> Result<FileConfig, Failure> {
        let folder = folder_of(file);
        if let Some(known) = self.by_folder.get(&folder) {
            return Ok(known.clone());
        }
        let mut read = self.read.config_for(&folder.join("*"));
        refuse(&self.read)?;
        if !self.turned_on.is_empty() {
            let config = Arc::make_mut(&mut read.config);
            for rule in &self.turned_on {
                config.turn_on(rule.id, rule.level);
            }
        }
        let base = FileBase::of(&folder, read.folder.as_deref(), &self.given);
        let disk = self.disks.entry(base);
        let files = disk.or_insert_with_key(|of| Arc::new(Disk::at(of.clone())));
        let found = FileConfig {
            config: read.config,
            folder: read.folder,
            files: Arc::clone(files),
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

/// Fails where something is wrong with a config that was read, and says what.
fn refuse(read: &configs::Configs) -> Result<(), Failure> {
    for verdict in read.verdicts() {
        if let Some(unread) = verdict.unread {
            return Err(Failure::new(unread.to_string()));
        }
        let mut lines = verdict.lines();
        let more = verdict.problems.len() - lines.len();
        if more > 0 {
            lines.push(format!("and {}", count(more, "more problem")));
        }
        if !lines.is_empty() {
            return Err(Failure {
                why: "the config can't be used:".to_owned(),
                about: lines,
            });
        }
    }
    Ok(())
}
