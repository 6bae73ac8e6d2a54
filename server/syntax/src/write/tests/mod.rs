//! Tests of the writer: a table for each syntax, and properties over generated files.

mod block;
mod cost;
mod embedded;
mod flow;
mod hcl;
mod hcl_properties;
mod headings;
mod json;
mod layout;
mod model;
mod promoted;
mod properties;
mod refused;
mod rows;
mod scalars;
mod spacing;

use super::{CannotWrite, Edit, InsertAt, NewValue, apply, write};
use crate::{Format, NodeId, Tree, View};

/// The node at a path of keys and indexes. Function calls are passed through; `~` before a key names the key
/// itself, `!` the tagged node's inner value.
pub(super) fn at(tree: &Tree, path: &str) -> NodeId {
    let mut id = tree.documents()[0];
    for step in path.split('/').filter(|step| !step.is_empty()) {
        id = match tree.view(id) {
            View::Tagged(_, inner) if step == "!" => inner,
            View::Scalar(_) if step == "!" => tree.embedded(id).unwrap(),
            View::Tagged(_, inner) => child(tree, tree.embedded(id).unwrap_or(inner), step, path),
            _ => child(tree, id, step, path),
        };
    }
    id
}

fn child(tree: &Tree, id: NodeId, step: &str, path: &str) -> NodeId {
    match tree.view(id) {
        View::Sequence(items) => items[step.parse::<usize>().unwrap()],
        View::Mapping(pairs) => {
            let (key, wants_key) = match step.strip_prefix('~') {
                Some(key) => (key, true),
                None => (step, false),
            };
            let found = pairs.iter().find(|pair| tree.text(pair.key) == Some(key));
            let pair = found.unwrap_or_else(|| panic!("no {step} of {path}"));
            if wants_key { pair.key } else { pair.value }
        }
        View::Scalar(_) if tree.embedded(id).is_some() => {
            child(tree, tree.embedded(id).unwrap(), step, path)
        }
        other => panic!("{step} of {path}: {other:?}"),
    }
}

pub(super) fn text(text: &str) -> NewValue {
    NewValue::Str(text.to_owned())
}

pub(super) fn sub(text: &str) -> NewValue {
    NewValue::Sub(text.to_owned())
}

pub(super) fn list(items: &[NewValue]) -> NewValue {
    NewValue::List(items.to_vec())
}

pub(super) fn map(pairs: &[(&str, NewValue)]) -> NewValue {
    NewValue::Map(
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), value.clone()))
            .collect(),
    )
}

pub(super) fn insert(tree: &Tree, path: &str, place: InsertAt, value: NewValue) -> Edit {
    Edit::InsertItem {
        list: at(tree, path),
        place,
        value,
    }
}

pub(super) fn push(tree: &Tree, path: &str, value: NewValue) -> Edit {
    insert(tree, path, InsertAt::Last, value)
}

pub(super) fn pair(tree: &Tree, path: &str, place: InsertAt, key: &str, value: NewValue) -> Edit {
    Edit::InsertPair {
        mapping: at(tree, path),
        place,
        key: key.to_owned(),
        value,
    }
}

/// Removes the item or, with `~`, the pair at a path.
pub(super) fn remove(tree: &Tree, path: &str) -> Edit {
    let (outer, _) = path.rsplit_once('/').unwrap_or(("", path));
    match tree.view(at(tree, outer)) {
        View::Sequence(_) => Edit::RemoveItem {
            list: at(tree, outer),
            item: at(tree, path),
        },
        _ => Edit::RemovePair {
            mapping: at(tree, outer),
            key: at(tree, path),
        },
    }
}

pub(super) fn set(tree: &Tree, path: &str, text: &str) -> Edit {
    Edit::SetScalar {
        node: at(tree, path),
        text: text.to_owned(),
    }
}

/// Sets the first `old` in the text of a scalar.
pub(super) fn part(tree: &Tree, path: &str, old: &str, text: &str) -> Edit {
    let node = at(tree, path);
    let start = tree.text(node).unwrap().find(old).unwrap();
    Edit::SetPart {
        node,
        part: start..start + old.len(),
        text: text.to_owned(),
    }
}

pub(super) fn replace(tree: &Tree, path: &str, value: NewValue) -> Edit {
    Edit::Replace {
        node: at(tree, path),
        value,
    }
}

type Edits = fn(&Tree) -> Vec<Edit>;

/// Checks one row of a table: the text itself, and that it is read as the tree with the edits made.
#[track_caller]
pub(super) fn check(format: Format, before: &str, edits: Edits, after: &str) {
    for nl in ["\n", "\r\n"] {
        if nl == "\r\n" && before.contains('\r') {
            continue;
        }
        let before = before.replace('\n', nl);
        let tree = Tree::parse(before.clone(), format);
        let edits = edits(&tree);
        let written = write(&tree, &edits).unwrap_or_else(|error| panic!("{error}\n{before}"));
        let result = apply(&before, &written);
        assert_eq!(
            result,
            after.replace('\n', nl),
            "\n--- from\n{before}\n--- got\n{result}\n--- wanted\n{after}"
        );
        // What is in strings was checked by the string's new text.
        if edits.iter().all(|edit| tree.host(edit.node()).is_none()) {
            model::check(&tree, &edits, &written);
        }
        // The file's final newline stays as it is, present or not.
        if let Some(open) = before
            .strip_suffix(nl)
            .filter(|open| nl == "\n" || open.contains(nl))
        {
            let open_tree = Tree::parse(open.to_owned(), format);
            let same = crate::write::expected::of_tree(&tree)
                == crate::write::expected::of_tree(&open_tree);
            if same && let Ok(written) = write(&open_tree, &edits) {
                let result = apply(open, &written);
                let after = after.replace('\n', nl);
                assert_eq!(
                    result,
                    after.strip_suffix(nl).unwrap_or(&after),
                    "without a final newline"
                );
            }
        }
    }
}

#[track_caller]
pub(super) fn yaml(before: &str, edits: Edits, after: &str) {
    check(Format::Yaml, before, edits, after);
}

#[track_caller]
pub(super) fn json(before: &str, edits: Edits, after: &str) {
    check(Format::Json, before, edits, after);
}

/// Why edits are refused.
pub(super) fn refusal(format: Format, source: &str, edits: Edits) -> &'static str {
    let tree = Tree::parse(source.to_owned(), format);
    match write(&tree, &edits(&tree)) {
        Err(CannotWrite { reason, .. }) => reason,
        Ok(written) => panic!("was written:\n{}", apply(source, &written)),
    }
}
