//! All that is known of one file before any rule looks at it, and of the files around it.
//!
//! What is in this folder asks an [`Analysis`], which keeps the answers.

mod after_typing;
mod cache;
mod calls;
pub mod deploy;
pub mod index;

mod regions;
mod variable_targets;

pub use cache::Cache;
pub use calls::{CallVariant, Calls};

pub use regions::Regions;
pub use variable_targets::VariableTarget;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::limits::STEPS_OF_A_FILE;
use leastwise_catalog::Action;
use leastwise_dialects::resolve::{PassedValues, Resolver, Surroundings};
use leastwise_dialects::{
    Dialect, Omissions, RecognisedFile, SourceFile, State, too_many_policies,
};
use leastwise_model::environment::{environments, others};
use leastwise_model::files::{Files, NoFiles, Unread};
use leastwise_model::guard::{Guard, ModuleNode};
use leastwise_model::pipeline::{Pipeline, role_name};
use leastwise_model::resolved::Resolved;
use leastwise_model::text::{Part, Text};
use leastwise_model::{Config, Environment, Item, Owner, OwnerKind, Resolutions, Site, Spelling};
use leastwise_policy::{Memo, Pattern};
use leastwise_syntax::trace::{Live, Trace, Traced};
use leastwise_syntax::{Fingerprint, NodeId, Tree};

use after_typing::LeftOut;
use deploy::Deploys;
use index::{Index, IndexedFiles};

/// The policies of one file, what they belong to, and the environments that their texts are resolved under. Node ids
/// are those of the tree that it was made from.
#[derive(Debug)]
pub struct Analysis {
    /// How the file holds its policies.
    pub dialect: &'static dyn Dialect,
    /// The file's path, relative to the folder of its config where it has one, with `/`.
    pub path: String,
    /// The config in force.
    pub config: Arc<Config>,
    /// The targets; at least one.
    pub environments: Vec<Environment>,
    /// What else it may be deployed to, where the config doesn't say where it goes: a rule whose answer depends on the
    /// account is silent where it would be another one there.
    pub others: Vec<Environment>,
    /// What the dialect knows of the file as a whole.
    state: Box<dyn State>,
    /// The policies in source order of what declares them.
    pub sites: Vec<Site>,
    /// The roles that it assumes, for a CI pipeline.
    pub pipeline: Option<Pipeline>,
    /// The ARNs of roles that the dialect's tool deploys the file with.
    pub deployers: Vec<Item>,
    /// What they belong to.
    pub owners: Vec<Owner>,
    /// By owner, the indexes of its sites.
    owned: Vec<Vec<usize>>,
    /// By owner, whether the file tells that it deploys.
    deploys: Vec<Traced<Deploys>>,
    /// What has been found out about the texts.
    pub memo: Arc<Memo>,
    /// What others have worked out of it.
    pub cache: Cache,
    /// The files that this one may refer to.
    pub files: Arc<dyn IndexedFiles>,
    /// Their stamp before they were asked for anything: what is made of the analysis holds as long as they have it.
    pub stamp: u64,
    place: OnceLock<PathBuf>,
    index: OnceLock<Option<Arc<Index>>>,
    /// What other templates' stacks give to the parameters, by environment without and with parameters' defaults;
    /// empty where that is nothing.
    passed: OnceLock<Vec<[Option<PassedValues>; 2]>>,
    spelled: OnceLock<(Option<Spelling>, u64)>,
    /// What was read of the tree while the policies were found.
    found_by: Live,
    shape: OnceLock<u64>,
    /// What wasn't looked at meanwhile.
    left_out_by_finding: LeftOut,
    regions: OnceLock<Regions>,
    /// The sites whose policies others hold, by the nodes of their documents.
    held: OnceLock<HashMap<NodeId, usize>>,
    /// The same of sites that something is put into before AWS sees them.
    replaced: OnceLock<HashMap<NodeId, usize>>,
    /// The sites of the documents of managed policies.
    documents: OnceLock<HashMap<usize, Vec<usize>>>,
    /// The file as each call of its module makes it.
    calls: OnceLock<Calls>,
    /// Whether a value wasn't worked out, since a limit was met.
    cut_off: AtomicBool,
    /// Whether of several values not each was tried: there were too many.
    in_part: AtomicBool,
    /// What its texts have cost beyond what each may by itself.
    spent: AtomicUsize,
    /// Whether an owner has more policies in other files than are looked at.
    too_many: AtomicBool,
    /// Files that it takes something from and that aren't read.
    unread: Mutex<BTreeSet<Unread>>,
}

