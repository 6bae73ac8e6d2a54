//! The rules, one file each, and the engine that runs them.

mod absent;
pub mod actions;
mod again;
mod calls;
pub mod conditions;
mod context;
pub mod deploy;
mod engine;
mod fix;
pub mod format;
mod group;
mod ignore;
mod merge;
pub mod pipeline;
pub mod privilege;
mod progress;
mod registry;
pub mod resources;
mod round;
mod rule;
pub mod structure;
pub mod support;
mod units;
mod walk;

leastwise_syntax::count_work!();

#[cfg(test)]
mod tests;

pub use again::Kept;
pub use context::{Context, Unit};
pub use engine::{Applied, Mended, Read, check, check_near, check_with, mend, mend_read};
pub use fix::{Fix, LazyFix, ResolvedFix, Safety};
pub use group::{FixKind, Group};
pub use registry::{RULES, rule};
pub(crate) use rule::{Fact, Findings};
pub use rule::{Facts, Finding, Related, Rule, Same, Scope};
pub use units::units;
