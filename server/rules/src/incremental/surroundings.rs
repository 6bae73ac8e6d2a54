//! What everything that is found in a file hangs on.

use std::hash::{Hash, Hasher};

use leastwise_syntax::trace::is_forgotten;
use leastwise_syntax::{Fingerprint, ProblemKind, Span, Tree};
use leastwise_workspace::analysis::Regions;

use crate::Context;

/// A fingerprint of it.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Surroundings(u64);

impl Surroundings {
    pub fn of(context: &Context<'_>) -> Surroundings {
        let Context { tree, analysis, .. } = context;
        let regions = analysis.regions(tree);
        let mut hasher = Fingerprint::default();
        regions.spans().len().hash(&mut hasher);
        // The other files, and who is declared in them.
        if !is_forgotten("files") {
            analysis.stamp.hash(&mut hasher);
        }
        // What the policies were found by: so owners, sites and environments are as they were, too.
        if !is_forgotten("shape") {
            analysis.shape(tree).hash(&mut hasher);
        }
        if !is_forgotten("text outside") {
            text(tree, regions, &mut hasher);
        }
        if !is_forgotten("reading") {
            reading(tree, regions, &mut hasher);
        }
        Surroundings(hasher.finish())
    }
}

fn text(tree: &Tree, regions: &Regions, hasher: &mut Fingerprint) {
    let source = tree.source().as_bytes();
    let mut at = 0;
    for span in regions.spans().iter() {
        source.get(at..span.start as usize).hash(hasher);
        at = span.end as usize;
    }
    source.get(at..).hash(hasher);
}

/// What the nodes of one region may hang on in another: anchors, and the marks of other tools.
fn reading(tree: &Tree, regions: &Regions, hasher: &mut Fingerprint) {
    for (node, name) in tree.anchors() {
        (regions.number(tree.span(node).start), name).hash(hasher);
    }
    for part in tree.regions() {
        let Span { start, end } = part.span;
        let ends = [start, end].map(|at| regions.number(at));
        (&part.condition, part.holds, ends).hash(hasher);
    }
    // Whether aliases are followed, and marks are read as such, is told for all of the file.
    let of_all = |kind| matches!(kind, ProblemKind::Templated | ProblemKind::Expansion);
    let kinds = tree.problems().iter().map(|problem| problem.kind);
    let mut kinds: Vec<ProblemKind> = kinds.filter(|kind| of_all(*kind)).collect();
    kinds.dedup();
    kinds.hash(hasher);
}
