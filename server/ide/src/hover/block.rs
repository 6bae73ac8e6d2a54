//! Words of policies that are written as blocks, where the place in the tree says more than the characters around: names of
//! arguments, operators, condition keys and kinds of principals.

use leastwise_catalog::catalog;
use leastwise_catalog::describe::{self, Detail};
use leastwise_model::{BlockNames, InnerBlock};
use leastwise_policy::condition::Operator;
use leastwise_rules::Context;
use leastwise_syntax::{NodeId, Tree};

use super::{action, condition_value, names, operator, principal};
use crate::Hover;

/// What is shown over such a word.
pub(super) fn at(context: Context<'_>, offset: u32) -> Option<Hover> {
    let tree = context.tree;
    let node = tree.node_at(offset)?;
    let word = tree.text(node)?;
    let (path, is_key) = path(tree, node);
    let leads = |names: &&BlockNames| {
        let mut leading = names.leading.iter().enumerate();
        leading.all(|(at, key)| path.get(at).is_some_and(|name| name == key))
    };
    let blocks = leastwise_dialects::blocks().find(leads)?;
    // The block's own name stands between.
    let inside = path.get(blocks.leading.len() + 1..)?;
    let statement = blocks.name("Statement");
    let at = inside.iter().position(|name| *name == statement);
    let markdown = match (at, is_key) {
        (None, true) if word == statement => argument(word, "Statement"),
        (None, false) if inside == [blocks.name("Version")] => names::version(word),
        (None, _) => None,
        (Some(at), _) => in_statement(blocks, inside.get(at + 1..)?, word, is_key)
            .or_else(|| item(context, blocks, inside.get(at + 1..)?, node).filter(|_| !is_key)),
    }?;
    Some(Hover {
        span: tree.content_span(node),
        markdown,
    })
}

/// A word in a statement; `path` leads to it from there.
fn in_statement(blocks: &BlockNames, path: &[&str], word: &str, is_key: bool) -> Option<String> {
    let of = |name: &str| {
        let element = blocks.element(name)?;
        blocks.inner.iter().find(|block| block.element == element)
    };
    match path {
        [] if is_key => argument(word, blocks.element(word)?),
        [block] if is_key => meaning(of(block)?, word),
        [block, argument] if !is_key => {
            let block = of(block)?;
            let level = block.keys.iter().position(|key| key == argument)?;
            value(block, level, word)
        }
        _ => None,
    }
}

/// An item of a list, or the one value in its stead.
fn item(context: Context<'_>, blocks: &BlockNames, path: &[&str], node: NodeId) -> Option<String> {
    let word = context.tree.text(node)?;
    let element = blocks.element(path.first()?)?;
    let block = blocks.inner.iter().find(|block| block.element == element);
    let is_value = match (path, block) {
        ([_], None) => true,
        ([_, argument], Some(block)) => *argument == block.values,
        _ => false,
    };
    match element {
        _ if !is_value => None,
        "Effect" => names::effect(word),
        "Action" | "NotAction" => action::by_itself(word, &[]),
        "Resource" | "NotResource" if word == "*" => Some("Every resource.".to_owned()),
        "Resource" | "NotResource" => {
            names::managed(word).or_else(|| describe::describe_arn(word, Detail::Brief))
        }
        "Principal" | "NotPrincipal" => principal::principal(context, word),
        "Condition" => {
            let key = beside(context.tree, node, block?.keys.get(1)?);
            condition_value::value(context, key.unwrap_or_default(), word)
        }
        _ => None,
    }
}

/// The text of another argument of the block that a value is in.
fn beside<'t>(tree: &'t Tree, node: NodeId, argument: &str) -> Option<&'t str> {
    let mut around = std::iter::successors(Some(node), |node| tree.parent(*node));
    let pairs = around.find_map(|node| {
        let pairs = tree.pairs(node);
        (!pairs.is_empty()).then_some(pairs)
    })?;
    let other = pairs
        .iter()
        .find(|pair| tree.text(pair.key) == Some(argument))?;
    tree.text(other.value)
}

/// An argument that stands for an element.
fn argument(word: &str, name: &str) -> Option<String> {
    let about = names::element(name)?;
    let (_, about) = about.split_once(": ")?;
    Some(format!("**{word}**, IAM's `{name}`: {about}"))
}

/// An argument of a block in a statement.
fn meaning(block: &InnerBlock, word: &str) -> Option<String> {
    let level = block.keys.iter().position(|key| *key == word);
    let text = match (block.element, level) {
        ("Condition", Some(0)) => "the operator of the condition, such as `StringEquals`.",
        ("Condition", Some(1)) => "the condition key.",
        ("Condition", None) if word == block.values => {
            "the values that the key is compared with: one of them has to match."
        }
        ("Principal" | "NotPrincipal", Some(0)) => {
            "the kind of principal: `AWS`, `Service`, `Federated`, `CanonicalUser`, or `*` for anyone."
        }
        ("Principal" | "NotPrincipal", None) if word == block.values => {
            "who is meant: ARNs, accounts, names of services or of identity providers."
        }
        _ => return None,
    };
    Some(format!("**{word}**: {text}"))
}

/// The value of such an argument.
fn value(block: &InnerBlock, level: usize, word: &str) -> Option<String> {
    match (block.element, level) {
        ("Condition", 0) => Operator::parse(word).ok().map(|of| operator::operator(&of)),
        ("Condition", 1) => {
            let key = catalog().condition_key(word)?;
            Some(describe::describe_condition_key(key, Detail::Brief))
        }
        ("Principal" | "NotPrincipal", 0) if word == "*" => {
            Some("Anyone, even without signing in.".to_owned())
        }
        ("Principal" | "NotPrincipal", 0) => principal::kind(word),
        _ => None,
    }
}

/// The keys that lead to a node, and whether it is one itself.
fn path(tree: &Tree, node: NodeId) -> (Vec<&str>, bool) {
    let mut path = Vec::new();
    let mut is_key = false;
    let mut child = node;
    while let Some(parent) = tree.parent(child) {
        let pairs = tree.pairs(parent);
        if pairs.iter().any(|pair| pair.key == child) {
            is_key |= child == node;
        } else if let Some(pair) = pairs.iter().find(|pair| pair.value == child) {
            path.extend(tree.text(pair.key));
        }
        child = parent;
    }
    path.reverse();
    (path, is_key)
}
