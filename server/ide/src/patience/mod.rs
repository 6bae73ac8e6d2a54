//! What is said of a file while somebody writes in it.
//!
//! A text that is being typed is wrong most of the time, and whoever types it knows that. So what is found is held back while what
//! is still to be typed may be the cure: what is wrong with the word at the cursor, and what a statement lacks that is being
//! written. It is no delay: of everything else the findings are those that a check has. Which findings hang on what is still to
//! be written, rules declare ([`Judges`]); the rest is told from places alone, here, for all rules.
//!
//! An edit that leaves the text unreadable for a moment tells nothing of what stands elsewhere: of that, what was said before
//! stays.

#[cfg(test)]
mod keys;
#[cfg(test)]
mod tests;
mod writing;

use std::cell::OnceCell;

use leastwise_rules::{Group, Judges, rule};
use leastwise_syntax::{Format, Span};

use crate::Diagnostic;
use writing::Writing;

/// What was said of a file, and where somebody writes in it.
#[derive(Default)]
pub(crate) struct Patience {
    /// What was said last, each where it stands by now.
    said: Vec<Diagnostic>,
    /// Where the last edit has left the cursor; `None` where nobody has written since all was said.
    cursor: Option<u32>,
    /// Whether something was held back.
    holds: bool,
}

/// What there is of findings: one is known by its rule and where it begins, or where it ends.
struct Known<'d> {
    all: &'d [Diagnostic],
    starts: Vec<(u32, &'d str)>,
    /// Asked for where a beginning isn't known.
    ends: OnceCell<Vec<(u32, &'d str)>>,
}

impl<'d> Known<'d> {
    fn of(all: &'d [Diagnostic]) -> Known<'d> {
        Known {
            all,
            starts: sorted(all, |one| one.span.start),
            ends: OnceCell::new(),
        }
    }

    fn has(&self, one: &Diagnostic) -> bool {
        let ends = || {
            self.ends
                .get_or_init(|| sorted(self.all, |one| one.span.end))
        };
        let is_in = |all: &[(u32, &str)], at| all.binary_search(&(at, one.code)).is_ok();
        is_in(&self.starts, one.span.start) || is_in(ends(), one.span.end)
    }
}

fn sorted(all: &[Diagnostic], place: impl Fn(&Diagnostic) -> u32) -> Vec<(u32, &str)> {
    let mut places: Vec<_> = all.iter().map(|one| (place(one), one.code)).collect();
    places.sort_unstable();
    places
}

impl Patience {
    /// Takes note of an edit: `text` has come in place of the bytes `span`.
    pub fn edited(&mut self, span: Span, text: &str) {
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        for one in &mut self.said {
            let related = one.related.iter_mut().map(|(span, _)| span);
            for place in related.chain([&mut one.span]) {
                // What is typed in front of a word moves it, what is typed behind it leaves it as it is.
                let start = moved(place.start, span, length, true);
                let end = moved(place.end, span, length, place.is_empty());
                *place = Span::new(start, end.max(start));
            }
        }
        self.cursor = Some(span.start.saturating_add(cursor_in(text)));
    }

    /// All is said, and nobody writes.
    pub fn rest(&mut self, all: &[Diagnostic]) {
        self.said = all.to_vec();
        self.cursor = None;
        self.holds = false;
    }

    /// Whether something was held back last time.
    pub fn holds(&self) -> bool {
        self.holds
    }

    /// Whether a place is in what is being written.
    pub fn is_at(&self, text: &str, format: Format, at: u32) -> bool {
        let writing = |cursor| Writing::at(text, format, cursor);
        self.cursor.is_some_and(|cursor| writing(cursor).has(at))
    }

    /// What is said now, of what is found in `text`. `statements` tells where the statements stand of the policies that some places
    /// are in, in order.
    pub fn said(
        &mut self,
        found: Vec<Diagnostic>,
        (text, format): (&str, Format),
        statements: impl FnOnce(&[Span]) -> Vec<Span>,
    ) -> Vec<Diagnostic> {
        let Some(cursor) = self.cursor else {
            self.rest(&found);
            return found;
        };
        let known = Known::of(&self.said);
        let is_new: Vec<bool> = found.iter().map(|one| !known.has(one)).collect();
        let mut all = found.iter().zip(&is_new);
        let unread = all.any(|(one, is_new)| *is_new && is_of_format(one));
        let new = found.iter().zip(&is_new).filter(|(_, is_new)| **is_new);
        let new: Vec<Span> = new.map(|(one, _)| one.span).collect();
        let statements = match new.is_empty() {
            true => Vec::new(),
            false => statements(&new),
        };
        let writing = Writing::at(text, format, cursor);
        let waits = |one: &Diagnostic, is_new: bool| {
            let at_cursor = is_at_cursor(text, one.span, cursor);
            // What stands behind an open quote may be read as anything. What begins a text of several lines is closed on the last.
            let is_behind = one.span.start > cursor;
            let is_open = || is_of_format(one) && begins_lines(text, one.span);
            // A comma waits for what comes next, on whichever line.
            let is_awaited = || is_of_format(one) && is_blank(text, one.span.end, cursor);
            let is_doubtful = is_new && unread && (is_behind || is_open() || is_awaited());
            is_doubtful
                || (at_cursor || is_new)
                    && match judges(one) {
                        Judges::Place => at_cursor,
                        Judges::Statement if is_of_format(one) && at_cursor => true,
                        Judges::Statement => {
                            is_new && (at_cursor || writing.may_cure(one.span, &statements))
                        }
                    }
        };
        let held: Vec<bool> = (found.iter().zip(&is_new))
            .map(|(one, is_new)| waits(one, *is_new))
            .collect();
        let mut said = Vec::with_capacity(found.len());
        if unread {
            let now = Known::of(&found);
            let gone = self.said.iter().filter(|one| !now.has(one));
            // What stands behind the cursor is as it was, whichever bracket it is in for the moment.
            let is_others =
                |one: &&Diagnostic| one.span.start > cursor || !writing.has(one.span.start);
            said.extend(gone.filter(is_others).cloned());
        }
        self.holds = held.contains(&true) || unread;
        let loud = found.into_iter().zip(held).filter(|(_, held)| !held);
        said.extend(loud.map(|(one, _)| one));
        said.sort_by_key(|one| one.span.start);
        self.said.clone_from(&said);
        said
    }
}

/// What a finding hangs on. What is no rule's is of a name.
fn judges(one: &Diagnostic) -> Judges {
    rule(one.code).map_or(Judges::Place, |rule| rule.judges)
}

/// Whether a finding says that the text can't be read.
fn is_of_format(one: &Diagnostic) -> bool {
    rule(one.code).is_some_and(|rule| rule.group == Group::Format)
}

/// Whether a place is the word at the cursor, or a part of it. A key whose value is only begun is part of it.
fn is_at_cursor(text: &str, place: Span, cursor: u32) -> bool {
    let begun = |c: char| matches!(c, ' ' | '"' | '\'' | ':' | '=' | '$' | '{' | '!');
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '[' | ']' | '(' | ')');
    let is_of_word = |text: &str| text.chars().all(begun) || !text.contains(ends);
    let between = || text.get(place.end as usize..cursor as usize);
    place.start <= cursor && between().is_none_or(is_of_word)
}

/// Whether nothing stands between a place and the cursor behind it.
fn is_blank(text: &str, end: u32, cursor: u32) -> bool {
    let between = text.get(end as usize..cursor as usize);
    between.is_some_and(|between| between.trim().is_empty())
}

/// Whether a text of several lines begins at a place that ends at a line of its own.
fn begins_lines(text: &str, place: Span) -> bool {
    let rest = text.get(place.start as usize..);
    rest.is_some_and(|rest| rest.starts_with("<<"))
}

/// Where an offset is after an edit; `pushed` says whether one that the new text stands at comes behind it.
fn moved(at: u32, gone: Span, length: u32, pushed: bool) -> u32 {
    if at < gone.start || at == gone.start && !pushed {
        at
    } else if at >= gone.end {
        (at - (gone.end - gone.start)).saturating_add(length)
    } else {
        gone.start
    }
}

/// Where the cursor is in a text that was typed: behind it, but in front of what an editor has closed by itself.
fn cursor_in(text: &str) -> u32 {
    let at = match text {
        "{}" | "[]" | "()" | "\"\"" | "''" => 1,
        _ if text.trim().is_empty() && text.matches('\n').count() > 1 => {
            text.rfind('\n').unwrap_or(text.len())
        }
        _ => text.len(),
    };
    u32::try_from(at).unwrap_or(u32::MAX)
}
