//! Where a reference stands in a text, and how an ARN is written in its place.

use std::ops::Range;

use leastwise_dialects::facts::ArnSpelling;
use leastwise_model::Item;
use leastwise_model::text::Part;
use leastwise_syntax::write::{Edit, NewValue};
use leastwise_syntax::{NodeId, Span, View};

use crate::Context;

/// An ARN as it is put in the place of a node.
pub(super) fn value(written: &ArnSpelling, context: &Context<'_>, node: NodeId) -> NewValue {
    if context
        .analysis
        .state()
        .refers_in_strings(context.tree, node)
    {
        return NewValue::Str(written.inline());
    }
    match written {
        ArnSpelling::Attribute(of, attribute) => NewValue::Attribute {
            of: of.clone(),
            attribute: (*attribute).to_owned(),
        },
        ArnSpelling::Reference(of) => NewValue::Ref(of.clone()),
        ArnSpelling::Spelled(text) => NewValue::Sub(text.clone()),
    }
}

/// An ARN as the parts of a text that stands here.
pub(super) fn parts(written: &ArnSpelling, context: &Context<'_>, span: Span) -> Vec<Part> {
    let inline = written.inline();
    let mut parts = Vec::new();
    let given = |text: &str, parts: &mut Vec<Part>| {
        if !text.is_empty() {
            let text = text.to_owned();
            parts.push(Part::Given { text, span });
        }
    };
    let mut rest = inline.as_str();
    while let Some((before, (name, behind))) = rest
        .split_once("${")
        .and_then(|(before, behind)| Some((before, behind.split_once('}')?)))
    {
        given(before, &mut parts);
        parts.push(context.analysis.state().part(name, span));
        rest = behind;
    }
    given(rest, &mut parts);
    parts
}

/// Where a reference stands that an ARN is written in place of.
#[derive(Clone)]
pub(super) enum Spot {
    /// A node of its own.
    Node(NodeId),
    /// These bytes of a scalar's text.
    Part(NodeId, Range<usize>),
    /// At the beginning of an expression that is written anew, with this behind it.
    Anew(NodeId, String),
}

impl Spot {
    /// Where the first part of an item stands, with `path` behind it. `None` where nothing can be written there.
    pub(super) fn of(
        context: &Context<'_>,
        item: &Item,
        first: &Part,
        path: &[Part],
    ) -> Option<Spot> {
        if path.is_empty() {
            return Some(Spot::Node(item.node));
        }
        let tree = context.tree;
        if let View::Tagged(tag, _) = tree.view(item.node)
            && tag.name.starts_with("hcl:")
        {
            return Some(Spot::Anew(item.node, template(context, path)?));
        }
        within(context, item.node, first.span(tree))
    }

    /// The edit that writes an ARN here.
    pub(super) fn edit(&self, context: &Context<'_>, written: &ArnSpelling) -> Edit {
        match self {
            Spot::Node(node) => Edit::Replace {
                node: *node,
                value: value(written, context, *node),
            },
            Spot::Part(node, part) => Edit::SetPart {
                node: *node,
                part: part.clone(),
                text: written.inline(),
            },
            Spot::Anew(node, path) => Edit::Replace {
                node: *node,
                value: NewValue::Sub(format!("{}{path}", written.inline())),
            },
        }
    }
}

/// The node, or the part of a scalar, that is written here.
fn within(context: &Context<'_>, node: NodeId, span: Span) -> Option<Spot> {
    let tree = context.tree;
    // What others use as well isn't changed.
    if tree.aliased(node) != node {
        return None;
    }
    match tree.view(node) {
        View::Tagged(_, _) if tree.span(node) == span => Some(Spot::Node(node)),
        View::Tagged(_, argument) => within(context, argument, span),
        View::Sequence(items) => items.iter().find_map(|item| within(context, *item, span)),
        View::Scalar(text) if text.starts_with("${") => {
            let part = 0..text.find('}')? + 1;
            (tree.source_span(node, part.clone()) == span).then_some(Spot::Part(node, part))
        }
        _ => None,
    }
}

/// The parts as a template of Terraform. `None` where one of them can't be written so.
fn template(context: &Context<'_>, parts: &[Part]) -> Option<String> {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Literal { node, start, end } => {
                let own = context.tree.text(*node)?;
                let own = own.get(*start as usize..*end as usize)?;
                if own.contains("${") || own.contains("%{") {
                    return None;
                }
                text.push_str(own);
            }
            Part::Variable { name, .. } => text.push_str(&format!("${{{name}}}")),
            _ => return None,
        }
    }
    Some(text)
}
