//! Where a cursor stands in JSON, or in a `[…]` or `{…}` of YAML, told from the characters before it alone.

use std::ops::Range;

use leastwise_syntax::Span;

use super::functions::call;
use super::{CursorPlace, Frame, Manner, Quote, Role, Step};
use crate::limits::NAME_LENGTH;

/// What became of a scan.
pub(super) enum Scan<'t> {
    /// The cursor is here.
    At(CursorPlace<'t>),
    /// The cursor is where nothing can be told: in a comment, behind a whole value.
    Nowhere,
    /// The brackets closed before the cursor; scanning goes on here.
    End(usize),
}

/// What a scan is given.
#[derive(Clone, Copy)]
pub(super) struct Flow<'t> {
    pub text: &'t str,
    pub cursor: usize,
    /// Indentation of the block entry that holds the brackets: a line that is not deeper belongs to the block again,
    /// whatever is still open. Less than nothing where no block is around.
    pub owner: isize,
    pub json: bool,
}

struct Level<'t> {
    open: u8,
    start: usize,
    tag: Option<&'t str>,
    key: Option<(&'t str, usize)>,
    index: usize,
    /// A whole value or key has been read since the last `,` or `:`.
    full: bool,
    /// Where that ends.
    end: usize,
}

/// A scalar that was read last: it becomes a key if a colon follows.
type Last<'t> = Option<(&'t str, usize)>;

