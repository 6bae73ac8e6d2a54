//! Where a cursor stands in YAML's block style, told from the lines up to it alone: indentation says it all, and a
//! mistake further up in the file costs only its own entry.

use std::ops::Range;

use leastwise_syntax::Span;

use super::flow::{Flow, Scan, clamp, closing};
use super::functions::call;
use super::{CursorPlace, Dash, Frame, Manner, Quote, Role, Step};

struct Level<'t> {
    frame: Frame<'t>,
    indent: isize,
    start: usize,
    below: Option<Below>,
}

/// What stands below a key or dash: its column, and whether it is a list.
#[derive(Clone, Copy)]
struct Below {
    column: isize,
    is_list: bool,
}

struct Lines<'t> {
    text: &'t str,
    cursor: usize,
    stack: Vec<Level<'t>>,
    /// The indentation of what a value without quotes belongs to, as long as its lines may go on.
    plain: Option<isize>,
    /// The same of a value that has its end: nothing belongs to that any more.
    whole: Option<isize>,
    /// What stands in the document itself.
    below: Option<Below>,
    /// Of the word at the cursor, where it begins its line.
    dash: Dash,
    beside: Option<Vec<Step<'t>>>,
}

/// The place of a cursor in a YAML text. `skipped` are lines before it, entries of mappings as a whole, that have nothing to do
/// with that.
pub(super) fn scan<'t>(
    text: &'t str,
    cursor: usize,
    skipped: &[Range<usize>],
) -> Option<CursorPlace<'t>> {
    let mut lines = Lines {
        text,
        cursor,
        stack: Vec::new(),
        plain: None,
        whole: None,
        below: None,
        dash: Dash::Stands,
        beside: None,
    };
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    loop {
        if let Some(lines) = skipped.iter().find(|lines| lines.start == at) {
            at = lines.end;
        }
        match lines.line(at) {
            Next::Line(next) if next > at => at = next,
            Next::Line(_) | Next::Nowhere => return None,
            Next::SpotContext(place) => return Some(*place),
        }
    }
}

enum Next<'t> {
    /// Go on at this offset, the beginning of a line.
    Line(usize),
    Nowhere,
    SpotContext(Box<CursorPlace<'t>>),
}

impl<'t> Lines<'t> {
    fn line_end(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let end = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(self.text.len(), |length| from + length);
        if end > from && self.text.as_bytes().get(end - 1) == Some(&b'\r') {
            end - 1
        } else {
            end
        }
    }

    fn next_line(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        rest.iter()
            .position(|byte| *byte == b'\n')
            .map_or(self.text.len() + 1, |length| from + length + 1)
    }

