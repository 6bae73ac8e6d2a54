//! CloudFormation templates: which properties hold policies, and which role, user or resource each belongs to.

mod bounds;
mod inside;
mod limits;
mod outputs;
mod permission;
mod public_block;
mod referred;
pub mod resolve;
mod scope;
mod secrets;
mod state;
mod table;
pub(crate) mod template;

use std::cell::OnceCell;
use std::collections::HashMap;

use leastwise_catalog::catalog;
use leastwise_model::notation::Notation;
use leastwise_model::text::{Part, Text};
use leastwise_model::{
    Attached, Branch, Config, Document, Environment, Known, Owner, OwnerKind, Site, SiteKind,
};
use leastwise_syntax::{NodeId, Tree, View};

use crate::asked::Asked;
use crate::dialect::{Dialect, Found, Words};
use crate::follow::follow;
use crate::intrinsic::each;
use crate::intrinsic::notation::TEMPLATE;
use crate::permission::Written;
use crate::resolve::Resolver;
use crate::{shape, work};
use template::{Resource, Template};

/// What another dialect adds to templates: types of resources that it reads by itself.
pub(super) trait Extension {
    /// Adds to what the template declares, so that texts may name it.
    fn make(&self, tree: &Tree, template: &mut Template);

    /// Makes its resources owners.
    fn declare(&self, finder: &mut Finder<'_>);

    /// Finds the policies that stand in a resource.
    fn sites(&self, finder: &mut Finder<'_>, id: &str, resource: &Resource, sites: &mut Vec<Site>);

    /// Finds the policies that stand elsewhere, once all others are found.
    fn finish(&self, finder: &mut Finder<'_>, sites: &mut Vec<Site>);
}

/// CloudFormation.
#[derive(Debug)]
pub(super) struct CloudFormation;

impl Dialect for CloudFormation {
    fn find(&self, asked: &Asked<'_>) -> Option<Found> {
        let (_, template) = template(asked.tree)?;
        Some(found(&CloudFormation, asked, template, None))
    }

    fn notation(&self) -> &'static dyn Notation {
        TEMPLATE
    }

    fn words(&self) -> Words {
        Words {
            telling: &[
                "AWS::IAM::",
                // Policies of AWS that permission sets are given.
                "AWS::SSO::",
                // Permissions that are resources of their own.
                "AWS::Lambda::Permission",
                "AWS::Lambda::LayerVersionPermission",
            ],
            // What passes values to another template.
            possible: &["AWS::CloudFormation::Stack"],
            // A type: an identity, a stack of another template.
            declaring: &["AWS::", "Export"],
            ..Words::default()
        }
    }

    fn is_template(&self) -> bool {
        true
    }
}

/// The first document of a file that is a template: its root, and what it declares.
pub(super) fn template(tree: &Tree) -> Option<(NodeId, Template)> {
    let mut roots = tree.documents().iter();
    let root = *roots.find(|root| Template::is_template(tree, **root))?;
    Some((root, Template::read(tree, root)))
}

/// What is found in a file by what its template declares.
pub(super) fn found(
    dialect: &'static dyn Dialect,
    asked: &Asked<'_>,
    mut template: Template,
    extension: Option<&dyn Extension>,
) -> Found {
    let tree = asked.tree;
    template.nest(tree, asked.path, &**asked.files);
    if let Some(extension) = extension {
        extension.make(tree, &mut template);
    }
    let (config, environments) = (asked.config, asked.environments);
    let notation = template.notation();
    let (sites, owners) = declared(tree, &template, extension, config, environments, notation);
    if !sites.is_empty() {
        asked.limits.is_cut_off.set(template.is_cut_off);
    }
    let unread = template.unread.iter().cloned();
    asked.limits.unread.borrow_mut().extend(unread);
    Found {
        sites,
        owners,
        state: Box::new(template),
        ..Found::of(dialect)
    }
}

/// The policies that a template declares, and what they belong to.
pub(super) fn declared(
    tree: &Tree,
    template: &Template,
    extension: Option<&dyn Extension>,
    config: &Config,
    environments: &[Environment],
    notation: &'static dyn Notation,
) -> (Vec<Site>, Vec<Owner>) {
    let mut finder = Finder::new(tree, template, config, environments, notation);
    let mut sites = Vec::new();
    for id in &template.order {
        let Some(resource) = template.resources.get(id) else {
            continue;
        };
        // What stands in another file has no node here.
        if resource.tree.is_some() {
            continue;
        }
        let type_name = resource.type_name.as_str();
        let has_policies = has_identity(type_name) || !table::entries(type_name).is_empty();
        if has_policies || permission::of(type_name).is_some() {
            finder.declare(id, resource);
        }
    }
    if let Some(extension) = extension {
        extension.declare(&mut finder);
    }
    for (id, resource) in &template.resources {
        // What a loop makes is what stands in its body.
        let written = resource.looped.as_ref().filter(|written| *written != id);
        if let Some(index) = written.and_then(|written| finder.by_id.get(written).copied()) {
            finder.by_id.insert(id.clone(), index);
        }
    }
    for id in &template.order {
        let Some(resource) = template.resources.get(id) else {
            continue;
        };
        if finder.is_never_there(resource) {
            continue;
        }
        finder.sites(id, resource, &mut sites);
        if let Some(extension) = extension {
            extension.sites(&mut finder, id, resource, &mut sites);
        }
    }
    finder.attach(&mut sites);
    finder.adopt(&mut sites);
    finder.join_groups();
    if let Some(extension) = extension {
        extension.finish(&mut finder, &mut sites);
    }
    finder.bound(&mut sites);
    (sites, finder.owners)
}

fn has_identity(type_name: &str) -> bool {
    matches!(
        type_name,
        "AWS::IAM::Role" | "AWS::IAM::User" | "AWS::IAM::Group"
    )
}

/// A template whose policies are being looked for.
pub(super) struct Finder<'a> {
    pub(super) tree: &'a Tree,
    config: &'a Config,
    pub(super) environments: &'a [Environment],
    pub(super) template: &'a Template,
    pub(super) notation: &'static dyn Notation,
    pub(super) owners: Vec<Owner>,
    /// Owners by logical id.
    pub(super) by_id: HashMap<String, usize>,
    /// The logical ids of managed policies by their names, once somebody has asked; all are declared by then.
    policies: OnceCell<HashMap<String, Vec<String>>>,
}

impl<'a> Finder<'a> {
    /// One that hasn't found anything yet.
    pub(super) fn new(
        tree: &'a Tree,
        template: &'a Template,
        config: &'a Config,
        environments: &'a [Environment],
        notation: &'static dyn Notation,
    ) -> Finder<'a> {
        Finder {
            tree,
            config,
            environments,
            template,
            notation,
            owners: Vec::new(),
            by_id: HashMap::new(),
            policies: OnceCell::new(),
        }
    }
}

