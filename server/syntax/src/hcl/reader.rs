//! The state of the reader, white space and comments.

use std::collections::HashMap;

use super::lexer::{begins_name, found, line_end, name};
use crate::arena::{ArenaMark, Kind, NONE};
use crate::reading::Reading;
use crate::{Comment, Limits, NodeId, ProblemKind, ScalarType, Span, Style, Tag};

/// Reads one text from its start to its end.
pub(super) struct HclReader<'s> {
    /// The whole text.
    pub whole: &'s str,
    /// The text up to the end of what is read: of an interpolation in a heredoc, the end of that.
    pub source: &'s str,
    pub bytes: &'s [u8],
    /// What comes next.
    pub at: usize,
    /// The end of the last token.
    pub end: usize,
    /// The start of the line of `at`, and how many blanks it begins with.
    line: usize,
    pub indent: usize,
    pub read: Reading,
    pub limit: u32,
    /// How many brackets, blocks and nested expressions are open.
    pub depth: u32,
    /// How many brackets are open that a line may end with: not those of blocks.
    pub brackets: u32,
    /// Whether the body that is read has its only argument on the line of its `{`, and so must end there.
    pub is_one_line: bool,
    /// Keys, values and items of the collections that are open.
    pub children: Vec<NodeId>,
    /// Whether a bracket ends, too, where a line is indented less than what it holds should be.
    pub by_indent: bool,
    /// Whether the text ended with a bracket open.
    pub ran_out: bool,
    /// Whether a bracket was left open, there or where another one closed.
    pub left_open: bool,
    /// Whether that was said of something.
    is_too_deep: bool,
    /// Lines of a single name, once a heredoc was found without its end: see [`HclReader::heredoc`].
    pub marks: Option<HashMap<&'s str, Vec<usize>>>,
}

impl<'s> HclReader<'s> {
    pub fn new(source: &'s str, limits: &Limits, by_indent: bool) -> Self {
        let mut read = Reading::default();
        read.arena.nodes.reserve(source.len() / 14);
        let start = if source.starts_with('\u{FEFF}') { 3 } else { 0 };
        let mut reader = HclReader {
            by_indent,
            ..HclReader::at(source, start, limits, read)
        };
        reader.begin_line(start);
        reader
    }

    /// One that is at the bracket at `start` and adds to what was read. `depth` is how much is open there at most.
    pub fn within(
        source: &'s str,
        start: usize,
        limits: &Limits,
        depth: u32,
        read: Reading,
    ) -> Self {
        let mut reader = HclReader {
            depth,
            ..HclReader::at(source, start, limits, read)
        };
        let before = source.as_bytes().get(..start).unwrap_or_default();
        reader.begin_line(memchr::memrchr(b'\n', before).map_or(0, |at| at + 1));
        reader.at = start;
        reader
    }

    fn at(source: &'s str, start: usize, limits: &Limits, read: Reading) -> Self {
        HclReader {
            whole: source,
            source,
            bytes: source.as_bytes(),
            at: start,
            end: start,
            line: start,
            indent: 0,
            read,
            limit: limits.depth,
            depth: 0,
            brackets: 0,
            is_one_line: false,
            is_too_deep: false,
            marks: None,
            children: Vec::new(),
            by_indent: false,
            ran_out: false,
            left_open: false,
        }
    }

    /// The next byte.
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The byte behind the next one.
    pub fn second(&self) -> Option<u8> {
        self.bytes.get(self.at + 1).copied()
    }

    /// Takes `count` bytes as a token.
    pub fn take(&mut self, count: usize) {
        self.at += count;
        self.end = self.at;
    }

