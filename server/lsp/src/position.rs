//! Byte offsets to protocol positions and back, each in O(log n) over the rope.
//!
//! A position is a line and a column counted in the units that client and server agreed on. Lines end
//! with LF, CRLF or a lone CR, as the protocol says. Whatever a client sends maps to some offset of the
//! text: a line behind the last one is the end of the text, a column behind the end of its line is the
//! end of that line, a column inside a character is the start of that character.

use std::cell::Cell;

use leastwise_syntax::Span;
use ropey::Rope;
use tower_lsp::ls_types::{Position, PositionEncodingKind, Range};

/// The unit that columns are counted in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what every client understands.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl Encoding {
    /// Takes UTF-8 where the client offers it, because then nothing has to be counted; else UTF-16, which
    /// the protocol makes every client know; UTF-32 only for a client that names it and not UTF-16.
    pub(crate) fn negotiate(offered: &[PositionEncodingKind]) -> Self {
        if offered.contains(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offered.contains(&PositionEncodingKind::UTF32)
            && !offered.contains(&PositionEncodingKind::UTF16)
        {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// Its name in the protocol.
    pub(crate) const fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// The position of the byte `offset`. An offset inside a character stands for the start of that
    /// character, one between CR and LF for the end of its line, one behind the text for its end.
    pub(crate) fn position(self, rope: &Rope, offset: usize) -> Position {
        let char = rope.byte_to_char(offset.min(rope.len_bytes()));
        let line = rope.char_to_line(char);
        let start = rope.line_to_char(line);
        let char = char.min(content_end(rope, line));
        let column = match self {
            Self::Utf8 => rope.char_to_byte(char) - rope.char_to_byte(start),
            Self::Utf16 => rope.char_to_utf16_cu(char) - rope.char_to_utf16_cu(start),
            Self::Utf32 => char - start,
        };
        Position::new(saturate(line), saturate(column))
    }

    /// The byte offset of `position`, clamped to the text.
    pub(crate) fn offset(self, rope: &Rope, position: Position) -> usize {
        rope.char_to_byte(self.char(rope, position))
    }

    /// The character index of `position`, clamped to the text.
    fn char(self, rope: &Rope, position: Position) -> usize {
        let line = position.line as usize;
        if line >= rope.len_lines() {
            return rope.len_chars();
        }
        let start = rope.line_to_char(line);
        let column = position.character as usize;
        let char = match self {
            Self::Utf8 => {
                let byte = rope.char_to_byte(start).saturating_add(column);
                rope.byte_to_char(byte.min(rope.len_bytes()))
            }
            Self::Utf16 => {
                let unit = rope.char_to_utf16_cu(start).saturating_add(column);
                rope.utf16_cu_to_char(unit.min(rope.len_utf16_cu()))
            }
            Self::Utf32 => start.saturating_add(column),
        };
        char.min(content_end(rope, line))
    }

    /// The range of the bytes `span`.
    pub(crate) fn range(self, rope: &Rope, span: Span) -> Range {
        Range::new(
            self.position(rope, span.start as usize),
            self.position(rope, span.end as usize),
        )
    }

    /// The bytes of `range`, clamped to the text; an inverted range is turned round.
    pub(crate) fn span(self, rope: &Rope, range: Range) -> Span {
        let (a, b) = (self.offset(rope, range.start), self.offset(rope, range.end));
        Span::new(saturate(a.min(b)), saturate(a.max(b)))
    }
}

/// The positions of many places in one text: its lines are found once, where a rope is searched for each place.
pub(crate) struct Positions {
    encoding: Encoding,
    text: String,
    /// Where each line begins.
    lines: Vec<usize>,
    /// The place that was asked for last and its column: a line may be all of a large text, and places mostly come in order.
    last: Cell<(usize, usize)>,
}

impl Positions {
    pub(crate) fn of(rope: &Rope, encoding: Encoding) -> Positions {
        let text = rope.to_string();
        let bytes = text.as_bytes();
        let is_break = |at: usize, byte: u8| {
            byte == b'\n' || byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')
        };
        let ends = bytes.iter().enumerate();
        let ends = ends.filter(|(at, byte)| is_break(*at, **byte));
        let lines = [0].into_iter().chain(ends.map(|(at, _)| at + 1)).collect();
        Positions {
            encoding,
            text,
            lines,
            last: Cell::default(),
        }
    }

    /// As [`Encoding::range`].
    pub(crate) fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start), self.position(span.end))
    }

    fn position(&self, offset: u32) -> Position {
        let at = self.text.floor_char_boundary(offset as usize);
        let next = self.lines.partition_point(|start| *start <= at);
        let line = next.saturating_sub(1);
        let start = self.lines.get(line).copied().unwrap_or_default();
        // Between CR and LF is the end of the line.
        let bytes = self.text.as_bytes();
        let is_within_break =
            at > start && bytes.get(at) == Some(&b'\n') && bytes.get(at - 1) == Some(&b'\r');
        let at = at - usize::from(is_within_break);
        let (known, column) = match self.last.get() {
            (known, column)
                if start <= known && self.lines.get(next).is_none_or(|end| known < *end) =>
            {
                (known, column)
            }
            _ => (start, 0),
        };
        let column = match known <= at {
            true => column + self.units(known..at),
            false => column.saturating_sub(self.units(at..known)),
        };
        self.last.set((at, column));
        Position::new(saturate(line), saturate(column))
    }

    /// How many units a part of the text has.
    fn units(&self, part: std::ops::Range<usize>) -> usize {
        let part = self.text.get(part).unwrap_or_default();
        match self.encoding {
            Encoding::Utf8 => part.len(),
            _ if part.is_ascii() => part.len(),
            Encoding::Utf16 => part.chars().map(char::len_utf16).sum(),
            Encoding::Utf32 => part.chars().count(),
        }
    }
}

