//! Tests of the readers as a whole.

mod cost;
pub(crate) mod embedded;
mod generate;
mod guards;
mod hcl;
mod json;
mod marks;
mod properties;
mod recovery;
mod retyped;
mod trace;
mod within;
mod yaml;

use crate::{Format, NodeId, ProblemKind, ScalarType, Tree, View};

/// A tree on one line: `{key: value}`, `[item]`, `Fn::Sub(value)`, `*(anchored)`, `<not understood>`, `~` for
/// nothing.
pub(crate) fn show(tree: &Tree) -> String {
    let documents: Vec<String> = tree
        .documents()
        .iter()
        .map(|id| show_node(tree, *id))
        .collect();
    documents.join(" --- ")
}

pub(crate) fn show_node(tree: &Tree, id: NodeId) -> String {
    match tree.view(id) {
        View::Mapping(pairs) => {
            let pairs: Vec<String> = pairs
                .iter()
                .map(|pair| {
                    format!(
                        "{}: {}",
                        show_node(tree, pair.key),
                        show_node(tree, pair.value)
                    )
                })
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
        View::Sequence(items) => {
            let items: Vec<String> = items.iter().map(|item| show_node(tree, *item)).collect();
            format!("[{}]", items.join(", "))
        }
        View::Scalar("") if tree.scalar_type(id) == ScalarType::Null => "~".to_owned(),
        View::Scalar(text) => text.replace('\n', "⏎"),
        View::Tagged(tag, inner) => format!("{}({})", tag.name, show_node(tree, inner)),
        View::Alias(Some(target)) => format!("*({})", show_node(tree, target)),
        View::Alias(None) => "*?".to_owned(),
        View::Invalid => format!(
            "<{}>",
            &tree.source()[tree.span(id).range()].replace('\n', "⏎")
        ),
    }
}

/// The problems, each as its kind and the text that it is about.
pub(crate) fn problems(tree: &Tree) -> Vec<(ProblemKind, String)> {
    let text = |problem: &crate::Problem| tree.source()[problem.span.range()].to_owned();
    tree.problems()
        .iter()
        .map(|problem| (problem.kind, text(problem)))
        .collect()
}

pub(crate) fn yaml(source: &str) -> Tree {
    let tree = Tree::parse(source.to_owned(), Format::Yaml);
    sound(&tree);
    tree
}

pub(crate) fn hcl(source: &str) -> Tree {
    let tree = Tree::parse(source.to_owned(), Format::Hcl);
    sound(&tree);
    tree
}

pub(crate) fn json(source: &str) -> Tree {
    let tree = Tree::parse(source.to_owned(), Format::Json);
    sound(&tree);
    tree
}

/// What holds for every tree: spans lie in order within each other, children know their parents, and texts can be
/// followed to their source and back.
pub(crate) fn sound(tree: &Tree) {
    let mut open: Vec<NodeId> = tree.documents().to_vec();
    let source = tree.source();
    let mut last = 0;
    for document in tree.documents() {
        assert_eq!(tree.parent(*document), None, "{source:?}");
        assert!(
            last <= tree.span(*document).start,
            "documents overlap in {source:?}\n{}",
            tree.outline()
        );
        last = tree.span(*document).end;
    }
    while let Some(id) = open.pop() {
        let span = tree.span(id);
        assert!(source.get(span.range()).is_some(), "{span:?} in {source:?}");
        assert!(
            span.contains(tree.content_span(id)),
            "{source:?}\n{}",
            tree.outline()
        );
        let children: Vec<NodeId> = match tree.view(id) {
            View::Mapping(pairs) => pairs
                .iter()
                .flat_map(|pair| [pair.key, pair.value])
                .collect(),
            View::Sequence(items) => items.to_vec(),
            View::Tagged(_, inner) => vec![inner],
            View::Scalar(text) => {
                let content = tree.content_span(id);
                let mut last = None;
                for (at, character) in text.char_indices() {
                    let place = tree.source_span(id, at..at + character.len_utf8());
                    assert!(
                        content.contains(place),
                        "{at} of {text:?} is at {place:?} in {source:?}"
                    );
                    let back = tree.decoded_offset(id, place.start);
                    assert!(
                        back.is_some_and(|back| back <= at || place.is_empty()),
                        "{at} of {text:?} at {place:?} is {back:?} in {source:?}"
                    );
                    // A unit of several characters leads back to its first one.
                    let is_first = last.replace(place) != Some(place);
                    if source.get(place.range()) == Some(&text[at..at + character.len_utf8()])
                        && !place.is_empty()
                        && is_first
                    {
                        assert_eq!(
                            back,
                            Some(at),
                            "{at} of {text:?} at {place:?} in {source:?}"
                        );
                    }
                }
                tree.embedded(id).into_iter().collect()
            }
            View::Alias(_) | View::Invalid => vec![],
        };
        let mut end = span.start;
        for child in children {
            // The variables of a `Fn::Sub` are shared by all texts of the document in its string.
            if tree.host(id).is_some() && tree.host(child) != tree.host(id) {
                continue;
            }
            let inner = tree.span(child);
            assert_eq!(
                tree.parent(child),
                Some(id),
                "{source:?}\n{}",
                tree.outline()
            );
            assert!(
                span.contains(inner) && end <= inner.start,
                "{inner:?} in {span:?} in {source:?}\n{}",
                tree.outline()
            );
            end = inner.end;
            open.push(child);
        }
    }
    let ends: Vec<u32> = tree
        .comments()
        .iter()
        .flat_map(|comment| [comment.span.start, comment.span.end])
        .collect();
    assert!(ends.is_sorted(), "{source:?}");
    assert!(
        tree.problems()
            .is_sorted_by_key(|problem| problem.span.start),
        "{source:?}"
    );
    assert!(
        tree.problems()
            .iter()
            .all(|problem| source.get(problem.span.range()).is_some()),
        "{source:?}"
    );
}
