//! The source as lines and columns.

use crate::{Comment, Format, Span, Tree};

/// A source text, asked for its lines. All offsets are bytes; columns are characters.
pub(super) struct Lines<'t> {
    pub src: &'t str,
    pub comments: &'t [Comment],
    /// The line break of the file: that of its first line.
    pub nl: &'static str,
    /// Where the text begins: behind a byte order mark.
    start: usize,
    /// Whether `//` begins a comment, too.
    has_slashes: bool,
}

fn is_break(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

impl<'t> Lines<'t> {
    pub fn new(tree: &'t Tree) -> Self {
        let src = tree.source();
        let nl = match memchr::memchr2(b'\n', b'\r', src.as_bytes()) {
            Some(at) if src[at..].starts_with("\r\n") => "\r\n",
            Some(at) if src[at..].starts_with('\r') => "\r",
            _ => "\n",
        };
        let start = if src.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        Self {
            src,
            comments: tree.comments(),
            nl,
            start,
            has_slashes: tree.format() == Format::Hcl,
        }
    }

    pub fn byte(&self, at: usize) -> Option<u8> {
        self.src.as_bytes().get(at).copied()
    }

    pub fn slice(&self, start: usize, end: usize) -> &'t str {
        self.src.get(start..end).unwrap_or_default()
    }

    pub(crate) fn slice_of(&self, span: Span) -> &'t str {
        self.slice(span.start as usize, span.end as usize)
    }

    /// Where the line of `at` ends: at its line break, or at the end of the text.
    pub(crate) fn eol(&self, at: usize) -> usize {
        let rest = self.src.as_bytes().get(at..).unwrap_or_default();
        at + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())
    }

    /// The offset behind the line break at `eol`.
    pub(crate) fn after_break(&self, eol: usize) -> usize {
        let rest = self.src.as_bytes().get(eol..).unwrap_or_default();
        match rest {
            [b'\r', b'\n', ..] => eol + 2,
            [b'\r' | b'\n', ..] => eol + 1,
            _ => eol,
        }
    }

    /// Where the line of `at` begins.
    pub fn line_start(&self, at: usize) -> usize {
        let before = self.src.as_bytes().get(..at).unwrap_or_default();
        memchr::memrchr2(b'\n', b'\r', before).map_or(self.start.min(at), |found| found + 1)
    }

    /// Where the line before the one that begins at `line` ends.
    pub(crate) fn prev_eol(&self, line: usize) -> Option<usize> {
        let before = self.src.as_bytes().get(..line).unwrap_or_default();
        match before {
            [.., b'\r', b'\n'] => Some(line - 2),
            [.., b'\r' | b'\n'] => Some(line - 1),
            _ => None,
        }
    }

    /// Characters between the start of the line and `at`.
    pub fn column(&self, at: usize) -> usize {
        self.slice(self.line_start(at), at).chars().count()
    }

    /// The blank space that the line of `at` begins with.
    pub fn indent(&self, at: usize) -> &'t str {
        let line = self.line_start(at);
        let rest = self.src.get(line..).unwrap_or_default();
        &rest[..rest.len() - rest.trim_start_matches([' ', '\t']).len()]
    }

    /// The first offset at or behind `at` that is no blank on its line.
    pub(crate) fn skip_blanks(&self, at: usize) -> usize {
        let rest = self.src.as_bytes().get(at..).unwrap_or_default();
        at + rest
            .iter()
            .position(|byte| !matches!(byte, b' ' | b'\t'))
            .unwrap_or(rest.len())
    }

    /// Whether only blanks stand before `at` on its line.
    pub(crate) fn first_on_line(&self, at: usize) -> bool {
        let before = self.src.as_bytes().get(self.start..at).unwrap_or_default();
        before
            .iter()
            .rev()
            .find(|byte| !matches!(byte, b' ' | b'\t'))
            .is_none_or(|byte| is_break(*byte))
    }

    /// Whether the line that begins at `line` is blank.
    pub(crate) fn is_blank(&self, line: usize) -> bool {
        let at = self.skip_blanks(line);
        self.byte(at).is_none_or(is_break)
    }

    /// Whether the line above the one that begins at `line` is nothing but a comment.
    pub(crate) fn is_below_comment(&self, line: usize) -> bool {
        let above = self.prev_eol(line).map(|eol| self.line_start(eol));
        above.is_some_and(|above| self.comment_line(above).is_some())
    }

    /// The column of the comment of a line that is nothing but one.
    pub(crate) fn comment_line(&self, line: usize) -> Option<usize> {
        let at = self.skip_blanks(line);
        let rest = self.src.get(at..).unwrap_or_default();
        let is_line = rest.starts_with('#') || (self.has_slashes && rest.starts_with("//"));
        let is_whole = || {
            let eol = self.eol(at);
            let comment = self.comment_in(at, at + 1);
            comment.is_some_and(|comment| {
                let end = comment.span.end as usize;
                end <= eol && self.slice(end, eol).trim().is_empty()
            })
        };
        (is_line || is_whole()).then_some(at - line)
    }

    /// The first comment that begins in `start..end`.
    pub(crate) fn comment_in(&self, start: usize, end: usize) -> Option<Comment> {
        let index = self
            .comments
            .partition_point(|comment| (comment.span.start as usize) < start);
        self.comments
            .get(index)
            .filter(|comment| (comment.span.start as usize) < end)
            .copied()
    }

    /// Whether comment lines from `lead` on stand above what begins at `start`, and a blank line above them.
    pub(crate) fn is_heading(&self, lead: usize, start: usize) -> bool {
        if lead == start {
            return false;
        }
        let line = self.line_start(lead);
        let above = self.prev_eol(line);
        line < self.line_start(start)
            && above.is_some_and(|eol| self.is_blank(self.line_start(eol)))
    }

    /// What goes with the lines from `line` to `eol`, from the line break before them on: so many blank lines that those around
    /// what stays are as they were. `top`: the first line of what goes together with it, `is_tail`: whether nothing follows,
    /// `is_head`: whether nothing stands before it.
    pub fn gap(
        &self,
        top: usize,
        line: usize,
        eol: usize,
        is_tail: bool,
        is_head: bool,
    ) -> (Option<usize>, usize) {
        let is_blank = |eol: &usize| self.is_blank(self.line_start(*eol));
        let (mut from, mut to) = (self.prev_eol(line), eol);
        if is_tail {
            while let Some(eol) = from.filter(is_blank) {
                match self.prev_eol(self.line_start(eol)) {
                    Some(above) => from = Some(above),
                    None => break,
                }
            }
        } else if is_head || self.prev_eol(top).as_ref().is_some_and(is_blank) {
            loop {
                let next = self.after_break(to);
                if next == to || next == self.src.len() || !self.is_blank(next) {
                    break;
                }
                to = self.eol(next);
            }
        }
        (from, to)
    }

    /// The end of the last token before `at`: blanks, line breaks and comments are skipped.
    pub(crate) fn token_end_before(&self, at: usize) -> usize {
        let mut at = at;
        let mut index = self
            .comments
            .partition_point(|comment| (comment.span.end as usize) <= at);
        loop {
            let before = self.src.get(..at).unwrap_or_default();
            at = before.trim_end_matches([' ', '\t', '\n', '\r']).len();
            match index
                .checked_sub(1)
                .and_then(|last| self.comments.get(last))
            {
                Some(comment) if comment.span.end as usize == at => {
                    at = comment.span.start as usize;
                    index -= 1;
                }
                _ => return at.max(self.start),
            }
        }
    }

    /// The first `byte` in `start..end` that is in no comment.
    pub(crate) fn find_outside_comments(
        &self,
        byte: u8,
        start: usize,
        end: usize,
    ) -> Option<usize> {
        let mut at = start;
        while at < end {
            if let Some(comment) = self.comment_in(at, end) {
                let first = comment.span.start as usize;
                if let Some(found) = self.find(byte, at, first) {
                    return Some(found);
                }
                at = (comment.span.end as usize).max(at + 1);
            } else {
                return self.find(byte, at, end);
            }
        }
        None
    }

    fn find(&self, byte: u8, start: usize, end: usize) -> Option<usize> {
        let bytes = self.src.as_bytes().get(start..end)?;
        memchr::memchr(byte, bytes).map(|found| start + found)
    }
}
