//! A module of Terraform as one of its files sees it. What it declares, who calls it and what its blocks have to do with each
//! other stands in this folder, and knows a [`Module`].

pub(super) mod attachments;
mod bounds;
pub(crate) mod callers;
pub(super) mod declared;
mod file_names;
pub(super) mod links;
pub(crate) mod neighbour_files;
mod overlay;
pub(super) mod reach;
pub(super) mod sources;

pub use file_names::{is_module_file, is_variables_file};

use std::ops::Deref;
use std::sync::Arc;

use leastwise_model::files::{self, Files, Shelf};
use leastwise_model::guard::ModuleNode;
use leastwise_model::{Config, Environment};
use leastwise_syntax::{NodeId, Retyped, Tree};

use super::Reference;
use crate::terraform::limits::DEPTH_OF_CALLS;
use bounds::Bounds;
use callers::Caller;
use declared::{Declared, Modules, Outlook};
use links::Links;
use overlay::Over;
use reach::Reach;
use sources::Sources;

/// A resource or data source.
#[derive(Clone, Debug)]
pub struct Block {
    /// The body.
    pub body: ModuleNode,
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
pub struct ModuleVariable {
    /// The value of `default`.
    pub default: Option<ModuleNode>,
    /// The value from `terraform.tfvars` or an `*.auto.tfvars`, which Terraform reads by itself.
    pub set: Option<ModuleNode>,
    /// Values from other `*.tfvars`, each with the file's name without its ending: one is chosen by who runs Terraform.
    pub named: Vec<(String, ModuleNode)>,
    /// The node of its name, where it is declared.
    pub declared: Option<ModuleNode>,
}

/// The configuration of a provider.
#[derive(Clone, Debug)]
pub struct Provider {
    /// `aws.virginia`, or `aws` for the one without an alias.
    pub name: String,
    /// The body.
    pub body: ModuleNode,
}

/// A call of another module.
#[derive(Clone, Debug)]
pub struct ModuleCall {
    /// The body.
    pub body: ModuleNode,
    /// The node of its name.
    pub label: NodeId,
    /// The module, where it is a folder of the workspace.
    pub module: Option<Box<Module>>,
}

/// A module, as one of its files sees it, or somebody outside. What its files declare is read once for all of them.
#[derive(Clone, Debug)]
pub struct Module {
    declared: Arc<Declared>,
    /// The number of the file that is looked at; no file's for who looks from outside.
    own: u32,
    /// That file as it is by now, where the module knows it as it was.
    over: Option<Arc<Over>>,
    /// The call that it is looked at for: the only one in the workspace.
    pub caller: Option<Arc<Caller>>,
    /// Its calls in the workspace.
    pub callers: Arc<Vec<Arc<Caller>>>,
}

impl Deref for Module {
    type Target = Declared;

    fn deref(&self) -> &Declared {
        &self.declared
    }
}

impl Module {
    /// Reads the module that a file is part of. `tree` is the file at `path`.
    pub fn read(tree: &Tree, path: &str, files: &dyn Files) -> Module {
        let folder = files::folder(path);
        let name = path.rsplit('/').next().unwrap_or(path);
        let shared = files.shelf().and_then(Shelf::get::<Modules>);
        let shared = shared.and_then(|modules| {
            let shared = modules.declared_in(folder, 0, files);
            if let Some(own) = shared.file_of(tree, name) {
                return Some((own, None, shared));
            }
            // As fixes have left it.
            let over = Over::of(&shared, tree, name)?;
            Some((shared.file(name)?, Some(Arc::new(over)), shared))
        });
        let (own, over, declared) = shared.unwrap_or_else(|| {
            // As it is edited: for itself alone.
            let declared = Declared::load(Some((tree, path)), folder, files, 0);
            let own = declared.file(name).unwrap_or(u32::MAX);
            (own, None, Arc::new(declared))
        });
        // Without variables there is nothing that a caller could say.
        let callers = match declared.variables.is_empty() {
            true => Arc::default(),
            false => declared.callers(files),
        };
        let caller = match callers.as_slice() {
            [only] => Some(Arc::clone(only)),
            _ => None,
        };
        Module {
            declared,
            own,
            over,
            caller,
            callers,
        }
    }

    /// Takes over what somebody has typed into a scalar of the file that is looked at. Not where others have the module, too.
    pub(super) fn outlasts(&mut self, tree: &Tree, edit: &Retyped) -> bool {
        let declared = Arc::get_mut(&mut self.declared).filter(|_| self.over.is_none());
        declared.is_some_and(|declared| declared.outlasts(self.own, tree, edit))
    }

