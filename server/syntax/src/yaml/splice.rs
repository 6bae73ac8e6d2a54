//! Reading only the pair or item again that an edit of a YAML text lies in.
//!
//! A pair (or item) of a collection in block style that begins its own lines is, with the lines up to the next
//! one, a text of its own. If those lines are valid before and after an edit, begin at the same column, and hold
//! nothing that reaches beyond them (anchors, directives, document marks), then all the rest of the text is read
//! as it was. Whatever is not so, or only doubtful, is left to a reading of the whole text.

use super::scalar::line_end;
use super::word::Word;
use super::{Names, strict};
use crate::arena::Kind;
use crate::embed;
use crate::limits::PIECES_TRIED;
use crate::reading::ReadingMark;
use crate::{Change, Limits, NodeId, Pair, ProblemKind, Span, Style, Tree};

/// A pair or item that may be read by itself.
struct Piece {
    collection: NodeId,
    index: usize,
    /// How many collections are around its own one.
    depth: u32,
    /// Its lines, before the edit.
    start: usize,
    end: usize,
    column: usize,
}

/// Replaces `edit` in the text of `tree` and reads the smallest piece again that holds it. Tells the collection that the piece is
/// in, or the scalar in it that alone has changed; nothing, and a text that is not changed, if the whole text must be read.
pub(crate) fn edit(tree: &mut Tree, edit: Span, replacement: &str) -> Option<Change> {
    let pieces = pieces(tree, edit)?;
    let new_length = tree.source.len() - edit.len() as usize + replacement.len();
    if new_length > tree.limits.size || replacement.contains('\u{FEFF}') {
        return None;
    }
    for piece in pieces.iter().rev().take(PIECES_TRIED) {
        if piece.end - piece.start > tree.source.len() / 2 + 256 {
            return None;
        }
        let old = tree.source.get(piece.start..piece.end)?;
        let (from, to) = (
            edit.start as usize - piece.start,
            edit.end as usize - piece.start,
        );
        let mut text = String::with_capacity(old.len() + replacement.len());
        text.push_str(old.get(..from)?);
        text.push_str(replacement);
        text.push_str(old.get(to..)?);
        let is_last = piece.end == tree.source.len();
        if !(is_last || text.ends_with('\n')) || has_marks(&text) {
            continue;
        }
        let word = Word::of(tree, (piece.collection, piece.index), edit, replacement);
        if let Some((children, mark)) = read(tree, piece, &text, edit, replacement) {
            if let Some(word) = word
                && let Some(value) = word.is_replaced_by(tree, &children, mark)
            {
                move_behind(tree, piece, mark, text.len());
                let (retyped, is_key) = word.replace(tree, value, edit, replacement);
                if is_key {
                    tree.garbage += 2;
                } else {
                    tree.read.rollback_nodes(mark);
                }
                if retyped.turns {
                    tree.garbage += 2;
                }
                stretch(tree, piece.collection)?;
                return Some(Change::Text(retyped));
            }
            return splice(tree, piece, &children, mark, text.len()).map(Change::Within);
        }
    }
    None
}

/// Whether a line begins with a document mark or a directive.
pub(crate) fn has_marks(text: &str) -> bool {
    let marks =
        |line: &str| line.starts_with("---") || line.starts_with("...") || line.starts_with('%');
    text.split(['\n', '\r']).any(marks)
}

/// Whether a document stands alone in its file, without problems, names, directives or marks.
fn is_plain(tree: &Tree, root: NodeId) -> Option<bool> {
    let problems = &tree.read.problems;
    let is_valid = problems
        .iter()
        .all(|problem| problem.kind == ProblemKind::Embedded);
    let span = tree.span(root);
    // A directive may declare tags; a mark may end the document.
    let before = tree.source.get(..span.start as usize)?;
    let behind = tree.source.get(span.end as usize..)?;
    let is_bare = |line: &str| line.trim_start().is_empty() || line.trim_start().starts_with('#');
    let is_alone = !before.split(['\n', '\r']).any(|line| line.starts_with('%'))
        && behind.split(['\n', '\r']).all(is_bare);
    Some(tree.read.is_strict && is_valid && tree.read.arena.anchors.is_empty() && is_alone)
}