    /// Takes the next byte if it is `byte`.
    pub fn accept(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.take(1);
        }
        is_next
    }

    /// The text from `start` to the end of the last token.
    pub fn since(&self, start: usize) -> Span {
        Span::new(start as u32, self.end.max(start) as u32)
    }

    pub fn text(&self, span: Span) -> &'s str {
        self.source.get(span.range()).unwrap_or_default()
    }

    /// Notes where a line begins.
    fn begin_line(&mut self, line: usize) {
        self.at = line;
        while let Some(b' ' | b'\t') = self.peek() {
            self.at += 1;
        }
        self.line = line;
        self.indent = self.at - line;
    }

    /// Passes over blanks and comments, and over line breaks if `breaks`.
    pub fn space(&mut self, breaks: bool) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' => self.at += 1,
                b'\n' if breaks => self.begin_line(self.at + 1),
                b'\r' if self.second() == Some(b'\n') && breaks => self.begin_line(self.at + 2),
                b'#' => self.comment(line_end(self.bytes, self.at)),
                b'/' if self.second() == Some(b'/') => self.comment(line_end(self.bytes, self.at)),
                b'/' if self.second() == Some(b'*') => self.long_comment(),
                _ => return,
            }
        }
    }

    fn comment(&mut self, end: usize) {
        let span = Span::new(self.at as u32, end as u32);
        let is_new = self
            .read
            .comments
            .last()
            .is_none_or(|last| last.span.end <= span.start);
        if is_new {
            self.read.comments.push(Comment { span });
        }
        self.at = end;
    }

    fn long_comment(&mut self) {
        let inner = self.bytes.get(self.at + 2..).unwrap_or_default();
        match memchr::memmem::find(inner, b"*/") {
            Some(length) => {
                let end = self.at + 2 + length + 2;
                if let Some(last) = memchr::memrchr(b'\n', inner.get(..length).unwrap_or_default())
                {
                    self.line = self.at + 2 + last + 1;
                    self.indent = end - self.line;
                }
                self.comment(end);
            }
            None => {
                let start = self.at;
                self.comment(self.bytes.len());
                let span = Span::new(start as u32, start as u32 + 2);
                self.slip(span, "This comment isn't closed by `*/`.");
            }
        }
    }

    /// Whether what comes next is the first on its line.
    pub fn is_first(&self) -> bool {
        self.at == self.line + self.indent
    }

    /// Whether the line breaks here, or the text ends.
    pub(crate) fn at_line_end(&self) -> bool {
        match self.peek() {
            None | Some(b'\n') => true,
            Some(b'\r') => self.second() == Some(b'\n'),
            _ => false,
        }
    }

    /// Whether what comes next begins its line and looks like an argument (`name =`) or a block (`name "label"`,
    /// `name {`).
    pub(crate) fn is_item_ahead(&self) -> bool {
        if !self.is_first() || !self.peek().is_some_and(begins_name) {
            return false;
        }
        let mut at = name(self.bytes, self.at);
        while let Some(b' ' | b'\t') = self.bytes.get(at) {
            at += 1;
        }
        match self.bytes.get(at) {
            Some(b'=') => !matches!(self.bytes.get(at + 1), Some(b'=' | b'>')),
            Some(b'{' | b'"') => true,
            _ => false,
        }
    }

    /// Notes that the text breaks the rules.
    pub fn slip(&mut self, span: Span, message: impl Into<String>) {
        self.read.problem(ProblemKind::Syntax, span, message);
    }

    /// Notes that `expected` was due here; the span is what was found.
    pub fn expected(&mut self, expected: &str) {
        let (found, end) = found(self.source, self.at);
        let span = Span::new(self.at as u32, end as u32);
        self.slip(span, format!("Expected {expected}, found {found}."));
    }

    /// Notes that the bracket at `open` has no counterpart; once for the end of the text.
    pub fn unclosed(&mut self, open: usize, what: &str, close: char) {
        let at_end = self.at >= self.bytes.len();
        self.left_open = true;
        if !(at_end && self.ran_out) {
            let span = Span::new(open as u32, open as u32 + 1);
            self.slip(span, format!("{what} isn't closed by `{close}`."));
            if at_end {
                self.read.ran_out();
            }
        }
        self.ran_out |= at_end;
    }

    /// Goes one level deeper; not beyond the limit.
    pub(crate) fn descend(&mut self) -> bool {
        if self.depth >= self.limit {
            return false;
        }
        self.depth += 1;
        true
    }

    /// An invalid node for something nested too deeply: what is in the bracket here, or up to the end of the line.
    pub fn too_deep(&mut self) -> NodeId {
        let start = self.at;
        let span = Span::new(
            start as u32,
            self.source.ceil_char_boundary(start + 1) as u32,
        );
        if !std::mem::replace(&mut self.is_too_deep, true) {
            let message = crate::limits::too_deep(self.limit);
            self.read.problem(ProblemKind::TooDeep, span, message);
        }
        self.at = match self.peek() {
            Some(b'{' | b'[' | b'(' | b'"') => super::lexer::bracketed(self.bytes, start),
            _ => line_end(self.bytes, start),
        };
        self.end = self.at;
        self.invalid(start)
    }

    /// An invalid node from `start` to the end of the last token.
    pub fn invalid(&mut self, start: usize) -> NodeId {
        let span = self.since(start);
        self.read.arena.leaf(Kind::Invalid, span, NONE)
    }

    /// The value where the file has none: behind the last token.
    pub fn nothing(&mut self) -> NodeId {
        let span = Span::empty(self.end as u32);
        self.read.arena.scalar(span, Style::Plain, ScalarType::Null)
    }

    /// Begins a tagged value.
    pub(crate) fn open_tagged(&mut self, name: impl Into<String>, span: Span) -> NodeId {
        self.read.arena.open_tagged(Tag {
            name: name.into(),
            span,
            short: true,
        })
    }

    /// A tagged scalar of the source from `start` to the end of the last token, in place of the nodes since `mark`.
    pub fn raw(&mut self, mark: ArenaMark, start: usize, name: &str) -> NodeId {
        self.read.arena.rollback(mark);
        let id = self.open_tagged(name, Span::empty(start as u32));
        let span = self.since(start);
        let inner = self
            .read
            .arena
            .scalar(span, Style::Plain, ScalarType::String);
        self.read.arena.close_tagged(id, inner, span.end);
        id
    }
}
