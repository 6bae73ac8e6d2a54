//! Where code actions are offered, and where they write.

use leastwise_syntax::{Span, write};

use crate::ByteEdit;

/// What an editor is to write; `None` where that is nothing.
pub(super) fn edits(edits: Vec<write::TextEdit>) -> Option<Vec<ByteEdit>> {
    let edits: Vec<ByteEdit> = edits
        .into_iter()
        .map(|edit| ByteEdit {
            span: edit.span,
            text: edit.text,
        })
        .collect();
    (!edits.is_empty()).then_some(edits)
}

/// Whether a place is in a range, or touches it.
pub(super) fn meets(span: Span, range: Span) -> bool {
    span.start <= range.end && range.start <= span.end
}
