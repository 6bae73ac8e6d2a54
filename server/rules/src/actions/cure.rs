//! What may be done about an entry that isn't what was meant.

use std::sync::Arc;

use leastwise_catalog::{Action, Service, catalog};
use leastwise_syntax::write::Edit;

use super::effect::may_fit;
use super::{Replacement, named};
use crate::support::action_entry::{ActionEntry, Grant, always_taken_in};
use crate::support::lists::stands_in;
use crate::{Context, Finding, Fix, LazyFix, Safety, for_fixes};

/// What may be done about an entry: data of a fact, of which fixes are made.
#[derive(Clone)]
pub(super) enum Cure {
    /// These were meant, and stand beside it; whether it is plain that they were.
    Remove(Replacement, Vec<Action>, Plain),
    /// These actions were meant; whether it is plain that they were.
    Replace(Vec<String>, Replacement, Plain),
}

/// Whether it is plain that some actions were meant.
#[derive(Clone)]
pub(super) enum Plain {
    /// AWS says which these are.
    Known(bool),
    /// It is told from their names.
    Guessed(bool),
    /// Where of several it is the only one that may work on what the statement names.
    OnlyFitting { meant: Action, of: Arc<[Action]> },
}

impl From<bool> for Plain {
    fn from(plain: bool) -> Plain {
        Plain::Known(plain)
    }
}

impl Plain {
    /// Whether it is, where these take the place of an entry.
    fn holds(&self, context: &Context<'_>, entry: Replacement) -> bool {
        let (meant, of) = match self {
            Plain::Known(plain) | Plain::Guessed(plain) => return *plain,
            Plain::OnlyFitting { meant, of } => (meant, of),
        };
        let Some((_, statement)) = context.granting(entry.statement) else {
            return false;
        };
        let fits = |action: &&Action| may_fit(context, statement, entry.grant, &[**action]);
        let mut fitting = of.iter().filter(fits);
        fitting.next() == Some(meant) && fitting.next().is_none()
    }
}

/// Whether a text begins the name of an action: what somebody is still writing, perhaps.
fn begins_an_action(text: &str) -> bool {
    let Some((prefix, begun)) = text.split_once(':') else {
        return true;
    };
    let begun = begun.to_ascii_lowercase();
    let service = catalog().service(prefix);
    let mut actions = service.into_iter().flat_map(Service::actions);
    actions.any(|action| action.name().to_ascii_lowercase().starts_with(&begun))
}

/// Whether what is left surely says the same without an entry: where what was meant is always beside it, the statement allows,
/// and nothing but the entry goes.
fn is_same_without(context: &Context<'_>, entry: Replacement, meant: &[Action]) -> bool {
    for_fixes::did();
    let (tree, list) = (context.tree, entry.list);
    let items = tree.items(list).unwrap_or_default();
    if entry.grant != Grant::Adds || items.len() < 2 || !stands_in(tree, list, entry.item) {
        return false;
    }
    let beside = always_taken_in(context, entry.statement, false);
    meant.iter().all(|action| beside.has(*action))
}

impl ActionEntry<'_> {
    /// What is to be done where these actions were meant: they take the entry's place, or it goes, since all of them stand beside
    /// it. `plain` says whether it is plain that they were meant.
    pub(super) fn cure(&self, actions: &[String], plain: impl Into<Plain>) -> Option<Cure> {
        let replacement = self.replacement().filter(|_| !actions.is_empty())?;
        // Where one action is due, a list is none.
        if self.permission.is_some() && actions.len() > 1 {
            return None;
        }
        let missing = actions.iter().filter(|action| !self.has_beside(action));
        let missing: Vec<String> = missing.cloned().collect();
        if missing.is_empty() {
            let meant = actions.iter().filter_map(|of| named(of)).collect();
            return Some(Cure::Remove(replacement, meant, plain.into()));
        }
        Some(Cure::Replace(missing, replacement, plain.into()))
    }

    /// What may be done where some of these actions are needed, and nobody says which: each is offered, and all of them. `plain`
    /// says that none but these can have been meant.
    pub(super) fn cures_by_one(&self, actions: &[String], plain: bool) -> Vec<Cure> {
        let (beside, others): (Vec<&String>, Vec<&String>) =
            actions.iter().partition(|action| self.has_beside(action));
        if others.is_empty() {
            return self.cure(actions, plain).into_iter().collect();
        }
        // What stands there may be all that is needed, which then takes one offer.
        let all = others.len() > 1;
        let offers = beside.into_iter().take(1).chain(others);
        let offers = offers
            .map(std::slice::from_ref)
            .chain(all.then_some(actions));
        offers
            .filter_map(|actions| self.cure(actions, false))
            .collect()
    }

    /// What puts this action in the entry's place, whatever stands beside it.
    pub(super) fn rename(&self, action: String, plain: bool) -> Option<Cure> {
        Some(Cure::Replace(
            vec![action],
            self.replacement()?,
            plain.into(),
        ))
    }
}

impl Cure {
    /// Says what to do, where that isn't what the finding says.
    pub(super) fn told(&self, finding: Finding) -> Finding {
        match self {
            Cure::Remove(..) => finding.help("Remove it: the intended action is already listed."),
            Cure::Replace(..) => finding,
        }
    }

    /// The fix that it is.
    pub(super) fn fix(&self, context: &Context<'_>) -> LazyFix {
        match self {
            Cure::Remove(entry, meant, plain) => {
                let (list, item) = (entry.list, entry.item);
                let is_plain = is_same_without(context, *entry, meant);
                let is_plain = is_plain && plain.holds(context, *entry);
                let text = context.tree.text(entry.node).unwrap_or_default();
                // What is taken for a slip may be half of a word that is meant.
                let safety = match (is_plain, plain) {
                    (true, _) if begins_an_action(text) => Safety::Manual,
                    (true, Plain::Known(_)) => Safety::Safe,
                    (true, _) => Safety::Unsafe,
                    (false, _) => Safety::Manual,
                };
                LazyFix::new("Remove it", safety, move |_| {
                    Some(Fix::new(vec![Edit::RemoveItem { list, item }]))
                })
            }
            Cure::Replace(actions, replacement, plain) => {
                let title = format!("Replace with {}", actions.join(", "));
                let plain = plain.holds(context, *replacement);
                replacement.fix(context, title, actions.clone(), plain)
            }
        }
    }
}
