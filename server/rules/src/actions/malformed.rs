//! What is wrong with an action that IAM refuses, for [`super::unknown_action`].

use leastwise_catalog::catalog;
use leastwise_policy::{ActionPattern, MalformedAction};

use super::{Entry, choice, is_something};
use crate::{Context, Finding, Rule, Same};

/// What to do where it isn't evident what was meant.
const FORM: &str = "Write the service's prefix, a colon and the name, as in `s3:GetObject`.";

/// The finding for a malformed action, with the fix where it is plain what was meant.
pub(super) fn finding(
    rule: &'static Rule,
    context: &Context<'_>,
    entry: &Entry<'_>,
    reason: MalformedAction,
    guesses: &mut super::Guesses,
) -> Option<Finding> {
    let literal = entry.item.text.literal(context.tree);
    let Some(text) = literal else {
        let message = format!(
            "This resolves to something that is no action: {reason}. AWS refuses the policy."
        );
        return Some(Finding::new(rule, context.item_span(entry.item), message));
    };
    let meant = match guesses.allow(text) {
        true => meant(text),
        false => Vec::new(),
    };
    let several = meant.len() > 1;
    let span = match reason {
        MalformedAction::Empty => context.span(entry.item.node),
        _ if several => entry.span(context, 0..text.len()),
        MalformedAction::Character(c, at) => entry.span(context, at..at + c.len_utf8()),
        MalformedAction::SecondColon(at) => entry.span(context, at..at + 1),
        MalformedAction::NoColon | MalformedAction::NoService | MalformedAction::NoName => {
            entry.span(context, 0..text.len())
        }
    };
    let message = match reason {
        _ if several => "Several actions stand in one text: AWS refuses the policy.".to_owned(),
        MalformedAction::Empty => "The action is empty: AWS refuses the policy.".to_owned(),
        reason => format!("`{text}` is no action: {reason}. AWS refuses the policy."),
    };
    let help = match (meant.is_empty(), several) {
        (true, _) => FORM.to_owned(),
        (false, true) => "Make each action an entry of the list.".to_owned(),
        (false, false) => format!("Did you mean {}?", choice(&meant)),
    };
    let same = Same {
        within: entry.site.span(context.tree),
        key: match several {
            true => "several".to_owned(),
            false => format!("malformed: {reason}"),
        },
        name: format!("`{text}`"),
        several: match several {
            true => "each hold several actions in one text: AWS refuses the policy.".to_owned(),
            false => format!("are no actions: {reason}. AWS refuses the policy."),
        },
        help: match several {
            true => help.clone(),
            false => FORM.to_owned(),
        },
        each: match several {
            true => Vec::new(),
            false => meant.iter().map(|action| format!("`{action}`")).collect(),
        },
        intro: "They were probably meant to be",
    };
    let finding = Finding::new(rule, span, message)
        .help(help)
        .action(text)
        .same(same);
    let Some(replacement) = entry.replacement().filter(|_| !meant.is_empty()) else {
        return Some(finding);
    };
    let title = match several {
        true => format!("Split into {} actions", meant.len()),
        false => format!("Replace by {}", meant.join(", ")),
    };
    // Where one text becomes everything that a service can do, somebody has to want that.
    let plain = several
        || !meant
            .iter()
            .any(|action| action.ends_with(":*") || action == "*");
    let safety = entry.safety(context, &meant, plain);
    let fix = move |context: &Context<'_>| replacement.with(context, &meant);
    Some(
        finding
            .fix(title, safety, fix)
            .fix_of_several(match several {
                true => "Split into single actions",
                false => "Replace by what was probably meant",
            }),
    )
}

/// The actions that a malformed text was evidently meant to name; none where it isn't evident.
fn meant(text: &str) -> Vec<String> {
    let exists = |text: &String| is_something(&ActionPattern::parse(text));
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
        .map(|word| word.trim_matches(['"', '\'', '[', ']']).to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() <= 64 && words.iter().all(exists) {
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
    const LONGEST: usize = 128;
    if text.len() > LONGEST || !text.is_ascii() {
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
