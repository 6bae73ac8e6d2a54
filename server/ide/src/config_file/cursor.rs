//! Where a cursor stands in a config. TOML that is being typed has no tree: its line and the headings above it tell.

use leastwise_model::config::declared::{ACCOUNT, ConfigSection, Value};
use leastwise_syntax::Span;

/// What a cursor in the file is in.
pub(super) struct ConfigCursor<'t> {
    /// The table that the line belongs to, `rules`.
    pub section: &'t str,
    /// The key before `=`, where the cursor is behind one.
    pub key: Option<&'t str>,
    /// The word under the cursor: start, end.
    pub word: Span,
    /// The cursor is between the brackets of a table's heading.
    pub heading: bool,
    /// The word has quotes around it.
    pub quoted: bool,
    /// The cursor is in the table of one account: a key is one of that.
    pub account: bool,
    /// All that stands between the quotes around the cursor, else the word.
    pub text: Span,
    /// That, up to the cursor.
    pub typed: &'t str,
    /// Where the table begins, and the line.
    table: usize,
    line: Span,
}

impl<'t> ConfigCursor<'t> {
    /// Looks at the line of a cursor and the headings above it.
    pub fn of(text: &'t str, offset: u32) -> Option<ConfigCursor<'t>> {
        let cursor = text.floor_char_boundary(offset as usize);
        let before = text.get(..cursor)?;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_before = text.get(start..cursor)?;
        let rest = text.get(cursor..)?;
        let line_behind = rest.get(..rest.find('\n').unwrap_or(rest.len()))?;
        if in_comment(line_before) {
            return None;
        }
        let of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let left = line_before.len() - line_before.trim_end_matches(of_word).len();
        let right = line_behind.len() - line_behind.trim_start_matches(of_word).len();
        let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let word = Span::new(small(cursor - left), small(cursor + right));
        let (inside, behind) = between_quotes(line_before, line_behind).unwrap_or((left, right));
        let before_word = line_before.get(..line_before.len() - left)?;
        let trimmed = line_before.trim_start();
        let heads = text.get(..start)?;
        let table = heads.lines().rev().find(|line| heading(line).is_some());
        let mut at = ConfigCursor {
            section: table.and_then(heading).unwrap_or_default(),
            key: None,
            word,
            heading: false,
            quoted: before_word.ends_with(['"', '\'']),
            account: false,
            text: Span::new(small(cursor - inside), small(cursor + behind)),
            typed: text.get(cursor - inside..cursor)?,
            table: table.map_or(0, |line| offset_in(text, line) + line.len()),
            line: Span::new(small(start), small(cursor + line_behind.len())),
        };
        if trimmed.starts_with('[') && !trimmed.contains(']') && !trimmed.contains('=') {
            at.section = "";
            at.heading = true;
            return Some(at);
        }
        let own = trimmed.split_once('=');
        let own_key = own.map(|(key, _)| key.trim().trim_matches(['"', '\'']));
        // A list over several lines: the key stands above.
        at.key = own_key.or_else(|| {
            let is_of_key = |line: &&str| line.contains('=') || heading(line).is_some();
            let above = heads.lines().rev().find(is_of_key)?;
            let (key, value) = above.split_once('=')?;
            (value.trim_start().starts_with('[') && !value.contains(']')).then(|| key.trim())
        });
        if at.section == "accounts" {
            at.account = table.and_then(nested).is_some();
            let table = own.and_then(|(_, value)| open_table(value));
            if let Some(inner) = table.filter(|_| !at.account) {
                at.account = true;
                let last = inner.rsplit(',').next().unwrap_or(inner);
                at.key = last.split_once('=').map(|(key, _)| key.trim());
            }
        }
        Some(at)
    }

    /// What the value of the key before the cursor is.
    pub fn value(&self) -> Option<Value> {
        let key = self.key?;
        match self.account {
            true => {
                let known = ACCOUNT.iter().find(|known| known.name == key);
                known.map(|known| known.value)
            }
            false => ConfigSection::named(self.section)?.value(key),
        }
    }

    /// The keys that the table has on other lines.
    pub fn present(&self, text: &'t str) -> Vec<&'t str> {
        let rest = text.get(self.table..).unwrap_or_default();
        let lines = rest.lines().take_while(|line| heading(line).is_none());
        let others = lines.filter(|line| {
            let start = offset_in(text, line);
            start != self.line.start as usize
        });
        let keys = others.filter_map(|line| line.split_once('='));
        keys.map(|(key, _)| key.trim().trim_matches(['"', '\'']))
            .collect()
    }
}

/// Where a part of a text begins in it.
fn offset_in(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// How much of what stands between quotes is before a cursor, and how much behind; `None` where no quote is open.
fn between_quotes(before: &str, behind: &str) -> Option<(usize, usize)> {
    let mut open = None;
    for (at, c) in before.char_indices() {
        match (open, c) {
            (None, '"' | '\'') => open = Some((c, at + 1)),
            (Some((quote, _)), c) if quote == c => open = None,
            _ => {}
        }
    }
    let (quote, at) = open?;
    let close = behind.find(quote);
    let length = close.unwrap_or_else(|| behind.find([' ', ',', ']', '}']).unwrap_or(behind.len()));
    Some((before.len() - at, length))
}

/// What stands in the `{` that is still open at the end of a text.
fn open_table(text: &str) -> Option<&str> {
    let (_, inner) = text.rsplit_once('{')?;
    (!inner.contains('}')).then_some(inner)
}

/// The name in a table's heading.
pub(super) fn heading(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix('[')?;
    let inner = inner.strip_prefix('[').unwrap_or(inner);
    let name = inner.split(']').next()?.trim();
    (!name.contains(['"', ',', '='])).then(|| name.split('.').next().unwrap_or(name).trim())
}

/// What stands behind the dot in a table's heading.
pub(super) fn nested(line: &str) -> Option<&str> {
    let inner = line.trim().trim_start_matches('[').split(']').next()?;
    inner.split_once('.').map(|(_, name)| name.trim())
}

fn in_comment(line: &str) -> bool {
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (None, '#') => return true,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    false
}
