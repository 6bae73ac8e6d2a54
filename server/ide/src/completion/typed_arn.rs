//! The parts of an ARN that is being typed.

use super::CompletionRequest;

/// What is typed of an ARN: all up to its last part, and the parts, of which the sixth takes the rest. A name in braces has
/// colons of its own.
pub(super) fn cut(typed: &str) -> Option<(&str, Vec<&str>)> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    for (at, c) in typed.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && parts.len() < 5 => {
                parts.push(typed.get(start..at)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(typed.get(start..)?);
    (parts.first() == Some(&"arn") && parts.len() > 1).then_some((typed.get(..start)?, parts))
}

/// The partition of the ARN that is typed, where it has one.
pub(super) fn partition(typed: &str) -> Option<&str> {
    let (_, parts) = cut(typed)?;
    let own = parts.get(1).filter(|_| parts.len() > 2);
    own.copied().filter(|part| !part.is_empty())
}

/// The region and the account of the ARN that is typed, as far as it has them.
pub(super) fn place(typed: &str) -> (Option<&str>, Option<&str>) {
    let Some((_, parts)) = cut(typed) else {
        return (None, None);
    };
    let whole = |at: usize| {
        let part = parts.get(at).filter(|_| parts.len() > at + 1);
        part.copied().filter(|part| !part.is_empty())
    };
    (whole(3), whole(4))
}

/// How much of the part at the cursor stands behind it, in bytes, where the sign that ends it follows: from there on the text stays
/// as it is.
pub(super) fn rest_of_part(asked: &CompletionRequest<'_>, sign: char) -> Option<usize> {
    let count = |sign: char| asked.typed.matches(sign).count();
    let mut depth = count('{').saturating_sub(count('}'));
    for (at, c) in behind(asked).char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if c == sign && depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// What of the ARN stands behind the cursor.
fn behind<'a>(asked: &CompletionRequest<'a>) -> &'a str {
    let place = &asked.place;
    let behind = asked.text.get(place.cursor as usize..place.end as usize);
    let behind = behind.unwrap_or_default();
    let end = behind.find(|c| !of_text(c)).unwrap_or(behind.len());
    behind.get(..end).unwrap_or_default()
}

/// The type of a format up to the sign that ends the word at the cursor, where that is a word of the type and the name behind it is
/// written already: whoever types the type anew keeps the name.
pub(super) fn retyped<'f>(asked: &CompletionRequest<'_>, format: &'f str) -> Option<&'f str> {
    let (_, typed) = cut(asked.typed)?;
    let (_, parts) = cut(format)?;
    if typed.get(2) != parts.get(2) {
        return None;
    }
    let (begun, own) = (*typed.get(5)?, *parts.get(5)?);
    let (of_type, _) = own.split_once("${")?;
    let sign = of_type.chars().next_back();
    let sign = sign.filter(|sign| matches!(sign, ':' | '/'))?;
    let done = begun.rfind(sign).map_or(0, |at| at + sign.len_utf8());
    let rest = of_type.strip_prefix(begun.get(..done)?)?;
    let end = rest.find(sign)? + sign.len_utf8();
    let name = behind(asked).get(rest_of_part(asked, sign)? + sign.len_utf8()..)?;
    // Further words of the type have to be there.
    let name = name.strip_prefix(rest.get(end..)?)?;
    of_type.get(..done + end).filter(|_| !name.is_empty())
}

/// What belongs to an ARN or any other text without blanks.
pub(super) fn of_text(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '"' | '\'' | ',')
}
