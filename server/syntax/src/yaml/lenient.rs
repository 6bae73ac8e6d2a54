//! Reading in spite of what stops the strict reader, where that can be hidden from it.

use super::{Names, YamlFailure, mask, strict};
use crate::reading::Reading;
use crate::{Comment, Limits, NodeId, Span};

/// Reads a part of a text with the strict reader, again and again while what stops it can be read in spite of
/// itself. If that is not so, nothing is added to `read`.
pub(super) fn lenient(
    source: &str,
    text: &str,
    base: usize,
    limits: &Limits,
    known: &mut Names,
    read: &mut Reading,
) -> Result<(), YamlFailure> {
    let mark = read.mark();
    let first = read.comments.len();
    let mut masks = mask::Masks::default();
    let mut instead: Option<String> = None;
    let mut hidden = Vec::new();
    loop {
        let text = instead.as_deref().unwrap_or(text);
        let failure = match strict::read(source, text, base, limits, known, read) {
            Ok(names) => {
                let names: Vec<(String, NodeId)> = names
                    .into_iter()
                    .map(|(name, node)| (name.to_owned(), node))
                    .collect();
                known.extend(names);
                read.is_strict = instead.is_none();
                read.is_starred = masks.are_stars();
                let masked = masks.comments.iter();
                read.comments.extend(masked.map(|(start, end)| Comment {
                    span: Span::new((base + start) as u32, (base + end) as u32),
                }));
                if let Some(own) = read.comments.get_mut(first..) {
                    own.sort_by_key(|comment| comment.span.start);
                }
                if !hidden.is_empty() {
                    read.problems.append(&mut hidden);
                    read.problems.sort_by_key(|problem| problem.span.start);
                }
                return Ok(());
            }
            Err(failure) => failure,
        };
        read.rollback(mark);
        match mask::masked(source, text, base, &failure, &mut masks) {
            Some((text, problem)) => {
                hidden.extend(problem);
                instead = Some(text);
            }
            None => return Err(failure),
        }
    }
}
