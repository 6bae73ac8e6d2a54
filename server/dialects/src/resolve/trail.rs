//! The way that led to a value: what was worked out for the sake of one another. What leads to itself has no value, and nothing
//! of it is left out.

use leastwise_syntax::{NodeId, Tree};

use super::Resolver;

/// What a step of the way asks for: of one node each may ask for something else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Asked(pub &'static str);

/// A step, and those before it.
#[derive(Clone, Copy)]
pub struct Trail<'a> {
    tree: &'a Tree,
    node: NodeId,
    step: Asked,
    before: Option<&'a Trail<'a>>,
}

impl Trail<'_> {
    fn is_same(&self, other: &Trail<'_>) -> bool {
        self.node == other.node && self.step == other.step && std::ptr::eq(self.tree, other.tree)
    }

    /// Whether it comes by a place twice.
    fn goes_round(&self) -> bool {
        let steps = || std::iter::successors(Some(self), |way| way.before);
        let mut at = steps();
        at.any(|one| {
            let mut before = std::iter::successors(one.before, |way| way.before);
            before.any(|other| one.is_same(other))
        })
    }
}

impl<'a> Resolver<'a> {
    /// The step to something that is declared at a node of the template's file.
    pub(crate) fn step(&self, step: Asked, node: NodeId) -> Trail<'a> {
        Trail {
            tree: self.own(),
            node,
            step,
            before: self.way,
        }
    }

    /// The same behind a step.
    pub(crate) fn behind<'r>(&self, way: &'r Trail<'r>) -> Resolver<'r>
    where
        'a: 'r,
    {
        Resolver {
            way: Some(way),
            ..*self
        }
    }

    /// Takes down that something lies too deep, unless the way goes round.
    pub(crate) fn too_deep(&self) {
        if !self.way.is_some_and(Trail::goes_round) {
            self.cut_off();
        }
    }
}
