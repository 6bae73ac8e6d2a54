//! Reading only the list, object or body again that an edit of JSON or HCL lies in.
//!
//! What stands between two brackets means the same whatever stands around them, as long as it is valid and ends at the bracket where it
//! ended before. So the innermost brackets around the edit are read for themselves, in their place, and all that lies behind them
//! moves. Whatever is not so, or only doubtful, is left to a reading of the whole text.

use crate::arena::{Arena, Kind, Node};
use crate::limits::PIECES_TRIED;
use crate::reading::{Reading, ReadingMark};
use crate::retyped::Gone;
use crate::{Change, Format, Limits, NodeId, Retyped, Span, Style, Tree, View};
use crate::{embed, hcl, json};

/// What HCL is tagged with that is no call of a function: what stands in it hangs on more than its brackets.
const NO_CALLS: [&str; 6] = [
    "hcl:template",
    "hcl:ref",
    "hcl:?",
    "hcl:for",
    "hcl:expr",
    "hcl:directive",
];

/// A list, object or body that an edit lies in.
struct Collection {
    node: NodeId,
    span: Span,
    like: (Kind, Style),
    /// How many collections are around it.
    depth: u32,
}

/// Replaces `edit` in the text of `tree` and reads the smallest collection again that holds it. Tells that collection; nothing, and a
/// text that is not changed, if the whole text must be read.
pub(crate) fn edit(tree: &mut Tree, edit: Span, replacement: &str) -> Option<Change> {
    let around = around(tree, edit)?;
    let before = tree.source.len();
    let length = before - edit.len() as usize + replacement.len();
    if length > tree.limits.size.min(tree.limits.signs) {
        return None;
    }
    let delta = length as i64 - before as i64;
    let removed = tree.source.get(edit.range())?.to_owned();
    let innermost = around.last().map(|it| it.node);
    let texts = innermost.and_then(|list| Texts::of(tree, list));
    tree.source.replace_range(edit.range(), replacement);
    let small = |it: &&Collection| it.span.len() as usize <= before / 2 + 256;
    for collection in around.iter().rev().take(PIECES_TRIED).take_while(small) {
        let mark = tree.read.mark();
        if let Some((root, part)) = read(tree, collection, delta) {
            put(tree, collection, (root, part), mark, delta);
            let texts = texts.filter(|_| innermost == Some(collection.node));
            let listed = texts.and_then(|texts| texts.after(tree, collection, edit, delta));
            return Some(listed.map_or(Change::Within(collection.node), Change::Text));
        }
        tree.read.rollback_nodes(mark);
    }
    let end = edit.start as usize + replacement.len();
    tree.source
        .replace_range(edit.start as usize..end, &removed);
    None
}

/// The collections that an edit lies in, between their brackets, the innermost last.
fn around(tree: &Tree, edit: Span) -> Option<Vec<Collection>> {
    let arena = &tree.read.arena;
    let [root] = tree.read.documents.as_slice() else {
        return None;
    };
    if !tree.read.is_plain() {
        return None;
    }
    let is_around = |id: NodeId| {
        let span = tree.span(id);
        span.start < edit.start && edit.end < span.end
    };
    let begins = |id: NodeId| tree.span(id).start <= edit.start;
    let mut found = Vec::new();
    let (mut at, mut depth) = (*root, 0);
    // What stands in a string is read with the string.
    while tree.embedding(at).is_none() && !embed::template::is_candidate(arena, &tree.source, at) {
        let node = arena.node(at);
        if is_around(at) && is_in_brackets(tree, node.span) {
            found.push(Collection {
                node: at,
                span: node.span,
                like: (node.kind, node.style),
                depth,
            });
        }
        let next = match tree.seen(at) {
            View::Mapping(pairs) => {
                let behind = pairs.partition_point(|pair| begins(pair.key));
                let pair = behind.checked_sub(1).and_then(|last| pairs.get(last));
                pair.map(|pair| pair.value)
            }
            View::Sequence(items) => {
                let behind = items.partition_point(|item| begins(*item));
                behind
                    .checked_sub(1)
                    .and_then(|last| items.get(last).copied())
            }
            View::Tagged(tag, inner) => {
                // What a document in a string shares with it stands in another part of its list.
                let is_shared = tag.name == "Fn::Sub" && arena.node(inner).kind != Kind::Scalar;
                let is_apart = !is_shared && !NO_CALLS.contains(&tag.name.as_str());
                is_apart.then_some(inner)
            }
            View::Scalar(_) | View::Alias(_) | View::Invalid => None,
        };
        match next.filter(|next| is_around(*next)) {
            Some(next) => at = next,
            None => break,
        }
        depth += 1;
    }
    Some(found)
}

/// Whether something begins and ends with the brackets of a list, an object or a body.
fn is_in_brackets(tree: &Tree, span: Span) -> bool {
    let text = tree.source.as_bytes().get(span.range());
    matches!(text, Some([b'[', .., b']'] | [b'{', .., b'}']))
}

/// How many levels may be open at most in front of a collection of HCL: each thing around it is an expression in a bracket, and a
/// parenthesis is no node.
fn open_at_most(tree: &Tree, collection: &Collection) -> u32 {
    let within_root = |id: &NodeId| tree.parent(*id).is_some_and(|it| tree.parent(it).is_some());
    let parents = std::iter::successors(Some(collection.node), |id| tree.parent(*id));
    let outermost = parents.take_while(within_root).last();
    let from = outermost.map_or(0, |id| tree.span(id).start as usize);
    let before = tree
        .source
        .as_bytes()
        .get(from..collection.span.start as usize);
    let open = memchr::memchr_iter(b'(', before.unwrap_or_default()).count();
    collection.depth * 2 + u32::try_from(open).unwrap_or(u32::MAX / 2)
}

