//! What an IAM policy means: patterns, ARNs, which resources an action takes, what covers what.
//!
//! This crate knows no file and no editor. Its inputs are resolved texts ([`Pattern`]), its answers are plain data,
//! three-valued ([`Tri`]) where a text isn't fully known. Offsets are byte offsets into a pattern's raw text;
//! [`Pattern::display_offset`] leads back to what the user wrote.
//!
//! - [`Pattern`] matches, overlaps, covers; [`Arn`] takes it apart; [`check()`] says what is wrong with it.
//! - [`Common`] is what several patterns have in common, less what others match.
//! - [`ActionPattern`] expands, matches, covers; [`action::redundant`] finds needless entries.
//! - [`resource`] says which ARNs an action takes and writes them; [`bind`] finds the name in one.
//! - [`Memo`] keeps the answers about texts that come up again and again; [`Answers`] keeps any.
//! - [`grants`] is what somebody may do, a set over actions, resources and conditions that can be joined and cut.
//! - [`evaluate`] says whether a request is allowed, by all policies that apply to it.
//! - [`Principal`], [`condition`], [`elements`], [`regions`]: the rest of the language.
//!
//! Every comparison is polynomial and cut off on hostile input; a comparison that was cut off answers "maybe".

pub mod action;
mod answers;
mod arn;
mod automaton;
pub mod bind;
pub mod check;
mod common;
pub mod condition;
pub mod elements;
pub mod evaluate;
mod fit;
mod format;
mod glob;
pub mod grants;
mod limits;
mod memo;
pub mod nested;
mod pattern;
pub mod principal;
pub mod regions;
pub mod resource;
pub mod service_principal;
mod suggest;
mod tri;
mod unmatched_arn;
mod widest;

pub use action::{ActionPattern, MalformedAction, NamedAction};
pub use answers::Answers;
pub use arn::{Arn, ArnShape, NotArn, Segment, SegmentKind};
pub use check::{ArnProblem, ArnProblemKind, check};
pub use common::{Common, FoundText, Texts};
pub use elements::PolicyKind;
pub use memo::{Memo, Studied};
pub use pattern::{Builder, Pattern, Token};
pub use principal::Principal;
pub use resource::ActionFit;
pub use tri::Tri;
pub use unmatched_arn::{Odd, odd};
pub use widest::{Widest, widest};
