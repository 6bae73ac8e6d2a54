//! Texts with what is long in them cut.

use std::borrow::Cow;

use leastwise_model::quote::{is_short, quote};
use leastwise_syntax::Span;

use crate::limits::{ARN_LENGTH, QUOTED_NEAR};

/// A text with its quotes in backticks shortened; `None` where all may stay.
pub(crate) fn shortened(text: &str, may_stay: impl Fn(&str) -> bool) -> Option<String> {
    if !has_long_quote(text) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut is_changed = false;
    for (at, part) in text.split('`').enumerate() {
        if at > 0 {
            out.push('`');
        }
        let is_quoted = at % 2 == 1;
        if is_quoted && !is_short(part) && !may_stay(part) {
            is_changed = true;
            out.push_str(&quote(part));
        } else {
            out.push_str(part);
        }
    }
    is_changed.then_some(out)
}

/// Whether something in backticks isn't short.
fn has_long_quote(text: &str) -> bool {
    let mut ticks = memchr::memchr_iter(b'`', text.as_bytes());
    while let Some(start) = ticks.next() {
        let end = ticks.next().unwrap_or(text.len());
        if !is_short(text.get(start + 1..end).unwrap_or_default()) {
            return true;
        }
    }
    false
}

/// A text whose long words are cut where they stand near none of these places, be it without the wildcard at their end.
pub(crate) fn words_shortened(source: &str, places: &[Span], text: &str) -> String {
    if is_short(text) {
        return text.to_owned();
    }
    let words = text.split(' ').map(|word| {
        match is_short(word) || stands_near(source, places, word.trim_end_matches(['*', '/', ':']))
        {
            true => Cow::Borrowed(word),
            false => quote(word),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a value stands near one of these places of a file.
pub(crate) fn stands_near(source: &str, places: &[Span], value: &str) -> bool {
    if value.len() > ARN_LENGTH {
        return false;
    }
    places.iter().any(|place| {
        let start = source.floor_char_boundary((place.start as usize).saturating_sub(QUOTED_NEAR));
        let end = source.ceil_char_boundary((place.end as usize + QUOTED_NEAR).min(source.len()));
        let text = source.get(start..end).unwrap_or_default();
        memchr::memmem::find(text.as_bytes(), value.as_bytes()).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn only_long_quotes_are_cut() {
        let long = "x".repeat(81);
        let cut = format!("{}…", "x".repeat(80));
        let never = |_: &str| false;
        assert_eq!(
            shortened(&format!("`{long}` is `y`."), never).unwrap(),
            format!("`{cut}` is `y`.")
        );
        assert_eq!(shortened("`a\nb` is.", never).unwrap(), "`a…` is.");
        assert_eq!(shortened(&format!("{long} `y` {long}"), never), None);
        assert_eq!(shortened(&format!("`{long}`"), |value| value == long), None);
        assert_eq!(shortened(&format!("`{}`", "x".repeat(80)), never), None);
        // A quote that isn't closed ends with the text.
        assert_eq!(
            shortened(&format!("`y` is `{long}"), never).unwrap(),
            format!("`y` is `{cut}")
        );
    }
}
