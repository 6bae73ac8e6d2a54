//! What somebody writes in: the statement around a cursor and what that stands in, told from brackets and indentation, since
//! nothing else holds in a text that is half typed.

use leastwise_dialects::{blocks, words};
use leastwise_syntax::{Format, Span};

/// What is being written.
pub(super) struct Writing {
    /// The line of the cursor; where brackets around it begin in that, from the last of those or the comma behind it.
    line: Span,
    /// The statement around it.
    statement: Option<Span>,
    /// The policy around that, or the innermost brackets or block around the cursor.
    around: Span,
    /// What begins each thing that the cursor is in.
    heads: Vec<Span>,
}

/// Something that the cursor is in.
struct Level<'t> {
    /// What begins it, up to its bracket where it has one.
    head: Span,
    /// Its key, or what kind of block it is.
    name: &'t str,
    /// Its column.
    column: usize,
    begins: Begins,
    /// Where its bracket is closed, if it has one.
    closed: Option<u32>,
}

/// What something begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begins {
    Key,
    Dash,
    Brace,
    /// Another bracket.
    List,
}

impl Writing {
    /// What the text around the cursor is.
    pub fn at(text: &str, format: Format, cursor: u32) -> Writing {
        let at = text.floor_char_boundary(cursor as usize);
        let is_block = format == Format::Yaml && !text.trim_start().starts_with(['{', '[']);
        let start = line_start(text, at);
        let (levels, from) = match is_block {
            true => {
                let mut levels = indented(text, at);
                let from = flow(text, at, &mut levels);
                (levels, from)
            }
            false => bracketed(text, 0, at, format),
        };
        let holder = levels
            .iter()
            .rposition(|level| holds_statements(level.name));
        let statement = holder.and_then(|at| match levels.get(at)?.begins {
            Begins::Key => match levels.get(at + 1)?.begins {
                Begins::Key => levels.get(at),
                _ => levels.get(at + 1),
            },
            _ => {
                let mut inner = levels.get(at..)?.iter();
                inner.find(|level| level.begins == Begins::Brace)
            }
        });
        let innermost = match is_block && from.is_none() {
            // The key of the line itself is no more than a part of what is written.
            true => levels.len().checked_sub(2),
            false => levels.len().checked_sub(1),
        };
        let around = match holder {
            Some(at) => at.checked_sub(1),
            None => innermost,
        };
        let span = |level: &Level<'_>| Span::new(level.head.start, level.end(text, at));
        let start = from.map_or(start, |from| from.max(start));
        Writing {
            line: Span::new(offset(start), offset(line_end(text, at))),
            statement: statement.map(span),
            around: around
                .and_then(|at| levels.get(at))
                .map_or(Span::new(0, offset(text.len())), span),
            heads: levels.iter().map(|level| level.head).collect(),
        }
    }

    /// The statement, or the line where there is none.
    pub fn place(&self) -> Span {
        self.statement.unwrap_or(self.line)
    }

    /// Whether an offset is in the statement, or in the line where there is none.
    pub fn has(&self, at: u32) -> bool {
        lies_in(at, self.place())
    }

    /// Whether an offset is in the line.
    pub fn is_in_line(&self, at: u32) -> bool {
        lies_in(at, self.line)
    }

    /// Whether something begins there that the cursor is in.
    pub fn is_head(&self, at: u32) -> bool {
        self.heads.iter().any(|head| lies_in(at, *head))
    }

    /// Whether what is wrong there may be cured by what is still to be written here. What is wrong with one of the other
    /// statements, which are in order, isn't.
    pub fn may_cure(&self, place: Span, statements: &[Span]) -> bool {
        let is_around = || lies_in(place.start, self.around) && !is_in_one(place.start, statements);
        let is_own = |statement: Span| lies_in(place.start, statement);
        self.statement.is_some_and(is_own) || self.is_head(place.start) || is_around()
    }
}

/// Whether an offset is in one of these, which are in order.
pub(super) fn is_in_one(at: u32, spans: &[Span]) -> bool {
    let behind = spans.partition_point(|one| one.start <= at);
    let before = behind.checked_sub(1).and_then(|at| spans.get(at));
    before.is_some_and(|one| lies_in(at, *one))
}

pub(super) fn lies_in(at: u32, span: Span) -> bool {
    span.start <= at && at <= span.end
}

