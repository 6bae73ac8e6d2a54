mod after_fixes;
mod calls;
mod extensions;
mod filled;
mod foreign;
mod guards;
mod index;
mod kinds;
mod limits;
mod modules;
mod pipelines;
mod resolving;
mod sam;
mod serverless;
mod shared;
mod sites;
mod stacks;
mod templates;
mod terraform;

use std::sync::Arc;

use leastwise_model::Config;
use leastwise_syntax::{Format, Tree};

use crate::Analysis;

/// Reads a text as a file: JSON where it begins with a bracket.
fn analyse(text: &str, config: &str) -> (Tree, Analysis) {
    let format = if text.trim_start().starts_with(['{', '[']) {
        Format::Json
    } else {
        Format::Yaml
    };
    let tree = Tree::parse(text.to_owned(), format);
    assert_eq!(tree.problems(), [], "the fixture");
    let config = Config::parse(config);
    assert_eq!(config.problems, [], "the fixture's config");
    let analysis = Analysis::new(&tree, "infra/shop.yaml", Arc::new(config));
    (tree, analysis)
}
