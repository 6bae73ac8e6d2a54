//! What a part of a module stands under: `count`, `for_each`, conditional expressions, `compact`.

use leastwise_model::guard::{Guard, ModuleNode, steps};
use leastwise_model::limits::GUARDED_PAIRS;
use leastwise_syntax::{NodeId, Style, Tree, View};

use super::body::argument;

/// What stands around a node of a file and says when it is there.
pub(crate) fn guards_of(tree: &Tree, node: NodeId, file: u32) -> Vec<Guard> {
    let at = |node| ModuleNode { file, node };
    let mut guards = Vec::new();
    // Whether the value itself is an item of what the function at hand makes.
    let mut is_item = true;
    for (parent, child) in steps(tree, node) {
        match tree.view(parent) {
            View::Sequence(&[condition, yes, no]) if child == yes || child == no => {
                let of = tree.parent(parent).map(|of| tree.view(of));
                if matches!(of, Some(View::Tagged(tag, _)) if tag.name == "hcl:?") {
                    guards.push(Guard::Holds(at(condition), child == yes));
                }
            }
            View::Sequence(_) => {}
            View::Tagged(tag, _) => match tag.name.as_str() {
                "hcl:compact" if is_item => guards.push(Guard::Filled),
                "hcl:?" | "hcl:concat" | "hcl:flatten" | "hcl:distinct" | "hcl:toset"
                | "hcl:tolist" | "hcl:sort" => {}
                _ => is_item = false,
            },
            View::Mapping(pairs) => {
                is_item = false;
                if pairs.len() <= GUARDED_PAIRS {
                    of_block(tree, parent, child, file, &mut guards);
                }
            }
            _ => is_item = false,
        }
    }
    guards
}

/// The guards of a block, for what stands in one of its values.
fn of_block(tree: &Tree, node: NodeId, child: NodeId, file: u32, guards: &mut Vec<Guard>) {
    // An object is no block.
    if tree.is_of_hcl(node) && tree.style(node) == Style::Flow {
        return;
    }
    for name in ["count", "for_each"] {
        if let Some(node) = argument(tree, node, name).filter(|value| *value != child) {
            let at = ModuleNode { file, node };
            guards.push(match name {
                "count" => Guard::Count(at),
                _ => Guard::Each(at),
            });
        }
    }
}
