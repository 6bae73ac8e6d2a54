//! What a list of actions has, asked for many entries.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use leastwise_catalog::Action;
use leastwise_model::{Item, List};
use leastwise_policy::ActionPattern;

use crate::work;

/// The actions that a list takes in.
pub(crate) struct ActionList<'a> {
    list: &'a List,
    /// All that it has, and what it always has.
    all: Part<'a>,
    always: Part<'a>,
}

/// What some of its items take in.
#[derive(Default)]
struct Part<'a> {
    read: OnceCell<Read<'a>>,
    /// What was asked of the patterns; there are only as many actions as AWS has.
    asked: RefCell<HashMap<Action, bool>>,
}

#[derive(Default)]
struct Read<'a> {
    named: HashSet<Action>,
    /// Those with wildcards.
    patterns: Vec<&'a ActionPattern>,
}

impl<'a> ActionList<'a> {
    pub(crate) fn of(list: &'a List) -> ActionList<'a> {
        ActionList {
            list,
            all: Part::default(),
            always: Part::default(),
        }
    }

    /// Whether the list takes an action in.
    pub(crate) fn has(&self, action: Action) -> bool {
        self.all.has(action, || self.items().collect())
    }

    /// Whether it does so under every condition of a template.
    pub(crate) fn always_has(&self, action: Action) -> bool {
        let items = self.items();
        self.always
            .has(action, || items.filter(|of| of.branch.is_empty()).collect())
    }

    fn items(&self) -> impl Iterator<Item = &'a Item> + use<'a> {
        self.list.items.iter()
    }
}

impl<'a> Part<'a> {
    fn has(&self, action: Action, items: impl FnOnce() -> Vec<&'a Item>) -> bool {
        let read = self.read.get_or_init(|| Read::of(&items()));
        if read.named.contains(&action) {
            return true;
        }
        let mut asked = self.asked.borrow_mut();
        *asked.entry(action).or_insert_with(|| {
            work::did(read.patterns.len());
            read.patterns.iter().any(|of| of.matches(action))
        })
    }
}

impl<'a> Read<'a> {
    fn of(items: &[&'a Item]) -> Read<'a> {
        work::did(items.len());
        let mut read = Read::default();
        for pattern in items.iter().filter_map(|of| of.action.as_ref()) {
            match pattern {
                ActionPattern::Named(one) if !one.has_wildcards() => {
                    read.named.extend(one.action());
                }
                pattern => read.patterns.push(pattern),
            }
        }
        read
    }
}
