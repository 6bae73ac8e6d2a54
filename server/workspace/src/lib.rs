//! The analysis of one file and the files around it: it finds the policies in a tree and resolves them in each
//! environment.

pub mod analysis;
pub mod askers;
pub mod configs;
pub mod disk;
pub mod fence;
pub mod file_base;
mod forgetting;
pub mod gather;
mod limits;
pub mod load;
pub mod reading;
pub mod source_text;
pub mod walk;

leastwise_syntax::count_work!();

pub use analysis::{Analysis, CallVariant, Calls, CutOff, VariableTarget};

#[cfg(test)]
mod tests;
