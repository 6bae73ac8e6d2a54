//! The keys that a text is typed by, from nothing.

use leastwise_syntax::{Format, Span};

/// What one key does to the text.
pub(super) struct Key {
    /// The bytes that go.
    pub span: Span,
    /// What comes in their place.
    pub text: String,
}

/// Each character by itself.
pub(super) fn plain(text: &str) -> Vec<Key> {
    let one = |(at, c): (usize, char)| Key {
        span: Span::empty(at as u32),
        text: c.to_string(),
    };
    text.char_indices().map(one).collect()
}

/// As in an editor that closes brackets and quotes and indents new lines.
pub(super) fn assisted(text: &str, format: Format) -> Vec<Key> {
    let mut typist = Typist {
        before: String::new(),
        after: String::new(),
        keys: Vec::new(),
        block: format == Format::Yaml,
    };
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        if let Some(passed) = typist.pass(&text[at..]) {
            at += passed;
        } else if next == '\n' {
            at += typist.enter(&text[at + 1..]) + 1;
        } else {
            typist.press(next, text[at + next.len_utf8()..].chars().next());
            at += next.len_utf8();
        }
    }
    assert_eq!(typist.before + &typist.after, text);
    typist.keys
}

struct Typist {
    /// The text up to the cursor, and what was closed behind it.
    before: String,
    after: String,
    keys: Vec<Key>,
    block: bool,
}

impl Typist {
    fn insert(&mut self, before: &str, after: &str) {
        self.keys.push(Key {
            span: Span::empty(self.before.len() as u32),
            text: format!("{before}{after}"),
        });
        self.before += before;
        self.after.insert_str(0, after);
    }

    /// Moves over what was closed before, with the space in front of it. How far.
    fn pass(&mut self, rest: &str) -> Option<usize> {
        let blank = self.after.len() - self.after.trim_start().len();
        let closer = self.after[blank..].chars().next()?;
        let length = blank + closer.len_utf8();
        let passed: String = self.after[..length].to_owned();
        rest.starts_with(&passed).then(|| {
            self.before += &passed;
            self.after.drain(..length);
            length
        })
    }

    fn press(&mut self, key: char, next: Option<char>) {
        let quote = matches!(key, '"' | '\'');
        // No editor closes a quote behind a letter, or in front of one.
        let in_word = self.before.ends_with(|c: char| c.is_alphanumeric());
        let closer = match key {
            '{' => "}",
            '[' => "]",
            '(' => ")",
            '"' if !in_word => "\"",
            '\'' if !in_word && self.block => "'",
            _ => "",
        };
        let open = !quote || next.is_some();
        self.insert(&key.to_string(), if open { closer } else { "" });
    }

    /// Begins a line. How much of the rest it has written already.
    fn enter(&mut self, rest: &str) -> usize {
        let line = self.before.rsplit('\n').next().unwrap_or_default();
        let mut indent = line.len() - line.trim_start().len();
        let own = " ".repeat(indent);
        let opened = line.ends_with(['{', '[', '(']);
        if opened || self.block && line.ends_with(':') {
            indent += 2;
        }
        if self.block && line.trim_start().starts_with("- ") && line.contains(": ") {
            indent += 2;
        }
        let wanted = rest.len() - rest.trim_start_matches(' ').len();
        // An empty line keeps no indentation.
        if rest.starts_with('\n') || rest.is_empty() {
            self.insert("\n", "");
            return 0;
        }
        match opened && self.after.starts_with(['}', ']', ')']) {
            true => self.insert(&format!("\n{}", " ".repeat(indent)), &format!("\n{own}")),
            false => self.insert(&format!("\n{}", " ".repeat(indent)), ""),
        }
        while indent > wanted {
            let gone = 2.min(indent - wanted);
            indent -= gone;
            let end = self.before.len();
            self.keys.push(Key {
                span: Span::new((end - gone) as u32, end as u32),
                text: String::new(),
            });
            self.before.truncate(end - gone);
        }
        indent
    }
}
