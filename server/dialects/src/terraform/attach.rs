//! Which policies are attached to which roles, users and groups, over the whole module.

use std::rc::Rc;

use foldhash::HashMap;
use leastwise_catalog::catalog;
use leastwise_model::text::Text;
use leastwise_model::{Attached, Bound, BoundBy, Branch, OwnerKind};
use leastwise_syntax::{NodeId, View};

use super::body::{argument, expression, reference, source};
use super::finder::Finder;
use super::limits::DEPTH_OF_BOUNDS;
use super::listed::{self, Item};
use super::module::attachments::{ATTACH, INLINE, MEMBERS, nodes};
use super::{Block, ModuleNode, Reference, denied};
use crate::shape::kind_by_name;
use crate::work;

/// Policies and who has them.
#[derive(Default)]
pub(super) struct Attachments {
    /// By the address of an `aws_iam_policy`, the owners that it is attached to.
    of_policy: HashMap<String, Vec<(usize, Branch)>>,
    /// By owner, the ARNs of other policies.
    of_owner: Vec<Other>,
}

/// A policy that no resource of the module is, and who has it.
struct Other {
    owner: usize,
    policy: Item,
    /// What attaches it, where that stands in the file at hand.
    anchor: Option<NodeId>,
}

/// Reads the attachments of the module that have to do with the file.
pub(super) fn read(finder: &mut Finder<'_>) -> Attachments {
    let module = finder.module;
    let mut attachments = Attachments::default();
    let near = Rc::clone(&finder.near);
    for address in &near.resources {
        work::did(1);
        let Some(block) = module.block(address).filter(|block| !block.data) else {
            continue;
        };
        let at = |node| ModuleNode {
            file: block.body.file,
            node,
        };
        let tree = finder.tree(block.body.file);
        let own = |name: &str| argument(tree, block.body.node, name);
        if let Some(node) = own("permissions_boundary")
            && module.is_own(block.body.file)
        {
            let owner = finder.declare(address, block);
            let bounds = bounds_of(finder, at(node), &Branch::new(), 0);
            if let Some(owner) = finder.owners.get_mut(owner) {
                owner.bounds = bounds;
            }
        }
        if block.type_name == "aws_iam_role" {
            let Some(node) = own("managed_policy_arns") else {
                continue;
            };
            // A role of another file is looked at there.
            if finder.module.is_own(block.body.file) {
                let owner = finder.declare(address, block);
                for item in policies(finder, at(node), block) {
                    attachments.add(finder, owner, item, Some(node));
                }
            }
            continue;
        }
        if let Some((_, user, group)) = MEMBERS.iter().find(|of| of.0 == block.type_name) {
            let users = own(user).map(|node| nodes(tree, node)).unwrap_or_default();
            let groups = own(group).map(|node| nodes(tree, node)).unwrap_or_default();
            for user in users {
                let user = finder.identity(at(user), OwnerKind::User);
                for group in &groups {
                    let group = finder.identity(at(*group), OwnerKind::Group);
                    if let Some(user) = finder.owners.get_mut(user) {
                        user.groups.push(group);
                    }
                }
            }
            continue;
        }
        let Some(attach) = ATTACH.iter().find(|of| of.type_name == block.type_name) else {
            continue;
        };
        let Some(policy) = own(attach.policy) else {
            continue;
        };
        let anchor = Some(policy).filter(|_| finder.module.is_own(block.body.file));
        let mut attached = policies(finder, at(policy), block);
        let when = finder.when(block);
        for item in &mut attached {
            item.branch.extend(when.iter().cloned());
        }
        for (name, kind) in attach.targets {
            let Some(node) = own(name) else {
                continue;
            };
            for item in nodes(tree, node) {
                // Only what has to do with this file is looked at.
                let owner = finder.identity(at(item), *kind);
                for policy in &attached {
                    attachments.add(finder, owner, policy.clone(), anchor);
                }
            }
        }
    }
    attachments.handed(finder);
    attachments
}

impl Attachments {
    /// Whether a policy that is attached to nobody bounds somebody, or is called so.
    pub(crate) fn is_boundary(&self, finder: &Finder<'_>, address: &str, block: &Block) -> bool {
        if block.type_name != "aws_iam_policy" || self.of_policy.contains_key(address) {
            return false;
        }
        let name = argument(finder.tree(block.body.file), block.body.node, "name");
        let name = name.and_then(|node| finder.tree(block.body.file).text(node));
        let bounds = finder.module.all_bounds(finder.tree);
        bounds.has(finder.tree(block.body.file), block)
            || kind_by_name::is_boundary(&block.name)
            || name.is_some_and(kind_by_name::is_boundary)
    }

