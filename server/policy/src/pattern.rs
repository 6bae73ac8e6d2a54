//! The resolved text of an IAM string: literal characters, wildcards and holes.
//!
//! Wildcards are `*` (any characters, also none) and `?` (exactly one). A *hole* is a part whose text isn't
//! known: a template variable nothing resolves, or one of IAM's own policy variables (`${aws:username}`).
//!
//! The *raw* text keeps all that in one string, so that a part of a pattern is a slice of it:
//!
//! | raw | meaning |
//! | --- | --- |
//! | `\u{0}` label `\u{1}` | a hole; the label is what the user wrote between `${` and `}` |
//! | `\u{2}`, `\u{3}`, `\u{4}` | the characters `*`, `?`, `$` themselves, written `${*}`, `${?}`, `${$}` |
//! | `\u{5}` at the beginning of a label | the hole is a *word*: it has no `/` and no `:` in it |
//! | `*`, `?` | the wildcards |
//! | anything else | itself |
//!
//! Offsets into a pattern are byte offsets into the raw text; [`Pattern::display_offset`] turns them into offsets
//! of [`Pattern::display`], which for [`Pattern::literal`] is the very text it was made from.

use crate::Tri;
use crate::glob::{self, Symbol};
use std::fmt;
use std::ops::Range;

pub(crate) const HOLE_START: char = '\u{0}';
pub(crate) const HOLE_END: char = '\u{1}';
const STAR: char = '\u{2}';
const QUESTION: char = '\u{3}';
const DOLLAR: char = '\u{4}';
const WORD: char = '\u{5}';

/// Variables that are words wherever they stand.
const WORDS: [&str; 4] = [
    "AWS::AccountId",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackName",
];

/// The resolved text of an IAM string with wildcards and holes. See the module's documentation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern {
    raw: String,
}

/// One part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Token<'p> {
    /// Characters that stand for themselves.
    Literal(&'p str),
    /// `*`: any characters, also none.
    Star,
    /// `?`: exactly one character.
    Question,
    /// A part whose text isn't known, by its label.
    Hole(&'p str),
}

impl Pattern {
    /// Reads text as it is written in a policy document: `*` and `?` are wildcards, `${name}` is a hole, and
    /// `${*}`, `${?}`, `${$}` are the characters themselves. A `${` that nothing closes is literal.
    pub fn literal(text: &str) -> Pattern {
        let mut builder = Pattern::builder();
        builder.push_literal(text);
        builder.build()
    }

    /// Starts an empty pattern to append parts to.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Takes raw text (see the module's documentation). An unfinished hole is closed.
    pub fn from_raw(raw: String) -> Pattern {
        let mut raw = raw;
        if let Some(start) = raw.rfind(HOLE_START)
            && !raw[start..].contains(HOLE_END)
        {
            raw.push(HOLE_END);
        }
        Pattern { raw }
    }

    /// The raw text (see the module's documentation).
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The length of the raw text in bytes.
    pub fn len(&self) -> usize {
        self.raw.len()
    }

    /// True if there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// The text as a user would write it: a hole is `${label}`, an escaped character is escaped.
    pub fn display(&self) -> String {
        display(&self.raw)
    }

    /// Turns a byte offset of the raw text into one of [`Pattern::display`].
    ///
    /// An offset inside a hole or past the end is moved to the next boundary.
    pub fn display_offset(&self, offset: usize) -> usize {
        let mut shown = 0;
        for (range, _) in spans(&self.raw) {
            if range.start >= offset {
                break;
            }
            let part = self.raw.get(range.start..range.end.min(offset));
            shown += match part {
                Some(part) if part.starts_with(HOLE_START) => {
                    range.len() + 1 - usize::from(part[1..].starts_with(WORD))
                }
                Some(part) => displayed_len(part),
                None => displayed_len(&self.raw[range]),
            };
        }
        shown
    }

    /// True if the text is fully known and has no wildcard.
    pub fn is_literal(&self) -> bool {
        is_literal(&self.raw)
    }

    /// The characters a literal pattern stands for; `None` if there is a wildcard or a hole.
    pub fn as_literal(&self) -> Option<String> {
        as_literal(&self.raw)
    }

    /// True if some part isn't known.
    pub fn has_holes(&self) -> bool {
        self.raw.contains(HOLE_START)
    }

    /// True if there is a wildcard (`*` or `?`).
    pub fn has_wildcards(&self) -> bool {
        spans(&self.raw).any(|(_, token)| matches!(token, Token::Star | Token::Question))
    }

    /// True for `*`, and for a row of stars.
    pub fn is_star(&self) -> bool {
        is_star(&self.raw)
    }

    /// The characters every string of this pattern starts with: all up to the first wildcard or hole.
    pub fn known_prefix(&self) -> String {
        let mut prefix = String::new();
        for (_, token) in spans(&self.raw) {
            let Token::Literal(text) = token else { break };
            prefix.push_str(text);
        }
        prefix
    }

    /// The raw text up to the first wildcard or hole. Patterns of which neither's is where the other's begins have nothing
    /// in common.
    pub(crate) fn beginning(&self) -> &str {
        self.raw.get(..fixed_len(&self.raw)).unwrap_or_default()
    }

    /// The parts in order; neighbouring literal parts may come in several pieces.
    pub fn tokens(&self) -> impl Iterator<Item = Token<'_>> {
        spans(&self.raw).map(|(_, token)| token)
    }

    /// The parts in order, each with its byte range in the raw text.
    pub fn spans(&self) -> impl Iterator<Item = (Range<usize>, Token<'_>)> {
        spans(&self.raw)
    }

    /// The labels of the holes, in order, with repeats.
    pub fn holes(&self) -> impl Iterator<Item = &str> {
        self.tokens().filter_map(|token| match token {
            Token::Hole(label) => Some(label),
            _ => None,
        })
    }

    /// The same text, whose holes are all words: they have no `/` and no `:` in them.
    pub fn of_words(&self) -> Pattern {
        let mut builder = Pattern::builder();
        for (range, token) in self.spans() {
            match token {
                Token::Hole(label) => {
                    builder.push_word(label);
                }
                _ => builder.raw.push_str(&self.raw[range]),
            }
        }
        builder.build()
    }

    /// Does this pattern match the text? Case counts.
    pub fn matches(&self, text: &str) -> Tri {
        matches(&self.raw, text)
    }

    /// Could one string match both patterns? `No` means surely not, whatever the holes stand for.
    pub fn overlaps(&self, other: &Pattern) -> Tri {
        overlaps(&self.raw, &other.raw)
    }

    /// Does every string that `other` matches surely match this pattern too?
    ///
    /// The same hole on both sides stands for the same text; another hole of `other` is covered by `*` only.
    pub fn covers(&self, other: &Pattern) -> bool {
        covers(&self.raw, &other.raw)
    }

    /// The part of this pattern in a byte range of the raw text; empty if the range isn't on boundaries.
    pub fn slice(&self, range: Range<usize>) -> Pattern {
        let raw = self.raw.get(range).unwrap_or_default();
        Pattern::from_raw(raw.to_owned())
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.display())
    }
}

