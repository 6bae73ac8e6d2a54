//! What the statements of a list do that isn't written out: `[for account in var.accounts : {Effect = "Allow", …}]`.

use leastwise_syntax::{NodeId, Tree, View};

use super::syntax::Expr;
use crate::terraform::body::expression;
use crate::terraform::limits::DEPTH_OF_EFFECTS;
use crate::terraform::lists;

/// Whether each statement that an expression makes is surely an `Allow`.
pub fn allows_only(tree: &Tree, node: NodeId) -> bool {
    tree.is_of_hcl(node) && of_node(tree, node, 0)
}

fn of_node(tree: &Tree, node: NodeId, depth: u32) -> bool {
    if depth > DEPTH_OF_EFFECTS {
        return false;
    }
    let node = tree.resolved(node);
    let all = |nodes: &[NodeId]| nodes.iter().all(|node| of_node(tree, *node, depth + 1));
    match tree.view(node) {
        View::Sequence(items) => all(items),
        View::Mapping(_) => {
            let effect = tree.get(node, "Effect").and_then(|node| tree.text(node));
            effect == Some("Allow")
        }
        View::Tagged(..) => match (expression(tree, node), lists(tree, node)) {
            (_, Some(made_of)) => all(&made_of),
            (Some(("?", sides)), _) => match tree.items(sides) {
                Some([_, yes, no]) => all(&[*yes, *no]),
                _ => false,
            },
            (Some(("for", parts)), _) => match tree.items(parts) {
                Some([_, value, ..]) => of_node(tree, *value, depth + 1),
                _ => false,
            },
            (Some(("expr", text)), _) => {
                let text = tree.text(text).unwrap_or_default();
                Expr::parse(text).is_ok_and(|expr| of_expression(&expr, depth + 1))
            }
            _ => false,
        },
        _ => false,
    }
}

fn of_expression(expr: &Expr, depth: u32) -> bool {
    if depth > DEPTH_OF_EFFECTS {
        return false;
    }
    match expr {
        Expr::Leaf(tree, node) => of_node(tree, *node, depth + 1),
        Expr::Conditional(parts) => {
            let [_, yes, no] = parts.as_ref();
            of_expression(yes, depth + 1) && of_expression(no, depth + 1)
        }
        // A comprehension with keys makes no list.
        Expr::For(made) => made.key.is_none() && of_expression(&made.value, depth + 1),
        _ => false,
    }
}
