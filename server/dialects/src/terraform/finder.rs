//! What is found in a module's file while it is looked through: the policies, and the roles, users and resources that they
//! belong to.

use std::rc::Rc;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use leastwise_model::files::{self, Files, Unread};
use leastwise_model::guard::Guard;
use leastwise_model::limits::POLICIES_ELSEWHERE;
use leastwise_model::notation::Notation;
use leastwise_model::text::Text;
use leastwise_model::{
    Branch, Config, Document, Environment, Known, LookUp, Owner, OwnerKind, Site,
};
use leastwise_syntax::{Format, NodeId, Tree};

use super::body::{argument, expression, reference, source};
use super::module::attachments::kind_of;
use super::module::links::{self, Crowded, Naming, Near};
use super::module::reach::{self, Reach};
use super::notation::{JSON, NATIVE};
use super::permission;
use super::uses::{Documents, Use};
use super::{Block, Module, ModuleNode, blocks, table};
use crate::permission::WrittenPermission;
use crate::resolve::Resolver;
use crate::resolve::names::Met;

/// What is found so far, and where it is looked for.
pub(super) struct Finder<'a> {
    pub tree: &'a Tree,
    pub files: &'a dyn Files,
    pub folder: &'a str,
    pub module: &'a Module,
    pub config: &'a Arc<Config>,
    pub environments: &'a [Environment],
    pub owners: Vec<Owner>,
    pub by_address: HashMap<String, usize>,
    /// Owners by what they are and the names that they are deployed under.
    by_names: HashMap<(OwnerKind, Vec<String>), usize>,
    /// How many policies of other files were looked at for an owner.
    seen_elsewhere: HashMap<usize, usize>,
    /// Sites by their documents.
    pub by_node: HashMap<NodeId, usize>,
    pub sites: Vec<Site>,
    pub documents: Documents,
    /// What of the module has to do with the file.
    pub near: Rc<Near>,
    /// Files that hold policies and aren't read.
    pub unread: Vec<Unread>,
}

impl Naming for Finder<'_> {
    fn names_of(&self, block: &Block) -> Vec<String> {
        Finder::names_of(self, block)
    }

    fn names_at(&self, at: ModuleNode) -> Vec<String> {
        Finder::names_at(self, at)
    }
}

