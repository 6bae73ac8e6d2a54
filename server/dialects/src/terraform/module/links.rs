//! What the blocks of a module have to do with each other, so that a file is looked at together with those of the others
//! that matter to it, and not with all of them.

use std::collections::{BTreeSet, VecDeque};

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use leastwise_model::OwnerKind;
use leastwise_model::guard::ModuleNode;
use leastwise_model::limits::POLICIES_ELSEWHERE;
use leastwise_syntax::trace::Traced;
use leastwise_syntax::{NodeId, Tree, View};

use super::attachments::{ATTACH, INLINE, MEMBERS, kind_of, nodes};
use super::{Block, Module};
use crate::terraform::body::{argument, expression};
use crate::terraform::limits::{TAKERS, USERS};
use crate::terraform::references::{references, references_in};
use crate::terraform::{Reference, table};
use crate::work;

/// What the addresses of documents begin with.
pub const DOCUMENT: &str = "data.aws_iam_policy_document.";
const POLICY: &str = "aws_iam_policy.";
const LOCAL: &str = "local.";

/// A resource that has policies, or gives them to somebody.
#[derive(Debug)]
struct Act {
    address: String,
    file: u32,
    /// Whom it gives policies to.
    identities: Vec<Identity>,
    /// The managed policies that it attaches, or that bound it.
    policies: Vec<String>,
    /// The local values that it names.
    locals: Vec<String>,
    /// Whether it only says who has which policies.
    attaches: bool,
    /// Whether it says who is in which group.
    is_membership: bool,
}

/// An identity that a resource names.
#[derive(Clone, Debug)]
enum Identity {
    /// By the address of a resource.
    At(String),
    /// By an expression that is worked out.
    Named(OwnerKind, ModuleNode),
}

/// What mentions a document, a managed policy or a local value.
#[derive(Clone, Debug)]
enum User {
    Act(usize),
    Thing(String),
}

/// Which resources of a module give what to whom, as it is written.
#[derive(Debug, Default)]
pub struct Links {
    /// In the order of the files.
    acts: Vec<Act>,
    /// By file those of its own, and what is declared in it that policies may be made of.
    own: HashMap<u32, (Vec<usize>, Vec<String>)>,
    by_address: HashMap<String, Vec<usize>>,
    /// By the address of an identity what gives to it.
    givers: HashMap<String, Vec<usize>>,
    /// By name of a document, policy or local value what mentions it.
    users: HashMap<String, Vec<User>>,
    /// By the address of a managed policy the first that attaches it.
    attaching: HashMap<String, usize>,
    /// By name of a document or local value which of them it mentions.
    parts: HashMap<String, Vec<String>>,
    /// What gives to identities that are named otherwise than by reference.
    named: Vec<(usize, OwnerKind, ModuleNode)>,
}

/// Identities by the names that they are deployed under.
#[derive(Debug, Default)]
pub(crate) struct DeployedNames {
    /// By address.
    of: HashMap<String, (OwnerKind, Vec<String>)>,
    resources: HashMap<(OwnerKind, Vec<String>), Vec<String>>,
    /// By act.
    of_act: HashMap<usize, Vec<(OwnerKind, Vec<String>)>>,
    acts: HashMap<(OwnerKind, Vec<String>), Vec<usize>>,
}

/// Who works out under which names identities are deployed.
pub trait Naming {
    /// The names that a resource is deployed under.
    fn names_of(&self, block: &Block) -> Vec<String>;

    /// The names of an identity that an expression gives.
    fn names_at(&self, at: ModuleNode) -> Vec<String>;
}

/// What of a module has to do with one of its files.
#[derive(Debug, Default)]
pub struct Near {
    /// The addresses of resources: those of the file first.
    pub resources: Vec<String>,
    /// Whether there is more, since documents are taken by so many others.
    pub is_cut: bool,
    /// Identities that so much of other files gives policies to that not all of it is here.
    pub crowded: Vec<Crowded>,
}

