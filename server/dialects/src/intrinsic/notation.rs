//! How templates write texts: `Fn::Sub`, `Fn::Join`, `Ref` and `Fn::GetAtt`.

use std::ops::Range;

use leastwise_model::guard::Guard;
use leastwise_model::iteration::Turn;
use leastwise_model::notation::{
    self, Choice, Filler, FunctionCall, Gives, Notation, Opening, computed, interpolate, whole,
};
use leastwise_model::text::Part;
use leastwise_syntax::{Format, NodeId, Style, Tree, View};

use super::{for_each, guards};
use crate::limits::{DEPTH_OF_PARTS, RESOLVED_LENGTH};
use crate::work;

/// A template: in a string that no function touches, `${…}` is IAM's.
pub const TEMPLATE: &dyn Notation = &TemplateNotation { loops: false };

/// How templates write texts.
#[derive(Debug)]
pub(crate) struct TemplateNotation {
    /// Whether there is an `Fn::ForEach`, whose variables stand in any string.
    pub loops: bool,
}

impl Notation for TemplateNotation {
    fn scalar(&self, tree: &Tree, node: NodeId, text: &str, parts: &mut Vec<Part>) -> bool {
        let cuts = self.loops && !tree.is_hole(node) && text.contains("${");
        if cuts {
            interpolate(tree, node, text, Filler::Reader, self, parts);
        }
        cuts
    }

    fn function(&self, tree: &Tree, call: FunctionCall<'_>, parts: &mut Vec<Part>) -> bool {
        function(tree, call, self, parts)
    }

    fn opening(&self, text: &str, literal: Range<usize>, sub: bool) -> Opening {
        if !self.loops || sub {
            return Opening::Name;
        }
        // A loop's variable is no pseudo parameter.
        let name = text.get(literal.end + 2..).unwrap_or_default();
        match name.split_once('}') {
            Some((name, _)) if name.contains("::") => {
                Opening::Text(literal.end + 2 + name.len() + 1)
            }
            _ => Opening::Name,
        }
    }

    fn turns(&self, tree: &Tree, mapping: NodeId) -> Option<Vec<Turn>> {
        for_each::pairs(tree, mapping)
    }

    fn is_nothing(&self, tree: &Tree, node: NodeId) -> bool {
        is_nothing(tree, node)
    }

    fn choice(&self, tree: &Tree, node: NodeId) -> Option<Choice> {
        choice(tree, node)
    }

    fn guards(&self, tree: &Tree, node: NodeId, _: u32) -> Vec<Guard> {
        guards::guards_of(tree, node)
    }

    fn gives(&self, function: &str) -> Gives {
        gives(function)
    }
}

/// `AWS::NoValue`
pub fn is_nothing(tree: &Tree, node: NodeId) -> bool {
    match tree.view(node) {
        View::Tagged(tag, value) => tag.name == "Ref" && tree.text(value) == Some("AWS::NoValue"),
        _ => false,
    }
}

/// `Fn::If`
pub fn choice(tree: &Tree, node: NodeId) -> Option<Choice> {
    let View::Tagged(tag, argument) = tree.view(node) else {
        return None;
    };
    let &[name, yes, no] = tree.items(tree.resolved(argument))? else {
        return None;
    };
    let condition = tree.text(name).filter(|_| tag.name == "Fn::If")?;
    Some(Choice {
        condition: condition.to_owned(),
        yes,
        no,
    })
}

/// How many values a function gives.
pub fn gives(function: &str) -> Gives {
    match function {
        "Ref" | "Fn::Sub" | "Fn::GetAtt" | "Fn::Join" => Gives::Text,
        "Fn::Split" | "Fn::FindInMap" | "Fn::GetAZs" | "Fn::Transform" => Gives::Unknown,
        _ => Gives::One,
    }
}

/// Appends the parts of a call; `within` is the notation of the strings that it is applied to.
pub fn function(
    tree: &Tree,
    call: FunctionCall<'_>,
    within: &dyn Notation,
    parts: &mut Vec<Part>,
) -> bool {
    let FunctionCall {
        node,
        name,
        argument,
        depth,
    } = call;
    if depth >= DEPTH_OF_PARTS {
        parts.push(computed(tree, node, "value"));
        return true;
    }
    match (name, tree.view(argument)) {
        ("Fn::Sub", _) if is_json(tree, argument) => return false,
        ("Fn::Sub", View::Scalar(text)) => {
            interpolate(tree, argument, text, Filler::SUB, within, parts);
        }
        ("Fn::Sub", View::Sequence(&[text, map])) if tree.text(text).is_some() => {
            let decoded = tree.text(text).unwrap_or_default();
            let text = tree.aliased(text);
            interpolate(tree, text, decoded, Filler::Sub(Some(map)), within, parts);
        }
        ("Ref", View::Scalar(target)) => {
            parts.push(Part::Variable {
                name: target.to_owned(),
                span: tree.span(node),
            });
        }
        ("Fn::GetAtt", View::Scalar(target)) => match target.split_once('.') {
            Some((resource, attribute)) => parts.push(Part::Attribute {
                resource: resource.to_owned(),
                attribute: attribute.to_owned(),
                span: tree.span(node),
            }),
            None => parts.push(computed(tree, node, target)),
        },
        ("Fn::GetAtt", View::Sequence(&[resource, attribute])) => {
            match (tree.text(resource), tree.text(attribute)) {
                (Some(resource), Some(attribute)) if resource.contains("${") => {
                    parts.push(Part::named(
                        &format!("{resource}.{attribute}"),
                        tree.span(node),
                    ));
                }
                (Some(resource), Some(attribute)) => parts.push(Part::Attribute {
                    resource: resource.to_owned(),
                    attribute: attribute.to_owned(),
                    span: tree.span(node),
                }),
                _ => return false,
            }
        }
        ("Fn::Join", View::Sequence(&[delimiter, list])) => {
            return join(tree, [delimiter, list], within, parts, depth);
        }
        _ => return false,
    }
    true
}

/// Whether what `Fn::Sub` puts in is a part of the JSON around it, and no text: `"Resource": ${Arns}` in a string that holds a
/// document, where only what stands for a value has no quotes.
fn is_json(tree: &Tree, value: NodeId) -> bool {
    let text = match tree.view(value) {
        View::Sequence(&[text, _]) => tree.aliased(text),
        _ => value,
    };
    let is_one = |text: &str| text.starts_with("${") && text.ends_with('}');
    tree.style(text) == Style::Plain
        && tree.text(text).is_some_and(is_one)
        && tree
            .host(text)
            .is_some_and(|host| tree.embedded_format(host).is_some_and(Format::is_json))
}

fn join(
    tree: &Tree,
    [delimiter, list]: [NodeId; 2],
    within: &dyn Notation,
    parts: &mut Vec<Part>,
    depth: u32,
) -> bool {
    let (Some(text), Some(items)) = (tree.text(delimiter), tree.items(tree.aliased(list))) else {
        return false;
    };
    // What would be longer than anything that is looked at is worked out as other functions are, which says so.
    if text.len() * items.len().saturating_sub(2) > RESOLVED_LENGTH {
        return false;
    }
    for (index, item) in items.iter().enumerate() {
        if index > 0 && !text.is_empty() {
            work::did(text.len());
            parts.push(whole(tree.aliased(delimiter), text));
        }
        notation::append(tree, *item, within, parts, depth + 1);
    }
    true
}
