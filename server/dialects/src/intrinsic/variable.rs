//! Names: those that AWS gives values, those that the config knows, and those of the file's dialect.

use crate::limits::{DEPTH_OF_A_REFERENCE, DEPTH_OF_FUNCTIONS, VALUES_OF_A_TEXT};
use crate::resolve::notes::{Pin, pinned};
use crate::resolve::value::{is_empty, known, unknown};
use crate::resolve::{Alternative, Resolver, TextValue};

impl Resolver<'_> {
    /// What a name stands for: `${Name}` or `Ref: Name`. The config counts before the file's own defaults.
    pub fn variable(&self, name: &str, depth: u32) -> Vec<Alternative> {
        self.counted(|of| {
            let values = of.of_name(name, depth);
            of.spend_on(&values);
            values
        })
    }

    fn of_name(&self, name: &str, depth: u32) -> Vec<Alternative> {
        if depth > DEPTH_OF_FUNCTIONS {
            self.too_deep();
            return unknown(name);
        }
        if !self.steps_on() {
            return unknown(name);
        }
        let depth = depth + DEPTH_OF_A_REFERENCE;
        if let Some(own) = self.names.name(self, name, depth) {
            return own;
        }
        if name == "AWS::NoValue" {
            return vec![(TextValue::Nothing, Vec::new())];
        }
        if name.starts_with("AWS::") {
            return self
                .environment
                .pseudo(name)
                .map_or_else(|| unknown(name), |value| vec![known(value)]);
        }
        self.of_somebody(name, depth)
    }

    /// An attribute of what a name declares.
    pub fn attribute(&self, name: &str, attribute: &str, depth: u32) -> Vec<Alternative> {
        let label = || format!("{name}.{attribute}");
        if depth > DEPTH_OF_FUNCTIONS {
            self.too_deep();
            return unknown(label());
        }
        self.counted(|of| {
            if !of.steps_on() {
                return unknown(label());
            }
            let depth = depth + DEPTH_OF_A_REFERENCE;
            let own = of.names.attribute(of, name, attribute, depth);
            let values = own.unwrap_or_else(|| unknown(label()));
            of.spend_on(&values);
            values
        })
    }

    /// The values of a name that somebody may give some, unless it is taken for something else.
    fn of_somebody(&self, name: &str, depth: u32) -> Vec<Alternative> {
        let pin = pinned(self.pins, 0, name);
        if pin == Some(Pin::Hole) {
            return unknown(name);
        }
        let mut values = match self.passed.and_then(|passed| passed.get(name)) {
            Some(values) => self.given(name, values, depth),
            None => self.unless_given(name, depth),
        };
        if let Some(Pin::Only(index)) = pin
            && index < values.len()
        {
            values = vec![values.swap_remove(index)];
        }
        if let Some(notes) = self.notes {
            notes.add((0, name.to_owned()), is_empty(&values), values.len());
        }
        values
    }

    /// The values that other files give to a name.
    fn given(&self, name: &str, values: &[TextValue], depth: u32) -> Vec<Alternative> {
        let mut found = Vec::new();
        for value in values {
            match value {
                // One that leaves it as it is.
                TextValue::Nothing => found.extend(self.unless_given(name, depth)),
                value => found.push((value.clone(), Vec::new())),
            }
        }
        self.as_many_as_are_tried(&mut found);
        found
    }

    /// What a name stands for that no other file gives a value.
    fn unless_given(&self, name: &str, depth: u32) -> Vec<Alternative> {
        let values = self.environment.variable(self.config, name);
        if !values.is_empty() {
            if values.len() > VALUES_OF_A_TEXT {
                self.tried_in_part();
            }
            return values
                .iter()
                .take(VALUES_OF_A_TEXT)
                .map(|value| known(value))
                .collect();
        }
        if self.config.is_prefix_variable(name)
            && let Some(prefix) = &self.config.prefix
        {
            return vec![known(prefix)];
        }
        if let Some(account) = self.config.account_by_variable(name) {
            return vec![known(&account.id)];
        }
        let own = self.names.by_default(self, name, depth);
        own.unwrap_or_else(|| unknown(name))
    }
}
