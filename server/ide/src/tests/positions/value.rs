//! A policy in no dialect's notation, and how each writes it. `$0` in a text or key is the cursor.

use leastwise_syntax::{Format, NodeId, Tree, View};

use super::dialect::Style;

#[derive(Clone, Debug)]
pub enum Value {
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
    /// Nothing yet behind a key.
    Nothing,
}

impl Value {
    /// Reads YAML's flow style.
    pub fn parse(text: &str) -> Value {
        let tree = Tree::parse(text.to_owned(), Format::Yaml);
        let root = tree.documents().first().copied().expect("a value");
        Value::of(&tree, root)
    }

    fn of(tree: &Tree, node: NodeId) -> Value {
        match tree.view(node) {
            View::Mapping(pairs) => Value::Map(
                pairs
                    .iter()
                    .map(|pair| {
                        let key = tree.text(pair.key).unwrap_or_default().to_owned();
                        (key, Value::of(tree, pair.value))
                    })
                    .collect(),
            ),
            View::Sequence(items) => {
                Value::List(items.iter().map(|item| Value::of(tree, *item)).collect())
            }
            // A function of templates.
            View::Tagged(tag, inner) => {
                Value::Map(vec![(tag.name.clone(), Value::of(tree, inner))])
            }
            _ => match tree.text(node).filter(|text| !text.is_empty()) {
                Some(text) => Value::Text(text.to_owned()),
                None => Value::Nothing,
            },
        }
    }
}

pub fn json(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("\"{text}\""),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(json).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(pairs) => {
            let pairs: Vec<String> = pairs
                .iter()
                .map(|(key, value)| match value {
                    Value::Nothing => format!("\"{key}\""),
                    _ => format!("\"{key}\": {}", json(value)),
                })
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Value::Nothing => String::new(),
    }
}

/// What stands behind the colon of a key, blank and all; a block's lines are indented by `margin`.
pub fn yaml(value: &Value, style: Style, margin: usize) -> String {
    if style == Style::Flow {
        return format!(" {}", flow(value));
    }
    let pad = " ".repeat(margin);
    match value {
        Value::Text(text) => format!(" {}", scalar(text, style)),
        Value::List(items) => items
            .iter()
            .map(|item| {
                let own = yaml(item, style, margin + 2);
                match own.strip_prefix('\n') {
                    Some(rest) => format!("\n{pad}- {}", rest.trim_start()),
                    None => format!("\n{pad}-{own}"),
                }
            })
            .collect(),
        Value::Map(pairs) => pairs
            .iter()
            .map(|(key, value)| match value {
                Value::Nothing => format!("\n{pad}{key}"),
                _ => format!("\n{pad}{key}:{}", yaml(value, style, margin + 2)),
            })
            .collect(),
        Value::Nothing => String::new(),
    }
}

fn scalar(text: &str, style: Style) -> String {
    let bare = text.replace("$0", "");
    let plain = style == Style::Block
        && (bare.is_empty() || bare.starts_with(|c: char| c.is_ascii_alphabetic()))
        && !bare.contains(['{', '}', '#', '$']);
    match plain {
        true => text.to_owned(),
        false => format!("'{text}'"),
    }
}

