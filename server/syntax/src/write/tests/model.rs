//! Trees as plain values, and edits made on those.

use std::collections::HashMap;

use super::super::{Edit, Place, TextEdit, Value, apply};
use crate::scalar::plain_type;
use crate::{Format, NodeId, ScalarType, Tree, View, intrinsics};

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
    if let [(Model::Text(key), _)] = pairs.as_slice()
        && intrinsics::is_long_form(key)
    {
        let Some((Model::Text(key), value)) = pairs.pop() else {
            unreachable!()
        };
        return Model::Tag(key, Box::new(value));
    }
    Model::Map(pairs)
}

/// New lists of one may be written as their item.
fn sequence(items: Vec<Model>) -> Model {
    if items.len() == 1 {
        items.into_iter().next().unwrap()
    } else {
        Model::List(items)
    }
}

fn scalar(text: &str, ty: ScalarType) -> Model {
    match ty {
        ScalarType::String => Model::Text(text.to_owned()),
        ScalarType::Null => Model::Literal("null".to_owned()),
        _ => Model::Literal(text.to_owned()),
    }
}

pub(super) fn of_value(tree: &Tree, value: &Value) -> Model {
    match value {
        Value::Str(text) => Model::Text(text.clone()),
        Value::Sub(text) if text.contains("${") => {
            Model::Tag("Fn::Sub".to_owned(), Box::new(Model::Text(text.clone())))
        }
        Value::Sub(text) => Model::Text(text.clone()),
        Value::List(items) => sequence(items.iter().map(|item| of_value(tree, item)).collect()),
        Value::Map(pairs) => mapping(
            pairs
                .iter()
                .map(|(key, value)| (Model::Text(key.clone()), of_value(tree, value)))
                .collect(),
        ),
        Value::Copy(node) => of_node(tree, *node, &[]),
    }
}

pub(super) fn of_tree(tree: &Tree) -> Vec<Model> {
    edited(tree, &[])
}

pub(super) fn edited(tree: &Tree, edits: &[Edit]) -> Vec<Model> {
    tree.documents()
        .iter()
        .map(|id| of_node(tree, *id, edits))
        .collect()
}

fn of_node(tree: &Tree, id: NodeId, edits: &[Edit]) -> Model {
    let mut singles: (Vec<Model>, Vec<Model>, Vec<(Model, Model)>) = Default::default();
    let is_sequence = matches!(tree.view(id), View::Sequence(_));
    let is_mapping = matches!(tree.view(id), View::Mapping(_));
    let mut own = None;
    let mut parts: Vec<_> = Vec::new();
    for edit in edits {
        match edit {
            Edit::Replace { node, value } if *node == id => return of_value(tree, value),
            Edit::SetScalar { node, text } if *node == id => {
                let ty = tree.scalar_type(id);
                let is_json = tree.format() == Format::Json;
                let keeps = !text.is_empty()
                    && ty != ScalarType::String
                    && plain_type(text) == ty
                    && (!is_json || is_literal(text));
                own = Some(scalar(text, if keeps { ty } else { ScalarType::String }));
            }
            Edit::SetPart { node, part, text } if *node == id => parts.push((part.clone(), text)),
            Edit::InsertItem { list, place, value } if *list == id && !is_sequence => {
                let side = match place {
                    Place::First | Place::Before(_) => &mut singles.0,
                    _ => &mut singles.1,
                };
                side.push(of_value(tree, value));
            }
            Edit::InsertPair {
                mapping,
                key,
                value,
                ..
            } if *mapping == id && !is_mapping => {
                singles
                    .2
                    .push((Model::Text(key.clone()), of_value(tree, value)));
            }
            _ => {}
        }
    }
    if !singles.2.is_empty() {
        return mapping(singles.2);
    }
    if !parts.is_empty() {
        let mut text = tree.text(id).unwrap().to_owned();
        parts.sort_by_key(|(part, _)| (part.start, part.end));
        for (part, new) in parts.into_iter().rev() {
            text.replace_range(part, new);
        }
        own = Some(Model::Text(text));
    }
    let own = own.unwrap_or_else(|| match tree.view(id) {
        View::Mapping(pairs) => {
            let keys: Vec<NodeId> = pairs.iter().map(|pair| pair.key).collect();
            let values: HashMap<NodeId, NodeId> =
                pairs.iter().map(|pair| (pair.key, pair.value)).collect();
            mapping(entries(
                &keys,
                |edit| match edit {
                    Edit::InsertPair {
                        mapping,
                        place,
                        key,
                        value,
                    } if *mapping == id => {
                        Some((*place, (Model::Text(key.clone()), of_value(tree, value))))
                    }
                    _ => None,
                },
                |key| {
                    edits.iter().any(
                        |edit| matches!(edit, Edit::RemovePair { key: gone, .. } if *gone == key),
                    )
                },
                |key| {
                    (
                        of_node(tree, key, edits),
                        of_node(tree, values[&key], edits),
                    )
                },
                edits,
            ))
        }
        View::Sequence(items) => sequence(entries(
            items,
            |edit| match edit {
                Edit::InsertItem { list, place, value } if *list == id => {
                    Some((*place, of_value(tree, value)))
                }
                _ => None,
            },
            |item| {
                edits.iter().any(
                    |edit| matches!(edit, Edit::RemoveItem { item: gone, .. } if *gone == item),
                )
            },
            |item| of_node(tree, item, edits),
            edits,
        )),
        View::Scalar(text) => scalar(text, tree.scalar_type(id)),
        View::Tagged(tag, inner) => {
            Model::Tag(tag.name.clone(), Box::new(of_node(tree, inner, edits)))
        }
        View::Alias(_) => Model::Alias(tree.source()[tree.span(id).range()].to_owned()),
        View::Invalid => Model::Invalid,
    });
    if singles.0.is_empty() && singles.1.is_empty() {
        return own;
    }
    let middle = if own == Model::Literal("null".to_owned()) {
        None
    } else {
        Some(own)
    };
    sequence(
        singles
            .0
            .into_iter()
            .chain(middle)
            .chain(singles.1)
            .collect(),
    )
}

