//! The house's order: who may depend on whom, and who may name which library.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

mod circles;
mod dialects;
mod lengths;
mod limits;
mod names;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use circles::{crates, modules};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the workspace")
        .to_owned()
}

/// The crates of `server/` with the crates of ours that each may depend on.
const MAY_DEPEND: [(&str, &[&str]); 11] = [
    ("catalog", &[]),
    ("syntax", &[]),
    ("policy", &["catalog"]),
    ("model", &["catalog", "syntax", "policy"]),
    ("dialects", &["catalog", "syntax", "policy", "model"]),
    (
        "workspace",
        &["catalog", "syntax", "policy", "model", "dialects"],
    ),
    (
        "rules",
        &[
            "catalog",
            "syntax",
            "policy",
            "model",
            "dialects",
            "workspace",
        ],
    ),
    (
        "ide",
        &[
            "catalog",
            "syntax",
            "policy",
            "model",
            "dialects",
            "workspace",
            "rules",
        ],
    ),
    (
        "lsp",
        &[
            "catalog",
            "syntax",
            "policy",
            "model",
            "workspace",
            "rules",
            "ide",
        ],
    ),
    (
        "cli",
        &[
            "catalog",
            "syntax",
            "policy",
            "model",
            "workspace",
            "rules",
            "ide",
            "lsp",
        ],
    ),
    ("xtask", &["catalog", "rules", "model", "workspace"]),
];

#[test]
fn dependencies_run_one_way() {
    for folder in fs::read_dir(root().join("server"))
        .expect("server/")
        .flatten()
    {
        let name = folder.file_name().to_string_lossy().into_owned();
        let (_, allowed) = MAY_DEPEND
            .iter()
            .find(|(krate, _)| *krate == name)
            .unwrap_or_else(|| panic!("{name} is new: say what it may depend on"));
        let manifest = fs::read_to_string(folder.path().join("Cargo.toml")).expect("a manifest");
        for line in manifest.lines() {
            let Some(rest) = line.strip_prefix("leastwise-") else {
                continue;
            };
            let other = rest.split(['.', ' ', '=']).next().unwrap_or_default();
            assert!(
                allowed.contains(&other),
                "{name} must not depend on {other}"
            );
        }
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The sources of a folder that are shipped: no tests, no data.
fn shipped(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    sources(folder, &mut files);
    files.retain(|file| {
        let mut parts = file.strip_prefix(folder).into_iter().flatten();
        let is_left_out =
            |part: &std::ffi::OsStr| part == "tests" || part == "tests.rs" || part == "data";
        !parts.any(is_left_out)
    });
    files.sort();
    files
}

#[test]
fn parsers_and_protocol_are_named_in_one_crate_each() {
    let server = root().join("server");
    let mut files = Vec::new();
    sources(&server, &mut files);
    assert!(files.len() > 100, "the sources were not found");
    for (library, home) in [
        ("tree_sitter", "syntax"),
        ("saphyr_parser", "syntax"),
        ("tower_lsp", "lsp"),
        ("ropey", "lsp"),
    ] {
        for file in &files {
            let text = fs::read_to_string(file).expect("a source file");
            let names = text
                .lines()
                .any(|line| !line.trim_start().starts_with("//") && line.contains(library));
            assert!(
                !names || file.starts_with(server.join(home)),
                "{} names {library}",
                file.display()
            );
        }
    }
}

#[test]
fn no_crate_hands_on_another() {
    let mut found = Vec::new();
    for krate in crates() {
        for (module, source) in modules(&krate) {
            let is_foreign = |name: &String| name.starts_with("leastwise_");
            // What another crate, or a part of it, is called here.
            let called = source.uses.iter().filter(|used| !used.is_public);
            let called: Vec<&String> = called
                .filter(|used| used.path.first().is_some_and(is_foreign))
                .filter_map(|used| used.name.as_ref())
                .collect();
            let handed = source.uses.iter().filter(|used| used.is_public);
            found.extend(
                handed
                    .filter_map(|used| used.path.first().map(|first| (first, used)))
                    .filter(|(first, _)| is_foreign(first) || called.contains(first))
                    .map(|(_, used)| {
                        let (module, path) = (module.join("::"), used.path.join("::"));
                        format!("{krate}::{module} hands on {path}")
                    }),
            );
        }
    }
    assert!(
        found.is_empty(),
        "whoever needs what is another crate's names that crate:\n{}",
        found.join("\n")
    );
}
