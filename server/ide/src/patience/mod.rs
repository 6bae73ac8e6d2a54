//! What is said of a file while somebody writes in it.
//!
//! A text that is being typed is wrong most of the time, and whoever types it knows that. So what is found is held back while what
//! is still to be typed may be the cure: what is wrong with the word at the cursor, and what a statement lacks that is being
//! written. It is no delay: of everything else the findings are those that a check has. Which findings hang on what is still to
//! be written, rules declare ([`Judges`]); the rest is told from places alone, here, for all rules.
//!
//! An edit that leaves the text unreadable for a moment tells nothing of what stands elsewhere: of that, what was said before
//! stays. So it does where a word is typed anew that makes statements what they are, `Statement:` or a resource's type. And what is
//! found elsewhere by such a word for the first time waits until somebody writes in another place.
//!
//! After a pause all is said, but a text that can't be read then is most often one that is thought about: of what stands elsewhere
//! stays said what was, what had been found before the text broke is said again, and what is found behind the cursor for the first time
//! waits until the text can be read or is saved: whoever saves it is done, and is told what a check of the file tells.

#[cfg(test)]
mod keys;
mod lines;
mod mark;
#[cfg(test)]
mod tests;
mod writing;

use leastwise_rules::{Group, Judges, rule};
use leastwise_syntax::{Format, Span};

use crate::Diagnostic;
use crate::limits::FINDINGS_OF_EARLIER;
use mark::{Known, Mark, moved};
use writing::{Writing, is_in_one, lies_in};

/// What was said of a file, and where somebody writes in it.
#[derive(Clone, Default)]
pub(crate) struct Patience {
    /// What was said last, each where it stands by now.
    said: Vec<Said>,
    /// What was found last and not said.
    held: Vec<Held>,
    /// What was found before that and is gone, though nobody wrote in it.
    earlier: Vec<Mark>,
    /// Whether it was said once what is in the file.
    is_told: bool,
    /// Where the last edit has left the cursor; `None` where nobody has written since all was said of a text that can be read.
    cursor: Option<u32>,
    /// Whether nobody has written since a pause.
    rests: bool,
    /// What somebody wrote in last, but for blanks.
    place: Option<Span>,
    /// What has come since something was said last.
    written: Option<Written>,
    /// Whether something was held back.
    holds: bool,
    /// Whether it was told in a pause what a save would tell otherwise.
    awaits_save: bool,
    /// What had been found when the text could be read last and has been said in pauses since, each where it stands by now; empty where
    /// the text can be read.
    before: Vec<Said>,
    /// Whether the text couldn't be read when something was said last.
    was_unread: bool,
}

/// Something that was said.
#[derive(Clone)]
struct Said {
    finding: Diagnostic,
    /// Whether nobody has written in it since.
    is_whole: bool,
    /// Whether it is said though it isn't found just now.
    stays: bool,
    /// Whether it was held back until whoever writes made a pause: when he goes on, it waits again.
    has_waited: bool,
    /// Whether it was found first in a text that couldn't be read.
    is_of_unread: bool,
}

/// Something that was found and not said.
#[derive(Clone)]
struct Held {
    finding: Diagnostic,
    /// Whether nothing speaks for it but what is half written elsewhere.
    is_doubted: bool,
    /// Whether nobody has written in it since.
    is_whole: bool,
}

/// What edits have brought.
#[derive(Clone, Copy)]
struct Written {
    span: Span,
    is_blank: bool,
}

impl Said {
    fn new(finding: Diagnostic, stays: bool) -> Said {
        Said {
            finding,
            is_whole: true,
            stays,
            has_waited: false,
            is_of_unread: false,
        }
    }

    /// Whether it isn't found any more, though nobody wrote in it.
    fn is_gone<I: Iterator<Item = Mark> + Clone>(&self, there: &Known<I>) -> bool {
        self.is_whole && !there.has(Mark::from(&self.finding))
    }
}