    fn blanks(&self, from: usize, end: usize) -> usize {
        let rest = self.text.as_bytes().get(from..end).unwrap_or_default();
        from + rest
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count()
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn owner(&self) -> isize {
        self.stack.last().map_or(-1, |level| level.indent)
    }

    /// Leaves what a key or value in this column can't belong to.
    fn leave(&mut self, column: isize) {
        while self
            .stack
            .last()
            .is_some_and(|level| level.indent >= column)
        {
            self.stack.pop();
        }
    }

    /// Begins a list item whose dash stands in this column.
    fn item(&mut self, column: isize, start: usize) {
        let mut index = 0;
        while let Some(level) = self.stack.last() {
            let sibling = level.indent == column && matches!(level.frame, Frame::Item(_));
            if level.indent <= column && !sibling {
                // A call on the item before (`- !Sub x`) has the dash's column, too.
                let call = level.indent == column && matches!(level.frame, Frame::Call(_));
                let inner = call
                    && self.stack.len() >= 2
                    && self.stack.get(self.stack.len() - 2).is_some_and(|below| {
                        below.indent == column && matches!(below.frame, Frame::Item(_))
                    });
                if !inner {
                    break;
                }
            }
            if let (true, Frame::Item(before)) = (sibling, level.frame) {
                index = before + 1;
            }
            self.stack.pop();
            if sibling {
                break;
            }
        }
        self.note(column, true);
        self.stack.push(Level {
            frame: Frame::Item(index),
            indent: column,
            start,
            below: None,
        });
    }

    /// Notes what is found below the last level.
    fn note(&mut self, column: isize, is_list: bool) {
        let below = match self.stack.last_mut() {
            Some(level) => &mut level.below,
            None => &mut self.below,
        };
        below.get_or_insert(Below { column, is_list });
    }

    /// What stands below the last level, above or behind the line that ends at `end`; what is deeper than `own` belongs to that.
    fn below(&self, end: usize, own: Option<isize>) -> Option<Below> {
        let (known, indent, is_key) = match self.stack.last() {
            Some(level) => (
                level.below,
                level.indent,
                matches!(level.frame, Frame::Key(_)),
            ),
            None => (self.below, -1, false),
        };
        known.or_else(|| {
            let (column, is_list) = self.next_entry(end, own)?;
            let belongs = column > indent || is_key && is_list && column == indent;
            belongs.then_some(Below { column, is_list })
        })
    }

    /// The column of the next line with something on it behind the one that ends at `end`, and whether that is an item. Lines
    /// deeper than `own` are passed over.
    fn next_entry(&self, end: usize, own: Option<isize>) -> Option<(isize, bool)> {
        let mut start = self.next_line(end);
        while start < self.text.len() {
            let end = self.line_end(start);
            let at = self.blanks(start, end);
            let is_own = own.is_some_and(|own| (at - start) as isize > own);
            if at < end && self.byte(at) != Some(b'#') && !is_own {
                let rest = self.text.get(at..end)?;
                let is_list = rest == "-" || rest.starts_with("- ");
                return (!rest.starts_with("---")).then_some(((at - start) as isize, is_list));
            }
            start = self.next_line(end);
        }
        None
    }

    /// Enters the line of the cursor in a column, without a dash; `is_key` says that a key stands there. Whether something can begin
    /// there.
    fn enter(&mut self, column: isize, end: usize, is_key: bool) -> bool {
        if [self.plain, self.whole]
            .iter()
            .flatten()
            .any(|of| column > *of)
        {
            return false;
        }
        self.beside = match is_key {
            true => None,
            false => self.list_of_key(column, end),
        };
        self.leave(column);
        let below = self.below(end, is_key.then_some(column));
        let is_of_key = self
            .stack
            .last()
            .is_some_and(|level| matches!(level.frame, Frame::Key(_)));
        self.dash = match below {
            None if is_of_key => Dash::OfFirst,
            Some(below) if below.is_list && is_of_key => Dash::Missing,
            _ => Dash::Stands,
        };
        below.is_none_or(|below| below.column == column)
    }

    /// The path to a key in this column whose list stands in it, too, or may do so.
    fn list_of_key(&self, column: isize, end: usize) -> Option<Vec<Step<'t>>> {
        let at = self
            .stack
            .iter()
            .rposition(|level| level.indent == column && matches!(level.frame, Frame::Key(_)))?;
        let level = self.stack.get(at)?;
        let can = match level.below {
            Some(below) => below.is_list && below.column == column,
            None => {
                let is_last = at + 1 == self.stack.len();
                let next = self.next_entry(end, None);
                let is_free = self.plain.or(self.whole) != Some(column);
                let deeper = next.is_some_and(|(next, _)| next > column);
                is_last && is_free && !deeper
            }
        };
        can.then(|| self.path().get(..=at).map(<[_]>::to_vec))?
    }

