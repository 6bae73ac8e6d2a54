//! What can be understood of a JSON text that is not valid, while it is being typed.
//!
//! Not by tree-sitter: its first parse of a large template takes longer than an edit may (it reads 10 MB/s, and
//! keeps a tree many times the size of ours), and a text turns from valid to broken and back with every few
//! keystrokes. One pass over the tokens with a stack reads at the speed of the strict reader, and can use what it
//! knows of the language: a string before a colon is a key, wherever brackets are missing.

use super::lexer::{decode, space, word};
use crate::arena::{Kind, NONE};
use crate::reading::Reading;
use crate::{Comment, Limits, NodeId, ScalarType, Span, Style};

/// What is due next in a collection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Due {
    /// A key, or an item of a sequence.
    Child,
    Colon,
    Value,
    Comma,
}

/// A collection that is still open.
struct Frame {
    node: NodeId,
    is_mapping: bool,
    base: usize,
    due: Due,
}

struct JsonReader<'a> {
    /// What scalars have their text from.
    original: &'a str,
    /// The same, perhaps with other characters in the place of some.
    source: &'a str,
    limits: &'a Limits,
    read: Reading,
    frames: Vec<Frame>,
    children: Vec<NodeId>,
    /// The end of the last token that became part of the tree.
    end: usize,
}

/// Reads any text, `source` in place of `original`.
pub(super) fn read(original: &str, source: &str, limits: &Limits) -> Reading {
    let mut reader = JsonReader {
        original,
        source,
        limits,
        read: Reading::default(),
        frames: Vec::new(),
        children: Vec::new(),
        end: 0,
    };
    let mut at = if source.starts_with('\u{FEFF}') { 3 } else { 0 };
    loop {
        at = reader.gap(at);
        if at >= source.len() {
            break;
        }
        if reader.frames.is_empty() && !reader.children.is_empty() {
            // Something behind the root value: it has no place in the tree.
            let root = reader.children.pop();
            reader.read.documents.extend(root);
            let end = at + source.get(at..).unwrap_or_default().trim_end().len();
            reader.comments_within(at, end);
            let rest = reader.read.arena.leaf(Kind::Invalid, span(at, end), NONE);
            reader.read.documents.push(rest);
            break;
        }
        at = reader.token(at);
    }
    while !reader.frames.is_empty() {
        reader.close(reader.end);
    }
    let root = reader.children.pop();
    reader.read.documents.extend(root);
    reader.read
}

fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}

