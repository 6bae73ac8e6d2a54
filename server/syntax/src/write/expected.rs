//! Trees as plain values, and edits made on those.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::text::{hcl_template, hcl_type, only_reference};
use super::{Edit, InsertAt, NewValue};
use crate::embed::template::{Piece, pieces};
use crate::scalar::plain_type;
use crate::{Format, NodeId, ScalarType, Tree, View, intrinsics};

/// A new text of a template.
pub(super) struct NewTemplate {
    /// The template, or the string that becomes one.
    pub node: NodeId,
    /// Its text, with placeholders.
    pub text: String,
    /// What the placeholders stand for whose numbers follow those of the template as it was, as it is written.
    pub added: Vec<String>,
}

/// A value without its place and style.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Model {
    Map(Vec<(Model, Model)>),
    List(Vec<Model>),
    Text(String),
    Literal(String),
    Tag(String, Box<Model>),
    Alias(String),
    Invalid,
}

/// A function call in long form is a tagged value.
fn mapping(mut pairs: Vec<(Model, Model)>) -> Model {
    match pairs.pop() {
        Some((Model::Text(key), value)) if pairs.is_empty() && intrinsics::is_long_form(&key) => {
            Model::Tag(key, Box::new(value))
        }
        last => {
            pairs.extend(last);
            Model::Map(pairs)
        }
    }
}

/// New lists of one may be written as their item.
fn sequence(mut items: Vec<Model>) -> Model {
    match items.pop() {
        Some(only) if items.is_empty() => only,
        last => {
            items.extend(last);
            Model::List(items)
        }
    }
}

fn scalar(text: &str, ty: ScalarType) -> Model {
    match ty {
        ScalarType::String => Model::Text(text.to_owned()),
        ScalarType::Null => Model::Literal("null".to_owned()),
        _ => Model::Literal(text.to_owned()),
    }
}

pub(super) fn of_value(tree: &Tree, value: &NewValue) -> Model {
    match value {
        NewValue::Str(text) => Model::Text(text.clone()),
        NewValue::Sub(text) if tree.format() == Format::Hcl => match only_reference(text) {
            Some(_) => interpolated(text),
            None => template(text),
        },
        NewValue::Sub(text) if text.contains("${") => {
            Model::Tag("Fn::Sub".to_owned(), Box::new(Model::Text(text.clone())))
        }
        NewValue::Sub(text) => Model::Text(text.clone()),
        NewValue::Attribute { of, attribute } if tree.format() == Format::Hcl => {
            interpolated(&format!("${{{of}.{attribute}}}"))
        }
        NewValue::Attribute { of, attribute } => {
            let path = Model::Text(format!("{of}.{attribute}"));
            Model::Tag("Fn::GetAtt".to_owned(), Box::new(path))
        }
        NewValue::Ref(name) if tree.format() == Format::Hcl => {
            interpolated(&format!("${{{name}}}"))
        }
        NewValue::Ref(name) => Model::Tag("Ref".to_owned(), Box::new(Model::Text(name.clone()))),
        NewValue::List(items) => sequence(items.iter().map(|item| of_value(tree, item)).collect()),
        NewValue::Map(pairs) => mapping(
            pairs
                .iter()
                .map(|(key, value)| (Model::Text(key.clone()), of_value(tree, value)))
                .collect(),
        ),
        NewValue::Copy(node) => of_node(tree, *node, &Edits::default()),
    }
}

/// A tag with its argument. That of `Fn::GetAtt` is a list or a text with a dot, which say the same.
fn tagged(name: &str, argument: Model) -> Model {
    let argument = match argument {
        Model::List(parts) if name == "Fn::GetAtt" => {
            let texts = parts.iter().map(|part| match part {
                Model::Text(text) => Some(text.as_str()),
                _ => None,
            });
            match texts.collect::<Option<Vec<_>>>() {
                Some(texts) => Model::Text(texts.join(".")),
                None => Model::List(parts),
            }
        }
        argument => argument,
    };
    Model::Tag(name.to_owned(), Box::new(argument))
}

/// What a template of HCL reads as.
fn template(text: &str) -> Model {
    let source = format!("a = {}\n", hcl_template(text));
    let tree = Tree::parse(source, Format::Hcl);
    let value = tree
        .documents()
        .first()
        .and_then(|root| tree.get(*root, "a"));
    match value {
        Some(value) if tree.is_complete() => of_node(&tree, value, &Edits::default()),
        _ => Model::Invalid,
    }
}

