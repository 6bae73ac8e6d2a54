//! What the names and expressions of a file stand for, as its dialect works them out.

use std::fmt::Debug;

use leastwise_model::guard::Guard;
use leastwise_model::notation::Notation;
use leastwise_model::resolved::Resolved;
use leastwise_model::text::Text;
use leastwise_syntax::{NodeId, Span, Tree};

use super::framework::Framework;
use super::{Alternative, Resolver};
use crate::limits::DEPTH_OF_FUNCTIONS;

/// Whether a guard is met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Met {
    /// In any case.
    Surely(bool),
    /// As long as variables have their defaults.
    WithDefaults(bool),
}

/// What the names and expressions of a file stand for. Without any of its methods but the first, they are as in a file that
/// declares nothing.
pub trait Names: Debug + Send + Sync {
    /// How the file is written.
    fn notation(&self) -> &'static dyn Notation;

    /// What a name stands for, where that is the dialect's to say and not the config's.
    fn name(&self, _: &Resolver<'_>, _name: &str, _depth: u32) -> Option<Vec<Alternative>> {
        None
    }

    /// What a name stands for that nobody gives a value, neither the config nor another file.
    fn by_default(&self, _: &Resolver<'_>, _name: &str, _depth: u32) -> Option<Vec<Alternative>> {
        None
    }

    /// An attribute of what a name declares.
    fn attribute(
        &self,
        _: &Resolver<'_>,
        _name: &str,
        _attribute: &str,
        _depth: u32,
    ) -> Option<Vec<Alternative>> {
        None
    }

    /// What an expression of the file stands for, where it is none of AWS's functions.
    fn value(&self, _: &Resolver<'_>, _: NodeId) -> Option<Vec<Alternative>> {
        None
    }

    /// What a map of the file, which it is declared in (`own`), has under two keys.
    fn in_map(&self, _own: &Tree, _map: &str, _keys: [&str; 2]) -> Option<NodeId> {
        None
    }

    /// What somebody puts into a text in the place of a name, before it is read.
    fn put_in(&self, _: &Resolver<'_>, _name: &str, _: Span) -> Option<Vec<Alternative>> {
        None
    }

    /// The same of a node that is a name as a whole: what is put there is read with the file.
    fn put_in_whole(&self, _: &Resolver<'_>, _: NodeId) -> Option<Vec<Alternative>> {
        None
    }

    /// What to call a name that a loop around a node gives its values.
    fn of_loop(&self, _: &Tree, _: NodeId, _name: &str) -> Option<String> {
        None
    }

    /// Whether the condition of a name surely holds; with `defaults`, as long as nobody overrides one. Those of other tools are
    /// known where they are written out.
    fn condition(
        &self,
        _: &Resolver<'_>,
        name: &str,
        _depth: u32,
        _defaults: bool,
    ) -> Option<bool> {
        name.parse().ok()
    }

    /// The number of the file among those that guards stand in.
    fn file(&self) -> u32 {
        0
    }

    /// What guards all of the file, from outside.
    fn guards_outside(&self, _: &Tree) -> Vec<Guard> {
        Vec::new()
    }

    /// Whether a guard is met. `outside`: it is one of [`Names::guards_outside`].
    fn is_met(&self, of: &Resolver<'_>, guard: &Guard, _outside: bool) -> Option<Met> {
        let Guard::Named(name, holds) = guard else {
            return None;
        };
        let depth = DEPTH_OF_FUNCTIONS / 2;
        let met = |decided: bool| decided == *holds;
        let surely = self.condition(of, name, depth, false);
        surely.map(met).map(Met::Surely).or_else(|| {
            let with_defaults = self.condition(of, name, depth, true);
            with_defaults.map(met).map(Met::WithDefaults)
        })
    }

    /// The values of a text as AWS sees them, where something in them is put in the place of something else before.
    fn replaced(&self, _: &Resolver<'_>, _: &Text, values: Vec<Resolved>) -> Vec<Resolved> {
        values
    }

    /// The framework that writes the file's template, if one does.
    fn framework(&self) -> Option<&dyn Framework> {
        None
    }
}

/// The name in a hole: what stands between its `${` and `}`.
pub(crate) fn name_of_hole(text: &str) -> &str {
    let name = text.trim_start_matches("${").trim_end_matches('}');
    name.trim_matches(['~', ' '])
}