/// An identity that more gives policies to than is looked at.
#[derive(Debug)]
pub(crate) enum Crowded {
    /// By the address of a resource.
    At(String),
    /// By what it is, and the names that it is deployed under.
    Named(OwnerKind, Vec<String>),
}

impl Links {
    /// Reads a module.
    pub fn of(module: &Module, own: &Tree) -> Links {
        let mut links = Links::default();
        for (address, block) in module.all_blocks() {
            let tree = module.tree(block.body.file, own);
            if block.data {
                if address.starts_with(DOCUMENT) {
                    let things = things(tree, block.body.node);
                    links.thing(block.body.file, address.to_owned(), things);
                }
            } else if let Some(act) = act(module, tree, address, block) {
                links.act(act, things(tree, block.body.node));
            }
        }
        for (name, at) in &module.locals {
            let tree = module.tree(at.file, own);
            if may_carry(tree, at.node) {
                let things = things(tree, at.node);
                links.thing(at.file, format!("local.{name}"), things);
            }
        }
        links.follow();
        links
    }

    /// Takes down the managed policies that resources name by way of local values.
    fn follow(&mut self) {
        for (at, act) in self.acts.iter_mut().enumerate() {
            let mut seen: HashSet<&str> = HashSet::new();
            let mut work: Vec<&str> = act.locals.iter().map(String::as_str).collect();
            while let Some(local) = work.pop() {
                if !seen.insert(local) {
                    continue;
                }
                work::did(1);
                for part in self.parts.get(local).into_iter().flatten() {
                    if part.starts_with(LOCAL) {
                        work.push(part);
                    } else if part.starts_with(POLICY) {
                        act.policies.push(part.clone());
                    }
                }
            }
            // The same each time, whatever the order of sets.
            act.policies.sort_unstable();
            act.policies.dedup();
            for policy in act.policies.iter().filter(|_| act.attaches) {
                self.attaching.entry(policy.clone()).or_insert(at);
            }
        }
    }

    fn act(&mut self, mut act: Act, things: BTreeSet<String>) {
        let at = self.acts.len();
        self.own.entry(act.file).or_default().0.push(at);
        if act.address.starts_with(POLICY) {
            let own = self.own.entry(act.file).or_default();
            own.1.push(act.address.clone());
        }
        self.by_address
            .entry(act.address.clone())
            .or_default()
            .push(at);
        for identity in &act.identities {
            match identity {
                Identity::At(address) => {
                    let givers = self.givers.entry(address.clone()).or_default();
                    givers.push(at);
                }
                Identity::Named(kind, of) => self.named.push((at, *kind, *of)),
            }
        }
        for thing in things {
            if thing.starts_with(POLICY) {
                act.policies.push(thing.clone());
            } else if thing.starts_with(LOCAL) {
                act.locals.push(thing.clone());
            }
            self.users.entry(thing).or_default().push(User::Act(at));
        }
        self.acts.push(act);
    }

    fn thing(&mut self, file: u32, name: String, things: BTreeSet<String>) {
        self.own.entry(file).or_default().1.push(name.clone());
        for thing in &things {
            let users = self.users.entry(thing.clone()).or_default();
            users.push(User::Thing(name.clone()));
        }
        let parts = self.parts.entry(name).or_default();
        parts.extend(things);
    }

