//! What a module of Terraform declares, over all files of its folder: read once for all that look at one of them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::HashMap;
use leastwise_model::files::{self, Files, Shelf, Unread};
use leastwise_model::guard::ModuleNode;
use leastwise_model::recorder::Recorded;
use leastwise_model::{Config, Environment, Spelling};
use leastwise_syntax::trace::Traced;
use leastwise_syntax::{Retyped, Tree, View};

use super::bounds::Bounds;
use super::callers::{self, Caller};
use super::file_names::{is_module_file, is_read_by_itself, is_variables_file, stem};
use super::links::{DeployedNames, Links};
use super::neighbour_files::Readers;
use super::reach::{self, Reach};
use super::sources::Sources;
use super::{Block, Module, ModuleCall, ModuleVariable, Provider};
use crate::left_out::too_many_policies;
use crate::terraform::body::{argument, is_never_there, labelled, local_source, nested};
use crate::terraform::limits::{DEPTH_OF_CALLS, FILES_OF_A_MODULE};
use crate::work;

/// A file of the module.
#[derive(Debug)]
struct Source {
    /// `None` for a file as only who asks has it.
    tree: Option<Arc<Tree>>,
    /// Its path, as the files around are asked for it.
    path: String,
    /// Which of the addresses it declares.
    addresses: Range<usize>,
    /// Which of the calls stand in it.
    calls: Range<usize>,
}

/// Modules that have been read, for whoever reads files that stay as they are meanwhile: by their folders, and how many
/// calls deep they are looked at.
#[derive(Default)]
pub struct Modules {
    known: Mutex<HashMap<(String, usize), Cell>>,
    /// Which of them may read a file beside them, by folders.
    readers: Mutex<HashMap<String, Arc<Recorded<Arc<Readers>>>>>,
}

/// Filled by who asks first.
type Cell = Arc<Recorded<Arc<Declared>>>;

impl Modules {
    /// Which modules around a folder may read a file, which `of` looks for.
    pub(crate) fn readers(
        &self,
        folder: &str,
        files: &dyn Files,
        of: impl FnOnce(&dyn Files) -> Arc<Readers>,
    ) -> Arc<Readers> {
        let mut known = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let cell = Arc::clone(known.entry(folder.to_owned()).or_default());
        drop(known);
        Arc::clone(cell.get_or_init(files, of))
    }

    pub(crate) fn declared_in(
        &self,
        folder: &str,
        depth: usize,
        files: &dyn Files,
    ) -> Arc<Declared> {
        let folder = files::join("", folder);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let cell = known.entry((folder.clone(), depth)).or_default();
        let cell = Arc::clone(cell);
        drop(known);
        // Those that it calls are deeper ones: nobody waits for each other.
        let load = |files: &dyn Files| Arc::new(Declared::load(None, &folder, files, depth));
        Arc::clone(cell.get_or_init(files, load))
    }
}

/// What is worked out over a module under the config and the targets of some of its files, and for a call.
#[derive(Debug, Default)]
pub(crate) struct Outlook {
    config: Arc<Config>,
    environments: Vec<Environment>,
    caller: Option<Arc<Caller>>,
    pub(crate) names: Traced<DeployedNames>,
    /// How its files write where it is deployed.
    pub written: Traced<Spelling>,
    /// How that can be written by what it declares.
    pub declared: Traced<Spelling>,
}

