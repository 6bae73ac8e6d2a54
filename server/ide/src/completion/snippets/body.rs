//! What a snippet puts in, in no syntax, and how each writes it.

use super::super::layout::{Layout, Quotes};

/// Begins and ends a place that is to be filled in, in a text.
const OPEN: char = '«';
const CLOSE: char = '»';

/// A place to fill in, and what stands there first.
pub(crate) fn hole(text: &str) -> String {
    format!("{OPEN}{text}{CLOSE}")
}

/// A text with what its places have first.
pub(crate) fn unmarked(text: &str) -> String {
    text.replace([OPEN, CLOSE], "")
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

/// A syntax, and how a file lays it out.
#[derive(Clone, Copy)]
pub(super) struct Look<'l> {
    pub syntax: Syntax,
    pub layout: &'l Layout,
}

impl Look<'_> {
    /// The margin of what is one level deeper.
    fn deeper(self, margin: &str) -> String {
        format!("{margin}{}", self.layout.unit)
    }

    /// The margin of what an item of YAML goes on in, behind its dash.
    fn behind_dash(margin: &str) -> String {
        format!("{margin}  ")
    }
}

/// A body as it stands behind a key or in a list; its lines but the first begin with `margin`.
pub(super) fn value(body: &Body, look: Look<'_>, margin: &str) -> String {
    let syntax = look.syntax;
    match (body, syntax) {
        (Body::Text(text), Syntax::Yaml | Syntax::Flow) => scalar(text, look.layout.quotes),
        (Body::Text(text), _) => format!("\"{text}\""),
        (Body::Substituted(text), Syntax::Yaml | Syntax::Flow) => {
            format!("!Sub {}", look.layout.quotes.around(text))
        }
        (Body::Substituted(text), Syntax::Json) => format!("{{ \"Fn::Sub\": \"{text}\" }}"),
        (Body::Substituted(text), Syntax::Hcl) => format!("\"{text}\""),
        (Body::List(items), Syntax::Flow) => {
            let items: Vec<String> = items.iter().map(|item| value(item, look, "")).collect();
            format!("[{}]", items.join(", "))
        }
        (Body::Map(_), Syntax::Flow) => format!("{{{}}}", pairs(body, look, "")),
        (Body::List(items), Syntax::Yaml) => {
            let item = |item| value(item, look, &Look::behind_dash(margin));
            let items = items.iter().map(item);
            items
                .map(|item| format!("\n{margin}- {}", item.trim_start()))
                .collect()
        }
        (Body::Map(_), Syntax::Yaml) => format!("\n{margin}{}", pairs(body, look, margin)),
        (Body::List(items), _) => match items.as_slice() {
            [item @ (Body::Text(_) | Body::Substituted(_))] => {
                format!("[{}]", value(item, look, margin))
            }
            items => {
                let inner = look.deeper(margin);
                let items = items.iter().map(|item| value(item, look, &inner));
                let items: Vec<String> = items.map(|item| format!("\n{inner}{item}")).collect();
                format!("[{}\n{margin}]", items.join(","))
            }
        },
        (Body::Map(_), _) => {
            let inner = look.deeper(margin);
            let own = pairs(body, look, &inner);
            format!("{{\n{inner}{own}\n{margin}}}")
        }
    }
}

/// The pairs of a mapping, each on a line of its own; the lines but the first begin with `margin`.
pub(super) fn pairs(body: &Body, look: Look<'_>, margin: &str) -> String {
    let Body::Map(pairs) = body else {
        return String::new();
    };
    let pair = |(key, body): &(String, Body)| match look.syntax {
        Syntax::Json => format!("\"{key}\": {}", value(body, look, margin)),
        Syntax::Hcl if key.contains(':') || key.contains('.') => {
            format!("\"{key}\" = {}", value(body, look, margin))
        }
        Syntax::Hcl => format!("{key} = {}", value(body, look, margin)),
        Syntax::Flow => format!("{key}: {}", value(body, look, "")),
        Syntax::Yaml => {
            let inner = match body {
                Body::List(_) => format!("{margin}{}", " ".repeat(look.layout.list_step)),
                _ => look.deeper(margin),
            };
            let own = value(body, look, &inner);
            let blank = if own.starts_with('\n') { "" } else { " " };
            format!("{key}:{blank}{own}")
        }
    };
    let pairs: Vec<String> = pairs.iter().map(pair).collect();
    match look.syntax {
        Syntax::Flow => pairs.join(", "),
        Syntax::Json => pairs.join(&format!(",\n{margin}")),
        Syntax::Yaml | Syntax::Hcl => pairs.join(&format!("\n{margin}")),
    }
}

/// A text of YAML: without quotes where it is surely read as a text all the same.
fn scalar(text: &str, quotes: Quotes) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '/' | '-' | '_');
    let begins = text
        .trim_start_matches(OPEN)
        .starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = |c: char| is_plain(c) || c == OPEN || c == CLOSE;
    match begins && text.chars().all(plain) {
        true => text.to_owned(),
        false => quotes.around(text),
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
