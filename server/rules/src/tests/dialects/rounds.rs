//! Fixes in bulk: how often a file is read doesn't hang on how many findings it has.

use std::sync::Arc;

use leastwise_model::Config;
use leastwise_model::files::NoFiles;
use leastwise_syntax::Format;
use leastwise_workspace::analysis::index::IndexedFiles;

use super::cell::CONFIG;
use super::dialect::Dialect;
use super::frames;
use super::notation::unmark;
use super::row::{Row, RowPolicy};
use super::table;
use crate::{Finding, FixedFile, LazyFix, apply_fixes};

/// The statements of a row many times over, each of other resources.
fn many(row: &Row, count: usize) -> Option<RowPolicy> {
    let (RowPolicy::Identity(text) | RowPolicy::Trust(text) | RowPolicy::Bucket(text)) = row.policy
    else {
        return None;
    };
    // A document is there once.
    if text.contains("Statement") {
        return None;
    }
    let copy = |at: usize| text.replace("<prefix>-", &format!("<prefix>-{at}-"));
    let copies: Vec<String> = (0..count).map(copy).collect();
    Some(row.policy.with(copies.join(", ").leak()))
}

fn worked_out(row: &Row, dialect: Dialect, count: usize) -> Option<FixedFile> {
    let written = frames::write(dialect, &many(row, count)?);
    let written = written.first()?;
    let (text, _) = unmark(&written.text);
    let format = match written.path.rsplit('.').next() {
        Some("json") => Format::Json,
        Some("tf") => Format::Hcl,
        _ => Format::Yaml,
    };
    let config = Arc::new(Config::parse(&format!("{CONFIG}{}", row.config)));
    let files: Arc<dyn IndexedFiles> = Arc::new(NoFiles);
    let any = |_: &Finding, _: &LazyFix| true;
    Some(apply_fixes(
        &text,
        format,
        written.path,
        &config,
        &files,
        any,
    ))
}

#[test]
fn as_many_rounds_for_many_statements_as_for_few() {
    let mut faults = Vec::new();
    for row in table::rows().filter(|row| !row.fixes.is_empty()) {
        for dialect in [
            Dialect::Json,
            Dialect::CloudFormation,
            Dialect::TerraformBlocks,
            Dialect::StringInYaml,
        ] {
            let rounds = |count| Some(worked_out(row, dialect, count)?.rounds);
            let (few, many) = (rounds(2), rounds(9));
            if few != many || many > Some(4) {
                faults.push(format!("{} in {dialect:?}: {few:?}, {many:?}", row.rule));
            }
        }
    }
    super::none(faults);
}
