//! Who the policies of a service belong to: the role that its functions share, and the roles that some have of their
//! own.

use leastwise_catalog::catalog;
use leastwise_model::text::{Part, Text};
use leastwise_model::{
    Attached, Branch, Config, Document, Environment, Generated, Known, Owner, OwnerKind, Site,
    SiteKind,
};
use leastwise_syntax::{NodeId, Tree, View};

use super::functions::{Function, functions};
use super::notation::SERVICE;
use super::reader::ServiceReader;
use super::same_file::same_file;
use super::{from_variables, generated, naming, resolve, writer};
use crate::cloudformation;
use crate::cloudformation::template::Template;
use crate::serverless::resolve::ServiceNode;

/// The key of the plugin's settings under `custom`.
const PLUGIN: &str = "serverless-iam-roles-per-function";

/// Whether functions share a role that the framework makes, or statements stand there for one.
pub(super) fn has_shared(reader: &ServiceReader<'_>, functions: &[Function]) -> bool {
    makes_shared(reader, functions) || statements(reader).is_some()
}

/// Whether the framework makes a role for the functions.
pub(super) fn makes_shared(reader: &ServiceReader<'_>, functions: &[Function]) -> bool {
    let root = reader.root();
    let given = reader
        .get(&root, &["provider", "iam", "role"])
        .is_some_and(|role| matches!(reader.view(&role), View::Scalar(_) | View::Tagged(..)));
    let older = reader
        .get(&root, &["provider"])
        .is_some_and(|provider| reader.has(&provider, "role"));
    let all = functions
        .iter()
        .all(|function| reader.has(&function.place, "role"));
    !functions.is_empty() && !given && !older && !all
}

/// The statements of the role that functions share, with the keys that lead there.
fn statements(reader: &ServiceReader<'_>) -> Option<(ServiceNode, Vec<&'static str>)> {
    let paths = [
        ["provider", "iam", "role", "statements"].as_slice(),
        &["provider", "iamRoleStatements"],
    ];
    paths
        .into_iter()
        .find_map(|path| Some((as_written(reader, path)?, path.to_vec())))
}

/// What stands at the end of a path, before a variable there is followed.
fn as_written(reader: &ServiceReader<'_>, path: &[&str]) -> Option<ServiceNode> {
    let (last, way) = path.split_last()?;
    let holder = match way {
        [] => reader.root(),
        _ => reader.get(&reader.root(), way)?,
    };
    beside(reader, &holder, last)
}

fn beside(reader: &ServiceReader<'_>, holder: &ServiceNode, key: &str) -> Option<ServiceNode> {
    let node = reader.tree_of(holder).get(holder.node, key)?;
    Some(holder.beside(reader.tree, node))
}

/// The policies of a service and what they belong to.
pub(super) fn find(
    tree: &Tree,
    template: &Template,
    config: &Config,
    environments: &[Environment],
) -> (Vec<Site>, Vec<Owner>) {
    let (mut sites, mut owners) =
        cloudformation::declared(tree, template, None, config, environments, SERVICE);
    for site in &mut sites {
        let declared = site
            .path
            .get(1)
            .and_then(|id| template.resources.get(id))
            .is_some_and(|resource| resource.node != resource.key);
        if declared {
            site.path.insert(0, "resources".to_owned());
        } else if let Some(first) = site.path.first_mut() {
            "extensions".clone_into(first);
            site.path.insert(0, "resources".to_owned());
        }
    }
    let fallback = Environment::default();
    let environment = environments.first().unwrap_or(&fallback);
    let Some(service) = resolve::service(template) else {
        return (sites, owners);
    };
    let reader = ServiceReader::new(tree, service, template, config, environment);
    let (functions, open) = functions(&reader);
    let mut finder = Finder {
        reader,
        template,
        config,
        environments,
        sites: &mut sites,
        owners: &mut owners,
    };
    finder.shared(&functions, open);
    for function in &functions {
        finder.own(function);
    }
    finder.inherit(&functions);
    finder.api();
    bound_anew(
        tree,
        template,
        config,
        environments,
        &mut sites,
        &mut owners,
    );
    sites.sort_by_key(|site| tree.span(site.document.node).start);
    (sites, owners)
}

