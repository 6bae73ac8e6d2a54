//! How a text is laid out around a cursor: by what its lines are indented, and which quotes it has.

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::CompletionRequest;
use crate::limits::BYTES_NEAR;

/// The quotes of a text in YAML that may have some.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quotes {
    Single,
    Double,
    /// None, though a careful reader would put some.
    Missing,
}

impl Quotes {
    /// A text that YAML may take for something else without them.
    pub fn around(self, text: &str) -> String {
        // What is no date loses its zeros as a number.
        let of_date = |c: char| c.is_ascii_digit() || c == '-';
        let is_date = text.contains('-') && text.chars().all(of_date);
        match self {
            Quotes::Missing if is_date => text.to_owned(),
            Quotes::Missing | Quotes::Single => format!("'{}'", text.replace('\'', "''")),
            Quotes::Double => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        }
    }
}

/// How the lines around a cursor are written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Layout {
    /// What the lines of a mapping are indented by.
    pub unit: String,
    /// Columns from a key of YAML to the dashes of its list.
    pub list_step: usize,
    pub quotes: Quotes,
}

/// What a text without lines that tell is written in.
const UNIT: &str = "  ";

impl Layout {
    pub fn of(asked: &CompletionRequest<'_>) -> Layout {
        let place = &asked.place;
        let key = place.keys().last().copied().unwrap_or_default();
        Layout::around(asked.text, place.start as usize..place.end as usize, key)
    }

    /// That of the lines around a word of a text, which is a value of `key`.
    pub fn around(text: &str, word: Range<usize>, key: &str) -> Layout {
        let start = text.ceil_char_boundary(word.start.saturating_sub(BYTES_NEAR));
        let end = word.end.saturating_add(BYTES_NEAR).min(text.len());
        let end = text.floor_char_boundary(end);
        let before = text.get(start..word.start);
        let behind = text.get(word.end..end);
        of_lines(before.unwrap_or_default(), behind.unwrap_or_default(), key)
    }

    /// A text of several lines that is written with the usual blanks, with those of this layout.
    pub fn indented(&self, text: &str) -> String {
        let lines = text.split('\n').map(|line| {
            let own = line.trim_start_matches(' ');
            let depth = (line.len() - own.len()) / UNIT.len();
            format!("{}{own}", self.unit.repeat(depth))
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// The same by the text before and behind a value of `key`: lines that are near tell more than others, and those before it more than
/// those behind.
fn of_lines(before: &str, behind: &str, key: &str) -> Layout {
    let mut seen = Seen::default();
    // The line of the cursor is still being written: where it begins is all that it tells.
    let own = before.rsplit('\n').next().unwrap_or_default();
    let mut below = Line::begun(own);
    for text in before
        .get(..before.len() - own.len())
        .unwrap_or_default()
        .lines()
        .rev()
    {
        let Some(line) = Line::of(text) else { continue };
        seen.read(line, below, key);
        below = Some(line);
    }
    let mut above: Option<Line<'_>> = None;
    for text in behind.lines().skip(1) {
        let Some(line) = Line::of(text) else { continue };
        if let Some(above) = above.replace(line) {
            seen.read(above, Some(line), key);
        }
    }
    if let Some(last) = above {
        seen.read(last, None, key);
    }
    Layout {
        unit: seen.unit.unwrap_or(UNIT).to_owned(),
        list_step: seen.list_step.unwrap_or(UNIT.len()),
        quotes: seen.of_key.or(seen.of_others).unwrap_or(Quotes::Single),
    }
}

/// A line with something on it.
#[derive(Clone, Copy)]
struct Line<'t> {
    /// What it begins with.
    blanks: &'t str,
    /// The column in which its first key stands, behind its dashes.
    column: usize,
    is_item: bool,
    rest: &'t str,
}

impl<'t> Line<'t> {
    fn of(text: &'t str) -> Option<Line<'t>> {
        let own = text.trim_start_matches([' ', '\t']);
        let blanks = text.get(..text.len() - own.len())?;
        let rest = own.trim_start_matches("- ");
        let is_told = !own.is_empty() && !own.starts_with(['#', '/']);
        is_told.then(|| Line {
            blanks,
            column: text.len() - rest.len(),
            is_item: own.starts_with('-'),
            rest: rest.trim_end(),
        })
    }

    /// One that the cursor ends, of which there may be nothing but blanks.
    fn begun(text: &'t str) -> Option<Line<'t>> {
        let own = text.trim_start_matches([' ', '\t']);
        let blanks = text.get(..text.len() - own.len())?;
        (!blanks.is_empty()).then_some(Line {
            blanks,
            column: blanks.len(),
            is_item: own.starts_with('-'),
            rest: "",
        })
    }

    /// Its key, where it has one, and its value.
    fn pair(&self) -> (&'t str, &'t str) {
        self.rest.split_once(": ").unwrap_or(("", self.rest))
    }
}

/// What the lines told.
#[derive(Default)]
struct Seen<'t> {
    unit: Option<&'t str>,
    list_step: Option<usize>,
    of_key: Option<Quotes>,
    of_others: Option<Quotes>,
}

impl<'t> Seen<'t> {
    /// Reads a line and what it leads to.
    fn read(&mut self, line: Line<'t>, below: Option<Line<'t>>, key: &str) {
        let opens = line.rest.ends_with([':', '{', '[', '(']);
        if let Some(below) = below.filter(|_| opens) {
            self.step(line, below);
        }
        let (name, value) = line.pair();
        let quotes = match value.trim_start_matches("!Sub ").chars().next() {
            Some('\'') => Some(Quotes::Single),
            Some('"') => Some(Quotes::Double),
            Some(c) if c.is_ascii_digit() => Some(Quotes::Missing),
            _ => None,
        };
        let Some(quotes) = quotes else { return };
        if name == key && !key.is_empty() {
            self.of_key.get_or_insert(quotes);
        }
        // Numbers have none anywhere.
        if quotes != Quotes::Missing {
            self.of_others.get_or_insert(quotes);
        }
    }

    fn step(&mut self, line: Line<'t>, below: Line<'t>) {
        let is_list = below.is_item && line.rest.ends_with(':');
        let indent = below.blanks.len();
        if is_list {
            if let Some(step) = indent.checked_sub(line.column) {
                self.list_step.get_or_insert(step);
            }
            return;
        }
        let own = match below.blanks.starts_with('\t') {
            true => below.blanks.get(line.blanks.len()..),
            false => below.blanks.get(line.column..),
        };
        if let Some(unit) = own.filter(|unit| !unit.is_empty()) {
            self.unit.get_or_insert(unit);
        }
    }
}
