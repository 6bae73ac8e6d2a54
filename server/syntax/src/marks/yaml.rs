//! What to read in place of YAML with marks.
//!
//! A mark among other text of its line becomes a word; a line that holds nothing but marks becomes blank, unless it is
//! the value of the key above it.

use std::ops::Range;

use super::mask::Canvas;
use super::work::did;
use super::{Mark, MarkKind, Marked, Masked, closings, find, regions};
use crate::Span;

/// The text to read instead. Nothing where there is no mark.
pub(crate) fn mask(text: &str) -> Option<Masked> {
    let marks = find(text);
    let marks = merged(text, &own(text, &marks));
    let first = marks.first()?;
    let mut canvas = Canvas::new(text);
    let mut inserted = Vec::new();
    let mut is_loose = false;
    let mut rest = marks.as_slice();
    while let Some(group) = line_of(text, rest) {
        rest = rest.get(group.len()..).unwrap_or_default();
        let is_value = |mark: &Mark| mark.kind == MarkKind::Value;
        is_loose |= !group.iter().all(is_value);
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
        let key = key_before(text, one.start).filter(|_| group.iter().all(is_value));
        if let Some(colon) = key {
            canvas.join(colon..one.start);
            canvas.word(one.start..last.end);
            continue;
        }
        if group.iter().any(is_value) {
            inserted.push(one.start as u32);
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
    let mut between = group.windows(2).filter_map(|pair| match pair {
        [one, other] => text.get(one.end..other.start),
        _ => None,
    });
    before.trim().is_empty()
        && behind.trim().is_empty()
        && between.all(|text| text.trim().is_empty())
}

/// Behind the colon of the key on the line above, where its value is due on this one.
fn key_before(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?.trim_end();
    let line = before.rsplit(['\n', '\r']).next()?.trim_start();
    did(line.len() + at - before.len());
    (before.ends_with(':') && !line.starts_with('#')).then_some(before.len())
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
