//! What a snippet puts in, in no syntax, and how each writes it.

/// Begins and ends a place that is to be filled in, in a text.
const OPEN: char = '«';
const CLOSE: char = '»';

/// A place to fill in, and what stands there first.
pub(super) fn hole(text: &str) -> String {
    format!("{OPEN}{text}{CLOSE}")
}

/// A part of a policy.
#[derive(Clone, Debug)]
pub(super) enum Body {
    Text(String),
    /// A text with variables of the template.
    Substituted(String),
    List(Vec<Body>),
    Map(Vec<(String, Body)>),
}

impl Body {
    pub fn text(text: impl Into<String>) -> Body {
        Body::Text(text.into())
    }

    pub fn map<const N: usize>(pairs: [(&str, Body); N]) -> Body {
        let pairs = pairs.into_iter();
        Body::Map(pairs.map(|(key, value)| (key.to_owned(), value)).collect())
    }

    pub fn list<const N: usize>(items: [Body; N]) -> Body {
        Body::List(items.into())
    }
}

/// How a body is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Syntax {
    Json,
    Yaml,
    /// YAML in brackets: all on one line.
    Flow,
    Hcl,
}

/// A body as it stands behind a key or in a list; its lines but the first are indented by `margin`.
pub(super) fn value(body: &Body, syntax: Syntax, margin: usize) -> String {
    if syntax == Syntax::Flow {
        return match body {
            Body::List(items) => {
                let items: Vec<String> = items.iter().map(|item| value(item, syntax, 0)).collect();
                format!("[{}]", items.join(", "))
            }
            Body::Map(_) => format!("{{{}}}", pairs(body, syntax, 0)),
            text => value(text, Syntax::Yaml, 0),
        };
    }
    let (pad, inner) = (" ".repeat(margin), " ".repeat(margin + 2));
    match (body, syntax) {
        (Body::Text(text), Syntax::Yaml) => scalar(text),
        (Body::Text(text), _) => format!("\"{text}\""),
        (Body::Substituted(text), Syntax::Yaml | Syntax::Flow) => format!("!Sub '{text}'"),
        (Body::Substituted(text), Syntax::Json) => format!("{{ \"Fn::Sub\": \"{text}\" }}"),
        (Body::Substituted(text), Syntax::Hcl) => format!("\"{text}\""),
        (Body::List(items), Syntax::Yaml) => items
            .iter()
            .map(|item| format!("\n{pad}- {}", value(item, syntax, margin + 2).trim_start()))
            .collect(),
        (Body::Map(_), Syntax::Yaml) => format!("\n{pad}{}", pairs(body, syntax, margin)),
        (Body::List(items), _) => match items.as_slice() {
            [item @ (Body::Text(_) | Body::Substituted(_))] => {
                format!("[{}]", value(item, syntax, margin))
            }
            items => {
                let items = items.iter().map(|item| value(item, syntax, margin + 2));
                let items: Vec<String> = items.map(|item| format!("\n{inner}{item}")).collect();
                format!("[{}\n{pad}]", items.join(","))
            }
        },
        (Body::Map(_), _) => {
            let own = pairs(body, syntax, margin + 2);
            format!("{{\n{inner}{own}\n{pad}}}")
        }
    }
}

/// The pairs of a mapping, each on a line of its own; the lines but the first are indented by `margin`.
pub(super) fn pairs(body: &Body, syntax: Syntax, margin: usize) -> String {
    let Body::Map(pairs) = body else {
        return String::new();
    };
    let pad = " ".repeat(margin);
    if syntax == Syntax::Flow {
        let pair = |(key, body): &(String, Body)| format!("{key}: {}", value(body, syntax, 0));
        let pairs: Vec<String> = pairs.iter().map(pair).collect();
        return pairs.join(", ");
    }
    let pair = |(key, body): &(String, Body)| match syntax {
        Syntax::Json => format!("\"{key}\": {}", value(body, syntax, margin)),
        Syntax::Hcl if key.contains(':') || key.contains('.') => {
            format!("\"{key}\" = {}", value(body, syntax, margin))
        }
        Syntax::Hcl => format!("{key} = {}", value(body, syntax, margin)),
        Syntax::Yaml | Syntax::Flow => {
            let own = value(body, syntax, margin + 2);
            let blank = if own.starts_with('\n') { "" } else { " " };
            format!("{key}:{blank}{own}")
        }
    };
    let pairs: Vec<String> = pairs.iter().map(pair).collect();
    let comma = if syntax == Syntax::Json { "," } else { "" };
    pairs.join(&format!("{comma}\n{pad}"))
}

/// A text of YAML: without quotes where it is surely read as a text all the same.
fn scalar(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '/' | '-' | '_');
    let begins = text
        .trim_start_matches(OPEN)
        .starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = |c: char| is_plain(c) || c == OPEN || c == CLOSE;
    match begins && text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{text}'"),
    }
}

/// The text as the protocol has it: places are numbered in their order, and what would be taken for one isn't.
pub(crate) fn numbered(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 16);
    let mut count = 0;
    for c in text.chars() {
        match c {
            OPEN => {
                count += 1;
                written.push_str(&format!("${{{count}:"));
            }
            CLOSE => written.push('}'),
            '$' | '}' | '\\' => {
                written.push('\\');
                written.push(c);
            }
            _ => written.push(c),
        }
    }
    written
}