/// What [`Analysis::spelling`] is called where it is taken as worked out.
const SPELLING: &str = "spelling";

/// What is to be said of a file of which not all is checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CutOff {
    /// What isn't checked, and why.
    pub message: &'static str,
    /// Whether there is something that isn't looked at at all. Else only some of the values of a text aren't.
    pub fails: bool,
}

impl Analysis {
    /// Finds the policies of a file that stands alone.
    pub fn new(tree: &Tree, path: &str, config: Arc<Config>) -> Analysis {
        Analysis::with_memo(tree, path, config, Arc::new(NoFiles), Arc::default())
    }

    /// Finds the policies of a file among others. For a file that has been looked at before, `memo` is that of the
    /// analysis then: what it knows isn't worked out again.
    pub fn with_memo(
        tree: &Tree,
        path: &str,
        config: Arc<Config>,
        files: Arc<dyn IndexedFiles>,
        memo: Arc<Memo>,
    ) -> Analysis {
        memo.begin();
        let stamp = files.stamp();
        let environments = environments(&config, path);
        let around: Arc<dyn Files> = Arc::clone(&files) as Arc<dyn Files>;
        let limits = Omissions::default();
        let (mut found, found_by) = tree.live(|| {
            leastwise_dialects::find(&SourceFile {
                tree,
                path,
                config: &config,
                environments: &environments,
                files: &around,
                limits: &limits,
            })
        });
        let environments = found.environments.take().unwrap_or(environments);
        let analysis = Analysis {
            stamp,
            found_by,
            ..Analysis::of(found, path, config, environments, files, memo)
        };
        analysis.leaving_out(LeftOut {
            is_cut_off: limits.is_cut_off.get(),
            unread: limits.unread.take().into_iter().collect(),
        })
    }

    /// The file as somebody who uses it makes it.
    fn under(&self, tree: &Tree, own: Box<dyn State>) -> Analysis {
        let files: Arc<dyn Files> = Arc::clone(&self.files) as Arc<dyn Files>;
        let (sites, owners) = own.find(&SourceFile {
            tree,
            path: &self.path,
            config: &self.config,
            environments: &self.environments,
            files: &files,
            // They are the same as those of the file by itself.
            limits: &Omissions::default(),
        });
        let found = RecognisedFile {
            state: own,
            sites,
            owners,
            ..RecognisedFile::of(self.dialect)
        };
        Analysis::of(
            found,
            &self.path,
            Arc::clone(&self.config),
            self.environments.clone(),
            Arc::clone(&self.files),
            Arc::clone(&self.memo),
        )
    }

    /// The file as each call of its module makes it, where there are several, or instances of one. Empty for any other file,
    /// and where what they give is the same as is known of the file anyway.
    pub fn calls(&self, tree: &Tree) -> &Calls {
        self.calls.get_or_init(|| Calls::of(self, tree))
    }

    fn of(
        mut found: RecognisedFile,
        path: &str,
        config: Arc<Config>,
        environments: Vec<Environment>,
        files: Arc<dyn IndexedFiles>,
        memo: Arc<Memo>,
    ) -> Analysis {
        found.sites.shrink_to_fit();
        found.owners.shrink_to_fit();
        let mut owned = vec![Vec::new(); found.owners.len()];
        for (index, site) in found.sites.iter().enumerate() {
            for owner in &site.owners {
                if let Some(sites) = owned.get_mut(*owner) {
                    sites.push(index);
                }
            }
        }
        Analysis {
            dialect: found.dialect,
            path: path.to_owned(),
            others: others(&config, path),
            config,
            environments,
            state: found.state,
            sites: found.sites,
            pipeline: found.pipeline,
            deployers: found.deployers,
            owners: found.owners,
            deploys: std::iter::repeat_with(Traced::default)
                .take(owned.len())
                .collect(),
            owned,
            memo,
            cache: Cache::default(),
            stamp: files.stamp(),
            files,
            place: OnceLock::new(),
            index: OnceLock::new(),
            passed: OnceLock::new(),
            spelled: OnceLock::new(),
            found_by: Live::default(),
            shape: OnceLock::new(),
            left_out_by_finding: LeftOut::default(),
            regions: OnceLock::new(),
            held: OnceLock::new(),
            replaced: OnceLock::new(),
            documents: OnceLock::new(),
            calls: OnceLock::new(),
            cut_off: AtomicBool::new(false),
            in_part: AtomicBool::new(false),
            spent: AtomicUsize::new(0),
            too_many: AtomicBool::new(false),
            unread: Mutex::default(),
        }
    }

