//! What fixes of some files change of what is found in others.
//!
//! A fix in one file can end a finding of another, or bring one: what is told of a file, and what the program ends with, is of
//! what is on disk in the end. Only what has read or asked for something that is another by now is looked at again.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use leastwise_workspace::analysis::index::Index;
use leastwise_workspace::disk::{Disk, Unchanged};
use rayon::prelude::*;

use super::file::Looked;
use super::walk::Candidate;
use crate::configs::FileConfig;

/// The files around the checked ones once fixes are written.
pub(super) struct After {
    changed: BTreeSet<PathBuf>,
    /// By the address of what they were before.
    disks: HashMap<usize, (Arc<Disk>, Unchanged)>,
    index: Arc<Index>,
}

impl After {
    /// `None` where nothing was written.
    pub(super) fn of(
        looked: &[Looked],
        jobs: &[(Candidate, FileConfig)],
        index: &Index,
    ) -> Option<After> {
        let changed: BTreeSet<PathBuf> = looked.iter().flat_map(Looked::written).collect();
        if changed.is_empty() {
            return None;
        }
        let mut after = After {
            changed,
            disks: HashMap::new(),
            index: Arc::default(),
        };
        for (_, config) in jobs {
            let next = || {
                let (disk, same) = config.files.after(&after.changed, &Arc::default());
                (Arc::new(disk), same)
            };
            let disk = after.disks.entry(address(config));
            disk.or_insert_with(next);
        }
        let reads = after.changed_reads(looked, jobs);
        let entries: Vec<_> = looked
            .par_iter()
            .zip(jobs)
            .zip(&reads)
            .filter_map(|((one, (_, config)), reads)| one.reindexed(&after.config(config), *reads))
            .collect();
        let mut index = index.clone();
        for (place, file) in entries {
            match file {
                Some(file) => index.put(file),
                None => {
                    index.remove(&place);
                }
            }
        }
        after.index = Arc::new(index);
        for (disk, _) in after.disks.values() {
            disk.set_index(Arc::clone(&after.index));
        }
        Some(after)
    }

    /// What is in force for a file then.
    pub(super) fn config(&self, before: &FileConfig) -> FileConfig {
        let files = self.disks.get(&address(before));
        FileConfig {
            files: Arc::clone(files.map_or(&before.files, |(disk, _)| disk)),
            ..before.clone()
        }
    }

    /// For each file whether what was found in it may be otherwise by now.
    pub(super) fn stale(&self, looked: &[Looked], jobs: &[(Candidate, FileConfig)]) -> Vec<bool> {
        let mut stale = self.changed_reads(looked, jobs);
        for (one, is_stale) in looked.iter().zip(&mut stale) {
            let seen = one.seen();
            *is_stale |= seen.is_some_and(|seen| !self.index.answers(&seen.asked));
        }
        stale
    }

    /// For each file whether something that it has read is another by now.
    fn changed_reads(&self, looked: &[Looked], jobs: &[(Candidate, FileConfig)]) -> Vec<bool> {
        // What several have read is asked about once.
        let mut told: HashMap<usize, HashMap<usize, bool>> = HashMap::new();
        let all = looked.iter().zip(jobs).map(|(one, (_, config))| {
            let Some(seen) = one.seen() else { return false };
            let address = address(config);
            let Some((disk, same)) = self.disks.get(&address) else {
                return false;
            };
            let is_changed = |read: leastwise_model::reads::FileRead<'_>| {
                disk.is_changed(read, &self.changed, same)
            };
            seen.reads
                .any(told.entry(address).or_default(), &is_changed)
        });
        all.collect()
    }
}

/// What tells the files around some from those around others.
fn address(config: &FileConfig) -> usize {
    Arc::as_ptr(&config.files).addr()
}
