//! Which modules read a file that lies beside them, and what the policy in it is for there.

use std::collections::BTreeSet;
use std::sync::Arc;

use leastwise_model::SiteKind;
use leastwise_model::files::{self, Files, Shelf};
use leastwise_syntax::Tree;

use super::limits::{FILLED_VARIABLES, FOLDERS_UP_TO_READERS};
use super::module::declared::Modules;
use super::module::neighbour_files::Readers;
use super::module::reach::ReachedKind;
use super::templated_file::Given;
use super::{Module, ModuleNode};
use crate::work;

/// What the modules that read a file with a policy say of it.
#[derive(Debug, Default)]
pub struct ModuleReaders {
    /// What the policy is for: nothing where no module reads it, and an unknown kind where they don't tell, or tell
    /// different ones.
    pub kind: Option<ReachedKind>,
    /// What the only module, in the only place, that fills the file in gives to its variables. Nothing where several do,
    /// which may give different things, or one that isn't taken apart.
    pub given: Option<Given>,
}

/// Asks the modules around a file, each once.
pub fn read(tree: &Tree, path: &str, files: &dyn Files) -> ModuleReaders {
    let path = files::join("", path);
    let mut kinds: Vec<Option<ReachedKind>> = Vec::new();
    let mut given = None;
    let mut is_one = tree.mentions("${") || tree.mentions("%{");
    for folder in folders(&path, false, files) {
        let Some(module) = Module::called(&folder, files) else {
            continue;
        };
        // All files of the module have trees of their own.
        let read = module.files_read(tree, &folder);
        if !read.reads(&path) {
            continue;
        }
        kinds.push(module.reach(tree, &folder, files).of_file(&path));
        if !is_one {
            continue;
        }
        match read.filled(&path) {
            Some([]) => {}
            Some(&[only]) if given.is_none() => given = Some(given_at(module.clone(), tree, only)),
            _ => is_one = false,
        }
    }
    ModuleReaders {
        kind: common(&kinds),
        given: given.filter(|_| is_one),
    }
}

fn common(kinds: &[Option<ReachedKind>]) -> Option<ReachedKind> {
    let (first, rest) = kinds.split_first()?;
    let unknown = (SiteKind::Unknown, None);
    let (kind, service) = first.unwrap_or(unknown);
    let alike = rest
        .iter()
        .all(|other| other.is_some_and(|(other, _)| other == kind));
    Some(match alike {
        true if rest.iter().all(|other| other == first) => (kind, service),
        true => (kind, None),
        false => unknown,
    })
}

fn given_at(module: Module, tree: &Tree, at: ModuleNode) -> Given {
    let of = module.tree(at.file, tree);
    let pairs = of
        .pairs(of.resolved(at.node))
        .into_iter()
        .take(FILLED_VARIABLES);
    let file = at.file;
    let value = |node| ModuleNode { file, node };
    let variables = pairs
        .filter_map(|pair| Some((of.text(pair.key)?.to_owned(), value(pair.value))))
        .collect();
    Given { module, variables }
}

/// Whether a module around a file may fill it in.
pub fn may_be_filled(path: &str, files: &dyn Files) -> bool {
    !folders(path, true, files).is_empty()
}

/// The folders of modules around a file that name it and read files, or fill them in: those of the folders above it, and those
/// that they call.
fn folders(path: &str, is_filled: bool, files: &dyn Files) -> BTreeSet<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut found = BTreeSet::new();
    let mut folder = files::folder(path);
    for _ in 0..FOLDERS_UP_TO_READERS {
        work::did(1);
        let readers = known(folder, files);
        let of = match is_filled {
            true => &readers.filled,
            false => &readers.read,
        };
        let named = of.get(name).into_iter().flatten();
        found.extend(named.map(|folder| folder.to_string()));
        if folder.is_empty() {
            break;
        }
        folder = files::folder(folder);
    }
    found
}

fn known(folder: &str, files: &dyn Files) -> Arc<Readers> {
    let of = |files: &dyn Files| Arc::new(Readers::of(folder, files));
    match files.shelf().and_then(Shelf::get::<Modules>) {
        Some(modules) => modules.readers(folder, files, of),
        None => of(files),
    }
}
