//! Who calls a module.

use std::sync::Arc;

use leastwise_model::files::{self, Files};
use leastwise_model::guard::ModuleNode;

use super::Module;
use crate::terraform::body::argument;
use crate::terraform::limits::FOLDERS_UP_TO_CALLERS;

/// A call of the module.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The module that it stands in, which all calls of a folder share.
    pub module: Arc<Module>,
    /// The body of the call.
    pub body: ModuleNode,
    /// What it is called: `module.orders`, `module.orders["eu"]` for one of its instances.
    pub name: String,
    /// The key of the instance, for one of several.
    pub key: Option<String>,
}

impl Caller {
    /// What it gives to a variable.
    pub fn argument(&self, name: &str) -> Option<ModuleNode> {
        // All files of the module have trees of their own.
        let (_, tree) = self.module.other(self.body.file)?;
        let node = argument(tree, self.body.node, name)?;
        let file = self.body.file;
        Some(ModuleNode { file, node })
    }

    /// What it gives, by name, as it is written.
    pub fn arguments(&self) -> impl Iterator<Item = (&str, &str)> {
        let tree = self.module.other(self.body.file).map(|(_, tree)| tree);
        let pairs = tree.into_iter().flat_map(|tree| {
            let pairs = tree.pairs(self.body.node).into_iter();
            pairs.map(move |pair| (tree, pair))
        });
        pairs.filter_map(|(tree, pair)| {
            Some((tree.text(pair.key)?, tree.part(tree.span(pair.value))))
        })
    }

    /// Whether it is the same call, of the same instance.
    pub fn is(&self, other: &Caller) -> bool {
        Arc::ptr_eq(&self.module, &other.module) && self.body == other.body && self.key == other.key
    }

    /// The same call for one of its instances.
    pub fn instance(&self, key: &str) -> Caller {
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
pub fn of(folder: &str, files: &dyn Files) -> Vec<Arc<Caller>> {
    let mut above = folder.to_owned();
    for _ in 0..FOLDERS_UP_TO_CALLERS {
        let up = files::join(&above, "..");
        if up == above || up.ends_with("..") || up.is_empty() && above.is_empty() {
            break;
        }
        above = up;
        let Some(module) = Module::called(&above, files) else {
            continue;
        };
        let module = Arc::new(module);
        let calls = module.calls_of(folder).iter();
        let callers: Vec<_> = calls
            .map(|(body, name)| {
                Arc::new(Caller {
                    module: Arc::clone(&module),
                    body: *body,
                    name: format!("module.{name}"),
                    key: None,
                })
            })
            .collect();
        if !callers.is_empty() {
            return callers;
        }
    }
    Vec::new()
}
