//! Conditions of a template by their names.

use super::place::InTemplate;
use crate::cloudformation::loops;
use crate::limits::DEPTH_OF_A_REFERENCE;
use crate::resolve::Resolver;
use crate::resolve::trail::Asked;

impl InTemplate<'_> {
    /// Whether the condition of that name holds.
    pub(super) fn condition(
        &self,
        of: &Resolver<'_>,
        name: &str,
        depth: u32,
        defaults: bool,
    ) -> Option<bool> {
        if let Some(framework) = &self.template.framework
            && let Some(holds) = framework.condition(of.environment, name)
        {
            return Some(holds);
        }
        let (node, bindings) = loops::find(of.own(), self.template.conditions?, name)?;
        let bound = match bindings.is_empty() {
            true => self.bound,
            false => &bindings,
        };
        let inside = InTemplate { bound, ..*self };
        let way = of.step(Asked("condition"), node);
        let of = Resolver {
            defaults,
            ..of.behind(&way).at_home()
        };
        inside.with(&of, |of| of.holds(node, depth + DEPTH_OF_A_REFERENCE))
    }
}