    /// What isn't known of the files that are looked at together with it: a sentence for each reason.
    pub fn left_out(&self) -> Vec<String> {
        let mut said = self.state.left_out();
        if self.lacks_policies() {
            said.push(too_many_policies(""));
        }
        said
    }

    /// The files that it needs, as far as was asked up to now, and that are there but can't be read.
    pub fn unread(&self) -> BTreeSet<Unread> {
        let known = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        let of_whole = self.state.unread().iter();
        known.iter().chain(of_whole).cloned().collect()
    }

    /// Takes down that an owner has more policies in other files than are looked at.
    pub fn has_too_many_policies(&self) {
        self.too_many.store(true, Ordering::Relaxed);
    }

    /// Whether it is taken down that an owner has more policies in other files than are looked at.
    pub fn lacks_policies(&self) -> bool {
        self.too_many.load(Ordering::Relaxed)
    }

    /// What is to be said where not all of the texts that were asked for up to now was worked out, though it could have been.
    /// What nobody knows before it is deployed is nothing to be said.
    pub fn cut_off(&self) -> Option<CutOff> {
        let cut_off = "not fully checked: some values are nested too deeply, refer on too often or are too large to be resolved";
        let in_part = "not every value is tried: a string with more than 16 values is checked with the first ones, or as unknown; list those that matter under `[variables]` in leastwise.toml";
        let kinds = [
            (&self.cut_off, cut_off, true),
            (&self.in_part, in_part, false),
        ];
        let mut met = kinds
            .iter()
            .filter(|(is_met, ..)| is_met.load(Ordering::Relaxed));
        met.next().map(|(_, message, fails)| CutOff {
            message,
            fails: *fails,
        })
    }

    /// Whether a tool has made it of other files: to change it changes nothing.
    pub fn is_made(&self) -> bool {
        self.state.is_made()
    }

    /// What the dialect knows of the file as a whole.
    pub fn state(&self) -> &(dyn State + 'static) {
        &*self.state
    }

    /// Who is declared in the files around this one, as far as that is known.
    pub fn index(&self) -> Option<&Index> {
        let index = self.index.get_or_init(|| self.files.index());
        index.as_deref()
    }

    /// Goes on with the index as it is by now, for one who knows that it answers alike what was asked up to now.
    pub fn ask_index_anew(&mut self) {
        self.index = OnceLock::new();
    }

    /// Where the file lies.
    pub fn place(&self) -> &Path {
        self.place.get_or_init(|| self.files.place(&self.path))
    }

    /// The ARNs that an identity of the file is deployed with under an environment: patterns with holes for what isn't
    /// known. None for one that isn't declared here.
    pub fn arns(&self, tree: &Tree, owner: &Owner, environment: &Environment) -> Vec<Pattern> {
        let Some(span) = owner.declared else {
            return Vec::new();
        };
        let node = owner
            .properties
            .or_else(|| tree.documents().first().copied());
        match (self.state.arn_of(owner), node) {
            (Some(part), Some(node)) => {
                let parts = vec![part];
                let text = Text { node, span, parts };
                let values = self.resolve(tree, &text, environment, true).into_iter();
                values.map(|value| value.pattern).collect()
            }
            _ => owner
                .names
                .iter()
                .filter_map(|name| named_arn(owner.kind, name, environment))
                .collect(),
        }
    }

    /// Every environment that it may be deployed to.
    pub fn possible(&self) -> impl Iterator<Item = &Environment> {
        self.environments.iter().chain(&self.others)
    }

