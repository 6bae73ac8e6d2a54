//! What a file declares beside policies, where it is declared in blocks with a word, a type and a name.

#[cfg(test)]
mod tests;

mod referred;

use leastwise_dialects::Declaration;
use leastwise_rules::Context;
use leastwise_syntax::{Format, Span};

use self::referred::Referred;
use super::layout::Layout;
use super::order::Rank;
use super::snippets::body::numbered;
use crate::{Completion, CompletionKind};

/// What can be declared at `offset`. `None` where nothing is.
pub(super) fn declarations(context: Context<'_>, offset: u32) -> Option<Vec<Completion>> {
    let tree = context.tree;
    if tree.format() != Format::Hcl {
        return None;
    }
    let known = leastwise_dialects::declarations(&context.analysis.path);
    let text = tree.source();
    let cursor = text.floor_char_boundary(offset as usize);
    let before = text.get(..cursor)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.get(start..)?.trim_start();
    let behind = text.get(cursor..)?.split('\n').next()?;
    let is_keyword = |word: &str| known.iter().any(|of| of.keyword == word);
    let (keyword, typed, quote) = match (line.split_once(" \""), line.split_once(' ')) {
        (Some((keyword, typed)), _) => (Some(keyword), typed, ""),
        // Before the quote of the type.
        (None, Some((keyword, rest))) if rest.trim().is_empty() && is_keyword(keyword) => {
            (Some(keyword), "", "\"")
        }
        _ => (None, line, ""),
    };
    let of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if let Some(names) = names(text, cursor, start) {
        return Some(names);
    }
    let known: Vec<_> = known
        .into_iter()
        .filter(|of| keyword.is_none_or(|keyword| of.keyword == keyword))
        .collect();
    if known.is_empty() || !typed.chars().all(of_name) || !is_outside(before.get(..start)?) {
        return None;
    }
    // In front of a type that stands there another word may be meant.
    if keyword.is_none() && behind.trim_start_matches(of_name).starts_with(" \"") {
        return Some(keywords(&known, cursor, typed, behind));
    }
    if (keyword.is_none() || !quote.is_empty()) && !behind.trim().is_empty() {
        return None;
    }
    let rest = behind.find(|c: char| !of_name(c)).unwrap_or(behind.len());
    // With nothing behind the type, the block is still to be written.
    let is_whole = matches!(behind.get(rest..)?.trim_end(), "" | "\"");
    let rest = if is_whole {
        behind.trim_end().len()
    } else {
        rest
    };
    let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let replace = Span::new(small(cursor - typed.len()), small(cursor + rest));
    let referred = Referred::of(text);
    let layout = Layout::around(text, start..cursor, "");
    let items = known.into_iter().enumerate().map(|(place, of)| {
        let missing = referred.missing(of.keyword, of.type_name);
        let label = match keyword {
            Some(_) => of.type_name.to_owned(),
            None => format!("{} \"{}\"", of.keyword, of.type_name),
        };
        let begin = match keyword {
            Some(_) => format!("{quote}{}\"", of.type_name),
            None => label.clone(),
        };
        let name = missing.unwrap_or("main");
        let insert = match &*of.body {
            _ if !is_whole => of.type_name.to_owned(),
            "" => numbered(&format!("{begin} \"«{name}»\" {{}}")),
            body => {
                let body = layout.indented(body);
                numbered(&format!("{begin} \"«{name}»\" {{\n{body}}}"))
            }
        };
        // What the file refers to and doesn't declare comes first.
        let class = u8::from(missing.is_none());
        Completion {
            sort: Rank::from(class).at(place).sort_text(&label),
            is_snippet: is_whole,
            is_whole,
            detail: of.about.to_owned(),
            ..Completion::plain(label, CompletionKind::Keyword, insert, replace)
        }
    });
    let mut items: Vec<Completion> = items.collect();
    items.sort_by(|a, b| a.sort.cmp(&b.sort));
    Some(items)
}

/// The words that blocks begin with, in place of the one at the cursor.
fn keywords(known: &[Declaration], cursor: usize, typed: &str, behind: &str) -> Vec<Completion> {
    let rest = behind.find(' ').unwrap_or(behind.len());
    let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let replace = Span::new(small(cursor - typed.len()), small(cursor + rest));
    let mut items: Vec<Completion> = Vec::new();
    for of in known {
        if items.iter().all(|item| item.label != of.keyword) {
            let word = of.keyword.to_owned();
            items.push(Completion {
                sort: Rank::from(0).sort_text(&word),
                ..Completion::plain(word.clone(), CompletionKind::Keyword, word, replace)
            });
        }
    }
    items
}

/// The names that the text refers to and doesn't declare, where the cursor, on a line that begins at `start`, is on the name of a
/// block whose type is written.
fn names(text: &str, cursor: usize, start: usize) -> Option<Vec<Completion>> {
    let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let (keyword, rest) = text.get(start..cursor)?.split_once(" \"")?;
    let (type_name, typed) = rest.split_once("\" \"")?;
    let is_header = is_outside(text.get(..start)?)
        && keyword.chars().all(of_name)
        && type_name.chars().all(of_name)
        && typed.chars().all(of_name);
    if !is_header {
        return None;
    }
    let behind = text.get(cursor..)?;
    let rest = behind.find(|c: char| !of_name(c)).unwrap_or(behind.len());
    let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let replace = Span::new(small(cursor - typed.len()), small(cursor + rest));
    let referred = Referred::of(text);
    let missing = referred.all_missing(keyword, type_name).into_iter();
    let items = missing.enumerate().map(|(place, name)| Completion {
        sort: Rank::from(0).at(place).sort_text(name),
        detail: "referred to, not declared yet".to_owned(),
        ..Completion::plain(
            name.to_owned(),
            CompletionKind::Variable,
            name.to_owned(),
            replace,
        )
    });
    Some(items.collect())
}

/// Whether what comes behind a text stands in no block: before it one ended, or there is nothing.
fn is_outside(before: &str) -> bool {
    let last = before.lines().rev().find(|line| !line.trim().is_empty());
    last.is_none_or(|line| {
        let begins = line.starts_with(|c: char| c.is_ascii_alphabetic());
        line.starts_with(['}', '#'])
            || line.starts_with("//")
            || begins && line.trim_end().ends_with('}')
    })
}