/// Whether a key or a block of this name has statements in it.
fn holds_statements(name: &str) -> bool {
    const STATEMENT: &str = "Statement";
    name == STATEMENT
        || words().any(|of| of.statements.contains(&name))
        || blocks().any(|names| names.name(STATEMENT) == name)
}

impl Level<'_> {
    /// Where its value's bracket is, in block YAML.
    fn opens(&self, text: &str) -> Option<usize> {
        let start = self.head.start as usize;
        let line = text.get(start..self.head.end as usize)?;
        let value = match self.begins {
            Begins::Brace | Begins::List => line,
            Begins::Key => line.split_once(": ")?.1.trim_start(),
            Begins::Dash => return None,
        };
        let opens = value.starts_with(['{', '[']);
        opens.then_some(start + line.len() - value.len())
    }

    /// Where it ends: at its bracket, but in front of a line behind the cursor that is no deeper than its own, whatever a bracket
    /// that isn't closed yet makes of the rest.
    fn end(&self, text: &str, cursor: usize) -> u32 {
        let mut at = line_end(text, cursor);
        while at < text.len() {
            let start = at + 1;
            at = line_end(text, start);
            let line = text.get(start..at).unwrap_or_default();
            let written = line.trim_start();
            let indent = line.len() - written.len();
            // A list may stand in the column of its key.
            let is_item = self.begins == Begins::Key && written.starts_with('-');
            let is_out = indent < self.column || indent == self.column && !is_item;
            if is_out && !written.is_empty() && !written.starts_with('#') {
                let line = offset(start);
                return self.closed.map_or(line, |closed| closed.min(line));
            }
        }
        self.closed.unwrap_or_else(|| offset(text.len()))
    }
}

/// What the cursor is in by the brackets that are open there, of those from an offset on; and where what stands at it begins in the
/// innermost of them.
fn bracketed(
    text: &str,
    from: usize,
    cursor: usize,
    format: Format,
) -> (Vec<Level<'_>>, Option<usize>) {
    // Each with where what stands behind its last comma begins.
    let mut open: Vec<(u8, usize, usize)> = Vec::new();
    let mut begins = None;
    // How many of those that are open at the cursor are open still.
    let mut left = None;
    let mut levels = Vec::new();
    let bytes = text.as_bytes();
    let is_yaml = format == Format::Yaml;
    let mut at = from;
    loop {
        if left.is_none() && (at >= cursor || at >= bytes.len()) {
            levels = open.iter().map(|(_, at, _)| level(text, *at)).collect();
            begins = open.last().map(|(.., from)| *from);
            left = Some(open.len());
        }
        let Some(&byte) = bytes.get(at) else { break };
        // Once all is closed that is open at the cursor, the rest tells nothing.
        if left == Some(0) {
            break;
        }
        match byte {
            b'"' => {
                at = quoted_end(bytes, at, format);
                continue;
            }
            // Inside of a word it is an apostrophe.
            b'\'' if is_yaml && !is_of_word(bytes, at) => {
                at = quoted_end(bytes, at, format);
                continue;
            }
            b'#' if format == Format::Hcl || is_yaml && !is_of_word(bytes, at) => {
                at = line_end(text, at);
            }
            b'/' if !is_yaml && bytes.get(at + 1) == Some(&b'/') => at = line_end(text, at),
            b'{' | b'[' | b'(' => open.push((byte, at, at + 1)),
            b',' => {
                if let Some((.., from)) = open.last_mut() {
                    *from = at + 1;
                }
            }
            b'}' | b']' | b')' => {
                let opened = open.iter().rposition(|(opened, ..)| closes(*opened, byte));
                if let Some(opened) = opened {
                    open.truncate(opened);
                    for level in levels.iter_mut().skip(opened) {
                        let level: &mut Level<'_> = level;
                        level.closed.get_or_insert(offset(at));
                    }
                    left = left.map(|left: usize| left.min(opened));
                }
            }
            _ => {}
        }
        at += 1;
    }
    (levels, begins)
}

/// Adds the brackets of a value in block YAML that the cursor is in, in place of what its lines look like; and where what stands at
/// it begins in the innermost of them.
fn flow<'t>(text: &'t str, cursor: usize, levels: &mut Vec<Level<'t>>) -> Option<usize> {
    for at in 0..levels.len() {
        let Some(bracket) = levels.get(at).and_then(|level| level.opens(text)) else {
            continue;
        };
        if bracket >= cursor {
            return None;
        }
        let (inner, begins) = bracketed(text, bracket, cursor, Format::Yaml);
        if !inner.is_empty() {
            levels.truncate(at);
            levels.extend(inner);
            return begins;
        }
    }
    None
}

