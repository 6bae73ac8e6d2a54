//! What was worked out for the entries of one statement, for all others that have the same: a file has few wildcards, in many
//! statements, and each fix of each asks once more.

use std::sync::{Arc, OnceLock};

use leastwise_catalog::Action;
use leastwise_policy::ActionPattern;
use leastwise_syntax::NodeId;

use super::choice::{Breadth, Chosen, Entry, choose};
use super::judged_actions::is_of_services;
use super::star_only;
use crate::Context;
use crate::support::answers::Answers;

/// What is kept of one look at a file. All of it hangs on the texts of the entries, and on the environments.
#[derive(Default)]
pub(super) struct WorkedOut {
    stands: Answers<String, Stands>,
    chosen: Answers<Question, Option<Arc<Chosen>>>,
    named: Answers<(Question, Moved), Arc<Named>>,
    /// What is taken away of all that was there, by the ARNs that it is left on.
    pub lost: Answers<(Question, Moved, Vec<String>), Lost>,
    /// How long policies are.
    pub lengths: Answers<NodeId, usize>,
}

/// The texts of the entries that are narrowed, and how far.
pub(super) type Question = (Breadth, Vec<String>);

/// Actions, each with how it is said what is taken away of it.
pub(super) type Lost = Arc<[(Action, String)]>;

/// The texts of entries that are moved as they are, each with how many of the narrowed ones stand before it.
pub(super) type Moved = Vec<(usize, String)>;

/// What a pattern stands for.
#[derive(Clone)]
pub(super) struct Stands {
    /// What takes no resource.
    pub none: Arc<[Action]>,
    /// What works on others' resources.
    pub others: Arc<[Action]>,
    /// What works on the app's.
    pub limited: Arc<[Action]>,
}

/// What becomes of what takes no resource.
pub(super) struct Named {
    /// What wildcards stand for of it, in few lines.
    pub names: Vec<String>,
    /// What isn't kept.
    pub dropped: Vec<Action>,
    /// What is said of what only lists.
    pub listing: OnceLock<Option<String>>,
}

impl WorkedOut {
    /// That of a file.
    pub fn of(context: &Context<'_>) -> Arc<WorkedOut> {
        context.analysis.cache.get()
    }

    /// What a pattern stands for.
    pub fn stands(&self, context: &Context<'_>, pattern: &ActionPattern) -> Stands {
        self.stands.get(context, pattern.text().to_owned(), || {
            let (none, limited): (Vec<Action>, Vec<Action>) = pattern
                .expand()
                .into_iter()
                .partition(|action| star_only::takes_none(*action));
            let (others, limited): (Vec<Action>, Vec<Action>) = limited
                .into_iter()
                .partition(|action| is_of_others(context, *action));
            Stands {
                none: none.into(),
                others: others.into(),
                limited: limited.into(),
            }
        })
    }

    /// What the entries are narrowed to: [`choose`].
    pub fn chosen(&self, entries: &[Entry<'_>], breadth: Breadth) -> Option<Arc<Chosen>> {
        self.chosen.of_values(question(entries, breadth), || {
            choose(entries, breadth).map(Arc::new)
        })
    }

    /// What becomes of what takes no resource, beside entries that are moved as they are.
    pub fn named(
        &self,
        question: Question,
        moved: Moved,
        work_out: impl FnOnce() -> Named,
    ) -> Arc<Named> {
        self.named
            .of_values((question, moved), || Arc::new(work_out()))
    }
}

/// What is asked of entries.
pub(super) fn question(entries: &[Entry<'_>], breadth: Breadth) -> Question {
    let texts = entries
        .iter()
        .filter_map(|entry| entry.item.action.as_ref());
    (
        breadth,
        texts.map(|action| action.text().to_owned()).collect(),
    )
}

/// Whether an action works on what never has the app's prefix, or needn't be in an account of its own.
fn is_of_others(context: &Context<'_>, action: Action) -> bool {
    match action.service().prefix() {
        "iam" => is_of_services(action),
        // Who has several accounts assumes roles from one in another.
        "sts" => {
            let accounts = context.analysis.environments.iter();
            let mut accounts = accounts.filter_map(|of| of.account.as_deref());
            let first = accounts.next();
            first.is_some() && accounts.any(|other| Some(other) != first)
        }
        _ => false,
    }
}