    fn path(&self) -> Vec<Step<'t>> {
        self.stack
            .iter()
            .map(|level| Step {
                frame: level.frame,
                start: clamp(level.start),
            })
            .collect()
    }

    fn found(&self, start: usize, end: usize, quote: Quote, role: Role, colon: bool) -> Next<'t> {
        let word = Span::new(clamp(start), clamp(end));
        let cursor = clamp(self.cursor);
        Next::SpotContext(Box::new(CursorPlace {
            path: self.path(),
            colon,
            dash: self.dash,
            beside: self.beside.clone(),
            ..CursorPlace::of(word, cursor, quote, role, Manner::Yaml)
        }))
    }

    fn line(&mut self, start: usize) -> Next<'t> {
        // Before the line: between `\r` and `\n`.
        if start > self.text.len() || self.cursor < start {
            return Next::Nowhere;
        }
        let end = self.line_end(start);
        let here = self.cursor <= end;
        let mut at = self.blanks(start, end);
        if at == end || self.byte(at) == Some(b'#') {
            if !here {
                return Next::Line(self.next_line(end));
            }
            if self.cursor > at {
                return Next::Nowhere;
            }
            if !self.enter((self.cursor - start) as isize, end, false) {
                return Next::Nowhere;
            }
            return self.found(self.cursor, self.cursor, Quote::None, Role::Either, false);
        }
        if at == start && (self.text[at..].starts_with("---") || self.text[at..].starts_with("..."))
        {
            self.stack.clear();
            (self.plain, self.whole, self.below) = (None, None, None);
            return if here {
                Next::Nowhere
            } else {
                Next::Line(self.next_line(end))
            };
        }
        if here && self.cursor < at {
            return Next::Nowhere;
        }
        let begins = at;
        while self.byte(at) == Some(b'-')
            && matches!(self.byte(at + 1), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
        {
            if here && self.cursor <= at {
                return Next::Nowhere;
            }
            (self.plain, self.whole) = (None, None);
            self.item((at - start) as isize, at);
            at = self.blanks(at + 1, end);
            if here && self.cursor < at || at == end {
                if here {
                    // Right behind the dash there is no room yet for a value.
                    let dash = self.text[..self.cursor].ends_with('-');
                    return if dash {
                        Next::Nowhere
                    } else {
                        self.found(self.cursor, self.cursor, Quote::None, Role::Either, false)
                    };
                }
                return Next::Line(self.next_line(end));
            }
        }
        let column = (at - start) as isize;
        if let Some(owner) = self.plain
            && column > owner
            && self.key(at, end).is_none()
            && !matches!(self.byte(at), Some(b'[' | b'{' | b'!' | b'&' | b'|' | b'>'))
            && self.blanks(start, end) == at
        {
            return match here {
                true => self.continued(at, end, Quote::None),
                false => Next::Line(self.next_line(end)),
            };
        }
        let key = self.key(at, end);
        // `s3:` being typed looks like a key.
        let at_word = here && key.is_none_or(|colon| self.cursor <= colon + 1);
        if at_word
            && at == begins
            && !self.enter(column, end, key.is_some_and(|colon| self.cursor <= colon))
        {
            return Next::Nowhere;
        }
        (self.plain, self.whole) = (None, None);
        self.leave(column);
        let Some(colon) = key else {
            return self.value(at, end, here, Role::Either);
        };
        if !at_word {
            self.note(column, false);
        }
        match self.entry(at, colon, column) {
            _ if at_word && self.cursor == colon + 1 => {
                self.found(at, colon + 1, Quote::None, Role::Either, false)
            }
            (from, to) if at_word => self.name(at, from, to),
            _ => {
                at = self.blanks(colon + 1, end);
                self.value(at, end, here, Role::Value)
            }
        }
    }

    /// Enters the key in a column whose colon is known. Where its name begins and ends.
    fn entry(&mut self, at: usize, colon: usize, column: isize) -> (usize, usize) {
        let trimmed = self.text.get(at..colon).unwrap_or_default().trim_end();
        let (from, to) = match trimmed.starts_with(['"', '\'']) {
            true => (at + 1, at + trimmed.len() - 1),
            false => (at, at + trimmed.len()),
        };
        if self.cursor > colon + 1 {
            let name = self.text.get(from..to).unwrap_or_default();
            self.stack.push(Level {
                frame: Frame::key(name),
                indent: column,
                start: at,
                below: None,
            });
        }
        (from, to)
    }

    /// The place of a cursor in the name of a key.
    fn name(&self, at: usize, from: usize, to: usize) -> Next<'t> {
        let quote = match self.byte(at) {
            Some(b'"') => Quote::Double,
            Some(b'\'') => Quote::Single,
            _ => Quote::None,
        };
        if self.cursor < from || self.cursor > to {
            return Next::Nowhere;
        }
        self.found(from, to, quote, Role::Key, true)
    }

    /// The colon behind a key that begins at `at`, if one does.
    fn key(&self, at: usize, end: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let is_colon = |at: usize| {
            bytes.get(at) == Some(&b':')
                && matches!(bytes.get(at + 1), None | Some(b' ' | b'\t' | b'\r' | b'\n'))
        };
        match bytes.get(at)? {
            b'[' | b'{' | b'!' | b'&' | b'|' | b'>' | b'#' => None,
            b'"' | b'\'' => {
                let close = closing(self.text, at, true, |_| true);
                let colon = self.blanks(close + 1, end.max(close + 1));
                (close < end && is_colon(colon)).then_some(colon)
            }
            _ => {
                let mut colon = at;
                while colon < end {
                    if is_colon(colon) {
                        return Some(colon);
                    }
                    if bytes.get(colon) == Some(&b'#')
                        && matches!(bytes.get(colon.wrapping_sub(1)), Some(b' ' | b'\t'))
                    {
                        return None;
                    }
                    colon += 1;
                }
                None
            }
        }
    }

    /// A value that begins at `at`, or the blanks before it.
    fn value(&mut self, mut at: usize, end: usize, here: bool, role: Role) -> Next<'t> {
        loop {
            if here && (self.cursor < at || at >= end) {
                return self.found(self.cursor, self.cursor, Quote::None, role, false);
            }
            let next = self.next_line(end);
            let owner = self.owner();
            match self.byte(at) {
                _ if at >= end => return Next::Line(next),
                Some(b'!' | b'&') => {
                    let rest = self.text.get(at..end).unwrap_or_default();
                    let word = rest.find([' ', '\t']).map_or(end, |length| at + length);
                    if here && self.cursor <= word {
                        return self.found(at, word, Quote::None, Role::Value, false);
                    }
                    let written = self.text.get(at..word).unwrap_or_default();
                    if let Some(name) = call(written) {
                        self.stack.push(Level {
                            frame: Frame::Call(name),
                            indent: owner,
                            start: at,
                            below: None,
                        });
                    }
                    at = self.blanks(word, end);
                    if !written.starts_with('!')
                        && let Some(colon) = self.key(at, end)
                        && role == Role::Either
                    {
                        // `- &anchor key: value`
                        let name = self.text.get(at..colon).unwrap_or_default().trim_end();
                        let line = self.text[..at].rfind('\n').map_or(0, |at| at + 1);
                        self.stack.push(Level {
                            frame: Frame::key(name),
                            indent: (at - line) as isize,
                            start: at,
                            below: None,
                        });
                        at = self.blanks(colon + 1, end);
                    }
                }
                Some(b'|' | b'>') => {
                    return if here {
                        Next::Nowhere
                    } else {
                        self.literal(next, owner)
                    };
                }
                Some(open @ (b'"' | b'\'')) => {
                    let close = closing(self.text, at, false, |start| self.outside(start, owner));
                    if self.cursor <= at {
                        return self.found(at, at, Quote::None, role, false);
                    }
                    if self.cursor <= close {
                        let quote = if open == b'"' {
                            Quote::Double
                        } else {
                            Quote::Single
                        };
                        return self.found(at + 1, close, quote, role, false);
                    }
                    self.whole = Some(owner);
                    return self.behind(close);
                }
                Some(b'[' | b'{') => return self.flow(at, owner),
                Some(b'#') => {
                    return if here {
                        Next::Nowhere
                    } else {
                        Next::Line(next)
                    };
                }
                _ => {
                    let rest = self.text.get(at..end).unwrap_or_default();
                    let length = rest.find(" #").unwrap_or(rest.len());
                    let word = at + rest.get(..length).unwrap_or_default().trim_end().len();
                    if !here {
                        self.plain = Some(owner);
                        return Next::Line(next);
                    }
                    return if self.cursor <= word {
                        self.found(at, word, Quote::None, role, false)
                    } else {
                        Next::Nowhere
                    };
                }
            }
        }
    }

    /// What is in the brackets that begin at `at`.
    fn flow(&mut self, at: usize, owner: isize) -> Next<'t> {
        let flow = Flow {
            text: self.text,
            cursor: self.cursor,
            owner,
            json: false,
        };
        match flow.scan(at, &self.path()) {
            Scan::At(place) => Next::SpotContext(Box::new(place)),
            Scan::Nowhere => Next::Nowhere,
            Scan::End(at) => {
                self.whole = Some(owner);
                self.behind(at)
            }
        }
    }

    /// A further line of a text: only a part of it, whatever it is.
    fn continued(&mut self, at: usize, end: usize, quote: Quote) -> Next<'t> {
        let rest = self.text.get(at..end).unwrap_or_default();
        let length = match quote {
            Quote::Block => rest.len(),
            _ => rest.find(" #").unwrap_or(rest.len()),
        };
        let word = at + rest.get(..length).unwrap_or_default().trim_end().len();
        if quote != Quote::Block && self.cursor > word {
            return Next::Nowhere;
        }
        self.stack.push(Level {
            frame: Frame::Call(""),
            indent: self.owner(),
            start: at,
            below: None,
        });
        let end = if quote == Quote::Block { end } else { word };
        self.found(at, end, quote, Role::Value, false)
    }

    /// Goes on behind a value that ended at `at`.
    fn behind(&self, at: usize) -> Next<'t> {
        let end = self.line_end(at);
        if self.cursor <= end {
            Next::Nowhere
        } else {
            Next::Line(self.next_line(end))
        }
    }

    /// Whether the line at `start` is no part of a value that belongs to an entry with this indentation.
    fn outside(&self, start: usize, owner: isize) -> bool {
        let end = self.line_end(start);
        let at = self.blanks(start, end);
        at < end && ((at - start) as isize) <= owner
    }

    /// The lines of a block scalar, from the one behind its header.
    fn literal(&mut self, mut start: usize, owner: isize) -> Next<'t> {
        let mut is_first = true;
        while start <= self.text.len() {
            let end = self.line_end(start);
            let at = self.blanks(start, end);
            if self.outside(start, owner) {
                return Next::Line(start);
            }
            if self.cursor <= end {
                if self.cursor < at || (at == end && (self.cursor - start) as isize <= owner) {
                    return Next::Nowhere;
                }
                if !is_first {
                    return self.continued(at, end, Quote::Block);
                }
                return self.found(at, end, Quote::Block, Role::Value, false);
            }
            is_first &= at == end;
            start = self.next_line(end);
        }
        Next::Nowhere
    }
}
