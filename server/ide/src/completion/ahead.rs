//! The value that stands behind a cursor already: what is accepted in front of it takes its place, or nothing is offered.

use leastwise_syntax::Format;

use crate::position::{CursorPlace, Frame, Quote, Role};

/// What stands behind the cursor where a value is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ahead {
    Nothing,
    /// A text that ends here.
    Text(u32),
    /// What no text can replace: a list, a mapping, a call.
    Other,
}

/// Where the text ends that an accepted one takes the place of, if there is one. `None` where nothing can be accepted.
pub(super) fn replaced(text: &str, format: Format, place: &CursorPlace<'_>) -> Option<Option<u32>> {
    match ahead(text, format, place) {
        Ahead::Nothing => Some(None),
        Ahead::Text(end) => Some(Some(end)),
        Ahead::Other => None,
    }
}

/// Tells what the key at the cursor has for a value, where nothing is typed in front of that.
fn ahead(text: &str, format: Format, place: &CursorPlace<'_>) -> Ahead {
    let cursor = place.cursor as usize;
    let last = place.path.last().map(|step| (step.frame, step.start));
    let Some((Frame::Key(_), key)) = last else {
        return Ahead::Nothing;
    };
    let before = text.get(..cursor).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let is_value = line.trim_end().ends_with([':', '=']);
    if !is_value
        || place.start != place.cursor
        || place.quote != Quote::None
        || place.role == Role::Key
    {
        return Ahead::Nothing;
    }
    let behind = text.get(cursor..).unwrap_or_default();
    let rest = behind.split(['\n', '\r']).next().unwrap_or_default();
    let own = rest.trim_start_matches([' ', '\t']);
    match own.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let Some(length) = quoted(own, quote) else {
                return Ahead::Nothing;
            };
            let ends = own.get(length..).unwrap_or_default().trim_start();
            // `"Effect": |"Action": …`: the next key.
            if ends.starts_with([':', '=']) {
                return Ahead::Nothing;
            }
            let end = cursor + rest.len() - own.len() + length;
            u32::try_from(end).map_or(Ahead::Nothing, Ahead::Text)
        }
        Some('[' | '{') => Ahead::Other,
        Some('!' | '&' | '*' | '|' | '>') if format == Format::Yaml => Ahead::Other,
        None | Some('#') if format == Format::Yaml => below(text, key as usize, behind),
        _ => Ahead::Nothing,
    }
}

/// How long the text is that begins a line with its quote, both of them counted.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == quote && !escaped;
        escaped = *c == '\\' && quote == '"' && !escaped;
        ends
    });
    end.map(|(at, _)| at + 1)
}

/// What a key has in lines of its own, `key` being where it begins, and `behind` what follows it.
fn below(text: &str, key: usize, behind: &str) -> Ahead {
    let start = text.get(..key).and_then(|before| before.rfind('\n'));
    let column = key - start.map_or(0, |at| at + 1);
    let lines = behind.lines().skip(1);
    let mut written =
        lines.filter(|line| !matches!(line.trim_start().chars().next(), None | Some('#')));
    let is_its = written.next().is_some_and(|line| {
        let own = line.trim_start_matches(' ');
        let indent = line.len() - own.len();
        indent > column || indent == column && own.starts_with("- ")
    });
    match is_its {
        true => Ahead::Other,
        false => Ahead::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{labels, take};

    #[test]
    fn a_value_takes_the_place_of_the_one_behind() {
        let json = |place: &str| {
            format!(
                "{{\"Version\": \"2012-10-17\", \"Statement\": [{{{place}, \"Resource\": \"*\"}}]}}"
            )
        };
        for (place, label, written) in [
            ("\"Effect\": $0\"Allow\"", "Deny", "\"Effect\": \"Deny\""),
            ("\"Effect\": $0 \"Allow\"", "Deny", "\"Effect\": \"Deny\""),
            (
                "\"Action\": $0\"s3:Get\\\"\"",
                "sqs:*",
                "\"Action\": \"sqs:*\"",
            ),
        ] {
            let marked = json(place);
            let label = if label == "sqs:*" { "*" } else { label };
            let written = written.replace("sqs:*", "*");
            assert_eq!(take(&marked, label), json(&written));
        }
        let yaml = "Version: '2012-10-17'\nStatement:\n  - Effect: $0'Allow' # why\n    Action: s3:GetObject\n";
        assert_eq!(take(yaml, "Deny"), yaml.replace("$0'Allow'", "Deny"));
        let object = "resource \"aws_iam_policy\" \"p\" {\n  policy = jsonencode({\n    Statement = [{\n      Effect = $0 \"Allow\"\n    }]\n  })\n}\n";
        assert_eq!(
            take(object, "Deny"),
            object.replace("$0 \"Allow\"", "\"Deny\"")
        );
    }

    #[test]
    fn nothing_is_put_before_what_no_text_replaces() {
        for place in ["\"Action\": $0[\"s3:GetObject\"]", "\"Condition\": $0{}"] {
            let marked = format!("{{\"Statement\": [{{{place}}}]}}");
            assert_eq!(labels(&marked), [""; 0], "{marked}");
        }
        for place in [
            "Action: $0\n      - s3:GetObject",
            "Action: $0\n    - s3:GetObject",
            "Resource: $0!Ref X",
        ] {
            let marked =
                format!("Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    {place}\n");
            assert_eq!(labels(&marked), [""; 0], "{marked}");
        }
        // The next element is no value, and an item of a list comes before another.
        let key = "{\"Statement\": [{\"Effect\": $0\"Action\": \"s3:GetObject\"}]}";
        assert!(labels(key).contains(&"Allow".to_owned()));
        let item = "{\"Statement\": [{\"Action\": [$0\"s3:GetObject\"]}]}";
        assert!(!labels(item).is_empty());
    }
}