    /// What others of it than those that call it see.
    pub(super) fn outside(declared: Arc<Declared>) -> Module {
        Module {
            declared,
            own: u32::MAX,
            over: None,
            caller: None,
            callers: Arc::default(),
        }
    }

    /// Reads a module that another one calls, or that calls the one at hand, without the modules that it calls itself.
    pub(super) fn called(folder: &str, files: &dyn Files) -> Option<Module> {
        let declared = Declared::of(folder, DEPTH_OF_CALLS, files);
        (declared.count() > 0).then(|| Module::outside(declared))
    }

    /// The module as it was read, and with it the file that is looked at.
    pub(super) fn as_read<'a>(&'a self, own: &'a Tree) -> (Module, &'a Tree) {
        let module = Module {
            over: None,
            ..self.clone()
        };
        match &self.over {
            Some(_) => (module, self.declared.tree(self.own, own)),
            None => (module, own),
        }
    }

    /// What the file has by now in the place of what was declared at a place of the module.
    fn now<'a, T>(
        &'a self,
        was: Option<&'a T>,
        file: impl FnOnce(&T) -> Option<u32>,
        now: impl FnOnce(&'a Over) -> Option<&'a T>,
    ) -> Option<&'a T> {
        match (was, &self.over) {
            (Some(was), Some(over)) if file(was) == Some(self.own) => now(over),
            _ => was,
        }
    }

    /// The tree of a file; `own` for the one that is looked at.
    pub fn tree<'a>(&'a self, file: u32, own: &'a Tree) -> &'a Tree {
        match self.over.is_some() && self.is_own(file) {
            true => own,
            false => self.declared.tree(file, own),
        }
    }

    /// A local value.
    pub fn local(&self, name: &str) -> Option<&ModuleNode> {
        let was = self.declared.locals.get(name);
        self.now(was, |at| Some(at.file), |over| over.local(name))
    }

    /// The names of the local values.
    pub fn locals(&self) -> impl Iterator<Item = &String> {
        self.declared.locals.keys()
    }

    /// A variable.
    pub fn variable(&self, name: &str) -> Option<&ModuleVariable> {
        let was = self.declared.variables.get(name);
        let file = |of: &ModuleVariable| of.declared.map(|at| at.file);
        self.now(was, file, |over| over.variable(name))
    }

    /// The names of the variables.
    pub fn variables(&self) -> impl Iterator<Item = &String> {
        self.declared.variables.keys()
    }

    /// The value of an output.
    pub fn output(&self, name: &str) -> Option<&ModuleNode> {
        self.declared.outputs.get(name)
    }

    /// The names of the outputs.
    pub fn outputs(&self) -> impl Iterator<Item = &String> {
        self.declared.outputs.keys()
    }

    /// A call of a module.
    pub fn call(&self, name: &str) -> Option<&ModuleCall> {
        let was = self.declared.calls.get(name);
        self.now(was, |call| Some(call.body.file), |over| over.call(name))
    }

    /// The calls of modules with their names.
    pub fn calls(&self) -> impl Iterator<Item = (&String, &ModuleCall)> {
        let names = self.declared.calls.keys();
        names.filter_map(|name| Some((name, self.call(name)?)))
    }

    /// The number of the file that is looked at.
    pub fn own(&self) -> u32 {
        self.own
    }

    /// Whether a number is that of the file that is looked at.
    pub fn is_own(&self, file: u32) -> bool {
        file == self.own
    }

    /// The addresses that the file itself declares, in its order, each once.
    pub(crate) fn own_addresses(&self) -> impl Iterator<Item = &str> {
        self.declared.addresses_of(self.own)
    }

    /// The resources and data sources of the file itself with their addresses, in its order.
    pub(crate) fn own_blocks(&self) -> impl Iterator<Item = (&str, &Block)> {
        let own = self.own_addresses();
        own.filter_map(|address| Some((address, self.block(address)?)))
    }

    /// The calls in the file itself with their names.
    pub(crate) fn own_calls(&self) -> impl Iterator<Item = (&str, &ModuleCall)> {
        let own = self.declared.calls_in(self.own);
        let own = own.filter_map(|name| Some((name, self.call(name)?)));
        own.filter(|(_, call)| self.is_own(call.body.file))
    }

    /// The addresses of all files, those of the file itself first.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        let others = (0..self.count()).filter(|file| !self.is_own(*file));
        let others = others.flat_map(|file| self.declared.addresses_of(file));
        self.own_addresses().chain(others)
    }

    /// The resource or data source of an address: of two files that declare one, the file itself counts.
    pub fn block(&self, address: &str) -> Option<&Block> {
        self.block_of(address, self.own)
    }

    /// What an address is for a file.
    fn block_of(&self, address: &str, file: u32) -> Option<&Block> {
        let was = self.declared.block_of(address, file);
        let file = |block: &Block| Some(block.body.file);
        self.now(was, file, |over| over.block(address))
    }

    /// Whether a block is the first of its address.
    pub(crate) fn is_first(&self, address: &str, block: &Block) -> bool {
        let first = self.declared.blocks.get(address);
        let file = |block: &Block| Some(block.body.file);
        let first = self.now(first, file, |over| over.block(address));
        first.is_some_and(|first| first.body == block.body)
    }

    /// The provider of a name: of two, the one of the file itself counts.
    pub fn provider(&self, name: &str) -> Option<&Provider> {
        let all = || self.declared.providers.iter().filter(|it| it.name == name);
        let own = match &self.over {
            Some(over) => over.providers().find(|it| it.name == name),
            None => all().find(|provider| self.is_own(provider.body.file)),
        };
        own.or_else(|| all().next())
    }

    /// The trees of all files, the one that is looked at first.
    pub fn trees<'a>(&'a self, own: &'a Tree) -> impl Iterator<Item = &'a Tree> {
        let is_there = self.own < self.count();
        let others = (0..self.count()).filter(|file| !self.is_own(*file));
        let others = others.map(move |file| self.tree(file, own));
        is_there.then_some(own).into_iter().chain(others)
    }

    /// Another file than the one that is looked at: its path and tree.
    pub fn other(&self, file: u32) -> Option<(&str, &Arc<Tree>)> {
        match self.is_own(file) {
            true => None,
            false => self.declared.source(file),
        }
    }

    /// Whether one of its other files says a text somewhere.
    pub(super) fn says(&self, text: &str) -> bool {
        let mut others = (0..self.count()).filter_map(|file| self.other(file));
        others.any(|(_, tree)| tree.mentions(text))
    }

    /// Whether a reference names a resource that the module makes.
    pub fn makes(&self, reference: &str) -> bool {
        let parsed = Reference::parse(reference);
        let resource = parsed.and_then(|reference| reference.resource());
        resource.is_some_and(|resource| {
            let block = self.block(&resource.address);
            block.is_some_and(|block| !block.data)
        })
    }

    /// What the names of the module get into.
    pub(super) fn reach(&self, own: &Tree, folder: &str, files: &dyn Files) -> &Reach {
        let of = |files: &dyn Files| {
            let (whole, own) = self.as_read(own);
            Reach::of(&whole, own, folder, files)
        };
        self.declared.reach.get_or_init(files, of)
    }

    /// The files that it reads.
    pub(super) fn files_read(&self, own: &Tree, folder: &str) -> &reach::ModuleFiles {
        let of = || {
            let (whole, own) = self.as_read(own);
            reach::ModuleFiles::of(&whole, own, folder)
        };
        self.declared
            .read
            .get_or_init(self.as_read(own).1, None, of)
    }

    /// The policies that are permissions boundaries of its resources.
    pub(super) fn bounds(&self, own: &Tree) -> &Bounds {
        let of = || {
            let (whole, own) = self.as_read(own);
            Bounds::of(&whole, own)
        };
        self.declared
            .bounds
            .get_or_init(self.as_read(own).1, None, of)
    }

    /// Those that bound something that other modules make, too.
    pub(super) fn all_bounds(&self, own: &Tree) -> &Bounds {
        let of = || {
            let (whole, own) = self.as_read(own);
            Bounds::with_calls(&whole, own)
        };
        self.declared
            .all_bounds
            .get_or_init(self.as_read(own).1, None, of)
    }

    /// What is worked out over it under a config and for some targets.
    pub(crate) fn outlook(
        &self,
        config: &Arc<Config>,
        environments: &[Environment],
    ) -> Arc<Outlook> {
        let caller = self.caller.as_ref();
        self.declared.outlook(config, environments, caller)
    }

    /// What its blocks have to do with each other.
    pub(super) fn links(&self, own: &Tree) -> &Links {
        let of = || {
            let (whole, own) = self.as_read(own);
            Links::of(&whole, own)
        };
        self.declared
            .links
            .get_or_init(self.as_read(own).1, None, of)
    }

    /// Which of its documents take statements from which others.
    pub(super) fn sources(&self, own: &Tree) -> &Sources {
        let of = || {
            let (whole, own) = self.as_read(own);
            Sources::of(&whole, own)
        };
        self.declared
            .taking
            .get_or_init(self.as_read(own).1, None, of)
    }
}
