//! What conditions say: the functions that compare and join, as far as an environment decides them.

use leastwise_syntax::{NodeId, View};

use crate::cloudformation::limits::CONDITIONS_OF_ONE;
use crate::limits::DEPTH_OF_FUNCTIONS;
use crate::resolve::Resolver;

impl Resolver<'_> {
    /// Whether what a condition says is so.
    pub(super) fn holds(&self, node: NodeId, depth: u32) -> Option<bool> {
        self.counted(|of| of.is_so(node, depth))
    }

    fn is_so(&self, node: NodeId, depth: u32) -> Option<bool> {
        if depth > DEPTH_OF_FUNCTIONS {
            self.too_deep();
            return None;
        }
        if !self.steps_on() {
            return None;
        }
        let node = self.tree.resolved(node);
        let (name, argument) = match self.tree.view(node) {
            View::Tagged(tag, argument) => (tag.name.as_str(), self.tree.resolved(argument)),
            View::Mapping(&[pair]) => (self.tree.text(pair.key)?, self.tree.resolved(pair.value)),
            _ => return None,
        };
        let arguments = self.tree.items(argument).unwrap_or_default();
        match (name, arguments) {
            ("Condition", _) => {
                let name = self.tree.text(argument)?;
                self.names.condition(self, name, depth + 1, self.defaults)
            }
            ("Fn::Equals", &[left, right]) => {
                Some(self.literal(left, depth)? == self.literal(right, depth)?)
            }
            // In rules only.
            ("Fn::Contains", &[list, value]) => {
                let value = self.literal(value, depth)?;
                let items = self.tree.items(self.tree.resolved(list))?.iter();
                let items: Option<Vec<String>> =
                    items.map(|item| self.literal(*item, depth)).collect();
                Some(items?.contains(&value))
            }
            ("Fn::Not", &[one]) => self.holds(one, depth + 1).map(|holds| !holds),
            ("Fn::And", all) => self.fold(all, depth, false),
            ("Fn::Or", any) => self.fold(any, depth, true),
            _ => None,
        }
    }

    /// `Fn::Or` (`decisive` true) and `Fn::And` (false): one decisive argument decides whatever the others are.
    fn fold(&self, arguments: &[NodeId], depth: u32, decisive: bool) -> Option<bool> {
        let mut known = true;
        for argument in arguments.iter().take(CONDITIONS_OF_ONE) {
            match self.holds(*argument, depth + 1) {
                Some(holds) if holds == decisive => return Some(decisive),
                Some(_) => {}
                None => known = false,
            }
        }
        known.then_some(!decisive)
    }
}
