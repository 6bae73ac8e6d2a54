//! Actions as a policy names them, with wildcards.

use crate::glob::{self, Symbol};
use crate::limits::REDUNDANT_COMPARISONS;
use crate::{Pattern, Texts, Tri, pattern};
use leastwise_catalog::{Action, catalog, wildcard_matches};
use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt;

/// An entry of `Action` or `NotAction`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ActionPattern {
    /// `*` (or `*:*`): every action of every service.
    Star,
    /// `service:name`, perhaps with wildcards.
    Named(NamedAction),
    /// Part of it isn't known.
    Unknown,
    /// IAM wouldn't take it.
    Malformed(MalformedAction),
}

/// `service:name`, perhaps with wildcards. Case is kept, and doesn't count.
#[derive(Clone, Debug)]
pub struct NamedAction {
    text: String,
    colon: usize,
}

/// Why IAM wouldn't take an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MalformedAction {
    /// Nothing is there.
    Empty,
    /// There is no colon after a service's prefix.
    NoColon,
    /// There is more than one colon; the byte offset of the second.
    SecondColon(usize),
    /// Nothing stands before the colon.
    NoService,
    /// Nothing stands behind the colon.
    NoName,
    /// A character that no action has, at this byte offset.
    Character(char, usize),
}

impl fmt::Display for MalformedAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MalformedAction::Empty => f.write_str("the action is empty"),
            MalformedAction::NoColon => f.write_str(
                "an action is a service's prefix, a colon and a name, as in `s3:GetObject`",
            ),
            MalformedAction::SecondColon(_) => f.write_str("an action has one colon only"),
            MalformedAction::NoService => f.write_str("there is no service before the colon"),
            MalformedAction::NoName => f.write_str("there is no name after the colon"),
            MalformedAction::Character(' ', _) => f.write_str("an action can't contain a space"),
            MalformedAction::Character(c, _) => {
                write!(f, "an action can't contain `{}`", c.escape_debug())
            }
        }
    }
}

impl ActionPattern {
    /// Reads an action as it is written in a policy. Offsets in reasons count from the start of `text`.
    pub fn parse(text: &str) -> ActionPattern {
        if text.is_empty() {
            return ActionPattern::Malformed(MalformedAction::Empty);
        }
        if text.bytes().all(|b| b == b'*') {
            return ActionPattern::Star;
        }
        let strange = |c: &char| {
            !c.is_ascii_alphanumeric() && !matches!(c, ':' | '-' | '_' | '.' | '*' | '?')
        };
        if let Some((at, c)) = text.char_indices().find(|(_, c)| strange(c)) {
            return ActionPattern::Malformed(MalformedAction::Character(c, at));
        }
        let Some((service, name)) = text.split_once(':') else {
            return ActionPattern::Malformed(MalformedAction::NoColon);
        };
        let colon = service.len();
        let reason = match (service, name, name.find(':')) {
            ("", _, _) => MalformedAction::NoService,
            (_, "", _) => MalformedAction::NoName,
            (_, _, Some(at)) => MalformedAction::SecondColon(colon + 1 + at),
            _ if text == "*:*" => return ActionPattern::Star,
            _ => {
                return ActionPattern::Named(NamedAction {
                    text: text.to_owned(),
                    colon,
                });
            }
        };
        ActionPattern::Malformed(reason)
    }

    /// Reads a resolved text; one with holes is [`ActionPattern::Unknown`].
    pub fn from_pattern(pattern: &Pattern) -> ActionPattern {
        match pattern.has_holes() {
            true => ActionPattern::Unknown,
            false => ActionPattern::parse(pattern.raw()),
        }
    }

    /// The service and the name, if it has them.
    pub fn named(&self) -> Option<&NamedAction> {
        match self {
            ActionPattern::Named(named) => Some(named),
            _ => None,
        }
    }

    /// True for `*`, and where a `*` or `?` stands in it.
    pub fn has_wildcards(&self) -> bool {
        match self {
            ActionPattern::Star => true,
            ActionPattern::Named(named) => named.has_wildcards(),
            ActionPattern::Unknown | ActionPattern::Malformed(_) => false,
        }
    }

    /// Whether it stands for this action.
    pub fn matches(&self, action: Action) -> bool {
        match self {
            ActionPattern::Star => true,
            ActionPattern::Named(named) => named.matches(action),
            ActionPattern::Unknown | ActionPattern::Malformed(_) => false,
        }
    }

