//! What the variables of a service are read from, and what is known of them.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::HashMap;
use leastwise_model::files::{Files, Unread};
use leastwise_syntax::NodeId;

use crate::resolve::notes::{NameKey, Note, Pin};
use crate::resolve::value::Alternative;

/// What the name of a condition begins with that holds in one environment only.
pub(crate) const ENVIRONMENT: &str = "environment ";

/// What the variables of a service are read from.
#[derive(Debug)]
pub(crate) struct ServiceSources {
    /// The root mapping of the service's file.
    pub root: NodeId,
    /// The folder of the file, for the paths in `${file(…)}`.
    pub folder: String,
    /// The files around it.
    pub files: Arc<dyn Files>,
    /// Variables that have been worked out.
    pub memory: Memory,
    /// The files that variables name and that aren't read.
    pub unread: Mutex<BTreeSet<Unread>>,
}

impl ServiceSources {
    /// Takes down that a file isn't read that a variable names.
    pub fn unread(&self, file: Unread) {
        let mut known = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(file);
    }
}

/// Values of variables that have been worked out, by environment, place and text.
#[derive(Default)]
pub(crate) struct Memory(Mutex<HashMap<VariableKey, Remembered>>);

/// The values of a variable, and the names that were read for them.
pub(crate) type Remembered = (Vec<Alternative>, Vec<Note>);

/// The environment's name, whether defaults count, whether `Fn::Sub` is around, the variable, and what other names are
/// taken for.
pub(crate) type VariableKey = (String, bool, bool, String, Vec<(NameKey, Pin)>);

impl Memory {
    /// What is known of a variable.
    pub fn recall(&self, key: &VariableKey) -> Option<Remembered> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(key).cloned()
    }

    /// Takes down what a variable is.
    pub(crate) fn remember(&self, key: VariableKey, remembered: Remembered) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key, remembered);
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}