impl Patience {
    /// Takes note of an edit: `text` has come in place of `gone`, the bytes `span`. What stays the same in it of several lines has been
    /// left as it was: some clients send the whole text.
    pub fn replaced(&mut self, span: Span, gone: &str, text: &str) {
        match lines::parts(gone, text) {
            None => self.edited(span, text),
            Some(parts) => {
                for (part, text) in parts {
                    let start = span.start.saturating_add(part.start);
                    let end = span.start.saturating_add(part.end);
                    self.edited(Span::new(start, end), text);
                }
            }
        }
    }

    /// Takes note of an edit: `text` has come in place of the bytes `span`.
    pub fn edited(&mut self, span: Span, text: &str) {
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        // What is typed in front of a word moves it, what is typed behind it leaves it as it is.
        let shift = |place: &mut Span| {
            let start = moved(place.start, span, length, true);
            let end = moved(place.end, span, length, place.is_empty());
            *place = Span::new(start, end.max(start));
        };
        let touches = |place: Span| span.start <= place.end && place.start <= span.end;
        let shift_all = |finding: &mut Diagnostic| {
            let related = finding.related.iter_mut().map(|(span, _)| span);
            related.chain([&mut finding.span]).for_each(shift);
        };
        for one in self.said.iter_mut().chain(&mut self.before) {
            one.is_whole &= !touches(one.finding.span);
            shift_all(&mut one.finding);
        }
        for one in &mut self.held {
            one.is_whole &= !touches(one.finding.span);
            shift_all(&mut one.finding);
        }
        self.earlier.retain(|one| !touches(one.span));
        self.earlier.iter_mut().for_each(|one| shift(&mut one.span));
        // A new line is another place.
        let is_line = text.contains('\n');
        self.place = self.place.map(|place| {
            let start = moved(place.start, span, length, false);
            Span::new(start, moved(place.end, span, length, !is_line).max(start))
        });
        let new = Span::new(span.start, span.start.saturating_add(length));
        let is_blank = text.trim().is_empty();
        self.written = Some(match self.written {
            None => Written {
                span: new,
                is_blank,
            },
            Some(before) => Written {
                span: Span::new(
                    moved(before.span.start, span, length, false).min(new.start),
                    moved(before.span.end, span, length, true).max(new.end),
                ),
                is_blank: before.is_blank && is_blank,
            },
        });
        self.cursor = Some(span.start.saturating_add(cursor_in(text)));
        self.rests = false;
    }

    /// What is said now that nobody writes, of what is found in `text`: all, but in a pause in which what is half written leaves the
    /// text unreadable. For `statements` see [`Patience::said`].
    pub fn rest(
        &mut self,
        found: Vec<Diagnostic>,
        is_saved: bool,
        text: (&str, Format),
        statements: impl FnOnce(&[Span]) -> Vec<Span>,
    ) -> Vec<Diagnostic> {
        let cursor = self.cursor.filter(|_| self.is_told);
        let marks: Vec<Mark> = found.iter().map(Mark::from).collect();
        let is_new = self.is_new(&marks);
        let Some(cursor) = cursor.filter(|_| self.is_unread(&found, &is_new)) else {
            self.all_is_said(&found);
            return found;
        };
        self.rests = false;
        self.said(found, text, statements);
        let found = Known::of(marks.into_iter());
        match is_saved {
            true => self.tell_all(&found),
            false => {
                self.release(cursor, &found);
                self.leave_lines(text.0, cursor, &found);
            }
        }
        self.rests = true;
        self.place = None;
        self.holds = false;
        self.awaits_save = !is_saved;
        self.findings()
    }

    /// What stands on the cursor's line, or where it is said that the text can't be read, is said no more unless it is found.
    fn leave_lines<I: Iterator<Item = Mark> + Clone>(
        &mut self,
        text: &str,
        cursor: u32,
        found: &Known<I>,
    ) {
        let said = self.said.iter().map(|one| &one.finding);
        let unreadable = said.filter(|one| is_unreadable(one));
        let mut places: Vec<u32> = unreadable.map(|one| one.span.start).collect();
        places.push(cursor);
        places.sort_unstable();
        let mut lines: Vec<Span> = Vec::new();
        for at in places {
            if lines.last().is_some_and(|line| at <= line.end) {
                continue;
            }
            let (before, behind) = text.split_at_checked(at as usize).unwrap_or((text, ""));
            let start = before.rfind('\n').map_or(0, |at| at + 1) as u32;
            let end = at + behind.find('\n').unwrap_or(behind.len()) as u32;
            lines.push(Span::new(start, end));
        }
        self.said.retain(|one| {
            let span = one.finding.span;
            let behind = lines.partition_point(|line| line.end < span.start);
            let is_there = lines.get(behind).is_some_and(|line| line.start <= span.end);
            !is_there || found.has(Mark::from(&one.finding))
        });
    }

