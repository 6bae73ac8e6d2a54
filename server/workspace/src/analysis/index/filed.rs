//! What one file says to an index: made of that file alone, when it is entered.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use leastwise_dialects::resolve::{Resolver, Surroundings};
use leastwise_model::files::Unread;
use leastwise_model::guard::{Guard, ModuleNode};
use leastwise_model::pipeline::role_name;
use leastwise_model::resolved::Resolved;
use leastwise_model::text::Text;
use leastwise_model::{Environment, OwnerKind};
use leastwise_policy::Pattern;
use leastwise_syntax::{Fingerprint, NodeId, Tree};

use super::Indexed;
use super::asked::Key;
use super::identity::{is_identity, is_known};
use super::shared::OfFile;
use crate::{Analysis, work};

/// A file, and what others may ask of it.
pub(super) struct Filed {
    pub(super) file: Indexed,
    /// Tells what was read from this state of the file from what was read from any other.
    pub(super) stamp: u64,
    /// Its owners by kind and name.
    owners: HashMap<(OwnerKind, String), Vec<usize>>,
    /// The names of roles that services are deployed with.
    deployers: HashSet<String>,
    /// By the path of a template the stacks that it makes of it, by their logical ids.
    stacks: HashMap<String, Vec<String>>,
    /// By the name of an export where it is made.
    exports: HashMap<String, Vec<Export>>,
}

/// A value that a stack exports under one environment.
pub(super) struct Export {
    pub(super) environment: usize,
    /// The node of the value.
    pub(super) value: NodeId,
}

impl Filed {
    pub(super) fn of(file: Indexed) -> Filed {
        work::did(1);
        let analysis = &file.analysis;
        let mut owners: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, owner) in analysis.owners.iter().enumerate() {
            if !is_identity(owner.kind) {
                continue;
            }
            for name in owner.names.iter().filter(|name| is_known(name)) {
                let same = owners.entry((owner.kind, name.clone())).or_default();
                same.push(at);
            }
        }
        let mut stacks: HashMap<_, Vec<String>> = HashMap::new();
        for stack in analysis.state().stacks() {
            let same = stacks.entry(stack.path.to_owned()).or_default();
            same.push(stack.name.to_owned());
        }
        Filed {
            stamp: stamp(),
            owners,
            deployers: deployers(&file),
            stacks,
            exports: exports(&file),
            file,
        }
    }

    /// Under what it is entered.
    pub(super) fn keys(&self) -> impl Iterator<Item = Key> {
        let own = Key::Path(self.file.analysis.path.clone());
        let owners = self.owners.keys();
        let owners = owners.map(|(kind, name)| Key::Owner(*kind, name.clone()));
        let deployers = self.deployers.iter().cloned().map(Key::Deployer);
        let stacks = self.stacks.keys().cloned().map(Key::Stacks);
        let exports = self.exported().map(str::to_owned).map(Key::Export);
        let all = owners.chain(deployers).chain(stacks).chain(exports);
        std::iter::once(own).chain(all)
    }

    /// Whether others may ask it for anything.
    pub(super) fn says_something(&self) -> bool {
        !(self.owners.is_empty()
            && self.deployers.is_empty()
            && self.stacks.is_empty()
            && self.exports.is_empty())
    }

    /// The names that it exports.
    pub(super) fn exported(&self) -> impl Iterator<Item = &str> {
        self.exports.keys().map(String::as_str)
    }

    pub(super) fn owners(&self, kind: OwnerKind, name: &str) -> &[usize] {
        let own = self.owners.get(&(kind, name.to_owned()));
        own.map_or(&[], Vec::as_slice)
    }

    /// The kinds and names of its owners that it declares.
    pub(super) fn declared(&self) -> impl Iterator<Item = (OwnerKind, &str)> {
        let named = self.owners.iter();
        let declared = named.filter(|(_, own)| own.iter().any(|at| self.declares(*at)));
        declared.map(|((kind, name), _)| (*kind, name.as_str()))
    }

    fn declares(&self, owner: usize) -> bool {
        let owner = self.file.analysis.owners.get(owner);
        owner.is_some_and(|owner| owner.declared.is_some())
    }

    pub(super) fn stacks(&self, path: &str) -> &[String] {
        self.stacks.get(path).map_or(&[], Vec::as_slice)
    }

    pub(super) fn exports(&self, name: &str) -> &[Export] {
        self.exports.get(name).map_or(&[], Vec::as_slice)
    }

    /// What stands for all that is read from it by way of a key. Who asks from `place` has a file's own text before him, and
    /// sees of it here no more than what it is called by.
    pub(super) fn mark(&self, key: &Key, place: &Path) -> u64 {
        if self.file.place != place {
            return self.stamp;
        }
        let mut hasher = Fingerprint::default();
        match key {
            Key::Owner(kind, name) => {
                let own = self.owners(*kind, name).iter();
                own.for_each(|at| self.declares(*at).hash(&mut hasher));
            }
            Key::Stacks(path) => self.stacks(path).len().hash(&mut hasher),
            Key::Export(name) => self.exports(name).len().hash(&mut hasher),
            _ => {}
        }
        hasher.finish()
    }
}