/// Reads a collection of the text as it is now, and the documents in its strings aside. Its root, and what else stands in it.
fn read(tree: &mut Tree, collection: &Collection, delta: i64) -> Option<(NodeId, Reading)> {
    let mut span = collection.span;
    span.shift(collection.span.end, delta);
    let open = open_at_most(tree, collection);
    let mut part = Reading {
        arena: std::mem::take(&mut tree.read.arena),
        ..Reading::default()
    };
    let start = span.start as usize;
    let lenient = tree.format == Format::Jsonc;
    let limits = Limits {
        depth: tree.limits.depth.saturating_sub(collection.depth),
        ..tree.limits
    };
    let root = tree.source.get(..span.end as usize).and_then(|text| {
        crate::work::did(text.len() - start);
        match tree.format {
            Format::Json | Format::Jsonc => {
                json::collection(text, start, &limits, lenient, &mut part)
            }
            Format::Hcl => {
                let place = (start, open);
                hcl::collection(text, place, collection.like, &tree.limits, &mut part)
            }
            Format::Yaml => None,
        }
    });
    tree.read.arena = std::mem::take(&mut part.arena);
    let root = root?;
    let node = tree.read.arena.node(root);
    let is_alike = (node.kind, node.style) == collection.like && node.span == span;
    is_alike.then_some((root, part))
}

/// Puts what was read since `mark` in the place of a collection, and moves what lies behind it.
fn put(
    tree: &mut Tree,
    collection: &Collection,
    (root, part): (NodeId, Reading),
    mark: ReadingMark,
    delta: i64,
) {
    let Collection { node, span, .. } = *collection;
    tree.garbage += tree.count_below(vec![node]);
    let arena = &mut tree.read.arena;
    let Arena {
        nodes, embedded, ..
    } = &mut *arena;
    let is_gone = |host: u32| {
        let host = nodes.get(host as usize);
        host.is_some_and(|host| span.contains(host.span))
    };
    embedded.retain(|entry| !is_gone(entry.host));
    // What ends with it, too.
    for node in arena.nodes.iter_mut().take(mark.nodes()) {
        node.span.shift(span.end, delta);
    }
    for tag in arena.tags.iter_mut().take(mark.tags()) {
        tag.span.shift(span.end, delta);
    }
    let parent = arena.node(node).parent;
    let read = arena.node(root);
    let children: Vec<NodeId> = match read.kind {
        Kind::Mapping => {
            let pairs = arena.pairs_of(&read).iter();
            pairs.flat_map(|pair| [pair.key, pair.value]).collect()
        }
        Kind::Tagged => vec![NodeId(read.b)],
        _ => arena.items_of(&read).to_vec(),
    };
    if let Some(place) = arena.node_mut(node) {
        *place = Node { parent, ..read };
    }
    for child in children {
        arena.set_parent(child, node);
    }
    let comments = &mut tree.read.comments;
    let first = comments.partition_point(|it| it.span.start < span.start);
    let behind = comments.partition_point(|it| it.span.start < span.end);
    for comment in comments.get_mut(behind..).unwrap_or_default() {
        comment.span.shift(span.end, delta);
    }
    comments.splice(first..behind, part.comments);
    // Those of documents in its strings, which are read again.
    let problems = &mut tree.read.problems;
    problems.retain(|problem| problem.span.start < span.start || span.end <= problem.span.start);
    for problem in problems {
        problem.span.shift(span.end, delta);
    }
    let (first, level) = (mark.nodes(), tree.level);
    embed::read_strings(&tree.source, &mut tree.read, first, &tree.limits, level);
}

/// A list of texts, as it was before an edit.
struct Texts {
    text: String,
    items: Vec<Gone>,
}

impl Texts {
    /// What stands in a list, if that is texts and nothing else.
    fn of(tree: &Tree, list: NodeId) -> Option<Texts> {
        let items = texts(tree, list)?;
        let text = tree.source.get(tree.span(list).range())?.to_owned();
        Some(Texts { text, items })
    }

    /// The edit as one of the list's, if texts are all that stands in it now, too.
    fn after(
        self,
        tree: &Tree,
        collection: &Collection,
        edit: Span,
        delta: i64,
    ) -> Option<Retyped> {
        texts(tree, collection.node)?;
        Some(Retyped {
            scalar: collection.node,
            before: self.text,
            turns: false,
            gone: Some(self.items),
            was: collection.span,
            now: tree.span(collection.node),
            edit,
            delta,
        })
    }
}

/// The items of a list with their texts, if all are scalars without documents in them, and there are no comments among them.
fn texts(tree: &Tree, list: NodeId) -> Option<Vec<Gone>> {
    let arena: &Arena = &tree.read.arena;
    let View::Sequence(items) = tree.seen(list) else {
        return None;
    };
    let span = tree.span(list);
    let comments = &tree.read.comments;
    let behind = comments.partition_point(|it| it.span.start < span.start);
    let next = comments.get(behind);
    let is_bare = next.is_none_or(|next| span.end <= next.span.start);
    let text = |item: &NodeId| {
        let node = arena.node(*item);
        let is_text = node.kind == Kind::Scalar && tree.embedding(*item).is_none();
        let text = arena.text_of(&tree.source, &node).filter(|_| is_text)?;
        Some(Gone {
            item: *item,
            text: text.to_owned(),
        })
    };
    items
        .iter()
        .map(text)
        .collect::<Option<Vec<_>>>()
        .filter(|_| is_bare)
}