/// The declarations of the files of one folder, and what is worked out over them.
#[derive(Debug, Default)]
pub struct Declared {
    folder: String,
    sources: Vec<Source>,
    /// Their numbers by their names.
    numbers: HashMap<String, u32>,
    /// Resources and data sources by address: `aws_iam_role.app`, `data.aws_region.current`.
    pub(super) blocks: HashMap<String, Block>,
    /// Those of an address that a file before has declared.
    again: HashMap<String, Vec<Block>>,
    /// Their addresses, file by file.
    order: Vec<String>,
    /// Variables by name.
    pub(super) variables: HashMap<String, ModuleVariable>,
    /// Local values by name.
    pub(super) locals: HashMap<String, ModuleNode>,
    /// Values of outputs by name.
    pub(super) outputs: HashMap<String, ModuleNode>,
    /// Providers of AWS.
    pub(super) providers: Vec<Provider>,
    /// Calls of modules by name.
    pub(super) calls: HashMap<String, ModuleCall>,
    /// The names of calls, file by file.
    call_order: Vec<String>,
    /// Calls by the folders that they lead to.
    leads: HashMap<String, Vec<(ModuleNode, String)>>,
    /// How many of its files are left out, since there are so many.
    left_out: usize,
    /// The names of those that lead out of what may be read.
    outside: Vec<String>,
    /// Those that can't be read.
    unread: Vec<Unread>,
    /// Whether not everybody is known who has a document of it.
    cut_off: AtomicBool,
    /// Whether somebody has more policies than are looked at together.
    too_many: AtomicBool,
    callers: Recorded<Arc<Vec<Arc<Caller>>>>,
    pub(crate) reach: Recorded<Reach>,
    pub(crate) read: Traced<reach::ModuleFiles>,
    pub(crate) bounds: Traced<Bounds>,
    pub(crate) all_bounds: Traced<Bounds>,
    pub(crate) links: Traced<Links>,
    pub(crate) taking: Traced<Sources>,
    outlooks: Mutex<Vec<Arc<Outlook>>>,
}

impl Declared {
    /// What the files of a folder declare, with the modules that they call as far as `depth` is from [`DEPTH_OF_CALLS`].
    pub fn of(folder: &str, depth: usize, files: &dyn Files) -> Arc<Declared> {
        match files.shelf().and_then(Shelf::get::<Modules>) {
            Some(modules) => modules.declared_in(folder, depth, files),
            None => Arc::new(Declared::load(None, folder, files, depth)),
        }
    }

    /// What one of its files declares by itself.
    pub(super) fn alone(folder: &str, tree: &Tree, file: u32) -> Declared {
        let mut declared = Declared {
            folder: folder.to_owned(),
            ..Declared::default()
        };
        declared.declare(tree, file);
        declared
    }

    /// Its folder.
    pub(super) fn folder(&self) -> &str {
        &self.folder
    }

    /// Reads it. `own` is a file as who asks has it.
    pub fn load(
        own: Option<(&Tree, &str)>,
        folder: &str,
        files: &dyn Files,
        depth: usize,
    ) -> Declared {
        let mut declared = Declared {
            folder: folder.to_owned(),
            ..Declared::default()
        };
        let own = own.map(|(tree, path)| (tree, path, path.rsplit('/').next().unwrap_or(path)));
        let mut names = files.list(folder);
        names.retain(|name| is_variables_file(name) || is_module_file(name));
        if let Some((_, _, name)) = own
            && !names.iter().any(|known| known == name)
        {
            names.insert(0, name.to_owned());
        }
        declared.left_out = names.len().saturating_sub(FILES_OF_A_MODULE);
        let mut values = Vec::new();
        for name in names {
            let own = own.filter(|(.., own)| *own == name);
            if declared.sources.len() >= FILES_OF_A_MODULE && own.is_none() {
                continue;
            }
            let of_values = is_variables_file(&name);
            let (path, tree) = match own {
                Some((_, path, _)) => (path.to_owned(), None),
                None => {
                    let path = files::join(folder, &name);
                    let Some(tree) = files.tree(&path) else {
                        declared.is_lacking(name, files.refused(&path));
                        continue;
                    };
                    (path, Some(tree))
                }
            };
            let Some(of) = tree.as_deref().or(own.map(|(tree, ..)| tree)) else {
                continue;
            };
            let file = u32::try_from(declared.sources.len()).unwrap_or(u32::MAX);
            let before = (declared.order.len(), declared.call_order.len());
            match of_values {
                true => values.push((name.clone(), file)),
                false => declared.declare(of, file),
            }
            declared.numbers.insert(name, file);
            declared.sources.push(Source {
                tree: tree.clone(),
                path,
                addresses: before.0..declared.order.len(),
                calls: before.1..declared.call_order.len(),
            });
        }
        // Later files win: `terraform.tfvars`, its JSON form, `*.auto.tfvars` in the order of their names.
        values.sort_by_key(|(name, _)| (name.contains(".auto."), name.clone()));
        for (name, file) in values {
            declared.assign(&name, file);
        }
        declared.enter(own.map(|(tree, ..)| tree), files, depth);
        declared
    }

