//! What decides whether a text is there at all, and values that can't be there when it is: the empty ARN that a caller
//! gives together with the condition that leaves the statement out.
//!
//! A value that a guard excludes is judged by nobody: what it is made of becomes a hole, or, of several values, the one is
//! dropped. Only a guard that is surely not met excludes anything, and only values that have to do with it: those that
//! depend on what the guard depends on, and those that are empty, which nobody gives for what is to be there.

use leastwise_model::guard::Guard;
use leastwise_model::resolved::Resolved;
use leastwise_model::text::{Part, Text};

use super::names::Met;
use super::notes::{NameKey, Note, Notes, Pin};
use super::{PassedValues, Resolver};
use crate::limits::VALUES_OF_A_TEXT;

/// The guards of a text.
struct Guards<'a> {
    /// Those that it stands within.
    around: Vec<Guard>,
    /// Those of each policy that it becomes a part of.
    uses: &'a [Vec<Guard>],
    /// Those of all of the file.
    outside: Vec<Guard>,
}

impl Guards<'_> {
    fn is_empty(&self) -> bool {
        let none = |guards: &[Guard]| guards.iter().all(|guard| *guard == Guard::Filled);
        let is_used_always = self.uses.is_empty() || self.uses.iter().any(|of| none(of));
        none(&self.around) && none(&self.outside) && is_used_always
    }
}

impl<'a> Resolver<'a> {
    /// The values of a text that can be there when the text is.
    pub(super) fn guarded(&self, text: &Text) -> Vec<Resolved> {
        let depends = |part: &Part| !matches!(part, Part::Literal { .. } | Part::Given { .. });
        if !text.parts.iter().any(depends) {
            return self.text(text, 0);
        }
        let guards = Guards {
            around: self
                .notation()
                .guards(self.tree, text.node, self.names.file()),
            uses: self
                .surroundings
                .map_or(&[], |around| around.uses_around(self.tree, text.node)),
            outside: self.names.guards_outside(self.tree),
        };
        let mut values = self.in_worlds(text, &guards);
        if guards.around.contains(&Guard::Filled) {
            let is_filled = |value: &Resolved| {
                !value.left_out && value.pattern.as_literal().as_deref() != Some("")
            };
            values.retain(is_filled);
        }
        // Where a condition that isn't known leaves it out, the rest is left out, too, or there was none for it to be.
        if !self.defaults && values.iter().any(|value| !value.left_out) {
            values.retain(|value| !value.left_out);
        }
        // The condition that the text is there under decides what is chosen by the same one.
        let is_met = |value: &Resolved| {
            let mut conditions = value.conditions.iter();
            conditions
                .all(|(name, holds)| !guards.around.contains(&Guard::Named(name.clone(), !holds)))
        };
        if values.iter().any(is_met) {
            values.retain(is_met);
        }
        values
    }

    /// The values of a text, each judged by what the guards are where it has that value.
    fn in_worlds(&self, text: &Text, guards: &Guards<'_>) -> Vec<Resolved> {
        let (values, own) = self.noted(|resolver| resolver.text(text, 0));
        let chosen = values.iter().any(|value| !value.conditions.is_empty());
        if own.is_empty() || guards.is_empty() && !chosen {
            return values;
        }
        let each = self.passed.map_or(&[][..], PassedValues::variants);
        if !each.is_empty() {
            let world = |passed| Resolver {
                passed: Some(passed),
                ..*self
            };
            let worlds = each
                .iter()
                .map(|passed| world(passed).in_world(text, guards));
            return self.joined(text, worlds.collect());
        }
        let Some(several) = own.iter().find(|note| note.count > 1) else {
            return self.joined(text, vec![self.in_world(text, guards)]);
        };
        let worlds = (0..several.count.min(VALUES_OF_A_TEXT)).map(|index| {
            let pins = self.with_pins([(several.name.clone(), Pin::Only(index))]);
            let world = Resolver {
                pins: &pins,
                ..*self
            };
            world.in_world(text, guards)
        });
        self.joined(text, worlds.collect())
    }

