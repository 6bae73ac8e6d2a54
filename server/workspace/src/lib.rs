//! Dialects, what is known of one file, and the files around it: from a tree to the policies in it, resolved under
//! environments.

pub mod analysis;
pub mod dialect;
pub mod disk;
pub mod fence;
pub mod gather;
pub mod load;
pub mod resolve;

pub use analysis::{Analysis, Calls, Lead, Way};
pub use dialect::loop_too_deep;
pub use dialect::terraform::Spelling;

leastwise_syntax::count_work!();

#[cfg(test)]
mod tests;