    /// Takes over what somebody has typed into a scalar of a file that nobody else has.
    pub(super) fn outlasts(&mut self, own: u32, tree: &Tree, edit: &Retyped) -> bool {
        if self.source(own).is_some() {
            return false;
        }
        self.reach = Recorded::default();
        self.read.outlast(tree, edit);
        self.bounds.outlast(tree, edit);
        self.all_bounds.outlast(tree, edit);
        self.links.outlast(tree, edit);
        self.taking.outlast(tree, edit);
        let outlooks = self.outlooks.get_mut();
        let outlooks = outlooks.unwrap_or_else(PoisonError::into_inner);
        outlooks.retain_mut(|outlook| {
            let own = Arc::get_mut(outlook);
            own.is_some_and(|outlook| {
                outlook.names.outlast(tree, edit);
                outlook.written.outlast(tree, edit);
                outlook.declared.outlast(tree, edit);
                true
            })
        });
        true
    }

    /// The number of a file, by its name.
    pub fn file(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// The number of a file whose tree is the one that it was read from.
    pub(crate) fn file_of(&self, tree: &Tree, name: &str) -> Option<u32> {
        let file = self.file(name)?;
        let (_, known) = self.source(file)?;
        std::ptr::eq(&raw const **known, tree).then_some(file)
    }

    /// The path and tree of a file. `None` for one as only who asks has it.
    pub fn source(&self, file: u32) -> Option<(&str, &Arc<Tree>)> {
        let source = self.sources.get(file as usize)?;
        Some((source.path.as_str(), source.tree.as_ref()?))
    }

    /// The tree of a file; `own` for the one that is looked at.
    pub fn tree<'a>(&'a self, file: u32, own: &'a Tree) -> &'a Tree {
        self.sources
            .get(file as usize)
            .and_then(|source| source.tree.as_deref())
            .unwrap_or(own)
    }

    /// Its folder, as it is told.
    fn shown_folder(&self) -> &str {
        match self.folder.as_str() {
            "" => ".",
            folder => folder,
        }
    }

    /// Takes down that a file isn't read.
    fn is_lacking(&mut self, name: String, refused: Option<Unread>) {
        let whole = Some(format!("the module in {}", self.shown_folder()));
        match refused {
            Some(unread) => self.unread.push(Unread {
                whole,
                is_choice: is_variables_file(&name) && !is_read_by_itself(&name),
                ..unread
            }),
            None => self.outside.push(name),
        }
    }

    /// Those of its files that can't be read.
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }

    /// Which of its files aren't known: a sentence for each reason.
    pub fn left_out(&self) -> Vec<String> {
        const NAMED: usize = 3;
        let folder = self.shown_folder();
        let mut said = Vec::new();
        if self.left_out > 0 {
            said.push(format!(
                "the module in {folder} is checked without {} of its files: it has more than {FILES_OF_A_MODULE}",
                self.left_out
            ));
        }
        if self.cut_off.load(Ordering::Relaxed) {
            said.push(format!(
                "it isn't known who has each policy of the module in {folder}: its documents take statements from too many others"
            ));
        }
        if self.too_many.load(Ordering::Relaxed) {
            said.push(too_many_policies(&format!(" in the module in {folder}")));
        }
        if !self.outside.is_empty() {
            let named: Vec<&str> = self
                .outside
                .iter()
                .take(NAMED)
                .map(String::as_str)
                .collect();
            let more = match self.outside.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            said.push(format!(
                "the module in {folder} is checked without {}{more}: it leads out of the repository or folder",
                named.join(", ")
            ));
        }
        said
    }

