//! An edit within one scalar, after which the tree is the same but for that scalar's text.
//!
//! It is by far the most of what is typed, and costs no reading: the scalar keeps its id as all others do, and what lies
//! behind it moves. Whatever could mean more than letters in a word is left to a reading.

use crate::arena::{Arena, Kind, NONE, Node};
use crate::embed;
use crate::reading::Reading;
use crate::scalar::plain_type;
use crate::{Format, NodeId, ScalarType, Span, Style, Tree};

/// What an edit has done to a tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// The whole text was read again: no id from before the edit is valid any more.
    All,
    /// A pair or an item of this mapping or sequence was. Ids outside what was replaced stay valid.
    Within(NodeId),
    /// A scalar has another text, or a list of texts has others: all other ids stay valid.
    Text(Retyped),
}

/// What was typed into a scalar or a list of texts, or taken out of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Retyped {
    /// The scalar, or the list. Its id and all others, but for those of the list's items, are those from before.
    pub scalar: NodeId,
    /// What was written there before.
    pub before: String,
    /// Whether it was no scalar before, or isn't one now: `s3` that gets a colon is a mapping in YAML until the next letter comes.
    /// What stood in it is gone then.
    pub(crate) turns: bool,
    /// Of a list, what stood in it. Its items now are other nodes.
    pub(crate) gone: Option<Vec<Gone>>,
    /// Where it stood before, and where it stands now.
    pub(crate) was: Span,
    pub(crate) now: Span,
    /// What was replaced: what began or ended at its end or behind has moved.
    pub(crate) edit: Span,
    /// By how many bytes.
    pub(crate) delta: i64,
}

/// A text in a list that was read again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Gone {
    pub item: NodeId,
    pub text: String,
}

impl Retyped {
    /// The nodes that aren't there any more.
    pub(crate) fn gone(&self) -> impl Iterator<Item = NodeId> {
        self.gone.iter().flatten().map(|gone| gone.item)
    }

    /// Whether it is about a list of texts.
    pub fn is_of_list(&self) -> bool {
        self.gone.is_some()
    }

    /// What isn't the same part of the text any more, as it was before.
    pub(crate) fn touched(&self) -> Span {
        self.was.to(self.edit)
    }

    /// What is written there now.
    pub(crate) fn written<'t>(&self, tree: &'t Tree) -> &'t str {
        tree.source.get(self.now.range()).unwrap_or_default()
    }

    /// Moves a place from before the edit to where it is now.
    pub fn shift(&self, span: &mut Span) {
        if *span == self.was {
            *span = self.now;
            return;
        }
        let ends_with_it = span.end == self.was.end;
        span.shift(self.edit.end, self.delta);
        if ends_with_it {
            // A value of which nothing is written stands in front of the blanks that it is typed behind.
            span.end = self.now.end;
        }
    }
}

/// Replaces `edit` in the text of `tree` if that changes nothing but the text of one scalar.
pub(crate) fn edit(tree: &mut Tree, edit: Span, replacement: &str) -> Option<Retyped> {
    let scalar = scalar(tree, edit)?;
    let content = tree.read.arena.content_span(&tree.read.arena.node(scalar));
    let before = tree.source.get(content.range())?;
    let (from, to) = (edit.start - content.start, edit.end - content.start);
    let head = before.get(..from as usize)?;
    let rest = before.get(to as usize..)?;
    let after = [head, replacement, rest].concat();
    let length = tree.source.len() - before.len() + after.len();
    if length > tree.limits.size || length > tree.limits.signs {
        return None;
    }
    let node = tree.read.arena.node(scalar);
    let is_alike = |text: &str| {
        is_text(tree.format, &node, text) && !embed::is_document(&tree.read.arena, scalar, text)
    };
    if !is_alike(before) || !is_alike(&after) {
        return None;
    }
    let delta = after.len() as i64 - before.len() as i64;
    let mut now = node.span;
    now.shift(edit.end, delta);
    let retyped = Retyped {
        scalar,
        before: before.to_owned(),
        turns: false,
        gone: None,
        was: node.span,
        now,
        edit,
        delta,
    };
    tree.source.replace_range(edit.range(), replacement);
    shift(&mut tree.read, &retyped);
    Some(retyped)
}

