//! Strings and heredocs, with what is interpolated in them.

use std::collections::HashMap;

use super::lexer::{line_end, name, trimmed_end};
use super::reader::HclReader;
use crate::arena::Kind;
use crate::decoded::{Decoded, Decoder};
use crate::{NodeId, ScalarType, Span, Style};

/// A part of a template: where literal text is written, or what stands between its literals.
enum Part {
    Literal(usize, usize),
    Node(NodeId),
}

/// How literal text is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Literal {
    /// Between quotes, with escapes.
    Quoted,
    /// In a heredoc, of whose lines this many blanks are no part.
    Lines(usize),
}

impl<'s> HclReader<'s> {
    /// A string, from its quote.
    pub fn string(&mut self) -> NodeId {
        let start = self.at;
        let mut at = start + 1;
        let mut is_escaped = false;
        loop {
            let next = self.bytes.get(at + 1).copied();
            match self.bytes.get(at).copied() {
                Some(b'"') => {
                    self.take(at + 1 - start);
                    return self.literal_string(start, start + 1..at, is_escaped);
                }
                Some(b'\\') if !matches!(next, None | Some(b'\n' | b'\r')) => {
                    is_escaped = true;
                    at += 2;
                }
                Some(sign @ (b'$' | b'%'))
                    if next == Some(sign) && self.bytes.get(at + 2) == Some(&b'{') =>
                {
                    is_escaped = true;
                    at += 3;
                }
                Some(b'$' | b'%') if next == Some(b'{') => return self.template(start, at),
                None | Some(b'\n') => {
                    let end = self.unclosed_end(start + 1, at);
                    let span = Span::new(start as u32, end as u32);
                    self.slip(span, "This string has no closing `\"` on its line.");
                    self.take(end - start);
                    let node = self.literal_string(start, start + 1..end, is_escaped);
                    if let Some(node) = self.read.arena.node_mut(node) {
                        node.unclosed = true;
                    }
                    return node;
                }
                Some(_) => at += 1,
            }
        }
    }

    /// Where a string without its closing quote ends, at the latest at the end of its line, `at`: what closes the
    /// brackets around it is no part of it.
    fn unclosed_end(&self, content: usize, at: usize) -> usize {
        let mut end = trimmed_end(self.bytes, content, at);
        if self.brackets > 0 {
            let text = self.bytes.get(content..end).unwrap_or_default();
            let closes = |byte: &&u8| matches!(byte, b',' | b')' | b']' | b'}' | b' ' | b'\t');
            end -= text.iter().rev().take_while(closes).count();
        }
        end
    }

    fn literal_string(
        &mut self,
        start: usize,
        content: std::ops::Range<usize>,
        is_escaped: bool,
    ) -> NodeId {
        let span = self.since(start);
        let (style, ty) = (Style::DoubleQuoted, ScalarType::String);
        if !is_escaped {
            return self.read.arena.scalar(span, style, ty);
        }
        let decoded = self.decode(start, content, Literal::Quoted, true);
        self.read.arena.decoded_scalar(span, style, ty, decoded)
    }

    /// The rest of a string with something interpolated at `at`.
    fn template(&mut self, start: usize, at: usize) -> NodeId {
        let node = self.open_tagged("hcl:template", Span::empty(start as u32));
        let list = self
            .read
            .arena
            .open(Kind::Sequence, start as u32, Style::DoubleQuoted);
        let mut parts = Vec::new();
        self.at = at;
        let end = self.parts(start + 1, None, &mut parts);
        self.at = end;
        self.end = end;
        if !self.accept(b'"') {
            let span = Span::new(start as u32, end as u32);
            // Where an interpolation isn't closed, that was said.
            let is_said =
                self.read.problems.last().is_some_and(|last| {
                    last.span.start >= span.start && last.span.start < span.end
                });
            if !is_said {
                self.slip(span, "This string has no closing `\"` on its line.");
            }
        }
        self.close_template(node, list, parts, Literal::Quoted);
        node
    }