    /// What has to do with a file; `names` keeps the names of identities, which are worked out over the module as it was read
    /// if any are asked for.
    pub fn near(
        &self,
        module: &Module,
        names: &Traced<DeployedNames>,
        (read, was, naming): (&Module, &Tree, &dyn Naming),
    ) -> Near {
        let names = || names.get_or_init(was, None, || DeployedNames::of(self, read, naming));
        let names = (!self.named.is_empty()).then(names);
        let mut walk = Walk {
            links: self,
            names,
            acts: HashMap::new(),
            owners: HashSet::new(),
            things: HashSet::new(),
            work: Vec::new(),
            later: VecDeque::new(),
            crowded: Vec::new(),
            own: module.own(),
        };
        if let Some((acts, things)) = self.own.get(&module.own()) {
            walk.work.extend(acts.iter().map(|at| Step::Act(*at, true)));
            let things = things.iter().cloned();
            walk.later.extend(things.map(|name| (name, 0)));
        }
        for (address, block) in module.own_blocks() {
            if !block.data {
                walk.work.push(Step::Owner(address.to_owned()));
            }
        }
        let is_cut = walk.run();
        let (acts, crowded) = (walk.acts, walk.crowded);
        // Own ones first, then those of the others in their order.
        let mut near = Near {
            is_cut,
            crowded,
            ..Near::default()
        };
        let own: HashSet<&str> = module.own_addresses().collect();
        let addresses = module.own_addresses().map(str::to_owned);
        near.resources.extend(addresses);
        let mut seen: HashSet<&str> = HashSet::new();
        let others: BTreeSet<usize> = acts.into_keys().collect();
        for at in others {
            let Some(act) = self.acts.get(at) else {
                continue;
            };
            if !own.contains(act.address.as_str()) && seen.insert(&act.address) {
                near.resources.push(act.address.clone());
            }
        }
        near
    }
}

impl DeployedNames {
    /// The names that identities are deployed under.
    fn of(links: &Links, module: &Module, naming: &dyn Naming) -> DeployedNames {
        let mut names = DeployedNames::default();
        let kinds: HashSet<OwnerKind> = links.named.iter().map(|(_, kind, _)| *kind).collect();
        for (address, block) in module.all_blocks() {
            let kind = kind_of(block);
            if block.data || !kinds.contains(&kind) {
                continue;
            }
            work::did(1);
            let own = naming.names_of(block);
            if !own.is_empty() {
                let key = (kind, own);
                let resources = names.resources.entry(key.clone()).or_default();
                resources.push(address.to_owned());
                names.of.insert(address.to_owned(), key);
            }
        }
        for (act, kind, at) in &links.named {
            work::did(1);
            let own = naming.names_at(*at);
            if !own.is_empty() {
                let key = (*kind, own);
                names.acts.entry(key.clone()).or_default().push(*act);
                names.of_act.entry(*act).or_default().push(key);
            }
        }
        names
    }
}

enum Step {
    /// A resource, and whether all of whom it gives something to matters.
    Act(usize, bool),
    Owner(String),
    Named((OwnerKind, Vec<String>)),
}

struct Walk<'l> {
    links: &'l Links,
    names: Option<&'l DeployedNames>,
    /// Whether all of whom a resource gives something to matters.
    acts: HashMap<usize, bool>,
    owners: HashSet<(OwnerKind, Vec<String>)>,
    things: HashSet<String>,
    work: Vec<Step>,
    /// Documents, managed policies and local values, each with how many of them led to it.
    later: VecDeque<(String, usize)>,
    crowded: Vec<Crowded>,
    /// The file.
    own: u32,
}