/// The pairs and items that an edit lies in, the innermost last.
fn pieces(tree: &Tree, edit: Span) -> Option<Vec<Piece>> {
    let [root] = tree.read.documents.as_slice() else {
        return None;
    };
    if !is_plain(tree, *root)? {
        return None;
    }
    let (bytes, arena) = (tree.source.as_bytes(), &tree.read.arena);
    let mut pieces = Vec::new();
    let (mut node, mut depth, mut stop) = (*root, 0, bytes.len());
    loop {
        let found = arena.node(node);
        let starts: Box<dyn Fn(usize) -> Option<usize> + '_> = match found.kind {
            Kind::Tagged => {
                let is_long = arena
                    .tags
                    .get(found.a as usize)
                    .is_some_and(|tag| !tag.short);
                depth += u32::from(is_long);
                node = NodeId(found.b);
                continue;
            }
            Kind::Mapping if found.style == Style::Block => {
                let pairs = arena.pairs_of(&found);
                Box::new(|index| {
                    pairs
                        .get(index)
                        .map(|pair| tree.span(pair.key).start as usize)
                })
            }
            Kind::Sequence if found.style == Style::Block => {
                let items = arena.items_of(&found);
                Box::new(move |index: usize| {
                    // The dash: at the start of the sequence, or the next thing behind the item before.
                    if index >= items.len() {
                        None
                    } else if index == 0 {
                        Some(found.span.start as usize)
                    } else {
                        let end = tree.span(*items.get(index - 1)?).end as usize;
                        Some(trivia(bytes, end)).filter(|at| bytes.get(*at) == Some(&b'-'))
                    }
                })
            }
            _ => return Some(pieces),
        };
        // The last child that begins at or before the edit; those of a sequence are found by their content.
        let index = match found.kind {
            Kind::Mapping => arena
                .pairs_of(&found)
                .partition_point(|pair| tree.span(pair.key).start <= edit.start),
            _ => arena
                .items_of(&found)
                .partition_point(|item| tree.span(*item).start <= edit.start),
        }
        .saturating_sub(1);
        let next = match found.kind {
            Kind::Mapping => arena.pairs_of(&found).get(index).map(|pair| pair.value),
            _ => arena.items_of(&found).get(index).copied(),
        };
        let begin = starts(index).and_then(|at| own_line(bytes, at));
        let end = match starts(index + 1) {
            Some(at) => own_line(bytes, at).map(|(line, _)| line),
            None if index + 1 < found.b as usize => None,
            None => Some(stop),
        };
        let Some(end) = end else { return Some(pieces) };
        stop = end;
        if let Some((start, column)) = begin {
            let inside = start <= edit.start as usize
                && (edit.end as usize) < end.max(start + 1) + usize::from(end == bytes.len());
            if inside {
                pieces.push(Piece {
                    collection: node,
                    index,
                    depth,
                    start,
                    end,
                    column,
                });
            }
        }
        depth += 1;
        drop(starts);
        match next {
            Some(next) => node = next,
            None => return Some(pieces),
        }
    }
}

/// Passes over white space and comments.
pub(crate) fn trivia(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'\n' | b'\r') => at += 1,
            Some(b'#') => at = line_end(bytes, at),
            _ => return at,
        }
    }
}

/// The beginning of the line that `at` is on, and its column, if only spaces come before it.
pub(crate) fn own_line(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let before = bytes.get(..at)?;
    let spaces = before
        .iter()
        .rev()
        .take_while(|byte| **byte == b' ')
        .count();
    let line = at - spaces;
    matches!(bytes.get(line.wrapping_sub(1)), None | Some(b'\n' | b'\r')).then_some((line, spaces))
}

