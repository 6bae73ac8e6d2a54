//! Who is declared where, over the files that are looked at together.
//!
//! What each file says is made of that file alone ([`filed`]) and kept until it is another: an index with another file in it
//! shares all else with the one before. Whoever keeps what came of an index has it taken down what was asked for ([`QueryLog`]).

mod asked;
mod attaching;
mod filed;
mod identity;
mod shared;
#[cfg(test)]
mod snapshot;

pub use asked::QueryLog;
pub use identity::{identity, is_deployed_as, overlap};

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use leastwise_dialects::resolve::{Resolver, Surroundings};
use leastwise_dialects::{Stack, Stacks};
use leastwise_model::files::{self, Files, NoFiles, Unread};
use leastwise_model::guard::{Guard, ModuleNode};
use leastwise_model::resolved::Resolved;
use leastwise_model::text::Text;
use leastwise_model::{Attached, Environment, Owner, OwnerKind};
use leastwise_policy::{Pattern, Tri};
use leastwise_syntax::{Fingerprint, Format, NodeId, Tree};

use self::asked::Key;
use self::attaching::Attachments;
use self::filed::{Attaching, Filed, Holder, stamp};
use self::identity::{is_identity, meet, named};
use self::shared::{Lists, Shared};
use crate::forgetting::is_forgotten;
use crate::{Analysis, work};

/// Files, and who is declared in those that are looked at together.
pub trait IndexedFiles: Files {
    /// Who is declared in the files that are looked at together with the asking one. `None` where it stands alone, or
    /// not all are read yet.
    fn index(&self) -> Option<Arc<Index>> {
        None
    }

    /// Whether somebody has asked these files for the one that they lie around, as a rule for another's sake.
    fn was_asked_for(&self, _path: &str) -> bool {
        false
    }

    /// Another number after that index is another one. Unlike [`Files::stamp`] it says nothing of whether it answers anything
    /// otherwise that was asked.
    fn index_version(&self) -> u64 {
        0
    }
}

impl IndexedFiles for NoFiles {}

/// A file and what is known of it.
#[derive(Clone)]
pub struct Indexed {
    /// Where it lies on disk.
    pub place: PathBuf,
    /// The file.
    pub tree: Arc<Tree>,
    /// Its policies.
    pub analysis: Arc<Analysis>,
}

impl Indexed {
    /// Whether it is the file that an analysis is of.
    pub fn is(&self, analysis: &Analysis) -> bool {
        self.place == analysis.place()
    }

    /// Whether it has something for an index: what other files ask for. Else its path is enough ([`Index::among`]).
    pub fn declares(&self) -> bool {
        let analysis = &self.analysis;
        let is_known = |owner: &Owner| is_identity(owner.kind) || !owner.attached.is_empty();
        !analysis.deployers.is_empty()
            || analysis.owners.iter().any(is_known)
            || !analysis.state().stacks().is_empty()
            || !analysis.state().exports(&self.tree).is_empty()
    }
}

/// Whether a file of this text may be one that declares something ([`Indexed::declares`]); told without reading it.
pub fn may_declare(text: &str, format: Format) -> bool {
    // Behind an escape any word may be.
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let mut words = leastwise_dialects::words().flat_map(|words| words.declaring);
    format == Format::Hcl || has("\\") || words.any(|word| has(word))
}

/// A managed policy of another file that is attached to somebody.
#[derive(Clone, Copy)]
pub struct Joined<'i> {
    /// The file of the policy, or of who has it.
    pub file: &'i Indexed,
    /// The index of its owner there.
    pub owner: usize,
    /// Whether it is attached under all conditions.
    pub always: bool,
}

/// The identities of several files, by the names that they are deployed under, and the stacks that templates make of
/// each other. A clone costs little, and is as it was whatever is entered in the other.
#[derive(Clone, Default)]
pub struct Index {
    files: Shared<PathBuf, Arc<Filed>>,
    /// What they say, by what it is asked for with.
    said: Lists<Key, Filed>,
    /// How many of the files say something.
    saying: usize,
    /// What stands for the names of the declared owners of each kind.
    names: HashMap<OwnerKind, u64>,
    /// The paths of files that are looked at together with them and say nothing, with how many have each.
    others: Shared<String, usize>,
    /// Who attaches what; worked out when somebody asks, and kept up from then on.
    attachments: Arc<OnceLock<Attachments>>,
    version: u64,
    /// Where it is taken down what is asked for.
    asked: Option<Arc<QueryLog>>,
}

impl Index {
    /// Indexes files.
    pub fn new(files: impl IntoIterator<Item = Indexed>) -> Index {
        Index::among(files, &[])
    }