/// Builds a [`Pattern`] part by part.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    raw: String,
}

impl Builder {
    /// Appends text as it is written in a policy; see [`Pattern::literal`].
    pub fn push_literal(&mut self, text: &str) -> &mut Builder {
        let mut rest = text;
        while let Some(start) = variable(rest) {
            let Some(length) = rest[start..].find('}') else {
                break;
            };
            self.push_clean(&rest[..start]);
            match &rest[start + 2..start + length] {
                "*" => self.raw.push(STAR),
                "?" => self.raw.push(QUESTION),
                "$" => self.raw.push(DOLLAR),
                label => {
                    self.push_hole(label);
                }
            }
            rest = &rest[start + length + 1..];
        }
        self.push_clean(rest);
        self
    }

    /// Appends text in which nothing but the wildcards has a meaning: `${…}` stays as it is.
    pub fn push_text(&mut self, text: &str) -> &mut Builder {
        self.push_clean(text);
        self
    }

    /// Appends characters that stand for themselves, also `*` and `?`.
    pub fn push_escaped(&mut self, text: &str) -> &mut Builder {
        for c in text.chars() {
            match c {
                '*' => self.raw.push(STAR),
                '?' => self.raw.push(QUESTION),
                c => self.raw.push(clean(c)),
            }
        }
        self
    }

    /// Appends a part whose text isn't known.
    pub fn push_hole(&mut self, label: &str) -> &mut Builder {
        self.raw.push(HOLE_START);
        self.push_clean(label);
        self.raw.push(HOLE_END);
        self
    }

    /// Appends a part whose text isn't known but for that it has no `/` and no `:` in it.
    pub fn push_word(&mut self, label: &str) -> &mut Builder {
        self.raw.push(HOLE_START);
        self.raw.push(WORD);
        self.push_clean(label);
        self.raw.push(HOLE_END);
        self
    }

    /// Appends another pattern.
    pub fn push_pattern(&mut self, pattern: &Pattern) -> &mut Builder {
        self.raw.push_str(&pattern.raw);
        self
    }

