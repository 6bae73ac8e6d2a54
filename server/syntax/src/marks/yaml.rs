//! What to read in place of YAML with marks.
//!
//! A mark among other text of its line becomes a word; a line that holds nothing but marks becomes blank, unless it is
//! the value of the key above it.

use std::ops::Range;

use super::mask::Canvas;
use super::{Mark, MarkKind, Marked, Masked, find, regions};
use crate::Span;

/// The text to read instead. Nothing where there is no mark.
pub(crate) fn mask(text: &str) -> Option<Masked> {
    let marks = find(text);
    let all: Vec<Mark> = marks
        .iter()
        .filter(|mark| is_own(text, mark))
        .copied()
        .collect();
    let marks = merged(text, &all);
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

/// Whether a mark has to be masked. `${{ … }}` of workflows is a scalar like any other, and so is `#{…}`, if it isn't a
/// comment; what stands in a comment does nothing to the text around it.
fn is_own(text: &str, mark: &Mark) -> bool {
    let written = text.get(mark.range()).unwrap_or_default();
    let before = text.get(..mark.start).unwrap_or_default();
    let line = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    !written.starts_with("${{") && !written.starts_with("#{") && !line.trim_start().starts_with('#')
}

/// The marks with those of control that open and close on one line, and what is between them, as one value.
fn merged(text: &str, marks: &[Mark]) -> Vec<Mark> {
    let mut out = Vec::with_capacity(marks.len());
    let mut at = 0;
    while let Some(mark) = marks.get(at) {
        at += 1;
        let end = (mark.kind == MarkKind::Open)
            .then(|| {
                let close = closing(marks, at)?;
                let end = marks.get(close)?.end;
                let one_line = !text.get(mark.start..end)?.contains('\n');
                one_line.then_some((close, end))
            })
            .flatten();
        match end {
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

/// The mark that closes the part before the mark `at`.
fn closing(marks: &[Mark], at: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (index, mark) in marks.iter().enumerate().skip(at) {
        match mark.kind {
            MarkKind::Open => depth += 1,
            MarkKind::Close if depth == 0 => return Some(index),
            MarkKind::Close => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The first marks that stand on the same lines.
fn line_of<'m>(text: &str, marks: &'m [Mark]) -> Option<&'m [Mark]> {
    let mut end = marks.first()?.end;
    let mut count = 1;
    for mark in marks.get(1..)? {
        if text
            .get(end..mark.start)
            .is_none_or(|between| between.contains(['\n', '\r']))
        {
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
    (before.ends_with(':') && !line.starts_with('#')).then_some(before.len())
}

/// What is there instead of something else, where both can't stand together: anything but items of a sequence.
fn alternatives(text: &str, marks: &[Mark]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut done = 0;
    for (index, mark) in marks.iter().enumerate() {
        if mark.kind != MarkKind::Else || mark.start < done {
            continue;
        }
        let behind = text.get(mark.end..).unwrap_or_default().trim_start();
        if behind.starts_with("- ") || behind.starts_with("-\n") {
            continue;
        }
        if let Some(close) = closing(marks, index + 1).and_then(|close| marks.get(close)) {
            found.push(mark.end..close.start);
            done = close.start;
        }
    }
    found
}
