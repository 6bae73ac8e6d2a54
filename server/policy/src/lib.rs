//! What an IAM policy means: patterns, ARNs, which resources an action takes, what covers what.
//!
//! This crate knows no file and no editor. Its inputs are resolved texts ([`Pattern`]), its answers are plain data,
//! three-valued ([`Tri`]) where a text isn't fully known.

mod arn;
mod glob;
mod pattern;
pub mod regions;
mod suggest;
mod tri;

pub use arn::{Arn, ArnShape, NotArn, Segment, SegmentKind};
pub use pattern::{Builder, Pattern, Token};
pub use tri::Tri;
