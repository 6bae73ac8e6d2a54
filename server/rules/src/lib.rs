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
mod limits;
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

use leastwise_catalog::slip;

pub use again::Kept;
pub use context::{Context, Unit};
pub use engine::{Applied, Mended, Read, check, check_near, check_with, mend, mend_read};
pub use fix::{Fix, LazyFix, ResolvedFix, Safety};
pub use group::{FixKind, Group};
pub use registry::{RULES, rule};
pub(crate) use rule::{Fact, Findings};
pub use rule::{Facts, Finding, Related, Rule, Same, Scope};
pub use units::units;

/// The id of a rule that somebody has probably meant.
pub(crate) fn nearest_rule(id: &str) -> Option<&'static str> {
    let near = RULES.iter().filter_map(|rule| {
        let most = 1 + rule.id.len() / 5;
        let distance = slip::distance_in_any_case(id, rule.id, most)?;
        Some((distance, rule.id))
    });
    slip::nearest(near).into_iter().next()
}