fn flow(value: &Value) -> String {
    match value {
        Value::Text(text) => scalar(text, Style::Block),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(pairs) => {
            let pairs: Vec<String> = pairs
                .iter()
                .map(|(key, value)| match value {
                    Value::Nothing => key.clone(),
                    _ => format!("{key}: {}", flow(value)),
                })
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Value::Nothing => String::new(),
    }
}

/// An object of HCL.
pub fn object(value: &Value, margin: usize) -> String {
    let pad = " ".repeat(margin);
    match value {
        Value::Text(text) => format!("\"{text}\""),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| object(item, margin)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(pairs) => {
            let pairs: String = pairs
                .iter()
                .map(|(key, value)| {
                    let key = match key.contains(':') {
                        true => format!("\"{key}\""),
                        false => key.clone(),
                    };
                    match value {
                        Value::Nothing => format!("{pad}  {key}\n"),
                        _ => format!("{pad}  {key} = {}\n", object(value, margin + 2)),
                    }
                })
                .collect();
            format!("{{\n{pairs}{pad}}}")
        }
        Value::Nothing => String::new(),
    }
}

/// The elements of a statement, each with its name in blocks.
const NAMES: [(&str, &str); 10] = [
    ("Version", "version"),
    ("Sid", "sid"),
    ("Effect", "effect"),
    ("Action", "actions"),
    ("NotAction", "not_actions"),
    ("Resource", "resources"),
    ("NotResource", "not_resources"),
    ("Principal", "principals"),
    ("Condition", "condition"),
    ("Statement", "statement"),
];

/// What an element is called in blocks; a cursor in it stays in the middle, or at the end of what is half typed.
pub fn named(name: &str) -> String {
    let clean = name.replace("$0", "");
    match NAMES.iter().find(|(own, _)| *own == clean) {
        Some((_, own)) if clean == name => (*own).to_owned(),
        Some((_, own)) => format!("{}$0{}", &own[..2], &own[2..]),
        None if name.contains("$0") => name.to_lowercase(),
        None => name.to_owned(),
    }
}

/// A list where blocks want one.
fn listed(value: &Value) -> Value {
    match value {
        Value::List(_) => value.clone(),
        other => Value::List(vec![other.clone()]),
    }
}

/// A policy with the names of blocks, as a tree: what the JSON syntax writes.
pub fn of_blocks(document: &Value) -> Value {
    let Value::Map(pairs) = document else {
        return document.clone();
    };
    let pairs = pairs.iter().filter(|(key, _)| key != "Version");
    Value::Map(
        pairs
            .map(|(key, value)| match (key.as_str(), value) {
                ("Statement", Value::List(items)) => {
                    let items = items.iter().map(statement_of_blocks).collect();
                    ("statement".to_owned(), Value::List(items))
                }
                _ => (named(key), value.clone()),
            })
            .collect(),
    )
}

fn statement_of_blocks(statement: &Value) -> Value {
    let Value::Map(pairs) = statement else {
        return statement.clone();
    };
    let text = |text: &str| Value::Text(text.to_owned());
    let block = |pairs: &[(&str, Value)]| {
        Value::Map(
            pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), value.clone()))
                .collect(),
        )
    };
    let mut own = Vec::new();
    for (key, value) in pairs {
        let value = match (key.as_str(), value) {
            ("Principal", Value::Map(kinds)) => Value::List(
                kinds
                    .iter()
                    .map(|(kind, values)| match values {
                        Value::Nothing => block(&[("type", text(kind))]),
                        _ => block(&[("type", text(kind)), ("identifiers", listed(values))]),
                    })
                    .collect(),
            ),
            ("Condition", Value::Map(operators)) => Value::List(
                operators
                    .iter()
                    .flat_map(|(operator, keys)| match keys {
                        Value::Map(keys) => keys
                            .iter()
                            .map(|(key, values)| match values {
                                Value::Nothing => {
                                    block(&[("test", text(operator)), ("variable", text(key))])
                                }
                                _ => block(&[
                                    ("test", text(operator)),
                                    ("variable", text(key)),
                                    ("values", listed(values)),
                                ]),
                            })
                            .collect(),
                        _ => vec![block(&[("test", text(operator))])],
                    })
                    .collect(),
            ),
            ("Action" | "Resource" | "NotAction" | "NotResource", value) => listed(value),
            _ => value.clone(),
        };
        own.push((named(key), value));
    }
    Value::Map(own)
}

/// The body of a document in blocks.
pub fn blocks(document: &Value, margin: usize) -> String {
    let Value::Map(pairs) = of_blocks(document) else {
        return String::new();
    };
    pairs
        .iter()
        .map(|(key, value)| argument(key, value, margin))
        .collect()
}

fn argument(key: &str, value: &Value, margin: usize) -> String {
    let pad = " ".repeat(margin);
    match value {
        Value::Nothing => format!("{pad}{key}\n"),
        Value::List(items) if items.iter().any(|item| matches!(item, Value::Map(_))) => items
            .iter()
            .map(|item| {
                let Value::Map(pairs) = item else {
                    return String::new();
                };
                let own: String = pairs
                    .iter()
                    .map(|(key, value)| argument(key, value, margin + 2))
                    .collect();
                format!("{pad}{key} {{\n{own}{pad}}}\n")
            })
            .collect(),
        _ => format!("{pad}{key} = {}\n", object(value, margin)),
    }
}
