//! References that stand in expressions: where they come from and what they are.

use leastwise_catalog::describe::code;
use leastwise_model::text::Text;
use leastwise_rules::Context;

use super::names;
use crate::file_names::FileNames;
use crate::{Hover, values};

/// What is shown over a reference anywhere in a file whose dialect has expressions.
pub(super) fn at(context: Context<'_>, offset: u32) -> Option<Hover> {
    let tree = context.tree;
    let state = FileNames::of(context);
    let (node, name) = state.reference_at(tree, offset)?;
    let text = Text::lower(tree, node, state.names().notation());
    let known = values::of_text_by(context, &state, &text);
    let source = names::declared(context, &*state, &name);
    let unknown = known
        .iter()
        .all(|value| value.text == format!("${{{name}}}"));
    let markdown = match (unknown, source) {
        (true, None) => return None,
        (true, Some(source)) if names::is_document(context, &*state, &name) => {
            format!(
                "{}: {source}. It is the policy that is written there, as JSON.",
                code(&name)
            )
        }
        (true, Some(source)) => {
            format!(
                "{}: {source}. Its value isn't known before deployment.",
                code(&name)
            )
        }
        (false, source) => {
            let from = source.map_or(String::new(), |source| format!(": {source}"));
            format!(
                "{}{from}.\n\n{}",
                code(&name),
                values::table(&known, "value")
            )
        }
    };
    Some(Hover {
        span: tree.span(node),
        markdown,
    })
}