    /// The values of a text, or the names without which it would have values that its guards exclude.
    fn in_world(&self, text: &Text, guards: &Guards<'_>) -> Result<Vec<Resolved>, Vec<NameKey>> {
        let (values, own) = self.noted(|resolver| resolver.text(text, 0));
        self.excluded(&own, guards).map_or(Ok(values), Err)
    }

    /// The values of all worlds in which the text is there. Where it is in none, it has what isn't excluded of it.
    fn joined(
        &self,
        text: &Text,
        worlds: Vec<Result<Vec<Resolved>, Vec<NameKey>>>,
    ) -> Vec<Resolved> {
        let mut found: Vec<Resolved> = Vec::new();
        let mut excluded: Vec<NameKey> = Vec::new();
        let mut is_there = false;
        for world in worlds {
            match world {
                Ok(values) => {
                    is_there = true;
                    for value in values {
                        if found.contains(&value) {
                            continue;
                        }
                        match found.len() < VALUES_OF_A_TEXT {
                            true => found.push(value),
                            false => self.tried_in_part(),
                        }
                    }
                }
                Err(names) => excluded.extend(names),
            }
        }
        match is_there {
            true => found,
            false => self.without(excluded, |resolver| resolver.text(text, 0)),
        }
    }

    /// Works something out, and which names were read for it.
    fn noted<T>(&self, make: impl FnOnce(&Resolver<'_>) -> T) -> (T, Vec<Note>) {
        let notes = Notes::default();
        let made = make(&Resolver {
            notes: Some(&notes),
            ..*self
        });
        (made, notes.taken())
    }

    fn with_pins(&self, more: impl IntoIterator<Item = (NameKey, Pin)>) -> Vec<(NameKey, Pin)> {
        more.into_iter().chain(self.pins.iter().cloned()).collect()
    }

    /// Works something out with some names unknown.
    fn without<T>(&self, names: Vec<NameKey>, make: impl FnOnce(&Resolver<'_>) -> T) -> T {
        let pins = self.with_pins(names.into_iter().map(|name| (name, Pin::Hole)));
        make(&Resolver {
            pins: &pins,
            ..*self
        })
    }

    /// The names without which a value is as it may be when its text is there; `None` where no guard excludes it. `own`
    /// are those that it depends on.
    fn excluded(&self, own: &[Note], guards: &Guards<'_>) -> Option<Vec<NameKey>> {
        let by_any = |of: &[Guard], outside: bool| {
            let mut guards = of.iter();
            guards.find_map(|guard| self.excluded_by(own, guard, outside))
        };
        let alone = by_any(&guards.around, false).or_else(|| by_any(&guards.outside, true));
        if alone.is_some() || guards.uses.is_empty() {
            return alone;
        }
        // Where one of the policies that it gets into is there, so is the value.
        let mut names = Vec::new();
        for of in guards.uses {
            names.extend(by_any(of, false)?);
        }
        Some(names)
    }

    fn excluded_by(&self, own: &[Note], guard: &Guard, outside: bool) -> Option<Vec<NameKey>> {
        let (met, of_guard) = self.noted(|resolver| resolver.is_met(guard, outside));
        let is_sure = match met? {
            Met::Surely(false) => true,
            Met::WithDefaults(false) => false,
            Met::Surely(true) | Met::WithDefaults(true) => return None,
        };
        // Where defaults leave the text out, something else is given for it to be there: for what the guard reads.
        let decides = |note: &&Note| {
            is_sure && note.empty || of_guard.iter().any(|other| other.name == note.name)
        };
        let names: Vec<NameKey> = own
            .iter()
            .filter(decides)
            .map(|note| note.name.clone())
            .collect();
        (!names.is_empty()).then_some(names)
    }

    /// Whether a guard is met.
    fn is_met(&self, guard: &Guard, outside: bool) -> Option<Met> {
        match guard {
            Guard::Filled => None,
            guard => self.names.is_met(self, guard, outside),
        }
    }
}
