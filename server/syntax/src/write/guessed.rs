//! What recovery has guessed: the parts of a text that no strict reader takes for what the tree says.

use std::collections::HashMap;

use super::Edit;
use crate::{NodeId, ProblemKind, Span, Style, Tree, View};

/// Whether an edit changes something in a collection that isn't written as its format wants, or around it.
pub(super) fn are_met(tree: &Tree, edits: &[Edit]) -> bool {
    let guesses = tree
        .problems()
        .iter()
        .filter(|problem| match problem.kind {
            ProblemKind::Syntax
            | ProblemKind::Tab
            | ProblemKind::TooDeep
            | ProblemKind::TooLarge
            | ProblemKind::UnknownAlias => true,
            ProblemKind::UnquotedStar
            | ProblemKind::Templated
            | ProblemKind::Expansion
            | ProblemKind::Embedded => false,
        })
        .map(|problem| innermost(tree, problem.span.start));
    let within = |inner: NodeId, outer: NodeId| {
        std::iter::successors(Some(inner), |node| tree.parent(*node)).any(|node| node == outer)
    };
    guesses.into_iter().any(|guess| {
        edits.iter().any(|edit| {
            guess.is_none_or(|guess| within(edit.node(), guess) || within(guess, edit.node()))
        })
    }) || tree.format().is_json() && are_loose(tree, edits)
}

/// Whether a collection of JSON that edits change, or one in it or around it, lacks something. The strict reader stops at
/// the first slip, so no problem tells of those behind it.
fn are_loose(tree: &Tree, edits: &[Edit]) -> bool {
    // What is around the edits, each with where the last of the entries begins that hold one.
    let mut around: HashMap<NodeId, u32> = HashMap::new();
    let mut inside = Vec::new();
    for edit in edits {
        let is_scalar = matches!(tree.view(edit.node()), View::Scalar(_));
        let own = tree.parent(edit.node()).filter(|_| is_scalar);
        let own = own.unwrap_or(edit.node());
        // What stands behind it further out may still be missing: it is being typed.
        let mut inner = own;
        while let Some(outer) = tree.parent(inner) {
            let start = tree.span(inner).start;
            let known = around.insert(outer, start);
            if let Some(known) = known {
                around.insert(outer, known.max(start));
                break;
            }
            inner = outer;
        }
        if !is_spelled_out(tree, own, None) {
            return true;
        }
        inside.push(edit.node());
    }
    let mut around = around.into_iter();
    if around.any(|(outer, until)| !is_spelled_out(tree, outer, Some(until))) {
        return true;
    }
    while let Some(node) = inside.pop() {
        if !is_spelled_out(tree, node, None) {
            return true;
        }
        match tree.view(node) {
            View::Mapping(pairs) => inside.extend(pairs.iter().map(|pair| pair.value)),
            View::Sequence(items) => inside.extend(items),
            View::Tagged(_, inner) => inside.push(inner),
            View::Scalar(_) | View::Alias(_) | View::Invalid => {}
        }
    }
    false
}

/// Whether a collection has its brackets, and all commas, colons and quotes of keys between them; with `until`, up to the entry
/// that holds that offset.
fn is_spelled_out(tree: &Tree, id: NodeId, until: Option<u32>) -> bool {
    let ends = |start: u32| until.is_some_and(|until| start >= until);
    let Span { start, end } = tree.span(id);
    let is_quoted = |key: NodeId| {
        let text = tree.source().get(tree.span(key).range());
        tree.style(key) == Style::DoubleQuoted
            && text.is_some_and(|text| text.len() > 1 && text.ends_with('"'))
    };
    let is = |start: u32, end: u32, signs: &[&str]| {
        between(tree, start, end).is_some_and(|text| signs.contains(&text.as_str()))
    };
    let mut at = start;
    let mut is_first = true;
    match tree.view(id) {
        View::Mapping(pairs) => {
            for pair in pairs {
                let (key, value) = (tree.span(pair.key), tree.span(pair.value));
                let sign = if is_first { "{" } else { "," };
                if !is_quoted(pair.key)
                    || !is(at, key.start, &[sign])
                    || !is(key.end, value.start, &[":"])
                {
                    return false;
                }
                if ends(value.start) {
                    return true;
                }
                (at, is_first) = (value.end, false);
            }
            let closes: &[&str] = if is_first { &["{}"] } else { &["}", ",}"] };
            is(at, end, closes)
        }
        View::Sequence(items) => {
            for item in items {
                let item = tree.span(*item);
                let sign = if is_first { "[" } else { "," };
                if !is(at, item.start, &[sign]) {
                    return false;
                }
                if ends(item.start) {
                    return true;
                }
                (at, is_first) = (item.end, false);
            }
            let closes: &[&str] = if is_first { &["[]"] } else { &["]", ",]"] };
            is(at, end, closes)
        }
        View::Tagged(_, inner) => {
            let inner = tree.span(inner);
            let open = between(tree, start, inner.start);
            open.is_some_and(|text| text.starts_with("{\"") && text.ends_with("\":"))
                && (ends(inner.start) || is(inner.end, end, &["}", ",}"]))
        }
        View::Scalar(_) | View::Alias(_) | View::Invalid => true,
    }
}

/// What is written between two offsets, without white space and comments.
fn between(tree: &Tree, start: u32, end: u32) -> Option<String> {
    let comments = tree.comments();
    let from = comments.partition_point(|comment| comment.span.start < start);
    let comments = comments.get(from..)?.iter().map(|comment| comment.span);
    let mut out = String::new();
    let mut at = start as usize;
    for comment in comments.take_while(|comment| comment.end <= end) {
        out.push_str(tree.source().get(at..comment.start as usize)?);
        at = comment.end as usize;
    }
    out.push_str(tree.source().get(at..end as usize)?);
    out.retain(|char| !char.is_whitespace());
    Some(out)
}

/// The innermost collection around an offset; `None` where there is none.
fn innermost(tree: &Tree, at: u32) -> Option<NodeId> {
    let holds = |node: &NodeId| tree.span(*node).touches(at);
    let mut node = tree.documents().iter().copied().find(holds)?;
    let mut found = None;
    loop {
        let next = match tree.view(node) {
            View::Mapping(pairs) => {
                found = Some(node);
                pairs.iter().map(|pair| pair.value).find(holds)
            }
            View::Sequence(items) => {
                found = Some(node);
                items.iter().copied().find(holds)
            }
            View::Tagged(_, inner) => Some(inner).filter(holds),
            _ => None,
        };
        match next {
            Some(next) => node = next,
            None => return found,
        }
    }
}
