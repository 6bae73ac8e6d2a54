//! Which modules read a file that lies beside them, and what the policy in it is for there.

use std::collections::BTreeSet;
use std::sync::Arc;

use leastwise_model::SiteKind;
use leastwise_model::files::{self, Files};
use leastwise_syntax::Tree;

use super::given::Given;
use super::module::reach::{self, Kind};
use super::{At, Module};

/// The most variables that are looked at.
const MAX_VARIABLES: usize = 256;
/// How many folders up modules are looked for.
const MAX_UP: usize = 4;
/// The most folders of modules that one module calls which are looked into.
const MAX_CALLED: usize = 32;

/// What the modules that read a file with a policy say of it.
#[derive(Debug, Default)]
pub struct Read {
    /// What the policy is for: nothing where no module reads it, and an unknown kind where they don't tell, or tell
    /// different ones.
    pub kind: Option<Kind>,
    /// What the only module, in the only place, that fills the file in gives to its variables. Nothing where several do,
    /// which may give different things, or one that isn't taken apart.
    pub given: Option<Given>,
}

/// Asks the modules around a file, each once.
pub fn read(tree: &Tree, path: &str, files: &dyn Files) -> Read {
    let path = files::join("", path);
    let mut kinds: Vec<Option<Kind>> = Vec::new();
    let mut given = None;
    let mut is_one = tree.source().contains("${");
    // `templatefile(` ends alike.
    for folder in folders(&path, "file(", files) {
        let Some(module) = Module::called(&folder, files) else {
            continue;
        };
        // All files of the module have trees of their own.
        let reads = module.trees(tree).any(|tree| {
            let mut documents = tree.documents().iter();
            documents.any(|root| reach::reads(tree, *root, &folder, &path))
        });
        if !reads {
            continue;
        }
        kinds.push(module.reach(tree, &folder, files).of_file(&path));
        if !is_one {
            continue;
        }
        match fillings(&module, tree, &folder, &path).as_deref() {
            Some([]) => {}
            Some(&[only]) if given.is_none() => given = Some(given_at(module, tree, only)),
            _ => is_one = false,
        }
    }
    Read {
        kind: common(&kinds),
        given: given.filter(|_| is_one),
    }
}

fn common(kinds: &[Option<Kind>]) -> Option<Kind> {
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

/// The variables that each `templatefile` of a module gives to a file; `None` where one isn't taken apart.
fn fillings(module: &Module, tree: &Tree, folder: &str, path: &str) -> Option<Vec<At>> {
    let mut found = Vec::new();
    for file in 0..module.count() {
        let filled = reach::filled(module.tree(file, tree), folder, path)?;
        found.extend(filled.into_iter().map(|node| At { file, node }));
    }
    Some(found)
}

fn given_at(module: Module, tree: &Tree, at: At) -> Given {
    let of = module.tree(at.file, tree);
    let pairs = of
        .pairs(of.resolved(at.node))
        .into_iter()
        .take(MAX_VARIABLES);
    let file = at.file;
    let value = |node| At { file, node };
    let variables = pairs
        .filter_map(|pair| Some((of.text(pair.key)?.to_owned(), value(pair.value))))
        .collect();
    Given { module, variables }
}

/// The folders of modules around a file whose text has both its name and `call`: those of the folders above it, and those
/// that they call.
pub fn folders(path: &str, call: &str, files: &dyn Files) -> BTreeSet<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut folder = files::folder(path);
    for _ in 0..MAX_UP {
        let texts = texts(folder, files);
        let called = texts.iter().flat_map(|text| sources(text));
        let called = called.map(|source| files::join(folder, source));
        for inner in called.take(MAX_CALLED) {
            if seen.insert(inner.clone()) && names(&self::texts(&inner, files), name, call) {
                found.insert(inner);
            }
        }
        if names(&texts, name, call) {
            found.insert(folder.to_owned());
        }
        if folder.is_empty() {
            break;
        }
        folder = files::folder(folder);
    }
    found
}

fn texts(folder: &str, files: &dyn Files) -> Vec<Arc<str>> {
    let names = files.list(folder).into_iter();
    names
        .filter(|name| super::is_module_file(name))
        .filter_map(|name| files.text(&files::join(folder, &name)))
        .collect()
}

fn names(texts: &[Arc<str>], name: &str, call: &str) -> bool {
    texts
        .iter()
        .any(|text| text.contains(name) && text.contains(call))
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
