//! The values of a template's parameters where other templates give them.

use std::collections::HashMap;

use crate::resolve::Value;

/// The values of a template's parameters that stacks of other templates give them, by name, under one environment. A
/// parameter that isn't here has the value that it has in a template which stands alone.
#[derive(Clone, Debug, Default)]
pub struct Passed {
    pub(super) values: HashMap<String, Vec<Value>>,
    /// What each stack gives, where there are several.
    pub(super) stacks: Vec<Passed>,
}

impl Passed {
    /// The values of a parameter.
    pub fn get(&self, name: &str) -> Option<&[Value]> {
        self.values.get(name).map(Vec::as_slice)
    }

    /// What each of several stacks gives: values that belong together.
    pub fn stacks(&self) -> &[Passed] {
        match self.stacks.as_slice() {
            [_] => &[],
            several => several,
        }
    }
}
