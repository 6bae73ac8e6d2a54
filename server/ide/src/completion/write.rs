//! How a text is written where the cursor stands.

use crate::position::{CursorPlace, Quote};

/// A value: in quotes where the format or its characters want them.
pub(super) fn value(place: &CursorPlace<'_>, text: &str) -> String {
    match place.quote {
        Quote::Double => text.replace('\\', "\\\\").replace('"', "\\\""),
        Quote::Single => text.replace('\'', "''"),
        Quote::Block => text.to_owned(),
        Quote::None if place.json => {
            format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
        }
        Quote::None if is_plain(text) => text.to_owned(),
        Quote::None => format!("'{}'", text.replace('\'', "''")),
    }
}

/// A key, with its colon unless one follows.
pub(super) fn key(place: &CursorPlace<'_>, name: &str) -> String {
    let quoted = place.quote == Quote::Double || place.quote == Quote::Single;
    match (quoted, place.json) {
        // The closing quote stands, or will stand, behind.
        (true, _) => name.to_owned(),
        (false, true) if place.colon => format!("\"{name}\""),
        (false, true) => format!("\"{name}\": "),
        (false, false) if place.colon => name.to_owned(),
        // A name with a colon in it is a plain scalar all the same as long as no blank follows the colon.
        (false, false) => format!("{name}: "),
    }
}

/// Whether YAML takes `text` without quotes, as a string, in block and flow style.
fn is_plain(text: &str) -> bool {
    let first = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    let safe = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, ':' | '-' | '_' | '.' | '/' | '*' | '?' | '@' | '+' | '=')
    };
    let reserved = ["true", "false", "null", "yes", "no", "on", "off"];
    first && text.chars().all(safe) && !reserved.iter().any(|word| text.eq_ignore_ascii_case(word))
}