    /// Says what was held back in a text that can't be read, as far as that is known not to come of what is half written, and what had
    /// been said before that was.
    fn release<I: Iterator<Item = Mark> + Clone>(&mut self, cursor: u32, found: &Known<I>) {
        let before = |is: &dyn Fn(&Said) -> bool| {
            let before = self.before.iter().filter(|one| is(one));
            let marks: Vec<Mark> = before.map(|one| Mark::from(&one.finding)).collect();
            Known::of(marks.into_iter())
        };
        let (known, of_unread) = (before(&|_| true), before(&|one| one.is_of_unread));
        let is_known = |one: &Held| known.has(Mark::from(&one.finding));
        let is_freed = |one: &Held| {
            let is_own = !one.is_doubted || is_of_format(&one.finding);
            is_own && one.finding.span.start <= cursor || is_known(one)
        };
        let held = std::mem::take(&mut self.held).into_iter();
        let (mut freed, mut held): (Vec<Held>, Vec<Held>) = held.partition(is_freed);
        // That it can't be read is said in any case.
        let is_told = |one: &Said| one.is_of_unread && is_unreadable(&one.finding);
        let will_be = freed.iter().any(|one| is_unreadable(&one.finding));
        if !will_be && !self.said.iter().any(is_told) {
            let first = held.iter().position(|one| is_unreadable(&one.finding));
            freed.extend(first.map(|at| held.remove(at)));
        }
        self.held = held;
        let said = self.said_that(|_| true);
        let lost = self.before.iter().filter(|one| {
            let mark = Mark::from(&one.finding);
            one.is_whole && !said.has(mark) && !found.has(mark)
        });
        let lost: Vec<Said> = lost.cloned().collect();
        for one in freed {
            let is_of_unread = !is_known(&one) || of_unread.has(Mark::from(&one.finding));
            let freed = Said {
                has_waited: is_of_unread,
                is_of_unread,
                ..Said::new(one.finding, false)
            };
            if !known.has(Mark::from(&freed.finding)) {
                self.before.push(freed.clone());
            }
            self.said.push(freed);
        }
        self.said.extend(lost);
        self.said.sort_by_key(|one| one.finding.span.start);
    }

    /// Says all that is found in a text that can't be read, and nothing else. What a pause wouldn't have said waits again when somebody
    /// goes on.
    fn tell_all<I: Iterator<Item = Mark> + Clone>(&mut self, found: &Known<I>) {
        self.said.retain(|one| found.has(Mark::from(&one.finding)));
        let held = std::mem::take(&mut self.held).into_iter();
        self.said.extend(held.map(|one| Said {
            has_waited: true,
            is_of_unread: true,
            ..Said::new(one.finding, false)
        }));
        self.said.sort_by_key(|one| one.finding.span.start);
    }

    /// All is said, and nobody writes.
    fn all_is_said(&mut self, all: &[Diagnostic]) {
        let now = Known::of(all.iter().map(Mark::from));
        let gone = self.said.iter().filter(|one| one.is_gone(&now));
        let gone: Vec<Mark> = gone.map(|one| Mark::from(&one.finding)).collect();
        self.remember(gone, &now);
        let waited = self.waited();
        let held = self.held.iter().filter(|one| !one.is_doubted);
        let held = Known::of(held.map(|one| Mark::from(&one.finding)));
        let said = |one: &Diagnostic| {
            let mark = Mark::from(one);
            let has_waited = held.has(mark) || waited.has(mark);
            Said {
                has_waited,
                ..Said::new(one.clone(), false)
            }
        };
        self.said = all.iter().map(said).collect();
        self.held.clear();
        self.is_told = true;
        self.cursor = None;
        self.rests = true;
        self.place = None;
        self.written = None;
        self.holds = false;
        self.awaits_save = false;
        self.was_unread = false;
        self.before.clear();
    }

