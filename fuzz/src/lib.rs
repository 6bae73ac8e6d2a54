//! What holds for every tree, whatever the text.

use leastwise_syntax::{NodeId, Tree, View};

/// Fails unless spans lie in order within each other, children know their parents, and every text can be
/// followed to its source.
pub fn sound(tree: &Tree) {
    let source = tree.source();
    let mut open: Vec<NodeId> = tree.documents().to_vec();
    while let Some(id) = open.pop() {
        let span = tree.span(id);
        assert!(source.get(span.range()).is_some(), "{span:?}");
        assert!(span.contains(tree.content_span(id)), "{span:?}");
        let children: Vec<NodeId> = match tree.view(id) {
            View::Mapping(pairs) => pairs.iter().flat_map(|pair| [pair.key, pair.value]).collect(),
            View::Sequence(items) => items.to_vec(),
            View::Tagged(_, inner) => vec![inner],
            View::Scalar(text) => {
                let content = tree.content_span(id);
                for (at, character) in text.char_indices().take(200) {
                    let place = tree.source_span(id, at..at + character.len_utf8());
                    assert!(content.contains(place), "{at} of {text:?} is at {place:?}");
                    assert!(source.get(place.range()).is_some(), "{at} of {text:?} is at {place:?}");
                    assert!(tree.decoded_offset(id, place.start).is_some());
                }
                vec![]
            }
            View::Alias(_) | View::Invalid => vec![],
        };
        let mut end = span.start;
        for child in children {
            let inner = tree.span(child);
            assert_eq!(tree.parent(child), Some(id));
            assert!(span.contains(inner) && end <= inner.start, "{inner:?} in {span:?}\n{}", tree.outline());
            end = inner.end;
            open.push(child);
        }
    }
    for comment in tree.comments() {
        assert!(source.get(comment.span.range()).is_some());
    }
    for problem in tree.problems() {
        assert!(source.get(problem.span.range()).is_some());
    }
    for at in [0, 1, source.len() as u32 / 2, source.len() as u32, u32::MAX] {
        tree.node_at(at);
    }
    for document in tree.documents() {
        tree.pairs(*document);
        tree.get(*document, "Statement");
    }
}
