//! The values of a file's names where other files give them.

use super::value::TextValue;
use foldhash::HashMap;

/// The values that others give to the names of a file (the stacks of other templates to its parameters), by name, under one
/// environment. A name that isn't here has the value that it has in a file which stands alone.
#[derive(Clone, Debug, Default)]
pub struct PassedValues {
    pub(crate) values: HashMap<String, Vec<TextValue>>,
    /// What each of them gives, where there are several.
    pub(crate) variants: Vec<PassedValues>,
}

impl PassedValues {
    /// The values of a name.
    pub fn get(&self, name: &str) -> Option<&[TextValue]> {
        self.values.get(name).map(Vec::as_slice)
    }

    /// What each of several gives: values that belong together.
    pub(crate) fn variants(&self) -> &[PassedValues] {
        match self.variants.as_slice() {
            [_] => &[],
            several => several,
        }
    }
}
