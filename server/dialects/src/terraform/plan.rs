//! The JSON that `terraform show -json` prints: a plan, or the state. Every value in it is known or left out, and
//! policies are JSON in strings.

use foldhash::{HashMap, HashMapExt};
use leastwise_catalog::catalog;
use leastwise_model::notation::Notation;
use leastwise_model::text::Text;
use leastwise_model::{Attached, Branch, Document, Known, Owner, OwnerKind, Shape, Site, SiteKind};
use leastwise_syntax::{NodeId, Tree, View};

use super::Terraform;
use super::limits::DEPTH_OF_A_PLAN;
use super::notation::NATIVE;
use super::{permission, table};
use crate::dialect::RecognisedFile;
use crate::follow::follow;
use crate::intrinsic::notation::TEMPLATE;
use crate::permission::WrittenPermission;
use crate::resolve::names::Names;
use crate::state::State;

/// The policies of a plan or state; `None` for any other file.
pub(super) fn find(tree: &Tree) -> Option<RecognisedFile> {
    let root = *tree.documents().first()?;
    tree.get(root, "format_version")?;
    tree.get(root, "terraform_version")?;
    let values = tree
        .get(root, "planned_values")
        .or_else(|| tree.get(root, "values"))?;
    let mut plan = Plan {
        tree,
        resources: Vec::new(),
        owners: Vec::new(),
        by_address: HashMap::new(),
        sites: Vec::new(),
    };
    if let Some(module) = tree.get(values, "root_module") {
        plan.module(module, 0);
    }
    plan.read();
    Some(RecognisedFile {
        sites: plan.sites,
        owners: plan.owners,
        state: Box::new(PlanNames),
        ..RecognisedFile::of(&Terraform)
    })
}

/// What Terraform has made of its files.
#[derive(Debug)]
struct PlanNames;

impl Names for PlanNames {
    fn notation(&self) -> &'static dyn Notation {
        TEMPLATE
    }
}

impl State for PlanNames {
    fn names(&self) -> &dyn Names {
        self
    }

    fn is_made(&self) -> bool {
        true
    }
}

struct Resource {
    address: NodeId,
    type_name: String,
    values: NodeId,
}

struct Plan<'a> {
    tree: &'a Tree,
    resources: Vec<Resource>,
    owners: Vec<Owner>,
    by_address: HashMap<String, usize>,
    sites: Vec<Site>,
}

