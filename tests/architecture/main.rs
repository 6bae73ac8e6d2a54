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
mod grammar;
mod lengths;
mod limits;
mod names;
mod source;

use std::collections::BTreeSet;
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

/// The sources of a folder that are shipped: no tests.
fn shipped(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    sources(folder, &mut files);
    files.retain(|file| {
        let mut parts = file.strip_prefix(folder).into_iter().flatten();
        let is_test = |part: &std::ffi::OsStr| part == "tests" || part == "tests.rs";
        !parts.any(is_test)
    });
    files.sort();
    files
}

/// Macros that all crates share, with the files that export them, and why.
const SHARED_MACROS: [(&str, &str); 1] = [(
    "syntax/src/counted.rs",
    "each crate counts its work by one that it makes itself",
)];

/// What goes past the laws, which read names in `use`, in paths and in the list of dependencies.
#[test]
fn no_crate_has_a_back_door() {
    let server = root().join("server");
    let mut found = Vec::new();
    let mut met = BTreeSet::new();
    let mut hold = |file: &Path, is_door: fn(&str) -> bool| {
        let text = fs::read_to_string(file).expect("a file");
        let shared = SHARED_MACROS.iter().find(|(of, _)| file == server.join(of));
        for (line, at) in text.lines().zip(1..).filter(|(line, _)| is_door(line)) {
            match shared.filter(|_| line.starts_with(EXPORT)) {
                Some((of, _)) => _ = met.insert(*of),
                None => found.push(format!("{}:{at}: {line}", file.display())),
            }
        }
    };
    let mut files = Vec::new();
    sources(&server, &mut files);
    for file in files {
        hold(&file, is_door_of_source);
    }
    // Benchmarks share what they measure.
    let is_bench = |file: &PathBuf| file.iter().any(|part| part == "benches");
    for file in shipped(&server).iter().filter(|file| !is_bench(file)) {
        hold(file, is_file_from_elsewhere);
    }
    for krate in crates() {
        let manifest = server.join(krate).join("Cargo.toml");
        hold(&manifest, is_door_of_manifest);
    }
    hold(&root().join("Cargo.toml"), |line| {
        line.contains("leastwise") && is_door_of_manifest(line)
    });
    assert!(
        found.is_empty(),
        "unseen by the laws:\n{}",
        found.join("\n")
    );
    for (file, _) in SHARED_MACROS {
        assert!(
            met.contains(file),
            "{file} exports no macro by now: strike its exception"
        );
    }
}

const EXPORT: &str = "#[macro_export";

/// Another name for a crate, or a macro that everybody has without a path.
fn is_door_of_source(line: &str) -> bool {
    let line = line.trim_start();
    let item = line.strip_prefix("pub ").unwrap_or(line);
    item.starts_with("extern crate ") || line.starts_with(EXPORT)
}

/// A file that stands elsewhere than its module. What a build has made of the repository's own files is data.
fn is_file_from_elsewhere(line: &str) -> bool {
    let line = line.trim_start();
    let code = line.split("//").next().unwrap_or_default();
    let is_built = code.contains("include!(concat!(env!(\"OUT_DIR\")");
    line.starts_with("#[path") || code.contains("include!(") && !is_built
}

/// A dependency that isn't a line of its own, or is called otherwise than its crate.
fn is_door_of_manifest(line: &str) -> bool {
    let line = line.trim();
    let is_table = line.starts_with('[') && line.contains("dependencies.");
    let spaceless: String = line.chars().filter(|char| !char.is_whitespace()).collect();
    is_table
        || ["{package=", ",package=", ".package="]
            .iter()
            .any(|of| spaceless.contains(of))
}

#[test]
fn back_doors_are_seen() {
    for line in [
        "extern crate x;",
        "    pub extern crate x as y;",
        "#[macro_export]",
    ] {
        assert!(is_door_of_source(line), "{line}");
    }
    assert!(!is_door_of_source("// extern crate x"));
    assert!(!is_door_of_source(
        "include!(concat!(env!(\"OUT_DIR\"), \"/x.rs\"));"
    ));
    for line in [
        "[dependencies.x]",
        "[target.'cfg(unix)'.dependencies.x]",
        "x = { package = \"y\" }",
        "x = { workspace = true, package = \"y\" }",
        "x.package = \"y\"",
    ] {
        assert!(is_door_of_manifest(line), "{line}");
    }
    for line in ["[dependencies]", "[package]", "x.workspace = true"] {
        assert!(!is_door_of_manifest(line), "{line}");
    }
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
        let others = depended_on(&krate);
        for (module, source) in modules(&krate) {
            let module = module.join("::");
            let leads_out = |path: &[String]| {
                let path = source.spelled_out(path);
                path.first().is_some_and(|first| others.contains(first))
            };
            // By a `use`, or by a name for a type.
            let uses = source.uses.iter().filter(|used| used.is_public);
            let uses = uses.map(|used| &used.path);
            let handed = uses.chain(source.type_names.iter().map(|(_, path)| path));
            found.extend(
                handed
                    .filter(|path| leads_out(path))
                    .map(|path| format!("{krate}::{module} hands on {}", path.join("::"))),
            );
        }
    }
    assert!(
        found.is_empty(),
        "whoever needs what is another crate's names that crate:\n{}",
        found.join("\n")
    );
}

/// The crates that a crate depends on, as they are called in Rust: ours and others'.
fn depended_on(krate: &str) -> BTreeSet<String> {
    let manifest = root().join("server").join(krate).join("Cargo.toml");
    let manifest = fs::read_to_string(manifest).expect("a manifest");
    let mut found = BTreeSet::new();
    let mut is_listed = false;
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            is_listed = section.contains("dependencies");
            continue;
        }
        let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
        if is_listed && !name.is_empty() && !name.starts_with('#') {
            found.insert(name.replace('-', "_"));
        }
    }
    found
}