    /// The length of the raw text so far, in bytes: where the next part will start.
    pub fn len(&self) -> usize {
        self.raw.len()
    }

    /// True if nothing was appended yet.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// The pattern; the builder is empty afterwards.
    pub fn build(&mut self) -> Pattern {
        Pattern {
            raw: std::mem::take(&mut self.raw),
        }
    }

    fn push_clean(&mut self, text: &str) {
        match text.bytes().any(|byte| char::from(byte) <= WORD) {
            true => self.raw.extend(text.chars().map(clean)),
            false => self.raw.push_str(text),
        }
    }
}

/// Where the first `${` stands.
fn variable(text: &str) -> Option<usize> {
    // In most texts there is none, which is seen sooner of a single character.
    let first = text.find('$')?;
    let rest = text.get(first..)?;
    rest.find("${").map(|found| first + found)
}

/// The characters that the raw text needs for itself can't be in a policy; they show up as U+FFFD.
fn clean(c: char) -> char {
    if c <= WORD { '\u{FFFD}' } else { c }
}

/// The parts of a raw text, each with its byte range.
pub(crate) fn spans(raw: &str) -> Spans<'_> {
    Spans { raw, at: 0 }
}

/// Iterator over the parts of a raw text.
pub(crate) struct Spans<'p> {
    raw: &'p str,
    at: usize,
}

impl<'p> Iterator for Spans<'p> {
    type Item = (Range<usize>, Token<'p>);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.raw.get(self.at..)?;
        let first = rest.chars().next()?;
        let (length, token) = match first {
            '*' => (1, Token::Star),
            '?' => (1, Token::Question),
            STAR => (1, Token::Literal("*")),
            QUESTION => (1, Token::Literal("?")),
            DOLLAR => (1, Token::Literal("$")),
            HOLE_START => {
                let end = rest.find(HOLE_END).unwrap_or(rest.len());
                (
                    (end + 1).min(rest.len()),
                    Token::Hole(label(rest.get(1..end).unwrap_or_default())),
                )
            }
            _ => {
                let end = fixed_len(rest).max(first.len_utf8());
                (end, Token::Literal(&rest[..end]))
            }
        };
        let range = self.at..self.at + length;
        self.at += length;
        Some((range, token))
    }
}

/// What a hole is called, without the mark of a word.
fn label(raw: &str) -> &str {
    raw.strip_prefix(WORD).unwrap_or(raw)
}

/// Whether the hole at the beginning of a raw text is a word.
pub(crate) fn is_word(raw: &str) -> bool {
    let Some(rest) = raw.strip_prefix(HOLE_START) else {
        return false;
    };
    rest.starts_with(WORD)
        || rest
            .strip_suffix(HOLE_END)
            .is_some_and(|label| WORDS.contains(&label))
}

/// Whether there are holes that may be anything.
pub(crate) fn has_loose_holes(raw: &str) -> bool {
    spans(raw).any(|(range, token)| matches!(token, Token::Hole(_)) && !is_word(&raw[range]))
}

/// Whether it may stand for `*` alone: there is nothing but stars, and holes that may be anything.
pub(crate) fn may_be_star(raw: &str) -> bool {
    spans(raw).all(|(range, token)| match token {
        Token::Star => true,
        Token::Hole(_) => !is_word(&raw[range]),
        Token::Literal(_) | Token::Question => false,
    })
}

fn is_special(c: char) -> bool {
    c == '*' || c == '?' || c <= WORD
}

/// Where the first wildcard, hole or escaped character of a raw text stands; its end where there is none.
fn fixed_len(raw: &str) -> usize {
    let mut bytes = raw.bytes();
    let special = bytes.position(|byte| is_special(char::from(byte)));
    special.unwrap_or(raw.len())
}

/// What stands behind the last wildcard, hole or escaped character of a raw text.
fn fixed_end(raw: &str) -> &[u8] {
    let mut bytes = raw.bytes();
    let special = bytes.rposition(|byte| is_special(char::from(byte)));
    let start = special.map_or(0, |special| special + 1);
    raw.as_bytes().get(start..).unwrap_or_default()
}

fn display_char(c: char) -> Option<&'static str> {
    match c {
        STAR => Some("${*}"),
        QUESTION => Some("${?}"),
        DOLLAR => Some("${$}"),
        HOLE_START => Some("${"),
        HOLE_END => Some("}"),
        WORD => Some(""),
        _ => None,
    }
}

