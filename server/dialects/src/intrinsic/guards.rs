//! The conditions of a template that a part of it stands under: `Fn::If`, and the `Condition` of a resource.

use leastwise_model::guard::{Guard, steps};
use leastwise_model::limits::GUARDED_PAIRS;
use leastwise_syntax::{NodeId, Tree, View};

/// What stands around a node and says when it is there.
pub(crate) fn guards_of(tree: &Tree, node: NodeId) -> Vec<Guard> {
    let mut guards = Vec::new();
    let mut guard = |name: Option<NodeId>, holds| {
        let name = name.and_then(|name| tree.text(name));
        guards.extend(name.map(|name| Guard::Named(name.to_owned(), holds)));
    };
    for (parent, child) in steps(tree, node) {
        match tree.view(parent) {
            View::Sequence(&[condition, yes, no]) if child == yes || child == no => {
                let of = tree.parent(parent).map(|of| tree.view(of));
                if matches!(of, Some(View::Tagged(tag, _)) if tag.name == "Fn::If") {
                    guard(Some(condition), child == yes);
                }
            }
            View::Mapping(pairs) if pairs.len() <= GUARDED_PAIRS => {
                let kind = tree.get(parent, "Type").and_then(|kind| tree.text(kind));
                if kind.is_some_and(|kind| kind.contains("::")) {
                    guard(tree.get(parent, "Condition"), true);
                }
            }
            _ => {}
        }
    }
    guards
}
