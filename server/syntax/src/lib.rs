//! Bytes to one format-neutral tree. The only crate that names `tree_sitter`.

mod arena;
mod bytes;
#[macro_use]
mod counted;
mod decoded;
mod document;
mod edit;
mod embed;
mod expansion;
mod facts;
mod fingerprint;
mod garbage;
mod hcl;
mod intrinsics;
mod json;
mod limits;
mod lookup;
pub mod marks;
mod outline;
mod place;
mod readers;
mod reading;
mod retyped;
mod scalar;
mod span;
#[cfg(test)]
mod tests;
pub mod trace;
mod tree;
mod within;
pub mod write;
mod yaml;

count_work!();

pub use bytes::{NotText, decode};
pub use document::Tree;
pub use fingerprint::Fingerprint;
pub use limits::Limits;
pub use place::place;
pub use retyped::{Change, Retyped};
pub use span::Span;
pub use tree::*;