/// What is interpolated by a text like `${var.name}`.
fn interpolated(written: &str) -> Model {
    match template(written) {
        Model::Tag(name, inner) if name == "hcl:template" => *inner,
        _ => Model::Invalid,
    }
}

pub(super) fn of_tree(tree: &Tree) -> Vec<Model> {
    edited(tree, &[], &[])
}

pub(super) fn edited(tree: &Tree, edits: &[Edit], templates: &[NewTemplate]) -> Vec<Model> {
    let edits = by_node(edits, templates);
    tree.documents()
        .iter()
        .map(|id| of_node(tree, *id, &edits))
        .collect()
}

/// The edits and new templates of a tree.
pub(super) fn by_node<'e>(edits: &'e [Edit], templates: &'e [NewTemplate]) -> Edits<'e> {
    let mut edits = Edits::new(edits);
    for template in templates {
        edits.templates.insert(template.node, template);
    }
    edits
}

/// Edits by the node that they change, and the entries that they take away.
#[derive(Default)]
pub(super) struct Edits<'e> {
    by_node: HashMap<NodeId, Vec<&'e Edit>>,
    gone: HashSet<NodeId>,
    /// Templates with a new text, in which placeholders stand for what is interpolated.
    templates: HashMap<NodeId, &'e NewTemplate>,
}

impl<'e> Edits<'e> {
    fn new(edits: &'e [Edit]) -> Edits<'e> {
        let mut all = Edits::default();
        for edit in edits {
            let node = match edit {
                Edit::InsertItem { list, .. } => list,
                Edit::InsertPair { mapping, .. } => mapping,
                Edit::RemoveItem { item: entry, .. } | Edit::RemovePair { key: entry, .. } => {
                    all.gone.insert(*entry);
                    continue;
                }
                Edit::SetScalar { node, .. }
                | Edit::SetPart { node, .. }
                | Edit::Replace { node, .. } => node,
            };
            all.by_node.entry(*node).or_default().push(edit);
        }
        all
    }

    fn at(&self, id: NodeId) -> &[&'e Edit] {
        self.by_node.get(&id).map_or(&[], Vec::as_slice)
    }
}

/// A template with a new text.
fn set_template(tree: &Tree, id: NodeId, new: &NewTemplate, edits: &Edits<'_>) -> Model {
    let text = new.text.as_str();
    let expressions = tree
        .host_text(id)
        .and_then(|host| host.template)
        .map(|template| template.expressions)
        .unwrap_or_default();
    let pieces = pieces(text);
    if !pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Expression(_)))
    {
        return Model::Text(text.to_owned());
    }
    let model = |piece: &Piece| match piece {
        Piece::Literal(range) => {
            Model::Text(text.get(range.clone()).unwrap_or_default().to_owned())
        }
        Piece::Expression(number) => match expressions.get(*number) {
            Some(id) => of_node(tree, *id, edits),
            None => match new.added.get(*number - expressions.len()) {
                Some(written) => interpolated(written),
                None => Model::Invalid,
            },
        },
    };
    let parts = sequence(pieces.iter().map(model).collect());
    Model::Tag("hcl:template".to_owned(), Box::new(parts))
}