impl<'t> Flow<'t> {
    /// Scans from `start`, which is at a bracket or, in JSON, at the beginning of the text.
    pub fn scan(self, start: usize, base: &[Step<'t>]) -> Scan<'t> {
        let bytes = self.text.as_bytes();
        let mut levels: Vec<Level<'t>> = Vec::new();
        let mut last: Last<'t> = None;
        let mut tag: Option<&'t str> = None;
        let (mut braces, mut squares) = (0usize, 0usize);
        let mut at = start;
        loop {
            // A cursor before the first character of a word touches the word.
            let before_word =
                at == self.cursor && bytes.get(at).is_some_and(|byte| begins_word(*byte));
            if at >= self.cursor && !before_word {
                return self.empty(base, &mut levels, tag);
            }
            let Some(&byte) = bytes.get(at) else {
                return Scan::Nowhere;
            };
            match byte {
                b'\n' if self.leaves(at + 1) => return Scan::End(at),
                b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                b'[' | b'{' => {
                    if let Some(count) = opened(&mut braces, &mut squares, byte) {
                        *count += 1;
                    }
                    levels.push(Level {
                        open: byte,
                        start: at,
                        tag: tag.take(),
                        key: None,
                        index: 0,
                        full: false,
                        end: at,
                    });
                    last = None;
                    at += 1;
                }
                b']' | b'}' => {
                    let open = if byte == b']' { b'[' } else { b'{' };
                    // A bracket that closes nothing is taken for a slip; one that closes something further out
                    // closes what is in it, too.
                    if opened(&mut braces, &mut squares, open).is_some_and(|count| *count > 0) {
                        while let Some(level) = levels.pop() {
                            if let Some(count) = opened(&mut braces, &mut squares, level.open) {
                                *count -= 1;
                            }
                            if level.open == open {
                                break;
                            }
                        }
                    }
                    last = None;
                    at += 1;
                    fill(&mut levels, at);
                    if levels.is_empty() && !self.json {
                        return Scan::End(at);
                    }
                }
                b',' => {
                    if let Some(level) = levels.last_mut() {
                        level.index += 1;
                        level.key = None;
                        level.full = false;
                    }
                    (last, tag) = (None, None);
                    at += 1;
                }
                b':' => {
                    if let Some(level) = levels.last_mut()
                        && level.open == b'{'
                        && let Some(name) = last.take()
                    {
                        level.key = Some(name);
                        level.full = false;
                    }
                    tag = None;
                    at += 1;
                }
                b'#' if !self.json => {
                    at = line_end(bytes, at);
                    if self.cursor <= at {
                        return Scan::Nowhere;
                    }
                }
                b'/' if self.json && bytes.get(at + 1) == Some(&b'/') => {
                    at = line_end(bytes, at);
                    if self.cursor <= at {
                        return Scan::Nowhere;
                    }
                }
                b'"' | b'\'' => {
                    let end = self.closing(at);
                    if self.cursor <= end {
                        let quote = if byte == b'"' {
                            Quote::Double
                        } else {
                            Quote::Single
                        };
                        return self.at(base, &mut levels, tag, at + 1..end, quote);
                    }
                    last = self.text.get(at + 1..end).map(|text| (text, at));
                    at = end + usize::from(bytes.get(end) == Some(&byte));
                    fill(&mut levels, at);
                }
                _ => {
                    let end = self.plain(at);
                    if self.cursor <= end {
                        return self.at(base, &mut levels, tag, at..end, Quote::None);
                    }
                    let text = self.text.get(at..end).unwrap_or_default();
                    if text.starts_with('!') && !self.json {
                        tag = Some(text);
                    } else {
                        last = Some((text, at));
                        fill(&mut levels, end);
                    }
                    at = end;
                }
            }
        }
    }

    /// Whether the line that begins at `start` belongs to the block around the brackets.
    fn leaves(self, start: usize) -> bool {
        if self.owner < 0 {
            return false;
        }
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let indent = rest.iter().take_while(|byte| **byte == b' ').count();
        let first = rest.get(indent);
        !matches!(first, None | Some(b'\r' | b'\n' | b']' | b'}' | b'#'))
            && indent as isize <= self.owner
    }

    /// The offset of the quote that closes the one at `open`, or where the text can't go on.
    fn closing(self, open: usize) -> usize {
        closing(self.text, open, self.json, |start| self.leaves(start))
    }

    /// The end of the plain scalar at `start`.
    fn plain(self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = start + 1;
        let mut end = at;
        while let Some(&byte) = bytes.get(at) {
            let next = bytes.get(at + 1);
            match byte {
                b',' | b'[' | b']' | b'}' | b'\n' | b'"' => break,
                // `${AppId}` without quotes: not valid, but evident.
                b'{' if bytes.get(at - 1) == Some(&b'$') => {
                    let limit = bytes.len().min(at + NAME_LENGTH);
                    let rest = bytes.get(at..limit).unwrap_or_default();
                    let length = rest.iter().position(|byte| matches!(byte, b'}' | b'\n'));
                    match length.map(|length| at + length) {
                        Some(close) if bytes.get(close) == Some(&b'}') => {
                            at = close + 1;
                            end = at;
                            continue;
                        }
                        _ => break,
                    }
                }
                b'{' => break,
                b':' if self.json || matches!(next, None | Some(b' ' | b'\n' | b'\r' | b'\t')) => {
                    // `s3:` under the cursor is a word that is being typed.
                    if !self.json && at + 1 == self.cursor {
                        end = at + 1;
                    }
                    break;
                }
                b' ' if next == Some(&b'#') => break,
                b' ' | b'\t' | b'\r' => {
                    if self.json || bytes.get(start) == Some(&b'!') {
                        break;
                    }
                    at += 1;
                }
                _ => {
                    at += 1;
                    end = at;
                }
            }
        }
        end.max(start + 1)
    }

    fn path(self, base: &[Step<'t>], levels: &[Level<'t>], tag: Option<&'t str>) -> Vec<Step<'t>> {
        let mut path = base.to_vec();
        for level in levels {
            let start = clamp(level.start);
            path.extend(level.tag.and_then(call).map(|name| Step {
                frame: Frame::Call(name),
                start,
            }));
            if level.open == b'[' {
                path.push(Step {
                    frame: Frame::Item(level.index),
                    start,
                });
                continue;
            }
            path.push(Step {
                frame: Frame::Map,
                start,
            });
            path.extend(level.key.map(|(name, start)| Step {
                frame: Frame::key(name),
                start: clamp(start),
            }));
        }
        path.extend(tag.and_then(call).map(|name| Step {
            frame: Frame::Call(name),
            start: clamp(self.cursor),
        }));
        path
    }

    fn role(levels: &[Level<'t>]) -> Role {
        match levels.last() {
            Some(level) if level.open == b'{' && level.key.is_none() => Role::Key,
            _ => Role::Value,
        }
    }

    fn at(
        self,
        base: &[Step<'t>],
        levels: &mut [Level<'t>],
        tag: Option<&'t str>,
        word: Range<usize>,
        quote: Quote,
    ) -> Scan<'t> {
        let behind = self
            .text
            .get(word.end..)
            .unwrap_or_default()
            .trim_start_matches(['"', '\''])
            .trim_start();
        let begin = word.start - usize::from(quote != Quote::None);
        let comma = self.comma(levels, begin);
        let word = Span::new(clamp(word.start), clamp(word.end));
        Scan::At(CursorPlace {
            path: self.path(base, levels, tag),
            colon: behind.starts_with(':'),
            comma,
            ..CursorPlace::of(
                word,
                clamp(self.cursor),
                quote,
                Self::role(levels),
                self.manner(),
            )
        })
    }

    fn manner(self) -> Manner {
        match self.json {
            true => Manner::Json,
            false => Manner::Yaml,
        }
    }

    /// Where a comma is missing before what begins on another line than what stands before it. It is then no value of the key
    /// before that.
    fn comma(self, levels: &mut [Level<'t>], begin: usize) -> Option<u32> {
        let level = levels.last_mut().filter(|level| level.full)?;
        let is_value = level.open == b'[' || level.key.is_some();
        let between = self.text.get(level.end..begin)?;
        if !is_value || !between.contains('\n') {
            return None;
        }
        level.key = None;
        level.index += 1;
        level.full = false;
        Some(clamp(level.end))
    }

    fn empty(self, base: &[Step<'t>], levels: &mut [Level<'t>], tag: Option<&'t str>) -> Scan<'t> {
        let comma = self.comma(levels, self.cursor);
        if levels.last().is_some_and(|level| level.full) {
            return Scan::Nowhere;
        }
        let cursor = clamp(self.cursor);
        Scan::At(CursorPlace {
            path: self.path(base, levels, tag),
            comma,
            ..CursorPlace::of(
                Span::new(cursor, cursor),
                cursor,
                Quote::None,
                Self::role(levels),
                self.manner(),
            )
        })
    }
}

/// Notes that something whole ends at an offset.
fn fill(levels: &mut [Level<'_>], end: usize) {
    if let Some(level) = levels.last_mut() {
        level.full = true;
        level.end = end;
    }
}

/// How many brackets of a kind are open: searching for one that isn't would take time for each slip.
fn opened<'c>(braces: &'c mut usize, squares: &'c mut usize, open: u8) -> Option<&'c mut usize> {
    match open {
        b'{' => Some(braces),
        b'[' => Some(squares),
        _ => None,
    }
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter()
        .position(|byte| *byte == b'\n')
        .map_or(bytes.len(), |length| from + length)
}

/// The offset of the quote that closes the one at `open`; where none does, the end of the line (JSON), or of the last
/// line before the one that `leaves` refuses.
pub(super) fn closing(
    text: &str,
    open: usize,
    json: bool,
    leaves: impl Fn(usize) -> bool,
) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes.get(open).copied().unwrap_or(b'"');
    let mut at = open + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' && bytes.get(at + 1) != Some(&b'\n') => at += 1,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 1,
            b'\n' if json || leaves(at + 1) => return at,
            _ if byte == quote => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// Whether a byte begins a scalar without quotes.
fn begins_word(byte: u8) -> bool {
    !byte.is_ascii_whitespace() && !br#"[]{},:#"'/!&"#.contains(&byte)
}

/// An offset as the tree counts.
pub(super) fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