impl<'a> Finder<'a> {
    /// For the file at `path`, of which nothing is known yet.
    pub fn new(
        tree: &'a Tree,
        path: &'a str,
        module: &'a Module,
        config: &'a Arc<Config>,
        environments: &'a [Environment],
        files: &'a dyn Files,
    ) -> Finder<'a> {
        Finder {
            tree,
            files,
            folder: files::folder(path),
            module,
            config,
            environments,
            owners: Vec::new(),
            by_address: HashMap::new(),
            by_names: HashMap::new(),
            seen_elsewhere: HashMap::new(),
            by_node: HashMap::new(),
            sites: Vec::new(),
            documents: Documents::default(),
            near: Rc::default(),
            unread: Vec::new(),
        }
    }

    pub fn tree(&self, file: u32) -> &'a Tree {
        self.module.tree(file, self.tree)
    }

    /// What a policy is for that stands under a name and that no resource holds by itself.
    pub fn reached(&self, name: &str) -> Option<reach::ReachedKind> {
        self.reach().kind(name)
    }

    /// What the module's names get into.
    pub fn reach(&self) -> &'a Reach {
        self.module.reach(self.tree, self.folder, self.files)
    }

    /// Which `${…}` the strings of documents may hold.
    pub fn notation(&self) -> &'static dyn Notation {
        match self.tree.format() {
            Format::Json | Format::Jsonc => JSON,
            _ => NATIVE,
        }
    }

    fn argument(&self, block: &Block, name: &str) -> Option<ModuleNode> {
        let node = argument(self.tree(block.body.file), block.body.node, name)?;
        Some(ModuleNode {
            file: block.body.file,
            node,
        })
    }

    /// Makes a resource an owner.
    pub fn declare(&mut self, address: &str, block: &Block) -> usize {
        if let Some(index) = self.by_address.get(address) {
            return *index;
        }
        let kind = kind_of(block);
        let here = self.module.is_own(block.body.file);
        let names = self.names_of(block);
        let boundary = match self.argument(block, "permissions_boundary") {
            None => Known::Missing,
            Some(at) if here => {
                let tree = self.tree(at.file);
                let sure = tree.text(at.node).is_some_and(|text| !text.is_empty())
                    || reference(tree, at.node).is_some_and(|name| !name.starts_with("var."));
                match sure && !super::is_null(tree, at.node) {
                    true => Known::Is(at.node),
                    false => Known::Dynamic(at.node),
                }
            }
            Some(_) => Known::Dynamic(block.label),
        };
        let owner = Owner {
            names,
            type_name: block.type_name.clone(),
            declared: here.then(|| self.tree.span(block.label)),
            properties: here.then_some(block.body.node),
            boundary,
            branch: self.when(block),
            // Declared in another file: what else it is allowed stands there.
            dynamic: !here,
            ..Owner::new(kind, address)
        };
        self.by_address
            .insert(address.to_owned(), self.owners.len());
        let key = (kind, owner.names.clone());
        self.by_names.entry(key).or_insert(self.owners.len());
        self.owners.push(owner);
        self.owners.len() - 1
    }

    /// The names that a resource is deployed under.
    pub(crate) fn names_of(&self, block: &Block) -> Vec<String> {
        let name = table::resource(&block.type_name).and_then(|of| of.name);
        let names = name.and_then(|name| self.argument(block, name));
        names.map(|at| self.resolve(at)).unwrap_or_default()
    }

    /// When a resource is there: nothing where it surely is.
    pub fn when(&self, block: &Block) -> Branch {
        let tree = self.tree(block.body.file);
        let at = |node| ModuleNode {
            file: block.body.file,
            node,
        };
        for (name, none) in [("count", "0"), ("for_each", "")] {
            let Some(node) = argument(tree, block.body.node, name) else {
                continue;
            };
            let guard = match name {
                "count" => Guard::Count(at(node)),
                _ => Guard::Each(at(node)),
            };
            let surely = self.environments.iter().all(|environment| {
                let resolver =
                    Resolver::new(self.tree, self.config, self.module, environment, false);
                let met = resolver.names.is_met(&resolver, &guard, false);
                met == Some(Met::Surely(true))
            });
            if surely {
                return Branch::new();
            }
            let is_none = |node: NodeId| {
                tree.text(node) == Some(none) && name == "count" || blocks::is_nothing(tree, node)
            };
            if let Some(("?", arguments)) = expression(tree, node)
                && let Some(&[condition, yes, no]) = tree.items(arguments)
                && is_none(yes) != is_none(no)
            {
                return vec![(source(tree, condition), is_none(no))];
            }
            return vec![(format!("{name} = {}", source(tree, node)), true)];
        }
        Branch::new()
    }

    /// Takes down the managed policies that data sources of the file look up.
    pub(crate) fn look_up(&mut self) {
        for (address, block) in self.module.own_blocks() {
            if !block.data || block.type_name != "aws_iam_policy" {
                continue;
            }
            let text = |name: &str| {
                let at = self.argument(block, name)?;
                Some(Text::lower(self.tree, at.node, self.notation()))
            };
            let named = || text("name").map(LookUp::Name);
            if let Some(looks_up) = text("arn").map(LookUp::Arn).or_else(named) {
                self.owners.push(Owner {
                    looks_up: Some(looks_up),
                    ..Owner::new(OwnerKind::File, address)
                });
            }
        }
    }

    /// The owner of a kind that an expression names: a resource of the module, or an identity declared elsewhere.
    pub fn identity(&mut self, at: ModuleNode, kind: OwnerKind) -> usize {
        let module = self.module;
        let resource = links::identity(module, self.tree(at.file), at, kind);
        if let Some((resource, block)) =
            resource.and_then(|address| module.block(&address).map(|block| (address, block)))
        {
            return self.declare(&resource, block);
        }
        let names = self.names_at(at);
        // What an instance is called is another name in another resource.
        let fixed = |name: &String| {
            !["each.", "count.", "self."]
                .iter()
                .any(|of| name.contains(of))
        };
        let key = (kind, names.clone());
        let same = self.by_names.get(&key).copied();
        let known = !names.is_empty() && names.iter().all(fixed);
        same.filter(|_| known).unwrap_or_else(|| {
            self.by_names.insert(key, self.owners.len());
            let label = names.first().cloned().unwrap_or_else(|| "?".to_owned());
            let first = self.tree.documents().first().copied();
            let node = Some(at.node).filter(|_| module.is_own(at.file)).or(first);
            self.owners.push(Owner {
                names,
                boundary: node.map_or(Known::Missing, Known::Dynamic),
                // Declared elsewhere: what else it is allowed stands there.
                dynamic: true,
                ..Owner::new(kind, label)
            });
            self.owners.len() - 1
        })
    }

    /// The names of an identity that an expression gives.
    pub fn names_at(&self, at: ModuleNode) -> Vec<String> {
        let mut names = self.resolve(at);
        if let Some(name) = names.iter_mut().find(|name| name.contains(":role/")) {
            *name = name.rsplit('/').next().unwrap_or(name).to_owned();
        }
        names
    }

    /// An owner that is no resource: a local value, a module's argument.
    pub(crate) fn loose_owner(&mut self, label: String) -> usize {
        let key = (OwnerKind::File, vec![label.clone()]);
        let same = self.by_names.get(&key).copied();
        same.unwrap_or_else(|| {
            self.by_names.insert(key, self.owners.len());
            self.owners.push(Owner {
                names: vec![label.clone()],
                // What it is attached to stands elsewhere, with what else is.
                dynamic: true,
                ..Owner::new(OwnerKind::File, label)
            });
            self.owners.len() - 1
        })
    }

    /// The values of an expression over all environments, as a user would write them.
    pub fn resolve(&self, at: ModuleNode) -> Vec<String> {
        let mut names = Vec::new();
        for environment in self.environments {
            let resolver = Resolver::new(self.tree, self.config, self.module, environment, true);
            for name in resolver.terraform_names(self.module, at) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// The permission that a resource of this file is by itself.
    pub fn permission(&mut self, owner: usize, block: &Block) {
        let Some(of) = permission::for_type(&block.type_name) else {
            return;
        };
        let path = ["resource", &block.type_name, &block.name];
        let written = WrittenPermission {
            tree: self.tree,
            notation: self.notation(),
            properties: block.body.node,
            path: path.map(str::to_owned).to_vec(),
            owner,
            open: !super::body::dynamic(self.tree, block.body.node, "condition").is_empty(),
        };
        let site = written.site(of).map(Box::new);
        if let Some(owner) = self.owners.get_mut(owner) {
            owner.permission = site;
        }
    }

    /// Says of owners that they have policies which aren't known here.
    pub(crate) fn mark_unknown_policies(&mut self, of: &Use) {
        if !of.kind.grants() {
            return;
        }
        for owner in of.owners.iter().chain(&of.managed) {
            if let Some(owner) = self.owners.get_mut(*owner) {
                owner.dynamic = true;
            }
        }
    }

    /// Whether owners have as many policies of other files as are looked at, one more of which is at hand. If so, they may
    /// have others.
    pub(crate) fn have_enough(&mut self, owners: &[usize]) -> bool {
        let seen = |owner: &usize| self.seen_elsewhere.get(owner).copied().unwrap_or_default();
        let has_enough = |owner: &usize| seen(owner) >= POLICIES_ELSEWHERE;
        if owners.is_empty() || !owners.iter().all(has_enough) {
            for owner in owners {
                *self.seen_elsewhere.entry(*owner).or_default() += 1;
            }
            return false;
        }
        self.may_have_others(owners);
        true
    }

    /// Says of owners that so much gives policies to them that not all of it is looked at.
    fn may_have_others(&mut self, owners: &[usize]) {
        for owner in owners {
            if let Some(owner) = self.owners.get_mut(*owner) {
                owner.dynamic = true;
                owner.denied_elsewhere = true;
                owner.is_crowded = true;
            }
        }
        self.module.has_too_many_policies();
    }

    /// Takes down which identities have policies that aren't looked at.
    pub(crate) fn crowd(&mut self) {
        let near = Rc::clone(&self.near);
        for identity in &near.crowded {
            let owner = match identity {
                Crowded::At(address) => self.by_address.get(address),
                Crowded::Named(kind, names) => self.by_names.get(&(*kind, names.clone())),
            };
            if let Some(owner) = owner.copied() {
                self.may_have_others(&[owner]);
            }
        }
    }

    /// Takes down another use of a document. `None` where it is none yet.
    pub fn share(&mut self, node: NodeId, of: Use) -> Option<&mut Site> {
        let known = self.by_node.get(&node).copied();
        let site = known.and_then(|index| self.sites.get_mut(index))?;
        if site.branch != of.branch {
            site.branch.clear();
        }
        // One document for several owners.
        for owner in of.owners {
            let held = of.held.iter().find(|(other, _)| *other == owner);
            site.hold(owner, held.map_or(Branch::new(), |(_, when)| when.clone()));
        }
        site.document.managed.extend(of.managed);
        site.document.replaced.extend(of.replaced);
        site.uses.extend(of.guards);
        Some(site)
    }

    pub fn push(&mut self, of: Use, mut document: Document) {
        document.managed = of.managed;
        document.replaced = of.replaced;
        self.by_node.insert(document.node, self.sites.len());
        self.sites.push(Site {
            kind: of.kind,
            service: of.service,
            document,
            name: of.name,
            path: of.path,
            branch: of.branch,
            owners: of.owners,
            uses: of.guards,
            held: of.held,
        });
    }
}