    /// Reads the parts of a template, of which literal text from `from` to `self.at` is known to be one: up to the
    /// closing quote or the end of the line, or up to `stop`. Gives its end.
    fn parts(&mut self, from: usize, stop: Option<usize>, parts: &mut Vec<Part>) -> usize {
        let mut from = from;
        let mut at = self.at;
        loop {
            let next = self.bytes.get(at + 1).copied();
            let byte = match stop {
                Some(stop) if at >= stop => None,
                _ => self.bytes.get(at).copied(),
            };
            match byte {
                None => {
                    parts.push(Part::Literal(from, at));
                    return at;
                }
                Some(b'"') if stop.is_none() => {
                    parts.push(Part::Literal(from, at));
                    return at;
                }
                Some(b'\n') if stop.is_none() => {
                    let end = self.unclosed_end(from, at);
                    parts.push(Part::Literal(from, end));
                    return end;
                }
                Some(b'\\') if stop.is_none() && !matches!(next, None | Some(b'\n' | b'\r')) => {
                    at += 2;
                }
                Some(sign @ (b'$' | b'%'))
                    if next == Some(sign) && self.bytes.get(at + 2) == Some(&b'{') =>
                {
                    at += 3;
                }
                Some(sign @ (b'$' | b'%')) if next == Some(b'{') => {
                    let strips = self.bytes.get(at + 2) == Some(&b'~');
                    // Up to the start of the line: the lines of a heredoc are literals of their own.
                    let end = match strips {
                        true if stop.is_some() => blanks_before(self.bytes, from, at),
                        true => trimmed_end(self.bytes, from, at),
                        false => at,
                    };
                    parts.push(Part::Literal(from, end));
                    self.at = at;
                    self.end = at;
                    let (node, strips) = self.interpolation(sign == b'$');
                    parts.push(Part::Node(node));
                    at = self.end;
                    from = at;
                    if strips {
                        let end = stop.unwrap_or(self.bytes.len());
                        let rest = self.bytes.get(at..end).unwrap_or_default();
                        from += rest.iter().take_while(|byte| is_blank(**byte)).count();
                        // The line break goes, too, but not the blanks of the next line.
                        let rest = self.bytes.get(from..end).unwrap_or_default();
                        if stop.is_some() && rest.starts_with(b"\n") {
                            from += 1;
                        } else if stop.is_some() && rest.starts_with(b"\r\n") {
                            from += 2;
                        }
                        at = from;
                    }
                }
                Some(_) => at += 1,
            }
        }
    }

    /// `${…}` or `%{…}`, and whether it takes the white space behind it away.
    fn interpolation(&mut self, is_value: bool) -> (NodeId, bool) {
        let open = self.at;
        let mark = self.read.arena.mark();
        self.take(2);
        let about = self.since(open);
        self.accept(b'~');
        let brackets = std::mem::replace(&mut self.brackets, 1);
        let node = if is_value {
            self.value(true, about)
        } else {
            self.space(true);
            let keyword = self.at;
            self.take(name(self.bytes, keyword) - keyword);
            match self.bytes.get(keyword..self.at) {
                Some(b"if") => {
                    let about = self.since(keyword);
                    self.value(true, about);
                }
                Some(b"for") => self.loop_header(),
                Some(b"else" | b"endif" | b"endfor") => {}
                _ => self.slip(
                    about,
                    "`%{` begins `if`, `else`, `endif`, `for` or `endfor`; a literal `%{` is written `%%{`.",
                ),
            }
            self.nothing()
        };
        self.brackets = brackets;
        self.space(true);
        let strips = self.accept(b'~');
        if !self.accept(b'}') {
            let sign = self.text(about);
            self.slip(about, format!("This `{sign}` isn't closed by `}}`."));
            let line = line_end(self.bytes, self.end);
            let rest = self.bytes.get(self.end..line).unwrap_or_default();
            self.end += match rest.iter().position(|byte| matches!(byte, b'}' | b'"')) {
                Some(at) if rest.get(at) == Some(&b'}') => at + 1,
                Some(at) => at,
                None => rest.trim_ascii_end().len(),
            };
            self.at = self.end;
        }
        if is_value {
            (node, strips)
        } else {
            (self.raw(mark, open, "hcl:directive"), strips)
        }
    }

