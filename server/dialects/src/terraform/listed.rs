//! The policies that an attachment ranges over: `each.value` of a `for_each`, `local.arns[count.index]`, a list.

use leastwise_model::Branch;
use leastwise_syntax::{NodeId, View};

use super::body::{argument, expression, reference, source};
use super::finder::Finder;
use super::limits::{ATTACHED, DEPTH_OF_LISTS};
use super::references::references;
use super::text::lists;
use super::{Block, ModuleNode};

/// One policy of an attachment.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Where it stands.
    pub at: ModuleNode,
    /// Its ARN, where that is put together.
    pub arn: Option<String>,
    /// When it is one of them.
    pub branch: Branch,
}

impl Item {
    /// One by itself.
    pub fn of(at: ModuleNode) -> Item {
        Item {
            at,
            arn: None,
            branch: Branch::new(),
        }
    }
}

/// The policies that an argument of a resource ranges over. `None` where it names one by itself, or others than those
/// that are written down.
pub(super) fn items(finder: &Finder<'_>, at: ModuleNode, block: &Block) -> Option<Vec<Item>> {
    let tree = finder.tree(at.file);
    let inner = |node| ModuleNode { node, ..at };
    let each = || argument(tree, block.body.node, "for_each").map(inner);
    let is_each = |name: &str| name == "each.value" || name == "each.key";
    if reference(tree, at.node) == Some("each.key") {
        // Of a map they are names.
        let set = each()?;
        return matches!(tree.view(set.node), View::Tagged(..)).then(|| all(finder, set))?;
    }
    if reference(tree, at.node).is_some_and(is_each) {
        return all(finder, each()?);
    }
    match expression(tree, at.node) {
        Some(("element", arguments)) => all(finder, inner(*tree.items(arguments)?.first()?)),
        Some(("template", parts)) => {
            let parts = tree.items(parts)?;
            let of_each = |part: &NodeId| reference(tree, *part).is_some_and(is_each);
            if !parts.iter().any(of_each) {
                return None;
            }
            let mut items = all(finder, each()?)?;
            for item in &mut items {
                let own = finder.tree(item.at.file).text(item.at.node)?;
                let text = |part: &NodeId| match of_each(part) {
                    true => Some(own),
                    false => tree.text(*part),
                };
                item.arn = Some(parts.iter().map(text).collect::<Option<String>>()?);
            }
            Some(items)
        }
        Some(("ref" | "expr", text)) => {
            // `local.arns[count.index]`
            let text = tree.text(text)?;
            let (list, index) = text.strip_suffix(']')?.split_once('[')?;
            let name = list.strip_prefix("local.")?;
            let ranges = index.contains("count.index") || index.contains("each.");
            let list = finder.module.local(name).filter(|_| ranges)?;
            all(finder, *list)
        }
        _ => None,
    }
}

/// The items of a list, set or map. `None` where some of them aren't written down.
pub(super) fn all(finder: &Finder<'_>, at: ModuleNode) -> Option<Vec<Item>> {
    let mut found = Vec::new();
    collect(finder, at, &Branch::new(), &mut found, 0)?;
    Some(found)
}

/// Those that are, whatever else there may be.
pub(super) fn some(finder: &Finder<'_>, at: ModuleNode) -> Vec<Item> {
    let tree = finder.tree(at.file);
    let inner = |node| ModuleNode { node, ..at };
    let parts: Vec<NodeId> = match tree.view(at.node) {
        View::Sequence(items) => items.to_vec(),
        View::Mapping(pairs) => pairs.iter().map(|pair| pair.value).collect(),
        View::Tagged(..) => match lists(tree, at.node) {
            Some(lists) => {
                let lists = lists.into_iter();
                return lists.flat_map(|list| some(finder, inner(list))).collect();
            }
            None => return all(finder, at).unwrap_or_default(),
        },
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for part in parts {
        let _ = one(finder, inner(part), &Branch::new(), &mut found, 0);
    }
    found
}

fn collect(
    finder: &Finder<'_>,
    at: ModuleNode,
    branch: &Branch,
    found: &mut Vec<Item>,
    depth: u32,
) -> Option<()> {
    let tree = finder.tree(at.file);
    let inner = |node| ModuleNode { node, ..at };
    if depth > DEPTH_OF_LISTS || found.len() >= ATTACHED {
        return None;
    }
    match tree.view(at.node) {
        View::Sequence(items) => {
            for item in items {
                one(finder, inner(*item), branch, found, depth)?;
            }
            Some(())
        }
        View::Mapping(pairs) => {
            for pair in pairs {
                one(finder, inner(pair.value), branch, found, depth)?;
            }
            Some(())
        }
        View::Tagged(..) => {
            if let Some(lists) = lists(tree, at.node) {
                let mut lists = lists.into_iter();
                return lists
                    .try_for_each(|list| collect(finder, inner(list), branch, found, depth + 1));
            }
            match expression(tree, at.node)? {
                ("merge" | "tomap" | "values", arguments) => {
                    let mut maps = tree.items(arguments)?.iter();
                    maps.try_for_each(|map| collect(finder, inner(*map), branch, found, depth + 1))
                }
                ("?", arguments) => {
                    let &[condition, yes, no] = tree.items(arguments)? else {
                        return None;
                    };
                    let name = source(tree, condition);
                    [(yes, true), (no, false)]
                        .into_iter()
                        .try_for_each(|(side, holds)| {
                            let mut branch = branch.clone();
                            branch.push((name.clone(), holds));
                            collect(finder, inner(side), &branch, found, depth + 1)
                        })
                }
                ("ref", text) => {
                    let name = tree.text(text)?.strip_prefix("local.")?;
                    let list = *finder.module.local(name)?;
                    collect(finder, list, branch, found, depth + 1)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// An item: a policy, or a list of them that `flatten` takes apart.
fn one(
    finder: &Finder<'_>,
    at: ModuleNode,
    branch: &Branch,
    found: &mut Vec<Item>,
    depth: u32,
) -> Option<()> {
    let tree = finder.tree(at.file);
    match tree.view(at.node) {
        View::Sequence(_) => return collect(finder, at, branch, found, depth + 1),
        // An object of which the policy is one value.
        View::Mapping(_) => return None,
        _ => {}
    }
    // A variable of the module stands for whatever its caller gives.
    let mut names = references(tree, at.node).into_iter();
    if names.any(|name| name.starts_with("var.") || name.starts_with("each.")) {
        return None;
    }
    found.push(Item {
        branch: branch.clone(),
        ..Item::of(at)
    });
    Some(())
}
