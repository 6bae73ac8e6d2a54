//! Arguments that a policy is given to as it is.

use leastwise_model::Site;
use leastwise_syntax::{Format, NodeId, Style, Tree, View};

/// The argument of a resource that a policy is given to as an object: each of them takes a text.
pub(super) fn given_object(tree: &Tree, site: &Site) -> Option<String> {
    let node = site.document.node;
    let is_object = tree.format() == Format::Hcl
        && matches!(tree.view(node), View::Mapping(_))
        && tree.style(node) == Style::Flow;
    let block = tree.parent(node).filter(|_| is_object)?;
    // A local value may be an object: `jsonencode` makes a text of it where it is used.
    let is_resource = site.path.first().is_some_and(|block| block == RESOURCE)
        && outermost(tree, block) == Some(RESOURCE);
    if !is_resource || tree.style(block) == Style::Flow {
        return None;
    }
    let mut pairs = tree.pairs(block).into_iter();
    let own = pairs.find(|pair| pair.value == node)?;
    Some(tree.text(own.key)?.to_owned())
}

/// The block that a resource is.
const RESOURCE: &str = "resource";

/// The name of the outermost block around a node.
fn outermost(tree: &Tree, node: NodeId) -> Option<&str> {
    let root = std::iter::successors(Some(node), |at| tree.parent(*at)).last()?;
    let View::Mapping(blocks) = tree.view(root) else {
        return None;
    };
    let start = tree.span(node).start;
    let before = blocks.partition_point(|block| tree.span(block.key).start <= start);
    tree.text(blocks.get(before.checked_sub(1)?)?.key)
}
