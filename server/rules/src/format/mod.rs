//! Whether the file can be read.

pub mod syntax_error;
pub mod unquoted_star;
pub mod unused_ignore;
