//! What is found in files, in no dialect's words: policies, what they belong to, their texts and what these are worked out
//! to; and what a dialect brings for it.

mod blocks;
pub mod config;
pub mod copies;
pub mod draft;
pub mod environment;
pub mod files;
pub mod graft;
pub mod guard;
pub mod iteration;
pub mod limits;
pub mod lower;
pub mod mark;
mod moved;
pub mod notation;
pub mod pipeline;
mod policy;
pub mod quote;
pub mod reads;
pub mod recorder;
pub mod resolved;
mod site;
mod spelling;
pub mod text;

pub use blocks::{BlockNames, InnerBlock};
pub use config::{
    Account, Config, ConfigProblem, FILE_NAME, Glob, Ignore, Level, RuleLevel, Templates,
};
pub use environment::Environment;
pub use policy::{
    Branch, Effect, ElementPair, Form, Item, Known, List, Policy, PrincipalKind, Principals,
    Resolutions, Statement, Test, Unseen,
};
pub use site::{
    Attached, Bound, BoundBy, Document, Generated, LookUp, OwnForm, Owner, OwnerKind, PermissionTo,
    Shape, Site, SiteKind,
};
pub use spelling::Spelling;
