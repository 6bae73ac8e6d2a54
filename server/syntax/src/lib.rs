//! Bytes to one format-neutral tree. The only crate that names `tree_sitter`.

mod span;
mod tree;

pub use span::Span;
pub use tree::*;
