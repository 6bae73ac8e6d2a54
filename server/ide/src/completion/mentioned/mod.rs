//! What the file writes already: its ARNs, and the accounts and regions in them. Who writes the next one means the same as a rule.

#[cfg(test)]
mod tests;

use leastwise_catalog::ResourceType;
use leastwise_policy::{Pattern, regions, resource};

use super::CompletionRequest;
use crate::limits::MENTIONED_NAMES;
use crate::position;

/// What ARNs begin with.
const ARN: &str = "arn:";

/// What is found in a text, each once, in its order.
#[derive(Default)]
pub(super) struct Mentioned {
    arns: Vec<String>,
    pub accounts: Vec<String>,
    pub regions: Vec<String>,
}

impl Mentioned {
    /// What the file has, but for the word at the cursor.
    pub fn of(asked: &CompletionRequest<'_>) -> Mentioned {
        let (text, own) = (asked.context.tree.source(), asked.own());
        let mut found = Mentioned::default();
        found.read(text.get(..own.start).unwrap_or_default());
        found.read(text.get(own.end..).unwrap_or_default());
        found
    }

    /// The account or region of which alone the file speaks, if that is one.
    pub fn only(names: &[String]) -> Option<&str> {
        match names {
            [name] => Some(name),
            _ => None,
        }
    }

    fn read(&mut self, text: &str) {
        for (at, _) in text.match_indices(ARN) {
            if self.arns.len() >= MENTIONED_NAMES {
                return;
            }
            let Some(arn) = text.get(at..).map(begun) else {
                continue;
            };
            let parts: Vec<&str> = arn.splitn(6, ':').collect();
            let [_, _, _, region, account, _] = parts.as_slice() else {
                continue;
            };
            if is_account(account) {
                note(&mut self.accounts, account);
            }
            if regions::all_regions().any(|known| known == *region) {
                note(&mut self.regions, region);
            }
            if !arn.contains("${") {
                note(&mut self.arns, arn);
            }
        }
        // By themselves they stand between quotes as a rule: YAML takes them for numbers otherwise.
        let words = text.split(['"', '\'']);
        for word in words.filter(|word| is_account(word)) {
            note(&mut self.accounts, word);
        }
    }

    /// ARNs of some types of resources: those of the file, what they are in, and what is in them. What the statement has is left out.
    pub fn of_types(&self, asked: &CompletionRequest<'_>, types: &[ResourceType]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for arn in &self.arns {
            let service = arn.split(':').nth(2);
            let formats = || {
                let all = types.iter().flat_map(|of| of.arns());
                all.filter(|format| format.split(':').nth(2) == service)
            };
            for text in steps(arn) {
                let pattern = Pattern::literal(text);
                let is_of = |format: &str| resource::fits(format, &pattern).possible();
                if formats().any(is_of) {
                    note(&mut found, text);
                }
                for format in formats() {
                    // The format of what it is in ends behind one of its names.
                    let ends = format.match_indices("}/").map(|(at, _)| at + 1);
                    for (outer, inner) in ends.filter_map(|at| format.split_at_checked(at)) {
                        if is_of(outer) && !text.ends_with('*') {
                            let inner = resource::compose(inner, |_| None);
                            note(&mut found, &format!("{text}{inner}"));
                        }
                    }
                }
            }
        }
        let start = asked.found.statement.unwrap_or_default();
        let written = position::region(asked.text, asked.format(), start, asked.place.cursor);
        let mut own = Mentioned::default();
        own.read(written);
        found.retain(|arn| !own.arns.contains(arn) || asked.typed == arn);
        found.truncate(MENTIONED_NAMES);
        found
    }
}

/// Whether a text is the number of an account.
fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The ARN that a text begins with.
fn begun(text: &str) -> &str {
    let ends =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ']' | ')' | '\\' | '`');
    let length = text.find(ends).unwrap_or(text.len());
    text.get(..length).unwrap_or_default()
}

/// An ARN, and those of what it is in.
fn steps(arn: &str) -> impl Iterator<Item = &str> {
    let name = arn
        .match_indices(':')
        .nth(4)
        .map_or(arn.len(), |(at, _)| at);
    let ends = arn.match_indices('/').map(|(at, _)| at);
    let outer = ends
        .filter(move |at| *at > name)
        .filter_map(|at| arn.get(..at));
    std::iter::once(arn).chain(outer)
}

fn note(names: &mut Vec<String>, name: &str) {
    if names.len() < MENTIONED_NAMES && !names.iter().any(|own| own == name) {
        names.push(name.to_owned());
    }
}
