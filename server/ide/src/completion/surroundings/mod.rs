//! What can stand around policies: sections of a file, properties of a resource, types of resources.

mod roots;
#[cfg(test)]
mod tests;

use leastwise_dialects::{Expected, Surrounding};
use leastwise_model::SiteKind;
use leastwise_syntax::Format;

use super::order::{self, Rank};
use super::snippets::body::numbered;
use super::{CompletionList, CompletionRequest, Offer, write};
use crate::limits::POLICY_DEPTH;
use crate::position::{self, Frame, Manner, Quote, Role, Spot};
use crate::{Completion, CompletionKind};

/// Offers what the file's dialect expects at the cursor.
pub(super) fn surroundings(list: &mut CompletionList<'_>) {
    let asked = list.asked;
    if asked.host.is_some() {
        return;
    }
    let expected = expected(asked, &asked.place.keys());
    let role = asked.place.role;
    // A file that has nothing yet may become a policy before it becomes anything else.
    let rank = order::surrounding(asked.found.spot == Spot::PolicyKey);
    for (place, key) in expected.keys.iter().enumerate() {
        if role == Role::Value || asked.is_taken(key.name) {
            continue;
        }
        let insert = write::key(&asked.place, key.name);
        // What it holds stands in lines of its own.
        let insert = match asked.place.manner {
            Manner::Yaml if key.holds => insert.trim_end().to_owned(),
            _ => insert,
        };
        let offer = Offer {
            label: key.name,
            detail: key.about.to_owned(),
            kind: CompletionKind::Keyword,
            insert: key.name,
            rank: rank.at(place),
        };
        list.add_key(offer, insert);
    }
    for (place, value) in expected.values.iter().enumerate() {
        if role != Role::Key {
            list.offer(Offer {
                label: value,
                detail: String::new(),
                kind: CompletionKind::Keyword,
                insert: value,
                rank: Rank::from(0).at(place),
            });
        }
    }
    let is_free = asked.place.quote == Quote::None && asked.place.manner == Manner::Hcl;
    for (label, whole) in expected
        .wholes
        .iter()
        .filter(|_| is_free && role != Role::Key)
    {
        list.items.push(Completion {
            detail: "a policy in its place".to_owned(),
            sort: Rank::from(0).behind_names().sort_text(label),
            is_snippet: true,
            is_whole: true,
            ..Completion::plain(
                (*label).to_owned(),
                CompletionKind::Keyword,
                numbered(&asked.layout().indented(whole)),
                list.replace,
            )
        });
    }
}

/// What the policy around the cursor is for, and the service of the resource that has it, told by what stands around: the policy may
/// have nothing yet.
pub(super) fn policy(asked: &CompletionRequest<'_>) -> Option<(SiteKind, Option<&'static str>)> {
    let keys = asked.place.keys();
    let lengths = (1..=keys.len().min(POLICY_DEPTH)).rev();
    let mut above = lengths.filter_map(|length| keys.get(..length));
    above.find_map(|keys| expected(asked, keys).policy)
}

fn expected(asked: &CompletionRequest<'_>, keys: &[&str]) -> Expected {
    let value = |count: usize, key: &str| value(asked, count, key);
    let analysis = asked.context.analysis;
    let roots = match analysis.dialect.has_policies() {
        true => Vec::new(),
        false => roots::roots(asked.text, asked.format(), asked.place.start),
    };
    let at = Surrounding {
        keys,
        value: &value,
        roots: &roots,
    };
    leastwise_dialects::expected(analysis.dialect, &analysis.path, &at)
}

/// What a key has for a value beneath the first keys that lead to the cursor, told from the text: most of such files are broken.
fn value(asked: &CompletionRequest<'_>, count: usize, key: &str) -> Option<String> {
    let is_key = |frame: Frame<'_>| matches!(frame, Frame::Key(_));
    let mut steps = asked.place.path.iter().filter(|step| is_key(step.frame));
    let start = steps.nth(count.checked_sub(1)?)?.start;
    // In brackets what belongs to a key begins behind it.
    let start = match asked.format() {
        Format::Yaml => start,
        _ => {
            let rest = asked.text.get(start as usize..)?;
            start + u32::try_from(rest.find('{')?).ok()?
        }
    };
    let region = position::region(asked.text, asked.format(), start, asked.place.cursor);
    let is_quote = |c: char| matches!(c, '"' | '\'');
    let mut found = region.match_indices(key).filter_map(|(at, _)| {
        let before = region.get(..at)?.trim_end_matches(is_quote);
        let behind = region.get(at + key.len()..)?;
        let behind = behind.trim_start_matches(is_quote).trim_start();
        let begins = before.is_empty() || before.ends_with([' ', '\n', '{', ',', '\t']);
        let line = behind.strip_prefix(':').filter(|_| begins)?.trim_start();
        let line = line.trim_start_matches(is_quote);
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '}' | '#');
        line.split(ends).next().filter(|value| !value.is_empty())
    });
    found.next().map(str::to_owned)
}
