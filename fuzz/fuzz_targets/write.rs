//! Semantic edits of any text: no panic, text edits that are sorted and lie apart, and of a sound file a sound file.
//!
//! The input is a text (HCL behind a line `hcl`) and, behind a byte `0xFF` each, edits: what to do, two bytes for the node, two that vary
//! the place and the value, and the new text.
#![no_main]

use leastwise_syntax::write::{Edit, InsertAt, NewValue, apply, write};
use leastwise_syntax::{Format, NodeId, Tree, View};
use libfuzzer_sys::fuzz_target;

/// All nodes below a node, keys with `true`.
fn collect(tree: &Tree, id: NodeId, is_key: bool, out: &mut Vec<(NodeId, bool)>) {
    out.push((id, is_key));
    match tree.view(id) {
        View::Mapping(pairs) => {
            for pair in pairs {
                collect(tree, pair.key, true, out);
                collect(tree, pair.value, false, out);
            }
        }
        View::Sequence(items) => items.iter().for_each(|item| collect(tree, *item, false, out)),
        View::Tagged(_, inner) => collect(tree, inner, false, out),
        View::Scalar(_) => {
            if let Some(root) = tree.embedded(id) {
                collect(tree, root, false, out);
            }
        }
        _ => {}
    }
}

fn place(choice: u8, entries: &[NodeId]) -> InsertAt {
    let entry = entries.get(usize::from(choice / 4) % entries.len().max(1));
    match (choice % 4, entry) {
        (1, Some(entry)) => InsertAt::After(*entry),
        (2, Some(entry)) => InsertAt::Before(*entry),
        (0, _) => InsertAt::First,
        _ => InsertAt::Last,
    }
}

fn value(choice: u8, text: &str, nodes: &[(NodeId, bool)]) -> NewValue {
    let text = text.to_owned();
    match choice % 6 {
        0 => NewValue::Sub(text),
        1 => NewValue::List(vec![NewValue::Str(text), NewValue::Sub("${A}".to_owned())]),
        2 => NewValue::Map(vec![("Action".to_owned(), NewValue::List(vec![NewValue::Str(text)]))]),
        3 => match nodes.get(usize::from(choice / 6) % nodes.len().max(1)) {
            Some((node, false)) => NewValue::Copy(*node),
            _ => NewValue::List(Vec::new()),
        },
        _ => NewValue::Str(text),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.split(|byte| *byte == 0xFF);
    let Ok(source) = std::str::from_utf8(parts.next().unwrap_or_default()) else { return };
    let (format, source) = match source.strip_prefix("hcl\n") {
        Some(rest) => (Format::Hcl, rest),
        None if source.starts_with(['{', '[']) => (Format::Json, source),
        None => (Format::Yaml, source),
    };
    let tree = Tree::parse(source.to_owned(), format);
    let mut nodes = Vec::new();
    for document in tree.documents() {
        collect(&tree, *document, false, &mut nodes);
    }
    let mut edits = Vec::new();
    for part in parts.take(6) {
        let [action, high, low, one, two, text @ ..] = part else { return };
        let Ok(text) = std::str::from_utf8(text) else { return };
        let index = usize::from(u16::from_be_bytes([*high, *low]));
        let Some(&(node, is_key)) = nodes.get(index % nodes.len().max(1)) else { return };
        let keys: Vec<NodeId> = match tree.view(node) {
            View::Mapping(pairs) => pairs.iter().map(|pair| pair.key).collect(),
            View::Sequence(items) => items.to_vec(),
            _ => Vec::new(),
        };
        let entry = keys.get(usize::from(*one) % keys.len().max(1)).copied();
        let value = value(*two, text, &nodes);
        edits.push(match (action % 7, entry) {
            (0, _) => Edit::InsertItem { list: node, place: place(*one, &keys), value },
            (1, Some(item)) => Edit::RemoveItem { list: node, item },
            (2, _) => Edit::InsertPair { mapping: node, place: place(*one, &keys), key: text.to_owned(), value },
            (3, Some(key)) => Edit::RemovePair { mapping: node, key },
            // A new key may be one that is there already.
            (4, _) if !is_key => Edit::SetScalar { node, text: text.to_owned() },
            (5, _) if !is_key => {
                let (from, to) = (usize::from(*one), usize::from(*two));
                Edit::SetPart { node, part: from.min(to)..from.max(to), text: text.to_owned() }
            }
            _ => Edit::Replace { node, value },
        });
    }
    let Ok(written) = write(&tree, &edits) else { return };
    for two in written.windows(2) {
        assert!(two[0].span.end < two[1].span.start, "{two:?}");
    }
    let result = apply(source, &written);
    if tree.problems().is_empty() {
        let again = Tree::parse(result.clone(), format);
        assert!(again.is_complete(), "{:?}\n{edits:?}\n{source:?}\n{result:?}", again.problems());
    }
});