    /// Keeps what was found of the text that could be read last, as long as the text now can't be, but for what isn't found any
    /// more where it is being written.
    fn keep_before<I: Iterator<Item = Mark> + Clone>(&mut self, now: &Now<'_>, there: &Known<I>) {
        if !now.unread {
            self.before.clear();
        } else if !self.was_unread {
            let held = self.held.iter().filter(|one| !one.is_doubted);
            let held = held.map(|one| Said {
                is_whole: one.is_whole,
                ..Said::new(one.finding.clone(), false)
            });
            self.before = self.said.iter().cloned().chain(held).collect();
            let wait = |one: &mut Said| one.stays = false;
            self.before.iter_mut().for_each(wait);
        }
        self.was_unread = now.unread;
        self.before
            .retain(|one| there.has(Mark::from(&one.finding)) || one.is_whole && now.keeps(one));
    }

    /// What was said since whoever writes had made a pause.
    fn waited(&self) -> Known<std::vec::IntoIter<Mark>> {
        self.said_that(|one| one.has_waited)
    }

    /// Some of what was said.
    fn said_that(&self, is: impl Fn(&Said) -> bool) -> Known<std::vec::IntoIter<Mark>> {
        let said = self.said.iter().filter(|one| is(one));
        let said: Vec<Mark> = said.map(|one| Mark::from(&one.finding)).collect();
        Known::of(said.into_iter())
    }

    /// What was said last.
    fn findings(&self) -> Vec<Diagnostic> {
        self.said.iter().map(|one| one.finding.clone()).collect()
    }

    /// Of each finding whether it wasn't said, or not before a pause.
    fn is_new(&self, found: &[Mark]) -> Vec<bool> {
        let (said, waited) = (self.said_that(|_| true), self.waited());
        let is_new = |one: &Mark| !said.has(*one) || waited.has(*one);
        found.iter().map(is_new).collect()
    }

    /// Whether the text can't be read, by what is half written. `is_new` tells of each finding whether it is.
    fn is_unread(&self, found: &[Diagnostic], is_new: &[bool]) -> bool {
        let before = self.said_that(|one| one.is_of_unread);
        let mut all = found.iter().zip(is_new);
        all.any(|(one, is_new)| is_unreadable(one) && (*is_new || before.has(Mark::from(one))))
    }

    /// Keeps in mind what is gone, and no more what is there.
    fn remember<I: Iterator<Item = Mark> + Clone>(&mut self, gone: Vec<Mark>, now: &Known<I>) {
        self.earlier.retain(|one| !now.has(*one));
        self.earlier.extend(gone);
        let surplus = self.earlier.len().saturating_sub(FINDINGS_OF_EARLIER);
        self.earlier.drain(..surplus);
    }

    /// Other things than edits have changed what is found.
    pub fn forget(&mut self) {
        self.is_told = false;
    }

    /// Whether it was told in a pause what a save would tell otherwise.
    pub fn awaits_save(&self) -> bool {
        self.awaits_save
    }

    /// Whether something was held back last time.
    pub fn holds(&self) -> bool {
        self.holds
    }

    /// Where the last edit has left the cursor; `None` where nobody has written since all was said.
    pub fn cursor(&self) -> Option<u32> {
        self.cursor
    }

    /// Whether a finding was held back last time.
    pub fn has_held(&self, one: &Diagnostic) -> bool {
        let held = |held: &Held| held.finding.code == one.code && held.finding.span == one.span;
        self.held.iter().any(held)
    }

    /// Whether a place is in what is being written.
    pub fn is_at(&self, text: &str, format: Format, at: u32) -> bool {
        let writing = |cursor| Writing::at(text, format, cursor);
        let cursor = self.cursor.filter(|_| !self.rests);
        cursor.is_some_and(|cursor| writing(cursor).has(at))
    }

