//! Functions of regular expressions, as far as these are plain characters.

use super::super::operator::truth;
use super::super::value::Val;
use super::Call;

/// What `can` is asked most often: how a text begins.
pub(super) fn can_match(call: &Call<'_>) -> Option<Val> {
    matched(call).map(truth)
}

pub(super) fn regex_all(call: &Call<'_>) -> Option<Val> {
    let is_none = !matched(call)?;
    is_none.then(|| Val::List(Vec::new()))
}

fn matched(call: &Call<'_>) -> Option<bool> {
    let [Val::Text(pattern), Val::Text(text)] = call.arguments else {
        return None;
    };
    matches(pattern.chars()?, text.chars()?)
}

/// Whether a text matches a pattern that begins with plain characters. `None` where that takes more than to compare them.
fn matches(pattern: &str, text: &str) -> Option<bool> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, ':' | '/' | '-' | '_' | ' ');
    let (is_anchored, pattern) = match pattern.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let length = pattern.find(|c| !is_plain(c)).unwrap_or(pattern.len());
    let (mut lead, rest) = pattern.split_at_checked(length)?;
    if pattern.contains('|') {
        return None;
    }
    if rest.starts_with(['*', '?', '{']) {
        // The last character may not be there.
        let last = lead.chars().next_back()?;
        lead = lead.strip_suffix(last)?;
    }
    let begins = match is_anchored {
        true => text.starts_with(lead),
        false => text.contains(lead),
    };
    match (begins, rest) {
        (false, _) => Some(false),
        (true, "" | ".*") => Some(true),
        (true, _) => None,
    }
}
