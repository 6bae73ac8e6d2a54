//! The names of bindings, which are apart from all other names of a template.

use leastwise_syntax::{NodeId, Pair, Span, Tree, View};

use super::notation::Called;
use crate::state::scope::is_value_of;

/// What the name of a binding is told from others by.
const SECTION: &str = "OrganizationBindings";

/// What has the name of a binding for a value.
const USING: [&str; 3] = ["ForeachAccount", "Foreach", "OrganizationBinding"];

/// The bindings of a template that have names.
fn declared(tree: &Tree, root: NodeId) -> Vec<Pair> {
    let section = tree.get(root, SECTION);
    section
        .map(|node| tree.pairs(tree.resolved(node)))
        .unwrap_or_default()
}

/// A name as that of a binding.
fn qualified(name: &str) -> String {
    format!("{SECTION}.{name}")
}

/// The key that declares what is called so.
pub(super) fn key_of(tree: &Tree, root: NodeId, name: &str) -> Option<NodeId> {
    let name = name.strip_prefix(SECTION)?.strip_prefix('.')?;
    let mut pairs = declared(tree, root).into_iter();
    let pair = pairs.find(|pair| tree.text(pair.key) == Some(name));
    pair.map(|pair| pair.key)
}

/// The binding that is declared or used at an offset.
pub(super) fn name_at(tree: &Tree, root: NodeId, offset: u32) -> Option<String> {
    let node = tree.node_at(offset)?;
    let mut pairs = declared(tree, root).into_iter();
    if pairs.any(|pair| pair.key == node) {
        return tree.text(node).map(qualified);
    }
    let used = used_in(tree, node).filter(|(_, span)| span.touches(offset));
    used.map(|(name, _)| qualified(name))
}

/// The binding that a scalar uses, with the bytes of its name.
fn used_in(tree: &Tree, node: NodeId) -> Option<(&str, Span)> {
    let text = tree.text(node)?;
    if let Some(called) = Called::of(text) {
        let (name, range) = called.binding();
        return Some((name, tree.source_span(node, range)));
    }
    let reference = tree.parent(node)?;
    let is_reference = matches!(tree.view(reference), View::Tagged(tag, _) if tag.name == "Ref");
    let is_binding = |key: &&str| is_value_of(tree, reference, key);
    (is_reference && USING.iter().any(is_binding)).then(|| (text, tree.content_span(node)))
}

/// Where a binding is used.
pub(super) fn uses(tree: &Tree, name: &str) -> Vec<Span> {
    let mut found = Vec::new();
    // Without recursion: trees may be deep.
    let mut open: Vec<NodeId> = tree.documents().to_vec();
    while let Some(node) = open.pop() {
        match tree.view(node) {
            View::Mapping(pairs) => open.extend(pairs.iter().map(|pair| pair.value)),
            View::Sequence(items) => open.extend(items),
            View::Tagged(_, inner) => open.push(inner),
            View::Scalar(_) => {
                let used = used_in(tree, node).filter(|(own, _)| qualified(own) == name);
                found.extend(used.map(|(_, span)| span));
            }
            View::Alias(_) | View::Invalid => {}
        }
    }
    found
}

/// Whether a name is that of a binding.
pub(super) fn is_one(name: &str) -> bool {
    name.strip_prefix(SECTION)
        .is_some_and(|rest| rest.starts_with('.'))
}
