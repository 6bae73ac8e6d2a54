//! From `*` to the ARNs of the app's own resources.

use leastwise_catalog::{Action, ResourceType};
use leastwise_model::{BlockNames, Site, Statement, mark};
use leastwise_policy::{elements, resource};
use leastwise_syntax::write::{Edit, InsertAt, NewValue};
use leastwise_syntax::{Format, NodeId, Tree, View};

use crate::{Context, for_fixes};

mod arns;
mod sid;

pub(crate) use arns::{Accounts, Narrowed, arns, differ, made_up, of_any, of_formats};
pub(crate) use sid::sid;

/// ARNs for a list of removed permissions: the first, and how many more.
pub(crate) fn outside(arns: &[String]) -> String {
    match arns {
        [] => String::new(),
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}

/// The resource types that a set of actions has to be allowed on.
pub(crate) fn types(actions: &[Action]) -> Vec<ResourceType> {
    resource::narrowest_types(actions)
        .types
        .into_iter()
        .map(|need| need.resource_type)
        .collect()
}

/// A statement with the elements of another in the same order, and other actions and resources. `None` where an element is
/// unknown: nobody can say what it is there for, and a copy would be one more of it.
pub(crate) fn split(
    context: &Context<'_>,
    site: &Site,
    statement: &Statement,
    ending: &str,
    actions: Vec<NewValue>,
    resources: Vec<NewValue>,
) -> Option<NewValue> {
    for_fixes::did();
    if !is_plain(statement) {
        return None;
    }
    let mut parts = (
        Some(NewValue::List(actions)),
        Some(NewValue::List(resources)),
    );
    let mut pairs = Vec::new();
    for element in &statement.elements {
        let value = match element.name.to_ascii_lowercase().as_str() {
            "sid" => match sid(context, site, statement, ending) {
                Some(sid) => NewValue::Str(sid),
                None => continue,
            },
            "action" => match parts.0.take() {
                Some(actions) => actions,
                None => continue,
            },
            "resource" => match parts.1.take() {
                Some(resources) => resources,
                None => continue,
            },
            // A text is written anew, lest its comment be there twice.
            _ => match context.tree.text(element.value) {
                Some(text) => NewValue::Str(text.to_owned()),
                None => NewValue::Copy(element.value),
            },
        };
        pairs.push((element.name.clone(), value));
    }
    // An element that an expression gives is none of the list.
    for (name, part) in [("Action", parts.0), ("Resource", parts.1)] {
        pairs.extend(part.map(|value| (name.to_owned(), value)));
    }
    Some(NewValue::Map(pairs))
}

/// Whether a statement can be split: whether it is known what each of its elements is there for.
pub(crate) fn is_plain(statement: &Statement) -> bool {
    // A macro or a mark may bring any element.
    let is_macro = |name: &str| name.contains("::") || mark::is_open(name);
    let is_known = |name: &str| elements::statement_element(name).is_some() || is_macro(name);
    statement.elements.iter().all(|of| is_known(&of.name))
}

/// Puts a new statement, in IAM's names, behind another. `None` where there is no room for one.
pub(crate) fn insert(
    context: &Context<'_>,
    site: &Site,
    behind: &Statement,
    statement: NewValue,
) -> Option<Edit> {
    for_fixes::did();
    let policy = context.policy(site);
    let tree = context.tree;
    let parent = tree.parent(behind.node)?;
    if let Some(names) = policy.form.blocks() {
        let statement = in_blocks(statement, names, tree.format());
        let name = names.name("Statement");
        // In JSON there are lists of blocks.
        if tree.items(parent).is_some() {
            return Some(Edit::InsertItem {
                list: parent,
                place: InsertAt::After(behind.node),
                value: statement,
            });
        }
        let pairs = tree.pairs(policy.node);
        let own = pairs.iter().find(|pair| pair.value == behind.node)?;
        if tree.text(own.key) != Some(name) {
            return None;
        }
        if tree.format() != Format::Hcl {
            return Some(Edit::InsertItem {
                list: behind.node,
                place: InsertAt::After(behind.node),
                value: statement,
            });
        }
        return Some(Edit::InsertPair {
            mapping: policy.node,
            place: InsertAt::After(own.key),
            key: name.to_owned(),
            value: statement,
        });
    }
    let list = match tree.items(parent) {
        // In `!If [Condition, {…}, {…}]` there is room for one.
        Some(_) if is_argument(tree, parent) => return None,
        Some(_) => parent,
        // One statement that stands for the list.
        None if policy.statement_list == Some(behind.node) => behind.node,
        None => return None,
    };
    Some(Edit::InsertItem {
        list,
        place: InsertAt::After(behind.node),
        value: statement,
    })
}

/// Whether a list is what a function is given.
fn is_argument(tree: &Tree, list: NodeId) -> bool {
    let outer = tree.parent(list);
    outer.is_some_and(|outer| matches!(tree.view(outer), View::Tagged(..)))
}

/// A statement in the names and shapes of blocks: actions and resources are always lists.
fn in_blocks(statement: NewValue, names: &BlockNames, format: Format) -> NewValue {
    let NewValue::Map(pairs) = statement else {
        return statement;
    };
    let is_block = |name: &str| names.inner.iter().any(|of| of.element == name);
    // Only in HCL a body has several blocks of one name.
    let pairs = pairs.into_iter().flat_map(|(name, value)| match value {
        NewValue::List(blocks) if format == Format::Hcl && is_block(&name) => {
            let blocks = blocks.into_iter();
            blocks.map(|block| (name.clone(), block)).collect()
        }
        value => vec![(name, value)],
    });
    let pair = |(name, value): (String, NewValue)| {
        let value = match (name.as_str(), value) {
            (
                "Action" | "NotAction" | "Resource" | "NotResource",
                one @ (NewValue::Str(_) | NewValue::Sub(_)),
            ) => NewValue::List(vec![one]),
            (_, value) => value,
        };
        (names.name(&name).to_owned(), value)
    };
    NewValue::Map(pairs.map(pair).collect())
}
