//! What a module of Terraform declares, over all files of its folder.

use std::collections::HashMap;
use std::sync::Arc;

use leastwise_syntax::{NodeId, Tree, View};

use super::Reference;
use super::body::{argument, expression, labelled, nested};
use super::callers::{self, Caller};
use crate::files::{self, Files};
use crate::guard::At;

/// A file of the module.
#[derive(Clone, Debug)]
struct Source {
    /// `None` for the file that is looked at: its tree is with whoever asks.
    tree: Option<Arc<Tree>>,
    /// Its path, as the files around are asked for it.
    path: String,
}

/// A resource or data source.
#[derive(Clone, Debug)]
pub struct Block {
    /// The body.
    pub body: At,
    /// The node of its name.
    pub label: NodeId,
    /// `aws_iam_role`
    pub type_name: String,
    /// The name in the module.
    pub name: String,
    /// Whether it is a data source.
    pub data: bool,
    /// Whether there may be none or several of it: `count` or `for_each`.
    pub repeated: bool,
    /// Whether it names a provider or a region of its own.
    pub configured: bool,
}

/// A variable of the module.
#[derive(Clone, Debug, Default)]
pub struct Variable {
    /// The value of `default`.
    pub default: Option<At>,
    /// The value from `terraform.tfvars` or an `*.auto.tfvars`, which Terraform reads by itself.
    pub set: Option<At>,
    /// Values from other `*.tfvars`, each with the file's name without its ending: one is chosen by who runs Terraform.
    pub named: Vec<(String, At)>,
    /// The node of its name, where it is declared.
    pub declared: Option<At>,
}

/// The configuration of a provider.
#[derive(Clone, Debug)]
pub struct Provider {
    /// `aws.virginia`, or `aws` for the one without an alias.
    pub name: String,
    /// The body.
    pub body: At,
}

/// A call of another module.
#[derive(Clone, Debug)]
pub struct Call {
    /// The body.
    pub body: At,
    /// The node of its name.
    pub label: NodeId,
    /// The module, where it is a folder of the workspace.
    pub module: Option<Box<Module>>,
}

/// The declarations of a module.
#[derive(Clone, Debug, Default)]
pub struct Module {
    sources: Vec<Source>,
    /// Resources and data sources by address: `aws_iam_role.app`, `data.aws_region.current`.
    pub blocks: HashMap<String, Block>,
    /// Their addresses: those of the file that is looked at first, in its order.
    pub order: Vec<String>,
    /// Variables by name.
    pub variables: HashMap<String, Variable>,
    /// Local values by name.
    pub locals: HashMap<String, At>,
    /// Values of outputs by name.
    pub outputs: HashMap<String, At>,
    /// Providers of AWS.
    pub providers: Vec<Provider>,
    /// Calls of modules by name.
    pub calls: HashMap<String, Call>,
    /// The call that it is looked at for: the only one in the workspace.
    pub caller: Option<Arc<Caller>>,
    /// Its calls in the workspace.
    pub callers: Vec<Arc<Caller>>,
}

/// How many modules deep callers and called modules are looked at.
const MAX_CALLS: usize = 3;
/// The most files of one module: a guard, beyond what anybody writes.
const MAX_FILES: usize = 1 << 14;

/// Whether a block has no instance: a `count` of 0, a `for_each` over nothing.
pub(super) fn is_never_there(tree: &Tree, body: NodeId) -> bool {
    let is_nothing = |node: NodeId| {
        let node = match expression(tree, node) {
            Some(("toset" | "tomap", arguments)) => match tree.items(arguments) {
                Some(&[only]) => only,
                _ => node,
            },
            _ => node,
        };
        matches!(tree.view(node), View::Sequence([]) | View::Mapping([]))
    };
    let count = argument(tree, body, "count").and_then(|count| tree.text(count));
    count == Some("0") || argument(tree, body, "for_each").is_some_and(is_nothing)
}

