//! A dialect is named in its own room and in the list of dialects, and nowhere else.

use std::collections::BTreeSet;

use crate::circles::{Module, crates, graph, modules};

/// The rooms of the crate `dialects`.
const ROOMS: [&str; 6] = [
    "cloudformation",
    "pipeline",
    "plain",
    "sam",
    "serverless",
    "terraform",
];

#[test]
fn nothing_outside_names_a_dialect() {
    let mut found = BTreeSet::new();
    for krate in crates().iter().filter(|krate| *krate != "dialects") {
        for (module, source) in modules(krate) {
            let used = source.uses.iter().map(|used| &used.path);
            if used.chain(&source.paths).any(|path| names_one(path)) {
                found.insert(format!("{krate}::{}", module.join("::")));
            }
        }
    }
    hold(&found, "names a dialect");
}

/// Whether a path leads into a dialect's room, or is the name of a dialect.
fn names_one(path: &[String]) -> bool {
    let mut names = path.iter().map(String::as_str);
    if path
        .first()
        .is_some_and(|first| first == "leastwise_dialects")
    {
        return names.any(|name| ROOMS.contains(&name));
    }
    let mut pairs = path.iter().zip(path.iter().skip(1));
    pairs.any(|(of, name)| of == "Dialect" && name.starts_with(char::is_uppercase))
}

/// The dialects that are written in another.
const WITHIN: [(&str, &str); 2] = [("sam", "cloudformation"), ("serverless", "cloudformation")];

#[test]
fn no_dialect_enters_the_room_of_another() {
    let room = |module: &Module| {
        let first = module.first()?;
        ROOMS.iter().find(|room| *room == first).copied()
    };
    let mut found = BTreeSet::new();
    for (from, edges) in graph(&modules("dialects")) {
        // The list of dialects is at the crate's door.
        if from.is_empty() {
            continue;
        }
        for into in edges.keys().filter_map(room) {
            let own = room(&from);
            let is_within = own.is_some_and(|own| WITHIN.contains(&(own, into)));
            if own != Some(into) && !is_within {
                found.insert(format!("{} -> {into}", from.join("::")));
            }
        }
    }
    hold(&found, "enters the room of another");
}

/// Holds that nothing is found.
fn hold(found: &BTreeSet<String>, what: &str) {
    let said: Vec<&str> = found.iter().map(String::as_str).collect();
    assert!(found.is_empty(), "{what}:\n{}", said.join("\n"));
}