fn is_literal(text: &str) -> bool {
    matches!(text, "true" | "false" | "null")
        || text
            .parse::<f64>()
            .is_ok_and(|_| !text.starts_with(['.', '+']))
}

/// The entries of an edited collection, in the order that [`Place`] promises.
fn entries<R>(
    own: &[NodeId],
    new: impl Fn(&Edit) -> Option<(Place, R)>,
    is_gone: impl Fn(NodeId) -> bool,
    of_entry: impl Fn(NodeId) -> R,
    edits: &[Edit],
) -> Vec<R> {
    let mut before: HashMap<Option<NodeId>, Vec<R>> = HashMap::new();
    let mut after: HashMap<Option<NodeId>, Vec<R>> = HashMap::new();
    for (place, value) in edits.iter().filter_map(new) {
        let (side, entry) = match place {
            Place::First => (&mut before, own.first().copied()),
            Place::Last if own.is_empty() => (&mut after, None),
            Place::Last => (&mut after, own.last().copied()),
            Place::After(entry) => (&mut after, Some(entry)),
            Place::Before(entry) => (&mut before, Some(entry)),
        };
        side.entry(entry).or_default().push(value);
    }
    let mut all = before.remove(&None).unwrap_or_default();
    all.extend(after.remove(&None).unwrap_or_default());
    for entry in own {
        all.extend(before.remove(&Some(*entry)).unwrap_or_default());
        if !is_gone(*entry) {
            all.push(of_entry(*entry));
        }
        all.extend(after.remove(&Some(*entry)).unwrap_or_default());
    }
    all
}

/// Checks what was written against the model.
#[track_caller]
pub(super) fn check(tree: &Tree, edits: &[Edit], written: &[TextEdit]) {
    for edit in written {
        assert!(edit.span.start <= edit.span.end && edit.span.end as usize <= tree.source().len());
    }
    for two in written.windows(2) {
        assert!(
            two[0].span.end < two[1].span.start,
            "not sorted, or not joined: {two:?}"
        );
    }
    let before = tree.source();
    let result = apply(before, written);
    let again = Tree::parse(result.clone(), tree.format());
    let shown = || format!("\n--- edits\n{edits:?}\n--- from\n{before}\n--- got\n{result}\n---");
    if tree.is_complete() {
        assert!(again.is_complete(), "{:?}{}", again.problems(), shown());
        assert_eq!(of_tree(&again), edited(tree, edits), "{}", shown());
    }
    // Two comments may have come to stand on one line.
    let all: String = again
        .comments()
        .iter()
        .map(|comment| format!("{}\n", &result[comment.span.range()]))
        .collect();
    let mut wanted: HashMap<&str, usize> = HashMap::new();
    for comment in tree.comments() {
        if !may_go(tree, edits, comment.span.start as usize) {
            *wanted.entry(&before[comment.span.range()]).or_default() += 1;
        }
    }
    for (comment, count) in wanted {
        assert!(
            all.matches(comment).count() >= count,
            "lost {comment:?}{}",
            shown()
        );
    }
}

/// Whether a comment belongs to what an edit takes away: inside it, on its last line, or on the lines around it.
fn may_go(tree: &Tree, edits: &[Edit], comment: usize) -> bool {
    let source = tree.source();
    edits.iter().any(|edit| {
        let (start, end, is_removal) = match edit {
            Edit::RemoveItem { item, .. } => (tree.span(*item).start, tree.span(*item).end, true),
            Edit::RemovePair { key, mapping } => {
                let View::Mapping(pairs) = tree.view(*mapping) else {
                    return false;
                };
                let pair = pairs.iter().find(|pair| pair.key == *key).unwrap();
                (
                    tree.span(*key).start,
                    tree.span(pair.value).end.max(tree.span(*key).end),
                    true,
                )
            }
            Edit::Replace { node, .. } => (tree.span(*node).start, tree.span(*node).end, false),
            _ => return false,
        };
        let (start, end) = (start as usize, source[..end as usize].trim_end().len());
        if (start..end).contains(&comment) {
            return true;
        }
        if !is_removal {
            return false;
        }
        if comment >= end {
            // On its last line, or on comment lines directly below.
            let between = &source[end..comment];
            return between
                .split_inclusive('\n')
                .skip(1)
                .all(|line| line.trim_start().starts_with('#') || !line.ends_with('\n'));
        }
        // On comment lines directly above, or beside its dash.
        let above = &source[comment..start];
        let lines = above[..above.rfind('\n').map_or(0, |at| at + 1)].lines();
        lines.skip(1).all(|line| {
            let rest = line.trim_start_matches([' ', '-']);
            rest.starts_with('#') || (rest.trim().is_empty() && line.contains('-'))
        })
    })
}
