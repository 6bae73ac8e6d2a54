//! Config, dialects, policy sites and texts: from a tree to the policies in it, resolved under environments.

pub mod analysis;
mod config;
mod copies;
pub mod dialect;
pub mod disk;
mod environment;
pub mod fence;
pub mod files;
pub mod gather;
mod graft;
pub mod guard;
pub mod load;
mod lower;
pub mod mark;
pub mod model;
pub mod notation;
pub mod pipeline;
pub mod quote;
pub mod resolve;
pub mod resolved;
mod site;
pub mod text;
pub mod turn;

pub use analysis::{Analysis, Calls, Lead, Way};
pub use config::{
    Account, Config, ConfigProblem, FILE_NAME, Glob, Ignore, Level, RuleLevel, Templates,
};
pub use dialect::loop_too_deep;
pub use dialect::terraform::Spelling;
pub use environment::{Environment, MAX_ENVIRONMENTS, environments, environments_of};
pub use site::{
    Attached, Bound, BoundBy, Document, Generated, LookUp, Owner, OwnerKind, PermissionTo, Site,
    SiteKind,
};

leastwise_syntax::count_work!();

#[cfg(test)]
mod tests;
