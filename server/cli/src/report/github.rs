//! Annotations, by GitHub's [workflow commands].
//!
//! A command ends with its line and has its properties between commas; the runner takes `%0A` and its like for what they
//! stand for. What others have written can so be told without it being able to end a command, or begin another.
//!
//! [workflow commands]: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

use std::io;

use leastwise_model::Level;

use super::emitter::Emitter;
use super::model::{Located, Report};
use super::note::ReportNote;
use crate::output::shown;

/// The format `github`.
#[derive(Debug)]
pub(super) struct GitHub;

impl Emitter for GitHub {
    fn name(&self) -> &'static str {
        "github"
    }

    fn about(&self) -> &'static str {
        "Annotations of a GitHub Actions workflow"
    }

    fn tells_notes(&self) -> bool {
        true
    }

    fn emit(&self, report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for note in report.notes.iter().filter(|note| note.fails) {
            writeln!(out, "{}", complaint(note))?;
        }
        for (file, located) in report.shown() {
            writeln!(out, "{}", annotation(file.path, located))?;
        }
        Ok(())
    }
}

/// What could not be done, which fails the step.
fn complaint(note: &ReportNote) -> String {
    let file = note
        .path
        .as_deref()
        .map(|path| format!("file={},", property(path)));
    let file = file.unwrap_or_default();
    format!("::error {file}title=leastwise::{}", data(&note.message))
}

fn annotation(path: &str, located: &Located) -> String {
    let finding = &located.finding;
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Suggestion | Level::Off => "notice",
    };
    let (start, end) = (&located.range.start, &located.range.end);
    // GitHub has no columns for an annotation of several lines.
    let columns = match start.line == end.line {
        true => format!("col={},endColumn={},", start.column, end.column),
        false => String::new(),
    };
    let (path, rule) = (property(path), property(finding.rule.id));
    let place = format!(
        "file={path},line={},endLine={},{columns}",
        start.line, end.line
    );
    let message = format!("{} {}", finding.message, finding.help);
    let message = data(message.trim_end());
    format!("::{command} {place}title=leastwise ({rule})::{message}")
}

/// A text as the message of a command.
fn data(text: &str) -> String {
    let text = shown(text).replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the runner makes of escapes, in its order (`ActionCommand.cs`).
    fn unescaped(text: &str, escapes: &[(&str, &str)]) -> String {
        let mut text = text.to_owned();
        for (escape, character) in escapes {
            text = text.replace(escape, character);
        }
        text
    }

    const DATA: &[(&str, &str)] = &[("%0D", "\r"), ("%0A", "\n"), ("%25", "%")];
    const PROPERTY: &[(&str, &str)] = &[
        ("%0D", "\r"),
        ("%0A", "\n"),
        ("%3A", ":"),
        ("%2C", ","),
        ("%25", "%"),
    ];

    #[test]
    fn what_means_something_to_the_runner_is_escaped() {
        assert_eq!(data("100 %: a, b"), "100 %25: a, b");
        assert_eq!(property("100 %: a, b"), "100 %25%3A a%2C b");
        assert_eq!(data("a\r\n::set-env::x"), "a\\r\\n::set-env::x");
        assert_eq!(data("%0A::stop-commands::x"), "%250A::stop-commands::x");
        assert_eq!(property("a::warning,b=c"), "a%3A%3Awarning%2Cb=c");
        assert_eq!(data("##[set-env name=x]y"), "#\\u{23}[set-env name=x]y");
    }

    proptest! {
        #[test]
        fn the_runner_reads_what_was_shown(text in "(?s)(.|[%:,\r\n#]|%0A|%0D|%25|%3A|::|##){0,40}") {
            let said = shown(&text);
            prop_assert_eq!(unescaped(&data(&text), DATA), said.as_ref());
            prop_assert_eq!(unescaped(&property(&text), PROPERTY), said.as_ref());
            prop_assert!(!data(&text).contains(['\r', '\n']));
            prop_assert!(!data(&text).contains("##"));
            prop_assert!(!property(&text).contains(['\r', '\n', ':', ',']));
        }
    }
}
