//! Edits of a text, made.

use std::ops::Range;

use super::TextEdit;

/// The source with the edits of [`write()`](super::write()) made. Edits that lie outside the source or overlap are left out.
pub fn apply(source: &str, edits: &[TextEdit]) -> String {
    let mut out = String::with_capacity(
        source.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>(),
    );
    let mut done = 0;
    for edit in edits {
        let Range { start, end } = edit.span.range();
        let (Some(before), true) = (
            source.get(done..start),
            source.is_char_boundary(end) && start <= end,
        ) else {
            continue;
        };
        out.push_str(before);
        out.push_str(&edit.text);
        done = end;
    }
    out.push_str(source.get(done..).unwrap_or_default());
    out
}
