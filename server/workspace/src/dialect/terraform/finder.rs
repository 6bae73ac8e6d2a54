//! Finds the policies of a module's file, and the roles, users and resources that they belong to.

use std::collections::HashMap;

use leastwise_syntax::{Format, NodeId, Problem, ProblemKind, Tree, View};

use super::body::{argument, expression, nested, reference, source};
use super::documents::{self, Documents, Use};
use super::reach::{self, Reach};
use super::references::{references, references_in};
use super::{
    At, Block, Module, Reference, Step, attach, blocks, concerned, handed, loose, readers,
    statements, table,
};
use crate::dialect::permission::{self, Written};
use crate::dialect::plain;
use crate::dialect::serverless::elsewhere::{Named, grafted};
use crate::files::{self, Files};
use crate::lower;
use crate::model::{Branch, Known, Policy};
use crate::resolve::Resolver;
use crate::resolve::guard::{Guard, around};
use crate::site::{BoundBy, Document, Generated, LookUp, Owner, OwnerKind, Shape, Site, SiteKind};
use crate::text::{Dollar, Text};
use crate::{Config, Environment};

/// How deeply expressions are followed.
const MAX_DEPTH: u32 = 32;
/// The most sites of one file.
const MAX_SITES: usize = 20_000;

pub(super) fn find(
    tree: &Tree,
    path: &str,
    module: &Module,
    config: &Config,
    environments: &[Environment],
    files: &dyn Files,
) -> (Vec<Site>, Vec<Owner>) {
    let mut finder = Finder {
        tree,
        files,
        folder: files::folder(path),
        module,
        config,
        environments,
        owners: Vec::new(),
        by_address: HashMap::new(),
        by_names: HashMap::new(),
        by_node: HashMap::new(),
        sites: Vec::new(),
        documents: Documents::default(),
        reach: None,
    };
    for address in &module.order {
        if let Some(block) = module.blocks.get(address)
            && block.body.file == 0
            && !block.data
            && (kind_of(block) != OwnerKind::Resource
                || !table::policies(&block.type_name).is_empty()
                || permission::of(&block.type_name).is_some())
        {
            let owner = finder.declare(address, block);
            finder.permission(owner, block);
        }
    }
    finder.look_up();
    let attachments = attach::read(&mut finder);
    for address in &module.order {
        if let Some(block) = module.blocks.get(address).filter(|block| !block.data) {
            finder.block(address, block, &attachments);
        }
    }
    attachments.apply(&mut finder);
    documents::place(&mut finder);
    loose::find(&mut finder, path);
    let mut sites = finder.sites;
    sites.sort_by_key(|site| site.span(tree).start);
    let owners = concerned::only(finder.owners, &mut sites);
    (sites, owners)
}

/// What sort of owner a resource is.
pub(super) fn kind_of(block: &Block) -> OwnerKind {
    match block.type_name.as_str() {
        "aws_iam_role" => OwnerKind::Role,
        "aws_iam_user" => OwnerKind::User,
        "aws_iam_group" => OwnerKind::Group,
        "aws_iam_policy" => OwnerKind::ManagedPolicy,
        _ => OwnerKind::Resource,
    }
}

pub(super) struct Finder<'a> {
    pub tree: &'a Tree,
    pub files: &'a dyn Files,
    pub folder: &'a str,
    pub module: &'a Module,
    config: &'a Config,
    environments: &'a [Environment],
    pub owners: Vec<Owner>,
    by_address: HashMap<String, usize>,
    /// Owners by what they are and the names that they are deployed under.
    by_names: HashMap<(OwnerKind, Vec<String>), usize>,
    /// Sites by their documents.
    by_node: HashMap<NodeId, usize>,
    pub sites: Vec<Site>,
    pub documents: Documents,
    /// What the module's names are for, once somebody has asked.
    reach: Option<Reach>,
}

