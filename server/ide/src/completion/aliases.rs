//! Names behind `*` in YAML, of what is written once and used again.

use leastwise_syntax::Format;

use super::order::Rank;
use super::{CompletionList, CompletionRequest, Offer};
use crate::limits::MENTIONED_NAMES;
use crate::position::Quote;
use crate::{Completion, CompletionKind};

/// The anchors of the file. `None` where no alias is being written: without quotes nothing else begins with its sign.
pub(super) fn aliases(asked: &CompletionRequest<'_>) -> Option<Vec<Completion>> {
    let is_alias = asked.format() == Format::Yaml
        && asked.place.quote == Quote::None
        && asked.typed.starts_with('*');
    if !is_alias {
        return None;
    }
    let mut list = CompletionList::new(asked, |c| {
        !c.is_whitespace() && !matches!(c, ',' | ']' | '}')
    });
    // One that comes later can't be meant.
    let before = asked.text.get(..asked.place.start as usize)?;
    let mut seen: Vec<&str> = Vec::new();
    for (at, _) in before.match_indices('&') {
        let previous = before.get(..at)?.trim_end_matches(' ');
        let stands = previous.ends_with([':', '-', '[', '{', ',', '\n']);
        let rest = before.get(at + 1..)?;
        let of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let length = rest.find(|c| !of_name(c)).unwrap_or(rest.len());
        let name = rest.get(..length)?;
        if stands && !name.is_empty() && !seen.contains(&name) && seen.len() < MENTIONED_NAMES {
            seen.push(name);
        }
    }
    // The nearest one first.
    for (place, name) in seen.iter().rev().enumerate() {
        let text = format!("*{name}");
        let offer = Offer {
            label: &text,
            detail: "in this file".to_owned(),
            kind: CompletionKind::Variable,
            insert: &text,
            rank: Rank::from(0).at(place),
        };
        list.add(offer, text.clone(), None, false);
    }
    Some(list.items)
}
