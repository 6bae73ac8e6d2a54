//! A value that is one word, or not written yet, and is another word after an edit: the first letter of a new item, the last one
//! that is taken out of it. `s3:` that ends its line counts, which is a key until a letter comes behind it.
//!
//! It had to be read, but has the id of the one before: whoever knows that node finds what is written there now.

use crate::arena::{Arena, Kind, NONE, Node};
use crate::reading::ReadingMark;
use crate::retyped::{self, Retyped};
use crate::{NodeId, Pair, ScalarType, Span, Style, Tree, embed};

/// Such a value of a piece, as it was before the edit.
pub(super) struct Word {
    scalar: NodeId,
    /// That of the pair, with how it is written.
    key: Option<(Span, String)>,
    was: Span,
    /// How it is written.
    text: String,
    /// Whether it is a key.
    is_key: bool,
}

impl Word {
    /// The value of the pair or item of a collection that is to be edited, where nothing around it hangs on its text.
    pub fn of(
        tree: &Tree,
        (collection, index): (NodeId, usize),
        edit: Span,
        replacement: &str,
    ) -> Option<Word> {
        let arena = &tree.read.arena;
        let collection = arena.node(collection);
        let (key, scalar) = match collection.kind {
            Kind::Mapping => {
                let pair = arena.pairs_of(&collection).get(index)?;
                (Some(pair.key), pair.value)
            }
            Kind::Sequence => (None, *arena.items_of(&collection).get(index)?),
            Kind::Scalar | Kind::Tagged | Kind::Alias | Kind::Invalid => return None,
        };
        let removed = tree.source.get(edit.range())?;
        let is_more = |text: &str| text.contains(['#', '\n', '\r']);
        let marked = &tree.read.marked;
        let is_free = marked.regions.is_empty()
            && marked.inserted.is_empty()
            && !is_more(removed)
            && !is_more(replacement)
            && retyped::is_apart(tree, scalar);
        let (text, is_key) = word_or_key(tree, scalar).filter(|_| is_free)?;
        let written = |key: NodeId| {
            let span = tree.span(key);
            let text = tree.source.get(span.range()).unwrap_or_default();
            (span, text.to_owned())
        };
        Some(Word {
            scalar,
            key: key.map(written),
            was: tree.span(scalar),
            text: text.to_owned(),
            is_key,
        })
    }

    /// The node of the word that is written in its place now, if that is all that was read, and whether it is a key.
    pub fn is_replaced_by(
        &self,
        tree: &Tree,
        children: &[NodeId],
        mark: ReadingMark,
    ) -> Option<(NodeId, bool)> {
        let arena = &tree.read.arena;
        let value = match (children, &self.key) {
            ([item], None) => *item,
            ([key, value], Some((span, text))) => {
                let now = tree.span(*key);
                let is_same = now == *span && tree.source.get(now.range()) == Some(text);
                is_same.then_some(*value)?
            }
            _ => return None,
        };
        let (_, is_key) = word_or_key(tree, value)?;
        // The collection, what is in it, and nothing else.
        let read = 1 + children.len() + if is_key { 2 } else { 0 };
        (arena.nodes.len() == mark.nodes() + read).then_some((value, is_key))
    }

    /// Puts what is read in its place. Whether nodes that were read for it are needed.
    pub fn replace(
        self,
        tree: &mut Tree,
        (value, is_key): (NodeId, bool),
        edit: Span,
        replacement: &str,
    ) -> (Retyped, bool) {
        let arena = &mut tree.read.arena;
        let now = arena.node(value);
        if let Some(node) = arena.node_mut(self.scalar) {
            *node = Node {
                parent: node.parent,
                ..now
            };
        }
        if is_key {
            for Pair { key, value } in arena.pairs_of(&now).to_vec() {
                arena.set_parent(key, self.scalar);
                arena.set_parent(value, self.scalar);
            }
        }
        let retyped = Retyped {
            scalar: self.scalar,
            before: self.text,
            turns: self.is_key || is_key,
            gone: None,
            was: self.was,
            now: now.span,
            edit,
            delta: replacement.len() as i64 - i64::from(edit.len()),
        };
        (retyped, is_key)
    }
}

/// How a word is written, or a key in block style with nothing behind it, and which of the two it is.
fn word_or_key(tree: &Tree, node: NodeId) -> Option<(&str, bool)> {
    let (arena, source) = (&tree.read.arena, tree.source.as_str());
    let held = arena.node(node);
    if held.kind != Kind::Mapping {
        return word(arena, source, node).map(|text| (text, false));
    }
    let [Pair { key, value }] = arena.pairs_of(&held) else {
        return None;
    };
    let is_word = |node: NodeId| word(arena, source, node);
    let is_bare = held.style == Style::Block && is_word(*value)?.is_empty();
    let has_key = is_word(*key).is_some_and(|key| !key.is_empty());
    (is_bare && has_key).then(|| source.get(held.span.range()).map(|text| (text, true)))?
}

/// The text of a plain scalar that is one word or nothing, as it is written.
fn word<'t>(arena: &Arena, source: &'t str, scalar: NodeId) -> Option<&'t str> {
    let node = arena.node(scalar);
    let is_plain = node.kind == Kind::Scalar
        && node.style == Style::Plain
        && node.a == NONE
        && !node.unclosed
        && !node.mapped;
    let text = source.get(node.span.range()).filter(|_| is_plain)?;
    let is_word = match node.ty {
        ScalarType::Null => text.is_empty(),
        ScalarType::String => retyped::is_text(crate::Format::Yaml, &node, text),
        _ => false,
    };
    (is_word && !embed::is_document(arena, scalar, text)).then_some(text)
}
