//! Which part of an ARN pattern a format's placeholder stands for: the table's name in a table's ARN.

use crate::format;
use crate::pattern::{self, Token};
use crate::resource::resource_types_fitting;
use crate::{Pattern, Segment};
use leastwise_catalog::ResourceType;
use std::ops::Range;

/// A placeholder's part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Binding {
    /// The placeholder's name in the format: `TableName`.
    pub placeholder: &'static str,
    /// The byte range in the pattern's raw text.
    pub range: Range<usize>,
}

/// What a format's placeholders stand for in a pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ArnBindings {
    /// The placeholders in the format's order, as far as they were reached.
    pub parts: Vec<Binding>,
    /// True if the whole format was laid over the whole pattern.
    pub complete: bool,
}

/// A name that an ARN pattern gives to its resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArnName {
    /// The type whose format says so.
    pub resource_type: ResourceType,
    /// The placeholder and its range.
    pub binding: Binding,
}

/// Lays a format over a pattern from the left, each placeholder up to where the format's next fixed part is found.
///
/// Stops where a wildcard or a hole stands for a fixed part; what is bound until then is returned. `None` if a fixed
/// part differs. Letters of fixed parts count without case.
pub fn bind(format: &'static str, pattern: &Pattern) -> Option<ArnBindings> {
    let raw = pattern.raw();
    let mut bindings = ArnBindings::default();
    let (mut rest, mut at) = (format, 0);
    while !rest.is_empty() {
        if let Some((placeholder, after)) = format::placeholder(rest) {
            let fixed = fixed_part(after);
            let end = match fixed {
                "" if after.is_empty() => Some(raw.len()),
                // In front of the resource a segment ends at a colon, whatever follows in the format.
                _ if colons(format, after) < 5 => find(raw, at, ":"),
                // Two placeholders side by side: where one ends can't be told.
                "" => None,
                fixed => find(raw, at, fixed),
            };
            let range = at..end.unwrap_or(raw.len());
            bindings.parts.push(Binding {
                placeholder,
                range: range.clone(),
            });
            if end.is_none() {
                return Some(bindings);
            }
            at = range.end;
            rest = after;
            continue;
        }
        let fixed = fixed_part(rest);
        if fixed.is_empty() {
            // An unclosed `${`: no placeholder, and in no format of the catalog.
            return None;
        }
        for c in fixed.chars() {
            match pattern::spans(raw.get(at..)?).next() {
                Some((_, Token::Literal(text)))
                    if text
                        .chars()
                        .next()
                        .is_some_and(|t| t.eq_ignore_ascii_case(&c)) =>
                {
                    at += raw.get(at..)?.chars().next().map_or(0, char::len_utf8);
                }
                Some((_, Token::Literal(_))) | None => return None,
                Some(_) => return Some(bindings),
            }
        }
        rest = &rest[fixed.len()..];
    }
    bindings.complete = at == raw.len();
    Some(bindings)
}

/// The colons in what precedes `rest` in a format.
fn colons(format: &str, rest: &str) -> usize {
    format[..format.len() - rest.len()].matches(':').count()
}

/// The names that an ARN pattern gives to its resource: in the format of each type it can be of, what the first
/// placeholder behind the account stands for (`shop-*` in `…:table/shop-*/index/*`). Each range comes once. Formats
/// that stop at a wildcard count only where none reaches to the end of the pattern.
pub fn names(pattern: &Pattern) -> Vec<ArnName> {
    let mut found: Vec<(bool, ArnName)> = Vec::new();
    for resource_type in resource_types_fitting(pattern) {
        for format in resource_type.arns() {
            let heads = format
                .splitn(6, ':')
                .take(5)
                .map(|head| head.matches("${").count())
                .sum();
            let Some(bindings) = bind(format, pattern) else {
                continue;
            };
            let complete = bindings.complete;
            let name = bindings
                .parts
                .into_iter()
                .nth(heads)
                .map(|binding| ArnName {
                    resource_type,
                    binding,
                });
            found.extend(name.map(|name| (complete, name)));
        }
    }
    let any_complete = found.iter().any(|(complete, _)| *complete);
    let mut names: Vec<ArnName> = Vec::new();
    for (complete, name) in found {
        let new = names
            .iter()
            .all(|other| other.binding.range != name.binding.range);
        if complete == any_complete && new {
            names.push(name);
        }
    }
    names
}

impl Segment<'_> {
    /// Whether a byte range of the raw text lies within the segment.
    pub fn contains(&self, range: &Range<usize>) -> bool {
        let own = self.range();
        own.start <= range.start && range.end <= own.end
    }
}

/// What a format starts with, up to the next placeholder.
fn fixed_part(format: &str) -> &str {
    &format[..format.find("${").unwrap_or(format.len())]
}

/// Where a fixed text begins in a raw text, not within a hole.
fn find(raw: &str, from: usize, fixed: &str) -> Option<usize> {
    pattern::spans(raw.get(from..)?).find_map(|(range, token)| match token {
        Token::Literal(text) if text.len() == range.len() => {
            let lower = text.to_ascii_lowercase();
            lower
                .find(&fixed.to_ascii_lowercase())
                .map(|at| from + range.start + at)
        }
        _ => None,
    })
}
