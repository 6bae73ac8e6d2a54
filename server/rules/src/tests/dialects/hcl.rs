//! Values in HCL: as objects, and as the blocks of an `aws_iam_policy_document`.

use super::notation::{Value, bare};
use super::words::Words;

/// One line of a body: a name, and its value, which may go over more lines.
struct Line {
    name: String,
    /// Without the sign between.
    value: String,
    block: bool,
}

/// Writes the lines of a body as `terraform fmt` does: neighbours that have one line each are aligned.
fn lines(lines: &[Line], indent: usize) -> String {
    let margin = " ".repeat(indent);
    let single = |line: &Line| !line.block && !line.value.contains('\n');
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        if line.block {
            text += &format!("{margin}{} {}\n", line.name, line.value);
            continue;
        }
        let near = |at: usize| lines.get(at).is_some_and(&single);
        let (mut first, mut last) = (at, at);
        while near(at) && first > 0 && near(first - 1) {
            first -= 1;
        }
        while near(at) && near(last + 1) {
            last += 1;
        }
        let width = lines[first..=last]
            .iter()
            .map(|line| bare(&line.name).len())
            .max()
            .unwrap_or_default();
        let space = " ".repeat(width.saturating_sub(bare(&line.name).len()));
        text += &format!("{margin}{}{space} = {}\n", line.name, line.value);
    }
    text
}

/// A value as an expression; `indent` is that of the line that it begins in.
pub fn value(value: &Value, words: &Words, indent: usize) -> Option<String> {
    let margin = " ".repeat(indent);
    Some(match value {
        Value::Text(text) => words.hcl(text),
        Value::Bare(_) => return None,
        Value::Commented(value, comment) => {
            format!("{} {comment}", self::value(value, words, indent)?)
        }
        Value::Gap => return None,
        Value::List(items)
            if items
                .iter()
                .all(|item| matches!(item, Value::Text(_) | Value::Gap)) =>
        {
            let mut text = String::new();
            for (at, item) in items.iter().enumerate() {
                let word = match item {
                    Value::Gap => continue,
                    item => self::value(item, words, indent)?,
                };
                text += &match at {
                    0 => word,
                    // What lacks is noticed at the next.
                    _ if items[at - 1] == Value::Gap => format!(" ⟦{word}⟧"),
                    _ => format!(", {word}"),
                };
            }
            format!("[{text}]")
        }
        Value::List(items) => {
            let mut text = "[\n".to_owned();
            for item in items {
                text += &format!("{margin}  {},\n", self::value(item, words, indent + 2)?);
            }
            format!("{text}{margin}]")
        }
        Value::Map(pairs) => {
            let mut body = Vec::new();
            for (key, value) in pairs {
                let plain = bare(key);
                let name = match plain.bytes().all(|b| b.is_ascii_alphanumeric()) {
                    true => key.clone(),
                    false => format!("\"{key}\""),
                };
                body.push(Line {
                    name,
                    value: self::value(value, words, indent + 2)?,
                    block: false,
                });
            }
            format!("{{\n{}{margin}}}", lines(&body, indent + 2))
        }
    })
}

/// The blocks of a document. `None` where there is no such block or argument.
pub fn blocks(policy: &Value, words: &Words, indent: usize) -> Option<String> {
    let mut body = Vec::new();
    let Value::Map(pairs) = policy else {
        return None;
    };
    // The provider writes a version of its own accord.
    policy.get("Version")?;
    for (key, value) in pairs {
        match (key.as_str(), value) {
            ("Version", Value::Text(text)) if text == "2012-10-17" => {}
            ("Id", Value::Text(text)) => body.push(Line {
                name: "policy_id".to_owned(),
                value: words.hcl(text),
                block: false,
            }),
            ("Statement", Value::List(statements)) => {
                for statement in statements {
                    body.push(Line {
                        name: "statement".to_owned(),
                        value: statement_block(statement, words, indent)?,
                        block: true,
                    });
                }
            }
            _ => return None,
        }
    }
    Some(lines(&body, indent))
}

