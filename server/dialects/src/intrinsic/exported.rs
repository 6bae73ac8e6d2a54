//! `Fn::ImportValue`: what another stack of the workspace exports.

use leastwise_model::resolved::Resolved;
use leastwise_syntax::NodeId;

use crate::resolve::value::unknown;
use crate::resolve::{Alternative, Resolver, TextValue};

const LABEL: &str = "Fn::ImportValue";

impl Resolver<'_> {
    /// The value that is exported under the name that a node gives, to the same account and region. What the other stack
    /// imports itself isn't followed.
    pub fn imported(&self, name: NodeId, depth: u32) -> Vec<Alternative> {
        let found = || {
            let surroundings = self.surroundings?;
            let name = self.literal(name, depth + 1)?;
            let values = surroundings
                .exported(self.environment, &name, self.defaults)?
                .into_iter();
            let apart = |mut value: Resolved| {
                // Its places and conditions are those of the other file, and so are its holes but AWS's own.
                value.pieces.clear();
                let own = |hole: &str| !hole.starts_with("AWS::");
                let sure = value.conditions.is_empty() && !value.pattern.holes().any(own);
                sure.then_some((TextValue::Text(value), Vec::new()))
            };
            values.map(apart).collect::<Option<Vec<_>>>()
        };
        found().unwrap_or_else(|| unknown(LABEL))
    }
}