impl Finder<'_> {
    /// Makes a resource an owner.
    fn declare(&mut self, id: &str, resource: &Resource) {
        let kind = match resource.type_name.as_str() {
            "AWS::IAM::Role" => OwnerKind::Role,
            "AWS::IAM::User" => OwnerKind::User,
            "AWS::IAM::Group" => OwnerKind::Group,
            "AWS::IAM::ManagedPolicy" => OwnerKind::ManagedPolicy,
            _ => OwnerKind::Resource,
        };
        let boundary = resource
            .properties
            .and_then(|properties| self.tree.get(properties, "PermissionsBoundary"))
            .map_or(Known::Missing, |node| {
                let node = self.tree.resolved(node);
                match self.tree.view(node) {
                    View::Tagged(tag, _) if tag.name == "Fn::If" => Known::Dynamic(node),
                    _ => Known::Is(node),
                }
            });
        // A loop among the properties may bring one.
        let boundary = match (boundary, resource.properties) {
            (Known::Missing, Some(node)) if each::has_loop(self.tree, node) => Known::Dynamic(node),
            (boundary, _) => boundary,
        };
        self.by_id.insert(id.to_owned(), self.owners.len());
        self.owners.push(Owner {
            names: self.names(resource),
            type_name: resource.type_name.clone(),
            declared: Some(self.tree.span(resource.key)),
            properties: resource.properties,
            branch: self.condition(resource),
            boundary,
            ..Owner::new(kind, id)
        });
    }

    /// When a resource is there.
    fn condition(&self, resource: &Resource) -> Branch {
        let condition = self.tree.get(resource.node, "Condition");
        let name = condition.and_then(|node| self.tree.text(node));
        let name = name.filter(|_| resource.tree.is_none());
        name.map(|name| (name.to_owned(), true))
            .into_iter()
            .collect()
    }

    /// Whether the condition of a resource holds nowhere, whatever the template's parameters are.
    fn is_never_there(&self, resource: &Resource) -> bool {
        let condition = self.condition(resource);
        let anywhere = Environment::default();
        let resolver = Resolver::new(self.tree, self.config, self.template, &anywhere, false);
        // What a service says of itself may be given otherwise at the command line.
        !self.notation.fills_in_first()
            && condition
                .iter()
                .any(|(name, _)| resolver.condition(name, 0) == Some(false))
    }

    /// The names that a resource is deployed under, over all environments.
    fn names(&self, resource: &Resource) -> Vec<String> {
        let property = match resource.type_name.as_str() {
            "AWS::IAM::ManagedPolicy" => "ManagedPolicyName",
            name => match catalog()
                .cfn_type(name)
                .and_then(|kind| kind.name_property())
            {
                Some(property) => property,
                None => return Vec::new(),
            },
        };
        let node = resource
            .properties
            .and_then(|properties| self.tree.get(properties, property));
        match (node, resource.given(property)) {
            (Some(node), _) => self.resolve(node),
            (None, Some(name)) => {
                self.texts(&Text::given(self.tree, resource.key, name, self.notation))
            }
            (None, None) => Vec::new(),
        }
    }

    /// The values of a node over all environments, with unknown parts as `${Name}`.
    pub(super) fn resolve(&self, node: NodeId) -> Vec<String> {
        self.texts(&Text::lower(self.tree, node, self.notation))
    }

    fn texts(&self, text: &Text) -> Vec<String> {
        let mut names = Vec::new();
        for environment in self.environments {
            let resolver = Resolver::new(self.tree, self.config, self.template, environment, true);
            for resolved in resolver.resolve(text) {
                let name = resolved.pattern.display();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// The policies that stand in the resource's own properties.
    fn sites(&mut self, id: &str, resource: &Resource, sites: &mut Vec<Site>) {
        // What stands in another file has no node here.
        let Some(properties) = resource.properties.filter(|_| resource.tree.is_none()) else {
            return;
        };
        self.permission(id, resource, properties);
        for entry in table::entries(&resource.type_name) {
            for (node, branch) in follow(self.tree, properties, &entry.path, &Branch::new()) {
                match self.tree.view(node) {
                    View::Mapping(_) => {}
                    View::Sequence(_) if entry.statements => {}
                    // A document that somebody put into a list, or its statements without it.
                    View::Sequence(_) if shape::is_list(self.tree, node) => {}
                    _ => continue,
                }
                let mut kind = entry.kind;
                if kind == SiteKind::Organization {
                    kind = organization_kind(self.tree, properties);
                }
                let mut path = vec![
                    "Resources".to_owned(),
                    id.to_owned(),
                    "Properties".to_owned(),
                ];
                path.extend(entry.path.iter().map(|key| (*key).to_owned()));
                let mut document = Document::new(self.tree, node, entry.statements, self.notation);
                if let Some(own) = self.by_id.get(id)
                    && resource.type_name == "AWS::IAM::ManagedPolicy"
                {
                    document.managed.push(*own);
                }
                sites.push(Site {
                    uses: Vec::new(),
                    held: Vec::new(),
                    kind,
                    service: entry.service,
                    document,
                    name: self.policy_name(node, properties),
                    path,
                    branch,
                    owners: self.by_id.get(id).copied().into_iter().collect(),
                });
            }
        }
    }

    /// The permission that a resource is by itself.
    fn permission(&mut self, id: &str, resource: &Resource, properties: NodeId) {
        let of = permission::of(&resource.type_name);
        let (Some(of), Some(owner)) = (of, self.by_id.get(id).copied()) else {
            return;
        };
        let written = Written {
            tree: self.tree,
            notation: self.notation,
            properties: self.tree.resolved(properties),
            path: ["Resources", id, "Properties"].map(str::to_owned).to_vec(),
            owner,
            open: each::has_loop(self.tree, properties),
        };
        let site = written.site(of).map(Box::new);
        if let Some(owner) = self.owners.get_mut(owner) {
            owner.permission = site;
        }
    }

    /// `PolicyName` beside the document, or the name property of a managed policy.
    fn policy_name(&self, document: NodeId, properties: NodeId) -> Option<String> {
        let mut beside = self.tree.parent(document)?;
        // A document in a string stands where the string does.
        while !matches!(self.tree.view(beside), View::Mapping(_)) {
            beside = self.tree.parent(beside)?;
        }
        let named = |node: NodeId, key: &str| {
            let value = self.tree.get(node, key)?;
            Some(match self.tree.text(value) {
                Some(text) => text.to_owned(),
                None => self.resolve(value).into_iter().next()?,
            })
        };
        named(beside, "PolicyName").or_else(|| named(properties, "ManagedPolicyName"))
    }

    /// Hands policies that are resources of their own to the roles, users and groups that they are attached to.
    fn attach(&mut self, sites: &mut [Site]) {
        for site in sites {
            let Some(&own) = site.owners.first() else {
                continue;
            };
            let Some(owner) = self.owners.get(own) else {
                continue;
            };
            let lists: &[(&str, OwnerKind)] = match owner.type_name.as_str() {
                "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => &[
                    ("Roles", OwnerKind::Role),
                    ("Users", OwnerKind::User),
                    ("Groups", OwnerKind::Group),
                ],
                "AWS::IAM::RolePolicy" => &[("RoleName", OwnerKind::Role)],
                "AWS::IAM::UserPolicy" => &[("UserName", OwnerKind::User)],
                "AWS::IAM::GroupPolicy" => &[("GroupName", OwnerKind::Group)],
                _ => continue,
            };
            let Some(properties) = owner.properties else {
                continue;
            };
            let branch = owner.branch.clone();
            let mut targets = Vec::new();
            for (property, kind) in lists {
                let Some(value) = self.tree.get(properties, property) else {
                    continue;
                };
                let value = self.tree.resolved(value);
                let items = match self.tree.view(value) {
                    View::Sequence(items) => items.to_vec(),
                    _ => vec![value],
                };
                for item in items {
                    let target = self.identity(item, *kind);
                    if !targets.contains(&target) {
                        targets.push(target);
                    }
                }
            }
            if !targets.is_empty() {
                site.owners.clear();
                for target in targets {
                    site.hold(target, branch.clone());
                }
            }
        }
    }

    /// The owner that a node names: a resource of the template, or an identity declared elsewhere.
    pub(super) fn identity(&mut self, node: NodeId, kind: OwnerKind) -> usize {
        let node = self.tree.resolved(node);
        let text = Text::lower(self.tree, node, self.notation);
        if let [Part::Variable { name, .. }] = text.parts.as_slice()
            && let Some(owner) = self.by_id.get(name)
        {
            return *owner;
        }
        let names = self.resolve(node);
        let same = self
            .owners
            .iter()
            .position(|owner| owner.kind == kind && !names.is_empty() && owner.names == names);
        same.unwrap_or_else(|| {
            let label = names.first().cloned().unwrap_or_else(|| "?".to_owned());
            self.owners.push(Owner {
                names,
                boundary: Known::Dynamic(node),
                // Declared elsewhere: what else it is allowed stands there.
                dynamic: true,
                ..Owner::new(kind, label)
            });
            self.owners.len() - 1
        })
    }

    /// Takes down which groups users are in.
    fn join_groups(&mut self) {
        let items = |finder: &Self, properties, property| {
            let list = finder.tree.get(properties, property);
            let list = list.and_then(|list| finder.tree.items(finder.tree.resolved(list)));
            list.map_or(Vec::new(), <[NodeId]>::to_vec)
        };
        let mut pairs: Vec<(usize, Option<usize>)> = Vec::new();
        for id in &self.template.order {
            let resource = self
                .template
                .resources
                .get(id)
                .filter(|it| it.tree.is_none());
            let Some((resource, properties)) = resource.and_then(|it| Some((it, it.properties?)))
            else {
                continue;
            };
            match resource.type_name.as_str() {
                "AWS::IAM::User" => {
                    let groups = items(self, properties, "Groups").into_iter();
                    let groups = groups.map(|node| self.declared(node, OwnerKind::Group));
                    let user = self.by_id.get(id).copied();
                    pairs.extend(groups.filter_map(|group| Some((user?, group))));
                }
                "AWS::IAM::UserToGroupAddition" => {
                    let group = self.tree.get(properties, "GroupName");
                    let group = group.and_then(|node| self.declared(node, OwnerKind::Group));
                    let users = items(self, properties, "Users").into_iter();
                    let users = users.filter_map(|node| self.declared(node, OwnerKind::User));
                    pairs.extend(users.map(|user| (user, group)));
                }
                _ => {}
            }
        }
        for (user, group) in pairs {
            let Some(user) = self.owners.get_mut(user) else {
                continue;
            };
            match group {
                Some(group) => user.groups.push(group),
                None => user.denied_elsewhere = true,
            }
        }
    }

    /// The identity of the template that a node names.
    fn declared(&self, node: NodeId, kind: OwnerKind) -> Option<usize> {
        let node = self.tree.resolved(node);
        let text = Text::lower(self.tree, node, self.notation);
        let index = match text.parts.as_slice() {
            [Part::Variable { name, .. }] => self.by_id.get(name).copied(),
            _ => {
                let names = self.resolve(node);
                let mut owners = self.owners.iter();
                owners.position(|owner| !names.is_empty() && owner.names == names)
            }
        };
        index.filter(|at| self.owners.get(*at).is_some_and(|owner| owner.kind == kind))
    }

    /// Reads `ManagedPolicyArns` of each identity: policies of this template become its own, AWS's are looked up, any
    /// other makes what it may do unknown.
    fn adopt(&mut self, sites: &mut [Site]) {
        for index in 0..self.owners.len() {
            let Some(owner) = self.owners.get(index) else {
                continue;
            };
            let property = match owner.type_name.as_str() {
                "AWS::SSO::PermissionSet" => "ManagedPolicies",
                name if has_identity(name) => "ManagedPolicyArns",
                _ => continue,
            };
            let Some(properties) = owner.properties else {
                continue;
            };
            let Some(value) = self.tree.get(properties, property) else {
                continue;
            };
            let mut managed = Vec::new();
            let mut attached = Vec::new();
            let mut dynamic = false;
            let items = follow(self.tree, value, &["*"], &Branch::new());
            dynamic |= self.tree.items(self.tree.resolved(value)).is_none();
            for (item, branch) in items {
                let text = Text::lower(self.tree, item, self.notation);
                if is_nothing(&text) {
                    continue;
                }
                let mut settled = self.adopt_one(&text, index, &branch, sites);
                if !settled {
                    let arns = self.resolve(item);
                    let found = arns.first().and_then(|arn| {
                        let name = arn.split_once(":policy/")?.1;
                        let name = name.rsplit('/').next()?;
                        arn.contains(":iam::aws:")
                            .then(|| catalog().managed_policy(name))
                            .flatten()
                    });
                    settled = found.is_some();
                    managed.extend(found);
                }
                attached.push(Attached {
                    arn: text,
                    branch,
                    settled,
                });
            }
            if let Some(owner) = self.owners.get_mut(index) {
                owner.managed = managed;
                owner.attached = attached;
                owner.dynamic |= dynamic;
            }
        }
    }
}

impl Finder<'_> {
    /// Makes the managed policy of this template that a reference names the owner's own. Whether it names one.
    pub(super) fn adopt_one(
        &self,
        text: &Text,
        owner: usize,
        branch: &Branch,
        sites: &mut [Site],
    ) -> bool {
        let named = match text.parts.as_slice() {
            [Part::Variable { name, .. }] if self.by_id.contains_key(name) => Some(name),
            _ => self.deployed_as(text),
        };
        let Some((name, policy)) = named.and_then(|name| Some((name, *self.by_id.get(name)?)))
        else {
            return false;
        };
        for site in sites
            .iter_mut()
            .filter(|site| site.path.get(1) == Some(name))
        {
            site.owners.retain(|owner| *owner != policy);
            site.hold(owner, branch.clone());
        }
        true
    }
}

