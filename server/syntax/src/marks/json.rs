//! What to read in place of JSON with marks.
//!
//! Where parts come and go, commas are written so that they are right in each rendering, and not where all parts stand
//! together: those too many are taken away, those missing put into the place of a mark.

use std::ops::Range;

use super::mask::Canvas;
use super::{Mark, MarkKind, Marked, Masked, closings, find, regions};
use crate::Span;
use crate::work::did;

/// What came last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Bracket,
    Value,
    Comma(usize),
    Colon,
}

/// Marks for values and words without anything between them.
#[derive(Clone, Copy, Default)]
struct Row {
    end: usize,
    /// The first byte behind it and behind white space.
    then: Option<u8>,
}

struct Masker<'t> {
    text: &'t str,
    marks: &'t [Mark],
    /// Which of them closes what each opens.
    closings: Vec<Option<usize>>,
    /// The first mark that isn't passed yet.
    next: usize,
    /// The last row of marks for values.
    row: Row,
    canvas: Canvas,
    brackets: Vec<u8>,
    last: Last,
    /// A blanked mark since then: a comma may take its place.
    gap: Option<usize>,
    holes: Vec<Range<usize>>,
    /// Marks outside of strings.
    outside: Vec<Mark>,
    inserted: Vec<u32>,
    changed: bool,
}

/// The text to read instead. Nothing where there is no mark that has to be masked.
pub(crate) fn mask(text: &str) -> Option<Masked> {
    let marks = find(text);
    let mut masker = Masker {
        text,
        marks: &marks,
        closings: closings(&marks),
        row: Row::default(),
        next: 0,
        canvas: Canvas::new(text),
        brackets: Vec::new(),
        last: Last::Nothing,
        gap: None,
        holes: Vec::new(),
        outside: Vec::new(),
        inserted: Vec::new(),
        changed: false,
    };
    masker.run();
    if !masker.changed {
        return None;
    }
    let is_loose = !masker.inserted.is_empty()
        || masker
            .outside
            .iter()
            .any(|mark| mark.kind != MarkKind::Value);
    let hole = masker.holes.first().map(|hole| hole.start..hole.end);
    let outside = masker.outside.first().map(|mark| mark.range());
    let first = [hole, outside]
        .into_iter()
        .flatten()
        .min_by_key(|range| range.start);
    let first = first.unwrap_or_else(|| masker.marks.first().map_or(0..0, |mark| mark.range()));
    Some(Masked {
        text: masker.canvas.finish()?,
        holes: masker.holes,
        marked: Marked {
            regions: regions(text, &masker.outside),
            inserted: masker.inserted,
        },
        is_loose,
        first: Span::new(first.start as u32, first.end as u32),
    })
}

