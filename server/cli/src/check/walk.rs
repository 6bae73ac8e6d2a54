//! Which files are checked.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use leastwise_workspace::fence::{self, Fence, Refused};
use leastwise_workspace::load;
use leastwise_workspace::walk::{Unwalked, Walk};

use crate::outcome::Failure;
use crate::report::{ReportNote, SkippedNote};

/// A file to check.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub path: PathBuf,
    /// The folder that it was found in, without links; `None` where the user named the file itself.
    pub within: Option<Arc<Path>>,
}

impl Candidate {
    /// Whether the user named the file itself.
    pub(super) fn is_named(&self) -> bool {
        self.within.is_none()
    }

    /// Of two ways to one file, the shorter one that is no link, as if it was named where one of them was.
    fn or(self, other: Candidate) -> Candidate {
        let is_named = self.is_named() || other.is_named();
        let weight = |one: &Candidate| {
            let is_link = one.path.is_symlink();
            (is_link, one.path.as_os_str().len(), one.path.clone())
        };
        let mut better = match weight(&self) <= weight(&other) {
            true => self,
            false => other,
        };
        if is_named {
            better.within = None;
        }
        better
    }
}

/// What was found.
#[derive(Default)]
pub(super) struct FilesToCheck {
    /// In the order of their paths.
    pub files: Vec<Candidate>,
    /// What could not be looked at.
    pub notes: Vec<ReportNote>,
    /// What was passed over as made by others.
    pub passed: SkippedNote,
}

impl FilesToCheck {
    fn cannot_walk(&mut self, folder: &Path) {
        self.notes.push(ReportNote {
            path: Some(folder.display().to_string()),
            message: "not walked: its .gitignore, its .ignore or what its .git leads to, or those of a folder above it, is not a file, or too large".to_owned(),
            fails: true,
        });
    }
}

/// The files that paths stand for, each once. It is a failure where nothing but paths that don't exist is named; beside others
/// they are told of.
pub(super) fn files(paths: &[PathBuf], allow_empty: bool) -> Result<FilesToCheck, Failure> {
    let mut found = FilesToCheck::default();
    let mut missing = Vec::new();
    // By the path without links.
    let mut seen: BTreeMap<PathBuf, Candidate> = BTreeMap::new();
    for path in paths {
        if path.is_dir() && fence::leaves_repository(&path.join("*")) {
            found.notes.push(ReportNote {
                path: Some(path.display().to_string()),
                message: format!("not walked: {}; name the folder itself", Refused::LeadsOut),
                fails: true,
            });
        } else if path.is_dir() {
            if let Some(why) = walk(path, &mut seen, &mut found) {
                found.notes.push(ReportNote {
                    path: Some(path.display().to_string()),
                    message: why.to_owned(),
                    fails: !allow_empty,
                });
            }
        } else if path.exists() || path.is_symlink() {
            let candidate = Candidate {
                path: path.clone(),
                within: None,
            };
            put(&mut seen, real(path), candidate);
        } else {
            missing.push(format!("there is no file or folder {}", path.display()));
        }
    }
    if missing.len() == paths.len() && !missing.is_empty() {
        return Err(Failure::new(missing.join("; ")));
    }
    found
        .notes
        .extend(missing.into_iter().map(|message| ReportNote {
            path: None,
            message,
            fails: true,
        }));
    let mut files: Vec<Candidate> = seen.into_values().collect();
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let walked = files.iter().filter(|candidate| !candidate.is_named());
    let copies = load::copies_of_aws(walked.map(|candidate| candidate.path.as_path()));
    files.retain(|candidate| candidate.is_named() || !copies.contains(&candidate.path));
    found.passed.copies = copies.len();
    found.files = files;
    Ok(found)
}

/// A path without links. A link that leads nowhere is itself.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn put(seen: &mut BTreeMap<PathBuf, Candidate>, real: PathBuf, candidate: Candidate) {
    let candidate = match seen.remove(&real) {
        Some(known) => known.or(candidate),
        None => candidate,
    };
    seen.insert(real, candidate);
}

/// What is said of a folder without a file of a kind that is read.
const NONE: &str = "no file in this folder is JSON, YAML, Terraform or `.template`, except for those that are ignored by `.gitignore` or vendored";

/// What is said of a folder in which such files are links to what isn't there, or isn't looked into.
const ONLY_LINKS: &str = "no file in this folder is read: all JSON, YAML, Terraform and `.template` files are links that lead out of the repository or folder, or to nothing";

/// Walks a folder. Returns why there is nothing to check in it, where that is so.
fn walk(
    folder: &Path,
    seen: &mut BTreeMap<PathBuf, Candidate>,
    found: &mut FilesToCheck,
) -> Option<&'static str> {
    let within: Arc<Path> = Arc::from(real(folder));
    let (mut any, mut links) = (false, false);
    let Some(mut way) = Walk::through(folder) else {
        found.cannot_walk(folder);
        return None;
    };
    let fence = Fence::enclosing(folder, None, &[folder.to_owned()]);
    for entry in way.by_ref() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(Unwalked { path, why }) => {
                let path =
                    path.map(|at| at.strip_prefix("./").unwrap_or(&at).display().to_string());
                found.notes.push(ReportNote {
                    path,
                    message: format!("not walked: {why}"),
                    fails: true,
                });
                continue;
            }
        };
        let path = entry.path();
        if !load::is_candidate(path) {
            continue;
        }
        let Some(kind) = entry.file_type() else {
            continue;
        };
        let is_file = kind.is_file() || (kind.is_symlink() && (path.is_file() || !path.exists()));
        if !is_file {
            continue;
        }
        let leads_somewhere = kind.is_symlink() && path.exists();
        let leads_out = leads_somewhere && !fence.holds(path);
        match leads_out || kind.is_symlink() && !leads_somewhere {
            true => links = true,
            false => any = true,
        }
        // The walk follows no links of folders, so only the last part can be one.
        let inner = path.strip_prefix(folder).ok().filter(|_| kind.is_file());
        let real = inner.map_or_else(|| real(path), |inner| within.join(inner));
        let path = path.strip_prefix("./").unwrap_or(path).to_owned();
        if leads_out {
            found.notes.push(ReportNote {
                path: Some(path.display().to_string()),
                message: format!("not checked: {}", Refused::LeadsOut),
                fails: false,
            });
            continue;
        }
        let within = Some(Arc::clone(&within));
        put(seen, real, Candidate { path, within });
    }
    let passed = way.passed();
    for folder in &passed.closed {
        found.cannot_walk(folder);
    }
    // A tool's own are no news.
    let is_news = |path: &&PathBuf| {
        let name = path.file_name().unwrap_or_default();
        !name.as_encoded_bytes().starts_with(b".")
    };
    let news = passed.of_others.iter().filter(is_news);
    let news = news.map(|path| path.strip_prefix("./").unwrap_or(path).to_owned());
    found.passed.folders.extend(news);
    match (any, links) {
        (true, _) => None,
        (false, true) => Some(ONLY_LINKS),
        (false, false) => Some(NONE),
    }
}
