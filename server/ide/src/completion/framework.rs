//! What a variable can be that a framework fills in.

use leastwise_dialects::resolve::framework::Offered;

use super::CompletionRequest;
use crate::values;

/// Sources and addresses, each with its value or what it is, and its class.
pub(super) fn names(asked: &CompletionRequest<'_>) -> Vec<(String, String, u8)> {
    let analysis = asked.context.analysis;
    let Some(framework) = analysis.state().names().framework() else {
        return Vec::new();
    };
    let (tree, files) = (asked.context.tree, &*analysis.files);
    let variables = framework.variables(tree, &analysis.path, files);
    let named = variables.into_iter().map(|variable| {
        let name = variable.name;
        let (detail, class) = match variable.offered {
            Offered::Known => (short(asked, &name), 1),
            Offered::Address => (short(asked, &name), 2),
            Offered::File => ("file".to_owned(), 3),
            Offered::Environment => ("environment variable".to_owned(), 4),
        };
        (name, detail, class)
    });
    named.collect()
}

fn short(asked: &CompletionRequest<'_>, inner: &str) -> String {
    match values::of_expression(asked.context, inner).as_slice() {
        [] => String::new(),
        [value] if value.text.starts_with("${") => String::new(),
        [value] => value.text.clone(),
        [value, rest @ ..] => format!("{} +{}", value.text, rest.len()),
    }
}
