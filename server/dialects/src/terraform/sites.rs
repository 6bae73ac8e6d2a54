//! Finds the policies of a module's file: who there is, who has which managed policies, and what arguments, documents and
//! other places hold.

use std::collections::BTreeSet;
use std::rc::Rc;

use leastwise_model::files::{self, Unread};
use leastwise_model::guard::ModuleNode;
use leastwise_model::{Branch, Owner, OwnerKind, Site, SiteKind};
use leastwise_syntax::NodeId;

use super::attach::{self, Attachments};
use super::body::{argument, dynamic, local_source, nested};
use super::finder::Finder;
use super::guards::guards_of;
use super::module::attachments::{kind_of, organization_kind};
use super::module::is_module_file;
use super::uses::Use;
use super::{Block, Module, by_shape, documents, permission, relevant_owners, table};
use crate::source_file::SourceFile;
use crate::work;

/// The policies of the file at `path`, and what they belong to.
pub(super) fn find(module: &Module, asked: &SourceFile<'_>) -> (Vec<Site>, Vec<Owner>) {
    let SourceFile {
        tree,
        path,
        config,
        environments,
        files,
        limits,
    } = *asked;
    let mut finder = Finder::new(tree, path, module, config, environments, &**files);
    let outlook = module.outlook(config, environments);
    let (whole, was) = module.as_read(tree);
    let naming = Finder::new(was, path, &whole, config, environments, &**files);
    let links = module.links(tree);
    finder.near = Rc::new(links.near(module, &outlook.names, (&whole, was, &naming)));
    if finder.near.is_cut {
        module.cut_off();
    }
    for (address, block) in module.own_blocks() {
        if !block.data
            && (kind_of(block) != OwnerKind::Resource
                || !table::policies(&block.type_name).is_empty()
                || permission::for_type(&block.type_name).is_some())
        {
            let owner = finder.declare(address, block);
            finder.permission(owner, block);
        }
    }
    finder.look_up();
    let attachments = attach::read(&mut finder);
    let near = Rc::clone(&finder.near);
    for address in &near.resources {
        work::did(1);
        if let Some(block) = module.block(address).filter(|block| !block.data) {
            in_arguments(&mut finder, address, block, &attachments);
        }
    }
    finder.crowd();
    attachments.apply(&mut finder);
    documents::place(&mut finder);
    by_shape::find(&mut finder, path);
    let mut unread = limits.unread.borrow_mut();
    unread.append(&mut finder.unread);
    unread.extend(unread_modules(&finder));
    drop(unread);
    let mut sites = finder.sites;
    sites.sort_by_key(|site| site.span(tree).start);
    let owners = relevant_owners::only(finder.owners, &mut sites);
    (sites, owners)
}

/// What isn't read of the modules of the workspace that the file calls.
fn unread_modules(finder: &Finder<'_>) -> Vec<Unread> {
    let calls = finder.module.own_calls();
    let folders = calls.filter_map(|(_, call)| {
        let source = local_source(finder.tree(call.body.file), call.body.node)?;
        let folder = files::join(finder.folder, source);
        (folder != finder.folder).then_some(folder)
    });
    let folders: BTreeSet<String> = folders.collect();
    let unread = |folder: String| {
        let files = finder.files;
        let names = files.list(&folder).into_iter();
        let paths = names
            .filter(|name| is_module_file(name))
            .map(|name| files::join(&folder, &name))
            .filter(|path| files.text(path).is_none());
        let inner: Vec<Unread> = paths.filter_map(|path| files.refused(&path)).collect();
        files.closed(&folder).into_iter().chain(inner)
    };
    folders.into_iter().flat_map(unread).collect()
}

/// The policies in the arguments of a resource.
fn in_arguments(finder: &mut Finder<'_>, address: &str, block: &Block, attachments: &Attachments) {
    for entry in table::policies(&block.type_name) {
        let tree = finder.tree(block.body.file);
        let body = block.body.node;
        let places: Vec<(NodeId, NodeId)> = match entry.path.as_slice() {
            [name] => argument(tree, body, name)
                .map(|node| (body, node))
                .into_iter()
                .collect(),
            [nested_name, name] => {
                let dynamic = dynamic(tree, body, nested_name).into_iter();
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
                && finder.by_address.contains_key(address)
                && attachments.is_boundary(finder, address, block)
            {
                kind = SiteKind::Boundary;
            }
            let when = finder.when(block);
            let mut owners = Vec::new();
            let mut held = Vec::new();
            for (owner, mut branch) in attachments.owners(finder, address, block) {
                owners.push(owner);
                branch.extend(when.iter().cloned());
                // Of a role of several instances, each has its own.
                let instances = finder.owners.get(owner).map(|owner| &owner.branch);
                if instances.is_some_and(|of| of.iter().any(is_of_instances)) {
                    branch.retain(|condition| !is_of_instances(condition));
                }
                if !branch.is_empty() {
                    held.push((owner, branch));
                }
            }
            // What nobody's permissions can be made of is looked at no further.
            if !finder.module.is_own(block.body.file)
                && kind.grants()
                && finder.have_enough(&owners)
            {
                continue;
            }
            let name = ["name", "policy_name"]
                .iter()
                .find_map(|key| argument(tree, inner, key))
                .and_then(|node| {
                    let at = ModuleNode {
                        file: block.body.file,
                        node,
                    };
                    finder.resolve(at).into_iter().next()
                });
            let mut path = vec![
                "resource".to_owned(),
                block.type_name.clone(),
                block.name.clone(),
            ];
            path.extend(entry.path.iter().map(|key| (*key).to_owned()));
            let guards = guards_of(tree, node, block.body.file);
            let managed = (block.type_name == "aws_iam_policy")
                .then(|| finder.by_address.get(address).copied())
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
                anchor: finder.module.is_own(block.body.file).then_some(block.label),
                guards: vec![guards],
                replaced: Vec::new(),
            };
            let at = ModuleNode {
                file: block.body.file,
                node,
            };
            if !finder.policy(at, of.clone(), 0) {
                finder.mark_unknown_policies(&of);
            }
        }
    }
}

/// Whether a condition of [`Finder::when`] only says that there are as many of a resource as of something.
fn is_of_instances((condition, _): &(String, bool)) -> bool {
    condition.starts_with("count = ") || condition.starts_with("for_each = ")
}