    /// Whether the permissions of an owner of the file create and change resources: as the config, its name, its policies
    /// say, or because a service of the workspace is deployed with it.
    pub fn deploys(&self, tree: &Tree, owner: usize) -> Deploys {
        let told = self.deploys.get(owner).map_or(Deploys::No, |told| {
            let of = || self.tells_that_deploys(tree, owner);
            *told.get_or_trace(tree, None, || self.traced(tree, None, of))
        });
        let Some(owner) = self.owners.get(owner).filter(|_| told != Deploys::Said) else {
            return told;
        };
        let used = owner.kind == OwnerKind::Role
            && !owner.runs
            && self.config.deploy_roles.is_none()
            && (self.deployed_with(tree, owner)
                || self.index().is_some_and(|index| index.deploys(owner)));
        match used {
            true => Deploys::Said,
            false => told,
        }
    }

    fn deployed_with(&self, tree: &Tree, owner: &Owner) -> bool {
        let mut values = self.deployers.iter().flat_map(|arn| self.shown(tree, arn));
        values.any(|(_, value)| {
            role_name(&value.pattern).is_some_and(|(name, _)| owner.names.contains(&name))
        })
    }

    /// The owners of a site.
    pub fn owners_of<'a>(&'a self, site: &'a Site) -> impl Iterator<Item = &'a Owner> {
        site.owners
            .iter()
            .filter_map(|index| self.owners.get(*index))
    }

    /// The sites of an owner.
    pub fn sites_of(&self, owner: usize) -> impl Iterator<Item = &Site> {
        let own = self.owned.get(owner).map_or(&[][..], Vec::as_slice);
        own.iter().filter_map(|index| self.sites.get(*index))
    }

    /// The sites that hold the document of a managed policy, whoever it is attached to.
    pub fn documents_of(&self, policy: usize) -> impl Iterator<Item = &Site> {
        let documents = self.documents.get_or_init(|| {
            let mut documents: HashMap<usize, Vec<usize>> = HashMap::new();
            for (index, site) in self.sites.iter().enumerate() {
                for policy in &site.document.managed {
                    let sites = documents.entry(*policy).or_default();
                    if sites.last() != Some(&index) {
                        sites.push(index);
                    }
                }
            }
            documents
        });
        let own = documents.get(&policy).map_or(&[][..], Vec::as_slice);
        own.iter().filter_map(|index| self.sites.get(*index))
    }

    /// The owner's label for messages: the first one's.
    pub fn label<'a>(&'a self, site: &'a Site) -> Option<&'a str> {
        self.owners_of(site)
            .next()
            .map(|owner| owner.label.as_str())
    }

