//! What a CI pipeline does with AWS.

pub mod long_lived_key;
pub mod role_not_assumable;
pub mod stored_secret_key;
mod typo;
pub mod unknown_role;

use leastwise_model::pipeline::{AssumedRole, Host, role_name};

use crate::Context;

/// The roles that a pipeline assumes, to be compared with those that the workspace declares.
struct Assumed<'a> {
    /// Whose pipeline it is.
    host: Host,
    /// Each role with a name that it has and the bytes that say so.
    roles: Vec<(&'a AssumedRole, String, leastwise_syntax::Span)>,
}

/// `None` where the file is no pipeline.
fn assumed<'a>(context: &Context<'a>) -> Option<Assumed<'a>> {
    let pipeline = context.analysis.pipeline.as_ref()?;
    let named = |role: &'a AssumedRole| {
        let names = names(context, role).into_iter();
        names.map(move |(name, span)| (role, name, span))
    };
    Some(Assumed {
        host: pipeline.host,
        roles: pipeline.roles.iter().flat_map(named).collect(),
    })
}

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