    fn close_template(&mut self, node: NodeId, list: NodeId, parts: Vec<Part>, literal: Literal) {
        let base = self.children.len();
        for (index, part) in parts.into_iter().enumerate() {
            let id = match part {
                Part::Node(id) => id,
                Part::Literal(from, to) if from >= to => continue,
                Part::Literal(from, to) => self.fragment(from, to, index == 0, literal),
            };
            // The blanks before an interpolation may be no part of a heredoc.
            if self.read.arena.text(self.source, id) != Some("") || !self.is_fragment(id) {
                self.children.push(id);
            }
        }
        let end = self.end as u32;
        let items = self.children.get(base..).unwrap_or_default();
        self.read.arena.close_sequence(list, items, end);
        self.children.truncate(base);
        self.read.arena.close_tagged(node, list, end);
    }

    fn is_fragment(&self, id: NodeId) -> bool {
        self.read.arena.node(id).style == Style::Fragment
    }

    /// A literal part of a template, the first thing in it (`is_first`) or not.
    fn fragment(&mut self, from: usize, to: usize, is_first: bool, literal: Literal) -> NodeId {
        let span = Span::new(from as u32, to as u32);
        let (style, ty) = (Style::Fragment, ScalarType::String);
        let text = self.bytes.get(from..to).unwrap_or_default();
        let is_plain = match literal {
            Literal::Quoted => memchr::memchr3(b'\\', b'$', b'%', text).is_none(),
            Literal::Lines(0) => memchr::memchr2(b'$', b'%', text).is_none(),
            Literal::Lines(_) => false,
        };
        if is_plain {
            return self.read.arena.scalar(span, style, ty);
        }
        // Behind an interpolation no line begins, even where that has taken the line break away.
        let is_line = is_first;
        let decoded = self.decode(from, from..to, literal, is_line);
        self.read.arena.decoded_scalar(span, style, ty, decoded)
    }

    /// Decodes literal text of a node that begins at `start`; `is_line`: it begins a line.
    fn decode(
        &mut self,
        start: usize,
        content: std::ops::Range<usize>,
        literal: Literal,
        is_line: bool,
    ) -> Decoded {
        let mut out = Decoder::default();
        let text = self.source.get(content.clone()).unwrap_or_default();
        let bytes = text.as_bytes();
        let place = |at: usize| content.start - start + at;
        let (mut done, mut at) = (0, 0);
        out.skip(place(0));
        let mut begins = is_line;
        while let Some(byte) = bytes.get(at) {
            if std::mem::take(&mut begins)
                && let Literal::Lines(blanks @ 1..) = literal
            {
                let rest = bytes.get(at..).unwrap_or_default();
                let found = rest.iter().take_while(|b| is_blank(**b)).count();
                let is_empty = matches!(rest.get(found), Some(b'\n'))
                    || rest
                        .get(found..)
                        .is_some_and(|rest| rest.starts_with(b"\r\n"));
                if !is_empty && found > 0 {
                    out.verbatim(text.get(done..at).unwrap_or_default(), place(done));
                    out.skip(place(at));
                    at += found.min(blanks);
                    done = at;
                    continue;
                }
            }
            let next = bytes.get(at + 1);
            match byte {
                b'\n' => {
                    begins = true;
                    at += 1;
                }
                b'$' | b'%' if next == Some(byte) && bytes.get(at + 2) == Some(&b'{') => {
                    out.verbatim(text.get(done..at).unwrap_or_default(), place(done));
                    out.unit(if *byte == b'$' { "${" } else { "%{" }, place(at));
                    at += 3;
                    done = at;
                }
                b'\\' if literal == Literal::Quoted => {
                    out.verbatim(text.get(done..at).unwrap_or_default(), place(done));
                    match escape(text, at) {
                        Some((character, end)) => {
                            out.unit(character.encode_utf8(&mut [0; 4]), place(at));
                            done = end;
                        }
                        None => {
                            let end = text.ceil_char_boundary(at + 2);
                            let written = text.get(at..end).unwrap_or("\\");
                            let span = Span::new(
                                (content.start + at) as u32,
                                (content.start + end) as u32,
                            );
                            let message = format!(
                                "`{written}` isn't an HCL escape; a backslash itself is written `\\\\`."
                            );
                            self.slip(span, message);
                            out.verbatim(written, place(at));
                            done = end;
                        }
                    }
                    at = done;
                }
                _ => at += 1,
            }
        }
        out.verbatim(text.get(done..).unwrap_or_default(), place(done));
        out.finish(place(text.len()))
    }