/// The scalar that an edit lies within, if its text is nothing but text.
fn scalar(tree: &Tree, edit: Span) -> Option<NodeId> {
    let arena = &tree.read.arena;
    if !tree.read.is_plain() {
        return None;
    }
    let id = tree.node_at(edit.start)?;
    let node = arena.node(id);
    let content = arena.content_span(&node);
    let begins_behind = match node.style {
        Style::SingleQuoted | Style::DoubleQuoted => content.start <= edit.start,
        // The first letter says what sort of value it is; and where a part of a template begins, another one ends.
        Style::Plain => tree.format == Format::Yaml && content.start < edit.start,
        Style::Fragment => content.start < edit.start && edit.end < content.end,
        Style::Literal | Style::Folded | Style::Block | Style::Flow => false,
    };
    let is_own = node.kind == Kind::Scalar
        && node.ty == ScalarType::String
        && node.a == NONE
        && !node.unclosed
        && !node.mapped;
    let is_whole_line = node.style != Style::Plain || ends_its_line(tree, &node);
    let is_within = begins_behind && edit.end <= content.end;
    (is_own && is_within && is_whole_line && is_apart(tree, id)).then_some(id)
}

/// Whether nothing stands behind a plain scalar on its line, and it isn't among brackets.
fn ends_its_line(tree: &Tree, node: &Node) -> bool {
    let behind = tree.source.as_bytes().get(node.span.end as usize);
    let arena = &tree.read.arena;
    let mut around = std::iter::successors(arena.nodes.get(node.parent as usize), |node| {
        arena.nodes.get(node.parent as usize)
    });
    let collection =
        around.find(|node| matches!(node.kind, Kind::Mapping | Kind::Sequence | Kind::Scalar));
    let is_in_block = collection.is_some_and(|node| node.style == Style::Block);
    is_in_block && matches!(behind, None | Some(b'\n' | b'\r'))
}

/// Whether a scalar is no key, and nothing around it is a document in a string.
pub(crate) fn is_apart(tree: &Tree, id: NodeId) -> bool {
    let arena = &tree.read.arena;
    let mut at = id;
    loop {
        if tree.embedded(at).is_some() || embed::template::is_candidate(arena, &tree.source, at) {
            return false;
        }
        let Some(parent) = tree.parent(at) else {
            return true;
        };
        let node = arena.node(parent);
        let is_key = at == id
            && match node.kind {
                Kind::Mapping => arena.pairs_of(&node).iter().any(|pair| pair.key == at),
                Kind::Tagged => node.b != at.0,
                _ => false,
            };
        let begins_document = node.kind == Kind::Sequence
            && arena.node(at).style == Style::Fragment
            && begins_document(arena, &tree.source, &node);
        if is_key || begins_document {
            return false;
        }
        at = parent;
    }
}

/// Whether a template may come to hold a document as it is typed.
fn begins_document(arena: &Arena, source: &str, parts: &Node) -> bool {
    let first = arena.items_of(parts).first();
    let text = first.and_then(|first| arena.text(source, *first));
    text.is_none_or(|text| text.trim_start().starts_with(['{', '[']))
}

/// Whether this text of a scalar is written as it is read, whatever stands around it.
pub(crate) fn is_text(format: Format, node: &Node, text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_plain = node.style == Style::Plain;
    // What ends a string or is escaped in it; and what only some readers take for text.
    let is_letter = |byte: &u8| match byte {
        b'"' | b'\'' | b'\\' | b'`' | 0..b' ' | 0x7f => false,
        // A template's own signs.
        b'$' | b'%' => format != Format::Hcl,
        b' ' | b'#' | b',' | b'[' | b']' | b'&' | b'|' | b'>' | b'<' => !is_plain,
        _ => byte.is_ascii(),
    };
    let is_mark = |pair: &[u8]| {
        matches!(
            pair,
            b"{{" | b"}}" | b"{%" | b"%}" | b"<%" | b"%>" | b"{#" | b"%{" | b"#{"
        )
    };
    bytes.iter().all(is_letter)
        && !bytes.windows(2).any(is_mark)
        && (!is_plain
            || bytes.first().is_some_and(u8::is_ascii_alphabetic)
                && !text.ends_with(':')
                && plain_type(text) == ScalarType::String)
}

/// Moves what lies behind an edit.
fn shift(read: &mut Reading, retyped: &Retyped) {
    let nodes = read.arena.nodes.iter_mut();
    nodes.for_each(|node| retyped.shift(&mut node.span));
    let tags = read.arena.tags.iter_mut();
    tags.for_each(|tag| retyped.shift(&mut tag.span));
    let comments = read.comments.iter_mut();
    comments.for_each(|comment| retyped.shift(&mut comment.span));
    let problems = read.problems.iter_mut();
    problems.for_each(|problem| retyped.shift(&mut problem.span));
}