    /// Takes down the policies of AWS that are handed to modules in arguments for policies to attach.
    fn handed(&mut self, finder: &mut Finder<'_>) {
        let mut calls: Vec<_> = finder.module.own_calls().collect();
        calls.sort_unstable_by_key(|(name, _)| *name);
        for (name, call) in calls {
            for pair in finder.tree.pairs(call.body.node) {
                if !finder.tree.text(pair.key).is_some_and(takes_policies) {
                    continue;
                }
                let at = ModuleNode {
                    node: pair.value,
                    ..call.body
                };
                let single = Item::of(at);
                let items = listed::some(finder, at).into_iter().chain([single]);
                let items = items.filter(|item| {
                    aws_policy(finder, item).is_some() || is_arn_of_aws(finder, item)
                });
                let of_aws: Vec<Item> = items.collect();
                if of_aws.is_empty() {
                    continue;
                }
                let owner = finder.loose_owner(format!("module.{name}"));
                let mut unread = Vec::new();
                let denied =
                    denied::by_module(finder, call) || denied::by_given(finder, call, &mut unread);
                finder.unread.append(&mut unread);
                if let Some(owner) = finder.owners.get_mut(owner) {
                    owner.denied_elsewhere = denied;
                }
                for item in of_aws {
                    self.add(finder, owner, item, Some(pair.value));
                }
            }
        }
    }

    fn add(&mut self, finder: &Finder<'_>, owner: usize, item: Item, anchor: Option<NodeId>) {
        let tree = finder.tree(item.at.file);
        let named = reference(tree, item.at.node).and_then(|name| {
            let resource = Reference::parse(name)?.resource()?;
            let block = finder.module.block(&resource.address)?;
            (block.type_name == "aws_iam_policy" && !block.data).then_some(resource.address)
        });
        match named {
            Some(address) => {
                let owners = self.of_policy.entry(address).or_default();
                match owners.iter_mut().find(|(other, _)| *other == owner) {
                    // Twice is once, and always if one of them is.
                    Some((_, other)) if item.branch.is_empty() => other.clear(),
                    Some(_) => {}
                    None => owners.push((owner, item.branch)),
                }
            }
            None => self.of_owner.push(Other {
                owner,
                policy: item,
                anchor,
            }),
        }
    }

    /// The owners of the policies that stand in a resource's arguments, each with when it has them beside when the
    /// resource is there.
    pub fn owners(
        &self,
        finder: &mut Finder<'_>,
        address: &str,
        block: &Block,
    ) -> Vec<(usize, Branch)> {
        if let Some((_, name, kind)) = INLINE.iter().find(|(of, ..)| *of == block.type_name) {
            let tree = finder.tree(block.body.file);
            if let Some(node) = argument(tree, block.body.node, name) {
                let at = ModuleNode {
                    file: block.body.file,
                    node,
                };
                return vec![(finder.identity(at, *kind), Branch::new())];
            }
        }
        match self.of_policy.get(address) {
            Some(owners) => owners.clone(),
            None => vec![(finder.declare(address, block), Branch::new())],
        }
    }

    /// Gives owners the policies that are attached to them by ARN: AWS's are looked up, any other makes what they may
    /// do unknown. So does a policy of the module that stands in another file.
    pub fn apply(&self, finder: &mut Finder<'_>) {
        for other in &self.of_owner {
            let item = &other.policy;
            let found = aws_policy(finder, item);
            let notation = finder.notation();
            let given = item.arn.as_deref().or(found.as_ref().map(|it| it.arn()));
            let text = match (finder.module.is_own(item.at.file), other.anchor) {
                (true, _) if item.arn.is_none() => {
                    Some(Text::lower(finder.tree, item.at.node, notation))
                }
                (true, _) => given.map(|arn| Text::given(finder.tree, item.at.node, arn, notation)),
                // It is written in another file.
                (_, Some(node)) => given.map(|arn| Text::given(finder.tree, node, arn, notation)),
                (_, None) => None,
            };
            let Some(owner) = finder.owners.get_mut(other.owner) else {
                continue;
            };
            owner.managed.extend(found);
            match text {
                Some(arn) => owner.attached.push(Attached {
                    arn,
                    branch: item.branch.clone(),
                    is_granted_already: found.is_some(),
                }),
                None => owner.dynamic |= found.is_none(),
            }
        }
        for (address, owners) in &self.of_policy {
            let block = finder.module.block(address);
            let elsewhere = block.is_none_or(|block| !finder.module.is_own(block.body.file));
            for (owner, _) in owners.iter().filter(|_| elsewhere) {
                if let Some(owner) = finder.owners.get_mut(*owner) {
                    owner.dynamic = true;
                }
            }
        }
    }
}

