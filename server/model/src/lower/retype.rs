//! A policy after somebody has typed into one of its scalars: one statement says something else.

use std::cell::Cell;

use leastwise_syntax::{NodeId, Retyped, Tree, View};

use super::Lowering;
use crate::limits::FOLLOWED_BYTES;
use crate::notation::Notation;
use crate::policy::{Branch, Policy, Statement};

/// Lowers the statement anew that was typed into. `policy` has moved along, and `tree` is as the edit has left it. Whether that
/// is all there is to do: where it isn't, the policy has to be lowered as a whole.
pub(crate) fn retype(
    policy: &mut Policy,
    tree: &Tree,
    edit: &Retyped,
    notation: &'static dyn Notation,
) -> bool {
    // Of what stands for a part of the file several statements may be made.
    if policy.follows {
        return false;
    }
    let Some(node) = statement(policy, tree, edit.scalar) else {
        return false;
    };
    let mut of_node = policy.statements.iter_mut().filter(|one| one.node == node);
    let (Some(statement), None) = (of_node.next(), of_node.next()) else {
        return false;
    };
    let Some(now) = lowered(tree, policy.node, node, notation) else {
        return false;
    };
    let is_simple = statement.branch.is_empty();
    if is_simple {
        *statement = now;
    }
    is_simple
}

/// The item of the list of statements that a scalar is in.
fn statement(policy: &Policy, tree: &Tree, scalar: NodeId) -> Option<NodeId> {
    let list = policy.statement_list?;
    let mut within = scalar;
    while let Some(parent) = tree.parent(within) {
        if within == list {
            return Some(list);
        }
        if parent == list && matches!(tree.view(list), View::Sequence(_)) {
            return Some(within);
        }
        within = parent;
    }
    None
}

/// A statement that is there whatever holds, and hangs on nothing but what stands in the policy.
fn lowered(
    tree: &Tree,
    policy: NodeId,
    node: NodeId,
    notation: &'static dyn Notation,
) -> Option<Statement> {
    let left = Cell::new(FOLLOWED_BYTES);
    let lowering = Lowering {
        left: Some(&left),
        ..Lowering::new(tree, notation)
    };
    if !matches!(tree.view(node), View::Mapping(_)) {
        return None;
    }
    let (statement, trace) = tree.traced(Some(policy), || {
        let branch = lowering.guarded(node, &Branch::new());
        let cases = lowering.cases(node, &branch);
        let is_one = branch.is_empty() && cases.iter().all(Vec::is_empty) && cases.len() == 1;
        is_one.then(|| lowering.statement(node, branch))
    });
    statement.filter(|_| trace.is_empty() && left.get() == FOLLOWED_BYTES)
}