/// Whether what stands before is part of a word.
fn is_of_word(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| bytes.get(at));
    before.is_some_and(|byte| !matches!(byte, b' ' | b'\n' | b'\t' | b'[' | b'{' | b',' | b':'))
}

fn closes(opened: u8, byte: u8) -> bool {
    matches!((opened, byte), (b'{', b'}') | (b'[', b']') | (b'(', b')'))
}

/// The end of the text in quotes that begins here; that of its line where nothing closes it.
fn quoted_end(bytes: &[u8], start: usize, format: Format) -> usize {
    let quote = bytes.get(start).copied().unwrap_or(b'"');
    let mut at = start + 1;
    let mut inserted = 0usize;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\n' => return at,
            b'\\' if quote == b'"' => at += 1,
            b'{' if format == Format::Hcl && matches!(bytes.get(at - 1), Some(b'$' | b'%')) => {
                inserted += 1;
            }
            b'}' => inserted = inserted.saturating_sub(1),
            b'\'' if quote == byte && bytes.get(at + 1) == Some(&quote) => at += 1,
            _ if byte == quote && inserted == 0 => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// What the bracket there begins.
fn level(text: &str, bracket: usize) -> Level<'_> {
    let start = line_start(text, bracket);
    let line = text.get(start..bracket).unwrap_or_default();
    let written = line.trim();
    let column = line.len() - line.trim_start().len();
    let is_block = !written.is_empty() && !written.contains(['{', '[', '(']);
    let (from, name) = match written.strip_suffix(['=', ':']) {
        // The key stands last in front of its value, the kind of a block first in its line.
        Some(before) => {
            let before = before.trim_end();
            let name = before
                .rsplit(['{', '[', ',', ' '])
                .next()
                .unwrap_or_default();
            (start + column + before.len() - name.len(), name)
        }
        None if is_block => (
            start + column,
            written.split(' ').next().unwrap_or_default(),
        ),
        None => (bracket, ""),
    };
    Level {
        head: Span::new(offset(from), offset(bracket + 1)),
        name: name.trim_matches('"'),
        column,
        begins: match text.as_bytes().get(bracket) {
            Some(b'{') => Begins::Brace,
            _ => Begins::List,
        },
        closed: None,
    }
}

/// What the cursor is in by indentation.
fn indented(text: &str, cursor: usize) -> Vec<Level<'_>> {
    let mut levels = Vec::new();
    let mut end = line_end(text, cursor);
    let own = line_start(text, cursor);
    // What is no less deep than this is no part of what the cursor is in, nor is another item in the column of the last dash.
    let mut limit = usize::MAX;
    let mut dash = None;
    while limit > 0 {
        let start = line_start(text, end);
        let line = text.get(start..end).unwrap_or_default();
        let written = line.trim_start();
        let indent = line.len() - written.len();
        if start < own && line.starts_with("---") {
            break;
        }
        let is_sibling = written.starts_with('-') && dash == Some(indent);
        let is_blank = written.is_empty() || written.starts_with('#');
        if !is_blank && !is_sibling && indent < limit {
            for (column, begins, name) in entries(line).into_iter().rev() {
                if column >= limit {
                    continue;
                }
                let from = start + column;
                levels.push(Level {
                    head: Span::new(offset(from), offset(end)),
                    name,
                    column,
                    begins,
                    closed: None,
                });
                let is_dash = begins == Begins::Dash;
                // A list may stand in the column of its key.
                limit = column + usize::from(is_dash);
                dash = is_dash.then_some(column);
            }
        }
        match start.checked_sub(1) {
            Some(before) => end = before,
            None => break,
        }
    }
    levels.reverse();
    levels
}

