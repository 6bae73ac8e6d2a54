//! What is written to standard output and standard error.
//!
//! Texts of checked files, paths and arguments pass through [`shown`] before they get into a line: whoever wrote them must
//! not move a terminal's cursor, hide what is there, or begin a line that a CI system takes for an order of the job.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write as _};
use std::ops::Range;

use serde::Serialize;

use crate::closed;
use crate::outcome::Failure;

/// Prints to standard output. A reader that has gone away (`| head`) has what it wanted, so that is no failure, and the
/// exit code stays what it is without it.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    write(|out| out.write_all(text.as_bytes()))
}

/// The same of what writes to it piece by piece.
pub(crate) fn write(
    emit: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> Result<(), Failure> {
    if closed::is_closed() {
        let why = "the report can't be written: standard output is closed";
        return Err(Failure::new(why.to_owned()));
    }
    let mut out = anstream::stdout().lock();
    match emit(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(format!(
            "the report can't be written: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Whether what is written to standard output keeps its styles.
pub(crate) fn is_styled() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// Prints a report for programs.
pub(crate) fn print_json(report: &impl Serialize) -> Result<(), Failure> {
    print(&exact_json(report))
}

/// A report for programs: every value is exact, but what moves a terminal or begins an order is escaped.
pub(crate) fn exact_json(report: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    match escaped_json(&text) {
        Cow::Owned(escaped) => escaped,
        Cow::Borrowed(_) => text,
    }
}

/// A number of things: `1 file`, `2 files`.
pub(crate) fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// A sentence on standard error, where anybody listens.
pub(crate) fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "leastwise: {}", shown(text));
}

/// A sentence on standard error, and a line for each of what it is about.
pub(crate) fn note_all(text: &str, items: &[String]) {
    note(text);
    for item in items {
        let line = shown_first(item);
        let _ = writeln!(anstream::stderr(), "  {line}");
    }
}

/// Whether a character does more on a terminal than stand there, or nothing that is seen: controls (a line break and a tab
/// among them), the marks that turn the direction of a text, and whatever else Unicode says is not shown
/// (`Default_Ignorable_Code_Point`).
fn is_control(c: char) -> bool {
    let breaks = matches!(c, '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}');
    let is_unseen = match u32::from(c) {
        0..0xad => false,
        0xad | 0x34f | 0x61c | 0x3164 | 0xfeff | 0xffa0 => true,
        0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f => true,
        0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f => true,
        // The two behind these make an emoji of a sign, or a sign of an emoji: that is seen.
        0xfe00..=0xfe0d | 0xfff0..=0xfff8 => true,
        0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff => true,
        _ => false,
    };
    c.is_control() || breaks || is_unseen
}

/// What CI systems take for the beginning of an order wherever it stands in a line: `##[set-output]`, `##vso[…]`.
const ORDER: &str = "##";

/// A text for one line of output, with what is no plain character written out: `\n`, `\u{1b}`.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    match text.contains(is_control) || text.contains(ORDER) {
        true => Cow::Owned(escape(text, false).0),
        false => Cow::Borrowed(text),
    }
}

/// The same of a text that a line begins with.
pub(crate) fn shown_first(text: &str) -> String {
    no_order(shown(text).into_owned())
}

/// The same of a line of a file, in which a tab may stay, with where a range of it is then.
pub(crate) fn shown_line(line: &str, range: Range<usize>) -> (String, Range<usize>) {
    let (text, ends) = escape(line, true);
    let place = |at: usize| match at.checked_sub(1) {
        None => 0,
        Some(at) => ends.get(at).copied().unwrap_or(text.len()),
    };
    let range = place(range.start)..place(range.end);
    (text, range)
}

/// The text, and for each byte of the old one where the new one has what it stands for behind it.
fn escape(text: &str, tabs: bool) -> (String, Vec<usize>) {
    let mut out = String::with_capacity(text.len());
    let mut ends = Vec::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '\t' if tabs => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '#' if before == '#' => out.push_str("\\u{23}"),
            c if is_control(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
        before = if out.ends_with('#') { c } else { ' ' };
        ends.resize(ends.len() + c.len_utf8(), out.len());
    }
    (out, ends)
}

/// A line of a diff behind its sign. One that stays as it is stands behind a blank: nothing else keeps it from the beginning
/// of the line.
pub(crate) fn shown_diff_line(line: &str, stays: bool) -> String {
    let (text, _) = shown_line(line, 0..0);
    match stays {
        true => no_order(text),
        false => text,
    }
}

/// A line that may begin with what somebody else has written: not with the sign of an order.
fn no_order(line: String) -> String {
    match line.trim_start().strip_prefix("::") {
        Some(rest) => {
            let blanks = line.get(..line.len() - rest.len() - 2).unwrap_or_default();
            format!("{blanks}\\u{{3a}}:{rest}")
        }
        None => line,
    }
}

/// JSON with the same values and without control characters, the line breaks between them apart.
fn escaped_json(text: &str) -> Cow<'_, str> {
    let is_odd = |c: char| c != '\n' && is_control(c);
    if !text.contains(is_odd) && !text.contains(ORDER) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        // They stand in strings only.
        if is_odd(c) || c == '#' && before == '#' {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
            before = ' ';
        } else {
            out.push(c);
            before = c;
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_plain_character_is_written_out() {
        for (text, out) in [
            ("plain é 𝄞", "plain é 𝄞"),
            ("a\nb\r\n\tc", "a\\nb\\r\\n\\tc"),
            (
                "\u{1b}[31m\u{7}\u{7f}\u{9b}",
                "\\u{1b}[31m\\u{7}\\u{7f}\\u{9b}",
            ),
            ("\u{202e}\u{2066}\u{2028}", "\\u{202e}\\u{2066}\\u{2028}"),
            ("s3\u{200b}:\u{ad}\u{feff}", "s3\\u{200b}:\\u{ad}\\u{feff}"),
            ("\u{fff9}\u{e0041}", "\\u{fff9}\\u{e0041}"),
            ("\u{3164}\u{e0100}", "\\u{3164}\\u{e0100}"),
            ("\u{26a0}\u{fe0f}", "\u{26a0}\u{fe0f}"),
            ("##[set-env]", "#\\u{23}[set-env]"),
            ("####vso[x]", "#\\u{23}#\\u{23}vso[x]"),
            ("# a #", "# a #"),
        ] {
            assert_eq!(shown(text), out);
        }
    }

    #[test]
    fn ranges_go_along() {
        let line = "a\u{1b}é\tb";
        let (text, range) = shown_line(line, 1..4);
        assert_eq!(text, "a\\u{1b}é\tb");
        assert_eq!(&text[range], "\\u{1b}é");
        let (text, range) = shown_line(line, 0..line.len());
        assert_eq!(range, 0..text.len());
        assert_eq!(shown_line(line, 2..2).1, 7..7);
        assert_eq!(shown_line("", 0..0).1, 0..0);
    }

    #[test]
    fn a_line_of_a_diff_begins_no_order() {
        for (line, stays, out) in [
            ("  ::set-output x", true, "  \\u{3a}:set-output x"),
            ("::x", false, "::x"),
            ("\u{1b}::x", true, "\\u{1b}::x"),
            ("\ta: ::x", true, "\ta: ::x"),
        ] {
            assert_eq!(shown_diff_line(line, stays), out);
        }
    }

    #[test]
    fn json_keeps_the_exact_value() {
        let value = serde_json::json!({ "a\u{85}": "\u{0}\n\u{7f}\u{202e}###\u{2028}é" });
        let text = serde_json::to_string_pretty(&value).unwrap();
        let out = escaped_json(&text);
        assert!(!out.contains(|c: char| c != '\n' && is_control(c)) && !out.contains("##"));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&out).unwrap(),
            value
        );
    }
}
