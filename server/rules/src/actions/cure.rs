//! What may be done about an entry that isn't what was meant.

use leastwise_syntax::write::Edit;

use super::{Replacement, named};
use crate::support::action_entry::ActionEntry;
use crate::{Context, Finding, Fix, LazyFix, Safety};

/// What may be done about an entry: data of a fact, of which fixes are made.
#[derive(Clone)]
pub(super) enum Cure {
    /// What was meant stands beside it.
    Remove(Edit, Safety),
    /// These actions were meant; whether that is plain.
    Replace(Vec<String>, Replacement, bool),
}

impl ActionEntry<'_> {
    /// What is to be done where these actions were meant: they take the entry's place, or it goes, since all of them stand beside
    /// it. `plain` says that it is plain that they were meant.
    pub(super) fn cure(
        &self,
        context: &Context<'_>,
        actions: &[String],
        plain: bool,
    ) -> Option<Cure> {
        let replacement = self.replacement().filter(|_| !actions.is_empty())?;
        // Where one action is due, a list is none.
        if self.permission.is_some() && actions.len() > 1 {
            return None;
        }
        let missing = actions.iter().filter(|action| !self.has_beside(action));
        let missing: Vec<String> = missing.cloned().collect();
        if missing.is_empty() {
            let meant: Vec<_> = actions.iter().filter_map(|of| named(of)).collect();
            let (edit, same) = self.removal(context, &meant);
            let safety = match plain && same {
                true => Safety::Safe,
                false => Safety::Manual,
            };
            return Some(Cure::Remove(edit, safety));
        }
        Some(Cure::Replace(missing, replacement, plain))
    }

    /// What may be done where some of these actions are needed, and nobody says which: each is offered, and all of them. `plain`
    /// says that none but these can have been meant.
    pub(super) fn cures_by_one(
        &self,
        context: &Context<'_>,
        actions: &[String],
        plain: bool,
    ) -> Vec<Cure> {
        let (beside, others): (Vec<&String>, Vec<&String>) =
            actions.iter().partition(|action| self.has_beside(action));
        if others.is_empty() {
            return self.cure(context, actions, plain).into_iter().collect();
        }
        // What stands there may be all that is needed, which then takes one offer.
        let all = others.len() > 1;
        let offers = beside.into_iter().take(1).chain(others);
        let offers = offers
            .map(std::slice::from_ref)
            .chain(all.then_some(actions));
        offers
            .filter_map(|actions| self.cure(context, actions, false))
            .collect()
    }

    /// What puts this action in the entry's place, whatever stands beside it.
    pub(super) fn rename(&self, action: String, plain: bool) -> Option<Cure> {
        Some(Cure::Replace(vec![action], self.replacement()?, plain))
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
            Cure::Remove(edit, safety) => {
                let edit = edit.clone();
                LazyFix::new("Remove it", *safety, move |_| {
                    Some(Fix::new(vec![edit.clone()]))
                })
            }
            Cure::Replace(actions, replacement, plain) => replacement.fix(
                context,
                format!("Replace with {}", actions.join(", ")),
                actions.clone(),
                *plain,
            ),
        }
    }
}