struct Finder<'a> {
    reader: ServiceReader<'a>,
    template: &'a Template,
    config: &'a Config,
    environments: &'a [Environment],
    sites: &'a mut Vec<Site>,
    owners: &'a mut Vec<Owner>,
}

/// Finds what bounds the identities of a service anew, once the framework's roles have the boundaries that are set for them.
fn bound_anew(
    tree: &Tree,
    template: &Template,
    config: &Config,
    environments: &[Environment],
    sites: &mut [Site],
    owners: &mut Vec<Owner>,
) {
    let mut finder =
        cloudformation::finder::Finder::new(tree, template, config, environments, SERVICE);
    finder.owners = std::mem::take(owners);
    let declared = finder.owners.iter().enumerate();
    let declared = declared.filter(|(_, owner)| owner.declared.is_some());
    finder.by_id = declared
        .map(|(at, owner)| (owner.label.clone(), at))
        .collect();
    finder.bound(sites);
    *owners = finder.owners;
}

impl Finder<'_> {
    fn owner(&self, id: &str) -> Option<usize> {
        self.owners.iter().position(|owner| owner.label == id)
    }

    /// Whether an extension takes the place of a property of a role that is made.
    fn extends(&self, owner: usize, property: &str) -> bool {
        let Some(owner) = self.owners.get(owner) else {
            return false;
        };
        // What the service declares itself is no extension.
        let made = self.template.resources.get(&owner.label);
        made.is_some_and(|made| made.node == made.key)
            && owner
                .properties
                .is_some_and(|node| self.reader.tree.get(node, property).is_some())
    }

    /// What the framework writes for a role, without what an extension takes the place of.
    fn left(&self, owner: usize, generated: Vec<Generated>) -> Vec<Generated> {
        let policies = self.extends(owner, "Policies");
        let trust = self.extends(owner, "AssumeRolePolicyDocument");
        let is_left = |one: &Generated| match one.kind {
            SiteKind::Trust => !trust,
            _ => !policies,
        };
        generated.into_iter().filter(is_left).collect()
    }

    /// The role that functions share.
    fn shared(&mut self, functions: &[Function], open: bool) {
        let Some(owner) = self.owner(naming::ROLE) else {
            return;
        };
        let reader = self.reader;
        let root = reader.root();
        if let Some((place, path)) = statements(&reader) {
            let path = path.into_iter().map(str::to_owned).collect();
            // Nobody is granted statements that an extension takes the place of.
            let owner = Some(owner).filter(|owner| !self.extends(*owner, "Policies"));
            self.statements(&place, path, SiteKind::Identity, None, owner);
        }
        let boundary = ["permissionsBoundary", "permissionBoundary"]
            .into_iter()
            .find_map(|key| as_written(&reader, &["provider", "iam", "role", key]))
            .or_else(|| as_written(&reader, &["provider", "rolePermissionsBoundary"]));
        let boundary = self.global_boundary().or(boundary);
        let boundary = boundary.filter(|_| !self.extends(owner, "PermissionsBoundary"));
        let managed = as_written(&reader, &["provider", "iam", "role", "managedPolicies"])
            .or_else(|| as_written(&reader, &["provider", "iamManagedPolicies"]));
        // An extension takes the place of the whole list.
        let extended = self.extends(owner, "ManagedPolicyArns");
        if let Some(managed) = managed.filter(|_| !extended) {
            self.attach(owner, &managed);
        }
        let makes = makes_shared(&reader, functions);
        let vpc = functions
            .iter()
            .any(|function| reader.has(&function.place, "vpc"))
            || reader.is_set(&root, &["provider", "vpc"]);
        if vpc && makes && !extended {
            self.attach_vpc(owner);
        }
        let node = self.node_of(owner);
        let generated = match makes {
            true => generated::shared(&reader, functions, node),
            false => Vec::new(),
        };
        let generated = self.left(owner, generated);
        if let Some(owner) = self.owners.get_mut(owner) {
            owner.runs = true;
            // Functions that no file shows may bring permissions of their own.
            owner.dynamic |= open;
            owner.generated.extend(generated);
            if let Some(boundary) = boundary {
                owner.boundary = boundary_at(&boundary, node);
            }
        }
    }

    /// The role that the plugin makes for one function.
    fn own(&mut self, function: &Function) {
        let reader = self.reader;
        let Some(place) = beside(&reader, &function.place, "iamRoleStatements") else {
            return;
        };
        let Some(owner) = self.owner(&function.id(naming::ROLE)) else {
            return;
        };
        let mut path: Vec<String> = function.address.split('.').map(str::to_owned).collect();
        path.push("iamRoleStatements".to_owned());
        let granted = Some(owner).filter(|owner| !self.extends(*owner, "Policies"));
        self.statements(&place, path, SiteKind::Identity, None, granted);
        let vpc = reader.is_set(&function.place, &["vpc"])
            || reader.is_set(&reader.root(), &["provider", "vpc"]);
        if vpc && !self.extends(owner, "ManagedPolicyArns") {
            self.attach_vpc(owner);
        }
        let node = self.node_of(owner);
        let generated = self.left(owner, generated::own(&reader, function, node));
        let boundary = beside(&reader, &function.place, "iamPermissionsBoundary")
            .or_else(|| self.global_boundary());
        let extended = self.extends(owner, "PermissionsBoundary");
        let shared = self.owner(naming::ROLE);
        let shared = shared.and_then(|at| self.owners.get(at));
        let inherited = shared.map(|owner| owner.boundary.clone());
        if let Some(owner) = self.owners.get_mut(owner) {
            owner.runs = true;
            owner.generated.extend(generated);
            if !extended {
                owner.boundary = match boundary {
                    Some(place) => boundary_at(&place, node),
                    None => inherited.unwrap_or_default(),
                };
            }
        }
    }

    fn global_boundary(&self) -> Option<ServiceNode> {
        as_written(
            &self.reader,
            &["custom", PLUGIN, "iamGlobalPermissionsBoundary"],
        )
    }

    /// Gives the shared statements also to the functions that inherit them.
    fn inherit(&mut self, functions: &[Function]) {
        let reader = self.reader;
        let default = reader.is_set(&reader.root(), &["custom", PLUGIN, "defaultInherit"]);
        let Some(shared) = self.owner(naming::ROLE) else {
            return;
        };
        for function in functions {
            let said = reader.has(&function.place, "iamRoleStatementsInherit");
            let inherits = match said {
                true => reader.is_set(&function.place, &["iamRoleStatementsInherit"]),
                false => default,
            };
            let own = self.owner(&function.id(naming::ROLE));
            let Some(own) = own.filter(|_| inherits) else {
                continue;
            };
            for site in self.sites.iter_mut() {
                let provider = site.path.first().is_some_and(|key| key == "provider");
                if provider && site.owners.contains(&shared) && !site.owners.contains(&own) {
                    site.owners.push(own);
                }
            }
            let inherited: Vec<_> = self
                .owners
                .get(shared)
                .into_iter()
                .flat_map(|owner| &owner.generated)
                .filter(|generated| generated.origin != writer::ORIGIN)
                .cloned()
                .collect();
            if let Some(owner) = self.owners.get_mut(own) {
                owner.generated.extend(inherited);
            }
        }
    }

    /// The resource policy of the API.
    fn api(&mut self) {
        for path in [
            ["provider", "apiGateway", "resourcePolicy"].as_slice(),
            &["provider", "resourcePolicy"],
        ] {
            let Some(place) = as_written(&self.reader, path) else {
                continue;
            };
            let owner = self.owner("ApiGatewayRestApi").unwrap_or_else(|| {
                let mut owner = Owner::new(OwnerKind::Resource, "ApiGatewayRestApi");
                "AWS::ApiGateway::RestApi".clone_into(&mut owner.type_name);
                self.owners.push(owner);
                self.owners.len() - 1
            });
            let path = path.iter().map(|key| (*key).to_owned()).collect();
            let owner = Some(owner);
            self.statements(&place, path, SiteKind::Resource, Some("execute-api"), owner);
            return;
        }
    }

    /// Makes statements a site, and hands its owner those of them that stand in other files.
    fn statements(
        &mut self,
        place: &ServiceNode,
        path: Vec<String>,
        kind: SiteKind,
        service: Option<&'static str>,
        owner: Option<usize>,
    ) {
        let node = owner.map_or(self.reader.service.root, |owner| self.node_of(owner));
        let found = from_variables::statements(
            self.reader.tree,
            self.template,
            self.config,
            self.environments,
            place,
            node,
        );
        let complete = found.complete;
        if let Some(owner) = owner.and_then(|owner| self.owners.get_mut(owner)) {
            owner.dynamic |= !complete && place.tree.is_some();
            owner
                .generated
                .extend(found.policies.into_iter().map(|mut generated| {
                    generated.kind = kind;
                    generated.path.clone_from(&path);
                    generated
                }));
        }
        if place.tree.is_some() {
            return;
        }
        let tree = self.reader.tree;
        let node = same_file(tree, place.node).unwrap_or(place.node);
        let mut document = Document::new(tree, node, true, SERVICE);
        document.is_covered_by_generated = complete;
        self.sites.push(Site {
            held: Vec::new(),
            uses: Vec::new(),
            kind,
            service,
            document,
            name: None,
            path,
            branch: Branch::new(),
            owners: owner.into_iter().collect(),
        });
    }

    /// The node that what the framework makes for an owner is said to stand at.
    fn node_of(&self, owner: usize) -> NodeId {
        let label = self.owners.get(owner).map(|owner| owner.label.as_str());
        label
            .and_then(|label| self.template.resources.get(label))
            .map_or(self.reader.service.root, |resource| resource.key)
    }

    /// Attaches managed policies by their ARNs.
    fn attach(&mut self, owner: usize, list: &ServiceNode) {
        let reader = self.reader;
        let Some(list) = reader.target_of(list.clone()) else {
            return;
        };
        let node = self.node_of(owner);
        if !matches!(reader.view(&list), View::Sequence(_)) {
            if let Some(owner) = self.owners.get_mut(owner) {
                owner.dynamic = true;
            }
            return;
        }
        for item in reader.items(&list) {
            let arn = match &item.tree {
                None => Text::lower(reader.tree, item.node, SERVICE),
                Some(tree) => from_variables::text(tree, reader.tree, item.node, node),
            };
            self.attach_one(owner, arn);
        }
    }

    fn attach_one(&mut self, owner: usize, arn: Text) {
        if let [Part::Variable { name, .. }] = arn.parts.as_slice() {
            if name == "AWS::NoValue" {
                return;
            }
            // A policy of the service's own becomes the role's.
            let declared = self.owner(name);
            let mut own = false;
            for site in self
                .sites
                .iter_mut()
                .filter(|site| site.path.contains(name))
            {
                own = true;
                site.owners.retain(|other| Some(*other) != declared);
                if !site.owners.contains(&owner) {
                    site.owners.push(owner);
                }
            }
            if own {
                return;
            }
        }
        let resolved = self.reader.resolver.resolve(&arn);
        let found = resolved.first().and_then(|value| {
            let arn = value.pattern.display();
            let name = arn.split_once(":policy/")?.1.rsplit('/').next()?;
            arn.contains(":iam::aws:")
                .then(|| catalog().managed_policy(name))
                .flatten()
        });
        if let Some(owner) = self.owners.get_mut(owner) {
            owner.managed.extend(found);
            owner.attached.push(Attached {
                arn,
                branch: Branch::new(),
                is_granted_already: found.is_some(),
            });
        }
    }

    fn attach_vpc(&mut self, owner: usize) {
        const ARN: &str =
            "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";
        let node = self.node_of(owner);
        let arn = Text::given(self.reader.tree, node, ARN, SERVICE);
        self.attach_one(owner, arn);
    }
}

/// A boundary of this file, or of another, where all that can be said is that there is one.
fn boundary_at(place: &ServiceNode, node: NodeId) -> Known<NodeId> {
    match place.tree {
        None => Known::Is(place.node),
        Some(_) => Known::Dynamic(node),
    }
}
