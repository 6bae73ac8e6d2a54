//! Names tell a new reader what they stand for, and each stands for one thing.

use std::collections::BTreeMap;

use crate::circles::{crates, modules};

/// Words that say nothing by themselves of what is in a module.
const EMPTY: [&str; 12] = [
    "again",
    "around",
    "beside",
    "each",
    "elsewhere",
    "it",
    "kept",
    "leads",
    "loose",
    "mend",
    "settled",
    "together",
];

#[test]
fn no_two_public_types_have_one_name() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for krate in crates() {
        for (module, source) in modules(&krate) {
            let place = format!("{krate}::{}", module.join("::"));
            for name in source.public_types {
                places.entry(name).or_default().push(place.clone());
            }
        }
    }
    let several = places.iter().filter(|(_, places)| places.len() > 1);
    let said: Vec<String> = several
        .map(|(name, places)| format!("{name} in {}", places.join(", ")))
        .collect();
    assert!(said.is_empty(), "say which:\n{}", said.join("\n"));
}

/// What is for one folder alone may be called as something in another one.
#[test]
fn no_two_types_of_a_crate_have_one_name() {
    let mut said = Vec::new();
    for krate in crates() {
        let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (module, source) in modules(&krate) {
            for name in source.public_types.into_iter().chain(source.crate_types) {
                places.entry(name).or_default().push(module.join("::"));
            }
        }
        let several = places.iter().filter(|(_, places)| places.len() > 1);
        said.extend(
            several.map(|(name, places)| format!("{krate}: {name} in {}", places.join(", "))),
        );
    }
    assert!(said.is_empty(), "say which:\n{}", said.join("\n"));
}

#[test]
fn modules_are_called_by_what_they_hold() {
    let mut found = Vec::new();
    for krate in crates() {
        for module in modules(&krate).into_keys() {
            if module
                .last()
                .is_some_and(|name| EMPTY.contains(&name.as_str()))
            {
                found.push(format!("{krate}::{}", module.join("::")));
            }
        }
    }
    assert!(found.is_empty(), "what do they hold?\n{}", found.join("\n"));
}