/// What an expression says that bounds an identity of this file.
fn bounds_of(finder: &mut Finder<'_>, at: ModuleNode, branch: &Branch, depth: u32) -> Vec<Bound> {
    let tree = finder.tree(at.file);
    let inner = |node| ModuleNode { node, ..at };
    if let Some(("?", arguments)) = expression(tree, at.node)
        && let Some(&[condition, yes, no]) = tree.items(arguments)
        && depth < DEPTH_OF_BOUNDS
    {
        let name = source(tree, condition);
        let mut found = Vec::new();
        for (value, holds) in [(yes, true), (no, false)] {
            let mut branch = branch.clone();
            branch.push((name.clone(), holds));
            found.extend(bounds_of(finder, inner(value), &branch, depth + 1));
        }
        return found;
    }
    let nothing = super::is_null(tree, at.node) || tree.text(at.node) == Some("");
    let resource =
        reference(tree, at.node).and_then(|name| Some(Reference::parse(name)?.resource()?.address));
    let module = finder.module;
    let block = resource.as_ref().and_then(|address| {
        let block = module.block(address)?;
        (block.type_name == "aws_iam_policy" && !block.data).then_some(block)
    });
    let by = match (resource, block) {
        _ if nothing => BoundBy::Nothing,
        (Some(address), Some(block)) => BoundBy::Policy(finder.declare(&address, block)),
        _ => BoundBy::Arn(Text::lower(tree, at.node, finder.notation())),
    };
    vec![Bound {
        branch: branch.clone(),
        by,
    }]
}

/// The policies that an argument names.
fn policies(finder: &Finder<'_>, at: ModuleNode, block: &Block) -> Vec<Item> {
    let known = listed::items(finder, at, block).or_else(|| listed::all(finder, at));
    known.unwrap_or_else(|| {
        let tree = finder.tree(at.file);
        let items = match tree.view(at.node) {
            View::Sequence(items) => items.to_vec(),
            _ => vec![at.node],
        };
        let items = items
            .into_iter()
            .map(|node| Item::of(ModuleNode { node, ..at }));
        items.collect()
    })
}

/// Whether an argument of a module is for policies that are attached to what it makes.
fn takes_policies(name: &str) -> bool {
    const ENDS: [&str; 3] = ["policy_arns", "policy_arn", "policies"];
    // What may be attached by others, or bounds what is made, is none of that.
    const NOT: [&str; 5] = ["boundary", "boundaries", "allowed", "denied", "permitted"];
    ENDS.iter().any(|end| name.ends_with(end)) && !NOT.iter().any(|word| name.contains(word))
}

/// The policy of AWS that an item surely is.
fn aws_policy(finder: &Finder<'_>, item: &Item) -> Option<leastwise_catalog::ManagedPolicy> {
    let arns = match &item.arn {
        Some(arn) => vec![arn.clone()],
        None if is_choice(finder, item.at) => return None,
        None => finder.resolve(item.at),
    };
    let [arn] = arns.as_slice() else { return None };
    let name = arn.split_once(":policy/")?.1.rsplit('/').next()?;
    arn.contains(":iam::aws:")
        .then(|| catalog().managed_policy(name))
        .flatten()
}

fn is_choice(finder: &Finder<'_>, at: ModuleNode) -> bool {
    let tree = finder.tree(at.file);
    matches!(expression(tree, at.node), Some(("?", _)))
        || reference(tree, at.node).is_some_and(|name| name.starts_with("var."))
}

/// Whether an item is the ARN of a policy of AWS, one that AWS doesn't have perhaps.
fn is_arn_of_aws(finder: &Finder<'_>, item: &Item) -> bool {
    let text = finder.tree(item.at.file).text(item.at.node);
    text.is_some_and(|text| text.starts_with("arn:") && text.contains(":iam::aws:policy/"))
}
