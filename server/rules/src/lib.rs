//! The rules, one file each, and the engine that runs them.

pub mod actions;
mod unreachable;

mod calls;
pub mod conditions;
mod context;
pub mod deploy;
mod engine;
mod fix;
mod for_fixes;
pub mod format;
mod group;
mod ignore;
mod incremental;
mod limits;
mod merge;
mod offers;
pub mod pipeline;
mod places;
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

pub use context::{Context, Unit};
pub use engine::{Applied, CheckedFile, FixedFile, apply_fixes, apply_fixes_to, check, check_with};
pub use fix::{Fix, LazyFix, ResolvedFix, Safety};
pub use group::{FixKind, Group, Judges};
pub use incremental::Incremental;
pub use registry::{RULES, rule};
pub use round::{lacking_owners, mends_counterparts};
pub use rule::{CommonCause, Facts, Finding, Related, Rule, Scope};
pub(crate) use rule::{Fact, Findings};
pub use units::units;