    /// `<<MARK` or `<<-MARK`, its lines, and the line that ends it.
    pub fn heredoc(&mut self) -> NodeId {
        let start = self.at;
        let indent = self.indent;
        self.take(2);
        let is_indented = self.accept(b'-');
        let mark = self.at;
        self.take(name(self.bytes, mark) - mark);
        let header = self.since(start);
        let mark = self.source.get(mark..self.at).unwrap_or_default();
        if mark.is_empty() {
            self.slip(
                header,
                "A heredoc needs a name after `<<`, which ends it on a line of its own.",
            );
            return self.invalid(start);
        }
        let line = line_end(self.bytes, self.at);
        if trimmed_end(self.bytes, self.at, line) != self.at {
            self.expected("a line break after the name of a heredoc");
        }
        let content = match self.bytes.get(line..) {
            Some([b'\n', ..]) => line + 1,
            Some([b'\r', b'\n', ..]) => line + 2,
            _ => line,
        };
        let (stop, end) = match self.heredoc_end(content, mark) {
            Some(found) => found,
            None => {
                let message =
                    format!("This heredoc isn't closed: no line below it is just `{mark}`.");
                self.slip(header, message);
                self.read.ran_out();
                let end = trimmed_end(self.bytes, line, self.unended(content, indent));
                (end, end)
            }
        };
        let content = content.min(stop);
        // The lines, with interpolations that can't reach beyond them.
        let (source, bytes, ran_out) = (self.source, self.bytes, self.ran_out);
        let base = self.read.arena.mark();
        let node = self.open_tagged("hcl:template", Span::empty(start as u32));
        let list = self
            .read
            .arena
            .open(Kind::Sequence, start as u32, Style::Literal);
        let mut parts = Vec::new();
        self.source = source.get(..stop).unwrap_or(source);
        self.bytes = self.source.as_bytes();
        self.at = content;
        self.parts(content, Some(stop), &mut parts);
        (self.source, self.bytes, self.ran_out) = (source, bytes, ran_out);
        self.at = end;
        self.end = end;
        let blanks = if is_indented {
            self.common_blanks(&parts)
        } else {
            0
        };
        if let [Part::Literal(..)] | [] = parts.as_slice() {
            self.read.arena.rollback(base);
            let decoded = self.decode(start, content..stop, Literal::Lines(blanks), true);
            let span = self.since(start);
            let (style, ty) = (Style::Literal, ScalarType::String);
            let id = self.read.arena.decoded_scalar(span, style, ty, decoded);
            if let Some(node) = self.read.arena.node_mut(id) {
                node.b = (end - stop) as u32;
            }
            return id;
        }
        self.close_template(node, list, parts, Literal::Lines(blanks));
        node
    }

    /// How many blanks all lines of a heredoc begin with, those that are empty aside.
    fn common_blanks(&self, parts: &[Part]) -> usize {
        let mut least = usize::MAX;
        let mut begins = true;
        for part in parts {
            match part {
                Part::Node(_) if begins => return 0,
                Part::Node(_) => begins = false,
                Part::Literal(from, to) => {
                    let text = self.bytes.get(*from..*to).unwrap_or_default();
                    for line in text.split_inclusive(|byte| *byte == b'\n') {
                        if begins {
                            let blanks = line.iter().take_while(|byte| is_blank(**byte)).count();
                            let is_empty = line.ends_with(b"\n") && line.trim_ascii().is_empty();
                            if !is_empty {
                                least = least.min(blanks);
                            }
                        }
                        begins = line.ends_with(b"\n");
                    }
                }
            }
        }
        if least == usize::MAX { 0 } else { least }
    }