    /// The values of an item with each one's environment, parameters' defaults taken for their values: for showing.
    /// A value that is the same in every environment comes once, with the first.
    pub fn shown<'a>(
        &'a self,
        tree: &Tree,
        item: &'a Item,
    ) -> impl Iterator<Item = (&'a Environment, &'a Resolved)> {
        let resolutions = self.resolved(tree, item);
        self.environments
            .iter()
            .zip(&resolutions.shown)
            .flat_map(|(env, values)| values.iter().map(move |v| (env, v)))
    }

    /// The values of an item with each one's environment, without anything that a deployer could still change: for
    /// judging. What only a default says is a hole. A value that is the same in every environment comes once.
    pub fn sure<'a>(
        &'a self,
        tree: &Tree,
        item: &'a Item,
    ) -> impl Iterator<Item = (&'a Environment, &'a Resolved)> {
        let resolutions = self.resolved(tree, item);
        let values = if resolutions.sure.is_empty() {
            &resolutions.shown
        } else {
            &resolutions.sure
        };
        self.environments
            .iter()
            .zip(values)
            .flat_map(|(env, values)| values.iter().map(move |v| (env, v)))
    }

    /// The actions that an item of `Action` stands for, where its text is a literal.
    pub fn expand<'i>(&self, item: &'i Item) -> &'i [Action] {
        item.expanded.get_or_init(|| match &item.action {
            Some(pattern) => self.memo.expand(pattern),
            None => Arc::default(),
        })
    }

    /// The values of any text under one environment, defaults taken for values or not.
    pub fn resolve(
        &self,
        tree: &Tree,
        text: &Text,
        environment: &Environment,
        defaults: bool,
    ) -> Vec<Resolved> {
        self.resolver(tree, environment, defaults).resolve(text)
    }

    /// The values of any text over all environments, defaults taken for values.
    pub fn values(&self, tree: &Tree, text: &Text) -> Vec<Pattern> {
        let environments = self.environments.iter();
        let values = environments.flat_map(|environment| {
            let values = self.resolve(tree, text, environment, true).into_iter();
            values.map(|value| value.pattern)
        });
        values.collect()
    }

    /// Whether an item that is a reference surely is a list: of a variable whose default may be overridden
    /// that isn't known.
    pub fn is_list(&self, tree: &Tree, node: NodeId) -> bool {
        let Some(environment) = self.environments.first() else {
            return false;
        };
        let resolver = self.resolver(tree, environment, false);
        self.state.is_list(&resolver, node)
    }

    /// How the file writes where it is deployed, where its dialect can tell.
    pub fn spelling(&self, tree: &Tree) -> Option<&Spelling> {
        let of = || self.state.spelling(tree, &self.config, &self.environments);
        let spelled = || {
            let spelled = of();
            let mark = Fingerprint::of(&spelled);
            (spelled, mark)
        };
        tree.fact(SPELLING, || {
            let (spelled, mark) = self.spelled.get_or_init(spelled);
            (spelled.as_ref(), *mark)
        })
    }

    /// A resolver for one environment that knows nothing of what other files say.
    pub(crate) fn alone<'a>(
        &'a self,
        tree: &'a Tree,
        environment: &'a Environment,
        defaults: bool,
    ) -> Resolver<'a> {
        let names = self.state.names();
        Resolver::new(tree, &self.config, names, environment, defaults)
    }

    /// A resolver for one environment.
    pub fn resolver<'a>(
        &'a self,
        tree: &'a Tree,
        environment: &'a Environment,
        defaults: bool,
    ) -> Resolver<'a> {
        let names = self.state.names();
        Resolver {
            surroundings: Some(self),
            passed: self.passed(environment, defaults),
            ..Resolver::new(tree, &self.config, names, environment, defaults)
        }
    }

    fn passed(&self, environment: &Environment, defaults: bool) -> Option<&PassedValues> {
        if !self.state.is_given_values() {
            return None;
        }
        let known = self.passed.get_or_init(|| {
            let Some(index) = self.index().filter(|index| index.has_stacks_of(&self.path)) else {
                return Vec::new();
            };
            let of = |environment| {
                let passed = |defaults| self.state.passed(index, &self.path, environment, defaults);
                [false, true].map(passed)
            };
            self.environments.iter().map(of).collect()
        });
        let at = known.iter().zip(&self.environments);
        let at = at.filter(|(_, own)| *own == environment);
        let [sure, shown] = at.map(|(passed, _)| passed).next()?;
        if defaults { shown } else { sure }.as_ref()
    }

    /// The fingerprint of what was taken for [`Tree::fact`] as worked out, as it is by now.
    pub fn mark_of(&self, tree: &Tree, fact: &str) -> Option<u64> {
        if fact != SPELLING {
            return None;
        }
        self.spelling(tree);
        self.spelled.get().map(|(_, mark)| *mark)
    }

    fn resolved<'a>(&'a self, tree: &Tree, item: &'a Item) -> &'a Resolutions {
        let of = || self.resolutions(tree, &item.text);
        let traced = || self.traced(tree, Some(item.node), of);
        item.resolved.get_or_trace(tree, Some(item.node), traced)
    }

    /// The parts of the file that hold its policies.
    pub fn regions(&self, tree: &Tree) -> &Regions {
        self.regions.get_or_init(|| Regions::of(tree, &self.sites))
    }

    /// What was read of the policies while they were found: the analysis is of the same shape as long as that and what stands
    /// around the policies are the same.
    pub fn shape(&self, tree: &Tree) -> u64 {
        *self.shape.get_or_init(|| {
            let roots = self.regions(tree).roots();
            self.found_by.fingerprint(tree, roots)
        })
    }

    /// Works something out for whoever asks, with what was read of policies for it, but for the one that a node is in.
    pub fn traced<T>(
        &self,
        tree: &Tree,
        own: Option<NodeId>,
        make: impl FnOnce() -> T,
    ) -> (T, Trace) {
        let regions = self.regions(tree);
        let of = |node: NodeId| regions.number(tree.span(node).start);
        let own = own.map(|own| of(own).and_then(|at| regions.root(at)).unwrap_or(own));
        let (made, mut trace) = tree.traced(own, make);
        trace.retain(|node| of(*node).is_some());
        (made, trace)
    }

    fn resolutions(&self, tree: &Tree, text: &Text) -> Resolutions {
        let fixed = text
            .parts
            .iter()
            .all(|part| matches!(part, Part::Literal { .. }));
        let count = if fixed { 1 } else { self.environments.len() };
        let targets = || self.environments.iter().take(count);
        let shown: Vec<_> = targets()
            .map(|environment| self.resolve(tree, text, environment, true))
            .collect();
        let mut values = shown.iter().flatten();
        let sure = if values.any(|value| value.assumed || value.omits) {
            targets()
                .map(|environment| self.resolve(tree, text, environment, false))
                .collect()
        } else {
            Vec::new()
        };
        Resolutions { shown, sure }
    }
}