    /// The actions it stands for, in the order of their full names. `*` is every action there is.
    pub fn expand(&self) -> Vec<Action> {
        match self {
            ActionPattern::Star => catalog().actions().collect(),
            ActionPattern::Named(named) => catalog()
                .actions_matching(named.service(), named.name())
                .collect(),
            ActionPattern::Unknown | ActionPattern::Malformed(_) => Vec::new(),
        }
    }

    /// Whether it stands for everything that `other` stands for, also for actions that AWS has yet to make.
    pub fn covers(&self, other: &ActionPattern) -> bool {
        match (self, other) {
            (ActionPattern::Star, ActionPattern::Star | ActionPattern::Named(_)) => true,
            (ActionPattern::Named(a), ActionPattern::Named(b)) => a.covers(b),
            _ => false,
        }
    }

    /// The text as it was written; `*` for [`ActionPattern::Star`], empty where it isn't known.
    pub fn text(&self) -> &str {
        match self {
            ActionPattern::Star => "*",
            ActionPattern::Named(named) => &named.text,
            ActionPattern::Unknown | ActionPattern::Malformed(_) => "",
        }
    }
}

impl NamedAction {
    fn matches(&self, action: Action) -> bool {
        let (own, prefix) = (self.service(), action.service().prefix());
        let first = |text: &str| text.bytes().next().unwrap_or_default();
        // Most are of another service.
        let is_other =
            first(own).is_ascii_alphanumeric() && !first(own).eq_ignore_ascii_case(&first(prefix));
        !is_other && wildcard_matches(own, prefix) && wildcard_matches(self.name(), action.name())
    }

    /// What stands before the colon, as written.
    pub fn service(&self) -> &str {
        &self.text[..self.colon]
    }

    /// What stands behind the colon, as written.
    pub fn name(&self) -> &str {
        &self.text[self.colon + 1..]
    }

    /// The whole, as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The byte offset of the colon.
    pub fn colon(&self) -> usize {
        self.colon
    }

    /// True if a `*` or `?` stands in it.
    pub fn has_wildcards(&self) -> bool {
        self.text.contains(['*', '?'])
    }

    /// True if a wildcard stands in the service's prefix.
    pub fn has_service_wildcards(&self) -> bool {
        self.service().contains(['*', '?'])
    }

    /// The one action it names; `None` if it has wildcards or names none.
    pub fn action(&self) -> Option<Action> {
        match self.has_wildcards() {
            true => None,
            false => catalog().action(self.service(), self.name()),
        }
    }

    fn covers(&self, other: &NamedAction) -> bool {
        if !self.has_wildcards() {
            return self.text.eq_ignore_ascii_case(&other.text);
        }
        if !other.has_wildcards() {
            return wildcard_matches(self.service(), other.service())
                && wildcard_matches(self.name(), other.name());
        }
        covers_text(self.service(), other.service()) && covers_text(self.name(), other.name())
    }
}

impl PartialEq for NamedAction {
    fn eq(&self, other: &NamedAction) -> bool {
        self.text.eq_ignore_ascii_case(&other.text)
    }
}

impl Eq for NamedAction {}

impl std::hash::Hash for NamedAction {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        // Piece by piece in lower case: this is asked for often, and a copy of the text would cost more than the rest.
        let mut lower = [0; 32];
        for piece in self.text.as_bytes().chunks(lower.len()) {
            if let Some(lower) = lower.get_mut(..piece.len()) {
                lower.copy_from_slice(piece);
                lower.make_ascii_lowercase();
                state.write(lower);
            }
        }
        state.write_u8(0xff);
    }
}

fn covers_text(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    let (a, b): (Vec<Symbol<'_>>, Vec<Symbol<'_>>) = (pattern::symbols(&a), pattern::symbols(&b));
    glob::covers(&a, &b)
}

/// Whether a statement with these elements is about an action. A statement has one of them: with `not_actions` it is
/// about every action they don't stand for.
///
/// Entries that aren't known or malformed stand for nothing, so with `not_actions` the answer errs on the wide side.
pub fn grants(actions: &[ActionPattern], not_actions: &[ActionPattern], action: Action) -> bool {
    match not_actions.is_empty() {
        true => actions.iter().any(|pattern| pattern.matches(action)),
        false => !not_actions.iter().any(|pattern| pattern.matches(action)),
    }
}

