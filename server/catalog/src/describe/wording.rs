//! Lists, numbers and the source, as every description says them.

use super::Detail;
use super::markdown::code;
use crate::catalog;

/// `a`, `b` and 3 more: the items in code style, as many as the detail allows.
pub(super) fn enumerate(
    items: impl IntoIterator<Item = impl AsRef<str>>,
    detail: Detail,
) -> String {
    let items: Vec<String> = items.into_iter().map(|item| code(item.as_ref())).collect();
    let limit = detail.items();
    // To leave out a single item saves nothing.
    let shown = if items.len() > limit.saturating_add(1) {
        limit
    } else {
        items.len()
    };
    let (shown, rest) = items.split_at(shown);
    match (shown, rest.len()) {
        ([], _) => "none".to_owned(),
        ([only], 0) => only.clone(),
        ([start @ .., last], 0) => format!("{} and {last}", start.join(", ")),
        (shown, more) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// [`enumerate`], with a link to where the rest is.
pub(super) fn enumerate_linked(
    items: impl IntoIterator<Item = impl AsRef<str>>,
    detail: Detail,
    page: &str,
) -> String {
    linked(enumerate(items, detail), page)
}

/// A list whose last words, `3 more`, are a link to the rest.
pub(super) fn linked(list: String, page: &str) -> String {
    match list.rsplit_once(" and ") {
        Some((start, more)) if more.ends_with(" more") => format!("{start} and [{more}]({page})"),
        _ => list,
    }
}

/// `1 action`, `2 actions`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Where the facts are from, as the last line of a full text.
pub(super) fn source() -> String {
    format!("\nFrom the catalog of {}.\n", catalog().date())
}
