//! What a check says beside its findings.

use std::fmt;

use serde::Serialize;

/// Something that the user has to know: of a file, or of all that was asked for.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
pub(crate) struct ReportNote {
    /// The path as it is printed.
    pub path: Option<String>,
    /// A sentence.
    pub message: String,
    /// Whether something that was asked for could not be done: exit code 2.
    pub fails: bool,
}

impl fmt::Display for ReportNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{path}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}
