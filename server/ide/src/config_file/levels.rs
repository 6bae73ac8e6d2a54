//! What the levels of rules mean, in a few words each.

use leastwise_model::Level;

/// What a level does.
pub(super) fn about(level: Level) -> &'static str {
    match level {
        Level::Off => "The rule is not run.",
        Level::Suggestion => "Worth knowing; doesn't fail a check.",
        Level::Warning => "Probably not what is meant, or wider than it need be.",
        Level::Error => "Does not do what it says, or AWS refuses it; fails a check.",
    }
}
