//! What the name at an offset stands for.

use leastwise_dialects::State;
use leastwise_model::Known;
use leastwise_model::resolved::Resolved;
use leastwise_model::text::Text;
use leastwise_policy::Pattern;
use leastwise_rules::Context;
use leastwise_syntax::{NodeId, Span};
use leastwise_workspace::analysis::index::{self, Index};

use super::Target;

pub(super) fn targets(context: Context<'_>, state: &dyn State, offset: u32) -> Vec<Target> {
    let tree = context.tree;
    let mut targets = Vec::new();
    if let Some(node) = tree.node_at(offset) {
        if let Some(inner) = variable(context, node, offset) {
            return vec![Target::Variable(inner)];
        }
        targets.extend(export(context, node));
    }
    let names = state.names_at(tree, &context.analysis.path, offset);
    targets.extend(names.into_iter().map(Target::Local));
    for text in texts(context, |span| span.touches(offset)) {
        for value in resolved(context, context.analysis.index(), &text) {
            targets.extend(identity(&value.pattern));
        }
    }
    // Whom policies name without an ARN: `Roles: [name]`, `role = "name"`.
    for (node, kind, names) in named_owners(context) {
        if tree.span(node).touches(offset) {
            let names = names.iter().cloned();
            targets.extend(names.map(|name| Target::Identity(kind, name, None)));
        }
    }
    targets
}

/// The variable at an offset that a framework fills in, the innermost one.
fn variable(context: Context<'_>, node: NodeId, offset: u32) -> Option<String> {
    let notation = context.analysis.dialect.notation();
    let text = context.tree.text(node)?;
    let at = context.tree.decoded_offset(node, offset)?;
    // Behind the `}` is still at the variable.
    let expression = |at| notation.expression_around(text, at);
    let range = expression(at).or_else(|| expression(at.checked_sub(1)?))?;
    Some(text.get(range.start + 2..range.end - 1)?.trim().to_owned())
}

/// The name that is imported or exported at a node.
fn export(context: Context<'_>, node: NodeId) -> Vec<Target> {
    let (tree, state) = (context.tree, context.analysis.state());
    let mut named = state.imports(tree);
    named.extend(state.exports(tree).into_iter().map(|(name, _)| name));
    // The name itself, or a part of a function that makes it.
    let mut above = std::iter::successors(Some(node), |at| tree.parent(*at)).take(4);
    let found = above.find(|at| named.contains(at));
    let names = found.map_or_else(Vec::new, |at| names(context, at));
    names.into_iter().map(Target::Export).collect()
}

/// The literal values of a node.
pub(super) fn names(context: Context<'_>, node: NodeId) -> Vec<String> {
    let text = Text::lower(context.tree, node, context.analysis.dialect.notation());
    let values = resolved(context, None, &text).into_iter();
    values
        .filter_map(|value| value.pattern.as_literal())
        .collect()
}

/// The texts of a file that may name identities by their ARNs, where they stand in bytes that are wanted.
pub(super) fn texts(context: Context<'_>, wanted: impl Fn(Span) -> bool) -> Vec<Text> {
    let analysis = context.analysis;
    let mut texts = Vec::new();
    for site in &analysis.sites {
        if !wanted(site.span(context.tree)) {
            continue;
        }
        let statements = site.policy(context.tree).statements.iter();
        let items = statements.flat_map(crate::hints::items);
        texts.extend(items.map(|item| item.text.clone()));
    }
    let roles = analysis.pipeline.iter().flat_map(|it| &it.roles);
    texts.extend(roles.map(|role| role.arn.text.clone()));
    texts.extend(analysis.deployers.iter().map(|arn| arn.text.clone()));
    for owner in &analysis.owners {
        texts.extend(owner.attached.iter().map(|attached| attached.arn.clone()));
        if let Known::Is(node) = owner.boundary {
            texts.push(Text::lower(context.tree, node, analysis.dialect.notation()));
        }
    }
    texts.retain(|text| wanted(text.span));
    texts
}

/// The values of a text over all environments, defaults taken for values.
pub(super) fn resolved(context: Context<'_>, index: Option<&Index>, text: &Text) -> Vec<Resolved> {
    let none = Index::default();
    let index = index.unwrap_or(&none);
    index.values(context.tree, context.analysis, text, true)
}

/// The identities that are declared elsewhere and named here, each with the node that does so.
pub(super) fn named_owners(
    context: Context<'_>,
) -> impl Iterator<Item = (NodeId, leastwise_model::OwnerKind, &[String])> {
    let roots = context.tree.documents();
    let owners = context.analysis.owners.iter();
    owners.filter_map(move |owner| match owner.boundary {
        Known::Dynamic(node) if owner.declared.is_none() && !roots.contains(&node) => {
            Some((node, owner.kind, owner.names.as_slice()))
        }
        _ => None,
    })
}

/// The identity that an ARN names.
pub(super) fn identity(pattern: &Pattern) -> Option<Target> {
    let (kind, name) = index::identity(pattern)?;
    Some(Target::Identity(kind, name, Some(pattern.clone())))
}
