//! AWS's intrinsic functions (`Ref`, `Fn::Sub`, `Fn::If`, `Fn::ForEach` …): how they are written, and what they give. Templates
//! have them, and policies as such, which may be parts of a template that stands in another file.

mod condition;
mod exported;
pub(crate) mod for_each;
mod function;
mod guards;
pub(crate) mod notation;
pub(crate) mod plain;
mod variable;

use leastwise_model::notation::Notation;
use leastwise_syntax::{Retyped, Tree};

use crate::resolve::names::Names;
use crate::state::State;

/// A file that declares nothing, or nothing that is known.
#[derive(Debug)]
pub(crate) struct Bare;

impl Names for Bare {
    fn notation(&self) -> &'static dyn Notation {
        notation::TEMPLATE
    }
}

impl State for Bare {
    fn names(&self) -> &dyn Names {
        self
    }

    fn outlasts(&mut self, _: &Tree, _: &Retyped) -> bool {
        true
    }
}
