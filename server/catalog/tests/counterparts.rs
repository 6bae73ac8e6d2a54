//! The counterpart relation: what must hold, and a listing of all of it for review.

use leastwise_catalog::{AccessLevel, Action, Relation, Source, catalog};
use std::fmt::Write;

fn action(name: &str) -> Action {
    let (service, name) = name.split_once(':').unwrap();
    catalog()
        .action(service, name)
        .unwrap_or_else(|| panic!("{name} is an action"))
}

/// The counterparts of one relation, `?` behind those that aren't required.
fn counterparts(name: &str, relation: Relation) -> Vec<String> {
    let found = action(name)
        .counterparts()
        .filter(|counterpart| counterpart.relation() == relation);
    let text = |name: String, required: bool| if required { name } else { name + "?" };
    found
        .map(|counterpart| text(counterpart.action().full_name(), counterpart.required()))
        .collect()
}

#[test]
fn listing_for_review() {
    let mut out = String::new();
    for action in catalog().actions() {
        for relation in [Relation::Delete, Relation::Update] {
            for counterpart in action
                .counterparts()
                .filter(|counterpart| counterpart.relation() == relation)
            {
                let required = if counterpart.required() {
                    "required"
                } else {
                    "optional"
                };
                let (source, other) = (counterpart.source(), counterpart.action().full_name());
                writeln!(
                    out,
                    "{}\t{relation:?}\t{other}\t{source:?}\t{required}",
                    action.full_name()
                )
                .unwrap();
            }
        }
    }
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("counterparts.tsv");
    std::fs::write(&path, &out).unwrap();
    println!("{} counterparts in {}", out.lines().count(), path.display());
    assert!(out.lines().count() > 3_000);
}