    /// Takes down that not everybody is known who has a document of it.
    pub(crate) fn cut_off(&self) {
        self.cut_off.store(true, Ordering::Relaxed);
    }

    /// Takes down that somebody has more policies than are looked at together.
    pub(crate) fn has_too_many_policies(&self) {
        self.too_many.store(true, Ordering::Relaxed);
    }

    /// How many files there are.
    pub fn count(&self) -> u32 {
        u32::try_from(self.sources.len()).unwrap_or(u32::MAX)
    }

    /// All resources and data sources, in the order of the files.
    pub(crate) fn all_blocks(&self) -> impl Iterator<Item = (&str, &Block)> {
        (0..self.count()).flat_map(move |file| {
            let own = self.addresses_of(file);
            own.filter_map(move |address| Some((address, self.block_of(address, file)?)))
        })
    }

    /// The addresses that a file declares, in its order, each once.
    pub(crate) fn addresses_of(&self, file: u32) -> impl Iterator<Item = &str> {
        let source = self.sources.get(file as usize);
        let own = source.and_then(|source| self.order.get(source.addresses.clone()));
        let own = own.unwrap_or_default().iter();
        own.map(String::as_str)
    }

    /// The names of the calls in a file.
    pub(crate) fn calls_in(&self, file: u32) -> impl Iterator<Item = &str> {
        let source = self.sources.get(file as usize);
        let own = source.and_then(|source| self.call_order.get(source.calls.clone()));
        let own = own.unwrap_or_default().iter();
        own.map(String::as_str)
    }

    /// What an address is for a file.
    pub(crate) fn block_of(&self, address: &str, file: u32) -> Option<&Block> {
        let mut again = self.again.get(address).into_iter().flatten();
        again
            .find(|block| block.body.file == file)
            .or_else(|| self.blocks.get(address))
    }

    /// The calls of the module in the nearest folder above it that has any.
    pub fn callers(&self, files: &dyn Files) -> Arc<Vec<Arc<Caller>>> {
        let of = |files: &dyn Files| Arc::new(callers::of(&self.folder, files));
        Arc::clone(self.callers.get_or_init(files, of))
    }

    /// The calls in it of the module in another folder: each one's body and name.
    pub(crate) fn calls_of(&self, folder: &str) -> &[(ModuleNode, String)] {
        self.leads.get(folder).map_or(&[], Vec::as_slice)
    }

    /// What is worked out under a config, for some targets and a call: the same for all who look at it so.
    pub(crate) fn outlook(
        &self,
        config: &Arc<Config>,
        environments: &[Environment],
        caller: Option<&Arc<Caller>>,
    ) -> Arc<Outlook> {
        let is_same = |known: &&Arc<Outlook>| {
            let is_called = match (&known.caller, caller) {
                (None, None) => true,
                (Some(own), Some(other)) => own.is(other),
                _ => false,
            };
            is_called && Arc::ptr_eq(&known.config, config) && known.environments == environments
        };
        let mut outlooks = self.outlooks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = outlooks.iter().find(is_same) {
            return Arc::clone(known);
        }
        let new = Arc::new(Outlook {
            config: Arc::clone(config),
            environments: environments.to_vec(),
            caller: caller.cloned(),
            ..Outlook::default()
        });
        outlooks.push(Arc::clone(&new));
        new
    }

    fn declare(&mut self, tree: &Tree, file: u32) {
        work::did(1);
        self.resources(tree, file);
        self.values(tree, file);
        self.providers_and_calls(tree, file);
    }

