//! Lines and columns of places in a text, as reports tell them.

use leastwise_syntax::Span;
use serde::Serialize;

use crate::limits::COUNTED_FOR_A_COLUMN;
use crate::work;

#[derive(Serialize)]
pub(crate) struct Range {
    pub start: Point,
    pub end: Point,
}

/// Line and column from 1.
#[derive(Serialize)]
pub(crate) struct Point {
    pub line: usize,
    /// In characters.
    pub column: usize,
    /// The column in units of UTF-16.
    #[serde(skip)]
    pub utf16: usize,
}

/// Where the lines of a text begin.
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// What is before every [`COUNTED_FOR_A_COLUMN`]th byte: a line may hold all of the text.
    before: Vec<Length>,
}

/// How long a part of the text is.
#[derive(Clone, Copy, Default)]
struct Length {
    characters: usize,
    utf16: usize,
}

impl Length {
    fn and(self, bytes: &[u8]) -> Length {
        work::did(bytes.len());
        let characters = bytes.iter().filter(|byte| begins(byte)).count();
        // Four bytes are two units.
        let wide = bytes.iter().filter(|byte| **byte >= 0xf0).count();
        Length {
            characters: self.characters + characters,
            utf16: self.utf16 + characters + wide,
        }
    }

    fn without(self, start: Length) -> Length {
        Length {
            characters: self.characters - start.characters,
            utf16: self.utf16 - start.utf16,
        }
    }
}

/// Whether a byte begins a character.
fn begins(byte: &u8) -> bool {
    (*byte as i8) >= -0x40
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str) -> Lines<'t> {
        let starts =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        let mut before = vec![Length::default()];
        let mut length = Length::default();
        for bytes in text.as_bytes().chunks(COUNTED_FOR_A_COLUMN) {
            length = length.and(bytes);
            before.push(length);
        }
        Lines {
            text,
            starts: starts.collect(),
            before,
        }
    }

    /// What begins before a byte.
    fn before(&self, offset: usize) -> Length {
        let step = offset / COUNTED_FOR_A_COLUMN;
        let rest = self
            .text
            .as_bytes()
            .get(step * COUNTED_FOR_A_COLUMN..offset);
        let before = self.before.get(step).copied().unwrap_or_default();
        before.and(rest.unwrap_or_default())
    }

    pub(crate) fn point(&self, offset: u32) -> Point {
        let offset = (offset as usize).min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line
            .checked_sub(1)
            .and_then(|line| self.starts.get(line))
            .copied()
            .unwrap_or_default();
        let length = match self.text.as_bytes().get(start..offset) {
            Some(bytes) if bytes.len() < COUNTED_FOR_A_COLUMN => Length::default().and(bytes),
            _ => self.before(offset).without(self.before(start)),
        };
        Point {
            line,
            column: length.characters + 1,
            utf16: length.utf16 + 1,
        }
    }

    pub(crate) fn range(&self, span: Span) -> Range {
        Range {
            start: self.point(span.start),
            end: self.point(span.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{COUNTED_FOR_A_COLUMN, Lines};
    use crate::work;

    #[test]
    fn a_place_costs_what_stands_before_it_in_its_line() {
        let text = "four\n".repeat(1_000) + &"x".repeat(COUNTED_FOR_A_COLUMN * 8);
        let lines = Lines::new(&text);
        let cost = |at: usize| work::of(|| lines.point(at as u32));
        assert_eq!([cost(0), cost(3), cost(3_752)], [0, 3, 2]);
        assert!(cost(text.len()) <= 2 * COUNTED_FOR_A_COLUMN);
    }

    #[test]
    fn columns_are_characters_and_units_of_utf16() {
        let line = "é𝄞x".repeat(COUNTED_FOR_A_COLUMN);
        let text = format!("{line}\n{line}");
        let lines = Lines::new(&text);
        for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let before = &text[..at];
            let own = before.rsplit('\n').next().unwrap();
            let point = lines.point(at as u32);
            let expected = (before.matches('\n').count() + 1, own.chars().count() + 1);
            assert_eq!((point.line, point.column), expected, "{at}");
            assert_eq!(point.utf16, own.encode_utf16().count() + 1, "{at}");
        }
    }
}
