//! What the names of a template stand for, wherever in it they are asked for.

use std::fmt::Debug;

use leastwise_model::notation::Notation;
use leastwise_syntax::{NodeId, Tree};

use super::place::InTemplate;
use crate::cloudformation::template::Template;
use crate::resolve::framework::Framework;
use crate::resolve::names::Names;
use crate::resolve::{Alternative, Resolver};

/// What stands somewhere in a template.
pub(crate) trait Placed: Debug + Send + Sync {
    /// Where.
    fn place(&self) -> InTemplate<'_>;
}

impl Placed for Template {
    fn place(&self) -> InTemplate<'_> {
        InTemplate::of(self)
    }
}

impl Placed for InTemplate<'_> {
    fn place(&self) -> InTemplate<'_> {
        *self
    }
}

impl<T: Placed> Names for T {
    fn notation(&self) -> &'static dyn Notation {
        self.place().template.notation()
    }

    fn name(&self, of: &Resolver<'_>, name: &str, depth: u32) -> Option<Vec<Alternative>> {
        self.place().declared(of, name, depth)
    }

    fn by_default(&self, of: &Resolver<'_>, name: &str, depth: u32) -> Option<Vec<Alternative>> {
        self.place().default(of, name, depth)
    }

    fn attribute(
        &self,
        of: &Resolver<'_>,
        name: &str,
        attribute: &str,
        depth: u32,
    ) -> Option<Vec<Alternative>> {
        self.place().attribute(of, name, attribute, depth)
    }

    fn in_map(&self, own: &Tree, map: &str, [top, second]: [&str; 2]) -> Option<NodeId> {
        let map = own.get(self.place().template.mappings?, map)?;
        own.get(own.get(map, top)?, second)
    }

    fn condition(&self, of: &Resolver<'_>, name: &str, depth: u32, defaults: bool) -> Option<bool> {
        self.place().condition(of, name, depth, defaults)
    }

    fn framework(&self) -> Option<&dyn Framework> {
        self.place().template.framework.as_deref()
    }
}
