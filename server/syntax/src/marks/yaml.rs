//! What to read in place of YAML with marks.
//!
//! A mark among other text of its line becomes a word; a line that holds nothing but marks becomes blank, unless it is
//! the value of the key above it. It isn't where items or pairs stand behind it: then it puts in more of them.

use std::ops::Range;

use super::mask::Canvas;
use super::{Mark, MarkKind, Marked, Masked, closings, find, regions};
use crate::Span;
use crate::work::did;

/// The text to read instead. Nothing where there is no mark.
pub(crate) fn mask(text: &str) -> Option<Masked> {
    let marks = find(text);
    let marks = merged(text, &own(text, &marks));
    let first = marks.first()?;
    let mut canvas = Canvas::new(text);
    let mut inserted = Vec::new();
    let mut is_loose = false;
    let mut rest = marks.as_slice();
    // The item above the lines of marks that end here.
    let (mut above, mut item) = (0, None);
    while let Some(group) = line_of(text, rest) {
        rest = rest.get(group.len()..).unwrap_or_default();
        let is_value = |mark: &Mark| mark.kind == MarkKind::Value;
        is_loose |= !group.iter().all(is_value);
        let key = key_before(text, group);
        let content = key.and_then(|key| key.content(text, group.last()?.end, rest));
        if let Some((content, filled)) = content {
            // With what stands below they make the value.
            if filled || group.iter().any(is_value) {
                inserted.push(content as u32);
                is_loose = true;
            }
            for mark in group {
                canvas.blank(mark.range());
            }
            continue;
        }
        if !stands_alone(text, group) {
            for mark in group {
                match is_value(mark) {
                    true => canvas.word(mark.range()),
                    false => canvas.blank(mark.range()),
                }
            }
            continue;
        }
        let (Some(one), Some(last)) = (group.first(), group.last()) else {
            break;
        };
        if let Some(key) = key.filter(|_| group.iter().all(is_value)) {
            canvas.join(key.end..one.start);
            canvas.word(one.start..last.end);
            continue;
        }
        let between = text.get(above..one.start).unwrap_or_default();
        did(between.len());
        if above == 0 || !between.trim().is_empty() {
            item = item_before(text, one.start);
        }
        above = last.end;
        if group.iter().any(is_value) {
            inserted.push(one.start as u32);
            let column = between.len() - between.trim_end_matches([' ', '\t']).len();
            let within = item.filter(|item| item.column <= column);
            inserted.extend(within.map(|item| item.start as u32));
            is_loose = true;
        }
        for mark in group {
            canvas.blank(mark.range());
        }
    }
    for range in alternatives(text, &marks) {
        canvas.blank(range);
    }
    Some(Masked {
        text: canvas.finish()?,
        holes: Vec::new(),
        marked: Marked {
            regions: regions(text, &marks),
            inserted,
        },
        is_loose,
        first: Span::new(first.start as u32, first.end as u32),
    })
}

/// Whether a plain scalar stands for a value that a tool puts there: it is a mark as a whole.
pub(crate) fn is_value(text: &str) -> bool {
    let marks = find(text);
    let ends = marks.first().map(|mark| mark.start) == Some(0)
        && marks.last().map(|mark| mark.end) == Some(text.len());
    ends && !text.starts_with('$') && !text.starts_with('#')
}

/// The marks that have to be masked. `${{ … }}` of workflows is a scalar like any other, and so is `#{…}`, if it isn't a
/// comment; what stands in a comment does nothing to the text around it.
fn own(text: &str, marks: &[Mark]) -> Vec<Mark> {
    let (mut done, mut is_comment) = (0, begins_comment(text));
    let mut own = Vec::with_capacity(marks.len());
    for mark in marks {
        let before = text.get(done..mark.start).unwrap_or_default();
        did(before.len());
        if let Some(at) = before.rfind(['\n', '\r']) {
            is_comment = begins_comment(text.get(done + at + 1..).unwrap_or_default());
        }
        done = mark.start;
        let written = text.get(mark.range()).unwrap_or_default();
        if !is_comment && !written.starts_with("${{") && !written.starts_with("#{") {
            own.push(*mark);
        }
    }
    own
}

/// Whether a line is a comment.
fn begins_comment(line: &str) -> bool {
    let mut bytes = line.bytes();
    bytes.find(|byte| !matches!(byte, b' ' | b'\t')) == Some(b'#')
}

/// The marks with those of control that open and close on one line, and what is between them, as one value.
fn merged(text: &str, marks: &[Mark]) -> Vec<Mark> {
    let closings = closings(marks);
    let mut out = Vec::with_capacity(marks.len());
    let mut at = 0;
    // Up to here no line ends.
    let mut line = 0..0;
    while let Some(mark) = marks.get(at) {
        let close = closings.get(at).copied().flatten();
        at += 1;
        let end = close
            .filter(|_| mark.kind == MarkKind::Open)
            .and_then(|close| Some((close, marks.get(close)?.end)));
        if !line.contains(&mark.start) {
            let rest = text.get(mark.start..).unwrap_or_default();
            let length = rest.find('\n').unwrap_or(rest.len());
            did(length);
            line = mark.start..mark.start + length + 1;
        }
        match end.filter(|(_, end)| *end < line.end) {
            Some((close, end)) => {
                let kind = MarkKind::Value;
                out.push(Mark { end, kind, ..*mark });
                at = close + 1;
            }
            None => out.push(*mark),
        }
    }
    out
}