/// A raw text as a user would write it.
pub(crate) fn display(raw: &str) -> String {
    let mut shown = String::with_capacity(raw.len() + 4);
    for c in raw.chars() {
        match display_char(c) {
            Some(text) => shown.push_str(text),
            None => shown.push(c),
        }
    }
    shown
}

fn displayed_len(raw: &str) -> usize {
    raw.chars()
        .map(|c| display_char(c).map_or(c.len_utf8(), str::len))
        .sum()
}

pub(crate) fn is_literal(raw: &str) -> bool {
    let mut bytes = raw.bytes();
    !bytes.any(|byte| byte == b'*' || byte == b'?' || char::from(byte) == HOLE_START)
}

pub(crate) fn as_literal(raw: &str) -> Option<String> {
    if fixed_len(raw) == raw.len() {
        return Some(raw.to_owned());
    }
    let mut literal = String::with_capacity(raw.len());
    for (_, token) in spans(raw) {
        match token {
            Token::Literal(text) => literal.push_str(text),
            _ => return None,
        }
    }
    Some(literal)
}

pub(crate) fn is_star(raw: &str) -> bool {
    !raw.is_empty() && raw.bytes().all(|b| b == b'*')
}

/// The raw text as symbols, a row of wildcards brought into the form `??*`, so that equal rows compare equal.
pub(crate) fn symbols(raw: &str) -> Vec<Symbol<'_>> {
    let mut symbols = Vec::with_capacity(raw.len());
    let mut star = false;
    for (_, token) in spans(raw) {
        match token {
            Token::Star => star = true,
            Token::Question => symbols.push(Symbol::One),
            Token::Literal(text) => {
                if std::mem::take(&mut star) {
                    symbols.push(Symbol::Many);
                }
                symbols.extend(text.chars().map(Symbol::Char));
            }
            Token::Hole(label) => {
                if std::mem::take(&mut star) {
                    symbols.push(Symbol::Many);
                }
                symbols.push(Symbol::Hole(label));
            }
        }
    }
    if star {
        symbols.push(Symbol::Many);
    }
    symbols
}

pub(crate) fn matches(raw: &str, text: &str) -> Tri {
    let special = fixed_len(raw);
    if special == raw.len() {
        return if raw == text { Tri::Yes } else { Tri::No };
    }
    if !text.starts_with(&raw[..special]) {
        return Tri::No;
    }
    if is_star(&raw[special..]) {
        return Tri::Yes;
    }
    let pattern = symbols(&raw[special..]);
    let text: Vec<Symbol<'_>> = text[special..].chars().map(Symbol::Char).collect();
    glob::matches(&pattern, &text)
}

pub(crate) fn overlaps(a: &str, b: &str) -> Tri {
    if is_star(a) || is_star(b) || a == b {
        return Tri::Yes;
    }
    let both = fixed_len(a).min(fixed_len(b));
    if a.as_bytes().get(..both) != b.as_bytes().get(..both) {
        return Tri::No;
    }
    if let Some(found) = overlaps_at_ends(a, b) {
        return found;
    }
    let found = glob::overlaps(&symbols(a), &symbols(b));
    // Holes make the answer uncertain, but one pattern inside the other overlaps it whatever they stand for.
    if found == Tri::Maybe && (covers(a, b) || covers(b, a)) {
        return Tri::Yes;
    }
    found
}

/// [`overlaps`] for two whose beginnings agree and that each have stars and no other wildcard: the ends decide, since what stands
/// between the stars of one can be laid behind that of the other.
fn overlaps_at_ends(a: &str, b: &str) -> Option<Tri> {
    let only_stars = |raw: &str| {
        let (mut stars, mut others) = (false, false);
        for byte in raw.bytes() {
            stars |= byte == b'*';
            others |= byte != b'*' && is_special(char::from(byte));
        }
        stars && !others
    };
    if !only_stars(a) || !only_stars(b) {
        return None;
    }
    let mut ends = fixed_end(a).iter().rev().zip(fixed_end(b).iter().rev());
    Some(match ends.all(|(a, b)| a == b) {
        true => Tri::Yes,
        false => Tri::No,
    })
}

pub(crate) fn covers(a: &str, b: &str) -> bool {
    if a == b || is_star(a) {
        return true;
    }
    let special = fixed_len(a);
    if special == a.len() || a.get(..special) != b.get(..special) {
        return false;
    }
    // Most are told apart by their ends, too.
    let rest = a.get(special..).unwrap_or_default();
    if is_star(rest) {
        return true;
    }
    if !b.as_bytes().ends_with(fixed_end(a)) {
        return false;
    }
    glob::covers(&symbols(rest), &symbols(&b[special..]))
}
