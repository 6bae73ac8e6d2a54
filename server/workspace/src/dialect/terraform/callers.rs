//! Who calls a module.

use std::collections::HashMap;
use std::sync::Arc;

use leastwise_syntax::NodeId;

use super::body::{argument, labelled};
use super::module::{is_module_file, is_never_there, local_source};
use super::{At, Module};
use crate::files::{self, Files};

/// How many folders up callers are looked for.
const MAX_UP: usize = 3;
/// The most calls of one module that are looked at.
const MAX_CALLERS: usize = 4096;

/// A call of the module.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The module that it stands in, which all calls of a folder share.
    pub module: Arc<Module>,
    /// The body of the call.
    pub body: At,
    /// What it is called: `module.orders`, `module.orders["eu"]` for one of its instances.
    pub name: String,
    /// The key of the instance, for one of several.
    pub key: Option<String>,
}

impl Caller {
    /// What it gives to a variable.
    pub(crate) fn argument(&self, name: &str) -> Option<At> {
        // All files of the module have trees of their own.
        let (_, tree) = self.module.other(self.body.file)?;
        let node = argument(tree, self.body.node, name)?;
        let file = self.body.file;
        Some(At { file, node })
    }

    /// What it gives, by name, as it is written.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = (&str, &str)> {
        let tree = self.module.other(self.body.file).map(|(_, tree)| tree);
        let pairs = tree.into_iter().flat_map(|tree| {
            let pairs = tree.pairs(self.body.node).into_iter();
            pairs.map(move |pair| (tree, pair))
        });
        pairs.filter_map(|(tree, pair)| {
            let value = tree.source().get(tree.span(pair.value).range())?;
            Some((tree.text(pair.key)?, value))
        })
    }

    /// The same call for one of its instances.
    pub(crate) fn instance(&self, key: &str) -> Caller {
        Caller {
            name: match self.argument("count").is_some() {
                true => format!("{}[{key}]", self.name),
                false => format!("{}[\"{key}\"]", self.name),
            },
            key: Some(key.to_owned()),
            ..self.clone()
        }
    }
}

/// The calls of the module of a folder in the nearest folder above it that has any.
pub(super) fn of(folder: &str, files: &dyn Files) -> Vec<Arc<Caller>> {
    let mut above = folder.to_owned();
    for _ in 0..MAX_UP {
        let up = files::join(&above, "..");
        if up == above || up.ends_with("..") || up.is_empty() && above.is_empty() {
            break;
        }
        above = up;
        let calls = calls(&above, folder, files);
        let Some((path, ..)) = calls.first() else {
            continue;
        };
        let Some(tree) = files.tree(path) else { break };
        let module = Arc::new(Module::calling(&tree, path, files));
        // Its files by their paths: there may be as many as calls.
        let mut numbers: HashMap<&str, Option<u32>> = HashMap::new();
        let callers = calls.iter().filter_map(|(path, node, name)| {
            let number = numbers.entry(path).or_insert_with(|| module.file(path));
            let file = (*number)?;
            Some(Arc::new(Caller {
                module: Arc::clone(&module),
                body: At { file, node: *node },
                name: format!("module.{name}"),
                key: None,
            }))
        });
        return callers.collect();
    }
    Vec::new()
}

/// The calls in one folder of the module in another: each one's file, body and name.
fn calls(above: &str, folder: &str, files: &dyn Files) -> Vec<(String, NodeId, String)> {
    let mut calls = Vec::new();
    for name in files.list(above).into_iter().take(4096) {
        if !is_module_file(&name) {
            continue;
        }
        let path = files::join(above, &name);
        let Some(tree) = files.tree(&path) else {
            continue;
        };
        for root in tree.documents() {
            for block in labelled(&tree, *root, "module", 1) {
                let leads = local_source(&tree, block.body)
                    .is_some_and(|source| files::join(above, source) == folder);
                let label = block.labels.first().and_then(|label| tree.text(*label));
                // A call of no instance says nothing of what the module is called with.
                let leads = leads && !is_never_there(&tree, block.body);
                if leads && calls.len() < MAX_CALLERS {
                    let name = label.unwrap_or_default().to_owned();
                    calls.push((path.clone(), block.body, name));
                }
            }
        }
    }
    calls
}