    /// Indexes files that are looked at together with others, which declare nothing ([`Indexed::declares`]), by their paths as
    /// their analyses have them.
    pub fn among(files: impl IntoIterator<Item = Indexed>, others: &[&str]) -> Index {
        let mut index = Index::default();
        for file in files {
            index.put(file);
        }
        for path in others {
            let before = index.others.get(*path).copied().unwrap_or_default();
            index.others.insert((*path).to_owned(), before + 1);
        }
        index
    }

    /// Enters a file, in the stead of what was known of the one at its place.
    pub fn put(&mut self, file: Indexed) {
        let old = self.take(&file.place);
        let filed = Arc::new(Filed::of(file));
        for key in filed.keys() {
            self.said.enter(key, &filed);
        }
        self.count(&filed, usize::wrapping_add, u64::wrapping_add);
        let place = filed.file.place.clone();
        self.files.insert(place, Arc::clone(&filed));
        self.attach(old.as_ref(), Some(&filed));
    }

    /// Takes a file out. Returns whether it was there.
    pub fn remove(&mut self, place: &Path) -> bool {
        let old = self.take(place);
        self.attach(old.as_ref(), None);
        old.is_some()
    }

    /// Takes out what a file says, but for what it attaches.
    fn take(&mut self, place: &Path) -> Option<Arc<Filed>> {
        self.version = stamp();
        let old = self.files.remove(place)?;
        for key in old.keys() {
            self.said.leave(&key, &old);
        }
        self.count(&old, usize::wrapping_sub, u64::wrapping_sub);
        Some(old)
    }

    fn count(
        &mut self,
        filed: &Filed,
        files: fn(usize, usize) -> usize,
        names: fn(u64, u64) -> u64,
    ) {
        self.saying = files(self.saying, usize::from(filed.says_something()));
        for (kind, name) in filed.declared() {
            let mut hasher = Fingerprint::default();
            name.hash(&mut hasher);
            let known = self.names.entry(kind).or_default();
            *known = names(*known, hasher.finish());
        }
    }

    /// Keeps up who attaches what after a file has come, gone or changed, where that is known.
    fn attach(&mut self, old: Option<&Arc<Filed>>, new: Option<&Arc<Filed>>) {
        let Some(known) = self.attachments.get() else {
            // An earlier index may work out its own.
            self.attachments = Arc::default();
            return;
        };
        let mut known = known.clone();
        let mut again: Vec<Arc<Filed>> = new.into_iter().map(Arc::clone).collect();
        for filed in old.into_iter().chain(new) {
            known.leave(filed);
            // What others attach by what it exports.
            for name in filed.exported() {
                let asking = known.asking(&Key::Export(name.to_owned()));
                again.extend(asking.map(Arc::clone));
            }
        }
        let mut done = HashSet::new();
        for filed in again.iter().filter(|filed| done.insert(filed.stamp)) {
            let attaching = self.attaching(filed);
            if !known.has(&attaching) {
                known.enter(attaching);
            }
        }
        self.attachments = Arc::new(OnceLock::from(known));
    }

    fn attachments(&self) -> &Attachments {
        self.attachments.get_or_init(|| {
            let mut all = Attachments::default();
            for (_, filed) in self.files.iter() {
                all.enter(self.attaching(filed));
            }
            all
        })
    }

    /// What a file attaches, by what the files export now.
    fn attaching(&self, filed: &Arc<Filed>) -> Attaching {
        let file = &filed.file;
        work::did(1);
        let asked = QueryLog::of(&file.place);
        let mut holders: HashMap<String, Vec<Holder>> = HashMap::new();
        for (owner, declared) in file.analysis.owners.iter().enumerate() {
            for attached in declared.attached.iter().filter(|it| !it.is_granted_already) {
                let arns = self.arns_for(Some(&asked), &file.tree, &file.analysis, attached);
                for (arn, _) in arns {
                    if let Some(name) = named(OwnerKind::ManagedPolicy, &arn) {
                        let same = holders.entry(name).or_default();
                        same.push(Holder { owner, arn });
                    }
                }
            }
        }
        Attaching {
            filed: Arc::clone(filed),
            stamp: stamp(),
            holders,
            asked: asked.into_keys().into_iter().collect(),
        }
    }

    /// The same index for somebody who has it taken down what he asks for.
    pub fn asking(&self, asked: Arc<QueryLog>) -> Index {
        Index {
            asked: Some(asked),
            ..self.clone()
        }
    }

