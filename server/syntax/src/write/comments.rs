//! The proof that no comment is lost: what stands in the source stands in the result, but for the comments of entries
//! that are taken away for good.

use std::collections::{HashMap, HashSet};

use super::lines::Lines;
use super::{Edit, InsertAt, NewValue};
use crate::{Comment, NodeId, Span, Style, Tree, View};

/// Whether `after`, which is that part of `tree` with `edits` made, has each comment there that isn't one of a removed entry.
pub(super) fn are_kept(tree: &Tree, part: Span, edits: &[Edit], after: &Tree) -> bool {
    let comments = tree.comments();
    let first = comments.partition_point(|comment| comment.span.start < part.start);
    let last = comments.partition_point(|comment| comment.span.start < part.end);
    let comments = comments.get(first..last).unwrap_or_default();
    let (was, is) = (texts(tree, comments), texts(after, after.comments()));
    let same = was
        .iter()
        .zip(&is)
        .take_while(|(was, is)| was == is)
        .count();
    let (was, is) = (was.get(same..), is.get(same..));
    let (was, is) = (was.unwrap_or_default(), is.unwrap_or_default());
    if was.is_empty() {
        return true;
    }
    let mut missing: HashMap<&str, usize> = HashMap::new();
    for text in was {
        *missing.entry(text).or_default() += 1;
    }
    for text in is {
        if let Some(count) = missing.get_mut(text) {
            *count = count.saturating_sub(1);
        }
    }
    missing.retain(|_, count| *count > 0);
    if missing.is_empty() {
        return true;
    }
    let removed = removed(tree, edits);
    for comment in comments {
        let is_removed = removed.iter().any(|span| span.contains(comment.span));
        if is_removed && let Some(count) = missing.get_mut(text(tree, comment.span)) {
            *count = count.saturating_sub(1);
        }
    }
    missing.values().all(|count| *count == 0)
}

fn text(tree: &Tree, span: Span) -> &str {
    tree.source()
        .get(span.range())
        .unwrap_or_default()
        .trim_end()
}

fn texts<'t>(tree: &'t Tree, comments: &[Comment]) -> Vec<&'t str> {
    let comments = comments.iter();
    comments.map(|comment| text(tree, comment.span)).collect()
}

/// Where the entries are written, with what stands around them, that go and that nothing takes the place of.
fn removed(tree: &Tree, edits: &[Edit]) -> Vec<Span> {
    let mut stays: HashSet<NodeId> = HashSet::new();
    for edit in edits {
        match edit {
            Edit::InsertItem { place, value, .. } | Edit::InsertPair { place, value, .. } => {
                if let InsertAt::After(entry) | InsertAt::Before(entry) = place {
                    stays.insert(*entry);
                }
                copied(value, &mut stays);
            }
            Edit::Replace { value, .. } => copied(value, &mut stays),
            _ => {}
        }
    }
    let mut spans = Vec::new();
    for edit in edits {
        let (list, entry) = match edit {
            Edit::RemoveItem { list, item } => (*list, *item),
            Edit::RemovePair { mapping, key } => (*mapping, *key),
            _ => continue,
        };
        if !stays.contains(&entry) {
            spans.extend(span_with_gaps(tree, list, entry, &stays));
        }
    }
    spans
}

/// The nodes that a value copies.
pub(super) fn copied(value: &NewValue, into: &mut HashSet<NodeId>) {
    match value {
        NewValue::Copy(node) => {
            into.insert(*node);
        }
        NewValue::List(items) => items.iter().for_each(|item| copied(item, into)),
        NewValue::Map(pairs) => pairs.iter().for_each(|(_, value)| copied(value, into)),
        NewValue::Str(_) | NewValue::Sub(_) | NewValue::Attribute { .. } | NewValue::Ref(_) => {}
    }
}

/// An entry with all that stands between the entries before and behind it, but what is on the line of the one before.
fn span_with_gaps(
    tree: &Tree,
    list: NodeId,
    entry: NodeId,
    stays: &HashSet<NodeId>,
) -> Option<Span> {
    let own = tree.span(list);
    let entries: Vec<(NodeId, Span)> = match tree.view(list) {
        View::Sequence(items) => items.iter().map(|item| (*item, tree.span(*item))).collect(),
        View::Mapping(pairs) => {
            let pair = |pair: &crate::Pair| {
                let end = tree.span(pair.value).end.max(tree.span(pair.key).end);
                (pair.key, Span::new(tree.span(pair.key).start, end))
            };
            let own = pairs.iter().find(|pair| pair.key == entry)?;
            // The value goes elsewhere, and so do its comments.
            if stays.contains(&own.value) {
                return None;
            }
            pairs.iter().map(pair).collect()
        }
        _ => return None,
    };
    let at = entries.iter().position(|(id, _)| *id == entry)?;
    let lines = Lines::new(tree);
    let start = entries.get(at)?.1.start as usize;
    let mut before = lines.token_end_before(start);
    let is_dashed =
        tree.style(list) == Style::Block && matches!(tree.view(list), View::Sequence(_));
    if is_dashed && lines.slice(0, before).ends_with('-') {
        before = lines.token_end_before(before - 1);
    }
    let eol = lines.eol(before);
    let from = if eol < start { eol } else { before };
    let end = own.end as usize;
    let to = match entries.get(at + 1) {
        Some((_, next)) => next.start as usize,
        None if tree.style(list) == Style::Block => below(&lines, start, end),
        None => end,
    };
    Some(Span::new(from as u32, to.max(from) as u32))
}

/// Where the comments end that are indented like the text of the last entry of a block collection.
fn below(lines: &Lines, start: usize, end: usize) -> usize {
    let column = lines.column(start);
    let mut eol = lines.eol(end);
    loop {
        let line = lines.after_break(eol);
        if line == eol || lines.comment_line(line).is_none_or(|at| at < column) {
            return eol;
        }
        eol = lines.eol(line);
    }
}
