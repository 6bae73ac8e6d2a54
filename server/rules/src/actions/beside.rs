//! What a list of actions has, asked for many entries.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use leastwise_catalog::Action;
use leastwise_policy::ActionPattern;
use leastwise_workspace::model::List;

use crate::work;

/// The actions that a list takes in.
pub(super) struct Beside<'a> {
    list: &'a List,
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

impl<'a> Beside<'a> {
    pub(super) fn of(list: &'a List) -> Beside<'a> {
        Beside {
            list,
            read: OnceCell::new(),
            asked: RefCell::default(),
        }
    }

    /// Whether the list takes an action in.
    pub(super) fn has(&self, action: Action) -> bool {
        let read = self.read.get_or_init(|| self.read());
        if read.named.contains(&action) {
            return true;
        }
        let mut asked = self.asked.borrow_mut();
        *asked.entry(action).or_insert_with(|| {
            work::did(read.patterns.len());
            read.patterns.iter().any(|of| of.matches(action))
        })
    }

    fn read(&self) -> Read<'a> {
        work::did(self.list.items.len());
        let mut read = Read::default();
        for pattern in self.list.items.iter().filter_map(|of| of.action.as_ref()) {
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
