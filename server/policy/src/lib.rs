//! What an IAM policy means: patterns, ARNs, which resources an action takes, what covers what.
//!
//! This crate knows no file and no editor. Its inputs are resolved texts ([`Pattern`]), its answers are plain data,
//! three-valued ([`Tri`]) where a text isn't fully known.

pub mod action;
mod arn;
pub mod bind;
pub mod check;
pub mod condition;
pub mod elements;
mod format;
mod glob;
mod pattern;
pub mod principal;
pub mod regions;
pub mod resource;
mod suggest;
mod tri;

pub use action::{ActionPattern, MalformedAction, NamedAction};
pub use arn::{Arn, ArnShape, NotArn, Segment, SegmentKind};
pub use check::{ArnProblem, ArnProblemKind, check};
pub use elements::PolicyKind;
pub use pattern::{Builder, Pattern, Token};
pub use principal::Principal;
pub use resource::ActionFit;
pub use tri::Tri;