    /// Whether it answers all that was asked for as before.
    pub fn answers(&self, asked: &QueryLog) -> bool {
        asked.hold(self.version, |key| self.mark(key, asked.place()))
    }

    /// Another number for each index.
    pub fn version(&self) -> u64 {
        self.version
    }

    fn asks(&self, key: &Key) {
        self.asks_for(self.asked.as_deref(), key);
    }

    fn asks_for(&self, asked: Option<&QueryLog>, key: &Key) {
        if let Some(asked) = asked.filter(|_| !is_forgotten(key.what())) {
            asked.note(key, self.mark(key, asked.place()));
        }
    }

    /// What stands for all that an answer is made from, for somebody at a place.
    fn mark(&self, key: &Key, place: &Path) -> u64 {
        let mut hasher = Fingerprint::default();
        match key {
            Key::Names(kind) => self.names.get(kind).hash(&mut hasher),
            Key::Any => self.saying.min(1).hash(&mut hasher),
            Key::Files => self.version.hash(&mut hasher),
            Key::Holders(name) => {
                let own = self.attachments().named(name).iter();
                own.for_each(|attaching| attaching.mark(name, place).hash(&mut hasher));
            }
            key => {
                let own = self.said.all(key).iter();
                own.for_each(|filed| filed.mark(key, place).hash(&mut hasher));
            }
        }
        hasher.finish()
    }

    /// Whether it can tell nobody anything.
    pub fn is_empty(&self) -> bool {
        self.asks(&Key::Any);
        self.saying == 0
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.asks(&Key::Files);
        self.files.len()
    }

    /// The file at a place, as it was entered.
    pub fn file(&self, place: &Path) -> Option<&Indexed> {
        self.asks(&Key::Files);
        self.files.get(place).map(|filed| &filed.file)
    }

    /// The files, in the order of their places.
    pub fn files(&self) -> Vec<&Indexed> {
        self.asks(&Key::Files);
        let mut files: Vec<_> = self.files.iter().map(|(_, filed)| &filed.file).collect();
        files.sort_unstable_by_key(|file| file.place.as_path());
        files
    }