/// Whether a file is one of a module's, by its name.
pub fn is_module_file(name: &str) -> bool {
    [".tf", ".tofu", ".tf.json", ".tofu.json"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// Whether a file gives values to variables, by its name.
pub fn is_variables_file(name: &str) -> bool {
    [".tfvars", ".tfvars.json"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

impl Module {
    /// Reads the module that a file is part of. `tree` is the file at `path`.
    pub fn read(tree: &Tree, path: &str, files: &dyn Files) -> Module {
        let folder = files::folder(path);
        let mut module = Module::load(Some((tree, path)), folder, files, 0);
        // Without variables there is nothing that a caller could say.
        if !module.variables.is_empty() {
            module.callers = callers::of(folder, files);
        }
        if let [only] = module.callers.as_slice() {
            module.caller = Some(Arc::clone(only));
        }
        module
    }

    /// Whether one of its other files says a text somewhere.
    pub(super) fn says(&self, text: &str) -> bool {
        let mut trees = self
            .sources
            .iter()
            .filter_map(|source| source.tree.as_ref());
        trees.any(|tree| tree.source().contains(text))
    }

    /// Reads a module that another one calls, without the modules that it calls itself.
    pub(super) fn called(folder: &str, files: &dyn Files) -> Option<Module> {
        let module = Module::load(None, folder, files, MAX_CALLS);
        (!module.sources.is_empty()).then_some(module)
    }

    /// Reads a module whose file at `path` calls the one at hand: the calls in it are of the module's first file.
    pub(super) fn calling(tree: &Arc<Tree>, path: &str, files: &dyn Files) -> Module {
        let folder = files::folder(path);
        let mut module = Module::load(Some((tree, path)), folder, files, MAX_CALLS);
        if let Some(first) = module.sources.first_mut() {
            first.tree = Some(Arc::clone(tree));
        }
        module
    }

    /// The number of a file of the module.
    pub(super) fn file(&self, path: &str) -> Option<u32> {
        let at = self.sources.iter().position(|source| source.path == path);
        at.and_then(|at| u32::try_from(at).ok())
    }

    fn load(own: Option<(&Tree, &str)>, folder: &str, files: &dyn Files, depth: usize) -> Module {
        let mut module = Module::default();
        if let Some((tree, path)) = own {
            module.sources.push(Source {
                tree: None,
                path: path.to_owned(),
            });
            module.declare(tree, 0);
        }
        let own_name = own.map(|(_, path)| path.rsplit('/').next().unwrap_or(path));
        let mut values = Vec::new();
        for name in files.list(folder) {
            let of_values = is_variables_file(&name);
            if Some(name.as_str()) == own_name
                || !(of_values || is_module_file(&name))
                || module.sources.len() >= MAX_FILES
            {
                continue;
            }
            let path = files::join(folder, &name);
            let Some(tree) = files.tree(&path) else {
                continue;
            };
            let file = module.add(path, Arc::clone(&tree));
            if of_values {
                values.push((name, file));
            } else {
                module.declare(&tree, file);
            }
        }
        // Later files win: `terraform.tfvars`, its JSON form, `*.auto.tfvars` in the order of their names.
        values.sort_by_key(|(name, _)| (name.contains(".auto."), name.clone()));
        for (name, file) in values {
            module.assign(&name, file);
        }
        module.enter(own.map(|(tree, _)| tree), folder, files, depth);
        module
    }

    fn add(&mut self, path: String, tree: Arc<Tree>) -> u32 {
        self.sources.push(Source {
            tree: Some(tree),
            path,
        });
        u32::try_from(self.sources.len() - 1).unwrap_or(u32::MAX)
    }

    /// Whether a reference names a resource that the module makes.
    pub fn makes(&self, reference: &str) -> bool {
        let parsed = Reference::parse(reference);
        let resource = parsed.and_then(|reference| reference.resource());
        resource.is_some_and(|resource| {
            let block = self.blocks.get(&resource.address);
            block.is_some_and(|block| !block.data)
        })
    }

    /// The tree of a file; `own` for the one that is looked at.
    pub fn tree<'a>(&'a self, file: u32, own: &'a Tree) -> &'a Tree {
        self.sources
            .get(file as usize)
            .and_then(|source| source.tree.as_deref())
            .unwrap_or(own)
    }

    /// Another file than the one that is looked at: its path and tree.
    pub fn other(&self, file: u32) -> Option<(&str, &Arc<Tree>)> {
        let source = self.sources.get(file as usize)?;
        Some((source.path.as_str(), source.tree.as_ref()?))
    }

    /// How many files there are.
    pub fn count(&self) -> u32 {
        u32::try_from(self.sources.len()).unwrap_or(u32::MAX)
    }

    /// The trees of all files, the one that is looked at first.
    pub fn trees<'a>(&'a self, own: &'a Tree) -> impl Iterator<Item = &'a Tree> {
        let sources = self.sources.iter();
        sources.map(move |source| source.tree.as_deref().unwrap_or(own))
    }

    fn declare(&mut self, tree: &Tree, file: u32) {
        let at = |node| At { file, node };
        for root in tree.documents() {
            for (key, data) in [("resource", false), ("data", true)] {
                for block in labelled(tree, *root, key, 2) {
                    let &[kind, name] = block.labels.as_slice() else {
                        continue;
                    };
                    let (Some(type_name), Some(text)) = (tree.text(kind), tree.text(name)) else {
                        continue;
                    };
                    if is_never_there(tree, block.body) {
                        continue;
                    }
                    let lead = if data { "data." } else { "" };
                    let address = format!("{lead}{type_name}.{text}");
                    let has = |keys: [&str; 2]| {
                        let mut keys = keys.iter();
                        keys.any(|key| argument(tree, block.body, key).is_some())
                    };
                    let repeated = has(["count", "for_each"]);
                    let configured = has(["provider", "region"]);
                    self.order.push(address.clone());
                    self.blocks.entry(address).or_insert(Block {
                        body: at(block.body),
                        label: name,
                        type_name: type_name.to_owned(),
                        name: text.to_owned(),
                        data,
                        repeated,
                        configured,
                    });
                }
            }
            for body in nested(tree, *root, "locals") {
                for pair in tree.pairs(body) {
                    if let Some(name) = tree.text(pair.key) {
                        self.locals.insert(name.to_owned(), at(pair.value));
                    }
                }
            }
            for block in labelled(tree, *root, "variable", 1) {
                let label = block.labels.first().copied();
                let Some(name) = label.and_then(|label| tree.text(label)) else {
                    continue;
                };
                let variable = self.variables.entry(name.to_owned()).or_default();
                variable.default = argument(tree, block.body, "default").map(at);
                variable.declared = label.map(at);
            }
            for block in labelled(tree, *root, "output", 1) {
                let label = block.labels.first();
                if let (Some(name), Some(value)) = (
                    label.and_then(|label| tree.text(*label)),
                    argument(tree, block.body, "value"),
                ) {
                    self.outputs.insert(name.to_owned(), at(value));
                }
            }
            for block in labelled(tree, *root, "provider", 1) {
                let label = block.labels.first();
                if label.and_then(|label| tree.text(*label)) != Some("aws") {
                    continue;
                }
                let alias = argument(tree, block.body, "alias").and_then(|node| tree.text(node));
                self.providers.push(Provider {
                    name: alias.map_or_else(|| "aws".to_owned(), |alias| format!("aws.{alias}")),
                    body: at(block.body),
                });
            }
            for block in labelled(tree, *root, "module", 1) {
                let label = block.labels.first();
                if let Some((label, name)) =
                    label.and_then(|label| Some((*label, tree.text(*label)?)))
                {
                    let call = Call {
                        body: at(block.body),
                        label,
                        module: None,
                    };
                    self.calls.insert(name.to_owned(), call);
                }
            }
        }
    }

    /// Gives variables the values of a `*.tfvars` file.
    fn assign(&mut self, name: &str, file: u32) {
        let stem = name
            .trim_end_matches(".json")
            .trim_end_matches(".tfvars")
            .to_owned();
        let read = stem == "terraform" || stem.ends_with(".auto");
        let Some(tree) = self
            .sources
            .get(file as usize)
            .and_then(|source| source.tree.clone())
        else {
            return;
        };
        let mut values = Vec::new();
        for root in tree.documents() {
            if let View::Mapping(pairs) = tree.view(*root) {
                let pairs = pairs.iter();
                values.extend(
                    pairs.filter_map(|pair| Some((tree.text(pair.key)?.to_owned(), pair.value))),
                );
            }
        }
        for (name, node) in values {
            // A value for a variable that the module doesn't have is another module's.
            let Some(variable) = self.variables.get_mut(&name) else {
                continue;
            };
            let at = At { file, node };
            if read {
                variable.set = Some(at);
            } else {
                variable.named.push((stem.clone(), at));
            }
        }
    }

    /// Reads the modules of the workspace that this one calls and asks for outputs.
    fn enter(&mut self, own: Option<&Tree>, folder: &str, files: &dyn Files, depth: usize) {
        if depth >= MAX_CALLS {
            return;
        }
        let mut calls = std::mem::take(&mut self.calls);
        for (name, call) in &mut calls {
            let wanted = format!("module.{name}");
            let finder = memchr::memmem::Finder::new(&wanted);
            let asked = |tree: &Tree| finder.find(tree.source().as_bytes()).is_some();
            let mut sources = self.sources.iter();
            if !sources.any(|source| source.tree.as_deref().or(own).is_some_and(asked)) {
                continue;
            }
            let tree = match self
                .sources
                .get(call.body.file as usize)
                .map(|source| &source.tree)
            {
                Some(Some(tree)) => tree,
                _ => match own {
                    Some(tree) => tree,
                    None => continue,
                },
            };
            let Some(source) = local_source(tree, call.body.node) else {
                continue;
            };
            let inner = files::join(folder, source);
            if inner != folder {
                let module = Module::load(None, &inner, files, depth + 1);
                call.module = Some(Box::new(module));
            }
        }
        self.calls = calls;
    }
}

/// The folder that a call's `source` names, where it is one of the workspace.
pub(super) fn local_source(tree: &Tree, body: NodeId) -> Option<&str> {
    let source = tree.text(argument(tree, body, "source")?)?;
    (source.starts_with("./") || source.starts_with("../")).then_some(source)
}
