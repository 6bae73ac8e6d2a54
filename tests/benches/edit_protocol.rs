//! From a typed character to the diagnostics, as an editor sees it: message to message over the protocol.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

#[path = "../support/mod.rs"]
#[allow(dead_code)]
mod support;
#[path = "../../server/ide/benches/template/mod.rs"]
mod template;

use divan::Bencher;
use leastwise_syntax::Format;
use serde_json::json;

use support::{Editor, edit};
use template::{CONFIG, SIZES, middle, template};

fn main() {
    divan::main();
}

fn typed(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("leastwise.toml"), CONFIG).expect("a config");
    let (name, language) = match format {
        Format::Yaml => ("template.yaml", "yaml"),
        Format::Json | Format::Jsonc => ("template.json", "json"),
        Format::Hcl => ("main.tf", "terraform"),
    };
    let uri = format!("file://{}/{name}", folder.path().display());
    let text = template(format, kib);
    let before = &text[..middle(&text) as usize];
    let line = before.matches('\n').count() as u32;
    let column = before.lines().last().map_or(0, str::len) as u32;

    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut editor = runtime.block_on(async {
        let versions = json!({"textDocument": {"publishDiagnostics": {"versionSupport": true}}});
        let mut editor = Editor::start(versions).await;
        editor.open(&uri, language, &text).await;
        editor.published(&uri).await;
        editor
    });
    let mut version = 1;
    bencher.bench_local(|| {
        version += 1;
        let change = match version % 2 {
            0 => edit((line, column), (line, column), "x"),
            _ => edit((line, column), (line, column + 1), ""),
        };
        runtime.block_on(async {
            editor.change(&uri, version, json!([change])).await;
            let published = editor.published(&uri).await;
            assert_eq!(published["version"], version);
        });
    });
    runtime.block_on(editor.quit());
}

#[divan::bench(args = SIZES)]
fn yaml(bencher: Bencher<'_, '_>, kib: usize) {
    typed(bencher, Format::Yaml, kib);
}

#[divan::bench(args = SIZES)]
fn json(bencher: Bencher<'_, '_>, kib: usize) {
    typed(bencher, Format::Json, kib);
}
