//! References and calls of Terraform: where they come from and what they are.

use leastwise_model::text::Text;
use leastwise_rules::Context;
use leastwise_syntax::View;

use crate::{Hover, values};

/// What is shown over a reference, or a call that puts a text together, anywhere in a module's file.
pub(super) fn at(context: Context<'_>, offset: u32) -> Option<Hover> {
    let tree = context.tree;
    context.analysis.module()?;
    let mut node = tree.node_at(offset)?;
    let (node, name) = loop {
        match tree.view(node) {
            View::Tagged(tag, argument) if tag.name == "hcl:ref" => {
                break (node, tree.text(argument).unwrap_or_default());
            }
            View::Scalar(_) | View::Invalid => node = tree.parent(node)?,
            _ => return None,
        }
    };
    let text = Text::lower(tree, node, context.analysis.dialect.notation());
    let known = values::of_text(context, &text);
    let source = source(context, name);
    let unknown = known
        .iter()
        .all(|value| value.text == format!("${{{name}}}"));
    let markdown = match (unknown, source) {
        (true, None) => return None,
        (true, Some(source)) => {
            format!("`{name}`: {source}. Its value can't be told before deployment.")
        }
        (false, source) => {
            let from = source.map_or(String::new(), |source| format!(": {source}"));
            format!("`{name}`{from}.\n\n{}", values::table(&known, "value"))
        }
    };
    Some(Hover {
        span: tree.span(node),
        markdown,
    })
}

fn source(context: Context<'_>, name: &str) -> Option<String> {
    let module = context.analysis.module()?;
    let mut parts = name.split(['.', '[']);
    let (root, second) = (parts.next()?, parts.next());
    Some(match root {
        "var" => {
            let variable = module.variable(second?)?;
            let how = if variable.set.is_some() {
                ", set by a `*.tfvars`"
            } else if module.caller.is_some() {
                ", as the module's caller gives it"
            } else if variable.default.is_some() {
                ", by its default"
            } else {
                ", without a default"
            };
            format!("a variable{how}")
        }
        "local" => {
            module.local(second?)?;
            "a local value".to_owned()
        }
        "data" => format!("from the data source `{}`", second?),
        "module" => format!("an output of the module `{}`", second?),
        kind if module.makes(name) => format!("an attribute of a resource, an `{kind}`"),
        _ => return None,
    })
}