impl Masker<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// The mark that begins at `at`.
    fn mark(&mut self, at: usize) -> Option<Mark> {
        while self
            .marks
            .get(self.next)
            .is_some_and(|mark| mark.start < at)
        {
            self.next += 1;
        }
        self.marks
            .get(self.next)
            .filter(|mark| mark.start == at)
            .copied()
    }

    fn run(&mut self) {
        let mut at = 0;
        while let Some(byte) = self.byte(at) {
            if let Some(mark) = self.mark(at) {
                at = self.outside(mark);
                continue;
            }
            let next = self.text.ceil_char_boundary(at + 1);
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => {
                    at += 1;
                    continue;
                }
                b'/' if matches!(self.byte(at + 1), Some(b'/' | b'*')) => {
                    at = self.comment(at);
                    continue;
                }
                b'"' => {
                    self.value();
                    at = self.string(at);
                }
                b'{' | b'[' => {
                    self.value();
                    self.brackets.push(byte);
                    self.last = Last::Bracket;
                    at = next;
                }
                b'}' | b']' => {
                    if let (Last::Comma(comma), Some(_)) = (self.last, self.gap) {
                        self.canvas.put(comma, b' ');
                    }
                    self.brackets.pop();
                    self.last = Last::Value;
                    at = next;
                }
                b',' => {
                    let is_odd = matches!(self.last, Last::Comma(_) | Last::Bracket);
                    if is_odd && self.gap.is_some() {
                        self.canvas.put(at, b' ');
                        at = next;
                        continue;
                    }
                    self.last = Last::Comma(at);
                    at = next;
                }
                b':' => {
                    self.last = Last::Colon;
                    at = next;
                }
                b'\xEF'
                    if self
                        .text
                        .get(at..)
                        .is_some_and(|rest| rest.starts_with('\u{FEFF}')) =>
                {
                    at = next;
                    continue;
                }
                _ => at = self.word(at),
            }
            self.gap = None;
        }
    }

    /// Where a value begins: a comma comes before it, if a mark stands where one is due.
    fn value(&mut self) {
        if let (Last::Value, Some(gap)) = (self.last, self.gap) {
            self.canvas.put(gap, b',');
        }
        self.last = Last::Value;
    }

    fn comment(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let length = match rest.starts_with("//") {
            true => rest.find('\n'),
            false => rest.find("*/").map(|length| length + 2),
        };
        at + length.unwrap_or(rest.len())
    }

    /// Passes over a string. A mark in it may hold quotes and line breaks, which the string would end with.
    fn string(&mut self, start: usize) -> usize {
        let mut at = start + 1;
        loop {
            if let Some(mark) = self.mark(at)
                && self.fits_string(mark)
            {
                let written = self.text.get(mark.range()).unwrap_or_default();
                if has_quote(written) {
                    self.canvas.word(mark.range());
                    self.changed = true;
                }
                at = mark.end;
                continue;
            }
            match self.byte(at) {
                Some(b'"') => return at + 1,
                Some(b'\\') => at = self.text.ceil_char_boundary(at + 2),
                None | Some(b'\n' | b'\r') => return at,
                Some(_) => at += 1,
            }
        }
    }

    /// Whether a mark in a string ends in it: it has all of its own quotes, its line, and no key of JSON.
    fn fits_string(&self, mark: Mark) -> bool {
        let written = self.text.get(mark.range()).unwrap_or_default();
        !written.contains(['\n', '\r'])
            && !written.contains("\":")
            && written.matches('"').count().is_multiple_of(2)
    }

    /// A word: a literal, or what stands for a value.
    fn word(&mut self, start: usize) -> usize {
        let end = self.word_end(start);
        let word = self.text.get(start..end).unwrap_or_default();
        let is_hole = self
            .marks
            .get(self.next)
            .is_some_and(|mark| mark.end <= end && mark.start >= start)
            || is_placeholder(word);
        match is_hole && end - start >= 2 {
            true => self.hole(start..end),
            false => self.value(),
        }
        end
    }

    /// The end of the word or row of marks at `at`.
    fn word_end(&mut self, start: usize) -> usize {
        let first = self.next;
        let mut at = start;
        loop {
            if let Some(mark) = self.mark(at) {
                if mark.kind != MarkKind::Value {
                    break;
                }
                at = mark.end;
                continue;
            }
            match self.byte(at) {
                Some(
                    b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' | b'"' | b'{' | b'}' | b'[' | b']',
                )
                | None => {
                    break;
                }
                Some(_) => at = self.text.ceil_char_boundary(at + 1),
            }
        }
        self.next = first;
        did(at - start);
        at
    }

    /// Takes a range for a value.
    fn hole(&mut self, range: Range<usize>) {
        self.value();
        self.canvas.word(range.clone());
        self.canvas.put(range.start, b'"');
        self.canvas.put(range.end - 1, b'"');
        self.holes.push(range);
        self.changed = true;
    }

    /// Takes a mark outside of strings; gives where to go on.
    fn outside(&mut self, mark: Mark) -> usize {
        self.changed = true;
        if mark.kind != MarkKind::Value {
            self.outside.push(mark);
            return self.control(mark);
        }
        if self.row.end <= mark.start {
            let end = self.word_end(mark.start);
            let rest = self.text.get(end..).unwrap_or_default();
            let then = rest.trim_start();
            did(rest.len() - then.len());
            let then = then.bytes().next();
            self.row = Row { end, then };
        }
        let Row { end, then } = self.row;
        let in_list = self.brackets.last() == Some(&b'[');
        let due = match self.last {
            Last::Colon => true,
            Last::Nothing => then.is_none(),
            Last::Bracket | Last::Comma(_) => in_list || then == Some(b':'),
            Last::Value => then == Some(b':') && self.gap.is_some(),
        };
        if due {
            self.hole(mark.start..end);
            self.gap = None;
            return end;
        }
        self.inserted.push(mark.start as u32);
        self.canvas.blank(mark.range());
        self.gap = Some(mark.start);
        mark.end
    }

    fn control(&mut self, mark: Mark) -> usize {
        self.canvas.blank(mark.range());
        self.gap = Some(mark.start);
        if mark.kind != MarkKind::Else || self.brackets.last() == Some(&b'[') {
            return mark.end;
        }
        // One key has one value: what is there instead is left out.
        let close = self.closings.get(self.next).copied().flatten();
        if let Some(close) = close.and_then(|close| self.marks.get(close)) {
            self.canvas.blank(mark.end..close.start);
            return close.start;
        }
        mark.end
    }
}

/// Whether a mark holds a quote that isn't escaped.
fn has_quote(text: &str) -> bool {
    let mut escaped = false;
    text.bytes().any(|byte| {
        let is_quote = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_quote
    })
}

/// Whether a value without quotes stands for one that a tool puts there.
pub(crate) fn is_value(text: &str) -> bool {
    is_placeholder(text) || find(text).iter().any(|mark| mark.kind == MarkKind::Value)
}

/// Whether a word without quotes is what a tool replaces by a value: `$ARNS`, `@@ARNS@@`, `__ARNS__`, `%ARNS%`, `<arns>`.
fn is_placeholder(word: &str) -> bool {
    let between = |open: &str, close: &str| {
        let inner = word
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close));
        inner.is_some_and(|inner| {
            let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
            inner.starts_with(|c: char| c.is_alphanumeric() || c == '_')
                && inner.chars().all(is_part)
        })
    };
    between("$", "")
        || between("@@", "@@")
        || between("@", "@")
        || between("__", "__")
        || between("%", "%")
        || between("<", ">")
}
