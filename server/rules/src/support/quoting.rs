//! How much findings quote of values from other files.
//!
//! A value that a file takes from another may be long, or be what nobody wants in a log. So of a value that doesn't stand
//! near the finding, a line of some characters is quoted and no more.

use leastwise_syntax::{Span, Tree};

use super::truncate::{shortened, stands_near};
use crate::Finding;

/// Shortens what the findings quote of other places than those that they are about.
pub(crate) fn shorten(tree: &Tree, findings: &mut [Finding]) {
    for finding in findings {
        let related = finding.related.iter().map(|related| related.span);
        let places: Vec<Span> = related.collect();
        let is_near = |value: &str| {
            let source = tree.source();
            stands_near(source, &[finding.span], value) || stands_near(source, &places, value)
        };
        let texts = [&mut finding.message, &mut finding.help].into_iter();
        let notes = finding.related.iter_mut().map(|related| &mut related.note);
        for text in texts.chain(notes) {
            if let Some(shorter) = shortened(text, is_near) {
                *text = shorter;
            }
        }
    }
}