    /// What is said now, of what is found in `text`. `statements` tells where the statements stand of the policies that some places
    /// are in, in order.
    pub fn said(
        &mut self,
        found: Vec<Diagnostic>,
        (text, format): (&str, Format),
        statements: impl FnOnce(&[Span]) -> Vec<Span>,
    ) -> Vec<Diagnostic> {
        let Some(cursor) = self.cursor.filter(|_| !self.rests) else {
            return self.rest(found, false, (text, format), statements);
        };
        let writing = Writing::at(text, format, cursor);
        let written = self.written.take();
        let before = self.place;
        let has_left = self.leaves(cursor, &writing, written);
        let known = self.said_that(|_| true);
        let marks: Vec<Mark> = found.iter().map(Mark::from).collect();
        let is_unknown: Vec<bool> = marks.iter().map(|one| !known.has(*one)).collect();
        let is_new = self.is_new(&marks);
        let of_unread = self.said_that(|one| one.is_of_unread);
        let there = Known::of(marks.iter().copied());
        let gone: Vec<&Said> = (self.said.iter())
            .filter(|one| one.is_gone(&there))
            .collect();
        let new = || found.iter().zip(&is_new).filter(|(_, is_new)| **is_new);
        let mut places: Vec<Span> = new().map(|(one, _)| one.span).collect();
        places.extend(gone.iter().map(|one| one.finding.span));
        places.sort_unstable();
        let now = Now {
            text,
            cursor,
            unread: self.is_unread(&found, &is_new) || new().any(|(one, _)| is_of_format(one)),
            before,
            has_left,
            statements: match places.is_empty() {
                true => Vec::new(),
                false => statements(&places),
            },
            writing,
        };
        let (stay, gone): (Vec<&Said>, Vec<&Said>) =
            gone.into_iter().partition(|one| now.keeps(one));
        let stay = stay.into_iter();
        let mut said: Vec<Said> = stay
            .map(|one| Said::new(one.finding.clone(), !now.unread))
            .collect();
        let gone: Vec<Mark> = gone
            .into_iter()
            .map(|one| Mark::from(&one.finding))
            .collect();
        let doubted = self.doubted(&marks, &is_unknown, &now, written);
        self.remember(gone, &there);
        self.keep_before(&now, &there);
        self.held.clear();
        self.awaits_save = false;
        self.holds = now.unread || !said.is_empty();
        for ((one, is_new), is_doubted) in found.into_iter().zip(is_new).zip(doubted) {
            match is_doubted || now.waits(&one, is_new) {
                true => self.held.push(Held {
                    finding: one,
                    is_doubted,
                    is_whole: true,
                }),
                false => said.push(Said {
                    is_of_unread: now.unread && (is_new || of_unread.has(Mark::from(&one))),
                    ..Said::new(one, false)
                }),
            }
        }
        said.sort_by_key(|one| one.finding.span.start);
        self.holds |= !self.held.is_empty();
        self.is_told = true;
        self.said = said;
        self.findings()
    }

    /// Takes note of where somebody writes. Whether that is no more where it was before.
    fn leaves(&mut self, cursor: u32, writing: &Writing, written: Option<Written>) -> bool {
        if written.is_none_or(|written| written.is_blank) {
            return false;
        }
        let now = writing.place();
        let before = self.place.replace(now);
        before.is_some_and(|place| !lies_in(cursor, place) && place.start != now.start)
    }

    /// Of each finding whether nothing speaks for it but what is half written elsewhere.
    fn doubted(
        &self,
        found: &[Mark],
        is_new: &[bool],
        now: &Now<'_>,
        written: Option<Written>,
    ) -> Vec<bool> {
        let held = |is_doubted| {
            let held = self.held.iter();
            let held = held.filter(move |one| one.is_doubted == is_doubted);
            Known::of(held.map(|one| Mark::from(&one.finding)))
        };
        let (waiting, doubted) = (held(false), held(true));
        let earlier = Known::of(self.earlier.iter().copied());
        let is_doubted = |one: Mark| {
            let at = one.span.start;
            let is_written = || written.is_some_and(|written| lies_in(at, written.span));
            if doubted.has(one) {
                return now.unread || !now.has_left;
            }
            let is_here = now.writing.has(at);
            let was_here = now.before.is_some_and(|before| lies_in(at, before));
            let is_known = || waiting.has(one) || earlier.has(one);
            !is_here && !was_here && !is_written() && !is_known()
        };
        let all = found.iter().zip(is_new);
        all.map(|(one, is_new)| *is_new && self.is_told && is_doubted(*one))
            .collect()
    }
}