impl OfFile for Filed {
    fn place(&self) -> &Path {
        &self.file.place
    }
}

/// A number that nobody else gets.
pub(super) fn stamp() -> u64 {
    static STAMPS: AtomicU64 = AtomicU64::new(1);
    STAMPS.fetch_add(1, Ordering::Relaxed)
}

fn deployers(file: &Indexed) -> HashSet<String> {
    let (tree, analysis) = (&file.tree, &*file.analysis);
    let alone = Alone(analysis);
    let mut names = HashSet::new();
    for arn in &analysis.deployers {
        for environment in &analysis.environments {
            let resolver = Resolver {
                surroundings: Some(&alone),
                ..analysis.alone(tree, environment, true)
            };
            let values = resolver.resolve(&arn.text).into_iter();
            let own = values.filter_map(|value| role_name(&value.pattern));
            names.extend(own.map(|(name, _)| name));
        }
    }
    names
}

fn exports(file: &Indexed) -> HashMap<String, Vec<Export>> {
    let (tree, analysis) = (&file.tree, &*file.analysis);
    let mut found: HashMap<String, Vec<Export>> = HashMap::new();
    let notation = analysis.state().names().notation();
    for (name, value) in analysis.state().exports(tree) {
        let name = Text::lower(tree, name, notation);
        for (at, environment) in analysis.environments.iter().enumerate() {
            let resolver = analysis.alone(tree, environment, true);
            let names = resolver.resolve(&name).into_iter();
            for name in names.filter_map(|name| name.pattern.as_literal()) {
                let same = found.entry(name).or_default();
                same.push(Export {
                    environment: at,
                    value,
                });
            }
        }
    }
    found
}

/// A file as it is by itself: no index tells what others export.
struct Alone<'a>(&'a Analysis);

impl Surroundings for Alone<'_> {
    fn uses_around(&self, tree: &Tree, node: NodeId) -> &[Vec<Guard>] {
        self.0.uses_around(tree, node)
    }

    fn replaced_around(&self, tree: &Tree, node: NodeId) -> &[ModuleNode] {
        self.0.replaced_around(tree, node)
    }

    fn cut_off(&self) {
        Surroundings::cut_off(self.0);
    }

    fn tried_in_part(&self) {
        Surroundings::tried_in_part(self.0);
    }

    fn spend(&self, steps: usize) -> bool {
        Surroundings::spend(self.0, steps)
    }

    fn unread(&self, file: Unread) {
        Surroundings::unread(self.0, file);
    }

    fn exported(&self, _: &Environment, _: &str, _: bool) -> Option<Vec<Resolved>> {
        None
    }
}

/// Whom a file attaches managed policies to by their ARNs, which others may export.
pub(super) struct Attaching {
    pub(super) filed: Arc<Filed>,
    pub(super) stamp: u64,
    /// By the name of the policy.
    pub(super) holders: HashMap<String, Vec<Holder>>,
    /// What the index was asked for meanwhile.
    pub(super) asked: HashSet<Key>,
}

/// Who has a managed policy attached by its ARN.
#[derive(PartialEq)]
pub(super) struct Holder {
    pub(super) owner: usize,
    pub(super) arn: Pattern,
}

impl Attaching {
    /// What stands for all that is read from it, as [`Filed::mark`].
    pub(super) fn mark(&self, name: &str, place: &Path) -> u64 {
        match self.filed.file.place == place {
            true => self.holders.get(name).map_or(0, Vec::len) as u64,
            false => self.stamp,
        }
    }
}

impl OfFile for Attaching {
    fn place(&self) -> &Path {
        self.filed.place()
    }
}
