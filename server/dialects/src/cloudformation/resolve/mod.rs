//! What names, functions, conditions and rules of a template stand for.

mod assertion;
mod condition;
mod exported;
mod function;
mod parameters;
mod passed;
mod reference;

pub use parameters::Passed;
pub use passed::passed;
