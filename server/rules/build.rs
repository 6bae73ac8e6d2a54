//! Takes each rule's documentation out of its file, so that it stands in one place.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a build that can't go on says so and stops"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=src");
    let mut entries = Vec::new();
    for group in fs::read_dir("src").into_iter().flatten().flatten() {
        for file in fs::read_dir(group.path()).into_iter().flatten().flatten() {
            let path = file.path();
            let stem = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .replace('_', "-");
            if path.extension().is_some_and(|extension| extension == "rs") {
                entries.extend(documentation(&path).map(|text| (stem, text)));
            }
        }
    }
    entries.sort();
    let mut table = String::from("&[\n");
    for (id, text) in entries {
        writeln!(table, "    ({id:?}, {text:?}),").expect("writing to a string");
    }
    table.push_str("]\n");
    let out = env::var("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("documentation.rs"), table).expect("OUT_DIR is writable");
}

/// The lines behind `//!` at the top of a file that declares a rule.
fn documentation(path: &Path) -> Option<String> {
    let source = fs::read_to_string(path).expect("a file that was just listed");
    let is_declaration = |line: &str| line.starts_with("pub static RULE: Rule ");
    source.lines().find(|line| is_declaration(line))?;
    let lines = source.lines().take_while(|line| line.starts_with("//!"));
    let lines = lines.map(|line| line[3..].strip_prefix(' ').unwrap_or(&line[3..]));
    Some(lines.collect::<Vec<_>>().join("\n"))
}
