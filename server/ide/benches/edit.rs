//! From an edit to what the editor shows, in templates of three sizes and both syntaxes.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails is meant to stop"
)]

mod template;

use std::sync::Arc;

use divan::Bencher;
use divan::counter::BytesCount;
use leastwise_ide::File;
use leastwise_model::Config;
use leastwise_syntax::{Format, Span, Tree};
use leastwise_workspace::Analysis;

use template::{CONFIG, SIZES, middle, template};

fn main() {
    divan::main();
}

fn config() -> Arc<Config> {
    Arc::new(Config::parse(CONFIG))
}

fn open(format: Format, kib: usize) -> File {
    File::new("template", template(format, kib), format, config())
}

macro_rules! both {
    ($name:ident, $run:ident) => {
        mod $name {
            use super::*;
            #[divan::bench(args = SIZES)]
            fn yaml(bencher: Bencher<'_, '_>, kib: usize) {
                $run(bencher, Format::Yaml, kib);
            }
            #[divan::bench(args = SIZES)]
            fn json(bencher: Bencher<'_, '_>, kib: usize) {
                $run(bencher, Format::Json, kib);
            }
        }
    };
}

both!(a_parse, parse);
both!(b_analysis, analysis);
both!(c_rules, rules);
both!(d_new, new);
both!(e_edit, edit);
both!(f_edit_diagnostics, edit_diagnostics);
both!(f_edit_diagnostics_of_a_clean_file, edit_clean);
both!(g_completion, completion);
both!(h_hover, hover);
both!(i_hints, hints);

/// The template with hardly a finding in it: nothing is created that can't be changed and deleted.
fn clean(format: Format, kib: usize) -> String {
    template(format, kib)
        .replace("s3:PutBucketPolicy", "s3:ListBucket")
        .replace("lambda:GetFunction", "lambda:UpdateFunctionConfiguration")
}

fn parse(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let text = template(format, kib);
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(|| text.clone())
        .bench_values(|text| Tree::parse(text, format));
}

fn analysis(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let tree = Tree::parse(template(format, kib), format);
    let config = config();
    bencher.bench(|| Analysis::new(&tree, "template", Arc::clone(&config)));
}

fn rules(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let tree = Tree::parse(template(format, kib), format);
    let config = config();
    bencher
        .with_inputs(|| Analysis::new(&tree, "template", Arc::clone(&config)))
        .bench_refs(|analysis| {
            leastwise_rules::check(&leastwise_rules::Context::new(&tree, analysis)).len()
        });
}

/// Each rule by itself, in YAML of 67 KiB.
#[divan::bench(args = leastwise_rules::RULES.iter().map(|rule| rule.id))]
fn rule(bencher: Bencher<'_, '_>, id: &str) {
    let tree = Tree::parse(template(Format::Yaml, 67), Format::Yaml);
    let config = config();
    bencher
        .with_inputs(|| Analysis::new(&tree, "template", Arc::clone(&config)))
        .bench_refs(|analysis| {
            let context = leastwise_rules::Context::new(&tree, analysis);
            leastwise_rules::check_with(&context, |rule| rule.id == id).len()
        });
}

fn new(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let text = template(format, kib);
    let config = config();
    bencher.with_inputs(|| text.clone()).bench_values(|text| {
        File::new("template", text, format, Arc::clone(&config)).diagnostics()
    });
}

fn edit(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let mut file = open(format, kib);
    let at = middle(file.text());
    let mut on = false;
    bencher.bench_local(|| {
        on = !on;
        if on {
            file.edit(Span::empty(at), "x")
        } else {
            file.edit(Span::new(at, at + 1), "")
        }
    });
}

fn edit_diagnostics(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    edit_and_check(bencher, open(format, kib));
}

fn edit_clean(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let mut file = File::new("template", clean(format, kib), format, config());
    assert_eq!(file.diagnostics().len(), 0);
    edit_and_check(bencher, file);
}

fn edit_and_check(bencher: Bencher<'_, '_>, mut file: File) {
    let at = middle(file.text());
    let mut on = false;
    bencher.bench_local(|| {
        on = !on;
        if on {
            file.edit(Span::empty(at), "x")
        } else {
            file.edit(Span::new(at, at + 1), "")
        }
        file.diagnostics().len()
    });
}

fn completion(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let mut file = open(format, kib);
    let at = middle(file.text());
    file.completions(at);
    bencher.bench_local(|| file.completions(at).len());
}

fn hover(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let mut file = open(format, kib);
    let at = middle(file.text());
    file.hover(at);
    bencher.bench_local(|| file.hover(at).is_some());
}

fn hints(bencher: Bencher<'_, '_>, format: Format, kib: usize) {
    let mut file = open(format, kib);
    let all = Span::new(0, file.text().len() as u32);
    bencher.bench_local(|| file.hints(all).len());
}
