//! Turns `data/` and `curated/` into the tables that `src/blob.rs` reads.
//!
//! Every name that a file mentions must exist: a dangling one stops the build with the file and line.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a build that can't go on says so and stops"
)]

mod cloudformation;
mod corrections;
mod counterparts;
mod main_types;
mod names;
mod sam;
mod services;
mod tables;

use std::{env, fs, path::PathBuf};
use tables::Tables;

fn main() {
    println!("cargo::rerun-if-changed=data");
    println!("cargo::rerun-if-changed=curated");
    println!("cargo::rerun-if-changed=build");
    let out = PathBuf::from(env::var("OUT_DIR").unwrap());
    let mut tables = Tables::default();
    let date = tables.string(read("data/date.txt").trim());
    tables.row("META", &[date]);
    let types = cloudformation::parse();
    let known = services::build(&mut tables, |names| counterparts::build(names, &types));
    cloudformation::build(&mut tables, &known, &types);
    names::retired(&mut tables, &known);
    names::operations(&mut tables, &known);
    names::aliases(&mut tables, &known);
    names::principals(&mut tables);
    let policies = names::managed_policies(&mut tables);
    corrections::build(&mut tables, &known);
    corrections::documented(&mut tables, &known);
    corrections::mentioned(&mut tables, &known, &policies);
    main_types::build(&mut tables, &known);
    sam::build(&mut tables);
    tables.write(&out);
}

/// The text of a file of this crate.
fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("can't read {path}: {error}"))
}

/// The lines of a table: comments and blank lines left out, split at tabs, with their place for messages.
fn lines<'a>(path: &'a str, text: &'a str) -> impl Iterator<Item = (String, Vec<&'a str>)> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(move |(number, line)| (format!("{path}:{}", number + 1), line.split('\t').collect()))
}
