//! Which files beside modules these may read, told by the names that stand in their texts.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};
use leastwise_model::files::{self, Files};

use super::file_names::is_module_file;
use crate::terraform::limits::FILE_NAME_LENGTH;
use crate::work;

/// What the texts of a module's files name.
#[derive(Default)]
struct Names {
    /// The last parts of paths, and words, in files that read others.
    read: HashSet<String>,
    /// The same in those that fill others in.
    filled: HashSet<String>,
    /// The folders of the modules that it calls.
    called: BTreeSet<String>,
}

impl Names {
    fn of(folder: &str, files: &dyn Files) -> Names {
        let mut names = Names::default();
        for name in files.list(folder) {
            work::did(1);
            let is_one = is_module_file(&name);
            let text = is_one.then(|| files.text(&files::join(folder, &name)));
            let Some(text) = text.flatten() else {
                continue;
            };
            let called = sources(&text).map(|source| files::join(folder, source));
            names.called.extend(called);
            // `templatefile(` ends alike.
            if !text.contains("file(") {
                continue;
            }
            let fills = text.contains("templatefile(");
            let words = text.split(['"', '/', '\\', '}']);
            let is_name = |word: &&str| word.len() <= FILE_NAME_LENGTH && !word.contains('\n');
            for word in words.filter(is_name) {
                names.read.insert(word.to_owned());
                if fills {
                    names.filled.insert(word.to_owned());
                }
            }
        }
        names
    }
}

/// By the name of a file the folders of modules that may read it, and fill it in, among the one in a folder and those that it
/// calls: looked for once for all who ask.
#[derive(Debug, Default)]
pub(crate) struct Readers {
    pub read: HashMap<String, Vec<Arc<str>>>,
    pub filled: HashMap<String, Vec<Arc<str>>>,
}

impl Readers {
    /// Reads the names in the texts of a folder's module, and of those that it calls.
    pub fn of(folder: &str, files: &dyn Files) -> Readers {
        let mut readers = Readers::default();
        let own = Names::of(folder, files);
        let called = own.called.clone();
        readers.add(folder, own);
        for inner in called.iter().filter(|inner| *inner != folder) {
            readers.add(inner, Names::of(inner, files));
        }
        readers
    }

    fn add(&mut self, folder: &str, names: Names) {
        let folder: Arc<str> = Arc::from(folder);
        for (into, names) in [
            (&mut self.read, names.read),
            (&mut self.filled, names.filled),
        ] {
            for name in names {
                into.entry(name).or_default().push(Arc::clone(&folder));
            }
        }
    }
}

/// The folders that a module's text calls modules from.
fn sources(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim_start);
    lines.filter_map(|line| {
        let value = line.strip_prefix("source")?.trim_start();
        let value = value.strip_prefix('=')?.trim_start().strip_prefix('"')?;
        let (value, _) = value.split_once('"')?;
        value.starts_with('.').then_some(value)
    })
}
