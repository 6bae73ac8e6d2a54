//! Conditions by their names.

use crate::resolve::Resolver;

impl Resolver<'_> {
    /// Whether the condition of that name holds; `None` where the environment doesn't say. A parameter's default
    /// decides nothing: it is there to be overridden.
    pub fn condition(&self, name: &str, depth: u32) -> Option<bool> {
        self.names.condition(self, name, depth, false)
    }
}