impl Walk<'_> {
    /// False once all was followed.
    fn run(&mut self) -> bool {
        let mut addresses = HashSet::new();
        loop {
            while let Some(step) = self.work.pop() {
                work::did(1);
                match step {
                    Step::Act(at, whole) => self.act(at, whole),
                    Step::Owner(address) => {
                        if addresses.insert(address.clone()) {
                            self.owner(&address);
                        }
                    }
                    Step::Named(key) => self.named(key),
                }
            }
            // The nearest ones first.
            match self.later.pop_front() {
                Some((_, taken)) if taken > TAKERS && self.acts.len() > USERS => {
                    return true;
                }
                Some((name, taken)) => self.thing(name, taken),
                None => return false,
            }
        }
    }

    fn act(&mut self, at: usize, whole: bool) {
        match self.acts.get(&at) {
            Some(known) if *known || !whole => return,
            _ => self.acts.insert(at, whole),
        };
        let links = self.links;
        let Some(act) = links.acts.get(at) else {
            return;
        };
        // Who is in a group has its policies, and a group is told of with its members.
        if whole || act.is_membership {
            for identity in &act.identities {
                if let Identity::At(address) = identity {
                    self.work.push(Step::Owner(address.clone()));
                }
            }
            let names = self.names.and_then(|names| names.of_act.get(&at));
            for key in names.into_iter().flatten() {
                self.work.push(Step::Named(key.clone()));
            }
            if act.identities.is_empty() {
                self.work.push(Step::Owner(act.address.clone()));
            }
            if act.address.starts_with(POLICY) {
                self.later.push_back((act.address.clone(), 0));
            }
        }
        for policy in &act.policies {
            for at in links.by_address.get(policy).into_iter().flatten() {
                self.work.push(Step::Act(*at, false));
            }
            // Whether it is attached to somebody, one tells.
            if whole && !act.attaches {
                let attaching = links.attaching.get(policy);
                self.work.extend(attaching.map(|at| Step::Act(*at, false)));
            }
        }
    }

    fn owner(&mut self, address: &str) {
        let links = self.links;
        let own = links.by_address.get(address).into_iter();
        let givers = own.chain(links.givers.get(address)).flatten();
        if self.given_by(givers) {
            self.crowded.push(Crowded::At(address.to_owned()));
        }
        if let Some(key) = self.names.and_then(|names| names.of.get(address)) {
            self.work.push(Step::Named(key.clone()));
        }
    }

    fn named(&mut self, key: (OwnerKind, Vec<String>)) {
        let Some(names) = self.names else { return };
        if self.owners.contains(&key) {
            return;
        }
        let acts = names.acts.get(&key).into_iter().flatten();
        if self.given_by(acts) {
            self.crowded.push(Crowded::Named(key.0, key.1.clone()));
        }
        let resources = names.resources.get(&key).into_iter().flatten();
        self.work
            .extend(resources.map(|address| Step::Owner(address.clone())));
        self.owners.insert(key);
    }

    /// Goes on with what gives policies to an identity; true where there is more of it than anybody looks at.
    fn given_by<'s>(&mut self, acts: impl Iterator<Item = &'s usize>) -> bool {
        let mut left = POLICIES_ELSEWHERE;
        for at in acts {
            let is_own = |act: &Act| act.file == self.own;
            if self.acts.contains_key(at) || self.links.acts.get(*at).is_some_and(is_own) {
                continue;
            }
            if left == 0 {
                return true;
            }
            work::did(1);
            left -= 1;
            self.work.push(Step::Act(*at, false));
        }
        false
    }

    fn thing(&mut self, name: String, taken: usize) {
        work::did(1);
        if !self.things.insert(name.clone()) {
            return;
        }
        for user in self.links.users.get(&name).into_iter().flatten() {
            match user {
                User::Act(at) => self.work.push(Step::Act(*at, true)),
                User::Thing(name) => self.later.push_back((name.clone(), taken + 1)),
            }
        }
    }
}