impl Finder<'_> {
    /// The logical id of the managed policy of this template that a text names by its ARN, in every environment.
    pub(super) fn deployed_as(&self, text: &Text) -> Option<&String> {
        let arns = self.arns(text);
        let name = arns.first()?.first()?;
        let name = name.rsplit('/').next().filter(|name| !name.is_empty())?;
        let policies = self.policies.get_or_init(|| self.policies());
        let [id] = policies.get(name)?.as_slice() else {
            return None;
        };
        let own = Text {
            parts: vec![Part::Variable {
                name: id.clone(),
                span: text.span,
            }],
            ..text.clone()
        };
        (self.arns(&own) == arns).then_some(id)
    }

    /// The logical id of the managed policy of this template whose name is the one in an ARN: of an account's policies no
    /// two have the same, and what bounds an identity is of its own account.
    pub(super) fn named_by(&self, arn: &Text) -> Option<&String> {
        let policies = self.policies.get_or_init(|| self.policies());
        let mut found = None;
        for arn in self.arns(arn).iter().flatten() {
            let (before, name) = arn.split_once(":policy/")?;
            let name = name
                .rsplit('/')
                .next()
                .filter(|_| !before.ends_with(":aws"));
            let [id] = policies.get(name?)?.as_slice() else {
                return None;
            };
            if found.is_some_and(|other| other != id) {
                return None;
            }
            found = Some(id);
        }
        found
    }

    fn policies(&self) -> HashMap<String, Vec<String>> {
        let mut policies: HashMap<String, Vec<String>> = HashMap::new();
        for (id, index) in &self.by_id {
            work::did(1);
            let owner = self.owners.get(*index);
            let owner = owner.filter(|owner| owner.kind == OwnerKind::ManagedPolicy);
            for name in owner.map_or(&[][..], |owner| &owner.names) {
                policies.entry(name.clone()).or_default().push(id.clone());
            }
        }
        policies
    }

    /// The values of a text in each environment, with unknown parts as `${Name}`.
    fn arns(&self, text: &Text) -> Vec<Vec<String>> {
        let values = |environment| {
            let resolver = Resolver::new(self.tree, self.config, self.template, environment, true);
            let values = resolver.resolve(text).into_iter();
            values.map(|value| value.pattern.display()).collect()
        };
        self.environments.iter().map(values).collect()
    }
}

/// Whether a text is `AWS::NoValue`.
pub(super) fn is_nothing(text: &Text) -> bool {
    matches!(text.parts.as_slice(), [Part::Variable { name, .. }] if name == "AWS::NoValue")
}

fn organization_kind(tree: &Tree, properties: NodeId) -> SiteKind {
    match tree
        .get(properties, "Type")
        .and_then(|node| tree.text(node))
    {
        Some("SERVICE_CONTROL_POLICY") => SiteKind::Scp,
        Some("RESOURCE_CONTROL_POLICY") => SiteKind::Rcp,
        _ => SiteKind::Organization,
    }
}
