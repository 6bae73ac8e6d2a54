//! What can be understood of a JSON text that is not valid, while it is being typed.

use crate::arena::{Kind, NONE};
use crate::document::Reading;
use crate::{Limits, Span};

/// Reads any text.
pub(super) fn read(source: &str, _limits: &Limits) -> Reading {
    let mut read = Reading::default();
    let id = read
        .arena
        .leaf(Kind::Invalid, Span::new(0, source.len() as u32), NONE);
    read.documents.push(id);
    read
}
