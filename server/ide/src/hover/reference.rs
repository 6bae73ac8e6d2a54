//! References that stand in expressions: where they come from and what they are.

use leastwise_catalog::describe::code;
use leastwise_dialects::State;
use leastwise_dialects::scope::{InScope, NameKind};
use leastwise_model::text::Text;
use leastwise_rules::Context;
use leastwise_syntax::{Format, Span};

use super::{declaration, names};
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
    let is_unknown = known
        .iter()
        .all(|value| value.text == format!("${{{name}}}"));
    let markdown = match (is_unknown, source) {
        (true, None) => return None,
        (true, Some(source)) if names::is_document(context, &*state, &name) => {
            format!(
                "{}: {source}. It is the policy that is written there, as JSON.",
                code(&name)
            )
        }
        (true, Some(_)) => unknown(context, &*state, &name)?,
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

/// What is shown over a name that a function works on, or that something is taken from: what declares it.
pub(super) fn within(context: Context<'_>, offset: u32) -> Option<Hover> {
    let tree = context.tree;
    if tree.format() != Format::Hcl {
        return None;
    }
    let state = FileNames::of(context);
    let names = state.names_at(tree, &context.analysis.path, offset);
    names.iter().find_map(|name| {
        let named = state.named(tree, name)?;
        let span = occurrence(tree.source(), name, offset)?;
        let markdown = match is_looked_up(&named) {
            true => unknown(context, &*state, name)?,
            false => declaration::declared_as(context, &state, &named)?,
        };
        Some(Hover { span, markdown })
    })
}

/// What is said of a name without a value.
fn unknown(context: Context<'_>, state: &dyn State, name: &str) -> Option<String> {
    let source = names::declared(context, state, name)?;
    let place = place_of(context, state, name);
    let name = code(name);
    Some(format!(
        "{name}: {source}. Its value isn't known before deployment.{place}"
    ))
}

/// Whether the value is looked up when all else is deployed.
fn is_looked_up(named: &InScope<'_>) -> bool {
    named.kind == NameKind::DataSource
}

/// Where a name stands in a text that an offset is in.
fn occurrence(source: &str, name: &str, offset: u32) -> Option<Span> {
    let at = offset as usize;
    let from = source.floor_char_boundary(at.saturating_sub(name.len()));
    let to = source.ceil_char_boundary((at + name.len()).min(source.len()));
    let around = source.get(from..to)?;
    let starts = around.match_indices(name).map(|(start, _)| from + start);
    let mut spans = starts.map(|start| Span::new(start as u32, (start + name.len()) as u32));
    spans.find(|span| span.touches(offset))
}

/// Where what is looked up is declared, as a sentence; empty for what isn't looked up.
fn place_of(context: Context<'_>, state: &dyn State, name: &str) -> String {
    let referred = state.referred_name(context.tree, name);
    let named = referred.map(|(named, _)| named).filter(is_looked_up);
    let Some(declared) = named.and_then(|named| named.declared) else {
        return String::new();
    };
    let tree = declared.tree(context.tree);
    let file = declared.other.map(|(path, _)| path);
    let file = file.map_or(String::new(), |path| format!(" of {}", code(path)));
    let start = tree.span(declared.node).start as usize;
    let before = tree.source().get(..start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    format!(" It is declared in line {line}{file}.")
}
