//! The rules, one file each, and the engine that runs them.

mod absent;
pub mod actions;
mod added;
mod again;
mod attached;
mod boundary;
mod callers;
mod calls;
mod clauses;
pub mod conditions;
mod context;
pub mod deploy;
mod engine;
mod facts;
mod fix;
pub mod format;
mod group;
mod ignore;
mod leftovers;
mod lists;
mod managed;
mod merge;
mod naming;
mod narrow;
mod oidc;
pub mod permissions;
pub mod pipeline;
pub mod privilege;
mod progress;
mod quoting;
mod registry;
pub mod resources;
mod round;
mod rule;
pub mod structure;
mod together;
mod trust;
mod trust_actions;
mod trust_roles;
mod units;

leastwise_syntax::count_work!();

#[cfg(test)]
mod tests;

pub use again::Kept;
pub use context::{Context, Unit};
pub use engine::{Applied, Mended, Read, check, check_near, check_with, mend, mend_read};
pub use fix::{Fix, LazyFix, ResolvedFix, Safety};
pub use group::{FixKind, Group};
pub use registry::{RULES, rule};
pub use rule::{Finding, Findings, Related, Rule, Same};
pub use units::units;
