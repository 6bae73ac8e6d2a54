//! What code actions are called.

use leastwise_rules::{ResolvedFix, Safety};

/// The title of a fix, with what it changes of the permissions where it is not safe.
pub(super) fn titled(fix: &ResolvedFix) -> String {
    if fix.safety == Safety::Safe {
        return fix.title.clone();
    }
    // A title that names the permission itself says enough.
    let unnamed = |names: &[String]| -> Vec<String> {
        let names = names.iter();
        let unnamed = names.filter(|name| !fix.title.contains(name.as_str()));
        unnamed.cloned().collect()
    };
    let (adds, removes) = (unnamed(&fix.adds), unnamed(&fix.removes));
    let notes = fix.notes.iter().chain(&fix.also_for);
    let notes: Vec<String> = notes.cloned().collect();
    with_change(&fix.title, &adds, &removes, &notes)
}

/// A title with what is changed of the permissions.
pub(super) fn with_change(
    title: &str,
    adds: &[String],
    removes: &[String],
    notes: &[String],
) -> String {
    let part = |verb: &str, names: &[String]| -> Option<String> {
        let first = brief(names.first()?);
        Some(match names.len() {
            1 => format!("{verb} {first}"),
            count => format!("{verb} {first} +{}", count - 1),
        })
    };
    let parts = part("adds", adds).into_iter();
    let parts = parts.chain(part("removes", removes));
    let parts: Vec<String> = parts.chain(notes.iter().cloned()).collect();
    match parts.is_empty() {
        true => title.to_owned(),
        false => format!("{title} ({})", parts.join("; ")),
    }
}

/// A permission in the room that a menu has: where it ends is in the edit.
pub(super) fn brief(permission: &str) -> String {
    match permission.split_once(" outside ") {
        Some((action, _)) => format!("{action} elsewhere"),
        None => permission.to_owned(),
    }
}
