//! Values in JSON.

use super::notation::Value;
use super::words::Words;

/// A value in JSON: over several lines where `indent` (spaces of its first line) is given, else in one.
/// `None` where JSON can't say it.
pub fn value(of: &Value, words: &Words, indent: Option<usize>) -> Option<String> {
    let inner = indent.map(|indent| indent + 2);
    let line = |indent: Option<usize>| match indent {
        Some(indent) => format!("\n{}", " ".repeat(indent)),
        None => String::new(),
    };
    let parts = |open: char, parts: Vec<String>, close: char| {
        if parts.is_empty() {
            return format!("{open}{close}");
        }
        let between = if inner.is_some() { "," } else { ", " };
        let mut text = open.to_string();
        for (at, part) in parts.iter().enumerate() {
            // A gap takes the place of a comma.
            if let Some(gap) = part.strip_prefix('\0') {
                text += gap;
                continue;
            }
            let gap = at > 0 && parts[at - 1].starts_with('\0');
            if at > 0 && !gap {
                text += between;
            }
            text += &line(inner);
            text += part;
        }
        format!("{text}{}{close}", line(indent))
    };
    Some(match of {
        Value::Text(text) => words.json(text),
        Value::Gap => "\0".to_owned(),
        Value::Bare(_) | Value::Commented(..) => return None,
        Value::List(items) => {
            let mut written = Vec::new();
            for (at, item) in items.iter().enumerate() {
                let item = value(item, words, inner)?;
                written.push(match at > 0 && items[at - 1] == Value::Gap {
                    true => format!("⟦{item}⟧"),
                    false => item,
                });
            }
            parts('[', written, ']')
        }
        Value::Map(pairs) => {
            let pairs: Option<Vec<String>> = pairs
                .iter()
                .map(|(key, of)| Some(format!("\"{key}\": {}", value(of, words, inner)?)))
                .collect();
            parts('{', pairs?, '}')
        }
    })
}

/// A text in a JSON string, without the quotes.
pub fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
