//! Sentences for what is wrong with a YAML text.

/// For an unquoted `*` as a whole value.
pub(super) const STAR: &str =
    "YAML takes an unquoted `*` for a reference to an anchor. Put it in quotes: `\"*\"`.";

/// For `*name` without `&name`.
pub(super) fn unknown_alias(name: &str) -> String {
    format!(
        "`*{name}` refers to an anchor `&{name}`, and there is none before it. If it is meant as text, put it in quotes."
    )
}

/// For what is nested too deeply.
pub(super) fn too_deep(depth: u32) -> String {
    format!("Nested more than {depth} levels deep.")
}
