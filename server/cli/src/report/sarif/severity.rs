//! Severities as SARIF calls them.

use leastwise_model::Level;

/// A severity as SARIF calls it.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Suggestion | Level::Off => "note",
    }
}