    /// The owners of a kind and name, each with its file and its index there.
    pub fn owners<'i>(
        &'i self,
        kind: OwnerKind,
        name: &str,
    ) -> impl Iterator<Item = (&'i Indexed, usize, &'i Owner)> + use<'i> {
        let key = Key::Owner(kind, name.to_owned());
        self.asks(&key);
        let files = self.said.all(&key).iter();
        let name = name.to_owned();
        files.flat_map(move |filed| {
            let file = &filed.file;
            let own = filed.owners(kind, &name).iter();
            own.filter_map(move |at| Some((file, *at, file.analysis.owners.get(*at)?)))
        })
    }

    /// Whether a service is deployed with a role.
    pub fn deploys(&self, owner: &Owner) -> bool {
        owner.names.iter().any(|name| {
            let key = Key::Deployer(name.clone());
            self.asks(&key);
            !self.said.all(&key).is_empty()
        })
    }

    /// Whether [`Index::stacks_of`] has any.
    pub(crate) fn has_stacks_of(&self, path: &str) -> bool {
        !self.stacks_of(path).is_empty()
    }

    /// The names of the declared owners of a kind, in no order.
    pub fn names(&self, kind: OwnerKind) -> impl Iterator<Item = &str> {
        self.asks(&Key::Names(kind));
        self.said.iter().filter_map(move |(key, files)| match key {
            Key::Owner(own, name) if *own == kind => {
                let mut declared = files.iter().flat_map(|filed| filed.declared());
                declared
                    .any(|(own, other)| own == kind && other == name)
                    .then_some(name.as_str())
            }
            _ => None,
        })
    }

    /// The same owner in other files than `analysis` is of: where it is declared, or where more is attached to it. Who
    /// is in other accounts only is somebody else.
    pub fn in_other_files<'i>(
        &'i self,
        analysis: &'i Analysis,
        owner: &'i Owner,
    ) -> impl Iterator<Item = (&'i Indexed, usize, &'i Owner)> {
        let kind = owner.kind;
        let names = owner.names.iter().filter(move |_| is_identity(kind));
        let mut seen = Vec::new();
        names
            .flat_map(move |name| self.owners(kind, name))
            .filter(|(file, ..)| !file.is(analysis) && meet(analysis, &file.analysis))
            .filter(move |(file, at, _)| {
                let key = (std::ptr::from_ref::<Indexed>(file), *at);
                let new = !seen.contains(&key);
                seen.push(key);
                new
            })
    }

    /// Who is declared with an ARN; nobody where two may be meant.
    pub fn declared<'i>(
        &'i self,
        kind: OwnerKind,
        arn: &Pattern,
    ) -> Option<(&'i Indexed, usize, &'i Owner)> {
        let name = named(kind, arn)?;
        let mut found = self.owners(kind, &name).filter(|(file, _, owner)| {
            owner.declared.is_some() && is_deployed_as(file, owner, arn).possible()
        });
        let one = found.next()?;
        found.next().is_none().then_some(one)
    }

    /// The managed policies of other files that an attachment of an owner of `analysis` stands for. `None` where one of
    /// them isn't known.
    pub fn attached<'i>(
        &'i self,
        tree: &Tree,
        analysis: &Analysis,
        attached: &Attached,
    ) -> Option<Vec<Joined<'i>>> {
        let arns = self.arns(tree, analysis, attached);
        let always = attached.branch.is_empty() && arns.iter().all(|(_, always)| *always);
        let mut joined: Vec<Joined<'i>> = Vec::new();
        for (arn, _) in &arns {
            let (file, owner, _) = self.declared(OwnerKind::ManagedPolicy, arn)?;
            let same = |other: &Joined<'_>| std::ptr::eq(other.file, file) && other.owner == owner;
            if !joined.iter().any(same) {
                joined.push(Joined {
                    file,
                    owner,
                    always,
                });
            }
        }
        (!joined.is_empty()).then_some(joined)
    }

    /// Who of other files has the managed policy `owner` of `analysis`, of the tree `tree`, attached.
    pub fn holders<'i>(
        &'i self,
        tree: &Tree,
        analysis: &Analysis,
        owner: &Owner,
    ) -> Vec<Joined<'i>> {
        let mut found: Vec<Joined<'i>> = Vec::new();
        if owner.kind != OwnerKind::ManagedPolicy || owner.declared.is_none() {
            return found;
        }
        let attaching = owner.names.iter().flat_map(|name| {
            self.asks(&Key::Holders(name.clone()));
            let files = self.attachments().named(name).iter();
            let own = files.map(move |attaching| (attaching, attaching.holders.get(name)));
            own.flat_map(|(attaching, own)| {
                own.into_iter()
                    .flatten()
                    .map(move |holder| (&attaching.filed.file, holder))
            })
        });
        for (file, holder) in attaching.filter(|(file, _)| !file.is(analysis)) {
            let same =
                |other: &Joined<'_>| std::ptr::eq(other.file, file) && other.owner == holder.owner;
            if found.iter().any(same) {
                continue;
            }
            let mut environments = analysis.environments.iter();
            let meant = environments.any(|environment| {
                let own = analysis.arns(tree, owner, environment);
                own.iter().any(|own| overlap(own, &holder.arn).possible())
            });
            // Another policy of that name may be meant.
            let name = named(OwnerKind::ManagedPolicy, &holder.arn).unwrap_or_default();
            let mut others = self.owners(OwnerKind::ManagedPolicy, &name);
            let alone = others.all(|(file, _, other)| {
                file.is(analysis)
                    || other.declared.is_none()
                    || is_deployed_as(file, other, &holder.arn) == Tri::No
            });
            if meant && alone {
                found.push(Joined {
                    file,
                    owner: holder.owner,
                    always: false,
                });
            }
        }
        found
    }

    /// The values that a stack of another file than `analysis` is of exports under a name to an environment. `None` where
    /// there isn't exactly one such file.
    pub(crate) fn exported(
        &self,
        analysis: &Analysis,
        environment: &Environment,
        name: &str,
        defaults: bool,
    ) -> Option<Vec<Resolved>> {
        self.exported_for(self.asked.as_deref(), analysis, environment, name, defaults)
    }

    fn exported_for(
        &self,
        asked: Option<&QueryLog>,
        analysis: &Analysis,
        environment: &Environment,
        name: &str,
        defaults: bool,
    ) -> Option<Vec<Resolved>> {
        let key = Key::Export(name.to_owned());
        self.asks_for(asked, &key);
        let files = self.said.all(&key).iter();
        let exports = files.flat_map(|filed| {
            let own = filed.exports(name).iter();
            own.map(|export| (&filed.file, export))
        });
        let mut found = exports.filter_map(|(file, export)| {
            let own = file.analysis.environments.get(export.environment)?;
            let same = own.account == environment.account && own.region == environment.region;
            (same && !file.is(analysis)).then_some((file, own, export.value))
        });
        let (file, environment, value) = found.next()?;
        if found.next().is_some() {
            return None;
        }
        let exporter = Resolver {
            surroundings: None,
            ..file.analysis.resolver(&file.tree, environment, defaults)
        };
        let text = Text::lower(&file.tree, value, exporter.notation());
        Some(exporter.resolve(&text))
    }

    /// Where a name is exported: the file and the node of the value.
    pub fn exports<'i>(&'i self, name: &str) -> impl Iterator<Item = (&'i Indexed, NodeId)> {
        let key = Key::Export(name.to_owned());
        self.asks(&key);
        let files = self.said.all(&key).iter();
        files.flat_map(move |filed| {
            let own = filed.exports(name).iter();
            own.map(|export| (&filed.file, export.value))
        })
    }

    /// The distinct ARNs that an attachment stands for, each with whether it does so under all conditions.
    pub fn arns(
        &self,
        tree: &Tree,
        analysis: &Analysis,
        attached: &Attached,
    ) -> Vec<(Pattern, bool)> {
        self.arns_for(self.asked.as_deref(), tree, analysis, attached)
    }

    fn arns_for(
        &self,
        asked: Option<&QueryLog>,
        tree: &Tree,
        analysis: &Analysis,
        attached: &Attached,
    ) -> Vec<(Pattern, bool)> {
        let mut arns: Vec<(Pattern, bool)> = Vec::new();
        for resolved in self.values_for(asked, tree, analysis, &attached.arn, false) {
            if !arns.iter().any(|(known, _)| *known == resolved.pattern) {
                arns.push((resolved.pattern, resolved.conditions.is_empty()));
            }
        }
        arns
    }

    /// The values of a text of a file over all its environments, with what the files of this index export, whatever
    /// index the analysis has of its own.
    pub fn values(
        &self,
        tree: &Tree,
        analysis: &Analysis,
        text: &Text,
        defaults: bool,
    ) -> Vec<Resolved> {
        self.values_for(self.asked.as_deref(), tree, analysis, text, defaults)
    }

    fn values_for(
        &self,
        asked: Option<&QueryLog>,
        tree: &Tree,
        analysis: &Analysis,
        text: &Text,
        defaults: bool,
    ) -> Vec<Resolved> {
        let environments = analysis.environments.iter();
        let seen = ViewedFile {
            analysis,
            index: self,
            asked,
        };
        let values = environments.flat_map(|environment| {
            let resolver = Resolver {
                surroundings: Some(&seen),
                ..analysis.resolver(tree, environment, defaults)
            };
            resolver.resolve(text)
        });
        let mut distinct: Vec<Resolved> = Vec::new();
        for value in values {
            if !distinct.contains(&value) {
                distinct.push(value);
            }
        }
        distinct
    }
}

