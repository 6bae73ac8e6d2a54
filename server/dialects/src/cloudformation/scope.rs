//! The names of a template: what declares them, where they stand and where they are used.

use foldhash::HashSet;
use leastwise_catalog::{CfnType, RefReturns, catalog};
use leastwise_model::text::{Part, Text};
use leastwise_syntax::{NodeId, Span, Tree, View};

use super::limits::NAME_LENGTH;
use super::template::{Parameter, Resource, Template};
use crate::state::scope::{InScope, NameKind, ScopePlace, ValueFrom, is_value_of};

/// The names that a template declares: its resources in its order, those that loops and tools make, its parameters.
pub(super) fn declares(template: &Template) -> Vec<InScope<'_>> {
    let order = template.order.iter();
    let written = order.filter_map(|id| Some((id, template.resources.get(id)?, true)));
    let known: HashSet<&String> = template.order.iter().collect();
    let made = template.resources.iter();
    let made = made.filter(|(id, _)| !known.contains(id));
    let made = made.map(|(id, resource)| (id, resource, false));
    let resources = written.chain(made);
    let resources = resources.map(|(id, of, is_written)| InScope {
        is_written,
        ..self::resource(id, of)
    });
    let parameters = template.parameters.iter();
    let parameters = parameters.map(|(name, of)| parameter(name, of));
    resources.chain(parameters).collect()
}

/// What a name of a template is.
pub(super) fn named<'t>(template: &'t Template, name: &str) -> Option<InScope<'t>> {
    if name.len() > NAME_LENGTH {
        return None;
    }
    if let Some((name, _)) = template.loops.get_key_value(name) {
        return Some(InScope::of(name, NameKind::Loop, "loop's variable"));
    }
    if let Some((name, of)) = template.resources.get_key_value(name) {
        return Some(resource(name, of));
    }
    let (name, of) = template.parameters.get_key_value(name)?;
    Some(parameter(name, of))
}

/// What a name begins with, and the attribute behind it.
pub(super) fn referred<'t, 'n>(
    template: &'t Template,
    name: &'n str,
) -> Option<(InScope<'t>, Option<&'n str>)> {
    if name.len() > NAME_LENGTH {
        return None;
    }
    let (id, attribute) = match name.split_once('.') {
        Some((id, attribute)) => (id, Some(attribute)),
        None => (name, None),
    };
    let resource = named(template, id).filter(|it| it.kind == NameKind::Resource);
    match resource {
        Some(resource) => Some((resource, attribute)),
        None => named(template, name).map(|named| (named, None)),
    }
}

fn resource<'t>(id: &'t str, of: &'t Resource) -> InScope<'t> {
    let kind = catalog().cfn_type(&of.type_name);
    let is_arn = kind.is_some_and(|kind| kind.ref_returns() == Some(RefReturns::Arn));
    let attribute = kind.and_then(CfnType::arn_attribute).filter(|_| !is_arn);
    InScope {
        type_name: &of.type_name,
        declared: Some(ScopePlace::here(of.key)),
        value: of
            .properties
            .filter(|_| of.tree.is_none())
            .map(ScopePlace::here),
        attributes: attribute.into_iter().collect(),
        is_arn,
        ..InScope::of(id, NameKind::Resource, "resource")
    }
}

fn parameter<'t>(name: &'t str, of: &'t Parameter) -> InScope<'t> {
    let from = if of.is_stored() {
        ValueFrom::Store
    } else if of.allowed.is_some() {
        ValueFrom::Allowed
    } else if of.default.is_some() {
        ValueFrom::Default
    } else {
        ValueFrom::Nothing
    };
    InScope {
        from,
        declared: Some(ScopePlace::here(of.key)),
        value: of.default.map(ScopePlace::here),
        ..InScope::of(name, NameKind::Parameter, "parameter")
    }
}

/// The names that stand at an offset: where they are declared, or used.
pub(super) fn names_at(template: &Template, tree: &Tree, offset: u32) -> Vec<String> {
    let Some(node) = tree.node_at(offset) else {
        return Vec::new();
    };
    let keys = template.resources.iter().map(|(name, it)| (name, it.key));
    let parameters = template.parameters.iter().map(|(name, it)| (name, it.key));
    let declared = keys.chain(parameters).filter(|(_, key)| *key == node);
    let mut names: Vec<String> = declared.map(|(name, _)| name.clone()).collect();
    // What a framework makes of a resource is declared in the same place; the resource itself comes first.
    names.sort_unstable_by_key(|name| (tree.text(node) != Some(name), name.clone()));
    for (name, span) in used_in(template, tree, node) {
        if span.touches(offset) {
            names.push(name);
        }
    }
    if is_named_outside(template, tree, node)
        && let Some(name) = tree.text(node)
        && template.resources.contains_key(name)
    {
        names.push(name.to_owned());
    }
    names
}

/// Where a name is used.
pub(super) fn uses(template: &Template, tree: &Tree, name: &str) -> Vec<Span> {
    let mut found = Vec::new();
    // Without recursion: trees may be deep.
    let mut stack: Vec<NodeId> = tree.documents().to_vec();
    while let Some(node) = stack.pop() {
        match tree.view(node) {
            View::Mapping(pairs) => stack.extend(pairs.iter().map(|pair| pair.value)),
            View::Sequence(items) => stack.extend(items),
            View::Tagged(_, inner) => stack.push(inner),
            View::Scalar(text) => {
                let used = used_in(template, tree, node).into_iter();
                found.extend(used.filter(|(own, _)| own == name).map(|(_, span)| span));
                if text == name && is_named_outside(template, tree, node) {
                    found.push(tree.content_span(node));
                }
            }
            View::Alias(_) | View::Invalid => {}
        }
    }
    found
}

/// Whether a text that no function stands around names a resource, since a framework takes it so.
fn is_named_outside(template: &Template, tree: &Tree, node: NodeId) -> bool {
    let framework = template.framework.as_deref();
    framework.is_some_and(|framework| framework.is_name(tree, node))
}

/// The names of resources and parameters that a node uses, each with its bytes.
fn used_in(template: &Template, tree: &Tree, node: NodeId) -> Vec<(String, Span)> {
    let tagged = |node: NodeId| match tree.parent(node).map(|parent| (parent, tree.view(parent))) {
        Some((parent, View::Tagged(..))) => Some(parent),
        // The text of a `Fn::Sub` with a map.
        Some((list, View::Sequence(items))) if items.first() == Some(&node) => tree
            .parent(list)
            .filter(|parent| matches!(tree.view(*parent), View::Tagged(..))),
        _ => None,
    };
    let Some(call) = tagged(node) else {
        let name = tree.text(node);
        let name = name.filter(|_| is_value_of(tree, node, "DependsOn"));
        let used = name.map(|name| (name.to_owned(), tree.content_span(node)));
        return used.into_iter().collect();
    };
    let text = Text::lower(tree, call, template.notation());
    let parts = text.parts.into_iter().filter_map(|part| match part {
        Part::Variable { name, span } => Some((name, span)),
        Part::Attribute { resource, span, .. } => Some((resource, span)),
        _ => None,
    });
    parts.collect()
}
