//! What one text costs. Functions and references may each stand for two of the next, and short ones for long texts; so
//! steps and bytes are counted for a text, wherever it leads, and what is left once there are too many isn't known.

use std::cell::Cell;

use super::value::length;
use super::{Alternative, Resolver};
use crate::limits::{BYTES_OF_A_STEP, OWN_STEPS_OF_A_TEXT, STEPS_OF_A_TEXT};

/// How many steps were taken for a text.
#[derive(Debug, Default)]
pub struct Spent(Cell<usize>);

impl Resolver<'_> {
    /// Works something out, and counts its cost as a part of the text that it is for, or by itself.
    pub(crate) fn counted<T>(&self, make: impl FnOnce(&Resolver<'_>) -> T) -> T {
        if self.spent.is_some() {
            return make(self);
        }
        let spent = Spent::default();
        make(&Resolver {
            spent: Some(&spent),
            ..*self
        })
    }

    /// Takes a step, where one is left.
    pub(crate) fn steps_on(&self) -> bool {
        let goes_on = self.spend(1);
        if !goes_on {
            self.too_deep();
        }
        goes_on
    }

    /// Counts what values take that were worked out.
    pub(crate) fn spend_on(&self, values: &[Alternative]) {
        let lengths = values.iter().map(|(value, conditions)| {
            let names = conditions.iter().map(|(name, _)| name.len());
            length(value) + names.sum::<usize>()
        });
        self.spend_bytes(lengths.sum());
    }

    /// Counts bytes that are put together.
    pub(crate) fn spend_bytes(&self, bytes: usize) {
        self.spend(bytes / BYTES_OF_A_STEP);
    }

    /// Whether steps are left for them.
    fn spend(&self, steps: usize) -> bool {
        let Some(Spent(spent)) = self.spent else {
            return true;
        };
        crate::work::did(steps);
        let before = spent.get();
        let now = before.saturating_add(steps);
        spent.set(now);
        if now <= OWN_STEPS_OF_A_TEXT {
            return true;
        }
        // What ordinary texts cost counts for themselves, so that a file may have as many as it likes.
        let beyond = now - before.max(OWN_STEPS_OF_A_TEXT);
        let in_file = self
            .surroundings
            .is_none_or(|surroundings| surroundings.spend(beyond));
        now <= STEPS_OF_A_TEXT && in_file
    }
}