    /// Where the lines of a heredoc end, and where the mark behind them does.
    fn heredoc_end(&mut self, content: usize, mark: &str) -> Option<(usize, usize)> {
        let found = |start: usize| {
            let end = line_end(self.bytes, start);
            let line = self.bytes.get(start..end)?;
            (line.trim_ascii() == mark.as_bytes())
                .then(|| (start, trimmed_end(self.bytes, start, end)))
        };
        if let Some(marks) = &self.marks {
            let lines = marks.get(mark)?;
            let index = lines.partition_point(|line| *line < content);
            return lines.get(index).and_then(|line| found(*line));
        }
        let mut line = content;
        while line < self.bytes.len() {
            if let Some(found) = found(line) {
                return Some(found);
            }
            line = next_line(self.bytes, line);
        }
        // Every further one without its end would cost as much as this one did.
        let mut marks: HashMap<&'s str, Vec<usize>> = HashMap::new();
        let bytes = self.whole.as_bytes();
        let mut line = 0;
        while line < bytes.len() {
            let text = self.whole.get(line..line_end(bytes, line));
            let text = text.unwrap_or_default().trim_ascii();
            if !text.is_empty() && name(text.as_bytes(), 0) == text.len() {
                marks.entry(text).or_default().push(line);
            }
            line = next_line(bytes, line);
        }
        self.marks = Some(marks);
        None
    }

    /// Where a heredoc whose end is missing may end: before the header of the next block (`name "label"… {`), and
    /// before the brackets there that it did not open.
    fn unended(&self, content: usize, indent: usize) -> usize {
        let mut line = content;
        let mut balance = 0i64;
        // The first of the lines before this one that only close brackets or are empty.
        let mut tail: Option<usize> = None;
        while line < self.bytes.len() {
            let end = line_end(self.bytes, line);
            let text = self.bytes.get(line..end).unwrap_or_default();
            let blanks = text.iter().take_while(|byte| is_blank(**byte)).count();
            if is_header(text.get(blanks..).unwrap_or_default()) && blanks <= indent {
                return tail.unwrap_or(line);
            }
            let closes = text.trim_ascii() == b"}";
            if closes && balance <= 0 {
                tail = tail.or(Some(line));
            } else if !text.trim_ascii().is_empty() {
                tail = None;
            }
            for byte in text {
                balance += i64::from(*byte == b'{') - i64::from(*byte == b'}');
            }
            line = next_line(self.bytes, line);
        }
        tail.unwrap_or(self.bytes.len())
    }
}

/// The start of the line below the one that `at` is on.
fn next_line(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    memchr::memchr(b'\n', rest).map_or(bytes.len(), |length| at + length + 1)
}

/// Whether a line is `name "label"… {`.
fn is_header(line: &[u8]) -> bool {
    let end = name(line, 0);
    let rest = line.get(end..).unwrap_or_default().trim_ascii();
    end > 0 && rest.ends_with(b"{") && (rest.len() == 1 || rest.starts_with(b"\""))
}

/// Where the blanks before `at`, but not before `start`, begin.
fn blanks_before(bytes: &[u8], start: usize, at: usize) -> usize {
    let text = bytes.get(start..at).unwrap_or_default();
    at - text
        .iter()
        .rev()
        .take_while(|byte| is_blank(**byte))
        .count()
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The character that the escape at the backslash `at` stands for, and its end.
fn escape(text: &str, at: usize) -> Option<(char, usize)> {
    let code = |digits: usize| {
        let end = at + 2 + digits;
        let code = text.get(at + 2..end)?;
        let is_hex = code.bytes().all(|byte| byte.is_ascii_hexdigit());
        let code = u32::from_str_radix(code, 16).ok().filter(|_| is_hex)?;
        Some((char::from_u32(code)?, end))
    };
    match text.as_bytes().get(at + 1)? {
        b'n' => Some(('\n', at + 2)),
        b'r' => Some(('\r', at + 2)),
        b't' => Some(('\t', at + 2)),
        byte @ (b'"' | b'\\') => Some((char::from(*byte), at + 2)),
        b'u' => code(4),
        b'U' => code(8),
        _ => None,
    }
}