/// The character index behind the last character of `line` that is no line break.
fn content_end(rope: &Rope, line: usize) -> usize {
    let end = rope.line_to_char((line + 1).min(rope.len_lines()));
    let start = rope.line_to_char(line);
    let ends_with = |at: usize, wanted: char| {
        at > start && rope.get_char(at - 1).is_some_and(|found| found == wanted)
    };
    if ends_with(end, '\n') {
        let end = end - 1;
        if ends_with(end, '\r') { end - 1 } else { end }
    } else if ends_with(end, '\r') {
        end - 1
    } else {
        end
    }
}

fn saturate(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    fn pos(line: u32, character: u32) -> Position {
        Position::new(line, character)
    }

    #[test]
    fn columns_count_in_the_agreed_unit() {
        // é: 2 bytes, 1 unit; 😀: 4 bytes, 2 units.
        let rope = Rope::from_str("é😀x\ny");
        let x = "é😀".len();
        assert_eq!(Encoding::Utf8.position(&rope, x), pos(0, 6));
        assert_eq!(Encoding::Utf16.position(&rope, x), pos(0, 3));
        assert_eq!(Encoding::Utf32.position(&rope, x), pos(0, 2));
        assert_eq!(Encoding::Utf8.offset(&rope, pos(0, 6)), x);
        assert_eq!(Encoding::Utf16.offset(&rope, pos(0, 3)), x);
        assert_eq!(Encoding::Utf32.offset(&rope, pos(0, 2)), x);
    }

    #[test]
    fn inside_a_character_is_its_start() {
        let rope = Rope::from_str("a😀b");
        for byte in 1..5 {
            assert_eq!(Encoding::Utf16.position(&rope, byte), pos(0, 1));
            assert_eq!(Encoding::Utf8.offset(&rope, pos(0, byte as u32)), 1);
        }
        assert_eq!(
            Encoding::Utf16.offset(&rope, pos(0, 2)),
            1,
            "a low surrogate"
        );
        assert_eq!(Encoding::Utf16.offset(&rope, pos(0, 3)), 5);
    }

    #[test]
    fn lines_end_with_lf_crlf_and_lone_cr() {
        let text = "a\nbb\r\nccc\rdddd";
        let rope = Rope::from_str(text);
        for encoding in ALL {
            assert_eq!(
                encoding.position(&rope, text.find("bb").unwrap()),
                pos(1, 0)
            );
            assert_eq!(
                encoding.position(&rope, text.find("ccc").unwrap()),
                pos(2, 0)
            );
            assert_eq!(
                encoding.position(&rope, text.find("dddd").unwrap()),
                pos(3, 0)
            );
            assert_eq!(encoding.position(&rope, 5), pos(1, 2), "between CR and LF");
            assert_eq!(encoding.offset(&rope, pos(1, 3)), 4, "CR is no column");
            assert_eq!(encoding.offset(&rope, pos(2, 99)), 9);
        }
    }

    #[test]
    fn other_unicode_breaks_end_no_line() {
        let rope = Rope::from_str("a\u{2028}b\u{85}c\u{b}d");
        assert_eq!(Encoding::Utf32.position(&rope, rope.len_bytes()), pos(0, 7));
    }

    #[test]
    fn behind_the_end_is_clamped() {
        let rope = Rope::from_str("ab\ncd");
        for encoding in ALL {
            assert_eq!(encoding.offset(&rope, pos(0, u32::MAX)), 2);
            assert_eq!(encoding.offset(&rope, pos(1, 3)), 5);
            assert_eq!(encoding.offset(&rope, pos(2, 0)), 5);
            assert_eq!(encoding.offset(&rope, pos(u32::MAX, u32::MAX)), 5);
            assert_eq!(encoding.position(&rope, usize::MAX), pos(1, 2));
        }
    }

    #[test]
    fn the_end_of_file_is_a_position() {
        for (text, end) in [
            ("", pos(0, 0)),
            ("\n", pos(1, 0)),
            ("a\r\n", pos(1, 0)),
            ("a\r", pos(1, 0)),
            ("a\n😀", pos(1, 2)),
        ] {
            let rope = Rope::from_str(text);
            assert_eq!(Encoding::Utf16.position(&rope, text.len()), end, "{text:?}");
            assert_eq!(Encoding::Utf16.offset(&rope, end), text.len(), "{text:?}");
        }
    }

    #[test]
    fn every_boundary_survives_the_way_there_and_back() {
        let text = "é\r\n😀b\n\r\r\n\u{feff}z\u{10ffff}\n";
        let rope = Rope::from_str(text);
        for encoding in ALL {
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                if offset > 0 && text[..offset].ends_with('\r') && text[offset..].starts_with('\n')
                {
                    continue;
                }
                let position = encoding.position(&rope, offset);
                assert_eq!(
                    encoding.offset(&rope, position),
                    offset,
                    "{encoding:?} {position:?}"
                );
            }
        }
    }

    #[test]
    fn many_places_are_where_each_is() {
        for text in [
            "",
            "a",
            "\n",
            "a\r",
            "é\r\n😀b\n\r\r\n\u{feff}z\u{10ffff}\n",
            "a\u{2028}b\u{85}c\u{b}d\rx\r\n",
        ] {
            let rope = Rope::from_str(text);
            for encoding in ALL {
                let all = Positions::of(&rope, encoding);
                let end = text.len() as u32 + 3;
                // One after the other, back again, and from one end to the other by turns.
                let turns = (0..end).flat_map(|offset| [offset, end - offset]);
                for offset in (0..end).chain((0..end).rev()).chain(turns) {
                    let expected = encoding.position(&rope, offset as usize);
                    assert_eq!(all.position(offset), expected, "{text:?} {offset}");
                }
            }
        }
    }

    #[test]
    fn inverted_ranges_are_turned_round() {
        let rope = Rope::from_str("abcdef");
        let range = Range::new(pos(0, 4), pos(0, 1));
        assert_eq!(Encoding::Utf8.span(&rope, range), Span::new(1, 4));
    }

    #[test]
    fn negotiation_prefers_bytes() {
        use PositionEncodingKind as Kind;
        assert_eq!(Encoding::negotiate(&[]), Encoding::Utf16);
        assert_eq!(
            Encoding::negotiate(&[Kind::UTF16, Kind::UTF8]),
            Encoding::Utf8
        );
        assert_eq!(
            Encoding::negotiate(&[Kind::UTF32, Kind::UTF16]),
            Encoding::Utf16
        );
        assert_eq!(Encoding::negotiate(&[Kind::UTF32]), Encoding::Utf32);
        assert_eq!(Encoding::negotiate(&[Kind::new("ebcdic")]), Encoding::Utf16);
    }
}