impl<'a> Finder<'a> {
    pub fn tree(&self, file: u32) -> &'a Tree {
        self.module.tree(file, self.tree)
    }

    /// What a policy is for that stands under a name and that no resource holds by itself.
    pub fn reached(&mut self, name: &str) -> Option<reach::Kind> {
        self.reach().kind(name)
    }

    /// What the module's names get into.
    pub fn reach(&mut self) -> &Reach {
        let (module, tree, folder, files) = (self.module, self.tree, self.folder, self.files);
        self.reach
            .get_or_insert_with(|| Reach::of(module, tree, folder, files))
    }

    /// Which `${…}` the strings of documents may hold.
    pub fn dollar(&self) -> Dollar {
        match self.tree.format() {
            Format::Json | Format::Jsonc => Dollar::TerraformJson,
            _ => Dollar::Policy,
        }
    }

    fn argument(&self, block: &Block, name: &str) -> Option<At> {
        let node = argument(self.tree(block.body.file), block.body.node, name)?;
        Some(At {
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
        let here = block.body.file == 0;
        let name = table::resource(&block.type_name).and_then(|of| of.name);
        let names = name.and_then(|name| self.argument(block, name));
        let names = names.map(|at| self.resolve(at)).unwrap_or_default();
        let boundary = match self.argument(block, "permissions_boundary") {
            None => Known::Missing,
            Some(at) if at.file == 0 => {
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

    /// When a resource is there: nothing where it surely is.
    pub fn when(&self, block: &Block) -> Branch {
        let tree = self.tree(block.body.file);
        let at = |node| At {
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
                let resolver = Resolver {
                    module: Some(self.module),
                    ..Resolver::new(self.tree, self.config, None, environment, false)
                };
                resolver.is_surely_met(&guard)
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
    fn look_up(&mut self) {
        for address in &self.module.order {
            let block = self.module.blocks.get(address);
            let Some(block) = block.filter(|block| block.data && block.body.file == 0) else {
                continue;
            };
            if block.type_name != "aws_iam_policy" {
                continue;
            }
            let text = |name: &str| {
                let at = self.argument(block, name)?;
                Some(Text::lower(self.tree, at.node, self.dollar()))
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
    pub fn identity(&mut self, at: At, kind: OwnerKind) -> usize {
        let module = self.module;
        for name in references(self.tree(at.file), at.node) {
            let Some(resource) = Reference::parse(&name)
                .and_then(|it| it.resource().map(|resource| resource.address))
            else {
                continue;
            };
            if let Some(block) = module
                .blocks
                .get(&resource)
                .filter(|block| kind_of(block) == kind && !block.data)
            {
                return self.declare(&resource, block);
            }
        }
        let mut names = self.resolve(at);
        if let Some(name) = names.iter_mut().find(|name| name.contains(":role/")) {
            *name = name.rsplit('/').next().unwrap_or(name).to_owned();
        }
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
            let node = Some(at.node).filter(|_| at.file == 0).or(first);
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

    /// An owner that is no resource: a local value, a module's argument.
    pub fn loose_owner(&mut self, label: String) -> usize {
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
    pub fn resolve(&self, at: At) -> Vec<String> {
        let mut names = Vec::new();
        for environment in self.environments {
            let resolver = Resolver {
                module: Some(self.module),
                ..Resolver::new(self.tree, self.config, None, environment, true)
            };
            for name in resolver.terraform_names(self.module, at) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// The permission that a resource of this file is by itself.
    fn permission(&mut self, owner: usize, block: &Block) {
        let Some(of) = permission::of(&block.type_name) else {
            return;
        };
        let path = ["resource", &block.type_name, &block.name];
        let written = Written {
            tree: self.tree,
            dollar: self.dollar(),
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

    /// The policies in the arguments of a resource.
    fn block(&mut self, address: &str, block: &Block, attachments: &attach::Attachments) {
        for entry in table::policies(&block.type_name) {
            let tree = self.tree(block.body.file);
            let body = block.body.node;
            let places: Vec<(NodeId, NodeId)> = match entry.path.as_slice() {
                [name] => argument(tree, body, name)
                    .map(|node| (body, node))
                    .into_iter()
                    .collect(),
                [nested_name, name] => {
                    let dynamic = super::body::dynamic(tree, body, nested_name).into_iter();
                    let contents = dynamic.flat_map(|block| nested(tree, block, "content"));
                    nested(tree, body, nested_name)
                        .into_iter()
                        .chain(contents)
                        .filter_map(|inner| Some((inner, argument(tree, inner, name)?)))
                        .collect()
                }
                _ => Vec::new(),
            };
            for (inner, node) in places {
                let mut kind = entry.kind;
                if kind == SiteKind::Organization {
                    kind = organization_kind(tree, body);
                } else if kind == SiteKind::Identity
                    && self.by_address.contains_key(address)
                    && attachments.is_boundary(self, address, block)
                {
                    kind = SiteKind::Boundary;
                }
                let when = self.when(block);
                let mut owners = Vec::new();
                let mut held = Vec::new();
                for (owner, mut branch) in attachments.owners(self, address, block) {
                    owners.push(owner);
                    branch.extend(when.iter().cloned());
                    // Of a role of several instances, each has its own.
                    let instances = self.owners.get(owner).map(|owner| &owner.branch);
                    if instances.is_some_and(|of| of.iter().any(is_of_instances)) {
                        branch.retain(|condition| !is_of_instances(condition));
                    }
                    if !branch.is_empty() {
                        held.push((owner, branch));
                    }
                }
                let name = ["name", "policy_name"]
                    .iter()
                    .find_map(|key| argument(tree, inner, key))
                    .and_then(|node| {
                        let at = At {
                            file: block.body.file,
                            node,
                        };
                        self.resolve(at).into_iter().next()
                    });
                let mut path = vec![
                    "resource".to_owned(),
                    block.type_name.clone(),
                    block.name.clone(),
                ];
                path.extend(entry.path.iter().map(|key| (*key).to_owned()));
                let guards = around(tree, node, block.body.file);
                let managed = (block.type_name == "aws_iam_policy")
                    .then(|| self.by_address.get(address).copied())
                    .flatten();
                let of = Use {
                    managed: managed.into_iter().collect(),
                    kind,
                    service: entry.service,
                    owners,
                    held,
                    name,
                    path,
                    branch: Branch::new(),
                    anchor: (block.body.file == 0).then_some(block.label),
                    guards: vec![guards],
                    replaced: Vec::new(),
                };
                let at = At {
                    file: block.body.file,
                    node,
                };
                if !self.policy(at, of.clone(), 0) {
                    self.elsewhere(&of);
                }
            }
        }
    }

    /// Says of owners that they have policies which aren't known here.
    pub fn elsewhere(&mut self, of: &Use) {
        if !of.kind.grants() {
            return;
        }
        for owner in of.owners.iter().chain(&of.managed) {
            if let Some(owner) = self.owners.get_mut(*owner) {
                owner.dynamic = true;
            }
        }
    }

    /// Takes in the policy that an expression gives as JSON. False where it isn't known, or stands in another file.
    fn policy(&mut self, at: At, of: Use, depth: u32) -> bool {
        let tree = self.tree(at.file);
        if depth > MAX_DEPTH {
            return false;
        }
        let document = tree.resolved(at.node);
        if document != at.node {
            return self.document(
                At {
                    node: document,
                    ..at
                },
                of,
                depth,
            );
        }
        let inner = |node| At { node, ..at };
        match tree.view(at.node) {
            View::Scalar(text) if tree.format().is_json() && text.contains("${") => {
                let mut known = true;
                let mut any = false;
                for name in references_in(text) {
                    any = true;
                    known &= self.named(&name, &of, depth);
                }
                any && known
            }
            View::Scalar(text) => text.is_empty() || super::is_null(tree, at.node),
            View::Mapping(_) => self.document(at, of, depth),
            View::Sequence(items) => {
                let mut known = true;
                for item in items {
                    known &= self.policy(inner(*item), of.clone(), depth + 1);
                }
                known
            }
            View::Tagged(..) => {
                let Some((name, argument)) = expression(tree, at.node) else {
                    return false;
                };
                match (name, tree.items(argument).unwrap_or_default()) {
                    ("ref", _) => self.named(tree.text(argument).unwrap_or_default(), &of, depth),
                    ("jsonencode", &[value]) => self.document(inner(value), of, depth + 1),
                    ("?", &[condition, yes, no]) => {
                        let name = source(tree, condition);
                        let mut known = true;
                        for (value, holds) in [(yes, true), (no, false)] {
                            let mut of = of.clone();
                            of.branch.push((name.clone(), holds));
                            of.guard(&Guard::Holds(inner(condition), holds));
                            known &= self.policy(inner(value), of, depth + 1);
                        }
                        known
                    }
                    ("file", &[file, ..]) => self.file(inner(file), &of, &HashMap::new()),
                    ("templatefile", &[file, variables]) => {
                        let names = template_variables(tree, variables);
                        self.file(inner(file), &of, &names)
                    }
                    ("filebase64", _) => false,
                    ("for", &[head, value, ..]) => {
                        for name in references(tree, head) {
                            self.named(&name, &of, depth);
                        }
                        let mut of = of;
                        of.branch.push((source(tree, head), true));
                        self.policy(inner(value), of, depth + 1);
                        false
                    }
                    ("expr", _) => {
                        for name in references(tree, at.node) {
                            self.named(&name, &of, depth);
                        }
                        false
                    }
                    // `format("{… \"Statement\": [%s]}", …)`, `join("", ["{…[", …, "]}"])`: a text of a policy,
                    // of which the others are parts.
                    (_, arguments) if arguments.iter().any(|it| Self::is_pattern(tree, *it)) => {
                        false
                    }
                    (name, arguments) => {
                        let Some(handed) = handed::on(name, arguments) else {
                            self.mentioned(at, &of, depth);
                            return false;
                        };
                        let mut of = of;
                        of.replaced.extend(handed.searched.map(inner));
                        let mut known = !handed.arguments.is_empty();
                        for argument in handed.arguments {
                            // `join("", …)`, `coalesce(x, "")`: texts beside the policy.
                            let beside = tree.text(argument).is_some()
                                && tree.resolved(argument) == argument;
                            known &= beside || self.policy(inner(argument), of.clone(), depth + 1);
                        }
                        for map in handed.maps {
                            known &= self.one_of(inner(map), &of, depth + 1);
                        }
                        known
                    }
                }
            }
            View::Alias(_) | View::Invalid => false,
        }
    }

    /// Takes in the policies that are the values of a map.
    fn one_of(&mut self, at: At, of: &Use, depth: u32) -> bool {
        let tree = self.tree(at.file);
        if depth > MAX_DEPTH {
            return false;
        }
        let inner = |node| At { node, ..at };
        match tree.view(at.node) {
            View::Mapping(pairs) => {
                let mut known = true;
                for pair in pairs {
                    known &= self.policy(inner(pair.value), of.clone(), depth + 1);
                }
                known
            }
            View::Tagged(..) => match expression(tree, at.node) {
                Some(("ref", text)) => {
                    let local = tree.text(text).and_then(|text| text.strip_prefix("local."));
                    let map = local.and_then(|name| self.module.locals.get(name).copied());
                    map.is_some_and(|map| self.one_of(map, of, depth + 1))
                }
                Some(("merge" | "tomap", maps)) => {
                    let mut known = true;
                    for map in tree.items(maps).unwrap_or_default() {
                        known &= self.one_of(inner(*map), of, depth + 1);
                    }
                    known
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Takes down that something nobody knows is made of the documents that an expression mentions.
    fn mentioned(&mut self, at: At, of: &Use, depth: u32) {
        for name in references(self.tree(at.file), at.node) {
            if name.starts_with("data.aws_iam_policy_document.") {
                self.named(&name, of, depth);
            }
        }
    }

    /// Whether a text, or one of a list of them, is a policy only once something is put into it or behind it.
    fn is_pattern(tree: &Tree, node: NodeId) -> bool {
        if let Some(parts) = tree.items(node) {
            return parts.iter().any(|part| Self::is_piece(tree, *part));
        }
        Self::is_piece(tree, node)
    }

    fn is_piece(tree: &Tree, node: NodeId) -> bool {
        let text = tree.text(node).unwrap_or_default();
        let opens = text.contains("\"Statement\"") || text.trim_start().starts_with(['{', '[']);
        opens && tree.get(node, "Statement").is_none()
    }

    /// Takes in the policy that a file beside the module holds. What is found in it belongs to that file.
    fn file(&mut self, at: At, of: &Use, names: &HashMap<String, Named>) -> bool {
        let tree = self.tree(at.file);
        let Some(path) = readers::named(tree, at.node) else {
            return false;
        };
        let Some(other) = self.files.tree(&files::join(self.folder, path)) else {
            return false;
        };
        let Some(root) = other.documents().first().copied() else {
            return false;
        };
        let can_be_read = |problem: &Problem| problem.kind == ProblemKind::Templated;
        if other.get(root, "Statement").is_none() || !other.problems().iter().all(can_be_read) {
            return false;
        }
        let policy = lower::policy(&other, root, Dollar::Workspace);
        self.grant(of, &other, &policy, path, names)
    }

    /// Gives owners a policy that stands in another file. False where there is no place here to note it at.
    pub fn grant(
        &mut self,
        of: &Use,
        from: &Tree,
        policy: &Policy,
        origin: &str,
        names: &HashMap<String, Named>,
    ) -> bool {
        let mut noted = true;
        for managed in of.managed.iter().filter(|at| !of.owners.contains(at)) {
            if let Some(policy) = self.owners.get_mut(*managed) {
                // It is noted with those that have it.
                policy.dynamic = true;
            }
        }
        // Those that a boundary of another file bounds are who it matters to.
        let owners: Vec<usize> = match of.kind {
            SiteKind::Boundary => self.bounded_by(&of.managed),
            _ => of.owners.clone(),
        };
        for owner in &owners {
            let held = of.held.iter().find(|(other, _)| other == owner);
            let mut branch = of.branch.clone();
            branch.extend(held.into_iter().flat_map(|(_, when)| when.iter().cloned()));
            let tree = self.tree;
            let Some(owner) = self.owners.get_mut(*owner) else {
                continue;
            };
            let Some(node) = of.anchor.or(owner.properties) else {
                noted = false;
                continue;
            };
            owner.generated.push(Generated {
                kind: of.kind,
                name: of.name.clone(),
                origin: origin.to_owned(),
                path: of.path.clone(),
                branch,
                policy: grafted(from, tree, node, policy.clone(), names),
            });
        }
        noted
    }

    /// The identities of this file that policies bound.
    fn bounded_by(&self, policies: &[usize]) -> Vec<usize> {
        let owners = self.owners.iter().enumerate();
        let bounded = owners.filter(|(_, owner)| {
            let mut bounds = owner.bounds.iter();
            bounds.any(|bound| matches!(bound.by, BoundBy::Policy(it) if policies.contains(&it)))
        });
        bounded.map(|(at, _)| at).collect()
    }

    /// Takes in the policy that a name stands for.
    fn named(&mut self, name: &str, of: &Use, depth: u32) -> bool {
        let Some(parsed) = Reference::parse(name) else {
            return false;
        };
        if let ("local", [Step::Name(local)]) = (parsed.root, parsed.steps.as_slice()) {
            let Some(at) = self.module.locals.get(*local).copied() else {
                return false;
            };
            return self.policy(at, of.clone(), depth + 1);
        }
        let Some(resource) = parsed.resource() else {
            return false;
        };
        let is_document = resource
            .address
            .starts_with("data.aws_iam_policy_document.");
        let block = self.module.blocks.get(&resource.address);
        let Some(block) = block.filter(|_| is_document) else {
            return false;
        };
        self.documents.used(&resource.address, of.clone());
        if block.body.file == 0 {
            return true;
        }
        let tree = self.tree(block.body.file);
        let policy = blocks::document(tree, block.body.node, &blocks::Merged::default());
        documents::is_alone(tree, block.body.node)
            && self.grant(of, tree, &policy, name, &HashMap::new())
    }

    /// Takes in a policy that is written as an object.
    fn document(&mut self, at: At, of: Use, depth: u32) -> bool {
        let tree = self.tree(at.file);
        if depth > MAX_DEPTH {
            return false;
        }
        let inner = |node| At { node, ..at };
        let node = tree.resolved(at.node);
        match tree.view(node) {
            View::Mapping(_) => {
                if at.file != 0 {
                    let policy = lower::policy(tree, node, self.dollar());
                    return self.grant(&of, tree, &policy, "another file", &HashMap::new());
                }
                if self.by_node.contains_key(&node) {
                    statements::take(self, at, node, &of);
                    self.share(node, of);
                    return true;
                }
                let mut document = Document::shaped(node, Shape::Document, self.dollar());
                document.elsewhere = statements::take(self, at, node, &of);
                self.push(of, document);
                true
            }
            // A document that somebody put into a list, or its statements without it.
            View::Sequence(_) => {
                let is_list = plain::is_list(tree, node);
                if at.file == 0 && is_list && !self.by_node.contains_key(&node) {
                    let document = Document::shaped(node, Shape::Document, self.dollar());
                    self.push(of, document);
                }
                false
            }
            View::Tagged(..) => match expression(tree, node) {
                Some(("ref", text)) => {
                    let local = tree.text(text).and_then(|text| text.strip_prefix("local."));
                    match local.and_then(|name| self.module.locals.get(name)) {
                        Some(at) => self.document(*at, of, depth + 1),
                        None => false,
                    }
                }
                Some(("?", arguments)) => match tree.items(arguments) {
                    Some(&[condition, yes, no]) => {
                        let name = source(tree, condition);
                        let mut known = true;
                        for (value, holds) in [(yes, true), (no, false)] {
                            let mut of = of.clone();
                            of.branch.push((name.clone(), holds));
                            of.guard(&Guard::Holds(inner(condition), holds));
                            known &= self.document(inner(value), of, depth + 1);
                        }
                        known
                    }
                    _ => false,
                },
                Some(("jsondecode", arguments)) => match tree.items(arguments) {
                    Some(&[value]) => self.policy(inner(value), of, depth + 1),
                    _ => false,
                },
                _ => false,
            },
            _ => false,
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
        if self.sites.len() >= MAX_SITES {
            return;
        }
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

/// Whether a condition of [`Finder::when`] only says that there are as many of a resource as of something.
fn is_of_instances((condition, _): &(String, bool)) -> bool {
    condition.starts_with("count = ") || condition.starts_with("for_each = ")
}

/// What an `aws_organizations_policy` is for.
pub(super) fn organization_kind(tree: &Tree, body: NodeId) -> SiteKind {
    match argument(tree, body, "type").map(|node| tree.text(node)) {
        None | Some(Some("SERVICE_CONTROL_POLICY")) => SiteKind::Scp,
        Some(Some("RESOURCE_CONTROL_POLICY")) => SiteKind::Rcp,
        _ => SiteKind::Organization,
    }
}

/// What the variables of a template are where `templatefile` names them; those that are put together are left out.
fn template_variables(tree: &Tree, variables: NodeId) -> HashMap<String, Named> {
    let value = |node| match reference(tree, node) {
        Some(name) => Some(Named::Variable(name.to_owned())),
        None => tree.text(node).map(|text| Named::Text(text.to_owned())),
    };
    tree.pairs(tree.resolved(variables))
        .iter()
        .filter_map(|pair| Some((tree.text(pair.key)?.to_owned(), value(pair.value)?)))
        .collect()
}
