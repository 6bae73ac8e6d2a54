//! Comprehensions that make objects: `[for queue in var.queues : { Effect = "Allow", Resource = queue.arn }]`.

use leastwise_model::limits::NODES_AROUND;
use leastwise_model::notation::MadeObject;
use leastwise_syntax::{NodeId, Tree};

use super::body::{expression, source};

/// What a comprehension makes, where that is written as an object.
pub fn made(tree: &Tree, node: NodeId) -> Option<MadeObject> {
    let ("for", parts) = expression(tree, node)? else {
        return None;
    };
    let &[head, value, ..] = tree.items(parts)? else {
        return None;
    };
    Some(MadeObject {
        value,
        head: source(tree, head),
    })
}

/// What one name of a comprehension is called where nothing is known of it: what it goes over tells it from that of
/// another.
pub fn variable(tree: &Tree, node: NodeId, text: &str) -> Option<String> {
    let mut ancestors =
        std::iter::successors(Some(node), |node| tree.parent(*node)).take(NODES_AROUND);
    ancestors.find_map(|node| {
        let made = made(tree, node)?;
        let (names, over) = made.head.strip_prefix("for ")?.split_once(" in ")?;
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let mut words = text.split(|c| !is_part(c));
        let is_own = words.any(|word| names.split(',').any(|name| name.trim() == word));
        is_own.then(|| format!("{text} in {over}"))
    })
}
