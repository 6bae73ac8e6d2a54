//! What names, conditions and rules of a template stand for.

mod assertion;
mod condition;
mod judged;
mod names;
mod passed;
mod place;
mod reference;

pub(crate) use passed::passed;