/// Changes the text and reads the lines of a piece into the arena. If they are not what they were, everything is
/// as before.
fn read(
    tree: &mut Tree,
    piece: &Piece,
    text: &str,
    edit: Span,
    replacement: &str,
) -> Option<(Vec<NodeId>, ReadingMark)> {
    let mark = tree.read.mark();
    let documents = tree.read.documents.len();
    let comments = tree.read.comments.len();
    let removed = tree.source.get(edit.range())?.to_owned();
    tree.source.replace_range(edit.range(), replacement);
    let limits = Limits {
        depth: tree.limits.depth.saturating_sub(piece.depth),
        ..tree.limits
    };
    let known = Names::new();
    let read = strict::read(
        &tree.source,
        text,
        piece.start,
        &limits,
        &known,
        &mut tree.read,
    );
    let is_read = read.is_ok_and(|names| names.is_empty());
    super::values(&tree.source, &mut tree.read.arena, mark.nodes());
    let children =
        children(tree, piece, documents).filter(|_| is_read && fits(tree, piece, text, mark));
    if let Some(children) = children {
        tree.read.documents.truncate(documents);
        // The comments of the piece take the place of its former ones; the others move.
        let new = tree.read.comments.split_off(comments);
        let delta = text.len() as i64 - (piece.end - piece.start) as i64;
        let first = tree
            .read
            .comments
            .partition_point(|comment| (comment.span.start as usize) < piece.start);
        let behind = tree
            .read
            .comments
            .partition_point(|comment| (comment.span.start as usize) < piece.end);
        for comment in tree.read.comments.get_mut(behind..).unwrap_or_default() {
            comment.span = moved(comment.span, delta);
        }
        tree.read.comments.splice(first..behind, new);
        // Problems are those of documents in strings, which are read again with the piece.
        let (start, end) = (piece.start as u32, piece.end as u32);
        tree.read
            .problems
            .retain(|problem| problem.span.start < start || problem.span.start > end);
        for problem in &mut tree.read.problems {
            if problem.span.start > end {
                problem.span = moved(problem.span, delta);
            }
        }
        return Some((children, mark));
    }
    tree.read.rollback(mark);
    let end = edit.start as usize + replacement.len();
    tree.source
        .replace_range(edit.start as usize..end, &removed);
    None
}

/// Whether what was read is a piece of the same kind as before, and of nothing else.
fn fits(tree: &Tree, piece: &Piece, text: &str, mark: ReadingMark) -> bool {
    let root = tree
        .read
        .documents
        .last()
        .map(|root| tree.span(*root).start as usize);
    let indentation = text.get(..piece.column).unwrap_or("-");
    tree.read.arena.anchors.is_empty()
        && tree.read.problems.len() == mark.problems()
        && root == Some(piece.start + piece.column)
        && indentation.bytes().all(|byte| byte == b' ')
}

/// The pairs (keys and values by turns) or items that were read, if they may stand in the piece's collection.
fn children(tree: &Tree, piece: &Piece, documents: usize) -> Option<Vec<NodeId>> {
    let arena = &tree.read.arena;
    let [root] = tree.read.documents.get(documents..)? else {
        return None;
    };
    let (node, collection) = (arena.node(*root), arena.node(piece.collection));
    match (collection.kind, node.kind) {
        (Kind::Sequence, Kind::Sequence) if node.style == Style::Block => {
            Some(arena.items_of(&node).to_vec())
        }
        (Kind::Mapping, Kind::Mapping) if node.style == Style::Block => Some(
            arena
                .pairs_of(&node)
                .iter()
                .flat_map(|pair| [pair.key, pair.value])
                .collect(),
        ),
        // One pair by the name of a function: it is none among others.
        (Kind::Mapping, Kind::Tagged)
            if node.style == Style::Block
                && arena
                    .tags
                    .get(node.a as usize)
                    .is_some_and(|tag| !tag.short) =>
        {
            (collection.b > 1).then(|| vec![NodeId(root.0 + 1), NodeId(node.b)])
        }
        _ => None,
    }
}

