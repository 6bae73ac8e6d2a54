//! The files around a file, for dialects whose parts stand in several.

use std::any::Any;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use leastwise_syntax::Tree;

use crate::reads::Reads;

/// Something that is worked out over files once, for all who look at them.
#[derive(Default)]
pub struct Shelf(OnceLock<Box<dyn Any + Send + Sync>>);

impl Shelf {
    /// What is kept there; `None` for another type than was asked for first.
    pub fn get<T: Any + Default + Send + Sync>(&self) -> Option<&T> {
        let kept = self.0.get_or_init(|| Box::new(T::default()));
        kept.downcast_ref()
    }
}

/// A file that another one needs: it is there, and isn't read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Unread {
    /// Its path, or that of a folder whose files aren't known, as it was asked for.
    pub path: String,
    /// Why, as a sentence about it that can stand behind a colon.
    pub why: String,
    /// Who needs it, where that are all the files of something: `the module in a`.
    pub whole: Option<String>,
    /// Whether what needs it is complete without it: somebody has to choose it first.
    pub is_choice: bool,
}

impl Unread {
    /// One that the file at hand needs.
    pub fn new(path: impl Into<String>, why: impl Into<String>) -> Unread {
        Unread {
            path: path.into(),
            why: why.into(),
            whole: None,
            is_choice: false,
        }
    }

    /// The last part of its path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// What is to be said to who looks at the file that needs it.
    pub fn message(&self) -> String {
        let Unread { path, why, .. } = self;
        match &self.whole {
            Some(whole) => format!("{whole} is checked without {path}: {why}"),
            None => format!("not fully checked: it needs {path}, which isn't read: {why}"),
        }
    }
}

/// The files that a file may refer to. Whoever reads files (the program, the server with what is open in the editor)
/// implements it; the analysis only asks. Paths are relative to what the path of the asking file is relative to, with
/// `/`, and are made with [`join`].
pub trait Files: Send + Sync + fmt::Debug {
    /// A file read as JSON, YAML or HCL by its name. `None` where there is none, or none that can be read.
    fn tree(&self, path: &str) -> Option<Arc<Tree>>;

    /// A file's text. `None` where there is none, or it isn't UTF-8.
    fn text(&self, path: &str) -> Option<Arc<str>>;

    /// The names of the files in a folder, sorted, without those in folders below. Empty for no such folder.
    fn list(&self, folder: &str) -> Vec<String>;

    /// Why a file is there and isn't read: a pipe or a device, or, where it may be read, one that can't be opened, is no text or
    /// is too large. `None` where there is none, and for one that is read. To be asked where [`Files::tree`] gave nothing.
    fn refused(&self, _path: &str) -> Option<Unread> {
        None
    }

    /// Why a folder is there and its files can't be listed.
    fn closed(&self, _folder: &str) -> Option<Unread> {
        None
    }

    /// Where a file lies, so that the same file is known by it whatever its path is relative to.
    fn place(&self, path: &str) -> PathBuf {
        PathBuf::from(path)
    }

    /// Where what is worked out over the files is kept, for whoever reads files that stay as they are.
    fn shelf(&self) -> Option<&Shelf> {
        None
    }

    /// Takes down that something was asked for that was worked out from what others have read.
    fn note(&self, _: &Arc<Reads>) {}

    /// Another number after any of the files has changed: what was worked out with them doesn't hold then.
    fn stamp(&self) -> u64;
}

/// A file that stands alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoFiles;

impl Files for NoFiles {
    fn tree(&self, _: &str) -> Option<Arc<Tree>> {
        None
    }

    fn text(&self, _: &str) -> Option<Arc<str>> {
        None
    }

    fn list(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn stamp(&self) -> u64 {
        0
    }
}

/// The folder of a file; empty for one that has none.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The path that `relative` leads to from `folder`: `.` and `..` are taken out where they can be. An absolute
/// `relative` stays as it is.
pub fn join(folder: &str, relative: &str) -> String {
    let relative = relative.replace('\\', "/");
    let absolute = relative.starts_with('/');
    let base = if absolute { "" } else { folder };
    let rooted = absolute || base.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(relative.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if rooted { format!("/{joined}") } else { joined }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined() {
        for (from, relative, joined) in [
            ("a/b", "c.yml", "a/b/c.yml"),
            ("a/b", "./c.yml", "a/b/c.yml"),
            ("a/b", "../c.yml", "a/c.yml"),
            ("a", "../../c.yml", "../c.yml"),
            ("..", "../c.yml", "../../c.yml"),
            ("", "c\\d.yml", "c/d.yml"),
            ("/a", "../../c.yml", "/c.yml"),
            ("a", "/c.yml", "/c.yml"),
        ] {
            assert_eq!(join(from, relative), joined, "{relative} from {from}");
        }
        assert_eq!(folder("a/b.yml"), "a");
        assert_eq!(folder("b.yml"), "");
    }
}
