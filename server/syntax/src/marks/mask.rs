//! Putting other characters in the place of marks, as many of them.

use std::ops::Range;

/// A copy of a text in which ranges are replaced.
pub(super) struct Canvas {
    bytes: Vec<u8>,
}

impl Canvas {
    pub fn new(text: &str) -> Canvas {
        Canvas {
            bytes: text.as_bytes().to_vec(),
        }
    }

    fn fill(&mut self, range: Range<usize>, with: u8, lines: bool) {
        for byte in self.bytes.get_mut(range).unwrap_or_default() {
            if lines || !matches!(byte, b'\n' | b'\r') {
                *byte = with;
            }
        }
    }

    /// Puts spaces there; line breaks stay.
    pub fn blank(&mut self, range: Range<usize>) {
        self.fill(range, b' ', false);
    }

    /// Puts spaces there, and in the place of line breaks.
    pub fn join(&mut self, range: Range<usize>) {
        self.fill(range, b' ', true);
    }

    /// Puts a word there.
    pub fn word(&mut self, range: Range<usize>) {
        self.fill(range, b'x', true);
    }

    /// Puts one character of ASCII there.
    pub fn put(&mut self, at: usize, with: u8) {
        if let Some(byte) = self.bytes.get_mut(at) {
            *byte = with;
        }
    }

    /// The text. Nothing where a range cut a character.
    pub fn finish(self) -> Option<String> {
        String::from_utf8(self.bytes).ok()
    }
}