/// The first marks that stand on the same lines.
fn line_of<'m>(text: &str, marks: &'m [Mark]) -> Option<&'m [Mark]> {
    let mut end = marks.first()?.end;
    let mut count = 1;
    for mark in marks.get(1..)? {
        let between = text.get(end..mark.start)?;
        let line = between.find(['\n', '\r']);
        did(line.unwrap_or(between.len()));
        if line.is_some() {
            break;
        }
        end = mark.end;
        count += 1;
    }
    marks.get(..count)
}

/// Whether there is nothing but marks on their lines.
fn stands_alone(text: &str, group: &[Mark]) -> bool {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return false;
    };
    let before = text.get(..first.start).unwrap_or_default();
    let before = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    let behind = text.get(last.end..).unwrap_or_default();
    let behind = behind.split(['\n', '\r']).next().unwrap_or_default();
    did(before.len() + behind.len());
    before.trim().is_empty() && behind.trim().is_empty() && is_apart(text, group)
}

/// Whether there is nothing between marks but white space.
fn is_apart(text: &str, group: &[Mark]) -> bool {
    let mut between = group.windows(2).filter_map(|pair| match pair {
        [one, other] => text.get(one.end..other.start),
        _ => None,
    });
    between.all(|text| text.trim().is_empty())
}

/// A key whose value is due.
#[derive(Clone, Copy)]
struct Key {
    /// Its column.
    column: usize,
    /// Behind its colon.
    end: usize,
}

/// The key right before marks that end their line, on theirs or the line above.
fn key_before(text: &str, group: &[Mark]) -> Option<Key> {
    let (first, last) = (group.first()?, group.last()?);
    let behind = text.get(last.end..)?;
    let behind = behind.split(['\n', '\r']).next()?;
    let before = text.get(..first.start)?;
    let end = before.trim_end().len();
    let line = before.get(..end)?.rsplit(['\n', '\r']).next()?;
    did(behind.len() + line.len() + first.start - end);
    let key = line.trim_start_matches(['-', ' ', '\t']);
    let is_key = key.len() > 1 && key.ends_with(':') && !key.starts_with('#');
    (is_key && behind.trim().is_empty() && is_apart(text, group)).then_some(Key {
        column: line.len() - key.len(),
        end,
    })
}

impl Key {
    /// Where the items or pairs begin that stand as its value behind `at`, and whether a mark before them stands for more.
    /// Marks on lines of their own, comments and blank lines say nothing. `marks`: those from there on.
    fn content(self, text: &str, at: usize, marks: &[Mark]) -> Option<(usize, bool)> {
        let mut marks = marks.iter().peekable();
        let (mut at, mut start, mut line_fills, mut filled) = (at, None, false, false);
        let mut line = text.get(..at)?.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        did(at - line);
        loop {
            let rest = text.get(at..)?;
            let next = rest.chars().next()?;
            if let Some(mark) = marks.next_if(|mark| mark.start == at) {
                start = start.or(Some(at));
                line_fills |= mark.kind == MarkKind::Value;
                at = mark.end;
                continue;
            }
            match next {
                '\n' | '\r' => {
                    filled |= std::mem::take(&mut line_fills);
                    (at, start, line) = (at + 1, None, at + 1);
                }
                ' ' | '\t' => at += 1,
                '#' => at += rest.find(['\n', '\r']).unwrap_or(rest.len()),
                _ => break,
            }
        }
        let rest = text.get(at..)?.split(['\n', '\r']).next()?.trim_end();
        did(at + rest.len() - line);
        let is_item = rest == "-" || rest.starts_with("- ");
        let is_pair = rest.contains(": ") || rest.ends_with(':');
        let start = start.unwrap_or(at);
        let is_within = start - line > self.column || is_item && start - line == self.column;
        (is_within && (is_item || is_pair)).then_some((start, filled))
    }
}

/// An item of a sequence.
#[derive(Clone, Copy)]
struct Item {
    column: usize,
    start: usize,
}

/// The item whose first line is the line above.
fn item_before(text: &str, at: usize) -> Option<Item> {
    let before = text.get(..at)?;
    let above = before.trim_end();
    let line = above.rsplit(['\n', '\r']).next()?;
    did(line.len() + before.len() - above.len());
    let own = line.trim_start();
    let column = line.len() - own.len();
    own.starts_with("- ").then_some(Item {
        column,
        start: above.len() - own.len(),
    })
}

/// What is there instead of something else, where both can't stand together: anything but items of a sequence.
fn alternatives(text: &str, marks: &[Mark]) -> Vec<Range<usize>> {
    let closings = closings(marks);
    let mut found = Vec::new();
    let mut done = 0;
    for (mark, close) in marks.iter().zip(closings) {
        if mark.kind != MarkKind::Else || mark.start < done {
            continue;
        }
        let behind = text.get(mark.end..).unwrap_or_default().trim_start();
        if behind.starts_with("- ") || behind.starts_with("-\n") {
            continue;
        }
        if let Some(close) = close.and_then(|close| marks.get(close)) {
            found.push(mark.end..close.start);
            done = close.start;
        }
    }
    found
}