    fn put(&mut self, address: String, block: Block) {
        use std::collections::hash_map::Entry;
        match self.blocks.entry(address) {
            Entry::Vacant(entry) => {
                self.order.push(entry.key().clone());
                entry.insert(block);
            }
            // Twice in one file: the first counts.
            Entry::Occupied(entry) if entry.get().body.file == block.body.file => {}
            Entry::Occupied(entry) => {
                let again = self.again.entry(entry.key().clone()).or_default();
                if again.iter().all(|other| other.body.file != block.body.file) {
                    self.order.push(entry.key().clone());
                    again.push(block);
                }
            }
        }
    }

    fn resources(&mut self, tree: &Tree, file: u32) {
        let at = |node| ModuleNode { file, node };
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
                    self.put(
                        address,
                        Block {
                            body: at(block.body),
                            label: name,
                            type_name: type_name.to_owned(),
                            name: text.to_owned(),
                            data,
                            repeated,
                            configured,
                        },
                    );
                }
            }
        }
    }

    fn values(&mut self, tree: &Tree, file: u32) {
        let at = |node| ModuleNode { file, node };
        for root in tree.documents() {
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
        }
    }

    fn providers_and_calls(&mut self, tree: &Tree, file: u32) {
        let at = |node| ModuleNode { file, node };
        for root in tree.documents() {
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
                    let call = ModuleCall {
                        body: at(block.body),
                        label,
                        module: None,
                    };
                    self.call_order.push(name.to_owned());
                    self.calls.insert(name.to_owned(), call);
                }
                let source = local_source(tree, block.body);
                // A call of no instance says nothing of what the module is called with.
                if let Some(source) = source.filter(|_| !is_never_there(tree, block.body)) {
                    let label = label.and_then(|label| tree.text(*label));
                    let name = label.unwrap_or_default().to_owned();
                    let leads = files::join(&self.folder, source);
                    let calls = self.leads.entry(leads).or_default();
                    calls.push((at(block.body), name));
                }
            }
        }
    }

    /// Gives variables the values of a `*.tfvars` file.
    fn assign(&mut self, name: &str, file: u32) {
        let stem = stem(name).to_owned();
        let read = is_read_by_itself(name);
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
            let at = ModuleNode { file, node };
            if read {
                variable.set = Some(at);
            } else {
                variable.named.push((stem.clone(), at));
            }
        }
    }

    /// Reads the modules of the workspace that this one calls and asks for outputs.
    fn enter(&mut self, own: Option<&Tree>, files: &dyn Files, depth: usize) {
        if depth >= DEPTH_OF_CALLS || self.calls.is_empty() {
            return;
        }
        let mut calls = std::mem::take(&mut self.calls);
        let trees = self.sources.iter();
        let trees = trees.filter_map(|source| source.tree.as_deref().or(own));
        let asked: BTreeSet<String> = trees.flat_map(all_asked).collect();
        for (name, call) in &mut calls {
            if !asked.contains(name.as_str()) {
                continue;
            }
            let source = self.sources.get(call.body.file as usize);
            let tree = source.and_then(|source| source.tree.as_deref()).or(own);
            let Some(source) = tree.and_then(|tree| local_source(tree, call.body.node)) else {
                continue;
            };
            let inner = files::join(&self.folder, source);
            if inner != self.folder {
                let declared = Declared::of(&inner, depth + 1, files);
                call.module = Some(Box::new(Module::outside(declared)));
            }
        }
        self.calls = calls;
    }
}

/// What a reference to an output of a call begins with.
const LEAD: &str = "module.";

/// The names of the calls whose outputs a text asks for: `module.name`.
pub(super) fn asked(source: &str) -> impl Iterator<Item = &str> {
    memchr::memmem::find_iter(source.as_bytes(), LEAD).map(move |at| {
        let rest = source.get(at + LEAD.len()..).unwrap_or_default();
        let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let end = rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    })
}

/// The same of a file, each once.
fn all_asked(tree: &Tree) -> BTreeSet<String> {
    tree.summed_up(|| asked(tree.source_with(LEAD)).map(str::to_owned).collect())
}