/// What there is to go by when something is said.
struct Now<'t> {
    text: &'t str,
    cursor: u32,
    /// Whether the text can't be read, by what is half written.
    unread: bool,
    /// What somebody wrote in before, and whether that is elsewhere.
    before: Option<Span>,
    has_left: bool,
    /// The statements of the policies that something is found in, in order.
    statements: Vec<Span>,
    writing: Writing,
}

impl Now<'_> {
    /// Whether a finding is held back.
    fn waits(&self, one: &Diagnostic, is_new: bool) -> bool {
        let (text, cursor) = (self.text, self.cursor);
        let at_cursor = is_at_cursor(text, one.span, cursor);
        // What stands behind an open quote may be read as anything. What begins a text of several lines is closed on the last.
        let is_behind = one.span.start > cursor;
        let is_open = || is_of_format(one) && begins_lines(text, one.span);
        // A comma waits for what comes next, on whichever line.
        let is_awaited = || is_of_format(one) && is_blank(text, one.span.end, cursor);
        if is_new && self.unread && (is_behind || is_open() || is_awaited()) {
            return true;
        }
        if !at_cursor && !is_new {
            return false;
        }
        match judges(one) {
            Judges::Place => at_cursor,
            Judges::Statement if is_of_format(one) && at_cursor => true,
            Judges::Statement => {
                is_new && (at_cursor || self.writing.may_cure(one.span, &self.statements))
            }
        }
    }

    /// Whether what isn't found any more is said all the same: where the text can't be read, and where what it stands in isn't read
    /// as a statement, by what is half written.
    fn keeps(&self, one: &Said) -> bool {
        if one.is_of_unread {
            return false;
        }
        let at = one.finding.span.start;
        let writing = &self.writing;
        // What stands behind the cursor is as it was, whichever bracket it is in for the moment.
        let is_others = at > self.cursor || !writing.has(at);
        if self.unread || !is_others {
            let is_word = judges(&one.finding) == Judges::Place && !writing.is_in_line(at);
            return self.unread && (is_others || is_word);
        }
        let is_read = || is_in_one(at, &self.statements) || is_commented(self.text, at);
        let is_left = one.stays && self.has_left;
        // What begins what is written here may be cured by it.
        let is_head = at <= self.cursor && writing.is_head(at);
        !is_left && !is_head && !is_of_format(&one.finding) && !is_read()
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

/// Whether a finding tells of a text that can't be read around it, which hangs on more than a word.
fn is_unreadable(one: &Diagnostic) -> bool {
    is_of_format(one) && judges(one) == Judges::Statement
}

/// Whether a place is the word at the cursor, or a part of it. A key whose value is only begun is part of it.
fn is_at_cursor(text: &str, place: Span, cursor: u32) -> bool {
    let begun = |c: char| {
        matches!(
            c,
            ' ' | '"' | '\'' | ':' | '=' | '$' | '{' | '!' | '<' | '-'
        )
    };
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

/// Whether a line is a comment.
fn is_commented(text: &str, at: u32) -> bool {
    let before = text.get(..at as usize).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.trim_start().starts_with(['#', '/'])
}

/// Where the cursor is in a text that was typed: behind it, but in front of what an editor has closed by itself.
fn cursor_in(text: &str) -> u32 {
    let is_closing = |c: char| c.is_whitespace() || matches!(c, '}' | ']' | ')');
    let at = match (text, text.rsplit_once('\n')) {
        ("{}" | "[]" | "()" | "\"\"" | "''", _) => 1,
        // A line was begun in front of what closes.
        (_, Some((before, closers)))
            if closers.chars().all(is_closing)
                && before
                    .rsplit_once('\n')
                    .is_some_and(|(_, line)| line.trim().is_empty()) =>
        {
            before.len()
        }
        _ => text.len(),
    };
    u32::try_from(at).unwrap_or(u32::MAX)
}
