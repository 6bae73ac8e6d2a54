//! What the levels of rules mean, in a few words each.

use leastwise_model::Level;

/// What a level does.
pub(super) fn about(level: Level) -> &'static str {
    match level {
        Level::Off => "The rule doesn't run.",
        Level::Suggestion => "Worth knowing; doesn't fail a check.",
        Level::Warning => "Probably not what is intended, or wider than necessary.",
        Level::Error => "Doesn't do what it says, or AWS rejects it; fails a check.",
    }
}
