//! Policies in no dialect: the notation that the table is written in, and the marks in it.
//!
//! A value is `{Key: value, …}`, `[value, …]`, a text as it is, or one in `'…'`. In a text `<account>`, `<region>` and
//! `<prefix>` stand for what each dialect has its own variables for; `⟦…⟧` marks where a finding must be. `!bare *` is a
//! text without quotes where others have them, `!gap` a place where something lacks between two values. What follows
//! `#` up to the line's end is a comment on the value before it.

use leastwise_syntax::Span;

/// A value of a policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// A text, with marks and variables.
    Text(String),
    /// A text that must not be put into quotes.
    Bare(String),
    /// A missing separator.
    Gap,
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
    /// A value and the comment behind it.
    Commented(Box<Value>, String),
}

impl Value {
    /// Reads the notation. The table is part of the tests: what can't be read fails the test.
    pub fn parse(notation: &str) -> Value {
        let mut reader = Reader { rest: notation };
        let value = reader.value();
        assert_eq!(reader.rest.trim(), "", "behind the value of {notation}");
        value
    }

    /// A document, from one or from its statements.
    pub fn policy(notation: &str) -> Value {
        match Value::parse(&format!("[{notation}]")) {
            Value::List(items) => match items.as_slice() {
                [one] if one.get("Statement").or(one.get("Version")).is_some() => one.clone(),
                _ => Value::Map(vec![
                    ("Version".to_owned(), Value::Text("2012-10-17".to_owned())),
                    ("Statement".to_owned(), Value::List(items)),
                ]),
            },
            _ => unreachable!("a list"),
        }
    }

    /// The value of a key, marked or not.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Map(pairs) => pairs
                .iter()
                .find(|(name, _)| bare(name) == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// Whether the value or a part of it is of a sort.
    pub fn has(&self, sort: &dyn Fn(&Value) -> bool) -> bool {
        sort(self)
            || match self {
                Value::List(items) => items.iter().any(|item| item.has(sort)),
                Value::Map(pairs) => pairs.iter().any(|(_, value)| value.has(sort)),
                Value::Commented(value, _) => value.has(sort),
                _ => false,
            }
    }
}

/// A text without its marks.
pub fn bare(text: &str) -> String {
    text.replace(['⟦', '⟧'], "")
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self) -> Value {
        let value = match self.peek() {
            Some('{') => Value::Map(self.entries('{', '}', |reader| {
                let (key, rest) = reader.rest.split_once(": ").expect("a key");
                reader.rest = rest;
                (key.trim().to_owned(), reader.value())
            })),
            Some('[') => Value::List(self.entries('[', ']', Reader::value)),
            _ => self.text(),
        };
        let next = self.rest.trim_start();
        if next.starts_with(['#']) || next.starts_with("⟦#") {
            let (comment, rest) = next.split_once('\n').unwrap_or((next, ""));
            self.rest = rest;
            return Value::Commented(Box::new(value), comment.to_owned());
        }
        value
    }

    fn text(&mut self) -> Value {
        if let Some(quoted) = self.rest.strip_prefix('\'') {
            let (text, rest) = quoted.split_once('\'').expect("a closing quote");
            self.rest = rest;
            return Value::Text(text.to_owned());
        }
        let comment = [" #", " ⟦#"].iter().filter_map(|mark| self.rest.find(mark));
        let end = comment
            .chain(self.rest.find([',', ']', '}', '\n']))
            .min()
            .unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        let text = text.trim();
        match (text.strip_prefix("!bare "), text) {
            (Some(text), _) => Value::Bare(text.to_owned()),
            (None, "!gap") => Value::Gap,
            _ => Value::Text(text.to_owned()),
        }
    }

    fn entries<T>(
        &mut self,
        open: char,
        close: char,
        mut entry: impl FnMut(&mut Self) -> T,
    ) -> Vec<T> {
        self.rest = self.rest.strip_prefix(open).expect("an open bracket");
        let mut entries = Vec::new();
        loop {
            match self.peek() {
                Some(',') => self.rest = &self.rest[1..],
                Some(c) if c == close => {
                    self.rest = &self.rest[1..];
                    return entries;
                }
                Some(_) => entries.push(entry(self)),
                None => panic!("no {close}"),
            }
        }
    }

    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }
}

/// A text without its marks, and the bytes that they are around.
pub fn unmark(marked: &str) -> (String, Vec<Span>) {
    let (mut text, mut spans, mut open) = (String::new(), Vec::new(), None);
    for c in marked.chars() {
        let at = text.len() as u32;
        match c {
            '⟦' => open = Some(at),
            '⟧' => spans.push(Span::new(open.take().expect("an open mark"), at)),
            c => text.push(c),
        }
    }
    (text, spans)
}

#[test]
fn the_notation() {
    let text = |text: &str| Value::Text(text.to_owned());
    let pair = |key: &str, value: Value| (key.to_owned(), value);
    assert_eq!(
        Value::parse("{⟦A⟧: [b:c, 'd, e'], F: !bare *, G: {}, h:i: j ⟦# k[l]⟧\n}"),
        Value::Map(vec![
            pair("⟦A⟧", Value::List(vec![text("b:c"), text("d, e")])),
            pair("F", Value::Bare("*".to_owned())),
            pair("G", Value::Map(Vec::new())),
            pair(
                "h:i",
                Value::Commented(Box::new(text("j")), "⟦# k[l]⟧".to_owned())
            ),
        ])
    );
    assert_eq!(unmark("a⟦bc⟧d"), ("abcd".to_owned(), vec![Span::new(1, 3)]));
}
