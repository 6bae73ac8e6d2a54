//! What a CI pipeline does with AWS.

pub mod long_lived_key;
pub mod role_not_assumable;
pub mod unknown_role;

use leastwise_workspace::pipeline::{AssumedRole, role_name};

use crate::Context;

/// The names of the role that an ARN stands for over all environments, as far as nothing of them is open, each with the
/// bytes that name it.
fn names(context: &Context<'_>, role: &AssumedRole) -> Vec<(String, leastwise_syntax::Span)> {
    let mut names: Vec<(String, leastwise_syntax::Span)> = Vec::new();
    for (_, value) in context.sure(&role.arn) {
        let Some((name, range)) = role_name(&value.pattern) else {
            continue;
        };
        if !names.iter().any(|(known, _)| *known == name) {
            let span = value.span_of(context.tree, range);
            names.push((name, span.unwrap_or_else(|| context.item_span(&role.arn))));
        }
    }
    names
}
