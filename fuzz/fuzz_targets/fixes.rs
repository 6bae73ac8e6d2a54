//! Every rule runs on any text, and every fix that is offered applies and leaves the file as readable as it was.
#![no_main]

use std::sync::{Arc, LazyLock};

use leastwise_model::Config;
use leastwise_rules::{Context, check};
use leastwise_syntax::{Format, Tree, write};
use leastwise_workspace::Analysis;
use libfuzzer_sys::fuzz_target;

static CONFIG: LazyLock<Arc<Config>> = LazyLock::new(|| {
    let text = "[app]
prefix = 'shop'
variables = ['AppId']
[accounts]
dev = '111111111111'
prod = '222222222222'
[deploy]
regions = ['eu-west-1']
roles = ['*']
";
    Arc::new(Config::parse(text))
});

fuzz_target!(|text: &str| {
    let blocks = ["data ", "locals ", "module ", "resource "];
    let (format, path) = if text.starts_with(['{', '[']) {
        (Format::Json, "shop.json")
    } else if blocks.iter().any(|block| text.starts_with(block)) {
        (Format::Hcl, "shop.tf")
    } else {
        (Format::Yaml, "shop.yaml")
    };
    let tree = Tree::parse(text.to_owned(), format);
    let analysis = Analysis::new(&tree, path, Arc::clone(&CONFIG));
    let context = Context::new(&tree, &analysis);
    for finding in check(&context).iter().take(64) {
        assert!(text.get(finding.span.range()).is_some(), "{finding:?}");
        for fix in finding.fixes.iter().filter_map(|fix| fix.resolve(&context)) {
            let after = write::apply(text, &fix.edits);
            let again = Tree::parse(after.clone(), format);
            assert!(
                again.problems().len() <= tree.problems().len(),
                "{}: {}\n{text:?}\n{after:?}\n{:?}",
                finding.rule.id,
                fix.title,
                again.problems()
            );
        }
    }
});