impl Analysis {
    /// The innermost of some sites around a node. `known` keeps which sites those are, by their nodes.
    fn site_around(
        &self,
        tree: &Tree,
        node: NodeId,
        known: &OnceLock<HashMap<NodeId, usize>>,
        is_one: impl Fn(&Site) -> bool,
    ) -> Option<&Site> {
        let known = known.get_or_init(|| {
            let sites = self.sites.iter().enumerate();
            let sites = sites.filter(|(_, site)| is_one(site));
            sites
                .map(|(index, site)| (site.document.node, index))
                .collect()
        });
        if known.is_empty() {
            return None;
        }
        let mut around = std::iter::successors(Some(node), |node| tree.parent(*node));
        around.find_map(|node| self.sites.get(*known.get(&node)?))
    }
}

impl Surroundings for Analysis {
    fn uses_around(&self, tree: &Tree, node: NodeId) -> &[Vec<Guard>] {
        let site = self.site_around(tree, node, &self.held, |site| !site.uses.is_empty());
        site.map_or(&[], |site| &site.uses)
    }

    fn replaced_around(&self, tree: &Tree, node: NodeId) -> &[ModuleNode] {
        let is_replaced = |site: &Site| !site.document.replaced.is_empty();
        let site = self.site_around(tree, node, &self.replaced, is_replaced);
        site.map_or(&[], |site| &site.document.replaced)
    }

    fn cut_off(&self) {
        self.cut_off.store(true, Ordering::Relaxed);
    }

    fn tried_in_part(&self) {
        self.in_part.store(true, Ordering::Relaxed);
    }

    fn spend(&self, steps: usize) -> bool {
        let before = self.spent.fetch_add(steps, Ordering::Relaxed);
        before.saturating_add(steps) <= STEPS_OF_A_FILE
    }

    fn unread(&self, file: Unread) {
        let mut known = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(file);
    }

    fn exported(
        &self,
        environment: &Environment,
        name: &str,
        defaults: bool,
    ) -> Option<Vec<Resolved>> {
        self.index()?.exported(self, environment, name, defaults)
    }
}

/// The ARN of an identity by its name alone: its path isn't known.
fn named_arn(kind: OwnerKind, name: &str, environment: &Environment) -> Option<Pattern> {
    let kind = match kind {
        OwnerKind::Role => "role",
        OwnerKind::User => "user",
        OwnerKind::Group => "group",
        OwnerKind::ManagedPolicy => "policy",
        OwnerKind::Resource | OwnerKind::File => return None,
    };
    let mut arn = Pattern::builder();
    arn.push_literal("arn:");
    match &environment.partition {
        Some(partition) => arn.push_text(partition),
        None => arn.push_hole("AWS::Partition"),
    };
    arn.push_literal(":iam::");
    match &environment.account {
        Some(account) => arn.push_text(account),
        None => arn.push_hole("AWS::AccountId"),
    };
    arn.push_text(&format!(":{kind}/"));
    arn.push_hole("Path");
    arn.push_literal(name);
    Some(arn.build())
}
