//! What a file declares, and the roles that its jobs assume: shown over their names.

use leastwise_catalog::describe::code;
use leastwise_dialects::scope::InScope;
use leastwise_model::Known;
use leastwise_model::text::{Part, Text};
use leastwise_rules::Context;
use leastwise_syntax::Span;

use super::{names, principal};
use crate::definition::definitions;
use crate::{Hover, values};

/// What is shown over the name of a resource, a parameter or a value, where the file declares it.
pub(super) fn at(context: Context<'_>, offset: u32) -> Option<Hover> {
    let (tree, analysis) = (context.tree, context.analysis);
    let state = analysis.state();
    let names = state.names_at(tree, &analysis.path, offset);
    names.iter().find_map(|name| {
        let named = state.named(tree, name)?;
        let declared = named.declared.as_ref().filter(|at| at.other.is_none())?;
        let span = tree.content_span(declared.node);
        // What a framework makes of a part of the file isn't called as that is.
        let written = tree.text(declared.node).unwrap_or_default();
        let is_called_so = {
            let name = named.name.to_ascii_lowercase();
            name.contains(&written.to_ascii_lowercase())
        };
        let markdown =
            (is_called_so && span.touches(offset)).then(|| declared_as(context, &named))??;
        Some(Hover { span, markdown })
    })
}

/// What a name stands for: its type and its ARN, or its value.
fn declared_as(context: Context<'_>, named: &InScope<'_>) -> Option<String> {
    let what = names::declared(context, &named.name)?;
    let arn = match named.attributes.first() {
        _ if named.is_arn => named.name.to_string(),
        Some(attribute) => format!("{}.{attribute}", named.name),
        None => named.name.to_string(),
    };
    let node = context.tree.documents().first().copied()?;
    let span = Span::default();
    let parts = vec![context.analysis.state().part(&arn, span)];
    let found = values::of_text(context, &Text { node, span, parts });
    // What isn't known stands for itself.
    let unknown = found
        .iter()
        .all(|value| value.text == format!("${{{arn}}}"));
    let what = format!("{}: {what}.", code(&named.name));
    Some(match unknown {
        true => what,
        false => format!("{what}\n\n{}", values::table(&found, "value")),
    })
}

/// The variables in a text, as they are written between the braces.
fn read_from(context: Context<'_>, text: &Text) -> Vec<String> {
    let mut names = Vec::new();
    for part in &text.parts {
        let Part::Variable { span, .. } = part else {
            continue;
        };
        let written = context.tree.part(*span);
        let written = written.trim_start_matches(['$', '{']);
        let name = code(written.trim_end_matches('}').trim());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What is shown over a role that a job of a pipeline assumes.
pub(super) fn assumed(context: Context<'_>, offset: u32) -> Option<Hover> {
    let pipeline = context.analysis.pipeline.as_ref()?;
    let mut roles = pipeline.roles.iter();
    let role = roles.find(|role| role.arn.text.span.touches(offset))?;
    let found = values::of_item(context, &role.arn);
    let mut paragraphs = vec![format!(
        "The role that the job {} assumes.",
        code(&role.job)
    )];
    let read_from = read_from(context, &role.arn.text);
    if !read_from.is_empty() {
        paragraphs.push(format!(
            "Its name is read from {}.",
            read_from.join(" and ")
        ));
    }
    if let [value] = found.as_slice() {
        if role.arn.text.literal(context.tree).is_none() {
            paragraphs.push(code(&value.text));
        }
        let account = principal::account_of(context, &value.text);
        paragraphs.extend(account.map(|account| format!("It is in {account}.")));
    } else if !found.is_empty() {
        paragraphs.push(values::table(&found, "role"));
    }
    if let Known::Is(subjects) = &role.subjects {
        let subjects: Vec<String> = subjects
            .iter()
            .map(|subject| code(&subject.display()))
            .collect();
        if !subjects.is_empty() {
            let subjects = subjects.join(", ");
            paragraphs.push(format!("The subject of the job's token: {subjects}."));
        }
    }
    let places = definitions(context, offset);
    let file = places.iter().find_map(|place| place.file.as_ref());
    let name = file.and_then(|(path, _)| path.file_name()?.to_str());
    paragraphs.extend(name.map(|name| format!("Declared in {}.", code(name))));
    Some(Hover {
        span: role.arn.text.span,
        markdown: paragraphs.join("\n\n"),
    })
}
