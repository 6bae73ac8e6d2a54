//! What recovery has guessed: the parts of a text that no strict reader takes for what the tree says.

use super::Edit;
use crate::{NodeId, ProblemKind, Tree, View};

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
    })
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