pub(super) fn of_node(tree: &Tree, id: NodeId, edits: &Edits<'_>) -> Model {
    if let Some(new) = edits.templates.get(&id) {
        return set_template(tree, id, new, edits);
    }
    let own_edits = edits.at(id);
    let is_sequence = matches!(tree.view(id), View::Sequence(_));
    let is_mapping = matches!(tree.view(id), View::Mapping(_));
    let (mut before, mut behind, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
    let mut own = None;
    let mut parts = Vec::new();
    for edit in own_edits {
        match edit {
            Edit::Replace { value, .. } => return of_value(tree, value),
            Edit::SetScalar { text, .. } => own = Some(set_scalar(tree, id, text)),
            Edit::SetPart { part, text, .. } => parts.push((part.clone(), text)),
            Edit::InsertItem { place, value, .. } if !is_sequence => {
                let side = match place {
                    InsertAt::First | InsertAt::Before(_) => &mut before,
                    _ => &mut behind,
                };
                side.push(of_value(tree, value));
            }
            Edit::InsertPair { key, value, .. } if !is_mapping => {
                pairs.push((Model::Text(key.clone()), of_value(tree, value)));
            }
            _ => {}
        }
    }
    if !pairs.is_empty() {
        return mapping(pairs);
    }
    if !parts.is_empty() {
        let mut text = tree.text(id).unwrap_or_default().to_owned();
        parts.sort_by_key(|(part, _)| (part.start, part.end));
        for (part, new) in parts.into_iter().rev() {
            if text.get(part.clone()).is_none() {
                return Model::Invalid;
            }
            text.replace_range(part, new);
        }
        own = Some(Model::Text(text));
    }
    let own = own.unwrap_or_else(|| match tree.view(id) {
        View::Mapping(pairs) => of_entries(tree, id, 0..pairs.len(), edits),
        View::Sequence(items) => of_entries(tree, id, 0..items.len(), edits),
        View::Scalar(text) => scalar(text, tree.scalar_type(id)),
        View::Tagged(tag, inner) => tagged(&tag.name, of_node(tree, inner, edits)),
        View::Alias(_) => Model::Alias(tree.source()[tree.span(id).range()].to_owned()),
        View::Invalid => Model::Invalid,
    });
    if before.is_empty() && behind.is_empty() {
        return own;
    }
    // New items beside a value that is no list; beside nothing they are all there is.
    let middle = (own != Model::Literal("null".to_owned())).then_some(own);
    sequence(before.into_iter().chain(middle).chain(behind).collect())
}

/// The model of a collection that has but some of its entries, with the new ones beside them.
pub(super) fn of_entries(tree: &Tree, id: NodeId, range: Range<usize>, edits: &Edits<'_>) -> Model {
    let own_edits = edits.at(id).iter();
    match tree.view(id) {
        View::Mapping(pairs) => {
            let new = own_edits.filter_map(|edit| match edit {
                Edit::InsertPair {
                    place, key, value, ..
                } => Some((*place, (Model::Text(key.clone()), of_value(tree, value)))),
                _ => None,
            });
            let own = pairs.get(range).unwrap_or_default().iter().map(|pair| {
                let stays = !edits.gone.contains(&pair.key);
                let entry = || {
                    (
                        of_node(tree, pair.key, edits),
                        of_node(tree, pair.value, edits),
                    )
                };
                (pair.key, stays.then(entry))
            });
            mapping(entries(own.collect(), new))
        }
        View::Sequence(items) => {
            let new = own_edits.filter_map(|edit| match edit {
                Edit::InsertItem { place, value, .. } => Some((*place, of_value(tree, value))),
                _ => None,
            });
            let own = items.get(range).unwrap_or_default().iter().map(|item| {
                let stays = !edits.gone.contains(item);
                (*item, stays.then(|| of_node(tree, *item, edits)))
            });
            sequence(entries(own.collect(), new))
        }
        _ => Model::Invalid,
    }
}

/// What a scalar becomes with another text: of its own type where the text is of that, else a string.
fn set_scalar(tree: &Tree, id: NodeId, text: &str) -> Model {
    let ty = tree.scalar_type(id);
    if tree.format() == Format::Hcl {
        let keeps = ty != ScalarType::String && hcl_type(text) == ty;
        return scalar(text, if keeps { ty } else { ScalarType::String });
    }
    let keeps = !text.is_empty()
        && ty != ScalarType::String
        && plain_type(text) == ty
        && (!tree.format().is_json() || is_literal(text));
    scalar(text, if keeps { ty } else { ScalarType::String })
}

fn is_literal(text: &str) -> bool {
    matches!(text, "true" | "false" | "null")
        || text
            .parse::<f64>()
            .is_ok_and(|_| !text.starts_with(['.', '+']))
}

/// The entries of an edited collection, in the order that [`InsertAt`] promises. Of `own`, those without a value go.
fn entries<R>(own: Vec<(NodeId, Option<R>)>, new: impl Iterator<Item = (InsertAt, R)>) -> Vec<R> {
    let first = own.first().map(|(id, _)| *id);
    let last = own.last().map(|(id, _)| *id);
    let mut before: HashMap<Option<NodeId>, Vec<R>> = HashMap::new();
    let mut after: HashMap<Option<NodeId>, Vec<R>> = HashMap::new();
    for (place, value) in new {
        let (side, entry) = match place {
            InsertAt::First => (&mut before, first),
            InsertAt::Last => (&mut after, last),
            InsertAt::After(entry) => (&mut after, Some(entry)),
            InsertAt::Before(entry) => (&mut before, Some(entry)),
        };
        side.entry(entry).or_default().push(value);
    }
    let mut all = before.remove(&None).unwrap_or_default();
    all.extend(after.remove(&None).unwrap_or_default());
    for (id, value) in own {
        all.extend(before.remove(&Some(id)).unwrap_or_default());
        all.extend(value);
        all.extend(after.remove(&Some(id)).unwrap_or_default());
    }
    all
}