impl Stacks for Index {
    fn stacks_of(&self, path: &str) -> Vec<Stack<'_>> {
        let own = Key::Path(path.to_owned());
        self.asks(&own);
        let others = self.others.get(path).copied().unwrap_or_default();
        if self.said.all(&own).len() + others > 1 {
            return Vec::new();
        }
        let path = files::join("", path);
        let key = Key::Stacks(path.clone());
        self.asks(&key);
        let found = self.said.all(&key).iter().flat_map(|filed| {
            let file = &filed.file;
            let stacks = filed.stacks(&path).iter();
            stacks.map(move |name| Stack {
                tree: &file.tree,
                path: &file.analysis.path,
                config: &file.analysis.config,
                state: file.analysis.state(),
                name,
            })
        });
        found.collect()
    }
}

/// A file as an index sees it that needn't be its own.
struct ViewedFile<'a> {
    analysis: &'a Analysis,
    index: &'a Index,
    asked: Option<&'a QueryLog>,
}

impl Surroundings for ViewedFile<'_> {
    fn uses_around(&self, tree: &Tree, node: NodeId) -> &[Vec<Guard>] {
        self.analysis.uses_around(tree, node)
    }

    fn replaced_around(&self, tree: &Tree, node: NodeId) -> &[ModuleNode] {
        self.analysis.replaced_around(tree, node)
    }

    fn cut_off(&self) {
        Surroundings::cut_off(self.analysis);
    }

    fn tried_in_part(&self) {
        Surroundings::tried_in_part(self.analysis);
    }

    fn spend(&self, steps: usize) -> bool {
        Surroundings::spend(self.analysis, steps)
    }

    fn unread(&self, file: Unread) {
        Surroundings::unread(self.analysis, file);
    }

    fn exported(
        &self,
        environment: &Environment,
        name: &str,
        defaults: bool,
    ) -> Option<Vec<Resolved>> {
        self.index
            .exported_for(self.asked, self.analysis, environment, name, defaults)
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Index of {} files", self.files.len())
    }
}
