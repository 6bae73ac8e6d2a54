//! Quotes and escapes.

use std::fmt::{self, Write as _};

use crate::{ScalarType, scalar::plain_type};

/// How a YAML string is quoted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quote {
    Plain,
    Single,
    Double,
}

/// A string as JSON.
pub(super) fn json(text: &str) -> String {
    quoted(text, escape_json)
}

/// A string between double quotes, its inside as `escape` writes it.
fn quoted(text: &str, escape: fn(&mut String, &str)) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    escape(&mut out, text);
    out.push('"');
    out
}

/// A character between double quotes; `by_code` writes one that can't stand there as it is and has no short escape.
fn escape_char(out: &mut String, c: char, by_code: impl FnOnce(&mut String, u32) -> fmt::Result) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if (c as u32) < 0x20 || is_odd(c) => {
            let _ = by_code(out, c as u32);
        }
        c => out.push(c),
    }
}

/// The inside of a JSON string.
pub(super) fn escape_json(out: &mut String, text: &str) {
    for c in text.chars() {
        escape_char(out, c, |out, _| {
            let mut units = [0; 2];
            let mut units = c.encode_utf16(&mut units).iter();
            units.try_for_each(|unit| write!(out, "\\u{unit:04x}"))
        });
    }
}

/// The inside of a double-quoted YAML scalar.
pub(super) fn escape_double(out: &mut String, text: &str) {
    for c in text.chars() {
        escape_char(out, c, |out, code| match code {
            0..=0xff => write!(out, "\\x{code:02x}"),
            0x100..=0xffff => write!(out, "\\u{code:04x}"),
            _ => write!(out, "\\U{code:08x}"),
        });
    }
}

/// Characters that can't be seen, that end a line for some reader, or that YAML does not allow unescaped.
fn is_odd(c: char) -> bool {
    matches!(
        c,
        '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    )
}

/// Whether only a double-quoted scalar can hold `text` on one line.
pub(super) fn needs_escapes(text: &str) -> bool {
    text.chars().any(|c| (c as u32) < 0x20 || is_odd(c))
}

/// A string as a YAML scalar on one line, in the quotes that are wanted where they can hold it; `forced` are the
/// quotes for a text that can't go without. `flow`: inside `[…]` or `{…}`.
pub(super) fn yaml(text: &str, flow: bool, wanted: Quote, forced: Quote) -> String {
    let quote = match wanted {
        _ if needs_escapes(text) => Quote::Double,
        Quote::Plain if is_plain(text, flow) => return text.to_owned(),
        Quote::Plain => forced,
        quoted => quoted,
    };
    let mut out = String::with_capacity(text.len() + 2);
    if quote == Quote::Double {
        out.push('"');
        escape_double(&mut out, text);
        out.push('"');
    } else {
        out.push('\'');
        out.push_str(&text.replace('\'', "''"));
        out.push('\'');
    }
    out
}

/// Whether a string can be written without quotes and still be that string to every reader of YAML 1.1 and 1.2.
pub(super) fn is_plain(text: &str, flow: bool) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return false;
    };
    if is_other_type(text) || !can_stand_plain(text, flow) {
        return false;
    }
    !(matches!(first, '-' | '?' | ':') && (flow || chars.next().is_none_or(|next| next == ' ')))
}

/// Whether a plain scalar of these characters is read whole, whatever its type.
pub(super) fn can_stand_plain(text: &str, flow: bool) -> bool {
    let first = text.chars().next();
    !(text.is_empty()
        || needs_escapes(text)
        || text.starts_with([' ', '\t'])
        || text.ends_with([' ', '\t', ':'])
        || text.starts_with("---")
        || text.starts_with("...")
        || text.contains(": ")
        || text.contains(" #")
        || first.is_some_and(|c| ",[]{}#&*!|>'\"%@`".contains(c))
        || matches!(text, "-" | "?" | ":")
        || ["- ", "? ", ": "]
            .iter()
            .any(|start| text.starts_with(start))
        || (flow
            && (text.contains([',', '[', ']', '{', '}']) || text.starts_with(['?', ':', '-']))))
}

/// Whether some reader takes the plain scalar for something other than a string: a number, a date, a merge key.
fn is_other_type(text: &str) -> bool {
    plain_type(text) != ScalarType::String || matches!(text, "<<" | "=") || looks_numeric(text)
}

