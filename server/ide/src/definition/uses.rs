//! Where what a name stands for is used, over the files of the workspace.

use leastwise_dialects::State;
use leastwise_model::OwnerKind;
use leastwise_policy::Pattern;
use leastwise_rules::Context;
use leastwise_syntax::{NodeId, Span, Tree, View};
use leastwise_workspace::analysis::index::{self, Index};

use super::location::{Location, beside, within};
use super::targets;

/// Adds every use of a name of the file, in it and in those that it is read with.
pub(super) fn local(
    context: Context<'_>,
    state: &dyn State,
    name: &str,
    found: &mut Vec<Location>,
) {
    for span in state.uses(context.tree, name) {
        found.push(Location { file: None, span });
    }
    for (path, tree) in state.read_with() {
        let file = beside(context, path, tree);
        for span in state.uses(tree, name) {
            let file = Some(file.clone());
            found.push(Location { file, span });
        }
    }
}

/// Adds every place in this file and those around it that names an identity.
pub(super) fn identity(
    context: Context<'_>,
    kind: OwnerKind,
    name: &str,
    found: &mut Vec<Location>,
) {
    let index = context.analysis.index();
    for span in named_in(context, index, kind, name) {
        found.push(Location { file: None, span });
    }
    let files = index.map_or_else(Vec::new, |it| it.files());
    for file in files.into_iter().filter(|file| !file.is(context.analysis)) {
        let there = Context::new(&file.tree, &file.analysis);
        for span in named_in(there, index, kind, name) {
            found.push(within(context, file, span));
        }
    }
}

fn named_in(context: Context<'_>, index: Option<&Index>, kind: OwnerKind, name: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let names_it = |pattern: &Pattern| {
        index::identity(pattern).is_some_and(|(own, called)| own == kind && called == name)
    };
    for text in targets::texts(context, |_| true) {
        for value in targets::resolved(context, index, &text) {
            if !names_it(&value.pattern) {
                continue;
            }
            let end = value.pattern.len();
            let start = end.saturating_sub(name.len());
            let span = value.span_of(context.tree, start..end).unwrap_or(text.span);
            if !spans.contains(&span) {
                spans.push(span);
            }
        }
    }
    for (node, own, names) in targets::named_owners(context) {
        if own == kind && names.iter().any(|other| other == name) {
            spans.push(context.content(node));
        }
    }
    spans
}

/// Adds every import of what is exported under a name.
pub(super) fn export(context: Context<'_>, name: &str, found: &mut Vec<Location>) {
    for span in imports(context, name) {
        found.push(Location { file: None, span });
    }
    let index = context.analysis.index();
    let files = index.map_or_else(Vec::new, |it| it.files());
    for file in files.into_iter().filter(|file| !file.is(context.analysis)) {
        for span in imports(Context::new(&file.tree, &file.analysis), name) {
            found.push(within(context, file, span));
        }
    }
}

fn imports(context: Context<'_>, name: &str) -> Vec<Span> {
    let tree = context.tree;
    let mut nodes = context.analysis.state().imports(tree);
    nodes.retain(|node| targets::names(context, *node).iter().any(|own| own == name));
    nodes.iter().map(|node| tree.content_span(*node)).collect()
}

/// Adds every use of what a variable leads to that a framework fills in, in its own file.
pub(super) fn variable(context: Context<'_>, inner: &str, found: &mut Vec<Location>) {
    let tree = context.tree;
    let notation = context.analysis.dialect.notation();
    for root in tree.documents() {
        scalars(tree, *root, |node| {
            let Some(text) = tree.text(node) else {
                return;
            };
            for (at, _) in text.match_indices("${") {
                let Some(range) = notation.expression_around(text, at) else {
                    continue;
                };
                let own = text.get(range.start + 2..range.end - 1);
                if own.is_some_and(|own| own.trim() == inner) {
                    let span = tree.source_span(node, range);
                    found.push(Location { file: None, span });
                }
            }
        });
    }
}

/// Shows every scalar below a node. Without recursion: trees may be deep.
fn scalars(tree: &Tree, root: NodeId, mut show: impl FnMut(NodeId)) {
    let mut stack = vec![root];
    while let Some(node) = stack.pop() {
        match tree.view(node) {
            View::Mapping(pairs) => stack.extend(pairs.iter().map(|pair| pair.value)),
            View::Sequence(items) => stack.extend(items),
            View::Tagged(_, inner) => stack.push(inner),
            View::Scalar(_) => show(node),
            View::Alias(_) | View::Invalid => {}
        }
    }
}