fn statement_block(statement: &Value, words: &Words, indent: usize) -> Option<String> {
    let Value::Map(pairs) = statement else {
        return None;
    };
    let mut body = Vec::new();
    for (key, value) in pairs {
        let plain = bare(key);
        let name = argument(&plain)?;
        let marked = key.replace(&plain, name);
        if ["principals", "not_principals", "condition"].contains(&name) {
            for (first, second, values) in nested(value)? {
                let (one, two, three) = match name {
                    "condition" => ("test", Some("variable"), "values"),
                    _ => ("type", None, "identifiers"),
                };
                let line = |name: &str, value: String| Line {
                    name: name.to_owned(),
                    value,
                    block: false,
                };
                let mut inner = vec![line(one, words.hcl(&first))];
                inner.extend(two.map(|two| line(two, words.hcl(&second))));
                inner.push(line(
                    three,
                    self::value(&Value::List(values), words, indent + 4)?,
                ));
                body.push(Line {
                    name: marked.clone(),
                    value: format!(
                        "{{\n{}{}}}",
                        lines(&inner, indent + 4),
                        " ".repeat(indent + 2)
                    ),
                    block: true,
                });
            }
            continue;
        }
        let value = match (name, value) {
            ("sid" | "effect", value) => self::value(value, words, indent + 2)?,
            (_, Value::Commented(value, comment)) => {
                let list = Value::List(items(value));
                format!("{} {comment}", self::value(&list, words, indent + 2)?)
            }
            (_, value) => self::value(&Value::List(items(value)), words, indent + 2)?,
        };
        body.push(Line {
            name: marked,
            value,
            block: false,
        });
    }
    Some(format!(
        "{{\n{}{}}}",
        lines(&body, indent + 2),
        " ".repeat(indent)
    ))
}

/// The argument or block of a statement for an element.
pub fn argument(element: &str) -> Option<&'static str> {
    Some(match element {
        "Sid" => "sid",
        "Effect" => "effect",
        "Action" => "actions",
        "NotAction" => "not_actions",
        "Resource" => "resources",
        "NotResource" => "not_resources",
        "Principal" => "principals",
        "NotPrincipal" => "not_principals",
        "Condition" => "condition",
        _ => return None,
    })
}

/// A list as its items, anything else as the one item.
pub fn items(value: &Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.clone(),
        other => vec![other.clone()],
    }
}

/// What is a mapping in IAM's words and several blocks here: principals by kind, tests by operator and key.
pub fn nested(value: &Value) -> Option<Vec<(String, String, Vec<Value>)>> {
    let mut found = Vec::new();
    match value {
        Value::Text(star) if bare(star) == "*" => {
            found.push(("*".to_owned(), String::new(), vec![value.clone()]));
        }
        Value::Map(pairs) => {
            for (first, value) in pairs {
                match value {
                    Value::Map(tests) => found.extend(
                        tests
                            .iter()
                            .map(|(second, value)| (first.clone(), second.clone(), items(value))),
                    ),
                    value => found.push((first.clone(), String::new(), items(value))),
                }
            }
        }
        _ => return None,
    }
    Some(found)
}

/// The blocks of a document in the JSON syntax of Terraform.
pub fn objects(policy: &Value) -> Option<Value> {
    policy.get("Version")?;
    let Value::Map(pairs) = policy else {
        return None;
    };
    let mut body = Vec::new();
    for (key, value) in pairs {
        match (key.as_str(), value) {
            ("Version", Value::Text(version)) if version == "2012-10-17" => {}
            ("Id", _) => body.push(("policy_id".to_owned(), value.clone())),
            ("Statement", Value::List(statements)) => {
                let statements: Option<Vec<Value>> = statements.iter().map(object).collect();
                body.push(("statement".to_owned(), Value::List(statements?)));
            }
            _ => return None,
        }
    }
    fn object(statement: &Value) -> Option<Value> {
        let Value::Map(pairs) = statement else {
            return None;
        };
        let mut body = Vec::new();
        for (key, value) in pairs {
            let plain = bare(key);
            let name = argument(&plain)?;
            let value = match name {
                "sid" | "effect" => value.clone(),
                "principals" | "not_principals" | "condition" => {
                    let (one, two, three) = match name {
                        "condition" => ("test", Some("variable"), "values"),
                        _ => ("type", None, "identifiers"),
                    };
                    let blocks = nested(value)?.into_iter().map(|(first, second, values)| {
                        let mut pairs = vec![(one.to_owned(), Value::Text(first))];
                        pairs.extend(two.map(|two| (two.to_owned(), Value::Text(second))));
                        pairs.push((three.to_owned(), Value::List(values)));
                        Value::Map(pairs)
                    });
                    Value::List(blocks.collect())
                }
                _ => Value::List(items(value)),
            };
            body.push((key.replace(&plain, name), value));
        }
        Some(Value::Map(body))
    }
    Some(Value::Map(body))
}