impl JsonReader<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.source.as_bytes().get(at).copied()
    }

    /// Passes over white space and comments, which it notes.
    fn gap(&mut self, mut at: usize) -> usize {
        loop {
            at = space(self.source.as_bytes(), at);
            let Some(end) = self.comment_end(at) else {
                return at;
            };
            self.read.comments.push(Comment {
                span: span(at, end),
            });
            at = end;
        }
    }

    /// The end of the comment at `at`, if there is one.
    fn comment_end(&self, at: usize) -> Option<usize> {
        let rest = self.source.get(at..)?;
        if rest.starts_with("//") {
            Some(at + memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            Some(
                rest.get(2..)?
                    .find("*/")
                    .map_or(self.source.len(), |end| at + end + 4),
            )
        } else {
            None
        }
    }

    /// Notes the comments in a part that is not read otherwise.
    fn comments_within(&mut self, mut at: usize, end: usize) {
        while at < end {
            at = self.gap(at);
            at = match self.byte(at) {
                Some(b'"') => self.string_end(at).0,
                Some(_) => word(self.source, at).max(self.source.ceil_char_boundary(at + 1)),
                None => end,
            };
        }
    }

    /// The end of the string at `at`, and whether its closing quote is missing: then it ends with its line.
    fn string_end(&self, start: usize) -> (usize, bool) {
        let bytes = self.source.as_bytes();
        let mut at = start + 1;
        loop {
            match bytes.get(at) {
                Some(b'"') => return (at + 1, false),
                Some(b'\\') if !matches!(bytes.get(at + 1), None | Some(b'\n' | b'\r')) => {
                    at = self.source.ceil_char_boundary(at + 2);
                }
                None | Some(b'\n' | b'\r') => {
                    let line = self.source.get(start..at).unwrap_or_default();
                    return (start + line.trim_end().len(), true);
                }
                Some(_) => at += 1,
            }
        }
    }

    /// Reads the token at `at`; gives its end.
    fn token(&mut self, at: usize) -> usize {
        match self.byte(at) {
            Some(b'{' | b'[') => return self.open(at),
            Some(bracket @ (b'}' | b']')) => self.closing(at, bracket == b'}'),
            Some(b',') => self.comma(),
            Some(b':') => self.colon(at),
            Some(b'"') => {
                let (end, unclosed) = self.string_end(at);
                self.scalar(at, end, unclosed);
                self.end = end;
                return end;
            }
            _ => {
                let mut end = word(self.source, at).max(self.source.ceil_char_boundary(at + 1));
                // A comment may follow a word without a blank.
                if let Some(cut) = self
                    .source
                    .get(at..end)
                    .and_then(|text| text.find("//").filter(|cut| *cut > 0))
                {
                    end = at + cut;
                }
                self.scalar(at, end, false);
                self.end = end;
                return end;
            }
        }
        self.end = at + 1;
        at + 1
    }

    /// An empty value.
    fn empty(&mut self, at: usize) {
        let id = self
            .read
            .arena
            .scalar(span(at, at), Style::Plain, ScalarType::Null);
        self.children.push(id);
    }

    /// Brings a mapping to where a new pair can begin: gives the pair that is open an empty value.
    fn end_pair(&mut self) {
        let end = self.end;
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        let due = std::mem::replace(&mut frame.due, Due::Child);
        if frame.is_mapping && matches!(due, Due::Colon | Due::Value) {
            self.empty(end);
        }
    }

    /// A part that fits nowhere.
    fn invalid(&mut self, start: usize, end: usize) {
        let is_mapping = self.frames.last().is_some_and(|frame| frame.is_mapping);
        if is_mapping {
            self.end_pair();
        }
        let id = self.read.arena.leaf(Kind::Invalid, span(start, end), NONE);
        self.children.push(id);
        if is_mapping {
            self.empty(end);
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.due = Due::Comma;
        }
    }

    /// Ends the innermost collection at `end`.
    fn close(&mut self, end: usize) {
        self.end_pair();
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let children = self.children.get(frame.base..).unwrap_or_default();
        if frame.is_mapping {
            self.read
                .arena
                .close_mapping(self.original, frame.node, children, end as u32);
        } else {
            self.read
                .arena
                .close_sequence(frame.node, children, end as u32);
        }
        self.children.truncate(frame.base);
        self.children.push(frame.node);
        if let Some(frame) = self.frames.last_mut() {
            frame.due = Due::Comma;
        }
    }

    fn closing(&mut self, at: usize, is_mapping: bool) {
        let Some(depth) = self
            .frames
            .iter()
            .rposition(|frame| frame.is_mapping == is_mapping)
        else {
            self.invalid(at, at + 1);
            return;
        };
        // Those inside that were never closed end where their content does.
        while self.frames.len() > depth + 1 {
            self.close(self.end);
        }
        self.close(at + 1);
    }

    fn comma(&mut self) {
        self.end_pair();
    }

    fn colon(&mut self, at: usize) {
        match self.frames.last_mut() {
            Some(frame) if frame.is_mapping && frame.due == Due::Colon => frame.due = Due::Value,
            Some(frame) if frame.is_mapping && frame.due == Due::Child => {
                frame.due = Due::Value;
                let id = self
                    .read
                    .arena
                    .scalar(span(at, at), Style::Plain, ScalarType::Null);
                self.children.push(id);
            }
            _ => self.invalid(at, at + 1),
        }
    }

    fn open(&mut self, at: usize) -> usize {
        if self.frames.len() as u32 >= self.limits.depth {
            let end = self.bracket_end(at);
            self.end = at;
            self.invalid(at, end);
            self.end = end;
            return end;
        }
        let is_mapping = self.byte(at) == Some(b'{');
        let within = |frame: Option<&Frame>| frame.is_some_and(|frame| !frame.is_mapping);
        if let [.., outer, frame] = self.frames.as_slice()
            && is_mapping
            && frame.is_mapping
            && matches!(frame.due, Due::Child | Due::Comma)
            && within(Some(outer))
        {
            // `[{…, {`: the first mapping was never closed.
            self.close(self.end);
        }
        match self.frames.last() {
            Some(frame) if frame.is_mapping && matches!(frame.due, Due::Child | Due::Comma) => {
                // A value without a key.
                let id = self.read.arena.leaf(Kind::Invalid, span(at, at), NONE);
                self.children.push(id);
            }
            _ => {}
        }
        let kind = if is_mapping {
            Kind::Mapping
        } else {
            Kind::Sequence
        };
        let node = self.read.arena.open(kind, at as u32, Style::Flow);
        self.frames.push(Frame {
            node,
            is_mapping,
            base: self.children.len(),
            due: Due::Child,
        });
        self.end = at + 1;
        at + 1
    }

    /// The end of the brackets that open at `at`, whatever is in them; comments are noted.
    fn bracket_end(&mut self, mut at: usize) -> usize {
        let mut depth = 0usize;
        loop {
            at = self.gap(at);
            match self.byte(at) {
                None => return at,
                Some(b'"') => at = self.string_end(at).0.max(at + 1),
                Some(byte) => {
                    match byte {
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    at = self.source.ceil_char_boundary(at + 1);
                    if depth == 0 {
                        return at;
                    }
                }
            }
        }
    }

    fn scalar(&mut self, start: usize, end: usize, unclosed: bool) {
        let before_colon = self.byte(space(self.source.as_bytes(), end)) == Some(b':');
        if before_colon {
            // A key within a sequence: the sequence was never closed, if there is a mapping around it.
            while self.frames.len() > 1
                && self.frames.last().is_some_and(|frame| !frame.is_mapping)
                && self.frames.iter().any(|frame| frame.is_mapping)
            {
                self.close(self.end);
            }
            // A key where a value is due: the value is missing, if this is another line.
            let newline = self
                .source
                .get(self.end..start)
                .is_some_and(|gap| gap.contains(['\n', '\r']));
            if let Some(frame) = self.frames.last()
                && frame.is_mapping
                && (frame.due == Due::Colon || (frame.due == Due::Value && newline))
            {
                self.end_pair();
            }
        }
        let text = self.source.get(start..end).unwrap_or_default();
        let id = if self.byte(start) == Some(b'"') {
            let content = start + 1..if unclosed { end } else { end - 1 };
            let (style, ty) = (Style::DoubleQuoted, ScalarType::String);
            let id = if text.contains('\\') {
                let decoded = decode(self.original, start, content);
                self.read
                    .arena
                    .decoded_scalar(span(start, end), style, ty, decoded)
            } else {
                self.read.arena.scalar(span(start, end), style, ty)
            };
            if let Some(node) = self.read.arena.node_mut(id) {
                node.unclosed = unclosed;
            }
            id
        } else {
            let ty = match text {
                "true" | "false" => ScalarType::Bool,
                "null" => ScalarType::Null,
                _ if text.parse::<f64>().is_ok()
                    && text
                        .starts_with(['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) =>
                {
                    ScalarType::Number
                }
                _ => ScalarType::String,
            };
            self.read.arena.scalar(span(start, end), Style::Plain, ty)
        };
        self.children.push(id);
        if let Some(frame) = self.frames.last_mut() {
            frame.due = match frame.due {
                Due::Child | Due::Comma if frame.is_mapping => Due::Colon,
                _ => Due::Comma,
            };
        }
    }
}