impl Plan<'_> {
    fn module(&mut self, module: NodeId, depth: usize) {
        if depth > DEPTH_OF_A_PLAN {
            return;
        }
        let tree = self.tree;
        let items = |key: &str| {
            let list = tree.get(module, key);
            list.and_then(|list| tree.items(list)).unwrap_or_default()
        };
        for item in items("resources") {
            let (Some(address), Some(type_name), Some(values)) = (
                tree.get(*item, "address"),
                tree.get(*item, "type").and_then(|node| tree.text(node)),
                tree.get(*item, "values"),
            ) else {
                continue;
            };
            let managed = tree.get(*item, "mode").and_then(|node| tree.text(node)) != Some("data");
            if managed {
                self.resources.push(Resource {
                    address,
                    type_name: type_name.to_owned(),
                    values,
                });
            }
        }
        for child in items("child_modules") {
            self.module(*child, depth + 1);
        }
    }

    fn text(&self, node: NodeId, key: &str) -> Option<&str> {
        self.tree
            .get(node, key)
            .and_then(|node| self.tree.text(node))
    }

    fn read(&mut self) {
        for index in 0..self.resources.len() {
            let Some(resource) = self.resources.get(index) else {
                continue;
            };
            let kind = match resource.type_name.as_str() {
                "aws_iam_role" => OwnerKind::Role,
                "aws_iam_user" => OwnerKind::User,
                "aws_iam_group" => OwnerKind::Group,
                "aws_iam_policy" => OwnerKind::ManagedPolicy,
                name if !table::policies(name).is_empty() => OwnerKind::Resource,
                name if permission::for_type(name).is_some() => OwnerKind::Resource,
                _ => continue,
            };
            let name = table::resource(&resource.type_name).and_then(|of| of.name);
            let name = name.and_then(|name| self.text(resource.values, name));
            let boundary = match self.tree.get(resource.values, "permissions_boundary") {
                Some(node)
                    if self
                        .tree
                        .text(node)
                        .is_some_and(|text| !matches!(text, "" | "null")) =>
                {
                    Known::Is(node)
                }
                _ => Known::Missing,
            };
            let label = self.tree.text(resource.address).unwrap_or("?");
            let permission = permission::for_type(&resource.type_name).and_then(|of| {
                let written = WrittenPermission {
                    tree: self.tree,
                    notation: NATIVE,
                    properties: resource.values,
                    path: vec![label.to_owned()],
                    owner: self.owners.len(),
                    open: false,
                };
                written.site(of).map(Box::new)
            });
            let owner = Owner {
                permission,
                names: name.map(str::to_owned).into_iter().collect(),
                type_name: resource.type_name.clone(),
                declared: Some(self.tree.span(resource.address)),
                properties: Some(resource.values),
                boundary,
                ..Owner::new(kind, label)
            };
            self.by_address.insert(label.to_owned(), self.owners.len());
            self.owners.push(owner);
        }
        for index in 0..self.resources.len() {
            self.policies(index);
            self.attached(index);
        }
    }

    fn policies(&mut self, index: usize) {
        let Some(resource) = self.resources.get(index) else {
            return;
        };
        let values = resource.values;
        let (type_name, address) = (resource.type_name.clone(), resource.address);
        for entry in table::policies(&type_name) {
            let mut path = entry.path.clone();
            if path.len() > 1 {
                path.insert(1, "*");
            }
            for (node, _) in follow(self.tree, values, &path, &Branch::new()) {
                if !matches!(self.tree.view(node), View::Mapping(_)) {
                    continue;
                }
                let kind = match entry.kind {
                    SiteKind::Organization => match self.text(values, "type") {
                        None | Some("SERVICE_CONTROL_POLICY") => SiteKind::Scp,
                        Some("RESOURCE_CONTROL_POLICY") => SiteKind::Rcp,
                        _ => SiteKind::Organization,
                    },
                    kind => kind,
                };
                let target = [
                    ("aws_iam_role_policy", "role", OwnerKind::Role),
                    ("aws_iam_user_policy", "user", OwnerKind::User),
                    ("aws_iam_group_policy", "group", OwnerKind::Group),
                ]
                .iter()
                .find(|(of, ..)| *of == type_name)
                .and_then(|(_, key, kind)| Some((*kind, self.text(values, key)?.to_owned())));
                let address = self.tree.text(address).unwrap_or("?").to_owned();
                let owner = match target {
                    Some((kind, name)) => self.identity(kind, &name),
                    None => self.by_address.get(&address).copied(),
                };
                let mut document = Document::shaped(node, Shape::Document, NATIVE);
                if type_name == "aws_iam_policy" {
                    document.managed.extend(owner);
                }
                let name = self.text(values, "name").map(str::to_owned);
                let mut keys = vec![address];
                keys.extend(entry.path.iter().map(|key| (*key).to_owned()));
                self.sites.push(Site {
                    uses: Vec::new(),
                    held: Vec::new(),
                    kind,
                    service: entry.service,
                    document,
                    name,
                    path: keys,
                    branch: Branch::new(),
                    owners: owner.into_iter().collect(),
                });
            }
        }
    }

    /// The owner of that name in the plan; one that is declared elsewhere else.
    fn identity(&mut self, kind: OwnerKind, name: &str) -> Option<usize> {
        let same = self
            .owners
            .iter()
            .position(|owner| owner.kind == kind && owner.names.iter().any(|own| own == name));
        Some(same.unwrap_or_else(|| {
            self.owners.push(Owner {
                names: vec![name.to_owned()],
                dynamic: true,
                ..Owner::new(kind, name)
            });
            self.owners.len() - 1
        }))
    }

    fn attached(&mut self, index: usize) {
        let Some(resource) = self.resources.get(index) else {
            return;
        };
        let values = resource.values;
        let key = match resource.type_name.as_str() {
            "aws_iam_role_policy_attachment" => ("role", OwnerKind::Role),
            "aws_iam_user_policy_attachment" => ("user", OwnerKind::User),
            "aws_iam_group_policy_attachment" => ("group", OwnerKind::Group),
            _ => return,
        };
        let Some(name) = self.text(values, key.0).map(str::to_owned) else {
            return;
        };
        let arn = self.tree.get(values, "policy_arn");
        let text = arn.and_then(|arn| self.tree.text(arn));
        let policy = text.and_then(|arn| {
            let name = arn
                .split_once(":iam::aws:policy/")?
                .1
                .rsplit('/')
                .next()?
                .to_owned();
            catalog().managed_policy(&name)
        });
        let Some(owner) = self.identity(key.1, &name) else {
            return;
        };
        // One that is only made by the plan has no ARN yet.
        let named = arn.filter(|_| text.is_some_and(|text| text.starts_with("arn:")));
        let text = named.map(|node| Text::lower(self.tree, node, NATIVE));
        if let Some(owner) = self.owners.get_mut(owner) {
            owner.managed.extend(policy);
            match text {
                Some(arn) => owner.attached.push(Attached {
                    arn,
                    branch: Branch::new(),
                    is_granted_already: policy.is_some(),
                }),
                None => owner.dynamic = true,
            }
        }
    }
}
