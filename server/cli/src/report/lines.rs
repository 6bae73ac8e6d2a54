//! Lines and columns of places in a text, as reports tell them.

use leastwise_syntax::Span;
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Range {
    pub start: Point,
    pub end: Point,
}

/// Line and column from 1, columns in characters.
#[derive(Serialize)]
pub(crate) struct Point {
    pub line: usize,
    pub column: usize,
}

/// Where the lines of a text begin.
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// How many characters are before every [`STEP`]th byte: a line may hold all of the text.
    characters: Vec<usize>,
}

/// How many bytes are counted at most to find a column.
const STEP: usize = 512;

/// Whether a byte begins a character.
fn begins(byte: &u8) -> bool {
    (*byte as i8) >= -0x40
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str) -> Lines<'t> {
        let starts =
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        let mut characters = vec![0];
        let mut count = 0;
        for bytes in text.as_bytes().chunks(STEP) {
            count += bytes.iter().filter(|byte| begins(byte)).count();
            characters.push(count);
        }
        Lines {
            text,
            starts: starts.collect(),
            characters,
        }
    }

    /// How many characters begin before a byte.
    fn before(&self, offset: usize) -> usize {
        let step = offset / STEP;
        let rest = self.text.as_bytes().get(step * STEP..offset);
        let rest = rest.unwrap_or_default().iter().filter(|byte| begins(byte));
        self.characters.get(step).copied().unwrap_or_default() + rest.count()
    }

    pub(crate) fn point(&self, offset: u32) -> Point {
        let offset = (offset as usize).min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line
            .checked_sub(1)
            .and_then(|line| self.starts.get(line))
            .copied()
            .unwrap_or_default();
        Point {
            line,
            column: self.before(offset) - self.before(start) + 1,
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
    use super::{Lines, STEP};

    #[test]
    fn columns_are_characters() {
        let line = "é𝄞x".repeat(STEP);
        let text = format!("{line}\n{line}");
        let lines = Lines::new(&text);
        for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let before = &text[..at];
            let own = before.rsplit('\n').next().unwrap();
            let point = lines.point(at as u32);
            let expected = (before.matches('\n').count() + 1, own.chars().count() + 1);
            assert_eq!((point.line, point.column), expected, "{at}");
        }
    }
}
