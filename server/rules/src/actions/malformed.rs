//! What is wrong with an action that IAM refuses, for [`super::unknown_action`].

use leastwise_catalog::catalog;
use leastwise_policy::{ActionPattern, MalformedAction};

use super::entry_position::Spot;
use super::existing::is_something;
use super::{Guesses, Replacement, choice};
use crate::limits::{WITHOUT_COLON, WORDS_OF_ACTIONS};
use crate::support::action_entry::ActionEntry;
use crate::{CommonCause, Context, Fact, Finding, LazyFix, Rule};

/// What to do where it isn't evident what was meant.
const FORM: &str = "Write the service prefix, a colon and the action name, as in `s3:GetObject`.";

/// An action that IAM refuses.
pub(super) struct Malformed {
    spot: Spot,
    reason: MalformedAction,
    /// The actions that it was evidently meant to name.
    meant: Vec<String>,
    /// That these aren't looked for, where so.
    note: String,
    /// What it takes to write those, and whether it is plain that they were meant.
    cure: Option<(Replacement, bool)>,
}

impl Malformed {
    /// What is so about an entry that is malformed.
    pub(super) fn of(
        rule: &'static Rule,
        context: &Context<'_>,
        entry: &ActionEntry<'_>,
        reason: MalformedAction,
        guesses: &mut Guesses,
    ) -> Malformed {
        let Some(text) = entry.item.text.literal(context.tree) else {
            return Malformed {
                spot: Spot::of(rule, context, entry, context.item_span(entry.item)),
                reason,
                meant: Vec::new(),
                note: String::new(),
                cure: None,
            };
        };
        let meant = match guesses.allow(text) {
            true => meant(text),
            false => Vec::new(),
        };
        let several = meant.len() > 1;
        let at = match reason {
            MalformedAction::Empty => context.span(entry.item.node),
            _ if several => entry.span(context, 0..text.len()),
            MalformedAction::Character(c, at) => entry.span(context, at..at + c.len_utf8()),
            MalformedAction::SecondColon(at) => entry.span(context, at..at + 1),
            MalformedAction::NoColon | MalformedAction::NoService | MalformedAction::NoName => {
                entry.span(context, 0..text.len())
            }
        };
        // Where one text becomes everything that a service can do, somebody has to want that.
        let is_all = |action: &String| action.ends_with(":*") || action == "*";
        let plain = several || !meant.iter().any(is_all);
        let replacement = entry.replacement().filter(|_| !meant.is_empty());
        Malformed {
            spot: Spot::of(rule, context, entry, at),
            reason,
            cure: replacement.map(|of| (of, plain)),
            meant,
            note: guesses.note(text),
        }
    }

    /// What it has in common with other actions of the policy.
    fn same(&self, text: &str) -> CommonCause {
        let reason = self.reason;
        let name = format!("`{text}`");
        let within = self.spot.policy;
        let intro = "Probably intended:";
        if self.meant.len() > 1 {
            return CommonCause {
                within,
                key: "several".to_owned(),
                name,
                several: "each contain several actions in one string: AWS rejects the policy."
                    .to_owned(),
                help: APART.to_owned(),
                details: Vec::new(),
                intro,
            };
        }
        let meant = self.meant.iter();
        CommonCause {
            within,
            key: format!("malformed: {reason}"),
            name,
            several: format!("aren't valid actions: {reason}. AWS rejects the policy."),
            help: FORM.to_owned(),
            details: meant.map(|action| format!("`{action}`")).collect(),
            intro,
        }
    }
}

/// What to do about a text that holds several actions.
const APART: &str = "Make each action a separate entry of the list.";

impl Fact for Malformed {
    fn finding(&self, _: &Context<'_>) -> Finding {
        let reason = self.reason;
        let Some(text) = &self.spot.written else {
            let message = format!(
                "This doesn't resolve to a valid action: {reason}. AWS rejects the policy."
            );
            return self.spot.finding(message).help(FORM);
        };
        let meant = &self.meant;
        let several = meant.len() > 1;
        let message = match reason {
            _ if several => {
                "This string contains several actions: AWS rejects the policy.".to_owned()
            }
            MalformedAction::Empty => "The action is empty: AWS rejects the policy.".to_owned(),
            reason => format!("`{text}` isn't a valid action: {reason}. AWS rejects the policy."),
        };
        let help = match (meant.is_empty(), several) {
            (true, _) => format!("{FORM}{}", self.note),
            (false, true) => APART.to_owned(),
            (false, false) => format!("Did you mean {}?", choice(meant)),
        };
        let finding = self.spot.finding(message).help(help).action(text);
        finding.same(self.same(text))
    }

    fn fixes(&self, context: &Context<'_>) -> Vec<LazyFix> {
        let (Some((replacement, plain)), Some(_)) = (self.cure, &self.spot.written) else {
            return Vec::new();
        };
        let meant = self.meant.clone();
        let (title, of_several) = match meant.len() > 1 {
            true => (
                format!("Split into {} actions", meant.len()),
                "Split into separate actions",
            ),
            false => (
                format!("Replace with {}", meant.join(", ")),
                "Replace with what was probably intended",
            ),
        };
        let fix = replacement.fix(context, title, meant, plain);
        vec![fix.of_several(of_several)]
    }
}

/// The actions that a malformed text was evidently meant to name; none where it isn't evident.
fn meant(text: &str) -> Vec<String> {
    let exists = |text: &String| is_something(&ActionPattern::parse(text));
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
        .map(|word| word.trim_matches(['"', '\'', '[', ']']).to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() <= WORDS_OF_ACTIONS && words.iter().all(exists) {
        return words;
    }
    let bare: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\''))
        .collect();
    let squeezed = bare.replace("::", ":");
    let parted = ["/", ".", "-", "_", ","].into_iter().filter_map(|sign| {
        let (service, name) = bare.split_once(sign)?;
        Some(format!("{service}:{name}"))
    });
    let candidates = [bare.clone(), squeezed]
        .into_iter()
        .chain(parted)
        .chain(without_colon(&bare));
    candidates.into_iter().find(exists).into_iter().collect()
}

/// `s3GetObject` with its colon, where one service only has such an action.
fn without_colon(text: &str) -> Option<String> {
    if text.len() > WITHOUT_COLON || !text.is_ascii() {
        return None;
    }
    let mut found = (1..text.len()).filter_map(|at| {
        let (service, name) = text.split_at(at);
        // A wildcard in front of the rest would fit any service.
        let exact = !name.starts_with(['*', '?']) && catalog().service(service).is_some();
        exact.then(|| format!("{service}:{name}"))
    });
    let found: Vec<String> = found
        .by_ref()
        .filter(|text| is_something(&ActionPattern::parse(text)))
        .collect();
    match <[String; 1]>::try_from(found) {
        Ok([one]) => Some(one),
        Err(_) => None,
    }
}
