//! What a message quotes of a value.

use crate::limits::QUOTED_LENGTH;
use std::borrow::Cow;

/// Whether a value may be quoted whole wherever it comes from.
pub fn is_short(value: &str) -> bool {
    // Most are, and have no more bytes than they may have characters.
    let is_line = || !value.bytes().any(|byte| byte == b'\n');
    value.len() <= QUOTED_LENGTH && is_line() || matches!(quote(value), Cow::Borrowed(_))
}

/// A value as a message quotes it that nobody looks for whole: its first line, as far as that is short.
pub fn quote(value: &str) -> Cow<'_, str> {
    let line = value.lines().next().unwrap_or_default();
    let end = line.char_indices().nth(QUOTED_LENGTH);
    let shown = end.and_then(|(at, _)| line.get(..at)).unwrap_or(line);
    match shown.len() == value.len() {
        true => Cow::Borrowed(value),
        false => Cow::Owned(format!("{shown}…")),
    }
}

#[cfg(test)]
mod tests {
    use super::{QUOTED_LENGTH, is_short, quote};

    #[test]
    fn a_line_and_no_more() {
        let whole = "é".repeat(QUOTED_LENGTH);
        assert_eq!(quote(&whole), whole);
        assert_eq!(quote(&format!("{whole}x")), format!("{whole}…"));
        assert_eq!(quote("a\nb"), "a…");
        assert_eq!(quote("a\r\n"), "a…");
        assert_eq!(quote("\n"), "…");
        assert_eq!(quote(""), "");
        for value in [&whole, "a\nb", "a\r\n", "\n", "", "a", &format!("{whole}x")] {
            assert_eq!(is_short(value), quote(value) == value, "{value:?}");
        }
    }
}
