//! What a file declares, and the roles that its jobs assume: shown over their names.

use leastwise_catalog::describe::code;
use leastwise_dialects::scope::InScope;
use leastwise_model::Known;
use leastwise_model::text::{Part, Text};
use leastwise_rules::Context;
use leastwise_syntax::Span;

use super::{names, principal};
use crate::definition::definitions;
use crate::file_names::FileNames;
use crate::limits::DECLARATIONS_OF_A_TYPE;
use crate::{Hover, values};

/// What is shown over the name of a resource, a parameter or a value, where the file declares it, and over the type that is
/// written in front of the name.
pub(super) fn at(context: Context<'_>, offset: u32) -> Option<Hover> {
    let state = FileNames::of(context);
    named_at(context, &state, offset).or_else(|| of_type(context, &state, offset))
}

/// What is shown over a name.
fn named_at(context: Context<'_>, state: &FileNames<'_>, offset: u32) -> Option<Hover> {
    let (tree, analysis) = (context.tree, context.analysis);
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
        let markdown = (is_called_so && span.touches(offset))
            .then(|| declared_as(context, state, &named))??;
        Some(Hover { span, markdown })
    })
}

/// What is shown over a type under which the names of what is declared stand: what those are.
fn of_type(context: Context<'_>, state: &FileNames<'_>, offset: u32) -> Option<Hover> {
    let tree = context.tree;
    let node = tree.node_at(offset)?;
    let written = tree.text(node)?;
    let around = tree.pairs(tree.parent(node)?);
    let pair = around.iter().find(|pair| pair.key == node)?;
    let of_it = tree
        .pairs(pair.value)
        .into_iter()
        .take(DECLARATIONS_OF_A_TYPE);
    let told: Vec<String> = of_it
        .filter_map(|inner| {
            let at = tree.content_span(inner.key).start;
            let names = state.names_at(tree, &context.analysis.path, at);
            let named = names.iter().find_map(|name| state.named(tree, name))?;
            let is_of_it = named.type_name == written;
            is_of_it.then(|| declared_as(context, state, &named))?
        })
        .collect();
    (!told.is_empty()).then(|| Hover {
        span: tree.content_span(node),
        markdown: told.join("\n\n"),
    })
}

/// What a name stands for: its type and its ARN, or its value.
pub(super) fn declared_as(
    context: Context<'_>,
    state: &FileNames<'_>,
    named: &InScope<'_>,
) -> Option<String> {
    let what = names::declared(context, &**state, &named.name)?;
    let arn = match named.attributes.first() {
        _ if named.is_arn => named.name.to_string(),
        Some(attribute) => format!("{}.{attribute}", named.name),
        None => named.name.to_string(),
    };
    let node = context.tree.documents().first().copied()?;
    let span = Span::default();
    let parts = vec![state.part(&arn, span)];
    let found = values::of_text_by(context, state, &Text { node, span, parts });
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