/// The dashes and the key of a line, each with its column.
fn entries(line: &str) -> Vec<(usize, Begins, &str)> {
    let mut found = Vec::new();
    let mut rest = line.trim_start();
    let behind_dash = |rest: &str| {
        let behind = rest.strip_prefix('-')?;
        (behind.is_empty() || behind.starts_with(' ')).then(|| behind.trim_start().len())
    };
    while let Some(left) = behind_dash(rest) {
        found.push((line.len() - rest.len(), Begins::Dash, ""));
        rest = rest.get(rest.len() - left..).unwrap_or_default();
    }
    let name = rest.split(':').next().unwrap_or_default();
    let begins = match rest.chars().next() {
        None => return found,
        Some('{') => Begins::Brace,
        Some('[') => Begins::List,
        Some(_) => Begins::Key,
    };
    let column = line.len() - rest.len();
    found.push((column, begins, name.trim_matches(['"', '\''])));
    found
}

fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.rfind('\n').map_or(0, |at| at + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.find('\n').map_or(text.len(), |length| at + length)
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::cut;

    /// The statement that the cursor is in.
    fn statement(marked: &str, format: Format) -> String {
        let (text, cursor) = cut(marked);
        let found = Writing::at(&text, format, cursor).statement;
        found.map_or(String::new(), |span| text[span.range()].trim().to_owned())
    }

    #[test]
    fn the_statement_by_indentation() {
        for (marked, expected) in [
            ("Statement:\n  - A: b\n    C$0\n  - D: e\n", "- A: b\n    C"),
            ("Statement:\n- A: b\n  C$0\n- D: e\n", "- A: b\n  C"),
            (
                "Statement:\n- A: b\n  C:\n  - x$0\n- D: e\n",
                "- A: b\n  C:\n  - x",
            ),
            ("Statement:\n- A: b\n$0\n- D: e\n", "- A: b"),
            ("Statement:\n- A: b\n# c\n-$0\n- D: e\n", "-"),
            (
                "Statement:\n  A: b\n  C$0\nD: e\n",
                "Statement:\n  A: b\n  C",
            ),
            ("Statement: $0\n- A: b\n", ""),
            ("Version: 1$0\nStatement:\n- A: b\n", ""),
            ("Statement:\n- {A: b,\n   C$0\n- D: e\n", "- {A: b,\n   C"),
            (
                "Statement: [{A: b}, {C: 'd$0}, {E: f}]\n",
                "{C: 'd}, {E: f}]",
            ),
            ("x:\n  Statement: [{A: b}, {C: d$0}, {E: f}]\n", "{C: d"),
            ("Statement:\n  [{A: b},\n  {C: [d$0, e]}]\n", "{C: [d, e]"),
            ("Statement: {A: b, C$0}\nD: e\n", "Statement: {A: b, C"),
            ("Statement: [{A: b}, $0]\n", ""),
            (
                "x:\n  Statement:\n  - A:\n\n      b$0\ny: z\n",
                "- A:\n\n      b",
            ),
            ("x:\n---\nA$0: b\n", ""),
        ] {
            assert_eq!(statement(marked, Format::Yaml), expected, "{marked}");
        }
    }

    #[test]
    fn the_statement_by_brackets() {
        for (marked, expected) in [
            (
                "{\"Statement\": [{\"A\": [\"b$0\"]}, {}]}",
                "{\"A\": [\"b\"]",
            ),
            (
                "{\"Statement\": {\"A\": \"$0}}",
                "\"Statement\": {\"A\": \"}}",
            ),
            (
                "{\n\"Statement\": [\n  {\n    \"A\": [$0\n  },\n  {}\n]}",
                "{\n    \"A\": [",
            ),
            ("{\"Statement\": [$0]}", ""),
            ("{\"Statement\": [{}], \"V$0\"}", ""),
        ] {
            assert_eq!(statement(marked, Format::Json), expected, "{marked}");
        }
        for (marked, expected) in [
            (
                "data \"x\" \"y\" {\n  statement {\n    a = \"${b(\"c\")}$0\n  }\n}\n",
                "statement {\n    a = \"${b(\"c\")}",
            ),
            (
                "p = jsonencode({\n  Statement = [{\n    A = 1 # }\n    B$0\n  }]\n})\n",
                "{\n    A = 1 # }\n    B",
            ),
            (
                "p = jsonencode({\n  Statement = [\n    {\n      A = $0\n    }\n  ]\n})\n",
                "{\n      A =",
            ),
            ("data \"x\" \"y\" {\n  statement {\n  }\n  s$0\n}\n", ""),
        ] {
            assert_eq!(statement(marked, Format::Hcl), expected, "{marked}");
        }
    }
}
