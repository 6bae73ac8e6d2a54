//! What a list of actions has, asked for many entries.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use leastwise_catalog::Action;
use leastwise_model::{Item, List, Statement};
use leastwise_policy::ActionPattern;
use leastwise_syntax::NodeId;

use crate::support::answers::Answers;
use crate::{Context, for_fixes, work};

/// The actions that a list takes in.
pub(crate) struct ActionList<'a> {
    list: &'a List,
    all: OnceCell<TakenIn>,
}

impl<'a> ActionList<'a> {
    pub(crate) fn of(list: &'a List) -> ActionList<'a> {
        ActionList {
            list,
            all: OnceCell::new(),
        }
    }

    /// Whether the list takes an action in.
    pub(crate) fn has(&self, action: Action) -> bool {
        let all = || TakenIn::by(self.list.items.iter());
        self.all.get_or_init(all).has(action)
    }
}

/// What some items take in.
#[derive(Default)]
pub(crate) struct TakenIn {
    named: HashSet<Action>,
    /// Those with wildcards.
    patterns: Vec<ActionPattern>,
    /// What was asked of these; there are only as many actions as AWS has.
    asked: Mutex<HashMap<Action, bool>>,
}

impl TakenIn {
    fn by<'a>(items: impl Iterator<Item = &'a Item>) -> TakenIn {
        let mut taken = TakenIn::default();
        for item in items {
            work::did(1);
            match &item.action {
                Some(ActionPattern::Named(one)) if !one.has_wildcards() => {
                    taken.named.extend(one.action());
                }
                Some(pattern) => taken.patterns.push(pattern.clone()),
                None => {}
            }
        }
        taken
    }

    /// Whether an action is among it.
    pub(crate) fn has(&self, action: Action) -> bool {
        if self.named.contains(&action) {
            return true;
        }
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        *asked.entry(action).or_insert_with(|| {
            work::did(self.patterns.len());
            self.patterns.iter().any(|of| of.matches(action))
        })
    }
}

/// What the lists of statements always take in, by the statement and whether it is the list of what is left out. It is kept with
/// the analysis.
#[derive(Default)]
struct AlwaysTakenIn(Answers<(NodeId, bool), Arc<TakenIn>>);

/// What a statement's `Action` takes in under every condition of a template, or its `NotAction`.
pub(crate) fn always_taken_in(
    context: &Context<'_>,
    statement: NodeId,
    left_out: bool,
) -> Arc<TakenIn> {
    for_fixes::did();
    let known = context.analysis.cache.get::<AlwaysTakenIn>();
    known.0.get(context, (statement, left_out), || {
        let found = context.granting(statement);
        let list = |of: &'_ Statement| -> Arc<TakenIn> {
            let list = match left_out {
                true => &of.not_action,
                false => &of.action,
            };
            let items = list.known().map_or(&[][..], |list| &list.items).iter();
            Arc::new(TakenIn::by(items.filter(|of| of.branch.is_empty())))
        };
        found.map_or_else(Arc::default, |(_, of)| list(of))
    })
}
