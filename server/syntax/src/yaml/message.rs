//! Sentences for what is wrong with a YAML text.

use super::scalar::line_end;
use super::{FailureKind, YamlFailure};
use crate::limits::too_deep;
use crate::{Limits, Problem, ProblemKind, Span};

/// For an unquoted `*` as a whole value.
pub(super) const STAR: &str =
    "YAML takes an unquoted `*` as a reference to an anchor. Quote it: `\"*\"`.";

/// For `*name` without `&name`.
pub(super) fn unknown_alias(name: &str) -> String {
    format!(
        "`*{name}` refers to an anchor `&{name}`, and there is none before it. If it is meant as text, quote it."
    )
}

/// The problem that a reader's failure is to a user.
pub(super) fn problem(source: &str, failure: &YamlFailure) -> Problem {
    let at = source.floor_char_boundary(failure.at as usize);
    let line = source
        .get(at..line_end(source.as_bytes(), at))
        .unwrap_or_default();
    let word = line.find(char::is_whitespace).unwrap_or(line.len());
    let first = line.chars().next().map_or(0, char::len_utf8);
    let span = Span::new(at as u32, (at + word.max(first)) as u32);
    match failure.kind {
        FailureKind::Syntax | FailureKind::Exhausted => {}
        FailureKind::TooDeep => {
            return Problem {
                kind: ProblemKind::TooDeep,
                span,
                message: failure.message.clone(),
                ran_out: false,
            };
        }
        FailureKind::Unclosed => {
            let span = Span::new(at as u32, (at + first) as u32);
            return Problem {
                kind: ProblemKind::Syntax,
                span,
                message: failure.message.clone(),
                ran_out: false,
            };
        }
    }
    let begin = line_start(source, at);
    let whole = source
        .get(begin..line_end(source.as_bytes(), at))
        .unwrap_or_default();
    if whole.trim_start().starts_with("{%") {
        let start = begin + (whole.len() - whole.trim_start().len());
        let span = Span::new(start as u32, (begin + whole.trim_end().len()) as u32);
        let message =
            "This line belongs to a template language; it is YAML only once it is rendered."
                .to_owned();
        return Problem {
            kind: ProblemKind::Templated,
            span,
            message,
            ran_out: false,
        };
    }
    let info = failure.message.as_str();
    let contains = |part: &str| info.contains(part);
    if contains("tab")
        && !contains("start of plain")
        && let Some(tabs) = tabs(source, at)
    {
        let message = "YAML can't be indented with tabs. Use spaces.".to_owned();
        return Problem {
            kind: ProblemKind::Tab,
            span: tabs,
            message,
            ran_out: false,
        };
    }
    let message = if let Some(rest) = info.strip_prefix("unexpected character: `") {
        let character = rest.chars().next().unwrap_or(' ');
        format!("A value can't begin with `{character}` unless it is quoted.")
    } else if contains("mapping values are not allowed") || contains("illegal placement of ':'") {
        let above = source.get(..begin).unwrap_or_default().lines().next_back();
        match above.and_then(unspaced) {
            Some(key) => format!("A `:` isn't valid here. Add a space after `{key}:` above."),
            None => "A `:` isn't valid here: what is before it isn't a key. Quote the value, or fix the indentation.".to_owned(),
        }
    } else if contains("simple key expect") {
        match unspaced(line) {
            Some(key) => format!("Expected a space after `{key}:`."),
            None => "Expected `:` after this key.".to_owned(),
        }
    } else if contains("did not find expected key") {
        "Expected a key here, indented like the mapping's other keys.".to_owned()
    } else if contains("did not find expected '-'") {
        "Expected `- ` here, as before the sequence's other items, or another indentation."
            .to_owned()
    } else if contains("block sequence entries are not allowed") {
        "A `- ` isn't valid here: a sequence begins on a line of its own.".to_owned()
    } else if contains("expected ',' or '}'") {
        "Expected `,` or `}` here: the mapping in braces isn't closed.".to_owned()
    } else if contains("expected ',' or ']'") {
        "Expected `,` or `]` here: the sequence in brackets isn't closed.".to_owned()
    } else if contains("quoted scalar, found unexpected")
        || contains("invalid indentation in quoted scalar")
    {
        "This quote is never closed.".to_owned()
    } else if contains("unknown escape") {
        "This string contains an escape that YAML doesn't have; a backslash itself is written `\\\\` in double quotes.".to_owned()
    } else if contains("invalid trailing content after") {
        "There is text after the closing quote.".to_owned()
    } else if contains("misplaced bracket") {
        "This bracket closes nothing.".to_owned()
    } else if contains("invalid indentation") || contains("wrongly indented") {
        "This line's indentation matches nothing above it.".to_owned()
    } else if contains("recursion limit") {
        let message = too_deep(Limits::default().depth);
        return Problem {
            kind: ProblemKind::TooDeep,
            span,
            message,
            ran_out: false,
        };
    } else if contains("found a tab") {
        "A tab isn't valid here. Use spaces.".to_owned()
    } else if contains("unprintable") {
        "There is a character here that YAML doesn't allow.".to_owned()
    } else if contains("end of stream") || contains("eof") || contains("end of plain scalar") {
        "The file ends before what begins here is complete.".to_owned()
    } else if contains("<document start>") {
        "There is text after the end of the document's value.".to_owned()
    } else {
        format!("This is not valid YAML: {info}.")
    };
    Problem {
        kind: ProblemKind::Syntax,
        span,
        message,
        ran_out: false,
    }
}