/// The actions a statement with these elements is about, in the order of their full names, each once.
pub fn granted(actions: &[ActionPattern], not_actions: &[ActionPattern]) -> Vec<Action> {
    if !not_actions.is_empty() {
        return catalog()
            .actions()
            .filter(|action| grants(actions, not_actions, *action))
            .collect();
    }
    if actions.contains(&ActionPattern::Star) {
        return catalog().actions().collect();
    }
    let mut granted: Vec<Action> = actions.iter().flat_map(ActionPattern::expand).collect();
    granted.sort_unstable();
    granted.dedup();
    granted
}

/// Whether a list stands for every action that an entry stands for, one by one and by what the catalog has: a list of all
/// actions of a wildcard is as good as the wildcard. Of services that the catalog doesn't know, by the texts.
pub fn takes_all(list: &[ActionPattern], entry: &ActionPattern) -> Tri {
    let open = match list.contains(&ActionPattern::Unknown) {
        true => Tri::Maybe,
        false => Tri::No,
    };
    match entry {
        _ if list.contains(&ActionPattern::Star) => return Tri::Yes,
        ActionPattern::Unknown => return Tri::Maybe,
        // It stands for nothing.
        ActionPattern::Malformed(_) => return Tri::Yes,
        _ if list.iter().any(|own| own.covers(entry)) => return Tri::Yes,
        ActionPattern::Star | ActionPattern::Named(_) => {}
    }
    let actions = entry.expand();
    if actions.is_empty() {
        let lower = |it: &ActionPattern| Pattern::literal(&it.text().to_ascii_lowercase());
        let list: Vec<Pattern> = list.iter().map(lower).collect();
        let list: Vec<&Pattern> = list.iter().collect();
        return lower(entry).is_within(&list, Texts::Any).whether.or(open);
    }
    let taken = |action: &Action| list.iter().any(|own| own.matches(*action));
    match actions.iter().all(taken) {
        true => Tri::Yes,
        false => open,
    }
}

/// An entry of a list that another one makes needless, by their places in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Redundant {
    /// The needless one.
    pub entry: usize,
    /// The one that stands for all that it stands for.
    pub covered_by: usize,
}

/// The entries of a list of actions that others make needless. Of equal entries the first stays.
pub fn redundant<P: Borrow<ActionPattern>>(actions: &[P]) -> Vec<Redundant> {
    // Most lists are so short that looking through them costs less than a table.
    const SHORT: usize = 16;
    let short = actions.len() <= SHORT;
    let mut first: HashMap<&ActionPattern, usize> = HashMap::new();
    let mut wild: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, pattern) in actions.iter().map(Borrow::borrow).enumerate() {
        if pattern.text().is_empty() {
            continue;
        }
        if !short {
            first.entry(pattern).or_insert(at);
        }
        if pattern.has_wildcards() {
            wild.entry(bucket(pattern)).or_default().push(at);
        }
    }
    let mut found = Vec::new();
    let mut left = REDUNDANT_COMPARISONS;
    for (entry, pattern) in actions.iter().map(Borrow::borrow).enumerate() {
        if pattern.text().is_empty() {
            continue;
        }
        let equal = match short {
            true => actions.iter().position(|other| other.borrow() == pattern),
            false => first.get(pattern).copied(),
        };
        if let Some(covered_by) = equal.filter(|first| *first != entry) {
            found.push(Redundant { entry, covered_by });
            continue;
        }
        if wild.is_empty() {
            continue;
        }
        let own = bucket(pattern);
        let near = [own.as_str(), ""]
            .into_iter()
            .take(if own.is_empty() { 1 } else { 2 })
            .filter_map(|bucket| wild.get(bucket))
            .flatten()
            .copied();
        for covered_by in near {
            left = left.saturating_sub(1);
            if left == 0 {
                return found;
            }
            let Some(other) = actions.get(covered_by).map(Borrow::borrow) else {
                continue;
            };
            let mutual = || pattern.covers(other) && covered_by > entry;
            if covered_by != entry && other.covers(pattern) && !mutual() {
                found.push(Redundant { entry, covered_by });
                break;
            }
        }
    }
    found
}

/// Entries of one service can only be covered by entries of the same bucket or by those of the bucket "".
fn bucket(pattern: &ActionPattern) -> String {
    match pattern {
        ActionPattern::Named(named) if !named.has_service_wildcards() => {
            named.service().to_ascii_lowercase()
        }
        _ => String::new(),
    }
}
