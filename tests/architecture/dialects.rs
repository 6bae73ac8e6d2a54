//! A dialect is named in its own room and in the list of dialects, and nowhere else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::circles::{Module, crates, graph, modules};
use crate::root;

/// The rooms of the crate `dialects`: where something is a dialect, at the door of a folder.
fn rooms() -> BTreeSet<String> {
    let source = root().join("server/dialects/src");
    let folders = fs::read_dir(source).expect("the crate of dialects");
    let is_room = |folder: &Path| {
        let door = fs::read_to_string(folder.join("mod.rs"));
        door.is_ok_and(|text| text.contains("impl Dialect for "))
    };
    let rooms: BTreeSet<String> = folders
        .flatten()
        .filter(|folder| is_room(&folder.path()))
        .map(|folder| folder.file_name().to_string_lossy().into_owned())
        .collect();
    assert!(rooms.len() > 5, "the rooms were not found: {rooms:?}");
    rooms
}

#[test]
fn nothing_outside_names_a_dialect() {
    let rooms = rooms();
    let mut found = BTreeSet::new();
    for krate in crates().iter().filter(|krate| *krate != "dialects") {
        for (module, source) in modules(krate) {
            if source.foreign_paths().any(|path| names_one(&path, &rooms)) {
                found.insert(format!("{krate}::{}", module.join("::")));
            }
        }
    }
    hold(&found, "names a dialect");
}

/// Whether a path leads into a dialect's room.
fn names_one(path: &[String], rooms: &BTreeSet<String>) -> bool {
    let is_of_dialects = path
        .first()
        .is_some_and(|first| first == "leastwise_dialects");
    is_of_dialects && path.iter().any(|name| rooms.contains(name))
}

/// The dialects that are written in another.
const WITHIN: [(&str, &str); 2] = [("sam", "cloudformation"), ("serverless", "cloudformation")];

#[test]
fn no_dialect_enters_the_room_of_another() {
    let rooms = rooms();
    let room = |module: &Module| {
        let first = module.first()?;
        rooms.get(first).map(String::as_str)
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