fn moved(span: Span, delta: i64) -> Span {
    let shift = |at: u32| u32::try_from(i64::from(at) + delta).unwrap_or(0);
    Span::new(shift(span.start), shift(span.end))
}

/// Moves what lies behind a piece that has another length now; what is around it gets its end from [`stretch`].
fn move_behind(tree: &mut Tree, piece: &Piece, mark: ReadingMark, length: usize) {
    let delta = length as i64 - (piece.end - piece.start) as i64;
    let arena = &mut tree.read.arena;
    for node in arena.nodes.iter_mut().take(mark.nodes()) {
        if node.span.start as usize >= piece.end {
            node.span = moved(node.span, delta);
        } else if node.span.end as usize >= piece.end {
            node.span.end = moved(node.span, delta).end;
        }
    }
    for tag in arena.tags.iter_mut().take(mark.tags()) {
        if tag.span.start as usize >= piece.end {
            tag.span = moved(tag.span, delta);
        }
    }
}

/// Gives everything around a piece the end of its last child.
fn stretch(tree: &mut Tree, collection: NodeId) -> Option<()> {
    let mut around = Some(collection);
    while let Some(id) = around {
        let arena = &mut tree.read.arena;
        let node = arena.node(id);
        let last = match node.kind {
            Kind::Mapping => arena.pairs_of(&node).last().map(|pair| pair.value),
            Kind::Sequence => arena.items_of(&node).last().copied(),
            _ => Some(NodeId(node.b)),
        };
        if let Some(last) = last {
            let end = arena.node(last).span.end;
            arena.node_mut(id)?.span.end = end;
        }
        around = tree.parent(id);
    }
    Some(())
}

/// Puts new children in the place of the piece's, and moves what lies behind it.
fn splice(
    tree: &mut Tree,
    piece: &Piece,
    children: &[NodeId],
    mark: ReadingMark,
    length: usize,
) -> Option<NodeId> {
    let collection = piece.collection;
    let node = tree.read.arena.node(collection);
    let is_mapping = node.kind == Kind::Mapping;
    move_behind(tree, piece, mark, length);
    let arena = &mut tree.read.arena;
    for child in children {
        arena.set_parent(*child, collection);
    }
    let at = node.a as usize + piece.index;
    let gone;
    if is_mapping {
        let new: Vec<Pair> = children
            .chunks_exact(2)
            .filter_map(|pair| match pair {
                [key, value] => Some(Pair {
                    key: *key,
                    value: *value,
                }),
                _ => None,
            })
            .collect();
        let old = *arena.pairs.get(at)?;
        gone = vec![old.key, old.value];
        if let [pair] = new.as_slice() {
            *arena.pairs.get_mut(at)? = *pair;
        } else {
            let mut all = arena.pairs_of(&node).to_vec();
            all.splice(piece.index..piece.index + 1, new);
            let (a, b) = (arena.pairs.len() as u32, all.len() as u32);
            arena.pairs.extend(all);
            let node = arena.node_mut(collection)?;
            (node.a, node.b) = (a, b);
        }
    } else {
        gone = vec![*arena.items.get(at)?];
        if let [item] = children {
            *arena.items.get_mut(at)? = *item;
        } else {
            let mut all = arena.items_of(&node).to_vec();
            all.splice(piece.index..piece.index + 1, children.iter().copied());
            let (a, b) = (arena.items.len() as u32, all.len() as u32);
            arena.items.extend(all);
            let node = arena.node_mut(collection)?;
            (node.a, node.b) = (a, b);
        }
    }
    tree.garbage += 1 + tree.count_below(gone);

    stretch(tree, collection)?;
    embed::read_strings(&tree.source, &mut tree.read, mark.nodes(), &tree.limits, 0);
    Some(collection)
}
