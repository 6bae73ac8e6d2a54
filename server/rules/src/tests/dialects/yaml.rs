//! Values in YAML.

use super::notation::Value;
use super::words::Words;

/// A value as it stands behind `key:` or `-`, in block style: with the space or the line break before it. `indent`
/// is that of the key. `None` where YAML can't say it so.
pub fn block(value: &Value, words: &Words, indent: usize) -> Option<String> {
    let inner = indent + 2;
    let margin = " ".repeat(inner);
    Some(match value {
        Value::Text(_) | Value::Bare(_) => format!(" {}", flow(value, words)?),
        Value::Commented(value, comment) => format!("{} {comment}", block(value, words, indent)?),
        Value::Gap => return None,
        Value::List(items) if items.is_empty() => " []".to_owned(),
        Value::List(items) if items.contains(&Value::Gap) => format!(" {}", gaps(items)?),
        Value::Map(pairs) if pairs.is_empty() => " {}".to_owned(),
        Value::List(items) => {
            let mut text = String::new();
            for item in items {
                text += &match item {
                    // What begins behind a dash needs no line of its own.
                    Value::Map(pairs) if !pairs.is_empty() => {
                        let body = map(pairs, words, inner + 2)?;
                        format!("\n{margin}- {}", body.trim_start())
                    }
                    item => format!("\n{margin}-{}", block(item, words, inner)?),
                };
            }
            text
        }
        Value::Map(pairs) => map(pairs, words, inner)?,
    })
}

fn map(pairs: &[(String, Value)], words: &Words, indent: usize) -> Option<String> {
    let margin = " ".repeat(indent);
    let lines: Option<Vec<String>> = pairs
        .iter()
        .map(|(key, value)| Some(format!("\n{margin}{key}:{}", block(value, words, indent)?)))
        .collect();
    Some(lines?.concat())
}

/// A whole document in block style.
pub fn document(value: &Value, words: &Words, indent: usize) -> Option<String> {
    match value {
        Value::Map(pairs) => Some(map(pairs, words, indent)?.trim_start().to_owned()),
        _ => None,
    }
}

/// A value in flow style, in one line.
pub fn flow(value: &Value, words: &Words) -> Option<String> {
    let parts = |parts: Option<Vec<String>>| Some(parts?.join(", "));
    Some(match value {
        Value::Text(text) => words.yaml(text, true),
        Value::Bare(text) => text.clone(),
        Value::Gap | Value::Commented(..) => return None,
        Value::List(items) => {
            let items = items.iter().map(|item| flow(item, words)).collect();
            format!("[{}]", parts(items)?)
        }
        Value::Map(pairs) => {
            let pairs = pairs
                .iter()
                .map(|(key, value)| {
                    // A colon in a flow key would end it elsewhere.
                    let key = match key.contains(':') {
                        true => format!("'{key}'"),
                        false => key.clone(),
                    };
                    Some(format!("{key}: {}", flow(value, words)?))
                })
                .collect();
            format!("{{{}}}", parts(pairs)?)
        }
    })
}

/// A list in brackets in which a comma lacks; that is noticed at the next value, and what is behind it is not read.
fn gaps(items: &[Value]) -> Option<String> {
    let at = items.iter().position(|item| *item == Value::Gap)?;
    let words = |items: &[Value]| {
        let words: Option<Vec<String>> = items
            .iter()
            .map(|item| match item {
                Value::Text(word) => Some(format!("'{word}'")),
                _ => None,
            })
            .collect();
        Some(words?.join(", "))
    };
    let (before, behind) = (words(&items[..at])?, words(&items[at + 1..])?);
    Some(format!("[{before} ⟦{behind}]⟧"))
}
