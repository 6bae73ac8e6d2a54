//! The program as a whole, from its start to its end: what a commit hook or a pipeline waits for.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]
#[path = "../../ide/benches/template/mod.rs"]
mod template;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use divan::Bencher;
use leastwise_syntax::Format;

use template::{CONFIG, SIZES, middle, template};

fn main() {
    divan::main();
}

/// Runs the program in a folder and returns its exit status.
fn run(folder: &Path, arguments: &[&str]) -> Option<i32> {
    Command::new(env!("CARGO_BIN_EXE_leastwise"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program starts")
        .code()
}

/// A folder with a config and a template, and the template's name.
fn folder(format: Format, kib: usize) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("leastwise.toml"), CONFIG).expect("a config");
    let name = match format {
        Format::Yaml => "template.yaml",
        Format::Json | Format::Jsonc => "template.json",
        Format::Hcl => "main.tf",
    };
    let mut text = template(format, kib);
    // One slip, so that there is something to report.
    let at = middle(&text) as usize;
    text.insert(at, 'x');
    std::fs::write(folder.path().join(name), text).expect("a template");
    (folder, PathBuf::from(name))
}

/// Start and end, and nothing between.
#[divan::bench]
fn version(bencher: Bencher<'_, '_>) {
    let here = Path::new(".");
    assert_eq!(run(here, &["--version"]), Some(0));
    bencher.bench_local(|| run(here, &["--version"]));
}

fn check(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let (folder, name) = folder(format, kib);
    let arguments = ["check", name.to_str().unwrap_or_default()];
    assert_eq!(run(folder.path(), &arguments), Some(1), "a finding");
    bencher.bench_local(|| run(folder.path(), &arguments));
}

#[divan::bench(args = SIZES)]
fn check_yaml(bencher: Bencher<'_, '_>, kib: usize) {
    check(bencher, Format::Yaml, kib);
}

#[divan::bench(args = SIZES)]
fn check_json(bencher: Bencher<'_, '_>, kib: usize) {
    check(bencher, Format::Json, kib);
}