/// A resource that has policies, or gives them to somebody; `None` for any other.
fn act(module: &Module, tree: &Tree, address: &str, block: &Block) -> Option<Act> {
    let of = block.type_name.as_str();
    let own = |name: &str| argument(tree, block.body.node, name);
    let mut named: Vec<(OwnerKind, NodeId)> = Vec::new();
    let attach = ATTACH.iter().find(|attach| attach.type_name == of);
    let member = MEMBERS.iter().find(|member| member.0 == of);
    if let Some(attach) = attach {
        for (name, kind) in attach.targets {
            let items = own(name).map(|node| nodes(tree, node));
            named.extend(items.into_iter().flatten().map(|node| (*kind, node)));
        }
    } else if let Some((_, user, group)) = member {
        for (name, kind) in [(user, OwnerKind::User), (group, OwnerKind::Group)] {
            let items = own(name).map(|node| nodes(tree, node));
            named.extend(items.into_iter().flatten().map(|node| (kind, node)));
        }
    } else if let Some((_, name, kind)) = INLINE.iter().find(|inline| inline.0 == of) {
        named.extend(own(name).map(|node| (*kind, node)));
    } else if table::policies(of).is_empty() && kind_of(block) == OwnerKind::Resource {
        return None;
    }
    let file = block.body.file;
    let identity = |(kind, node)| {
        let at = ModuleNode { file, node };
        identity(module, tree, at, kind).map_or(Identity::Named(kind, at), Identity::At)
    };
    Some(Act {
        address: address.to_owned(),
        file,
        identities: named.into_iter().map(identity).collect(),
        policies: Vec::new(),
        locals: Vec::new(),
        attaches: attach.is_some(),
        is_membership: member.is_some(),
    })
}

/// The address of the resource of the module that an expression names as an identity.
pub fn identity(module: &Module, tree: &Tree, at: ModuleNode, kind: OwnerKind) -> Option<String> {
    references(tree, at.node).into_iter().find_map(|name| {
        let address = Reference::parse(&name)?.resource()?.address;
        let block = module.block(&address)?;
        (kind_of(block) == kind && !block.data).then_some(address)
    })
}

/// Whether a local value may hold a policy, statements of one, or a list of policies: no plain text does.
pub(super) fn may_carry(tree: &Tree, node: NodeId) -> bool {
    let opens = |text: &str| text.contains(['{', '[', '"']);
    tree.summed_up(|| match tree.view(node) {
        View::Scalar(text) => opens(text),
        View::Tagged(..) => match expression(tree, node) {
            Some(("template", parts)) => {
                let parts = tree.items(parts).unwrap_or_default().iter();
                let mut literal = parts.filter_map(|part| tree.text(*part)).peekable();
                literal.peek().is_none() || literal.any(opens)
            }
            _ => true,
        },
        _ => true,
    })
}

/// The documents, managed policies and local values that an expression, or a body, mentions.
pub(super) fn things(tree: &Tree, node: NodeId) -> BTreeSet<String> {
    tree.summed_up(|| mentioned(tree, node))
}

fn mentioned(tree: &Tree, node: NodeId) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        work::did(1);
        if !tree.is_container(node) {
            let text = tree.with_variables(node).into_iter();
            found.extend(text.flat_map(references_in).filter_map(|text| thing(&text)));
            continue;
        }
        if let Some(texts) = tree.listed_with_variables(node) {
            let named = texts.into_iter().flat_map(references_in);
            found.extend(named.filter_map(|text| thing(&text)));
            continue;
        }
        match tree.view(node) {
            View::Tagged(..) => match expression(tree, node) {
                Some(("ref", text)) => {
                    let text = tree.text(text).unwrap_or_default();
                    found.extend(thing(text));
                    // An index may be one, too.
                    if text.contains('[') {
                        found.extend(references_in(text).iter().filter_map(|text| thing(text)));
                    }
                }
                Some(("expr", text)) => {
                    let within = references_in(tree.text(text).unwrap_or_default());
                    found.extend(within.iter().filter_map(|text| thing(text)));
                }
                Some((_, argument)) => stack.push(argument),
                None => {}
            },
            View::Sequence(items) => stack.extend(items),
            View::Mapping(pairs) => stack.extend(pairs.iter().map(|pair| pair.value)),
            _ => {}
        }
    }
    found
}

/// What a reference names of what policies are made of.
fn thing(reference: &str) -> Option<String> {
    let lead = [DOCUMENT, POLICY, LOCAL]
        .into_iter()
        .find(|lead| reference.starts_with(lead))?;
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let rest = reference.get(lead.len()..)?;
    let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
    (end > 0).then(|| reference.get(..lead.len() + end).map(str::to_owned))?
}