/// The key of a line on which something stands right behind its colon: `Effect:Allow`. Elements of policies and properties of
/// templates begin with a capital; services before actions, and the schemes of addresses, don't.
fn unspaced(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['-', ' ']);
    let (key, value) = line.split_once(':')?;
    let is_name = key.starts_with(|first: char| first.is_ascii_uppercase())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_apart = value.is_empty() || value.starts_with([':', '/', ' ', '\t', '\r']);
    (is_name && !is_apart && !value.contains(": ")).then_some(key)
}

/// The tabs in the indentation of the line that `at` is on.
fn tabs(source: &str, at: usize) -> Option<Span> {
    let bytes = source.as_bytes();
    let line = line_start(source, at);
    let rest = bytes.get(line..)?;
    let blank = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    let first = rest.get(..blank)?.iter().position(|byte| *byte == b'\t')?;
    let count = rest
        .get(first..blank)?
        .iter()
        .take_while(|byte| **byte == b'\t')
        .count();
    Some(Span::new(
        (line + first) as u32,
        (line + first + count) as u32,
    ))
}

/// The beginning of the line that `at` is on.
fn line_start(source: &str, at: usize) -> usize {
    let before = source.as_bytes().get(..at).unwrap_or_default();
    memchr::memrchr2(b'\n', b'\r', before).map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use crate::{Format, Tree};

    #[test]
    fn names_what_lacks_a_space_behind_its_colon() {
        let first = |text: &str| {
            let tree = Tree::parse(text.to_owned(), Format::Yaml);
            let problem = tree.problems().first().cloned();
            problem.map(|of| of.message).unwrap_or_default()
        };
        for line in [
            "Action:[a, b]",
            "Resource:*",
            "Resource:\"*\"",
            "Action:a:Get",
        ] {
            let key = line.split(':').next().unwrap();
            let text = format!("a:\n  Effect: Allow\n  {line}\n  Other: 1\n");
            assert_eq!(first(&text), format!("Expected a space after `{key}:`."));
        }
        for line in ["Action", "https://a.example", "AWS::Region", "a:Get"] {
            let text = format!("a:\n  Effect: Allow\n  {line}\n  Other: 1\n");
            assert_eq!(first(&text), "Expected `:` after this key.", "{line}");
        }
        assert_eq!(
            first("a:\n  - Effect:Allow\n    Action: b\n"),
            "A `:` isn't valid here. Add a space after `Effect:` above."
        );
        assert!(first("a:\n  - b:c\n    Action: b\n").contains("Quote the value"));
    }
}