/// Anything made of digits and the signs of numbers, dates and times. Wider than any reader's own rule: quotes
/// too many do no harm.
fn looks_numeric(text: &str) -> bool {
    let unsigned = text.trim_start_matches(['-', '+', '.']);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let timestamp = |c: char| c.is_ascii_hexdigit() || "xXoO_.,:+-TtZz ".contains(c);
    text.chars().all(timestamp)
}

/// A string as HCL.
pub(super) fn hcl(text: &str) -> String {
    quoted(text, escape_hcl)
}

/// The inside of a quoted string of HCL, nothing in it interpolated.
pub(super) fn escape_hcl(out: &mut String, text: &str) {
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        match c {
            '$' | '%' if rest.starts_with('{') => {
                out.push(c);
                out.push(c);
            }
            // Before an escaped `${`, a sign of its own would be read as another escape.
            '$' | '%'
                if rest.starts_with(c) && rest.get(1..).is_some_and(|r| r.starts_with('{')) =>
            {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            _ => escape_hcl_char(out, c),
        }
    }
}

fn escape_hcl_char(out: &mut String, c: char) {
    escape_char(out, c, |out, code| match code {
        0..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    });
}

/// A template of HCL: what is in `${…}` and `%{…}` is written as it is, the rest escaped for its quotes.
pub(super) fn hcl_template(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for part in template_parts(text) {
        match part {
            TemplatePart::Literal(literal) => {
                literal.chars().for_each(|c| escape_hcl_char(&mut out, c))
            }
            TemplatePart::Interpolated(written) | TemplatePart::Directive(written) => {
                out.push_str(written);
            }
        }
    }
    out.push('"');
    out
}

/// The reference that is all there is in a template of HCL: authors write it without quotes, and Terraform's own tools call the
/// quoted form deprecated.
pub(super) fn only_reference(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("${")?.strip_suffix('}')?;
    let is_of_name =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '"');
    let begins = inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (begins && inner.contains('.') && inner.chars().all(is_of_name)).then_some(inner)
}

/// A part of a template of HCL.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TemplatePart<'t> {
    /// Characters that stand for themselves.
    Literal(&'t str),
    /// `${…}` with its braces.
    Interpolated(&'t str),
    /// `%{…}` with its braces.
    Directive(&'t str),
}

/// Cuts a template of HCL into its parts. One whose last braces don't close goes on to its end.
pub(super) fn template_parts(text: &str) -> Vec<TemplatePart<'_>> {
    let mut parts = Vec::new();
    // How many braces of an interpolation are open, and whether a string in it is.
    let (mut depth, mut quoted) = (0usize, false);
    let mut done = 0;
    let mut chars = text.char_indices().peekable();
    let part = |from: usize, to: usize| {
        let own = text.get(from..to).unwrap_or_default();
        match own.get(..2) {
            Some("${") => TemplatePart::Interpolated(own),
            _ => TemplatePart::Directive(own),
        }
    };
    while let Some((at, c)) = chars.next() {
        if depth == 0 {
            if matches!(c, '$' | '%') && chars.peek().is_some_and(|(_, next)| *next == '{') {
                if done < at {
                    parts.push(TemplatePart::Literal(
                        text.get(done..at).unwrap_or_default(),
                    ));
                }
                depth = 1;
                done = at;
                chars.next();
            }
            continue;
        }
        match c {
            '\\' if quoted => {
                chars.next();
            }
            '"' => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            parts.push(part(done, at + 1));
            done = at + 1;
        }
    }
    match depth {
        0 if done < text.len() => {
            parts.push(TemplatePart::Literal(text.get(done..).unwrap_or_default()));
        }
        0 => {}
        _ => parts.push(part(done, text.len())),
    }
    parts
}

/// The lines of a heredoc, with nothing in them interpolated.
pub(super) fn escape_heredoc(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// Whether HCL takes a text for a name: of an argument, or of an object's key without quotes.
pub(super) fn is_hcl_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// What a text without quotes is to HCL: a literal, or (`String`) something else.
pub(super) fn hcl_type(text: &str) -> ScalarType {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        ),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text {
        "true" | "false" => ScalarType::Bool,
        "null" => ScalarType::Null,
        _ if digits(whole) && fraction.is_none_or(digits) && exponent.is_none_or(digits) => {
            ScalarType::Number
        }
        _ => ScalarType::String,
    }
}

/// Whether a value of HCL ends with the mark of a heredoc, behind which nothing may stand on its line.
pub(super) fn ends_a_line(text: &str) -> bool {
    let last = text.rsplit('\n').next().unwrap_or_default().trim();
    text.contains("<<") && is_hcl_name(last) && text.len() > last.len()
}
